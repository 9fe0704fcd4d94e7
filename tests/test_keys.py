import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from databases import HOUR, item, undated
from editions import NOON
from feedhub.model import Entry
from feedhub.store.keys import Holder, canonical, has_id, is_publishers, keyed, spare_key

A = "https://morning.example/a/"
B = "https://morning.example/b/"


class Shelf:
    """Entries by key, as the store has them after the documents that were read."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}

    def read(self, *document: Entry) -> dict[str, Entry]:
        holders = {
            key: Holder(canonical(entry.url), entry.title, entry.published)
            for key, entry in self.entries.items()
        }
        found = keyed(document, holders)
        self.entries.update(found)
        return found

    def links(self) -> dict[str, str]:
        return {key: entry.url for key, entry in self.entries.items()}


def shelf(*documents: Iterable[Entry]) -> Shelf:
    made = Shelf()
    for document in documents:
        made.read(*document)
    return made


# ── Single claims ────────────────────────────────────────────────────────────────────────────────


def test_the_key_is_the_publishers_id_as_it_came() -> None:
    assert set(shelf([item("1203"), item("?p=7", B)]).entries) == {"1203", "?p=7"}


def test_without_an_id_the_key_is_the_link() -> None:
    assert set(shelf([item(link=A)]).entries) == {A}


def test_two_items_with_one_id_and_different_links_are_two_entries() -> None:
    assert shelf([item("1", A), item("1", B, published=NOON + HOUR)]).links() == {"1": A, f"1 {B}": B}


def test_the_first_to_hold_a_key_keeps_it_in_whatever_order_later_documents_are() -> None:
    older = item("1", B, published=NOON - HOUR)
    assert shelf([item("1", A)], [older, item("1", A)]).links() == {"1": A, f"1 {B}": B}


def test_who_got_a_spare_key_keeps_it_when_the_first_is_listed_no_longer() -> None:
    second = item("1", B, published=NOON + HOUR)
    assert shelf([item("1", A), second], [second]).links() == {"1": A, f"1 {B}": B}


def test_an_entry_whose_link_alone_changed_has_moved() -> None:
    assert shelf([item("1", A)], [item("1", B)]).links() == {"1": B}


@pytest.mark.parametrize(
    "moved", [item("1", B, published=NOON + HOUR), item("1", B, title="Another headline")]
)
def test_an_entry_whose_link_changed_with_its_title_or_its_date_has_moved(moved: Entry) -> None:
    assert shelf([item("1", A)], [moved]).links() == {"1": B}


def test_an_id_with_another_link_title_and_date_is_another_article() -> None:
    other = item("1", B, title="Another headline", published=NOON + HOUR)
    assert shelf([item("1", A)], [other]).links() == {"1": A, f"1 {B}": B}


def test_nothing_moves_under_an_id_that_its_publisher_uses_again_and_again() -> None:
    a, b, c = (item("0", f"{A}{name}", title="Weather") for name in "abc")
    assert len(shelf([a, b], [b, c]).entries) == 3


def test_one_id_with_http_and_https_is_one_entry() -> None:
    assert len(shelf([item("1", A), item("1", A.replace("https", "http"))]).entries) == 1


def test_without_ids_one_link_with_two_titles_is_two_entries() -> None:
    first, second = item(link=A, title="One"), item(link=A, title="Two", published=NOON + HOUR)
    found = shelf([first, second]).entries
    assert found[A].title == "One"
    assert found[spare_key(second)].title == "Two"
    assert spare_key(second).startswith(f"{A} ")


def test_without_ids_a_title_that_is_new_to_a_link_is_another_entry() -> None:
    assert len(shelf([item(link=A, title="One")], [item(link=A, title="Two")]).entries) == 2


def test_a_whole_feed_with_one_link_keeps_all_its_entries() -> None:
    document = [item(link=A, title=f"Note {number}") for number in range(99)]
    assert len(shelf(document, document[10:], document).entries) == 99


def test_of_items_that_are_the_same_twice_the_one_changed_last_stays() -> None:
    newer = item("1", A, updated=NOON + HOUR, summary="<p>Newer</p>")
    assert shelf([newer, item("1", A)]).entries["1"] == newer


def test_the_date_decides_which_of_two_equal_titles_holds_the_link() -> None:
    first = item(link=A, title="Bulletin")
    earlier = item(link=A, title="Bulletin", published=NOON - HOUR)
    found = shelf([first], [earlier, first]).entries
    assert found[A].published == NOON
    assert len(found) == 2


def test_spare_keys_are_no_longer_than_a_database_can_index() -> None:
    long = item("i" * 500, A + "x" * 4000)
    assert len(spare_key(long)) <= 600
    assert spare_key(long) != spare_key(item("i" * 500, A + "x" * 4001))


def test_links_to_compare_are_no_longer_than_a_database_can_index() -> None:
    assert len(canonical(A + "x" * 4000)) < 600
    assert canonical(A + "x" * 4000) != canonical(A + "x" * 4001)
    assert "\0" not in canonical(A + "?q=%00")


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (item("https://morning.example/?p=1"), True),
        (item("tag:morning.example,2024:1"), True),
        (item("1203"), False),
        (item(link=A), False),
    ],
)
def test_only_an_id_that_is_an_iri_is_the_publishers(read: Entry, *, expected: bool) -> None:
    assert is_publishers(read) is expected


def test_an_id_that_is_the_link_is_an_id() -> None:
    assert has_id(item(A, A))
    assert not has_id(item(link=A))


# ── Properties ───────────────────────────────────────────────────────────────────────────────────

ITEMS = st.builds(
    lambda read, is_dated: read if is_dated else undated(read),
    st.builds(
        item,
        st.sampled_from(["", "1", "2", A]),
        st.sampled_from([A, B, "http://morning.example/a/"]),
        title=st.sampled_from(["One", "Two"]),
        published=st.sampled_from([NOON, NOON + HOUR]),
        summary=st.sampled_from(["", "<p>Text</p>"]),
    ),
    st.booleans(),
)
DOCUMENTS = st.lists(ITEMS, max_size=6)


@given(DOCUMENTS, DOCUMENTS, st.randoms(use_true_random=False))
def test_keys_do_not_depend_on_the_order_of_a_document(
    before: list[Entry], document: list[Entry], order: random.Random
) -> None:
    shuffled = order.sample(document, len(document))
    assert shelf(before, document).entries == shelf(before, shuffled).entries


@given(DOCUMENTS, DOCUMENTS)
def test_reading_a_document_again_changes_nothing(before: list[Entry], document: list[Entry]) -> None:
    once = shelf(before, document)
    assert shelf(before, document, document).entries == once.entries


@given(st.lists(ITEMS, max_size=8, unique_by=lambda read: read.key), st.data())
def test_halves_read_one_after_the_other_end_like_the_whole(
    document: list[Entry], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(document)))
    assert shelf(document[:cut], document[cut:]).entries == shelf(document).entries


@given(DOCUMENTS)
def test_no_article_of_a_document_is_lost(document: list[Entry]) -> None:
    articles = {(read.key, canonical(read.url)) for read in document if has_id(read)}
    held = {(key.partition(" ")[0], canonical(read.url)) for key, read in shelf(document).entries.items()}
    assert articles <= held


@given(DOCUMENTS, DOCUMENTS)
def test_a_key_is_never_taken_from_an_article_that_is_still_listed(
    first: list[Entry], second: list[Entry]
) -> None:
    before = shelf(first)
    with_ids = {key: read for key, read in before.entries.items() if has_id(read)}
    after = shelf(first, [*second, *first])
    for key, read in with_ids.items():
        assert canonical(after.entries[key].url) == canonical(read.url)
