"""HTML as a tree: written back as it was, and its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub import markup
from feedhub.read.clean import clean

WORDS = {
    "a b": "a b",
    " a \n\t b ": "a b",
    "<p>a</p><p>b</p>": "a b",
    "a<br>b": "a b",
    "<b>a</b>b": "ab",
    "<td>a</td><td>b</td>": "a b",
    "<ul><li>a<li>b</ul>": "a b",
    "a &amp; b &lt;c&gt; &nbsp;d": "a & b <c> d",
    "AT&T": "AT&T",
    "a<!-- no -->b": "ab",
    "a<script>no</script>b": "ab",
    "a<style>no</style>b": "ab",
    "a<template>no</template>b": "ab",
    "a<?php no ?>b": "ab",
    "<?xml version='1.0' encoding='utf-16'?>a": "a",
    "<p>Այսօր</p>": "Այսօր",
    "<img alt='no'>": "",
    "": "",
}


@pytest.mark.parametrize(("text", "words"), WORDS.items())
def test_the_words_of_a_piece_of_html(text: str, words: str) -> None:
    assert markup.plain(text) == words


@given(st.text(max_size=80) | st.text("<>/&;#!-?[]pbahtmlodyframesc=\"' \x00", max_size=80))
def test_any_text_has_words(text: str) -> None:
    words = markup.plain(text)
    assert words == " ".join(words.split())


def test_words_stand_in_the_lines_that_breaks_make_of_them() -> None:
    assert markup.lines_of(markup.fragment("a\n b<br><b>c<br></b>d")) == ["a b", "c", "d"]


def test_what_is_taken_out_takes_along_what_held_nothing_else() -> None:
    tree = markup.fragment(
        'one <b>two</b><br><a href="https://m.example/"><i>three</i></a> <img> <i>four</i>'
    )
    markup.take_out(tree, 6, 11)
    assert markup.inner(tree) == "one <b>two</b> <img> <i>four</i>"


@given(
    st.lists(
        st.sampled_from("a b|<p>|</p>|<b>|</b>|<br>|<i>|</i>|&amp;|Այսօր|<img>|<svg>c</svg>".split("|"))
    ),
    st.integers(0, 20),
    st.integers(0, 20),
)
def test_only_the_letters_named_are_taken_out(pieces: list[str], start: int, end: int) -> None:
    tree = markup.fragment("".join(pieces))
    letters, pictures = "".join(markup.plain_of(tree).split()), len(list(tree.iter("img")))
    markup.take_out(tree, start, end)
    assert "".join(markup.plain_of(tree).split()) == letters[:start] + letters[max(start, end) :]
    assert len(list(tree.iter("img"))) <= pictures


@pytest.mark.parametrize(
    "text",
    ["<b>" * 50_000, "<div>" * 3000 + "x" + "</div>" * 3000, "</p>" * 50_000, "<table><tr><td>" * 3000],
)
def test_what_is_nested_absurdly_deep_is_no_error(text: str) -> None:
    markup.plain(text)


@given(
    st.lists(st.sampled_from("a|<p>|</p>|<b>|</b>|<br>|<li>|<ul>|</ul>|&lt;|&amp;|Այսօր".split("|"))).map(
        "".join
    )
)
def test_safe_html_is_written_as_it_was_read(text: str) -> None:
    safe = clean(text, base="https://m.example/", article="https://m.example/a")
    once = markup.inner(markup.fragment(safe))
    assert markup.inner(markup.fragment(once)) == once
    assert markup.plain(once) == markup.plain(safe) == markup.plain_of(markup.fragment(safe))
