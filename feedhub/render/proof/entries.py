"""One entry of a finished document against the entry that it was made of. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from feedhub import text
from feedhub.model import Edition, Entry, Site
from feedhub.render import credit
from feedhub.render.dates import rfc3339
from feedhub.render.lineage import Lineage, lineage, updated
from feedhub.render.proof.found import FoundItem
from feedhub.render.proof.passage import is_iri, is_web, links_in, looked_at

_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)


def problems(format: str, found: FoundItem, entry: Entry, edition: Edition, site: Site) -> Iterator[str]:  # noqa: A002
    """Give what is wrong with an entry in a finished document, in words."""
    source = lineage(entry, site)
    yield from found.problems
    yield from _article(found, entry)
    yield from _times(found, entry, edition)
    yield from _provenance(format, found, source)
    yield from _texts(format, found, entry, site)


def _article(found: FoundItem, entry: Entry) -> Iterator[str]:
    if found.links != (entry.url,) or not is_web(entry.url):
        yield "it does not link to its article, once"
    if not found.title.strip() or found.title != entry.title:
        yield "its title is not the entry's"
    if not is_iri(entry.published_id):
        yield "its id is no absolute IRI"
    if found.related != entry.related:
        yield "it does not link to just the pages that it is about"
    for address in (*found.addresses, *entry.related):
        if not is_web(address):
            yield f"an address of it is none to publish: {address[:100]!r}"


def _times(found: FoundItem, entry: Entry, edition: Edition) -> Iterator[str]:
    for when, expected, called in (
        (found.published, entry.published, "its time of publication"),
        (found.updated, updated(entry), "its time of change"),
    ):
        if when is None or when != expected.replace(microsecond=0):
            yield f"{called} is not the entry's"
        elif not _FIRST <= when <= edition.updated + _AHEAD:
            yield f"{called} cannot be right: {when:%Y-%m-%d %H:%M}"


def _provenance(format: str, found: FoundItem, source: Lineage) -> Iterator[str]:  # noqa: A002
    if found.via != tuple((hop.url, hop.title) for hop in source.via) or not found.via:
        yield "its via links are not those of its source"
    if dict(found.source) != _said_of_source(format, source):
        yield "its source element is not its source's"
    if found.rights != source.rights:
        yield "its rights are not its publisher's"
    if found.license != source.license:
        yield "its license is not its publisher's"


def _said_of_source(format: str, source: Lineage) -> dict[str, str]:  # noqa: A002
    if format == "rss":
        return {"title": source.title, "address": source.feed_url or source.site_url}
    said = {
        "id": source.id,
        "title": source.title,
        "feed_url": source.feed_url,
        "site_url": source.site_url,
    }
    return {**said, "updated": rfc3339(source.updated)} if format == "atom" else said


def _texts(format: str, found: FoundItem, entry: Entry, site: Site) -> Iterator[str]:  # noqa: A002
    """Judge the texts: what is quoted, how much of it, how it is credited, and its markup."""
    summary, content = credit.summary(entry, site), credit.content(entry, site)
    if format == "json":
        if found.content != (content or summary):
            yield "its text is not the entry's"
        if found.plain != credit.plain_summary(entry, site):
            yield "its summary is not the entry's"
        yield from _plain(found.plain or "", entry, site)
    elif (found.summary or "", found.content or "") != (summary, content):
        yield "its text is not the entry's"
    for html in (found.summary, found.content):
        if html is not None:
            yield from _html(html, entry, site, is_summary=html == found.summary)
    if not found.summary and not found.content and site.terms(entry).credit != "none":
        yield "it has no text, and so no credit"


def _plain(words: str, entry: Entry, site: Site) -> Iterator[str]:
    if site.terms(entry).credit != "none" and f" ({entry.url})" not in words:
        yield "its plain summary does not name the article"


def _html(html: str, entry: Entry, site: Site, *, is_summary: bool) -> Iterator[str]:
    terms, name = site.terms(entry), credit.name(entry, site)
    looked = looked_at(html, name, entry.url, terms.credit)
    yield from looked.problems
    if terms.credit != "none":
        if not looked.credits:
            yield "its text does not link to the article where the credit belongs"
        elif looked.credits > 1 and looked.credits > links_in(entry.summary + entry.content, name, entry.url):
            yield "its text credits the article more than once"
    if terms.show == "title" and looked.words not in (name, ""):
        yield "its text goes beyond the title, which is all that the terms allow"
    if is_summary or terms.show == "summary":
        # The credit, and the white space between blocks, are no words of the publisher.
        beside = text.length(name) + len(": ") + looked.blocks
        if text.length(looked.words) > terms.excerpt + beside:
            yield "its excerpt is longer than the terms allow"
