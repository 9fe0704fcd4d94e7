"""What a document must say is found out by the proof itself, which asks nothing that the renderers ask."""

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import feedhub.render.proof
from editions import MORNING, NOON, edition, entry, site, source
from feedhub.model import Element, Entry, Origin, Person, Site, Source, Story, Terms
from feedhub.render.proof.addresses import address
from feedhub.render.proof.carried import carried
from feedhub.render.proof.expected import Expected, Hop, expected
from feedhub.render.proof.media import enclosure_type, feed_type
from test_proof_mutations import FULL

# A piece of machinery, the texts as they were made, and a table of words: none of them judges anything.
SHARED = {"feedhub.render.remembered", "feedhub.render.item", "feedhub.render.told"}
ANI = Person(name="Ani Petrosyan")
WIRE = Origin(title="The Wire", site_url="https://wire.example/", feed_url="https://wire.example/feed")
RULED = source(terms=Terms(rule="Quote with a hyperlink", license="https://license.example/"))


def said(one: Entry, known: Site | None = None) -> Expected:
    (found,) = expected(edition(one), known or site())
    return found


def of(**more: object) -> Entry:
    """Give an entry whose origin says something else."""
    return entry(origin=replace(MORNING, **more))  # type: ignore[arg-type]


def test_the_proof_asks_nothing_that_the_renderers_ask() -> None:
    folder = Path(feedhub.render.proof.__file__).parent
    asked = {
        node.module
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("feedhub.render")
    }
    assert {name for name in asked if not name.startswith("feedhub.render.proof")} == SHARED


@pytest.mark.parametrize(
    ("one", "known", "publisher"),
    [
        (entry(), source(title="Our Morning"), "Our Morning"),
        (entry(), source(title=""), "The Morning"),
        (of(title=""), source(title=""), "morning"),
        (of(title="Wire", via=(MORNING,)), source(title="Our Morning"), "Wire"),
        (entry(source="gone"), source(), "The Morning"),
    ],
)
def test_the_first_publisher(one: Entry, known: Source, publisher: str) -> None:
    assert said(one, site(known)).publisher == publisher


@pytest.mark.parametrize(
    ("text", "title", "name"),
    [
        ("{source}", "The  Morning", "The Morning"),
        ("Read at {source}", "The Morning", "Read at The Morning"),
        (" ", "The Morning", "The Morning"),
        ("", " ", "morning.example"),
    ],
)
def test_the_words_of_the_credit(text: str, title: str, name: str) -> None:
    assert said(entry(), site(source(title=title, terms=Terms(text=text)))).name == name


@pytest.mark.parametrize(
    ("one", "rights", "license_"),
    [
        (entry(rights="Mine", license="https://own.example/"), "Mine", "https://own.example/"),
        (of(rights="Theirs", license="https://their.example/"), "Theirs", "https://their.example/"),
        (entry(), "Quote with a hyperlink", "https://license.example/"),
    ],
)
def test_rights_and_license_are_the_nearest_that_are_stated(one: Entry, rights: str, license_: str) -> None:
    found = said(one, site(RULED))
    assert (found.rights, found.license) == (rights, license_)


def test_authors_are_the_entry_s_else_its_source_s() -> None:
    davit = Person(name="Davit")
    assert said(of(authors=(ANI,))).authors == (ANI,)
    assert said(replace(of(authors=(ANI,)), authors=(davit,))).authors == (davit,)
    assert said(entry()).authors == ()


def test_every_hop_is_named_nearest_first_after_the_page_of_the_first_publisher() -> None:
    handed = of(via=(Origin(title="Hub", id="https://hub.example/feed"), WIRE, Origin(title="Lost")))
    assert said(handed, site(source(title="Our Hub"))).via == (
        Hop("https://hub.example/", "Our Hub"),
        Hop("https://wire.example/", "The Wire"),
        Hop("https://morning.example/", "The Morning"),
    )
    assert said(of(site_url="")).via == (Hop("https://morning.example/", "The Morning"),)
    assert said(of(via=(replace(WIRE, title=""),)), site(source(title=""))).via[0].title == "wire.example"


