"""What is said of one entry, gathered once for RSS and Atom. Pure."""

from dataclasses import dataclass

from feedhub.model import Entry, Feed, Site
from feedhub.render import credit
from feedhub.render.lineage import Lineage, groups, groups_scheme, language, lineage


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry with all that a document says of it."""

    entry: Entry
    lineage: Lineage
    summary: str  # HTML, credited
    content: str  # HTML, credited; "" = not allowed
    in_full: bool  # the terms allow the whole text
    language: str  # "" = the feed's
    groups: tuple[str, ...]
    groups_scheme: str


def item(entry: Entry, feed: Feed, site: Site) -> Item:
    """Gather what a feed's documents say of an entry."""
    return Item(
        entry=entry,
        lineage=lineage(entry, site),
        summary=credit.summary(entry, site),
        content=credit.content(entry, site),
        in_full=site.terms(entry).show == "full",
        language=language(entry, feed.language or site.language),
        groups=groups(entry, site),
        groups_scheme=groups_scheme(site),
    )
