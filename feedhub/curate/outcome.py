"""What becomes of an entry that a feed may publish, and what decided it. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from feedhub.curate.rules import takes, verdict
from feedhub.curate.words import NOTHING, Words
from feedhub.model import Decision, Feed, Kept, Source, Verdict

Cause = Literal[
    "nothing",  # no rule fits: an automatic feed publishes it
    "rule",
    "editor",
    "mode",  # no rule fits: a curated feed waits for an editor
    "take",  # it is none of those that the feed takes
    "copy",  # another entry, that stands, is the same article
    "per_source",  # its source had enough on that day
    "share",  # its source had its share of that day
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of an entry, and what decided it."""

    kept: Kept
    is_in: bool
    cause: Cause
    verdict: Verdict = "include"  # of the rule or the editor
    rule: int | None = None  # which of the feed's rules fits it first, counted from 1
    decision: Decision | None = None  # the editor's
    copy_of: Kept | None = None
    day: date | None = None  # on which it stands, or would; None = it is older than the first day

    @property
    def is_featured(self) -> bool:
        """Tell whether it stands out."""
        return self.is_in and self.verdict == "feature"


def judged(feed: Feed, kept: Kept, source: Source, words: Words, *, day: date | None) -> Outcome:
    """Judge an entry by itself: an editor's word, else what the feed takes, its rules, and its mode."""
    word = words.get((kept.entry.source, kept.entry.key), NOTHING) if words else NOTHING
    said, rule = verdict(feed, kept, source)
    if word.verdict is not None:
        return Outcome(
            kept=kept,
            is_in=word.publishes,
            cause="editor",
            verdict=word.means,
            rule=rule,
            decision=word.verdict,
            day=day,
        )
    if not takes(feed.take, kept.entry, source):
        return Outcome(kept=kept, is_in=False, cause="take", day=day)
    if said is not None:
        is_in = said in ("include", "feature")
        return Outcome(kept=kept, is_in=is_in, cause="rule", verdict=said, rule=rule, day=day)
    is_in = feed.mode == "automatic"
    return Outcome(kept=kept, is_in=is_in, cause="nothing" if is_in else "mode", day=day)
