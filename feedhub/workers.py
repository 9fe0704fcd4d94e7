"""Processes that read documents, each document within a budget of time and memory. The only user of pebble.

A document that would take longer or more is killed with its process; the next one finds a fresh one. Where
many wait, small ones are handed over together, and each by itself if they are lost so.
"""

import gc
import logging
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import active_children, forkserver, get_context, resource_tracker
from pathlib import Path

from pebble import ProcessExpired, ProcessPool
from pebble.pool.process import WORKERS_NAME

from feedhub.errors import ReadError
from feedhub.model import Limits, Reading, Response, Source

_RECYCLED_AFTER = 1000  # batches: what libraries leak goes with the process
_WALL = 4  # times the budget of processor time; a process that only waits ends by this
_LEAST_WALL = timedelta(seconds=20)  # however small the budget: the machine may be busy with other things
_PATIENCE = timedelta(seconds=20)  # beyond that, until processes that end nothing are given up
_LOOK = 1.0  # seconds between two looks at the processes while nothing ends
_LOSSES = 2  # a document that takes two pools with it is to blame itself
_SMALL = 64_000  # bytes of documents that are handed over together; a larger one goes by itself
_MOST = 16  # of them
_YOUNG = 50_000  # objects made and not freed before those that hold each other are looked for
_OUT_OF_MEMORY = 98  # exit code

_Asked = Sequence[tuple[Source, Response, datetime]]  # a batch, as the process gets it

_log = logging.getLogger("feedhub")


@dataclass(slots=True, eq=False)
class _Document:
    """A document that waits, or is being read."""

    source: Source
    response: Response
    now: datetime
    told: "Future[Reading]" = field(default_factory=Future)
    is_alone: bool = False  # it was lost with others: which of them is to blame will show
    losses: int = 0  # pools that were lost while they had it

    @property
    def size(self) -> int:
        """Give its size in bytes."""
        return len(self.response.body)


_Batch = Sequence[_Document]


