"""Commands that have documents read keep no more of them waiting than they must."""

from collections.abc import Collection
from concurrent.futures import Future
from datetime import datetime

from feedhub.cli.pending import Pending
from feedhub.model import Origin, Reading, Response, Source

SOURCE = Source(name="paper", url="https://paper.example/feed")
READING = Reading(origin=Origin(title="Paper"))


class OneByOne:
    """Has read a document when somebody waits for it, the oldest first."""

    def __init__(self) -> None:
        self.waiting: list[Future[Reading]] = []

    def submit(self, source: Source, response: Response, now: datetime) -> Future[Reading]:
        self.waiting.append(Future())
        return self.waiting[-1]

    def wait(self, futures: Collection[Future[Reading]]) -> None:
        assert set(futures) == set(self.waiting)
        self.waiting.pop(0).set_result(READING)


def test_documents_wait_to_be_read_until_they_are_too_many_bytes() -> None:
    workers = OneByOne()
    pending = Pending[int](workers)
    told = []
    for number in range(4):
        pending.add(number, SOURCE, Response(url=SOURCE.url, body=bytes(30_000_000)))
        told.append([asked for asked, _ in pending.ended()])
    assert told == [[], [], [0], [1]]
    assert [(asked, future.result()) for asked, future in pending.ended(is_last=True)] == [
        (2, READING),
        (3, READING),
    ]


def test_an_empty_document_is_not_forgotten() -> None:
    pending = Pending[str](OneByOne())
    pending.add("empty", SOURCE, Response(url=SOURCE.url))
    assert [asked for asked, _ in pending.ended()] == []
    assert [asked for asked, _ in pending.ended(is_last=True)] == ["empty"]
