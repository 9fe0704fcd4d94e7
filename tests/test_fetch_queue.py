from hypothesis import given
from hypothesis import strategies as st

from feedhub.fetch.queue import Queue


def queue(*, at_once: int = 4, per_host: int = 2, pause: float = 1.0) -> Queue[str]:
    return Queue(at_once=at_once, per_host=per_host, pause=pause)


def take_all(waiting: Queue[str], now: float) -> list[str]:
    taken = []
    while (item := waiting.take(now)) is not None:
        taken.append(item)
    return taken


def test_two_starts_at_one_host_are_a_pause_apart() -> None:
    waiting = queue()
    for item in ("a1", "a2", "a3"):
        waiting.add(item, "a", is_doubtful=False)
    assert take_all(waiting, 10.0) == ["a1"]
    assert waiting.wait(10.25) == 0.75
    assert take_all(waiting, 10.9) == []
    assert take_all(waiting, 11.0) == ["a2"]


def test_a_host_has_no_more_than_its_slots_in_flight() -> None:
    waiting = queue(pause=0.0)
    for item in ("a1", "a2", "a3"):
        waiting.add(item, "a", is_doubtful=False)
    assert take_all(waiting, 0.0) == ["a1", "a2"]
    waiting.done("a", is_doubtful=False)
    assert take_all(waiting, 0.0) == ["a3"]


def test_a_slow_host_does_not_hold_up_the_others() -> None:
    waiting = queue()
    for number in range(50):
        waiting.add(f"a{number}", "a", is_doubtful=False)
    waiting.add("b", "b", is_doubtful=False)
    assert take_all(waiting, 0.0) == ["a0", "b"]


def test_no_more_run_than_there_are_slots() -> None:
    waiting = queue(at_once=3)
    for number in range(9):
        waiting.add(str(number), str(number), is_doubtful=False)
    assert len(take_all(waiting, 0.0)) == 3
    assert waiting.wait(0.0) is None


def test_doubtful_items_take_a_quarter_of_the_slots() -> None:
    waiting = queue(at_once=8, pause=0.0)
    for number in range(20):
        waiting.add("doubtful", f"d{number}", is_doubtful=True)
    assert len(take_all(waiting, 0.0)) == 2
    for number in range(20):
        waiting.add("sound", f"s{number}", is_doubtful=False)
    assert take_all(waiting, 0.0) == ["sound"] * 6


def test_one_slot_serves_sound_and_doubtful_in_turn() -> None:
    waiting = queue(at_once=1, pause=0.0)
    for number in range(3):
        waiting.add("doubtful", f"d{number}", is_doubtful=True)
        waiting.add("sound", f"s{number}", is_doubtful=False)
    taken = []
    for _ in range(6):
        item = waiting.take(0.0)
        assert item
        taken.append(item)
        waiting.done(
            ("d" if item == "doubtful" else "s") + str(taken.count(item) - 1), is_doubtful=item == "doubtful"
        )
    assert taken == ["sound", "doubtful"] * 3


def test_doubtful_items_of_a_host_do_not_hold_up_its_sound_ones() -> None:
    waiting = queue(at_once=4, pause=0.0)
    waiting.add("d1", "x", is_doubtful=True)
    waiting.add("d2", "a", is_doubtful=True)
    waiting.add("a1", "a", is_doubtful=False)
    assert sorted(take_all(waiting, 0.0)) == ["a1", "d1"]


def test_what_was_under_way_goes_first() -> None:
    waiting = queue(at_once=1, pause=0.0)
    waiting.add("new", "a", is_doubtful=False)
    waiting.add("hop", "b", is_doubtful=False, is_first=True)
    assert waiting.take(0.0) == "hop"


def test_a_queue_that_is_idle_remembers_no_hosts() -> None:
    waiting = queue(at_once=1000)
    for number in range(1000):
        waiting.add(str(number), str(number), is_doubtful=False)
    for item in take_all(waiting, 0.0):
        waiting.done(item, is_doubtful=False)
    waiting.take(5.0)
    assert waiting._hosts == {}
    assert waiting._resting == []


def test_a_line_is_what_waits_for_a_host() -> None:
    waiting = queue(pause=1.0)
    for number in range(3):
        waiting.add(str(number), "a", is_doubtful=number == 1)
    assert (waiting.line("a"), waiting.line("b")) == (3, 0)
    waiting.take(0.0)
    assert waiting.line("a") == 2


def test_ten_thousand_items_at_one_host_cost_no_scans() -> None:
    waiting = queue(at_once=64, per_host=2, pause=0.001)
    for number in range(10_000):
        waiting.add(str(number), "a" if number % 2 else f"h{number}", is_doubtful=number % 3 == 0)
    now, left = 0.0, 10_000
    while left:
        item = waiting.take(now)
        if item is None:
            now += waiting.wait(now) or 0.001
            continue
        left -= 1
        number = int(item)
        waiting.done("a" if number % 2 else f"h{number}", is_doubtful=number % 3 == 0)
    assert len(waiting) == 0


steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from("abc"), st.booleans()),
        st.tuples(st.just("done"), st.integers(0, 9), st.just(False)),
        st.tuples(st.just("pass"), st.integers(0, 8), st.just(False)),
    ),
    max_size=60,
)


@given(steps, st.integers(1, 6), st.integers(1, 3), st.sampled_from([0.0, 1.0]))
def test_the_limits_hold_and_nothing_is_lost(
    steps: list[tuple[str, object, bool]], at_once: int, per_host: int, pause: float
) -> None:
    waiting: Queue[tuple[str, bool, int]] = Queue(at_once=at_once, per_host=per_host, pause=pause)
    now, added, running, started = 0.0, 0, [], []
    last: dict[str, float] = {}

    def drain() -> None:
        while (item := waiting.take(now)) is not None:
            host = item[0]
            assert host not in last or now - last[host] >= pause
            last[host] = now
            running.append(item)
            started.append(item)
            assert len(running) <= at_once
            assert sum(each[0] == host for each in running) <= per_host
            assert sum(each[1] for each in running) <= max(1, at_once // 4)

    for kind, value, is_doubtful in steps:
        if kind == "add":
            waiting.add((str(value), is_doubtful, added), str(value), is_doubtful=is_doubtful)
            added += 1
        elif kind == "done" and running:
            item = running.pop(int(str(value)) % len(running))
            waiting.done(item[0], is_doubtful=item[1])
        elif kind == "pass":
            now += int(str(value)) / 4  # no rounding
        drain()
    for _ in range(2 * added):
        while running:
            item = running.pop()
            waiting.done(item[0], is_doubtful=item[1])
        now += 1.0
        drain()
    assert sorted(item[2] for item in started) == list(range(added))
