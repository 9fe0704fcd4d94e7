"""What the proof reads in a finished document, the same for each format. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundItem:
    """One entry as it stands in a document; times that cannot be read are None."""

    id: str
    links: tuple[str, ...]  # to the article: there must be one
    related: tuple[str, ...]
    title: str
    published: datetime | None
    updated: datetime | None
    via: tuple[tuple[str, str], ...]  # URL, title
    source: Mapping[str, str]  # only what the format can say
    summary: str | None  # HTML; None = there is none
    content: str | None
    plain: str | None  # JSON Feed's summary
    rights: str
    license: str
    addresses: tuple[str, ...]  # every other URL in it
    problems: tuple[str, ...] = ()  # what was wrong in reading it


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDocument:
    """A finished document as it stands; what a format cannot say is None."""

    title: str
    home: str
    self_urls: tuple[str, ...]
    earlier: tuple[str, ...]  # prev-archive, next_url
    items: tuple[FoundItem, ...]
    id: str | None = None
    updated: datetime | None = None
    has_updated: bool = True
    current: tuple[str, ...] | None = None
    is_archive: bool | None = None
    problems: tuple[str, ...] = field(default=())


class Unreadable(Exception):
    """The bytes are no document of their format; the text says why."""
