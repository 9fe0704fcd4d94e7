"""Whatever is taken out of a finished document, changed in it or put into it, the proof gives a fault."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from lxml import etree

from editions import AUDIO, COMMENTS, DAY, MORNING, NOON, PICTURE, edition, entry, site, source
from feedhub.model import Category, Deleted, Edition, Element, Enclosure, Fault, Origin, Person, Terms
from feedhub.render import FORMATS
from feedhub.render.proof import proof

ANI = Person(name="Ani Petrosyan", url="https://morning.example/ani")
RSL = Element(
    name="rsl:content",
    attributes=(("url", "https://morning.example/full/"),),
    parts=(Element(name="rsl:license", parts=(Element(name="rsl:permits", text="search"),)),),
)
FULL = entry(
    "full",
    content="<p>All of the text. It goes on, and on.</p>",
    updated=NOON + timedelta(minutes=5),
    authors=(ANI, Person(email="davit@morning.example")),
    categories=(
        Category(term="vote", scheme="https://morning.example/topics", label="The vote"),
        Category(term="y"),
    ),
    enclosures=(
        AUDIO,
        Enclosure(
            url="https://morning.example/b.pdf", type="application/pdf", length=7, duration=8, title="B"
        ),
    ),
    image=PICTURE,
    language="hy",
    comments=COMMENTS,
    rights="© Ani Petrosyan",
    license="https://license.example/own",
    related=("https://elsewhere.example/about", "https://elsewhere.example/more"),
    origin=replace(
        MORNING,
        icon="https://morning.example/icon.png",
        via=(Origin(title="Hub", site_url="https://hub.example/", feed_url="https://hub.example/feed"),),
    ),
    more=(
        Element(name="itunes:duration", text="60"),
        Element(name="itunes:explicit", text="yes"),
        Element(name="podcast:person", text="Ani", attributes=(("href", "https://morning.example/ani"),)),
        RSL,
    ),
)
# What an entry says only where it says less itself.
BARE = entry(
    "bare",
    published=NOON - timedelta(minutes=1),
    published_id="https://morning.example/bare/",
    origin=replace(
        MORNING,
        authors=(ANI,),
        categories=(Category(term="news", scheme="https://morning.example/topics", label="The news"),),
        rights="© The Morning",
    ),
)
SITE = site(
    source(
        groups=("armenia", "wire"),
        terms=Terms(show="full", rule="Quote with a hyperlink", license="https://license.example/"),
    ),
    icon="https://news.example/static/icon.png",
)
ARCHIVE = edition(FULL, BARE, day=DAY, closed=True, archive=date(2024, 11, 23))
CURRENT = edition(
    FULL,
    BARE,
    deleted=(Deleted(published_id="urn:x-test:gone", when=NOON, reason="Its publisher asked for it"),),
)
EDITIONS = [pytest.param(ARCHIVE, id="archive"), pytest.param(CURRENT, id="current")]

Mutation = tuple[str, bytes]  # what was done, and the document after it


def survivors(form: str, made: Edition, mutations: Iterator[Mutation]) -> list[str]:
    """Give which mutations the proof lets pass, or lays at the door of an entry that has not changed."""
    told = list(mutations)
    assert len(told) > 300
    assert len(told) == len(dict(told))
    return [done for done, document in told if not _is_caught(done, proof(form, document, made, SITE))]


def _is_caught(done: str, faults: list[Fault]) -> bool:
    mine = {"full": {"", FULL.published_id}, "bare": {"", BARE.published_id}, "head": {""}}
    where = done.partition(":")[0]
    return bool(faults) and (where == "all" or {fault.entry for fault in faults} <= mine[where])


# ── XML ──────────────────────────────────────────────────────────────────────────────────────────


def xml_mutations(document: bytes) -> Iterator[Mutation]:
    root = etree.fromstring(document)
    for number, element in enumerate(root.iter()):
        if element is not root:
            yield from _tried(root, number, "removed", lambda it: it.getparent().remove(it))
            yield from _tried(root, number, "doubled", lambda it: it.addnext(copy.deepcopy(it)))
            yield from _tried(root, number, "renamed", lambda it: setattr(it, "tag", it.tag + "x"))
        if not len(element):
            yield from _tried(root, number, "longer", lambda it: setattr(it, "text", (it.text or "") + "x"))
        if element.text and not len(element):
            yield from _tried(root, number, "emptied", lambda it: setattr(it, "text", None))
        yield from _tried(root, number, "with a child", lambda it: etree.SubElement(it, "unknown"))
        yield from _tried(root, number, "with an attribute", lambda it: it.set("unknown", "x"))
        for name in element.attrib:
            yield from _tried(root, number, f"without @{name}", lambda it, n=name: it.attrib.pop(n))
            yield from _tried(root, number, f"other @{name}", lambda it, n=name: it.set(n, it.get(n) + "x"))


def _tried(root: Any, number: int, what: str, change: Callable[[Any], object]) -> Iterator[Mutation]:
    changed = copy.deepcopy(root)
    element = list(changed.iter())[number]
    path = changed.getroottree().getelementpath(element)
    whole = [each for each in changed.iter() if etree.QName(each).localname in ("item", "entry")]
    within = [
        name for name, each in zip(("full", "bare"), whole, strict=True) if each in element.iterancestors()
    ]
    where = (
        "all" if element in (changed, *changed.iter("channel"), *whole) else within[0] if within else "head"
    )
    change(element)
    written = etree.tostring(changed, xml_declaration=True, encoding="UTF-8")
    yield f"{where}: {path} {what}", written


@pytest.mark.parametrize("made", EDITIONS)
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_no_element_or_attribute_can_be_lost_changed_or_added(form: str, made: Edition) -> None:
    document = FORMATS[form](made, SITE)
    assert proof(form, document, made, SITE) == []
    assert survivors(form, made, xml_mutations(document)) == []


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────


def json_mutations(document: bytes) -> Iterator[Mutation]:
    whole = json.loads(document)
    for path in _paths(whole):
        for what, change in _changes(whole, path):
            changed = copy.deepcopy(whole)
            change(changed)
            inside = ("full", "bare")[path[1]] if len(path) > 2 else "all"
            where = inside if path[0] == "items" else "head"
            yield f"{where}: {path} {what}", json.dumps(changed).encode()


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to every value within a value."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in steps:
        yield (*path, step)
        yield from _paths(part, (*path, step))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _changes(whole: Any, path: tuple[Any, ...]) -> Iterator[tuple[str, Callable[[Any], object]]]:
    *before, last = path
    old = _at(whole, path)
    others: list[Any] = ["x", None, 1, [], {}]
    if isinstance(old, str):
        others.append(old + "x")
    elif isinstance(old, int):
        others += [old + 1, str(old)]
    elif isinstance(old, list):
        others += [[*old, *old], [*old, "x"]]
    else:
        others.append({**old, "unknown": "x"})
    yield "removed", lambda it: _at(it, tuple(before)).pop(last)
    for number, other in enumerate(others):
        yield f"changed {number}", lambda it, to=other: _at(it, tuple(before)).__setitem__(last, to)


@pytest.mark.parametrize("made", EDITIONS)
def test_no_member_can_be_lost_changed_or_added(made: Edition) -> None:
    document = FORMATS["json"](made, SITE)
    assert proof("json", document, made, SITE) == []
    assert survivors("json", made, json_mutations(document)) == []


def test_a_member_that_stands_twice_is_a_fault() -> None:
    document = FORMATS["json"](CURRENT, SITE)
    twice = document.replace(b'"title": "Title of full"', b'"title": "x", "title": "Title of full"')
    assert twice != document
    assert proof("json", twice, CURRENT, SITE)
