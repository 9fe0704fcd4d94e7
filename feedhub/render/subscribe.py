"""A feed to the page that tells how to subscribe to it. Pure, and the one place that uses segno."""

from collections.abc import Mapping

import segno

from feedhub.model import Feed, Site
from feedhub.render import addresses
from feedhub.render.embed.assets import address
from feedhub.render.frame import Link, Near, frame
from feedhub.render.readers import APPS, BY_HAND, WEB, subscribe_url
from feedhub.render.theme import filled

_FORMATS = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}  # the best first, for readers that take any


def subscribe(feed: Feed, site: Site) -> bytes:
    """Render the page that tells how to subscribe to a feed."""
    here = addresses.beside(feed.name, "subscribe")
    near = Near(here)
    ways = [
        Link(text=name, url=addresses.url(site, feed.name, kind), type=kind)
        for kind, name in _FORMATS.items()
    ]
    values = {
        "tools_style": near(address("tools.css")),
        "scripts": [near(address("copy.js"))],
        "addresses": ways,
        "web": _buttons(WEB, ways[0].url),
        "apps": _buttons(APPS, ways[0].url),
        "by_hand": BY_HAND,
        "code": _code(site.url + here),
        "opml": site.url + "/feeds.opml",
    }
    return filled(site.theme_files, "subscribe.html", frame(feed, site, here) | values)


def _buttons(readers: Mapping[str, str], url: str) -> list[Link]:
    return [Link(text=name, url=subscribe_url(template, url)) for name, template in readers.items()]


def _code(url: str) -> str:
    """Draw an address as a QR code, in SVG."""
    code = segno.make(url, error="m", micro=False)
    return str(code.svg_inline(border=4, light="#fff", omitsize=True, svgclass="code", lineclass=None))
