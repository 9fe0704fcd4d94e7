"""Of a document that was read before only what is new is read, and that gives what a whole reading gives."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpus
from databases import HOUR, kept, lease
from editions import NOON
from feedhub.errors import ReadError
from feedhub.model import Entry, Limits, Reading, Response, Source
from feedhub.poll import Ours
from feedhub.read import read
from feedhub.read.news import MOST_KNOWN, news
from feedhub.read.repair import repaired
from feedhub.store import Store
from hubs import rss as listed
from reading import LINK, NOW, URL, atom, rss, source
from test_poll import Desk, item, make

__all__ = ["make"]

DATED = "<pubDate>Sun, 24 Nov 2024 10:00:00 GMT</pubDate>"


def read_again(body: bytes | str, seen: str = "", url: str = URL, **more: Any) -> Reading:
    """Read a document of which something is known already."""
    document = body.encode() if isinstance(body, str) else body
    return read(source(url=url, **more), Response(url=url, body=document, seen=seen), now=NOW)


def one(number: int, words: str = "Some words.", link: str = "") -> str:
    where = link or f"https://morning.example/{number}"
    return (
        f"<item><guid>{number}</guid><title>News {number}</title><link>{where}</link>{DATED}"
        f"<description>{words}</description></item>"
    )


def keys(reading: Reading) -> list[str]:
    return [entry.key for entry in reading.entries]


BEFORE = rss(*map(one, range(4)))
SEEN = read_again(BEFORE).seen


# ── What is read ─────────────────────────────────────────────────────────────────────────────────


def test_a_new_item_is_read_and_those_that_are_known_are_not() -> None:
    found = read_again(rss(*map(one, range(6))), SEEN)
    assert (keys(found), found.passed) == (["4", "5"], 4)


def test_what_reads_the_texts_is_given_the_head_and_the_new_items_alone() -> None:
    before, after = repaired(BEFORE.encode()), repaired(rss(*map(one, range(6))).encode())
    known = news(before, "", told="x").seen(["0", "1", "2", "3"])
    assert news(after, known, told="x").document.body == rss(one(4), one(5)).encode()


def test_an_item_that_has_changed_is_read() -> None:
    found = read_again(rss(one(0), one(1, "Other words."), one(2)), SEEN)
    assert (keys(found), found.passed) == (["1"], 2)


def test_an_item_that_was_gone_and_is_back_is_read() -> None:
    without = read_again(rss(one(0), one(1)), SEEN)
    assert keys(read_again(BEFORE, without.seen)) == ["2", "3"]


def test_items_in_another_order_are_known() -> None:
    assert keys(read_again(rss(*map(one, (3, 1, 0, 2))), SEEN)) == []


@pytest.mark.parametrize(
    "head",
    [
        "<lastBuildDate>Sun, 24 Nov 2024 12:00:00 GMT</lastBuildDate>",
        "<pubDate>today</pubDate>",
        "<!-- made in 7 ms -->",
        "\n\n",
    ],
)
def test_a_head_that_says_when_it_was_made_is_the_same_head(head: str) -> None:
    assert keys(read_again(rss(*map(one, range(5)), head=head), SEEN)) == ["4"]


@pytest.mark.parametrize(
    ("document", "more"),
    [
        (rss(*map(one, range(4)), head="<copyright>Ours</copyright>"), {}),
        (rss(*map(one, range(4)), attributes='xml:base="https://other.example/"'), {}),
        (rss(*map(one, range(4)), attributes='xmlns:dc="https://other.example/ns"').replace(
            'xmlns:dc="http://purl.org/dc/elements/1.1/"', ""), {}),
        (BEFORE, {"timezone": "Europe/Berlin"}),
        (BEFORE, {"language": "hy"}),
        (BEFORE, {"title": "Another"}),
        (BEFORE, {"auth": "bearer:x"}),
        (BEFORE, {"url": "https://morning.example/elsewhere/feed.xml"}),
    ],
    ids=["rights", "base", "namespace", "zone", "language", "title", "auth", "address"],
)  # fmt: skip
def test_all_is_read_anew_where_the_head_or_the_way_to_read_it_is_another(
    document: str, more: dict[str, str]
) -> None:
    assert len(read_again(document, SEEN, **more).entries) == 4


def test_terms_change_nothing_that_is_read() -> None:
    assert not read_again(BEFORE, SEEN, every=timedelta(hours=9), groups=("local",)).entries


def test_a_new_version_of_ours_reads_all_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedhub.read.__version__", "9.9")
    assert len(read_again(BEFORE, SEEN).entries) == 4


def test_what_was_refused_is_told_at_each_reading() -> None:
    document = rss(one(0), "<item><title>No link</title></item>")
    again = read_again(document, read_again(document).seen)
    assert (keys(again), again.passed) == ([], 1)
    assert [refused.title for refused in again.refused] == ["No link"]


@pytest.mark.parametrize(
    "document",
    [
        rss(one(0), one(1), f"<item>{LINK}<item><link>https://morning.example/b</link></item></item>"),
        rss(one(0), one(1)).replace("</channel>", f"</channel>{one(3)}"),
        rss(one(0), one(1)).replace("</item>", "</item>\x00&nbsp;<br>", 1),
    ],
    ids=["nested", "not all equally deep", "not well formed"],
)
def test_a_document_in_disorder_is_read_whole_each_time(document: str) -> None:
    first = read_again(document)
    assert (first.seen, first.passed) == ("", 0)


def test_a_document_with_too_many_items_to_remember_is_read_whole() -> None:
    many = "".join(f"<item><guid>{number}</guid>{LINK}</item>" for number in range(MOST_KNOWN + 1))
    assert read_again(rss(many)).seen == ""
    assert len(read_again(rss(many.replace("<item><guid>7</guid>", "<item><guid>6</guid>"))).entries) > 1000


def test_a_new_item_with_the_id_of_a_known_one_is_read_together_with_it() -> None:
    document = rss(*map(one, range(4)), one(2, link="https://morning.example/other"))
    assert keys(read_again(document, SEEN)) == ["0", "1", "2", "3", "2"]


def test_utf_16_is_known_again_too() -> None:
    known = read_again(f'<?xml version="1.0" encoding="utf-16"?>{BEFORE}'.encode("utf-16")).seen
    after = f'<?xml version="1.0" encoding="utf-16"?>{rss(*map(one, range(5)))}'.encode("utf-16")
    assert keys(read_again(after, known)) == ["4"]


# ── The same as a whole reading ──────────────────────────────────────────────────────────────────


def parts_of(body: bytes) -> tuple[bytes, list[bytes], list[bytes]] | None:
    """Take a document apart into its first bytes, its items, and what stands behind each of them."""
    document = repaired(body)
    if len(document.items) < 2:
        return None
    starts = [start for start, _ in document.items] + [len(document.body)]
    between = [document.body[end:start] for (_, end), start in zip(document.items, starts[1:], strict=True)]
    items_ = [document.body[start:end] for start, end in document.items]
    return document.body[: starts[0]], items_, between


def some(parts: tuple[bytes, list[bytes], list[bytes]], chosen: Sequence[bool]) -> bytes:
    """Write a document again with some of its items."""
    head, items_, between = parts
    told = zip(items_, between, chosen, strict=True)
    return head + b"".join((each if is_in else b"") + after for each, after, is_in in told)


def told_alike(entry: Entry) -> Entry:
    """Give an entry without what its document's head says of the time."""
    return replace(entry, origin=replace(entry.origin, updated=None, via=()))


