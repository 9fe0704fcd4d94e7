"""Untrusted HTML comes out safe, absolute, once and for all, with its words."""

import html

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedhub import markup
from feedhub.read.clean import clean, without_controls
from hostile import CARRIERS, OTHERS, SCHEMES, dangers, vectors

BASE = "https://morning.example/2024/"
ARTICLE = "https://morning.example/2024/11/roads"


def cleaned(text: str) -> str:
    return clean(text, base=BASE, article=ARTICLE)


def test_there_are_enough_vectors() -> None:
    assert len(set(vectors())) > 600


@pytest.mark.parametrize("vector", vectors())
def test_nothing_that_runs_comes_out(vector: str) -> None:
    for text in (
        vector,
        f"<p>before {vector} after</p>",
        f"<table><td>{vector}",
        f"<ul><li title='{vector}'>",
    ):
        found = cleaned(text)
        assert dangers(found) == []
        assert cleaned(found) == found


@pytest.mark.parametrize(
    "text",
    [
        "<script>run()</script>",
        '<a href="javascript:x">',
        '<a href="/relative">',
        "<a href=https://m.example/>",
        '<b onclick="x">',
        "a < b",
        "<!-- x -->",
        '<img srcset="/x 1x">',
        "\x01",
    ],
)
def test_the_judge_of_these_tests_sees_what_is_wrong(text: str) -> None:
    assert dangers(text)


TAGS = (
    "p b i a pre table tr td th tbody div li ul ol h1 h2 button form select option svg math style title"
    " template noscript dd dt dl ruby rt rp caption col colgroup video picture span"
).split()
CHARACTERS = (
    "< > & &lt; &gt; &amp; &nbsp; &quot; ' \" = / ! -- <!-- --> <![CDATA[ ]]> <? ?> &# &#x ; 0 1"
).split()
PIECES = st.sampled_from(
    [
        *OTHERS,
        *(carrier.replace("{}", scheme) for scheme in SCHEMES[::4] for carrier in CARRIERS[::3]),
        *(f"<{tag}>" for tag in TAGS),
        *(f"</{tag}>" for tag in TAGS),
        *CHARACTERS,
        *"\n\r\t \x00\x0c\xa0\u2028",
        "text",
        "Այսօր",
        "<br>",
        "<hr>",
        "<img src=/i.jpg>",
        "<img src=/i.jpg width=1>",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join))
@example("<pre>\n\n\nx</pre>")
@example("<p><button><p>x")
@example("<table><b><tr><td></b>x</table><i><p></i>")
def test_whatever_comes_in_is_safe_and_stays_as_it_is(text: str) -> None:
    once = cleaned(text)
    assert dangers(once) == []
    assert cleaned(once) == once


NAMES = (
    "a abbr b blockquote cite code dd div dl dt em figcaption figure h2 h3 i kbd li ol p pre q s section"
    " small span strong sub table td tr u ul"
).split()
NESTED = st.recursive(
    st.sampled_from(["x", "\n", " &amp; ", "<br>", "<hr>", "<img src=/i.jpg>", "\ufeff", "&#13;", "&nbsp;"]),
    lambda inside: st.builds(
        lambda name, parts: f"<{name} href='/x?a&b' title='\"<>'>{''.join(parts)}</{name}>",
        st.sampled_from(NAMES),
        st.lists(inside, max_size=4),
    ),
    max_leaves=12,
)


