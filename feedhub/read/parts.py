"""What an item's children mean: people, labels, links, files, dates. Pure.

authors     Atom author        RSS author, dc:creator, itunes:author
categories  Atom category      RSS category, dc:subject
published   Atom published     RSS pubDate, dc:date, dcterms:created
updated     Atom updated       RSS atom:updated, dcterms:modified
"""

import html
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from feedhub import markup, urls
from feedhub.model import Category, Comments, Enclosure, Image, Origin, Person
from feedhub.read.clean import without_controls
from feedhub.read.dates import instant
from feedhub.read.items import Child, Item

_EMAIL = r"[^\s<>()@,;]+@[^\s<>()@,;]+"
_EMAIL_FIRST = re.compile(rf"(?:mailto:)?({_EMAIL})\s*(?:\((.*)\))?", re.S)
_NAME_FIRST = re.compile(rf"(.*?)\s*[<(]\s*(?:mailto:)?({_EMAIL})\s*[>)]", re.S)
_FEED_TYPES = re.compile(r"application/(?:(?:rss|atom|rdf|feed)\+\w+|xml)|text/xml", re.I)
_PUBLISHED = (
    "rss:pubDate atom:published atom:issued rss:pubdate atom:created dc:date dcterms:issued dcterms:created"
    " dcterms:date rss:date rss:published"
).split()
_UPDATED = "atom:updated atom:modified dcterms:modified rss:updated rss:lastBuildDate".split()


def plain_title(child: Child | None) -> str:
    """Give a title as plain text, whatever it was encoded as."""
    if child is None:
        return ""
    kind = child.attributes.get("type", "").lower()
    is_atom = child.name.startswith("atom:")
    if child.is_mixed or (is_atom and kind in ("", "text", "text/plain") and not _is_escaped(child)):
        return " ".join(child.text.split())
    return plain_text(child.text)


def _is_escaped(child: Child) -> bool:
    return child.attributes.get("mode", "").lower() == "escaped"  # Atom 0.3


def plain_text(text: str) -> str:
    """Give text that should be plain but may hold markup, or be escaped once too often."""
    text = markup.plain(without_controls(text))
    return " ".join(html.unescape(text).split()) if "&" in text else text


def people(item: Item) -> tuple[Person, ...]:
    """Give the authors that an item or a head names itself."""
    if found := tuple(filter(None, map(_atom_person, item.all("atom:author")))):
        return found
    for name in ("dc:creator", "rss:author", "itunes:author", "rss:managingEditor", "dc:contributor"):
        if found := tuple(filter(None, (person(child.text) for child in item.all(name)))):
            return found
    return ()


def _atom_person(child: Child) -> Person | None:
    given = {part.name.partition(":")[2]: part.text.strip() for part in reversed(child.parts)}
    if not child.parts:
        return person(child.text)
    address = given.get("uri") or given.get("url") or ""
    name = plain_text(given.get("name", ""))
    email = given.get("email", "")
    if not name and not email:
        name = address
    if not name and not email:
        return None
    return Person(
        name=name,
        email=email if re.fullmatch(_EMAIL, email) else "",
        url=urls.absolute(address, child.base),
    )


def person(text: str) -> Person | None:
    """Take apart `Name`, `mail`, `mail (Name)` and `Name <mail>`."""
    text = plain_text(text)
    if match := _EMAIL_FIRST.fullmatch(text):
        return Person(name=(match[2] or "").strip(), email=match[1])
    if match := _NAME_FIRST.fullmatch(text):
        return Person(name=match[1].strip(' "'), email=match[2])
    return Person(name=text) if text else None


def categories(item: Item) -> tuple[Category, ...]:
    """Give the publisher's labels in their order."""
    found = []
    for child in item.all("rss:category", "atom:category", "dc:subject"):
        attributes = child.attributes
        label = plain_text(attributes.get("label", ""))
        term = plain_text(attributes.get("term", "")) or plain_text(child.text) or label
        scheme = attributes.get("scheme") or attributes.get("domain") or ""
        if term:
            found.append(Category(term=term, scheme=without_controls(scheme).strip(), label=label))
    return tuple(found)


def link(item: Item) -> str:
    """Give the item's first alternate: RSS's own link, else the first of Atom's that is a page."""
    for child in item.all("feedburner:origLink"):
        if urls.is_web(child.text.strip()):
            return child.text.strip()
    for child in item.all("rss:link", "rss:Link"):
        attributes = child.attributes
        if text := child.text.strip() or attributes.get("href") or attributes.get("resource") or "":
            return _joined(text, child.base)
    alternates = links(item, "alternate")
    pages = [child for child in alternates if _type(child) in ("", "text/html", "application/xhtml+xml")]
    for child in pages or alternates:
        return _joined(address(child), child.base)
    return ""


def links(item: Item, relation: str) -> list[Child]:
    """Give the Atom links of a relation that have an address."""
    return [
        child
        for child in item.all("atom:link")
        if address(child) and _relation(child.attributes.get("rel")) == relation
    ]


def _relation(rel: str | None) -> str:
    rel = (rel or "").strip().lower() or "alternate"
    return rel.removeprefix("http://www.iana.org/assignments/relation/")


def _type(child: Child) -> str:
    return child.attributes.get("type", "").partition(";")[0].strip().lower()


