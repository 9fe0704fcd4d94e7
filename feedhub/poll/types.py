"""What the poller needs of others, and what it gives."""

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from feedhub.fetch import Outcome
from feedhub.model import Reading, Request, Response, Saved, Source, Visit


class Fetching(Protocol):
    """What the poller needs of `fetch.Fetcher`."""

    @property
    def free(self) -> int:
        """How many more requests are worth adding now."""

    def line(self, url: str) -> int:
        """Tell how many requests wait for the host of an address."""

    def add(self, request: Request) -> None:
        """Queue a request."""

    def perform(self, wait: float) -> list[tuple[Request, Outcome]]:
        """Go on for `wait` seconds, or until something has ended or `wake` is called; give what has ended."""

    def wake(self) -> None:
        """Have `perform` come back at once, now or at its next call; from any thread."""

    def close(self) -> None:
        """Break off what is under way."""


class Reader(Protocol):
    """What the poller needs to have documents read."""

    def submit(self, source: Source, response: Response, now: datetime) -> Future[Reading]:
        """Have a document read; the Future gives its Reading or raises ReadError."""

    def mend(self) -> None:
        """Set right what is broken; called every now and then while something is being read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """How the poll of a source ended."""

    source: Source
    visit: Visit  # the one that follows
    saved: Saved | None = None  # None = another process had taken it over
    problem: str = ""

    @property
    def outcome(self) -> Literal["failed", "lost", "unchanged", "changed"]:
        """Say in a word how it ended."""
        if self.saved is None:
            return "lost"
        if self.problem:
            return "failed"
        return "changed" if self.saved.new or self.saved.changed else "unchanged"
