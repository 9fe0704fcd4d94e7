"""The credit for every way in which a text can begin, every placement and every measure of quoting."""

import json
import re
from typing import get_args

import pytest
from lxml import html
from lxml.html import HtmlElement

from editions import edition, entry, site, source
from feedhub.model import Edition, Placement, Show, Site, Terms
from feedhub.render import FORMATS
from feedhub.render.page import page as render_page
from feedhub.render.proof import proof

ARTICLE = "https://morning.example/s/?a=1&b=2"
THERE = '<a href="https://morning.example/s/?a=1&amp;b=2" rel="external">The Morning</a>'
BEGINNINGS = {
    "a paragraph": "<p>First words.</p>",
    "loose text": "First words.",
    "a heading": "<h2>Head</h2>",
    "a list": "<ul><li>First words.</li></ul>",
    "a table": "<table><tr><td>First words.</td></tr></table>",
    "a quotation": "<blockquote><p>First words.</p></blockquote>",
    "a figure": '<figure><img src="https://morning.example/a.jpg"><figcaption>Seen</figcaption></figure>',
    "an image": '<p><img src="https://morning.example/a.jpg" alt="A road"></p>',
    "code": "<pre><code>first = words</code></pre>",
    "an existing credit": f"<p>{THERE}: First words.</p>",
    "an existing credit of its own": f"<p>{THERE}</p><p>First words.</p>",
    "another link": '<p><a href="https://elsewhere.example/">Elsewhere</a> first.</p>',
    "right-to-left text": '<p dir="rtl">أخبار اليوم.</p>',
    "nothing": "",
}
FOLLOWING = "<p>Then it goes on.</p>"


def made(beginning: str, terms: Terms) -> tuple[Edition, Site]:
    text = BEGINNINGS[beginning] + (FOLLOWING if beginning != "nothing" else "")
    return edition(entry("s", url=ARTICLE, summary=text, content=text)), site(source(terms=terms))


def texts(made: Edition, site: Site) -> list[str]:
    """Give every text in every format, the page's too."""
    atom_document = html.etree.fromstring(FORMATS["atom"](made, site))
    rss_document = html.etree.fromstring(FORMATS["rss"](made, site))
    found = [
        *atom_document.xpath("//*[local-name()='entry']/*[local-name()='summary' or local-name()='content']"),
        *rss_document.xpath("//item/*[local-name()='description' or local-name()='encoded']"),
    ]
    shown = html.document_fromstring(render_page(made, site).decode()).find_class("passage")[0]
    inner = (shown.text or "") + "".join(html.tostring(child, encoding="unicode") for child in shown)
    (item,) = json.loads(FORMATS["json"](made, site))["items"]
    return [*(each.text or "" for each in found), inner, item["content_html"]]


def hyperlinks(tree: HtmlElement) -> list[HtmlElement]:
    return [link for link in tree.iter("a") if link.get("href") == ARTICLE and link.text == "The Morning"]


@pytest.mark.parametrize("show", get_args(Show))
@pytest.mark.parametrize("credit", get_args(Placement))
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_the_credit_stands_where_the_terms_say_once(beginning: str, credit: Placement, show: Show) -> None:
    drawn = made(beginning, Terms(show=show, credit=credit))
    for format_, render in FORMATS.items():
        assert proof(format_, render(*drawn), *drawn) == []
    assert proof("page", render_page(*drawn), *drawn) == []
    plain = json.loads(FORMATS["json"](*drawn))["items"][0].get("summary", "")
    assert plain.startswith(f"The Morning ({ARTICLE})") == (credit != "none")
    for text in texts(*drawn):
        tree = html.fragment_fromstring(text, create_parent="div")
        found, links = hyperlinks(tree), list(tree.iter("a"))
        if credit == "none":
            assert len(found) == (show != "title" and "credit" in beginning)
            continue
        assert len(found) == 1
        assert found[0] is (links[-1] if credit == "bottom" else links[0])
        passage = next(each for each in found[0].iterancestors() if each.tag in ("p", "div"))
        assert passage.tag == "p"
        before = re.sub(r"\s", "", "".join(tree.itertext()).partition("The Morning")[0])
        if credit != "bottom":
            assert before == ""
