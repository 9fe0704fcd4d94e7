"""What is published: entries with what the store knows of them, and the editions that hold them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from feedhub.model.configured import Feed
from feedhub.model.given import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An entry with what the store knows of it beside."""

    entry: Entry
    seen: datetime  # when it was first saved
    changed: datetime  # when what we publish of it last changed; at first the same as seen
    round: datetime  # when the poll that brought it was leased: the same for all of one round


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The story that an entry is in, as the entry was when it was placed there."""

    story: str  # the same for all that tell it
    changed: datetime  # as in Kept, then


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The same news from several sources, told once: the others are named and linked under one entry."""

    told_by: str  # the published id of the entry of the edition that tells it
    others: tuple[Entry, ...]  # no entries of the edition; in order of first seen
    copies: frozenset[str] = frozenset()  # published ids of those in it that only repeat another's text

    @property
    def reports(self) -> int:
        """Count the sources that report of their own: an agency's text counts once, whoever prints it."""
        return 1 + len(self.others) - len(self.copies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """An entry that was taken down, for a tombstone (RFC 6721)."""

    published_id: str
    when: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A feed on one civil day, or, without a day, the document to subscribe to."""

    feed: Feed
    id: str  # the feed's own id: urn:uuid, kept in the store
    day: date | None
    entries: tuple[Entry, ...]  # newest first
    updated: datetime  # the newest change in it; never the time of rendering
    closed: bool = False
    earlier: date | None = None  # the nearest days that have an edition
    later: date | None = None
    archive: date | None = None  # the newest closed day before this one
    lead: str = ""  # the published id of the entry that stands above all others; "" = none was named
    featured: frozenset[str] = frozenset()  # published ids, by rule or by an editor
    notes: Mapping[str, str] = field(default_factory=dict)  # an editor's words on an entry, by published id
    corrected: Mapping[str, datetime] = field(default_factory=dict)  # when, by published id
    stories: tuple[Story, ...] = ()
    deleted: tuple[Deleted, ...] = ()  # would still be listed, had they not been taken down

    def others(self) -> Mapping[str, tuple[Entry, ...]]:
        """Give who else tells the news of an entry, by its published id."""
        return {story.told_by: story.others for story in self.stories}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the proof found wrong in a finished document."""

    reason: str
    entry: str = ""  # the published id; "" = the document itself
    template: str = ""  # of the theme, where that is to blame, and not the entry
