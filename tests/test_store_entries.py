import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from databases import (
    FEED_URL,
    HOUR,
    MINUTE,
    SOURCES,
    ids,
    item,
    kept,
    only_updated,
    poll,
    rows,
    statements,
    undated,
)
from editions import NOON, source
from feedhub import urls
from feedhub.model import Comments, Entry, Origin, Saved
from feedhub.store import Store
from test_keys import DOCUMENTS, ITEMS

A = "https://morning.example/a/"
B = "https://morning.example/b/"
IRI = "https://morning.example/?p=1"
LATER = NOON + HOUR
DAY = timedelta(days=1)


def only(store: Store, name: str = "morning") -> Entry:
    """Give the one entry of a source."""
    (one,) = kept(store, name).values()
    return one.entry


# ── What is new and what has changed ─────────────────────────────────────────────────────────────


def test_new_entries_are_kept_as_they_were_read(store: Store) -> None:
    read = item(IRI, published=NOON - HOUR, content="<p>Whole</p>")
    assert poll(store, read) == Saved(new=1)
    (one,) = kept(store).values()
    assert (one.entry, one.seen, one.changed, one.round) == (read, NOON, NOON, NOON)


def test_an_unchanged_entry_is_not_written(store: Store) -> None:
    document = [item(str(number)) for number in range(20)]
    poll(store, *document)
    before = rows(store, "entries")
    with statements(store) as seen:
        assert poll(store, *document, now=LATER) == Saved()
    written = [statement for statement, _ in seen if not statement.lstrip().startswith("SELECT")]
    assert not [statement for statement in written if "entries" in statement]
    assert rows(store, "entries") == before


def test_an_entry_is_kept_as_it_was_before_each_change(store: Store) -> None:
    versions = [item("1", summary=f"<p>Version {number}.</p>") for number in range(3)]
    for number, version in enumerate(versions):
        poll(store, version, now=NOON + number * HOUR)
    before = store.polling.revisions("morning", "1")
    assert [(until, entry.summary) for until, entry in before] == [
        (NOON + 2 * HOUR, "<p>Version 1.</p>"),
        (NOON + HOUR, "<p>Version 0.</p>"),
    ]
    assert before[1][1] == versions[0]


def test_of_an_entry_that_changes_for_ever_the_oldest_versions_are_forgotten(store: Store) -> None:
    for number in range(30):
        poll(store, item("1", summary=f"<p>Version {number}.</p>"), now=NOON + number * HOUR)
    before = [entry.summary for _, entry in store.polling.revisions("morning", "1")]
    assert before == [f"<p>Version {number}.</p>" for number in range(28, 8, -1)]


def test_one_entry_changed_at_its_source_changes_that_entry_and_nothing_else(store: Store) -> None:
    document = [item(str(number)) for number in range(5)]
    poll(store, *document)
    before = kept(store)
    document[3] = replace(document[3], summary="<p>Corrected.</p>")
    assert poll(store, *document, now=LATER) == Saved(changed=1)
    after = kept(store)
    now_told = replace(before["3"].entry, summary="<p>Corrected.</p>", updated=LATER)
    assert after["3"] == replace(before["3"], entry=now_told, changed=LATER)
    assert {key: one for key, one in after.items() if key != "3"} == {
        key: one for key, one in before.items() if key != "3"
    }


@pytest.mark.parametrize(
    "again",
    [
        {"summary": "<p>Text\n of  x.   It goes on.</p>\n"},
        {"comments": Comments(url=f"{A}#respond", count=7)},
        {"origin": Origin(title="The Morning, renamed", rights="All rights", updated=LATER)},
    ],
    ids=["white space", "comment count", "channel"],
)
def test_what_is_no_change(store: Store, again: dict[str, object]) -> None:
    read = item(IRI, comments=Comments(url=f"{A}#respond", count=0))
    poll(store, read)
    before = rows(store, "entries")
    assert poll(store, replace(read, **again), now=LATER) == Saved()
    assert rows(store, "entries") == before