def address(child: Child) -> str:
    """Give where an Atom link points, as it stands there."""
    return (child.attributes.get("href") or child.text).strip()


def _joined(reference: str, base: str) -> str:
    return urls.absolute(without_controls(reference), base)


def identity(item: Item) -> tuple[str, bool]:
    """Give an item's raw id, and whether it may stand for a link that is missing."""
    for child in item.all("rss:guid"):
        if text := child.text.strip():
            attributes = {name.lower(): value for name, value in child.attributes.items()}
            return text, attributes.get("ispermalink", "true").strip().lower() != "false"
    if item.about:
        return item.about, False
    return item.text("atom:id", "rss:id", "dc:identifier"), False


def published(item: Item, zone: ZoneInfo) -> datetime | None:
    """Give when the publisher says that an item was published."""
    return _first_date(item, _PUBLISHED, zone)


def updated(item: Item, zone: ZoneInfo) -> datetime | None:
    """Give when the publisher says that an item, or a document, was changed."""
    return _first_date(item, _UPDATED, zone)


def _first_date(item: Item, names: list[str], zone: ZoneInfo) -> datetime | None:
    return next(filter(None, (instant(item.text(name), zone) for name in names)), None)


def enclosures(item: Item) -> tuple[Enclosure, ...]:
    """Give the files of an item: enclosures, and media that are no pictures."""
    found = []
    for child in (*item.all("rss:enclosure"), *links(item, "enclosure"), *_media(item, "media:content")):
        attributes = child.attributes
        target = attributes.get("url") or attributes.get("href") or ""
        if not target or (child.name == "media:content" and _is_picture(child)):
            continue
        found.append(
            Enclosure(
                url=_joined(target, child.base),
                type=_type(child),
                length=number(attributes.get("length") or attributes.get("fileSize") or "") or None,
                duration=number(attributes.get("duration", "")),
                title=plain_text(attributes.get("title", "")),
            )
        )
    return tuple(enclosure for enclosure in found if enclosure.url)


def image(item: Item) -> Image | None:
    """Give the picture that an item names as its own."""
    pictures = [child for child in _media(item, "media:content") if _is_picture(child)]
    for child in (*pictures, *_media(item, "media:thumbnail"), *item.all("itunes:image")):
        target = child.attributes.get("url") or child.attributes.get("href") or ""
        if where := _joined(target, child.base):
            told = {part.name: plain_text(part.text) for part in child.parts}
            return Image(
                url=where,
                width=number(child.attributes.get("width", "")),
                height=number(child.attributes.get("height", "")),
                description=told.get("media:description") or told.get("media:title") or "",
                credit=told.get("media:credit", ""),
            )
    return None


def _media(item: Item, name: str) -> list[Child]:
    groups = [part for group in item.all("media:group") for part in group.parts if part.name == name]
    return [*item.all(name), *groups]


def _is_picture(child: Child) -> bool:
    if medium := child.attributes.get("medium"):
        return medium == "image"
    if kind := _type(child):
        return kind.startswith("image/")
    return bool(re.search(r"\.(?:jpe?g|png|gif|webp|avif)(?:\?|$)", child.attributes.get("url", ""), re.I))


def number(text: str) -> int | None:
    """Give a count that a publisher wrote; None where it is none."""
    text = text.strip()
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def comments(item: Item) -> Comments | None:
    """Give where an item is discussed."""
    page, count = item.text("rss:comments"), number(item.text("slash:comments", "thr:total"))
    feed = item.text("wfw:commentRss", "wfw:commentRSS")
    for child in links(item, "replies"):
        where = _joined(address(child), child.base)
        if _FEED_TYPES.fullmatch(_type(child)):
            feed = feed or where
        else:
            page = page or where
        count = number(child.attributes.get("count", "")) if count is None else count
    return Comments(url=page, count=count, feed_url=feed) if page or feed or count is not None else None


def rights(item: Item) -> str:
    """Give what an item or a head says of its rights, as plain text."""
    return plain_text(item.text("dc:rights", "atom:rights", "rss:copyright", "media:copyright"))


def license_url(item: Item) -> str:
    """Give the address of an item's or a head's license."""
    for child in links(item, "license"):
        return _joined(address(child), child.base)
    for child in item.all("creativeCommons:license", "cc:license"):
        if where := _joined(child.text or child.attributes.get("resource", ""), child.base):
            return where
    return ""


def source(item: Item) -> Origin | None:
    """Give the feed that an item names as its source."""
    for child in item.all("atom:source"):
        return _atom_source(child)
    for child in item.all("rss:source"):
        where = _joined(child.attributes.get("url", ""), child.base)
        if where or child.text.strip():
            return Origin(title=plain_text(child.text), feed_url=where)
    return None


def _atom_source(child: Child) -> Origin:
    inside = Item(children=child.parts)
    self_links = links(inside, "self")
    return Origin(
        id=inside.text("atom:id"),
        title=plain_title(next(iter(inside.all("atom:title")), None)),
        feed_url=_joined(address(self_links[0]), self_links[0].base) if self_links else "",
        site_url=link(inside),
        updated=updated(inside, ZoneInfo("UTC")),
        authors=people(inside),
        rights=rights(inside),
        license=license_url(inside),
    )
