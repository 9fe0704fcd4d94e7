"""The elements that RSS and Atom share: namespaces, pictures, what is carried through. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from lxml import etree

from feedhub.model import Edition, Element, Entry, Image, Site

NAMESPACES = {
    "at": "http://purl.org/atompub/tombstones/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "rsl": "https://rslstandard.org/rsl",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_CARRIED = frozenset({"itunes", "podcast", "rsl"})
# They hold the publisher's text, which only the terms may let through.
_TEXTUAL = frozenset({"itunes:subtitle", "itunes:summary"})
# Apple once took other words than it does now, and feeds have them still.
_EXPLICIT = {
    "true": "true",
    "yes": "true",
    "explicit": "true",
    "false": "false",
    "no": "false",
    "clean": "false",
}
_DURATION = re.compile(r"\d+(?::[0-5]\d){0,2}")
_LONGEST_SUBTITLE = 255  # characters
_UNUSED = {"rss": {"at", "thr"}, "atom": {"creativeCommons", "dc", "slash", "wfw"}}


def namespaces(edition: Edition, site: Site, format: str) -> dict[str, str]:  # noqa: A002
    """Give the namespaces, by prefix, that an edition's document needs beside the format's own."""
    prefixes = {"dc"}
    if edition.day and edition.closed:
        prefixes.add("fh")
    if edition.deleted:
        prefixes.add("at")
    for entry in edition.entries:
        if entry.image or len(entry.enclosures) > 1:
            prefixes.add("media")
        if entry.comments:
            prefixes |= {"slash", "thr", "wfw"}
        if entry.license or entry.origin.license or site.terms(entry).license:
            prefixes.add("creativeCommons")
        prefixes |= {_prefix(element) for element in entry.more} & _CARRIED
    return {prefix: NAMESPACES[prefix] for prefix in sorted(prefixes - _UNUSED[format])}


@lru_cache(maxsize=256)
def qualified(name: str) -> str:
    """Give a name with a prefix as lxml writes it; one without stays as it is."""
    prefix, colon, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else name


def add(
    parent: etree._Element, name: str, text: str = "", attributes: Mapping[str, str] | None = None
) -> etree._Element:
    """Append an element; attributes without a value are left out."""
    element = etree.SubElement(parent, qualified(name))
    if text:
        element.text = text
    for key, value in (attributes or {}).items():
        if value:
            element.set(qualified(key), value)
    return element


def add_image(parent: etree._Element, image: Image) -> None:
    """Append the lead picture (Media RSS), with its size, description and credit."""
    size = {"width": str(image.width or ""), "height": str(image.height or "")}
    picture = add(parent, "media:content", "", {"url": image.url, "medium": "image", **size})
    if image.description:
        add(picture, "media:description", image.description, {"type": "plain"})
    if image.credit:
        add(picture, "media:credit", image.credit)
    add(parent, "media:thumbnail", "", {"url": image.url, **size})


def add_more(parent: etree._Element, entry: Entry, *, in_full: bool) -> None:
    """Append the elements that are carried through."""
    for element in carried(entry, in_full=in_full):
        _add_whole(parent, element)


def carried(entry: Entry, *, in_full: bool) -> Iterator[Element]:
    """Give what is carried through; what holds text only where it is shown whole."""
    for element in entry.more:
        if _prefix(element) not in _CARRIED or (element.name in _TEXTUAL and not in_full):
            continue
        said = _APPLES.get(element.name, _as_it_came)(element.text.strip())
        if said or not element.text:
            yield replace(element, text=said)


def _as_it_came(text: str) -> str:
    return text


def _explicit(text: str) -> str:
    return _EXPLICIT.get(text.lower(), "")


def _duration(text: str) -> str:
    """Give a duration in whole seconds, or H:MM:SS; "" if it is none."""
    whole = text.partition(".")[0]
    return whole if _DURATION.fullmatch(whole) else ""


def _subtitle(text: str) -> str:
    return text if len(text) <= _LONGEST_SUBTITLE else ""


# What Apple's specification asks of a text; what cannot be told so is left out.
_APPLES: dict[str, Callable[[str], str]] = {
    "itunes:duration": _duration,
    "itunes:explicit": _explicit,
    "itunes:subtitle": _subtitle,
}


def _add_whole(parent: etree._Element, element: Element) -> None:
    written = add(parent, element.name, element.text, dict(element.attributes))
    for part in element.parts:
        _add_whole(written, part)


def _prefix(element: Element) -> str:
    return element.name.partition(":")[0]
