"""An entry as the page shows it: its passage, its byline, its marks, its times in words. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from markupsafe import Markup

from feedhub import markup, urls
from feedhub.errors import RenderError
from feedhub.model import Comments, Edition, Entry, Site
from feedhub.render import lineage
from feedhub.render.direction import direction_within
from feedhub.render.frame import Link, our_language
from feedhub.render.interface import Interface, Moment
from feedhub.render.item import Item
from feedhub.render.types import feed_type

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LOADING = ("audio", "embed", "iframe", "img", "object", "picture", "source", "track", "video")
_UNFIT = re.compile(rf"<(?:h[1-6]|{'|'.join(_LOADING)})\b", re.I)
_PASSAGE_LEVEL = 4  # the page is h1, a day h2, an article h3


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A publisher's picture, at its own host."""

    url: str
    width: int | None  # pixels
    height: int | None
    description: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another source that tells the same news."""

    publisher: str
    title: str
    url: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry as the page shows it."""

    published_id: str
    title: str
    url: str
    passage: Markup  # credited
    site: Link  # the first publisher's
    feed: Link | None  # the publisher's, where others may know it
    publisher_language: str | None  # of its name and its rule; "" = unknown, None = the article's
    authors: tuple[Link, ...]
    via: tuple[Link, ...]  # who handed it on
    published: Moment
    is_dated: bool
    updated: Moment | None
    corrected: Moment | None  # after its day was closed
    is_featured: bool
    note: str  # an editor's words
    picture: Picture | None
    others: tuple[Other, ...]  # who tells the same
    language: str  # "" = the page's
    ours: Markup  # attributes of our own words beside it
    direction: str  # "" = the page's
    categories: tuple[str, ...]
    comments: Link | None
    related: tuple[Link, ...]  # the pages that it is about
    rights: str  # the entry's, else its source's, else the rule that we were told
    rule: str  # the publisher's own words to us; "" = they are its rights already
    license: str


def article(item: Item, edition: Edition, site: Site, interface: Interface) -> Article:
    """Gather what the page shows of an entry; raises RenderError if its link is no web address."""
    entry, traced, own = item.entry, item.lineage, item.language
    if not urls.is_web(entry.url):
        raise RenderError(f"{entry.published_id}: its link is no web address", entry=entry.published_id)
    rule, page = item.terms.rule, edition.feed.language or site.language
    return Article(
        published_id=entry.published_id,
        title=entry.title,
        url=entry.url,
        passage=Markup(_fitted(item.quoted.summary)),  # noqa: S704 - sanitized when it was read
        site=Link(text=traced.title, url=_web(traced.site_url) or urls.root(entry.url)),
        feed=_feed(_web(traced.feed_url)),
        publisher_language=_publisher_language(entry, site, own=own, page=page),
        authors=tuple(
            Link(text=person.name or person.email, url=_web(person.url)) for person in traced.authors
        ),
        via=tuple(Link(text=hop.title, url=_web(hop.url)) for hop in traced.via[:-1]),
        is_dated=entry.dated,
        **_moments(item, edition, interface),
        is_featured="featured" in item.marks,
        note=item.note,
        picture=_picture(item),
        others=tuple(_others(item, edition, page)),
        language=own,
        ours=our_language(interface, own or page),
        direction=direction_within(own, page, is_known=bool(entry.language or entry.origin.language)),
        categories=tuple(dict.fromkeys(category.label or category.term for category in entry.categories)),
        comments=_comments(entry.comments, interface) if entry.comments else None,
        related=tuple(Link(text=urls.host(url), url=url) for url in entry.related if urls.is_web(url)),
        rights=traced.rights,
        rule=rule if rule != traced.rights else "",
        license=_web(traced.license),
    )


class _Moments(TypedDict):
    published: Moment
    updated: Moment | None
    corrected: Moment | None


def _moments(item: Item, edition: Edition, interface: Interface) -> _Moments:
    """Give an entry's times; the date is left out on the edition's day."""
    entry, zone = item.entry, ZoneInfo(edition.feed.timezone)

    def written(when: datetime | None) -> Moment | None:
        return interface.moment(when, zone, on=edition.day) if when else None

    changed = entry.updated if entry.updated and entry.updated > entry.published else None
    return _Moments(
        published=interface.moment(entry.published, zone, on=edition.day),
        updated=written(changed),
        corrected=written(item.corrected),
    )


def _picture(item: Item) -> Picture | None:
    """Give an entry's picture, if its publisher lets us show it."""
    image = item.entry.image
    if image is None or not item.terms.pictures or not urls.is_web(image.url):
        return None
    return Picture(
        url=image.url,
        width=image.width,
        height=image.height,
        description=image.description,
        credit=image.credit,
    )


def _others(item: Item, edition: Edition, page: str) -> Iterator[Other]:
    others = edition.others().get(item.entry.published_id, ()) if item.story else ()
    for other, telling in zip(others, item.story, strict=True):
        yield Other(
            publisher=telling.publisher,
            title=telling.title,
            url=_web(telling.url),
            language=lineage.language(other, page) or page,
        )


def _publisher_language(entry: Entry, site: Site, *, own: str, page: str) -> str | None:
    """Give the language of a publisher's name and rule where it is not the article's."""
    source = site.sources.get(entry.source)
    spoken = entry.origin.language or (source.language if source and not entry.origin.via else "")
    if not spoken:
        return "" if own else None
    return spoken if spoken.lower() != (own or page).lower() else None


def _feed(url: str) -> Link | None:
    return Link(text=urls.host(url), url=url, type=feed_type(url)) if url else None


def _comments(comments: Comments, interface: Interface) -> Link | None:
    if not urls.is_web(comments.url):
        return None
    if comments.count:
        text = interface.number("%(count)s comment", "%(count)s comments", comments.count)
    else:
        text = interface.text("Comments")
    return Link(text=text, url=comments.url)


def _web(url: str) -> str:
    return url if urls.is_web(url) else ""


def _fitted(passage: str) -> str:
    """Fit a passage into the page: its headings below the article's, nothing from another host."""
    if not _UNFIT.search(passage):
        return passage
    tree = markup.fragment(passage)
    for element in list(tree.iter(*_LOADING)):
        element.drop_tree()
    headings = list(tree.iter(*_HEADINGS))
    if headings:
        down = _PASSAGE_LEVEL - min(int(heading.tag[1]) for heading in headings)
        for heading in headings:
            heading.tag = f"h{min(int(heading.tag[1]) + down, 6)}"
    return markup.inner(tree)
