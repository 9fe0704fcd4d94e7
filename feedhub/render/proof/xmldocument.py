"""Bytes of RSS or Atom to what the proof compares. Pure; knows nothing of how they were written."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from feedhub.render.proof.found import FoundDocument, FoundItem, Unreadable

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC = "{http://purl.org/dc/elements/1.1/}"
_HISTORY = "{http://purl.org/syndication/history/1.0}archive"
_LICENSE = "{http://backend.userland.com/creativeCommonsRssModule}license"
_ADDRESSES = ("href", "img", "src", "uri", "url")
_RSS_ONCE = ("title", "guid", "pubDate", f"{_ATOM}updated", "source", "description", _CONTENT, "author")
_ATOM_ONCE = tuple(
    f"{_ATOM}{name}" for name in "id title published updated source summary content rights".split()
)


def read_rss(document: bytes) -> FoundDocument:
    """Read RSS 2.0. Raises Unreadable."""
    root = _root(document)
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        raise Unreadable("it is not RSS 2.0")
    channel = channels[0]
    for name in ("title", "link", "description", "lastBuildDate"):
        if len(channel.findall(name)) != 1:
            raise Unreadable(f"its channel has not exactly one {name}")
    return FoundDocument(
        title=_text(channel, "title"),
        home=_text(channel, "link"),
        self_urls=_links(channel, "self"),
        earlier=_links(channel, "prev-archive"),
        current=_links(channel, "current"),
        is_archive=channel.find(_HISTORY) is not None,
        updated=rfc822(_text(channel, "lastBuildDate")),
        items=tuple(_rss_item(item) for item in channel.findall("item")),
        problems=() if _text(channel, "description").strip() else ("its description is empty",),
    )


def read_atom(document: bytes) -> FoundDocument:
    """Read Atom 1.0. Raises Unreadable."""
    root = _root(document)
    if root.tag != f"{_ATOM}feed":
        raise Unreadable("it is not Atom")
    homes = _links(root, "alternate")
    return FoundDocument(
        id=_text(root, f"{_ATOM}id"),
        title=_text(root, f"{_ATOM}title"),
        home=homes[-1] if homes else "",
        self_urls=_links(root, "self"),
        earlier=_links(root, "prev-archive"),
        current=_links(root, "current"),
        is_archive=root.find(_HISTORY) is not None,
        updated=rfc3339(_text(root, f"{_ATOM}updated")),
        items=tuple(_atom_entry(entry) for entry in root.findall(f"{_ATOM}entry")),
    )


def rfc822(text: str) -> datetime | None:
    """Read a time as RSS writes it; None if it is none, has no offset or names the wrong weekday."""
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    weekday = "Mon Tue Wed Thu Fri Sat Sun".split()[when.weekday()]
    return when.astimezone(UTC) if when.tzinfo and text.startswith(f"{weekday}, ") else None


def rfc3339(text: str) -> datetime | None:
    """Read a time as Atom and JSON Feed write it; None if it is none or has no offset."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo and "T" in text else None


def _root(document: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=False)
    try:
        document.decode("utf-8")
        root = etree.fromstring(document, parser)
    except (UnicodeDecodeError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"it is not well formed: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None or root.getprevious() is not None:
        raise Unreadable("something stands before its first element")
    return root


def _rss_item(item: etree._Element) -> FoundItem:
    source = item.find("source")
    return FoundItem(
        id=_text(item, "guid"),
        links=tuple(link.text or "" for link in item.findall("link")),
        related=_links(item, "related"),
        title=_text(item, "title"),
        published=rfc822(_text(item, "pubDate")),
        updated=rfc3339(_text(item, f"{_ATOM}updated")),
        via=_titled(item, "via"),
        source={} if source is None else {"title": source.text or "", "address": source.get("url") or ""},
        summary=item.findtext("description"),
        content=item.findtext(_CONTENT),
        plain=None,
        rights=_text(item, f"{_DC}rights"),
        license=_text(item, _LICENSE),
        addresses=_addresses(item, "comments"),
        problems=(*_repeated(item, _RSS_ONCE), *_guid_problems(item)),
    )


def _guid_problems(item: etree._Element) -> tuple[str, ...]:
    guid = item.find("guid")
    claims = guid is not None and guid.get("isPermaLink") != "false"
    if claims and _text(item, "guid") != _text(item, "link"):
        return ("its guid claims to be its permalink",)
    return ()


def _atom_entry(entry: etree._Element) -> FoundItem:
    source = entry.find(f"{_ATOM}source")
    return FoundItem(
        id=_text(entry, f"{_ATOM}id"),
        links=_links(entry, "alternate"),
        related=_links(entry, "related"),
        title=_text(entry, f"{_ATOM}title"),
        published=rfc3339(_text(entry, f"{_ATOM}published")),
        updated=rfc3339(_text(entry, f"{_ATOM}updated")),
        via=_titled(entry, "via"),
        source={} if source is None else _atom_source(source),
        summary=_html(entry, "summary"),
        content=_html(entry, "content"),
        plain=None,
        rights=_text(entry, f"{_ATOM}rights"),
        license="".join(_links(entry, "license")),
        addresses=_addresses(entry),
        problems=_repeated(entry, _ATOM_ONCE),
    )


def _atom_source(source: etree._Element) -> dict[str, str]:
    return {
        "id": _text(source, f"{_ATOM}id"),
        "title": _text(source, f"{_ATOM}title"),
        "updated": _text(source, f"{_ATOM}updated"),
        "feed_url": "".join(_links(source, "self")),
        "site_url": "".join(_links(source, "alternate")),
    }


def _html(entry: etree._Element, name: str) -> str | None:
    element = entry.find(f"{_ATOM}{name}")
    if element is None:
        return None
    # Anything but html would be shown otherwise than it was proofed.
    return element.text or "" if element.get("type") == "html" else ""


def _text(parent: etree._Element, name: str) -> str:
    return parent.findtext(name) or ""


def _links(parent: etree._Element, rel: str) -> tuple[str, ...]:
    return tuple(url for url, _ in _titled(parent, rel))


def _titled(parent: etree._Element, rel: str) -> tuple[tuple[str, str], ...]:
    links = parent.findall(f"{_ATOM}link")
    return tuple(
        (link.get("href") or "", link.get("title") or "")
        for link in links
        if link.get("rel", "alternate") == rel
    )


def _addresses(item: etree._Element, *elements: str) -> tuple[str, ...]:
    """Gather every URL in an item, wherever it stands."""
    named = [
        element.get(name) or "" for element in item.iter("*") for name in _ADDRESSES if name in element.attrib
    ]
    written = [element.text or "" for element in item.iter(f"{_ATOM}uri", *elements)]
    return (*named, *written)


def _repeated(item: etree._Element, names: Sequence[str]) -> tuple[str, ...]:
    """Tell which elements that may stand once stand there again."""
    again = [name for name in names if len(item.findall(name)) > 1]
    return tuple(f"it has more than one {etree.QName(name).localname}" for name in again)
