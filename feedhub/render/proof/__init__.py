"""Finished bytes to what is wrong in them: every document is read back before it replaces the last. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

from feedhub.model import Edition, Fault, Site
from feedhub.render import addresses
from feedhub.render.proof.entries import problems
from feedhub.render.proof.found import FoundDocument, Unreadable
from feedhub.render.proof.jsondocument import read_json
from feedhub.render.proof.xmldocument import read_atom, read_rss

_READERS: dict[str, Callable[[bytes], FoundDocument]] = {
    "rss": read_rss,
    "atom": read_atom,
    "json": read_json,
}


def proof(format: str, document: bytes, edition: Edition, site: Site) -> list[Fault]:  # noqa: A002
    """Read a finished document back and give what is wrong in it, the document's own faults first.

    Compares it with its edition, entry for entry and in order. A fault that one entry is to blame for
    names it.
    """
    try:
        found = _READERS[format](document)
    except Unreadable as error:
        return [Fault(reason=str(error))]
    faults = [Fault(reason=reason) for reason in _document_problems(format, found, edition, site)]
    faults += _order_problems(found, edition)
    items = {item.id: item for item in found.items}
    for entry in edition.entries:
        if entry.published_id in items:
            reasons = problems(format, items[entry.published_id], entry, edition, site)
            faults += [Fault(reason=reason, entry=entry.published_id) for reason in reasons]
    return faults


def _document_problems(format: str, found: FoundDocument, edition: Edition, site: Site) -> Iterator[str]:  # noqa: A002
    yield from found.problems
    name, day = edition.feed.name, edition.day
    archive = (addresses.url(site, name, format, edition.archive),) if edition.archive else ()
    current = (addresses.url(site, name, format),) if day else ()
    if found.title != edition.feed.title:
        yield "its title is not the feed's"
    if found.home != addresses.url(site, name, "page", day):
        yield "its home is not its page"
    if found.self_urls != (addresses.url(site, name, format, day),):
        yield "it does not name its own address, once"
    if found.id is not None and found.id != edition.id:
        yield "its id is not the feed's"
    if found.has_updated and found.updated != _whole_second(edition):
        yield "its time is not that of its newest change"
    if found.earlier != archive:
        yield "it does not lead to the archive before it"
    if found.current is not None and found.current != current:
        yield "it does not lead to the current document"
    if found.is_archive is not None and found.is_archive != bool(day and edition.closed):
        yield "it is marked wrongly as an archive"


def _whole_second(edition: Edition) -> object:
    return edition.updated - timedelta(microseconds=edition.updated.microsecond)


def _order_problems(found: FoundDocument, edition: Edition) -> Iterator[Fault]:
    """Find what is missing, foreign, repeated or out of order."""
    ids = [item.id for item in found.items]
    expected = [entry.published_id for entry in edition.entries]
    for published_id, times in Counter(ids).items():
        if times > 1:
            yield Fault(reason="its id stands in the document more than once", entry=published_id)
        if published_id not in set(expected):
            yield Fault(reason=f"it holds an entry that is not the edition's: {published_id}")
    for published_id in dict.fromkeys(expected):
        if published_id not in set(ids):
            yield Fault(reason="it is missing from the document", entry=published_id)
    if ids != expected and sorted(ids) == sorted(expected):
        yield Fault(reason="its entries are not in the edition's order")
