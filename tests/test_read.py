"""Any bytes at all give a Reading or a ReadError, and what was strict before stays what it was."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedhub import urls
from feedhub.errors import ReadError
from feedhub.model import Reading
from hostile import OTHERS, dangers
from reading import ATOM_LINK, LINK, atom, rdf, reading, rss

SAMPLES = Path(__file__).parent.parent / "feedhub" / "samples"
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def texts(value: object) -> Iterator[str]:
    """Give every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)


def is_sound(found: Reading) -> bool:
    """Tell whether a reading holds what its types promise, whatever was read."""
    for entry in found.entries:
        assert urls.is_web(entry.url)
        assert entry.url.isascii()
        assert urls.is_iri(entry.published_id)
        assert entry.key
        assert entry.title == " ".join(entry.title.split()) != ""
        assert entry.published.tzinfo
        assert dangers(entry.summary) == dangers(entry.content) == []
        images = (entry.image.url,) if entry.image else ()
        where = entry.comments and (entry.comments.url, entry.comments.feed_url)
        for url in (*images, *(where or ()), entry.license, *(file.url for file in entry.enclosures)):
            assert url == "" or urls.is_web(url)
        assert all(map(urls.is_web, entry.related))
    for origin in (found.origin, *(entry.origin for entry in found.entries)):
        for url in (origin.feed_url, origin.site_url, origin.license, origin.icon):
            assert url == "" or urls.is_web(url)
    assert not any(FORBIDDEN.search(text) for text in texts(found))
    return True


def is_read_or_refused(body: bytes, **more: str) -> bool:
    try:
        return is_sound(reading(body, **more))
    except ReadError as error:
        return str(error) != ""


WHOLE = [
    rss(
        f"<item>{LINK}<title>A &amp;amp; B</title><guid>1</guid>"
        "<description><![CDATA[<p>x</p>]]></description>"
        "<content:encoded>&lt;p&gt;y&lt;/p&gt;</content:encoded>"
        "<dc:creator>Ani</dc:creator><category>c</category>"
        "<pubDate>Sun, 24 Nov 2024 10:24:00 GMT</pubDate><comments>/c</comments>"
        '<enclosure url="/x.mp3" length="1" type="audio/mpeg"/><media:content url="/i.jpg" medium="image"/>'
        '<source url="/feed">s</source><atom:link rel="related" href="/r"/><rsl:content url="/a">'
        '<rsl:license><rsl:payment type="crawl"><rsl:standard>https://license.example/</rsl:standard>'
        "</rsl:payment></rsl:license></rsl:content></item>",
        head="<ttl>5</ttl><skipHours><hour>1</hour></skipHours><image><url>/i</url></image>",
    ),
    atom(
        f"<entry>{ATOM_LINK}<id>1</id><title type='html'>&lt;b&gt;t</title>"
        "<updated>2024-11-24T10:24:00Z</updated>"
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><a href="x">y</a></div></content>'
        "<author><name>Ani</name></author><source><title>s</title></source></entry>"
    ),
    rdf(f"{LINK}<title>x</title><dc:date>2024-11-24</dc:date>", about="x"),
    json.dumps({"items": [{"id": "1", "url": "/a", "content_html": "<b>x</b>"}]}),
    *((SAMPLES / name).read_text(encoding="utf-8")[:6000] for name in ("morning.xml", "journal.atom")),
]
SPLICES = st.sampled_from(
    [
        *OTHERS[::5],
        "<",
        ">",
        "&",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "<item>",
        "</item>",
        "<entry>",
        "<link>",
        "<link/>",
        '<link href="javascript:x"/>',
        "<links>x</links>",
        "<entries>x</entries>",
        "<feed>",
        "<channel>",
        "<source>",
        "<gml:pos>1 2</gml:pos>",
        "<georss:point>x</georss:point>",
        "<media:group>",
        "<psc:chapters><psc:chapter start='x'/></psc:chapters>",
        "<pubDate>Sun, 99 Nov 99999</pubDate>",
        "<updated>10000-01-01</updated>",
        "<author>" + "a@" * 50 + "</author>",
        '<x xml:base="https://[">',
        "&#0;",
        "&#xD800;",
        "&#x110000;",
        "&#99999999999;",
        "&nbsp;",
        "&undefined;",
        "\x00",
        "\x0b",
        "\ufffe",
        "\n" * 50,
        '{"items": [',
        "é",
    ]
)