def test_a_new_source_element_is_a_change(store: Store) -> None:
    named = Origin(id="tag:wire.example,2024:feed", title="The Wire", via=(Origin(title="The Morning"),))
    poll(store, item(IRI, origin=named))
    assert poll(store, item(IRI, origin=replace(named, title="Wire & Co")), now=LATER) == Saved(changed=1)
    assert poll(store, item(IRI, origin=replace(named, title="Wire & Co", updated=LATER))) == Saved()


def test_an_entry_that_is_listed_no_longer_stays(store: Store) -> None:
    poll(store, item("1"), item("2"))
    poll(store, item("2"), now=LATER)
    assert set(kept(store)) == {"1", "2"}


def test_a_late_change_belongs_to_the_round_that_brought_the_entry(store: Store) -> None:
    poll(store, item("1"))
    poll(store, item("1", title="Changed"), now=LATER)
    assert kept(store)["1"].round == NOON


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DOCUMENTS, DOCUMENTS, st.randoms(use_true_random=False))
def test_a_document_in_another_order_read_again_writes_nothing(
    empty: Store, before: list[Entry], document: list[Entry], order: random.Random
) -> None:
    (name,) = anew(empty, 1)
    poll(empty, *before, name=name)
    poll(empty, *document, name=name)
    told = kept(empty, name)
    assert poll(empty, *order.sample(document, len(document)), name=name, now=LATER) == Saved()
    assert kept(empty, name) == told


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ITEMS, max_size=8, unique_by=lambda read: read.key), st.data())
def test_halves_polled_one_after_the_other_end_like_the_whole(
    empty: Store, document: list[Entry], data: st.DataObject
) -> None:
    whole, halves = anew(empty, 2)
    cut = data.draw(st.integers(0, len(document)))
    poll(empty, *document, name=whole)
    poll(empty, *document[:cut], name=halves)
    poll(empty, *document[cut:], name=halves)
    ends = [
        {key: (one.entry.url, one.entry.title) for key, one in kept(empty, name).items()}
        for name in (whole, halves)
    ]
    assert ends[0] == ends[1]


_numbers = count()


def anew(store: Store, number: int) -> list[str]:
    """Have sources that have brought nothing yet, instead of those that were there."""
    names = [f"source{next(_numbers)}" for _ in range(number)]
    store.polling.set_sources(map(source, names), NOON)
    return names


# ── Published ids ────────────────────────────────────────────────────────────────────────────────


def test_the_publishers_own_iri_is_kept_for_ever(store: Store) -> None:
    poll(store, item(IRI))
    poll(store, item(IRI, B, title="Moved", summary="<p>New</p>"), now=LATER)
    assert only(store).published_id == IRI


def test_an_id_that_is_no_iri_is_minted_once(store: Store) -> None:
    poll(store, item("1203"))
    minted = only(store).published_id
    assert minted == urls.minted(FEED_URL, "1203")
    poll(store, item("1203", title="Changed"), now=LATER)
    assert only(store).published_id == minted


def test_entries_of_one_source_never_share_an_id(store: Store) -> None:
    poll(store, item(IRI, A), item(IRI, B), item(link=A), item(link=A, title="Other"))
    assert len(set(ids(store).values())) == 4
    assert ids(store)[IRI] == IRI


def test_two_sources_with_one_id_and_one_link_both_keep_it(store: Store) -> None:
    poll(store, item(IRI, A))
    poll(store, item(IRI, f"{A}?utm_source=rss"), name="evening", now=LATER)
    assert only(store, "evening").published_id == only(store).published_id == IRI


def test_an_id_that_comes_with_another_articles_link_is_minted_anew(store: Store) -> None:
    poll(store, item(IRI, A))
    poll(store, item(IRI, "https://evening.example/x/"), name="evening", now=LATER)
    assert only(store).published_id == IRI
    assert only(store, "evening").published_id == urls.minted(SOURCES[1].url, IRI)


