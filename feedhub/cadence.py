"""When to come back to a source. Pure: what came of a visit, to the next one."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from feedhub.errors import FetchError, Gone, SourceError
from feedhub.model import Known, NotTaken, Source, Unchanged, Visit

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # due only when somebody polls it by name
_DAY = timedelta(days=1)
_NOTHING = timedelta()
_SHRINK = 0.5  # of the interval, after a change
_GROW = 1.1  # without one: we wait about a tenth of the time that nothing has happened
_LEAST = timedelta(seconds=1)
_LONGEST = timedelta(days=366)
_SPREAD = 10  # of so many parts of the interval one, so that sources with the same interval drift apart
_MOST_SPREAD = timedelta(hours=1)
_AFTER_SKIPPED = timedelta(minutes=5)  # over which those spread that were all told to wait for one hour
_MOVES_BELIEVED = 3  # answers in a row
_RETRY_AFTER = "its server asks for it (Retry-After)"
_FAILURES_AT_NEW_ADDRESS = 3  # then the one in config.toml is tried again
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s?=\s?\"?(\d{1,12})\"?\s*(?:,|$)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A document came and could be read."""

    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    changed: bool = True  # False: it held no new or changed entry
    etag: str = ""
    last_modified: str = ""
    digest: str = ""  # of its body
    seen: str = ""  # as in Reading
    moved: str = ""  # as in Response
    ttl: timedelta | None = None  # how long the document says that it stays good
    skip_hours: tuple[int, ...] = ()  # 0 to 23, GMT
    skip_days: tuple[int, ...] = ()  # 0 = Monday, GMT
    refused: tuple[NotTaken, ...] = ()


Outcome = Answered | Unchanged | SourceError


def next_visit(
    source: Source,
    visit: Visit,
    outcome: Outcome,
    *,
    now: datetime,
    least: timedelta = timedelta(minutes=1),
) -> Visit:
    """Give the next visit to a source, from what came of this one; never due before a second from now.

    `least` is the shortest wait after a failure. What a server or a document asks for is honoured up to a
    day, the hours and days to skip up to a week. A source that is gone is never due of itself. The lease
    is the store's to end.
    """
    match outcome:
        case Gone() if not visit.known.url:
            return _given_up(visit, outcome, now)
        case SourceError():
            return _failed(source, visit, outcome, now, least)
        case Unchanged():
            known = _confirmed(source, visit.known, outcome)
            return _succeeded(source, visit, known, outcome.headers, now, changed=False)
        case Answered():
            known = _renewed(source, visit.known, outcome)
            return _succeeded(source, visit, known, outcome.headers, now, changed=outcome.changed)


def is_told_to_wait(visit: Visit, now: datetime) -> bool:
    """Tell whether the server itself said not to come back yet: Retry-After, or 410."""
    asked = visit.failures > 0 and visit.reason == _RETRY_AFTER
    return visit.due > now and (asked or visit.due == NEVER)


# ── After a success ──────────────────────────────────────────────────────────────────────────────


def _confirmed(source: Source, known: Known, answer: Unchanged) -> Known:
    """Keep what is known of a document that has not changed; a 304 may bring new validators."""
    etag = answer.headers.get("etag", known.etag)
    last_modified = answer.headers.get("last-modified", known.last_modified)
    if (etag, last_modified) != (known.etag, known.last_modified):
        known = replace(known, etag=etag, last_modified=last_modified)
    return _moved(source, known, answer.moved)


def _renewed(source: Source, known: Known, answer: Answered) -> Known:
    renewed = replace(
        known,
        etag=answer.etag,
        last_modified=answer.last_modified,
        digest=answer.digest,
        seen=answer.seen,
        ttl=answer.ttl,
        skip_hours=answer.skip_hours,
        skip_days=answer.skip_days,
        refused=answer.refused,
    )
    return _moved(source, renewed, answer.moved)


def _moved(source: Source, known: Known, where: str) -> Known:
    """Believe that a source has moved for good when answers in a row said so, each with a feed at its end.

    One answer may be a mistake, or a network that asks people to log in.
    """
    if not where:
        return replace(known, moving_to="", moves=0) if known.moves else known
    moves = known.moves + 1 if where == known.moving_to else 1
    if moves < _MOVES_BELIEVED:
        return replace(known, moving_to=where, moves=moves)
    return replace(known, url="" if where == source.url else where, moving_to="", moves=0)


def _succeeded(
    source: Source, visit: Visit, known: Known, headers: Mapping[str, str], now: datetime, *, changed: bool
) -> Visit:
    interval, reason = _interval(source, visit.interval, known.ttl, headers, now, changed=changed)
    due = _spread(source.name, now, interval)
    after_skipped = _after_skipped(source.name, due, known.skip_hours, known.skip_days)
    return replace(
        visit,
        due=after_skipped,
        failures=0,
        problem="",
        polled=now,
        succeeded=now,
        interval=interval,
        reason=reason if after_skipped == due else f"{reason}; then the hours or days it asks to be spared",
        known=known,
    )


