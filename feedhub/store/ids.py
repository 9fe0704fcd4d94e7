"""Published ids: an article's own for ever, whichever sources claim it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import NamedTuple

import sqlalchemy as sa

from feedhub import urls
from feedhub.model import Entry
from feedhub.store.keys import canonical, is_publishers
from feedhub.store.lists import one_of
from feedhub.store.tables import entries

_HOLDERS = (
    sa.select(entries.c.published_id, entries.c.source, entries.c.key, entries.c.canonical)
    .where(one_of(entries.c.published_id, "ids"))
    .order_by(entries.c.seen, entries.c.source, entries.c.key)
)


class _Holder(NamedTuple):
    """An entry that has a published id."""

    source: str
    key: str
    canonical: str


class PublishedIds:
    """Who has which published id, for the new and the changed entries of one source."""

    def __init__(self, connection: sa.Connection, source: str, minted_from: str) -> None:
        self._connection = connection
        self._source = source
        self._minted_from = minted_from
        self._known: dict[str, list[_Holder]] = {}  # the first seen is the first

    def give(self, new: Iterable[Entry]) -> list[Entry]:
        """Give new entries their ids: the publisher's own unless that is another article's."""
        ordered = sorted(new, key=_own_key_first)
        self._look_up({next(self._candidates(entry)) for entry in ordered})
        return [self._with_free_id(entry, self._candidates(entry)) for entry in ordered]

    def keep(self, entry: Entry, published_id: str) -> Entry:
        """Let an entry whose link has changed keep its id, unless another article had that id before."""
        first = self._holders(published_id)[0]
        if first[:2] == (self._source, entry.key) or first.canonical == canonical(entry.url):
            return replace(entry, published_id=published_id)
        return self._with_free_id(entry, self._minted(entry))

    def _candidates(self, entry: Entry) -> Iterator[str]:
        if is_publishers(entry):
            yield entry.published_id
        yield from self._minted(entry)

    def _minted(self, entry: Entry) -> Iterator[str]:
        # What will be minted can be foretold, and another source may have claimed it.
        yield urls.minted(self._minted_from, entry.key)
        for number in count(2):
            yield urls.minted(self._minted_from, f"{entry.key} {number}")

    def _with_free_id(self, entry: Entry, candidates: Iterator[str]) -> Entry:
        link = canonical(entry.url)
        chosen = next(candidate for candidate in candidates if self._is_free(candidate, link))
        self._known[chosen].append(_Holder(self._source, entry.key, link))
        return entry if chosen == entry.published_id else replace(entry, published_id=chosen)

    def _is_free(self, published_id: str, link: str) -> bool:
        """Tell whether an article may have an id: two feeds of one site may both name the same one."""
        holders = self._holders(published_id)
        return not holders or (
            holders[0].canonical == link and all(holder.source != self._source for holder in holders)
        )

    def _holders(self, published_id: str) -> list[_Holder]:
        if published_id not in self._known:
            self._look_up({published_id})
        return self._known[published_id]

    def _look_up(self, ids: set[str]) -> None:
        self._known.update({published_id: [] for published_id in ids})
        for row in self._connection.execute(_HOLDERS, {"ids": sorted(ids)}):
            self._known[row.published_id].append(_Holder(row.source, row.key, row.canonical))


def _own_key_first(entry: Entry) -> tuple[bool, str]:
    return entry.key != entry.published_id, entry.key
