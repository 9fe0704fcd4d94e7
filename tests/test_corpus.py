"""Real documents, where a local corpus stands beside the project, against an independent reading of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import corpus
from feedhub import urls
from feedhub.model import Entry, NotTaken, Reading
from judge import REDIRECTOR

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not corpus.IS_HERE, reason="there is no local corpus")


def pairs(items: list[dict[str, Any]], found: Reading) -> Iterator[tuple[dict[str, Any], Entry]]:
    """Set each item beside its entry; what was refused for want of a link has none."""
    entries, refused = list(found.entries), list(found.refused)
    for item in items:
        if refused and _is_refused(item, refused[0]) and not (entries and _is_taken(item, entries[0])):
            refused.pop(0)
        else:
            yield item, entries.pop(0)


def _is_refused(item: dict[str, Any], refused: NotTaken) -> bool:
    return not item["link"] and item["id"] == refused.id and _same_title(item["title"], refused.title)


def _is_taken(item: dict[str, Any], entry: Entry) -> bool:
    """Tell whether an item without a link is this entry: it may point to its file."""
    return bool(item["enclosures"]) and any(
        urls.absolute(file["url"], corpus.URL) == entry.url for file in item["enclosures"]
    )


def _same_title(wanted: str, title: str) -> bool:
    return bool(corpus.ORACLE.same_text(wanted, title))


def differences(item: dict[str, Any], entry: Entry, body: bytes) -> Iterator[str]:
    """Tell where an entry is not what the oracle read."""
    if item["title"] and not _same_title(item["title"], entry.title):
        yield f"title: {item['title']!r} is {entry.title!r}"
    link = urls.without_tracking(urls.absolute(item["link"], corpus.URL)) if item["link"] else ""
    if (
        link
        and urls.canonical(link) != urls.canonical(entry.url)
        and not _is_unwrapped(link, entry.url, body)
    ):
        yield f"link: {link!r} is {entry.url!r}"
    if item["id"] and len(item["id"]) <= 500 and entry.key != item["id"]:
        yield f"id: {item['id']!r} is {entry.key!r}"
    wanted = _date(item)
    if wanted and (not entry.dated or abs(entry.published - wanted) >= timedelta(seconds=1)):
        yield f"date: {wanted} is {entry.published}"


def _is_unwrapped(link: str, url: str, body: bytes) -> bool:
    """Tell whether a link is one that the document names behind a redirector."""
    has_original = b"origLink" in body or REDIRECTOR.match(link)
    return bool(has_original) and url.partition("?")[0].encode() in body


def _date(item: dict[str, Any]) -> datetime | None:
    name = "published" if item["published"] else "updated"
    if not item[name] or item[f"{name}_tz"] not in ("ok", "missing", "date-only"):
        return None
    found = datetime.fromisoformat(item[name])
    return found if found >= EARLIEST else None


@pytest.mark.parametrize("row", corpus.rows(), ids=lambda row: row["file"])
def test_a_real_document_is_read_as_the_oracle_reads_it(row: dict[str, str]) -> None:
    body = corpus.document(row)
    items = corpus.truth(body)
    found = corpus.ours(row)
    if not items:
        return
    assert found
    assert len(found.entries) + len(found.refused) == len(items)
    wrong = [each for item, entry in pairs(items, found) for each in differences(item, entry, body)]
    assert wrong == []
