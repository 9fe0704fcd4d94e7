"""Finished bytes to what is wrong in them: every document is read back before it replaces the last. Pure.

A document is read whole, and all that stands in it must be what its edition says, no more and no less. What
an edition says is judged as well: no format may tell what cannot be right.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from feedhub.model import Edition, Entry, Fault, Site
from feedhub.render.proof.atom import ATOM
from feedhub.render.proof.entries import judged, judged_texts
from feedhub.render.proof.expected import expected
from feedhub.render.proof.jsonfeed import JSON
from feedhub.render.proof.page import PAGE
from feedhub.render.proof.proved import Proved, Rest
from feedhub.render.proof.rss import RSS
from feedhub.render.proof.standing import Form, Unreadable, differences

_FORMS: dict[str, Form] = {"rss": RSS, "atom": ATOM, "json": JSON, "page": PAGE}


def proof(
    format: str,  # noqa: A002
    document: bytes,
    edition: Edition,
    site: Site,
    proved: Proved | None = None,
) -> list[Fault]:
    """Read a finished document back and give what is wrong in it, the document's own faults first.

    Compares it with its edition, entry for entry and in order. A fault that one entry is to blame for
    names it. Of what has been `proved` before, the entries that have not changed are not read again.
    """
    if proved is None:
        return _faults(format, document, edition, site)
    rest = proved.rest(format, document, edition, site) if _is_newest_first(edition) else None
    if rest is None or _faults(format, rest.document, rest.edition, site):
        faults = _faults(format, document, edition, site)
        if faults:
            return faults
        rest = Rest(document, edition, {})
    proved.take(format, rest, edition, site)
    return []


def _faults(format: str, document: bytes, edition: Edition, site: Site) -> list[Fault]:  # noqa: A002
    """Compare a document with what it must say."""
    form = _FORMS[format]
    try:
        standing = form.read(document)
    except Unreadable as error:
        return [Fault(reason=str(error))]
    stand = [each.id for each in standing.entries]
    faults = [Fault(reason=reason) for reason in form.head(standing.head, edition, site)]
    ids = [entry.published_id for entry in edition.entries]
    faults += _order_problems(stand, ids, is_ordered=form.is_ordered)
    if form.is_ordered and not _is_newest_first(edition):
        faults.append(Fault(reason="its entries are not newest first"))
    found = dict(zip(stand, standing.entries, strict=True))
    for said, problems in zip(expected(edition, site), judged(edition, site), strict=True):
        published_id = said.entry.published_id
        if published_id in found:
            stood = found[published_id]
            reasons = [*differences(stood.stands, form.entry(said)), *problems]
            reasons += judged_texts(stood.texts, said)
            faults += [Fault(reason=reason, entry=published_id) for reason in reasons]
    return faults


def ids(format: str, document: bytes) -> frozenset[str]:  # noqa: A002
    """Give the published ids of the entries that a finished document holds; none if it cannot be read."""
    try:
        return frozenset(each.id for each in _FORMS[format].read(document).entries)
    except Unreadable:
        return frozenset()


def _order_problems(ids: Sequence[str], expected: Sequence[str], *, is_ordered: bool) -> Iterator[Fault]:
    """Find what is missing, foreign, repeated or out of order."""
    if ids == expected and len(set(ids)) == len(ids):
        return
    for published_id, times in Counter(ids).items():
        if times > 1:
            yield Fault(reason="its id stands in the document more than once", entry=published_id)
        if published_id not in expected:
            yield Fault(reason=f"it holds an entry that is not the edition's: {published_id}")
    for published_id in dict.fromkeys(expected):
        if published_id not in ids:
            yield Fault(reason="it is missing from the document", entry=published_id)
    if is_ordered and ids != expected and sorted(ids) == sorted(expected):
        yield Fault(reason="its entries are not in the edition's order")


def _is_newest_first(edition: Edition) -> bool:
    """Tell whether entries stand in their order: newest first, or before that what leads and is featured."""
    is_by_time = edition.feed.order == "time"

    def comes_before(one: Entry, other: Entry) -> bool:
        if not is_by_time and _rank(one, edition) != _rank(other, edition):
            return _rank(one, edition) < _rank(other, edition)
        if one.published != other.published:
            return one.published > other.published
        return one.published_id <= other.published_id

    return all(comes_before(one, other) for one, other in pairwise(edition.entries))


def _rank(entry: Entry, edition: Edition) -> int:
    if entry.published_id == edition.lead:
        return 0
    return 1 if entry.published_id in edition.featured else 2
