import gzip
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedhub.web import create_app

SITE = "https://desk.example/news"
MODIFIED = datetime(2024, 11, 24, 10, 24, tzinfo=UTC)
STAMP = "Sun, 24 Nov 2024 10:24:00 GMT"
EARLIER = "Sun, 24 Nov 2024 10:23:59 GMT"
LATER = "Sun, 24 Nov 2024 10:24:01 GMT"
NOW = datetime(2024, 11, 26, 9, 0, tzinfo=UTC)
STYLE = "/static/style-0123456789abcdef.css"
ICON = "/static/icon-0123456789abcdef.svg"
DOCUMENTS = {
    "day.rss": b"<rss/>",
    "day.atom": b"<feed/>",
    "day.json": b"{}",
    "index.html": b"<!DOCTYPE html><title>Front</title>",
    "day/index.html": b"<!DOCTYPE html><title>Day</title>",
    "day/2024-11-20.rss": b"<rss>closed</rss>",
    "day/2024-11-24.rss": b"<rss>late</rss>",
    "day/2024-11-24/index.html": b"<!DOCTYPE html><title>24</title>",
    "day/2024-11-20/index.html": b"<!DOCTYPE html><title>20</title>",
    "subscriptions.opml": b"<opml/>",
    STYLE[1:]: b"body{}",
    ICON[1:]: b"<svg/>",
    ".manifest.json": b"{}",
    ".day.rss.new": b"half",
    "day.rss.tmp": b"half",
    "day/.hidden/index.html": b"secret",
    ".hidden.rss": b"secret",
    "notes.txt": b"secret",
    "plain.rss": b"<rss>without a compressed form</rss>",
    "Նորություններ.rss": b"<rss>hy</rss>",
    "Օր/index.html": b"<!DOCTYPE html><title>hy</title>",
}
UNCOMPRESSED = ("plain.rss", ICON[1:])


def write(folder: Path, name: str, body: bytes, *, packed: bytes | None = None) -> None:
    """Write a document as publishing does: the compressed form first, each put in place whole."""
    for place, content in ((folder / f"{name}.gz", packed), (folder / name, body)):
        if content is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            new = place.with_name(f".{place.name}.new")
            new.write_bytes(content)
            os.utime(new, (MODIFIED.timestamp(), MODIFIED.timestamp()))
            new.replace(place)


class Health:
    def __init__(self) -> None:
        self.state: Mapping[str, object] = {"status": "ok"}

    def __call__(self) -> Mapping[str, object]:
        if self.state.get("status") == "broken":
            raise RuntimeError("a secret of ours")
        return self.state


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    folder = tmp_path / "feeds"
    for name, body in DOCUMENTS.items():
        packed = None if name in UNCOMPRESSED else gzip.compress(body, 6, mtime=0)
        write(folder, name, body, packed=packed)
    (tmp_path / "outside.rss").write_bytes(b"secret")
    (folder / "link.rss").symlink_to(tmp_path / "outside.rss")
    (folder / "away").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "pipe.rss")
    (folder / "folder.rss").mkdir()
    return folder


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def web(feeds: Path, health: Health) -> FlaskClient:
    app = create_app(
        feeds,
        site_url=SITE,
        first_feed="day",
        cache=timedelta(seconds=60),
        health=health,
        now=lambda: NOW,
    )
    return app.test_client()


def tag(web: FlaskClient, path: str, **headers: str) -> str:
    return web.get(path, headers=headers).headers["ETag"]


