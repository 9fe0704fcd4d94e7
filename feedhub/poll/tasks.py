"""A visit under way: its request, and how it ends."""

import hashlib
import logging
import traceback
from dataclasses import dataclass, replace

from feedhub.cadence import Answered
from feedhub.errors import SourceError
from feedhub.model import Reading, Request, Response, Saved, Source, Unchanged, Visit
from feedhub.poll.types import Polled

_NOTHING = Saved()

_log = logging.getLogger("feedhub")


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A source that is being polled."""

    visit: Visit
    source: Source


@dataclass(frozen=True, slots=True)
class Document:
    """What came and is being read."""

    task: Task
    response: Response
    digest: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of a visit, and is still to be saved."""

    task: Task
    outcome: Answered | Unchanged | SourceError
    reading: Reading | None = None


def polled(ending: Ending, visit: Visit | None, saved: Saved = _NOTHING) -> Polled:
    """Tell how a visit ended; `visit` is the one that follows, None if another process had taken it over."""
    task, problem = ending.task, str(ending.outcome) if isinstance(ending.outcome, SourceError) else ""
    told = saved if visit else None
    return Polled(source=task.source, visit=visit or task.visit, saved=told, problem=problem)


def task_of(visit: Visit, source: Source) -> Task:
    """Begin a visit: of a source with a secret where config.toml says, though it moved before it had one.

    The secret is for its own site. Validators belong to an address.
    """
    if visit.known.url and not source.is_open:
        visit = replace(visit, known=replace(visit.known, url="", etag="", last_modified="", digest=""))
    return Task(visit, source)


def request_of(task: Task) -> Request:
    """Give what to ask a source for."""
    visit, source = task.visit, task.source
    return Request(
        source=source.name,
        url=visit.known.url or source.url,
        etag=visit.known.etag,
        last_modified=visit.known.last_modified,
        auth=source.auth,
        is_doubtful=visit.failures > 0,
    )


def digest(response: Response) -> str:
    """Give by what a body is known again."""
    return hashlib.sha256(response.body).hexdigest()


def fault(source: Source, error: Exception) -> SourceError:
    """Make a source's problem of an error that nobody expected; the log tells where it came from."""
    kind = type(error).__name__
    # The words of an error that is not ours may hold the address.
    words = f"{kind}: {error}" if source.is_open else kind
    trace = "".join(traceback.format_tb(error.__traceback__))
    _log.error("poll source=%s fault=%r\n%s", source.name, words, trace)
    return SourceError(f"a fault of our own in handling it ({kind}); the log tells more")
