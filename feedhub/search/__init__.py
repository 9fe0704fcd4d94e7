"""SHELL: a question to an edition of what is published, rendered and proofed like any other."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from feedhub.curate.day import starts
from feedhub.curate.order import newest_first
from feedhub.errors import RenderError
from feedhub.model import Edition, Entry, Fault, Site
from feedhub.publish.theming import blamed, reasons, unthemed
from feedhub.render import FORMATS, addresses
from feedhub.render.found import Asked, found_page
from feedhub.render.interface import interface
from feedhub.render.proof import proof
from feedhub.render.remembered import forget
from feedhub.search.marking import cutter
from feedhub.store import Store
from feedhub.store.tokens import terms

_MOST = 30  # entries: each is rendered when somebody asks
_LONGEST = 200  # characters of a question
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # when nothing was found that could have changed
_DAY = timedelta(days=1)
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(8999, 12, 31)
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # in XML 1.0, or of no use


def search(store: Store, site: Site, said: Mapping[str, str], format: str) -> bytes | None:  # noqa: A002
    """Answer a question in a format or as a "page": `q`, and `feed`, `from` and `to`, which narrow it.

    None: it names a feed or a day that there is not. Raises StoreError, and RenderError for what may not be
    shown.
    """
    asked = _asked(site, said)
    if asked is None:
        return None
    edition = _edition(store, site, asked)
    site = _with_sources_of(edition, site, store)
    try:
        while True:
            document, faults = _made(edition, site, asked, format)
            if not faults:
                return document
            failing = {fault.entry for fault in faults}
            left = tuple(entry for entry in edition.entries if entry.published_id not in failing)
            if len(left) == len(edition.entries):
                raise RenderError(reasons(faults))
            edition = replace(edition, entries=left)
    finally:
        forget()


def _with_sources_of(edition: Edition, site: Site, store: Store) -> Site:
    """Add the sources that config.toml no longer has, whose terms still hold for what is found."""
    missing = {entry.source for entry in edition.entries} - site.sources.keys()
    return replace(site, sources={**store.polling.sources(missing), **site.sources}) if missing else site


def _made(edition: Edition, site: Site, asked: Asked, format_: str) -> tuple[bytes, list[Fault]]:
    """Render it, and read it back; gives also what is wrong. Raises RenderError for what a theme spoils."""

    def find(made: Edition, drawn: Site) -> list[Fault]:
        return _attempt(made, drawn, asked, format_)[1]

    document, faults = _attempt(edition, site, asked, format_)
    if not (faults and site.theme_files and format_ == "page"):
        return document, faults
    own = find(edition, unthemed(edition, site))
    if not own:
        raise RenderError(f"site.theme: {blamed(faults, edition, site, find).reason}")
    return document, own


def _attempt(edition: Edition, site: Site, asked: Asked, format_: str) -> tuple[bytes, list[Fault]]:
    try:
        document = (
            found_page(edition, site, asked, cutter(asked.words))
            if format_ == "page"
            else FORMATS[format_](edition, site)
        )
    except RenderError as error:
        return b"", [Fault(reason=str(error), entry=error.entry, template=error.template)]
    return document, proof(format_, document, edition, site)


def _asked(site: Site, said: Mapping[str, str]) -> Asked | None:
    feeds = {feed.name: feed for feed in site.feeds}
    name = said.get("feed", "")
    try:
        return Asked(
            words=" ".join(_FORBIDDEN.sub(" ", said.get("q", "")[:_LONGEST]).split()),
            feed=feeds[name] if name else None,
            since=_day(said.get("from", "")),
            until=_day(said.get("to", "")),
        )
    except (KeyError, ValueError):
        return None


def _day(written: str) -> date | None:
    """Read a day; one that is too far away to be counted with is the last that is not."""
    return min(max(date.fromisoformat(written), _FIRST_DAY), _LAST_DAY) if written else None


def _edition(store: Store, site: Site, asked: Asked) -> Edition:
    around = asked.feed or site.feeds[0]
    found = store.searching.search(
        asked.words,
        feed=asked.feed.name if asked.feed else "",
        since=starts(asked.since, around.timezone) if asked.since else None,
        until=starts(asked.until + _DAY, around.timezone) if asked.until else None,
        most=_MOST,
    )
    text = interface(around.language or site.language).text
    name = f"{addresses.SEARCH[1:]}?{_query(asked)}" if asked.words else addresses.SEARCH[1:]
    title = text("Search: %(words)s", words=_Plain(asked.words)) if asked.words else text("Search")
    is_answerable = not asked.words or any(not term.is_barred for term in terms(asked.words))
    about = "" if is_answerable else str(text("A word to look for is missing."))
    return Edition(
        feed=replace(around, name=name, title=str(title), about=about),
        id=uuid5(NAMESPACE_URL, addresses.url(site, name, "page")).urn,
        day=None,
        entries=tuple(_each_once(kept.entry for kept in newest_first(found))),
        updated=max((kept.changed for kept in found), default=_NEVER),
    )


def _each_once(entries: Iterable[Entry]) -> Iterable[Entry]:
    """Give each article once: feeds may have it from several sources, under one id."""
    once: dict[str, Entry] = {}
    for entry in entries:
        once.setdefault(entry.published_id, entry)
    return once.values()


class _Plain(str):
    """A text that stands in a message as it is: a title is no markup."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def _query(asked: Asked) -> str:
    said = {
        "q": asked.words,
        "feed": asked.feed.name if asked.feed else "",
        "from": asked.since.isoformat() if asked.since else "",
        "to": asked.until.isoformat() if asked.until else "",
    }
    return urlencode({key: value for key, value in said.items() if value})
