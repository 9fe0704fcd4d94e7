"""The proof holds the words of a text against its publisher's, and the order of what stands in a document."""

from dataclasses import replace

import pytest

from editions import NOON, edition, entry, site, source
from feedhub.model import Placement, Site, Terms
from feedhub.render import FORMATS
from feedhub.render.page import page
from feedhub.render.proof import proof
from feedhub.render.proof.expected import Expected, expected
from feedhub.render.proof.passage import looked_at, squeezed
from feedhub.render.proof.quotation import quotation
from test_proof_fields import MADE, SITE

NAME = "The Morning"
LINK = f'<a href="https://morning.example/a/" rel="external">{NAME}</a>'
STRICT = site(source(terms=Terms(excerpt=20)))
FULL = site(source(terms=Terms(show="full", excerpt=20)))
SOURCE = "<p>One two three. Four five.</p><p>Six seven.</p>"


def said(html: str, words: str, *, content: str = "", known: Site | None = None) -> Expected:
    """Say that these texts were made of the source's."""
    (found,) = expected(edition(entry(summary=SOURCE)), known or STRICT)
    mark = "" if found.terms.credit == "none" else f"{NAME} (https://morning.example/a/)"
    plain = f"{mark}: {words}" if mark and words else mark or words
    return replace(found, summary=html, content=content, plain=plain)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (
            f"<p>{LINK}: One two three. Four five.</p><p>Six seven.</p>",
            "One two three. Four five. Six seven.",
        ),
        (f"<p>{LINK}: One two three.</p>", "One two three."),
        (f"<p>{LINK}: One two …</p>", "One two …"),
        (f"<p>{LINK}</p><p>One two three.</p>", "One two three."),
        (f"<p>{LINK}: Six seven.</p>", "Six seven."),  # what came first is longer than 20 characters
        (f"<p>{LINK}</p>", ""),
    ],
)
def test_the_words_of_a_text_are_its_publishers(html: str, words: str) -> None:
    assert list(quotation(said(html, words))) == []


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (f"<p>{LINK}: One two three. Nine ten.</p>", "One two three. Nine ten."),
        (f"<p>{LINK}: Six seven. One two three.</p>", "Six seven. One two three."),
        (f"<p>{LINK}: Of another.</p>", "Of another."),
        (f"<p>{LINK}: {NAME}: One two three.</p>", f"{NAME}: One two three."),
    ],
)
def test_words_that_the_publisher_did_not_write_so_are_caught(html: str, words: str) -> None:
    assert list(quotation(said(html, words))) == ["its excerpt is not its publisher's text"]


@pytest.mark.parametrize("excerpt", [36, 500])
@pytest.mark.parametrize("words", ["One two three.", "Four five. Six seven.", "Six seven.", ""])
def test_an_excerpt_that_leaves_out_what_the_terms_allow_is_caught(words: str, excerpt: int) -> None:
    known = site(source(terms=Terms(excerpt=excerpt)))
    html = f"<p>{LINK}: {words}</p>" if words else f"<p>{LINK}</p>"
    assert len(list(quotation(said(html, words, known=known)))) == 1


@pytest.mark.parametrize(
    "plain",
    [
        "One two three.",
        f"{NAME}: One two three.",
        f"{NAME} (https://morning.example/a/): One two.",
        f"{NAME} (https://morning.example/a/): {NAME}: One two three.",
    ],
)
def test_a_plain_summary_is_the_credit_and_the_excerpt(plain: str) -> None:
    wrong = replace(said(f"<p>{LINK}: One two three.</p>", ""), plain=plain)
    assert "its plain summary is not its credit and its excerpt" in list(quotation(wrong))


@pytest.mark.parametrize(
    ("content", "is_whole"),
    [
        (f"<p>{LINK}: One two three. Four five.</p><p>Six seven.</p>", True),
        (f"<p>{LINK}: One two three. Four five.</p>", False),
        (f"<p>{LINK}: One two three. Four five.</p><p>Six seven. Eight.</p>", False),
        ("", False),
    ],
)
def test_a_whole_text_is_all_of_it_and_no_more(content: str, is_whole: bool) -> None:
    made = said(f"<p>{LINK}: One two three.</p>", "One two three.", content=content, known=FULL)
    assert list(quotation(made)) == ([] if is_whole else ["its whole text is not its publisher's"])


@pytest.mark.parametrize("placement", ["first-passage", "top", "bottom"])
def test_a_credit_at_both_ends_is_caught(placement: str) -> None:
    html = f"<p>{LINK}</p><p>One two three.</p><p>{LINK}</p>"
    looked = looked_at(html, NAME, "https://morning.example/a/", placement)  # type: ignore[arg-type]
    assert looked.problems == ("it is credited at both of its ends",)


@pytest.mark.parametrize("within", ["blockquote", "figcaption", "em", "details"])
@pytest.mark.parametrize("placement", ["first-passage", "bottom"])
def test_a_credit_within_what_the_publisher_quotes_is_none_at_the_other_end(
    within: str, placement: str
) -> None:
    theirs, ours = f"<{within}><p>{LINK}</p></{within}>", f"<p>{LINK}</p>"
    html = f"{theirs}<p>One.</p>{ours}" if placement == "bottom" else f"{ours}<p>One.</p>{theirs}"
    assert looked_at(html, NAME, "https://morning.example/a/", placement).problems == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>a  b</p>\n<p>c</p>", "abc"),
        ("a<br>b<img alt='x > y' src=\"z\">c", "abc"),
        ("<p>1 &lt; 2 &amp;&nbsp;3</p>", "1<2&3"),
        ("a < b", "a<b"),
        ("", ""),
    ],
)
def test_words_are_squeezed_without_a_tree(html: str, words: str) -> None:
    assert squeezed(html) == words


