"""oEmbed 1.0 as its specification has it: discovery (4), requests (2.2), answers (2.3), errors (2.3.4)."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from editions import FEED, edition, entry, site
from feedhub.model import Feed
from feedhub.render.oembed import discovery, oembed
from feedhub.render.page import page
from hubs import Hub
from servers import Answer, InProcess, in_process

SCHOOL = Feed(name="school", title='"School" <&>')
SITE = site(url="https://desk.example/news", feeds=(FEED, SCHOOL))


@contextmanager
def hub(folder: Path, **tables: Mapping[str, object]) -> Iterator[InProcess]:
    feeds = {"day": {"title": "Day newsfeed"}, "school": {"title": "School"}}
    told = {"site": {"url": "https://desk.example/news"}} | tables
    with in_process(Hub(folder).configure({"url": "https://a.example/feed"}, feeds=feeds, **told)) as server:
        yield server


def ask(server: InProcess, url: str = "https://desk.example/news/day/", **more: object) -> Answer:
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in {"url": url, **more}.items())
    return server.ask("GET", f"/oembed?{query}", {})


def told(answer: Answer) -> dict[str, object]:
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, object] = json.loads(answer.body)
    return found


# ── Discovery ──


def test_a_page_tells_where_it_can_be_asked_for_within_150_kb() -> None:
    full = edition(*(entry(f"{number}", summary="<p>word</p>" * 40) for number in range(300)))
    for path in ("", "/"):
        document = page(full, SITE, path=path)
        assert len(document) > 150_000 or path
        (link,) = html.document_fromstring(document.decode()).xpath("//link[@type='application/json+oembed']")
        assert document.index(b"application/json+oembed") < 150_000
        assert link.get("rel") == "alternate"
        assert link.get("title") == "Day newsfeed"
        asked = urlsplit(link.get("href"))
        assert asked.geturl().startswith("https://desk.example/news/oembed?")
        assert parse_qs(asked.query) == {"url": ["https://desk.example/news/day/"], "format": ["json"]}


def test_what_a_page_tells_is_answered(tmp_path: Path) -> None:
    with hub(tmp_path) as server:
        asked = urlsplit(discovery(FEED, SITE))
        answer = server.ask("GET", f"{asked.path}?{asked.query}&maxwidth=300", {})
        assert told(answer)["width"] == 300


# ── Answers ──


def test_an_answer_holds_what_the_specification_asks_of_a_rich_one(tmp_path: Path) -> None:
    with hub(tmp_path) as server:
        answer = ask(server)
    said = told(answer)
    assert (said["version"], said["type"]) == ("1.0", "rich")
    assert said["title"] == "Day newsfeed"
    assert said["provider_url"] == "https://desk.example/news/"
    assert isinstance(said["width"], int)
    assert isinstance(said["height"], int)
    frame = html.fragment_fromstring(str(said["html"]))
    assert frame.tag == "iframe"
    assert frame.get("src") == "https://desk.example/news/day/frame/"
    assert frame.get("title") == "Day newsfeed"
    assert (int(frame.get("width")), int(frame.get("height"))) == (said["width"], said["height"])
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "public, max-age=60"


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_no_more_room_is_taken_than_there_is(width: int, height: int) -> None:
    said = oembed("https://desk.example/news/day/", SITE, max_width=width, max_height=height)
    assert int(str(said["width"])) <= width
    assert int(str(said["height"])) <= height
    frame = html.fragment_fromstring(str(said["html"]))
    assert (frame.get("width"), frame.get("height")) == (str(said["width"]), str(said["height"]))


@pytest.mark.parametrize("junk", ["", "0", "-5", "wide", "1e3", "٣", "99999999999999999999", "1 ", "3.5"])
def test_a_length_that_is_none_is_as_good_as_not_said(junk: str, tmp_path: Path) -> None:
    with hub(tmp_path) as server:
        assert told(ask(server, maxwidth=junk, maxheight=junk)) == told(ask(server))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://desk.example/news/day/", "day"),
        ("https://desk.example/news/day", "day"),
        ("http://desk.example/news/day/", "day"),
        ("https://DESK.example/news/day/?utm_source=x#top", "day"),
        ("https://desk.example/news/", "day"),
        ("https://desk.example/news", "day"),
        ("https://desk.example/news/school/", "school"),
    ],
)
def test_the_page_of_a_feed_is_shown_by_its_frame(url: str, name: str) -> None:
    assert f"https://desk.example/news/{name}/frame/" in str(oembed(url, SITE)["html"])


def test_a_title_of_ours_is_text_in_the_html() -> None:
    said = oembed("https://desk.example/news/school/", SITE)
    assert html.fragment_fromstring(str(said["html"])).get("title") == SCHOOL.title


# ── Ghost, by the rules in its source ──


def test_ghost_before_april_2026_takes_the_frame(tmp_path: Path) -> None:
    """It asks by the page's link, wants members of a rich answer and drops what it does not know."""
    document = html.document_fromstring(page(edition(entry("a")), SITE).decode())
    address = document.xpath("string(//link[@type='application/json+oembed'][1]/@href)")
    assert "wp-json/oembed" not in address  # which it takes for a blockquote with a script
    with hub(tmp_path) as server:
        asked = urlsplit(address)
        said = told(server.ask("GET", f"{asked.path}?{asked.query}", {"user-agent": "Ghost"}))
    known = {"type", "version", "html", "url", "title", "width", "height", "provider_name", "provider_url"}
    kept = {name: value for name, value in said.items() if name in known}
    assert (kept["type"], kept["version"]) == ("rich", "1.0")
    assert kept["html"]
    assert kept["width"]
    assert "<script" not in str(kept["html"])


