"""Edition to what other sites show of it: a fragment to include, and a page to frame. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from feedhub import urls
from feedhub.errors import RenderError
from feedhub.model import Edition, Feed, Site
from feedhub.render import addresses, told
from feedhub.render.direction import direction
from feedhub.render.embed.assets import address
from feedhub.render.frame import Near
from feedhub.render.interface import Interface, Moment, interface
from feedhub.render.item import Item, items
from feedhub.render.theme import filled

FRAMED = 20  # entries that a frame can show
INCLUDED = 10  # entries of a fragment


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry as other sites show it: plain words, and its credit."""

    published_id: str
    url: str
    title: str
    name: str  # what is linked to the article
    words: str
    also: str  # what the others are named after
    others: tuple[told.Telling, ...]  # who else tells its story
    published: Moment
    language: str  # "" = the feed's


def fragment(edition: Edition, site: Site) -> bytes:
    """Render a feed's newest entries as a piece of HTML, to be included. Raises RenderError."""
    return filled(site.theme_files, "fragment.html", _shown(edition, site, INCLUDED))


def frame(edition: Edition, site: Site) -> bytes:
    """Render a feed's newest entries as a page to be framed. Raises RenderError."""
    near = Near(addresses.beside(edition.feed.name, "frame"))
    values = {
        "style": near(address("frame.css")),
        "scripts": [near(address(name)) for name in ("embed.js", "frame.js")],
    }
    return filled(site.theme_files, "frame.html", _shown(edition, site, FRAMED) | values)


EMBEDS: dict[str, Callable[[Edition, Site], bytes]] = {"frame": frame, "fragment": fragment}
MOST = {"frame": FRAMED, "fragment": INCLUDED}


def shown(edition: Edition, site: Site, most: int) -> Iterator[Shown]:
    """Give the newest entries of an edition as embeds show them, each once."""
    zone, ours = ZoneInfo(edition.feed.timezone), interface(language(edition.feed, site))
    for item in items(edition, site)[:most]:
        yield _of(item, site, zone, ours)


def language(feed: Feed, site: Site) -> str:
    """Give the language of a feed."""
    return feed.language or site.language


def _shown(edition: Edition, site: Site, most: int) -> dict[str, object]:
    spoken = language(edition.feed, site)
    return {
        "feed": edition.feed,
        "home": addresses.url(site, edition.feed.name, "page"),
        "language": spoken,
        "direction": direction(spoken),
        "entries": tuple(shown(edition, site, most)),
    }


def _of(item: Item, site: Site, zone: ZoneInfo, ours: Interface) -> Shown:
    entry = item.entry
    if not urls.is_web(entry.url):
        raise RenderError(f"{entry.published_id}: its link is no web address", entry=entry.published_id)
    return Shown(
        published_id=entry.published_id,
        url=entry.url,
        title=entry.title,
        name=item.quoted.name,
        words=item.quoted.words,
        also=told.also(entry, site),
        others=item.story,
        published=ours.moment(entry.published, zone),
        language=item.language,
    )
