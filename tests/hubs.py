"""Whole hubs in folders of their own: their configuration, their commands, their processes and files."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from shutil import copy, copytree
from typing import Any, Self
from urllib.parse import urlsplit

from click.testing import CliRunner, Result
from lxml import etree

from feedhub.cli import main
from loopback import HOST, Loopback

ROOT = Path(__file__).parent.parent
SAMPLES = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
ATOM = "{http://www.w3.org/2005/Atom}"
WAIT = 60.0  # seconds; only a hub that hangs takes as long
_GLANCE = 0.05  # seconds between two looks


# ── Documents of sources ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of an RSS document."""

    id: str
    title: str
    link: str
    at: datetime
    text: str = "Some words of it."

    def xml(self) -> str:
        parts = {
            "title": self.title,
            "link": self.link,
            "pubDate": format_datetime(self.at),
            "description": f"<p>{self.text}</p>",
        }
        inner = "".join(f"<{name}>{escape(words)}</{name}>" for name, words in parts.items())
        return f'<item><guid isPermaLink="false">{escape(self.id)}</guid>{inner}</item>'


def rss(*items: Item, title: str = "The Paper", link: str = "https://paper.example/") -> bytes:
    """Write an RSS 2.0 document."""
    channel = f"<title>{escape(title)}</title><link>{escape(link)}</link><description>News</description>"
    inner = channel + "".join(item.xml() for item in items)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{inner}</channel></rss>'.encode()
    )


# ── Configurations ───────────────────────────────────────────────────────────────────────────────


def free_port() -> int:
    """Give a port of the loopback address that nobody listens at."""
    with closing(socket.socket()) as asked:
        asked.bind((HOST, 0))
        return int(asked.getsockname()[1])


def toml(tables: Mapping[str, Any]) -> str:
    """Write tables as TOML: a list of mappings is an array of tables."""
    lines = []
    for name, table in tables.items():
        for one in table if isinstance(table, list) else [table]:
            lines.append(f"[[{name}]]" if isinstance(table, list) else f"[{name}]")
            lines += [f"{key} = {_value(value)}" for key, value in one.items()]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)


