"""Edition to RSS 2.0 and Atom 1.0. Pure; the only user of feedgen.

feedgen writes the frame; what it cannot say, or says wrongly, the extensions of the other modules add
through its public extension interface. An item is written once, and stands then in every document that
holds it: feedgen writes a document of those that have not been written yet, and the others are put in.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feedhub.errors import RenderError
from feedhub.model import Edition, Entry, Site
from feedhub.render import addresses
from feedhub.render.item import Item, blamed, items
from feedhub.render.xml.atom import Document, DocumentEntry
from feedhub.render.xml.elements import namespaces
from feedhub.render.xml.rss import Channel, ChannelItem, is_permalink

_GENERATOR = "FeedHub"  # without a version: an upgrade must not change every archive


class _Unwritten(datetime):
    """A time that feedgen holds to be absent, so that it does not write it.

    Its lastBuildDate defaults to now, and is written through setlocale, which is process-wide: threads
    that render together would leave the locale changed. The channel's extension writes it instead.
    """

    def __bool__(self) -> bool:
        return False


class _Form(NamedTuple):
    """How feedgen writes a format, and what stands around its items then."""

    document: str  # names of feedgen's methods
    item: str
    opening: bytes
    end: bytes


_RSS = _Form("rss_str", "rss_entry", b"\n    <item", b"\n  </channel>\n</rss>\n")
_ATOM = _Form("atom_str", "atom_entry", b"\n  <entry", b"\n</feed>\n")


def rss(edition: Edition, site: Site) -> bytes:
    """Render an edition as RSS 2.0. Raises RenderError."""
    generator = _generator(edition, site, "rss")
    generator.updated(_Unwritten.fromisoformat(edition.updated.isoformat()))
    generator.register_extension("feedhub", Channel, ChannelItem, atom=False, rss=True)
    generator.feedhub.edition = edition
    generator.feedhub.namespaces = namespaces(edition, site, "rss")
    generator.feedhub.links = _links(edition, site, "rss")
    return _with_all(generator, edition, site, _RSS)


def atom(edition: Edition, site: Site) -> bytes:
    """Render an edition as Atom 1.0. Raises RenderError."""
    generator = _generator(edition, site, "atom")
    generator.updated(edition.updated)
    generator.register_extension("feedhub", Document, DocumentEntry, atom=True, rss=False)
    generator.feedhub.edition = edition
    generator.feedhub.site = site
    generator.feedhub.namespaces = namespaces(edition, site, "atom")
    return _with_all(generator, edition, site, _ATOM)


def _generator(edition: Edition, site: Site, format: str) -> Any:  # noqa: A002
    feed = edition.feed
    generator = FeedGenerator()
    generator.id(edition.id)
    generator.title(feed.title)
    generator.subtitle(feed.about or feed.title)
    generator.language(feed.language or site.language)
    generator.generator(_GENERATOR, uri=addresses.home(site))
    generator.docs("")
    is_email = "@" in site.contact
    author = {"name": site.title, "uri": addresses.home(site)}
    generator.author({**author, "email": site.contact} if is_email else author)
    if is_email:
        generator.managingEditor(f"{site.contact} ({site.title})")
    # The channel's link is that of the last call, and some readers take the last alternate.
    for link in _links(edition, site, format):
        generator.link(dict(link))
    if site.icon:
        generator.icon(site.icon)
        generator.image(site.icon)
    return generator


def _links(edition: Edition, site: Site, format: str) -> tuple[dict[str, str], ...]:  # noqa: A002
    """Give the document's own links: itself, its neighbours (RFC 5005), and last its page."""
    name, own = edition.feed.name, addresses.media_type(format)
    found = [{"rel": "self", "type": own, "href": addresses.url(site, name, format, edition.day)}]
    if edition.archive:
        earlier = addresses.url(site, name, format, edition.archive)
        found.append({"rel": "prev-archive", "type": own, "href": earlier})
    if edition.day:
        found.append({"rel": "current", "type": own, "href": addresses.url(site, name, format)})
    page = addresses.url(site, name, "page", edition.day)
    return (*found, {"rel": "alternate", "type": "text/html", "href": page})


def _with_all(generator: Any, edition: Edition, site: Site, form: _Form) -> bytes:
    """Write the document that feedgen was told of, with all items of the edition."""
    every = items(edition, site)
    missing = {id(item): item for item in every if form not in item.pieces}
    added = [(item.entry, _add(generator, item, edition)) for item in missing.values()]
    document = _finished(getattr(generator, form.document), added, form)
    head, *pieces = document.removesuffix(form.end).split(form.opening)
    for item, piece in zip(missing.values(), pieces, strict=True):
        item.pieces[form] = piece
    return form.opening.join([head, *(item.pieces[form] for item in every)]) + form.end


def _add(generator: Any, item: Item, edition: Edition) -> Any:
    entry, element = item.entry, FeedEntry()
    generator.add_entry(element, order="append")
    element.title(entry.title)
    element.updated(edition.updated)
    element.link({"href": entry.url, "rel": "alternate"})
    element.guid(entry.published_id, permalink=is_permalink(entry.published_id, entry.url))
    element.feedhub.item = item
    return element


def _finished(render: Callable[..., bytes], added: list[tuple[Entry, Any]], form: _Form) -> bytes:
    """Write the document; if that fails, find the entry that is to blame."""
    try:
        return render(pretty=True)
    except ValueError as error:
        for entry, element in added:
            try:
                getattr(element, form.item)()
            except ValueError as why:
                raise blamed(entry, why) from why
        raise RenderError(f"the document cannot be written: {error}") from error
