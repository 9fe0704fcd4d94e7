"""An answer to an outcome: what its status and headers mean to us. Pure; `now` is an argument."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from feedhub.errors import FetchError, Gone, Rejected
from feedhub.model import Response, Unchanged

from .answer import Answer
from .words import status

Outcome = Response | Unchanged | FetchError

_LONGEST_WAIT = timedelta(hours=24)


def judged(answer: Answer, *, url: str, moved: str, is_conditional: bool, now: datetime) -> Outcome:
    """Give the outcome of an answer that came whole, from `url`."""
    if answer.has_feed:
        return _response(answer, url, moved)
    words = f"answered {status(answer.status)}"
    match answer.status:
        case 304 if is_conditional:
            return Unchanged(headers=answer.headers, moved=moved)
        case 304:
            return Rejected(f"{words}, though nothing was known before", status=304)
        case 204 | 205:
            return Rejected(f"{words}: nothing to read", status=answer.status)
        case 301 | 302 | 303 | 307 | 308:
            return Rejected(f"{words} without saying where", status=answer.status)
        case 410:
            return Gone(words)
        case 429 | 503:
            wait = retry_after(answer.headers, now)
            return Rejected(words, status=answer.status, retry_after=wait)
        case code:
            return Rejected(words, status=code)


def _response(answer: Answer, url: str, moved: str) -> Outcome:
    try:
        body = answer.body()
    except FetchError as error:
        return error
    if not body:
        return Rejected(f"answered {status(answer.status)} with nothing in it", status=answer.status)
    return Response(url=url, status=answer.status, headers=answer.headers, body=body, moved=moved)


def retry_after(headers: dict[str, str], now: datetime) -> timedelta | None:
    """Give how long a server asks us to stay away (RFC 9110, 10.2.3), at most a day; None if it does not.

    A date counts from the answer's own Date, so that a wrong clock, theirs or ours, does no harm.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        wait = _LONGEST_WAIT if len(value) > 6 else timedelta(seconds=int(value))
    else:
        until = _instant(value)
        if until is None:
            return None
        wait = until - (_instant(headers.get("date", "")) or now)
    return min(wait, _LONGEST_WAIT) if wait > timedelta(0) else None


def _instant(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
