"""An edition as a front page: what leads, what stands beside it, and what in which section. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from feedhub.model import Edition, Entry, Section, Site, Source, Take
from feedhub.render import lineage
from feedhub.render.direction import primary
from feedhub.render.item import items

TOP = 4  # articles beside the lead, where every entry has a section
_PASSAGE = 200  # characters that a lead should show


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """Every entry of an edition, once; in each part the newest first."""

    lead: Entry | None
    top: tuple[Entry, ...]
    sections: tuple[tuple[Section, tuple[Entry, ...]], ...]  # none of them empty


def front(edition: Edition, site: Site) -> Front:
    """Lay out an edition.

    The lead is the entry that was named, else the first featured, else one in the feed's own language,
    if there is any: the one that most sources tell, else the newest with a passage to show. Featured
    entries stand at the top, and those that no section takes; without any, the newest of all.
    """
    lead = _lead(edition, site)
    rest = [entry for entry in edition.entries if entry is not lead]
    sections = edition.feed.sections or tuple(_groups(rest, site))
    placed = [(entry, _section(entry, sections, edition, site)) for entry in rest]
    if placed and all(section for _, section in placed):
        top = _newest(rest, edition, site)
        placed = [(entry, None if entry.published_id in top else section) for entry, section in placed]
    parts = ((part, tuple(entry for entry, section in placed if section is part)) for part in sections)
    return Front(
        lead=lead,
        top=tuple(entry for entry, section in placed if section is None),
        sections=tuple((section, entries) for section, entries in parts if entries),
    )


def _lead(edition: Edition, site: Site) -> Entry | None:
    named = [entry for entry in edition.entries if entry.published_id == edition.lead]
    featured = [entry for entry in edition.entries if entry.published_id in edition.featured]
    sources = {story.told_by: len(story.others) for story in edition.stories}
    words = {item.entry.published_id: item.quoted.words for item in items(edition, site)}

    def weight(entry: Entry) -> tuple[bool, int, bool]:
        told = sources.get(entry.published_id, 0)
        return _is_own(entry, edition, site), told, len(words[entry.published_id]) >= _PASSAGE

    # Of equals `max` gives the first, which is the newest.
    return next(iter([*named, *featured]), None) or max(edition.entries, key=weight, default=None)


def _is_own(entry: Entry, edition: Edition, site: Site) -> bool:
    """Tell whether an entry is in the feed's language, or does not say what it is in."""
    page = edition.feed.language or site.language
    return primary(lineage.language(entry, page) or page) == primary(page)


def _newest(entries: Sequence[Entry], edition: Edition, site: Site) -> set[str]:
    """Give the newest in the feed's own language, or of all if there are none in it."""
    own = [entry for entry in entries if _is_own(entry, edition, site)]
    return {entry.published_id for entry in (own or entries)[:TOP]}


def _groups(entries: Iterable[Entry], site: Site) -> Iterator[Section]:
    """Make a section of each group that is the first one of an entry's source; of a single one, none."""
    groups = dict.fromkeys(group for entry in entries for group in lineage.groups(entry, site)[:1])
    for group in groups if len(groups) > 1 else ():
        yield Section(title=group[:1].upper() + group[1:], take=Take(groups=(group,)))


def _section(entry: Entry, sections: Iterable[Section], edition: Edition, site: Site) -> Section | None:
    if entry.published_id in edition.featured:
        return None
    source = site.sources.get(entry.source)
    return next((section for section in sections if _takes(section.take, entry, source)), None)


def _takes(take: Take, entry: Entry, source: Source | None) -> bool:
    labels = {
        name.casefold() for category in entry.categories for name in (category.term, category.label) if name
    }
    groups = source.groups if source else ()
    return (
        (not take.sources or entry.source in take.sources)
        and (not take.groups or not set(take.groups).isdisjoint(groups))
        and (not take.categories or not labels.isdisjoint(map(str.casefold, take.categories)))
    )
