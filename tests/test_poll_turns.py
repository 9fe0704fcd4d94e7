"""The many sources of one host hold up no others."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from feedhub.cli.turns import in_turns
from feedhub.model import Limits
from feedhub.poll.turns import Turns

NOW = datetime(2024, 11, 24, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
URL = "https://big.example/feed"


def test_at_a_host_with_a_short_line_or_without_a_pause_nobody_is_put_off() -> None:
    assert Turns(Limits(at_once=64), most=99).next(URL, 7, NOW) is None
    assert Turns(Limits(at_once=64, pause=timedelta()), most=99).next(URL, 999, NOW) is None
    assert Turns(Limits(at_once=4, per_host=3), most=99).next(URL, 2, NOW) is None


def test_turns_at_a_host_are_apart_by_its_pause_and_begin_when_its_line_has_gone() -> None:
    turns = Turns(Limits(at_once=64), most=99)
    assert turns.next(URL, 8, NOW) == NOW + 8 * SECOND
    assert turns.next(URL, 8, NOW) == NOW + 9 * SECOND
    assert turns.next("https://other.example/feed", 10, NOW) == NOW + 10 * SECOND
    assert turns.next(URL, 8, NOW + 5 * SECOND) == NOW + 13 * SECOND
    assert turns.next(URL, 8, NOW + timedelta(hours=1)) == NOW + timedelta(hours=1) + 8 * SECOND


def test_a_clock_that_was_ahead_puts_nobody_off_for_long() -> None:
    turns = Turns(Limits(), most=30)
    turns.next(URL, 9, NOW + timedelta(days=9))
    assert turns.next(URL, 9, NOW) == NOW + 30 * SECOND


def test_hosts_are_asked_in_turns() -> None:
    asked = [f"https://{host}.example/{number}" for number, host in enumerate("aaabab")]
    told = "".join(url[8] for url in in_turns(asked, str))
    assert told == "ababaa"
    assert all(one < other for one, other in pairwise(url for url in in_turns(asked, str) if url[8] == "a"))
