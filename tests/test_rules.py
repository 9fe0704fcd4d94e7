import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import DAY, HOUR, START, item, kept, paper
from feedhub.curate.rules import fits, may_take, takes, verdict
from feedhub.model import Category, Enclosure, Entry, Feed, Image, Origin, Person, Rule, Take, Verdict, When

MORNING = paper("morning", groups=("armenia", "politics"))


def rule(then: Verdict = "drop", **when: Any) -> Rule:
    return Rule(when=When(**when), then=then)


def fits_title(glob: str, title: str) -> bool:
    return fits(rule(title=(glob,)), kept(item("a", title=title)), MORNING)


# ── Globs ──


@pytest.mark.parametrize(
    ("glob", "text"),
    [
        ("horoscope*", "Horoscope for Monday"),
        ("*horoscope*", "Your daily horoscope is here"),
        ("*horoscope", "The horoscope"),
        ("horoscope", "HOROSCOPE"),
        (r"\*", "*"),
        (r"5 \* hotel*", "5 * hotels"),
        (r"really\?*", "Really? Yes"),
        ("h?roscope", "Horoscope"),
        ("a*b*c", "a-b-b-c"),
        ("a*a", "aa"),
        ("*", ""),
        ("**", "anything"),
        ("a.c", "a.c"),
        ("[x]", "[x]"),
        ("two  words", "two\u00a0words"),
        ("two*words", "two\nlines of words"),
    ],
)
def test_a_glob_fits_a_whole_text(glob: str, text: str) -> None:
    assert fits_title(glob, text)


@pytest.mark.parametrize(
    ("glob", "text"),
    [
        ("horoscope*", "The horoscope"),
        (r"\*", "a"),
        ("a*a", "a"),
        ("ab*ba", "aba"),
        ("a?c", "ac"),
        ("?", ""),
        ("a.c", "abc"),
        ("[x]", "x"),
        ("a*b*c", "acb"),
    ],
)
def test_a_glob_does_not_fit_a_part_of_a_text(glob: str, text: str) -> None:
    assert not fits_title(glob, text)


@pytest.mark.parametrize(
    ("glob", "text"),
    [
        ("*ԱՐԱՎՈՏ*", "«Առավոտ» եւ «արավոտ»"),
        ("երևան*", "ԵՐԵՒԱՆ այսօր"),
        ("*ПОГОДА*", "Завтра погода"),
        ("*όσος*", "ΌΣΟΣ"),  # a final sigma has no capital of its own
        ("*ΐ*", "Ϊ\u0301"),  # a letter that folding takes apart
        ("*ά*", "α\u0301"),
        ("*café*", "CAFE\u0301 noir"),
        ("stra\u00dfe", "STRASSE"),
        ("*ｗｉｄｅ*", "Wide"),
    ],
)
def test_letters_are_the_same_in_either_case_and_composition_in_every_script(glob: str, text: str) -> None:
    assert fits_title(glob, text)
    assert fits_title(text, text)


_LETTERS = st.text(st.sampled_from("ab *?."), max_size=8)


@given(
    glob=_LETTERS.filter(lambda glob: set(glob) & {"*", "?"}),
    text=st.text(st.sampled_from("ab ."), max_size=12),
)
def test_globs_mean_what_the_regular_expressions_mean_that_they_stand_for(glob: str, text: str) -> None:
    folded = " ".join(glob.split())
    pattern = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in folded)
    assert fits_title(glob, text) == bool(re.fullmatch(pattern, " ".join(text.split())))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("glob", ["*a" * 30 + "b", "*?a" * 30 + "b", "*" * 200 + "b", "?*" * 60 + "b"])
def test_no_glob_takes_longer_than_in_proportion_to_the_text(glob: str) -> None:
    # Tried by backtracking this would take longer than the world has stood.
    assert not fits_title(glob, "a" * 30_000)


# ── What a rule looks at ──


def full(**more: Any) -> Entry:
    said = {
        "title": "The budget",
        "summary": "<p>It was <b>ad</b>opted</p>",
        "content": "<p>after&nbsp;midnight</p>",
        "url": "https://www.morning.example/a/",
        "language": "en-GB",
        "authors": (Person(name="Ani Petrosyan"), Person(email="desk@morning.example")),
        "categories": (Category(term="politics-en", label="Politics"), Category(term="Budget")),
        **more,
    }
    return item("a", **said)


