"""`feedhub run`: the poller, the publisher, the clock and the web server in one process."""

import logging
import threading

from feedhub.cli.polling import now, poller_of
from feedhub.cli.serving import Stop, WebServer, application, tell_addresses
from feedhub.config import Config
from feedhub.errors import StoreError
from feedhub.poll import Polled, Poller
from feedhub.publish import publish
from feedhub.schedule import Schedule
from feedhub.store import Store
from feedhub.workers import Workers

_log = logging.getLogger("feedhub")
_LOOK = 0.2  # seconds: how soon the threads notice that they are to stop
_REST = 1.0  # seconds between two publishings, and after a failure of the store


class Hub:
    """A hub that runs until it is stopped."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._store = Store(config.store_url)
        self._store.polling.set_sources(config.sources, now())
        self._stopping = threading.Event()
        self._poll_due = threading.Event()
        self._publish_due = threading.Event()

    def run(self) -> None:
        """Run until SIGTERM or Ctrl-C; what is under way is broken off, and its leases given back."""
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        stop = Stop()
        self._publish()
        server = WebServer(application(self._config, self._store), self._config)
        tell_addresses(self._config)
        self._poll_due.set()
        threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("poll", self._keep_polling), ("publish", self._keep_publishing))
        ]
        for thread in threads:
            thread.start()
        schedule = Schedule(poll_due=self._poll_due.set, publish_due=self._publish_due.set)
        stop.wait()
        self._stopping.set()
        self._publish_due.set()
        schedule.stop()
        for thread in threads:
            thread.join(2)
        server.stop()
        self._store.close()

    def _keep_polling(self) -> None:
        workers = Workers(self._config.limits)
        workers.warm()
        poller = poller_of(self._config, self._store, workers)
        self._store.polling.heal_times(now())
        try:
            while not self._stopping.is_set():
                try:
                    self._poll(poller)
                except StoreError as error:
                    _log.error("poll problem=%r", str(error))
                    self._stopping.wait(_REST)
        finally:
            poller.close()
            workers.close()

    def _poll(self, poller: Poller) -> None:
        if poller.free and self._poll_due.is_set() and not poller.take_due():
            self._poll_due.clear()
        if not poller.active:
            self._poll_due.wait(_LOOK)
            return
        for polled in poller.step(_LOOK):
            self._tell(polled)

    def _tell(self, polled: Polled) -> None:
        if polled.problem:
            _log.warning("poll source=%s problem=%r", polled.source.name, polled.problem)
        elif polled.saved:
            saved = polled.saved
            _log.info("poll source=%s new=%d changed=%d", polled.source.name, saved.new, saved.changed)
        self._publish_due.set()

    def _keep_publishing(self) -> None:
        while not self._stopping.is_set():
            self._publish_due.wait()
            if self._stopping.is_set():
                return
            self._publish_due.clear()
            self._publish()
            self._stopping.wait(_REST)

    def _publish(self) -> None:
        """Publish; a failure is told, and the next time comes."""
        try:
            done = publish(self._store, self._config.site, self._config.feeds, now=now())
        except (StoreError, OSError) as error:
            _log.error("publish problem=%r", str(error))
            return
        for published_id, reason in done.held.items():
            _log.warning("publish held=%s reason=%r", published_id, reason)
        for problem in done.problems:
            _log.error("publish problem=%r", problem)
        if done.written or done.removed:
            _log.info("publish written=%d removed=%d", len(done.written), len(done.removed))
