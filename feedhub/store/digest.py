"""What of an entry counts as a change. Pure.

White space, the number of comments and whatever the channel says of itself do not: they would make an
entry new at each poll. Tracking parameters are gone already when an entry is read.
"""

import hashlib
from dataclasses import replace

from feedhub.model import Entry, Origin
from feedhub.store.codec import encode
from feedhub.store.tables import EPOCH


def digest(entry: Entry) -> str:
    """Give a hash of all that the publisher said of an entry, the same for what is no change."""
    origin = entry.origin
    told = replace(
        entry,
        source="",
        key="",
        published_id="",
        published=entry.published if entry.dated else EPOCH,
        summary=_folded(entry.summary),
        content=_folded(entry.content),
        comments=replace(entry.comments, count=None) if entry.comments else None,
        origin=replace(origin, updated=None, via=()) if origin.via else Origin(),
    )
    return hashlib.sha256(encode(told).encode()).hexdigest()[:32]


def says_the_same(old: Entry, new: Entry) -> bool:
    """Tell whether the title and the text of two versions are the same."""
    return (
        old.title == new.title
        and _folded(old.summary) == _folded(new.summary)
        and _folded(old.content) == _folded(new.content)
    )


def _folded(text: str) -> str:
    return " ".join(text.split())
