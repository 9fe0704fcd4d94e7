"""A theme tried before anything is published by it, on a day that is made up: all that a page can tell."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from feedhub.errors import RenderError
from feedhub.model import (
    Category,
    Comments,
    Edition,
    Entry,
    Fault,
    Feed,
    Image,
    Origin,
    Person,
    Site,
    Source,
    Story,
    Terms,
)
from feedhub.publish.documents import proofed
from feedhub.render import addresses
from feedhub.render.archive import archive
from feedhub.render.embed import EMBEDS
from feedhub.render.embed.builder import builder
from feedhub.render.front import TOP
from feedhub.render.subscribe import subscribe

_NOON = datetime(2024, 11, 24, 12, tzinfo=UTC)
_DAY = timedelta(days=1)


def mistakes(site: Site) -> list[str]:
    """Give what is wrong with the templates of a site's theme, each once, as far as such a day shows it."""
    found: dict[str, str] = {}
    for feed in site.feeds:
        for fault in _faults(feed, replace(site, sources=SOURCES)):
            if fault.template:
                found.setdefault(fault.template, fault.reason)
    return list(found.values())


def _faults(feed: Feed, site: Site) -> Iterator[Fault]:
    full = made_up(replace(feed, sections=()))
    day, newest = addresses.path(feed.name, "page", full.day), addresses.path(feed.name, "page")
    embeds = [addresses.beside(feed.name, kind) for kind in EMBEDS]
    for made, paths in (
        (full, (day, newest)),
        (replace(full, day=None), embeds),
        (replace(full, entries=(), stories=(), earlier=None, later=None), (day,)),
    ):
        yield from proofed(made, site, paths, {}).problems.values()
    others: tuple[Callable[[], bytes], ...] = (
        partial(archive, feed, [_NOON.date()], site),
        partial(subscribe, feed, site),
        partial(builder, feed, site),
    )
    for render in others:
        try:
            render()
        except RenderError as error:
            yield Fault(reason=str(error), template=error.template)


def made_up(feed: Feed) -> Edition:
    """Make up a day of SOURCES: articles at the top, beyond it, in sections; the first tells all it can."""
    beside = [_bare("three", number) for number in range(TOP + 2)]
    return Edition(
        feed=feed,
        id="urn:uuid:6f1e3f6a-5c5b-5d0e-9a1e-0c4c2f1d7b11",
        day=_NOON.date(),
        entries=(_FULL, *beside, _bare("one", 20), _bare("two", 21)),
        updated=_NOON + _DAY,
        earlier=date(2024, 11, 23),
        later=date(2024, 11, 25),
        lead=_FULL.published_id,
        featured=frozenset({_FULL.published_id}),
        notes={_FULL.published_id: "A note."},
        corrected={_FULL.published_id: _NOON + _DAY},
        stories=(Story(told_by=_FULL.published_id, others=(_bare("two", 30),)),),
    )


def _origin(name: str) -> Origin:
    site_url = f"https://{name}.example/"
    return Origin(id=site_url, title=f"Source {name}", site_url=site_url, updated=_NOON)


def _bare(source: str, number: int) -> Entry:
    """Make up an article of which no more is told than must be."""
    url = f"https://{source}.example/{number}/"
    return Entry(
        source=source,
        key=url,
        published_id=url,
        url=url,
        title=f"Article {number}",
        published=_NOON - timedelta(minutes=number + 1),
        dated=False,
        origin=_origin(source),
    )


SOURCES = {
    name: Source(name=name, url=f"https://{name}.example/feed/", groups=groups, terms=terms)
    for name, groups, terms in (
        ("one", ("first",), Terms(pictures=True, rule="Quote with a hyperlink")),
        ("two", ("second",), Terms()),
        ("three", (), Terms(show="title")),
    )
}
_FULL = replace(
    _bare("one", -1),
    dated=True,
    updated=_NOON + timedelta(hours=1),
    summary="<p>The first words. They go on.</p><h2>A heading</h2><p>More of them.</p>",
    authors=(Person(name="An Author", url="https://one.example/author/"), Person(name="Another")),
    categories=(Category(term="label"), Category(term="other", label="Another label")),
    image=Image(
        url="https://one.example/a.jpg", width=640, height=480, description="A picture", credit="Somebody"
    ),
    language="hy",
    comments=Comments(url="https://one.example/comments/", count=3),
    related=("https://others.example/what-it-is-about/",),
    rights="All rights are the author's",
    license="https://license.example/",
    origin=replace(
        _origin("one"),
        feed_url="https://one.example/feed/",
        language="fr",
        via=(_origin("hub"), _origin("wire")),
    ),
)
