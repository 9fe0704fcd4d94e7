"""An editor's word on an entry: what of the decisions on it stands. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from feedhub.model import Act, Decision, Verdict

PUBLISHING: frozenset[Act] = frozenset({"include", "feature", "lead"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """The last decision on whether an entry is published and how, and the last note on it."""

    verdict: Decision | None = None
    note: Decision | None = None

    @property
    def means(self) -> Verdict:
        """Give the verdict as a rule would say it; what leads is featured."""
        match self.verdict.act if self.verdict else "include":
            case "feature" | "lead":
                return "feature"
            case "hold":
                return "hold"
            case "drop":
                return "drop"
            case _:
                return "include"

    @property
    def publishes(self) -> bool:
        """Tell whether an editor wants the entry."""
        return self.verdict is not None and self.verdict.act in PUBLISHING


Words = Mapping[tuple[str, str], Word]  # by source and key
NOTHING = Word()


def words(decisions: Iterable[Decision]) -> Words:
    """Give what stands, by the source and key of each entry; what was undone does not."""
    found: dict[tuple[str, str], Word] = {}
    for decision in sorted(decisions, key=lambda each: each.number):
        if decision.undone is not None:
            continue
        place = (decision.source, decision.key)
        before = found.get(place, NOTHING)
        is_note = decision.act == "note"
        found[place] = replace(before, note=decision) if is_note else replace(before, verdict=decision)
    return found
