"""One poll in a process that stands ready, as in a hub that runs: what the poll alone costs, told as JSON.

It stands ready once it has polled the second of the documents, which changes in no phase: FeedHub's and
reader's alike.

python -m bench.inside feedhub CONFIG FIGURES.json
python -m bench.inside reader DATABASE FIGURES.json [WORKERS]
python -m bench.inside reader-add DATABASE URLS.txt
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.measure import tree_cpu


def _told(figures: str, poll: Callable[[], None]) -> None:
    me = os.getpid()
    cpu, began = tree_cpu(me), time.perf_counter()
    poll()
    wall = time.perf_counter() - began
    Path(figures).write_text(json.dumps({"wall": wall, "cpu": tree_cpu(me) - cpu}))


def _feedhub(config_path: str, figures: str) -> None:
    """Poll all sources as `feedhub poll` does, without publishing; those that read are there already."""
    from feedhub.cli.pollers import now, poller_of
    from feedhub.config import load
    from feedhub.model import Response, Source
    from feedhub.store import Store
    from feedhub.workers import Workers

    config = load(Path(config_path), {})
    store, workers = Store(config.store_url), Workers(config.limits)
    store.polling.set_sources(config.sources, now())
    poller = poller_of(config, store, workers)
    empty = Response(url="https://outlet.example/", body=b"<rss><channel><title>x</title></channel></rss>")
    source = Source(name="outlet", url=empty.url)
    for ready in [workers.submit(source, empty, now()) for _ in range(20)]:
        ready.result(60)
    failed: list[str] = []

    def poll(names: list[str]) -> None:
        waiting, began = [*names], now()
        while waiting or poller.active:
            if batch := [waiting.pop() for _ in range(min(poller.free, len(waiting)))]:
                poller.take(batch, began=began)
            failed.extend(polled.problem for polled in poller.step(0.5) if polled.problem)

    names = [source.name for source in config.sources]
    poll(names[1:2])
    _told(figures, lambda: poll(names))
    poller.close()
    workers.close()
    store.close()
    if failed:
        sys.exit(f"{len(failed)} sources failed: {failed[0]}")


def _reader(database: str, figures: str, workers: str = "10") -> None:
    from reader import make_reader

    reader = make_reader(database)
    urls = sorted((feed.url for feed in reader.get_feeds()), key=lambda url: url.rpartition("/")[2])
    reader.update_feed(urls[1])
    _told(figures, lambda: reader.update_feeds(scheduled=False, workers=int(workers)))
    if broken := list(reader.get_feeds(broken=True)):
        sys.exit(f"{len(broken)} feeds failed: {broken[0].last_exception}")


def _reader_add(database: str, urls: str) -> None:
    from reader import make_reader

    reader = make_reader(database)
    for url in Path(urls).read_text().split():
        reader.add_feed(url)


if __name__ == "__main__":
    programs: dict[str, Callable[..., None]] = {
        "feedhub": _feedhub,
        "reader": _reader,
        "reader-add": _reader_add,
    }
    programs[sys.argv[1]](*sys.argv[2:])
