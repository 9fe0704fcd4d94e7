"""A feed to the page that tells how to subscribe to it. Pure, and the one place that uses segno."""

from collections.abc import Mapping
from dataclasses import dataclass

import segno

from feedhub.model import Feed, Site
from feedhub.render import addresses
from feedhub.render.embed.assets import address
from feedhub.render.frame import Link, Near
from feedhub.render.readers import APPS, BY_HAND, WEB, subscribe_url
from feedhub.render.theme import filled, static

_FORMATS = (
    ("atom", "Atom", "It tells most exactly where each entry comes from, and nearly every reader takes it."),
    ("rss", "RSS", "Every reader takes it."),
    ("json", "JSON Feed", "It holds the same as JSON, for newer readers and for programs."),
)
_BEST = _FORMATS[0][0]  # of them, for readers that take any


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format, and why one might choose it."""

    name: str
    url: str
    why: str


def subscribe(feed: Feed, site: Site) -> bytes:
    """Render the page that tells how to subscribe to a feed."""
    here = addresses.beside(feed.name, "subscribe")
    near = Near(here)
    url = addresses.url(site, feed.name, _BEST)
    icon, style = static(site.theme_files)
    values = {
        "site": site,
        "feed": feed,
        "language": "en",
        "direction": "ltr",
        "canonical": site.url + here,
        "styles": [near(style), near(address("tools.css"))],
        "icon": near(icon),
        "scripts": [near(address("copy.js"))],
        "home": near("/"),
        "page": near(addresses.path(feed.name, "page")),
        "embed": near(addresses.beside(feed.name, "embed")),
        "formats": [
            Format(name=name, url=addresses.url(site, feed.name, kind), why=why)
            for kind, name, why in _FORMATS
        ],
        "web": _buttons(WEB, url),
        "apps": _buttons(APPS, url),
        "by_hand": BY_HAND,
        "code": _code(site.url + here),
        "opml": site.url + "/feeds.opml",
        "feeds": [_to(other, feed, near) for other in site.feeds],
    }
    return filled(site.theme_files, "subscribe.html", values)


def _buttons(readers: Mapping[str, str], url: str) -> list[Link]:
    return [Link(text=name, url=subscribe_url(template, url)) for name, template in readers.items()]


def _to(other: Feed, here: Feed, near: Near) -> Link:
    url = near(addresses.beside(other.name, "subscribe"))
    return Link(text=other.title, url=url, is_here=other.name == here.name)


def _code(url: str) -> str:
    """Draw an address as a QR code, in SVG."""
    code = segno.make(url, error="m", micro=False)
    return str(code.svg_inline(border=4, light="#fff", omitsize=True, svgclass="code", lineclass=None))
