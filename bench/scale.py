"""python -m bench.scale: a store of ten thousand sources and a million entries, and a visit's cost there.

Nothing is fetched: a web of our own answers at once that nothing has changed, so that what is measured is
what the number of sources and entries could make worse. Needs 2 GB of disk for a while, and some minutes.
"""

import argparse
import resource
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from bench.__main__ import PERFORMANCE, machine, write
from bench.corpus import Corpus
from bench.goals import Goal, Row, goals_table
from bench.micro import NOW, fill, median_cpu
from feedhub.fetch import Outcome
from feedhub.model import Limits, Request, Source, Unchanged
from feedhub.poll import Poller, Reader
from feedhub.store import Store

_LIMITS = Limits(at_once=64)
_EVERY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a store is."""

    sources: int
    entries: int


class _Web:
    """Answers at once that nothing has changed."""

    def __init__(self) -> None:
        self._asked: deque[Request] = deque()

    @property
    def free(self) -> int:
        return _LIMITS.at_once - len(self._asked)

    def line(self, url: str) -> int:  # noqa: ARG002
        return 0

    def add(self, request: Request) -> None:
        self._asked.append(request)

    def perform(self, wait: float) -> list[tuple[Request, Outcome]]:  # noqa: ARG002
        ended: list[tuple[Request, Outcome]] = [(request, Unchanged()) for request in self._asked]
        self._asked.clear()
        return ended

    def wake(self) -> None:
        """It never waits."""

    def close(self) -> None:
        """There is nothing to break off."""


class _Hub:
    """A store of some size and a poller on it, with a clock that is set by hand."""

    def __init__(self, file: Path, size: Size, reader: Reader) -> None:
        self.now = NOW
        self.sources = {
            name: Source(name=name, url=f"https://{name}.example/feed", every=_EVERY)
            for name in map(Corpus.name, range(size.sources))
        }
        self.reader = reader
        self.store = Store(f"sqlite:///{file}")
        self.store.polling.set_sources(self.sources.values(), NOW)
        self.poller = Poller(
            self.store, self.sources, _LIMITS, fetcher=_Web(), reader=reader, clock=self._clock
        )

    def _clock(self) -> datetime:
        return self.now

    def round(self) -> int:
        """Poll all that is due, some time after the last round; tells how many visits that were."""
        self.now += timedelta(days=2)
        visits = 0
        while self.poller.take_due() or self.poller.active:
            visits += sum(1 for _ in self.poller.step(0))
        return visits

    def tick(self) -> None:
        """Ask for what is due, when nothing is."""
        if self.poller.take_due():
            raise RuntimeError("something was due")

    def due(self) -> None:
        """Take what is due, when all is, and give it back."""
        later = self.now + timedelta(days=2)
        asked = {"most": 64, "most_failing": 16}
        if len(self.store.polling.lease(later, lasts=_EVERY, token="due", **asked)) < min(
            64, len(self.sources)
        ):
            raise RuntimeError("nothing was due")
        self.store.polling.release("due")

    def newest(self) -> None:
        """Ask for the newest fifty entries of all sources."""
        if len(self.store.publishing.newest([*self.sources], 50)) != 50:
            raise RuntimeError("entries are missing")


class _Nobody:
    """Reads nothing: nothing comes to be read."""

    def submit(self, *_: object) -> None:
        raise RuntimeError("nothing was to be read")

    def mend(self) -> None:
        """There is nothing that could break."""


@contextmanager
def _hub(folder: Path, size: Size) -> Iterator[tuple[_Hub, Path]]:
    file = folder / f"{size.sources}.db"
    nobody: Reader = _Nobody()  # type: ignore[assignment]  # it never gets as far as a Future
    hub = _Hub(file, size, nobody)
    try:
        fill(file, size.entries, size.sources)
        yield hub, file
    finally:
        hub.store.close()
        for left in folder.glob(f"{file.name}*"):
            left.unlink()


def _visit_cost(hub: _Hub, visits: int) -> float:
    """Give the processor time of one visit in ms, over rounds of so many visits or a few more."""
    done, began = 0, time.process_time()
    while done < visits:
        done += hub.round()
    return 1000 * (time.process_time() - began) / done


def measured(folder: Path, large: Size, turns: int, ends: float) -> tuple[list[Row], str]:
    """Measure a store and one of a tenth of its size, in turn; gives the rows, and what was done in words."""
    small = Size(sources=large.sources // 10, entries=large.entries // 10)
    with _hub(folder, small) as (little, _), _hub(folder, large) as (hub, file):
        began = time.process_time()
        again = _Hub(file, large, hub.reader)
        started = time.process_time() - began
        again.store.close()
        little.round()
        hub.round()
        costs: list[tuple[float, float]] = []
        while len(costs) < turns and (not costs or time.monotonic() < ends):
            costs.append((_visit_cost(hub, large.sources), _visit_cost(little, large.sources)))
        tick, due, newest = map(median_cpu, (hub.tick, hub.due, hub.newest))
        size = file.stat().st_size
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    cost, cost_small = map(median, zip(*costs, strict=True))
    rows = [
        _row("a visit, cpu, ÷ at a tenth of the sources", 1.3, 1.1, median(a / b for a, b in costs)),
        _row("tick with nothing due", 5, 1, tick, "ms"),
        _row("leasing 64 of what is due, and giving them back", 20, 5, due, "ms"),
        _row("newest 50 of all", 5, 2, newest, "ms"),
        _row("start: the store, its sources, a poller", 1000, 500, 1000 * started, "ms"),
        _row("memory of the process (RSS), at most", 200, 140, memory / 1e6, "MB"),
    ]
    told = (
        f"{large.sources} sources, {large.entries} entries ({size / 1e6:.0f} MB), {len(costs)} rounds at"
        f" {cost:.3f} ms a visit; as many visits of {small.sources} sources, in turn, at {cost_small:.3f} ms."
    )
    return rows, told


def _row(name: str, most: float, stretch: float, figure: float, unit: str = "") -> Row:
    return Row(goal=Goal(name=name, most=most, stretch=stretch), measured=figure, unit=unit)


def main() -> None:
    """Measure, print, and write if that is asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.scale", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=10, help="rounds of visits, of all sources")
    parser.add_argument("--minutes", type=float, default=10, help="no round of visits begins later")
    parser.add_argument("--write", action="store_true", help=f"the figures into docs/{PERFORMANCE.name}")
    options = parser.parse_args()
    size = Size(sources=options.sources, entries=options.entries)
    with tempfile.TemporaryDirectory(prefix="feedhub-scale-") as folder:
        rows, told = measured(Path(folder), size, options.turns, time.monotonic() + 60 * options.minutes)
    text = "\n\n".join([machine(), goals_table(rows), told])
    print(text)
    if options.write:
        write(text, PERFORMANCE, mark="scale")


if __name__ == "__main__":
    main()
