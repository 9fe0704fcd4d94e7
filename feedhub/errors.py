"""The errors that FeedHub raises; foreign exceptions become one of these where they are first met.

FeedHubError
├─ ConfigError        the operator must fix config.toml; all problems at once; exit 2
├─ SourceError        one source failed; the others go on; kept in Visit.problem
│  ├─ FetchError
│  │  ├─ Unreachable  no connection, or it broke off
│  │  ├─ TimedOut     the answer took longer than a limit allows
│  │  ├─ Rejected     an answer with a status that is no success
│  │  ├─ Gone         410: the publisher says that it will not come back
│  │  └─ Refused      our own rule: address, scheme, size or number of hops
│  └─ ReadError       an answer, but not a feed
├─ DecisionError      no entry, or no single one, is what an editor named
├─ RenderError        an edition that cannot be made into a document
└─ StoreError         nothing was saved; serving goes on from feeds/
"""

from collections.abc import Sequence
from datetime import timedelta


class FeedHubError(Exception):
    """Whatever FeedHub raises on purpose; its text is for the operator to read."""


class ConfigError(FeedHubError):
    """What is wrong in config.toml: `problems`, one line each, in the order of the file."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class SourceError(FeedHubError):
    """One source could not be polled."""


class FetchError(SourceError):
    """No usable answer came; `retry_after` is how long the server asked us to stay away."""

    def __init__(self, problem: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class Unreachable(FetchError):
    """There was no connection, or it broke off before the answer was whole."""


class TimedOut(FetchError):
    """The answer took longer than a limit allows."""


class Rejected(FetchError):
    """The server answered with a status (`status`) that is no success."""

    def __init__(self, problem: str, *, status: int, retry_after: timedelta | None = None) -> None:
        super().__init__(problem, retry_after=retry_after)
        self.status = status


class Gone(Rejected):
    """The server answered 410: the feed will not come back (RFC 9110, 15.5.11)."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem, status=410)


class Refused(FetchError):
    """Our own rule forbids it: the address, the scheme, the size or the number of hops."""


class ReadError(SourceError):
    """An answer came, but it holds no feed that we can read."""


class DecisionError(FeedHubError):
    """An editor named what is no entry, or several, or one on which nothing was decided."""


class RenderError(FeedHubError):
    """An edition cannot be made into a document.

    To blame is an entry (`entry`, its published id) or a `template` of the theme; "" = neither, or unknown.
    """

    def __init__(self, problem: str, *, entry: str = "", template: str = "") -> None:
        super().__init__(problem)
        self.entry = entry
        self.template = template


class StoreError(FeedHubError):
    """The database failed; nothing was saved."""
