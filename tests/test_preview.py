"""What `preview` says, against what `publish` then does."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk import DAY, HOUR, START, Desk, item
from feedhub.model import Act, Rule, Take, When
from feedhub.publish.deciding import Editor, decide
from feedhub.publish.preview import Change, pending, preview
from hubs import Hub, Item, rss

LATER = START + HOUR


def previews(desk: Desk, at: datetime = LATER, days: int = 0, **feed: Any) -> list[Change]:
    """Try other settings of the feed."""
    after = replace(desk.feed, **feed)
    return preview(desk.store, (desk.site, desk.feed), (desk.site, after), now=at, days=days)


def told(changes: Iterable[Change]) -> list[tuple[str, str, str | None]]:
    return [
        (one.kept.entry.url.split("/")[3], one.what, one.day.isoformat() if one.day else None)
        for one in changes
    ]


def drop(title: str) -> Rule:
    return Rule(when=When(title=(title,)), then="drop")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, "morning", "evening")
    desk.arrives(item("a"), item("b"), item("c", published=START - DAY), at=START)
    desk.arrives(item("z", "evening"), at=START)
    desk.publishes(at=START)
    return desk


def test_it_names_what_comes_in_and_goes_out_by_which_rule_and_nothing_that_stays(desk: Desk) -> None:
    (change,) = previews(desk, rules=(drop("no such"), drop("Title of a")))
    assert told([change]) == [("a", "out", "2024-11-24")]
    assert (change.by.cause, change.by.rule) == ("rule", 2)
    desk.sets(rules=(drop("Title of a"),))
    desk.publishes(at=LATER)
    (change,) = previews(desk, rules=())
    assert told([change]) == [("a", "in", "2024-11-24")]
    assert previews(desk) == []


def test_it_names_what_becomes_featured_and_plain(desk: Desk) -> None:
    feature = Rule(when=When(title=("Title of a",)), then="feature")
    assert told(previews(desk, rules=(feature,))) == [("a", "featured", "2024-11-24")]
    desk.sets(rules=(feature,))
    assert told(previews(desk, rules=())) == [("a", "plain", "2024-11-24")]


def test_it_names_what_will_be_told_under_another_entry_and_what_no_longer(desk: Desk) -> None:
    news = "Fire at Karband copper mine: all 34 miners brought to the surface"
    early = START - timedelta(minutes=5)
    desk.arrives(item("n", title=news, published=early), item("m", "evening", title=news), at=START)
    desk.publishes(at=START)
    (change,) = previews(desk, group="story")
    assert told([change]) == [("m", "under", "2024-11-24")]
    assert change.told_by == "https://morning.example/n/"
    desk.sets(group="story")
    assert told(pending(desk.store, desk.site, desk.feed, desk.folder, now=LATER)) == [
        ("m", "under", "2024-11-24")
    ]
    desk.publishes(at=LATER)
    assert told(previews(desk, group="none")) == [("m", "alone", "2024-11-24")]
    featured = (Rule(when=When(source=("evening",), title=(news,)), then="feature"),)
    assert sorted(told(previews(desk, rules=featured))) == [
        ("m", "alone", "2024-11-24"),
        ("m", "featured", "2024-11-24"),
        ("n", "under", "2024-11-24"),
    ]


def test_what_the_feed_no_longer_takes_goes_out(desk: Desk) -> None:
    assert told(previews(desk, take=Take(sources=("morning",)))) == [("z", "out", "2024-11-24")]


def test_nothing_is_written(desk: Desk) -> None:
    before = desk.snapshot()
    database = desk.database.read_bytes()
    previews(desk, days=7, rules=(drop("title"),))
    pending(desk.store, desk.site, desk.feed, desk.folder, now=LATER)
    assert desk.snapshot() == before
    assert desk.database.read_bytes() == database


def test_closed_days_stay_and_it_tells_what_the_rules_would_have_decided(desk: Desk) -> None:
    at = START + 3 * DAY
    desk.publishes(at=at)
    changes = previews(desk, at=at, days=7, rules=(drop("Title of a"),))
    assert told(changes) == [("a", "out", "2024-11-24")]
    assert changes[0].is_closed
    assert previews(desk, at=at, days=1, rules=(drop("Title of a"),)) == []
    desk.sets(rules=(drop("Title of a"),))
    desk.publishes(at=at)
    assert "a" in desk.days()["2024-11-24"]


def test_without_another_configuration_it_compares_with_the_documents_as_they_stand(desk: Desk) -> None:
    def waiting() -> list[tuple[str, str, str | None]]:
        return told(pending(desk.store, desk.site, desk.feed, desk.folder, now=LATER))

    assert waiting() == []
    desk.arrives(item("n"), at=LATER)
    desk.sets(rules=(drop("Title of b"),))
    assert sorted(waiting()) == [("b", "out", "2024-11-24"), ("n", "in", "2024-11-24")]
    desk.publishes(at=LATER)
    assert waiting() == []


# ── Entry for entry what publishing then does ──

# The first three tell one piece of news, and the next two another.
NEWS = {
    "a": "Fire at Karband copper mine: all 34 miners brought to the surface",
    "b": "All 34 miners rescued after fire at Karband copper mine",
    "c": "Karband copper mine fire: all 34 miners brought out alive",
    "d": "Central bank raises key rate to 8.25 percent",
    "e": "Key rate raised to 8.25% by central bank",
    "f": "Ski lift above Orlan to start on the first of December",
}
_TITLES = st.sampled_from(["fire", "rate", "*miners*", "*rate*", "Orlan", "/[av]e$/"])
_SOURCES = ["morning", "evening", "wire"]
_WHENS = st.builds(
    When,
    title=st.lists(_TITLES, min_size=1, max_size=2).map(tuple),
    source=st.sampled_from([(), ("morning",), ("evening",)]),
)
_RULES = st.lists(
    st.builds(Rule, when=_WHENS, then=st.sampled_from(["include", "feature", "hold", "drop"])), max_size=3
).map(tuple)
_SETTINGS = st.fixed_dictionaries(
    {
        "rules": _RULES,
        "mode": st.sampled_from(["automatic", "automatic", "curated"]),
        "per_source": st.sampled_from([None, None, 1, 2]),
        "share": st.sampled_from([None, None, 0.3, 0.5]),
        "order": st.sampled_from(["time", "featured"]),
        "group": st.sampled_from(["none", "story", "story"]),
        "take": st.sampled_from([Take(), Take(), Take(sources=("morning", "wire"))]),
    }
)
_ARRIVALS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(_SOURCES), st.integers(-30, 30), st.booleans()),
    max_size=12,
    unique_by=lambda one: one[:2],
)
_ACTS: st.SearchStrategy[list[tuple[Act, int]]] = st.lists(
    st.tuples(st.sampled_from(["lead", "feature", "drop", "include"]), st.integers(0, 11)), max_size=3
)


def published(desk: Desk) -> set[tuple[str, str, bool, str]]:
    """Give what stands in the editions of days: day, id, is it featured, and whom it is told under."""
    found = set()
    for file in (desk.folder / desk.feed.name).glob("????-??-??.json"):
        for one in json.loads(file.read_bytes())["items"]:
            more = one["_feedhub"]
            found.add((file.stem, one["id"], more.get("featured", False), ""))
            found |= {(file.stem, other["id"], False, one["id"]) for other in more.get("story", ())}
    return found


def changes_between(
    was: set[tuple[str, str, bool, str]], now: set[tuple[str, str, bool, str]]
) -> set[tuple[str, str, str]]:
    """Say in the words of `preview` what two publishings differ in."""
    before, after = ({(day, name): how for day, name, *how in those} for those in (was, now))
    found = {(*key, "out") for key in before.keys() - after.keys()}
    found |= {(*key, "in") for key in after.keys() - before.keys()}
    for key in before.keys() & after.keys():
        (was_featured, was_under), (is_featured, is_under) = before[key], after[key]
        if was_under != is_under:
            found.add((*key, f"under {is_under}" if is_under else "alone"))
        if was_featured != is_featured:
            found.add((*key, "featured" if is_featured else "plain"))
    return found


@settings(max_examples=16, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    arrivals=_ARRIVALS,
    acts=_ACTS,
    before=_SETTINGS,
    after=_SETTINGS,
    later=st.sampled_from([HOUR, DAY, 3 * DAY]),
)
def test_what_it_says_is_what_publishing_then_does(
    arrivals: list[tuple[str, str, int, bool]],
    acts: list[tuple[Act, int]],
    before: dict[str, Any],
    after: dict[str, Any],
    later: timedelta,
) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), *_SOURCES, **before)
        for key, source, hours, is_copy in arrivals:
            link = f"https://{'morning' if is_copy else source}.example/{key}/"
            at = START + timedelta(minutes=hours + 30)
            told_as = {"title": NEWS[key], "url": link, "published": START + hours * HOUR / 2}
            desk.arrives(item(key, source, **told_as), at=at)
        at = START + later
        editor = Editor(name="ani", feed=desk.feed, now=at)
        for act, number in acts:
            if arrivals:
                key, source, _, _ = arrivals[number % len(arrivals)]
                name = f"https://{source}.example/{key}/"
                decide(desk.store, desk.site, desk.folder, act, name, editor=editor)
        desk.publishes(at=at)
        was = published(desk)
        said = previews(desk, at=at, **after)
        desk.sets(**after)
        assert pending_days(desk, at) <= {(f"{one.day}", one.kept.entry.published_id) for one in said}
        desk.publishes(at=at)
        told_of = {
            (
                f"{one.day}",
                one.kept.entry.published_id,
                f"under {one.told_by}" if one.what == "under" else one.what,
            )
            for one in said
            if one.day
        }
        assert told_of == changes_between(was, published(desk))
        assert pending(desk.store, desk.site, desk.feed, desk.folder, now=at) == []
        desk.store.close()


def pending_days(desk: Desk, at: datetime) -> set[tuple[str, str]]:
    """Give what the next publishing would change by the documents as they stand: day and id."""
    changes = pending(desk.store, desk.site, desk.feed, desk.folder, now=at)
    return {(f"{one.day}", one.kept.entry.published_id) for one in changes}


def test_the_command_tries_another_file(tmp_path: Path) -> None:
    hub = Hub(tmp_path).take_samples()
    hub.invoke("poll")
    assert hub.invoke("preview", "day").stdout == "day: the next publishing changes nothing\n"
    other = tmp_path / "other.toml"
    text = hub.path.read_text(encoding="utf-8")
    other.write_text(text.replace('title = ["horoscope*"]', 'title = ["three roads"]'), encoding="utf-8")
    line = 1 + next(n for n, line in enumerate(text.splitlines()) if line.startswith("[[feeds.day.rules]]"))
    found = hub.invoke("preview", "day", "--config", str(other), "--days", "9999")
    assert found.exit_code == 0
    assert f"rule 1 (other.toml:{line}) drops it" in found.stdout
    rows = json.loads(hub.invoke("preview", "day", "--config", str(other), "--json").stdout)
    assert {row["feed"] for row in rows} <= {"day"}


def test_the_command_names_who_will_tell_the_story_of_an_entry(tmp_path: Path) -> None:
    news = "Fire at Karband copper mine: all 34 miners brought to the surface"
    hub = Hub(tmp_path)
    at = datetime.now(UTC)
    for name in ("morning", "evening"):
        one = Item(id=f"urn:x-{name}", title=news, link=f"https://{name}.example/1", at=at)
        (tmp_path / f"{name}.xml").write_bytes(rss(one, title=name, link=f"https://{name}.example/"))
    hub.configure(*({"name": name, "url": f"{name}.xml"} for name in ("morning", "evening")))
    hub.invoke("poll")
    other = tmp_path / "other.toml"
    text = hub.path.read_text(encoding="utf-8").replace("[feeds.day]", '[feeds.day]\ngroup = "story"')
    other.write_text(text, encoding="utf-8")
    found = hub.invoke("preview", "day", "--config", str(other))
    assert "day: the next publishing changes 1 under" in found.stdout
    (row,) = json.loads(hub.invoke("preview", "day", "--config", str(other), "--json").stdout)
    assert (row["what"], row["url"]) == ("under", "https://morning.example/1")
    assert row["why"] == f"told under {row['told_by']}"
