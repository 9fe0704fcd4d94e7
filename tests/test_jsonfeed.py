"""JSON Feed 1.0 and 1.1: entries, and documents that are something else."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub import urls
from feedhub.errors import ReadError
from feedhub.model import Category, Enclosure, Entry, Image, Person, Reading
from feedhub.read.jsonfeed import looks_like_json
from reading import NOW, URL, reading

AT = "https://morning.example"
ITEM = {"id": "1", "url": f"{AT}/a"}


def feed(*items: object, **head: Any) -> Reading:
    said = {"version": "https://jsonfeed.org/version/1.1", "title": "The Morning", "items": items}
    return reading(json.dumps({**said, **head}))


def of(**item: Any) -> Entry:
    found = feed({**ITEM, **item})
    assert not found.refused
    return found.entries[0]


def test_a_whole_item() -> None:
    entry = of(
        title="Roads & <rails>",
        content_html='<p><a href="/b">b</a></p>',
        summary="In a < b & c",
        date_published="2024-11-24T14:24:00+04:00",
        date_modified="2024-11-24T11:24:00Z",
        authors=[
            {"name": "Ani", "url": "https://ani.example"},
            {"url": "https://b.example/"},
            {"avatar": "x"},
        ],
        tags=["Analysis", " Roads  and rails ", "Analysis", 7, ""],
        attachments=[
            {
                "url": "/a.mp3",
                "mime_type": "Audio/MPEG",
                "size_in_bytes": 12,
                "duration_in_seconds": 61.5,
                "title": "A",
            },
            {"url": "/b.mp3", "size_in_bytes": -1, "duration_in_seconds": True},
            {"mime_type": "audio/mpeg"},
        ],
        image="/i.jpg",
        language="hy_AM",
    )
    assert entry == Entry(
        source="morning",
        key="1",
        published_id=urls.minted(URL, "1"),
        url=f"{AT}/a",
        title="Roads & <rails>",
        published=datetime(2024, 11, 24, 10, 24, tzinfo=UTC),
        updated=datetime(2024, 11, 24, 11, 24, tzinfo=UTC),
        summary="In a &lt; b &amp; c",
        content=f'<p><a href="{AT}/b">b</a></p>',
        authors=(
            Person(name="Ani", url="https://ani.example/"),
            Person(name="https://b.example/", url="https://b.example/"),
        ),
        categories=(Category(term="Analysis"), Category(term="Roads and rails")),
        enclosures=(
            Enclosure(url=f"{AT}/a.mp3", type="audio/mpeg", length=12, duration=61, title="A"),
            Enclosure(url=f"{AT}/b.mp3"),
        ),
        image=Image(url=f"{AT}/i.jpg"),
        language="hy-AM",
        origin=feed().origin,
    )


def test_the_head() -> None:
    found = feed(
        feed_url="/feed.json",
        home_page_url="/",
        icon="javascript:x",
        favicon="/f.ico",
        language="en",
        author={"name": "Ani"},
        hubs=[{"type": "WebSub", "url": "https://hub.example"}],
    )
    assert found.origin.id == found.origin.feed_url == found.self_url == f"{AT}/feed.json"
    assert found.origin.site_url == f"{AT}/"
    assert found.origin.icon == f"{AT}/f.ico"
    assert found.origin.authors == (Person(name="Ani"),)
    assert found.hub == "https://hub.example/"


LINKS = {
    "url": ({"url": f"{AT}/b", "external_url": "https://other.example/"}, f"{AT}/b"),
    "external_url": ({"url": "", "external_url": "https://other.example/x"}, "https://other.example/x"),
    "relative": ({"url": "b"}, f"{AT}/news/b"),
    "the id": ({"url": None, "id": f"{AT}/c"}, f"{AT}/c"),
    "the first attachment": ({"url": 7, "attachments": [{}, {"url": "/x.mp3"}]}, f"{AT}/x.mp3"),
    "tracking parameters": ({"url": f"{AT}/b?utm_source=x"}, f"{AT}/b"),
}


@pytest.mark.parametrize(("item", "link"), LINKS.values(), ids=LINKS)
def test_an_item_points_to_its_article(item: dict[str, Any], link: str) -> None:
    assert of(**item).url == link


RELATED = {
    "beside its own page": (
        {"external_url": "https://other.example/x?utm_medium=y"},
        ("https://other.example/x",),
    ),
    "as its own page": ({"url": None, "external_url": "https://other.example/x"}, ()),
    "the same twice": ({"external_url": f"{AT}/a"}, ()),
    "several, of another hub": (
        {"external_url": "/b", "_feedhub": {"related": ["https://c.example/", 7, "javascript:x"]}},
        (f"{AT}/b", "https://c.example/"),
    ),
}


@pytest.mark.parametrize(("item", "related"), RELATED.values(), ids=RELATED)
def test_an_item_tells_which_article_it_cites(item: dict[str, Any], related: tuple[str, ...]) -> None:
    assert of(**item).related == related


IDS = {
    "a number": (7, "7"),
    "a float": (1.5, "1.5"),
    "a URL": (f"{AT}/?p=1", f"{AT}/?p=1"),
    "white space": (" 7 ", "7"),
}


@pytest.mark.parametrize(("identity", "key"), IDS.values(), ids=IDS)
def test_the_id_is_the_key(identity: object, key: str) -> None:
    assert of(id=identity).key == key


@pytest.mark.parametrize("identity", [None, True, [], {}, ""])
def test_an_id_that_is_none_leaves_the_link(identity: object) -> None:
    assert of(id=identity).key == f"{AT}/a"


def test_plain_content_keeps_its_paragraphs() -> None:
    assert of(content_text="a < b\n\nc\nd\n").summary == "<p>a &lt; b</p><p>c\nd</p>"


def test_html_content_wins_over_plain_content() -> None:
    assert of(content_html="<b>x</b>", content_text="x").summary == "<b>x</b>"


def test_an_untitled_item_gets_its_first_words_and_the_time_of_the_poll() -> None:
    entry = of(content_html="<p>Roads lie open.</p>")
    assert (entry.title, entry.published, entry.dated) == ("Roads lie open.", NOW, False)


def test_an_item_without_a_link_is_refused_and_stops_no_other() -> None:
    found = feed({"id": "x", "title": "t"}, "no item", None, ITEM)
    assert [refused.title for refused in found.refused] == ["t"]
    assert len(found.entries) == 1


NOT_FEEDS = [
    "{}",
    "[]",
    "{",
    '{"items": {}}',
    '{"items": "x"}',
    "[[[[",
    '{"items": [1',
    "{" * 100_000,
    "[" * 100_000,
]


@pytest.mark.parametrize("document", NOT_FEEDS, ids=range(len(NOT_FEEDS)))
def test_what_is_no_json_feed_is_refused_in_words(document: str) -> None:
    with pytest.raises(ReadError, match="JSON"):
        reading(document)


@pytest.mark.parametrize(
    ("body", "is_json"),
    [
        (b'{"a":1}', True),
        (b"\xef\xbb\xbf \r\n\t{", True),
        (b"[", True),
        (b"<rss/>", False),
        (b"", False),
        (b"x{", False),
    ],
)
def test_json_is_known_by_its_beginning(body: bytes, is_json: bool) -> None:
    assert looks_like_json(body) is is_json


def test_a_byte_order_mark_and_bytes_that_are_no_utf_8_are_taken() -> None:
    body = b'\xef\xbb\xbf{"title": "a\xffb", "items": []}'
    assert reading(body).origin.title == "a\ufffdb"


def test_lone_surrogates_and_controls_are_removed() -> None:
    entry = of(id="a\ud800\x00b", title="a\ud800\x00b", content_html="a\ud800&#1;b", tags=["a\x00b"])
    assert (entry.key, entry.title, entry.summary, entry.categories[0].term) == ("ab", "ab", "ab", "ab")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(f"{AT}/x"),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    "id url external_url title content_html content_text summary image banner_image date_published"
    " date_modified author authors tags language attachments name mime_type size_in_bytes"
    " duration_in_seconds _feedhub source via feed_url home_page_url icon favicon hubs".split()
)
LISTS = st.lists(st.dictionaries(KEYS, ANYTHING, max_size=4), max_size=2)
OBJECTS = st.dictionaries(KEYS, ANYTHING | LISTS, max_size=8)


@given(OBJECTS, st.lists(OBJECTS | ANYTHING, max_size=3))
def test_members_of_any_type_give_a_reading(head: dict[str, Any], items: list[Any]) -> None:
    found = feed(*items, **{key: value for key, value in head.items() if key != "items"})
    assert len(found.entries) + len(found.refused) == sum(isinstance(item, dict) for item in items)
    assert all(
        urls.is_web(entry.url) and entry.title and urls.is_iri(entry.published_id) for entry in found.entries
    )
