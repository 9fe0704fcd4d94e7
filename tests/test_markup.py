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
