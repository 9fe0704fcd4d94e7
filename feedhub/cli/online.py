"""`feedhub check --online`: every source is fetched once, nothing is stored, and what it holds is told."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.robotparser import RobotFileParser

import click

from feedhub import urls
from feedhub.cli.pending import Pending
from feedhub.cli.terminal import counted, printable
from feedhub.config import Config
from feedhub.errors import FetchError, ReadError, Rejected
from feedhub.fetch import Outcome, fetch
from feedhub.model import Reading, Request, Response, Source
from feedhub.workers import Workers

_MOST_CLOCK = 2  # seconds of difference that say nothing
_ALLOWED = "allows us"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a source was found to hold; problem = "" if it could be read."""

    name: str
    problem: str = ""
    title: str = ""
    entries: int = 0
    refused: int = 0  # items that were not taken
    newest: str | None = None  # an instant
    language: str = ""
    redirected: str = ""  # where it was found in the end, if not where config.toml says
    moved: bool = False  # its publisher says that it stands there for good
    robots: str = ""  # what its site's robots.txt says of our reading it
    rights: str = ""
    license: str = ""
    clock: int | None = None  # seconds by which the server's clock is ahead of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    source: Source
    response: Response  # without its body
    clock: int | None


def check_online(config: Config, *, as_json: bool) -> None:
    """Fetch every source that is not paused, and tell what was found; exits with 1 if any failed."""
    wanted = [source for source in config.sources if not source.paused]
    found = _found(config, wanted)
    if as_json:
        text = json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1)
        click.echo("".join(char if char.isprintable() or char == "\n" else " " for char in text))
    else:
        for one in found:
            for line in _told(one):
                click.echo(printable(line).replace("\n", " "))
        failed = sum(bool(one.problem) for one in found)
        click.echo(f"{counted(len(found), 'source')} checked, {failed} failed")
    if any(one.problem for one in found):
        raise click.exceptions.Exit(1)


def _found(config: Config, wanted: list[Source]) -> list[Found]:
    by_name = {source.name: source for source in wanted}
    robots: dict[str, Outcome] = {}
    found: dict[str, Found] = {}
    workers = Workers(config.limits)
    pending = Pending[_Came](workers)
    try:
        for request, outcome in fetch(_requests(wanted), config.limits):
            if request.source not in by_name:
                robots[request.url] = outcome
            elif isinstance(outcome, Response):
                source = by_name[request.source]
                pending.add(_came(source, outcome), source, outcome)
            else:
                found[request.source] = Found(name=request.source, problem=str(outcome))
            found |= {came.source.name: _one(came, future) for came, future in pending.ended()}
        found |= {came.source.name: _one(came, future) for came, future in pending.ended(is_last=True)}
    finally:
        workers.close()
    agent = config.limits.user_agent
    return [replace(found[source.name], robots=_robots(source, robots, agent)) for source in wanted]


def _requests(wanted: list[Source]) -> Iterator[Request]:
    for source in wanted:
        yield Request(source=source.name, url=source.url, auth=source.auth)
    for url in dict.fromkeys(filter(None, map(_robots_url, wanted))):
        yield Request(source=f"robots of {urls.host(url)}", url=url)


def _robots_url(source: Source) -> str:
    """Give where a site says what robots may read (RFC 9309, 2.3); "" for a document on disk."""
    return f"{urls.root(source.url)}robots.txt" if urls.is_web(source.url) else ""


def _came(source: Source, response: Response) -> _Came:
    bare = Response(url=response.url, headers=response.headers, moved=response.moved)
    return _Came(source=source, response=bare, clock=_clock(response.headers, datetime.now(UTC)))


def _clock(headers: Mapping[str, str], now: datetime) -> int | None:
    """Give how far the server's clock is ahead (RFC 9110, 6.6.1), unless a cache has kept the answer."""
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return None
    if theirs.tzinfo is None or headers.get("age", "0") != "0":
        return None
    return round((theirs - now).total_seconds())


def _one(came: _Came, future: "Future[Reading]") -> Found:
    source = came.source
    try:
        reading = future.result()
    except ReadError as error:
        return Found(name=source.name, problem=str(error), clock=came.clock)
    origin = reading.origin
    dates = [entry.published for entry in reading.entries if entry.dated]
    languages = Counter(entry.language for entry in reading.entries if entry.language)
    return Found(
        name=source.name,
        title=origin.title,
        entries=len(reading.entries),
        refused=len(reading.refused),
        newest=max(dates).isoformat(timespec="seconds").replace("+00:00", "Z") if dates else None,
        language=origin.language or next((tag for tag, _ in languages.most_common(1)), ""),
        redirected=_redirected(source, came.response.url),
        moved=bool(came.response.moved),
        rights=origin.rights,
        license=origin.license,
        clock=came.clock,
    )


def _redirected(source: Source, url: str) -> str:
    """Give where a source was found, if that is elsewhere; a secret may have gone with it."""
    if not urls.is_web(source.url) or url == urls.without_user(urls.absolute(source.url)):
        return ""
    return url if source.is_open else "***"


def _robots(source: Source, outcomes: Mapping[str, Outcome], agent: str) -> str:
    """Tell what a robots.txt says of our reading a source's address."""
    match outcomes.get(_robots_url(source)):
        case Response(body=body):
            rules = RobotFileParser()
            rules.parse(body.decode("utf-8-sig", "replace").splitlines())
            return _ALLOWED if rules.can_fetch(agent, urls.without_user(source.url)) else "disallows us"
        case Rejected(status=status) if status < 500 and status != 429:
            return _ALLOWED  # there is none, or none for us: RFC 9309, 2.3.1.3
        case FetchError() as error:
            return f"could not be read: {error}"
        case _:
            return ""


def _told(one: Found) -> Iterator[str]:
    """Tell what was found, in lines: the first holds the essentials."""
    if one.problem:
        yield f"{one.name}: failed: {one.problem}"
    else:
        newest = f", newest {one.newest}" if one.newest else ""
        refused = f", {one.refused} not taken" if one.refused else ""
        language = f"; {one.language}" if one.language else ""
        entries = counted(one.entries, "entry", "entries")
        yield f"{one.name}: {one.title or 'untitled'}: {entries}{newest}{refused}{language}"
    if one.redirected:
        yield f"  {'moved for good' if one.moved else 'redirected'} to {one.redirected}"
    if one.robots and one.robots != _ALLOWED:
        yield f"  robots.txt {one.robots}"
    if one.rights or one.license:
        yield f"  rights: {' '.join(filter(None, (one.rights, one.license)))}"
    if one.clock is not None and abs(one.clock) > _MOST_CLOCK:
        yield f"  its clock is {abs(one.clock)} s {'ahead of' if one.clock > 0 else 'behind'} ours"