def is_whole_reading(whole: Reading, part: Reading, before: Reading) -> bool:
    """Tell whether what a partial reading did not give was known from the reading before."""
    known = {told_alike(entry) for entry in before.entries}
    given = set(part.entries)
    kept_order = [entry for entry in whole.entries if entry in given]
    return (
        kept_order == list(part.entries)
        and part.refused == whole.refused
        and all(told_alike(entry) in known for entry in whole.entries if entry not in given)
        and replace(part, entries=(), seen="", passed=0) == replace(whole, entries=(), seen="", passed=0)
        and len(part.entries) + part.passed <= len(whole.entries)
    )


@pytest.mark.parametrize("row", corpus.rows(), ids=lambda row: row["file"])
def test_of_a_real_document_the_news_are_as_in_a_whole_reading(row: dict[str, str]) -> None:
    body = corpus.document(row)
    try:
        parts = parts_of(body)
        whole = read_again(body)
    except ReadError:
        return
    if parts is None or len(body) > 400_000:
        return
    chance = random.Random(row["file"])
    chosen = [chance.random() < 0.6 for _ in parts[1]]
    before = read_again(some(parts, chosen))
    part = read_again(some(parts, [True] * len(chosen)), before.seen)
    assert is_whole_reading(whole, part, before)
    again = read_again(some(parts, [True] * len(chosen)), part.seen)
    times = Counter(keys(whole))
    assert not part.seen or all(times[key] > 1 for key in keys(again))


_NUMBERS = st.integers(1, 4)
_ITEMS = st.builds(
    lambda number, link, words, has_id, title: (
        "<item>"
        + (f"<guid>{number}</guid>" if has_id else "")
        + f"<title>Title {title}</title><link>https://morning.example/{link}</link>{DATED}"
        + f"<description>{words}</description></item>"
    ),
    _NUMBERS,
    _NUMBERS,
    st.sampled_from(["One.", "Two.", "<p>Three</p>", "&lt;p>Four&lt;/p>"]),
    st.booleans(),
    _NUMBERS,
)
_DOCUMENTS = st.lists(st.lists(_ITEMS, max_size=6), min_size=2, max_size=4)
_numbers = count()


