"""Where an item points: its article, its id, its files, its discussion, what it is about. Pure.

link       the first of RSS link, Atom link[alternate]   and before it FeedBurner's origLink
identity   RSS guid, RDF about, Atom id
files      RSS enclosure, Atom link[enclosure], media:content
"""

import re

from feedhub import urls
from feedhub.model import Comments, Enclosure, Image
from feedhub.read import redirectors
from feedhub.read.clean import without_controls
from feedhub.read.items import Child, Item
from feedhub.read.texts import number, plain_text, without_wrapping

_FEED_TYPES = re.compile(r"application/(?:(?:rss|atom|rdf|feed)\+\w+|xml)|text/xml", re.I)
_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
_MEDIA_TYPE = re.compile(r"[a-z0-9][\w!#$&^.+-]*/[a-z0-9][\w!#$&^.+-]*", re.ASCII)
_HOST_ALONE = re.compile(r"www\.[\w-]+\.[\w.-]+(?=[/?#]|$)", re.I)  # no one means a path by it
_AMPERSAND = re.compile(r"&(?:amp|#0*38);")
_DEEP = re.compile(r"https?://[^/?#]+/[^/?#]+/[^?#]+")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:\?|$)", re.I)


def link(item: Item) -> str:
    """Give the address of the item's first alternate, or the original where that is a redirector's."""
    for child in item.all("feedburner:origLink"):
        if where := urls.absolute(child.text):
            return where
    found = _alternate(item)
    if redirectors.is_opaque(found) and (permalink := _permalink(item)):
        return permalink
    return found


def _permalink(item: Item) -> str:
    """Give the guid where it is the article's own address.

    Redirectors have been seen to call it none, so as not to be passed by: a path of its own tells it then.
    """
    for child in item.all("rss:guid"):
        told = {name.lower(): value.strip().lower() for name, value in child.attributes.items()}
        where = urls.absolute(child.text)
        is_page = told.get("ispermalink", "true") != "false" or bool(_DEEP.fullmatch(where))
        if where and is_page and not redirectors.is_opaque(where):
            return where
    return ""


def _alternate(item: Item) -> str:
    """Give where RSS's own link points, else Atom's first that is a page."""
    for child in item.all("rss:link"):
        attributes = child.attributes
        text = without_wrapping(child.text) or attributes.get("href") or attributes.get("resource") or ""
        if where := joined(_with_scheme(text), child.base):
            return where
    alternates = links(item, "alternate")
    pages = [child for child in alternates if kind(child) in _PAGE_TYPES]
    return next(filter(None, (joined(address(child), child.base) for child in pages or alternates)), "")


def _with_scheme(text: str) -> str:
    return f"https://{text}" if _HOST_ALONE.match(text) else text


def links(item: Item, relation: str) -> list[Child]:
    """Give the Atom links of a relation that have an address."""
    return [
        child
        for child in item.all("atom:link")
        if address(child) and _relation(child.attributes.get("rel")) == relation
    ]


def first_of(item: Item, relation: str) -> str:
    """Give where the first Atom link of a relation points."""
    return next((joined(address(child), child.base) for child in links(item, relation)), "")


def _relation(rel: str | None) -> str:
    rel = (rel or "").strip().lower() or "alternate"
    return rel.removeprefix("http://www.iana.org/assignments/relation/")


def kind(child: Child) -> str:
    """Give the media type that an element names, without its parameters."""
    return child.attributes.get("type", "").partition(";")[0].strip().lower()


def media_type(told: str) -> str:
    """Give a media type as it is told; "" where it is none (RFC 6838), but an ending, or what it is for."""
    told = told.partition(";")[0].strip().lower()
    return told if _MEDIA_TYPE.fullmatch(told) else ""


def address(child: Child) -> str:
    """Give where an Atom link points, as it stands there."""
    return (child.attributes.get("href") or child.text).strip()


def joined(reference: str, base: str) -> str:
    """Resolve an address, also one that was escaped once too often; "" for what is none on the web."""
    reference = without_controls(reference)
    return urls.absolute(_AMPERSAND.sub("&", reference) if "&" in reference else reference, base)


def identity(item: Item) -> str:
    """Give an item's raw id."""
    return item.text("rss:guid") or item.about or item.text("atom:id", "rss:id", "dc:identifier")


def enclosures(item: Item) -> tuple[Enclosure, ...]:
    """Give the files of an item: enclosures, and media that are no pictures."""
    found = []
    for child in (*item.all("rss:enclosure"), *links(item, "enclosure"), *_media(item, "media:content")):
        attributes = child.attributes
        where = _target(child)
        if not where or (child.name == "media:content" and _is_picture(child)):
            continue
        found.append(
            Enclosure(
                url=where,
                type=media_type(kind(child)),
                length=number(attributes.get("length") or attributes.get("fileSize") or "") or None,
                duration=number(attributes.get("duration", "")),
                title=plain_text(attributes.get("title", "")),
            )
        )
    return tuple(found)


def image(item: Item) -> Image | None:
    """Give the picture that an item names as its own."""
    pictures = [child for child in _media(item, "media:content") if _is_picture(child)]
    for child in (*pictures, *_media(item, "media:thumbnail"), *item.all("itunes:image")):
        if where := _target(child):
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
    if type_ := media_type(kind(child)):
        return type_.startswith("image/")
    return bool(_PICTURE.search(child.attributes.get("url", "")))


def comments(item: Item) -> Comments | None:
    """Give where an item is discussed."""
    page = next((joined(child.text, child.base) for child in item.all("rss:comments")), "")
    feed = next(
        (joined(child.text, child.base) for child in item.all("wfw:commentRss", "wfw:commentRSS")), ""
    )
    count = number(item.text("slash:comments", "thr:total"))
    for child in links(item, "replies"):
        where = joined(address(child), child.base)
        if _FEED_TYPES.fullmatch(kind(child)):
            feed = feed or where
        else:
            page = page or where
        count = number(child.attributes.get("count", "")) if count is None else count
    return Comments(url=page, count=count, feed_url=feed) if page or feed or count is not None else None


def instead(item: Item, *, is_named: bool) -> str:
    """Give what an item may link to that has no link: its first enclosure.

    Where the item is named at least by a title or an id, the address of its text (RFC 4287, 4.1.3.2) or of
    its first medium will do.
    """
    places = [_target(child) for child in (*item.all("rss:enclosure"), *links(item, "enclosure"))]
    if is_named:
        texts = (joined(child.attributes.get("src", ""), child.base) for child in item.all("atom:content"))
        media = (_target(child) for child in _media(item, "media:content") if not _is_picture(child))
        places += [*texts, *media]
    return next(filter(None, places), "")


def _target(child: Child) -> str:
    told = address(child) if child.name == "atom:link" else child.attributes.get("href", "")
    return joined(child.attributes.get("url") or told, child.base)


def related(item: Item) -> tuple[str, ...]:
    """Give the pages that an item says it is about, beside its own article."""
    found = dict.fromkeys(joined(address(child), child.base) for child in links(item, "related"))
    return tuple(where for where in found if where)
