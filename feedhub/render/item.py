"""What is said of each entry, gathered once for every format and for the proof. Pure."""

from dataclasses import dataclass
from datetime import datetime

from feedhub.errors import RenderError
from feedhub.model import Edition, Entry, Site, Terms
from feedhub.render import addresses, credit, told
from feedhub.render.lineage import Lineage, groups, language, lineage
from feedhub.render.remembered import remembered_of_edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry with all that a document says of it."""

    entry: Entry
    terms: Terms
    lineage: Lineage
    name: str  # the words of the credit
    summary: str  # HTML, credited; at its end whoever else tells the story
    content: str  # the same, whole; "" = not allowed
    plain: str  # the summary in words
    story: tuple[told.Telling, ...]  # who else tells it
    line: str  # HTML: how the texts name them, at their end
    language: str  # "" = the feed's
    groups: tuple[str, ...]
    marks: tuple[str, ...]  # "lead", "featured"
    note: str  # an editor's words on it
    corrected: datetime | None  # when its day was corrected in what concerns it
    home: str  # our own address

    @property
    def in_full(self) -> bool:
        """Tell whether the terms allow the whole text."""
        return self.terms.show == "full"

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """Give our own labels, each with the scheme that tells it from the publisher's."""
        groups = ((group, f"{self.home}groups") for group in self.groups)
        return (*groups, *((mark, f"{self.home}marks") for mark in self.marks))


@remembered_of_edition
def items(edition: Edition, site: Site) -> tuple[Item, ...]:
    """Gather what a feed's documents say of its entries. Raises RenderError, which names the entry."""
    others = edition.others()
    return tuple(_item(entry, others.get(entry.published_id, ()), edition, site) for entry in edition.entries)


def _item(entry: Entry, others: told.Others, edition: Edition, site: Site) -> Item:
    feed, name = edition.feed, entry.published_id
    is_lead, is_featured = name == edition.lead, name in edition.featured
    try:
        return Item(
            entry=entry,
            terms=site.terms(entry),
            lineage=lineage(entry, site),
            name=credit.name(entry, site),
            summary=told.summary(entry, others, site),
            content=told.content(entry, others, site),
            plain=told.plain_summary(entry, others, site),
            story=told.tellings(others, site),
            line=told.line(entry, others, site),
            language=language(entry, feed.language or site.language),
            groups=groups(entry, site),
            marks=(*["lead"][:is_lead], *["featured"][:is_featured]),
            note=edition.notes.get(name, ""),
            corrected=edition.corrected.get(name),
            home=addresses.home(site),
        )
    except (ValueError, RecursionError) as error:
        raise blamed(entry, error) from error


def blamed(entry: Entry, error: Exception) -> RenderError:
    """Say that an entry is to blame that a document cannot be written."""
    problem = f"{entry.published_id}: it cannot be written: {error}"
    return RenderError(problem, entry=entry.published_id)
