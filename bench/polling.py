"""Polling side by side: FeedHub and its peers, interleaved, in three phases."""

import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.corpus import Corpus
from bench.origin import Origin, put, serving
from bench.pollers import Figures, Poller

FIRST, NOTHING, TENTH = "first poll", "nothing changed", "10 % changed"
PHASES = (FIRST, NOTHING, TENTH)
NEWER = 2  # entries of a document that changed


@dataclass(slots=True, kw_only=True)
class Polling:
    """What was measured."""

    documents: int
    size: int  # bytes of a document, on average
    server: str
    rounds: int = 0
    runs: dict[tuple[str, str], list[Figures]] = field(default_factory=lambda: defaultdict(list))
    missing: dict[str, str] = field(default_factory=dict)  # peers that failed, and why


def measured(
    folder: Path, pollers: Sequence[type[Poller]], *, documents: int, rounds: int, ends: float
) -> Polling:
    """Run rounds until there are enough, or the next would last beyond `ends` (of the monotonic clock)."""
    corpus = Corpus(newest=_anchor(), count=documents)
    root = folder / "documents"
    root.mkdir()
    size = _put_all(corpus, root)
    with serving(root, folder / "origin") as origin:
        done = Polling(documents=documents, size=size, server=origin.server)
        for number in range(rounds):
            began = time.monotonic()
            _round(done, folder / f"round-{number}", [*pollers], corpus, origin, root)
            done.rounds += 1
            lasted = time.monotonic() - began
            print(f"  round {number + 1} of {rounds}: {lasted:.0f} s", file=sys.stderr, flush=True)
            if number + 1 < rounds and time.monotonic() + lasted > ends:
                print("  no time for another", file=sys.stderr, flush=True)
                break
    return done


def _anchor() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)


def _put_all(corpus: Corpus, root: Path) -> int:
    total = 0
    for number in range(corpus.count):
        body = corpus.document(number)
        total += len(body)
        put(root, corpus.name(number), body, modified=corpus.newest.timestamp())
    return total // corpus.count


def _change(corpus: Corpus, root: Path, newer: int) -> None:
    """Give each tenth document its new entries, or take them back."""
    modified = (corpus.newest + timedelta(minutes=newer)).timestamp()
    for number in range(0, corpus.count, 10):
        # Each tenth of each ten: RSS and Atom alike.
        chosen = min(number + number // 10 % 10, corpus.count - 1)
        put(root, corpus.name(chosen), corpus.document(chosen, newer=newer), modified=modified)


def _round(
    done: Polling,
    folder: Path,
    pollers: list[type[Poller]],
    corpus: Corpus,
    origin: Origin,
    root: Path,
) -> None:
    names = [corpus.name(number) for number in range(corpus.count)]
    order = pollers[done.rounds % len(pollers) :] + pollers[: done.rounds % len(pollers)]
    ready = [
        kind(folder / kind.name.replace(" ", "-"), origin, names)
        for kind in order
        if kind.name not in done.missing
    ]
    try:
        for phase in PHASES:
            if phase == TENTH:
                _change(corpus, root, NEWER)
            for poller in ready:
                _poll(done, poller, phase)
    finally:
        _change(corpus, root, 0)
        shutil.rmtree(folder)


def _poll(done: Polling, poller: Poller, phase: str) -> None:
    if poller.name in done.missing:
        return
    try:
        done.runs[phase, poller.name].append(poller.poll())
    except RuntimeError as error:
        if poller.name.lower().startswith("feedhub"):
            raise
        done.missing[poller.name] = str(error)
        print(f"  {poller.name} is left out: {error}", file=sys.stderr, flush=True)
