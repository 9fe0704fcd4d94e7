"""A server on loopback that answers as no server should, each path in its own way; and a canary."""

import contextlib
import gzip
import select
import socket
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"
CANARY_HOST = "127.0.0.2"
_LONGEST_REQUEST = 64_000  # bytes
_PIECE = b" " * 65_536


class Talk:
    """One request that came, and what may be done with its connection."""

    def __init__(self, connection: socket.socket, stopping: threading.Event, head: str, asked: int) -> None:
        self._connection = connection
        self._stopping = stopping
        self.head = head
        self.asked = asked  # how many requests for this path came before

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._connection.sendall(data)

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the client stays and the server lives; OSError if either has gone."""
        for _ in range(max(1, round(seconds / 0.1))):
            if self._stopping.wait(0.1):
                raise OSError("stopped")
            gone, _, _ = select.select([self._connection], [], [], 0)
            if gone and not self._connection.recv(1):
                raise OSError("the client hung up")

    def reset(self) -> None:
        """Cut the connection with a RST."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


Act = Callable[[Talk], None]


class HostileServer:
    """Serves acts by path, each connection in a thread of its own."""

    def __init__(self) -> None:
        self._acts: dict[str, Act] = {}
        self._asked: Counter[str] = Counter()
        self._stopping = threading.Event()
        self._listener = socket.create_server((HOST, 0), backlog=256)
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        _close(self._listener)

    @property
    def address(self) -> str:
        """Give "127.0.0.1:PORT", for Limits.private."""
        return f"{HOST}:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.address}{path}"

    def acts(self, path: str, act: Act) -> None:
        """Answer a path by an act; what it leaves unsaid stays unsaid."""
        self._acts[path] = act

    def asked(self, path: str) -> int:
        """Tell how many requests for a path have come."""
        return self._asked[path]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # Clients that hang up are what this server is about.
        with contextlib.suppress(OSError), connection:
            connection.settimeout(30)
            head = _head(connection)
            path = head.split(" ", 2)[1] if head.count(" ") > 1 else ""
            talk = Talk(connection, self._stopping, head, self._asked[path])
            self._asked[path] += 1
            self._acts.get(path, answers(404, b"not here"))(talk)


def _close(listener: socket.socket) -> None:
    """Close a listener; whoever waits in accept() is woken, which closing alone does not do."""
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def _head(connection: socket.socket) -> str:
    data = b""
    while b"\r\n\r\n" not in data and len(data) < _LONGEST_REQUEST:
        piece = connection.recv(4096)
        if not piece:
            break
        data += piece
    return data.decode("latin-1")


class Canary:
    """Listens where nobody may come, on another address and port, and counts those who do."""

    def __init__(self) -> None:
        self.touched = 0
        self._listeners = [socket.create_server((CANARY_HOST, 0), backlog=16)]
        self.port = int(self._listeners[0].getsockname()[1])
        self._listeners.append(socket.create_server((HOST, self.port), backlog=16))
        with contextlib.suppress(OSError):  # there may be no IPv6 here
            self._listeners.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        for listener in self._listeners:
            threading.Thread(target=self._watch, args=(listener,), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for listener in self._listeners:
            _close(listener)

    def _watch(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.touched += 1
            connection.close()


# ── Acts ─────────────────────────────────────────────────────────────────────────────────────────


def raw(*pieces: bytes, every: float = 0.0, hold: float = 0.0) -> Act:
    """Send pieces as they are, with a pause after each; then cut, after holding on for a while."""

    def act(talk: Talk) -> None:
        for piece in pieces:
            talk.send(piece)
            if every:
                talk.pause(every)
        if hold:
            talk.pause(hold)

    return act


def head(*lines: str, status: str = "200 OK") -> bytes:
    """Write the head of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *lines, "", ""]).encode("latin-1")


def answers(status: int, body: bytes = b"", *lines: str) -> Act:
    """Answer with a body of a length that is told."""
    return raw(head(f"Content-Length: {len(body)}", *lines, status=f"{status} Said so") + body)


def gives(body: bytes, *lines: str, kind: str = "application/rss+xml") -> Act:
    """Answer 200 with a body."""
    return answers(200, body, f"Content-Type: {kind}", *lines)


def sends_to(location: str, status: int = 302) -> Act:
    """Redirect; the address goes out in UTF-8."""
    told = f"Location: {location}".encode().decode("latin-1")
    return answers(status, b"", told)


def drips(before: bytes, piece: bytes, every: float = 0.5) -> Act:
    """Send a beginning, and then a piece now and then for ever."""

    def act(talk: Talk) -> None:
        talk.send(before)
        while True:
            talk.send(piece)
            talk.pause(every)

    return act


def floods(before: bytes, piece: bytes = _PIECE) -> Act:
    """Send a beginning, and then a piece again and again for ever."""

    def act(talk: Talk) -> None:
        talk.send(before)
        while True:
            talk.send(piece)

    return act


def then(first: Act, *later: Act) -> Act:
    """Do one thing at the first request, another at the next; the last for ever."""
    acts = (first, *later)
    return lambda talk: acts[min(talk.asked, len(acts) - 1)](talk)


def resets(before: bytes = b"") -> Act:
    """Cut the connection with a RST after a beginning."""

    def act(talk: Talk) -> None:
        if before:
            talk.send(before)
        talk.reset()

    return act


def chunked(*pieces: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """Write pieces as chunks."""
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + end


def bomb(size: int, wbits: int = 31) -> bytes:
    """Compress that many spaces: gzip by default, zlib with 15."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    packed = [packer.compress(b" " * 1_000_000) for _ in range(size // 1_000_000)]
    return b"".join([*packed, packer.flush()])


def gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)
