"""Who may search at once, and what becomes of the others."""

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from feedhub.errors import StoreError
from feedhub.web import create_app
from hubs import WAIT


class Slow:
    """Searches for as long as it is held, or fails."""

    def __init__(self) -> None:
        self.problem = ""
        self.began = threading.Semaphore(0)
        self.ends = threading.Event()

    def __call__(self, _: Mapping[str, str], __: str) -> bytes:
        if self.problem:
            raise StoreError(self.problem)
        self.began.release()
        assert self.ends.wait(WAIT)
        return b"found"


@pytest.fixture
def slow() -> Iterator[Slow]:
    slow = Slow()
    yield slow
    slow.ends.set()


@pytest.fixture
def app(slow: Slow, tmp_path: Path) -> Flask:
    return create_app(
        tmp_path,
        site_url="https://desk.example",
        first_feed="day",
        cache=timedelta(seconds=60),
        health=dict,
        search=slow,
        searches=2,
    )


def beside(ask: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    return thread


def test_who_comes_while_others_search_is_sent_away_at_once(app: Flask, slow: Slow) -> None:
    others = [beside(lambda: app.test_client().get("/search?q=a")) for _ in range(2)]
    for _ in others:
        assert slow.began.acquire(timeout=WAIT)
    answer = app.test_client().get("/search.rss?q=a")  # which would wait for ever
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    slow.ends.set()
    for other in others:
        other.join(WAIT)
    assert app.test_client().get("/search?q=a").data == b"found"


def test_a_store_that_fails_is_told_to_the_operator_once(
    app: Flask, slow: Slow, caplog: pytest.LogCaptureFixture
) -> None:
    slow.problem = "the disk is gone"
    answers = [app.test_client().get("/search?q=a") for _ in range(3)]
    assert [(one.status_code, one.headers["Retry-After"]) for one in answers] == [(503, "1")] * 3
    assert not any(b"disk" in one.data for one in answers)
    assert [record.getMessage() for record in caplog.records] == ["search problem='the disk is gone'"]
