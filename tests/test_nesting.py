"""Formatting around blocks is moved into them: no parser loses it, and no word changes its look."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub import markup
from feedhub.read.clean import clean
from feedhub.read.nesting import moved_in

FORMATTING = frozenset("b i s small strike tt u".split())
BLOCKS = "blockquote div h2 ol p section ul".split()
HTML = st.recursive(
    st.sampled_from(["A word.", "two", " ", "<br>", '<img src="https://a.example/i">', "<hr>", ""]),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from([*sorted(FORMATTING), *BLOCKS, "em", "del", "li"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


def cleaned(html: str) -> str:
    return clean(html, base="https://a.example/", article="https://a.example/a")


def looks(html: str) -> list[tuple[str, frozenset[str]]]:
    """Give each character that is seen, with the formatting around it."""
    found, around = [], []
    for end, name, words in re.findall(r"<(/?)([a-z0-9]+)[^>]*>|([^<]+)", html):
        if end:
            around.pop()
        elif name and name not in ("br", "hr", "img"):
            around.append(name)
        is_in = frozenset(around) & FORMATTING
        found += [(letter, is_in) for letter in words if not letter.isspace()]
        found += [(name, is_in)] if name == "img" else []
    return found


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (
            "<s><p>The minister resigned.</p></s><p>He did not.</p>",
            "<p><s>The minister resigned.</s></p><p>He did not.</p>",
        ),
        ("<s>a<p>b</p>c</s>", "<s>a</s><p><s>b</s></p><s>c</s>"),
        ("<b><i>a<p>b</p></i>c</b>", "<b><i>a</i></b><p><b><i>b</i></b></p><b>c</b>"),
        ("<s><div><p>a</p>b</div></s>", "<div><p><s>a</s></p><s>b</s></div>"),
        ("<u><ul> <li>a</li></ul></u>", "<ul> <li><u>a</u></li></ul>"),
        (
            "<s><table><caption>a</caption><tr><td>b</td><td></td></tr></table></s>",
            "<table><caption><s>a</s></caption><tbody><tr><td><s>b</s></td><td></td></tr></tbody></table>",
        ),
        ('<b lang="hy"><p>a</p></b>', '<p><b lang="hy">a</b></p>'),
        (f'<b title="{"so long " * 9}"><p>a</p></b>', "<p><b>a</b></p>"),
        ("<b><pre>\n\n a</pre></b>", "<pre><b>\n a</b></pre>"),
        ("<s><s><p>a <s>b</s></p></s></s>", "<p><s>a b</s></p>"),
        ("<i><p></p></i>", "<p></p>"),
        ("<s>a<hr>b</s>", "<s>a</s><hr><s>b</s>"),
        ("<p><b></b>a</p><table></table>", "<p><b></b>a</p><table></table>"),  # there is nothing to move
    ],
)
def test_formatting_around_blocks_is_moved_into_them(html: str, wanted: str) -> None:
    assert cleaned(html) == wanted


@pytest.mark.parametrize("name", sorted(FORMATTING))
def test_every_parser_sees_what_is_struck_out(name: str) -> None:
    text = cleaned(f"<{name}>a<p>b</p><div>c</div></{name}>")
    assert markup.inner(markup.fragment(text)) == text


@given(HTML)
def test_no_word_changes_its_look(html: str) -> None:
    text = cleaned(html)
    assert looks(moved_in(text)) == looks(text)
    assert moved_in(text) == text
    assert cleaned(text) == text
    before = moved_in(f"<div>{html}</div>")
    assert looks(before) == looks(html)
    assert not re.search(rf"<(?:{'|'.join(FORMATTING)})><(?:{'|'.join(BLOCKS)})>", before)
    assert moved_in(before) == before
