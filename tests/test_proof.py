import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from editions import ABOUT, AUDIO, DAY, FEED, MORNING, NOON, PICTURE, edition, entry, site, source
from feedhub.model import Category, Comments, Edition, Fault, Origin, Person, Site, Terms
from feedhub.render import FORMATS
from feedhub.render.proof import proof
from feedhub.render.proof.passage import looked_at

KNOWN = site(source(terms=Terms(rule="Quote with a hyperlink", license="https://license.example/")))
MADE = edition(
    entry("a", published=NOON + timedelta(minutes=2), authors=(Person(name="Ani"),), enclosures=(AUDIO,)),
    entry(
        "b",
        published=NOON + timedelta(minutes=1),
        image=PICTURE,
        categories=(Category(term="x"),),
        related=ABOUT,
        comments=Comments(url="https://morning.example/b/#respond", count=1),
        origin=replace(MORNING, via=(Origin(title="Hub", site_url="https://hub.example/"),)),
    ),
    entry("c", published=NOON),
    day=DAY,
    closed=True,
    archive=date(2024, 11, 23),
)
A = "https://morning.example/?p=a"
B = "https://morning.example/?p=b"


def faults(form: str, document: bytes, made: Edition = MADE, known: Site = KNOWN) -> list[Fault]:
    return proof(form, document, made, known)


@pytest.mark.parametrize("form", FORMATS)
def test_a_good_document_has_no_faults(form: str) -> None:
    assert faults(form, FORMATS[form](MADE, KNOWN)) == []


def _swap(old: str, new: str) -> Callable[[str], str]:
    return lambda document: document.replace(old, new, 1)


def _without(pattern: str) -> Callable[[str], str]:
    return lambda document: re.sub(pattern, "", document, count=1, flags=re.S)


CREDIT = r"&lt;a href=\"https://morning.example/b/\" rel=\"external\"&gt;The Morning&lt;/a&gt;: "
XML_CREDIT = CREDIT.replace("\\", "")

