"""Edition to HTML: the page that people read. Pure, and the one place that uses Jinja2."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from itertools import groupby
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from feedhub import urls
from feedhub.model import Edition, Entry, Feed, Site
from feedhub.render import addresses
from feedhub.render.article import Article, Link, article, day_name, moment
from feedhub.render.direction import direction, primary
from feedhub.render.oembed import discovery


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The articles of one day."""

    day: str
    machine_day: str
    articles: tuple[Article, ...]


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("feedhub.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def _static() -> dict[str, bytes]:
    """Give each static file an address that changes with its bytes."""
    found: dict[str, bytes] = {}
    for name in ("icon.svg", "style.css"):
        body = (files("feedhub.render") / "static" / name).read_bytes()
        stem, _, suffix = name.partition(".")
        found[f"/static/{stem}-{hashlib.sha256(body).hexdigest()[:16]}.{suffix}"] = body
    return found


STATIC: dict[str, bytes] = _static()  # path -> bytes: what the pages need beside them
_ICON, _STYLE = STATIC
TEMPLATES = _environment()
_TEMPLATE = TEMPLATES.get_template("page.html")


def page(edition: Edition, site: Site, *, path: str = "") -> bytes:
    """Render an edition as an HTML page.

    `path` is where the page will stand, if that is not its own address; links to our own documents
    are relative to it. Raises RenderError for an entry whose link is no web address.
    """
    feed = edition.feed
    newest = addresses.path(feed.name, "page")
    path = path or addresses.path(feed.name, "page", edition.day)
    near = Near(path)
    language = feed.language or site.language
    return _TEMPLATE.render(
        language=language,
        direction=direction(language),
        is_english=primary(language) == "en",
        site=site,
        feed=feed,
        day=day_name(edition.day) if edition.day else "",
        home=near("/"),
        style=near(_STYLE),
        icon=_icon(site, near),
        oembed=discovery(feed, site) if path in ("/", newest) else "",
        canonical=site.url + (newest if path == "/" else path),
        is_newest=path in ("/", newest),
        newest=near(newest),
        feeds=[_to_feed(other, feed, near) for other in site.feeds],
        formats=_formats(feed, near),
        subscriptions=near("/subscriptions.opml"),
        earlier=_to_day(feed, edition.earlier, near),
        later=_to_day(feed, edition.later, near),
        sections=tuple(_sections(edition, site, language)),
        updated=moment(edition.updated, ZoneInfo(feed.timezone)),
        contact=_contact(site.contact),
    ).encode()


class Near:
    """Writes our own paths as seen from the page that stands at one of them."""

    def __init__(self, path: str) -> None:
        self._up = "../" * (path.count("/") - 1)

    def __call__(self, path: str) -> str:
        """Write a path of ours relative to that page."""
        return self._up + path[1:] or "./"


def _icon(site: Site, near: Near) -> str:
    """Give the icon's address; one at another host is not asked for."""
    own = site.url + "/"
    return near("/" + site.icon.removeprefix(own)) if site.icon.startswith(own) else near(_ICON)


def _to_feed(feed: Feed, here: Feed, near: Near) -> Link:
    url = near(addresses.path(feed.name, "page"))
    return Link(text=feed.title, url=url, is_here=feed.name == here.name)


def _to_day(feed: Feed, day: date | None, near: Near) -> Link | None:
    return Link(text=day_name(day), url=near(addresses.path(feed.name, "page", day))) if day else None


def _formats(feed: Feed, near: Near) -> list[Link]:
    return [
        Link(text=text, url=near(addresses.path(feed.name, kind)), type=addresses.media_type(kind))
        for kind, text in (("rss", "RSS"), ("atom", "Atom"), ("json", "JSON Feed"))
    ]


def _contact(contact: str) -> Link | None:
    if urls.is_web(contact):
        return Link(text=urls.host(contact), url=contact)
    if not contact:
        return None
    is_mail = re.fullmatch(r"[^\s@?&]+@[^\s@?&]+", contact)
    return Link(text=contact, url=f"mailto:{contact}" if is_mail else "")


def _sections(edition: Edition, site: Site, language: str) -> Iterator[Section]:
    """Part the entries by day; a dated edition is one day, also for what came late to it."""
    zone = ZoneInfo(edition.feed.timezone)
    others = edition.others()

    def day_of(entry: Entry) -> date:
        return edition.day or entry.published.astimezone(zone).date()

    def shown(entry: Entry, day: date) -> Article:
        also = others.get(entry.published_id, ())
        return article(entry, site, others=also, day=day, zone=zone, language=language)

    for day, entries in groupby(edition.entries, day_of):
        articles = tuple(shown(entry, day) for entry in entries)
        yield Section(day=day_name(day), machine_day=day.isoformat(), articles=articles)
