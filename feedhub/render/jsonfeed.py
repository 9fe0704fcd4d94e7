"""Edition to JSON Feed 1.1. Pure."""

import json
from collections.abc import Sequence
from typing import Any

from feedhub.errors import RenderError
from feedhub.model import Edition, Enclosure, Entry, Feed, Person, Site
from feedhub.render import addresses, credit
from feedhub.render.dates import rfc3339
from feedhub.render.lineage import Lineage, groups, language, lineage, updated
from feedhub.render.types import enclosure_type

VERSION = "https://jsonfeed.org/version/1.1"


def jsonfeed(edition: Edition, site: Site) -> bytes:
    """Render an edition as JSON Feed. Raises RenderError."""
    items = [_written_item(entry, edition.feed, site) for entry in edition.entries]
    head = _head(edition, site)
    try:
        opening = _dumped(head)[:-1]
    except UnicodeEncodeError as error:
        raise RenderError(f"the document cannot be written: {error}") from error
    # An item a line: documents stay small, and what changed in one can be seen.
    return opening + b', "items": [\n' + b",\n".join(items) + b"\n]}\n"


def _dumped(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _filled(value: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is absent."""
    return {key: part for key, part in value.items() if part not in ("", None, [], {})}


def _head(edition: Edition, site: Site) -> dict[str, Any]:
    feed = edition.feed
    archive = addresses.url(site, feed.name, "json", edition.archive) if edition.archive else ""
    return _filled(
        {
            "version": VERSION,
            "title": feed.title,
            "home_page_url": addresses.url(site, feed.name, "page", edition.day),
            "feed_url": addresses.url(site, feed.name, "json", edition.day),
            "description": feed.about,
            "next_url": archive,
            "icon": site.icon,
            "favicon": site.icon,
            "authors": [{"name": site.title, "url": addresses.home(site)}],
            "language": feed.language or site.language,
        }
    )


def _written_item(entry: Entry, feed: Feed, site: Site) -> bytes:
    try:
        return _dumped(_item(entry, feed, site))
    except (ValueError, RecursionError) as error:
        problem = f"{entry.published_id}: it cannot be written: {error}"
        raise RenderError(problem, entry=entry.published_id) from error


def _item(entry: Entry, feed: Feed, site: Site) -> dict[str, Any]:
    source = lineage(entry, site)
    item = {
        "id": entry.published_id,
        "url": entry.url,
        "external_url": entry.related[0] if entry.related else "",
        "title": entry.title,
        "content_html": credit.content(entry, site) or credit.summary(entry, site),
        "summary": credit.plain_summary(entry, site),
        "image": entry.image.url if entry.image else "",
        "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(updated(entry)),
        # Without authors of its own an item would pass for the work of our feed's.
        "authors": _authors(source.authors or (Person(name=source.title, url=source.site_url),)),
        "tags": [category.term for category in entry.categories],
        "language": language(entry, feed.language or site.language),
        "attachments": [_attachment(enclosure) for enclosure in entry.enclosures],
        "_feedhub": _extension(entry, source, site),
    }
    # JSON Feed wants one of content_html and content_text in every item.
    return {"content_html": "", **_filled(item)} if not item["content_html"] else _filled(item)


def _authors(authors: Sequence[Person]) -> list[dict[str, Any]]:
    return [_filled({"name": author.name or author.email, "url": author.url}) for author in authors]


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    return _filled(
        {
            "url": enclosure.url,
            "mime_type": enclosure_type(enclosure),
            "title": enclosure.title,
            "size_in_bytes": enclosure.length,
            "duration_in_seconds": enclosure.duration,
        }
    )


def _extension(entry: Entry, source: Lineage, site: Site) -> dict[str, Any]:
    """Give what JSON Feed has no member for: where the entry comes from, and on what terms."""
    return _filled(
        {
            "about": addresses.home(site),
            "via": [{"url": hop.url, "title": hop.title} for hop in source.via],
            "source": _filled(
                {
                    "id": source.id,
                    "title": source.title,
                    "feed_url": source.feed_url,
                    "home_page_url": source.site_url,
                }
            ),
            "related": list(entry.related[1:]),
            "rights": source.rights,
            "license": source.license,
            "groups": list(groups(entry, site)),
        }
    )
