"""What a document must say of each entry, found out anew from its edition. Pure.

The renderers have answers of their own to the same questions, and neither asks the other, so that no mistake
is its own proof. The texts alone are taken as they were made, to be the same in every document; `entries`
judges them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import NamedTuple

from feedhub import urls
from feedhub.model import Edition, Element, Entry, Origin, Person, Site, Source, Terms
from feedhub.render.item import Item, items
from feedhub.render.proof.carried import carried
from feedhub.render.proof.passage import is_iri
from feedhub.render.remembered import remembered, remembered_of_edition
from feedhub.render.told import ALSO

_root, _host = remembered(urls.root), remembered(urls.host)


class Hop(NamedTuple):
    """A page that an entry was found on."""

    url: str
    title: str


class Other(NamedTuple):
    """Another source's article on the same news."""

    published_id: str
    url: str
    title: str
    publisher: str
    site_url: str
    credit: str  # the words that are linked to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An entry with all that must be said of it."""

    entry: Entry
    terms: Terms
    changed: datetime
    language: str  # "" = the feed's
    name: str  # the words of the credit
    publisher: str
    source_id: str
    feed_url: str  # "" = not for others to know
    site_url: str
    source_updated: datetime
    via: tuple[Hop, ...]
    authors: tuple[Person, ...]
    rights: str
    license: str
    groups: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]  # ours, each with its scheme
    is_lead: bool
    is_featured: bool
    note: str
    corrected: datetime | None
    home: str  # our own address
    more: tuple[Element, ...]  # carried through
    story: tuple[Other, ...]  # who else tells it
    line: str  # HTML: how the texts name them, at their end
    summary: str  # HTML, credited, with that line
    content: str  # the same, whole; "" = not allowed
    plain: str  # the summary in words
    named: str  # how that names whoever else tells the story, at its end; "" = nobody does

    @property
    def mark(self) -> str:
        """Give the credit as plain text."""
        return f"{self.name} ({self.entry.url})"

    @property
    def words(self) -> str:
        """Give the words that are quoted, without the credit."""
        said = self.plain.removesuffix(self.named)
        if self.terms.credit != "none":
            said = said.removeprefix(self.mark).removeprefix(":")
        return said.strip()


@remembered_of_edition
def expected(edition: Edition, site: Site) -> tuple[Expected, ...]:
    """Say what must stand of each entry of an edition, in its order."""
    others: dict[str, Sequence[Entry]] = {story.told_by: story.others for story in edition.stories}
    return tuple(
        _expected(entry, others.get(entry.published_id, ()), item, edition, site)
        for entry, item in zip(edition.entries, items(edition, site), strict=True)
    )


def _expected(entry: Entry, others: Sequence[Entry], item: Item, edition: Edition, site: Site) -> Expected:
    origin, id_ = entry.origin, entry.published_id
    source = site.sources.get(entry.source)
    terms = source.terms if source else Terms()
    publisher, page = _publisher(entry, source), _page(entry)
    changed = entry.updated if entry.updated else entry.published
    is_lead, is_featured = edition.lead == id_, id_ in edition.featured
    groups, home = source.groups if source else (), f"{site.url}/"
    marks = [mark for mark, is_set in (("lead", is_lead), ("featured", is_featured)) if is_set]
    story = tuple(_other(other, site) for other in others)
    return Expected(
        entry=entry,
        terms=terms,
        changed=changed,
        language=_language(entry, edition.feed.language or site.language),
        name=_name(entry, publisher, terms),
        publisher=publisher,
        source_id=_source_id(origin, source) or origin.feed_url or page,
        feed_url=origin.feed_url,
        site_url=page,
        source_updated=origin.updated or changed,
        via=(*_hops(entry, source), Hop(page, publisher)),
        authors=entry.authors or origin.authors,
        rights=next(filter(None, (entry.rights, origin.rights, terms.rule)), ""),
        license=next(filter(None, (entry.license, origin.license, terms.license)), ""),
        groups=groups,
        labels=(*((each, f"{home}groups") for each in groups), *((each, f"{home}marks") for each in marks)),
        is_lead=is_lead,
        is_featured=is_featured,
        note=edition.notes.get(id_, ""),
        corrected=edition.corrected.get(id_),
        home=home,
        more=tuple(carried(entry.more, in_full=terms.show == "full")) if entry.more else (),
        story=story,
        line=_line(_also(entry, site), story) if story else "",
        summary=item.summary,
        content=item.content if terms.show == "full" else "",
        plain=item.plain,
        named=_named(_also(entry, site), story) if story else "",
    )


def _publisher(entry: Entry, source: Source | None) -> str:
    """Give the first publisher's name: ours for the source, but where it hands on another's entry."""
    ours = source.title if source and entry.origin.via == () else ""
    return ours or entry.origin.title or entry.source


def _name(entry: Entry, publisher: str, terms: Terms) -> str:
    for said in (terms.text.replace("{source}", publisher), publisher):
        if words := said.split():
            return " ".join(words)
    return _host(entry.url)


def _page(entry: Entry) -> str:
    """Give the page of the first publisher; what names none is found at the root of its article's site."""
    return entry.origin.site_url if entry.origin.site_url else _root(entry.url)


def _source_id(origin: Origin, source: Source | None) -> str:
    """Give the id of the first publisher's feed, if it is one in Atom and others may know it."""
    is_secret = source is not None and (source.is_secret or source.auth or source.url.startswith("file:"))
    if is_secret and origin.id not in (origin.feed_url, origin.site_url):
        is_address = origin.id[:4] not in ("tag:", "urn:")
        return "" if is_address or not is_iri(origin.id) else origin.id
    return origin.id if is_iri(origin.id) else ""


def _hops(entry: Entry, source: Source | None) -> Iterator[Hop]:
    """Give the pages of those that handed an entry on; the one that we read has our name for it."""
    names = [source.title if source else "", *("" for _ in entry.origin.via)]
    for hop, ours in zip(entry.origin.via, names, strict=False):
        url = hop.site_url or _root(hop.feed_url) or _root(hop.id)
        if url:
            yield Hop(url, ours or hop.title or _host(url))


def _language(entry: Entry, spoken: str) -> str:
    own = entry.language if entry.language else entry.origin.language
    return own if own.casefold() != spoken.casefold() else ""


def _other(entry: Entry, site: Site) -> Other:
    source = site.sources.get(entry.source)
    publisher = _publisher(entry, source)
    name = _name(entry, publisher, source.terms if source else Terms())
    return Other(entry.published_id, entry.url, entry.title, publisher, _page(entry), name)


def _also(entry: Entry, site: Site) -> str:
    """Give the word that stands before those who tell the same, in the language of the text before it."""
    for language in (entry.language, entry.origin.language, site.language, "en"):
        if word := ALSO.get(language.split("-")[0].lower()):
            return word
    return ""


def _line(also: str, story: Sequence[Other]) -> str:
    links = [
        f'<a href="{escape(other.url)}" rel="external">{escape(other.credit, quote=False)}</a>'
        for other in story
    ]
    return f"<p>{also}: {', '.join(links)}</p>"


def _named(also: str, story: Sequence[Other]) -> str:
    return f"{also}: " + ", ".join(f"{other.credit} ({other.url})" for other in story)
