import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from asking import body_of, get, get_url, limits
from fakeweb import FakeWeb
from feedhub.errors import Rejected, TimedOut, Unreachable
from feedhub.fetch import Fetcher, fetch
from feedhub.model import Limits, Request, Response, Unchanged
from loopback import Asked, Given, Loopback


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        yield web


# ── Time ─────────────────────────────────────────────────────────────────────────────────────────

SHORT = timedelta(seconds=0.2)


def test_a_server_that_keeps_silent_is_given_up(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>", delay=60)
    outcome = get(web, within=limits(web, first_byte=SHORT))
    assert isinstance(outcome, TimedOut)
    assert str(outcome) == "no answer within 0.2 s"


def test_hops_do_not_put_off_the_first_byte(web: Loopback) -> None:
    web.answers("/feed", lambda _: Given(status=302, headers={"Location": "/feed"}, delay=0.15))
    outcome = get(web, within=limits(web, first_byte=timedelta(seconds=0.4), max_hops=1000))
    assert str(outcome) == "no answer within 0.4 s"
    assert len(web.requests) < 5


def test_a_body_that_drips_is_given_up(web: Loopback) -> None:
    web.breaks("/feed", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", hold=60)
    outcome = get(web, within=limits(web, timeout=timedelta(seconds=1)))
    assert isinstance(outcome, TimedOut)
    assert str(outcome) == "the answer was not complete within 1 s"


def test_a_late_body_is_no_late_first_byte(web: Loopback) -> None:
    web.answers("/feed", lambda _: Given(raw=b"HTTP/1.1 200 OK\r\n\r\n<rss/>", hold=1.5))
    assert body_of(get(web, within=limits(web, first_byte=timedelta(seconds=1)))) == b"<rss/>"


# ── No connection ────────────────────────────────────────────────────────────────────────────────


def test_a_refused_connection_is_told_in_words() -> None:
    with Loopback() as closed:
        address, url = closed.address, closed.url()
    outcome = get_url(url, Limits(private=(address,)))
    assert isinstance(outcome, Unreachable)
    assert str(outcome) == "connection refused"


def test_a_server_that_hangs_up_is_told_in_words(web: Loopback) -> None:
    def hang_up(asked: Asked) -> Given:
        raise OSError

    web.answers("/feed", hang_up)
    assert str(get(web)) == "the server cut the connection without an answer"


def test_a_server_without_tls_is_told_in_words(web: Loopback) -> None:
    url = web.url("/feed").replace("http:", "https:")
    outcome = get_url(url, limits(web))
    assert isinstance(outcome, Unreachable)
    assert str(outcome).startswith("no secure connection: ")


# ── Many ─────────────────────────────────────────────────────────────────────────────────────────


def test_requests_are_drawn_as_slots_become_free(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>")
    drawn: list[int] = []

    def requests() -> Iterator[Request]:
        for number in range(40):
            drawn.append(number)
            yield Request(source=str(number), url=web.url("/feed"))

    outcomes = fetch(requests(), limits(web, at_once=4))
    next(outcomes)
    assert len(drawn) <= 8
    assert len(list(outcomes)) == 39


def test_one_failure_stops_no_other(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>")
    urls = [
        web.url("/feed"),
        "nonsense",
        "http://127.0.0.1:1/",
        web.url("/none"),
        "file:///none",
        web.url("/feed"),
    ]
    outcomes = list(fetch([Request(source=url, url=url) for url in urls], limits(web)))
    assert sorted(type(outcome).__name__ for _, outcome in outcomes) == [
        "Refused",
        "Refused",
        "Rejected",
        "Response",
        "Response",
        "Unreachable",
    ]


def test_connections_are_kept_and_a_host_has_no_more_than_its_share(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>")
    web.redirects("/old", "/feed", 302)
    requests = [Request(source="a", url=web.url(path)) for path in ("/feed", "/old", "/none") * 20]
    assert len(list(fetch(requests, limits(web, per_host=2)))) == 60
    assert web.connections <= 2


def test_a_hop_to_another_host_is_polite_to_it_too(web: Loopback) -> None:
    with Loopback() as other:
        web.answers("/feed", lambda _: Given(status=302, headers={"Location": other.url("/feed")}))
        other.serves("/feed", b"<rss/>", delay=0.02)
        requests = [Request(source="a", url=web.url("/feed")) for _ in range(12)]
        outcomes = list(fetch(requests, limits(web, other, per_host=1)))
        assert all(isinstance(outcome, Response) for _, outcome in outcomes)
        assert other.connections == 1


def test_nothing_new_starts_while_bodies_exceed_the_budget(web: Loopback) -> None:
    web.breaks("/large", b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + b"x" * 50_000, hold=60)
    web.serves("/feed", b"<rss/>")
    fetcher = Fetcher(limits(web), budget=40_000)
    fetcher.add(Request(source="large", url=web.url("/large")))
    until = time.monotonic() + 30
    while fetcher._held() < 50_000 and time.monotonic() < until:
        fetcher.perform(0.01)
    fetcher.add(Request(source="feed", url=web.url("/feed")))
    assert fetcher.perform(0.1) == []
    assert web.paths == ["/large"]
    fetcher.close()


def test_a_fetcher_counts_what_it_was_given(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>")
    fetcher = Fetcher(limits(web, at_once=3))
    assert (fetcher.active, fetcher.free) == (0, 3)
    for _ in range(5):
        fetcher.add(Request(source="a", url=web.url("/feed")))
    assert (fetcher.active, fetcher.free) == (5, 0)
    done: list[object] = []
    while fetcher.active:
        done += fetcher.perform(5)
    assert len(done) == 5
    assert (fetcher.active, fetcher.free) == (0, 3)
    fetcher.close()


def test_what_waits_for_its_host_holds_no_slot(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>", delay=60)
    fetcher = Fetcher(limits(web, at_once=3, per_host=1))
    request = Request(source="a", url=web.url("/feed"))
    waiting = 0
    while fetcher.free:
        for _ in range(fetcher.free):
            fetcher.add(request)
            waiting += 1
        assert fetcher.free == 0
        fetcher.perform(0)
        assert fetcher.line(web.url("/else")) == waiting - 1
    assert waiting == 3 * 16
    with Loopback() as other:
        assert fetcher.line(other.url("/feed")) == 0
    fetcher.close()


def test_closing_aborts_what_is_in_flight(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>", delay=60)
    fetcher = Fetcher(limits(web))
    fetcher.add(Request(source="a", url=web.url("/feed")))
    while not web.requests:
        fetcher.perform(0.01)
    started = time.monotonic()
    fetcher.close()
    assert time.monotonic() - started < 5
    assert fetcher.active == 0


def test_the_fake_web_has_what_a_fetcher_has() -> None:
    public = {name for name in vars(Fetcher) if not name.startswith("_")}
    assert public <= {name for name in dir(FakeWeb) if not name.startswith("_")}


def test_the_fake_web_answers_as_it_was_told() -> None:
    fake = FakeWeb({"https://morning.example/feed": b"<rss/>"}, at_once=3)
    fake.serves("https://evening.example/feed", b"<rss/>", etag='"1"')
    fake.fails("https://night.example/feed", TimedOut("no answer within 30 s"))
    for host in ("morning", "evening", "night", "noon"):
        fake.add(Request(source=host, url=f"https://{host}.example/feed", etag='"1"'))
    assert (fake.active, fake.free) == (4, 0)
    told = {request.source: type(outcome) for request, outcome in fake.perform(1)}
    assert told == {"morning": Response, "evening": Unchanged, "night": TimedOut, "noon": Rejected}
    assert (fake.active, fake.free) == (0, 3)


class Forgetful:
    """A server that keeps its connections open, and cuts each when a second request comes on it."""

    def __init__(self, *, holds: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._together = threading.Barrier(
            holds
        )  # the first answers wait for each other: as many connections
        self._holds = holds
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(
                    target=self._answer, args=(connection, self.connections), daemon=True
                ).start()

    def _answer(self, connection: socket.socket, number: int) -> None:
        with connection:
            connection.recv(10_000)
            if number <= self._holds:
                self._together.wait(30)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>")
            connection.recv(10_000)


def test_connections_that_all_died_while_they_were_kept_are_replaced() -> None:
    with contextlib.closing(Forgetful(holds=8)) as server:
        fetcher = Fetcher(Limits(private=(server.address,), per_host=8, pause=timedelta(0)))
        first = [Request(source=str(number), url=f"http://{server.address}/feed") for number in range(8)]
        for request in first:
            fetcher.add(request)
        assert [type(outcome) for _, outcome in all_of(fetcher, 8)] == [Response] * 8
        fetcher.add(first[0])
        [(_, outcome)] = all_of(fetcher, 1)
        fetcher.close()
        assert body_of(outcome) == b"<rss/>"
        assert server.connections == 9


def test_a_fetcher_that_waits_can_be_woken_from_another_thread() -> None:
    fetcher = Fetcher(Limits())
    ringing = threading.Timer(0.05, fetcher.wake)
    ringing.start()
    began = time.monotonic()
    assert fetcher.perform(60) == []
    ringing.join()
    fetcher.wake()
    assert fetcher.perform(60) == []  # woken before it waited
    assert time.monotonic() - began < 50
    for _ in range(10_000):
        fetcher.wake()
    assert fetcher.perform(60) == []
    fetcher.close()
    fetcher.wake()


def test_a_server_that_cuts_every_connection_is_asked_twice_at_most(web: Loopback) -> None:
    def hang_up(asked: Asked) -> Given:
        raise OSError

    web.answers("/feed", hang_up)
    assert isinstance(get(web), Unreachable)
    assert len(web.requests) <= 2


def all_of(fetcher: Fetcher, count: int) -> list[tuple[Request, object]]:
    done: list[tuple[Request, object]] = []
    until = time.monotonic() + 60
    while len(done) < count and time.monotonic() < until:
        done += fetcher.perform(1.0)
    return done
