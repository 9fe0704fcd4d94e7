"""What is published of a source against an independent reading of its document, item by item.

An entry may link elsewhere than its item only where the item's link is a redirector's and the item itself
holds the original. Items of a document that share id and link, or without ids link and title, are one entry.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from corpus import ORACLE
from feedhub import urls

Item = Mapping[str, Any]  # as the oracle gives it

MOST = 50  # categories, files
_EARLIEST = "1990"
_SURE = ("ok", "missing", "date-only")  # what the oracle makes of a date
REDIRECTOR = re.compile(
    r"https?://(?:feedproxy\.google\.com/|[^/]+/~r/|[^/]*feedsportal\.com/|www\.google\.[a-z.]+/url\?|[^/]*rd\.yahoo\.com/)"
)


@dataclass(slots=True)
class Judgement:
    """What was found wrong with a source, and how much was looked at."""

    items: int = 0
    repeated: int = 0
    refused: int = 0
    unwrapped: int = 0
    dates: int = 0
    minted: int = 0
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by kind

    def __iadd__(self, other: "Judgement") -> "Judgement":
        for name in ("items", "repeated", "refused", "unwrapped", "dates", "minted"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for kind, found in other.wrong.items():
            self.wrong[kind] += found
        return self


def judged(
    body: bytes,
    items: Sequence[Item],
    entries: Sequence[Item],
    refused: Sequence[Mapping[str, str]],
    *,
    url: str,
    elsewhere: Mapping[str, set[str]],
) -> Judgement:
    """Compare what was published of a document from a URL with its items.

    `refused` is what `feedhub sources` lists; `elsewhere` has by id the links that any document has it with.
    """
    found = Judgement(items=len(items))
    wanted = [
        _Wanted(item, source, url) for item, source in zip(items, _sources(body, len(items)), strict=True)
    ]
    pairs = _paired(wanted, entries)
    for number in set(range(len(entries))) - set(pairs.values()):
        found.wrong["invented"].append(f"{entries[number]['title']!r} {entries[number]['link']}")
    known = {each.mark for number, each in enumerate(wanted) if number in pairs}
    reasons = [each["reason"] for each in refused]
    for number, each in enumerate(wanted):
        if number in pairs:
            _compare(each, entries[pairs[number]], found, elsewhere)
        elif not each.link and reasons:
            found.refused += 1
            reasons.pop()
        elif each.mark in known:
            found.repeated += 1
        else:
            found.wrong["lost"].append(f"{each.item['title']!r} {each.item['id']} {each.item['link']}")
    found.wrong["refused"] += reasons
    return found


class _Wanted:
    """An item, and what it must look like when it is published."""

    def __init__(self, item: Item, source: str, url: str) -> None:
        self.item = item
        self.source = source  # its own XML
        held = re.search(r"<(?:\w+:)?origLink[^>]*>([^<]+)<", source)
        files = [each["url"] for each in item["enclosures"]]
        link = html.unescape(held[1]).strip() if held else item["link"]
        candidates = (link, item["id"] if urls.is_web(item["id"]) else "", *files)
        self.is_unwrapped = bool(held)
        self.link = next(filter(None, (_cleaned(each, url) for each in candidates)), "")
        self.same_link = urls.canonical(self.link)
        self.title = ORACLE.norm(item["title"])

    @property
    def mark(self) -> tuple[str, str, str]:
        """Give what is the same for items that are one entry."""
        return self.item["id"], self.same_link, "" if self.item["id"] else self.title

    def published(self) -> datetime | None:
        name = "published" if self.item["published"] else "updated"
        if not self.item[name] or self.item[f"{name}_tz"] not in _SURE or self.item[name] < _EARLIEST:
            return None
        when = datetime.fromisoformat(self.item[name])
        return when if when < datetime.now(UTC) + timedelta(days=1) else None


def _cleaned(link: str, url: str) -> str:
    return urls.without_tracking(urls.absolute(link, url)) if link else ""


def _sources(body: bytes, number: int) -> list[str]:
    """Give each item's own XML, in the oracle's order; nothing where there is none to be had."""
    if body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        return [""] * number
    root = ORACLE.load_xml(body)[0]
    named = [each for each in root.iter("{*}item", "{*}entry", "{*}Item") if len(each)]
    if len(named) != number:
        return [""] * number
    return [ORACLE.etree.tostring(each, encoding="unicode") for each in named]


def _paired(wanted: Sequence[_Wanted], entries: Sequence[Item]) -> dict[int, int]:
    """Set items beside entries, by all that they have in common: the surest pairs first."""
    by: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        for mark in _marks(entry["id"], urls.canonical(entry["link"]), ORACLE.norm(entry["title"]), entry):
            by[mark].append(number)
    likely: dict[tuple[int, int], int] = defaultdict(int)
    weights = {"id": 8, "link": 4, "title": 2, "date": 1}
    for number, each in enumerate(wanted):
        for mark in _marks(each.item["id"], each.same_link, each.title, each.item):
            for other in by[mark] if mark[0] != "date" else ():
                likely[number, other] += weights[mark[0]]
        for other in by["date", str(each.item["published"] or each.item["updated"])]:
            if (number, other) in likely:
                likely[number, other] += weights["date"]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for number, other in sorted(likely, key=lambda pair: (-likely[pair], pair)):
        if number not in pairs and other not in taken:
            pairs[number] = other
            taken.add(other)
    return pairs


def _marks(id_: str, link: str, title: str, item: Item) -> Iterator[tuple[str, str]]:
    if id_:
        yield "id", id_
    if link:
        yield "link", link
    if title:
        yield "title", title
    yield "date", str(item["published"] or item["updated"])


def _compare(wanted: _Wanted, entry: Item, found: Judgement, elsewhere: Mapping[str, set[str]]) -> None:
    item = wanted.item
    if urls.canonical(entry["link"]) == wanted.same_link:
        found.unwrapped += wanted.is_unwrapped
    elif REDIRECTOR.match(wanted.link) and _holds(wanted.source, entry["link"]):
        found.unwrapped += 1
    else:
        found.wrong["link"].append(f"{wanted.link} is {entry['link']}")
    if item["title"] and not ORACLE.same_text(item["title"], entry["title"]):
        found.wrong["title"].append(f"{item['title']!r} is {entry['title']!r}")
    if not urls.is_iri(item["id"]) or len(elsewhere[item["id"]]) > 1:
        found.minted += entry["id"] != item["id"]
        if entry["id"] != item["id"] and not entry["id"].startswith("urn:uuid:"):
            found.wrong["id"].append(f"{item['id']!r} is {entry['id']!r}")
    elif entry["id"] != item["id"]:
        found.wrong["id"].append(f"{item['id']!r} is {entry['id']!r}")
    if when := wanted.published():
        found.dates += 1
        if entry["published"] != when.strftime("%Y-%m-%dT%H:%M:%SZ"):
            found.wrong["date"].append(f"{when} is {entry['published']}")
    _compare_more(item, entry, found)


def _holds(source: str, link: str) -> bool:
    """Tell whether an item itself holds a link, in whatever way it is escaped there."""
    return link.partition("://")[2] in unquote(html.unescape(source))


def _compare_more(item: Item, entry: Item, found: Judgement) -> None:
    """Compare what an item has several of: all that it has must be there, to the number that is allowed."""
    people = [ORACLE.norm(name) for name in entry["authors"]]
    named = [] if item["author_inherited"] else item["authors"]
    terms = {ORACLE.norm(term) for term in entry["categories"]}
    files = {ORACLE.canon_url(file["url"]) for file in (*entry["enclosures"], *entry["media"])}
    given = [file["url"] for file in item["enclosures"]]
    missing = {
        "author": [name for name in named if not _is_named(name, people)],
        "category": [term for term in item["categories"][:MOST] if ORACLE.norm(term) not in terms],
        "file": [url for url in given[:MOST] if ORACLE.canon_url(url) not in files],
    }
    for kind, those in missing.items():
        found.wrong[kind] += [f"{each!r} is missing from {entry['link']}" for each in those]


def _is_named(name: str, people: Sequence[str]) -> bool:
    """Tell whether a person is among those published; of an address alone, whether anybody is.

    Beside an author's address a document may give his name in an element that the oracle passes over.
    """
    if "@" in name and " " not in name:
        return bool(people)
    wanted = ORACLE.norm(name)
    return any(person and (person in wanted or wanted in person) for person in people)
