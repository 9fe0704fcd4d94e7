"""Processes that read documents, each document within a budget of time and memory. The only user of pebble.

A document that would take longer or more is killed with its process; the next one finds a fresh one.
"""

import resource
import signal
from concurrent.futures import Future
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from feedhub.errors import ReadError
from feedhub.model import Limits, Reading, Response, Source

_RECYCLED_AFTER = 1000  # documents: what libraries leak goes with the process
_WALL = 4  # times the budget of processor time; a process that only waits ends by this
_LEAST_WALL = timedelta(seconds=20)  # however small the budget: the machine may be busy with other things


class Workers:
    """A Reader (see `poll`) that reads elsewhere."""

    def __init__(self, limits: Limits) -> None:
        # Forking this process, with its threads, is not safe; forking a server that has none is, and the
        # processes share what it has imported.
        context = get_context("forkserver")
        context.set_forkserver_preload(["feedhub.read"])
        self._limits = limits
        self._wall = max(_WALL * limits.cpu, _LEAST_WALL).total_seconds()
        self._pool = ProcessPool(
            max_workers=limits.workers,
            max_tasks=_RECYCLED_AFTER,
            initializer=_begin,
            initargs=(limits.memory,),
            context=context,
        )

    def warm(self) -> None:
        """Start the processes before there is anything to read."""
        for _ in range(self._limits.workers):
            self._pool.schedule(_nothing)

    def submit(self, source: Source, response: Response, now: datetime) -> Future[Reading]:
        """Have a document read; the Future gives its Reading or raises ReadError."""
        told: Future[Reading] = Future()
        seconds = self._limits.cpu.total_seconds()
        try:
            running = self._pool.schedule(_read, args=(source, response, now, seconds), timeout=self._wall)
        except RuntimeError as error:  # the pool has stopped
            told.set_exception(ReadError(f"it could not be read: {error}"))
            return told
        running.add_done_callback(lambda done: self._settle(done, told))
        return told

    def _settle(self, done: "Future[Reading]", told: "Future[Reading]") -> None:
        if done.cancelled():
            told.cancel()
        elif error := done.exception():
            told.set_exception(error if isinstance(error, ReadError) else self._in_words(error))
        else:
            told.set_result(done.result())

    def _in_words(self, error: BaseException) -> ReadError:
        limits = self._limits
        if isinstance(error, TimeoutError) or _signal(error) == signal.SIGPROF:
            return ReadError(f"reading it took more than {limits.cpu.total_seconds():g} s, and was ended")
        if isinstance(error, MemoryError) or _signal(error) in (
            signal.SIGABRT,
            signal.SIGSEGV,
            signal.SIGKILL,
        ):
            return ReadError(f"reading it took more than {limits.memory // 1_000_000} MB, and was ended")
        return ReadError(f"it could not be read: {type(error).__name__}: {error}")

    def close(self) -> None:
        """End all processes, whatever they are at."""
        self._pool.stop()
        self._pool.join()


def _signal(error: BaseException) -> int:
    """Give the signal that ended a process; 0 if none did."""
    return -error.exitcode if isinstance(error, ProcessExpired) else 0


# ── In the processes ─────────────────────────────────────────────────────────────────────────────


def _begin(memory: int) -> None:
    """Prepare a fresh process: Ctrl-C is not for it, and its memory is bounded beyond what it has now."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process, also in the midst of C code
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    bound = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _nothing() -> None:
    """Import what reading needs."""
    import feedhub.read  # noqa: F401


def _read(source: Source, response: Response, now: datetime, seconds: float) -> Reading:
    from feedhub.read import read

    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return read(source, response, now=now)
    except RecursionError as error:
        raise ReadError("not readable: nested too deeply") from error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
