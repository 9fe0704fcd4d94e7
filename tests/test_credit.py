import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import browser
from editions import HTML, MORNING, TERMS, edition, entry, site, source
from feedhub import markup, text
from feedhub.model import Entry, Origin, Placement, Terms
from feedhub.render import FORMATS, credit
from feedhub.render.excerpt import excerpt
from feedhub.render.proof import proof
from feedhub.render.proof.passage import looked_at

ARTICLE = "https://morning.example/s/?a=1&b=2"
LINK = '<a href="https://morning.example/s/?a=1&amp;b=2" rel="external">The Morning</a>'


def quoted(html: str, **terms: object) -> str:
    return credit.quoted(entry("s", url=ARTICLE, summary=html), site(source(terms=Terms(**terms)))).summary


def whole(html: str, **terms: object) -> str:
    known = site(source(terms=Terms(**{"show": "full", **terms})))
    return credit.quoted(entry("s", url=ARTICLE, content=html, summary=""), known).content


@pytest.mark.parametrize(
    ("given_text", "finished"),
    [
        ("<p>Text</p>", f"<p>{LINK}: Text</p>"),
        ("<p>\n Text</p>", f"<p>{LINK}: Text</p>"),
        ("Loose <b>text</b>", f"<p>{LINK}: Loose <b>text</b></p>"),
        ("<b>Loose</b><p>x</p>", f"<p>{LINK}: <b>Loose</b></p><p>x</p>"),
        ("<div>Loose</div>", f"<div><p>{LINK}: Loose</p></div>"),
        ("<div><p>In</p></div>", f"<div><p>{LINK}: In</p></div>"),
        ('<p dir="rtl">أخبار</p>', f'<p dir="rtl">{LINK}: أخبار</p>'),
        ("<h2>H</h2><p>x</p>", f"<p>{LINK}</p><h2>H</h2><p>x</p>"),
        ("<ul><li>x</li></ul>", f"<p>{LINK}</p><ul><li>x</li></ul>"),
        ("<ol><li>x</li></ol>", f"<p>{LINK}</p><ol><li>x</li></ol>"),
        ("<blockquote>x</blockquote>", f"<p>{LINK}</p><blockquote>x</blockquote>"),
        ("<pre>x</pre>", f"<p>{LINK}</p><pre>x</pre>"),
        ("<div><h3>H</h3></div>", f"<div><p>{LINK}</p><h3>H</h3></div>"),
        ("<table><tr><td>x</td></tr></table>", f"<p>{LINK}</p><table><tr><td>x</td></tr></table>"),
        ("<p></p><p> </p><p>x</p>", f"<p></p><p> </p><p>{LINK}: x</p>"),
        ("", f"<p>{LINK}</p>"),
        ("<!-- note --><p>x</p>", f"<!-- note --><p>{LINK}: x</p>"),
        ('<p><img src="https://a.example/i"> x</p>', f'<p>{LINK}: <img src="https://a.example/i"> x</p>'),
    ],
)
def test_the_first_passage_begins_with_the_hyperlink(given_text: str, finished: str) -> None:
    assert whole(given_text) == finished


SEEN_BY_NOBODY = (
    "<details><summary>Read</summary><p>More of it.</p></details>",
    "<details><p>More of it.</p></details><p>Then it goes on.</p>",
    "<div><details>More of it.</details></div>",
    f"<details><summary>{LINK}</summary><p>{LINK}</p></details>",
    f"<p>Words <ruby>漢<rp>({LINK})</rp><rt>kan</rt></ruby></p>",
    f'<p>Words <video src="https://morning.example/v.mp4" controls>{LINK}</video></p>',
    f'<p>Words <audio src="https://morning.example/v.mp3">{LINK}</audio></p>',
    f'<video src="https://morning.example/v.mp4"><p>{LINK}</p></video>',
)


