"""Edition to HTML: the front page that people read. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from markupsafe import Markup

from feedhub import urls
from feedhub.model import Edition, Entry, Section, Site
from feedhub.render import addresses
from feedhub.render.article import Article, article
from feedhub.render.frame import Link, Near, frame
from feedhub.render.front import TOP, front
from feedhub.render.interface import Interface, interface
from feedhub.render.item import items
from feedhub.render.oembed import discovery
from feedhub.render.theme import filled

_DRAWING = frozenset({"article.html", "page.html"})  # the templates that say how an article is drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Articles under a heading."""

    title: str
    language: str  # of the title; "" = the page's
    articles: tuple[Article, ...]


def page(edition: Edition, site: Site, *, path: str = "") -> bytes:
    """Render an edition as an HTML page.

    `path` is where the page will stand, if that is not its own address; links to our own documents
    are relative to it. Raises RenderError for an entry whose link is no web address.
    """
    feed, day = edition.feed, edition.day
    path = path or addresses.path(feed.name, "page", day)
    near, ours = Near(path), interface(feed.language or site.language)
    show = _Showing(edition, site, ours)
    laid = front(edition, site)
    top = show.all(laid.top)
    articles = {
        "lead": show.one(laid.lead) if laid.lead else None,
        "top": top[:TOP],
        "more": top[TOP:],
        "sections": tuple(show.part(section, entries) for section, entries in laid.sections),
    }
    values = {
        "day": ours.day(day) if day else "",
        "machine_day": day.isoformat() if day else "",
        "number": len(edition.entries),
        "sources": len({site.publisher(entry) for entry in edition.entries}),
        "earlier": _to_day(edition, edition.earlier, near, ours),
        "later": _to_day(edition, edition.later, near, ours),
        "updated": ours.moment(edition.updated, ZoneInfo(feed.timezone)),
        "oembed": discovery(feed, site) if path in ("/", addresses.path(feed.name, "page")) else "",
        "picture_hosts": sorted(show.picture_hosts),
        "once": show.once,
    }
    return filled(site.theme_files, "page.html", frame(feed, site, path) | articles | values)


def _to_day(edition: Edition, day: date | None, near: Near, ours: Interface) -> Link | None:
    if day is None:
        return None
    return Link(text=ours.day(day), url=near(addresses.path(edition.feed.name, "page", day)))


class _Showing:
    """Makes entries of an edition into what the page shows of them, each once."""

    def __init__(self, edition: Edition, site: Site, ours: Interface) -> None:
        self._edition, self._site, self._ours = edition, site, ours
        self._items = {item.entry.published_id: item for item in items(edition, site)}
        # What an article is made from beside its item.
        self._around = (edition.feed.language or site.language, edition.feed.timezone, edition.day)
        # A theme's own may show what stands on this page alone, and be another the next time.
        self._draws_alike = _DRAWING.isdisjoint(name for name, _ in site.theme_files)
        self.picture_hosts: set[str] = set()  # that the page asks for pictures

    def one(self, entry: Entry) -> Article:
        item = self._items[entry.published_id]
        make = partial(article, item, self._edition, self._site, self._ours)
        made = item.once(("article", *self._around), make)
        if made.picture:
            self.picture_hosts.add(urls.root(made.picture.url).rstrip("/"))
        return made

    def all(self, entries: Iterable[Entry]) -> tuple[Article, ...]:
        return tuple(map(self.one, entries))

    def part(self, section: Section, entries: Iterable[Entry]) -> Part:
        return Part(title=section.title, language=section.language, articles=self.all(entries))

    def once(self, draw: Callable[..., Markup], shown: Article, *more: object) -> Markup:
        """Draw an article with the macro of article.html, unless it has been drawn."""
        make = partial(draw, shown, self._ours.text, *more)
        if not self._draws_alike:
            return make()
        return self._items[shown.published_id].once(("drawn", *self._around, *more), make)
