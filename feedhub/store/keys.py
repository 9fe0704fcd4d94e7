"""Which entry an item is: keys that are the same whatever document an item came in. Pure.

An item's key is its publisher's id, or without one its link. The first to hold a key keeps it. What comes
with a key that is another's gets the key with what tells it apart: an item with an id its link, an item
without one its title and date.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from feedhub import urls
from feedhub.model import Entry


@dataclass(frozen=True, slots=True)
class Holder:
    """What the store knows of the entry that holds a key."""

    canonical: str
    title: str


def spare_key(entry: Entry) -> str:
    """Give the key that an entry gets when its own is another's."""
    if has_id(entry):
        return f"{entry.key} {entry.url}"
    told = f"{entry.title} {entry.published.isoformat() if entry.dated else ''}"
    return f"{entry.key} {hashlib.sha256(told.encode()).hexdigest()[:16]}"


def has_id(entry: Entry) -> bool:
    """Tell whether an entry as it was read has its publisher's id for its key, not its link."""
    return entry.key == entry.published_id or entry.key != entry.url


def is_publishers(entry: Entry) -> bool:
    """Tell whether an entry with its key has its publisher's id for its published id, not a minted one."""
    return entry.key == entry.published_id or entry.key.startswith(entry.published_id + " ")


def keyed(entries: Iterable[Entry], holders: Mapping[str, Holder]) -> dict[str, Entry]:
    """Give each entry of a document its key; `holders` are those of all its keys and spare keys.

    It does not depend on the order of the document. Of items that are the same twice, the one that was
    changed last stays.
    """
    found: dict[str, Entry] = {}
    for key, group in groupby(sorted(entries, key=_order), key=lambda entry: entry.key):
        for entry in _apart(key, list(group), holders):
            found[entry.key] = entry
    return found


def _order(entry: Entry) -> tuple[object, ...]:
    return entry.key, entry.updated or entry.published, entry.published, entry.url, entry.title, entry.summary


def _apart(key: str, group: list[Entry], holders: Mapping[str, Holder]) -> list[Entry]:
    """Tell apart the items of a document that came with one key."""
    holder = holders.get(key)
    own = [entry for entry in group if spare_key(entry) not in holders]
    if holder:
        rightful = [entry for entry in own if _is(entry, holder)]
        if not rightful:
            # An item with an id whose link is new has moved, unless the one it had stands there too.
            rightful = [entry for entry in own[:1] if has_id(entry)]
    else:
        rightful = own[:1]
    mark = spare_key(rightful[0]) if rightful else ""
    return [entry if spare_key(entry) == mark else replace(entry, key=spare_key(entry)) for entry in group]


def _is(entry: Entry, holder: Holder) -> bool:
    if has_id(entry):
        return urls.canonical(entry.url) == holder.canonical
    return entry.title == holder.title
