"""A folder of finished documents, and the three ways to ask for them: in process, waitress, granian."""

import gzip
import http.client
import importlib.util
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from werkzeug.test import run_wsgi_app

from feedhub.cli.serving import WebServer
from feedhub.cli.webside import application
from feedhub.config import load
from feedhub.store import Store
from hubs import ROOT, WAIT, Hub
from loopback import HOST

MODIFIED = datetime(2024, 11, 24, 10, 24, tzinfo=UTC)
STYLE = "/static/style-0123456789abcdef.css"
_SERVE = """
import sys
from pathlib import Path
from feedhub.cli.serving import serve_until_stopped
from feedhub.config import load
serve_until_stopped(load(Path(sys.argv[1]), {}), workers=int(sys.argv[2]))
"""
_GLANCE = 0.05  # seconds between two looks


def write(folder: Path, path: str, body: bytes, *, brotli: bytes | None = None) -> None:
    """Write a document as publishing does: its compressed forms first, each put in place whole."""
    file = folder / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    forms = {".gz": gzip.compress(body, 6, mtime=0), ".br": brotli, "": body}
    for suffix, content in forms.items():
        if content is not None:
            new = file.with_name(f".{file.name}.new")
            new.write_bytes(content)
            os.utime(new, (MODIFIED.timestamp(), MODIFIED.timestamp()))
            new.replace(file.with_name(file.name + suffix))


def brotlied(body: bytes) -> bytes:
    brotli = pytest.importorskip("brotli", reason="brotli is not installed")
    packed: bytes = brotli.compress(body)
    return packed


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


class Server(Protocol):
    def ask(self, method: str, target: str, headers: Mapping[str, str]) -> Answer: ...


class InProcess:
    """Calls the application as a server would."""

    def __init__(self, hub: Hub) -> None:
        config = load(hub.path, {})
        self._store = Store(config.store_url)
        self._app = application(config, self._store)

    def ask(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        told = urlsplit(target) if re.match("https?://", target) else None
        path, _, query = (told.path if told else target).partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REMOTE_ADDR": HOST,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        } | {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        body, status, given = run_wsgi_app(self._app, environ, buffered=True)
        lines = {name.lower(): value for name, value in given.items()}
        return Answer(status=int(status.split()[0]), headers=lines, body=b"".join(body))

    def close(self) -> None:
        self._store.close()


class Listening:
    """Asks a server that listens at a port, each time on a connection of its own."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        lines = [f"{method} {target} HTTP/1.1", f"Host: {HOST}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return answer_to(self.port, method, "\r\n".join([*lines, "", ""]).encode("latin-1"))


def answer_to(port: int, method: str, request: bytes) -> Answer:
    """Send the bytes of a request, and read what comes until the server has no more to say."""
    with socket.create_connection((HOST, port), timeout=WAIT) as talk:
        talk.sendall(request)
        with closing(http.client.HTTPResponse(talk, method=method)) as answer:
            answer.begin()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(status=answer.status, headers=told, body=answer.read())


@contextmanager
def in_process(hub: Hub) -> Iterator[InProcess]:
    with closing(InProcess(hub)) as server:
        yield server


@contextmanager
def under_waitress(hub: Hub) -> Iterator[Listening]:
    config = load(hub.path, {})
    with closing(Store(config.store_url)) as store:
        server = WebServer(application(config, store), config)
        try:
            yield Listening(hub.port)
        finally:
            server.stop()


@contextmanager
def under_granian(hub: Hub, workers: int = 2) -> Iterator[Listening]:
    with closing_process(hub, workers):
        yield Listening(hub.port)


def serving_command(hub: Hub, workers: int) -> list[str]:
    return [sys.executable, "-c", _SERVE, str(hub.path), str(workers)]


@contextmanager
def closing_process(hub: Hub, workers: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Serve a hub in granian's processes, and end them."""
    if importlib.util.find_spec("granian") is None:
        pytest.skip("granian is not installed")
    with (hub.folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            serving_command(hub, workers),
            cwd=ROOT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(hub, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(WAIT / 4)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(WAIT)


def _wait_for(hub: Hub, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + WAIT
    while time.monotonic() < ends:
        assert process.poll() is None, (hub.folder / "serve.log").read_text()
        try:
            Listening(hub.port).ask("HEAD", "/", {})
        except (ConnectionError, http.client.HTTPException):
            time.sleep(_GLANCE)
        else:
            return
    raise AssertionError("it never served")


WAYS: dict[str, Callable[[Hub], AbstractContextManager[Server]]] = {
    "in process": in_process,
    "waitress": under_waitress,
    "granian": under_granian,
}
