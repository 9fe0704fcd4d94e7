"""A small HTTP server on 127.0.0.1, to test the whole program against."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that came, for custom handlers."""

    method: str
    path: str  # with the query
    headers: Mapping[str, str]  # names in lower case


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer; `raw` is sent as it is, without a status line or headers of ours."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds before the first byte
    raw: bytes = b""
    hold: float = 0.0  # seconds for which the connection stays open after `raw`


Handler = Callable[[Asked], Given]


class Loopback:
    """Serves what it was told to, and remembers what it was asked for.

    with Loopback() as web:
        web.serves("/feed", body, etag='"1"')
        fetch([Request(source="a", url=web.url("/feed"))], Limits(private=(web.address,)))
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self._scheme = "https" if tls else "http"
        self.requests: list[tuple[str, str, Mapping[str, str]]] = []  # method, path, headers
        self.connections = 0  # that were opened
        self._handlers: dict[str, Handler] = {}
        self._stopping = threading.Event()
        self._server = _Server(self, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving; answers under way are cut short."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """Give "127.0.0.1:PORT", for Limits.private."""
        return f"{HOST}:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"{self._scheme}://{self.address}{path}"

    @property
    def paths(self) -> list[str]:
        """Give the paths that were asked for, in order."""
        return [path for _, path, _ in self.requests]

    def serves(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        type: str = "application/rss+xml",  # noqa: A002
        etag: str = "",
        last_modified: str = "",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        delay: float = 0.0,
    ) -> None:
        """Answer a path with a body; 304 to a request that carries its etag, else its last_modified."""
        content = body.encode() if isinstance(body, str) else body
        validators = {"ETag": etag, "Last-Modified": last_modified}
        sent = {name: value for name, value in validators.items() if value} | dict(headers or {})
        whole = Given(body=content, status=status, headers={"Content-Type": type} | sent, delay=delay)

        def answer(asked: Asked) -> Given:
            if status == 200 and _is_known(asked, etag, last_modified):
                return Given(status=304, headers=sent, delay=delay)
            return whole

        self.answers(path, answer)

    def redirects(self, path: str, to: str, status: int = 301) -> None:
        """Send whoever asks for a path elsewhere."""
        self.answers(path, lambda _: Given(status=status, headers={"Location": to}))

    def breaks(self, path: str, raw: bytes, *, hold: float = 0.0) -> None:
        """Answer a path with bytes as they are, and cut the connection after `hold` seconds."""
        self.answers(path, lambda _: Given(raw=raw, hold=hold))

    def answers(self, path: str, handler: Handler) -> None:
        """Answer a path by a function; it may raise OSError to cut the connection."""
        self._handlers[path] = handler

    def forgets(self, path: str) -> None:
        """Answer a path with 404 from now on."""
        self._handlers.pop(path, None)

    def answer(self, asked: Asked) -> Given:
        """Give the answer to a request."""
        self.requests.append((asked.method, asked.path, asked.headers))
        handler = self._handlers.get(asked.path) or self._handlers.get(asked.path.partition("?")[0])
        return handler(asked) if handler else Given(status=404, body=b"not here")

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the server lives."""
        if seconds > 0:
            self._stopping.wait(seconds)


def _is_known(asked: Asked, etag: str, last_modified: str) -> bool:
    # RFC 9110, 13.2.2: If-Modified-Since counts only where there is no If-None-Match.
    theirs = asked.headers.get("if-none-match", "")
    if theirs:
        return bool(etag) and (theirs == "*" or etag.removeprefix("W/") in _tags(theirs))
    return bool(last_modified) and asked.headers.get("if-modified-since") == last_modified


def _tags(listed: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in listed.split(",")]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, web: Loopback, tls: ssl.SSLContext | None) -> None:
        super().__init__((HOST, 0), _Talk)
        self.web = web
        self.tls = tls

    def finish_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        # Here, in the connection's own thread, a handshake holds up no other.
        talk = self.tls.wrap_socket(request, server_side=True) if self.tls else request
        super().finish_request(talk, client_address)
        if self.tls:
            talk.close()

    def verify_request(self, request: object, client_address: object) -> bool:
        self.web.connections += 1
        return True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are what many tests are about."""


class _Talk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer to a kept connection waits for 40 ms
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_CONNECT(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep stderr clean."""

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        web = self.server.web
        given = web.answer(Asked(method=self.command, path=self.path, headers=headers))
        web.pause(given.delay)
        if given.raw:
            self._send_raw(given)
        else:
            self._send(given)

    def _send_raw(self, given: Given) -> None:
        self.wfile.write(given.raw)
        self.wfile.flush()
        self.server.web.pause(given.hold)
        self.close_connection = True

    def _send(self, given: Given) -> None:
        names = {name.lower() for name in given.headers}
        phrase = HTTPStatus(given.status).phrase if given.status in list(HTTPStatus) else ""
        has_body = given.status >= 200 and given.status not in (204, 304)
        lines = [f"HTTP/1.1 {given.status} {phrase}", "Server: loopback"]
        if "date" not in names:
            lines.append(f"Date: {self.date_time_string(time.time())}")
        if has_body and not names & {"content-length", "transfer-encoding"}:
            lines.append(f"Content-Length: {len(given.body)}")
        lines += [f"{name}: {value}" for name, value in given.headers.items()]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        self.wfile.write(head + given.body if has_body and self.command != "HEAD" else head)
        self.wfile.flush()
