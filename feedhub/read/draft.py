"""What a document says of an item, and the entry that follows from it. Pure.

Every format is read into a Draft; what is decided alike for all of them is decided here.
"""

import hashlib
import html
import re
from dataclasses import dataclass, replace
from datetime import datetime

from feedhub import markup, urls
from feedhub.model import (
    Category,
    Comments,
    Element,
    Enclosure,
    Entry,
    Image,
    NotTaken,
    Origin,
    Person,
    Source,
)
from feedhub.read.clean import clean, without_controls

_KEY_LENGTH = 500  # characters
_TITLE_WORDS = 12  # of an untitled entry's text
_IMAGE = re.compile(r'<img [^>]*?src="([^"]+)"')


@dataclass(slots=True, kw_only=True)
class Text:
    """A piece of HTML as it came, and what the relative addresses in it resolve against."""

    html: str = ""
    base: str = ""


@dataclass(slots=True, kw_only=True)
class Draft:
    """An item as its document has it; addresses may be relative, HTML unsafe."""

    id: str = ""
    is_permalink: bool = False  # the id may stand for the link
    link: str = ""
    base: str = ""
    title: str = ""  # plain text
    published: datetime | None = None
    updated: datetime | None = None
    summary: Text
    content: Text
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: Image | None = None
    language: str = ""
    comments: Comments | None = None
    rights: str = ""
    license: str = ""
    origin: Origin | None = None  # what the item itself names as its source
    more: tuple[Element, ...] = ()


def entry(
    draft: Draft, *, source: Source, origin: Origin, minted_from: str, now: datetime
) -> Entry | NotTaken:
    """Make an entry of a draft, or say why there can be none.

    `origin` is the source's own; `published` and `updated` are as the publisher gave them, also where
    they lie in the future: the store knows when the entry was first seen, and holds them to that.
    """
    raw_id = without_controls(draft.id).strip()
    link = _link(draft)
    title = " ".join(without_controls(draft.title).split())
    if not link:
        return NotTaken(id=raw_id, title=title, link=draft.link, reason="it has no link to an article")
    summary = clean(draft.summary.html, base=draft.summary.base, article=link)
    content = clean(draft.content.html, base=draft.content.base, article=link)
    if not summary:
        summary, content = content, ""
    if content == summary:
        content = ""
    key = _short(raw_id or link)
    published = draft.published or draft.updated
    return Entry(
        source=source.name,
        key=key,
        published_id=key if key == raw_id and urls.is_iri(raw_id) else urls.minted(minted_from, key),
        url=link,
        title=title or _first_words(summary) or link,
        published=published or now,
        dated=published is not None,
        updated=draft.updated,
        summary=summary,
        content=content,
        authors=tuple(person for person in draft.authors if person.name or person.email),
        categories=tuple(dict.fromkeys(draft.categories)),
        enclosures=_absolute_enclosures(draft),
        image=_image(draft, content or summary, link),
        language=draft.language or source.language or origin.language,
        comments=_absolute_comments(draft),
        rights=draft.rights,
        license=urls.absolute(draft.license, draft.base),
        origin=_origin(draft.origin, origin),
        more=draft.more,
    )


def _short(key: str) -> str:
    """Keep a key to what every database can index."""
    if len(key) <= _KEY_LENGTH:
        return key
    return key[:200] + " " + hashlib.sha256(key.encode()).hexdigest()


def _link(draft: Draft) -> str:
    """Give the article's address: the item's own link, else its id, else its first enclosure."""
    candidates = [draft.link]
    if draft.is_permalink or urls.is_web(draft.id.strip()):
        candidates.append(draft.id)
    candidates += [enclosure.url for enclosure in draft.enclosures[:1]]
    absolute = (urls.absolute(without_controls(candidate), draft.base) for candidate in candidates)
    return urls.without_tracking(next(filter(None, absolute), ""))


def _first_words(text: str) -> str:
    words = markup.plain(text).split()
    return " ".join(words[:_TITLE_WORDS])[:200] + (" …" if len(words) > _TITLE_WORDS else "")


def _absolute_enclosures(draft: Draft) -> tuple[Enclosure, ...]:
    found: dict[str, Enclosure] = {}
    for enclosure in draft.enclosures:
        if address := urls.absolute(enclosure.url, draft.base):
            found.setdefault(address, replace(enclosure, url=address))
    return tuple(found.values())


def _image(draft: Draft, text: str, link: str) -> Image | None:
    if draft.image and (address := urls.absolute(draft.image.url, draft.base)):
        return replace(draft.image, url=address)
    for enclosure in draft.enclosures:
        if enclosure.type.startswith("image/") and (address := urls.absolute(enclosure.url, draft.base)):
            return Image(url=address)
    if (match := _IMAGE.search(text)) and (address := urls.absolute(html.unescape(match[1]), link)):
        return Image(url=address)
    return None


def _absolute_comments(draft: Draft) -> Comments | None:
    if draft.comments is None:
        return None
    comments = replace(
        draft.comments,
        url=urls.absolute(draft.comments.url, draft.base),
        feed_url=urls.absolute(draft.comments.feed_url, draft.base),
    )
    return comments if comments.url or comments.feed_url or comments.count is not None else None


def _origin(named: Origin | None, own: Origin) -> Origin:
    """Give the first publisher: what the item names as its source, unless that is the source itself."""
    if named is None or _is_same(named, own):
        return own
    return replace(named, via=(own, *named.via))


def _is_same(named: Origin, own: Origin) -> bool:
    if named.id and named.id == own.id:
        return True
    addresses = {urls.canonical(own.feed_url), urls.canonical(own.site_url)} - {""}
    given = {urls.canonical(named.feed_url), urls.canonical(named.site_url)} - {""}
    if given:
        return bool(addresses & given)
    return not named.title or named.title.casefold() == own.title.casefold()
