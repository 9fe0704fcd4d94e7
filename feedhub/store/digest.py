"""What of an entry counts as a change. Pure.

White space, the number of comments and whatever the channel says of itself do not: they would make an
entry new at each poll. Tracking parameters are gone already when an entry is read.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from feedhub.model import Entry
from feedhub.store.codec import encode, object_of

NO_DATE = datetime.min.replace(tzinfo=UTC)  # in place of the time of the reading, which moves on
_NOT_TOLD = ("source", "key", "published_id", "origin")
_TEXTS = ("title", "summary", "content")  # see `_words`
# All but those that texts are full of.
_ODD_SPACES = re.compile("[\v\f\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def digest(entry: Entry, members_: Mapping[str, str]) -> str:
    """Give a hash of all that the publisher said of an entry, the same for what is no change.

    `members_` are the entry's as JSON, from which most of it is made.
    """
    told, origin = {**members_}, entry.origin
    for name in (*_NOT_TOLD, *_TEXTS):
        told.pop(name, None)
    if not entry.dated:
        del told["published"]  # the time of the reading, which moves on
    if entry.comments:
        told["comments"] = encode(replace(entry.comments, count=None))
    if entry.language == origin.language:
        told.pop("language", None)
    if origin.via:
        told["origin"] = encode(replace(origin, updated=None, via=()))
    whole = "\0".join((*_words(entry), object_of(told)))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def says_the_same(old: Entry, new: Entry) -> bool:
    """Tell whether the title and the text of two versions are the same."""
    return _words(old) == _words(new)


def _words(entry: Entry) -> tuple[str, ...]:
    return _folded(entry.title), _folded(entry.summary), _folded(entry.content)


def _folded(text: str) -> str:
    folded = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    # No space but the usual one counts as printable, and asking that takes a tenth of looking for them.
    if not folded.isprintable() and _ODD_SPACES.search(folded):
        return " ".join(text.split())
    while "  " in folded:  # the same for the spaces that texts are full of, several times as fast
        folded = folded.replace("  ", " ")
    return folded.strip(" ")
