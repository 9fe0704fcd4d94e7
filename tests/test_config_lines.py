import itertools
import time
import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.config.lines import lines, nearest

DOCUMENT = '''\
title = "a"
[site] # the site
url = "b"
sub.key = { deep = [1, { x = 2 }] }

[defaults.terms]
text = """
[not.a.header]
key = 1
"""

[[sources]]
name = "a"
groups = [ # a comment, with ] in it
  "x",

  "y", "z",
  # another
  ["in",
   "side"],
]
[sources.terms]
rule = \'\'\'
x\'\'\'
[[sources]]
name = "b"
[feeds."my day"]
limit = 1
[[feeds."my day".rules]]
then = "drop"
[[feeds."my day".rules]]
[feeds."my day".rules.when]
title = "x"
'''


def test_every_key_has_its_line():
    assert lines(DOCUMENT) == {
        ("title",): 1,
        ("site",): 2,
        ("site", "url"): 3,
        ("site", "sub"): 4,
        ("site", "sub", "key"): 4,
        ("site", "sub", "key", "deep"): 4,
        ("site", "sub", "key", "deep", 0): 4,
        ("site", "sub", "key", "deep", 1): 4,
        ("site", "sub", "key", "deep", 1, "x"): 4,
        ("defaults",): 6,
        ("defaults", "terms"): 6,
        ("defaults", "terms", "text"): 7,
        ("sources",): 12,
        ("sources", 0): 12,
        ("sources", 0, "name"): 13,
        ("sources", 0, "groups"): 14,
        ("sources", 0, "groups", 0): 15,
        ("sources", 0, "groups", 1): 17,
        ("sources", 0, "groups", 2): 17,
        ("sources", 0, "groups", 3): 19,
        ("sources", 0, "groups", 3, 0): 19,
        ("sources", 0, "groups", 3, 1): 19,
        ("sources", 0, "terms"): 22,
        ("sources", 0, "terms", "rule"): 23,
        ("sources", 1): 25,
        ("sources", 1, "name"): 26,
        ("feeds",): 27,
        ("feeds", "my day"): 27,
        ("feeds", "my day", "limit"): 28,
        ("feeds", "my day", "rules"): 29,
        ("feeds", "my day", "rules", 0): 29,
        ("feeds", "my day", "rules", 0, "then"): 30,
        ("feeds", "my day", "rules", 1): 31,
        ("feeds", "my day", "rules", 1, "when"): 32,
        ("feeds", "my day", "rules", 1, "when", "title"): 33,
    }


def test_lines_count_alike_with_windows_line_ends():
    assert lines(DOCUMENT.replace("\n", "\r\n")) == lines(DOCUMENT)


def test_a_key_that_is_not_written_stands_where_its_table_does():
    found = lines(DOCUMENT)
    assert nearest(("sources", 1, "url"), found) == 25
    assert nearest(("sources", 0, "terms", "show"), found) == 22
    assert nearest(("server", "listen"), found) == 1


VALUES = st.recursive(
    st.sampled_from(["1", "true", '"x # y"', "'[z]'", '"""\n[a]\nb = 1\n"""', "2024-11-24", '"\\u0041"']),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.lists(inner, max_size=3).map(
            lambda items: "[ # ]\n" + "".join(f"  {item},\n" for item in items) + "]"
        ),
    ),
    max_leaves=5,
)
KEY = object()  # stands for a key that no other statement has
STATEMENTS = st.one_of(
    st.sampled_from([[""], ["# [comment] = 1"], ["[[list]]"], ["[[list.inner]]"], ["[", KEY, "]"]]),
    st.sampled_from([["[", KEY, ".", KEY, "]"], ["[[", KEY, "]]"], ['["', KEY, ' x"]']]),
    VALUES.map(lambda value: [KEY, " = ", value]),
    VALUES.map(lambda value: [KEY, ".", KEY, " = ", value, " # x"]),
    st.just([KEY, " = { ", KEY, " = [1, 2], ", KEY, ".", KEY, " = 3 }"]),
)


def paths(value, path=()):
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, child in inside:
        yield (*path, part)
        yield from paths(child, (*path, part))


@settings(deadline=None)
@given(st.lists(STATEMENTS, max_size=12))
def test_of_any_document_every_key_is_found_on_the_line_where_it_is_written(statements):
    numbers = itertools.count()
    written = [["[[list]]"], *statements]
    text = "\n".join(
        "".join(f"k{next(numbers)}k" if part is KEY else part for part in statement) for statement in written
    )
    document = tomllib.loads(text)
    found = lines(text)
    assert set(found) == set(paths(document))
    shown = text.split("\n")
    for path, line in found.items():
        if isinstance(path[-1], str) and path[-1].startswith("k"):
            assert path[-1] in shown[line - 1]


def test_long_lists_take_no_longer_than_their_length() -> None:
    """Each line was read again with each of the next: two thousand took a minute and more."""
    words = "".join(f'  "word {number}",\n' for number in range(3000))
    sources = "".join(f'  {{ url = "https://h{number}.example/" }},\n' for number in range(3000))
    began = time.process_time()
    found = lines(f"words = [\n{words}]\nsources = [\n{sources}]\n")
    assert time.process_time() - began < 20
    assert found["words", 2999] == 3001
    assert found["sources", 2999, "url"] == 6003
