"""An entry as the page shows it: its passage, its byline, its times in words. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from feedhub import markup, urls
from feedhub.errors import RenderError
from feedhub.model import Comments, Entry, Site
from feedhub.render import credit, dates, lineage, told
from feedhub.render.direction import direction_within, primary
from feedhub.render.types import feed_type

# Names of our own: strftime would give the operator's language, and other bytes on another machine.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)  # fmt: skip
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LOADING = ("audio", "embed", "iframe", "img", "object", "picture", "source", "track", "video")
_UNFIT = re.compile(rf"<(?:h[1-6]|{'|'.join(_LOADING)})\b", re.I)
_PASSAGE_LEVEL = 4  # the page is h1, a day h2, an article h3


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What to write, and where it leads."""

    text: str
    url: str = ""  # "" = leads nowhere
    type: str = ""  # media type
    title: str = ""  # of what stands there
    is_here: bool = False  # it is the page that it stands on


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An instant, for machines and for people."""

    machine: str  # RFC 3339, UTC
    text: str  # local


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry as the page shows it."""

    published_id: str
    title: str
    url: str
    passage: str  # HTML, credited
    site: Link  # the first publisher's
    feed: Link | None  # the publisher's, where others may know it
    publisher_language: str | None  # of its name and its rule; "" = unknown, None = the article's
    authors: tuple[Link, ...]
    via: tuple[Link, ...]  # who handed it on
    others: tuple[Link, ...]  # who else tells the news
    published: Moment
    is_dated: bool
    updated: Moment | None
    language: str  # "" = the page's
    is_english: bool  # so are our own words beside it
    direction: str  # "" = the page's
    categories: tuple[str, ...]
    comments: Link | None
    related: tuple[Link, ...]  # the pages that it is about
    rights: str  # the entry's, else its source's, else the rule that we were told
    rule: str  # the publisher's own words to us; "" = they are its rights already
    license: str


def article(
    entry: Entry, site: Site, *, others: told.Others, day: date, zone: ZoneInfo, language: str
) -> Article:
    """Gather what the page shows of an entry, and of the others that tell its story.

    Raises RenderError if its link is no web address.
    """
    if not urls.is_web(entry.url):
        raise RenderError(f"{entry.published_id}: its link is no web address", entry=entry.published_id)
    traced = lineage.lineage(entry, site)
    own, rule = lineage.language(entry, language), site.terms(entry).rule
    changed = entry.updated if entry.updated and entry.updated > entry.published else None
    return Article(
        published_id=entry.published_id,
        title=entry.title,
        url=entry.url,
        passage=_fitted(credit.summary(entry, site)),
        site=Link(text=traced.title, url=_web(traced.site_url) or urls.root(entry.url)),
        feed=_feed(_web(traced.feed_url)),
        publisher_language=_publisher_language(entry, site, own=own, page=language),
        authors=tuple(
            Link(text=person.name or person.email, url=_web(person.url)) for person in traced.authors
        ),
        via=tuple(Link(text=hop.title, url=_web(hop.url)) for hop in traced.via[:-1]),
        others=tuple(
            Link(text=each.publisher, url=_web(each.url), title=each.title)
            for each in told.tellings(others, site)
        ),
        published=moment(entry.published, zone, on=day),
        is_dated=entry.dated,
        updated=moment(changed, zone, on=day) if changed else None,
        language=own,
        direction=direction_within(own, language, is_known=bool(entry.language or entry.origin.language)),
        is_english=primary(own or language) == "en",
        categories=tuple(dict.fromkeys(category.label or category.term for category in entry.categories)),
        comments=_comments(entry.comments) if entry.comments else None,
        related=tuple(Link(text=urls.host(url), url=url) for url in entry.related if urls.is_web(url)),
        rights=traced.rights,
        rule=rule if rule != traced.rights else "",
        license=_web(traced.license),
    )


def _publisher_language(entry: Entry, site: Site, *, own: str, page: str) -> str | None:
    """Give the language of a publisher's name and rule where it is not the article's."""
    source = site.sources.get(entry.source)
    spoken = entry.origin.language or (source.language if source and not entry.origin.via else "")
    if not spoken:
        return "" if own else None
    return spoken if spoken.lower() != (own or page).lower() else None


def _feed(url: str) -> Link | None:
    return Link(text="feed", url=url, type=feed_type(url)) if url else None


def _comments(comments: Comments) -> Link | None:
    if not urls.is_web(comments.url):
        return None
    match comments.count:
        case None | 0:
            text = "Comments"
        case 1:
            text = "1 comment"
        case count:
            text = f"{count} comments"
    return Link(text=text, url=comments.url)


def _web(url: str) -> str:
    return url if urls.is_web(url) else ""


def _fitted(passage: str) -> str:
    """Fit a passage into the page: its headings below the article's, nothing from another host."""
    if not _UNFIT.search(passage):
        return passage
    tree = markup.fragment(passage)
    for element in list(tree.iter(*_LOADING)):
        element.drop_tree()
    headings = list(tree.iter(*_HEADINGS))
    if headings:
        down = _PASSAGE_LEVEL - min(int(heading.tag[1]) for heading in headings)
        for heading in headings:
            heading.tag = f"h{min(int(heading.tag[1]) + down, 6)}"
    return markup.inner(tree)


# ── Days and times ────────────────────────────────────────────────────────────────────────────────


def day_name(day: date) -> str:
    """Write a day as people say it: Sunday, 24 November 2024."""
    return f"{_DAYS[day.weekday()]}, {_date(day)}"


def _date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment(instant: datetime, zone: ZoneInfo, *, on: date | None = None) -> Moment:
    """Write an instant as local time; the date is left out on the day `on`."""
    local = instant.astimezone(zone)
    clock = f"{local:%H:%M}"
    text = clock if local.date() == on else f"{_date(local.date())}, {clock}"
    return Moment(machine=dates.rfc3339(instant), text=text)
