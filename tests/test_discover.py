import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub import urls
from feedhub.read.discover import feed_menu, feeds, usual_places, without_feed_scheme

PAGE = "https://paper.example/news/"


def head(*elements: str) -> bytes:
    return f"<!DOCTYPE html><html><head>{''.join(elements)}</head><body></body></html>".encode()


def body(*elements: str) -> bytes:
    return f"<html><head><title>t</title></head><body>{''.join(elements)}</body></html>".encode()


def link(href: str, kind: str = "application/rss+xml", more: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" {more}>'


def addresses(html: bytes, url: str = PAGE, content_type: str = "") -> list[str]:
    return [candidate.url for candidate in feeds(html, url, content_type)]


# ── Link elements ────────────────────────────────────────────────────────────────────────────────


def test_the_feeds_that_a_page_names_are_given_in_its_order() -> None:
    found = feeds(
        head(
            link("/rss", more='title=" The  Paper "'),
            link("/atom", "application/atom+xml"),
            link("/feed.json", "application/feed+json"),
            link("/rdf", "application/rdf+xml"),
        ),
        PAGE,
    )
    assert [(each.url, each.title, each.kind, each.where) for each in found] == [
        ("https://paper.example/rss", "The Paper", "rss", "link"),
        ("https://paper.example/atom", "", "atom", "link"),
        ("https://paper.example/feed.json", "", "json", "link"),
        ("https://paper.example/rdf", "", "rss", "link"),
    ]


@pytest.mark.parametrize(
    "element",
    [
        '<LINK REL="ALTERNATE" TYPE="APPLICATION/RSS+XML" HREF="/f">',
        '<link rel=" home  alternate " type="application/rss+xml; charset=utf-8" href=" /f ">',
        '<link rel=feed href=/f title="x">',
        '<link rel="alternate" type="application/json" href="/f" title="JSON Feed">',
        '<link rel="alternate" type="text/xml" href="/f" title="RSS 2.0">',
        '<link rel="alternate" type="application/rss+xml" href="feed:https://paper.example/f">',
        '<link rel="alternate" type="application/rss+xml" href="feed://paper.example/f">',
    ],
)
def test_a_feed_is_known_however_its_link_is_written(element: str) -> None:
    assert addresses(head(element)) == ["https://paper.example/f"]


@pytest.mark.parametrize(
    "element",
    [
        '<link rel="alternate" hreflang="hy" href="/hy/">',
        '<link rel="stylesheet alternate" type="application/rss+xml" href="/f">',
        '<link rel="stylesheet" type="application/rss+xml" href="/f">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2" title="JSON">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?url=feed">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">',
        '<!-- <link rel="alternate" type="application/rss+xml" href="/f"> -->',
    ],
)
def test_what_is_no_feed_is_passed_over(element: str) -> None:
    assert addresses(head(element)) == []


def test_the_first_base_with_an_address_decides_where_relative_addresses_lead() -> None:
    page = head("<base target=_top>", '<base href="/am/">', '<base href="/ru/">', link("feed/"))
    assert addresses(page) == ["https://paper.example/am/feed/"]
    assert addresses(head(link("feed/"))) == ["https://paper.example/news/feed/"]
    assert addresses(head('<base href="mailto:x">', link("feed/"))) == ["https://paper.example/news/feed/"]


def test_an_address_is_given_once_and_its_first_title_stays() -> None:
    found = feeds(head(link("/feed/", more="title=One"), link("/feed", more="title=Two")), PAGE)
    assert [(each.url, each.title) for each in found] == [("https://paper.example/feed/", "One")]


def test_a_title_is_read_in_the_charset_of_the_page() -> None:
    text = f'<head><meta charset="windows-1251">{link("/f", more="title=Новости")}</head>'
    assert feeds(text.encode("cp1251"), PAGE)[0].title == "Новости"
    assert feeds(text.encode("koi8-r"), PAGE, "text/html; charset=koi8-r")[0].title == "Новости"


# ── Hyperlinks ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("href", "kind"),
    [
        ("/news.rss", "rss"),
        ("/export/all.XML", ""),
        ("/blog.atom", "atom"),
        ("/index.rdf", "rss"),
        ("/feed/", ""),
        ("/category/school/feed", ""),
        ("/RSS", "rss"),
        ("/feed/2024/rss/", "rss"),
        ("/atom/", "atom"),
        ("/blog/feed.json", "json"),
        ("/main-feed.json", "json"),
        ("/?feed=rss2", ""),
        ("/posts?lang=en&format=rss", ""),
    ],
)
def test_a_hyperlink_that_looks_like_leading_to_a_feed_is_a_candidate(href: str, kind: str) -> None:
    [found] = feeds(body(f'<p><a href="{href}"><b>All</b> news</a></p>'), PAGE)
    assert found.url == f"https://paper.example{href}"
    assert (found.title, found.kind, found.where) == ("All news", kind, "anchor")


