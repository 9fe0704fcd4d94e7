"""What of an entry counts as a change. Pure.

White space, the number of comments and whatever the channel says of itself do not: they would make an
entry new at each poll. Tracking parameters are gone already when an entry is read.
"""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from feedhub.model import Entry
from feedhub.store.codec import json_of, written

NO_DATE = datetime.min.replace(tzinfo=UTC)  # in place of the time of the reading, which moves on
_NOT_TOLD = ("source", "key", "published_id", "origin")
_TEXTS = ("title", "summary", "content")  # see `_words`


def digest(entry: Entry) -> str:
    """Give a hash of all that the publisher said of an entry, the same for what is no change."""
    told, origin = written(entry), entry.origin
    for name in (*_NOT_TOLD, *_TEXTS):
        told.pop(name, None)
    if not entry.dated:
        del told["published"]  # the time of the reading, which moves on
    if entry.comments:
        told["comments"].pop("count", None)
    if entry.language == origin.language:
        told.pop("language", None)
    if origin.via:
        told["origin"] = written(replace(origin, updated=None, via=()))
    whole = "\0".join((*_words(entry), json_of(told)))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def says_the_same(old: Entry, new: Entry) -> bool:
    """Tell whether the title and the text of two versions are the same."""
    return _words(old) == _words(new)


def _words(entry: Entry) -> tuple[str, ...]:
    return _folded(entry.title), _folded(entry.summary), _folded(entry.content)


def _folded(text: str) -> str:
    return " ".join(text.split())
