"""When a host has time for one more source, so that the many of one host do not hold up all others."""

from datetime import datetime

from feedhub import urls
from feedhub.model import Limits

PUT_OFF = "other sources at its host come first"
_LINES = 8  # of so many parts of all slots: who waits for one host may fill no more than one of them


class Turns:
    """The turns of hosts with a long line; `most` is how many sources there are."""

    def __init__(self, limits: Limits, *, most: int) -> None:
        self._pause = limits.pause
        self._longest_line = max(limits.per_host, limits.at_once // _LINES)
        self._longest_wait = most * limits.pause
        self._last: dict[str, datetime] = {}  # turn that was given, by host

    def next(self, url: str, line: int, now: datetime) -> datetime | None:
        """Give the turn of a source at an address for whose host so many wait; None if it may wait as well.

        Turns at a host are apart by its pause; without one nothing says when its line will have gone.
        """
        if not self._pause or line < self._longest_line:
            return None
        host = urls.host(url)
        after_last = self._last.get(host, now) + self._pause
        # No further than all sources together, though the clock was wrong when the last turn was given.
        turn = min(max(after_last, now + line * self._pause), now + max(self._longest_wait, self._pause))
        self._last[host] = turn
        return turn