def _interval(
    source: Source,
    last: timedelta | None,
    ttl: timedelta | None,
    headers: Mapping[str, str],
    now: datetime,
    *,
    changed: bool,
) -> tuple[timedelta, str]:
    """Give how long to wait after a success, and why."""
    longest = max(source.every, _DAY)
    before = min(max(last or source.every, source.every), longest)
    adapted = min(max(before * (_SHRINK if changed else _GROW), source.every), longest)
    asked = max(
        (min(fresh_for(headers, now), _DAY), "its server asks for it (Cache-Control or Expires)"),
        (min(ttl or _NOTHING, _DAY), "its document asks for it (ttl or sy:updatePeriod)"),
    )
    if asked[0] > adapted:
        return asked
    if adapted == source.every:
        return adapted, "as configured"
    return adapted, "it seldom changes"


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Tell how long an answer stays fresh (RFC 9111, 4.2.1); zero if it does not say, or says nonsense."""
    control = headers.get("cache-control", "")
    if control and (found := _MAX_AGE.search(control)):
        age = headers.get("age", "").strip()
        seconds = int(found[1]) - (int(age) if age.isascii() and age.isdigit() and len(age) < 12 else 0)
        return timedelta(seconds=min(max(seconds, 0), _DAY.total_seconds()))
    expires = headers.get("expires")
    if expires is None or any(word in control.lower() for word in ("max-age", "no-cache", "no-store")):
        return _NOTHING
    good_until = _http_date(expires)
    if good_until is None:
        return _NOTHING
    sent = _http_date(headers.get("date", "")) or now
    return max(good_until - sent, _NOTHING)


def _http_date(text: str) -> datetime | None:
    """Read an HTTP date in any of its three forms (RFC 9110, 5.6.7); None for "0", "-1" and the like."""
    if len(text) > 60:
        return None
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date.replace(tzinfo=date.tzinfo or UTC)


def _after_skipped(name: str, due: datetime, hours: tuple[int, ...], days: tuple[int, ...]) -> datetime:
    """Give when the hours and days are over in which a document asked not to be read."""
    if not hours and not days:
        return due
    moved = due.astimezone(UTC)
    for _ in range(24 * 7):
        if moved.hour not in hours and moved.weekday() not in days:
            break
        moved = moved.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    else:
        return due  # it asked never to be read: that is a mistake of its own
    return moved if moved == due else moved + _AFTER_SKIPPED * _fraction(name, moved)


# ── After a failure ──────────────────────────────────────────────────────────────────────────────


def _failed(source: Source, visit: Visit, error: SourceError, now: datetime, least: timedelta) -> Visit:
    """Wait twice as long after each failure in a row, and as long as the server asked."""
    failures = visit.failures + 1
    longest = max(source.every, _DAY)
    doubled = source.every.total_seconds() * 2 ** min(failures - 1, 20)
    wait = max(timedelta(seconds=min(doubled, longest.total_seconds())), least)
    asked = error.retry_after if isinstance(error, FetchError) else None
    wait = max(wait, min(asked or _NOTHING, _DAY))
    failed = replace(
        visit,
        due=_spread(source.name, now, wait),
        failures=failures,
        problem=str(error),
        polled=now,
        reason=_RETRY_AFTER if asked and wait == min(asked, _DAY) else "it failed",
    )
    if visit.known.url and (failures >= _FAILURES_AT_NEW_ADDRESS or isinstance(error, Gone)):
        # Validators belong to an address.
        at_home = replace(visit.known, url="", etag="", last_modified="", digest="")
        return replace(failed, known=at_home)
    return failed


def _given_up(visit: Visit, error: Gone, now: datetime) -> Visit:
    return replace(
        visit,
        due=NEVER,
        failures=visit.failures + 1,
        problem=f"{error}; it is not polled any more, unless by name",
        polled=now,
    )


# ── Spreading ────────────────────────────────────────────────────────────────────────────────────


def _spread(name: str, now: datetime, wait: timedelta) -> datetime:
    """Give a time after a wait, and up to a tenth of it later: the same for the same source and time."""
    wait = min(max(wait, _LEAST), _LONGEST)
    due = now + wait
    return due + min(wait // _SPREAD, _MOST_SPREAD) * _fraction(name, due)


def _fraction(name: str, due: datetime) -> float:
    """Give a number from 0 to 1 that depends on nothing else."""
    return zlib.crc32(f"{name} {int(due.timestamp())}".encode("utf-8", "surrogatepass")) / 2**32