def test_no_source_changes_what_another_has_brought(store: Store) -> None:
    poll(store, item(IRI, A))
    before = rows(store, "entries")
    poll(store, item(IRI, A, title="Taken over", summary="<p>Taken over</p>"), name="evening", now=LATER)
    poll(store, item(IRI, B, title="Relinked"), name="evening", now=LATER + HOUR)
    mine = [row for row in rows(store, "entries") if row[0] == "morning"]
    assert mine == before


def test_a_copy_that_is_relinked_later_loses_the_id_that_it_borrowed(store: Store) -> None:
    poll(store, item(IRI, A))
    poll(store, item(IRI, A), name="evening", now=LATER)
    poll(store, item(IRI, B), name="evening", now=LATER + HOUR)
    assert only(store, "evening").url == B
    assert only(store, "evening").published_id == urls.minted(SOURCES[1].url, IRI)
    assert only(store).published_id == IRI


def test_the_first_with_an_id_keeps_it_when_its_own_link_changes(store: Store) -> None:
    poll(store, item(IRI, A))
    poll(store, item(IRI, A), name="evening", now=LATER)
    poll(store, item(IRI, B), now=LATER + HOUR)
    assert only(store).published_id == IRI


def test_an_id_that_another_source_foretold_is_minted_otherwise(store: Store) -> None:
    foretold = urls.minted(FEED_URL, "1203")
    poll(store, item(foretold, "https://evening.example/x/"), name="evening")
    poll(store, item("1203"), now=LATER)
    assert only(store, "evening").published_id == foretold
    assert only(store).published_id != foretold
    assert urls.is_iri(only(store).published_id)


def test_two_stores_mint_alike(store: Store) -> None:
    poll(store, item("1"), item(link=A), item("1", B))
    again = {name: ids(store)[name] for name in ids(store)}
    assert again == {key: urls.minted(FEED_URL, key) for key in again}


# ── Times ────────────────────────────────────────────────────────────────────────────────────────


def test_a_date_to_come_is_set_to_first_seen_is_not_the_publishers_and_stays_there(store: Store) -> None:
    read = item("1", published=NOON + DAY, updated=NOON + 2 * DAY)
    poll(store, read)
    assert (only(store).published, only(store).dated, only(store).updated) == (NOON, False, NOON)
    assert poll(store, read, now=NOON + 3 * DAY) == Saved()
    poll(store, replace(read, title="Changed"), now=NOON + 4 * DAY)
    assert (only(store).published, only(store).dated, only(store).updated) == (NOON, False, NOON + 2 * DAY)


def test_a_publisher_s_clock_may_be_minutes_ahead_of_ours(store: Store) -> None:
    read = item("1", published=NOON + 10 * MINUTE)
    poll(store, read)
    assert (only(store).published, only(store).dated) == (NOON, True)
    poll(store, replace(read, title="Changed"), now=LATER)
    assert (only(store).published, only(store).dated) == (NOON, True)
    poll(store, replace(read, published=NOON + 11 * MINUTE), now=LATER + HOUR)
    assert (only(store).published, only(store).dated) == (NOON, True)


def test_a_date_to_come_that_is_corrected_is_the_publishers(store: Store) -> None:
    poll(store, item("1", published=NOON + 2 * HOUR))
    poll(store, item("1", published=NOON - 2 * HOUR), now=LATER)
    assert (only(store).published, only(store).dated) == (NOON - 2 * HOUR, True)


@pytest.mark.parametrize("updated", [None, NOON + HOUR])
def test_a_date_moved_behind_first_seen_leaves_the_one_before(store: Store, updated: datetime | None) -> None:
    poll(store, item("1", published=NOON - DAY))
    poll(store, item("1", published=NOON + HOUR, updated=updated), now=LATER + 2 * HOUR)
    assert (only(store).published, only(store).dated) == (NOON - DAY, True)


