from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from databases import HOUR, item, poll
from editions import DAY, NOON
from feedhub.model import Entry
from feedhub.store import Findable, Store
from feedhub.store.tables import findable
from feedhub.store.tokens import Term, terms, tokens

MINUTE = timedelta(minutes=1)


def listed(entry: Entry, digest: str = "") -> Findable:
    return Findable(entry=entry, digest=digest or entry.title, text=lambda: entry.title)


def publish(
    store: Store, *titles: str, feed: str = "day", day: date | None = DAY, **more: Any
) -> list[Entry]:
    """Poll entries with these titles, the first the newest, and publish them in a feed."""
    read = [
        item(f"https://morning.example/{feed}/{day}/{number}/", f"https://morning.example/{feed}/{number}/",
             title=title, published=NOON - number * MINUTE, **more)
        for number, title in enumerate(titles)
    ]  # fmt: skip
    poll(store, *read)
    store.searching.fill(feed, day, [listed(entry) for entry in read])
    return read


def found(store: Store, question: str, **more: Any) -> list[str]:
    return [kept.entry.title for kept in store.searching.search(question, **more)]


# ── Words ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", []),
        ("Hello, World-wide!", ["hello", "world", "wide"]),
        ("COVID-19's", ["covid", "19", "s"]),
        ("Երևան Երեւան քաղաք", ["երևան", "երևան", "քաղաք"]),
        ("Ի՞նչ, ո՛չ", ["ինչ", "ոչ"]),
        ("Ёлка в МОСКВЕ", ["елка", "в", "москве"]),
        ("दिल की", ["दिल", "की"]),
        ("مُحَمَّد", ["محمد"]),
        ("İstanbul", ["istanbul"]),
        ("\u0301 _ \u0940", ["\u0940"]),
        ("中国人民", ["中国", "国人", "人民", "民"]),
        ("2024年", ["2024", "年"]),
        ("ＡＢＣ ﬁn", ["abc", "fin"]),
        ("snake_case", ["snake", "case"]),
        ("cafe\u0301", ["cafe"]),
        ("a" * 200, ["a" * 60]),
    ],
)
def test_a_text_is_cut_into_tokens(text: str, cut: list[str]) -> None:
    assert tokens(text) == cut


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("", []),
        ('"', []),
        ('- * -* "" \'', []),
        ("bread Stone", [("bread",), ("stone",)]),
        ('"bread stone"', [("bread", "stone")]),
        ('"bread stone', [("bread", "stone")]),
        ("covid-19", [("covid", "19")]),
        ("AND OR NOT NEAR", [("and",), ("or",), ("not",), ("near",)]),
        ("中国", [("中国",)]),
    ],
)
def test_a_question_is_read_as_it_is_meant(question: str, asked: list[tuple[str, ...]]) -> None:
    assert [term.tokens for term in terms(question)] == asked


def test_a_term_can_be_begun_or_barred() -> None:
    assert terms('bre* -"old stone" -wal*') == [
        Term(tokens=("bre",), is_begun=True),
        Term(tokens=("old", "stone"), is_barred=True),
        Term(tokens=("wal",), is_begun=True, is_barred=True),
    ]


def test_a_question_is_read_only_so_far() -> None:
    assert len(terms("word " * 10_000)) == 10
    assert len(terms('"' + "中" * 10_000)[0].tokens) <= 30


# ── Finding ──────────────────────────────────────────────────────────────────────────────────────

TITLES = (
    "Bread in the valley",
    "The council builds a stone bridge",
    "Հացը թանկանում է Երևանում",
    "Совет открыл новый мост",
    "中国人民的面包",
    "東京タワーの夜",
    "ข่าวเศรษฐกิจวันนี้",
    "A stone for a stone, bread for bread",
    "Ի՞նչ կլինի վաղը",
    "Café in İstanbul",
    "Ёлка у Кремля",
    "दिल की बात",
    "बाद लोग आए",
)


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("bread", [0, 7]),
        ("BREAD", [0, 7]),
        ("bread stone", [7]),
        ('"stone bridge"', [1]),
        ('"bridge stone"', []),
        ("br*", [0, 1, 7]),
        ("bread -stone", [0]),
        ('bread -"for a stone"', [0]),
        ("stone -br*", []),
        ("հացը", [2]),
        ("հաց", []),
        ("հաց*", [2]),
        ("երևանում", [2]),
        ("ԵՐԵՒԱՆՈՒՄ", [2]),
        ("мост", [3]),
        ("МОСТ", [3]),
        ("мос*", [3]),
        ("人民", [4]),
        ("中国人民", [4]),
        ("民", [4]),
        ("人", [4]),
        ("包", [4]),
        ("民人", []),
        ("タワー", [5]),
        ("เศรษฐกิจ", [6]),
        ("-stone", []),
        ("ինչ", [8]),
        ("Ի՞նչ", [8]),
        ("cafe istanbul", [9]),
        ("CAFÉ", [9]),
        ("елка", [10]),
        ("दिल", [11]),
        ("दि*", [11]),
        ("लोग", [12]),
        ("nothing", []),
        ("feeds:day", []),
        ("day", []),
        ("words", []),
        ('" OR "', []),
    ],
)
def test_what_is_asked_for_is_found_newest_first(store: Store, question: str, places: list[int]) -> None:
    publish(store, *TITLES)
    assert found(store, question) == [TITLES[place] for place in places]


