"""What of an entry counts as a change. Pure.

White space, the number of comments and whatever the channel says of itself do not: they would make an
entry new at each poll. Tracking parameters are gone already when an entry is read.
"""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from feedhub.model import Entry, Origin
from feedhub.store.codec import encode

NO_DATE = datetime.min.replace(tzinfo=UTC)  # in place of the time of the reading, which moves on


def digest(entry: Entry) -> str:
    """Give a hash of all that the publisher said of an entry, the same for what is no change."""
    origin = entry.origin
    told = replace(
        entry,
        source="",
        key="",
        published_id="",
        title=_folded(entry.title),
        published=entry.published if entry.dated else NO_DATE,
        summary=_folded(entry.summary),
        content=_folded(entry.content),
        comments=replace(entry.comments, count=None) if entry.comments else None,
        language="" if entry.language == origin.language else entry.language,
        origin=replace(origin, updated=None, via=()) if origin.via else Origin(),
    )
    return hashlib.sha256(encode(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def says_the_same(old: Entry, new: Entry) -> bool:
    """Tell whether the title and the text of two versions are the same."""
    return _words(old) == _words(new)


def _words(entry: Entry) -> tuple[str, ...]:
    return _folded(entry.title), _folded(entry.summary), _folded(entry.content)


def _folded(text: str) -> str:
    return " ".join(text.split())
