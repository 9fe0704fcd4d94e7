"""Our sources, and our feeds, as OPML 2.0, to subscribe to them at once. Pure."""

from lxml import etree

from feedhub import urls
from feedhub.errors import RenderError
from feedhub.model import Feed, Site, Source
from feedhub.render import addresses


def opml(site: Site) -> bytes:
    """List the sources that may be named, by their first group; those without one stand last.

    Sources that are not public, or whose address others may not learn, are left out. Raises RenderError.
    """
    try:
        return _written(site)
    except ValueError as error:
        raise RenderError(f"the list of sources cannot be written: {error}") from error


def feeds_opml(site: Site) -> bytes:
    """List our own feeds. Raises RenderError."""
    try:
        root, body = _begun(site)
        for feed in site.feeds:
            _add_feed(body, feed, site)
        return _finished(root)
    except ValueError as error:
        raise RenderError(f"the list of feeds cannot be written: {error}") from error


def _begun(site: Site) -> tuple[etree._Element, etree._Element]:
    """Begin a list; gives it, and where its outlines stand."""
    root = etree.Element("opml", {"version": "2.0"})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = site.title
    etree.SubElement(head, "ownerName").text = site.title
    if "@" in site.contact:
        etree.SubElement(head, "ownerEmail").text = site.contact
    return root, etree.SubElement(root, "body")


def _finished(root: etree._Element) -> bytes:
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")


def _written(site: Site) -> bytes:
    root, body = _begun(site)
    named = [source for source in site.sources.values() if source.public and source.is_open]
    folders: dict[str, etree._Element] = {}
    for source in sorted(named, key=lambda source: not source.groups):
        group = source.groups[0] if source.groups else ""
        if group and group not in folders:
            folders[group] = etree.SubElement(body, "outline", {"text": group, "title": group})
        _add(folders.get(group, body), source)
    return _finished(root)


def _add(parent: etree._Element, source: Source) -> None:
    url = urls.without_user(source.url)
    title = source.title or urls.host(url)
    outline = etree.SubElement(
        parent, "outline", {"type": "rss", "text": title, "title": title, "xmlUrl": url}
    )
    if source.groups:
        outline.set("category", ",".join(f"/{group}" for group in source.groups))
    if source.language:
        outline.set("language", source.language)


def _add_feed(parent: etree._Element, feed: Feed, site: Site) -> None:
    told = {
        "type": "rss",
        "text": feed.title,
        "title": feed.title,
        "description": feed.about,
        "xmlUrl": addresses.url(site, feed.name, "rss"),
        "htmlUrl": addresses.url(site, feed.name, "page"),
        "language": feed.language or site.language,
    }
    etree.SubElement(parent, "outline", {name: value for name, value in told.items() if value})
