"""A feed to the page on which one puts an embed together: choices, previews, the code of each way. Pure."""

import re
from dataclasses import dataclass
from html import escape

from feedhub.model import Feed, Site
from feedhub.render import addresses
from feedhub.render.embed import FRAMED
from feedhub.render.embed.assets import STABLE, address
from feedhub.render.frame import Link, Near
from feedhub.render.theme import filled, static

_PLACES = re.compile(r"\{(?:style|data|attributes|query)\}")
WIDTHS = (320, 768, 1200)  # pixels, of the previews
LAYOUTS = ("list", "cards", "headlines", "ticker")
HEIGHT = 480  # pixels, of a frame that nobody sizes
# A browser that knows frame-sizing needs no script to give the frame the height of what is in it.
_SIZING = f"border:0;height:auto;min-height:{HEIGHT}px;frame-sizing:content-height"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to embed a feed: its code, with places for what is chosen."""

    name: str
    title: str
    about: str
    template: str  # {style} {data} {attributes} {query}

    @property
    def code(self) -> str:
        """Give the code with nothing chosen."""
        return _PLACES.sub("", self.template)


def builder(feed: Feed, site: Site) -> bytes:
    """Render the page on which one puts an embed of a feed together."""
    here = addresses.beside(feed.name, "embed")
    near = Near(here)
    icon, style = static(site.theme_files)
    values = {
        "site": site,
        "feed": feed,
        "language": "en",
        "direction": "ltr",
        "canonical": site.url + here,
        "styles": [near(style), near(address("tools.css"))],
        "icon": near(icon),
        "scripts": [near(address("builder.js")), near(address("copy.js"))],
        "home": near("/"),
        "page": near(addresses.path(feed.name, "page")),
        "subscribe": near(addresses.beside(feed.name, "subscribe")),
        "frame": near(addresses.beside(feed.name, "frame")),
        "ways": ways(feed, site),
        "widths": WIDTHS,
        "layouts": LAYOUTS,
        "most": FRAMED,
        "feeds": [_to(other, feed, near) for other in site.feeds],
    }
    return filled(site.theme_files, "builder.html", values)


def ways(feed: Feed, site: Site) -> tuple[Way, ...]:
    """Give the ways to embed a feed, each with its code."""
    data, page = escape(addresses.url(site, feed.name, "json")), addresses.url(site, feed.name, "page")
    script = escape(site.url + STABLE)
    link = f'<a href="{escape(page)}">{escape(feed.title)}</a>'
    frame = escape(site.url + addresses.beside(feed.name, "frame"))
    fragment = site.url + addresses.beside(feed.name, "fragment")
    return (
        Way(
            name="script",
            title="A script",
            about="One line, which becomes the newest entries where it stands.",
            template=f'{{style}}<script src="{script}" data-src="{data}"{{data}}></script>'
            f"<noscript>{link}</noscript>",
        ),
        Way(
            name="component",
            title="A web component",
            about="An element to place and to style as any other; the script may stand anywhere in the page.",
            template=f'{{style}}<script src="{script}"></script>\n'
            f'<feedhub-feed src="{data}"{{attributes}}>{link}</feedhub-feed>',
        ),
        Way(
            name="iframe",
            title="A frame",
            about="The script, which may be left out, gives it the height of what is in it in any browser.",
            template=f'<script src="{script}"></script>\n'
            f'<iframe src="{frame}{{query}}" title="{escape(feed.title)}" width="100%"'
            f' height="{HEIGHT}" style="{_SIZING}"></iframe>',
        ),
        Way(
            name="oembed",
            title="An address (oEmbed)",
            about="For WordPress and Ghost: paste it into a line of its own.",
            template=page,
        ),
        Way(
            name="fragment",
            title="Plain HTML",
            about="For your own server to include. It holds no script and no style.",
            template=f"<?php readfile('{fragment}'); ?>",
        ),
    )


def _to(other: Feed, here: Feed, near: Near) -> Link:
    url = near(addresses.beside(other.name, "embed"))
    return Link(text=other.title, url=url, is_here=other.name == here.name)
