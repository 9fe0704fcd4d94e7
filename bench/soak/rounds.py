"""Round after round of changing sources: memory stays flat, no file, socket or process is left behind."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.soak.origin import FAST, ROOT, RSS
from hubs import Hub, Item, rss
from loopback import Asked, Given, Loopback

SOURCES = 20
ITEMS = 10


def trial(
    folder: Path, *, times: int = 2000, publish_each: int = 20, samples: int = 20, growth: float = 1.1
) -> dict[str, object]:
    """Have a process of its own poll and publish so often; it tells what it holds every now and then."""
    with Loopback() as web:
        rounds: dict[str, int] = {}

        def answer(asked: Asked) -> Given:
            rounds[asked.path] = turn = rounds.get(asked.path, 0) + 1
            return Given(body=document(asked.path.strip("/"), turn), headers=RSS)

        names = [f"s{number}" for number in range(SOURCES)]
        for name in names:
            web.answers(f"/{name}", answer)
        hub = Hub(folder, web)
        hub.configure(
            *({"name": name, "url": web.url(f"/{name}"), "every": "1s"} for name in names), fetch=FAST
        )
        began = time.monotonic()
        told = subprocess.run(
            [
                sys.executable,
                "-m",
                "bench.soak.rounds",
                str(hub.path),
                str(times),
                str(publish_each),
                str(samples),
            ],
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": ""},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            timeout=3600,
        )
        assert told.returncode == 0, told.stdout[-2000:]
        measured = [json.loads(line) for line in told.stdout.splitlines()]
        assert sum(rounds.values()) == times * SOURCES
        first, last = measured[len(measured) // 10], measured[-1]
        for part in ("own", "all"):
            assert last[part] <= first[part] * growth, f"memory grew: {[one[part] for one in measured]}"
        assert last["open"] == first["open"], f"{first['open']} became {last['open']}"
        assert last["processes"] == first["processes"]
        return {
            "polls": times * SOURCES,
            "changed entries": measured[-1]["changed"],
            "memory (PSS, MB) own": [round(one["own"] / 1e6, 1) for one in measured],
            "memory (PSS, MB) of all processes": [round(one["all"] / 1e6, 1) for one in measured],
            "open, first and last": (first["open"], last["open"]),
            "processes, first and last": (first["processes"], last["processes"]),
            "seconds": round(time.monotonic() - began),
        }


def document(name: str, turn: int) -> bytes:
    """Write a document of which each turn changes one item."""
    at = datetime(2024, 11, 24, 12, tzinfo=UTC)
    items = []
    for number in range(ITEMS):
        edited = turn // ITEMS + (number < turn % ITEMS)
        link = f"https://{name}.example/{number}"
        text = f"As we know it after {edited} corrections. " + "More words. " * 50
        items.append(
            Item(id=link, title=f"{name} {number}", link=link, at=at - timedelta(minutes=number), text=text)
        )
    return rss(*items, title=name)


def poll_and_publish(path: Path, times: int, publish_each: int, samples: int) -> None:
    """Poll all sources `times` times and write what this process holds to stdout, a JSON line a sample."""
    import gc
    import os

    from feedhub.cli.pollers import now, poller_of
    from feedhub.config import load
    from feedhub.publish import publish
    from feedhub.store import Store
    from feedhub.workers import Workers
    from processes import descendants, descriptors, proportional_memory, tree_memory

    config = load(path, os.environ)
    store = Store(config.store_url)
    store.polling.set_sources(config.sources, now())
    workers = Workers(config.limits)
    poller = poller_of(config, store, workers)
    names = [source.name for source in config.sources]
    changed = 0
    for turn in range(1, times + 1):
        assert poller.take(names, began=now()) == len(names)
        while poller.active:
            for polled in poller.step(0.2):
                assert not polled.problem, polled.problem
                assert polled.saved
                changed += polled.saved.changed
        if turn % publish_each == 0:
            assert not publish(store, config.site, config.feeds, now=now()).problems
        if turn % max(1, times // samples) == 0:
            gc.collect()
            pid = os.getpid()
            told = {
                "own": proportional_memory(pid),
                "all": tree_memory(pid),
                "open": descriptors(pid),
                "processes": len(descendants(pid)),
                "changed": changed,
            }
            print(json.dumps(told), flush=True)
    poller.close()
    workers.close()
    store.close()


if __name__ == "__main__":
    poll_and_publish(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
