"""A story in the documents: who else tells it is named and linked in each format, and that is proved."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from lxml import html

from editions import edition, entry, site, source
from feedhub import markup
from feedhub.model import Edition, Origin, Story, Terms
from feedhub.render import FORMATS, told
from feedhub.render.embed import EMBEDS
from feedhub.render.item import items
from feedhub.render.page import page
from feedhub.render.proof import proof
from feedhub.render.proof.embeds import proof_embed
from finished import ATOM, CONTENT

LEAD = entry("a", title="The pass is open", content="<p>All of it.</p><p>The end.</p>")
WIRE = entry(
    "48201",
    source="wire",
    url="https://wire.example/48201?a=1&b=2",
    published_id="urn:wire:48201",
    title="Traffic resumes <over> the pass",
    origin=Origin(title="The Wire & Co", site_url="https://wire.example/"),
)
JOURNAL = entry(
    "pass",
    source="journal",
    url="https://journal.example/pass",
    published_id="https://journal.example/pass",
    title="Open again",
    origin=Origin(title="Journal", site_url="https://journal.example/"),
)
SITE = site(source(), source("wire", title=""), source("journal", title="Highland Journal"))
STORY = Story(told_by=LEAD.published_id, others=(WIRE, JOURNAL))
MADE = edition(LEAD, entry("b"), stories=(STORY,))
NAMED = [
    ("https://wire.example/48201?a=1&b=2", "The Wire & Co: Traffic resumes <over> the pass"),
    ("https://journal.example/pass", "Highland Journal: Open again"),
]
LINE = (
    '<p>Also: <a href="https://wire.example/48201?a=1&amp;b=2" rel="external">The Wire &amp; Co</a>,'
    ' <a href="https://journal.example/pass" rel="external">Highland Journal</a></p>'
)


def related(element: ElementTree.Element) -> list[tuple[str, str]]:
    links = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "related"]
    assert all(link.get("type") == "text/html" for link in links)
    return [(link.get("href", ""), link.get("title", "")) for link in links]


def in_full(made: Edition = MADE) -> tuple[Edition, dict[str, bytes]]:
    known = replace(SITE, sources={**SITE.sources, "morning": source(terms=Terms(show="full"))})
    return made, {form: render(made, known) for form, render in FORMATS.items()}


def test_in_rss_each_other_is_a_related_link_and_the_end_of_both_texts() -> None:
    first, second = ElementTree.fromstring(in_full()[1]["rss"]).iter("item")
    assert related(first) == NAMED
    assert first.findtext("description", "").endswith(LINE)
    assert first.findtext(CONTENT, "").endswith(f"<p>The end.</p>{LINE}")
    assert related(second) == []
    assert "Also" not in second.findtext("description", "")


def test_in_atom_each_other_is_a_related_link_and_the_end_of_both_texts() -> None:
    first, second = ElementTree.fromstring(in_full()[1]["atom"]).iter(f"{ATOM}entry")
    assert related(first) == NAMED
    assert first.findtext(f"{ATOM}summary", "").endswith(LINE)
    assert first.findtext(f"{ATOM}content", "").endswith(f"<p>The end.</p>{LINE}")
    assert related(second) == []


def test_in_json_the_story_is_a_list_and_stands_at_the_end_of_both_texts() -> None:
    first, second = json.loads(in_full()[1]["json"])["items"]
    assert first["_feedhub"]["story"] == [
        {
            "id": "urn:wire:48201",
            "url": "https://wire.example/48201?a=1&b=2",
            "title": "Traffic resumes <over> the pass",
            "credit": "The Wire & Co",
            "source": {"title": "The Wire & Co", "home_page_url": "https://wire.example/"},
        },
        {
            "id": "https://journal.example/pass",
            "url": "https://journal.example/pass",
            "title": "Open again",
            "credit": "Highland Journal",
            "source": {"title": "Highland Journal", "home_page_url": "https://journal.example/"},
        },
    ]
    assert first["content_html"].endswith(LINE)
    assert first["summary"].endswith(
        " Also: The Wire & Co (https://wire.example/48201?a=1&b=2),"
        " Highland Journal (https://journal.example/pass)"
    )
    assert "story" not in second["_feedhub"]


def test_the_page_names_and_links_each_other() -> None:
    shown = page(MADE, SITE).decode()
    found = [
        (attributes.get("href"), words)
        for _, attributes, words in markup.elements(shown, "a")
        if attributes.get("class") == "u-related"
    ]
    assert found == [
        ("https://wire.example/48201?a=1&b=2", "Traffic resumes <over> the pass"),
        ("https://journal.example/pass", "Open again"),
    ]
    assert "The Wire &amp; Co</span>: " in shown
    assert "Highland Journal</span>: " in shown


@pytest.mark.parametrize("kind", EMBEDS)
def test_what_other_sites_show_names_and_links_each_other_below_the_passage(kind: str) -> None:
    document = EMBEDS[kind](MADE, SITE)
    (line,) = html.document_fromstring(document.decode()).find_class("feedhub-also")
    assert line.text_content() == "Also: The Wire & Co, Highland Journal"
    assert [link.get("href") for link in line.iter("a")] == [WIRE.url, JOURNAL.url]
    assert line.getprevious().get("class") == "feedhub-passage p-summary"
    assert proof_embed(kind, document, MADE, SITE) == []
    for wrong in (
        document.replace(b"https://wire.example/48201", b"https://wire.example/other"),
        document.replace(b"Highland Journal</a>", b"Journal</a>"),
        document.replace(b"Also: ", b"Not: "),
        EMBEDS[kind](replace(MADE, stories=()), SITE),
    ):
        assert [fault.entry for fault in proof_embed(kind, wrong, MADE, SITE)] == [LEAD.published_id]
    assert proof_embed(kind, document, replace(MADE, stories=()), SITE)


@pytest.mark.parametrize("credit", ["first-passage", "top", "bottom", "none"])
@pytest.mark.parametrize("show", ["title", "summary", "full"])
def test_the_others_stand_behind_the_quotation_however_it_is_credited(show: str, credit: str) -> None:
    known = replace(SITE, sources={"morning": source(terms=Terms(show=show, credit=credit))})  # type: ignore[arg-type]
    for form, render in FORMATS.items():
        assert proof(form, render(MADE, known), MADE, known) == []
    line = told.line(LEAD, STORY.others, known)
    summary, alone = (
        next(item.summary for item in items(made, known) if item.entry is LEAD)
        for made in (MADE, replace(MADE, stories=()))
    )
    assert summary.endswith(line)
    assert summary.count("<p>Also: ") == 1
    assert summary.removesuffix(line) == alone


@pytest.mark.parametrize(
    ("own", "of_site", "word"),
    [
        ("ru", "en", "Также"),
        ("hy-AM", "en", "Նաև"),
        ("", "es", "También"),
        ("tlh", "tlh", "Also"),
        ("", "", "Also"),
    ],
)
def test_the_word_before_the_others_is_of_the_texts_language(own: str, of_site: str, word: str) -> None:
    spoken = replace(LEAD, language=own)
    assert told.line(spoken, STORY.others, replace(SITE, language=of_site)).startswith(f"<p>{word}: <a ")


def test_an_others_terms_decide_what_is_linked_to_it() -> None:
    known = replace(
        SITE, sources={"wire": source("wire", title="Wire", terms=Terms(text="Read at {source}"))}
    )
    assert told.line(LEAD, (WIRE,), known).endswith(' rel="external">Read at Wire</a></p>')


# ── The proof ────────────────────────────────────────────────────────────────────────────────────


def _swap(old: str, new: str) -> Callable[[str], str]:
    return lambda document: document.replace(old, new, 1)


WIRE_IN_TEXT = '&lt;a href="https://wire.example/48201?a=1&amp;amp;b=2" rel="external"&gt;'
XML_MUTATIONS = {
    "a related link is missing": lambda document: re.sub(r"<[^<]*\"related\"[^>]*/>", "", document, count=1),
    "a related link leads elsewhere": _swap('href="https://journal.example/pass"', 'href="https://j.example/"'),
    "a related link has another title": _swap("Highland Journal: Open again", "Journal: Open again"),
    "the text does not end with the others": _swap("&lt;p&gt;Also: ", "&lt;p&gt;"),
    "the text leads to another article": _swap(WIRE_IN_TEXT, WIRE_IN_TEXT.replace("48201", "48202")),
    "the text names another source": _swap("The Wire &amp;amp; Co&lt;/a&gt;", "The Wire&lt;/a&gt;"),
}  # fmt: skip


@pytest.mark.parametrize("form", ["rss", "atom"])
@pytest.mark.parametrize("what", XML_MUTATIONS)
def test_the_proof_blames_an_entry_whose_story_is_told_wrongly_in_xml(form: str, what: str) -> None:
    document = FORMATS[form](MADE, SITE).decode()
    mutated = XML_MUTATIONS[what](document)
    assert mutated != document
    assert {fault.entry for fault in proof(form, mutated.encode(), MADE, SITE)} == {LEAD.published_id}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"url": "https://journal.example/pass"', '"url": "https://j.example/"'),
        ('"title": "Highland Journal"', '"title": "Journal"'),
        ('"title": "Open again"', '"title": "Shut again"'),
        ("Highland Journal (https://journal.example/pass)", "Highland Journal"),
        ("Also: <a", "<a"),
        ('"story": [', '"stories": ['),
    ],
)
def test_the_proof_blames_an_entry_whose_story_is_told_wrongly_in_json(old: str, new: str) -> None:
    document = FORMATS["json"](MADE, SITE).decode()
    mutated = document.replace(old, new, 1)
    assert mutated != document
    assert {fault.entry for fault in proof("json", mutated.encode(), MADE, SITE)} == {LEAD.published_id}


def test_a_story_that_an_edition_does_not_have_is_a_fault() -> None:
    for form, render in FORMATS.items():
        found = proof(form, render(MADE, SITE), replace(MADE, stories=()), SITE)
        assert {fault.entry for fault in found} == {LEAD.published_id}


def test_a_story_with_an_address_that_is_none_to_publish_is_held_back() -> None:
    story = replace(STORY, others=(replace(WIRE, url="javascript:alert(1)"),))
    made = replace(MADE, stories=(story,))
    for form, render in FORMATS.items():
        assert LEAD.published_id in {fault.entry for fault in proof(form, render(made, SITE), made, SITE)}


def test_a_text_that_only_repeats_anothers_is_no_report_of_its_own() -> None:
    assert STORY.reports == 3
    assert replace(STORY, copies=frozenset({WIRE.published_id})).reports == 2