@pytest.mark.parametrize("html", SEEN_BY_NOBODY)
@pytest.mark.parametrize("placement", ["first-passage", "top", "bottom"])
def test_a_credit_is_never_put_where_nobody_sees_it_nor_taken_for_one_there(
    html: str, placement: Placement
) -> None:
    known = site(source(terms=Terms(show="full", credit=placement)))
    made = edition(entry("s", url=ARTICLE, content=html, summary=""))
    for form, render in FORMATS.items():
        assert proof(form, render(made, known), made, known) == []
    content = whole(html, credit=placement)
    hiding = " or ".join(f"ancestor::{name}" for name in ("audio", "details", "rp", "video"))
    assert len(markup.fragment(content).xpath(f".//a[not({hiding})]")) == 1
    for kept in ("<details>", "<ruby>", "<video", "<audio"):
        assert (kept in content) == (kept in html)


@pytest.mark.parametrize("hidden", [f"<details><p>{LINK}</p></details>", f"<p><rp>{LINK}</rp></p>"])
def test_the_proof_counts_no_link_that_nobody_sees(hidden: str) -> None:
    assert looked_at(hidden, "The Morning", ARTICLE, "first-passage").credits == 0
    assert looked_at(hidden, "The Morning", ARTICLE, "bottom").credits == 0


def test_an_excerpt_shows_what_would_have_to_be_opened() -> None:
    html = "<details><summary>Read</summary><p>More of it. And more.</p></details>"
    assert excerpt(html, 16) == "<div><div><p>Read</p></div><p>More of it.</p></div>"


def test_readers_see_the_credit_whatever_hides_the_words() -> None:
    with browser.launched() as started:
        page = started.new_page()
        for html in SEEN_BY_NOBODY:
            known = site(source(terms=Terms(show="full")))
            said = credit.quoted(entry("s", url=ARTICLE, content=html, summary=""), known)
            for text in (said.summary, said.content):
                page.set_content(text)
                assert page.locator("a").first.is_visible(), text


def test_a_figure_is_credited_before_it() -> None:
    figure = '<figure><img src="https://a.example/i"><figcaption>x</figcaption></figure>'
    assert whole(figure) == f"<p>{LINK}</p>{figure}"


def test_a_text_of_pictures_alone_gets_the_paragraph_first() -> None:
    assert whole('<img src="https://a.example/i">') == f'<p>{LINK}</p><img src="https://a.example/i">'


@pytest.mark.parametrize(
    "there",
    [
        f"<p>{LINK}: Text</p>",
        f"<p>{LINK}</p><p>Text</p>",
        '<p>As <a href="https://morning.example/s/?a=1&amp;b=2">The Morning</a> writes</p>',
        f"<p>As <b>{LINK}</b> writes</p>",
    ],
)
def test_nothing_is_added_where_the_credit_is_there_already(there: str) -> None:
    assert quoted(there) == there
    assert whole(there) == there


def test_an_earlier_credit_that_comes_to_the_front_is_put_as_any_other() -> None:
    there = "<p><q>Too long to be quoted</q></p><p>LINK: x</p>".replace("LINK", LINK)
    plain = there.replace(' rel="external"', "")
    assert quoted(plain, excerpt=14) == f"<p>{LINK}: x</p>"


def test_a_link_to_the_article_with_other_words_is_no_credit() -> None:
    assert quoted(f'<p><a href="{ARTICLE}">Read on</a></p>').startswith(f"<p>{LINK}: ")


def test_the_publishers_name_on_another_link_is_no_credit() -> None:
    assert quoted('<p><a href="https://morning.example/">The Morning</a>: x</p>').startswith(f"<p>{LINK}: ")


def test_top_makes_a_paragraph_of_its_own_and_bottom_puts_it_last() -> None:
    assert quoted("<p>x</p>", credit="top") == f"<p>{LINK}</p><p>x</p>"
    assert quoted("<p>x</p>", credit="bottom") == f"<p>x</p><p>{LINK}</p>"
    assert quoted("<p>x</p>", credit="none") == "<p>x</p>"


