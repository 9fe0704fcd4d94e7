"""Editions in which each answer of the renderers tells: every document of theirs is right by the proof's own.

Neither asks the other, so that a mistake on one side is a fault here, wherever it is made.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any, get_args

import pytest

from editions import COMMENTS, MORNING, NOON, PICTURE, RSL, edition, entry, site, source
from feedhub.model import (
    Category,
    Edition,
    Element,
    Enclosure,
    Entry,
    Origin,
    Placement,
    Show,
    Site,
    Source,
    Story,
    Terms,
)
from feedhub.render import FORMATS
from feedhub.render.embed import EMBEDS
from feedhub.render.page import page
from feedhub.render.proof import proof
from feedhub.render.proof.embeds import proof_embed
from test_proof_fields import MADE, SITE

Case = tuple[Edition, Site]

LINK = '<a href="https://morning.example/{0}/" rel="external">The Morning</a>'
LONG = f"<p>{'Some more words are here. ' * 60}</p>"
TEXTS = {
    "credited": f"<p>{LINK}: Words here.</p><p>More.</p>",
    "credited-above": f"<p>{LINK}</p><ul><li>One</li></ul>",
    "credited-below": f"<p>Words.</p><p>{LINK}</p>",
    "heading": "<h2>Head</h2><p>Words.</p>",
    "loose": "loose <b>words</b><p>x</p>",
    "long": LONG,
    "empty": "",
    "quotation": "<blockquote>Quoted</blockquote><p>x</p>",
    "figure": '<figure><img src="https://morning.example/a.jpg" alt=""></figure><p>Text after it.</p>',
    "table": f"<table><tr><td>{'Too long. ' * 40}</td></tr></table><p>It goes on.</p>",
}
HUB = Origin(title="Hub", site_url="https://hub.example/")
WIRE = Origin(title="Wire", feed_url="https://wire.example/feed")
SECRET = replace(MORNING, id="https://secret.example/?key=1", feed_url="")
CARRIED = (
    Element(name="itunes:explicit", text="yes"),
    Element(name="itunes:duration", text="1:02:03.5"),
    Element(name="itunes:subtitle", text="S" * 300),
    Element(name="itunes:summary", text="All of it"),
    Element(name="other:thing", text="Not for others"),
    RSL,
)
RICH: dict[str, Any] = {
    "published_id": "https://morning.example/rich/",
    "language": "hy",
    "enclosures": (
        Enclosure(url="https://morning.example/a.mp3"),
        Enclosure(url="https://morning.example/b.mp3", type="audio/x-own"),
        Enclosure(url="https://morning.example/c.bin", length=3, title="C"),
    ),
    "categories": (
        Category(term="a", scheme="no iri"),
        Category(term="b", scheme="https://morning.example/b"),
    ),
    "comments": replace(COMMENTS, count=2, feed_url="https://morning.example/atom.xml"),
    "license": "https://own.example/",
    "image": PICTURE,
}


def ordered(*entries: Entry, **more: Any) -> Edition:
    ascending = sorted(entries, key=lambda each: each.published_id)
    return edition(*sorted(ascending, key=lambda each: each.published, reverse=True), **more)


def texts() -> Edition:
    """Give an edition of texts that begin and end with all that matters to a credit."""
    made = [entry(name, summary=html.format(name)) for name, html in TEXTS.items()]
    return ordered(*made, entry("both", summary="<p>Short.</p>", content=LONG))


def named(case: Any, of: Edition, *known: Source) -> Any:
    return pytest.param((of, site(*known)), id=case)


def cases() -> Iterator[Any]:
    yield pytest.param((MADE, SITE), id="archive")
    yield pytest.param((replace(MADE, day=None, closed=False), SITE), id="current")
    for show, where, words in product(get_args(Show), get_args(Placement), ("{source}", "Read at {source}")):
        terms = Terms(show=show, credit=where, text=words, excerpt=200)
        yield named(f"{show}-{where}-{words}", texts(), source(terms=terms))
    titled, untitled = source(title="Our Morning"), source(title="")
    secret = ordered(entry(origin=SECRET))
    yield named("secret", secret, source(auth="bearer:x"))
    yield named("open", secret, untitled)
    yield named("no id", ordered(entry(origin=Origin(id="no iri"))), untitled)
    handed = ordered(entry(origin=replace(MORNING, title="Other", via=(HUB, WIRE))), entry("own"))
    yield named("hops", handed, titled)
    yield named("hops by their own names", handed, untitled)
    yield named("carried", ordered(entry(more=CARRIED)), source())
    yield named("carried in full", ordered(entry(more=CARRIED)), source(terms=Terms(show="full")))
    yield named("rich", ordered(entry(**RICH)), source(terms=Terms(pictures=True, rule="Quote it")))
    yield named("language", ordered(entry(language="EN")), source())
    yield named(
        "many", ordered(*(entry(f"{n}", published=NOON - timedelta(hours=n)) for n in range(22))), source()
    )
    evening = entry(
        "e", source="evening", origin=Origin(title="Evening", site_url="https://evening.example/")
    )
    story = Story(told_by=entry(language="hy").published_id, others=(evening, entry("again")))
    yield named("story", ordered(entry(language="hy"), stories=(story,)), source())


@pytest.mark.parametrize("case", [*cases()])
def test_every_document_is_what_the_proof_finds_out_by_itself(case: Case) -> None:
    made, known = case
    for form, render in FORMATS.items():
        assert proof(form, render(made, known), made, known) == []
    assert proof("page", page(made, known), made, known) == []
    for kind, render in EMBEDS.items():
        assert proof_embed(kind, render(made, known), made, known) == []
