"""The micro measures: reading, cleaning, an edition, the tick, the newest entries, the start of a command."""

import io
import os
import pickle
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
from feedparser.sanitizer import _sanitize_html as feedparser_sanitize
from feedparser.urls import resolve_relative_uris as feedparser_resolve
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from bench.corpus import Corpus
from feedhub.model import Edition, Feed, Reading, Response, Site, Source
from feedhub.publish.documents import proofed
from feedhub.publish.folder import write
from feedhub.read import read
from feedhub.read.clean import clean
from feedhub.render import FORMATS
from feedhub.store import Store
from feedhub.store.codec import encode
from feedhub.store.publishing import NEWEST

NOW = datetime(2024, 11, 24, 12, tzinfo=UTC)
_ROOT = Path(__file__).parent.parent
_CORPUS = Corpus(newest=NOW - timedelta(hours=3), count=8)
_HUB = (
    '[site]\ntitle = "Bench"\n[[sources]]\nurl = "https://outlet.example/feed"\n[feeds.day]\ntitle = "Day"\n'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Micro:
    """What one measure gave: medians."""

    name: str
    ours: float
    unit: str  # "ms" or "µs"
    theirs: float | None = None  # what ours is divided by, in the same unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How large the stores are that are asked."""

    sources: int = 100_000
    entries: int = 1_000_000
    day: int = 500  # entries that are published already


def measured(folder: Path, rounds: int, sizes: Sizes) -> Iterator[Micro]:
    """Take all measures; `folder` is for stores and documents."""
    yield reading(rounds)
    yield cleaning(rounds)
    yield edition(folder, rounds)
    yield tick(folder, sizes.sources)
    yield from newest(folder, sizes.entries)
    yield start(folder, 2 * rounds)


def _times(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Give the median processor time of each work in ms, all run in turn; the first turn warms up."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds + 1):
        for work, times in zip(works, taken, strict=True):
            began = time.process_time()
            work()
            times.append(1000 * (time.process_time() - began))
    return [statistics.median(times[1:]) for times in taken]


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────


def reading(rounds: int) -> Micro:
    """Read documents that have two new entries since, and have feedparser read them at its defaults."""
    documents = [_CORPUS.document(number, newer=2) for number in range(_CORPUS.count)]
    seen = [_read(number, _CORPUS.document(number)).seen for number in range(_CORPUS.count)]

    def mine() -> None:
        for number, body in enumerate(documents):
            _read(number, body, seen[number])

    turns = [(_times(1, mine)[0], _at_its_defaults(documents)) for _ in range(rounds)]
    ours, theirs = (statistics.median(times) / len(documents) for times in zip(*turns, strict=True))
    return Micro(name="reading", ours=ours, theirs=theirs, unit="ms")


def _at_its_defaults(documents: Sequence[bytes]) -> float:
    """Give feedparser's processor time in ms, in a process of its own: in this one we have set it up."""
    words = [sys.executable, "-c", _FEEDPARSER]
    done = subprocess.run(words, input=pickle.dumps(documents), capture_output=True, check=True, timeout=60)
    return float(done.stdout)


_FEEDPARSER = """
import feedparser, io, pickle, sys, time
documents = pickle.load(sys.stdin.buffer)
feedparser.parse(io.BytesIO(documents[0]))
began = time.process_time()
for body in documents:
    feedparser.parse(io.BytesIO(body))
print(1000 * (time.process_time() - began))
"""


def _read(number: int, body: bytes, seen: str = "") -> Reading:
    name = _CORPUS.name(number)
    source = Source(name=name, url=f"https://{name}.example/feed")
    answer = Response(url=source.url, headers={"content-type": "application/xml"}, body=body, seen=seen)
    return read(source, answer, now=NOW)


def cleaning(rounds: int) -> Micro:
    """Make the bodies of documents safe and their links absolute, as we do and as feedparser does."""
    base = "https://outlet.example/2024/11/24/bridge/"
    bodies = [
        content["value"]
        for number in range(4)
        for entry in feedparser.parse(
            io.BytesIO(_CORPUS.document(number)), sanitize_html=False, resolve_relative_uris=False
        ).entries
        for content in entry.content
    ]

    def theirs(body: str) -> str:
        resolved = feedparser_resolve(body, base, "utf-8", "text/html")
        sanitized: str = feedparser_sanitize(resolved, "utf-8", "text/html")
        return sanitized

    mine, others = _times(
        rounds,
        lambda: [clean(body, base=base, article=base) for body in bodies],
        lambda: [theirs(body) for body in bodies],
    )
    each = 1000 / len(bodies)
    return Micro(name="cleaning", ours=mine * each, theirs=others * each, unit="µs")


# ── Publishing ───────────────────────────────────────────────────────────────────────────────────


def edition(folder: Path, rounds: int) -> Micro:
    """Render, proof, compress and write an edition of 50 entries in all formats, the page among them."""
    source = Source(name="outlet", url="https://outlet.example/feed", title="Outlet")
    entries = [entry for number in range(2) for entry in _read(number, _CORPUS.document(number)).entries][
        -50:
    ]
    feed = Feed(name="day", title="Day")
    site = Site(title="Bench", url="https://news.example", feeds=(feed,), sources={"outlet": source})
    newest_first = sorted(entries, key=lambda entry: entry.published, reverse=True)
    made = Edition(
        feed=feed,
        id="urn:uuid:0b8f6a0c-8f5e-4a2e-9d0a-2f1f7f3c9a11",
        day=None,
        entries=tuple(newest_first),
        updated=NOW,
    )
    paths = (*(f"/day.{format_}" for format_ in FORMATS), "/day/")

    def work() -> None:
        # Another time each turn: no document may be there already.
        work.turn += 1  # type: ignore[attr-defined]
        changed = replace(made, updated=NOW + timedelta(seconds=work.turn))  # type: ignore[attr-defined]
        done = proofed(changed, site, paths, FORMATS)
        if done.problems:
            raise RuntimeError(f"not published: {done.problems}")
        for path, body in done.documents.items():
            write(folder / "feeds", path, body, changed.updated, now=changed.updated)

    work.turn = 0  # type: ignore[attr-defined]
    return Micro(name="edition", ours=_times(max(rounds, 5), work)[0], unit="ms")


# ── The store ────────────────────────────────────────────────────────────────────────────────────


def tick(folder: Path, count: int) -> Micro:
    """Ask a store of many sources for what is due, when nothing is."""
    with _store(folder, count, due=NOW + timedelta(hours=1)) as (store, _):
        lasts = timedelta(minutes=1)

        def work() -> None:
            if store.polling.lease(NOW, most=64, most_failing=16, lasts=lasts, token="bench"):
                raise RuntimeError("something was due")

        return Micro(name="tick", ours=median_cpu(work), unit="ms")


def newest(folder: Path, count: int) -> Iterator[Micro]:
    """Ask a store of many entries for the newest fifty: the query alone, and until they are entries."""
    with _store(folder, 1000, due=NOW) as (store, file), closing(sqlite3.connect(file)) as plain:
        names = [_CORPUS.name(number) for number in range(1000)]
        fill(file, count, 1000)
        compiled = NEWEST.compile(dialect=sqlite_dialect(paramstyle="named"))
        given = {**compiled.params, "most": 200}

        def asked() -> None:
            if len(plain.execute(str(compiled), given).fetchmany(50)) != min(50, count):
                raise RuntimeError("rows are missing")

        def made() -> None:
            if len(store.publishing.newest(names, 50)) != min(50, count):
                raise RuntimeError("entries are missing")

        yield Micro(name="newest", ours=median_cpu(asked), unit="ms")
        yield Micro(name="newest, with the entries made", ours=median_cpu(made), unit="ms")


def median_cpu(work: Callable[[], object], turns: int = 50, most: float = 10.0) -> float:
    """Give the median processor time of a work in ms, over some turns or as many as end in some seconds."""
    work()
    times: list[float] = []
    while len(times) < turns and sum(times) < 1000 * most:
        began = time.process_time()
        work()
        times.append(1000 * (time.process_time() - began))
    return statistics.median(times)


@contextmanager
def _store(folder: Path, count: int, *, due: datetime) -> Iterator[tuple[Store, Path]]:
    file = folder / f"{count}.db"
    store = Store(f"sqlite:///{file}")
    try:
        names = (_CORPUS.name(number) for number in range(count))
        sources = [Source(name=name, url=f"https://{name}.example/feed") for name in names]
        store.polling.set_sources(sources, due)
        yield store, file
    finally:
        store.close()
        for left in folder.glob(f"{file.name}*"):
            left.unlink()


def fill(file: Path, count: int, sources: int) -> None:
    """Write entries of so many sources by SQL alone: as many as a store gathers in years."""
    body = _read(0, _CORPUS.document(0)).entries[0]
    small = encode(replace(body, source="SOURCE", key="KEY", summary="<p>Of the vote.</p>", content=""))
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master"
            " WHERE type = 'index' AND tbl_name = 'entries' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        start = int(NOW.timestamp()) * 10**6
        given = {"count": count, "sources": sources, "entry": small, "start": start}
        connection.execute("BEGIN")
        connection.execute(_FILL, given)
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute("COMMIT")


_FILL = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count),
  named(i, source, key) AS
    (SELECT i, printf('outlet-%05d', i / (:count / :sources)), printf('k%07d', i) FROM n)
INSERT INTO entries
  (source, key, published_id, canonical, title, published, seen, changed, round, digest, entry)
SELECT source, key, 'https://' || source || '.example/?p=' || i, '//' || source || '.example/' || i,
  'Title ' || i,
  :start - (i * 7919 % :count) * 60000000, :start, :start, :start, printf('%064x', i),
  replace(replace(:entry, 'SOURCE', source), 'KEY', key)
FROM named
"""


# ── Starting ─────────────────────────────────────────────────────────────────────────────────────


def start(folder: Path, turns: int) -> Micro:
    """Run `feedhub check` on a small hub, and Python with nothing to do."""
    config = folder / "config.toml"
    config.write_text(_HUB)
    check = [sys.executable, "-m", "feedhub", "-c", str(config), "check"]
    ours, bare = (_walls(words, turns) for words in (check, [sys.executable, "-c", "pass"]))
    return Micro(name="start", ours=ours, theirs=bare, unit="ms")


def _walls(words: Sequence[str], turns: int) -> float:
    times = []
    for _ in range(turns + 1):
        began = time.perf_counter()
        subprocess.run(words, check=True, capture_output=True, cwd=_ROOT, env={**os.environ}, timeout=60)
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times[1:])