class Hub:
    """A hub in a folder of its own.

    hub = Hub(tmp_path, web)
    hub.configure({"name": "paper", "url": web.url("/feed")})
    assert hub.invoke("poll").exit_code == 0
    with hub.process("run") as running:
        running.until(lambda: b"Gates" in running.get("/day.atom").body)
    """

    def __init__(self, folder: Path, *webs: Loopback) -> None:
        self.folder = folder
        self._private = [web.address for web in webs]
        self.path = folder / "config.toml"
        self.port = free_port()

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.address}{path}"

    @property
    def _fetch(self) -> dict[str, object]:
        return {"private": self._private, "pause": "0s"}

    # ── Its configuration ──

    def configure(
        self,
        *sources: Mapping[str, object],
        feeds: Mapping[str, Mapping[str, object]] | None = None,
        **tables: Mapping[str, object],
    ) -> Self:
        """Write its config.toml; the hub's loopback servers may be read, without pauses."""
        told: dict[str, Any] = {
            "site": {"title": "The Hub", "timezone": "Asia/Yerevan"} | dict(tables.get("site", {})),
            "server": {"listen": self.address} | dict(tables.get("server", {})),
            "fetch": self._fetch | dict(tables.get("fetch", {})),
            "sources": [dict(source) for source in sources],
        }
        told |= {
            f"feeds.{name}": feed for name, feed in (feeds or {"day": {"title": "Day newsfeed"}}).items()
        }
        told |= {name: table for name, table in tables.items() if name not in told}
        self.path.write_text(toml(told), encoding="utf-8")
        return self

    def take_samples(self, *more: Mapping[str, object], **tables: Mapping[str, object]) -> Self:
        """Take the configuration and the samples that the project comes with, and sources beside them."""
        (self.folder / "feedhub").mkdir()
        copytree(ROOT / "feedhub" / "samples", self.folder / "feedhub" / "samples")
        copy(ROOT / "config.toml", self.path)
        told: dict[str, Any] = {"sources": [dict(source) for source in more]} if more else {}
        told |= {"server": {"listen": self.address}, "fetch": self._fetch} | tables
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" + toml(told))
        return self

    # ── Its commands ──

    def invoke(self, *words: str, **environ: str) -> Result:
        """Run a command here; its exit code, stdout and stderr."""
        env: dict[str, str | None] = {"COLUMNS": "200", "FORCE_COLOR": None, "NO_COLOR": None, **environ}
        return CliRunner(env=env).invoke(main, ["-c", str(self.path), *words], prog_name="feedhub")

    def sources(self) -> dict[str, dict[str, Any]]:
        """Give what `sources --json` tells, by name."""
        return {row["name"]: row for row in json.loads(self.invoke("sources", "--json").stdout)}

    @contextmanager
    def process(
        self, command: str = "run", *, config: Path | None = None, through: Sequence[str] = ()
    ) -> Iterator["Running"]:
        """Run a command in a process of its own, and end that process in the end.

        `through` is a program with its arguments that becomes the process in the end.
        """
        with Running(self, ["-c", str(config or self.path), command], through) as running:
            yield running

    # ── What it holds ──

    @property
    def feeds(self) -> Path:
        return self.folder / "feeds"

    def document(self, path: str) -> bytes:
        """Give a finished document."""
        return (self.feeds / path.lstrip("/")).read_bytes()

    def atom(self, path: str = "/day.atom") -> etree._Element:
        return etree.fromstring(self.document(path))

    def files(self) -> dict[str, tuple[int, int, bytes]]:
        """Give every finished file as it stands: inode, time and bytes."""
        found = {}
        for file in sorted(self.feeds.rglob("*")):
            if file.is_file() and file.name != ".lock":
                told = file.stat()
                found[str(file.relative_to(self.feeds))] = (told.st_ino, told.st_mtime_ns, file.read_bytes())
        return found

    def ask_database(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "feedhub.db", timeout=WAIT)) as database:
            rows = database.execute(query).fetchall()
            database.commit()
            return rows


def entries(document: etree._Element) -> dict[str, etree._Element]:
    """Give the entries of an Atom document by their ids, in its order."""
    return {entry.findtext(ATOM + "id", ""): entry for entry in document.findall(ATOM + "entry")}


# ── Processes ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


class Running:
    """A command of a hub in a process of its own."""

    def __init__(self, hub: Hub, words: list[str], through: Sequence[str] = ()) -> None:
        self._hub = hub
        self._log = (hub.folder / f"{words[-1]}.log").open("w+b")
        clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        self.process = subprocess.Popen(
            [*through, sys.executable, "-m", "feedhub", *words],
            cwd=ROOT,
            env=clean | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(WAIT / 4)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait(WAIT)
        self._log.close()

    @property
    def output(self) -> str:
        """Give what it has printed until now."""
        self._log.flush()
        return Path(str(self._log.name)).read_text(encoding="utf-8")

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path; redirects are not followed. A header's name has _ for -."""
        talk = http.client.HTTPConnection(HOST, self._hub.port, timeout=WAIT)
        with closing(talk):
            talk.request(
                "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
            )
            answer = talk.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(status=answer.status, headers=told, body=answer.read())

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds; fails when the process ends first, or with time."""
        ends = time.monotonic() + WAIT
        while time.monotonic() < ends:
            assert self.process.poll() is None, f"it ended by itself:\n{self.output}"
            try:
                if holds():
                    return
            except (ConnectionError, FileNotFoundError):
                pass
            time.sleep(_GLANCE)
        raise AssertionError(f"it never held:\n{self.output}")

    def until_serving(self) -> None:
        self.until(lambda: self.get("/health").status)

    def end(self, number: signal.Signals) -> tuple[int, float]:
        """Send a signal; gives the exit code, and after how many seconds it came."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(WAIT)
        return code, time.monotonic() - began


def path_of(url: str) -> str:
    return urlsplit(url).path
