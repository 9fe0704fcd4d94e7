import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import pytest

from feedhub.schedule import TICK, Schedule
from processes import until


@contextmanager
def schedule(poll_due: Callable[[], None], publish_due: Callable[[], None]) -> Iterator[Schedule]:
    running = Schedule(poll_due=poll_due, publish_due=publish_due)
    try:
        yield running
    finally:
        running.stop()


def nothing() -> None:
    """Do nothing."""


def test_the_tick_comes_again_and_again_in_a_thread_of_its_own() -> None:
    calls: list[int] = []
    with schedule(lambda: calls.append(threading.get_ident()), nothing):
        until(lambda: len(calls) >= 3)
    assert threading.get_ident() not in calls


def test_a_tick_that_fails_is_not_the_last() -> None:
    calls: list[int] = []

    def fails() -> None:
        calls.append(1)
        raise ValueError

    with schedule(fails, nothing):
        until(lambda: len(calls) >= 3)


def test_a_tick_that_hangs_is_not_begun_twice_nor_made_up_for() -> None:
    calls: list[float] = []
    going = threading.Event()

    def hangs() -> None:
        calls.append(time.monotonic())
        if len(calls) == 1:
            going.wait(60)

    with schedule(hangs, nothing):
        until(lambda: calls)
        time.sleep(3 * TICK)
        assert len(calls) == 1
        going.set()
        until(lambda: len(calls) >= 3)
    # Three that were missed would have come all together.
    assert calls[2] - calls[1] > TICK / 2


def test_after_a_stop_nothing_is_called_any_more() -> None:
    calls: list[int] = []
    with schedule(lambda: calls.append(1), nothing):
        until(lambda: calls)
    count = len(calls)
    time.sleep(2 * TICK)
    assert len(calls) == count


def test_a_clock_that_is_set_back_stops_no_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    back = timedelta()

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":  # type: ignore[override]
            return cls.fromtimestamp(time.time(), tz) - back  # type: ignore[return-value]

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Clock)
    calls: list[int] = []
    looks: list[int] = []
    running = Schedule(
        poll_due=lambda: calls.append(1),
        publish_due=lambda: looks.append(1),
        now=lambda: Clock.now(UTC),
    )
    try:
        until(lambda: calls)
        back = timedelta(hours=1)
        count = len(calls)
        until(lambda: len(calls) > count + 2, 15)
        assert looks  # days, too, are looked at anew
    finally:
        running.stop()


def test_a_stop_does_not_wait_for_a_tick_that_hangs() -> None:
    going, called = threading.Event(), threading.Event()

    def hangs() -> None:
        called.set()
        going.wait(60)

    with schedule(hangs, nothing):
        assert called.wait(60)
    assert not going.is_set()
    going.set()
