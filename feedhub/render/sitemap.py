"""The addresses of our pages for search engines, as sitemaps.org has them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from feedhub.model import Site
from feedhub.render.wellknown import SITEMAP

MOST = 50_000  # addresses in one document; at ours' length that is a tenth of the 50 MB that are allowed
_NAMES: dict[str | None, str] = {None: "http://www.sitemaps.org/schemas/sitemap/0.9"}
_SPACE = f"{{{_NAMES[None]}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page stands, and since when it is as it is."""

    path: str
    updated: datetime


def sitemap(pages: Sequence[Place], site: Site, *, most: int = MOST) -> dict[str, bytes]:
    """List pages; gives documents by path: one, or, of more than `most` pages, several and their index."""
    if len(pages) <= most:
        return {SITEMAP: _written("urlset", "url", pages, site)}
    parts = [pages[start : start + most] for start in range(0, len(pages), most)]
    made = {_part(number): part for number, part in enumerate(parts, 1)}
    listed = [Place(path=path, updated=max(place.updated for place in part)) for path, part in made.items()]
    documents = {path: _written("urlset", "url", part, site) for path, part in made.items()}
    return documents | {SITEMAP: _written("sitemapindex", "sitemap", listed, site)}


def _part(number: int) -> str:
    stem, _, suffix = SITEMAP.partition(".")
    return f"{stem}-{number}.{suffix}"


def _written(root_name: str, name: str, places: Sequence[Place], site: Site) -> bytes:
    root = etree.Element(_SPACE + root_name, nsmap=_NAMES)  # type: ignore[arg-type]
    for place in places:
        one = etree.SubElement(root, _SPACE + name)
        etree.SubElement(one, f"{_SPACE}loc").text = site.url + place.path
        etree.SubElement(one, f"{_SPACE}lastmod").text = f"{place.updated:%Y-%m-%dT%H:%M:%SZ}"
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
