"""Bytes of JSON Feed to what the proof compares. Pure; knows nothing of how they were written."""

import json
import re
from collections.abc import Iterator
from typing import Any

from feedhub.render.proof.found import FoundDocument, FoundItem, Unreadable
from feedhub.render.proof.xmldocument import rfc3339

_ADDRESSES = frozenset(
    {"url", "image", "banner_image", "external_url", "feed_url", "home_page_url", "avatar"}
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def read_json(document: bytes) -> FoundDocument:
    """Read JSON Feed 1.1. Raises Unreadable."""
    try:
        found = json.loads(document.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is not JSON: {error}") from error
    if not isinstance(found, dict) or found.get("version") != "https://jsonfeed.org/version/1.1":
        raise Unreadable("it is not JSON Feed 1.1")
    items = found.get("items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Unreadable("it has no list of items")
    return FoundDocument(
        title=_text(found, "title"),
        home=_text(found, "home_page_url"),
        self_urls=(_text(found, "feed_url"),),
        earlier=(_text(found, "next_url"),) if "next_url" in found else (),
        has_updated=False,
        items=tuple(_item(item) for item in items),
    )


def _item(item: dict[str, Any]) -> FoundItem:
    extension = _members(item, "_feedhub")
    hops = extension.get("via")
    via = [hop for hop in hops if isinstance(hop, dict)] if isinstance(hops, list) else []
    source = _members(extension, "source")
    html = item.get("content_html")
    # RSS and Atom cannot hold them, and what is not in all three is in none.
    is_legal = not _FORBIDDEN.search("".join(_texts(item)))
    return FoundItem(
        id=_text(item, "id"),
        links=(_text(item, "url"),),
        related=_related(item, extension),
        title=_text(item, "title"),
        published=rfc3339(_text(item, "date_published")),
        updated=rfc3339(_text(item, "date_modified")),
        via=tuple((_text(hop, "url"), _text(hop, "title")) for hop in via),
        source={
            "id": _text(source, "id"),
            "title": _text(source, "title"),
            "feed_url": _text(source, "feed_url"),
            "site_url": _text(source, "home_page_url"),
        },
        summary=None,
        content=html if isinstance(html, str) and is_legal else None,
        plain=_text(item, "summary"),
        rights=_text(extension, "rights"),
        license=_text(extension, "license"),
        addresses=tuple(_addresses(item)),
        problems=() if is_legal else ("it holds characters that XML forbids",),
    )


def _related(item: dict[str, Any], extension: dict[str, Any]) -> tuple[str, ...]:
    others = extension.get("related")
    first = (_text(item, "external_url"),) if "external_url" in item else ()
    return (*first, *others) if isinstance(others, list) else first


def _members(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _text(parent: dict[str, Any], name: str) -> str:
    value = parent.get(name)
    return value if isinstance(value, str) else ""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _addresses(value: object) -> Iterator[str]:
    """Gather every URL in an item, wherever it stands."""
    if isinstance(value, list):
        for part in value:
            yield from _addresses(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name in _ADDRESSES and isinstance(part, str):
                yield part
            else:
                yield from _addresses(part)
