"""Documents that no strict parser takes, as feedparser's loose parser made them out. Pure."""

from collections.abc import Mapping
from typing import Any, cast

from feedhub.read.items import Child, Item, Outline

Parsed = Mapping[str, Any]  # what feedparser gives for a document, its head or an item

_NAMES = {
    "id": "atom:id",
    "link": "rss:link",
    "title": "rss:title",
    "published": "rss:pubDate",
    "updated": "atom:updated",
    "summary": "rss:description",
    "comments": "rss:comments",
    "rights": "dc:rights",
    "language": "rss:language",
    "ttl": "rss:ttl",
}


def loose_outline(parsed: Parsed, base: str) -> Outline:
    """Put what feedparser made out in the shape that a document's own outline has."""
    items = [_item(found, base) for found in parsed.get("entries", [])]
    return Outline(_item(parsed.get("feed", {}), base), items, is_feed=bool(parsed.get("version")))


def _item(parsed: Parsed, base: str) -> Item:
    # dict.get: feedparser's own answers `published` when it is asked for `updated`
    given = cast(dict[str, Any], parsed)
    children = [
        Child(name, {}, base, text=text, is_mixed=name == "rss:description")
        for key, name in _NAMES.items()
        if isinstance(text := dict.get(given, key), str) and text
    ]
    children += [Child("atom:link", attributes, base) for attributes in _all(parsed, "links")]
    children += [Child("atom:category", attributes, base) for attributes in _all(parsed, "tags")]
    for person in _all(parsed, "authors"):
        if name := person.get("name") or person.get("email"):
            children.append(Child("dc:creator", {}, base, text=name))
    if any(text.get("value") for text in _all(parsed, "content")):
        children.append(Child("content:encoded", {}, base, is_mixed=True))
    return Item(base=base, children=children)


def _all(parsed: Parsed, key: str) -> list[dict[str, str]]:
    """Give a list of attributes, of which only texts can be trusted to be what they should."""
    values = parsed.get(key, [])
    if not isinstance(values, list):
        return []
    return [
        {name: text for name, text in value.items() if isinstance(text, str)}
        for value in values
        if isinstance(value, Mapping)
    ]
