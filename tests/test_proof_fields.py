"""Each field of what is published, altered before it is rendered: the proof tells it from what was meant."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from editions import COMMENTS, NOON, edition, entry
from feedhub.model import Edition, Origin, Site, Story, Terms
from feedhub.render import FORMATS
from feedhub.render.page import page
from feedhub.render.proof import proof
from test_proof_mutations import BARE, CURRENT, FULL, SITE

Path = tuple[str | int, ...]

WIRE = Origin(title="The Wire", site_url="https://wire.example/")
WHOLE = replace(
    FULL,
    comments=replace(COMMENTS, count=3),
    origin=replace(FULL.origin, via=(*FULL.origin.via, WIRE)),
)
PLAIN = entry("plain", published=NOON - timedelta(minutes=2))
OTHER = entry("other", url="https://morning.example/other/", language="en")
MADE = replace(
    CURRENT,
    entries=(WHOLE, BARE, PLAIN),
    stories=(Story(told_by=FULL.published_id, others=(OTHER,)),),
    lead=FULL.published_id,
    featured=frozenset({BARE.published_id}),
    notes={FULL.published_id: "A note"},
    corrected={FULL.published_id: NOON},
    day=NOON.date(),
    closed=True,
    archive=date(2024, 11, 23),
)
# What no document shows of an entry: what is kept for curation, and the first hop's name and feed, since we
# have a name for it ourselves and its page is what is linked.
UNSEEN = {("key",), ("dated",), ("origin", "via", 0, "title"), ("origin", "via", 0, "feed_url")}


def altered(value: Any) -> Any:
    """Give something else in place of a value, as much like it as can be."""
    match value:
        case bool():
            return not value
        case datetime():
            return value + timedelta(seconds=1)
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case (str(name), str(said)):
            return name, f"{said}x"  # an attribute
        case tuple():
            return value[:-1]
    return None


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """Give the way to every value that stands in a dataclass, or in one within it."""
    if is_dataclass(value):
        for field in fields(value):
            yield from paths(getattr(value, field.name), (*at, field.name))
        return
    if isinstance(value, tuple) and value and (is_dataclass(value[0]) or isinstance(value[0], tuple)):
        yield at
        for number, each in enumerate(value):
            yield from paths(each, (*at, number))
    elif value not in ("", None, ()):
        yield at


def with_altered(value: Any, path: Path) -> Any:
    """Give a value with one that stands in it altered."""
    if not path:
        return altered(value)
    first, *rest = path
    if isinstance(first, int):
        return (*value[:first], with_altered(value[first], tuple(rest)), *value[first + 1 :])
    return replace(value, **{first: with_altered(getattr(value, first), tuple(rest))})


@cache
def unaltered() -> dict[str, bytes]:
    return documents(MADE, SITE)


def documents(made: Edition, known: Site) -> dict[str, bytes]:
    return {form: render(made, known) for form, render in FORMATS.items()} | {"page": page(made, known)}


def seen(made: Edition, known: Site) -> set[str]:
    """Give the formats in which the proof of what was meant sees that something else was rendered."""
    return {form for form, document in documents(made, known).items() if proof(form, document, MADE, SITE)}


def differing(made: Edition, known: Site) -> set[str]:
    return {form for form, document in documents(made, known).items() if document != unaltered()[form]}


def test_nothing_is_wrong_with_what_was_meant() -> None:
    assert seen(MADE, SITE) == set()


@pytest.mark.parametrize("path", [*paths(WHOLE)], ids=lambda path: ".".join(map(str, path)))
def test_every_field_of_an_entry_is_proofed_in_each_feed_that_shows_it(path: Path) -> None:
    made = replace(MADE, entries=(with_altered(WHOLE, path), BARE, PLAIN))
    shown = differing(made, SITE) - {"page"}
    assert seen(made, SITE) - {"page"} == shown
    assert bool(shown) == (path not in UNSEEN)


@pytest.mark.parametrize("path", [*paths(BARE.origin)], ids=lambda path: ".".join(map(str, path)))
def test_every_field_of_an_origin_is_proofed_where_the_entry_says_nothing_itself(path: Path) -> None:
    bare = replace(BARE, origin=with_altered(BARE.origin, path))
    made = replace(MADE, entries=(WHOLE, bare, PLAIN))
    shown = differing(made, SITE) - {"page"}
    assert seen(made, SITE) - {"page"} == shown
    assert shown or path == ("title",)  # the source has a title of our own


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://morning.example/another/"},
        {"title": "Another title"},
        {"origin": replace(OTHER.origin, via=(WIRE,), title="Another")},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_told_of_who_else_tells_a_story_is_proofed_everywhere(change: dict[str, Any]) -> None:
    told = Story(told_by=WHOLE.published_id, others=(replace(OTHER, **change),))
    assert seen(replace(MADE, stories=(told,)), SITE) == {"rss", "atom", "json", "page"}


@pytest.mark.parametrize(
    "change",
    [
        {"comments": None},
        {"comments": replace(COMMENTS, count=4)},
        {"comments": replace(COMMENTS, count=3, url="https://morning.example/elsewhere")},
        {"related": FULL.related[::-1]},
        {"categories": ()},
        {"license": ""},
    ],
    ids=str,
)
def test_what_a_page_tells_beside_the_text_is_proofed(change: dict[str, Any]) -> None:
    made = replace(MADE, entries=(replace(WHOLE, **change), BARE, PLAIN))
    assert "page" in seen(made, SITE)


@pytest.mark.parametrize("name", ["notes", "corrected", "stories"])
def test_what_a_page_tells_of_an_edition_is_proofed(name: str) -> None:
    made = replace(MADE, **{name: type(getattr(MADE, name))()})
    assert "page" in seen(made, SITE)


@pytest.mark.parametrize(
    "path",
    [path for path in paths(MADE.feed) if path != ("timezone",)],
    ids=lambda path: ".".join(map(str, path)),
)
def test_every_setting_of_a_feed_is_proofed_where_it_shows(path: Path) -> None:
    made = replace(MADE, feed=with_altered(MADE.feed, path))
    assert seen(made, SITE) - {"page"} == differing(made, SITE) - {"page"}


@pytest.mark.parametrize(
    "change",
    [
        {"id": "urn:uuid:6f1e3f6a-5c5b-5d0e-9a1e-0c4c2f1d7b12"},
        {"day": date(2024, 11, 25)},
        {"updated": MADE.updated + timedelta(seconds=1)},
        {"closed": False},
        {"archive": None},
        {"lead": BARE.published_id},
        {"featured": frozenset()},
        {"notes": {}},
        {"corrected": {}},
        {"stories": ()},
        {"deleted": ()},
        {"entries": (WHOLE, BARE)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_of_an_edition_is_proofed(change: dict[str, Any]) -> None:
    made = replace(MADE, **change)
    shown = differing(made, SITE) - {"page"}
    assert shown
    assert seen(made, SITE) - {"page"} == shown


SOURCE = SITE.sources["morning"]
OF_SOURCE = {
    "title": {"title": "Another"},
    "groups": {"groups": ("armenia",)},
    "rule": {"terms": replace(SOURCE.terms, rule="")},
    "license": {"terms": replace(SOURCE.terms, license="https://other.example/")},
    "text": {"terms": replace(SOURCE.terms, text="Read at {source}")},
    "show": {"terms": replace(SOURCE.terms, show="summary")},
    "title alone": {"terms": replace(SOURCE.terms, show="title")},
    "excerpt": {"terms": replace(SOURCE.terms, excerpt=10)},
    "bottom": {"terms": replace(SOURCE.terms, credit="bottom")},
    "none": {"terms": replace(SOURCE.terms, credit="none")},
    "no terms": {"terms": Terms()},
}


@pytest.mark.parametrize("change", OF_SOURCE)
def test_everything_that_is_set_of_a_source_is_proofed(change: str) -> None:
    known = replace(SITE, sources={"morning": replace(SOURCE, **OF_SOURCE[change])})
    shown = differing(MADE, known) - {"page"}
    assert shown
    assert seen(MADE, known) >= shown


@pytest.mark.parametrize("name", ["title", "url", "language", "contact", "icon"])
def test_everything_that_is_set_of_a_site_is_proofed(name: str) -> None:
    known = replace(SITE, **{name: f"{getattr(SITE, name)}x"})
    shown = differing(MADE, known) - {"page"}
    assert shown
    assert seen(MADE, known) - {"page"} == shown


def test_an_edition_whose_entries_do_not_stand_newest_first_is_caught() -> None:
    made = edition(BARE, FULL)
    for form, render in FORMATS.items():
        reasons = [fault.reason for fault in proof(form, render(made, SITE), made, SITE)]
        assert reasons == ["its entries are not newest first"]
    featured = replace(
        made, feed=replace(made.feed, order="featured"), featured=frozenset({BARE.published_id})
    )
    assert proof("rss", FORMATS["rss"](featured, SITE), featured, SITE) == []
