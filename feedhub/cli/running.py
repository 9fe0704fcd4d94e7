"""`feedhub run`: the poller, the publisher, the clock and the web server in one process."""

import logging
import os
import sys
import threading
import time
from contextlib import ExitStack
from datetime import datetime, timedelta

from feedhub.cli.observing import begin_log, listening, metrics_of, tells_of
from feedhub.cli.pollers import now, poller_of
from feedhub.cli.serving import Stop, WebServer, tell_addresses
from feedhub.cli.threads import Threads
from feedhub.cli.watching import ConfigFile
from feedhub.cli.webside import WebSide
from feedhub.config import Config
from feedhub.errors import StoreError
from feedhub.health import published
from feedhub.poll import Polled, Poller
from feedhub.publish import publish
from feedhub.publish.documents import Known
from feedhub.publish.folder import sweep
from feedhub.schedule import Schedule
from feedhub.store import Store
from feedhub.workers import Workers

_LOOK = 0.2  # seconds: how soon the threads notice that they are to stop
_REST = 1.0  # seconds after a failure
_LEAST_REST = 1.0  # seconds from one publishing to the next: HTTP tells times in whole ones, none to come
_LONGEST_REST = 30.0  # seconds, when failure follows on failure
_FIRST = 5.0  # seconds that serving waits for the first publishing: there may be nothing to serve before
_SET_BACK = timedelta(minutes=1)  # of the clock, that is no cause to look at all times anew

_log = logging.getLogger("feedhub")


