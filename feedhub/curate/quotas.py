"""How much of a day one source may fill. Pure."""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby

from feedhub.curate.duplicates import Articles
from feedhub.curate.outcome import Outcome
from feedhub.model import Feed, Placed


class Quotas:
    """What a feed's days have of each source so far."""

    def __init__(
        self, feed: Feed, articles: Articles, placing: Mapping[tuple[str, str], Placed] | None = None
    ) -> None:
        self._most = feed.per_source
        self._share = feed.share
        self._articles = articles
        self._placing = placing or {}
        self._told: set[tuple[str, date | None]] = set()  # stories that a day has
        self._taken: dict[date | None, Counter[str]] = defaultdict(Counter)

    def settled(self, wanted: Iterable[Outcome]) -> Iterator[Outcome]:
        """Settle entries in the order given: copies of articles that stand, and what is too much, go out.

        What an editor wants stands beside the quotas, and so does who is only named under a story. Whoever
        is left out does not stand: another source's copy may.
        """
        if self._share is None:
            for one in wanted:
                yield self._settle(one)
            return
        waiting: dict[date | None, list[Outcome]] = defaultdict(list)
        for _, together in groupby(wanted, key=lambda one: (one.cause == "editor", one.kept.round)):
            by_day: dict[date | None, list[Outcome]] = defaultdict(list)
            for one in together:
                by_day[one.day].append(one)
            for day, arrived in by_day.items():
                # What waits comes before what has just come, and first those that are no copies of others.
                waits = yield from self._shared(day, [*waiting.pop(day, []), *arrived])
                waiting[day] = yield from self._shared(day, waits)
        for one in (one for found in waiting.values() for one in found):
            yield self._out(one) or replace(one, is_in=False, cause="share")

    def _settle(self, one: Outcome) -> Outcome:
        """Let an entry in, unless it is a copy or its source has enough."""
        if out := self._out(one):
            return out
        self._articles.add(one.kept)
        if one.cause != "editor" and not self._is_told(one):
            self._taken[one.day][one.kept.entry.source] += 1
        if place := self._place(one):
            self._told.add((place.story, one.day))
        return one

    def _place(self, one: Outcome) -> Placed | None:
        return self._placing.get((one.kept.entry.source, one.kept.entry.key))

    def _is_told(self, one: Outcome) -> bool:
        """Tell whether the day of an entry has its story already."""
        place = self._place(one)
        return place is not None and (place.story, one.day) in self._told

    def _out(self, one: Outcome) -> Outcome | None:
        """Say why an entry cannot come in; None if it can."""
        if original := self._articles.like(one.kept):
            return replace(one, is_in=False, cause="copy", copy_of=original)
        if one.day is None or one.cause == "editor" or self._most is None or self._is_told(one):
            return None
        if self._taken[one.day][one.kept.entry.source] >= self._most:
            return replace(one, is_in=False, cause="per_source")
        return None

    def _shared(self, day: date | None, together: list[Outcome]) -> Generator[Outcome, None, list[Outcome]]:
        """Let in what came together, as far as each source's share of the day goes; the rest waits."""
        claimed, fresh, waits = Articles(), [], []
        for one in together:
            if out := self._out(one):
                yield out
            elif claimed.like(one.kept):
                waits.append(one)
            else:
                claimed.add(one.kept)
                fresh.append(one)
        counted = Counter(one.kept.entry.source for one in fresh if not self._is_told(one))
        room = self._room(day, counted)
        for one in fresh:
            source = one.kept.entry.source
            stands_beside = day is None or one.cause == "editor" or self._is_told(one)
            if stands_beside or self._taken[day][source] < room[source]:
                yield self._settle(one)
            else:
                waits.append(one)
        return waits

    def _room(self, day: date | None, arriving: Mapping[str, int]) -> Mapping[str, int]:
        """Give how many entries each source may have on a day, with those that it has.

        That is a level for all: the highest that is no more than the share of what the day then holds. Where
        there are too few sources for that, their share is an equal part.
        """
        taken = self._taken[day]
        wanted = {name: taken[name] + arriving.get(name, 0) for name in {*taken, *arriving}}
        if self._most is not None:
            wanted = {name: min(count, max(self._most, taken[name])) for name, count in wanted.items()}
        share = max(self._share or 0.0, 1 / max(1, len(wanted)))
        low, high = 1, max(wanted.values(), default=1)
        while low < high:  # the levels that hold are all from 1 up to the highest
            level = (low + high + 1) // 2
            total = sum(max(taken[name], min(count, level)) for name, count in wanted.items())
            # A part of three thirds must be one: floating point would make it a little less.
            low, high = (level, high) if level <= share * total + 1e-9 else (low, level - 1)
        return {name: max(low, taken[name]) for name in wanted}
