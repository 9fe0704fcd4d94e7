import argparse
import io
import re
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from bench import micro, polling, scale
from bench.__main__ import report, write
from bench.corpus import ENTRIES, Corpus
from bench.goals import Goal, Row, goals_table, table
from bench.measure import cost_of
from bench.origin import fetched, nginx, put, serving
from bench.pollers import FeedHub, Publishing

NEWEST = datetime(2024, 11, 24, 9, tzinfo=UTC)
CORPUS = Corpus(newest=NEWEST, count=5)


def links(body: bytes) -> list[str]:
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    return [entry.link for entry in parsed.entries]


def test_the_corpus_is_the_same_for_a_seed_and_another_for_another():
    again, other = Corpus(newest=NEWEST, count=5), Corpus(newest=NEWEST, count=5, seed=2)
    assert CORPUS.documents() == again.documents()
    assert all(one != another for one, another in zip(CORPUS.documents(), other.documents(), strict=True))


@pytest.mark.parametrize("number", [0, 1, 7, 12])
def test_a_document_is_well_formed_with_35_entries_and_about_126_kb(number):
    body = CORPUS.document(number)
    assert len(set(links(body))) == ENTRIES
    assert 110_000 < len(body) < 145_000


@pytest.mark.parametrize("number", [0, 1])
def test_newer_entries_come_in_at_the_top_and_the_oldest_go(number):
    before, after = links(CORPUS.document(number)), links(CORPUS.document(number, newer=2))
    assert after[2:] == before[:-2]
    assert not set(after[:2]) & set(before)


@pytest.mark.parametrize("ours", [True, False])
def test_the_origin_answers_304_until_a_document_changes(tmp_path, ours):
    if not ours and not nginx():
        pytest.skip("nginx is not installed")
    tmp_path.chmod(0o755)
    root = tmp_path / "documents"
    root.mkdir()
    put(root, "a", b"<rss/>", modified=1000.0)
    with serving(root, tmp_path / "origin", ours=ours) as origin:
        first, last = origin.url(0, "a"), origin.url(49, "a")
        status, etag, body = fetched(first)
        assert (status, body) == (200, b"<rss/>")
        assert fetched(last, etag)[0] == 304
        put(root, "a", b"<rss></rss>", modified=1060.0)
        assert fetched(first, etag)[::2] == (200, b"<rss></rss>")


def test_the_cost_of_a_command_counts_processes_that_outlive_it(tmp_path):
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    words = [
        sys.executable,
        "-c",
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '''{burn}'''])",
    ]
    assert cost_of(words, tmp_path, limit=60).cpu >= 0.3


def test_a_command_that_fails_or_never_ends_is_an_error(tmp_path):
    with pytest.raises(RuntimeError, match="exit code 3"):
        cost_of([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, limit=60)
    with pytest.raises(RuntimeError, match="exit code 9"):
        cost_of([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, limit=0.5)


def test_a_row_says_how_far_it_came():
    goal = Goal(name="x", most=2, stretch=1)
    assert [Row(goal=goal, measured=each).word for each in (1, 2, 2.1)] == ["stretch", "reached", "missed"]
    assert "| x |" in goals_table([Row(goal=goal, measured=0.5)])


def test_a_table_has_columns_of_one_width():
    lines = table(("a", "bb"), [("long", "1"), ("x", "1234")]).splitlines()
    assert len({len(line) for line in lines}) == 1


def test_writing_the_figures_keeps_what_stands_around_them(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text("# Mine\n<!-- measured -->\nold\n<!-- /measured -->\nThe end.\n")
    write("new", page)
    assert page.read_text() == "# Mine\n<!-- measured -->\nnew\n<!-- /measured -->\nThe end.\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    tmp_path.chmod(0o755)
    return tmp_path


def test_five_documents_are_polled_in_three_phases(folder):
    done = polling.measured(folder, [FeedHub, Publishing], documents=5, rounds=1, ends=time.monotonic() + 60)
    assert {phase for phase, _ in done.runs} == set(polling.PHASES)
    assert all(run.poll.wall > 0 and run.whole.pss > 0 for runs in done.runs.values() for run in runs)
    assert not list(folder.glob("round-*"))


def test_the_micro_measures_stand_in_one_table_beside_their_goals(folder):
    options = argparse.Namespace(only="micro", rounds=1, documents=5)
    sizes = micro.Sizes(sources=100, entries=1000, day=5)
    text = report(folder, options, time.monotonic() + 60, sizes=sizes)
    assert re.search(r"\| reading a changed document ÷ feedparser +\| +[\d.]+ \| +≤ 0.10 \|", text)
    assert re.search(r"\| two more in a day of 5 +\| +[\d.]+ ms \| +[\d.]+ ms \|", text)
    assert not list(folder.glob("*.db*"))
    shutil.rmtree(folder / "feeds")


def test_a_store_of_some_size_is_measured_and_leaves_nothing_behind(folder):
    rows, told = scale.measured(folder, scale.Size(sources=20, entries=1000), 2, time.monotonic() + 60)
    assert told.startswith("20 sources, 1000 entries")
    assert all(row.measured > 0 for row in rows)
    assert not list(folder.glob("*.db*"))
