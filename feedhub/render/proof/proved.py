"""What has been proved before, so that it need not be read again. Pure: whoever publishes holds it.

Of a document the entries are left out that stand in the same bytes as in one that was found right, and of
which the edition says just the same as then. The rest is proofed like any other document; only where that
is found right too it counts, and at any doubt the whole is read.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from feedhub.model import Edition, Entry, Feed, Site, Source, Story
from feedhub.render.proof.cut import Cut, cut

_MOST = 64_000_000  # characters of the entries that are known again
_LISTED = frozenset({"rss", "atom", "json"})  # formats in which entries stand in the edition's order


class _Told(NamedTuple):
    """All that an edition and its site say of an entry, and more than any document shows."""

    entry: Entry
    story: Story | None
    sources: tuple[Source | None, ...]
    is_lead: bool
    is_featured: bool
    note: str
    corrected: datetime | None


class _Around(NamedTuple):
    """What an entry's documents may hang on beside it."""

    feed: Feed
    id: str
    is_closed: bool
    site: Site  # without its sources


@dataclass(frozen=True, slots=True)
class _Known:
    """What was proved of one edition in one format."""

    around: _Around
    updated: datetime  # no earlier than when any of it was proved: what was not too late then is not now
    pieces: Mapping[bytes, _Told]  # by the digest of an entry's bytes


class Rest(NamedTuple):
    """What of a document is still to be proofed, and against what."""

    document: bytes
    edition: Edition
    known: Mapping[bytes, _Told]  # what is left out


class Proved:
    """Remembers what was proved of editions, the last time that each was proofed."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._known: dict[Hashable, dict[str, _Known]] = {}  # by edition, by format
        self._told: dict[Hashable, tuple[Edition, Site, _Around, dict[str, _Told]]] = {}
        self._has_room = True
        self._left: tuple[Edition, Edition] | None = None  # an edition, and what was left of it last

    def rest(self, format: str, document: bytes, edition: Edition, site: Site) -> Rest | None:  # noqa: A002
        """Give what is still to be proofed of a document; None = all of it."""
        around, told = self._said(edition, site)
        known = self._known.get(_name(edition), {}).get(format)
        if known is None or known.around != around or edition.updated < known.updated:
            return None
        found = cut(format, document)
        if found is None or len(told) < len(edition.entries):
            return None
        again = _again(found, known, told, is_listed=format in _LISTED)
        short = found.without(again.keys())
        if not again or short is None:
            return None
        names = {one.entry.published_id for _, one in again.values()}
        left = tuple(entry for entry in edition.entries if entry.published_id not in names)
        return Rest(short, self._with(left, edition), dict(again.values()))

    def _with(self, left: tuple[Entry, ...], edition: Edition) -> Edition:
        """Give an edition with these entries alone; the same object as before, if they are."""
        if self._left is None or self._left[0] is not edition or self._left[1].entries != left:
            self._left = edition, replace(edition, entries=left)
        return self._left[1]

    def take(self, format: str, proofed: Rest, edition: Edition, site: Site) -> None:  # noqa: A002
        """Remember that the rest of a document, or all of it, was found right."""
        around, told = self._said(edition, site)
        name = _name(edition)
        pieces = dict(proofed.known)
        if self._has_room and (found := cut(format, proofed.document)):
            pictures = {entry.published_id: _picture(entry, site) for entry in proofed.edition.entries}
            pieces |= {
                _digest(found, piece): told[published_id] for piece, published_id in found.named(pictures)
            }
        self._known.setdefault(name, {})[format] = _Known(around, edition.updated, pieces)

    def keep_only(self, editions: Collection[Hashable]) -> None:
        """Forget what was proved of other editions than these."""
        for name in self._told.keys() - set(editions):
            del self._told[name]
            self._known.pop(name, None)

    def _said(self, edition: Edition, site: Site) -> tuple[_Around, dict[str, _Told]]:
        """Gather what an edition says; of what it said before, the same objects."""
        name = _name(edition)
        before = self._told.get(name)
        if before is None or before[0] is not edition or before[1] is not site:
            was = before[3] if before else {}
            around = _Around(edition.feed, edition.id, edition.closed, replace(site, sources={}))
            told = {one.entry.published_id: one for one in _each(edition, site)}
            same = {one_id: was[one_id] for one_id, one in told.items() if was.get(one_id) == one}
            before = self._told[name] = edition, site, around, told | same
            self._has_room = self._weight() <= _MOST
        return before[2], before[3]

    def _weight(self) -> int:
        """Count the characters of the entries of which is remembered what is said."""
        told = {id(one.entry): one.entry for _, _, _, each in self._told.values() for one in each.values()}
        return sum(len(entry.content) + len(entry.summary) for entry in told.values())


def _name(edition: Edition) -> Hashable:
    return edition.feed.name, edition.day


def _each(edition: Edition, site: Site) -> Iterator[_Told]:
    stories = {story.told_by: story for story in edition.stories}
    for entry in edition.entries:
        name = entry.published_id
        story = stories.get(name)
        yield _Told(
            entry=entry,
            story=story,
            sources=tuple(
                site.sources.get(each.source) for each in (entry, *(story.others if story else ()))
            ),
            is_lead=name == edition.lead,
            is_featured=name in edition.featured,
            note=edition.notes.get(name, ""),
            corrected=edition.corrected.get(name),
        )


def _again(
    found: Cut, known: _Known, told: Mapping[str, _Told], *, is_listed: bool
) -> dict[int, tuple[bytes, _Told]]:
    """Find which pieces are known, each with its digest and what is said of it."""
    names = [*told]
    if is_listed and len(found.pieces) != len(names):
        return {}
    again: dict[int, tuple[bytes, _Told]] = {}
    there: set[str] = set()
    for number, piece in enumerate(found.pieces):
        digest = _digest(found, piece)
        one = known.pieces.get(digest)
        name = one.entry.published_id if one else ""
        if one is None or told.get(name) != one or name in there or (is_listed and names[number] != name):
            continue
        there.add(name)
        again[number] = digest, one
    return again


def _digest(found: Cut, piece: bytes) -> bytes:
    return sha256(found.frame + b"\n" + piece).digest()


def _picture(entry: Entry, site: Site) -> str:
    return entry.image.url if entry.image and site.terms(entry).pictures else ""
