"""Documents that would take a minute or a gigabyte end at their budget, and leave nothing behind."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.soak.origin import ENDLESS, HUGE
from feedhub.errors import ReadError
from feedhub.model import Limits, Response, Source
from feedhub.workers import Workers
from hubs import Item, rss
from processes import descendants, descriptors, proportional_memory, readers, tree_memory

NOW = datetime(2024, 11, 24, 12, tzinfo=UTC)
SOURCE = Source(name="paper", url="https://paper.example/feed")
GOOD = rss(Item(id="1", title="Gates open", link="https://paper.example/1", at=NOW))


def trial(_: Path, *, documents: int = 500, growth: float = 1.1) -> dict[str, object]:
    """Have documents read that are beyond their budget, each beside one that is not."""
    limits = Limits(workers=2, cpu=timedelta(seconds=0.4), memory=60_000_000)
    workers = Workers(limits)
    memory: dict[int, tuple[int, int]] = {}
    causes: dict[str, int] = {}
    began = time.monotonic()
    try:
        for number in range(documents + 1):
            good = workers.submit(SOURCE, Response(url=SOURCE.url, body=GOOD), NOW)
            if number:
                body = ENDLESS if number % 2 else HUGE
                error = workers.submit(SOURCE, Response(url=SOURCE.url, body=body), NOW).exception(120)
                assert isinstance(error, ReadError), error
                causes[str(error)] = causes.get(str(error), 0) + 1
            assert len(good.result(60).entries) == 1
            if number in (0, documents // 5, documents):
                memory[number] = _settled(workers)
                open_ = descriptors(os.getpid())
        assert len(readers()) == limits.workers
    finally:
        workers.close()
    assert not readers(), "processes are left behind"
    assert sum(causes.values()) == documents
    assert all("more than 0.4 s" in cause or "more than 60 MB" in cause for cause in causes), causes
    first, last = memory[documents // 5], memory[documents]
    assert last[1] < first[1] * growth, f"memory of all processes: {memory}"
    assert last[0] < first[0] * growth, f"memory of the hub's own process: {memory}"
    return {
        "causes": causes,
        "memory (PSS, MB) by documents: own process, all": {
            number: tuple(round(part / 1e6, 1) for part in parts) for number, parts in memory.items()
        },
        "open at the end": open_,
        "processes left": len(readers()),
        "seconds": round(time.monotonic() - began),
    }


def _settled(workers: Workers) -> tuple[int, int]:
    """Give the memory when every process is fresh and has read one document: the own, and that of all."""
    for future in [workers.submit(SOURCE, Response(url=SOURCE.url, body=GOOD), NOW) for _ in range(8)]:
        future.result(60)
    time.sleep(0.5)
    assert len(descendants(os.getpid())) <= 5, "two that read, who forks them, and who tracks what they share"
    return proportional_memory(os.getpid()), tree_memory(os.getpid())
