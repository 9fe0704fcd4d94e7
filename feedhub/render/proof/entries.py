"""What an edition says of an entry, whatever the format: may it be told at all? Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from feedhub import text
from feedhub.model import Edition, Element, Site
from feedhub.render.proof.expected import Expected, expected
from feedhub.render.proof.passage import is_iri, is_web, links_in, look, looked_at
from feedhub.render.proof.quotation import quotation
from feedhub.render.proof.standing import Text
from feedhub.render.remembered import remembered_of_edition
from feedhub.text.visible import is_visible

_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
_ADDRESSES = frozenset({"href", "img", "src", "uri", "url"})


@remembered_of_edition
def judged(edition: Edition, site: Site) -> tuple[tuple[str, ...], ...]:
    """Give for each entry what is wrong with what every format says of it, in words."""
    return tuple(tuple(_problems(said, edition)) for said in expected(edition, site))


def _problems(said: Expected, edition: Edition) -> Iterator[str]:
    entry = said.entry
    if not is_visible(entry.title):
        yield "its title is empty"
    if said.terms.credit != "none" and not is_visible(said.name):
        yield "its credit shows no words"
    if not is_iri(entry.published_id):
        yield "its id is no absolute IRI"
    for when, called in ((entry.published, "publication"), (said.changed, "change")):
        if not _FIRST <= when <= edition.updated + _AHEAD:
            yield f"its time of {called} cannot be right: {when:%Y-%m-%d %H:%M}"
    for address in _addresses(said):
        if not is_web(address):
            yield f"an address of it is none to publish: {address[:100]!r}"
    yield from quotation(said)


def _addresses(said: Expected) -> Iterator[str]:
    """Give every address that a document names, but those in texts."""
    entry = said.entry
    yield entry.url
    yield from entry.related
    yield from (other.url for other in said.story)
    yield said.site_url
    for hop in said.via:
        yield hop.url
    for file in entry.enclosures:
        yield file.url
    if entry.image:
        yield entry.image.url
    people = (*said.authors, *(entry.origin.authors if not entry.authors else ()))
    may_lack = [said.feed_url, said.license, entry.origin.icon, *(person.url for person in people)]
    if entry.comments:
        may_lack += [entry.comments.url, entry.comments.feed_url]
    yield from filter(None, may_lack)
    yield from _carried_addresses(entry.more)


def _carried_addresses(elements: Iterable[Element]) -> Iterator[str]:
    for element in elements:
        yield from (value for name, value in element.attributes if name in _ADDRESSES and value)
        yield from _carried_addresses(element.parts)


def judged_texts(texts: Iterable[Text], said: Expected) -> Iterator[str]:
    """Judge the texts as they stand: how much they quote, how they are credited, and their markup."""
    written = [each for each in texts if each.body != ""]
    for each in written:
        yield from _text(each, said)
    if not written and said.terms.credit != "none":
        yield "it has no text, and so no credit"


def _text(found: Text, said: Expected) -> Iterator[str]:
    entry, terms, name = said.entry, said.terms, said.name
    asked = name, entry.url, terms.credit
    if isinstance(found.body, str):
        yield from _line(found.body, said)
        looked = looked_at(found.body.removesuffix(said.line), *asked)
    else:
        looked = look(found.body, *asked)
    yield from looked.problems
    if terms.credit != "none":
        if not looked.credits:
            yield "its text does not link to the article where the credit belongs"
        elif looked.credits > 1 and looked.credits > links_in(entry.summary + entry.content, name, entry.url):
            yield "its text credits the article more than once"
    if terms.show == "title" and looked.words not in (name, ""):
        yield "its text goes beyond the title, which is all that the terms allow"
    if found.is_summary or terms.show == "summary":
        # The credit, and the white space between blocks, are no words of the publisher.
        most = terms.excerpt + text.length(name) + len(": ") + looked.blocks
        # No text is longer to a reader than it is to a machine, which counts much faster.
        if len(looked.words) > most and text.length(looked.words) > most:
            yield "its excerpt is longer than the terms allow"


def _line(html: str, said: Expected) -> Iterator[str]:
    """Judge the line behind the quotation that names whoever else tells the story."""
    line = html[-len(said.line) :] if said.line else ""
    for other in said.story:
        named = looked_at(line, other.credit, other.url, "bottom")
        yield from named.problems
        if not named.credits:
            yield f"the end of its text does not link to {other.publisher}"
