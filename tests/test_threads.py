"""The threads of a hub: what ends their work is told, and the work begins anew."""

from collections.abc import Iterator

import pytest

from feedhub.cli.threads import Threads
from feedhub.errors import StoreError
from processes import until


@pytest.fixture
def threads() -> Iterator[Threads]:
    threads = Threads()
    yield threads
    threads.stopping.set()
    threads.leave()
    assert not threads.are_alive


@pytest.mark.parametrize(
    ("error", "part", "told"),
    [
        (ValueError("nobody foresaw it"), "polling", {"polling"}),
        (KeyError("nor this"), "publishing", {"publishing"}),
        (ValueError("of no part"), "", set()),
        (StoreError("the disk is full"), "polling", {"store"}),
    ],
)
def test_work_that_fails_is_told_and_begins_anew(
    error: Exception, part: str, told: set[str], threads: Threads
) -> None:
    turns: list[set[str]] = []

    def work() -> None:
        turns.append(set(threads.failing))
        if len(turns) == 1:
            raise error
        threads.stopping.wait()

    threads.begin("work", work, part=part)
    until(lambda: len(turns) == 2)
    assert turns == [set(), told]
