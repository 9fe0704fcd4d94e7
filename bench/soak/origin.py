"""What the trials share: sources that change, hang, drip or cost too much, and hubs in processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from hubs import Hub, Item, rss
from loopback import Asked, Given, Loopback
from processes import descendants

ROOT = Path(__file__).parents[2]
RSS = {"Content-Type": "application/rss+xml"}
# Quadratic in feedparser's search for an e-mail address: minutes of reading.
ENDLESS = rss(
    Item(id="1", title="Endless", link="https://endless.example/1", at=datetime(2024, 11, 24, tzinfo=UTC))
).replace(b"<item>", b"<item><author>" + b"a" * 200_000 + b"</author>")
# Text of 10 MB that becomes objects of 450 MB and more.
HUGE = b'{"version": "https://jsonfeed.org/version/1.1", "x": [' + b"[[[]]]," * 1_400_000 + b"0]}"


class Changing:
    """Sources at /s0, /s1, …: each `steady`-th answer has one item more, the others repeat the last.

    A document lists its last 20 items, so that nothing is lost while at most 19 answers in a row are.
    """

    def __init__(self, web: Loopback, count: int, *, steady: int = 1) -> None:
        self.names = [f"s{number}" for number in range(count)]
        self.asked: list[tuple[float, str, str]] = []  # when (epoch), source, User-Agent
        self._answers: Counter[str] = Counter()
        self._steady = steady
        self._lock = threading.Lock()
        self._frozen = False
        self._began = datetime.now(UTC)
        for name in self.names:
            web.answers(f"/{name}", self._answer)

    def _answer(self, asked: Asked) -> Given:
        name = asked.path.strip("/")
        with self._lock:
            self.asked.append((time.time(), name, asked.headers.get("user-agent", "")))
            self._answers[name] += not self._frozen
            newest = self.newest(name)
        items = [self._item(name, number) for number in range(max(0, newest - 19), newest + 1)]
        return Given(body=rss(*items, title=name), headers=RSS)

    def newest(self, name: str) -> int:
        """Give the number of a source's newest item."""
        return self._answers[name] // self._steady

    def _item(self, name: str, number: int) -> Item:
        link = f"https://{name}.example/{number}"
        return Item(id=link, title=f"{name} {number}", link=link, at=self._began + timedelta(seconds=number))

    def freezes(self) -> None:
        """Change no more."""
        self._frozen = True

    def links(self) -> set[str]:
        """Give the links of all items that were ever handed out."""
        return {
            f"https://{name}.example/{number}"
            for name in self.names
            if self._answers[name]
            for number in range(self.newest(name) + 1)
        }


class Answers:
    """Answers that never end: each costs the origin a thread."""

    def __init__(self, web: Loopback) -> None:
        self._web = web

    def hangs(self, path: str) -> None:
        """Take the request and say nothing."""
        self._web.answers(path, lambda _: Given(delay=3600.0))

    def drips(self, path: str) -> None:
        """Promise a document and send its beginning alone."""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n<rss><channel>"
        self._web.breaks(path, head, hold=3600.0)


def sources(web: Loopback, names: list[str], every: str, **others: object) -> list[Mapping[str, object]]:
    """Give the tables of sources at these paths."""
    return [{"name": name, "url": web.url(f"/{name}"), "every": every, **others} for name in names]


FAST: dict[str, object] = {"pause": "0s", "per_host": 200, "timeout": "5s", "first_byte": "3s"}


class Process:
    """A command of a hub in a process of its own; its log stays in the hub's folder."""

    def __init__(self, hub: Hub, *words: str, config: Path | None = None, terminal: bool = False) -> None:
        """Begin it; as in a `terminal`, in a group of its own, to which Ctrl-C would go."""
        self.log = hub.folder / f"{words[0]}-{time.monotonic_ns()}.log"
        clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "feedhub", "-c", str(config or hub.path), *words],
                cwd=ROOT,
                env=clean | {"PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=terminal,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and what it began; only by the numbers that it was known by."""
        begun = descendants(self.process.pid)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(30)
        for pid in begun & descendants(1):
            kill_if_ours(pid)

    @property
    def output(self) -> str:
        """Give what it has printed until now."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def visits(self) -> list[dict[str, str]]:
        """Give the visits of its log, as its lines tell them; `at` is the time of the line (epoch)."""
        return [
            dict(part.split("=", 1) for part in line.split(" problem=")[0].split() if "=" in part)
            | {"at": str(datetime.fromisoformat(line.partition(" ")[0]).timestamp())}
            for line in self.output.splitlines()
            if " poll source=" in line and " outcome=" in line
        ]

    def until(self, holds: Callable[[], Any], seconds: float = 60.0) -> None:
        """Wait until something holds; fails when the process ends first, or with time."""
        ends = time.monotonic() + seconds
        while not holds():
            assert self.process.poll() is None, f"it ended by itself: {self.output[-2000:]}"
            assert time.monotonic() < ends, f"it never held: {self.output[-2000:]}"
            time.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal; gives the exit code, and after how many seconds it came."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(60)
        return code, time.monotonic() - began


def kill_if_ours(pid: int) -> None:
    """Kill a process that a hub of ours left behind."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"forkserver" in words or b"feedhub" in words:
            os.kill(pid, signal.SIGKILL)
    except (FileNotFoundError, ProcessLookupError):
        return


def quantile(values: list[float], part: float) -> float:
    """Give the value below which this part of all lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")
