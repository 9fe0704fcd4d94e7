"""Real documents, where a local corpus stands beside the project, against an independent reading of them."""

import importlib.util
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from feedhub import urls
from feedhub.errors import ReadError
from feedhub.model import Entry, NotTaken, Reading
from reading import reading

CORPUS = Path(__file__).parents[2] / "shared" / "corpora"
URL = "https://feed.example/x"
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not (CORPUS / "open").is_dir(), reason="there is no local corpus")


def _oracle() -> ModuleType:
    spec = importlib.util.spec_from_file_location("oracle", CORPUS / "oracle.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ORACLE = _oracle() if CORPUS.is_dir() else None
DOCUMENTS = sorted(
    path
    for path in (CORPUS / "open").rglob("*")
    if path.is_file() and path.suffix not in (".csv", ".md", ".txt", ".py")
)


def truth(body: bytes) -> dict[str, Any]:
    """Read a document with the oracle; no entries for what it cannot read for sure."""
    assert ORACLE
    try:
        found: dict[str, Any] = ORACLE.parse(body)
    except Exception:  # noqa: BLE001 - whatever stops it: it is no witness then
        return {"entries": []}
    return found if found["mode"] != "recovered" else {"entries": []}


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
        urls.absolute(file["url"], URL) == entry.url for file in item["enclosures"]
    )


def _same_title(wanted: str, title: str) -> bool:
    assert ORACLE
    return bool(ORACLE.same_text(wanted, title))


def differences(item: dict[str, Any], entry: Entry, body: bytes) -> Iterator[str]:
    """Tell where an entry is not what the oracle read."""
    if item["title"] and not _same_title(item["title"], entry.title):
        yield f"title: {item['title']!r} is {entry.title!r}"
    link = urls.without_tracking(urls.absolute(item["link"], URL)) if item["link"] else ""
    if link and urls.canonical(link) != urls.canonical(entry.url) and not _is_unwrapped(entry.url, body):
        yield f"link: {link!r} is {entry.url!r}"
    if item["id"] and len(item["id"]) <= 500 and entry.key != item["id"]:
        yield f"id: {item['id']!r} is {entry.key!r}"
    wanted = _date(item)
    if wanted and (not entry.dated or abs(entry.published - wanted) >= timedelta(seconds=1)):
        yield f"date: {wanted} is {entry.published}"


def _is_unwrapped(url: str, body: bytes) -> bool:
    """Tell whether a link is one that the document names behind a redirector."""
    return b"origLink" in body and url.partition("?")[0].encode() in body


def _date(item: dict[str, Any]) -> datetime | None:
    name = "published" if item["published"] else "updated"
    if not item[name] or item[f"{name}_tz"] not in ("ok", "missing", "date-only"):
        return None
    found = datetime.fromisoformat(item[name])
    return found if found >= EARLIEST else None


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_real_document_is_read_as_the_oracle_reads_it(path: Path) -> None:
    body = path.read_bytes()
    items = truth(body)["entries"]
    try:
        found = reading(body, url=URL, timezone="UTC")
    except ReadError:
        found = None
    if not items:
        return
    assert found
    assert len(found.entries) + len(found.refused) == len(items)
    wrong = [each for item, entry in pairs(items, found) for each in differences(item, entry, body)]
    assert wrong == []