@pytest.mark.parametrize(
    ("path", "name", "media_type"),
    [
        ("/day.rss", "day.rss", "application/rss+xml; charset=utf-8"),
        ("/day.atom", "day.atom", "application/atom+xml; charset=utf-8"),
        ("/day.json", "day.json", "application/feed+json"),
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/day/", "day/index.html", "text/html; charset=utf-8"),
        ("/day/2024-11-24/", "day/2024-11-24/index.html", "text/html; charset=utf-8"),
        ("/day/2024-11-24.rss", "day/2024-11-24.rss", "application/rss+xml; charset=utf-8"),
        ("/subscriptions.opml", "subscriptions.opml", "text/x-opml; charset=utf-8"),
        (STYLE, STYLE[1:], "text/css; charset=utf-8"),
        (ICON, ICON[1:], "image/svg+xml"),
        ("/plain.rss", "plain.rss", "application/rss+xml; charset=utf-8"),
        ("/day.rss?utm_source=a", "day.rss", "application/rss+xml; charset=utf-8"),
        ("/%64ay.rss", "day.rss", "application/rss+xml; charset=utf-8"),
        ("/Նորություններ.rss", "Նորություններ.rss", "application/rss+xml; charset=utf-8"),
    ],
)
def test_a_finished_document_is_served_as_it_stands(
    web: FlaskClient, path: str, name: str, media_type: str
) -> None:
    answer = web.get(path)
    assert (answer.status_code, answer.data) == (200, DOCUMENTS[name])
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Last-Modified"] == STAMP
    assert answer.headers["Content-Length"] == str(len(DOCUMENTS[name]))
    assert answer.headers["ETag"].startswith('"')

    head = web.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.rss",
        "/nothing/",
        "/day.rss/",
        "/day.rss.gz",
        "/index.html.gz",
        "/index.html",
        "/day/index.html",
        "/.manifest.json",
        "/.manifest.json.gz",
        "/.hidden.rss",
        "/day/.hidden/",
        "/.day.rss.new",
        "/day.rss.tmp",
        "/notes.txt",
        "/link.rss",
        "/away/outside.rss",
        "/away/feeds/day.rss",
        "/pipe.rss",
        "/folder.rss",
        "/folder.rss/",
        "/../outside.rss",
        "/day/../../outside.rss",
        "/day/../day.rss",
        "/./day.rss",
        "/%2e%2e/outside.rss",
        "/..%2foutside.rss",
        "/%2e%2e%2foutside.rss",
        "/..%5coutside.rss",
        "/day.rss%00",
        "/day.rss%00.css",
        "/%ff.rss",
        "/~root/.ssh/",
        "/day//2024-11-24/",
        "/static/",
        "/static",
        "/" + "a" * 300 + ".rss",
        "/a" * 5000 + ".rss",
        "/http:/evil.example/",
        "/health/",
    ],
)
def test_what_is_no_finished_document_is_not_there(web: FlaskClient, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 404
    assert b"secret" not in answer.data
    assert b"evil" not in answer.data
    assert b"outside" not in answer.data
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/", "//evil.example/..", "*", "x"])
def test_a_path_that_no_url_has_is_not_there(web: FlaskClient, path: str) -> None:
    answer = web.get(environ_overrides={"PATH_INFO": path, "HTTP_HOST": "evil.example"})
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_an_empty_path_is_the_front_page(web: FlaskClient) -> None:
    answer = web.get(environ_overrides={"PATH_INFO": ""})
    assert (answer.status_code, answer.data) == (200, DOCUMENTS["index.html"])


def test_both_forms_have_strong_tags_of_their_own(web: FlaskClient) -> None:
    plain, packed = tag(web, "/day.rss"), tag(web, "/day.rss", **{"Accept-Encoding": "gzip"})
    assert packed == plain[:-1] + '-gzip"'
    assert not plain.startswith("W/")


def test_without_a_compressed_form_the_plain_one_is_sent(web: FlaskClient) -> None:
    answer = web.get("/plain.rss", headers={"Accept-Encoding": "gzip"})
    assert answer.data == DOCUMENTS["plain.rss"]
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(b"another"), b"no gzip", gzip.compress(b"<rss/>")[:-4], b"", gzip.compress(b"<rss/>more")],
)
def test_a_compressed_form_of_other_bytes_is_never_sent(web: FlaskClient, feeds: Path, packed: bytes) -> None:
    write(feeds, "day.rss", b"<rss/>", packed=packed)
    answer = web.get("/day.rss", headers={"Accept-Encoding": "gzip"})
    assert answer.data == b"<rss/>"
    assert "Content-Encoding" not in answer.headers


def test_a_tag_of_the_other_form_does_not_match(web: FlaskClient) -> None:
    plain = tag(web, "/day.rss")
    headers = {"If-None-Match": plain, "Accept-Encoding": "gzip"}
    assert web.get("/day.rss", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/day.rss", "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"),
        ("/", "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"),
        ("/day/2024-11-24/", "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"),
        ("/day/2024-11-24.rss", "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"),
        ("/day/2024-11-20/", "public, max-age=3600, stale-while-revalidate=3600, stale-if-error=86400"),
        ("/day/2024-11-20.rss", "public, max-age=3600, stale-while-revalidate=3600, stale-if-error=86400"),
        (STYLE, "public, max-age=31536000, immutable"),
        (ICON, "public, max-age=31536000, immutable"),
    ],
)
def test_an_answer_says_how_long_it_stays_good(web: FlaskClient, path: str, caching: str) -> None:
    assert web.get(path).headers["Cache-Control"] == caching


