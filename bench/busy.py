"""python -m bench.busy: serving while a thousand sources are polled and published on the same machine.

One process runs a hub on documents from loopback addresses; two others serve what it publishes, and are
loaded with wrk until every source has been polled once, and then for as long again in calm. Needs wrk and
granian.
"""

import argparse
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from bench.corpus import Corpus
from bench.origin import put, serving
from bench.serving import HOST, LUA, WAIT, Run, free_port, process, run, tag_of

CONFIG = """\
[site]
title = "Bench"
[server]
listen = "{host}:{port}"
[fetch]
private = {private}
pause = "0s"
per_host = 8
[feeds.day]
title = "Day"
limit = 100
"""
_CHUNK = 3  # seconds of load at a time


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=16)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        print("Serving while polling is not measured: wrk is not installed.")
        return
    with tempfile.TemporaryDirectory(prefix="feedhub-bench-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        folder.chmod(0o755)  # nginx's workers may be another user
        busy, calm = _measured(folder, stack, options.sources, options.connections)
    _print("while polling", busy)
    _print("afterwards", calm)


def _measured(folder: Path, stack: ExitStack, sources: int, connections: int) -> tuple[list[Run], list[Run]]:
    newest = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    corpus = Corpus(newest=newest, count=sources)
    root = folder / "documents"
    root.mkdir()
    for number in range(sources):
        put(root, corpus.name(number), corpus.document(number), modified=newest.timestamp())
    origin = stack.enter_context(serving(root, folder / "origin"))
    port, config = free_port(), folder / "config.toml"
    text = CONFIG.format(host=HOST, port=free_port(), private=origin.places)
    for number in range(sources):
        text += f'[[sources]]\nname = "s{number}"\nurl = "{origin.url(number, corpus.name(number))}"\n'
    config.write_text(text)
    other = folder / "serving.toml"
    other.write_text(text.replace('listen = "', f'listen = "{HOST}:{port}" # ', 1))
    feedhub = [sys.executable, "-m", "feedhub", "-c"]
    for name, words in (("run", [str(config), "run"]), ("serve", [str(other), "serve", "--workers", "2"])):
        (folder / name).mkdir()
        stack.enter_context(process([*feedhub, *words], folder / name))
        _wait((folder / "feeds" / "day.rss").exists)
    asked, script = folder / "asked.txt", folder / "load.lua"
    asked.write_text("/day.rss \n")
    script.write_text(LUA.format(asked=asked))
    _wait(lambda: bool(tag_of(port, "/day.rss")))
    busy = [run(port, script, _CHUNK, connections)]
    while _polled(folder / "feedhub.db") < sources:
        busy.append(run(port, script, _CHUNK, connections))
    time.sleep(_CHUNK)  # the last publishing
    return busy, [run(port, script, _CHUNK, connections) for _ in busy]


def _wait(is_there: Callable[[], bool]) -> None:
    ends = time.monotonic() + WAIT
    while time.monotonic() < ends:
        try:
            if is_there():
                return
        except OSError:
            pass  # it does not listen yet
        time.sleep(0.1)
    sys.exit("the hub never began")


def _polled(database: Path) -> int:
    with closing(sqlite3.connect(database, timeout=WAIT)) as connection:
        row = connection.execute("select count(*) from visits where polled is not null").fetchone()
    return int(row[0])


def _print(words: str, runs: list[Run]) -> None:
    rate, p50, p99 = (
        statistics.median(getattr(one, name) for one in runs) for name in ("rate", "p50", "p99")
    )
    worst = max(one.p99 for one in runs)
    print(f"{words:16}{rate:10,.0f}/s  p50 {p50:.2f} ms  p99 {p99:.2f} ms, at worst {worst:.2f}, no error")


if __name__ == "__main__":
    main()