@given(st.lists(NESTED, max_size=4).map("".join))
@example("<a><strong><a>x</a></strong></a>")
@example("<li><div><li>x</li></div></li>")
@example("<ul><li><p>x</p><ul><li>y</li></ul></li></ul>")
@example("\ufeff\ufeff<p>x</p>")
def test_whatever_stands_in_what_it_comes_out_as_it_is_read_again(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once


@given(st.text(max_size=60))
def test_plain_text_keeps_every_word(text: str) -> None:
    escaped = html.escape(without_controls(text), quote=False)
    assert markup.plain(cleaned(escaped)) == " ".join(without_controls(text).split())


ADDRESSES = {
    "relative": ('<a href="x">k</a>', '<a href="https://morning.example/2024/x">k</a>'),
    "from the root": ('<a href="/x">k</a>', '<a href="https://morning.example/x">k</a>'),
    "without a scheme": ('<img src="//i.example/x.png">', '<img src="https://i.example/x.png">'),
    "a note": ('<a href="#n">k</a>', f'<a href="{ARTICLE}#n">k</a>'),
    "a note in white space": ('<a href=" #n ">k</a>', f'<a href="{ARTICLE}#n">k</a>'),
    "a query": ('<a href="?p=1">k</a>', '<a href="https://morning.example/2024/?p=1">k</a>'),
    "mail": (
        '<a href="mailto:desk@m.example?subject=x">k</a>',
        '<a href="mailto:desk@m.example?subject=x">k</a>',
    ),
    "an IRI": ('<a href="/լ">k</a>', '<a href="https://morning.example/%D5%AC">k</a>'),
    "a space": ('<a href="/a b">k</a>', '<a href="https://morning.example/a%20b">k</a>'),
    "an ampersand": ('<a href="/?a=1&b=2">k</a>', '<a href="https://morning.example/?a=1&amp;b=2">k</a>'),
    "none": ('<a href="">k</a>', "<a>k</a>"),
    "a phone": ('<a href="tel:+374">k</a>', "<a>k</a>"),
    "a poster": (
        '<video poster="p.jpg" src="v.mp4"></video>',
        f'<video poster="{BASE}p.jpg" src="{BASE}v.mp4"></video>',
    ),
    "a citation": (
        '<blockquote cite="/x">k</blockquote>',
        '<blockquote cite="https://morning.example/x">k</blockquote>',
    ),
    "srcset": (
        '<img src="a.jpg" srcset="a.jpg 300w,\n  /b.jpg   600w">',
        f'<img src="{BASE}a.jpg" srcset="{BASE}a.jpg 300w, https://morning.example/b.jpg 600w">',
    ),
    "srcset with commas in addresses": (
        '<img srcset="/w_1,h_2/a 1x, /w_2,h_4/a 2x,">',
        '<img srcset="https://morning.example/w_1,h_2/a 1x, https://morning.example/w_2,h_4/a 2x">',
    ),
    "srcset without a space behind its commas": (
        '<img srcset="a.jpg 1x,/b.jpg 2x,//t.example/c,d.jpg 3x (x,y),e.jpg">',
        f'<img srcset="{BASE}a.jpg 1x, https://morning.example/b.jpg 2x, https://t.example/c,d.jpg 3x (x,y),'
        f' {BASE}e.jpg">',
    ),
    "srcset without sizes": (
        '<img srcset=",a.jpg, b.jpg,">',
        f'<img srcset="{BASE}a.jpg, {BASE}b.jpg">',
    ),
    "srcset with a script in it": (
        '<img srcset="javascript:x 1x, a.jpg 2x, data:image/png,x 3x">',
        f'<img srcset="{BASE}a.jpg 2x">',
    ),
    "a srcset of one letter": ('<img srcset="a">', f'<img srcset="{BASE}a">'),
}


@pytest.mark.parametrize(("text", "wanted"), ADDRESSES.values(), ids=ADDRESSES)
def test_every_address_becomes_absolute(text: str, wanted: str) -> None:
    found = cleaned(text)
    assert sorted(found.split()) == sorted(wanted.split())


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/x.gif" width="1" height="1">',
        "<img src=/x.gif width=1 height=1 />",
        '<img height="1px" src="/x.gif">',
        '<img src="/x.gif" width="0" height="0" alt="">',
        "<img src='/x.gif' WIDTH='1'>",
        "<img>",
        '<img alt="no address">',
        '<img src="data:image/gif;base64,R0lGOD">',
        '<img src="javascript:x">',
    ],
)
def test_a_picture_that_nobody_is_to_see_is_dropped(picture: str) -> None:
    assert cleaned(f"<p>a{picture}b</p>") == "<p>ab</p>"


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/x.gif" width="10" height="100">',
        '<img src="/x.gif">',
        '<img srcset="/x.gif 1x" alt="width=1">',
    ],
)
def test_other_pictures_stay(picture: str) -> None:
    assert "<img " in cleaned(picture)


@pytest.mark.parametrize("name", "href src srcset cite poster".split())
def test_what_reads_like_an_attribute_in_the_value_of_another_is_none(name: str) -> None:
    link = f'<a title=" {name}=" href="https://m.example/">x</a>'
    picture = f'<img alt=" {name}=" src="https://m.example/i.png" title="y">'
    found = clean(link + picture, base="https://m.example/onclick=run()//", article=ARTICLE)
    assert found == link + picture
    assert cleaned(f'<p><img alt=" {name}=" title="y"></p>') == "<p></p>"


