"""The page is read back too: what it tells machines of each entry, what it runs, and whom it asks."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from editions import PICTURE, edition, entry, site, source
from feedhub.model import Edition, Fault, Site, Terms
from feedhub.render.page import page
from feedhub.render.proof import proof
from test_proof_mutations import BARE, CURRENT, FULL, SITE

CALM = "https://news.example/static/day.css"


def faults(document: bytes | str, made: Edition = CURRENT, known: Site = SITE) -> list[Fault]:
    return proof("page", document if isinstance(document, bytes) else document.encode(), made, known)


def drawn(made: Edition = CURRENT, known: Site = SITE) -> Any:
    return html.document_fromstring(page(made, known).decode())


def full(tree: Any) -> Any:
    """Give the article that holds everything; the page has an order of its own."""
    return next(
        found
        for found in tree.find_class("h-entry")
        if found.find_class("u-uid")[0].get("value") == FULL.published_id
    )


def written(tree: Any) -> bytes:
    return b"<!DOCTYPE html>\n" + html.tostring(tree, encoding="utf-8")


@pytest.mark.parametrize("path", ["", "/"])
def test_a_good_page_has_no_faults(path: str) -> None:
    assert faults(page(CURRENT, SITE, path=path)) == []
    assert faults(written(drawn())) == []


CHANGES: dict[str, Callable[[Any], object]] = {
    "removed": lambda it: it.drop_tree(),
    "without its class": lambda it: it.attrib.pop("class"),
    "doubled": lambda it: it.addnext(copy.deepcopy(it)),
    "other words": lambda it: setattr(it[-1] if len(it) else it, "text", "Other words"),
}
TOLD = (
    "u-uid u-url p-name dt-published dt-updated p-author p-publication p-category p-summary p-rights u-feed"
    " u-license u-via u-about u-comments"
).split()
WORDLESS = {
    "p-publication",
    "u-uid",
    "dt-published",
    "dt-updated",
    "u-feed",
    "u-license",
    "u-url",
    "u-about",
    "u-comments",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", TOLD)
def test_nothing_that_a_page_tells_machines_can_be_lost_or_changed(name: str, change: str) -> None:
    if change == "other words" and name in WORDLESS:
        pytest.skip("machines do not read its words")
    count = len(full(drawn()).find_class(name))
    assert count
    for number in range(count):
        tree = drawn()
        CHANGES[change](full(tree).find_class(name)[number])
        blamed = {fault.entry for fault in faults(written(tree))}
        assert blamed
        assert BARE.published_id not in blamed


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("u-uid", "value"),
        ("u-url", "href"),
        ("dt-published", "datetime"),
        ("dt-updated", "datetime"),
        ("u-feed", "href"),
        ("u-license", "href"),
        ("u-via", "href"),
        ("h-entry", "lang"),
    ],
)
def test_no_attribute_that_tells_something_can_be_lost_or_changed(name: str, attribute: str) -> None:
    for change in (
        lambda it: it.attrib.pop(attribute),
        lambda it: it.set(attribute, it.get(attribute) + "x"),
    ):
        tree = drawn()
        article = full(tree)
        change(article if name == "h-entry" else article.find_class(name)[0])
        assert faults(written(tree))


def _without_credit(tree: Any) -> None:
    for link in tree.find_class("p-summary")[-1].findall(".//a"):
        link.drop_tag()


def _credit_elsewhere(tree: Any) -> None:
    for link in tree.find_class("p-summary")[-1].findall(".//a"):
        link.set("href", "https://morning.example/")


def _turned(tree: Any) -> None:
    first, second = tree.find_class("p-summary")[-2:]
    first.text, second.text = "x", "y"


@pytest.mark.parametrize("change", [_without_credit, _credit_elsewhere, _turned])
def test_the_credit_of_each_passage_is_proofed(change: Callable[[Any], None]) -> None:
    tree = drawn()
    change(tree)
    assert faults(written(tree))


def test_an_entry_that_is_missing_doubled_or_foreign_is_caught() -> None:
    for change in (lambda it: it.drop_tree(), lambda it: it.addnext(copy.deepcopy(it))):
        tree = drawn()
        change(tree.find_class("h-entry")[1])
        assert faults(written(tree))
    assert faults(page(edition(FULL, BARE, entry("other")), SITE))


def test_the_order_of_a_page_is_its_own() -> None:
    assert faults(page(replace(CURRENT, entries=(BARE, FULL)), SITE)) == []


@pytest.mark.parametrize(
    "added",
    [
        "<script>alert(1)</script>",
        '<script src="/static/x.js"></script>',
        '<p onclick="x()">x</p>',
        '<iframe src="/day/"></iframe>',
        '<object data="/x"></object>',
        '<embed src="/x">',
        '<meta http-equiv="Refresh" content="0;url=https://elsewhere.example/">',
        '<img src="https://elsewhere.example/x.png" alt="">',
        '<img src="//elsewhere.example/x.png" alt="">',
        '<img src="\\\\elsewhere.example/x.png" alt="">',
        '<img src="data:image/gif;base64,AAAA" alt="">',
        '<img srcset="https://elsewhere.example/x.png 2x" alt="">',
        '<video poster="https://elsewhere.example/x.png"></video>',
        '<link rel="stylesheet" href="https://elsewhere.example/x.css">',
        '<link rel="preconnect" href="https://elsewhere.example">',
        '<link rel="shortcut icon" href="https://elsewhere.example/x.ico">',
        '<p style="background: url(https://elsewhere.example/x)">x</p>',
        "<style>@import 'https://elsewhere.example/x.css'</style>",
        '<form action="https://elsewhere.example/"></form>',
        '<a href="https://elsewhere.example/" ping="https://elsewhere.example/">x</a>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="https://">x</a>',
        '<p id="news">x</p>',
    ],
)
def test_a_page_that_runs_something_or_asks_another_host_is_caught(added: str) -> None:
    document = page(CURRENT, SITE).decode()
    found = faults(document.replace("</body>", f"{added}</body>"))
    assert [fault.entry for fault in found] == [""]


@pytest.mark.parametrize(
    "added",
    [
        f'<link rel="stylesheet" href="{CALM}">',
        '<img src="../static/x.png" alt="">',
        '<link rel="license" href="https://elsewhere.example/license">',
        '<script type="application/ld+json">{}</script>',
        '<form action="../search"></form>',
        '<a href="mailto:desk@news.example">x</a>',
        '<a href="https://elsewhere.example/">x</a>',
    ],
)
def test_what_asks_nobody_else_and_runs_nothing_may_stand(added: str) -> None:
    assert faults(page(CURRENT, SITE).decode().replace("</body>", f"{added}</body>")) == []


def test_a_picture_is_asked_for_only_where_the_terms_allow_it() -> None:
    shown = f'<img src="{PICTURE.url}" alt=""></body>'
    free = site(source(terms=Terms(pictures=True)))
    made = edition(entry("a", image=PICTURE))
    assert faults(page(made, free).decode().replace("</body>", shown), made, free) == []
    assert faults(page(made, site()).decode().replace("</body>", shown), made, site())


def test_the_head_is_proofed() -> None:
    document = page(CURRENT, SITE).decode()
    for old, new in (
        ('<html lang="en"', '<html lang="hy"'),
        ('rel="canonical" href="https://news.example/day/"', 'rel="canonical" href="https://a.example/"'),
    ):
        assert old in document
        assert [fault.entry for fault in faults(document.replace(old, new, 1))] == [""]


@pytest.mark.parametrize("rubbish", [b"", b"x", b"\xff", b"<html></html>", b"<!DOCTYPE html>"])
def test_rubbish_is_a_fault_and_never_an_error(rubbish: bytes) -> None:
    assert faults(rubbish)
