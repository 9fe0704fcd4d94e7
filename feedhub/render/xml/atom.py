"""Atom 1.0, by extension of feedgen: what it cannot say itself. Pure.

feedgen writes Atom's namespace as if it were an attribute: elements of Atom are made without one.
"""

from collections.abc import Sequence

from lxml import etree

from feedhub import urls
from feedhub.model import Category, Edition, Person, Site
from feedhub.render.dates import rfc3339
from feedhub.render.item import Item
from feedhub.render.lineage import updated
from feedhub.render.types import feed_type
from feedhub.render.xml.elements import add, add_image, add_more
from feedhub.render.xml.tombstones import add_tombstone


class Document:
    """Adds to the feed its mark as an archive (RFC 5005), and what was taken down."""

    edition: Edition
    site: Site
    namespaces: dict[str, str]

    def extend_ns(self) -> dict[str, str]:
        """Give the namespaces to declare."""
        return self.namespaces

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Complete the feed; its entries do not stand in it yet."""
        _required(feed, "title").set("type", "text")
        _required(feed, "updated").text = rfc3339(self.edition.updated)
        if self.edition.day and self.edition.closed:
            add(feed, "fh:archive")
        for one in self.edition.deleted:
            add_tombstone(feed, one, self.site)
        return feed


class DocumentEntry:
    """Adds to an entry all but its id and title."""

    item: Item

    def extend_ns(self) -> dict[str, str]:
        """Declare nothing: the feed has done so."""
        return {}

    def extend_atom(self, element: etree._Element) -> etree._Element:
        """Complete an entry, in the order in which people read it."""
        entry = self.item.entry
        # feedgen 1.0 drops all but the address from an entry's links (its issue 135): what it has written
        # behind the id and the title is written here anew.
        _, title, *written = element
        for each in written:
            element.remove(each)
        if self.item.language:
            element.set("{http://www.w3.org/XML/1998/namespace}lang", self.item.language)
        title.set("type", "text")
        self._links(element)
        add(element, "published", rfc3339(entry.published))
        add(element, "updated", rfc3339(updated(entry)))
        _add_authors(element, self.item.lineage.authors)
        self._categories(element)
        if self.item.summary:
            add(element, "summary", self.item.summary, {"type": "html"})
        if self.item.content:
            add(element, "content", self.item.content, {"type": "html"})
        if self.item.lineage.rights:
            add(element, "rights", self.item.lineage.rights)
        self._source(element)
        if entry.comments and entry.comments.count is not None:
            add(element, "thr:total", str(entry.comments.count))
        if entry.image:
            add_image(element, entry.image)
        add_more(element, entry, in_full=self.item.in_full)
        return element

    def _links(self, element: etree._Element) -> None:
        entry, source = self.item.entry, self.item.lineage
        _link(element, "alternate", entry.url)
        for url in entry.related:
            _link(element, "related", url, type_="")
        for telling in self.item.story:
            _link(element, "related", telling.url, title=telling.named)
        for hop in source.via:
            _link(element, "via", hop.url, title=hop.title)
        if entry.comments and entry.comments.url:
            replies = _link(element, "replies", entry.comments.url)
            if entry.comments.count is not None:
                replies.set("{http://purl.org/syndication/thread/1.0}count", str(entry.comments.count))
        if entry.comments and entry.comments.feed_url:
            _link(element, "replies", entry.comments.feed_url, type_=feed_type(entry.comments.feed_url))
        for file in entry.enclosures:
            link = _link(element, "enclosure", file.url, type_=file.type, title=file.title)
            if file.length is not None:
                link.set("length", str(file.length))
        if source.license:
            _link(element, "license", source.license, type_="")

    def _categories(self, element: etree._Element) -> None:
        _add_categories(element, self.item.entry.categories)
        for label, scheme in self.item.labels:
            add(element, "category", "", {"term": label, "scheme": scheme})

    def _source(self, element: etree._Element) -> None:
        """Say where the entry was first published (RFC 4287, 4.2.11)."""
        entry, lineage = self.item.entry, self.item.lineage
        source = add(element, "source")
        add(source, "id", lineage.id)
        add(source, "title", lineage.title)
        add(source, "updated", rfc3339(lineage.updated))
        if lineage.feed_url:
            _link(source, "self", lineage.feed_url, type_=feed_type(lineage.feed_url))
        _link(source, "alternate", lineage.site_url)
        if not entry.authors:
            # Without an author in it the entry would pass for the work of our feed's author (4.1.2).
            _add_authors(source, entry.origin.authors or (Person(name=lineage.title),))
        if entry.origin.icon:
            add(source, "icon", entry.origin.icon)
        if entry.origin.rights and not entry.rights:
            add(source, "rights", entry.origin.rights)
        if not entry.categories:
            _add_categories(source, entry.origin.categories)


def _link(
    parent: etree._Element, rel: str, href: str, *, type_: str = "text/html", title: str = ""
) -> etree._Element:
    return add(parent, "link", "", {"rel": rel, "type": type_, "href": href, "title": title})


def _add_authors(parent: etree._Element, authors: Sequence[Person]) -> None:
    for author in authors:
        person = add(parent, "author")
        add(person, "name", author.name or author.email)
        if author.url:
            add(person, "uri", author.url)


def _add_categories(parent: etree._Element, categories: Sequence[Category]) -> None:
    for category in categories:
        # RSS takes any text for a domain; here it must be an IRI (RFC 4287, 4.2.2.2).
        scheme = category.scheme if urls.is_iri(category.scheme) else ""
        add(parent, "category", "", {"term": category.term, "scheme": scheme, "label": category.label})


def _required(parent: etree._Element, name: str) -> etree._Element:
    """Give an element that feedgen always writes."""
    element = parent.find(name)
    if element is None:
        raise ValueError(f"feedgen wrote no {name}")
    return element