@pytest.mark.parametrize(
    ("origin", "known", "id_"),
    [
        (MORNING, source(), "https://morning.example/feed/"),
        (replace(MORNING, id="tag:morning.example,2020:feed"), source(), "tag:morning.example,2020:feed"),
        (replace(MORNING, id="no iri"), source(), "https://morning.example/feed/"),
        (Origin(site_url="https://morning.example/"), source(), "https://morning.example/"),
        (Origin(), source(), "https://morning.example/"),
        (Origin(id="https://s.example/?key=1"), source(auth="bearer:x"), "https://morning.example/"),
        (Origin(id="https://s.example/?key=1"), source(is_secret=True), "https://morning.example/"),
        (Origin(id="file:///x"), source(url="file:///x"), "https://morning.example/"),
        (Origin(id="urn:x-test:1"), source(auth="bearer:x"), "urn:x-test:1"),
        (MORNING, source(auth="bearer:x"), "https://morning.example/feed/"),
    ],
)
def test_the_source_s_id_tells_no_secret(origin: Origin, known: Source, id_: str) -> None:
    assert said(entry(origin=origin), site(known)).source_id == id_


def test_times_languages_and_labels() -> None:
    later = NOON + timedelta(minutes=5)
    assert said(entry()).changed == NOON
    assert said(entry(updated=later)).changed == later
    assert said(replace(of(updated=None), updated=later)).source_updated == later
    assert said(of(language="hy")).language == "hy"
    assert said(entry(language="EN")).language == ""
    grouped = site(source(groups=("armenia",)))
    assert said(entry(), grouped).labels == (("armenia", "https://news.example/groups"),)
    first = entry().published_id
    (marked,) = expected(edition(entry(), lead=first, featured=frozenset({first})), site())
    assert marked.labels == tuple((mark, "https://news.example/marks") for mark in ("lead", "featured"))


def test_who_else_tells_a_story_is_named_in_the_language_of_the_text() -> None:
    evening = entry(
        "b", source="evening", url="https://evening.example/?a=1&b=2", origin=Origin(title="E & Co")
    )
    story = Story(told_by=entry().published_id, others=(evening,))
    (found,) = expected(edition(entry(language="hy-AM"), stories=(story,)), site())
    assert found.line == (
        '<p>Նաև: <a href="https://evening.example/?a=1&amp;b=2" rel="external">E &amp; Co</a></p>'
    )
    assert found.plain.endswith(" Նաև: E & Co (https://evening.example/?a=1&b=2)")
    assert (found.story[0].publisher, found.story[0].site_url) == ("E & Co", "https://evening.example/")
    assert found.words == "Text of a. It goes on."


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("itunes:explicit", "Yes", "true"),
        ("itunes:explicit", "clean", "false"),
        ("itunes:explicit", "maybe", None),
        ("itunes:duration", "1:02:03.5", "1:02:03"),
        ("itunes:duration", "an hour", None),
        ("itunes:subtitle", "x" * 256, None),
        ("itunes:subtitle", "Whole", "Whole"),
        ("podcast:person", "Ani", "Ani"),
        ("rsl:content", "", ""),
        ("other:thing", "x", None),
    ],
)
def test_what_is_carried_through(name: str, text: str, told: str | None) -> None:
    found = [each.text for each in carried([Element(name=name, text=text)], in_full=True)]
    assert found == ([] if told is None else [told])


def test_a_text_is_carried_through_only_where_the_terms_allow_all_of_it() -> None:
    assert list(carried([Element(name="itunes:summary", text="All of it")], in_full=False)) == []


def test_media_types_and_addresses() -> None:
    file = FULL.enclosures[0]
    assert enclosure_type(replace(file, type="x/y")) == "x/y"
    assert enclosure_type(replace(file, type="", url="https://a.example/b.MP3?c=.pdf")) == "audio/mpeg"
    assert enclosure_type(replace(file, type="", url="https://a.example/b")) == "application/octet-stream"
    assert feed_type("https://a.example/atom.xml#x") == "application/atom+xml"
    assert feed_type("https://a.example/feed.json") == "application/feed+json"
    assert feed_type("https://a.example/atom/feed/") == "application/rss+xml"
    feed, known = edition().feed, site()
    assert address(known, feed, "page") == "https://news.example/day/"
    assert address(known, feed, "rss", NOON.date()) == "https://news.example/day/2024-11-24.rss"
    assert address(known, replace(feed, name="search?q=x"), "page") == "https://news.example/search?q=x"
    assert address(known, replace(feed, name="search?q=x"), "atom") == "https://news.example/search.atom?q=x"