def test_only_what_a_feed_publishes_is_found_in_it(store: Store) -> None:
    publish(store, "bread here", feed="day")
    (shared,) = publish(store, "bread there", feed="the-news")
    assert len(found(store, "bread")) == 2
    assert found(store, "bread", feed="the-news") == ["bread there"]
    store.searching.fill("day", None, [listed(shared)])
    assert found(store, "bread", feed="day") == ["bread here", "bread there"]
    store.searching.fill("the-news", DAY, [])
    assert found(store, "bread", feed="the-news") == []
    assert found(store, "bread", feed="the") == []
    assert len(found(store, "bread", feed="day")) == 2


def test_what_is_published_no_more_is_found_no_more(store: Store) -> None:
    first, second = publish(store, "bread one", "bread two")
    store.searching.fill("day", DAY, [listed(second)])
    assert found(store, "bread") == ["bread two"]
    store.searching.fill("day", DAY, [listed(first), listed(second)])
    assert found(store, "bread") == ["bread one", "bread two"]
    store.searching.keep_only([("day", None)])
    assert found(store, "bread") == []


def test_an_entry_stays_in_the_edition_that_still_has_it(store: Store) -> None:
    (entry,) = publish(store, "bread", day=DAY)
    store.searching.fill("day", None, [listed(entry)])
    store.searching.keep_only([("day", DAY)])
    assert found(store, "bread", feed="day") == ["bread"]


def test_what_is_taken_down_is_found_no_more_at_once(store: Store) -> None:
    publish(store, "bread one", "bread two")
    assert store.takedowns.take("https://morning.example/day/0/", [], reason="asked", now=NOON)
    assert found(store, "bread") == ["bread two"]


def test_a_correction_is_found_by_its_new_words_alone(store: Store) -> None:
    (entry,) = publish(store, "bread")
    corrected = item(entry.key, entry.url, title="stone", published=entry.published)
    poll(store, corrected, now=NOON + HOUR)
    store.searching.fill("day", DAY, [listed(corrected)])
    assert (found(store, "bread"), found(store, "stone")) == ([], ["stone"])


def test_a_time_can_be_asked_for(store: Store) -> None:
    publish(store, *(f"bread {number}" for number in range(4)))
    between = {"since": NOON - 2 * MINUTE, "until": NOON}
    assert found(store, "bread", **between) == ["bread 1", "bread 2"]
    assert found(store, "bread", until=NOON - 2 * MINUTE) == ["bread 3"]


def test_the_newest_are_given_and_no_more_than_are_wanted(store: Store) -> None:
    publish(store, *(f"bread {number}" for number in range(30)))
    assert found(store, "bread", most=3) == ["bread 0", "bread 1", "bread 2"]
    assert len(found(store, "bread", most=10_000)) == 30


def test_entries_of_one_moment_are_all_found(store: Store) -> None:
    same = [item(f"https://morning.example/{n}", title="bread", published=NOON) for n in range(450)]
    poll(store, *same)
    store.searching.fill("day", DAY, [listed(one) for one in same])
    assert len(found(store, "bread", most=200)) == 200
    store.searching.fill("day", DAY, [listed(one) for one in same[:3]])
    assert len(found(store, "bread")) == 3


def test_no_word_is_cut_again_where_nothing_changed(store: Store) -> None:
    def never() -> str:
        raise AssertionError

    read = publish(store, "bread", "stone")
    store.searching.fill("day", DAY, [Findable(entry=one, digest=one.title, text=never) for one in read])
    assert found(store, "bread") == ["bread"]


def test_what_was_cut_in_another_way_is_cut_again(store: Store) -> None:
    read = publish(store, "bread")
    with store.searching._database.writing() as connection:
        connection.execute(findable.update().values(digest=read[0].title))
    store.searching.fill("day", DAY, [Findable(entry=read[0], digest=read[0].title, text=lambda: "stone")])
    assert found(store, "stone") == ["bread"]


@pytest.mark.parametrize(
    "question",
    [
        "'",
        "\\",
        "\0",
        "a\0b",
        "%",
        "**",
        "(",
        ")",
        "a)",
        "^a",
        "a:b",
        "{a}",
        "NEAR(a b)",
        "\ud800",
        "🙂",
        "-" * 200,
        "'a':*",
    ],
)
def test_junk_is_no_error(store: Store, question: str) -> None:
    publish(store, "bread")
    assert found(store, question) == []


@given(st.text(max_size=300))
def test_no_question_is_read_as_more_than_words(question: str) -> None:
    for term in terms(question):
        assert term.tokens
        assert all(
            token and '"' not in token and "'" not in token and " " not in token for token in term.tokens
        )


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_text_is_found_by_each_of_its_words(text: str) -> None:
    for word in text.split():
        for term in terms(f'"{word}"'.replace('""', "")):
            cut = tokens(text)
            rows = [cut[start : start + len(term.tokens)] for start in range(len(cut))]
            assert any(_fits(term, row) for row in rows) or '"' in word or "*" in word


def _fits(term: Term, row: list[str]) -> bool:
    *begun, last = term.tokens
    if len(row) != len(term.tokens) or row[:-1] != begun:
        return False
    return row[-1].startswith(last) if term.is_begun else row[-1] == last


def test_two_publishers_at_once_file_the_same_entries_once(store: Store, store_url: str) -> None:
    entries = publish(store, "Gates open", "Bridge closed", day=None)
    days, together = [DAY + timedelta(days=number) for number in range(20)], Barrier(2, timeout=10)

    def fill(mine: Store) -> None:
        for day in days:
            together.wait()
            mine.searching.fill("day", day, [listed(entry) for entry in entries])

    other = Store(store_url)
    try:
        with ThreadPoolExecutor(2) as threads:
            for done in [threads.submit(fill, each) for each in (store, other)]:
                done.result(60)
    finally:
        other.close()
    assert found(store, "gates") == ["Gates open"]