XML_MUTATIONS: list[tuple[str, Callable[[str], str]]] = [
    ("credit dropped", _swap(XML_CREDIT, "")),
    ("credit to another article", _swap(XML_CREDIT, XML_CREDIT.replace("/b/", "/a/"))),
    ("credit unmarked", _swap(XML_CREDIT, XML_CREDIT.replace(' rel="external"', ""))),
    ("credit twice", _swap(XML_CREDIT, XML_CREDIT * 2)),
    ("text of another", _swap("Text of b.", "Text of someone.")),
    ("double escaping", _swap("&lt;p&gt;", "&amp;lt;p&amp;gt;")),
    ("script", _swap("Text of b.", "&lt;script&gt;alert(1)&lt;/script&gt;")),
    ("event handler", _swap("&lt;p&gt;", "&lt;p onclick='x()'&gt;")),
    ("style", _swap("&lt;p&gt;", "&lt;p style='x'&gt;")),
    ("javascript link", _swap("Text of b.", "&lt;a href='javascript:x'&gt;x&lt;/a&gt;")),
    ("relative link", _swap("Text of b.", "&lt;a href='/x'&gt;x&lt;/a&gt;")),
    ("pixel", _swap("Text of b.", "&lt;img src='https://a.example/x' width='1' height='1'&gt;")),
    ("title", _swap("Title of b", "Title of d")),
    ("empty title", _swap("Title of b", "")),
    ("publisher", _swap(">The Morning</", ">The Evening</")),
    ("source address", _swap("https://morning.example/feed/", "https://other.example/feed/")),
    ("id", _swap("?p=b<", "?p=d<")),
    ("duplicate id", _swap("?p=b<", "?p=a<")),
    ("via to elsewhere", _swap("https://hub.example/", "https://bub.example/")),
    ("via title", _swap('href="https://hub.example/" title="', 'href="https://hub.example/" title="x')),
    ("picture address", _swap(PICTURE.url, "javascript:alert(1)")),
    ("rights", _swap("Quote with a hyperlink", "Take what you like")),
    ("license", _swap("https://license.example/", "https://licence.example/")),
    ("related link", _swap(ABOUT[0], "https://a.example/")),
    ("self link", _swap("/day/2024-11-24.", "/day/2024-11-25.")),
    ("archive link", _swap("/day/2024-11-23.", "/day/2024-11-22.")),
    ("not marked as archive", _without("<fh:archive/>")),
    ("feed title", _swap("Day newsfeed", "Night newsfeed")),
    ("doctype", lambda text: text.replace("?>\n", '?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n', 1)),
    ("style sheet", lambda text: text.replace("?>\n", '?>\n<?xml-stylesheet href="x.xsl"?>\n', 1)),
    ("cut short", lambda text: text[:-20]),
    ("empty", lambda _: ""),
]
RSS_MUTATIONS: list[tuple[str, Callable[[str], str]]] = [
    ("source dropped", _without("<source .*?</source>")),
    ("via dropped", _without('<atom:link rel="via"[^>]*/>')),
    ("link changed", _swap("<link>https://morning.example/b/", "<link>https://morning.example/a/")),
    ("link dropped", _without("<link>https://morning.example/b/</link>")),
    (
        "two links",
        _swap("<link>https://morning.example/b/</link>", "<link>https://morning.example/b/</link>" * 2),
    ),
    ("description dropped", _without("<description>&lt;.*?</description>")),
    (
        "two descriptions",
        _swap("<description>&lt;", "<description>&lt;p&gt;x&lt;/p&gt;</description><description>&lt;"),
    ),
    ("weekday", _swap("<pubDate>Sun", "<pubDate>Mon")),
    ("date", _swap("12:01:00 +0000", "12:03:00 +0000")),
    ("zone-less date", _swap("12:01:00 +0000", "12:01:00")),
    ("change dropped", _without("<atom:updated>.*?</atom:updated>")),
    ("build date", _swap("<lastBuildDate>Sun, 24 Nov 2024 13", "<lastBuildDate>Sun, 24 Nov 2024 14")),
    ("permalink", _swap('isPermaLink="false"', 'isPermaLink="true"')),
    ("item dropped", _without("<item>.*?</item>")),
    (
        "second self link",
        _swap("<fh:archive/>", '<fh:archive/><atom:link rel="self" href="https://a.example/"/>'),
    ),
    ("whole text", _swap("</description>\n      <", "</description><content:encoded>x</content:encoded><")),
]
ATOM_MUTATIONS: list[tuple[str, Callable[[str], str]]] = [
    ("source dropped", _without("<source>.*?</source>")),
    ("source id", _swap("<id>https://morning.example/feed/", "<id>https://morning.example/food/")),
    ("source time", _swap("<updated>2024-11-24T12:00:00Z</updated>\n      <link", "<updated/>\n<link")),
    ("via dropped", _without('<link rel="via"[^>]*/>')),
    (
        "link changed",
        _swap('html" href="https://morning.example/b/"', 'html" href="https://morning.example/a/"'),
    ),
    ("second link", _swap('<link rel="via"', '<link href="https://a.example/"/><link rel="via"')),
    ("summary dropped", _without("<summary.*?</summary>")),
    ("summary as text", _swap('<summary type="html">', '<summary type="text">')),
    ("date", _swap("<published>2024-11-24T12:01", "<published>2024-11-24T12:02")),
    ("zone-less date", _swap("<published>2024-11-24T12:01:00Z", "<published>2024-11-24T12:01:00")),
    ("feed id", _swap("urn:uuid:6", "urn:uuid:7")),
    ("feed time", _swap("<updated>2024-11-24T13", "<updated>2024-11-24T14")),
    ("entry dropped", _without("<entry>.*?</entry>")),
]


def _mutated(mutations: list[tuple[str, Callable[[str], str]]], form: str) -> list[object]:
    return [pytest.param(form, change, id=f"{form}-{name}") for name, change in mutations]


@pytest.mark.parametrize(
    ("form", "change"),
    [
        *_mutated(XML_MUTATIONS + RSS_MUTATIONS, "rss"),
        *_mutated(XML_MUTATIONS + ATOM_MUTATIONS, "atom"),
    ],
)
def test_every_mutation_of_an_xml_document_is_caught(form: str, change: Callable[[str], str]) -> None:
    document = FORMATS[form](MADE, KNOWN).decode()
    changed = change(document)
    assert changed != document
    assert faults(form, changed.encode())


def _set(*path: str | int, to: object) -> Callable[[dict[str, object]], None]:
    def change(document: dict[str, object]) -> None:
        parent: object = document
        for step in path[:-1]:
            parent = parent[step]  # type: ignore[index]
        parent[path[-1]] = to  # type: ignore[index]

    return change


def _item(*path: str | int, to: object) -> Callable[[dict[str, object]], None]:
    return _set("items", 1, *path, to=to)


