"""Entries to stories: which entries of several sources tell the same news. Pure.

Who is in doubt is left alone: two different stories in one are worse than one story twice.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from heapq import nsmallest

from feedhub.curate.duplicates import is_at_home
from feedhub.curate.stories.headline import Rarity, headline
from feedhub.curate.stories.news import WINDOW, Report, is_same_news
from feedhub.model import Kept, Placed

Key = tuple[str, str]  # of an entry: its source and its key there

_COMMON, _PART = (
    40,
    100,
)  # stories that hold a piece, beyond which it leads to none; or one in so many of them
_GATE = 0.15  # how alike the beginnings of rare words must be, for an entry to be compared in full
_ANY = 0.8  # of what is wanted of the first entry of a story, if another one of it agrees
_NEAREST = 5  # stories that a new entry is compared with in full


def place(candidates: Iterable[Kept], known: Mapping[Key, Placed]) -> dict[Key, Placed]:
    """Give the story of each entry; who has been placed stays there, unless it has changed since.

    The result depends neither on the order given nor on which source of a round arrived first: entries are
    taken in their own order, and each joins by what stood before it, or begins a story of its own.
    """
    stories = Stories()
    ordered = sorted(candidates, key=order)
    for kept in ordered:
        stories.meet(kept)
    found = {key_of(kept): known.get(key_of(kept)) for kept in ordered}
    placed = {
        key_of(kept): before
        for kept in ordered
        if (before := found[key_of(kept)]) and before.changed == kept.changed
    }
    for kept in ordered:
        if key_of(kept) in placed:
            stories.stand(kept, placed[key_of(kept)].story)
    for kept in ordered:
        if key_of(kept) not in placed:
            story = stories.join(kept)
            placed[key_of(kept)] = Placed(story=story, changed=kept.changed)
    return placed


def order(kept: Kept) -> tuple[object, ...]:
    """Give what to sort entries by, so that of a story the first publisher is the first.

    What one round brought comes before what a later one did: it may have been published.
    """
    entry = kept.entry
    return kept.round, not is_at_home(kept), entry.published, entry.source, entry.key


def key_of(kept: Kept) -> Key:
    """Give what tells an entry from all others."""
    return kept.entry.source, kept.entry.key


class Stories:
    """Stories that stand, and the headlines of these days, by which rare words are told from others."""

    def __init__(self) -> None:
        self._rarity = Rarity()
        self._told: dict[str, list[Report]] = {}  # by story, in their order
        self._sizes: dict[str, float] = {}  # by story: what the beginnings of words tell, at least
        self._holding: dict[str, dict[str, None]] = defaultdict(dict)  # by piece: the stories that hold it

    def meet(self, kept: Kept) -> None:
        """Count an entry's headline among those of these days."""
        self._rarity.add(headline(kept.entry.title))

    def join(self, kept: Kept) -> str:
        """Place an entry that has been met: in the story that it fits best, else in one of its own."""
        report = Report(kept, self._rarity)
        story = self._best(report) or _new(kept)
        self._stand(report, story)
        return story

    def stand(self, kept: Kept, story: str) -> None:
        """Let an entry stand in a story that it has been placed in."""
        self._stand(Report(kept, self._rarity), story)

    def _stand(self, report: Report, story: str) -> None:
        self._told.setdefault(story, []).append(report)
        least = self._sizes.get(story)
        self._sizes[story] = report.begins if least is None else min(least, report.begins)
        for piece in report.headline.beginnings:
            self._holding[piece][story] = None

    def _best(self, report: Report) -> str:
        """Find the story that an entry fits; "" if it fits none."""
        for story in self._nearest(report):
            if self._fits(report, self._told[story]):
                return story
        return ""

    def _fits(self, report: Report, told: list[Report]) -> bool:
        """Tell whether an entry fits a story: its first entry, or most of them, and never one link alone.

        Who agrees with any of them needs to be near the first one at least.
        """
        first = told[0].kept.entry
        entry = report.kept.entry
        if abs(entry.published - first.published) > WINDOW:
            return False
        # A source tells its news once: what it brings next is what came of it.
        if any(entry.source == each.kept.entry.source for each in told):
            return False
        if is_same_news(report, told[0]):
            return True
        agreeing = sum(is_same_news(report, each) for each in told[1:])
        return 2 * agreeing > len(told) or (agreeing > 0 and is_same_news(report, told[0], part=_ANY))

    def _nearest(self, report: Report) -> list[str]:
        """Give the stories with which an entry shares most beginnings of rare words, the nearest first."""
        near: dict[str, float] = defaultdict(float)
        most = max(_COMMON, len(self._told) // _PART)
        told = report.weighed.pieces
        for piece in report.headline.beginnings:
            holding = self._holding.get(piece, ())
            if len(holding) <= most:
                for story in holding:
                    near[story] += told[piece]
        alike = [
            (-shared, story)
            for story, shared in near.items()
            if shared * shared >= _GATE * _GATE * report.begins * self._sizes[story]
        ]
        return [story for _, story in nsmallest(_NEAREST, alike)]


def _new(kept: Kept) -> str:
    """Name the story that begins with an entry as it is now."""
    told = f"{kept.entry.source} {kept.entry.key} {kept.changed.isoformat()}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
