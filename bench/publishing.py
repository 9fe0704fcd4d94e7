"""What publishing costs: a day that is large already, and two entries more."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.corpus import Corpus
from bench.micro import NOW, Micro, Sizes
from feedhub.model import Edition, Entry, Feed, Origin, Reading, Response, Site, Source
from feedhub.publish import publish
from feedhub.publish.documents import Known, proofed
from feedhub.publish.folder import write
from feedhub.read import read
from feedhub.render import FORMATS
from feedhub.store import Store

_NEW = 2  # entries that come between two publishings
_TOKEN = "bench"
_ID = "urn:uuid:0b8f6a0c-8f5e-4a2e-9d0a-2f1f7f3c9a11"


def measured(folder: Path, rounds: int, sizes: Sizes) -> Iterator[Micro]:
    """Take all measures; `folder` is for stores and documents."""
    with TemporaryDirectory(dir=folder) as own:
        yield edition(Path(own), rounds)
        yield day(Path(own), rounds, sizes.day)


def edition(folder: Path, rounds: int) -> Micro:
    """Render, proof, compress and write an edition of 50 of which two are new; beside it all of it anew."""
    site, known = _site(["outlet"]), Known()
    entries = [replace(one, source="outlet") for one in _entries(50)][::-1]
    first = Edition(feed=site.feeds[0], id=_ID, day=None, entries=(), updated=NOW)
    paths = (*(f"/day.{format_}" for format_ in FORMATS), "/day/")

    def taken(turn: int, known: Known | None) -> float:
        new = [replace(one, title=f"{one.title} {turn}") for one in entries[:_NEW]]
        updated = NOW + timedelta(seconds=2 * turn + bool(known))  # no document may be there already
        made = replace(first, entries=(*new, *entries[_NEW:]), updated=updated)
        began = time.process_time()
        done = proofed(made, site, paths, FORMATS, known)
        for path, body in done.documents.items():
            write(folder / "feeds", path, body, updated, now=updated)
        if done.problems or done.held:
            raise RuntimeError(f"not published: {done.problems or done.held}")
        return 1000 * (time.process_time() - began)

    turns = [(taken(turn, known), taken(turn, None)) for turn in range(max(rounds, 5) + 1)][1:]
    ours, anew = (median(times) for times in zip(*turns, strict=True))
    return Micro(name="an edition of 50, two new", ours=ours, theirs=anew, unit="ms")


def day(folder: Path, rounds: int, size: int) -> Micro:
    """Publish a day of so many entries each time that two more have come, all formats and pages.

    Once with what is known since the publishing before, as a hub that runs does; beside it all anew.
    """
    hubs = [_Hub(folder / name, size, rounds, known) for name, known in (("kept", Known()), ("anew", None))]
    try:
        taken = [[hub.publishes(turn) for hub in hubs] for turn in range(rounds + 1)][1:]
    finally:
        for hub in hubs:
            hub.store.close()
    ours, anew = (median(times) for times in zip(*taken, strict=True))
    return Micro(name=f"two more in a day of {size}", ours=ours, theirs=anew, unit="ms")


class _Hub:
    """A hub with a day of entries."""

    def __init__(self, folder: Path, size: int, rounds: int, known: Known | None) -> None:
        folder.mkdir()
        self.store = Store(f"sqlite:///{folder / 'hub.db'}")
        self._folder = folder / "feeds"
        self._known = known
        self._waiting = list(_entries(size + _NEW * rounds))
        self._size = size
        self._site = _site({each.source for each in self._waiting})
        self.store.polling.set_sources(self._site.sources.values(), NOW)

    def publishes(self, turn: int) -> float:
        """Publish once more has come; gives the processor time in ms. The first turn brings the whole day."""
        at = NOW + timedelta(minutes=turn)
        count = _NEW if turn else self._size
        new, self._waiting = self._waiting[:count], self._waiting[count:]
        for name in {each.source for each in new}:
            self._saves(name, tuple(each for each in new if each.source == name), at)
        began = time.process_time()
        done = publish(self.store, self._site, self._folder, now=at + timedelta(seconds=1), known=self._known)
        taken = 1000 * (time.process_time() - began)
        if done.problems or done.held or not done.written:
            raise RuntimeError(f"not published: {done.problems or done.held}")
        return taken

    def _saves(self, name: str, entries: tuple[Entry, ...], at: datetime) -> None:
        polling, lasts = self.store.polling, timedelta(minutes=1)
        (visit,) = polling.lease_named([name], at, began=at, lasts=lasts, token=_TOKEN)
        reading = Reading(origin=Origin(), entries=entries, minted_from=_url(name))
        after = replace(visit, polled=at, succeeded=at, due=at)
        polling.save(visit, reading, lambda _: after, token=_TOKEN, now=at)


def _entries(count: int) -> Iterator[Entry]:
    """Give entries of many outlets, all of one day, the oldest first."""
    corpus, made = Corpus(newest=NOW, count=count), 0
    for number in range(count):
        name = corpus.name(number)
        answer = Response(
            url=_url(name), headers={"content-type": "application/xml"}, body=corpus.document(number)
        )
        for entry in read(Source(name=name, url=_url(name)), answer, now=NOW).entries:
            if made == count:
                return
            made += 1
            published = NOW - timedelta(hours=11) + timedelta(hours=10) * made / count
            yield replace(entry, published=published, updated=None)


def _site(names: Iterable[str]) -> Site:
    sources = {name: Source(name=name, url=_url(name)) for name in names}
    feed = Feed(name="day", title="Day")
    return Site(title="Bench", url="https://news.example", feeds=(feed,), sources=sources)


def _url(name: str) -> str:
    return f"https://{name}.example/feed"
