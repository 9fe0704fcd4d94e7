"""What those may cost who ask for much at once, read nothing of it, or send what nobody reads."""

import http.client
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from feedhub.cli import connections
from feedhub.cli.serving import WebServer
from feedhub.config import load
from hubs import WAIT, Hub
from loopback import HOST
from processes import until

LARGE = b"x" * 16_000_000  # more than a socket takes at once


class Counted:
    """An application that answers with its path, or with much, and knows how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        self.asked += 1
        path = environ["PATH_INFO"]
        body = LARGE if path == "/large" else path.encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]


@pytest.fixture
def app() -> Counted:
    return Counted()


@pytest.fixture
def port(app: Counted, tmp_path: Path) -> Iterator[int]:
    hub = Hub(tmp_path).configure()
    server = WebServer(app, load(hub.path, {}))
    yield hub.port
    server.stop()


def asks(path: str, *more: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", *more, "", ""]).encode()


def connected(port: int) -> socket.socket:
    return socket.create_connection((HOST, port), timeout=WAIT)


def answers(talk: socket.socket) -> bytes:
    return b"".join(iter(lambda: talk.recv(65536), b""))


def is_answered(port: int) -> bool:
    with connected(port) as talk:
        talk.sendall(asks("/small", "Connection: close"))
        return answers(talk).endswith(b"/small")


def test_those_who_ask_for_much_and_read_nothing_hold_up_nobody(app: Counted, port: int) -> None:
    with ExitStack() as held:
        for number in range(2 * connections.THREADS):
            talk = held.enter_context(connected(port))
            talk.sendall(asks("/large") * 20)
            until(lambda number=number: app.asked > number)
        assert is_answered(port)
        # Each has what it asked for first, as far as it takes it, and no more is made for it.
        assert app.asked == 2 * connections.THREADS + 1


def test_what_is_not_read_is_held_once_and_not_on_the_disk(app: Counted, port: int) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("which files are open cannot be seen here")
    with ExitStack() as held:
        for number in range(8):
            talk = held.enter_context(connected(port))
            talk.sendall(asks("/large"))
            until(lambda number=number: app.asked > number)
        assert is_answered(port)
        assert _spooled() == 0


def _spooled() -> int:
    """Give how many bytes stand in open files that have no name."""
    total = 0
    for file in Path("/proc/self/fd").iterdir():
        try:
            if re.search(r"\(deleted\)$|/#\d+", str(file.readlink())):
                total += file.stat().st_size
        except OSError:
            continue  # it was that of the folder itself, or has been closed
    return total


def test_who_reads_late_gets_every_answer_in_its_order(app: Counted, port: int) -> None:
    with connected(port) as talk:
        talk.sendall(asks("/large") + asks("/a") + asks("/large") + asks("/b", "Connection: close"))
        until(lambda: app.asked == 1)
        said = answers(talk)
    assert app.asked == 4
    bodies = [part.partition(b"\r\n\r\n")[2] for part in said.split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies == [LARGE, b"/a", LARGE, b"/b"]


@pytest.mark.parametrize("size", [1, 7, 40, 4000])
def test_requests_are_told_apart_in_whatever_pieces_they_come(size: int, port: int) -> None:
    body = b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /"
    chunks = b"POST /chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
    said = b"\r\n\r\n" + asks("/1") + body + b"\r\n" + asks("/2") + chunks + asks("/3", "Connection: close")
    with connected(port) as talk:
        for start in range(0, len(said), size):
            talk.sendall(said[start : start + size])
        paths = re.findall(rb"\r\n\r\n(/[a-z0-9]+)", answers(talk))
    assert paths == [b"/1", b"/body", b"/2", b"/chunks", b"/3"]


@pytest.mark.parametrize("more", ["", "Content-Length: 0"])
def test_who_waits_to_be_told_to_send_nothing_is_answered(more: str, port: int) -> None:
    with connected(port) as talk:
        talk.sendall(asks("/1", "Expect: 100-continue", *([more] if more else [])))
        talk.sendall(asks("/2", "Connection: close"))
        assert re.findall(rb"\r\n\r\n(/[a-z0-9]+)", answers(talk)) == [b"/1", b"/2"]


@pytest.mark.parametrize("told", ["Content-Length: 1000000000", "Transfer-Encoding: chunked"])
def test_a_body_that_nobody_reads_is_refused_at_its_beginning(told: str, app: Counted, port: int) -> None:
    sent = b"1388\r\n" + b"x" * 5000 if "chunked" in told else b""
    with connected(port) as talk:
        talk.sendall(b"POST /day.rss HTTP/1.1\r\nHost: x\r\n" + told.encode() + b"\r\n\r\n" + sent)
        assert talk.recv(100).startswith(b"HTTP/1.1 413 ")
    assert app.asked == 0


def test_headers_without_an_end_are_refused(app: Counted, port: int) -> None:
    with connected(port) as talk:
        talk.sendall(b"GET /" + b"a/" * 8200)
        assert talk.recv(100).startswith(b"HTTP/1.0 431 ")
    assert app.asked == 0


def test_a_connection_is_kept_though_much_was_sent_over_it(port: int) -> None:
    talk = http.client.HTTPConnection(HOST, port, timeout=WAIT)
    for path in ("/large", "/a", "/large"):
        talk.request("GET", path)
        first = talk.sock
        assert talk.getresponse().read() == (LARGE if path == "/large" else b"/a")
        assert talk.sock is first
    talk.close()


def test_who_hangs_up_in_the_middle_of_it_all_harms_nobody(port: int) -> None:
    for _ in range(20):
        with connected(port) as talk:
            talk.sendall(asks("/large") * 3)
            time.sleep(0.001)
    assert is_answered(port)