class Hub:
    """A hub that runs until it is stopped."""

    def __init__(self, config: Config) -> None:
        begin_log()
        self._file = ConfigFile(config)
        self._store = _store_of(config)
        self._threads = Threads()
        self._stopping = self._threads.stopping
        self._failing = self._threads.failing
        self._poll_due = threading.Event()
        self._publish_due = threading.Event()
        self._has_published = threading.Event()
        self._known = Known()  # by the thread that publishes
        self._metrics = metrics_of(config)
        tells = tells_of(config, self._metrics)
        self._web = WebSide(self._file, self._store, tells, self._failing)

    def run(self) -> None:
        """Run until SIGTERM or Ctrl-C; what is under way is broken off, and its leases given back."""
        stop = Stop()
        threading.Thread(target=self._stop_on, args=(stop,), name="signals", daemon=True).start()
        self._publish_due.set()
        self._threads.begin("publish", self._keep_publishing, part="publishing")
        self._has_published.wait(_FIRST)
        with ExitStack() as running:
            running.callback(self._store.close)
            running.callback(self._end)
            if not self._stopping.is_set():
                running.callback(listening(self._config, self._store, self._metrics))
                running.callback(WebServer(self._web, self._config).stop)
                tell_addresses(self._config)
                self._poll_due.set()
                self._threads.begin("poll", self._keep_polling, part="polling")
                self._threads.keep_watching(self._file, self._take_up)
                schedule = Schedule(poll_due=self._poll_due.set, publish_due=self._publish_due.set)
                running.callback(schedule.stop)
            self._stopping.wait()
        if self._threads.are_alive:
            # Python would end while they run, and libraries in C do not stand that.
            logging.shutdown()
            sys.stdout.flush()
            os._exit(0)

    @property
    def _config(self) -> Config:
        return self._file.config

    # ── Configuration ──

    def _take_up(self, _: Config) -> None:
        """Let a new configuration take effect: at the next poll, publishing and request."""
        self._web.take_up()
        self._store.polling.set_sources(self._config.sources, now())
        self._poll_due.set()
        self._publish_due.set()

    def _stop_on(self, stop: Stop) -> None:
        stop.wait()
        self._stop()

    def _stop(self) -> None:
        """Have all threads end."""
        self._stopping.set()
        for awaited in (self._poll_due, self._publish_due, self._has_published):
            awaited.set()

    def _end(self) -> None:
        self._stop()
        self._threads.leave()

    # ── Polling ──

    def _keep_polling(self) -> None:
        config = self._config  # by which the poller is made, whatever is saved in the meantime
        with ExitStack() as open_:
            workers = Workers(config.limits)
            open_.callback(workers.close)
            workers.warm()
            poller = poller_of(config, self._store, workers)
            open_.callback(poller.close)
            self._store.polling.set_sources(self._config.sources, now())
            rest, latest = _REST, None
            while not self._stopping.is_set() and _polls_alike(config, self._config):
                try:
                    latest = self._watch_clock(latest)
                    self._poll(poller)
                    self._failing.discard("store")
                    rest = _REST
                except StoreError as error:
                    self._failing.add("store")
                    _log.error("poll problem=%r", str(error))
                    self._stopping.wait(rest)
                    rest = min(2 * rest, _LONGEST_REST)

    def _watch_clock(self, latest: datetime | None) -> datetime:
        """Do not wait for times that a clock told which has been set back since, maybe before we began."""
        time_now = now()
        if latest is None or time_now < latest - _SET_BACK:
            self._store.polling.heal_times(time_now)
        if latest is not None and time_now < latest - _SET_BACK:
            _log.warning("poll problem='the clock was set back by %s'", latest - time_now)
        return time_now

    def _poll(self, poller: Poller) -> None:
        if poller.free and self._poll_due.is_set():
            self._poll_due.clear()
            if poller.take_due():
                self._poll_due.set()  # there may be more
        if not poller.active:
            self._poll_due.wait(_LOOK)
            return
        for polled in poller.step(_LOOK):
            _tell(polled)
            self._failing.discard("polling")
            if self._metrics:
                self._metrics.polled(polled.outcome)
            self._publish_due.set()

    # ── Publishing ──

    def _keep_publishing(self) -> None:
        rest, is_swept = _LEAST_REST, False
        while not self._stopping.is_set():
            self._publish_due.wait()
            if self._stopping.is_set():
                return
            self._publish_due.clear()
            began = time.monotonic()
            try:
                if not is_swept:
                    sweep(self._config.feeds)
                    is_swept = True
                self._publish()
                self._failing.discard("publishing")
                rest = _LEAST_REST
            except (StoreError, OSError) as error:
                self._failing.add("publishing")
                _log.error("publish problem=%r", str(error))
                self._publish_due.set()
                rest = min(2 * rest, _LONGEST_REST)
            finally:
                self._has_published.set()
            took = time.monotonic() - began
            # Rendering must not take the machine from polling and serving: half of it at most.
            self._stopping.wait(max(rest - took, took))

    def _publish(self) -> None:
        done = publish(self._store, self._config.site, self._config.feeds, now=now(), known=self._known)
        for published_id, reason in done.held.items():
            _log.warning("publish held=%s reason=%r", published_id, reason)
        for problem in done.problems:
            _log.error("publish problem=%r", problem)
        if done.written or done.removed:
            _log.info("publish written=%d removed=%d", len(done.written), len(done.removed))


def _store_of(config: Config) -> Store:
    """Give the store, opened, or, where it cannot be, to be opened late: what was published is served then.

    Raises StoreError if it cannot be opened and nothing was published.
    """
    store = Store(config.store_url, may_open_late=True)
    try:
        store.polling.set_sources(config.sources, now())
    except StoreError as error:
        if not published(config.feeds).marks:
            raise
        _log.error("store problem=%r", str(error))
    return store


def _polls_alike(config: Config, other: Config) -> bool:
    """Tell whether a poller of the one configuration does for the other."""
    return (config.sources, config.limits, config.site.url, config.site.feeds) == (
        other.sources,
        other.limits,
        other.site.url,
        other.site.feeds,
    )


def _tell(polled: Polled) -> None:
    """Write a visit into the log, on one line."""
    saved, visit = polled.saved, polled.visit
    level = logging.WARNING if polled.problem else logging.INFO
    _log.log(
        level,
        "poll source=%s outcome=%s new=%d changed=%d refused=%d next=%s problem=%r",
        polled.source.name,
        polled.outcome,
        saved.new if saved else 0,
        saved.changed if saved else 0,
        len(visit.known.refused),
        visit.due.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        polled.problem,
    )
