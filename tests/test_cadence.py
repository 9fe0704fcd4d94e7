"""When a source is visited next: every header, every hint, every failure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.cadence import NEVER, Answered, fresh_for, next_visit
from feedhub.errors import Gone, ReadError, Refused, Rejected, SourceError, TimedOut, Unreachable
from feedhub.model import Known, NotTaken, Source, Unchanged, Visit

NOW = datetime(2024, 11, 24, 10, 24, tzinfo=UTC)  # a Sunday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOURCE = Source(name="morning", url="https://morning.example/feed/", every=30 * MINUTE)
VISIT = Visit(source="morning", due=NOW)


def after(outcome, *, source=SOURCE, visit=VISIT, **more):
    return next_visit(source, visit, outcome, now=NOW, **more)


def waits(visit, at_least, *, spread=0.1):
    """Tell whether the next visit comes after a wait, and at most its spread later."""
    wait = visit.due - NOW
    return at_least <= wait <= at_least + min(at_least * spread, HOUR)


# ── The interval ─────────────────────────────────────────────────────────────────────────────────


def test_a_changed_source_is_visited_again_after_its_own_interval():
    visit = after(Answered(changed=True))
    assert visit.interval == 30 * MINUTE
    assert waits(visit, 30 * MINUTE)


@pytest.mark.parametrize("outcome", [Answered(changed=False), Unchanged()])
def test_the_interval_grows_slowly_while_nothing_changes(outcome):
    visit = after(outcome)
    assert visit.interval == 33 * MINUTE
    assert waits(visit, 33 * MINUTE)


def test_the_interval_shrinks_when_something_changed():
    assert after(Answered(), visit=replace(VISIT, interval=4 * HOUR)).interval == 2 * HOUR


def test_the_interval_stays_between_every_and_a_day():
    assert after(Answered(), visit=replace(VISIT, interval=31 * MINUTE)).interval == 30 * MINUTE
    assert after(Unchanged(), visit=replace(VISIT, interval=23 * HOUR)).interval == DAY


def test_an_every_of_more_than_a_day_is_kept():
    source = replace(SOURCE, every=3 * DAY)
    for outcome in (Answered(), Unchanged()):
        assert after(outcome, source=source).interval == 3 * DAY
    assert waits(after(TimedOut("slow"), source=source), 3 * DAY)


def test_an_every_that_was_raised_or_lowered_takes_effect_at_once():
    visit = replace(VISIT, interval=10 * MINUTE)
    assert after(Unchanged(), visit=visit).interval == 33 * MINUTE


def test_a_source_that_changes_daily_is_never_left_alone_for_more_than_a_fifth_of_a_day():
    visit, changed = VISIT, NOW
    longest = timedelta()
    for _ in range(2000):
        now = visit.due
        is_new = now - changed >= DAY
        changed = changed + DAY if is_new else changed
        visit = next_visit(SOURCE, visit, Answered(changed=is_new), now=now)
        longest = max(longest, visit.due - now)
    assert longest < DAY / 5


# ── What the server and the document say ─────────────────────────────────────────────────────────

DATE = "Sun, 24 Nov 2024 10:24:00 GMT"


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, 0 * MINUTE),
        ({"cache-control": "max-age=3600"}, HOUR),
        ({"cache-control": "public, max-age=3600, must-revalidate"}, HOUR),
        ({"cache-control": "MAX-AGE=3600"}, HOUR),
        ({"cache-control": 'max-age="3600"'}, HOUR),
        ({"cache-control": "max-age = 3600"}, HOUR),
        ({"cache-control": "private max-age=3600"}, HOUR),
        ({"cache-control": "max-age=3600", "age": "600"}, 50 * MINUTE),
        ({"cache-control": "max-age=3600", "age": "7200"}, 0 * MINUTE),
        ({"cache-control": "max-age=3600", "age": "soon"}, HOUR),
        ({"cache-control": "max-age=3600", "age": "²"}, HOUR),
        ({"cache-control": "max-age=0"}, 0 * MINUTE),
        ({"cache-control": "max-age=-1"}, 0 * MINUTE),
        ({"cache-control": "max-age=1e9"}, 0 * MINUTE),
        ({"cache-control": "max-age=soon"}, 0 * MINUTE),
        ({"cache-control": "max-age"}, 0 * MINUTE),
        ({"cache-control": "s-maxage=3600"}, 0 * MINUTE),
        ({"cache-control": "x-max-age=3600"}, 0 * MINUTE),
        ({"cache-control": "max-age=31536000"}, DAY),
        ({"cache-control": "max-age=999999999999"}, DAY),
        ({"cache-control": "max-age=" + "9" * 5000}, 0 * MINUTE),
        ({"cache-control": "no-cache", "expires": "Sun, 24 Nov 2024 12:24:00 GMT"}, 0 * MINUTE),
        ({"cache-control": "max-age=0", "expires": "Sun, 24 Nov 2024 12:24:00 GMT"}, 0 * MINUTE),
        ({"expires": "Sun, 24 Nov 2024 12:24:00 GMT"}, 2 * HOUR),
        ({"expires": "Sunday, 24-Nov-24 12:24:00 GMT"}, 2 * HOUR),
        ({"expires": "Sun Nov 24 12:24:00 2024"}, 2 * HOUR),
        ({"expires": "Sun, 24 Nov 2024 12:24:00 GMT", "date": DATE}, 2 * HOUR),
        ({"expires": "Mon, 01 Jan 2024 01:00:00 GMT", "date": "Mon, 01 Jan 2024 00:00:00 GMT"}, HOUR),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0 * MINUTE),
        ({"expires": "0"}, 0 * MINUTE),
        ({"expires": "-1"}, 0 * MINUTE),
        ({"expires": ""}, 0 * MINUTE),
        ({"expires": "Sun, 99 Nov 2024 99:99:99 GMT"}, 0 * MINUTE),
        ({"expires": "x" * 100_000}, 0 * MINUTE),
        ({"expires": "Sun, 24 Nov 2024 12:24:00 GMT", "date": "nonsense"}, 2 * HOUR),
    ],
)
def test_an_answer_stays_fresh_as_long_as_its_headers_say(headers, fresh):
    assert fresh_for(headers, NOW) == fresh


@pytest.mark.parametrize(
    ("answer", "interval"),
    [
        (Answered(headers={"cache-control": "max-age=7200"}), 2 * HOUR),
        (Answered(headers={"cache-control": "max-age=60"}), 30 * MINUTE),
        (Answered(headers={"cache-control": "max-age=31536000"}), DAY),
        (Answered(headers={"expires": "Sat, 24 Nov 2029 12:24:00 GMT"}), DAY),
        (Answered(headers={"expires": "Sun, 24 Nov 2024 12:24:00 GMT"}), 2 * HOUR),
        (Answered(ttl=HOUR), HOUR),
        (Answered(ttl=MINUTE), 30 * MINUTE),
        (Answered(ttl=400 * DAY), DAY),
        (Answered(ttl=-DAY), 30 * MINUTE),
        (Answered(ttl=HOUR, headers={"cache-control": "max-age=7200"}), 2 * HOUR),
        (Answered(ttl=3 * HOUR, headers={"cache-control": "max-age=7200"}), 3 * HOUR),
        (Unchanged(headers={"cache-control": "max-age=7200"}), 2 * HOUR),
    ],
)
def test_what_the_server_and_the_document_say_are_lower_bounds_up_to_a_day(answer, interval):
    visit = after(answer)
    assert visit.interval == interval
    assert waits(visit, interval)


@pytest.mark.parametrize(
    ("hours", "days", "earliest"),
    [
        ((), (), datetime(2024, 11, 24, 10, 54, tzinfo=UTC)),
        ((9,), (), datetime(2024, 11, 24, 10, 54, tzinfo=UTC)),
        ((10,), (), datetime(2024, 11, 24, 11, tzinfo=UTC)),
        ((10, 11, 12), (), datetime(2024, 11, 24, 13, tzinfo=UTC)),
        (tuple(range(10, 24)), (), datetime(2024, 11, 25, tzinfo=UTC)),
        ((), (6,), datetime(2024, 11, 25, tzinfo=UTC)),
        ((0, 1), (6,), datetime(2024, 11, 25, 2, tzinfo=UTC)),
        ((), (6, 0), datetime(2024, 11, 26, tzinfo=UTC)),
        (tuple(range(24)), (), datetime(2024, 11, 24, 10, 54, tzinfo=UTC)),
        ((), tuple(range(7)), datetime(2024, 11, 24, 10, 54, tzinfo=UTC)),
        ((99, -1), (77,), datetime(2024, 11, 24, 10, 54, tzinfo=UTC)),
    ],
)
def test_skipped_hours_and_days_are_waited_for(hours, days, earliest):
    due = after(Answered(skip_hours=hours, skip_days=days)).due
    assert earliest <= due <= earliest + 5 * MINUTE


# ── What is remembered ───────────────────────────────────────────────────────────────────────────

KNOWN = replace(
    VISIT,
    failures=3,
    problem="was away",
    leased=NOW,
    known=Known(etag='"a"', last_modified=DATE, digest="d", refused=(NotTaken(reason="no link"),)),
)


def test_an_answer_replaces_what_was_known():
    refused = (NotTaken(reason="no title"),)
    visit = after(Answered(etag='"b"', digest="e", refused=refused), visit=KNOWN)
    assert (visit.known.etag, visit.known.last_modified, visit.known.digest) == ('"b"', "", "e")
    assert (visit.failures, visit.problem, visit.known.refused) == (0, "", refused)
    assert (visit.polled, visit.succeeded) == (NOW, NOW)


def test_a_304_is_a_success_that_keeps_the_validators():
    visit = after(Unchanged(), visit=KNOWN)
    assert (visit.known.etag, visit.known.last_modified, visit.known.digest) == ('"a"', DATE, "d")
    assert (visit.failures, visit.problem, visit.known.refused) == (0, "", KNOWN.known.refused)
    assert (visit.polled, visit.succeeded) == (NOW, NOW)


def test_a_304_may_bring_new_validators():
    visit = after(Unchanged(headers={"etag": '"b"', "last-modified": "later"}), visit=KNOWN)
    assert (visit.known.etag, visit.known.last_modified) == ('"b"', "later")


def test_the_lease_is_left_to_the_store():
    for outcome in (Answered(), Unchanged(), TimedOut("slow"), Gone("gone")):
        assert after(outcome, visit=KNOWN).leased == NOW


NEW = "https://new.example/feed/"


def after_all(*outcomes, visit=VISIT):
    for outcome in outcomes:
        visit = after(outcome, visit=visit)
    return visit


def test_a_source_that_says_three_times_in_a_row_that_it_moved_is_visited_there():
    twice = after_all(Answered(moved=NEW), Unchanged(moved=NEW))
    assert (twice.known.url, twice.known.moving_to, twice.known.moves) == ("", NEW, 2)
    moved = after(Answered(moved=NEW), visit=twice)
    assert (moved.known.url, moved.known.moving_to, moved.known.moves) == (NEW, "", 0)
    assert after_all(Answered(), Unchanged(), visit=moved).known.url == NEW


@pytest.mark.parametrize("between", [Answered(), Unchanged(), Answered(moved="https://login.example/")])
def test_a_move_that_is_not_told_three_times_in_a_row_is_not_believed(between):
    visit = after_all(Answered(moved=NEW), Answered(moved=NEW), between, Answered(moved=NEW))
    assert (visit.known.url, visit.known.moving_to, visit.known.moves) == ("", NEW, 1)


def test_a_failure_between_does_not_make_a_move_less_credible():
    visit = after_all(Answered(moved=NEW), TimedOut("slow"), Answered(moved=NEW), Answered(moved=NEW))
    assert visit.known.url == NEW


def test_a_source_that_moved_back_is_visited_where_config_toml_says():
    moved = replace(VISIT, known=Known(url=NEW))
    assert after_all(*[Answered(moved=SOURCE.url)] * 3, visit=moved).known.url == ""


def test_what_a_document_asks_for_outlives_a_304():
    told = after(Answered(ttl=5 * HOUR, skip_hours=(3,), skip_days=(6,)))
    visit = after(Unchanged(), visit=told)
    assert (visit.known.ttl, visit.known.skip_hours, visit.known.skip_days) == (5 * HOUR, (3,), (6,))
    assert visit.interval >= 5 * HOUR


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Answered(), "as configured"),
        (Unchanged(), "it seldom changes"),
        (Answered(ttl=5 * HOUR), "its document asks for it (ttl or sy:updatePeriod)"),
        (
            Unchanged(headers={"cache-control": "max-age=7200"}),
            "its server asks for it (Cache-Control or Expires)",
        ),
        (Rejected("slow down", status=429, retry_after=9 * HOUR), "its server asks for it (Retry-After)"),
        (TimedOut("slow"), "it failed"),
    ],
)
def test_the_reason_for_the_interval_is_told(outcome, reason):
    assert after(outcome).reason == reason


def test_after_three_failures_at_a_new_address_the_configured_one_is_tried():
    visit = replace(KNOWN, known=replace(KNOWN.known, url="https://new.example/feed/"), failures=0)
    for _ in range(2):
        visit = after(Unreachable("no such host"), visit=visit)
        assert (visit.known.url, visit.known.etag) == ("https://new.example/feed/", '"a"')
    visit = after(Unreachable("no such host"), visit=visit)
    known = visit.known
    assert (known.url, known.etag, known.last_modified, known.digest) == ("", "", "", "")


# ── Failures ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("failures", "wait"), [(0, 30 * MINUTE), (1, HOUR), (2, 2 * HOUR), (5, 16 * HOUR), (6, DAY), (10**6, DAY)]
)
def test_each_failure_in_a_row_doubles_the_wait_up_to_a_day(failures, wait):
    visit = after(TimedOut("no answer in 30 seconds"), visit=replace(VISIT, failures=failures))
    assert visit.failures == failures + 1
    assert visit.problem == "no answer in 30 seconds"
    assert waits(visit, wait)


def test_a_failure_is_waited_after_for_a_minute_at_least():
    source = replace(SOURCE, every=timedelta(seconds=1))
    assert waits(after(TimedOut("slow"), source=source), MINUTE)
    assert waits(after(TimedOut("slow"), source=source, least=timedelta(seconds=2)), timedelta(seconds=2))


def test_a_failure_leaves_what_was_known_as_it_was():
    for error in (Unreachable("x"), ReadError("an HTML page, not a feed"), Refused("too large")):
        visit = after(error, visit=replace(KNOWN, interval=4 * HOUR, succeeded=NOW - DAY))
        assert (visit.known.etag, visit.known.last_modified, visit.known.digest) == ('"a"', DATE, "d")
        assert (visit.interval, visit.succeeded, visit.polled) == (4 * HOUR, NOW - DAY, NOW)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (None, 30 * MINUTE),
        (timedelta(seconds=5), 30 * MINUTE),
        (2 * HOUR, 2 * HOUR),
        (DAY, DAY),
        (400 * DAY, DAY),
        (-DAY, 30 * MINUTE),
        (timedelta.max, DAY),
        (timedelta.min, 30 * MINUTE),
    ],
)
def test_a_server_may_ask_us_to_stay_away_for_a_day(asked, wait):
    for error in (Rejected("429", status=429, retry_after=asked), TimedOut("slow", retry_after=asked)):
        assert waits(after(error), wait)


def test_a_source_that_is_gone_waits_for_somebody_to_ask_by_name():
    visit = after(Gone("410 Gone"))
    assert visit.due == NEVER
    assert visit.problem == "410 Gone; it is not polled any more, unless by name"
    assert (visit.failures, visit.polled) == (1, NOW)


def test_a_source_that_is_gone_from_its_new_address_is_tried_at_the_configured_one():
    moved = replace(KNOWN, known=replace(KNOWN.known, url=NEW), failures=0)
    visit = after(Gone("410 Gone"), visit=moved)
    assert (visit.known.url, visit.known.etag) == ("", "")
    assert waits(visit, 30 * MINUTE)


# ── Spreading ────────────────────────────────────────────────────────────────────────────────────


def test_sources_with_one_interval_are_spread_over_a_tenth_of_it():
    sources = [replace(SOURCE, name=f"source-{number}") for number in range(400)]
    late = [(after(Answered(), source=source).due - NOW) / (30 * MINUTE) - 1 for source in sources]
    assert min(late) >= 0
    assert max(late) <= 0.1
    for tenth in range(10):
        assert sum(tenth / 100 <= each < (tenth + 1) / 100 for each in late) > 15


def test_the_same_visit_gives_the_same_next_one():
    assert after(Answered()) == after(Answered())


# ── For every input ──────────────────────────────────────────────────────────────────────────────

words = st.text(max_size=60) | st.sampled_from(
    ["max-age=60", "max-age=99999999", "no-cache", DATE, "Sun, 24 Nov 2099 10:24:00 GMT", "0", "-1", "1e9"]
)
headers = st.dictionaries(
    st.sampled_from(["cache-control", "expires", "date", "age", "etag", "last-modified"]), words
)
waits_of_any_length = st.none() | st.timedeltas()
outcomes = st.one_of(
    st.builds(Answered, headers=headers, changed=st.booleans(), ttl=waits_of_any_length, moved=words),
    st.builds(Unchanged, headers=headers),
    st.builds(Rejected, words, status=st.integers(), retry_after=waits_of_any_length),
    st.builds(ReadError, words),
    st.builds(SourceError, words),
)
visits = st.builds(
    Visit,
    source=st.just("morning"),
    due=st.just(NOW),
    known=st.sampled_from([Known(), Known(url="https://new.example/")]),
    failures=st.integers(0, 10**9),
    interval=st.none() | st.timedeltas(min_value=timedelta()),
)


@settings(deadline=None)
@given(visits, outcomes, st.timedeltas(timedelta(seconds=1), DAY))
def test_the_next_visit_is_due_between_a_second_and_25_hours_from_now(visit, outcome, every):
    found = after(outcome, visit=visit, source=replace(SOURCE, every=every))
    assert timedelta(seconds=1) <= found.due - NOW <= 25 * HOUR
    assert found.due.tzinfo is UTC
    assert found.polled == NOW
    assert (found.failures == 0) == (found.problem == "" and not isinstance(outcome, SourceError))
    if not isinstance(outcome, SourceError):
        assert every <= found.interval <= DAY


@settings(deadline=None)
@given(visits, outcomes, st.timedeltas(timedelta(), timedelta.max))
def test_no_interval_however_long_is_too_much(visit, outcome, every):
    assert after(outcome, visit=visit, source=replace(SOURCE, every=every)).due > NOW


numbers = st.lists(st.integers(-1, 25), max_size=30).map(tuple)


@settings(deadline=None)
@given(numbers, numbers, st.timedeltas(timedelta(seconds=1), DAY))
def test_a_skipped_hour_or_day_is_never_one_of_a_visit_unless_all_are(hours, days, every):
    source = replace(SOURCE, every=every)
    due = after(Answered(skip_hours=hours, skip_days=days), source=source).due
    is_skipped = due.hour in hours or due.weekday() in days
    assert is_skipped == (set(range(24)) <= set(hours) or set(range(7)) <= set(days))
    assert due - NOW <= 25 * HOUR + 8 * DAY
