"""What `feedhub add` finds: the living feeds behind an address or in a reading list; the rest is told."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from feedhub import urls
from feedhub.cli.terminal import aside
from feedhub.cli.trying import Tried, Tryout
from feedhub.config import Config
from feedhub.errors import FeedHubError, FetchError, ReadError, Rejected, SourceError
from feedhub.model import Response
from feedhub.read import discover, opml

_MOST = 50  # candidates of a page that are tried: each is asked for at its host, one after the other
_WEB = re.compile(r"https?://", re.I)
_HOST_LIKE = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?::\d{1,5})?(?:[/?#]\S*)?")
_FILE_LIKE = re.compile(r"[^/]*\.(?:opml|xml|json|rss|atom|html?|txt|toml)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An address where a feed is said to be, and what is known of it before."""

    url: str
    place: str = ""  # where it is named: "list.opml:12: "
    title: str = ""
    groups: tuple[str, ...] = ()
    language: str = ""
    is_guess: bool = False  # nobody said that there is a feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A feed that lives, and is not yet a source."""

    wanted: Wanted
    tried: Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found."""

    offers: tuple[Offer, ...]
    skipped: int = 0  # how many were told and left out
    is_choice: bool = False  # somebody must choose: more than one was found, or not where it was looked for


def find(config: Config, what: str) -> Found:
    """Find the feeds of an address or a file, fetched and read; tells what is skipped, and why.

    Raises FeedHubError if there is no answer, or no such file.
    """
    with Tryout(config) as tryout:
        finder = _Finder(config, tryout)
        offers, is_choice = finder.find(what)
        return Found(offers=tuple(offers), skipped=finder.skipped, is_choice=is_choice)


class _Finder:
    def __init__(self, config: Config, tryout: Tryout) -> None:
        self.skipped = 0
        self._tryout = tryout
        # Only names are told of them: an address may hold a secret.
        self._known = {urls.canonical(source.url): source.name for source in config.sources}
        self._met_known = False

    def find(self, what: str) -> tuple[list[Offer], bool]:
        url = address(what)
        if not url:
            return self._of_list(Path(what).read_bytes(), Path(what).name), False
        if name := self._known_as(url):
            self._tell(f"{url}: is a source already: {name}")
            return [], False
        try:
            response = self._tryout.fetched(url)
        except Rejected as error:
            # A page may be closed to programs while the feeds of its site are not.
            self._tell(f"{url}: {error}; looking elsewhere on the site")
            return self._elsewhere(url), True
        except FetchError as error:
            raise FeedHubError(f"{url}: {error}") from error
        if opml.is_opml(response.body):
            return self._of_list(response.body, url, response.headers.get("content-type", "")), False
        return self._of_answer(url, response)

    def _of_answer(self, url: str, response: Response) -> tuple[list[Offer], bool]:
        """Take an answer as a feed, else as a page."""
        try:
            tried = self._tryout.read(url, response)
        except ReadError as error:
            content_type = response.headers.get("content-type", "")
            candidates = discover.feeds(response.body, response.url, content_type)
            offers = self._of_candidates(candidates)
            if not offers and not self._met_known:
                self._tell(f"{url}: {error}; looking elsewhere on the site")
                offers = self._elsewhere(response.url)
            return offers, len(offers) > 1
        return self._unknown([Offer(wanted=Wanted(url=url), tried=tried)]), False

    def _elsewhere(self, url: str) -> list[Offer]:
        """Look where a site has its feeds though no page of it says so."""
        offers = self._of_candidates(self._menu(url))
        if offers or self._met_known:
            return offers
        return self._of_candidates(discover.usual_places(url))

    def _menu(self, url: str) -> list[discover.Candidate]:
        try:
            response = self._tryout.fetched(urls.absolute(discover.MENU, url))
        except FetchError:  # hardly any site has one
            return []
        return discover.feed_menu(response.body, response.url)

    def _of_candidates(self, candidates: Sequence[discover.Candidate]) -> list[Offer]:
        if len(candidates) > _MOST:
            self._tell(f"{len(candidates)} feeds are named; the first {_MOST} are looked at")
        return self._living(
            [
                Wanted(url=candidate.url, is_guess=candidate.where == "place")
                for candidate in candidates[:_MOST]
            ]
        )

    def _of_list(self, body: bytes, name: str, content_type: str = "") -> list[Offer]:
        try:
            listed = opml.outlines(body, content_type)
        except ReadError as error:
            raise FeedHubError(f"{name}: {error}") from error
        for line, reason in listed.refused:
            self._skip(f"{name}:{line}: {reason}")
        return self._living(
            [
                Wanted(
                    url=outline.url,
                    place=f"{name}:{outline.line}: ",
                    title=outline.title,
                    groups=outline.groups,
                    language=outline.language,
                )
                for outline in listed.outlines
            ]
        )

    def _living(self, wanted: Sequence[Wanted]) -> list[Offer]:
        """Try what is not a source already; gives the feeds that live, in their order."""
        fresh = [one for one in wanted if not self._skip_known(one, one.url)]
        addresses = [one.url for one in fresh]
        outcomes = dict(_with_progress(self._tryout.all(addresses), len(fresh)))
        offers = []
        for one in fresh:
            match outcomes[one.url]:
                case Tried() as tried:
                    offers.append(Offer(wanted=one, tried=tried))
                case error if not one.is_guess:
                    self._skip(f"{one.place}{one.url}: {error}")
        return self._unknown(offers)

    def _unknown(self, offers: Sequence[Offer]) -> list[Offer]:
        """Leave out what led to a source that we have, and to the same document twice."""
        first: dict[str | bytes, Offer] = {}
        kept = []
        for offer in offers:
            tried, wanted = offer.tried, offer.wanted
            if self._skip_known(wanted, tried.url) or self._skip_known(wanted, tried.answered):
                continue
            same = (urls.canonical(tried.url), urls.canonical(tried.answered), tried.digest)
            twin = next((first[key] for key in same if key in first), None)
            if twin is None:
                first |= dict.fromkeys(same, offer)
                kept.append(offer)
            elif not wanted.is_guess:
                self._skip(f"{wanted.place}{wanted.url}: is the same feed as {twin.wanted.url}")
        return kept

    def _skip_known(self, wanted: Wanted, url: str) -> bool:
        name = self._known_as(url)
        if name:
            self._skip(f"{wanted.place}{wanted.url}: is a source already: {name}")
        return bool(name)

    def _known_as(self, url: str) -> str:
        name = self._known.get(urls.canonical(url), "")
        self._met_known = self._met_known or bool(name)
        return name

    def _skip(self, words: str) -> None:
        self.skipped += 1
        self._tell(words)

    def _tell(self, words: str) -> None:
        aside(words)


def address(what: str) -> str:
    """Give the address that somebody meant by what was typed; "" for a file. Raises FeedHubError."""
    written = discover.without_feed_scheme(what.strip())
    if not _WEB.match(written):
        if Path(what).exists():
            return ""
        if _FILE_LIKE.fullmatch(written) or not _HOST_LIKE.fullmatch(written):
            raise FeedHubError(f"{what}: no such file, and no address, which begins with https://")
        written = f"https://{written}"
    url = urls.absolute(written)
    if not url:
        raise FeedHubError(f"{what}: is no http(s) address")
    if "${" in written or url != urls.without_user(url):
        raise FeedHubError(
            "an address with a secret in it is written into config.toml by hand, with ${NAME} or `auth`"
        )
    return url


def _with_progress(
    outcomes: Iterator[tuple[str, Tried | SourceError]], total: int
) -> Iterator[tuple[str, Tried | SourceError]]:
    console = Console(stderr=True)
    if total < 2 or not console.is_terminal:
        yield from outcomes
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("looking", total=total)
        for outcome in outcomes:
            progress.advance(task)
            yield outcome
