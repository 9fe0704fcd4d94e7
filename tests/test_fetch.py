import gzip
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import body_of, get, limits
from feedhub.errors import FetchError, Gone, Refused, Rejected, Unreachable
from feedhub.model import Response, Unchanged
from loopback import Loopback


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        yield web


# ── What is asked for ────────────────────────────────────────────────────────────────────────────


def test_an_answer_brings_its_body_and_headers(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>", etag='"1"', headers={"X-One": "a"})
    outcome = get(web)
    assert isinstance(outcome, Response)
    assert (outcome.url, outcome.status, outcome.body, outcome.moved) == (
        web.url("/feed"),
        200,
        b"<rss/>",
        "",
    )
    assert outcome.headers["etag"] == '"1"'
    assert outcome.headers["x-one"] == "a"


def test_a_request_says_who_we_are_and_what_we_read(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>")
    get(web, within=limits(web, user_agent="FeedHub/1 (+https://news.example)"))
    [(method, path, headers)] = web.requests
    assert (method, path) == ("GET", "/feed")
    assert headers["user-agent"] == "FeedHub/1 (+https://news.example)"
    assert headers["accept"].startswith("application/rss+xml, application/atom+xml, application/feed+json")
    assert headers["accept"].endswith("*/*;q=0.1")
    assert headers["accept-encoding"] == "gzip, deflate"
    assert headers["a-im"] == "feed"
    assert not {"authorization", "cookie", "if-none-match", "if-modified-since"} & set(headers)


@pytest.mark.parametrize("etag", ['"1"', 'W/"a b"', "unquoted", '"café"', '"1-gzip", "2"'])
def test_validators_go_back_exactly_as_they_came(web: Loopback, etag: str) -> None:
    web.serves("/feed", b"<rss/>", etag=etag, last_modified="Sun, 24 Nov 2024 10:24:00 +0000")
    first = get(web)
    assert isinstance(first, Response)
    get(web, etag=first.headers["etag"], last_modified=first.headers["last-modified"])
    headers = web.requests[-1][2]
    assert headers["if-none-match"] == etag
    assert headers["if-modified-since"] == "Sun, 24 Nov 2024 10:24:00 +0000"


def test_a_304_is_unchanged_with_its_headers(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>", etag='"1"', headers={"Cache-Control": "max-age=600"})
    outcome = get(web, etag='"1"')
    assert isinstance(outcome, Unchanged)
    assert outcome.headers["cache-control"] == "max-age=600"


def test_a_304_that_nobody_asked_for_is_rejected(web: Loopback) -> None:
    web.serves("/feed", status=304)
    outcome = get(web)
    assert isinstance(outcome, Rejected)
    assert outcome.status == 304


def test_a_validator_with_a_line_break_is_not_sent(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>")
    assert body_of(get(web, etag='"1"\r\nX-Bad: 1')) == b"<rss/>"
    assert not {"x-bad", "if-none-match"} & set(web.requests[0][2])


def test_repeated_headers_are_joined_and_folded_ones_unfolded(web: Loopback) -> None:
    web.breaks(
        "/feed", b"HTTP/1.1 200 OK\r\nLink: <a>\r\nLINK: <b>\r\nX: 1\r\n  2\r\nContent-Length: 1\r\n\r\nx"
    )
    outcome = get(web)
    assert isinstance(outcome, Response)
    assert outcome.headers["link"] == "<a>, <b>"
    assert outcome.headers["x"] == "1 2"


def test_headers_are_those_of_the_answer_not_of_hints_or_trailers(web: Loopback) -> None:
    web.breaks(
        "/feed",
        b"HTTP/1.1 103 Early Hints\r\nX-Hint: 1\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
        b"ETag: a\r\n\r\n1\r\nx\r\n0\r\nETag: b\r\n\r\n",
    )
    outcome = get(web)
    assert isinstance(outcome, Response)
    assert outcome.headers == {"transfer-encoding": "chunked", "etag": "a"}


# ── Statuses ─────────────────────────────────────────────────────────────────────────────────────


def test_a_226_is_an_answer_and_says_so(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>", status=226)
    outcome = get(web, etag='"1"')
    assert isinstance(outcome, Response)
    assert outcome.status == 226


@pytest.mark.parametrize("status", [201, 204, 205, 206, 300, 400, 401, 403, 404, 406, 418, 500, 502, 599])
def test_other_statuses_are_rejected_in_words(web: Loopback, status: int) -> None:
    web.serves("/feed", b"sorry", status=status)
    outcome = get(web)
    assert isinstance(outcome, Rejected)
    assert outcome.status == status
    assert outcome.retry_after is None
    assert str(outcome).startswith(f"answered {status}")


def test_words_name_the_status(web: Loopback) -> None:
    assert str(get(web, "/none")) == "answered 404 Not Found"


def test_a_410_is_gone(web: Loopback) -> None:
    web.serves("/feed", status=410)
    assert isinstance(get(web), Gone)


def test_an_empty_body_is_no_answer(web: Loopback) -> None:
    web.serves("/feed", b"")
    assert str(get(web)) == "answered 200 OK with nothing in it"


DATE = "Sun, 24 Nov 2024 10:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Sun, 24 Nov 2024 10:05:00 GMT", 300),
        ("86401", 86400),
        ("9" * 30, 86400),
        ("Mon, 24 Nov 2025 10:05:00 GMT", 86400),
        ("0", None),
        ("Sun, 24 Nov 2024 09:00:00 GMT", None),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("Sun, 99 Nov 2024", None),
        ("٣", None),
    ],
)
def test_a_wait_is_read_in_both_forms(web: Loopback, value: str, seconds: int | None) -> None:
    sent = {"Retry-After": value.encode().decode("latin-1"), "Date": DATE}
    for status in (429, 503):
        web.serves("/feed", b"busy", status=status, headers=sent)
        outcome = get(web)
        assert isinstance(outcome, Rejected)
        assert outcome.retry_after == (None if seconds is None else timedelta(seconds=seconds))


def test_only_429_and_503_may_ask_to_wait(web: Loopback) -> None:
    web.serves("/feed", status=404, headers={"Retry-After": "60"})
    outcome = get(web)
    assert isinstance(outcome, Rejected)
    assert outcome.retry_after is None


def test_the_status_of_a_failure_stands_however_its_page_ends(web: Loopback) -> None:
    web.breaks("/feed", b"HTTP/1.1 503 Busy\r\nContent-Length: 999\r\n\r\nwe are")
    assert str(get(web)) == "answered 503 Service Unavailable"
    web.serves("/feed", b"x" * 1_000_000, status=500)
    assert str(get(web)) == "answered 500 Internal Server Error"


# ── Bodies ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_compressed_bodies_are_decoded(web: Loopback, coding: str, pack: Callable[[bytes], bytes]) -> None:
    body = b"<rss/>" * 20_000
    web.serves("/feed", pack(body), headers={"Content-Encoding": coding})
    assert body_of(get(web)) == body


def test_a_body_may_be_as_large_as_the_limit(web: Loopback) -> None:
    web.serves("/feed", b"x" * 5000)
    assert len(body_of(get(web, within=limits(web, max_size=5000)))) == 5000
    outcome = get(web, within=limits(web, max_size=4999))
    assert isinstance(outcome, Refused)
    assert str(outcome) == "an answer of more than 4.999 KB"


@pytest.mark.parametrize("name", ["Content-Length", "X-Length"])
def test_an_answer_that_is_too_large_is_cut_off(web: Loopback, name: str) -> None:
    head = f"HTTP/1.1 200 OK\r\n{name}: 90000000\r\n\r\n".encode()
    web.breaks("/feed", head + b"x" * 2_000_000, hold=30)
    assert str(get(web, within=limits(web, max_size=1_000_000))) == "an answer of more than 1 MB"


def test_a_bomb_is_cut_off_while_it_unpacks(web: Loopback) -> None:
    web.serves("/feed", gzip.compress(b"\0" * 30_000_000), headers={"Content-Encoding": "gzip"})
    assert str(get(web)) == "an answer of more than 10 MB"


def test_a_gzip_stream_that_holds_nothing_for_ever_is_cut_off(web: Loopback) -> None:
    packer = zlib.compressobj(wbits=31)
    nothing = packer.flush(zlib.Z_SYNC_FLUSH) + b"\0\0\0\xff\xff" * 100_000
    web.serves("/feed", nothing, headers={"Content-Encoding": "gzip"})
    assert str(get(web, within=limits(web, max_size=100_000))) == "an answer of more than 100 KB"


def test_a_body_that_breaks_off_is_no_body(web: Loopback) -> None:
    packed = gzip.compress(b"<rss/>" * 1000)
    broken = {
        "/length": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss>",
        "/chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n<rss>",
        "/end": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        "/size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss>",
        "/gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed[:-9],
        "/head": b"HTTP/1.1 200 OK\r\nContent-Le",
        "/nothing": b"\r\n",
        "/words": b"hello",
    }
    for path, raw in broken.items():
        web.breaks(path, raw)
        outcome = get(web, path)
        assert isinstance(outcome, Unreachable), (path, outcome)
    assert str(get(web, "/gzip")) == "the answer broke off in the midst of its compressed data"
    assert str(get(web, "/length")) == "the answer broke off before its end"
    assert str(get(web, "/words")) == "the answer is not HTTP"


def test_a_body_without_a_length_ends_with_the_connection(web: Loopback) -> None:
    web.breaks("/feed", b"HTTP/1.0 200 OK\r\n\r\n<rss/>")
    assert body_of(get(web)) == b"<rss/>"


@pytest.mark.parametrize("line", [b"X: 1\r\n" * 20_000, b"X: " + b"a" * 70_000, b"X: " + b"a" * 400_000])
def test_endless_headers_are_refused(web: Loopback, line: bytes) -> None:
    web.breaks("/feed", b"HTTP/1.1 200 OK\r\n" + line + b"\r\n\r\nx")
    outcome = get(web)
    assert isinstance(outcome, Refused)
    assert str(outcome) == "an answer with more than 64 KB of headers"


STARTS = [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 301 x\r\nLocation: "]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.binary(max_size=60),
    start=st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 301 x\r\nLocation: "]),
)
def test_whatever_a_server_sends_there_is_an_outcome(web: Loopback, head: bytes, start: bytes) -> None:
    web.breaks("/feed", start + head + b"\r\n\r\n<rss/>")
    outcome = get(web)
    assert isinstance(outcome, Response | FetchError)
