"""What is said of each entry, gathered once for every format. Pure."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

from feedhub.errors import RenderError
from feedhub.model import Edition, Entry, Site, Source, Terms
from feedhub.render import addresses, credit, told
from feedhub.render.keeping import Keeping
from feedhub.render.lineage import Lineage, groups, language, lineage
from feedhub.render.remembered import remembered_of_edition

Made = TypeVar("Made")

_TIMES = 6  # as much as an item's texts is held of it: the items themselves, and their pieces of documents
_BESIDE = 8_000  # characters of an item and of its pieces beside its texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry with all that a document says of it."""

    entry: Entry
    terms: Terms
    lineage: Lineage
    summary: str  # HTML, credited; at its end whoever else tells the story
    content: str  # the same, whole; "" = not allowed
    plain: str  # the summary in words
    quoted: credit.Quoted  # the texts without whoever else tells the story
    story: tuple[told.Telling, ...]  # who else tells it
    language: str  # "" = the feed's
    groups: tuple[str, ...]
    marks: tuple[str, ...]  # "lead", "featured"
    note: str  # an editor's words on it
    corrected: datetime | None  # when its day was corrected in what concerns it
    home: str  # our own address
    # What was made of it, each under a key of all else that it was made from.
    pieces: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Give the piece of a key, or make it."""
        if key not in self.pieces:
            self.pieces[key] = make()
        return cast(Made, self.pieces[key])

    @property
    def in_full(self) -> bool:
        """Tell whether the terms allow the whole text."""
        return self.terms.show == "full"

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """Give our own labels, each with the scheme that tells it from the publisher's."""
        groups = ((group, f"{self.home}groups") for group in self.groups)
        return (*groups, *((mark, f"{self.home}marks") for mark in self.marks))


class _Told(NamedTuple):
    """All that an item, and its pieces of documents, are made from."""

    entry: Entry
    others: told.Others
    sources: tuple[Source | None, ...]  # the entry's, and those of the others
    spoken: str  # the feed's language
    site: tuple[str, str]
    marks: tuple[str, ...]
    note: str
    corrected: datetime | None


@remembered_of_edition
def items(edition: Edition, site: Site) -> tuple[Item, ...]:
    """Gather what a feed's documents say of its entries. Raises RenderError, which names the entry."""
    return tuple(_item(told, site) for told in _each(edition, site))


def keep_items(edition: Edition, site: Site, kept: Keeping[Item]) -> tuple[Item, ...]:
    """Have `items` give those of an edition that are kept, and keep the others. Raises RenderError."""
    wanted = ((told, partial(_item, told, site)) for told in _each(edition, site))
    return items.remember(edition, site, kept.gather((edition.feed.name, edition.day), wanted))


def keeping() -> Keeping[Item]:
    """Begin to keep items."""
    return Keeping(_weight)


def _each(edition: Edition, site: Site) -> Iterator[_Told]:
    others = edition.others()
    for entry in edition.entries:
        yield _told(entry, others.get(entry.published_id, ()), edition, site)


def _told(entry: Entry, others: told.Others, edition: Edition, site: Site) -> _Told:
    name = entry.published_id
    return _Told(
        entry=entry,
        others=others,
        sources=tuple(site.sources.get(each.source) for each in (entry, *others)),
        spoken=edition.feed.language or site.language,
        site=(site.url, site.language),
        marks=(*["lead"][: name == edition.lead], *["featured"][: name in edition.featured]),
        note=edition.notes.get(name, ""),
        corrected=edition.corrected.get(name),
    )


def _item(said: _Told, site: Site) -> Item:
    entry, others = said.entry, said.others
    try:
        quoted, line = credit.quoted(entry, site), told.line(entry, others, site)
        return Item(
            entry=entry,
            terms=site.terms(entry),
            lineage=lineage(entry, site),
            summary=quoted.summary + line,
            content=quoted.content and quoted.content + line,
            plain=f"{quoted.plain} {told.named(entry, others, site)}".strip(),
            quoted=quoted,
            story=told.tellings(others, site),
            language=language(entry, said.spoken),
            groups=groups(entry, site),
            marks=said.marks,
            note=said.note,
            corrected=said.corrected,
            home=addresses.home(site),
        )
    except (ValueError, RecursionError) as error:
        raise blamed(entry, error) from error


def _weight(item: Item) -> int:
    """Estimate how many characters an item and its pieces of documents hold."""
    return len(item.entry.content) + _TIMES * (len(item.summary) + len(item.content)) + _BESIDE


def blamed(entry: Entry, error: Exception) -> RenderError:
    """Say that an entry is to blame that a document cannot be written."""
    problem = f"{entry.published_id}: it cannot be written: {error}"
    return RenderError(problem, entry=entry.published_id)
