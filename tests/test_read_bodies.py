"""Where the texts of items stand in a document: what feedparser is not asked for, it need not look at."""

import gc
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus
from feedhub.read.items import Child, Item, Outline, outline
from feedhub.read.repair import Repaired, repaired
from feedhub.read.strict import Pass, without
from reading import ATOM_LINK, LINK, atom, reading, rss

TEXTS = st.sampled_from(
    [
        "<description>plain</description>",
        "<description\n >a &lt;b> c &amp;amp; d</description\n>",
        "<description><![CDATA[<p>a > b</description></item>]]></description>",
        "<description><![CDATA[a]]]]><![CDATA[>]]></description>",
        "<description>Այսօր 今日 🌧</description>",
        "<description/>",
        "<description></description>",
        "<content:encoded x='a>b' y=\"'>\"/>",
        "<content:encoded x='a>b' y=\"'>\">&lt;p&gt;</content:encoded>",
        '<title foreign:x="/>">a</title>',
        "<!-- <description>none</description> -->",
        "<?none <description> ?>",
        "<category>a</category>",
        "<foreign:x><foreign:description>inside</foreign:description></foreign:x>",
    ]
)


def _spans(found: Outline, names: tuple[str, ...]) -> list[tuple[Child, tuple[int, int]]]:
    return [(child, child.span) for item in found.items for child in item.all(*names) if child.text]


def _taken(body: bytes) -> Outline:
    found = outline(body, "")
    assert found is not None
    return found


@given(st.lists(st.lists(TEXTS, max_size=6), max_size=4))
def test_the_span_of_an_element_is_the_element_as_it_stands(items: list[list[str]]) -> None:
    body = rss(*(f"<item>{''.join(item)}</item>" for item in items)).encode()
    for item in _taken(body).items:
        for child in item.children:
            piece = body[slice(*child.span)].decode()
            again = _taken(rss(f"<item>{piece}</item>").encode()).items[0].children
            assert [_told(each) for each in again] == ([_told(child)] if child.text else [])


@given(st.lists(st.lists(TEXTS, max_size=6), max_size=4))
def test_a_document_without_its_texts_is_else_the_same(items: list[list[str]]) -> None:
    names = ("rss:description", "content:encoded")
    body = rss(*(f"<item>{''.join(item)}</item>" for item in items)).encode()
    _are_cut(body, names)


@pytest.mark.skipif(not corpus.IS_HERE, reason="there is no local corpus")
def test_a_real_document_without_its_texts_is_else_the_same() -> None:
    names = ("rss:description", "content:encoded", "atom:summary", "atom:content")
    seen = 0
    for row in corpus.rows():
        if row["format"] != "json" and (document := _strict(corpus.document(row))):
            _are_cut(document.body, names)
            seen += 1
    assert seen > 200


def _strict(body: bytes) -> Repaired | None:
    try:
        found = repaired(body)
    except Exception:  # noqa: BLE001 - what is no document has no texts
        return None
    return found if found.is_strict else None


def _are_cut(body: bytes, names: tuple[str, ...]) -> None:
    found = _taken(body)
    left = _taken(b"".join(without(body, [span for _, span in _spans(found, names)])))
    assert not [child for child, _ in _spans(left, names) if child.text]
    assert [[_told(child) for child in item.children if child.name not in names] for item in found.items] == [
        [_told(child) for child in item.children if child.name not in names] for item in left.items
    ]


def _told(child: Child) -> tuple[str, str, dict[str, str]]:
    return child.name, child.text, child.attributes


MARKUP = '<p xmlns="http://www.w3.org/1999/xhtml">a <b>vote</b></p>'


@pytest.mark.parametrize(
    "document",
    [
        rss(
            f"<item>{LINK}<description>plain</description></item>",
            f"<item>{LINK}<guid>2</guid><description>{MARKUP}</description></item>",
        ),
        atom(
            f'<entry>{ATOM_LINK}<summary>plain</summary><content type="xhtml">{MARKUP}</content></entry>',
            f"<entry>{ATOM_LINK}<id>urn:x-test:2</id><summary>plain</summary></entry>",
            f'<entry>{ATOM_LINK}<id>urn:x-test:3</id><summary type="xhtml">{MARKUP}</summary></entry>',
        ),
    ],
)
def test_markup_that_is_not_escaped_is_read_beside_texts_that_are(document: str) -> None:
    texts = [entry.content or entry.summary for entry in reading(document).entries]
    assert {re.sub(r"\s*</?p>", "", text) for text in texts} == {"plain", "a <b>vote</b>"}


def test_what_a_document_was_taken_apart_into_goes_by_itself() -> None:
    gc.collect()
    gc.disable()
    try:
        reading(rss(f"<item>{LINK}<description>plain</description></item>"))
        left = [each for each in gc.get_objects() if isinstance(each, Child | Item | Pass)]
    finally:
        gc.enable()
    assert not left
