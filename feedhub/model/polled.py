"""What polling passes from hand to hand: requests, answers, visits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedhub.model.given import NotTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A conditional GET for a source."""

    source: str  # its name: tells whose answer it is
    url: str = field(repr=False)
    etag: str = ""  # exactly as the last answer gave it
    last_modified: str = ""
    auth: str = field(default="", repr=False)  # as in Source
    is_doubtful: bool = False  # its last visit failed: all such together get a quarter of the slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer with a body."""

    url: str  # where it came from in the end
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)  # of the last hop; names in lower case
    body: bytes = field(default=b"", repr=False)  # decoded
    moved: str = ""  # where a chain of nothing but permanent redirects ended; "" = it did not move
    seen: str = field(default="", repr=False)  # as in Reading, of what was read in its place before


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The answer that nothing has changed: 304, or the body that we have seen already."""

    headers: Mapping[str, str] = field(default_factory=dict)
    moved: str = ""  # as in Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a source's answers have told; the same object from visit to visit while they tell nothing new."""

    etag: str = ""
    last_modified: str = ""
    digest: str = ""  # of the last body; "" = the next is to be read, and whole
    seen: str = ""  # as in Reading, of the last one
    url: str = ""  # where it moved for good; "" = where config.toml says
    moving_to: str = ""  # where the last answer said that it moved, while that is not yet believed
    moves: int = 0  # answers in a row that said so
    ttl: timedelta | None = None  # as in Reading, of the last one
    skip_hours: tuple[int, ...] = ()  # as in Reading
    skip_days: tuple[int, ...] = ()  # as in Reading
    refused: tuple[NotTaken, ...] = ()  # at the last reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What we remember of a source between two polls."""

    source: str
    due: datetime  # not to be polled before
    leased: datetime | None = None  # since when it is being polled; the same for all that one tick leased
    failures: int = 0  # in a row
    problem: str = ""  # the last failure, in words; "" after a success
    polled: datetime | None = None
    succeeded: datetime | None = None
    interval: timedelta | None = None  # between polls, as decided last
    reason: str = ""  # why it is that long, in words
    known: Known = Known()


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What saving a reading did: numbers of entries."""

    new: int = 0
    changed: int = 0