@pytest.mark.parametrize(
    ("when", "fitting"),
    [
        ({"title": ("*budget",)}, True),
        ({"title": ("*adopted*",)}, False),
        ({"text": ("*was adopted after midnight",)}, True),
        ({"text": ("the budget*",)}, True),
        ({"text": ("*<b>*",)}, False),
        ({"source": ("morn*",)}, True),
        ({"source": ("evening",)}, False),
        ({"group": ("politics",)}, True),
        ({"group": ("sport",)}, False),
        ({"category": ("budget",)}, True),
        ({"category": ("POLITICS",)}, True),
        ({"category": ("politics-*",)}, True),
        ({"category": ("sport",)}, False),
        ({"author": ("ani *",)}, True),
        ({"author": ("*@morning.example",)}, True),
        ({"author": ("*nobody*",)}, False),
        ({"language": ("en",)}, True),
        ({"language": ("en-gb",)}, True),
        ({"language": ("hy",)}, False),
        ({"host": ("*morning.example",)}, True),
        ({"host": ("morning.example",)}, False),
        ({"title": ("budget",)}, True),  # a word
        ({"text": ("adopted after",)}, True),  # a phrase
        ({"text": ("dopted",)}, False),
        ({"category": ("politics-",)}, False),  # of a label, the whole
        ({"author": ("Petrosyan",)}, False),
        ({"author": ("/petros(ian|yan)/",)}, True),
        ({"image": False}, True),
        ({"image": True}, False),
        ({"words": 4}, False),  # of the summary and of the content, the longer
        ({"words": 3}, True),
        ({"any": (When(title=("nothing",)), When(language=("en",)))}, True),
        ({"any": (When(title=("nothing",)), When(language=("hy",)))}, False),
        ({"all": (When(title=("budget",)), When(language=("en",)))}, True),
        ({"all": (When(title=("budget",)), When(language=("hy",)))}, False),
        ({"not_": When(title=("budget",))}, False),
        ({"not_": When(not_=When(any=(When(source=("morning",)),)))}, True),
        ({"title": ("nothing", "the*")}, True),  # any of a list
        ({"title": ("the*",), "source": ("evening",)}, False),  # all that is named
        ({}, True),
    ],
)
def test_a_rule_fits_if_all_that_it_names_fits_and_any_of_each_list(
    when: dict[str, Any], fitting: bool
) -> None:
    assert fits(rule(**when), kept(full()), MORNING) is fitting


def test_an_entry_without_authors_has_those_of_its_source() -> None:
    entry = full(authors=(), origin=Origin(authors=(Person(name="The newsroom"),)))
    assert fits(rule(author=("*newsroom",)), kept(entry), MORNING)


def test_age_is_what_it_was_when_we_first_saw_the_entry() -> None:
    old = rule(age=timedelta(days=7))
    assert fits(old, kept(item("a", published=START - 7 * DAY)), MORNING)
    assert not fits(old, kept(item("a", published=START - 7 * DAY + HOUR)), MORNING)


def test_the_first_rule_that_fits_decides_and_without_one_an_entry_comes_in() -> None:
    rules = (rule("include", title=("*budget*",)), rule("drop", source=("morning",)))
    feed = Feed(name="day", title="Day", rules=rules)
    assert verdict(feed, kept(item("a", title="The budget")), MORNING) == ("include", 1)
    assert verdict(feed, kept(item("a", title="The weather")), MORNING) == ("drop", 2)
    assert verdict(feed, kept(item("a", "evening", title="The weather")), paper("evening")) == (None, None)


@pytest.mark.parametrize(
    "more",
    [
        {"image": Image(url="https://morning.example/a.jpg")},
        {"enclosures": (Enclosure(url="https://morning.example/a", type="image/png"),)},
        {"content": '<p><img src="https://morning.example/a.jpg" alt=""></p>'},
    ],
)
def test_a_picture_is_one_wherever_it_stands(more: dict[str, Any]) -> None:
    assert fits(rule(image=True), kept(full(**more)), MORNING)


# ── What a feed takes ──


@pytest.mark.parametrize(
    ("take", "taken"),
    [
        (Take(), True),
        (Take(sources=("morning",)), True),
        (Take(sources=("evening",)), False),
        (Take(groups=("politics", "sport")), True),
        (Take(groups=("sport",)), False),
        (Take(categories=("BUDGET",)), True),
        (Take(categories=("politics",)), True),
        (Take(categories=("sport",)), False),
        (Take(groups=("armenia",), sources=("morning",), categories=("budget",)), True),
        (Take(groups=("armenia",), sources=("morning",), categories=("sport",)), False),
        (Take(groups=("armenia",), sources=("evening",)), False),
    ],
)
def test_a_feed_takes_what_is_one_of_each_kind_that_it_names(take: Take, taken: bool) -> None:
    assert takes(take, full(), MORNING) is taken
    assert may_take(take, MORNING) or not taken