@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"")
@example(b"\x00" * 100)
@example(b"/etc/passwd")
@example(b"https://morning.example/feed")
@example(b"\xff\xfe<\x00r\x00s\x00s\x00/\x00>\x00")
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    assert is_read_or_refused(body)
    assert is_read_or_refused(b"<rss><channel><item>" + body + b"</item></channel></rss>")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(WHOLE), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), SPLICES), max_size=4))
def test_a_document_that_something_happened_to_is_read_or_refused(
    document: str, wounds: list[tuple[float, int, str]]
) -> None:
    for where, cut, put in wounds:
        at = int(where * len(document))
        document = document[:at] + put + document[at + cut :]
    assert is_read_or_refused(document.encode("utf-8", "replace"))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(WHOLE), st.floats(0, 1), SPLICES)
def test_a_document_that_is_read_twice_gives_the_same_both_times(
    document: str, where: float, put: str
) -> None:
    at = int(where * len(document))
    body = (document[:at] + put + document[at:]).encode("utf-8", "replace")
    try:
        once = reading(body)
    except ReadError as refused:
        with pytest.raises(ReadError, match=re.escape(str(refused))):
            reading(body)
    else:
        assert reading(body) == once


@settings(deadline=None)
@given(st.sampled_from(WHOLE), st.floats(0, 1), st.binary(max_size=8))
def test_a_document_with_bytes_that_are_no_text_is_read_or_refused(
    document: str, where: float, put: bytes
) -> None:
    body = document.encode()
    at = int(where * len(body))
    assert is_read_or_refused(body[:at] + put + body[at:])


