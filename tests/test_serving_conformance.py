import gzip
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pytest

from hubs import Hub
from nginx import under_nginx, under_nginx_and_waitress
from servers import STYLE, WAYS, Answer, Server, brotlied, write

BODY = b"<rss>" + b"a day of news " * 40 + b"</rss>"
DOCUMENTS = {
    "/day.rss": BODY,
    "/day.atom": b"<feed/>",
    "/day.json": b"{}",
    "/index.html": b"<!DOCTYPE html><title>Front</title>",
    "/day/index.html": b"<!DOCTYPE html><title>Day</title>",
    "/day/2024-11-20.rss": b"<rss>closed</rss>",
    "/subscriptions.opml": b"<opml/>",
    STYLE: b"body{}",
    "/Օր/index.html": b"<!DOCTYPE html><title>hy</title>",
    "/robots.txt": b"User-agent: *\n",
    "/sitemap.xml": b"<urlset/>",
    "/sitemap-12.xml": b"<urlset/>",
    "/favicon.ico": b"\0\0\1\0",
    "/.well-known/feed-menu.json": b'{"items": []}',
    "/.well-known/security.txt": b"Contact: mailto:desk@news.example\n",
    "/.well-known/other.txt": b"secret",
    "/.gone/old": b"secret",
    "/.hidden.rss": b"secret",
    "/notes.txt": b"secret",
}
STAMP = "Sun, 24 Nov 2024 10:24:00 GMT"
EARLIER = "Sun, 24 Nov 2024 10:23:59 GMT"
LATER = "Sun, 24 Nov 2024 10:24:01 GMT"
OWN, OTHER = "THE-TAG-OF-WHAT-IS-ASKED", '"another"'
ANY = "whatever it is"
CORS = {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"}
MINUTE = "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A request, and what RFC 9110 and docs/design.md (8) say of the answer."""

    name: str
    method: str = "GET"
    target: str = "/day.rss"
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    told: Mapping[str, str | None] = field(default_factory=dict)  # None = the header is not there
    body: bytes | None = None  # decoded; None = whatever it is


def conditional(name: str, status: int, **headers: str) -> Case:
    asked = {key.replace("_", "-"): value for key, value in headers.items()}
    told: dict[str, str | None] = {"etag": OWN, "vary": "Accept-Encoding", "cache-control": MINUTE}
    if status == 304:
        told |= {"content-type": None, "content-encoding": None, "last-modified": STAMP}
    if status == 412:
        told = {"cache-control": "no-store", "etag": None}
    return Case(name=name, headers=asked, status=status, told=told, body={200: BODY, 304: b""}.get(status))


def encoded(accept: str, coding: str | None) -> Case:
    return Case(
        name=f"Accept-Encoding: {accept}",
        headers={"Accept-Encoding": accept},
        told={"content-encoding": coding, "vary": "Accept-Encoding", "etag": ANY},
        body=BODY,
    )


def sent_as(coding: str | None) -> dict[str, object]:
    return {"told": {"content-encoding": coding, "vary": "Accept-Encoding", "etag": ANY}}


def kind(target: str, media_type: str, caching: str = MINUTE, **told: str | None) -> Case:
    return Case(
        name=f"the headers of {target}",
        target=target,
        told={"content-type": media_type, "cache-control": caching, "etag": ANY, "last-modified": STAMP}
        | told,
        body=DOCUMENTS[target + "index.html" if target.endswith("/") else target],
    )


def absent(name: str, target: str) -> Case:
    return Case(name=name, target=target, status=404, told={"cache-control": "no-store"})


def gone(target: str) -> Case:
    return Case(name=f"{target} is gone", target=target, status=410, told={"cache-control": "no-store"})


def refused(method: str, target: str = "/day.rss") -> Case:
    told = {"allow": "GET, HEAD, OPTIONS", "cache-control": "no-store"}
    return Case(name=f"{method} {target}", method=method, target=target, status=405, told=told)


def moved(target: str, to: str) -> Case:
    told = {"location": to, "cache-control": "public, max-age=60"}
    return Case(name=f"{target} leads on", target=target, status=308, told=told, body=b"")


PREFLIGHT = {
    "allow": "GET, HEAD, OPTIONS",
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": ANY,
    "access-control-max-age": "86400",
}
TABLE = [
    # 13.1.2, 13.2.2: If-None-Match, weakly compared, before If-Modified-Since
    conditional("no condition", 200),
    conditional("its own tag", 304, If_None_Match=OWN),
    conditional("its own tag, weak", 304, If_None_Match=f"W/{OWN}"),
    conditional("its own tag first", 304, If_None_Match=f"{OWN}, {OTHER}"),
    conditional("its own tag last", 304, If_None_Match=f"{OTHER}, W/{OTHER},{OWN}"),
    conditional("its own tag after an empty place", 304, If_None_Match=f", ,{OWN}"),
    conditional("its own tag after one with a comma", 304, If_None_Match=f'"a,b", {OWN}'),
    conditional("any tag", 304, If_None_Match="*"),
    conditional("another tag", 200, If_None_Match=OTHER),
    conditional("a star in quotes", 200, If_None_Match='"*"'),
    conditional("an empty tag", 200, If_None_Match='""'),
    conditional("a tag without quotes", 200, If_None_Match="another"),
    conditional("half a tag", 200, If_None_Match='"'),
    conditional("a small w", 200, If_None_Match='w/"another"'),
    conditional("its own tag over an old date", 304, If_None_Match=OWN, If_Modified_Since=EARLIER),
    conditional("another tag over a new date", 200, If_None_Match=OTHER, If_Modified_Since=LATER),
    conditional("a tag without sense over a new date", 200, If_None_Match="x", If_Modified_Since=LATER),
    # 13.1.3: If-Modified-Since, in the three forms of 5.6.7
    conditional("its own date", 304, If_Modified_Since=STAMP),
    conditional("a later date", 304, If_Modified_Since=LATER),
    conditional("an earlier date", 200, If_Modified_Since=EARLIER),
    conditional("a date of RFC 850", 304, If_Modified_Since="Sunday, 24-Nov-24 10:24:00 GMT"),
    conditional("a date of asctime", 304, If_Modified_Since="Sun Nov 24 10:24:00 2024"),
    conditional("no date", 200, If_Modified_Since="yesterday"),
    conditional("a date that never was", 200, If_Modified_Since="Sun, 31 Feb 2024 10:24:00 GMT"),
    conditional("an empty date", 200, If_Modified_Since=""),
    # 13.1.1, 13.1.4: If-Match, strongly compared, and If-Unmodified-Since
    conditional("to match its own tag", 200, If_Match=OWN),
    conditional("to match any tag", 200, If_Match="*"),
    conditional("to match another tag", 412, If_Match=OTHER),
    conditional("to match its own tag, weak", 412, If_Match=f"W/{OWN}"),
    conditional("unmodified since its date", 200, If_Unmodified_Since=STAMP),
    conditional("unmodified since an earlier date", 412, If_Unmodified_Since=EARLIER),
    conditional("unmodified since no date", 200, If_Unmodified_Since="yesterday"),
    conditional("to match its own tag over a date", 200, If_Match=OWN, If_Unmodified_Since=EARLIER),
    conditional("to match its own tag, and known", 304, If_Match=OWN, If_None_Match=OWN),
    conditional("to match another tag, and known", 412, If_Match=OTHER, If_None_Match=OWN),
    # 14.2: a range may be passed over
    conditional("a range", 200, Range="bytes=0-1"),
    conditional("a range that nothing has", 200, Range="bytes=99999-"),
    # 12.5.3: content codings; each form has a tag of its own (8.8.3.3)
    conditional("the tag of the gzip form", 304, If_None_Match=OWN, Accept_Encoding="gzip"),
    conditional("the tag of the brotli form", 304, If_None_Match=OWN, Accept_Encoding="br"),
    conditional("the date of the gzip form", 304, If_Modified_Since=STAMP, Accept_Encoding="gzip"),
    encoded("", None),
    encoded("identity", None),
    encoded("gzip", "gzip"),
    encoded("x-gzip", "gzip"),
    encoded("GZIP", "gzip"),
    encoded("br", "br"),
    encoded("gzip, deflate, br, zstd", "br"),
    encoded("gzip;q=1.0, br;q=0.9", "gzip"),
    encoded("gzip;q=0.5, br;q=0.5", "br"),
    encoded("gzip ; q=0.5", "gzip"),
    encoded("gzip;q=0", None),
    encoded("gzip;q=0.0, br;q=0.000", None),
    encoded("gzip;q=0.4, identity;q=0.5", None),
    encoded("identity;q=0, gzip;q=0.001", "gzip"),
    encoded("identity;q=0", None),
    encoded("*", "br"),
    encoded("*;q=0", None),
    encoded("br;q=0, *", "gzip"),
    encoded("gzip;q=much", None),
    encoded("gzip;q=2", None),
    encoded("zstd, deflate", None),
    encoded(";;;,,", None),
    # What goes with each kind of document
    kind("/day.rss", "application/rss+xml; charset=utf-8", link=ANY),
    kind("/day.atom", "application/atom+xml; charset=utf-8", link=ANY),
    kind("/day.json", "application/feed+json", link=ANY),
    kind("/", "text/html; charset=utf-8", link=None),
    kind("/day/", "text/html; charset=utf-8", link=None),
    kind("/subscriptions.opml", "text/x-opml; charset=utf-8", link=None),
    kind(STYLE, "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
    kind(
        "/day/2024-11-20.rss",
        "application/rss+xml; charset=utf-8",
        "public, max-age=3600, stale-while-revalidate=3600, stale-if-error=86400",
        link=ANY,
    ),
    kind("/robots.txt", "text/plain; charset=utf-8", link=None),
    kind("/sitemap.xml", "application/xml; charset=utf-8", link=None),
    kind("/sitemap-12.xml", "application/xml; charset=utf-8", link=None),
    kind("/favicon.ico", "image/x-icon", link=None),
    kind("/.well-known/feed-menu.json", "application/json", link=None),
    kind("/.well-known/security.txt", "text/plain; charset=utf-8", link=None),
    # Addresses
    Case(name="a query", target="/day.rss?utm_source=a&b", body=BODY),
    Case(name="an escaped letter", target="/%64ay.rss", body=BODY),
    Case(name="the absolute form", target="http://other.example/day.rss", body=BODY),
    Case(name="an address in UTF-8", target="/%D5%95%D6%80/", body=DOCUMENTS["/Օր/index.html"]),
    # WSGI hands on paths unescaped: one way to write a slash is as good as the other.
    Case(name="an escaped slash", target="/day%2F2024-11-20.rss", body=DOCUMENTS["/day/2024-11-20.rss"]),
    moved("/day", "day/"),
    moved("/%D5%95%D6%80", "%D5%95%D6%80/"),
    moved("/feed", "day.rss"),
    moved("/atom.xml", "day.atom"),
    absent("nothing", "/nothing.rss"),
    absent("a dot segment", "/./day.rss"),
    absent("two dot segments", "/day/../day.rss"),
    absent("escaped dot segments", "/%2e%2e/outside.rss"),
    absent("an escaped slash with dots", "/..%2foutside.rss"),
    absent("an escaped backslash", "/..%5coutside.rss"),
    absent("an escaped NUL", "/day.rss%00"),
    absent("no UTF-8", "/%ff.rss"),
    absent("half an escape", "/%d5.rss"),
    absent("an empty segment", "/day//2024-11-20.rss"),
    absent("a long segment", "/" + "a" * 300 + ".rss"),
    absent("a long path", "/a" * 4000),
    absent("a compressed form", "/day.rss.gz"),
    absent("a page by its file", "/day/index.html"),
    gone("/old.rss"),
    gone("/old/"),
    gone("/old"),
    gone("/old/2024-11-20.atom"),
    absent("what begins as what is gone", "/older.rss"),
    absent("the mark of what is gone", "/.gone/old"),
    absent("the folder of marks", "/.gone/"),
    absent("a file that is not well known", "/.well-known/other.txt"),
    absent("what is well known as a folder", "/.well-known/"),
    absent("a hidden file", "/.hidden.rss"),
    absent("a file of no kind of ours", "/notes.txt"),
    absent("a document as a folder", "/day.rss/"),
    # Methods
    Case(name="OPTIONS", method="OPTIONS", status=204, told=PREFLIGHT, body=b""),
    Case(name="OPTIONS of nothing", method="OPTIONS", target="/x", status=204, told=PREFLIGHT, body=b""),
    Case(
        name="the pre-flight",
        method="OPTIONS",
        headers={"Origin": "https://reader.example", "Access-Control-Request-Method": "GET"},
        status=204,
        told=PREFLIGHT,
    ),
    refused("POST"),
    refused("PUT"),
    refused("PATCH"),
    refused("DELETE"),
    refused("TRACE"),
    refused("PROPFIND"),
    refused("BREW"),
    refused("POST", "/nothing"),
    refused("POST", "/health"),
    refused("get"),
    Case(
        name="ready", target="/ready", told={"cache-control": "no-store", "content-type": "application/json"}
    ),
    Case(name="health", target="/health", status=503, told={"cache-control": "no-store"}),
]


NGINX = {"nginx": under_nginx, "nginx before the hub": under_nginx_and_waitress}
# What servers of others do in their own way, by the names of cases; docs/deploying.md tells of nginx.
NOT_LET_IN = {"status": 400}
OWN_WORDS: dict[str, object] = {"body": None}
BY_NGINX: dict[str, dict[str, object]] = {
    # It asks the date also where there is a tag, and takes what is no date for an old one.
    "its own tag over an old date": {"status": 200, "told": {"etag": OWN}, "body": BODY},
    "unmodified since no date": {"status": 412, "told": {"cache-control": "no-store"}, "body": None},
    "to match its own tag over a date": {"status": 412, "told": {"cache-control": "no-store"}, "body": None},
    # It knows gzip alone, by its name and whether it is refused.
    "the tag of the brotli form": {"headers": {"If-None-Match": OWN, "Accept-Encoding": "br"}},
    "Accept-Encoding: x-gzip": sent_as(None),
    "Accept-Encoding: br": sent_as(None),
    "Accept-Encoding: gzip, deflate, br, zstd": sent_as("gzip"),
    "Accept-Encoding: gzip;q=0.5, br;q=0.5": sent_as("gzip"),
    "Accept-Encoding: gzip;q=0.4, identity;q=0.5": sent_as("gzip"),
    "Accept-Encoding: *": sent_as(None),
    "Accept-Encoding: br;q=0, *": sent_as(None),
    # It resolves dot segments, as readers do before they ask.
    "a dot segment": {"status": 200, "told": {}},
    "two dot segments": {"status": 200, "told": {}},
    "escaped dot segments": NOT_LET_IN,
    "an escaped slash with dots": NOT_LET_IN,
    "an escaped NUL": NOT_LET_IN,
    "get /day.rss": NOT_LET_IN,
    "/day leads on": OWN_WORDS,
    "/%D5%95%D6%80 leads on": OWN_WORDS,
    "/feed leads on": OWN_WORDS,
    "/atom.xml leads on": OWN_WORDS,
}
OTHERWISE: dict[str, dict[str, dict[str, object]]] = {
    "waitress": {"get /day.rss": NOT_LET_IN},
    "nginx": BY_NGINX | {"ready": {"status": 404, "told": {}}, "health": {"status": 404}},
    "nginx before the hub": BY_NGINX,
}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    hub = Hub(tmp_path_factory.mktemp("hub")).configure()
    for path, body in DOCUMENTS.items():
        write(hub.feeds, path, body, brotli=brotlied(body))
    write(hub.folder, "/outside.rss", b"secret")
    return hub


@pytest.fixture(scope="module", params=WAYS | NGINX)
def server(request: pytest.FixtureRequest, hub: Hub) -> Iterator[tuple[str, Server]]:
    with ExitStack() as stack:
        yield request.param, stack.enter_context((WAYS | NGINX)[request.param](hub))


def decoded(answer: Answer) -> bytes:
    match answer.headers.get("content-encoding"):
        case "gzip":
            return gzip.decompress(answer.body)
        case "br":
            import brotli

            plain: bytes = brotli.decompress(answer.body)
            return plain
        case _:
            return answer.body


def asked(server: Server, case: Case) -> tuple[Answer, str]:
    """Ask; gives also the tag of the form that is asked for."""
    form = {name: value for name, value in case.headers.items() if name == "Accept-Encoding"}
    own = server.ask("GET", case.target, form).headers.get("etag", "") if _names_own(case) else ""
    headers = {name: value.replace(OWN, own) for name, value in case.headers.items()}
    return server.ask(case.method, case.target, headers), own


def _names_own(case: Case) -> bool:
    return any(OWN in (value or "") for value in (*case.headers.values(), *case.told.values()))


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name[:60])
def test_a_request_is_answered_as_the_table_says(server: tuple[str, Server], case: Case) -> None:
    case = replace(case, **OTHERWISE.get(server[0], {}).get(case.name, {}))  # type: ignore[arg-type]
    answer, own = asked(server[1], case)
    assert answer.status == case.status
    if answer.status == 400:
        return
    assert {**answer.headers, **CORS} == answer.headers
    for name, value in case.told.items():
        if value == ANY:
            assert answer.headers[name]
        else:
            assert answer.headers.get(name) == (own if value == OWN else value), name
    assert case.body is None or decoded(answer) == case.body
    assert b"secret" not in answer.body


@pytest.mark.parametrize(
    "case", [case for case in TABLE if case.method == "GET"], ids=lambda case: case.name[:60]
)
def test_head_tells_what_get_tells_without_the_body(server: tuple[str, Server], case: Case) -> None:
    get, _ = asked(server[1], case)
    head, _ = asked(server[1], replace(case, method="HEAD"))
    assert (head.status, head.body) == (get.status, b"")
    for name in ("content-length", "content-type", "etag", "last-modified", "vary", "cache-control", "link"):
        assert head.headers.get(name) == get.headers.get(name), name


def test_the_table_is_long_enough() -> None:
    names = [case.name for case in TABLE]
    assert len(names) == len(set(names)) >= 60
