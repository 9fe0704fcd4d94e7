"""Bytes of XML to what stands in them, and what RSS and Atom say alike. Pure.

Read by the standard library, as the documents are written by lxml.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from feedhub.model import Edition, Element, Image, Site
from feedhub.render.proof.addresses import address
from feedhub.render.proof.expected import Expected
from feedhub.render.proof.standing import Found, Stands, Text, Unreadable, filled

# Of an element with neither attributes nor elements in it its text alone; of one with attributes alone its
# text, and these as the parser names them; else its text, and what stands in it.
Part = str | tuple[str, Mapping[str, object]]

_BEGINNING = re.compile(rb"<\?xml version='1\.0' encoding='UTF-8'\?>\s*<[a-z]")
_NONE: Mapping[str, str] = {}
_PREFIXES = {
    "http://backend.userland.com/creativeCommonsRssModule": "creativeCommons",
    "http://purl.org/atompub/tombstones/1.0": "at",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://search.yahoo.com/mrss/": "media",
    "http://wellformedweb.org/CommentAPI/": "wfw",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/2005/Atom": "atom",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "https://rslstandard.org/rsl": "rsl",
}
_NAMESPACES = {prefix: namespace for namespace, prefix in _PREFIXES.items()}


def root(document: bytes) -> ElementTree.Element:
    """Parse a document: one element, with nothing before it. Raises Unreadable."""
    if not _BEGINNING.match(document):
        raise Unreadable("something stands before its first element, or nothing stands there")
    try:
        # No document type can stand there: nothing in it is expanded.
        return ElementTree.fromstring(document)  # noqa: S314
    except (ElementTree.ParseError, ValueError) as error:
        raise Unreadable(f"it is not well formed: {error}") from error


@lru_cache(maxsize=256)
def _name(tag: str, own: str, relation: str | None = None) -> str:
    """Give a name as documents write it: with its prefix, but for those of the format's own namespace.

    The relation of a link stands behind its name.
    """
    namespace, _, local = tag[1:].partition("}") if tag[0] == "{" else ("", "", tag)
    name = local if namespace == own else f"{_PREFIXES.get(namespace, namespace)}:{local}"
    return f"{name} {relation}" if relation else name


def attribute(name: str) -> str:
    """Give the name of an attribute, which may have a prefix, as the parser does."""
    prefix, colon, local = name.rpartition(":")
    return f"{{{_NAMESPACES.get(prefix, prefix)}}}{local}" if colon else name


def stands(parent: ElementTree.Element, own: str, *, but: str = "") -> Stands:
    """Gather what stands in an element, by name; of links also by their relation; `but` is left out.

    `own` is the namespace of the format. Attributes bear an @ before their name.
    """
    found: dict[str, Any] = {f"@{_name(name, '')}": value for name, value in parent.items()}
    strays, is_behind = [parent.text or ""], False
    for child in parent:
        tag, tail = child.tag, child.tail
        if tail:
            strays.append(tail)
        if tag == but:
            is_behind = True
            continue
        if is_behind:
            found["elements behind its entries"] = True
        found.setdefault(_name(tag, own, child.get("rel")), []).append(_part(child, own))
    stray = "".join(strays)
    return {**found, "stray text": stray} if stray and not stray.isspace() else found


def _part(element: ElementTree.Element, own: str) -> Part:
    if len(element):
        return "", stands(element, own)
    attributes, text = element.attrib, element.text or ""
    return (text, attributes) if attributes else text


def part(text: str = "", **attributes: str) -> Part:
    """Say what must stand as an element; attributes without a value are left out."""
    said = {name: value for name, value in attributes.items() if value}
    return (text, said) if said else text


def whole(inside: Stands, attributes: Mapping[str, str] = _NONE, text: str = "") -> Part:
    """Say what must stand as an element that may hold others."""
    others = filled(inside)
    borne = ((f"@{name}" if others else attribute(name), value) for name, value in attributes.items())
    said: dict[str, object] = {name: value for name, value in borne if value}
    said |= others
    return (text, said) if said else text


def one(value: str) -> list[object]:
    """Say that an element with this text must stand there once, or none if there is no text."""
    return [value] if value else []


def found(stands: Stands, id_: str, *, summary: str, content: str) -> Found:
    """Give an entry by what stands in it; the names tell where its id and its texts do."""
    texts = (Text(_text(stands, summary), is_summary=True), Text(_text(stands, content), is_summary=False))
    return Found(_text(stands, id_), stands, texts)


def _text(stands: Stands, name: str) -> str:
    parts = stands.get(name)
    first = parts[0] if isinstance(parts, list) and parts else ""
    text = first[0] if isinstance(first, tuple) else first
    return text if isinstance(text, str) else ""


# ── What RSS and Atom say alike ───────────────────────────────────────────────────────────────────


def own_links(edition: Edition, site: Site, form: str) -> dict[str, list[str]]:
    """Say where a document's own links lead, by relation (RFC 5005)."""
    feed = edition.feed
    return {
        "self": [address(site, feed, form, edition.day)],
        "prev-archive": [address(site, feed, form, edition.archive)] if edition.archive else [],
        "current": [address(site, feed, form)] if edition.day else [],
    }


def via(said: Expected) -> list[Part]:
    """Say through which pages an entry came."""
    return [part(rel="via", href=hop.url, title=hop.title, type="text/html") for hop in said.via]


def related(said: Expected) -> list[Part]:
    """Say which pages an entry is about, and who else tells its story."""
    about = [part(rel="related", href=url) for url in said.entry.related]
    told = [
        part(rel="related", href=each.url, title=f"{each.publisher}: {each.title}", type="text/html")
        for each in said.story
    ]
    return about + told


def pictures(image: Image | None) -> tuple[list[Part], list[Part]]:
    """Say what must stand of the lead picture: as media:content, and as media:thumbnail."""
    if image is None:
        return [], []
    size = {"width": str(image.width or ""), "height": str(image.height or "")}
    words = {
        "media:description": [part(image.description, type="plain")] if image.description else [],
        "media:credit": one(image.credit),
    }
    content = {"url": image.url, "medium": "image", **size}
    return [whole(words, content)], [part(url=image.url, **size)]


def more(said: Expected) -> dict[str, list[Part]]:
    """Say which elements are carried through."""
    found: dict[str, list[Part]] = {}
    for element in said.more:
        found.setdefault(element.name, []).append(_carried(element))
    return found


def _carried(element: Element) -> Part:
    inside: dict[str, list[Part]] = {}
    for each in element.parts:
        inside.setdefault(each.name, []).append(_carried(each))
    return whole(inside, dict(element.attributes), "" if inside else element.text)
