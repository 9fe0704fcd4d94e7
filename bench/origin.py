"""The origin: serves a folder on many loopback addresses with ETag and 304; nginx, else our own server."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ADDRESSES = tuple(f"127.0.0.{number}" for number in range(2, 52))
_WAIT = 20.0  # seconds for it to begin
_NGINX = """\
worker_processes 1;
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    types {{ application/xml xml; }}
    access_log off;
    sendfile on;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        {listen}
        root {root};
    }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the documents can be fetched."""

    port: int
    server: str  # its name

    def url(self, number: int, name: str) -> str:
        """Give a document's address; each address of ours has as many as the others."""
        return f"http://{ADDRESSES[number % len(ADDRESSES)]}:{self.port}/{name}.xml"

    @property
    def places(self) -> list[str]:
        """Give "address:port" of all, for [fetch] private."""
        return [f"{address}:{self.port}" for address in ADDRESSES]


def nginx() -> str:
    """Give where nginx is; "" if it is not installed."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx") or ""


@contextmanager
def serving(root: Path, folder: Path, *, ours: bool = False) -> Iterator[Origin]:
    """Serve the documents of a folder; `folder` is for what the server writes itself."""
    folder.mkdir()
    port = _free_port()
    program = "" if ours else nginx()
    if program:
        config = folder / "nginx.conf"
        listen = " ".join(f"listen {address}:{port};" for address in ADDRESSES)
        user = "user root;" if os.geteuid() == 0 else ""
        config.write_text(_NGINX.format(user=user, folder=folder, root=root, listen=listen))
        words = [program, "-p", str(folder), "-c", str(config)]
    else:
        words = [sys.executable, str(Path(__file__)), str(root), str(port)]
    with (folder / "log").open("wb") as log:
        started = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        _await(port, started, folder / "log")
        yield Origin(port=port, server="nginx" if program else "a small asyncio server")
    finally:
        started.terminate()
        started.wait(_WAIT)


def _free_port() -> int:
    with closing(socket.socket()) as asked:
        asked.bind((ADDRESSES[0], 0))
        return int(asked.getsockname()[1])


def _await(port: int, started: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + _WAIT
    while True:
        try:
            with socket.create_connection((ADDRESSES[-1], port), 1.0):
                return
        except OSError:
            if started.poll() is not None or time.monotonic() > ends:
                raise RuntimeError(f"the origin does not begin: {log.read_text()}") from None
            time.sleep(0.05)


def put(root: Path, name: str, body: bytes, *, modified: float) -> None:
    """Put a document in place whole, changed at a time of its own: nginx makes its ETag of time and size."""
    new = root / f".{name}.new"
    new.write_bytes(body)
    os.utime(new, (modified, modified))
    new.replace(root / f"{name}.xml")


def fetched(url: str, etag: str = "") -> tuple[int, str, bytes]:
    """Fetch a document; gives its status, its ETag and its body."""
    asked = urllib.request.Request(url, headers={"If-None-Match": etag} if etag else {})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked, timeout=_WAIT) as answer:
            return answer.status, answer.headers["ETag"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["ETag"] or "", b""


# ── The server of our own ────────────────────────────────────────────────────────────────────────


async def _serve(root: Path, port: int) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            while head := await _head(reader):
                writer.write(_answer(root, head))
                await writer.drain()

    servers = [await asyncio.start_server(talk, address, port) for address in ADDRESSES]
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _head(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return ""


def _answer(root: Path, head: str) -> bytes:
    first, *lines = head.strip().split("\r\n")
    asked = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    file = root / Path(first.split()[1]).name
    if not file.is_file():
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    told = file.stat()
    etag = f'"{told.st_mtime_ns:x}-{told.st_size:x}"'
    if asked.get("if-none-match") == etag:
        return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
    body = file.read_bytes()
    return (
        f"HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Type: application/xml\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))
