"""Hundreds of connections that never finish a request, beside a client that does."""

import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from hubs import Hub
from loopback import HOST
from servers import WAYS, Listening, write

SLOW, IDLE, ASKED = 500, 200, 40
WITHIN = 0.2  # seconds
BODY = b"<rss>" + b" " * 60_000


@contextmanager
def crowd(port: int) -> Iterator[None]:
    """Hold connections that say a byte a second, and connections that say nothing."""
    with ExitStack() as held:
        slow = [held.enter_context(_connection(port)) for _ in range(SLOW)]
        for _ in range(IDLE):
            held.enter_context(_connection(port))
        for each in slow:
            each.send(b"GET /day.rss HTTP/1.1\r\nHost: hub.example\r\nX-Slow: ")
        ended = threading.Event()
        talker = threading.Thread(target=_talk, args=(slow, ended))
        talker.start()
        held.callback(talker.join)
        held.callback(ended.set)
        yield


def _connection(port: int) -> socket.socket:
    return socket.create_connection((HOST, port), timeout=30)


def _talk(slow: list[socket.socket], ended: threading.Event) -> None:
    hung_up = set()
    while not ended.wait(1):
        for each in slow:
            if each not in hung_up:
                try:
                    each.send(b"y")
                except OSError:
                    hung_up.add(each)  # the server has had enough, as it may


def seconds_of_an_answer(port: int) -> float:
    began = time.monotonic()
    answer = Listening(port).ask("GET", "/day.rss", {})
    assert (answer.status, answer.body) == (200, BODY)
    return time.monotonic() - began


@pytest.mark.parametrize("way", ["waitress", "granian"])
def test_a_client_is_answered_at_once_beside_hundreds_that_never_finish(way: str, tmp_path: Path) -> None:
    hub = Hub(tmp_path).configure()
    write(hub.feeds, "/day.rss", BODY)
    with WAYS[way](hub), crowd(hub.port):
        taken = [seconds_of_an_answer(hub.port) for _ in range(ASKED)]
    # Of forty answers on a busy machine one or the other may wait for its turn; what blocks, blocks them all.
    assert statistics.median(taken) < WITHIN, sorted(taken)
