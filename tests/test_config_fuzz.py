import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub import config
from feedhub.errors import ConfigError
from test_config import WHOLE

LINES = WHOLE.splitlines()
TOLD = re.compile(r"config\.toml(?::(\d+))?: \S.*")
VALUES = st.sampled_from(
    '5 -1 1.5 nan 99999999999999999999 true 2024-11-24 07:32:00 [ [] [[]] [5] ["x","x"] [{}] {} {x=1}'
    ' {url="a.xml"} "" "x" "0s" "${" "${NO}" "\\u0000" "*" "::" "http://[" "file:x" "sqlite:///"'
    ' ".." "💀"'.split()
)
TABLES = [number for number, line in enumerate(LINES) if line.startswith("[")]
INLINE = [number for number, line in enumerate(LINES) if " = {" in line]
ASSIGNMENTS = [number for number, line in enumerate(LINES) if " = " in line]


def read(text):
    """The configuration, or the problems: anything else is an error of ours."""
    try:
        return config.parse(text, path=Path("/srv/hub/config.toml"), environ={"PARTNER_TOKEN": "x"})
    except ConfigError as error:
        problems = error.problems
    assert problems
    for problem in problems:
        match = TOLD.fullmatch(problem)
        assert match, problem
        assert match[1] is None or 1 <= int(match[1]) <= text.count("\n") + 1
    return problems


@settings(deadline=None)
@given(st.text())
def test_any_text_gives_problems_in_words(text):
    read(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_any_lines_of_a_configuration_give_it_or_its_problems(lines):
    read("\n".join(lines))


@settings(deadline=None)
@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.text("[]{}=\"'.,#\n\\$ ax0é\x07", max_size=5))
def test_a_damaged_configuration_gives_it_or_its_problems(start, length, text):
    read(WHOLE[:start] + text + WHOLE[start + length :])


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ASSIGNMENTS), VALUES), min_size=1, max_size=8))
def test_any_values_give_a_configuration_or_its_problems(changes):
    lines = list(LINES)
    for number, value in changes:
        lines[number] = f"{lines[number].partition('=')[0]}= {value}"
    read("\n".join(lines))


@pytest.mark.parametrize("number", TABLES)
@pytest.mark.parametrize("key", ["x", "urll", '""', '"a b"', '"\\u2028"'])
def test_an_unknown_key_is_never_accepted(number, key):
    lines = [*LINES[: number + 1], f"{key} = 1", *LINES[number + 1 :]]
    (problem,) = read("\n".join(lines))
    assert problem.startswith(f"config.toml:{number + 2}: ")
    assert ": unknown key" in problem


@pytest.mark.parametrize("number", INLINE)
def test_an_unknown_key_in_braces_is_never_accepted(number):
    lines = list(LINES)
    lines[number] = lines[number].replace("{", "{ x = 1,")
    (problem,) = read("\n".join(lines))
    assert problem.startswith(f"config.toml:{number + 1}: ")
    assert ": unknown key" in problem


@pytest.mark.parametrize("table", ["", "[sitee]", "[[feeds.day.rules]]\n[feeds.day.rules.when.x]"])
def test_an_unknown_table_is_never_accepted(table):
    assert isinstance(read(f"x = 1\n{WHOLE}" if not table else f"{WHOLE}\n{table}"), tuple)


def test_a_thousand_sources_with_problems_are_told_of_each():
    table = '[[sources]]\nname = "s{}"\nurl = "https://a.example/{}"\nevry = "1m"\n'
    text = "".join(table.format(number, number) for number in range(1000)) + "[feeds.day]\n"
    problems = read(text)
    assert problems[-1] == 'config.toml:4000: sources[1000].evry: unknown key; did you mean "every"?'
    assert len(problems) == 1000
