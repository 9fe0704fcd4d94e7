"""What sees every answer: the access log and the metrics that [server] asks for."""

import logging
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

from feedhub.config import Config
from feedhub.config.values import split_place
from feedhub.store import Store
from feedhub.web.accesslog import AccessLog
from feedhub.web.observed import Answered, Tell, observed
from feedhub.web.proxies import believing

if TYPE_CHECKING:
    from feedhub.metrics import Metrics

_LOOK = 1.0  # seconds between two looks at whether the process that began this one still runs
_LEAVE = 2.0  # seconds


def _now() -> datetime:
    return datetime.now(UTC)


def begin_log() -> None:
    """Have what happens written on stderr, a line each."""
    # In UTC, as all times that we tell.
    form = logging.Formatter("%(asctime)s %(message)s")
    form.converter, form.default_time_format = time.gmtime, "%Y-%m-%dT%H:%M:%S"
    form.default_msec_format = "%s.%03dZ"
    handler = logging.StreamHandler()
    handler.setFormatter(form)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for library in ("alembic", "apscheduler", "watchfiles"):
        logging.getLogger(library).setLevel(logging.WARNING)


def metrics_of(config: Config) -> "Metrics | None":
    """Make what is to be counted, if anybody may ask for it."""
    if not config.server.metrics:
        return None
    from feedhub.metrics import Metrics

    return Metrics()


def tells_of(config: Config, metrics: "Metrics | None") -> list[Tell]:
    """Give those who are to learn of every answer; raises OSError if the access log cannot be opened."""
    tells: list[Tell] = [AccessLog(config.server.access_log)] if config.server.access_log else []
    return [*tells, _counting(metrics)] if metrics else tells


def _counting(metrics: "Metrics") -> Tell:
    def count(answered: Answered) -> None:
        metrics.answered(answered.kind, answered.status)

    return count


def watched(app: WSGIApplication, config: Config, tells: Sequence[Tell]) -> WSGIApplication:
    """Have all of them learn of every answer, and of who asked, as trusted proxies tell it."""
    return believing(observed(app, tells), config.server.proxies) if tells else app


def listening(config: Config, store: Store, metrics: "Metrics | None") -> Callable[[], None]:
    """Answer Prometheus from this process; gives what ends that. Raises OSError."""
    if metrics is None:
        return lambda: None
    from feedhub.metrics import listen

    host, port = split_place(config.server.metrics)
    return listen(metrics.registry, store, host, port, now=_now)


# ── For processes that only serve ────────────────────────────────────────────────────────────────


@contextmanager
def listening_beside(config: Config) -> Iterator[Path | None]:
    """Answer Prometheus from a process of its own, with what others count in the folder that is given.

    None: nobody may ask. The processes that count are forked from this one, in which therefore no thread
    may run. Raises OSError.
    """
    if not config.server.metrics:
        yield None
        return
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="feedhub-metrics-") as temporary:
        here, there = spawn.Pipe()
        arguments = (config.server.metrics, config.store_url, Path(temporary), there)
        process = spawn.Process(target=_listen, args=arguments, name="metrics", daemon=True)
        process.start()
        if problem := here.recv():
            raise OSError(problem)
        try:
            yield Path(temporary)
        finally:
            process.terminate()
            process.join(_LEAVE)


def share_counts(folder: Path) -> None:
    """Have this process count where another can see it."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)  # prometheus-client looks when it is imported


def _listen(place: str, store_url: str, folder: Path, began: Connection) -> None:
    from feedhub.metrics import listen, shared

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that began this one
    parent = os.getppid()
    host, port = split_place(place)
    try:
        listen(shared(folder), Store(store_url, may_open_late=True), host, port, now=_now)
    except OSError as error:
        began.send(str(error))
        return
    began.send("")
    while os.getppid() == parent:
        time.sleep(_LOOK)
