"""Who may start now: slots, hosts and pauses. Pure; `now` is in seconds of any steady clock."""

from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(slots=True, eq=False)
class _Host(Generic[Item]):
    name: str
    waiting: tuple[deque[Item], deque[Item]] = field(default_factory=lambda: (deque(), deque()))
    is_listed: list[bool] = field(default_factory=lambda: [False, False])  # is it in that ring
    running: int = 0
    is_resting: bool = False  # its pause is not over


class Queue(Generic[Item]):
    """Items in a queue for each host; each step costs the same however many wait.

    A host that could start something stands in a ring; one that pauses stands in a heap by the time when its
    pause ends. There are two of each queue and ring: one for sound items, one for doubtful ones, which take
    at most a quarter of the slots.
    """

    def __init__(self, *, at_once: int, per_host: int, pause: float) -> None:
        self.running = 0
        self._at_once = max(1, at_once)
        self._per_host = max(1, per_host)
        self._pause = pause
        self._doubtful_slots = max(1, self._at_once // 4)
        self._doubtful_running = 0
        self._is_doubtful_next = False
        self._waiting = 0
        self._hosts: dict[str, _Host[Item]] = {}
        self._rings: tuple[deque[_Host[Item]], deque[_Host[Item]]] = (deque(), deque())
        self._resting: list[tuple[float, int, _Host[Item]]] = []
        self._numbers = count()

    def __len__(self) -> int:
        return self._waiting

    def line(self, host: str) -> int:
        """Tell how many items wait for a host."""
        entry = self._hosts.get(host)
        return sum(map(len, entry.waiting)) if entry else 0

    def add(self, item: Item, host: str, *, is_doubtful: bool, is_first: bool = False) -> None:
        """Queue an item for its host; first in line if it has been under way already."""
        entry = self._hosts.get(host)
        if entry is None:
            entry = self._hosts[host] = _Host(host)
        line = entry.waiting[is_doubtful]
        if is_first:
            line.appendleft(item)
        else:
            line.append(item)
        self._waiting += 1
        self._list(entry, is_first=is_first)

    def take(self, now: float) -> Item | None:
        """Give the next item that may start, and count it as running; None if none may."""
        self._wake(now)
        if self.running >= self._at_once:
            return None
        for is_doubtful in (self._is_doubtful_next, not self._is_doubtful_next):
            if is_doubtful and self._doubtful_running >= self._doubtful_slots:
                continue
            host = self._next(is_doubtful)
            if host:
                return self._start(host, is_doubtful, now)
        return None

    def done(self, host: str, *, is_doubtful: bool) -> None:
        """Free the slot of an item that was taken."""
        entry = self._hosts[host]
        entry.running -= 1
        self.running -= 1
        self._doubtful_running -= is_doubtful
        self._list(entry)
        self._forget(entry)

    def wait(self, now: float) -> float | None:
        """Tell in how many seconds a pause ends that keeps an item; None if no pause does."""
        if not self._waiting or not self._resting or self.running >= self._at_once:
            return None
        return max(0.0, self._resting[0][0] - now)

    def _next(self, is_doubtful: bool) -> _Host[Item] | None:
        ring = self._rings[is_doubtful]
        while ring:
            host = ring.popleft()
            host.is_listed[is_doubtful] = False
            # It may have started something from the other ring since it was listed.
            if self._is_ready(host) and host.waiting[is_doubtful]:
                return host
        return None

    def _start(self, host: _Host[Item], is_doubtful: bool, now: float) -> Item:
        item = host.waiting[is_doubtful].popleft()
        self._waiting -= 1
        host.running += 1
        self.running += 1
        self._doubtful_running += is_doubtful
        self._is_doubtful_next = not is_doubtful
        if self._pause > 0:
            host.is_resting = True
            heappush(self._resting, (now + self._pause, next(self._numbers), host))
        self._list(host)
        return item

    def _wake(self, now: float) -> None:
        while self._resting and self._resting[0][0] <= now:
            host = heappop(self._resting)[2]
            host.is_resting = False
            self._list(host)
            self._forget(host)

    def _is_ready(self, host: _Host[Item]) -> bool:
        return not host.is_resting and host.running < self._per_host

    def _list(self, host: _Host[Item], *, is_first: bool = False) -> None:
        if not self._is_ready(host):
            return
        for is_doubtful in (False, True):
            if host.waiting[is_doubtful] and not host.is_listed[is_doubtful]:
                host.is_listed[is_doubtful] = True
                ring = self._rings[is_doubtful]
                if is_first:
                    ring.appendleft(host)
                else:
                    ring.append(host)

    def _forget(self, host: _Host[Item]) -> None:
        if not (host.running or host.is_resting or any(host.waiting)):
            self._hosts.pop(host.name, None)
