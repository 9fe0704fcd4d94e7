"""What config.toml says: the site, its sources on their terms, its feeds with their rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from feedhub.model.given import Entry

Show = Literal["title", "summary", "full"]
Placement = Literal["first-passage", "top", "bottom", "none"]
Grouping = Literal["none", "story"]
Verdict = Literal["include", "feature", "hold", "drop"]
Mode = Literal["automatic", "curated"]
Order = Literal["time", "featured"]


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
class Section:
    """A part of a feed's page under a heading of its own."""

    title: str
    take: Take  # which of the feed's entries stand in it
    language: str = ""  # BCP 47; of the title, where it is not the feed's


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """What an entry must be for a rule to fit: all that is named, and of each list any."""

    # Of all texts: words, globs and expressions, as `text.patterns` has them.
    title: tuple[str, ...] = ()
    text: tuple[str, ...] = ()  # title, summary and content as plain text
    source: tuple[str, ...] = ()  # the source's name
    group: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    host: tuple[str, ...] = ()  # of the article
    age: timedelta | None = None  # at least this old when we first saw it
    image: bool | None = None  # whether it has a picture
    words: int | None = None  # at least so many in what its publisher gives of the text
    any: tuple["When", ...] = ()  # one of these
    all: tuple["When", ...] = ()  # each of these
    not_: "When | None" = None  # and not this


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
    mode: Mode = "automatic"  # all that no rule or editor keeps out; or only what one of them includes
    limit: int = 50  # entries of the document to subscribe to, beyond the open day
    closes: timedelta = timedelta(hours=6)  # after its end, a day waits this long for late entries
    per_source: int | None = None  # entries of one source on one day; None = as many as come
    share: float | None = None  # the part of a day's entries that one source may have; None = all of them
    order: Order = "time"  # newest first; or before that what leads and what is featured
    group: Grouping = "none"  # "story": the same news from several sources is told once
    timezone: str = "UTC"  # IANA; decides what a day is
    language: str = ""  # BCP 47
    sections: tuple[Section, ...] = ()  # of the page; the first that takes an entry has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Who publishes, and where: what a document needs beside its edition."""

    title: str
    url: str  # the public address, without a slash at its end: every link we publish starts here
    timezone: str = "UTC"
    language: str = "en"
    contact: str = ""  # an e-mail or web address
    icon: str = ""  # URL
    search: bool = True  # may readers search what is published
    security: str = ""  # an e-mail or web address for reports of weaknesses
    theme_files: tuple[
        tuple[str, str], ...
    ] = ()  # names and texts of files that stand in place of our pages' own
    feeds: tuple[Feed, ...] = ()  # in the order of config.toml; the first has the front page
    sources: Mapping[str, Source] = field(default_factory=dict)  # by name; also those that were removed

    def terms(self, entry: Entry) -> Terms:
        """Give the terms on which an entry may be quoted."""
        source = self.sources.get(entry.source)
        return source.terms if source else Terms()

    def publisher(self, entry: Entry) -> str:
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
