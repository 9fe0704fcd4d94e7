"""What an item's children say: people, labels, dates, rights, source. Pure.

authors     Atom author        RSS author, dc:creator, itunes:author
categories  Atom category      RSS category, dc:subject
published   Atom published     RSS pubDate, dc:date, dcterms:created
updated     Atom updated       RSS atom:updated, dcterms:modified
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from feedhub import urls
from feedhub.model import Category, Origin, Person
from feedhub.read.carried import rsl_license, rsl_rights
from feedhub.read.clean import without_controls
from feedhub.read.dates import instant
from feedhub.read.items import Child, Item
from feedhub.read.language import language
from feedhub.read.links import address, first_of, joined, link, links
from feedhub.read.texts import plain_text, plain_title

_EMAIL = r"[^\s<>()@,;]+@[^\s<>()@,;]+"
_EMAIL_FIRST = re.compile(rf"(?:mailto:)?({_EMAIL})\s*(?:\((.*)\))?", re.S)
_NAME_FIRST = re.compile(rf"(.*?)\s*[<(]\s*(?:mailto:)?({_EMAIL})\s*[>)]", re.S)
_OF_A_PERSON = frozenset({"name", "email", "uri", "url"})
_PUBLISHED = (
    "rss:pubDate atom:published atom:issued atom:created dc:date dcterms:issued dcterms:created"
    " dcterms:date rss:date rss:published"
).split()
_UPDATED = "atom:updated atom:modified dcterms:modified rss:updated rss:lastBuildDate".split()
_LONGEST = 1000  # characters


def title(item: Item) -> str:
    """Give what an item or a head is called, as plain text."""
    names = ("rss:title", "atom:title", "media:title", "dc:title", "itunes:title")
    named = [child for name in names for child in item.all(name)]
    named += [part for group in item.all("media:group") for part in group.parts if part.name == "media:title"]
    return next(filter(None, map(plain_title, named)), "")


def people(item: Item) -> tuple[Person, ...]:
    """Give the authors that an item or a head names itself."""
    for name in ("atom:author", "dc:creator", "rss:author", "itunes:author", "rss:managingEditor"):
        if found := tuple(filter(None, map(_person, item.all(name)))):
            return found
    return tuple(filter(None, map(_person, item.all("dc:contributor"))))


def _person(child: Child) -> Person | None:
    given = {part.name.partition(":")[2]: part.text.strip() for part in reversed(child.parts)}
    if not given.keys() & _OF_A_PERSON:
        return person(child.text)
    where = given.get("uri") or given.get("url") or ""
    name, email = plain_text(given.get("name", "")), given.get("email", "")
    email = email if re.fullmatch(_EMAIL, email) else ""
    if not name and not email:
        name = where
    return Person(name=name, email=email, url=joined(where, child.base)) if name or email else None


def person(text: str) -> Person | None:
    """Take apart `Name`, `mail`, `mail (Name)` and `Name <mail>`."""
    text = plain_text(text)
    if len(text) > _LONGEST:
        return Person(name=text)
    if "@" not in text:
        return Person(name=text) if text else None
    if match := _EMAIL_FIRST.fullmatch(text):
        return Person(name=(match[2] or "").strip(), email=match[1])
    if match := _NAME_FIRST.fullmatch(text):
        return Person(name=match[1].strip(' "'), email=match[2])
    return Person(name=text)


def categories(item: Item) -> tuple[Category, ...]:
    """Give the publisher's labels in their order."""
    found = []
    for child in item.all("rss:category", "atom:category", "dc:subject"):
        attributes = child.attributes
        if not attributes:
            if term := plain_text(child.text):
                found.append(Category(term=term))
            continue
        label = plain_text(attributes.get("label", ""))
        term = plain_text(attributes.get("term", "")) or plain_text(child.text) or label
        scheme = attributes.get("scheme") or attributes.get("domain") or ""
        if term:
            found.append(Category(term=term, scheme=without_controls(scheme).strip(), label=label))
    return tuple(found)


def published(item: Item, zone: ZoneInfo) -> datetime | None:
    """Give when the publisher says that an item was published."""
    return _first_date(item, _PUBLISHED, zone)


def updated(item: Item, zone: ZoneInfo) -> datetime | None:
    """Give when the publisher says that an item, or a document, was changed."""
    return _first_date(item, _UPDATED, zone)


def _first_date(item: Item, names: list[str], zone: ZoneInfo) -> datetime | None:
    for name in names:
        if (text := item.text(name)) and (found := instant(text, zone)):
            return found
    return None


def rights(item: Item) -> str:
    """Give what an item or a head says of its rights, as plain text."""
    named = plain_text(item.text("dc:rights", "atom:rights", "rss:copyright", "media:copyright"))
    return named or rsl_rights(item)


def license_url(item: Item) -> str:
    """Give the address of an item's or a head's license."""
    if where := first_of(item, "license"):
        return where
    named = item.all("creativeCommons:license", "cc:license")
    found = (joined(child.text or child.attributes.get("resource", ""), child.base) for child in named)
    return next(filter(None, found), "") or rsl_license(item)


def origin(head: Item, zone: ZoneInfo) -> Origin:
    """Give what a document's head, or an Atom source, tells of the feed that it is of."""
    return Origin(
        id=head.text("atom:id"),
        title=title(head),
        feed_url=first_of(head, "self"),
        site_url=link(head),
        updated=updated(head, zone) or published(head, zone),
        authors=people(head),
        categories=tuple(dict.fromkeys(categories(head))),
        rights=rights(head),
        license=license_url(head),
        icon=_icon(head),
        language=language(head.text("rss:language", "dc:language") or head.language),
    )


def _icon(head: Item) -> str:
    pictures = [part for child in head.all("rss:image") for part in child.parts if part.name == "rss:url"]
    named = (*head.all("atom:icon"), *head.all("atom:logo"), *pictures)
    return next(filter(None, (joined(child.text, child.base) for child in named)), "")


def source(item: Item, zone: ZoneInfo) -> Origin | None:
    """Give the feed that an item names as its source, with the hops before as its `via`."""
    hops = [
        Origin(
            title=plain_text(child.attributes.get("title", "")), site_url=joined(address(child), child.base)
        )
        for child in links(item, "via")
    ]
    for child in item.all("atom:source"):
        return with_hops(origin(Item(base=child.base, children=child.parts), zone), hops)
    for child in item.all("rss:source"):
        named = Origin(
            title=plain_text(child.text), feed_url=joined(child.attributes.get("url", ""), child.base)
        )
        if named.title or named.feed_url:
            return with_hops(named, hops)
    return None


def with_hops(named: Origin, hops: Sequence[Origin]) -> Origin:
    """Add the hops of an entry that was handed on, nearest first; the last is its publisher's own page."""
    if hops and hops[-1].title == named.title:
        named = replace(named, site_url=named.site_url or hops[-1].site_url)
    page = urls.canonical(named.site_url)
    return replace(named, via=tuple(hop for hop in hops if urls.canonical(hop.site_url) not in ("", page)))
