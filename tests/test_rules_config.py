"""What rules config.toml may state, and what is wrong with others, by line."""

from typing import Any

import pytest

from feedhub.model import When
from test_config import FEED, problems, read

HEAD = '[feeds.day]\n[[feeds.day.rules]]\nthen = "drop"\n'


def when(*lines: str) -> When:
    text = FEED.replace("[feeds.day]", HEAD) + "\n" + "\n".join(lines)
    (rule,) = read(text).site.feeds[0].rules
    return rule.when


def wrong(line: str) -> list[str]:
    return list(problems(HEAD + line))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('when.title = "vote"', {"title": ("vote",)}),
        ('when.text = ["vote", "/vot(e|ing)/", "*vote*"]', {"text": ("vote", "/vot(e|ing)/", "*vote*")}),
        ("when.image = true", {"image": True}),
        ("when.image = false", {"image": False}),
        ("when.words = 50", {"words": 50}),
        ('when.not = { title = "x" }', {"not_": When(title=("x",))}),
        (
            'when.any = [{ title = "x" }, { not = { words = 9 } }]',
            {"any": (When(title=("x",)), When(not_=When(words=9)))},
        ),
        (
            'when = { all = [{ any = [{ language = "hy" }] }] }',
            {"all": (When(any=(When(language=("hy",)),)),)},
        ),
    ],
)
def test_conditions_are_read_nested_as_they_are(line: str, expected: dict[str, Any]) -> None:
    assert when(line) == When(**expected)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('when.titel = "x"', '4: feeds.day.rules[1].when.titel: unknown key; did you mean "title"?'),
        (
            'when.any = [\n{ title = "x" },\n{ titel = "x" }]',
            '6: feeds.day.rules[1].when.any[2].titel: unknown key; did you mean "title"?',
        ),
        ('when.not = { nto = { title = "x" } }', 'when.not.nto: unknown key; did you mean "not"?'),
        ("when.title = []", "4: feeds.day.rules[1].when.title: names nothing"),
        ("when.any = []", "4: feeds.day.rules[1].when.any: names nothing"),
        ("when.all = [\n{ text = [] }]", "5: feeds.day.rules[1].when.all[1].text: names nothing"),
        ("when.any = [{}]", "when.any[1]: names nothing; leave it out instead"),
        ("when.not = {}", "when.not: names nothing; leave it out instead"),
        ('when.any = { title = "x" }', "when.any: must be a list of tables, in brackets, not a table"),
        ('when.not = "x"', "when.not: must be a table"),
        ('when.image = "yes"', "when.image: must be true or false"),
        ("when.words = 0", "when.words: must be at least 1"),
        ("when.title = 'a\\b*'", "4: feeds.day.rules[1].when.title: holds a backslash"),
        ("when.title = ['ok', '/(a/']", "when.title[2]: is no regular expression that RE2 takes: missing )"),
        ("when.host = '/(?<=a)b/'", "when.host: is no regular expression"),
        ("when.host = 'https://f.example/'", 'host[1]: has a "/", as no host has; did you mean "f.example"?'),
        (
            "when.host = ['a', '*.f.example/*']",
            'host[2]: has a "/", as no host has; did you mean "*.f.example"?',
        ),
        ("when.not = { host = 'https://' }", 'when.not.host[1]: has a "/", as no host has'),
        (
            "when.language = 'english'",
            'when.language[1]: must be a language tag such as "en" or "hy-AM", not "e',
        ),
        ("when.language = ['ru', 'pt_BR']", "when.language[2]: must be a language tag"),
        ("when.not = { source = 'nobody' }", 'when.not.source[1]: fits no source that there is: "nobody"'),
        ("when.any = [{ group = '/zz+/' }]", "when.any[1].group[1]: fits no group that there is"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(line: str, problem: str) -> None:
    told = wrong(line)
    assert len(told) == 1
    assert problem in told[0]


@pytest.mark.parametrize(
    "line",
    [
        "when.host = ['f.example', 'F.example:8080', '*.f.example', 'f?.example', '/[.]example$/', '[::1]']",
        "when.language = ['en', 'EN', ' pt-BR ', 'zh-Hans', 'x-ours', 'en*', '??', '/^(en|hy)/', 'ｅｎ']",
    ],
)
def test_what_may_fit_is_no_mistake(line: str) -> None:
    assert when(line) != When()


ALWAYS = '[[feeds.day.rules]]\nwhen = {}\nthen = "drop"\n'


def test_a_rule_that_fits_every_entry_and_leaves_others_none_is_told() -> None:
    others = '[[feeds.day.rules]]\nwhen.title = "x"\nthen = "include"\n' * 2
    told = "config.toml:3: feeds.day.rules[1].when: fits every entry, so that no rule below it ever decides; "
    assert list(problems(f"[feeds.day]\n{ALWAYS}{others}")) == [told + "put it last"]


def test_a_rule_that_fits_every_entry_may_be_the_last() -> None:
    read(f'[feeds.day]\n[[feeds.day.rules]]\nwhen.title = "x"\nthen = "include"\n{ALWAYS}')


def test_a_rule_that_is_wrong_is_not_taken_for_one_that_fits_every_entry() -> None:
    wrong = ALWAYS.replace("{}", '{ titel = "x" }')
    (told,) = problems(f"[feeds.day]\n{wrong}{ALWAYS}")
    assert "unknown key" in told


def test_several_mistakes_in_one_list_are_told_at_once_each_in_its_place() -> None:
    told = wrong('when.any = [{ titel = "x" }, { text = [] }, { title = "y" }, { words = 0 }]')
    assert [one.split(": ")[1].split("when.")[1] for one in told] == [
        "any[1].titel",
        "any[2].text",
        "any[4].words",
    ]
