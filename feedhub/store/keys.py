"""Which entry an item is: keys that are the same whatever document an item came in. Pure.

An item's key is its publisher's id, or without one its link. The first to hold a key keeps it. What comes
with a key that is another's gets the key with what tells it apart: an item with an id its link, an item
without one its title and date.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from feedhub import urls
from feedhub.model import Entry
from feedhub.store.codec import encode
from feedhub.store.digest import NO_DATE

_LONGEST = 600  # characters; PostgreSQL indexes no more than 2,700 bytes


@dataclass(frozen=True, slots=True)
class Holder:
    """What the store knows of the entry that holds a key."""

    canonical: str
    title: str
    published: datetime


def canonical(url: str) -> str:
    """Give what the addresses of one article have in common, as a database can keep and index it."""
    common = urls.canonical(url).replace("\0", "%00")  # which PostgreSQL does not take
    return common if len(common) <= _LONGEST else f"{common[:100]} {_hash(common)}"


def has_id(entry: Entry) -> bool:
    """Tell whether an entry as it was read has its publisher's id for its key, not its link."""
    return entry.key == entry.published_id or entry.key != entry.url


def is_publishers(entry: Entry) -> bool:
    """Tell whether an entry with its key has its publisher's id for its published id, not a minted one."""
    return entry.key == entry.published_id or entry.key.startswith(entry.published_id + " ")


def spare_key(entry: Entry) -> str:
    """Give the key that an entry gets when its own is another's."""
    if not has_id(entry):
        dated = entry.published.isoformat() if entry.dated else ""
        return f"{entry.key} {_hash(f'{entry.title} {dated}')}"
    spare = f"{entry.key} {entry.url}"
    return spare if len(spare) <= _LONGEST else f"{entry.key} {_hash(entry.url)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def keyed(entries: Iterable[Entry], holders: Mapping[str, Holder]) -> dict[str, Entry]:
    """Give each entry of a document its key; `holders` are those of all its keys and spare keys.

    It does not depend on the order of the document. Of items that are the same twice, the one that was
    changed last stays.
    """
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.key].append(entry)
    found = {}
    for key, group in sorted(groups.items()):
        if len(group) > 1:
            group.sort(key=_age)
        for entry in _apart(group, holders.get(key), holders):
            found[entry.key] = entry
    return found


def _age(entry: Entry) -> tuple[object, ...]:
    """Put what changed last at the end; the rest makes the order the same whatever the document's was."""
    published = entry.published if entry.dated else NO_DATE
    return entry.updated or published, published, entry.url, entry.title, encode(entry)


def _apart(group: list[Entry], holder: Holder | None, held: Collection[str]) -> list[Entry]:
    """Tell apart the items of a document that came with one key."""
    own = [entry for entry in group if spare_key(entry) not in held]
    if len(group) == 1 and own and holder is None:
        return group  # the usual case
    rightful = _rightful(own, holder, is_reused=len(own) < len(group)) if holder else own[:1]
    marks = {_mark(entry) for entry in rightful}
    return [entry if _mark(entry) in marks else replace(entry, key=spare_key(entry)) for entry in group]


def _mark(entry: Entry) -> object:
    """Give what is the same for items with one key that are one entry."""
    return canonical(entry.url) if has_id(entry) else spare_key(entry)


def _rightful(own: list[Entry], holder: Holder, *, is_reused: bool) -> list[Entry]:
    """Give the item that is the entry which holds the key already, or none.

    An item with an id whose link is new has moved; but where its title and date are new too, or its
    publisher is known to reuse the id, it is another article.
    """
    same = [entry for entry in own if _is(entry, holder)]
    if not same and not is_reused:
        same = [entry for entry in own if has_id(entry) and _has_moved(entry, holder)]
    return sorted(same, key=lambda entry: entry.published != holder.published)[:1]


def _is(entry: Entry, holder: Holder) -> bool:
    return canonical(entry.url) == holder.canonical and (has_id(entry) or entry.title == holder.title)


def _has_moved(entry: Entry, holder: Holder) -> bool:
    return entry.title == holder.title or (entry.dated and entry.published == holder.published)
