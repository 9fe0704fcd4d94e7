"""A feed to the page on which one puts an embed together: choices, previews, the code of each way. Pure."""

import re
from dataclasses import dataclass
from html import escape

from feedhub.model import Feed, Site
from feedhub.render import addresses
from feedhub.render.embed import FRAMED
from feedhub.render.embed.assets import STABLE, address
from feedhub.render.frame import Near, frame
from feedhub.render.theme import filled

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
    template: str  # {style} {data} {attributes} {query}

    @property
    def code(self) -> str:
        """Give the code with nothing chosen."""
        return _PLACES.sub("", self.template)


def builder(feed: Feed, site: Site) -> bytes:
    """Render the page on which one puts an embed of a feed together."""
    here = addresses.beside(feed.name, "embed")
    near = Near(here)
    values = {
        "tools_style": near(address("tools.css")),
        "scripts": [near(address("builder.js")), near(address("copy.js"))],
        "framed": near(addresses.beside(feed.name, "frame")),
        "ways": ways(feed, site),
        "widths": WIDTHS,
        "layouts": LAYOUTS,
        "most": FRAMED,
    }
    return filled(site.theme_files, "builder.html", frame(feed, site, here) | values)


def ways(feed: Feed, site: Site) -> tuple[Way, ...]:
    """Give the ways to embed a feed, each with its code."""
    data, page = escape(addresses.url(site, feed.name, "json")), addresses.url(site, feed.name, "page")
    script = escape(site.url + STABLE)
    link = f'<a href="{escape(page)}">{escape(feed.title)}</a>'
    framed = escape(site.url + addresses.beside(feed.name, "frame"))
    fragment = site.url + addresses.beside(feed.name, "fragment")
    return (
        Way(
            name="script",
            template=f'{{style}}<script src="{script}" data-src="{data}"{{data}}></script>'
            f"<noscript>{link}</noscript>",
        ),
        Way(
            name="component",
            template=f'{{style}}<script src="{script}"></script>\n'
            f'<feedhub-feed src="{data}"{{attributes}}>{link}</feedhub-feed>',
        ),
        Way(
            name="iframe",
            template=f'<script src="{script}"></script>\n'
            f'<iframe src="{framed}{{query}}" title="{escape(feed.title)}" width="100%"'
            f' height="{HEIGHT}" style="{_SIZING}"></iframe>',
        ),
        Way(
            name="oembed",
            template=page,
        ),
        Way(
            name="fragment",
            template=f"<?php readfile('{fragment}'); ?>",
        ),
    )
