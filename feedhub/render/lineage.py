"""Where an entry comes from, as each format tells it: source, hops, authors, rights. Pure."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from feedhub import urls
from feedhub.model import Entry, Origin, Person, Site

_is_iri = lru_cache(maxsize=1024)(urls.is_iri)  # of few sources, again and again


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A page that an entry was found on.

    url    Atom link[via]@href    JSON Feed _feedhub.via url
    """

    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """What a finished entry says of its source, with what it takes from there."""

    title: str  # the first publisher's name
    id: str
    feed_url: str  # "" = not for others to know
    site_url: str
    updated: datetime
    via: tuple[Hop, ...]  # where we found it, then each hop before, nearest first
    authors: tuple[Person, ...]  # the entry's, else its source's
    rights: str
    license: str  # URL


def lineage(entry: Entry, site: Site) -> Lineage:
    """Gather what a finished entry says of where it comes from."""
    origin, terms = entry.origin, site.terms(entry)
    page = origin.site_url or urls.root(entry.url)
    return Lineage(
        title=site.publisher(entry),
        id=_open_id(entry, site) or origin.feed_url or page,
        feed_url=origin.feed_url,
        site_url=page,
        updated=origin.updated or updated(entry),
        via=_via(entry, site, page),
        authors=entry.authors or origin.authors,
        rights=entry.rights or origin.rights or terms.rule,
        license=entry.license or origin.license or terms.license,
    )


def updated(entry: Entry) -> datetime:
    """Give when an entry last changed: when it was published, if it has not."""
    return entry.updated or entry.published


def language(entry: Entry, spoken: str) -> str:
    """Give an entry's language where it differs from that of the feed."""
    own = entry.language or entry.origin.language
    return "" if own.lower() == spoken.lower() else own


def groups(entry: Entry, site: Site) -> tuple[str, ...]:
    """Give our own labels on an entry: the groups of its source."""
    source = site.sources.get(entry.source)
    return source.groups if source else ()


def _open_id(entry: Entry, site: Site) -> str:
    """Give the source's id, unless it is an address that others may not learn, or is no id in Atom."""
    source, origin = site.sources.get(entry.source), entry.origin
    is_known = origin.id in (origin.feed_url, origin.site_url) or origin.id.startswith(("tag:", "urn:"))
    if source is not None and not source.is_open and not is_known:
        return ""
    return origin.id if _is_iri(origin.id) else ""


def _via(entry: Entry, site: Site, page: str) -> tuple[Hop, ...]:
    last = Hop(url=page, title=site.publisher(entry))
    hops = [_hop(entry, site, number, hop) for number, hop in enumerate(entry.origin.via)]
    return (*(hop for hop in hops if hop.url), last)


def _hop(entry: Entry, site: Site, number: int, hop: Origin) -> Hop:
    url = hop.site_url or urls.root(hop.feed_url) or urls.root(hop.id)
    source = site.sources.get(entry.source) if number == 0 else None
    title = (source.title if source else "") or hop.title or urls.host(url)
    return Hop(url=url, title=title)