@pytest.mark.parametrize(
    ("form", "earlier", "later"),
    [
        ("rss", "      <description>", "      <content:encoded>"),
        ("rss", "      <link>", '      <atom:link rel="via"'),
        ("rss", "    <link>", "    <atom:link"),
    ],
)
def test_what_stands_before_its_place_is_caught(form: str, earlier: str, later: str) -> None:
    lines = FORMATS[form](MADE, SITE).decode().splitlines(keepends=True)
    first = max(number for number, line in enumerate(lines) if line.startswith(earlier))
    second = next(number for number, line in enumerate(lines) if number > first and line.startswith(later))
    lines.insert(first, lines.pop(second))
    assert [
        fault for fault in proof(form, "".join(lines).encode(), MADE, SITE) if " before its " in fault.reason
    ]


@pytest.mark.parametrize(("form", "head"), [("rss", "<generator>"), ("atom", "<subtitle>")])
def test_a_head_that_goes_on_behind_the_entries_is_caught(form: str, head: str) -> None:
    lines = FORMATS[form](MADE, SITE).decode().splitlines(keepends=True)
    moved = next(line for line in lines if line.strip().startswith(head))
    lines.remove(moved)
    end = next(number for number, line in enumerate(lines) if line.strip() in ("</channel>", "</feed>"))
    lines.insert(end, moved)
    faults = proof(form, "".join(lines).encode(), MADE, SITE)
    assert [fault.reason for fault in faults] == [
        "it holds elements behind its entries, which its edition does not"
    ]


def test_an_earlier_credit_is_taken_out_wherever_it_stands_once_the_text_is_cut() -> None:
    link = LINK.replace("/a/", "/b/")
    html = f"<p>Short.</p><p>{link}</p><p>{link}</p><p>{'Much longer than that. ' * 40}</p>"
    made = edition(entry("b", summary=html, published=NOON))
    strict = site(source(terms=Terms(excerpt=30)))
    for form, render in FORMATS.items():
        document = render(made, strict)
        assert proof(form, document, made, strict) == []
        assert (
            document.decode().count(">The Morning</a>") + document.decode().count("The Morning&lt;/a&gt;")
            == 1
        )


@pytest.mark.parametrize(
    "before", ["<figure><figcaption>Six</figcaption></figure>", "<video>No video.</video>"]
)
def test_what_stands_for_a_picture_may_be_left_out(before: str) -> None:
    made = edition(entry(summary=f"{before}{SOURCE}"))
    for form, render in FORMATS.items():
        document = render(made, site())
        assert b"One two three." in document
        assert b"video" not in document
        assert proof(form, document, made, site()) == []


@pytest.mark.parametrize("placement", ["first-passage", "top", "bottom"])
@pytest.mark.parametrize(
    "text",
    [
        "<p>Read it at <strong>{}</strong>.</p>",
        "<p>First told by <em>{}</em>.</p><p>More of it.</p>",
        "<p><b>{}</b> – It rains.</p>",
        "<p><b>{}</b>: It rains.</p>",
        "<p><b>{}:</b> It rains.</p>",
        "<p><span>{}</span> reports that it rains.</p><p>More of it.</p>",
        "<p><small>{}</small><br>It rains.</p>",
        "<p>It rains. (<i>{}</i>)</p>",
        "<p>More of it.</p><p>It rains. <b>{}</b></p>",
        "<p>More of it.</p><p><b>{}</b></p>",
        "<article>More of it.</article>{}<table></table>",
        "<hr><blockquote>More of it.</blockquote>{}",
        "<p>More of it.</p><blockquote><p>It rains.</p><p>{}</p></blockquote>",
    ],
)
def test_a_link_within_a_sentence_of_the_publishers_is_none_of_ours(text: str, placement: Placement) -> None:
    link = f'<a href="https://morning.example/a/">{NAME}</a>'
    made = edition(entry(summary=text.replace("{}", link)))
    for show in ("summary", "full"):
        known = site(source(terms=Terms(show=show, credit=placement)))
        assert proof("page", page(made, known), made, known) == []
        for form, render in FORMATS.items():
            assert proof(form, render(made, known), made, known) == []


def test_an_excerpt_of_far_more_markup_than_words_is_caught() -> None:
    html = f"<p>{LINK}: One two three.{'<b></b>' * 10_000}</p>"
    assert list(quotation(said(html, "One two three."))) == ["its excerpt holds far more markup than words"]


@pytest.mark.parametrize(
    "first",
    ["<blockquote>{}</blockquote>", "<ul><li>{}</li></ul>", "<div><table><tr><td>{}</td></tr></table></div>"],
)
def test_what_was_passed_over_may_hold_the_first_words_too(first: str) -> None:
    long = "A storm came. The road was closed to all who would go on. " * 12
    made = edition(entry(summary=f"{first.format(long)}<p>The minister said so. The road is open.</p>"))
    for form, render in FORMATS.items():
        document = render(made, site())
        assert b"</a>: The minister" in document or b"&lt;/a&gt;: The minister" in document
        assert proof(form, document, made, site()) == []


@pytest.mark.parametrize(
    "words", ["The road is open.", "The minister left.", "road was closed to all. The minister"]
)
def test_what_was_not_passed_over_for_its_length_is_missed(words: str) -> None:
    wanted = "<p>A storm came. The road was closed to all.</p><p>The minister said so. The road is open.</p>"
    (made,) = expected(edition(entry(summary=wanted)), STRICT)
    known = replace(made, entry=entry(summary=wanted), terms=Terms(excerpt=200))
    found = replace(known, summary=f"<p>{LINK}: {words}</p>", plain=f"{known.mark}: {words}")
    assert "its excerpt is not its publisher's text" in list(quotation(found))