def test_a_feed_names_itself_its_other_formats_and_its_page(web: FlaskClient) -> None:
    assert web.get("/day.atom").headers["Link"].split(", ") == [
        '<https://desk.example/news/day.rss>; rel="alternate"; type="application/rss+xml"',
        '<https://desk.example/news/day.atom>; rel="self"; type="application/atom+xml"',
        '<https://desk.example/news/day.json>; rel="alternate"; type="application/feed+json"',
        '<https://desk.example/news/day/>; rel="alternate"; type="text/html"',
    ]
    dated = web.get("/day/2024-11-24.rss", headers={"Host": "evil.example"}).headers["Link"]
    assert '<https://desk.example/news/day/2024-11-24.rss>; rel="self"' in dated
    assert '<https://desk.example/news/day/2024-11-24/>; rel="alternate"; type="text/html"' in dated
    assert "evil" not in dated
    assert "Link" not in web.get("/").headers


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/feed", "day.rss"),
        ("/rss", "day.rss"),
        ("/feed.xml", "day.rss"),
        ("/index.xml", "day.rss"),
        ("/atom.xml", "day.atom"),
        ("/day", "day/"),
        ("/day?a=b", "day/"),
        ("/day/2024-11-24", "2024-11-24/"),
        ("/Օր", "%D5%95%D6%80/"),
    ],
)
def test_a_usual_address_leads_to_the_document(web: FlaskClient, path: str, location: str) -> None:
    answer = web.get(path, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"], answer.data) == (308, location, b"")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert web.get(urljoin(path, location)).status_code == 200


@pytest.mark.parametrize(
    ("state", "status"),
    [("ok", 200), ("degraded", 200), ("down", 503), ("whatever", 503), (None, 503)],
)
def test_health_tells_how_the_hub_is(web: FlaskClient, health: Health, state: object, status: int) -> None:
    health.state = {"status": state, "stale": ["day"]}
    answer = web.get("/health")
    assert (answer.status_code, answer.json) == (status, {"status": state, "stale": ["day"]})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert web.head("/health").status_code == status


def test_an_error_of_ours_is_told_without_its_cause(web: FlaskClient, health: Health) -> None:
    health.state = {"status": "broken"}
    answer = web.get("/health")
    assert answer.status_code == 500
    assert b"secret" not in answer.data
    assert b"Traceback" not in answer.data
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW"])
@pytest.mark.parametrize("path", ["/day.rss", "/", "/health", "/nothing"])
def test_documents_can_only_be_read(web: FlaskClient, method: str, path: str) -> None:
    answer = web.open(path, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/day.rss", "/", "/health", "/nothing.rss"])
def test_the_pre_flight_lets_any_site_read(web: FlaskClient, path: str) -> None:
    asked = {"Origin": "https://reader.example", "Access-Control-Request-Headers": "if-none-match"}
    answer = web.options(path, headers={**asked, "Access-Control-Request-Method": "GET"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/nothing.rss", "text/plain; charset=utf-8"),
        ("/nothing.atom", "text/plain; charset=utf-8"),
        ("/nothing.json", "text/plain; charset=utf-8"),
        ("/nothing/", "text/html; charset=utf-8"),
        ("/<script>alert(1)</script>", "text/html; charset=utf-8"),
    ],
)
def test_a_problem_is_told_in_the_way_of_the_address(web: FlaskClient, path: str, media_type: str) -> None:
    answer = web.get(path)
    assert answer.headers["Content-Type"] == media_type
    assert b"script" not in answer.data
    assert "nothing at this address" in answer.text


def _every_kind(web: FlaskClient) -> Iterator[TestResponse]:
    for path in ("/", "/day/", "/day.rss", STYLE, "/health", "/feed", "/nothing", "/nothing.rss"):
        yield web.get(path)
    yield web.get("/", headers={"If-None-Match": "*"})
    yield web.options("/")
    yield web.post("/")


def test_every_answer_is_closed_to_mischief_and_open_to_readers(web: FlaskClient) -> None:
    for answer in _every_kind(web):
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert {"ETag", "Link"} <= set(headers["Access-Control-Expose-Headers"].split(", "))
        assert "Set-Cookie" not in headers


def test_a_replaced_document_is_served_at_once_though_size_and_time_are_the_same(
    web: FlaskClient, feeds: Path
) -> None:
    before = tag(web, "/day.rss")
    write(feeds, "day.rss", b"<RSS/>", packed=gzip.compress(b"<RSS/>"))
    after = web.get("/day.rss", headers={"If-None-Match": before})
    assert (after.status_code, after.data) == (200, b"<RSS/>")


def test_a_removed_document_is_gone_at_once(web: FlaskClient, feeds: Path) -> None:
    assert web.get("/day.rss").status_code == 200
    (feeds / "day.rss").unlink()
    assert web.get("/day.rss").status_code == 404
    assert web.get("/day.rss.gz").status_code == 404


def test_a_folder_that_is_not_there_yet_serves_nothing_and_then_what_comes(tmp_path: Path) -> None:
    app = create_app(
        tmp_path / "later",
        site_url=SITE,
        first_feed="day",
        cache=timedelta(0),
        health=lambda: {"status": "ok"},
    )
    web = app.test_client()
    assert web.get("/").status_code == 404
    write(tmp_path / "later", "index.html", b"<p>")
    assert web.get("/").data == b"<p>"
    assert web.get("/").headers["Cache-Control"].startswith("public, max-age=0, ")
