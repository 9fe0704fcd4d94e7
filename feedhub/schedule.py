"""The clock: a few jobs in memory that say when to look. The only user of APScheduler.

The jobs only wake the threads that work, so none can take long, pile up or be missed for good.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

TICK = 1  # seconds: half of the two that a source may be late, so that a busy machine keeps to them too
_LOOK_AT_DAYS = 60  # seconds


class Schedule:
    """A running clock."""

    def __init__(
        self,
        *,
        poll_due: Callable[[], None],
        publish_due: Callable[[], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Start it: `poll_due` is called at each tick, `publish_due` often enough for days to close."""
        # APScheduler's own defaults skip a job that is late by a second, and run a missed one many times.
        defaults = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._now = now
        self._scheduler = BackgroundScheduler(timezone="UTC", job_defaults=defaults)
        self._scheduler.add_job(poll_due, "interval", seconds=TICK)
        self._scheduler.add_job(publish_due, "interval", seconds=_LOOK_AT_DAYS)
        self._scheduler.start()
        self._stopping = threading.Event()
        threading.Thread(target=self._keep_watching, name="clock", daemon=True).start()

    def stop(self) -> None:
        """Stop it at once."""
        self._stopping.set()
        self._scheduler.shutdown(wait=False)

    def _keep_watching(self) -> None:
        """Have all jobs run whenever the clock was set back: they wait for times that it told before."""
        latest = self._now()
        while not self._stopping.wait(TICK):
            now = self._now()
            if now < latest:
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=now)
            latest = now
