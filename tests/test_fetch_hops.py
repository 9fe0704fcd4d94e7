from collections.abc import Iterator

import pytest

from asking import NO_PAUSE, body_of, get, get_url, limits
from feedhub.errors import FetchError, Refused, Unreachable
from feedhub.fetch import fetch
from feedhub.model import Limits, Request, Response, Unchanged
from loopback import Loopback


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as web:
        yield web


# ── Hops ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("statuses", "is_moved"),
    [
        ([301], True),
        ([308], True),
        ([301, 308], True),
        ([302], False),
        ([303], False),
        ([307], False),
        ([301, 302], False),
        ([302, 301], False),
    ],
)
def test_a_feed_moved_if_every_hop_is_permanent(web: Loopback, statuses: list[int], is_moved: bool) -> None:
    for number, status in enumerate(statuses):
        web.redirects(f"/{number}", f"/{number + 1}", status)
    web.serves(f"/{len(statuses)}", b"<rss/>")
    end = web.url(f"/{len(statuses)}")
    outcome = get(web, "/0")
    assert isinstance(outcome, Response)
    assert outcome.url == end
    assert outcome.moved == (end if is_moved else "")


def test_hops_are_counted(web: Loopback) -> None:
    for number in range(6):
        web.redirects(f"/{number}", f"/{number + 1}")
    web.serves("/6", b"<rss/>")
    assert body_of(get(web, "/1")) == b"<rss/>"
    outcome = get(web, "/0")
    assert isinstance(outcome, Refused)
    assert str(outcome) == "redirected more than 5 times"


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "gopher://x.example/",
        "ftp://x.example/",
        "javascript:alert(1)",
        "http://[",
        "ws://x.example/",
    ],
)
def test_hops_lead_to_http_only(web: Loopback, to: str) -> None:
    web.redirects("/feed", to)
    outcome = get(web)
    assert isinstance(outcome, FetchError)
    assert str(outcome).endswith("is no http(s) URL")


def test_a_redirect_to_nowhere_is_rejected(web: Loopback) -> None:
    web.serves("/feed", status=302)
    assert str(get(web)) == "answered 302 Found without saying where"


def test_a_redirect_may_name_its_goal_in_utf_8(web: Loopback) -> None:
    web.redirects("/feed", "/новости".encode().decode("latin-1"))
    web.serves("/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8", b"<rss/>")
    assert body_of(get(web)) == b"<rss/>"


def test_validators_reach_the_answer_behind_a_hop(web: Loopback) -> None:
    web.redirects("/old", "/feed")
    web.serves("/feed", b"<rss/>", etag='"1"')
    assert isinstance(get(web, "/old", etag='"1"'), Unchanged)


# ── Credentials ──────────────────────────────────────────────────────────────────────────────────


def authorizations(web: Loopback) -> list[str]:
    return [headers.get("authorization", "") for _, _, headers in web.requests]


@pytest.mark.parametrize(
    ("auth", "header"),
    [
        ("basic:ani:p:w", "Basic YW5pOnA6dw=="),
        ("bearer:t0ken", "Bearer t0ken"),
        ("basic:ani", "Basic YW5pOg=="),
    ],
)
def test_auth_is_sent(web: Loopback, auth: str, header: str) -> None:
    web.serves("/feed", b"<rss/>")
    get(web, auth=auth)
    assert authorizations(web) == [header]


def test_user_information_in_a_url_is_basic_auth_and_stays_out_of_sight(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>")
    url = web.url("/feed").replace("http://", "http://ani:p%40w@")
    outcome = get_url(url, limits(web))
    assert isinstance(outcome, Response)
    assert outcome.url == web.url("/feed")
    assert authorizations(web) == ["Basic YW5pOnBAdw=="]


def test_credentials_follow_to_the_same_host_only(web: Loopback) -> None:
    with Loopback() as other:
        web.redirects("/feed", "/next")
        web.redirects("/next", other.url("/feed"))
        other.serves("/feed", b"<rss/>")
        outcome = get(web, auth="bearer:t0ken", within=limits(web, other))
        assert authorizations(web) == ["Bearer t0ken"] * 2
        assert authorizations(other) == [""]
        assert isinstance(outcome, Response)
        # The next request would bring them to the new host.
        assert outcome.moved == ""


def test_user_information_of_a_hop_is_for_that_hop(web: Loopback) -> None:
    with Loopback() as other:
        web.redirects("/feed", other.url("/feed").replace("//", "//guest:x@"))
        other.redirects("/feed", web.url("/end"))
        web.serves("/end", b"<rss/>")
        assert body_of(get(web, within=limits(web, other))) == b"<rss/>"
        assert authorizations(other) == ["Basic Z3Vlc3Q6eA=="]
        assert authorizations(web) == ["", ""]


def test_no_error_shows_a_secret(web: Loopback) -> None:
    for place in (web.address, "127.0.0.1:1", "nowhere.invalid", "[bad", "10.0.0.1"):
        request = Request(source="a", url=f"http://ani:s3cret@{place}/x?key=s3cret", auth="basic:ani:s3cret")
        [(_, outcome)] = fetch([request], limits(web))
        assert isinstance(outcome, FetchError)
        assert "s3cret" not in str(outcome) + repr(outcome) + repr(request)


def test_auth_of_another_kind_is_refused(web: Loopback) -> None:
    for auth in ("digest:a:b", "bearer:a\r\nX: b", "secret"):
        outcome = get(web, auth=auth)
        assert isinstance(outcome, Refused)
        assert auth not in str(outcome)
    assert web.requests == []


# ── Addresses ────────────────────────────────────────────────────────────────────────────────────


def test_private_addresses_are_not_dialled(web: Loopback) -> None:
    outcome = get(web, within=Limits())
    assert isinstance(outcome, Refused)
    told = "127.0.0.1 is not a public address; if it is yours, name its host and port in [fetch] private"
    assert str(outcome) == told
    assert web.connections == 0


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.1",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0",
        "0.0.0.0",
        "%31%32%37.0.0.1",
    ],
)
def test_no_spelling_leads_past_the_guard(web: Loopback, host: str) -> None:
    outcome = get_url(f"http://{host}:{web.port}/", limits(web))
    assert isinstance(outcome, FetchError)
    assert web.connections == 0


