"""What a document says of an item, and the entry that follows from it. Pure.

Every format is read into a Draft; what is decided alike for all of them is decided here.
"""

import hashlib
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from feedhub import markup, text, urls
from feedhub.model import (
    MOST_REFUSED,
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
from feedhub.read.bounds import LONGEST_LINK, bounded, bounded_refusal
from feedhub.read.clean import clean, without_controls
from feedhub.read.language import language
from feedhub.read.marks import marks
from feedhub.read.origin import handed_on
from feedhub.read.redirectors import unwrapped
from feedhub.read.texts import folded

_KEY_LENGTH = 500  # characters
_TITLE_LENGTH = 80  # characters, of what stands for a title that is missing
_IMAGE = re.compile(r'<img(?: (?!src=)[a-z]+="[^"]*")*+ src="([^"]+)"')  # another's value may read like it


@dataclass(slots=True, kw_only=True)
class Text:
    """A piece of HTML as it came, and what the relative addresses in it resolve against."""

    html: str = ""
    base: str = ""


@dataclass(slots=True, kw_only=True)
class Draft:
    """An item as its document has it; addresses may be relative, HTML unsafe."""

    id: str = ""
    link: str = ""
    instead: str = ""  # what it may link to where it has neither a link nor an id that is a URL
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
    related: tuple[str, ...] = ()
    rights: str = ""
    license: str = ""
    origin: Origin | None = None  # what the item itself names as its source
    more: tuple[Element, ...] = ()


def entries(
    drafts: Iterable[Draft], *, source: Source, origin: Origin, minted_from: str, now: datetime
) -> list[Entry | NotTaken]:
    """Make an entry of each draft; of what cannot be one it gives why.

    `origin` is the source's own, of a bearable length; `published` and `updated` are as the publisher gave
    them, also where they lie in the future: the store knows when the entry was first seen, and holds them to
    that.
    """
    made: list[Entry | NotTaken] = []
    for draft in drafts:
        link = _link(draft)
        if link and len(link) <= LONGEST_LINK:
            entry = _entry(draft, link, source=source, origin=origin, minted_from=minted_from, now=now)
            made.append(bounded(entry, origin))
        else:
            made.append(_not_taken(draft, link))
    return made


def taken(made: Iterable[Entry | NotTaken]) -> tuple[Entry, ...]:
    """Give the entries of what has been made."""
    return tuple(one for one in made if isinstance(one, Entry))


def refused(made: Iterable[Entry | NotTaken]) -> tuple[NotTaken, ...]:
    """Give those that are no entries, as many as the operator is told of."""
    return tuple(islice((one for one in made if isinstance(one, NotTaken)), MOST_REFUSED))


def _not_taken(draft: Draft, link: str) -> NotTaken:
    is_long = f"its link is longer than {LONGEST_LINK} characters"
    told = NotTaken(
        id=_raw_id(draft),
        title=_title(draft),
        link=without_controls(draft.link),
        reason=is_long if link else "it has no link to an article",
    )
    return bounded_refusal(told)


def _entry(
    draft: Draft, link: str, *, source: Source, origin: Origin, minted_from: str, now: datetime
) -> Entry:
    raw_id = _raw_id(draft)
    key = _short(raw_id or link)
    summary, content = _texts(draft, link)
    read = marks(content or summary, article=link, is_signed=bool(draft.authors or origin.authors))
    shown = read if not content else marks(summary, article=link, is_signed=True)
    if shown.text != summary:
        summary, content = shown.text, content or summary
    published = draft.published or draft.updated
    return Entry(
        source=source.name,
        key=key,
        published_id=key if key == raw_id and urls.is_iri(raw_id) else urls.minted(minted_from, key),
        url=link,
        title=_title(draft) or _first_words(summary) or _first_words(content) or link,
        published=published or now,
        dated=published is not None,
        updated=draft.updated,
        summary=summary,
        content=content,
        authors=draft.authors or ((read.author,) if read.author else ()),
        categories=tuple(dict.fromkeys(draft.categories)),
        enclosures=_absolute_enclosures(draft),
        image=_image(draft, content or summary),
        language=language(draft.language) or source.language or origin.language,
        comments=_absolute_comments(draft),
        related=_related(draft, link),
        rights=draft.rights or ("" if origin.rights else read.notice),
        license=urls.absolute(draft.license, draft.base),
        origin=handed_on(draft.origin, origin, source),
        more=draft.more,
    )


def _raw_id(draft: Draft) -> str:
    return without_controls(draft.id).strip()


def _title(draft: Draft) -> str:
    return folded(draft.title)


def _texts(draft: Draft, link: str) -> tuple[str, str]:
    """Give the safe summary and content; a text that stands alone is the summary."""
    summary = clean(draft.summary.html, base=draft.summary.base, article=link)
    content = clean(draft.content.html, base=draft.content.base, article=link)
    if not summary or content == summary:
        return summary or content, ""
    return summary, content


def _short(key: str) -> str:
    """Keep a key to what every database can index."""
    if len(key) <= _KEY_LENGTH:
        return key
    return key[:200] + " " + hashlib.sha256(key.encode()).hexdigest()


def _link(draft: Draft) -> str:
    """Give the article's address: the item's own link, else its id if that is a URL, else a file's."""
    resolved = urls.absolute(without_controls(draft.link), draft.base)
    link = resolved or urls.absolute(_raw_id(draft)) or urls.absolute(draft.instead, draft.base)
    return urls.without_tracking(unwrapped(link))


def _first_words(piece: str) -> str:
    return text.shorten(folded(markup.plain(piece)), _TITLE_LENGTH)


def _absolute_enclosures(draft: Draft) -> tuple[Enclosure, ...]:
    found: dict[str, Enclosure] = {}
    for enclosure in draft.enclosures:
        if address := urls.absolute(enclosure.url, draft.base):
            found.setdefault(address, replace(enclosure, url=address))
    return tuple(found.values())


def _image(draft: Draft, body: str) -> Image | None:
    """Give the picture that the item names, else the first among its files, else the first of its text."""
    if draft.image and (address := urls.absolute(draft.image.url, draft.base)):
        return replace(draft.image, url=address)
    for enclosure in draft.enclosures:
        if enclosure.type.startswith("image/") and (address := urls.absolute(enclosure.url, draft.base)):
            return Image(url=address)
    if shown := _IMAGE.search(body):
        return Image(url=html.unescape(shown[1]))
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


def _related(draft: Draft, link: str) -> tuple[str, ...]:
    """Give the other pages that the item is about; its own is none of them."""
    found = [urls.without_tracking(unwrapped(urls.absolute(url, draft.base))) for url in draft.related]
    own = urls.canonical(link)
    return tuple(dict.fromkeys(url for url in found if url and urls.canonical(url) != own))
