"""How much of a day one source may fill. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from feedhub.curate.duplicates import Articles
from feedhub.curate.outcome import Outcome
from feedhub.model import Feed


class Quotas:
    """What a feed's days have of each source so far."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._taken: Counter[tuple[str, date]] = Counter()

    def settled(self, wanted: Iterable[Outcome], articles: Articles) -> Iterator[Outcome]:
        """Settle entries in the order given: copies of what stands in `articles` and what is too much go out.

        What an editor wants stands beside the quotas. Whoever is left out does not stand: another source's
        copy may.
        """
        for one in wanted:
            if original := articles.like(one.kept):
                yield replace(one, is_in=False, cause="copy", copy_of=original)
            elif self._has_enough(one):
                yield replace(one, is_in=False, cause="per_source")
            else:
                articles.add(one.kept)
                if one.day and one.cause != "editor":
                    self._taken[one.kept.entry.source, one.day] += 1
                yield one

    def _has_enough(self, one: Outcome) -> bool:
        if one.day is None or one.cause == "editor" or self._feed.per_source is None:
            return False
        return self._taken[one.kept.entry.source, one.day] >= self._feed.per_source
