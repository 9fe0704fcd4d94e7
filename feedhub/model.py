"""The nouns: what the parts of FeedHub hand each other. Standard library only.

In all of them: URLs are absolute http(s), but for a source on disk (file:); datetimes are aware and in
UTC; HTML is already safe; absent text is "", absent collections are (); None means unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

Show = Literal["title", "summary", "full"]
Placement = Literal["first-passage", "top", "bottom", "none"]
Verdict = Literal["include", "feature", "hold", "drop"]


class Secret(str):
    """A text that came from the environment: wherever it is printed, logged or formatted it shows as ***.

    It is the text itself to whoever uses it as one; what is cut out of it is plain text again.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, form: str) -> str:
        return format("***", form)


# ── What config.toml says ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a publisher lets us quote."""

    show: Show = "summary"
    excerpt: int = 500  # characters (grapheme clusters) of the publisher's text in a summary
    credit: Placement = "first-passage"
    text: str = "{source}"  # what is linked to the article; {source} is the publisher's name
    pictures: bool = False  # may our pages show the publisher's pictures, from its own host
    rule: str = ""  # the publisher's own words
    license: str = ""  # URL


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed that we read: one [[sources]] table."""

    name: str  # slug; half of the key of each of its entries
    url: str = field(repr=False)  # http(s), or file: for a document on disk; may hold a secret: see is_secret
    title: str = ""  # what readers see; "" = as the feed calls itself
    groups: tuple[str, ...] = ()
    every: timedelta = timedelta(minutes=30)
    language: str = ""  # BCP 47; for entries that name none
    timezone: str = "UTC"  # IANA; for dates that name no zone
    terms: Terms = Terms()
    auth: str = field(default="", repr=False)  # "basic:NAME:PASSWORD" or "bearer:TOKEN"
    is_secret: bool = False  # its url came in part from the environment
    paused: bool = False
    public: bool = True  # named in subscriptions.opml

    @property
    def is_open(self) -> bool:
        """Tell whether others may learn its address: no secret in it, and no file of ours."""
        return not (self.auth or self.is_secret or self.url.startswith("file:"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """Which entries a feed takes: one of each kind that is named; nothing named = everything."""

    groups: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()  # compared without regard to case


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """What an entry must be for a rule to fit: all that is named, and of each list any."""

    title: tuple[str, ...] = ()  # globs
    text: tuple[str, ...] = ()  # globs over title, summary and content as plain text
    source: tuple[str, ...] = ()  # globs over the source's name
    group: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    host: tuple[str, ...] = ()  # of the article
    age: timedelta | None = None  # at least this old when we first saw it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a feed; the first that fits an entry decides."""

    when: When
    then: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What we publish: one [feeds.NAME] table."""

    name: str  # slug; its documents are /NAME.rss, .atom, .json and the page /NAME/
    title: str
    about: str = ""
    take: Take = Take()
    rules: tuple[Rule, ...] = ()
    limit: int = 50  # entries of the document to subscribe to, beyond the open day
    closes: timedelta = timedelta(hours=6)  # after its end, a day waits this long for late entries
    per_source: int | None = None  # entries of one source on one day; None = as many as come
    timezone: str = "UTC"  # IANA; decides what a day is
    language: str = ""  # BCP 47


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Who publishes, and where: what a document needs beside its edition."""

    title: str
    url: str  # the public address, without a slash at its end: every link we publish starts here
    timezone: str = "UTC"
    language: str = "en"
    contact: str = ""  # an e-mail or web address
    icon: str = ""  # URL
    feeds: tuple[Feed, ...] = ()  # in the order of config.toml; the first has the front page
    sources: Mapping[str, Source] = field(default_factory=dict)  # by name; also those that were removed

    def terms(self, entry: "Entry") -> Terms:
        """Give the terms on which an entry may be quoted."""
        source = self.sources.get(entry.source)
        return source.terms if source else Terms()

    def publisher(self, entry: "Entry") -> str:
        """Give the name of an entry's first publisher, as readers are to see it."""
        source = self.sources.get(entry.source)
        if source and source.title and not entry.origin.via:
            return source.title
        return entry.origin.title or entry.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What fetching may cost us and others: the [fetch] table."""

    at_once: int = 64  # transfers in flight
    per_host: int = 2  # of them at one host
    connect: timedelta = timedelta(seconds=5)
    first_byte: timedelta = timedelta(seconds=10)
    timeout: timedelta = timedelta(seconds=30)  # the whole answer, hops included
    pause: timedelta = timedelta(seconds=1)  # between two starts at one host
    max_size: int = 10_000_000  # bytes, decoded
    max_hops: int = 5
    private: tuple[str, ...] = ()  # "host:port" on our own network that may be read
    workers: int = 2  # processes that read documents
    cpu: timedelta = timedelta(seconds=10)  # for reading one document
    memory: int = 512_000_000  # bytes, for reading one document
    max_new: int = 500  # new entries of a source at one poll
    max_day: int = 2000  # and on one day
    proxy: str = field(default="", repr=False)
    user_agent: str = "FeedHub"


# ── What sources give ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An author; at least one of name and email is there.

    name   Atom name   RSS author, dc:creator   JSON Feed name
    """

    name: str = ""
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """The publisher's label on an entry.

    term   Atom term     RSS category            JSON Feed tags
    scheme Atom scheme   RSS category@domain
    """

    term: str
    scheme: str = ""
    label: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An entry's lead picture, at its publisher's host."""

    url: str
    width: int | None = None  # pixels
    height: int | None = None
    description: str = ""
    credit: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A namespaced element that is carried through as it came: podcast: and itunes:, from a list."""

    name: str  # prefix:local
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


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
    rights: str = ""
    license: str = ""  # URL
    icon: str = ""  # URL
    language: str = ""
    via: tuple["Origin", ...] = ()  # the feeds that handed the entry on, the one that we read first


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article, normalized.

    published_id   Atom id     RSS guid          JSON Feed id
    url            Atom link[alternate]  RSS link   JSON Feed url
    published      Atom published   RSS pubDate   JSON Feed date_published
    updated        Atom updated   RSS atom:updated   JSON Feed date_modified
    """

    source: str  # the name of the source that we read it in
    key: str  # within its source: the publisher's raw id, else its link
    published_id: str  # the id it has in what we publish: an absolute IRI, kept for ever
    url: str  # the article
    title: str  # plain text, never empty
    published: datetime
    dated: bool = True  # False: the publisher gave no date; published is when we first saw it
    updated: datetime | None = None  # None = not changed since it was published, as far as we know
    summary: str = ""  # HTML
    content: str = ""  # HTML; "" = the source gives no more than the summary
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: Image | None = None
    language: str = ""  # BCP 47
    comments: Comments | None = None
    rights: str = ""
    license: str = ""  # URL
    origin: Origin = Origin()
    more: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken:
    """An item of a document, or an entry of ours, that is not published, and why."""

    id: str = ""
    title: str = ""
    link: str = ""
    reason: str


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
    refused: tuple[NotTaken, ...] = ()


# ── Polling ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A conditional GET for a source."""

    source: str  # its name: tells whose answer it is
    url: str = field(repr=False)
    etag: str = ""  # exactly as the last answer gave it
    last_modified: str = ""
    auth: str = field(default="", repr=False)  # as in Source
    is_doubtful: bool = False  # its last visit failed: all such together get a quarter of the slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer with a body."""

    url: str  # where it came from in the end
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)  # of the last hop; names in lower case
    body: bytes = field(default=b"", repr=False)  # decoded
    moved: str = ""  # where a chain of nothing but permanent redirects ended; "" = it did not move


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The answer that nothing has changed: 304, or the body that we have seen already."""

    headers: Mapping[str, str] = field(default_factory=dict)
    moved: str = ""  # as in Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What we remember of a source between two polls."""

    source: str
    due: datetime  # not to be polled before
    leased: datetime | None = None  # since when it is being polled; the same for all that one tick leased
    etag: str = ""
    last_modified: str = ""
    digest: str = ""  # of the last body
    url: str = ""  # where it moved for good; "" = where config.toml says
    moving_to: str = ""  # where the last answer said that it moved, while that is not yet believed
    moves: int = 0  # answers in a row that said so
    ttl: timedelta | None = None  # as in Reading, of the last one
    skip_hours: tuple[int, ...] = ()  # as in Reading
    skip_days: tuple[int, ...] = ()  # as in Reading
    failures: int = 0  # in a row
    problem: str = ""  # the last failure, in words; "" after a success
    polled: datetime | None = None
    succeeded: datetime | None = None
    interval: timedelta | None = None  # between polls, as decided last
    reason: str = ""  # why it is that long, in words
    refused: tuple[NotTaken, ...] = ()  # at the last reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What saving a reading did: numbers of entries."""

    new: int = 0
    changed: int = 0


# ── Publishing ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An entry with what the store knows of it beside."""

    entry: Entry
    seen: datetime  # when it was first saved
    changed: datetime  # when what we publish of it last changed; at first the same as seen
    round: datetime  # when the poll that brought it was leased: the same for all of one round


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A feed on one civil day, or, without a day, the document to subscribe to."""

    feed: Feed
    id: str  # the feed's own id: urn:uuid, kept in the store
    day: date | None
    entries: tuple[Entry, ...]  # newest first
    updated: datetime  # the newest change in it; never the time of rendering
    closed: bool = False
    earlier: date | None = None  # the nearest days that have an edition
    later: date | None = None
    archive: date | None = None  # the newest closed day before this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the proof found wrong in a finished document."""

    reason: str
    entry: str = ""  # the published id; "" = the document itself