def test_ghost_since_then_finds_what_it_makes_a_bookmark_of() -> None:
    document = html.document_fromstring(page(edition(entry("a")), SITE).decode())

    def meta(name: str) -> str:
        return str(document.xpath(f"string(//meta[@property='og:{name}' or @name='{name}']/@content)"))

    assert meta("title").startswith("Day newsfeed")
    assert meta("author") == SITE.title  # else it takes the first article's
    assert meta("description") == "What matters today."
    assert meta("site_name") == SITE.title
    assert meta("url") == "https://desk.example/news/day/"
    assert document.xpath("string(//link[@rel='icon']/@href)")


# ── Errors ──


@pytest.mark.parametrize(
    "url",
    [
        "",
        "day",
        "https://desk.example/",
        "https://desk.example/day/",
        "https://desk.example/newsday/",
        "https://desk.example/news/nowhere/",
        "https://desk.example/news/day/2024-11-24/",
        "https://desk.example/news/day.rss",
        "https://desk.example.evil.example/news/day/",
        "https://evil.example/?https://desk.example/news/day/",
        "https://desk.example@evil.example/news/day/",
        "javascript:alert(1)",
        "\x00",
    ],
)
def test_of_what_is_not_ours_there_is_no_answer(url: str, tmp_path: Path) -> None:
    with hub(tmp_path) as server:
        assert ask(server, url).status == 404


def test_without_an_address_there_is_no_answer(tmp_path: Path) -> None:
    with hub(tmp_path) as server:
        assert server.ask("GET", "/oembed", {}).status == 404


@pytest.mark.parametrize("format_", ["xml", "JSON", "", "yaml"])
def test_another_format_is_not_implemented(format_: str, tmp_path: Path) -> None:
    with hub(tmp_path) as server:
        assert ask(server, format=format_).status == 501
        assert ask(server, format="json").status == 200


def test_what_nobody_may_frame_is_not_for_others(tmp_path: Path) -> None:
    with hub(tmp_path, embed={"allow": []}) as server:
        answer = ask(server)
        assert answer.status == 401
        assert "oembed" in answer.headers["www-authenticate"].lower()
        assert ask(server, "https://desk.example/news/nowhere/").status == 404


def test_it_can_only_be_read(tmp_path: Path) -> None:
    with hub(tmp_path) as server:
        assert server.ask("POST", "/oembed?url=https://desk.example/news/day/", {}).status == 405
        assert server.ask("HEAD", "/oembed?url=https://desk.example/news/day/", {}).body == b""