JSON_MUTATIONS = {
    "version": _set("version", to="https://jsonfeed.org/version/1"),
    "title": _set("title", to="x"),
    "own address": _set("feed_url", to="https://a.example/"),
    "home": _set("home_page_url", to="https://a.example/"),
    "archive": _set("next_url", to="https://a.example/"),
    "no items": _set("items", to=[]),
    "items no list": _set("items", to="x"),
    "item no object": _set("items", 1, to="x"),
    "id": _item("id", to="x"),
    "duplicate id": _item("id", to=A),
    "id no text": _item("id", to=3),
    "url": _item("url", to="https://morning.example/a/"),
    "item title": _item("title", to="x"),
    "published": _item("date_published", to="2024-11-24T12:03:00Z"),
    "zone-less": _item("date_published", to="2024-11-24T12:01:00"),
    "modified": _item("date_modified", to="x"),
    "no credit": _item("content_html", to="<p>Text of b. It goes on.</p>"),
    "no text": _item("content_html", to=""),
    "text no text": _item("content_html", to=None),
    "script": _item("content_html", to="<p>x<script>x</script></p>"),
    "plain": _item("summary", to="Text of b. It goes on."),
    "picture": _item("image", to="javascript:x"),
    "no extension": _item("_feedhub", to="x"),
    "no via": _item("_feedhub", "via", to=[]),
    "related": _item("external_url", to="https://a.example/"),
    "more related": _item("_feedhub", "related", to=[]),
    "via": _item("_feedhub", "via", 0, "url", to="https://a.example/"),
    "via no list": _item("_feedhub", "via", to=7),
    "no source": _item("_feedhub", "source", to={}),
    "source": _item("_feedhub", "source", "title", to="x"),
    "source feed": _item("_feedhub", "source", "feed_url", to="https://a.example/"),
    "rights": _item("_feedhub", "rights", to="x"),
    "license": _item("_feedhub", "license", to="https://a.example/"),
    "attachment": _set("items", 0, "attachments", 0, "url", to="file:///x"),
}


@pytest.mark.parametrize("name", JSON_MUTATIONS)
def test_every_mutation_of_a_json_document_is_caught(name: str) -> None:
    document = json.loads(FORMATS["json"](MADE, KNOWN))
    JSON_MUTATIONS[name](document)
    assert faults("json", json.dumps(document).encode())


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "rubbish", [b"", b"x", b"[]", b"{}", b"<rss/>", b"<feed/>", b"\xff\xfe", b"<x/>", b"null"]
)
def test_rubbish_is_a_fault_and_never_an_error(form: str, rubbish: bytes) -> None:
    found = faults(form, rubbish)
    assert found
    assert found[0].entry == ""


@pytest.mark.parametrize("form", FORMATS)
def test_entries_in_another_order_are_a_fault_of_the_document(form: str) -> None:
    turned = replace(MADE, entries=MADE.entries[::-1])
    reasons = faults(form, FORMATS[form](turned, KNOWN))
    assert [fault.entry for fault in reasons] == [""]


@pytest.mark.parametrize("form", FORMATS)
def test_a_fault_names_the_entry_that_is_to_blame(form: str) -> None:
    wrong = replace(MADE.entries[1], title="Another title")
    changed = replace(MADE, entries=(MADE.entries[0], wrong, MADE.entries[2]))
    assert {fault.entry for fault in faults(form, FORMATS[form](changed, KNOWN))} == {B}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "wrong",
    [
        {"published": datetime(1989, 12, 31, tzinfo=UTC)},
        {"published": NOON + timedelta(days=3)},
        {"updated": NOON + timedelta(days=3)},
        {"url": "ftp://morning.example/b/"},
        {"published_id": "no iri"},
        {"published_id": "javascript:alert(1)"},
        {"summary": "<p><a href='javascript:x'>x</a></p>"},
        {"summary": "<p class='x'>x</p>"},
        {"image": replace(PICTURE, url="file:///etc/passwd")},
    ],
    ids=str,
)
def test_what_no_entry_may_hold_is_caught_though_it_was_rendered(form: str, wrong: dict[str, object]) -> None:
    bad = replace(MADE.entries[1], **wrong)
    made = edition(*sorted((MADE.entries[0], bad), key=lambda each: each.published, reverse=True))
    found = faults(form, FORMATS[form](made, KNOWN), made)
    assert {fault.entry for fault in found} == {bad.published_id}


@pytest.mark.parametrize("form", FORMATS)
def test_a_frame_in_the_whole_text_is_caught(form: str) -> None:
    full = site(source(terms=Terms(show="full")))
    made = edition(entry("a", content="<p>x</p><iframe src='https://a.example/'></iframe>"))
    assert faults(form, FORMATS[form](made, full), made, full) == [
        Fault(reason="<iframe> may not stand in it", entry=A)
    ]


def test_characters_that_only_json_can_hold_are_caught_there() -> None:
    made = edition(entry("a", title="a\x01b"))
    document = FORMATS["json"](made, site())
    assert Fault(
        reason="it holds characters that XML forbids, which its edition does not", entry=A
    ) in faults("json", document, made, site())
    changed = document.replace(b"Text of", b"Text\\u0001of")
    assert faults("json", changed, made, site())


@pytest.mark.parametrize("form", FORMATS)
def test_two_entries_with_one_id_are_caught(form: str) -> None:
    made = edition(entry("a"), replace(entry("b"), published_id=A))
    assert Fault(reason="its id stands in the document more than once", entry=A) in faults(
        form, FORMATS[form](made, site()), made, site()
    )


