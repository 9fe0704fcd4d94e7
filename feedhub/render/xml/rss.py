"""RSS 2.0, by extension of feedgen: what it cannot say itself. Pure."""

from lxml import etree

from feedhub import urls
from feedhub.model import Edition
from feedhub.render.dates import rfc822, rfc3339
from feedhub.render.item import Item
from feedhub.render.lineage import updated
from feedhub.render.types import enclosure_type
from feedhub.render.xml.elements import add, add_image, add_more

MINUTES = 15  # the hint how long a reader may wait: sources are seldom looked at more often


class Channel:
    """Adds to the channel its time, its archive links and its mark as an archive (RFC 5005)."""

    edition: Edition
    namespaces: dict[str, str]
    links: tuple[dict[str, str], ...]

    def extend_ns(self) -> dict[str, str]:
        """Give the namespaces to declare."""
        return self.namespaces

    def extend_rss(self, root: etree._Element) -> etree._Element:
        """Complete the channel; its items do not stand in it yet."""
        channel = root[0]
        add(channel, "lastBuildDate", rfc822(self.edition.updated))
        for link in self.links:
            if link["rel"] in ("prev-archive", "current"):
                add(channel, "atom:link", "", link)
        if self.edition.day and self.edition.closed:
            add(channel, "fh:archive")
        else:
            add(channel, "ttl", str(MINUTES))
        return root


class ChannelItem:
    """Adds to an item all but its title, link and guid."""

    item: Item

    def extend_ns(self) -> dict[str, str]:
        """Declare nothing: the channel has done so."""
        return {}

    def extend_rss(self, element: etree._Element) -> etree._Element:
        """Complete an item, in the order in which people read it."""
        entry, source = self.item.entry, self.item.lineage
        self._text(element)
        self._authors(element)
        add(element, "pubDate", rfc822(entry.published))
        add(element, "atom:updated", rfc3339(updated(entry)))
        if self.item.language:
            add(element, "dc:language", self.item.language)
        self._categories(element)
        self._enclosures(element)
        self._comments(element)
        add(element, "source", source.title, {"url": source.feed_url or source.site_url})
        for hop in source.via:
            _add_link(element, "via", hop.url, hop.title)
        for url in entry.related:
            add(element, "atom:link", "", {"rel": "related", "href": url})
        for telling in self.item.story:
            _add_link(element, "related", telling.url, telling.named)
        if source.rights:
            add(element, "dc:rights", source.rights)
        if source.license:
            add(element, "creativeCommons:license", source.license)
        add_more(element, entry, in_full=self.item.in_full)
        return element

    def _text(self, element: etree._Element) -> None:
        if self.item.summary or self.item.content:
            add(element, "description", self.item.summary)
        if self.item.content:
            add(element, "content:encoded", self.item.content)

    def _authors(self, element: etree._Element) -> None:
        """Name each author, as Atom does; the author element takes one alone, and an e-mail with a name."""
        for author in self.item.lineage.authors:
            add(element, "dc:creator", author.name or author.email)

    def _categories(self, element: etree._Element) -> None:
        for category in self.item.entry.categories:
            add(element, "category", category.term, {"domain": category.scheme})
        for label, scheme in self.item.labels:
            add(element, "category", label, {"domain": scheme})

    def _enclosures(self, element: etree._Element) -> None:
        """Add the first file as the one enclosure that RSS allows, the others in Media RSS."""
        for number, enclosure in enumerate(self.item.entry.enclosures):
            said = {"url": enclosure.url, "type": enclosure_type(enclosure)}
            if number == 0:
                add(element, "enclosure", "", {**said, "length": str(enclosure.length or 0)})
                continue
            length, duration = (str(value or "") for value in (enclosure.length, enclosure.duration))
            medium = add(element, "media:content", "", {**said, "fileSize": length, "duration": duration})
            if enclosure.title:
                add(medium, "media:title", enclosure.title, {"type": "plain"})
        if self.item.entry.image:
            add_image(element, self.item.entry.image)

    def _comments(self, element: etree._Element) -> None:
        comments = self.item.entry.comments
        if not comments:
            return
        if comments.url:
            add(element, "comments", comments.url)
        if comments.count is not None:
            add(element, "slash:comments", str(comments.count))
        if comments.feed_url:
            add(element, "wfw:commentRss", comments.feed_url)


def _add_link(element: etree._Element, rel: str, url: str, title: str) -> None:
    add(element, "atom:link", "", {"rel": rel, "href": url, "title": title, "type": "text/html"})


def is_permalink(published_id: str, link: str) -> bool:
    """Tell whether an id is the address of the article itself."""
    return published_id == link and urls.is_web(published_id)