@pytest.mark.parametrize(
    "href",
    [
        "/sitemap.xml",
        "/sitemap_index.xml",
        "/opensearch.xml",
        "/feedback",
        "/newsfeed/story",
        "/rss-explained",
        "/data.json",
        "/feed/story-1/",
        "#feed",
        "mailto:feed@paper.example",
        "/?feedback=rss",
        "",
    ],
)
def test_other_hyperlinks_are_no_candidates(href: str) -> None:
    assert addresses(body(f'<a href="{href}">x</a>')) == []


def test_link_elements_come_before_hyperlinks_wherever_they_stand() -> None:
    page = body('<a href="/other.rss">RSS</a>', '<a href="/rss">again</a>', link("/rss"))
    assert [(each.url, each.where) for each in feeds(page, PAGE)] == [
        ("https://paper.example/rss", "link"),
        ("https://paper.example/other.rss", "anchor"),
    ]


@given(st.binary(max_size=400))
def test_no_page_breaks_the_search(html: bytes) -> None:
    assert all(urls.is_web(url) for url in addresses(html))


PIECES = (
    "<link rel=alternate type=application/rss+xml href=|<a href=|//|/f.rss|'|\"|>|<base href=|http:|["
    "|&#0;|\x00|<?xml encoding='x'?>|<!--"
).split("|")


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_broken_markup_breaks_the_search(parts: list[str]) -> None:
    assert all(urls.is_web(url) for url in addresses("".join(parts).encode()))


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "piece",
    [
        "<a>",
        "<a href='/f.rss'>",
        "<div>",
        "<link rel=alternate>",
        "<base href=x>",
        "/sitemap",
        ".feed",
        "<a href=/feed",
    ],
)
def test_hostile_pages_cost_no_more_than_their_length(piece: str) -> None:
    feeds(f'<a href="/{piece * 30_000}">'.encode() + piece.encode() * 30_000, PAGE)


# ── Feed menus ───────────────────────────────────────────────────────────────────────────────────

MENU = "https://paper.example/.well-known/feed-menu.json"


def menu(*items: object) -> bytes:
    return json.dumps({"feed-menu": "The Paper", "items": items}).encode()


def test_a_feed_menu_lists_feeds_and_menus_within_it_in_order() -> None:
    nested = {"feed-menu": "Sections", "items": [{"feed-title": "Culture", "rss": "/culture.xml"}]}
    found = feed_menu(menu({"feed-title": "All  news", "rss": "rss.xml", "atom": "atom.xml"}, nested), MENU)
    assert [(each.url, each.title, each.kind, each.where) for each in found] == [
        ("https://paper.example/atom.xml", "All news", "atom", "menu"),
        ("https://paper.example/culture.xml", "Culture", "rss", "menu"),
    ]


def test_what_a_feed_menu_should_not_hold_is_passed_over() -> None:
    items = [
        "text",
        None,
        {"other": 1},
        {"feed-title": "No address"},
        {"feed-title": "Odd", "rss": 7},
        {"feed-title": "Unsafe", "rss": "javascript:x"},
        {"feed-menu": "Odd", "items": 7},
        {"feed-title": 7, "atom": "javascript:x", "rss": "/good.xml"},
    ]
    assert [each.url for each in feed_menu(menu(*items), MENU)] == ["https://paper.example/good.xml"]


@pytest.mark.parametrize(
    "document", [b"", b"<html>", b"[]", b"7", b'{"items": []}', b"[" * 100_000, b"\xff\xfe"]
)
def test_what_is_no_feed_menu_lists_nothing(document: bytes) -> None:
    assert feed_menu(document, MENU) == []


def test_menus_within_menus_end_somewhere() -> None:
    deep: dict[str, object] = {"feed-title": "Deep", "rss": "/deep"}
    for _ in range(100):
        deep = {"feed-menu": "More", "items": [deep]}
    assert feed_menu(json.dumps(deep).encode(), MENU) == []


# ── Usual places ─────────────────────────────────────────────────────────────────────────────────


def test_feeds_are_looked_for_under_the_page_and_at_the_root_of_its_site() -> None:
    found = [each.url for each in usual_places("https://u:p@paper.example/blog?x=1#y")]
    assert found[:3] == [
        "https://paper.example/blog/feed/",
        "https://paper.example/feed/",
        "https://paper.example/feed",
    ]
    assert {"https://paper.example/atom.xml", "https://paper.example/feed.json"} <= {*found}
    assert len(found) == len({*found}) == 9


def test_no_place_is_named_twice() -> None:
    found = [each.url for each in usual_places("https://paper.example")]
    assert len(found) == len({*found}) == 8
    assert usual_places("nowhere") == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("feed://paper.example/f", "https://paper.example/f"),
        ("FEED:http://paper.example/f", "http://paper.example/f"),
        ("https://paper.example/f", "https://paper.example/f"),
        ("feeds/f", "feeds/f"),
    ],
)
def test_a_feed_address_stands_for_a_web_one(written: str, meant: str) -> None:
    assert without_feed_scheme(written) == meant