@pytest.mark.parametrize("form", FORMATS)
def test_terms_are_held_against_the_finished_text(form: str) -> None:
    long = entry("a", summary="<p>" + "word " * 100 + "</p>")
    rendered = FORMATS[form](edition(long), site())
    strict = site(source(terms=Terms(excerpt=50)))
    assert "its excerpt is longer than the terms allow" in [
        fault.reason for fault in faults(form, rendered, edition(long), strict)
    ]
    title_only = site(source(terms=Terms(show="title")))
    assert "its text goes beyond the title, which is all that the terms allow" in [
        fault.reason for fault in faults(form, rendered, edition(long), title_only)
    ]


@pytest.mark.parametrize(
    ("html", "is_credited"),
    [
        ('<p><a href="https://a.example/">N</a>: x</p>', True),
        ('<p>So says <a href="https://a.example/">N</a>.</p>', True),
        ('<div><p><a href="https://a.example/">N</a></p><ul><li>x</li></ul></div>', True),
        ('<p>x</p><p><a href="https://a.example/">N</a></p>', False),
        ('<p><a href="https://a.example/">M</a>: x</p>', False),
        ('<p><a href="https://b.example/">N</a>: x</p>', False),
        ('<ul><li><a href="https://a.example/">N</a>: x</li></ul>', False),
        ('<blockquote><p><a href="https://a.example/">N</a>: x</p></blockquote>', False),
        ('<h2><a href="https://a.example/">N</a></h2>', False),
        ('<div>x<p><a href="https://a.example/">N</a></p></div>', False),
        ("<p>N: x</p>", False),
        ("", False),
    ],
)
def test_the_credit_counts_only_in_the_first_passage(html: str, is_credited: bool) -> None:
    looked = looked_at(html, "N", "https://a.example/", "first-passage")
    assert bool(looked.credits) == is_credited


@pytest.mark.parametrize(
    ("html", "is_good"),
    [
        ('<p><a href="https://a.example/" rel="external">N</a>: x</p>', True),
        ('<p><a href="https://a.example/">N</a>: x</p>', False),
        ('<p><a href="https://a.example/">N</a></p><p>x</p>', False),
        ('<p><a href="https://a.example/">N</a> writes so.</p>', True),
        ('<p>So says <a href="https://a.example/">N</a>: x</p>', True),
    ],
)
def test_a_credit_of_ours_is_marked_as_external(html: str, is_good: bool) -> None:
    assert bool(looked_at(html, "N", "https://a.example/", "first-passage").problems) != is_good


@pytest.mark.parametrize(
    ("candidates", "is_good"),
    [
        ("https://a.example/x,y 1x, https://a.example/z", True),
        ("https://a.example/x 1x (a,b),https://a.example/z 2x", True),
        ("https://a.example/x,, https://a.example/z,", True),
        ("https://a.example/x 1x,z.jpg 2x", False),
        ("https://a.example/x, //a.example/z", False),
        (",x", False),
    ],
)
def test_every_address_of_a_srcset_is_judged(candidates: str, is_good: bool) -> None:
    html = f'<p><img src="https://a.example/x" srcset="{candidates}"></p>'
    assert bool(looked_at(html, "N", "https://a.example/", "none").problems) != is_good


@pytest.mark.parametrize("nothing", ["\u200b", "\u200e\u200f", "\u00ad", "\u2800 \u3164", "\u0301"])
def test_a_title_and_a_credit_show_words(nothing: str) -> None:
    said = edition(entry(title=nothing))
    reasons = {fault.reason for fault in proof("rss", FORMATS["rss"](said, site()), said, site())}
    assert reasons == {"its title is empty"}
    known = site(source(title=nothing))
    said = edition(entry())
    for form, render in FORMATS.items():
        faults = proof(form, render(said, known), said, known)
        assert "its credit shows no words" in {fault.reason for fault in faults}
    unnamed = site(source(title=nothing, terms=Terms(credit="none")))
    assert proof("rss", FORMATS["rss"](said, unnamed), said, unnamed) == []


def test_the_credit_at_the_bottom_counts_only_there() -> None:
    last = '<p>x</p><p><a href="https://a.example/">N</a></p>'
    assert looked_at(last, "N", "https://a.example/", "bottom").credits == 1
    assert looked_at(f"{last}<p>y</p>", "N", "https://a.example/", "bottom").credits == 0


def test_an_open_day_that_is_marked_as_an_archive_is_caught() -> None:
    document = FORMATS["atom"](MADE, KNOWN)
    assert faults("atom", document, replace(MADE, closed=False))
    assert faults("atom", document, replace(MADE, feed=replace(FEED, name="night")))
