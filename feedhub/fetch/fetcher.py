"""Many transfers at once, each within its limits, polite to every host."""

import ssl
import time
from collections import deque
from math import inf
from pathlib import Path

import pycurl

from feedhub import urls
from feedhub.errors import FetchError
from feedhub.model import Limits, Request

from . import guard
from .disk import is_on_disk, read_from_disk
from .judge import Outcome
from .multi import Multi
from .queue import Queue
from .transfer import Transfer, handle, let_go

BUDGET = 64_000_000  # bytes of bodies in flight beyond which nothing new starts
_LINES = 16  # times the slots: so many may wait for their hosts while others find a slot
# libcurl is built with one distribution's path to the trusted authorities; these are the others'.
_AUTHORITIES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class Fetcher:
    """Takes requests and gives outcomes; for one thread."""

    def __init__(self, limits: Limits, *, budget: int = BUDGET) -> None:
        self._limits = limits
        self._budget = budget
        self._private = guard.places(limits.private)
        self._queue: Queue[Transfer] = Queue(
            at_once=limits.at_once, per_host=limits.per_host, pause=limits.pause.total_seconds()
        )
        self._unstarted = 0  # requests added of which it is not known yet whether they have to wait
        self._on_disk: deque[Request] = deque()
        self._done: list[tuple[Request, Outcome]] = []
        self._multi = Multi(connections=2 * max(1, limits.at_once))
        self._running: dict[pycurl.Curl, Transfer] = {}
        self._idle: list[pycurl.Curl] = []
        self._is_awake = False
        self._look_at = inf  # when the first byte of some transfer is due, by the steady clock
        self._authorities = _trusted_authorities()

    @property
    def active(self) -> int:
        """How many requests are in flight or queued."""
        return len(self._running) + len(self._queue) + len(self._on_disk) + len(self._done)

    @property
    def free(self) -> int:
        """How many more requests are worth adding now.

        That is how many slots are free: what waits for its host, or for others that failed, holds none, but
        of all together no more are taken than wait in so many lines.
        """
        if not self._has_room():
            return 0
        held = len(self._running) + self._unstarted + len(self._on_disk) + len(self._done)
        return max(0, min(self._limits.at_once - held, _LINES * self._limits.at_once - self.active))

    def line(self, url: str) -> int:
        """Tell how many requests wait for the host of an address."""
        return self._queue.line(urls.host(url))

    def add(self, request: Request) -> None:
        """Queue a request; it starts when slots, its host and the pause allow."""
        if is_on_disk(request.url):
            self._on_disk.append(request)
            return
        try:
            transfer = Transfer(request, self._limits, self._private)
        except FetchError as error:
            self._done.append((request, error))
            return
        self._enqueue(transfer)
        self._unstarted += 1

    def perform(self, wait: float) -> list[tuple[Request, Outcome]]:
        """Run transfers until something has finished or `wake` is called; give all that has finished by then.

        It takes at most `wait` seconds.
        """
        until = time.monotonic() + wait
        self._read_files()
        while True:
            self._start()
            now = time.monotonic()
            idle = 0.0 if self._done or self._is_awake else self._idle_time(until, now)
            ended = self._multi.run(idle)
            for curl, code, message in ended:
                self._end(curl, code, message)
            self._drop_late(time.monotonic())
            # While answers come one upon the other, those that ended are worth saving together.
            is_enough = self._done and (not ended or len(self._done) >= self._limits.at_once)
            if is_enough or self._is_awake or time.monotonic() >= until:
                self._is_awake = False
                done, self._done = self._done, []
                return done

    def wake(self) -> None:
        """Have `perform` give what there is, now or at its next call; from any thread."""
        self._is_awake = True
        self._multi.wake()

    def close(self) -> None:
        """Abort what is in flight, and close every connection."""
        for curl in [*self._running]:
            self._release(curl)
        for curl in self._idle:
            curl.close()
        self._idle.clear()
        self._multi.close()

    def _read_files(self) -> None:
        for _ in range(min(len(self._on_disk), max(1, self._limits.at_once))):
            request = self._on_disk.popleft()
            self._done.append((request, read_from_disk(request, self._limits.max_size)))

    def _idle_time(self, until: float, now: float) -> float:
        """Tell how long nothing of ours is due."""
        wait = min(until, self._look_at) - now
        pause = self._queue.wait(now) if self._has_room() else None
        return wait if pause is None else min(wait, pause)

    def _start(self) -> None:
        """Start whatever may start."""
        self._unstarted = 0
        if not self._has_room():  # what is begun here holds nothing yet
            return
        while len(self._queue):
            transfer = self._queue.take(time.monotonic())
            if transfer is None:
                return
            self._start_hop(transfer)

    def _has_room(self) -> bool:
        return self._held() < self._budget

    def _held(self) -> int:
        """Give how many bytes of bodies are in flight."""
        return sum(transfer.answer.held for transfer in self._running.values())

    def _start_hop(self, transfer: Transfer) -> None:
        curl = self._idle.pop() if self._idle else handle(self._limits, self._authorities)
        try:
            transfer.start(curl)
        except FetchError as error:
            self._idle.append(curl)
            self._finish(transfer, transfer.host, error)
            return
        self._running[curl] = transfer
        self._look_at = min(self._look_at, transfer.due)
        self._multi.add(curl)

    def _end(self, curl: "pycurl.Curl", code: int, message: str) -> None:
        """Finish a transfer whose hop has ended, or send it on its next one."""
        transfer = self._running[curl]
        host = transfer.host
        outcome = transfer.end(curl, code, message)
        self._release(curl)
        if outcome is not None:
            self._finish(transfer, host, outcome)
        elif transfer.host == host:
            self._start_hop(transfer)
        else:
            self._queue.done(host, is_doubtful=transfer.request.is_doubtful)
            self._enqueue(transfer, is_first=True)

    def _drop_late(self, now: float) -> None:
        """End the transfers whose first byte has not come in time."""
        if now < self._look_at:
            return
        for curl, transfer in [*self._running.items()]:
            if transfer.due <= now and not transfer.answer.has_begun:
                self._release(curl)
                self._finish(transfer, transfer.host, transfer.late())
        pending = (each.due for each in self._running.values() if not each.answer.has_begun)
        self._look_at = min(pending, default=inf)

    def _enqueue(self, transfer: Transfer, *, is_first: bool = False) -> None:
        self._queue.add(transfer, transfer.host, is_doubtful=transfer.request.is_doubtful, is_first=is_first)

    def _finish(self, transfer: Transfer, host: str, outcome: Outcome) -> None:
        self._queue.done(host, is_doubtful=transfer.request.is_doubtful)
        self._done.append((transfer.request, outcome))

    def _release(self, curl: "pycurl.Curl") -> None:
        """Take a handle back; its connection stays open for the next one."""
        del self._running[curl]
        self._multi.remove(curl)
        let_go(curl)
        self._idle.append(curl)


def _trusted_authorities() -> str:
    """Give the file with the certificate authorities that this machine trusts; "" to leave it to libcurl."""
    found = ssl.get_default_verify_paths().cafile  # heeds SSL_CERT_FILE
    return found or next((path for path in _AUTHORITIES if Path(path).is_file()), "")