TEXTS = {
    "a line break that a pre begins with": ("<pre>\n\n  a\n</pre>", "<pre>\n\n  a\n</pre>"),
    "the words of blocks that are not let through": (
        "<center>a</center><form>b</form><address>c</address><main>d</main>",
        "<div>a</div><div>b</div><div>c</div><div>d</div>",
    ),
    "what stands where scripts are off": ("<noscript><p>a</p></noscript>", "<p>a</p>"),
    "what an unknown element holds": ("<custom>a <b>b</b></custom>", "a <b>b</b>"),
    "a font": ("<font color=red>a</font>", "a"),
    "a smaller sign": ("a < b", "a &lt; b"),
    "a greater sign": ("a > b", "a &gt; b"),
    "quotes": ("\"a\" 'b'", "\"a\" 'b'"),
    "no-break spaces": ("a&nbsp;b\xa0c <b>d</b>", "a&nbsp;b&nbsp;c <b>d</b>"),
    "entities": ("<i>&laquo;a&raquo; &mdash; &#8217; &hellip;</i>", "<i>«a» — ’ …</i>"),
    "what windows-1252 meant": ("<i>&#146;&#150;</i>", "<i>’–</i>"),
    "an unclosed element": ("<p>a<p>b <em>c", "<p>a</p><p>b <em>c</em></p>"),
    "a table": (
        "<table><tr><th scope=row colspan=2>a<td headers=x>b</table>",
        '<table><tbody><tr><th scope="row" colspan="2">a</th><td headers="x">b</td></tr></tbody></table>',
    ),
    "a list that starts late": (
        '<ol start=3 type=a reversed><li value="7">x</ol>',
        '<ol start="3" type="a" reversed=""><li value="7">x</li></ol>',
    ),
    "languages and directions": ('<p lang="ar" dir="rtl">أ</p>', '<p lang="ar" dir="rtl">أ</p>'),
    "an abbreviation": ('<abbr title="a &amp; b">x</abbr>', '<abbr title="a &amp; b">x</abbr>'),
    "white space around": ("\n <p>x</p>\n ", "<p>x</p>"),
    "nothing": ("  \n", ""),
}


@pytest.mark.parametrize(("text", "wanted"), TEXTS.values(), ids=TEXTS)
def test_the_text_is_kept(text: str, wanted: str) -> None:
    assert cleaned(text) == wanted


@pytest.mark.parametrize("text", ["<b>" * 5000 + "kept", "<div><p>" * 2000 + "kept", "<ul><li>kept " * 2000])
def test_what_is_nested_absurdly_deep_keeps_its_words(text: str) -> None:
    found = cleaned(text)
    assert "kept" in markup.plain(found)
    assert dangers(found) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\x00b\x0bc\x1fd\ufffee\ud800f", "abcdef"),
        ("a\tb\nc\rd", "a\tb\nc\rd"),
        ("a&#0;b&#1;c&#x1F;d&#xD800;e&#x110000;f&#xFFFE;g", "abcdefg"),
        ("a&#000000000001;b&#x00000000000;c", "abc"),
        ("&#9;&#65;&#x41;&#x1F600;&#0000000065;", "&#9;&#65;&#x41;&#x1F600;&#0000000065;"),
        ("&#99999999999999999999;" + "&#" + "9" * 5000 + ";", ""),
        ("&#; &#x; &#z;", "&#; &#x; &#z;"),
    ],
)
def test_characters_that_xml_forbids_are_removed_with_their_references(text: str, wanted: str) -> None:
    assert without_controls(text) == wanted


@pytest.mark.parametrize("text", ['<p>Go <a href="/{x}">there</a></p>', '<p>Go there<img src="/{x}"></p>'])
def test_an_address_in_a_text_is_no_longer_than_any_other(text: str) -> None:
    assert "/xxx" in cleaned(text.replace("{x}", "x" * 1000))
    found = cleaned(text.replace("{x}", "x" * 2000))
    assert "xxx" not in found
    assert markup.plain(found) == "Go there"


def test_a_text_that_only_its_addresses_make_large_keeps_its_words_alone() -> None:
    links = "<p>Go</p>" + "<a href=x>a</a> " * 5000
    found = clean(links, base=f"https://morning.example/{'x' * 1000}/", article=ARTICLE)
    assert len(found) < 2 * len(links)
    assert markup.plain(found) == markup.plain(links)