def test_a_credit_that_moves_is_not_doubled() -> None:
    assert quoted(f"<p>{LINK}: x</p>", credit="bottom") == f"<p>x</p><p>{LINK}</p>"
    assert quoted(f"<p>x</p><p>{LINK}</p>") == f"<p>{LINK}: x</p>"


def test_title_shows_the_credit_alone() -> None:
    assert quoted("<p>Text</p>", show="title") == f"<p>{LINK}</p>"
    assert (
        credit.quoted(entry("s", content="<p>x</p>"), site(source(terms=Terms(show="title")))).content == ""
    )


def test_only_full_terms_show_the_whole_text() -> None:
    long = "<p>" + "word " * 200 + "</p>"
    assert whole(long, show="summary") == ""
    assert whole(long).count("word") == 200
    assert quoted(long, show="full", excerpt=50).count("word") < 20


def test_a_description_alone_is_the_whole_text_too() -> None:
    only = entry("s", url=ARTICLE, summary="<p>All</p>")
    assert credit.quoted(only, site(source(terms=Terms(show="full")))).content == f"<p>{LINK}: All</p>"


def test_the_excerpt_is_of_the_content_where_there_is_no_summary() -> None:
    assert "Body" in credit.quoted(entry("s", content="<p>Body</p>", summary=""), site()).summary


def test_plain_text_names_the_article_first() -> None:
    def plain(html: str, **terms: object) -> str:
        known = site(source(terms=Terms(**terms)))
        return credit.quoted(entry("s", url=ARTICLE, summary=html), known).plain

    assert plain("<p>x &amp; y</p><p>z</p>") == f"The Morning ({ARTICLE}): x & y z"
    assert plain(f"<p>{LINK}: x</p>") == f"The Morning ({ARTICLE}): x"
    assert plain("") == f"The Morning ({ARTICLE})"
    assert plain("<p>x</p>", credit="none") == "x"
    assert plain("<p>x</p>", credit="bottom") == f"The Morning ({ARTICLE}): x"


def test_a_relayed_entry_is_credited_to_its_first_publisher() -> None:
    relayed = replace(MORNING, title="The <Evening>", via=(Origin(title="Hub"),))
    html = credit.quoted(entry("s", url=ARTICLE, origin=relayed), site()).summary
    assert ">The &lt;Evening&gt;</a>: " in html


def test_the_terms_say_what_is_linked() -> None:
    assert ">Read at The Morning</a>: x" in quoted("<p>x</p>", text="Read at {source}")
    assert ">The Morning</a>: x" in quoted("<p>x</p>", text=" ")


@given(HTML, TERMS)
@settings(max_examples=200, deadline=None)
def test_a_text_that_is_rendered_again_does_not_change(html: str, terms: Terms) -> None:
    def rendered(text_now: str) -> tuple[str, str]:
        known = site(source(terms=terms))
        now = entry("s", summary=text_now, content=text_now)
        return credit.quoted(now, known).summary, credit.quoted(now, known).content

    summary, content = rendered(html)
    assert rendered(summary)[0] == summary
    if terms.show == "full":
        assert rendered(content)[1] == content


@given(HTML)
@settings(max_examples=100, deadline=None)
def test_the_credit_changes_no_word_of_the_publisher(html: str) -> None:
    def words(finished: str) -> str:
        return re.sub(r"\s+", "", markup.plain(finished))

    own: Entry = entry("s", content=html.replace("The Morning", "Someone"), summary="")
    finished = credit.quoted(own, site(source(terms=Terms(show="full")))).content
    assert words(finished) in (f"TheMorning:{words(own.content)}", f"TheMorning{words(own.content)}")


