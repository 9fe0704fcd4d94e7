from dataclasses import replace

from hypothesis import given, settings

import told
from editions import editions
from feedhub.model import Edition, Site
from feedhub.render import FORMATS
from feedhub.render.page import page


def as_page_tells(shown: told.OnPage) -> told.OnPage:
    """Give what a page would tell: who stands in for an author is the publisher, which it names anyway."""
    return replace(shown, updated=max(shown.updated, shown.published))


def on_page(document: bytes, made: Edition) -> list[told.OnPage]:
    """Read a page in the order of its edition; it has an order of its own."""
    found = {one.id: one for one in told.page(document)}
    assert found.keys() == {entry.published_id for entry in made.entries}
    return [found[entry.published_id] for entry in made.entries]


@given(editions())
@settings(max_examples=200, deadline=None)
def test_every_document_tells_the_same_of_every_entry(drawn: tuple[Edition, Site]) -> None:
    made, site = drawn
    made = replace(made, stories=())  # the page has a block of their own for them, and not the texts' end
    terms = {name: source.terms for name, source in site.sources.items()}
    rss = told.rss(FORMATS["rss"](made, site))
    atom = told.atom(FORMATS["atom"](made, site))
    json = told.json_feed(FORMATS["json"](made, site))
    shown = on_page(page(made, site), made)
    assert len(rss) == len(atom) == len(json) == len(shown) == len(made.entries)
    for entry, one, two, three, four in zip(made.entries, rss, atom, json, shown, strict=True):
        if not one.on_page.authors:
            # Nobody is named: there the publisher stands in, so that nobody takes us for the author.
            assert two.on_page.authors == three.on_page.authors == (one.on_page.publisher,)
            two = replace(two, on_page=replace(two.on_page, authors=()))
            three = replace(three, on_page=replace(three.on_page, authors=()))
        if entry.source in terms and terms[entry.source].show == "full":
            # There it holds the whole text, and the others' excerpt may be another.
            three = replace(three, on_page=replace(three.on_page, credits=one.on_page.credits))
        assert one == two == three
        assert as_page_tells(one.on_page) == four
