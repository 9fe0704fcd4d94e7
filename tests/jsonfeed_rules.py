"""JSON Feed 1.1's rules, checked on a document by itself; what the specification only recommends is not."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

VERSION = "https://jsonfeed.org/version/1.1"


def broken_rules(document: bytes) -> list[str]:
    """Give what a document breaks of the specification, each with where; [] if it keeps all."""
    try:
        feed = json.loads(document.decode("utf-8"), object_pairs_hook=_once)
    except ValueError as error:
        return [f"no JSON: {error}"]
    if not isinstance(feed, dict):
        return ["no object"]
    return list(_feed(feed))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError(f"a member twice among {names}")
    return dict(pairs)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _is_address(value: object) -> bool:
    if not isinstance(value, str):
        return False
    parts = urlsplit(value)
    return bool(parts.scheme and (parts.netloc or parts.scheme not in ("http", "https"))) and " " not in value


def _is_time(value: object) -> bool:
    if not isinstance(value, str) or value[10:11] not in ("T", "t"):
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_tags(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_list(value: object) -> bool:
    return isinstance(value, list)


Judge = Callable[[object], bool]
FEED: dict[str, Judge] = {
    "version": lambda value: value == VERSION,
    "title": _is_text,
    "home_page_url": _is_address,
    "feed_url": _is_address,
    "description": _is_text,
    "user_comment": _is_text,
    "next_url": _is_address,
    "icon": _is_address,
    "favicon": _is_address,
    "author": lambda value: isinstance(value, dict),
    "authors": _is_list,
    "language": _is_text,
    "expired": _is_flag,
    "hubs": _is_list,
    "items": _is_list,
}
ITEM: dict[str, Judge] = {
    "id": lambda value: isinstance(value, str) and value != "",
    "url": _is_address,
    "external_url": _is_address,
    "title": _is_text,
    "content_html": _is_text,
    "content_text": _is_text,
    "summary": _is_text,
    "image": _is_address,
    "banner_image": _is_address,
    "date_published": _is_time,
    "date_modified": _is_time,
    "author": lambda value: isinstance(value, dict),
    "authors": _is_list,
    "tags": _is_tags,
    "language": _is_text,
    "attachments": _is_list,
}
AUTHOR: dict[str, Judge] = {"name": _is_text, "url": _is_address, "avatar": _is_address}
ATTACHMENT: dict[str, Judge] = {
    "url": _is_address,
    "mime_type": lambda value: isinstance(value, str) and value.count("/") == 1,
    "title": _is_text,
    "size_in_bytes": _is_number,
    "duration_in_seconds": _is_number,
}
HUB: dict[str, Judge] = {"type": _is_text, "url": _is_address}


def _feed(feed: dict[str, Any]) -> Iterator[str]:
    yield from _members("the feed", feed, FEED, needed=("version", "title", "items"))
    yield from _authors("the feed", feed)
    for hub in _objects(feed, "hubs"):
        yield from _members("a hub", hub, HUB, needed=("type", "url"))
    if feed.get("next_url") is not None and feed.get("next_url") == feed.get("feed_url"):
        yield "the feed: next_url leads to itself"
    items = feed.get("items")
    ids = []
    for number, item in enumerate(items if isinstance(items, list) else []):
        where = f"item {number}"
        if not isinstance(item, dict):
            yield f"{where}: no object"
            continue
        ids.append(item.get("id"))
        yield from _item(where, item)
    for repeated in {str(one) for one in ids if ids.count(one) > 1}:
        yield f"the id {repeated} twice"


def _item(where: str, item: dict[str, Any]) -> Iterator[str]:
    yield from _members(where, item, ITEM, needed=("id",))
    if "content_html" not in item and "content_text" not in item:
        yield f"{where}: neither content_html nor content_text"
    yield from _authors(where, item)
    for attachment in _objects(item, "attachments"):
        yield from _members(f"{where}: an attachment", attachment, ATTACHMENT, needed=("url", "mime_type"))


def _authors(where: str, parent: dict[str, Any]) -> Iterator[str]:
    for author in _objects(parent, "authors"):
        yield from _members(f"{where}: an author", author, AUTHOR, needed=())
        if not author.keys() & AUTHOR.keys():
            yield f"{where}: an author of whom nothing is told"


def _objects(parent: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = parent.get(name)
    # What is no object is told as an object that lacks all it needs.
    return [one if isinstance(one, dict) else {} for one in found] if isinstance(found, list) else []


def _members(
    where: str, told: dict[str, Any], judges: dict[str, Judge], *, needed: tuple[str, ...]
) -> Iterator[str]:
    for name in needed:
        if name not in told:
            yield f"{where}: no {name}"
    for name, value in told.items():
        if name.startswith("_"):
            if not isinstance(value, dict):
                yield f"{where}: the extension {name} is no object"
        elif name not in judges:
            yield f"{where}: there is no member {name}"
        elif not judges[name](value):
            yield f"{where}: {name} may not be {value!r:.80}"
