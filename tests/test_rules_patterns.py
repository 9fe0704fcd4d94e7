import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.text import count_words
from feedhub.text.folding import folded
from feedhub.text.patterns import _LARGEST, Text, pattern


def fits(written: str, text: str, *, is_label: bool = False) -> bool:
    return pattern(written, is_label=is_label)(Text(text))


# ── Words and phrases ──


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("vote", "After the vote: three roads"),
        ("vote", "Vote"),
        ("prime minister", "The Prime  Minister\u00a0resigns"),
        ("covid-19", "COVID\u201119 once more"),
        ("people's choice", "The People\u2019s Choice"),
        ("U.S.", "The U.S. answers"),
        ("c++", "A course of C++"),
        ("cafe", "Le Caf\u00e9 noir"),
        ("caf\u00e9", "CAFE\u0301S, un cafe\u0301"),
        ("malm\u00f6", "Malmo"),
        ("\u0142\u00f3d\u017a", "LODZ"),
        ("istanbul", "\u0130STANBUL"),
        ("\u0435\u043b\u043a\u0430", "\u0401\u043b\u043a\u0430 \u0441\u0442\u043e\u0438\u0442"),  # ё is е
        ("\u0437\u0430\u043c\u043e\u043a", "\u0417\u0430\u0301\u043c\u043e\u043a"),  # stressed
        (
            "οδοσ",
            "Στην Όδος",
        ),
        ("երևան", "Երեւան այսօր"),
        ("երևան", "ԵՐԵՎԱՆ"),
        ("ԵՐԵՒԱՆ", "Երևանը, Երևան"),
        ("ինչու", "Ինչո՞ւ է այդպես"),
        ("محمد", "مُحَمَّد"),
        ("احمد", "أحمد"),
        ("الأمة", "الامه"),
        ("کتاب", "كتاب"),
        ("مـــصر", "مصر"),
        ("שלום", "שָׁלוֹם"),
        ("2024", "٢٠٢٤"),
        ("选举", "昨天的选举结果"),
        ("東京", "今日東京は"),
        ("เลือกตั้ง", "การเลือกตั้งใหม่"),
        ("서울", "서울에서 열린"),
        ("かき", "かき"),
    ],
)
def test_a_word_fits_where_it_stands_as_readers_read_it(words: str, text: str) -> None:
    assert fits(words, text)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("vote", "The voters"),
        ("vote", "To outvote"),
        ("prime minister", "A prime, minister"),
        ("мой", "Мои слова"),  # й is a letter of its own
        ("її", "іі"),
        ("выборы", "перевыборы"),
        ("かき", "がき"),  # and so is が
        ("선거", "재선거"),
        ("हिंदी", "हद"),  # marks are vowels there
    ],
)
def test_a_word_does_not_fit_in_the_midst_of_another_or_another_letter(words: str, text: str) -> None:
    assert not fits(words, text)


def test_of_a_label_a_word_is_the_whole() -> None:
    assert fits("Politics", "POLITICS", is_label=True)
    assert not fits("Politics", "Politics and more", is_label=True)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(), st.text())
def test_any_text_can_be_looked_for_in_any_other(written: str, text: str) -> None:
    with suppress(ValueError):
        assert fits(written, text) in (True, False)


@given(st.text(st.characters(categories=["L", "Nd"]), min_size=1).filter(folded))
def test_a_word_of_letters_fits_itself(word: str) -> None:
    assert fits(word, word)
    assert fits(word, f"\u00ab{word}\u00bb, x")


# ── Regular expressions ──


def test_an_expression_fits_anywhere_in_capitals_or_not() -> None:
    assert fits("/vot(e|ing)s?\\b/", "The Voting goes on")
    assert fits("/ընտր.*/", "ԸՆՏՐՈՒԹՅՈՒՆՆԵՐ")
    assert not fits("/(?-i)VOTE/", "vote")
    assert fits("/^caf\u00e9$/", "cafe\u0301")  # composed, and otherwise as it is
    assert not fits("/^cafe$/", "caf\u00e9")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("/(a/", "is no regular expression that RE2 takes: missing )"),
        ("/(?=a)b/", "is no regular expression that RE2 takes: invalid perl operator"),
        (r"/(a)\1/", "is no regular expression that RE2 takes: invalid escape"),
        ("/a", 'does not end with "/"'),
        ("/", 'does not end with "/"'),
        ("//", 'does not end with "/"'),
        ("/(x?.{0,30}a?){30}Z/", "is too large a regular expression"),
        ("/(a{1,1000}){1,1000}/", "is no regular expression that RE2 takes"),
        ("a\\b*", "holds a backslash"),
        ("a*\\", "holds a backslash"),
        ("\u0301", "holds no letter"),
    ],
)
def test_what_is_no_pattern_is_refused_in_words(written: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        pattern(written)


CATASTROPHES = [
    "/(a+a+)+b/",
    "/(a|aa|aaa)*$b/",
    r"/(x?\C{0,30}a?){9}Z/",
    r"/[ab]\C{700}Z/",
    "/[ab].{50}[ac].{50}Z/",
    r"/(?:\p{L}?){90}Z/",
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("written", CATASTROPHES)
def test_the_larger_an_expression_the_less_of_a_text_it_sees_and_never_less_than_a_title(
    written: str,
) -> None:
    # By backtracking the first of these would take longer than the world has stood. The bound is on work,
    # states times bytes, and not on time: that the clock of a busy machine would tell wrongly.
    assert not fits(written, "a" * 30_000)
    assert fits(f"/(?:{written[1:-1]}|q)/", "a" * 900 + "q")
    assert 800_000 // _LARGEST >= 1000


# ── Words are counted as editors do ──


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("One - two, three!", 3),
        ("Մեկ, երկու՝ երեք։", 3),
        ("选举结果", 4),
        ("iPhone 発売", 3),
        ("don\u2019t stop", 2),
    ],
)
def test_words_are_counted(text: str, count: int) -> None:
    assert count_words(text) == count
