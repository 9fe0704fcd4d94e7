"""Asking a Loopback server through fetch()."""

from datetime import timedelta

from feedhub.fetch import Outcome, fetch
from feedhub.model import Limits, Request, Response
from loopback import Loopback

NO_PAUSE = timedelta(0)


def limits(*webs: Loopback, **others: object) -> Limits:
    """Give limits under which these servers may be read, without a pause."""
    settings = {"private": tuple(web.address for web in webs), "pause": NO_PAUSE}
    return Limits(**(settings | others))  # type: ignore[arg-type]


def get(web: Loopback, path: str = "/feed", *, within: Limits | None = None, **request: str) -> Outcome:
    """Ask for one path; `request` takes fields of Request."""
    asked = Request(source="a", url=web.url(path), **request)  # type: ignore[arg-type]
    [(told, outcome)] = fetch([asked], within or limits(web))
    assert told is asked
    return outcome


def get_url(url: str, within: Limits) -> Outcome:
    [(_, outcome)] = fetch([Request(source="a", url=url)], within)
    return outcome


def body_of(outcome: Outcome) -> bytes:
    assert isinstance(outcome, Response), outcome
    return outcome.body
