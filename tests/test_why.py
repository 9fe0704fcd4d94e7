"""What `why` says, against the documents as they stand."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import corpus
import finished
from desk import DAY, HOUR, START, Desk, item
from feedhub.cli.whying import Where, cause
from feedhub.config import load
from feedhub.curate.day import civil_day
from feedhub.errors import ReadError
from feedhub.model import Kept, Response, Rule, Site, Take, When
from feedhub.publish.deciding import Editor, decide
from feedhub.publish.explain import Explained, InFeed, explain, explained
from feedhub.publish.takedown import take_down
from feedhub.read import read
from feedhub.store import Store
from hubs import Hub, Item, rss

LATER = START + HOUR
REAL = 5000  # entries that a local corpus has, at least
REAL_DAY = datetime(2026, 3, 1, tzinfo=UTC)  # after the newest of them


def told(desk: Desk, what: str, at: datetime = LATER) -> list[Explained]:
    return explain(desk.store, desk.site, desk.folder, what, now=at)


def of(desk: Desk, key: str, source: str = "morning", at: datetime = LATER) -> InFeed:
    """Explain what became of an entry in the one feed."""
    (found,) = [
        one
        for one in told(desk, f"https://{source}.example/{key}/", at)
        if one.kept.entry.published_id == f"https://{source}.example/{key}/"
    ]
    return found.feeds[0]


# ── What decided ──


def test_without_a_rule_it_is_in_and_its_documents_are_named(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives(item("a"), at=START)
    assert of(desk, "a").documents == ()
    desk.publishes(at=START)
    found = of(desk, "a")
    assert (found.is_in, found.cause, found.day) == (True, "nothing", START.date())
    assert {path for path in found.documents if "frame" not in path} == {
        "/", "/day.atom", "/day.json", "/day.rss", "/day/",
        "/day/2024-11-24.atom", "/day/2024-11-24.json", "/day/2024-11-24.rss", "/day/2024-11-24/",
    }  # fmt: skip


def test_the_rule_that_decided_is_told_by_its_number(tmp_path: Path) -> None:
    rules = (
        Rule(when=When(title=("no such word",)), then="include"),
        Rule(when=When(title=("Title of a",)), then="hold"),
    )
    desk = Desk(tmp_path, rules=rules)
    desk.arrives(item("a"), at=START)
    desk.publishes(at=START)
    found = of(desk, "a")
    assert (found.is_in, found.cause, found.rule, found.verdict) == (False, "rule", 2, "hold")
    assert found.documents == ()


@pytest.mark.parametrize(
    ("feed", "cause"),
    [
        ({"take": Take(categories=("sport",))}, "take"),
        ({"take": Take(sources=("evening",))}, "take"),
        ({"mode": "curated"}, "mode"),
    ],
)
def test_what_a_feed_does_not_take_is_told(tmp_path: Path, feed: dict[str, Any], cause: str) -> None:
    desk = Desk(tmp_path, "morning", "evening", **feed)
    desk.arrives(item("a"), at=START)
    desk.publishes(at=START)
    found = of(desk, "a")
    assert (found.is_in, found.cause) == (False, cause)


def test_a_copy_is_told_with_what_stands_for_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "morning", "evening")
    desk.arrives(item("a"), at=START)
    desk.arrives(item("copy", "evening", url="https://morning.example/a/"), at=LATER)
    desk.publishes(at=LATER)
    (copied,) = told(desk, "https://evening.example/copy/")
    assert copied.feeds[0].cause == "copy"
    assert copied.feeds[0].copy_of is not None
    assert copied.feeds[0].copy_of.published_id == "https://morning.example/a/"
    assert copied.feeds[0].documents == ()


def test_what_is_out_is_not_said_to_stand_where_another_entry_with_its_id_does(tmp_path: Path) -> None:
    rule = Rule(when=When(source=("evening",)), then="drop")
    desk = Desk(tmp_path, "morning", "evening", rules=(rule,))
    desk.arrives(item("a"), at=START)
    link = "https://morning.example/a/"
    desk.arrives(item("b", "evening", published_id=link, url=link), at=START)
    desk.publishes(at=START)
    out, stands = sorted(told(desk, link), key=lambda one: one.feeds[0].is_in)
    assert (out.feeds[0].cause, out.feeds[0].documents) == ("rule", ())
    assert stands.feeds[0].documents


def test_a_share_is_told_on_a_closed_day(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "morning", "evening", share=0.5)
    desk.arrives(item("a"), item("b"), item("z", "evening"), at=START)
    desk.publishes(at=START)
    assert [of(desk, key).cause for key in "ab"].count("share") == 1
    at = START + 7 * DAY
    desk.publishes(at=at)
    assert [of(desk, key, at=at).cause for key in "ab"].count("share") == 1


def test_a_quota_is_told_on_an_open_and_on_a_closed_day(tmp_path: Path) -> None:
    desk = Desk(tmp_path, per_source=1)
    desk.arrives(item("a"), item("b"), at=START)
    desk.publishes(at=START)
    assert (of(desk, "b").is_in, of(desk, "b").cause) == (False, "per_source")
    at = START + 7 * DAY
    desk.publishes(at=at)
    assert (of(desk, "b", at=at).is_in, of(desk, "b", at=at).cause) == (False, "per_source")
    assert (of(desk, "a", at=at).is_in, of(desk, "a", at=at).is_closed) == (True, True)


def test_an_editors_word_is_told_with_who_and_when(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives(item("a"), at=START)
    desk.publishes(at=START)
    editor = Editor(name="ani", feed=desk.feed, now=LATER)
    link = "https://morning.example/a/"
    decide(desk.store, desk.site, desk.folder, "drop", link, editor=editor, text="an advertisement")
    found = of(desk, "a")
    assert (found.is_in, found.cause) == (False, "editor")
    assert found.decision is not None
    assert (found.decision.by, found.decision.made, found.decision.text) == ("ani", LATER, "an advertisement")
    assert found.documents  # not yet published
    desk.publishes(at=LATER)
    assert of(desk, "a").documents == ()
    at = START + 7 * DAY
    desk.publishes(at=at)
    assert (of(desk, "a", at=at).cause, of(desk, "a", at=at).is_in) == ("editor", False)


def test_a_take_down_is_told_and_a_source_that_is_no_more(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "morning", "evening")
    desk.arrives(item("a"), item("b", "evening"), at=START)
    desk.publishes(at=START)
    link = "https://morning.example/a/"
    take_down(desk.store, desk.site, desk.folder, link, reason="By order", now=LATER)
    desk.publishes(at=LATER)
    (found,) = told(desk, link)
    assert (found.taken_down, found.reason) == (LATER, "By order")
    assert (found.feeds[0].is_in, found.feeds[0].documents) == (False, ())
    desk.configures(desk.site.sources["morning"], at=LATER)
    assert of(desk, "b", "evening").cause == "removed"


def test_an_entry_of_a_closed_day_that_is_without_it_is_of_the_past(tmp_path: Path) -> None:
    desk = Desk(tmp_path, rules=(Rule(when=When(title=("Title of a",)), then="drop"),))
    desk.arrives(item("a"), item("b"), at=START)
    desk.publishes(at=START)
    at = START + 7 * DAY
    desk.publishes(at=at)
    assert of(desk, "a", at=at).cause == "rule"
    desk.sets(rules=())
    assert (of(desk, "a", at=at).is_in, of(desk, "a", at=at).cause) == (False, "past")


def test_nobody_brought_what_is_not_there_and_asking_writes_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives(item("a"), at=START)
    assert told(desk, "https://nobody.example/") == []
    assert told(desk, "https://morning.example/a/")
    assert desk.store.publishing.known_feed("day") is None


# ── Against all documents ──


def disagreements(store: Store, site: Site, folder: Path, kept: list[Kept], now: datetime) -> list[str]:
    """Compare what is said of each entry with what stands in every document, read independently."""
    stands = standing(folder)
    by_name: dict[str, list[Explained]] = {}
    for one in explained(store, site, folder, kept, now=now):
        by_name.setdefault(one.kept.entry.published_id, []).append(one)
    return [
        f"{name} in {feed.name}: {wrong}"
        for name, told_of in by_name.items()
        for place, feed in enumerate(site.feeds)
        for wrong in contradictions([one.feeds[place] for one in told_of], stands[feed.name].get(name, set()))
    ]


def contradictions(said: list[InFeed], stands_in: set[str]) -> Iterator[str]:
    """Tell where what is said of entries with one published id is not what the documents of a feed say."""
    documents = {path for one in said for path in one.documents if not path.endswith("/")}
    dated = {path for path in stands_in if path.count("/") == 2}
    days = {one.day for one in said if one.is_in}
    if documents != stands_in:
        yield f"said {sorted(documents)}, stands in {sorted(stands_in)}"
    if stands_in and not any(one.is_in for one in said):
        yield f"said to be out, stands in {sorted(stands_in)}"
    if any(one.is_in for one in said) and any(one.documents for one in said if not one.is_in):
        yield "what is out is said to stand where another entry with its id does"
    if any(f"{day}" not in path for path in dated for day in days if day):
        yield f"said to be on {days}, stands in {sorted(dated)}"
    if not stands_in and any(one.is_in and one.day and not (one.held or one.told_by) for one in said):
        yield "said to be in, stands nowhere"
    if stands_in and any(one.told_by for one in said):
        yield f"said to be told under another, stands in {sorted(stands_in)}"


def standing(folder: Path) -> Mapping[str, dict[str, set[str]]]:
    """Read all feed documents: paths by feed and published id."""
    readers = {".rss": finished.rss, ".atom": finished.atom, ".json": finished.json_feed}
    found: dict[str, dict[str, set[str]]] = {}
    for file in folder.rglob("*"):
        path = "/" + file.relative_to(folder).as_posix()
        if file.suffix not in readers or not file.is_file() or file.name.startswith("."):
            continue
        feed = path[1:].partition("/")[0].partition(".")[0]
        of_feed = found.setdefault(feed, {})
        try:
            entries = readers[file.suffix](file.read_bytes())
        except (KeyError, AttributeError):
            continue  # another JSON document than a feed
        for entry in entries:
            of_feed.setdefault(entry.id, set()).add(path)
    return found


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    hub = Hub(tmp_path_factory.mktemp("hub")).take_samples()
    assert hub.invoke("poll").exit_code == 0
    return hub


def test_of_every_entry_of_the_samples_it_says_what_the_documents_say(hub: Hub) -> None:
    config = load(hub.path, {})
    now = datetime.now(UTC)
    store = Store(config.store_url)
    kept = store.publishing.published_since([source.name for source in config.sources], now - 9999 * DAY)
    assert len(kept) > 40
    assert disagreements(store, config.site, config.feeds, kept, now) == []
    store.close()


@pytest.mark.skipif(not corpus.IS_HERE, reason="there is no local corpus")
def test_of_every_real_entry_it_says_what_the_documents_say(tmp_path: Path) -> None:
    names = [f"source-{number}" for number in range(len(corpus.rows()))]
    drop = Rule(when=When(title=("the",)), then="drop")
    desk = Desk(tmp_path, *names, per_source=3, group="story", rules=(drop,), limit=REAL // 5)
    for name, row in zip(names, corpus.rows(), strict=True):
        response = Response(url=f"https://{name}.example/feed/", body=corpus.document(row))
        with suppress(ReadError):
            desk.polls(name, *read(desk.site.sources[name], response, now=REAL_DAY).entries, at=REAL_DAY)
    desk.publishes(at=REAL_DAY)
    kept = desk.store.publishing.published_since(names, REAL_DAY - 99_999 * DAY)
    assert len(kept) > REAL
    assert disagreements(desk.store, desk.site, desk.folder, kept, REAL_DAY) == []
    desk.store.close()


def test_the_command_tells_it_in_words_and_as_json(hub: Hub) -> None:
    (horoscope,) = hub.ask_database("select published_id from entries where title like 'Horoscope%' limit 1")
    words = hub.invoke("why", horoscope[0])
    line = 1 + hub.path.read_text(encoding="utf-8").splitlines().index(
        "[[feeds.day.rules]]                     # read from the top; the first rule that fits decides"
    )
    assert f"day: out: rule 1 (config.toml:{line}) drops it" in words.stdout
    assert "newsfeed: in: " in words.stdout
    (entry,) = json.loads(hub.invoke("why", horoscope[0], "--json").stdout)["entries"]
    day = next(feed for feed in entry["feeds"] if feed["feed"] == "day")
    assert (day["in"], day["cause"]) == (False, "rule")
    assert day["rule"] == {"number": 1, "line": line, "then": "drop"}
    assert day["documents"] == []


@pytest.mark.parametrize(
    ("quota", "said"),
    [
        ({"per_source": 2}, "its source had enough on {day} (per_source = 2, config.toml:{line})"),
        ({"share": 0.4}, "its source had its share of {day} (share = 0.4, config.toml:{line})"),
    ],
)
def test_a_quota_is_told_with_its_number_its_line_and_the_rule_that_it_overrules(
    tmp_path: Path, quota: Mapping[str, object], said: str
) -> None:
    now = datetime.now(UTC)
    for name, many in (("morning", 4), ("evening", 1), ("wire", 1)):
        items = [
            Item(id=f"{name}-{n}", title=f"News {n}", link=f"https://{name}.example/{n}", at=now)
            for n in range(many)
        ]
        (tmp_path / f"{name}.xml").write_bytes(rss(*items, link=f"https://{name}.example/"))
    hub = Hub(tmp_path).configure(
        *({"name": name, "url": f"{name}.xml"} for name in ("morning", "evening", "wire")),
        feeds={"day": {**quota, "rules": [{"when": {"title": ["3"]}, "then": "feature"}]}},
    )
    assert hub.invoke("poll").exit_code == 0
    written = hub.path.read_text().splitlines()
    (line,) = [n for n, text in enumerate(written, start=1) if text.startswith(tuple(quota))]
    (rule,) = [n for n, text in enumerate(written, start=1) if text.startswith("rules")]
    outs = {}
    for n in range(4):
        (entry,) = json.loads(hub.invoke("why", f"https://morning.example/{n}", "--json").stdout)["entries"]
        outs[n] = entry["feeds"][0]["why"].partition(": ")[2]
    day = civil_day(now, "Asia/Yerevan").isoformat()
    left = said.format(day=day, line=line)
    assert outs[2] == left
    assert outs[3] == f"{left}, though rule 1 (config.toml:{rule}) features it"
    # What a day was closed by may have changed since.
    (key,) = quota
    closed = InFeed(feed="day", is_in=False, cause=key, is_closed=True)
    said_of_closed = cause(closed, "day", Where(load(hub.path, {})))
    assert said_of_closed == said.partition(" {day}")[0] + " its day, which is closed"


def test_what_nobody_brought_and_what_was_refused_is_told(hub: Hub, tmp_path: Path) -> None:
    nobody = hub.invoke("why", "https://nobody.example/")
    assert (nobody.exit_code, nobody.stdout) == (1, "never seen: no source has brought that id or link\n")
    bad = tmp_path / "bad.xml"
    bad.write_text(
        "<rss version='2.0'><channel><title>T</title><link>https://t.example/</link>"
        "<item><title>No link</title>"
        "<guid isPermaLink='false'>urn:x-test:nolink</guid></item><item><title>A</title>"
        "<link>https://t.example/a</link></item></channel></rss>"
    )
    other = Hub(tmp_path).configure({"name": "bad", "url": "bad.xml"})
    other.invoke("poll")
    told_of = other.invoke("why", "urn:x-test:nolink")
    assert told_of.exit_code == 1
    assert told_of.stdout.startswith("refused in bad: ")
