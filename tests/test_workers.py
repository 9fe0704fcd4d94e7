import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedhub.errors import ReadError
from feedhub.model import Limits, Reading, Response, Source
from feedhub.read import read
from feedhub.workers import Workers
from hubs import ROOT, Item, rss
from processes import descendants, descriptors, parents, readers, until

NOW = datetime(2024, 11, 24, 12, tzinfo=UTC)
SOURCE = Source(name="paper", url="https://paper.example/feed")
LIMITS = Limits(workers=2, cpu=timedelta(seconds=10), memory=512_000_000)
WAIT = 60.0

ITEM = Item(id="1", title="Gates open", link="https://paper.example/1", at=NOW)
GOOD = rss(ITEM)
# feedparser's search for an e-mail address is quadratic: this takes a minute.
ENDLESS = GOOD.replace(b"<item>", b"<item><author>" + b"a" * 120_000 + b"</author>")
# Three million empty lists: 10 MB of text, 450 MB of objects.
HUGE = b'{"version": "https://jsonfeed.org/version/1.1", "x": [' + b"[[[]]]," * 1_400_000 + b"0]}"


@contextmanager
def workers(limits: Limits = LIMITS, **settings: object) -> Iterator[Workers]:
    working = Workers(limits, **settings)  # type: ignore[arg-type]
    try:
        yield working
    finally:
        working.close()


def submit(working: Workers, body: bytes = GOOD) -> Future[Reading]:
    return working.submit(SOURCE, Response(url=SOURCE.url, body=body), NOW)


def problem(future: Future[Reading]) -> str:
    error = future.exception(WAIT)
    assert isinstance(error, ReadError), error
    return str(error)


def is_read(future: Future[Reading]) -> bool:
    return [entry.title for entry in future.result(WAIT).entries] == [ITEM.title]


def test_documents_are_read_in_other_processes() -> None:
    with workers() as working:
        futures = [submit(working) for _ in range(20)]
        assert all(is_read(future) for future in futures)
        until(lambda: len(readers()) == LIMITS.workers)


def test_what_was_read_is_let_go_of_without_the_garbage_collector() -> None:
    def left() -> int:
        return sum(isinstance(each, Reading | Response) for each in gc.get_objects())

    with workers() as working:
        gc.collect()
        before = left()
        gc.disable()
        try:
            assert all(is_read(future) for future in [submit(working) for _ in range(9)])
            until(lambda: left() <= before + 2)  # of the last one
        finally:
            gc.enable()


def test_a_read_error_keeps_its_words() -> None:
    page = b"<html><title>Hello</title></html>"
    with pytest.raises(ReadError) as direct:
        read(SOURCE, Response(url=SOURCE.url, body=page), now=NOW)
    with workers() as working:
        assert problem(submit(working, page)) == str(direct.value)


def test_a_document_beyond_its_time_is_ended_with_that_cause_while_others_go_on() -> None:
    limits = replace(LIMITS, cpu=timedelta(seconds=0.5))
    with workers(limits) as working:
        endless = submit(working, ENDLESS)
        others = [submit(working) for _ in range(10)]
        assert all(is_read(future) for future in others)
        assert problem(endless) == "reading it took more than 0.5 s, and was ended"
        assert is_read(submit(working))


def test_time_is_counted_for_each_document_by_itself() -> None:
    limits = replace(LIMITS, workers=1, cpu=timedelta(seconds=0.5))
    many = rss(*(replace(ITEM, id=str(n), link=f"https://paper.example/{n}") for n in range(300)))
    with workers(limits) as working:
        futures = [submit(working, many) for _ in range(20)]
        assert all(len(future.result(WAIT).entries) == 300 for future in futures)


def test_a_document_beyond_its_memory_is_ended_with_that_cause_while_others_go_on() -> None:
    limits = replace(LIMITS, memory=60_000_000)
    with workers(limits) as working:
        huge = submit(working, HUGE)
        others = [submit(working) for _ in range(10)]
        assert all(is_read(future) for future in others)
        assert problem(huge) == "reading it took more than 60 MB, and was ended"
        assert is_read(submit(working))


def test_a_document_does_not_pay_for_what_earlier_ones_left() -> None:
    acts = """
import sys; sys.path.append("tests")
from feedhub import workers
from test_workers import ITEM, LIMITS, NOW, SOURCE, Response, replace, rss
limits = replace(LIMITS, memory=300_000_000)
workers._nothing()
workers._begin(limits.memory)
left = bytearray(295_000_000)
many = rss(*(replace(ITEM, id=str(n), link=f"https://paper.example/{n}") for n in range(1000)))
print(len(workers._read(SOURCE, Response(url=SOURCE.url, body=many), NOW, limits).entries))
"""
    done = subprocess.run(
        [sys.executable, "-c", acts], capture_output=True, text=True, timeout=WAIT, cwd=ROOT
    )
    assert (done.stdout, done.stderr) == ("1000\n", "")


def test_a_process_that_is_killed_while_it_reads_costs_its_document_alone() -> None:
    with workers(replace(LIMITS, workers=1)) as working:
        assert is_read(submit(working))
        future = submit(working, ENDLESS)
        [pid] = readers()
        until(future.running)
        until(lambda: processor_time(pid) > 1.5)
        os.kill(pid, signal.SIGKILL)
        assert "SIGKILL" in problem(future)
        assert is_read(submit(working))