@pytest.mark.parametrize(
    ("html", "limit", "kept"),
    [
        ("<p>One two.</p><p>Three four.</p>", 100, "<p>One two.</p><p>Three four.</p>"),
        ("<p>One two.</p><p>Three four.</p>", 10, "<p>One two.</p>"),
        ("<p>One two.</p><p>Three four five.</p>", 20, "<p>One two.</p><p>Three four …</p>"),
        ("<p>One <b>two three</b> four</p>", 10, "<p>One <b>two …</b></p>"),
        ("<h2>Head</h2><p>One.</p><h2>Next</h2><p>Two three four</p>", 13, "<h2>Head</h2><p>One.</p>"),
        ("<p>One.</p><ul><li>two</li><li>three</li></ul>", 9, "<p>One.</p>"),
        ("<p>One.</p><ul><li>two</li></ul>", 9, "<p>One.</p><ul><li>two</li></ul>"),
        ("<p>One.</p><blockquote>Two. Three.</blockquote><p>Four</p>", 12, "<p>One.</p>"),
        ("<blockquote>A long quotation.</blockquote><p>Four.</p>", 10, "<p>Four.</p>"),
        ("<p>He <q>goes. Now</q> and then</p>", 12, "<p>He …</p>"),
        ("<p>one<br>two three<br>four</p>", 10, "<p>one<br>two …</p>"),
        ('<p>x</p><img src="https://a.example/i"><p>y</p>', 10, "<p>x</p><p>y</p>"),
        ('<p><a href="https://a.example/"><img src="https://a.example/i"></a>y</p>', 10, "<p>y</p>"),
        ('<div dir="rtl"><p>a</p><div><p>b c d e</p></div></div>', 2, '<div dir="rtl"><p>a</p></div>'),
        ("<p>x</p><hr><p>y</p>", 10, "<p>x</p><p>y</p>"),
        ("<p>a<!-- note -->b</p>", 10, "<p>ab</p>"),
        ("<p>世界。終わり。また明日。</p>", 8, "<p>世界。終わり。</p>"),
        ("<p>x</p>", 0, ""),
        ("", 10, ""),
    ],
)
def test_an_excerpt_keeps_whole_blocks_and_cuts_between_sentences_or_words(
    html: str, limit: int, kept: str
) -> None:
    assert excerpt(html, limit) == kept


@given(HTML, st.integers(0, 120))
@settings(max_examples=150, deadline=None)
def test_an_excerpt_is_within_its_limit_and_ends_with_no_heading(html: str, limit: int) -> None:
    tree = markup.fragment(excerpt(html, limit))
    leaves = list(tree.iter("p", "h2", "ul", "blockquote", "table", "pre", "figure"))
    assert sum(text.length(markup.plain_of(each)) for each in leaves) <= limit
    assert not leaves or leaves[-1].tag != "h2"
    assert not list(tree.iter("img"))


@pytest.mark.parametrize(
    "piece",
    [
        '<a href="https://morning.example/s/long/"></a>',
        '<a href="https://morning.example/s/?a=1&amp;b=2"> </a>',
        "<b></b>",
        " ",
        "&nbsp;",
    ],
)
@pytest.mark.parametrize("placement", ["first-passage", "top", "bottom", "none"])
def test_markup_without_words_makes_no_excerpt_long(piece: str, placement: str) -> None:
    finished = quoted(f"<p>One &lt; two{piece * 30_000} three.</p>", excerpt=100, credit=placement)
    words = "<p>{}One &lt; two three.</p>"
    wanted = {
        "first-passage": words.format(f"{LINK}: "),
        "top": f"<p>{LINK}</p>{words.format('')}",
        "bottom": f"{words.format('')}<p>{LINK}</p>",
        "none": words.format(""),
    }
    assert finished == wanted[placement]


def test_an_excerpt_of_endless_marks_is_short() -> None:
    assert len(quoted("<p>a" + "\u0301" * 200_000 + "</p>", excerpt=100)) < 100 * 32 + 200


def test_an_excerpt_with_much_markup_and_as_many_words_keeps_it() -> None:
    html = "<p>" + '<a href="https://morning.example/a-long-address/of-a-page/">word</a> ' * 90 + "</p>"
    assert quoted(html, excerpt=500).count("<a ") == 91
