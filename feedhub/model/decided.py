"""What an editor has said of an entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# include, feature and lead publish an entry; lead puts it above all others of its day. hold and drop keep it
# out, hold until somebody has decided. A note stands beside it, for readers.
Act = Literal["include", "feature", "lead", "hold", "drop", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision on an entry of a feed; of those that stand, the last one counts."""

    number: int  # in the order in which they were made
    feed: str
    source: str
    key: str  # of the entry, within its source
    published_id: str
    act: Act
    text: str = ""  # the note's words, which are published; else why, which is not
    by: str
    made: datetime
    undone: datetime | None = None
    undone_by: str = ""