def test_an_exception_holds_for_its_own_host_and_port_only(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>")
    with Loopback() as other:
        assert isinstance(get(web, within=limits(other)), Refused)
        assert body_of(get(web, within=limits(other, web))) == b"<rss/>"
        assert other.connections == 0


def test_an_exception_may_be_a_name(web: Loopback) -> None:
    web.serves("/feed", b"<rss/>")
    url = f"http://localhost:{web.port}/feed"
    allowed = Limits(private=(f"localhost:{web.port}",), pause=NO_PAUSE)
    outcome = get_url(url, allowed)
    assert body_of(outcome) == b"<rss/>"
    assert isinstance(get(web, within=allowed), Refused)


def test_a_hop_is_judged_as_the_first_address_is(web: Loopback) -> None:
    with Loopback() as other:
        other.serves("/feed", b"secret")
        web.redirects("/feed", other.url("/feed"))
        outcome = get(web)
        assert str(outcome) == "127.0.0.1 is not a public address"
        assert other.connections == 0


def test_a_source_out_there_may_not_lead_to_an_exception(web: Loopback) -> None:
    # The server plays a proxy here, so that a public name can answer.
    web.redirects("http://evil.example/feed", web.url("/intranet"))
    web.serves("http://good.example/feed", b"<rss/>")
    within = limits(web, proxy=web.url(""))
    urls = ["http://evil.example/feed", "http://good.example/feed"]
    outcomes = {
        request.url: outcome
        for request, outcome in fetch([Request(source="a", url=url) for url in urls], within)
    }
    assert str(outcomes[urls[0]]) == "127.0.0.1 is not a public address"
    assert body_of(outcomes[urls[1]]) == b"<rss/>"
    assert "/intranet" not in web.paths


def test_a_source_out_there_may_not_lead_to_an_exception_by_name(web: Loopback) -> None:
    web.redirects("http://evil.example/feed", "http://intranet.example/")
    web.serves("http://intranet.example/", b"secret")
    within = Limits(proxy=web.url(""), private=("intranet.example:80",), pause=NO_PAUSE)
    outcome = get_url("http://evil.example/feed", within)
    assert str(outcome) == "intranet.example is not a public address"
    outcome = get_url("http://intranet.example/", within)
    assert body_of(outcome) == b"secret"


def test_a_proxy_is_not_asked_for_our_own_network(web: Loopback) -> None:
    within = limits(proxy=web.url(""))
    for url in (
        "http://127.0.0.1:1/",
        "http://127.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://10.0.0.1/",
    ):
        outcome = get_url(url, within)
        assert isinstance(outcome, Refused), url
    assert web.requests == []


def test_what_a_proxy_answers_is_not_the_source_s_answer(web: Loopback) -> None:
    within = limits(proxy=web.url(""))
    for raw in (
        b"HTTP/1.1 302 Found\r\nLocation: http://x.example/\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\n\r\n",
    ):
        web.breaks("good.example:443", raw)
        outcome = get_url("https://good.example/feed", within)
        assert isinstance(outcome, Unreachable)
        assert str(outcome) == f"the proxy answered {raw.decode()[9:].splitlines()[0]}"


def test_the_environment_names_no_proxy(web: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    web.serves("/feed", b"<rss/>")
    for name in ("http_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert body_of(get(web)) == b"<rss/>"


@pytest.mark.parametrize(
    "url", ["", "nonsense", "ftp://x.example/", "http://", "http://[::1", "http://x:99999/"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    outcome = get_url(url, Limits())
    assert isinstance(outcome, Refused)
    assert str(outcome) == "the address is no http(s) URL"