def test_small_documents_are_handed_over_together_and_large_ones_by_themselves() -> None:
    with workers(replace(LIMITS, workers=1)) as working:
        for _ in range(2):
            submit(working, ENDLESS)  # one that is read, and one to go on with
        small, large = [GOOD] * 10, [GOOD + b" " * 70_000]
        for body in (*small, *large, *small, *small):
            submit(working, body)
        assert [len(working._next_batch()) for _ in range(4)] == [10, 1, 16, 4]


def test_what_is_handed_over_with_a_document_that_is_beyond_its_time_is_read() -> None:
    limits = replace(LIMITS, workers=1, cpu=timedelta(seconds=0.5))
    slow = GOOD.replace(b"<item>", b"<item><author>" + b"a" * 60_000 + b"</author>")
    with workers(limits) as working:
        futures = [submit(working, body) for body in [GOOD] * 8 + [slow] + [GOOD] * 4]
        assert problem(futures.pop(8)) == "reading it took more than 0.5 s, and was ended"
        assert all(is_read(future) for future in futures)


def processor_time(pid: int) -> float:
    user = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11]
    return int(user) / os.sysconf("SC_CLK_TCK")


def test_processes_that_die_idle_are_replaced() -> None:
    with workers() as working:
        assert is_read(submit(working))
        until(lambda: len(readers()) == LIMITS.workers)
        before = readers()
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until(lambda: not before & readers())
        future = submit(working)
        until(lambda: working.mend() or future.done())
        assert is_read(future)


def test_who_waits_for_documents_waits_for_those_that_take_over_too() -> None:
    with workers() as working:
        working.warm()
        until(lambda: len(readers()) == LIMITS.workers)
        before = readers()
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until(lambda: not before & readers())
        futures = [submit(working) for _ in range(3)]
        working.wait(futures)
        assert any(future.done() for future in futures)
        assert all(is_read(future) for future in futures)
        working.wait([])


def test_a_pool_that_ends_nothing_any_more_is_replaced_and_its_documents_are_read() -> None:
    # A stopped process stands for one that died with its hands on the pipe: nothing comes of either.
    limits = replace(LIMITS, workers=1)
    with workers(limits, patience=timedelta(seconds=1)) as working:
        assert is_read(submit(working))
        [pid] = readers()
        os.kill(pid, signal.SIGSTOP)
        futures = [submit(working) for _ in range(3)]
        until(lambda: working.mend() or all(future.done() for future in futures))
        assert all(is_read(future) for future in futures)
        until(lambda: pid not in readers())


def test_a_document_that_takes_two_pools_with_it_is_to_blame() -> None:
    limits = replace(LIMITS, workers=1)
    with workers(limits, patience=timedelta(seconds=1)) as working:
        future = submit(working, ENDLESS)
        until(lambda: working.mend() or future.done())
        assert "was lost" in problem(future)
        assert is_read(submit(working))


def test_a_process_is_replaced_after_so_many_documents() -> None:
    with workers(replace(LIMITS, workers=1), recycled_after=3) as working:
        seen = set()
        for _ in range(7):
            assert is_read(submit(working))
            seen |= readers()
        assert len(seen) >= 2


def test_no_process_is_left_after_close_even_in_the_midst_of_reading() -> None:
    before = readers()
    for body in (GOOD, ENDLESS):
        working = Workers(LIMITS)
        futures = [submit(working, body) for _ in range(5)]
        until(futures[0].running)
        until(lambda: len(readers() - before) == LIMITS.workers)
        working.close()
        assert readers() == before


def test_nothing_stays_open_after_close() -> None:
    with workers() as working:  # begins the server that the processes are forked by, which stays
        assert is_read(submit(working))
    gc.collect()
    before = descriptors(os.getpid())
    for _ in range(3):
        with workers() as working:
            assert is_read(submit(working))
    gc.collect()
    assert descriptors(os.getpid()) == before


def test_a_close_before_anything_was_read_is_fine() -> None:
    working = Workers(LIMITS)
    working.close()
    working = Workers(LIMITS)
    working.warm()
    working.close()


def test_ctrl_c_does_not_reach_the_processes() -> None:
    with workers() as working:
        assert is_read(submit(working))
        until(lambda: len(readers()) == LIMITS.workers)
        before = readers()
        for pid in before:
            os.kill(pid, signal.SIGINT)
        assert all(is_read(submit(working)) for _ in range(5))
        assert readers() == before


def test_documents_are_read_while_other_threads_are_at_work() -> None:
    stopping = threading.Event()
    lock = threading.Lock()

    def work() -> None:
        while not stopping.wait(0.001):
            with lock:
                sorted(range(100))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        with workers(recycled_after=2) as working:
            assert all(is_read(future) for future in [submit(working) for _ in range(20)])
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def test_what_the_parser_did_not_foresee_is_a_read_error() -> None:
    deep = b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 200_000
    with workers() as working:
        assert problem(submit(working, deep))
        assert is_read(submit(working))


def test_the_processes_end_when_their_parent_is_killed() -> None:
    program = f"""
import sys, time
sys.path.insert(0, {str(ROOT / "tests")!r})
from test_workers import ENDLESS, LIMITS, Workers, replace, submit, timedelta
working = Workers(replace(LIMITS, cpu=timedelta(seconds=2)))
submit(working).result()
submit(working, ENDLESS)
print("reading", flush=True)
time.sleep(60)
"""
    # The budget of the document that is being read ends its process; the idle one ends at once.
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"reading\n"
        begun = descendants(parent.pid)
        assert len(begun) >= 3  # two that read, and the server that forks them
        parent.kill()
        parent.wait(WAIT)
        until(lambda: not begun & parents().keys())
