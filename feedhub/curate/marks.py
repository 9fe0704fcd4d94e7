"""What an edition marks: which entry leads, which stand out, what is noted and corrected. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feedhub.curate.words import NOTHING, Word, words
from feedhub.model import Decision, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What an edition marks, by published id, as in `model.Edition`."""

    lead: str = ""
    featured: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)
    corrected: Mapping[str, datetime] = field(default_factory=dict)


def marks(
    entries: Iterable[Entry],
    decisions: Iterable[Decision],
    *,
    featured: Collection[str],
    may_lead: Collection[str],
    closed: Mapping[str, datetime],
) -> Marks:
    """Give what editors and rules have marked of an edition's entries.

    `featured` are the published ids that a rule features, where no editor says otherwise; `may_lead` those
    of the edition's own day; `closed` says since when an entry's day is closed: what an editor says after
    that is a correction.
    """
    made = list(decisions)
    said = words(made)
    of = {entry.published_id: said.get((entry.source, entry.key), NOTHING) for entry in entries}
    return Marks(
        lead=_lead(of, may_lead),
        featured=frozenset(name for name, word in of.items() if _is_featured(name, word, featured)),
        notes={name: word.note.text for name, word in of.items() if word.note},
        corrected=_corrected(made, closed),
    )


def _is_featured(name: str, word: Word, by_rule: Collection[str]) -> bool:
    return word.means == "feature" if word.verdict else name in by_rule


def _lead(of: Mapping[str, Word], may_lead: Collection[str]) -> str:
    """Give the entry that was made the lead last."""
    leads = [
        (word.verdict.number, name)
        for name, word in of.items()
        if word.verdict and word.verdict.act == "lead" and name in may_lead
    ]
    return max(leads, default=(0, ""))[1]


def _corrected(made: Iterable[Decision], closed: Mapping[str, datetime]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for decision in made:
        name = decision.published_id
        for when in (decision.made, decision.undone):
            if when is not None and name in closed and when >= closed[name]:
                found[name] = max(when, found.get(name, when))
    return found
