"""A feed to the page on which one puts an embed together: choices, previews, the code of each way. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from feedhub.model import Feed, Site
from feedhub.render import addresses
from feedhub.render.embed import FRAMED
from feedhub.render.embed.assets import STABLE, address
from feedhub.render.frame import Near, frame
from feedhub.render.theme import filled

_PLACES = re.compile(r"\{(style|data|attributes|before|query|height|sizing)\}")
WIDTHS = (320, 768, 1200)  # pixels, of the previews
USUAL = 5  # entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How high an embed is that does not grow: as the script has it, where a letter is 16 pixels high."""

    each: int  # pixels for an entry
    most: int  # entries that have a place; others are scrolled to
    beside: int  # pixels for all else

    def height(self, limit: int) -> int:
        """Give the height for so many entries, in pixels."""
        return min(limit, self.most) * self.each + self.beside


LAYOUTS: Mapping[str, Place] = {
    "list": Place(each=144, most=4, beside=48),
    "cards": Place(each=0, most=0, beside=432),
    "headlines": Place(each=60, most=8, beside=48),
    "ticker": Place(each=0, most=0, beside=56),
}
_HEIGHT = LAYOUTS["list"].height(USUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to embed a feed: its code, with places for what is chosen."""

    name: str
    template: str  # {style} {data} {attributes} {before} {query} {height} {sizing}

    @property
    def code(self) -> str:
        """Give the code with nothing chosen."""
        return _PLACES.sub(lambda place: str(_HEIGHT) if place[1] == "height" else "", self.template)


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
        "usual": USUAL,
        "height": _HEIGHT,
        "script": site.url + STABLE,
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
            template=f'{{before}}<iframe src="{framed}{{query}}" title="{escape(feed.title)}" width="100%"'
            ' height="{height}" frameborder="0"{sizing}></iframe>',
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
