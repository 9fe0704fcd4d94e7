from itertools import combinations
from urllib.parse import urlsplit

import pytest

from feedhub.model import Entry
from samples import LEAD, config, items, magazine, reading, text
from stories import NOT_OF, STORIES

SOURCES = ["morning.xml", "journal.atom", "agency.xml", "morning-ru.xml", "morning-hy.xml", "terrace.json"]


def by_key(name: str) -> dict[str, Entry]:
    return {entry.key: entry for entry in reading(name).entries}


def by_link(name: str) -> dict[str, Entry]:
    return {entry.url: entry for entry in reading(name).entries}


LINKS = {entry.url: entry for name in SOURCES for entry in reading(name).entries}


# ── The labelled stories ─────────────────────────────────────────────────────────────────────────


def test_every_label_is_the_link_of_an_entry() -> None:
    assert set().union(*STORIES.values(), *NOT_OF.values()) <= set(LINKS)


def test_no_entry_belongs_to_two_stories() -> None:
    assert all(one.isdisjoint(other) for one, other in combinations(STORIES.values(), 2))


def test_what_is_near_a_story_is_no_part_of_it() -> None:
    assert all(STORIES[story].isdisjoint(near) for story, near in NOT_OF.items())


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_told_once_by_each_of_its_sources_under_a_title_of_its_own(story: str) -> None:
    told = [LINKS[link] for link in STORIES[story]]
    assert len(told) >= 2
    assert len({entry.source for entry in told}) == len(told)
    assert len({entry.title for entry in told}) == len(told)


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_told_within_two_days(story: str) -> None:
    times = [LINKS[link].published for link in STORIES[story]]
    assert (max(times) - min(times)).days < 2


def test_stories_cross_outlets_languages_and_both() -> None:
    told = [
        ({urlsplit(link).hostname for link in links}, {LINKS[link].language[:2] for link in links})
        for links in STORIES.values()
    ]
    assert any(len(hosts) > 1 and len(languages) == 1 for hosts, languages in told)
    assert any(len(hosts) == 1 and len(languages) > 1 for hosts, languages in told)
    assert any(len(hosts) > 1 and languages == {"en", "ru", "hy"} for hosts, languages in told)


# ── The magazine ─────────────────────────────────────────────────────────────────────────────────


def test_the_magazine_is_a_json_feed_with_what_version_1_1_asks() -> None:
    document = magazine()
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["title"]
    assert (document["home_page_url"], document["feed_url"]) == (
        "https://terrace.example/",
        "https://terrace.example/feed.json",
    )
    for item in document["items"]:
        assert item["id"] == item["url"]
        assert ("content_html" in item) != ("content_text" in item)
        assert item["tags"]
        assert all(author["name"] and author["url"] for author in item["authors"])


def test_one_entry_of_the_magazine_cites_an_article_of_the_journal() -> None:
    (citing,) = [item for item in magazine()["items"] if "external_url" in item]
    assert citing["external_url"] in by_link("journal.atom")
    assert f'href="{citing["external_url"]}"' in citing["content_html"]
    assert citing["url"] in by_link("terrace.json")


def test_the_words_that_the_magazine_quotes_are_the_journals() -> None:
    (citing,) = [item for item in magazine()["items"] if "external_url" in item]
    quoted = citing["content_html"].partition("<blockquote")[2].partition("“")[2].partition("”")[0]
    assert quoted
    assert quoted in by_link("journal.atom")[citing["external_url"]].content


def test_one_entry_of_the_magazine_has_files_with_size_and_length() -> None:
    (entry,) = [entry for entry in reading("terrace.json").entries if entry.enclosures]
    sound, sheet = entry.enclosures
    assert (sound.type, sound.length, sound.duration) == ("audio/mpeg", 14_686_208, 917)
    assert (sheet.type, sheet.length, sheet.duration) == ("application/pdf", 402_653, None)
    assert entry.image
    assert entry.updated
    assert entry.updated > entry.published
    assert len(entry.authors) == 2


# ── The agency, half an hour later ───────────────────────────────────────────────────────────────


def test_half_an_hour_later_one_item_is_new_one_is_changed_and_the_oldest_is_gone() -> None:
    before, after = by_key("agency.xml"), by_key("agency-later.xml")
    assert [after[key].title for key in after.keys() - before.keys()] == [
        "Ski lift above Orlan to start on 1 December"
    ]
    assert before.keys() - after.keys() == {text(items("agency.xml")[-1], "guid")}
    both = before.keys() & after.keys()
    changed = [key for key in both if before[key].summary != after[key].summary]
    assert changed == [key for key in both if before[key].title != after[key].title] == ["48190"]


def test_a_correction_keeps_id_link_and_date() -> None:
    before, after = by_key("agency.xml")["48190"], by_key("agency-later.xml")["48190"]
    assert (before.title, after.title) == (
        "Two hikers found unharmed near Karband bridge",
        "Three hikers found unharmed near Karband bridge",
    )
    assert (before.published_id, before.url, before.published) == (
        after.published_id,
        after.url,
        after.published,
    )
    assert "Correction: there were three hikers, not two." in after.summary


def test_the_later_document_is_newest_first() -> None:
    times = [entry.published for entry in reading("agency-later.xml").entries]
    assert times == sorted(times, reverse=True)


# ── The day ──────────────────────────────────────────────────────────────────────────────────────


def test_nothing_but_its_own_copy_is_as_new_as_the_lead() -> None:
    entries = [entry for name in SOURCES for entry in reading(name).entries]
    (lead,) = [entry for entry in entries if entry.url == LEAD and entry.source == "morning"]
    newer = [entry for entry in entries if entry.published >= lead.published and entry is not lead]
    assert [(entry.source, entry.url) for entry in newer] == [("agency", LEAD)]


def test_the_day_newsfeed_has_room_for_every_entry_of_the_samples() -> None:
    assert sum(len(reading(name).entries) for name in SOURCES) <= config()["feeds"]["day"]["limit"]
