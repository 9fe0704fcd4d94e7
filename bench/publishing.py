"""What publishing costs: a day that is large already, and two entries more."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.corpus import Corpus
from bench.micro import NOW, Micro, Sizes
from feedhub.model import Entry, Feed, Origin, Reading, Response, Site, Source
from feedhub.publish import publish
from feedhub.publish.documents import Known
from feedhub.read import read
from feedhub.store import Store

_NEW = 2  # entries that come between two publishings
_TOKEN = "bench"


def measured(folder: Path, rounds: int, sizes: Sizes) -> Iterator[Micro]:
    """Take all measures; `folder` is for stores and documents."""
    with TemporaryDirectory(dir=folder) as own:
        yield day(Path(own), rounds, sizes.day)


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
        sources = {
            name: Source(name=name, url=_url(name)) for name in {each.source for each in self._waiting}
        }
        self._site = Site(
            title="Bench", url="https://news.example", feeds=(Feed(name="day", title="Day"),), sources=sources
        )
        self.store.polling.set_sources(sources.values(), NOW)

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


def _url(name: str) -> str:
    return f"https://{name}.example/feed"