@pytest.mark.parametrize("document", WHOLE, ids=["RSS", "Atom", "RDF", "JSON", "morning", "journal"])
def test_a_document_that_ends_too_early_is_never_taken_for_whole(document: str) -> None:
    for cut in range(1, len(document) - 1, max(1, len(document) // 40)):
        with pytest.raises(ReadError):
            reading(document[:cut])


NO_FEEDS = {
    "nothing": (b"", "empty"),
    "white space": (b" \n\t", "empty"),
    "a page": (b"<!DOCTYPE html><html><body>Not found</body></html>", "HTML page"),
    "text": (b"Not found", "not an XML"),
    "another document": (b"<svg><title>x</title></svg>", "not a feed"),
    "a path": (b"/etc/passwd", "not an XML"),
    "an address": (b"https://morning.example/feed", "not an XML"),
    "a bomb": (b'<!DOCTYPE x [<!ENTITY a "b">]><rss><channel>&a;</channel></rss>', "DTD"),
    "a list": (b"[1, 2]", "JSON"),
}


@pytest.mark.parametrize(("body", "words"), NO_FEEDS.values(), ids=NO_FEEDS)
def test_what_is_no_feed_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        reading(body)


@pytest.mark.parametrize("document", [rss(), atom(), rdf(""), '{"items": []}'])
def test_a_feed_without_entries_is_a_feed(document: str) -> None:
    assert reading(document.replace('<item rdf:about=""></item>', "")).entries == ()


def test_a_loose_document_gives_all_that_a_strict_one_does() -> None:
    whole = WHOLE[0].replace('<source url="/feed">s</source>', "")
    (strict,) = reading(whole).entries
    (loose,) = reading(whole.replace("</item>", "</wrong></item>")).entries
    for name in (
        "url",
        "title",
        "published",
        "summary",
        "content",
        "authors",
        "categories",
        "comments",
        "key",
    ):
        assert getattr(loose, name) == getattr(strict, name), name
    assert [file.url for file in loose.enclosures] == [file.url for file in strict.enclosures]


ENCODINGS = ["utf-8", "utf-16", "utf-32", "windows-1251", "koi8-r", "iso-8859-5"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_document_is_read_in_its_own_encoding(encoding: str) -> None:
    document = rss(f"<item>{LINK}<title>Новости дня</title></item>")
    body = f'<?xml version="1.0" encoding="{encoding}"?>{document}'.encode(encoding)
    assert reading(body).entries[0].title == "Новости дня"


def test_the_charset_of_the_answer_counts_where_the_document_is_silent() -> None:
    body = rss(f"<item>{LINK}<title>Новости дня</title></item>").encode("koi8-r")
    found = reading(body, headers={"content-type": "application/rss+xml; charset=koi8-r"})
    assert found.entries[0].title == "Новости дня"


def test_one_bad_byte_harms_no_other_letter() -> None:
    body = rss(f"<item>{LINK}<title>Այսօր Երեւանում</title></item>").encode().replace("Ե".encode(), b"\xd4")
    assert reading(body).entries[0].title == "Այսօր \ufffdրեւանում"


HARMED = {
    "an ampersand in a link": ("<link>https://morning.example/?a=1&utm=2&copy=3</link>", "?a=1&utm=2&copy=3"),
    "an ampersand in an id": (
        "<link>https://morning.example/</link><guid>https://morning.example/?a=1&utm=2</guid>",
        "",
    ),
    "an HTML entity": ("<link>https://morning.example/</link><title>a&nbsp;b &mdash; c</title>", ""),
    "a control character": ("<link>https://morning.example/\x0b</link><title>a\x01b</title>", ""),
}


@pytest.mark.parametrize(("item", "tail"), HARMED.values(), ids=HARMED)
def test_what_a_strict_parser_stumbles_over_is_mended_and_nothing_else(item: str, tail: str) -> None:
    (entry,) = reading(rss(f"<item>{item}</item>", f"<item>{LINK}</item>")).entries[:1]
    assert entry.url == f"https://morning.example/{tail}"
    if "guid" in item:
        assert entry.key == "https://morning.example/?a=1&utm=2"


HEAVY = {
    "white space before the root": b"\n" * 500_000 + rss(f"<item>{LINK}</item>").encode(),
    "a long author": rss(f"<item>{LINK}<author>{'a@b (' * 20_000}</author></item>").encode(),
    "a long title": rss(f"<item>{LINK}<title>{'&lt;b&gt;' * 50_000}</title></item>").encode(),
    "a style attribute": rss(
        f"<item>{LINK}<description>&lt;p style='{'a:b;' * 50_000}'></description></item>"
    ).encode(),
    "many small items": rss(*(f"<item><link>/{n}</link></item>" for n in range(3000))).encode(),
    "a deep text": rss(f"<item>{LINK}<description>{'&lt;b&gt;' * 50_000}</description></item>").encode(),
    "a long srcset": rss(
        f"<item>{LINK}<description>&lt;img srcset='{' ' * 100_000},{'a ' * 50_000}'&gt;</description></item>"
    ).encode(),
    "openers": rss(f"<item>{LINK}<description>{'&lt;noscript ' * 40_000}</description></item>").encode(),
    "a long date": rss(f"<item>{LINK}<pubDate>{'1 ' * 200_000}</pubDate></item>").encode(),
    "a long link": rss(f"<item><link>https://morning.example/{'a/' * 100_000}</link></item>").encode(),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("body", HEAVY.values(), ids=HEAVY)
def test_what_is_built_to_be_slow_is_not(body: bytes) -> None:
    assert is_read_or_refused(body)
