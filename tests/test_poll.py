import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest

from asking import limits
from databases import statements
from editions import entry
from fakeweb import FakeWeb
from feedhub.cadence import NEVER
from feedhub.errors import Gone, ReadError, Rejected, StoreError, TimedOut, Unreachable
from feedhub.fetch import Fetcher, Outcome
from feedhub.fetch.multi import Ended
from feedhub.model import (
    MOST_REFUSED,
    Limits,
    NotTaken,
    Origin,
    Reading,
    Request,
    Response,
    Source,
    Unchanged,
    Visit,
)
from feedhub.poll import Ours, Polled, Poller, Reader
from feedhub.read import read
from feedhub.store import Store
from hubs import Item, rss
from loopback import Loopback
from readers_here import ReadHere, ReadLater

START = datetime(2024, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVERY = timedelta(minutes=30)
LIMITS = Limits(at_once=16, timeout=timedelta(seconds=30))


class Clock:
    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        self.now += time


def item(number: int = 1, **others: Any) -> Item:
    url = f"https://paper.example/{number}"
    told = {"id": url, "title": f"News {number}", "link": url, "at": START - number * MINUTE}
    return Item(**(told | others))


def source(name: str, **others: Any) -> Source:
    told = {"name": name, "url": f"https://{name}.example/feed", "title": name.title(), "every": EVERY}
    return Source(**(told | others))


class Desk:
    """A store, a web and a clock, and pollers on them.

    desk = Desk(tmp_path, source("morning"), source("evening"))
    desk.web.serves("https://morning.example/feed", rss(item()))
    assert desk.polls() == {"morning": "changed", "evening": "failed"}
    """

    def __init__(self, folder: Path, *sources: Source, limits: Limits = LIMITS) -> None:
        self.path = folder / "feedhub.db"
        self.store = Store(f"sqlite:///{self.path}")
        self.clock = Clock()
        self.limits = limits
        self.web = FakeWeb(at_once=limits.at_once)
        self.sources = {one.name: one for one in sources}
        self.store.polling.set_sources(sources, self.clock())

    def poller(
        self, *, reader: Reader | None = None, store: Any = None, web: Any = None, **others: Any
    ) -> Poller:
        return Poller(
            store or self.store,
            self.sources,
            self.limits,
            fetcher=web or self.web,
            reader=reader or ReadHere(),
            clock=self.clock,
            **others,
        )

    def polls(self, poller: Poller | None = None, *names: str) -> dict[str, str]:
        """Poll what is due, or what is named; tells how each ended."""
        return {one.source.name: one.outcome for one in self.ended(poller, *names)}

    def ended(self, poller: Poller | None = None, *names: str) -> list[Polled]:
        polling = poller or self.poller()
        if names:
            polling.take(names, began=self.clock())
        ended = []
        while (not names and polling.take_due()) or polling.active:
            ended += polling.step(0)
        return ended

    def visit(self, name: str) -> Visit:
        [visit] = self.store.polling.visits([name])
        return visit

    def is_leased(self, name: str) -> bool:
        return bool(self.ask("select 1 from leases where source = ?", name))

    def titles(self) -> list[str]:
        return [title for (title,) in self.ask("select title from entries order by title")]

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path)) as database:
            rows = database.execute(query, values).fetchall()
            database.commit()
            return rows


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(*names: str, **others: Any) -> Desk:
        sources = others.pop("sources", None) or [source(name) for name in names]
        desk = Desk(tmp_path, *sources, **others)
        for one in sources:
            desk.web.serves(one.url, rss(item(), title=one.title))
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.store.close()


# ── What a visit is ──────────────────────────────────────────────────────────────────────────────