def saved(store: Store, documents: Sequence[str], *, whole: bool) -> dict[str, object]:
    """Read and save the documents of a source one after the other; gives what the store has then."""
    name = f"source{next(_numbers)}"
    told = Source(name=name, url=URL)
    store.polling.set_sources([told], NOON)
    seen = ""
    for number, document in enumerate(documents):
        now = NOON + number * HOUR
        answer = Response(url=URL, body=document.encode(), seen="" if whole else seen)
        reading = read(told, answer, now=now)
        visit = lease(store, name, now)
        assert store.polling.save(visit, reading, lambda _, to=visit: to, token="poller", now=now)  # type: ignore[misc]
        seen = reading.seen
    return {
        key: (replace(each.entry, source="", published_id=""), each.seen, each.changed)
        for key, each in kept(store, name).items()
    }


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('news') / 'hub.db'}")
    yield store
    store.close()


@settings(max_examples=40, deadline=None)
@given(_DOCUMENTS, st.booleans())
def test_the_store_ends_alike_whether_documents_are_read_whole_or_their_news_alone(
    scratch: Store, drawn: list[list[str]], is_growing: bool
) -> None:
    if is_growing:  # as feeds do: what was in the document before is in the next
        drawn = [*drawn[:1], *(later + before for before, later in pairwise(drawn))]
    documents = [rss(*items_) for items_ in drawn]
    assert saved(scratch, documents, whole=False) == saved(scratch, documents, whole=True)


def test_atom_entries_are_known_again() -> None:
    entries = [
        f'<entry><id>urn:x:{number}</id><title>{number}</title><link href="https://morning.example/{number}"/>'
        f"<updated>2024-11-24T10:00:00Z</updated></entry>"
        for number in range(3)
    ]
    known = read_again(atom(*entries[1:], head="<updated>2024-11-24T10:00:00Z</updated>")).seen
    found = read_again(atom(*entries, head="<updated>2024-11-24T11:00:00Z</updated>"), known)
    assert (keys(found), found.passed) == (["urn:x:0"], 2)


# ── From poll to poll ────────────────────────────────────────────────────────────────────────────


def polled_with(desk: Desk, *numbers: int) -> tuple[int, int]:
    """Poll a document with these items; tells how many were new and how many changed."""
    desk.web.serves("https://morning.example/feed", listed(*map(item, numbers)))
    desk.clock.passes(HOUR * 24)
    [polled] = desk.ended(None, "morning")
    assert polled.saved
    return polled.saved.new, polled.saved.changed


def test_what_is_known_goes_from_visit_to_visit(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    assert polled_with(desk, 1, 2, 3) == (3, 0)
    known = desk.visit("morning").known.seen
    assert known
    assert polled_with(desk, 2, 3, 4) == (1, 0)
    assert desk.visit("morning").known.seen != known
    assert len(desk.titles()) == 4


def test_what_was_left_by_max_new_is_read_at_the_next_polls(make: Callable[..., Desk]) -> None:
    desk = make("morning", limits=Limits(max_new=2))
    assert polled_with(desk, 1, 2, 3, 4, 5) == (2, 0)
    assert desk.visit("morning").known.seen == ""
    assert [polled_with(desk, 1, 2, 3, 4, 5)[0] for _ in range(3)] == [2, 1, 0]
    assert desk.visit("morning").known.seen


def test_what_could_not_be_saved_is_read_again(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    polled_with(desk, 1)
    desk.ask("create trigger refused before insert on entries begin select raise(abort, 'no'); end")
    desk.web.serves("https://morning.example/feed", listed(item(1), item(2)))
    assert desk.polls(None, "morning") == {"morning": "failed"}
    desk.ask("drop trigger refused")
    assert polled_with(desk, 1, 2) == (1, 0)


def test_what_is_let_back_after_a_take_down_is_read_again(make: Callable[..., Desk]) -> None:
    desk = make("morning")
    polled_with(desk, 1, 2)
    desk.store.takedowns.take(item(1).link, [], reason="asked", now=desk.clock())
    assert polled_with(desk, 1, 2, 3) == (1, 0)
    desk.store.takedowns.undo(item(1).link, desk.clock())
    assert polled_with(desk, 1, 2, 3, 4) == (1, 1)


def test_a_source_of_which_much_is_known_is_not_taken_for_another(make: Callable[..., Desk]) -> None:
    """Its title and its site have changed while nothing was new; one new item is no hijack then."""
    desk = make("morning")
    polled_with(desk, *range(1, 40))
    where = "https://morning.example/feed"
    for numbers in (range(1, 40), range(1, 42)):
        desk.web.serves(where, listed(*map(item, numbers), title="Renamed", link="https://new.example/"))
        desk.clock.passes(HOUR)
        [polled] = desk.ended(None, "morning")
        assert polled.saved
    assert polled.saved.new == 2
    assert not desk.store.polling.held()


def test_an_echo_is_told_at_each_reading(make: Callable[..., Desk]) -> None:
    ours = Ours(site_url="https://news.example")
    echo = "<item><guid>9</guid><link>https://paper.example/9</link>" + (
        '<source url="https://news.example/day.rss">Us</source></item>'
    )
    reading = read_again(rss(one(0), echo))
    assert reading.seen
    without = ours.without_echoes(reading)
    assert (keys(without), without.seen) == (["0"], "")