def test_an_undated_entry_that_gets_only_a_change_behind_first_seen_stays_undated(store: Store) -> None:
    poll(store, undated(item("1")))
    poll(store, only_updated(item("1"), NOON + HOUR), now=LATER + 2 * HOUR)
    assert (only(store).published, only(store).dated, only(store).updated) == (NOON, False, NOON + HOUR)


def test_an_undated_entry_takes_its_first_seen_time_and_never_moves(store: Store) -> None:
    read = undated(item("1"))
    poll(store, read)
    assert poll(store, read, now=LATER) == Saved()
    poll(store, replace(read, title="Changed"), now=LATER + HOUR)
    assert (only(store).published, only(store).dated, only(store).updated) == (NOON, False, LATER + HOUR)


def test_an_entry_that_lost_its_date_keeps_the_one_it_had(store: Store) -> None:
    read = item("1", published=NOON - DAY)
    poll(store, read)
    poll(store, undated(read), now=LATER)
    poll(store, undated(replace(read, title="Changed")), now=LATER + HOUR)
    assert (only(store).published, only(store).dated) == (NOON - DAY, True)


def test_an_entry_that_got_a_date_takes_it(store: Store) -> None:
    poll(store, undated(item("1")))
    poll(store, item("1", published=NOON - DAY), now=LATER)
    assert (only(store).published, only(store).dated) == (NOON - DAY, True)


def test_an_entry_with_only_updated_keeps_its_first_publication(store: Store) -> None:
    poll(store, only_updated(item("1"), NOON - DAY))
    poll(store, only_updated(item("1", title="Changed"), NOON - HOUR), now=LATER)
    assert (only(store).published, only(store).updated) == (NOON - DAY, NOON - HOUR)


def test_a_change_of_text_moves_updated_to_the_polls_time(store: Store) -> None:
    poll(store, item("1"))
    assert only(store).updated is None
    poll(store, item("1", content="<p>More</p>"), now=LATER)
    assert only(store).updated == LATER


def test_a_change_of_something_else_does_not_move_updated(store: Store) -> None:
    poll(store, item("1"))
    assert poll(store, item("1", rights="All rights reserved"), now=LATER) == Saved(changed=1)
    assert only(store).updated is None
    assert kept(store)["1"].changed == LATER


def test_updated_is_the_publishers_word_but_never_later_than_the_poll(store: Store) -> None:
    poll(store, item("1", updated=NOON - HOUR))
    poll(store, item("1", title="Changed", updated=NOON - HOUR / 2), now=LATER)
    assert only(store).updated == NOON - HOUR / 2
    poll(store, item("1", title="Changed", updated=NOON + DAY), now=LATER + HOUR)
    assert only(store).updated == LATER + HOUR


def test_what_the_channel_says_of_itself_is_copied_when_an_entry_changes(store: Store) -> None:
    poll(store, item("1"))
    poll(store, item("1", title="Changed", origin=Origin(title="Renamed")), now=LATER)
    assert only(store).origin == Origin(title="Renamed")


# ── Odd things ───────────────────────────────────────────────────────────────────────────────────


def test_long_ids_and_links_can_be_kept(store: Store) -> None:
    long = f"{A}?q={'%D5%A1' * 3000}"
    identity = "𝒊" * 500
    poll(store, item(identity, A), item(identity, long, published=LATER), item(link=long))
    assert {one.entry.url for one in kept(store).values()} == {A, long}
    assert len(kept(store)) == 3


def test_a_nul_in_a_link_can_be_kept(store: Store) -> None:
    assert poll(store, item("1", f"{A}?q=%00")) == Saved(new=1)


def test_a_document_of_thousands_of_items_can_be_kept(store: Store) -> None:
    document = [item(f"https://morning.example/?p={number}", f"{A}{number}") for number in range(1500)]
    assert poll(store, *document) == Saved(new=1500)
    assert poll(store, *document, now=LATER) == Saved()