def test_what_came_is_saved_and_the_source_is_due_again_later(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    [polled] = desk.ended()
    assert (polled.outcome, polled.saved and polled.saved.new, polled.problem) == ("changed", 1, "")
    assert desk.titles() == ["News 1"]
    assert replace(polled.visit, leased=None) == desk.visit("morning")
    assert polled.visit.due >= START + EVERY
    assert polled.visit.succeeded == START
    assert not desk.is_leased("morning")


def test_nothing_is_polled_before_it_is_due_also_by_another_process(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    desk.polls()
    desk.clock.passes(EVERY - MINUTE)
    assert desk.polls() == {}
    assert len(desk.web.requests) == 1
    desk.clock.passes(timedelta(minutes=5))
    assert desk.polls() == {"morning": "unchanged"}


def test_validators_are_sent_back_exactly(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    desk.web.serves(
        "https://morning.example/feed", rss(item()), etag='W/"a  b\xe9"', last_modified="yesterday, or so"
    )
    desk.polls()
    desk.polls(None, "morning")
    first, second = desk.web.requests
    assert (first.etag, first.last_modified) == ("", "")
    assert (second.etag, second.last_modified) == ('W/"a  b\xe9"', "yesterday, or so")


def test_validators_that_a_304_brings_take_the_place_of_the_old_ones(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    desk.web.serves("https://morning.example/feed", rss(item()), etag='"1"')
    desk.polls()
    desk.web.gives("https://morning.example/feed", Unchanged(headers={"etag": '"2"'}))
    desk.polls(None, "morning")
    desk.polls(None, "morning")
    assert [request.etag for request in desk.web.requests] == ["", '"1"', '"2"']


@pytest.mark.parametrize("etag", ['"1"', ""], ids=["a 304", "the same bytes"])
def test_what_has_not_changed_is_not_read_again(etag: str, make: Callable[..., Desk]) -> None:
    desk = make("morning")
    desk.web.serves("https://morning.example/feed", rss(item()), etag=etag)
    desk.polls()
    rows = desk.ask("select * from entries")
    desk.clock.passes(EVERY * 2)
    never = ReadLater()
    assert desk.polls(desk.poller(reader=never)) == {"morning": "unchanged"}
    assert never.waiting == []
    assert desk.ask("select * from entries") == rows
    assert desk.visit("morning").polled == desk.clock()


def test_validators_that_a_whole_answer_no_longer_has_are_forgotten_though_its_bytes_are_the_same(
    make: Callable[..., Desk],
) -> None:
    desk = make("morning")
    url = "https://morning.example/feed"
    desk.web.serves(url, rss(item()), etag='"1"')
    desk.polls()
    desk.web.serves(url, rss(item()), last_modified="today")
    assert [desk.polls(None, "morning") for _ in range(2)] == [{"morning": "unchanged"}] * 2
    sent = [(request.etag, request.last_modified) for request in desk.web.requests]
    assert sent == [("", ""), ('"1"', ""), ("", "today")]


def test_a_document_that_failed_to_be_read_is_read_again_though_its_bytes_are_the_same(
    make: Callable[..., Desk],
) -> None:
    desk = make("morning")

    def fails(*_: object, **__: object) -> Reading:
        raise ReadError("not today")

    assert desk.polls(desk.poller(reader=ReadHere(fails))) == {"morning": "failed"}
    assert desk.polls(None, "morning") == {"morning": "changed"}
    assert desk.web.requests[1].etag == ""


def test_of_a_source_with_auth_the_request_carries_it_and_the_database_does_not(
    make: Callable[..., Desk],
) -> None:
    desk = make(sources=[source("morning", auth="bearer:hunter2")])
    desk.polls()
    assert desk.web.requests[0].auth == "bearer:hunter2"
    assert b"hunter2" not in desk.path.read_bytes()


def test_a_source_that_moved_before_it_got_auth_is_asked_at_home_with_nothing_of_where_it_was(
    make: Callable[..., Desk],
) -> None:
    desk = make("morning")
    new = "https://cdn.example/feed"
    desk.web.serves("https://morning.example/feed", rss(item()), moved=new)
    desk.web.serves(new, rss(item(2)), etag='"2"')
    for _ in range(4):
        desk.polls(None, "morning")
    assert (desk.visit("morning").known.url, desk.visit("morning").known.etag) == (new, '"2"')
    secret = source("morning", auth="basic:me:hunter2")
    desk.sources["morning"] = secret
    desk.store.polling.set_sources([secret], desk.clock())
    desk.polls(None, "morning")
    last = desk.web.requests[-1]
    assert (last.url, last.etag, last.auth) == (secret.url, "", secret.auth)
    assert desk.visit("morning").known.url == ""


def test_a_corrected_time_zone_corrects_the_dates_of_a_document_that_stays_the_same(
    make: Callable[..., Desk],
) -> None:
    def published() -> datetime:
        [(microseconds,)] = desk.ask("select published from entries")
        return datetime.fromtimestamp(microseconds / 1e6, UTC)

    desk = make("morning")
    document = rss(item()).replace(b" +0000", b"").replace(b" GMT", b"")
    desk.web.serves("https://morning.example/feed", document, etag='"1"')
    desk.polls()
    assert published() == START - MINUTE
    there = source("morning", timezone="Asia/Yerevan")
    desk.sources["morning"] = there
    desk.store.polling.set_sources([there], desk.clock())
    assert desk.polls(None, "morning") == {"morning": "changed"}
    assert published() == START - MINUTE - timedelta(hours=4)
    assert desk.polls(None, "morning") == {"morning": "unchanged"}
    assert [request.etag for request in desk.web.requests] == ["", "", '"1"']


# ── Failures ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "error",
    [
        TimedOut("no answer within 30 s"),
        Unreachable("no connection"),
        Rejected("answered 500 Oh dear", status=500),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_failing_source_is_remembered_with_its_cause_and_the_others_go_on(
    error: Rejected, make: Callable[..., Desk]
) -> None:
    desk = make("evening", "morning", "night")
    desk.web.fails("https://morning.example/feed", error)
    assert desk.polls() == {"evening": "changed", "morning": "failed", "night": "changed"}
    visit = desk.visit("morning")
    assert (visit.problem, visit.failures, visit.succeeded) == (str(error), 1, None)


def test_a_failing_source_waits_twice_as_long_each_time_and_no_longer_after_a_success(
    make: Callable[..., Desk],
) -> None:
    desk = make("morning")
    desk.web.fails("https://morning.example/feed", TimedOut("no answer"))
    waits = []
    for _ in range(4):
        began = desk.clock()
        desk.polls()
        waits.append(desk.visit("morning").due - began)
        desk.clock.now = desk.visit("morning").due
    assert [round(after / before) for before, after in pairwise(waits)] == [2, 2, 2]
    desk.web.serves("https://morning.example/feed", rss(item()))
    desk.polls()
    visit = desk.visit("morning")
    assert (visit.failures, visit.problem) == (0, "")
    assert visit.due - desk.clock() < EVERY * 1.2


def test_a_source_that_fails_keeps_its_validators_and_its_entries(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    desk.web.serves("https://morning.example/feed", rss(item()), etag='"1"')
    desk.polls()
    desk.web.fails("https://morning.example/feed", TimedOut("no answer"))
    desk.polls(None, "morning")
    desk.polls(None, "morning")
    assert desk.web.requests[-1].etag == '"1"'
    assert desk.titles() == ["News 1"]


def test_a_source_that_is_gone_is_polled_no_more_unless_by_name(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    desk.web.fails("https://morning.example/feed", Gone("answered 410 Gone"))
    desk.polls()
    assert desk.visit("morning").due == NEVER
    desk.clock.passes(timedelta(days=4000))
    assert desk.polls() == {}
    desk.web.serves("https://morning.example/feed", rss(item()))
    assert desk.polls(None, "morning") == {"morning": "changed"}
    assert desk.visit("morning").due < desk.clock() + EVERY * 2


def test_a_paused_source_is_polled_only_by_name(make: Callable[..., Desk]) -> None:
    desk = make(sources=[source("morning", paused=True)])
    assert desk.polls() == {}
    assert desk.polls(None, "morning") == {"morning": "changed"}


# ── Faults ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyError("y"), RecursionError(), OSError(5, "z"), AssertionError()], ids=repr
)
def test_whatever_reading_raises_is_the_problem_of_its_source(
    error: Exception, make: Callable[..., Desk]
) -> None:
    desk = make("evening", "morning", "night")

    def reads(source: Source, response: Response, *, now: datetime) -> Reading:
        if source.name == "morning":
            raise error
        return read(source, response, now=now)

    poller = desk.poller(reader=ReadHere(reads))
    assert desk.polls(poller) == {"evening": "changed", "morning": "failed", "night": "changed"}
    assert type(error).__name__ in desk.visit("morning").problem
    assert desk.visit("morning").failures == 1


class Breaks:
    """A reader, a web or a store that fails in some methods, and passes all else on."""

    def __init__(self, real: Any, methods: str, fails: Callable[..., BaseException | None]) -> None:
        self._real, self._methods, self._fails = real, methods, fails

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        if name == "polling":
            return Breaks(real, self._methods, self._fails)
        if name not in self._methods.split():
            return real

        def method(*given: Any, **named: Any) -> Any:
            if error := self._fails(*given):
                raise error
            return real(*given, **named)

        return method


def of(name: str, error: BaseException) -> Callable[..., BaseException | None]:
    """Give what fails with an error when it is about a source."""

    def fails(about: Source | Request | Visit, *_: object) -> BaseException | None:
        told = about.name if isinstance(about, Source) else about.source
        return error if told == name else None

    return fails


def test_a_fault_in_handing_a_request_or_a_document_on_is_the_problem_of_its_source(
    make: Callable[..., Desk],
) -> None:
    desk = make("evening", "morning", "night")
    others = {"evening": "changed", "night": "changed"}
    web: Any = Breaks(desk.web, "add", of("morning", ValueError("a strange address")))
    assert desk.polls(desk.poller(web=web)) == others | {"morning": "failed"}
    assert "ValueError" in desk.visit("morning").problem
    reader: Any = Breaks(ReadHere(), "submit", of("morning", MemoryError()))
    assert desk.polls(desk.poller(reader=reader), "morning") == {"morning": "failed"}
    assert "MemoryError" in desk.visit("morning").problem


def test_a_fault_in_saving_what_one_source_gave_is_its_problem(make: Callable[..., Desk]) -> None:
    desk = make("evening", "morning", "night")

    def fails(visit: Visit, reading: Reading | None, *_: object) -> ValueError | None:
        return ValueError() if reading and visit.source == "morning" else None

    outcomes = {"evening": "changed", "morning": "failed", "night": "changed"}
    assert desk.polls(desk.poller(store=Breaks(desk.store, "save", fails))) == outcomes
    assert "ValueError" in desk.visit("morning").problem
    assert not desk.is_leased("morning")


def test_what_just_one_source_cannot_save_is_its_problem_in_words(make: Callable[..., Desk]) -> None:
    desk = make("evening", "morning", "night")

    def fails(visit: Visit, reading: Reading | None, *_: object) -> StoreError | None:
        return StoreError("nothing was saved: too large") if reading and visit.source == "morning" else None

    store: Any = Breaks(desk.store, "save", fails)
    assert desk.polls(desk.poller(store=store))["morning"] == "failed"
    assert desk.visit("morning").problem == "what it gave could not be saved: nothing was saved: too large"
    assert desk.titles() == ["News 1", "News 1"]


@pytest.mark.parametrize("lasting", range(2, 7))
@pytest.mark.parametrize("failing", range(1, 8))
def test_a_store_that_fails_for_a_while_loses_nothing(
    failing: int, lasting: int, make: Callable[..., Desk]
) -> None:
    names = [f"s{number}" for number in range(8)]
    desk = make(*names)
    desk.web.fails("https://s3.example/feed", TimedOut("no answer"))
    writes = 0

    def fails(*_: object) -> StoreError | None:
        nonlocal writes
        writes += 1
        return StoreError("disk full") if failing <= writes < failing + lasting else None

    poller = desk.poller(store=Breaks(desk.store, "save renew", fails))
    assert poller.take_due() == len(names)
    ended: list[str] = []
    storms = 0
    while poller.active:
        try:
            ended += [polled.source.name for polled in poller.step(0)]
        except StoreError:
            storms += 1
    assert storms >= 1
    assert sorted(ended) == sorted(set(ended))
    assert len(desk.titles()) == len(names) - 1
    assert len(desk.web.requests) == len(names)
    assert not any(desk.is_leased(name) for name in names)
    assert [desk.visit(name).failures for name in names] == [int(name == "s3") for name in names]


def test_a_store_that_fails_while_leases_are_taken_or_kept_loses_nothing(make: Callable[..., Desk]) -> None:
    desk = make("evening", "morning")
    for method in ("lease", "renew"):
        errors: list[StoreError | None] = [StoreError("locked"), None]
        poller = desk.poller(store=Breaks(desk.store, method, lambda *_, errors=errors: errors.pop(0)))
        if method == "lease":
            with pytest.raises(StoreError):
                poller.take_due()
        poller.take_due()
        if method == "renew":
            desk.clock.passes(LIMITS.timeout)
            with pytest.raises(StoreError):
                list(poller.step(0))
        assert len(list(poller.step(0))) == 2
        desk.clock.passes(timedelta(days=1))


def test_a_source_that_could_not_be_given_back_is_not_held_for_as_long_as_others_are_polled(
    make: Callable[..., Desk],
) -> None:
    desk = make("evening", "morning")
    desk.web.holds(["https://evening.example/feed"])
    errors: list[StoreError | None] = [StoreError("disk full")]
    store: Any = Breaks(desk.store, "save_quiet", lambda *_: errors.pop() if errors else None)
    others = {"evening": desk.sources["evening"]}  # morning is another process's
    poller = Poller(store, others, LIMITS, fetcher=desk.web, reader=ReadHere(), clock=desk.clock)
    with pytest.raises(StoreError):
        poller.take_due()
    for _ in range(4):
        desk.clock.passes(LIMITS.timeout)
        assert list(poller.step(0)) == []
    assert desk.polls(desk.poller(web=FakeWeb())) == {"morning": "failed"}
    assert desk.is_leased("evening")


def test_a_secret_never_stands_in_a_problem_or_the_log(
    make: Callable[..., Desk], caplog: pytest.LogCaptureFixture
) -> None:
    secret = source(
        "morning", url="https://morning.example/feed?key=hunter2", is_secret=True, auth="bearer:hunter3"
    )
    desk = make(sources=[secret])

    def fails(source: Source, response: Response, *, now: datetime) -> Reading:
        raise ValueError(f"what is {source.url} {source.auth}")

    [polled] = desk.ended(desk.poller(reader=ReadHere(fails)))
    assert "ValueError" in polled.problem
    assert "ValueError" in caplog.text
    assert "hunter" not in f"{polled} {polled.problem} {polled.visit} {caplog.text}"
    assert b"hunter" not in desk.path.read_bytes()


# ── Leases ───────────────────────────────────────────────────────────────────────────────────────


def test_two_pollers_on_one_store_poll_each_source_once(make: Callable[..., Desk]) -> None:
    desk = make(*(f"s{number}" for number in range(40)))
    pollers = [desk.poller(web=web) for web in (desk.web, FakeWeb(at_once=16), FakeWeb(at_once=16))]
    ended: list[str] = []
    for _ in range(20):
        for poller in pollers:
            poller.take_due()
        for poller in pollers:
            ended += [polled.source.name for polled in poller.step(0)]
    assert sorted(ended) == sorted(desk.sources)


def test_a_source_that_another_process_polls_is_left_to_it_also_by_name(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    first = desk.poller()
    first.take_due()
    assert desk.polls(desk.poller(), "morning") == {}
    assert desk.polls(first) == {"morning": "changed"}


def test_leases_are_kept_while_documents_wait_to_be_read(make: Callable[..., Desk]) -> None:
    desk = make("evening", "morning")
    reader = ReadLater()
    poller = desk.poller(reader=reader)
    poller.take_due()
    for _ in range(20):
        assert list(poller.step(0)) == []
        desk.clock.passes(LIMITS.timeout)
        assert desk.polls(desk.poller()) == {}
    while reader.waiting:
        reader.reads_one()
    assert {polled.outcome for polled in poller.step(0)} == {"changed"}


def test_the_fetcher_is_woken_when_a_document_has_been_read(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    reader = ReadLater()
    poller = desk.poller(reader=reader)
    poller.take_due()
    assert list(poller.step(0)) == []
    assert not desk.web.awake.is_set()
    reader.reads_one()
    assert desk.web.awake.is_set()


def test_leases_are_kept_while_a_source_does_not_answer(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    desk.web.holds(["https://morning.example/feed"])
    poller = desk.poller()
    poller.take_due()
    for _ in range(20):
        list(poller.step(0))
        desk.clock.passes(LIMITS.timeout)
        assert desk.polls(desk.poller(web=FakeWeb())) == {}


def test_the_lease_of_a_source_with_much_time_to_answer_is_not_taken_for_a_wrong_clocks(
    make: Callable[..., Desk],
) -> None:
    desk = make("morning", limits=replace(LIMITS, timeout=timedelta(hours=2)))
    desk.web.holds(["https://morning.example/feed"])
    poller = desk.poller()
    poller.take_due()
    for _ in range(20):
        list(poller.step(0))
        desk.store.polling.heal_times(desk.clock())  # as each process does that begins to poll
        assert desk.polls(desk.poller(web=FakeWeb())) == {}
        desk.clock.passes(timedelta(minutes=10))


def test_a_lost_lease_saves_nothing(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    reader = ReadLater()
    slow = desk.poller(reader=reader)
    slow.take_due()
    list(slow.step(0))
    desk.clock.passes(LIMITS.timeout * 3)
    second = FakeWeb({"https://morning.example/feed": rss(item(2))})
    assert desk.polls(desk.poller(web=second)) == {"morning": "changed"}
    kept = desk.visit("morning")
    reader.reads_one()
    [polled] = slow.step(0)
    assert (polled.outcome, polled.saved) == ("lost", None)
    assert desk.titles() == ["News 2"]
    assert desk.visit("morning") == kept


def test_a_killed_process_holds_its_sources_for_no_longer_than_its_leases(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    desk.poller(web=FakeWeb()).take_due()  # and it is heard of no more
    assert desk.polls() == {}
    desk.clock.passes(LIMITS.timeout * 2)
    assert desk.polls() == {"morning": "changed"}


def test_a_clean_stop_gives_the_leases_back(make: Callable[..., Desk]) -> None:
    desk = make("evening", "morning", "night")
    desk.web.holds(["https://evening.example/feed"])
    poller = desk.poller(reader=ReadLater())
    poller.take_due()
    list(poller.step(0))
    poller.close()
    assert desk.web.is_closed
    assert poller.active == 0
    again = FakeWeb({one.url: rss(item()) for one in desk.sources.values()})
    assert set(desk.polls(desk.poller(web=again))) == {"evening", "morning", "night"}


def test_a_stop_without_a_store_is_told_and_ends_all_the_same(
    make: Callable[..., Desk], caplog: pytest.LogCaptureFixture
) -> None:
    desk = make("morning")
    poller = desk.poller(store=Breaks(desk.store, "release", lambda *_: StoreError("disk full")))
    poller.take_due()
    poller.close()
    assert desk.web.is_closed
    assert "disk full" in caplog.text


def test_a_machine_that_slept_beyond_its_leases_polls_nothing_twice(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    desk.web.holds(["https://morning.example/feed"])
    poller = desk.poller()
    poller.take_due()
    list(poller.step(0))
    desk.clock.passes(timedelta(hours=8))
    assert poller.take_due() == 0
    desk.web.holds([])
    assert [polled.outcome for polled in poller.step(0)] == ["changed"]
    assert len(desk.web.requests) == 1
    assert not desk.is_leased("morning")


@pytest.mark.parametrize("change", [{"url": "https://morning.example/v2"}, {"language": "hy"}], ids=str)
def test_what_is_under_way_is_not_saved_if_its_source_begins_again_meanwhile(
    change: dict[str, Any], make: Callable[..., Desk]
) -> None:
    desk = make("morning")
    desk.polls()
    desk.clock.passes(EVERY * 2)
    desk.web.serves("https://morning.example/feed", rss(item(2)), etag='"old"')
    reader = ReadLater()
    poller = desk.poller(reader=reader)
    poller.take_due()
    list(poller.step(0))
    desk.clock.passes(LIMITS.timeout * 3)
    changed = source("morning", **change)
    desk.store.polling.set_sources([changed], desk.clock())  # by a process that has seen it first
    poller.take_due()
    reader.reads_one()
    assert [polled.outcome for polled in poller.step(0)] == ["lost"]
    assert desk.titles() == ["News 1"]
    assert desk.visit("morning").known.etag == ""
    desk.clock.passes(MINUTE)
    desk.sources = {"morning": changed}
    desk.web.serves(changed.url, rss(item(2)))
    assert desk.polls(desk.poller()) == {"morning": "changed"}


def test_after_a_long_sleep_each_source_is_polled_once(make: Callable[..., Desk]) -> None:
    desk = make(*(f"s{number}" for number in range(40)))
    desk.polls()
    desk.clock.passes(timedelta(days=3))
    assert len(desk.ended()) == 40
    assert len(desk.web.requests) == 80


def test_a_clock_that_is_set_back_stops_no_lease_from_being_kept(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    reader = ReadLater()
    poller = desk.poller(reader=reader)
    poller.take_due()
    list(poller.step(0))
    desk.clock.passes(-timedelta(days=1))
    list(poller.step(0))
    desk.clock.passes(LIMITS.timeout)
    assert desk.polls(desk.poller()) == {}
    reader.reads_one()
    assert [polled.outcome for polled in poller.step(0)] == ["changed"]


def test_times_of_a_clock_that_was_wrong_are_counted_anew_without_a_burst(make: Callable[..., Desk]) -> None:
    desk = make(*(f"s{number}" for number in range(40)))
    desk.web.fails("https://s7.example/feed", Gone("answered 410 Gone"))
    desk.clock.passes(timedelta(days=300))
    desk.polls()
    desk.clock.now = START
    for _ in range(2):  # the second time there is nothing left to heal
        desk.store.polling.heal_times(START)
    assert desk.polls() == {}
    visits = {visit.source: visit for visit in desk.store.polling.visits()}
    assert visits.pop("s7").due == NEVER
    assert all(EVERY * 0.9 <= visit.due - START <= EVERY * 1.2 for visit in visits.values())
    assert len({visit.due for visit in visits.values()}) > 30
    desk.clock.passes(EVERY * 1.2)
    assert len(desk.polls()) == 39


def test_a_source_that_only_another_process_is_configured_with_is_left_to_it(
    make: Callable[..., Desk],
) -> None:
    desk = make("evening", "morning")
    poller = Poller(
        desk.store,
        {"evening": desk.sources["evening"]},
        LIMITS,
        fetcher=desk.web,
        reader=ReadHere(),
        clock=desk.clock,
    )
    assert desk.polls(poller) == {"evening": "changed"}
    assert not desk.is_leased("morning")
    desk.clock.passes(MINUTE * 2)
    assert desk.polls() == {"morning": "changed"}


# ── Room ─────────────────────────────────────────────────────────────────────────────────────────


def test_failing_sources_take_at_most_a_quarter_of_the_slots(make: Callable[..., Desk]) -> None:
    bad = [f"bad{number}" for number in range(40)]
    good = [f"good{number}" for number in range(40)]
    desk = make(*bad, *good)
    for name in bad:
        desk.web.fails(f"https://{name}.example/feed", TimedOut("no answer"))
    desk.polls()
    desk.web.holds([f"https://{name}.example/feed" for name in bad])
    desk.clock.passes(timedelta(hours=2))
    poller = desk.poller()
    ended: list[str] = []
    for _ in range(20):
        poller.take_due()
        assert desk.web.active <= LIMITS.at_once
        ended += [polled.source.name for polled in poller.step(0)]
    assert desk.web.active == LIMITS.at_once // 4
    assert sorted(ended) == sorted(good)
    assert all(request.is_doubtful == (request.source in bad) for request in desk.web.requests[80:])


def test_no_more_is_taken_than_there_are_slots(make: Callable[..., Desk]) -> None:
    desk = make(*(f"s{number}" for number in range(40)))
    poller = desk.poller(reader=ReadLater())
    for _ in range(10):
        poller.take_due()
        list(poller.step(0))
    assert poller.active == LIMITS.at_once
    assert poller.free == 0


def test_the_many_sources_of_one_host_hold_up_no_others_and_each_has_its_turn(
    make: Callable[..., Desk],
) -> None:
    big = [source(f"a{number:03}", url=f"https://big.example/{number}") for number in range(100)]
    desk = make(sources=[*big, source("z")])
    desk.web.holds(one.url for one in big)
    poller = desk.poller()
    ended: list[str] = []
    while poller.take_due():
        ended += [polled.source.name for polled in poller.step(0)]
    ended += [polled.source.name for polled in poller.step(0)]
    assert ended == ["z"]
    line = LIMITS.at_once // 8
    assert desk.web.active == line
    turns = sorted({visit.due for visit in desk.store.polling.visits()} - {START, desk.visit("z").due})
    assert [turn - START for turn in turns] == [timedelta(seconds=n) for n in range(line, 100)]
    assert {desk.visit(one.name).reason for one in big[line:]} == {"other sources at its host come first"}
    desk.web.holds([])
    for _ in range(110):
        ended += [polled.source.name for polled in desk.ended(poller)]
        desk.clock.passes(timedelta(seconds=1))
    assert ended == ["z", *(one.name for one in big)]


def test_sources_are_taken_by_eighths_while_documents_wait_to_be_read(make: Callable[..., Desk]) -> None:
    names = [f"s{number}" for number in range(40)]
    desk = make(*names, limits=replace(LIMITS, at_once=32))
    reader = ReadLater()
    poller = desk.poller(reader=reader)
    poller.take_due()
    list(poller.step(0))
    free = []
    for _ in range(5):
        reader.reads_one()
        list(poller.step(0))
        free.append(poller.free)
    assert free == [0, 0, 0, 4, 5]


def test_nothing_more_is_handed_to_readers_while_too_many_bytes_wait(make: Callable[..., Desk]) -> None:
    names = [f"s{number}" for number in range(40)]
    desk = make(*names, limits=replace(LIMITS, at_once=64))
    document = rss(item()) + b" " * 10_000_000
    for name in names:
        desk.web.serves(f"https://{name}.example/feed", document)
    desk.web.holds([f"https://{name}.example/feed" for name in names[7:]])
    reader = ReadLater()
    poller = desk.poller(reader=reader)
    poller.take_due()
    list(poller.step(0))
    desk.web.holds([])
    for _ in range(3):
        list(poller.step(0))
        assert poller.take_due() == 0
    assert len(reader.waiting) == 7
    reader.reads_one()
    assert len(list(poller.step(0))) == 1
    list(poller.step(0))
    assert len(reader.waiting) > 7


# ── Moves ────────────────────────────────────────────────────────────────────────────────────────


def test_a_move_is_believed_when_three_answers_in_a_row_say_so(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    new = "https://new.example/feed"
    for number in range(3):
        desk.web.serves("https://morning.example/feed", rss(item(number)), moved=new)
        assert desk.visit("morning").known.url == ""
        desk.polls(None, "morning")
    assert desk.visit("morning").known.url == new
    desk.web.serves(new, rss(item(9)))
    assert desk.polls(None, "morning") == {"morning": "changed"}
    assert desk.web.urls[3:] == [new]


def test_a_move_to_what_is_no_feed_is_not_believed(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    page = b"<html><title>Log in</title></html>"
    for _ in range(5):
        desk.web.serves("https://morning.example/feed", page, moved="https://login.example/")
        assert desk.polls(None, "morning") == {"morning": "failed"}
    assert desk.visit("morning").known.url == ""
    assert set(desk.web.urls) == {"https://morning.example/feed"}


# ── Echoes ───────────────────────────────────────────────────────────────────────────────────────

OURS = Ours(site_url="https://hub.example", ids=frozenset(["urn:uuid:0f0e"]))
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><id>{id}</id><title>Feed</title>
<link rel="self" href="{self}"/><updated>2024-11-24T10:00:00Z</updated>{entries}</feed>"""
ENTRY = """<entry><id>urn:x:{n}</id><title>News {n}</title><link href="https://paper.example/{n}"/>
<updated>2024-11-24T10:00:00Z</updated>{more}</entry>"""


def atom(*more: str, id: str = "urn:x:feed", link: str = "https://other.example/feed") -> str:  # noqa: A002
    entries = "".join(ENTRY.format(n=n, more=one) for n, one in enumerate(more, 1))
    return ATOM.format(id=id, self=link, entries=entries)


@pytest.mark.parametrize(
    "document",
    [
        atom("", id="urn:uuid:0f0e"),
        atom("", link="https://hub.example/day.atom"),
        atom("", link="http://www.hub.example/day.atom").replace("www.", ""),
    ],
    ids=["our id", "our self link", "without TLS"],
)
def test_a_document_of_our_own_is_refused_whole(document: str, make: Callable[..., Desk]) -> None:
    desk = make("morning")
    desk.web.serves("https://morning.example/feed", document)
    [polled] = desk.ended(desk.poller(ours=OURS))
    assert polled.problem == "this is a feed of our own"
    assert desk.titles() == []


@pytest.mark.parametrize(
    "hop",
    [
        "<source><id>urn:uuid:0f0e</id><title>Day</title></source>",
        '<source><id>urn:x:1</id><title>Day</title><link rel="self" href="https://hub.example/day.atom"/></source>',
    ],
    ids=["by id", "by address"],
)
def test_entries_that_came_through_us_are_refused_with_that_reason_and_others_are_taken(
    hop: str, make: Callable[..., Desk]
) -> None:
    desk = make("morning")
    other = "<source><id>urn:x:paper</id><title>The Paper</title></source>"
    desk.web.serves("https://morning.example/feed", atom("", hop, other))
    [polled] = desk.ended(desk.poller(ours=OURS))
    assert desk.titles() == ["News 1", "News 3"]
    [refused] = polled.visit.known.refused
    assert (refused.title, refused.link) == ("News 2", "https://paper.example/2")
    assert "through us" in refused.reason
    assert desk.visit("morning").known.refused == (refused,)


def test_of_many_echoes_the_operator_is_told_of_the_first_and_of_what_was_refused_before_them() -> None:
    us, paper = Origin(site_url="https://hub.example/day/"), Origin(site_url="https://paper.example/")
    read = tuple(entry(f"k{n}", origin=us if n % 2 else paper) for n in range(4000))
    told = NotTaken(reason="no link")
    began = time.process_time()
    left = OURS.without_echoes(Reading(origin=paper, entries=read, refused=(told,)))
    assert time.process_time() - began < 1  # 0.01 s; compared with each other they took 2 s
    assert left.entries == read[::2]
    assert left.refused[0] == told
    assert [one.id for one in left.refused[1:]] == [one.key for one in read[1 : 2 * MOST_REFUSED - 2 : 2]]


def test_a_site_whose_address_only_begins_like_ours_is_not_ours() -> None:
    reading = Reading(origin=Origin(id="https://hub.example.org/feed"), self_url="https://hub.example.org/f")
    assert OURS.without_echoes(reading) is reading
    assert Ours().without_echoes(replace(reading, origin=Origin())) == replace(reading, origin=Origin())


# ── All together ─────────────────────────────────────────────────────────────────────────────────


def test_each_source_ends_once_whatever_happens(make: Callable[..., Desk]) -> None:
    names = [f"s{number:02}" for number in range(30)]
    desk = make(*names)
    answers: Sequence[Outcome | str] = (TimedOut("late"), "<html>", Unchanged(), rss(item(5)).decode(), "")
    for number, name in enumerate(names):
        desk.web.gives(f"https://{name}.example/feed", answers[number % len(answers)])
    ended = desk.ended()
    assert sorted(polled.source.name for polled in ended) == names
    assert not any(desk.is_leased(name) for name in names)
    assert sum(polled.outcome == "changed" for polled in ended) == len(desk.titles()) == 6


# ── Together ─────────────────────────────────────────────────────────────────────────────────────


def test_what_gave_nothing_new_is_saved_together(make: Callable[..., Desk]) -> None:
    desk = make(*(f"s{number}" for number in range(9)))
    desk.polls()
    desk.clock.passes(EVERY * 2)
    with statements(desk.store) as seen:
        outcomes = desk.polls()
    assert set(outcomes.values()) == {"unchanged"}
    assert len(outcomes) == 9
    assert len([told for told, _ in seen if told.startswith("UPDATE visits SET due")]) == 1


def test_what_ends_while_answers_come_one_upon_the_other_is_saved_together(
    make: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"s{number}" for number in range(9)]
    with Loopback() as web:
        within = limits(web, at_once=16, per_host=16)
        desk = make(sources=[source(name, url=web.url(f"/{name}")) for name in names], limits=within)
        desk.polls()
        desk.clock.passes(EVERY * 2)
        for one in desk.sources.values():
            web.serves(f"/{one.name}", rss(item(), title=one.title))
        fetcher = Fetcher(within)
        run = fetcher._multi.run
        arriving: list[Ended] = []
        arrived = iter(arriving)

        def one_by_one(_: float) -> list[Ended]:
            while len(arriving) < len(names):
                arriving.extend(run(1))
            return list(islice(arrived, 1))

        monkeypatch.setattr(fetcher._multi, "run", one_by_one)
        poller = desk.poller(web=fetcher)
        assert poller.take_due() == len(names)
        ended: list[Polled] = []
        with statements(desk.store) as seen:
            while poller.active:
                ended += poller.step(60)
        poller.close()
    assert sorted(polled.source.name for polled in ended) == names
    assert {polled.outcome for polled in ended} == {"unchanged"}
    assert len([told for told, _ in seen if told.startswith("DELETE FROM leases")]) == 1


def test_one_that_cannot_be_saved_with_the_others_is_alone_to_blame(make: Callable[..., Desk]) -> None:
    desk = make("evening", "morning", "wire")
    desk.polls()
    desk.ask(
        "create trigger refused before update on visits when new.source = 'morning'"
        " and new.problem not like '%could not be saved%'"
        " begin select raise(abort, 'no'); end"
    )
    desk.clock.passes(EVERY * 2)
    assert desk.polls() == {"evening": "unchanged", "morning": "failed", "wire": "unchanged"}
