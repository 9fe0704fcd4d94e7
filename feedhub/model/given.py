"""What sources give: entries, and where each comes from."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from feedhub.model.handed import handed_on


@handed_on
@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An author; at least one of name and email is there.

    name   Atom name   RSS author, dc:creator   JSON Feed name
    """

    name: str = ""
    email: str = ""
    url: str = ""


@handed_on
@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """The publisher's label on an entry.

    term   Atom term     RSS category            JSON Feed tags
    scheme Atom scheme   RSS category@domain
    """

    term: str
    scheme: str = ""
    label: str = ""


@handed_on
@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that belongs to an entry.

    url    Atom link[enclosure]   RSS enclosure, media:content   JSON Feed attachments
    """

    url: str
    type: str = ""  # media type
    length: int | None = None  # bytes; None = the publisher did not say
    duration: int | None = None  # seconds
    title: str = ""


@handed_on
@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An entry's lead picture, at its publisher's host."""

    url: str
    width: int | None = None  # pixels
    height: int | None = None
    description: str = ""
    credit: str = ""


@handed_on
@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """Where an article is discussed.

    url      RSS comments        Atom link[replies] type text/html
    count    slash:comments      thr:total, thr:count
    feed_url wfw:commentRss      Atom link[replies] of a feed type
    """

    url: str = ""
    count: int | None = None
    feed_url: str = ""


@handed_on
@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A namespaced element that is carried through as it came: podcast: and itunes:, from a list; rsl:."""

    name: str  # prefix:local
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    parts: tuple["Element", ...] = ()  # in rsl: alone


@handed_on
@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an entry was first published, as it was when the entry was read.

    id        Atom source/id       without one: its self link, else the address that we poll
    title     Atom source/title    RSS source
    feed_url  Atom source/link[self]   RSS source@url   "" = not for others to know
    site_url  Atom source/link[alternate]   RSS channel/link
    """

    id: str = ""
    title: str = ""  # plain text
    feed_url: str = ""
    site_url: str = ""
    updated: datetime | None = None
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    rights: str = ""
    license: str = ""  # URL
    icon: str = ""  # URL
    language: str = ""
    via: tuple["Origin", ...] = ()  # the feeds that handed the entry on, the one that we read first


@handed_on
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article, normalized.

    published_id   Atom id     RSS guid          JSON Feed id
    url            Atom link[alternate]  RSS link   JSON Feed url
    published      Atom published   RSS pubDate   JSON Feed date_published
    updated        Atom updated   RSS atom:updated   JSON Feed date_modified
    related        Atom link[related]   RSS atom:link[related]   JSON Feed external_url, the first
    """

    source: str  # the name of the source that we read it in
    key: str  # within its source: the publisher's raw id, else its link
    published_id: str  # the id it has in what we publish: an absolute IRI, kept for ever
    url: str  # the article
    title: str  # plain text, never empty
    published: datetime
    dated: bool = True  # False: the publisher gave none, or one to come; published is when we first saw it
    updated: datetime | None = None  # None = not changed since it was published, as far as we know
    summary: str = ""  # HTML
    content: str = ""  # HTML; "" = the source gives no more than the summary
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: Image | None = None
    language: str = ""  # BCP 47
    comments: Comments | None = None
    related: tuple[str, ...] = ()  # URLs of the pages that it is about, where it tells of another's article
    rights: str = ""
    license: str = ""  # URL
    origin: Origin = Origin()
    more: tuple[Element, ...] = ()


MOST_REFUSED = 100  # items of a document that the operator is told of


@handed_on
@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken:
    """An item of a document, or an entry of ours, that is not published, and why."""

    id: str = ""
    title: str = ""
    link: str = ""
    reason: str


@handed_on
@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one poll of a source gave."""

    origin: Origin
    entries: tuple[Entry, ...] = ()  # as they stand in the document; keys as the publisher gave them
    minted_from: str = ""  # the address that ids are minted from, for entries without a valid one
    ttl: timedelta | None = None  # how long the publisher says that it stays good: ttl, sy:updatePeriod
    skip_hours: tuple[int, ...] = ()  # 0 to 23, GMT
    skip_days: tuple[int, ...] = ()  # 0 = Monday, GMT
    hub: str = ""  # WebSub
    self_url: str = ""
    refused: tuple[NotTaken, ...] = ()  # MOST_REFUSED at most
    seen: str = ""  # by what its items are known again when they need not be read anew; "" = by nothing
    passed: int = 0  # items that were known, and are not among the entries