class Workers:
    """A Reader (see `poll`) that reads elsewhere; for one thread."""

    def __init__(
        self, limits: Limits, *, recycled_after: int = _RECYCLED_AFTER, patience: timedelta | None = None
    ) -> None:
        """Take what reading may cost; `patience` is how long nothing may end before all is begun anew."""
        # Forking this process, with its threads, is not safe; forking a server that has none is, and the
        # processes share what it has imported.
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload(["feedhub.read"])
        self._limits = limits
        wall = max(_WALL * limits.cpu, _LEAST_WALL)
        self._wall = wall.total_seconds()
        self._patience = (patience or wall + _PATIENCE).total_seconds()
        self._recycled_after = recycled_after
        self._waiting: dict[Future[Reading], _Document] = {}
        self._queue: deque[_Document] = deque()  # those that no process has yet
        self._running: set[Future[list[Reading | ReadError]]] = set()  # batches that are handed over
        self._handing = threading.RLock()  # for both
        self._ended = time.monotonic()  # when a document was read last, or when there was nothing to read
        self._pool = self._fresh()

    def _fresh(self) -> ProcessPool:
        resource_tracker.ensure_running()  # else the other begins it, and unblocks Ctrl-C
        with _uninterrupted():
            forkserver.ensure_running()
        return ProcessPool(
            max_workers=self._limits.workers,
            max_tasks=self._recycled_after,
            initializer=_begin,
            initargs=(self._limits.memory,),
            context=self._context,
        )

    def warm(self) -> None:
        """Start the processes before there is anything to read."""
        for _ in range(self._limits.workers):
            self._pool.schedule(_nothing)

    def submit(self, source: Source, response: Response, now: datetime) -> Future[Reading]:
        """Have a document read; the Future gives its Reading or raises ReadError."""
        if not self._waiting:
            self._ended = time.monotonic()
        document = _Document(source, response, now)
        document.told.set_running_or_notify_cancel()
        self._waiting[document.told] = document
        with self._handing:
            self._queue.append(document)
            self._hand_over()
        return document.told

    def wait(self, futures: Collection[Future[Reading]]) -> None:
        """Wait until one of them is done, whatever becomes of the processes."""
        while futures and not wait(futures, timeout=_LOOK, return_when=FIRST_COMPLETED).done:
            self.mend()

    def mend(self) -> None:
        """Replace processes that are broken or stuck all together, and have read again what they had.

        pebble gives up for good when an idle process dies, and waits for ever when one is killed with its
        hands on the pipe. To be called every now and then while documents are being read; `wait` does so.
        """
        if not self._waiting:
            return
        if self._pool.active and time.monotonic() - self._ended < self._patience:
            return
        _log.error("read problem='the processes that read documents are lost; new ones take over'")
        with self._handing:
            self._running.clear()
            lost = [document for document in self._waiting.values() if document not in self._queue]
        _stop(self._pool)
        self._pool = self._fresh()
        self._ended = time.monotonic()
        for document in lost:
            document.losses += 1
            if document.losses >= _LOSSES:
                self._tell(document, ReadError("it could not be read: the process that read it was lost"))
        self._put_back([document for document in lost if document.losses < _LOSSES])
        with self._handing:
            self._hand_over()

    def _hand_over(self) -> None:
        """Give each process what it is to read, and one batch to go on with."""
        while self._queue and len(self._running) < 2 * self._limits.workers:
            batch = self._next_batch()
            args = ([(each.source, each.response, each.now) for each in batch], self._limits)
            try:
                running = self._pool.schedule(_read_all, args=args, timeout=self._wall)
            except RuntimeError:  # the pool is broken: `mend` sees it, and begins anew
                self._queue.extendleft(reversed(batch))
                return
            self._running.add(running)
            running.add_done_callback(partial(self._settle, batch))

    def _next_batch(self) -> _Batch:
        """Take small documents together, as long as others are left for the other processes."""
        most = min(_MOST, len(self._queue) // self._limits.workers)
        batch = [self._queue.popleft()]
        size = batch[0].size
        while len(batch) < most and not (batch[0].is_alone or self._queue[0].is_alone):
            size += self._queue[0].size
            if size > _SMALL:
                break
            batch.append(self._queue.popleft())
        return batch

    def _settle(self, batch: _Batch, done: "Future[list[Reading | ReadError]]") -> None:
        """Take over how a batch ended; called in pebble's threads."""
        with self._handing:
            if done not in self._running:
                return  # of a pool that was given up
            self._running.remove(done)
        error = done.exception()
        if isinstance(error, BrokenProcessPool):
            return
        self._ended = time.monotonic()
        if error is None:
            for document, ended in zip(batch, done.result(), strict=True):
                self._tell(document, ended)
        elif len(batch) == 1:
            self._tell(batch[0], self._in_words(error))
        else:
            self._put_back(batch)
        with self._handing:
            self._hand_over()

    def _put_back(self, lost: _Batch) -> None:
        """Have documents that were lost together read again, each by itself."""
        for document in lost:
            document.is_alone = True
        with self._handing:
            self._queue.extendleft(reversed(lost))

    def _tell(self, document: _Document, ended: Reading | ReadError) -> None:
        if self._waiting.pop(document.told, None) is None:
            return
        if isinstance(ended, ReadError):
            document.told.set_exception(ended)
        else:
            document.told.set_result(ended)

    def _in_words(self, error: BaseException) -> ReadError:
        if isinstance(error, ReadError):
            return error
        seconds, megabytes = self._limits.cpu.total_seconds(), self._limits.memory // 1_000_000
        code = error.exitcode if isinstance(error, ProcessExpired) else 0
        if isinstance(error, TimeoutError) or code == -signal.SIGPROF:
            return ReadError(f"reading it took more than {seconds:g} s, and was ended")
        if code in (_OUT_OF_MEMORY, -signal.SIGABRT):  # C libraries abort when they get no memory
            return ReadError(f"reading it took more than {megabytes} MB, and was ended")
        if code < 0:
            return ReadError(f"the process that read it was ended by {signal.Signals(-code).name}")
        return ReadError(f"it could not be read: {type(error).__name__}: {error!s:.200}")

    def close(self) -> None:
        """End all processes, whatever they are at."""
        with self._handing:
            self._waiting.clear()
            self._queue.clear()
            self._running.clear()
        _stop(self._pool)


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    # One that is just beginning would tell at length that what it was to work on is gone.
    for process in active_children():
        if process.name == WORKERS_NAME:
            process.kill()
    pool.join()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Have what is begun meanwhile never see Ctrl-C: it goes to all processes of a terminal."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# ── In the processes ─────────────────────────────────────────────────────────────────────────────


def _begin(memory: int) -> None:
    """Prepare a fresh process: Ctrl-C is not for it, and its memory is bounded."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Both end the process at once, also in the midst of C code, where a handler of ours would have to wait.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    # Reading leaves nothing behind that holds itself, and what has been imported stays.
    gc.freeze()
    gc.set_threshold(_YOUNG)
    _bound(memory)


def _bound(memory: int) -> None:
    """Bound the memory, in bytes, beyond what this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + memory, most))


def _nothing() -> None:
    """Import what reading needs."""
    import feedhub.read  # noqa: F401


def _read_all(batch: _Asked, limits: Limits) -> list[Reading | ReadError]:
    """Read documents one after the other, each within the budget."""
    return [_read(*document, limits) for document in batch]


def _read(source: Source, response: Response, now: datetime, limits: Limits) -> Reading | ReadError:
    from feedhub.read import read

    _bound(limits.memory)  # anew: what is left of earlier documents is not this one's fault
    signal.setitimer(signal.ITIMER_PROF, limits.cpu.total_seconds())
    try:
        return read(source, response, now=now)
    except ReadError as error:
        return error
    except RecursionError:
        return ReadError("not readable: nested too deeply")
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)  # what it holds would be missing to the next document
    except Exception as error:  # noqa: BLE001 - any of a parser's; some could not be handed on to another process
        return ReadError(f"it could not be read: {type(error).__name__}: {error!s:.200}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
