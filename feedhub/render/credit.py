"""The credit: the hyperlink to the quoted article in the first passage of what we publish. Pure.

Works on a tree, never on strings. A credit that the text brings along, because it was rendered before, is
taken out first and put back last: it counts neither as the publisher's words nor twice.
"""

import re
from html import escape
from itertools import takewhile
from typing import Literal, NamedTuple

from lxml.html import HtmlElement

from feedhub import markup, urls
from feedhub.model import Entry, Placement, Site, Terms
from feedhub.render import blocks, excerpt
from feedhub.render.remembered import remembered

# lxml knows HTML 4, and closes the void elements that came later.
_CLOSED_VOID = re.compile("</(?:source|track|wbr)>")

# What stands in these is shown only when a reader asks for it, or where the browser knows no better.
_UNSEEN = frozenset({"audio", "details", "rp", "video"})

Shape = Literal["", "inline", "paragraph"]


class _Credit(NamedTuple):
    name: str
    article: str
    placement: Placement


class _Quote(NamedTuple):
    html: str  # credited
    words: str  # plain, without the credit


class Quoted(NamedTuple):
    """An entry's texts as its terms allow, credited."""

    name: str  # the words that are linked to the article
    summary: str  # HTML: the excerpt
    content: str  # HTML: the whole text; "" = not allowed
    plain: str  # the excerpt in words, the credit at its start: NAME (ARTICLE): words
    words: str  # the same without the credit


def quoted(entry: Entry, site: Site) -> Quoted:
    """Give all that is published of an entry's text."""
    terms = site.terms(entry)
    credit = _Credit(_name(entry, site, terms), entry.url, terms.credit)
    source_text = "" if terms.show == "title" else entry.summary or entry.content
    short = _quote(source_text, terms.excerpt, credit)
    whole = _quote(entry.content or entry.summary, None, credit).html if terms.show == "full" else ""
    return Quoted(credit.name, short.html, whole, _plain(short.words, credit), short.words)


def _plain(words: str, credit: _Credit) -> str:
    if credit.placement == "none":
        return words
    mark = f"{credit.name} ({credit.article})"
    return f"{mark}: {words}" if words else mark


def name(entry: Entry, site: Site) -> str:
    """Give the words that are linked to the article: the terms' text, or the publisher's name."""
    return _name(entry, site, site.terms(entry))


def _name(entry: Entry, site: Site, terms: Terms) -> str:
    publisher = site.publisher(entry)
    said = " ".join(terms.text.replace("{source}", publisher).split())
    return said or " ".join(publisher.split()) or urls.host(entry.url)


@remembered
def _quote(html: str, limit: int | None, credit: _Credit) -> _Quote:
    """Give a text, or its first `limit` characters, with its credit; each format asks for the same."""
    tree = markup.fragment(html)
    if limit is not None:
        excerpt.unfold(tree)
    elements = list(tree.iter())  # held, so that lxml makes Python objects of them but once
    is_credited = credit.placement != "none" and any(_is_to_article(each, credit) for each in elements)
    shape: Shape = ""
    if is_credited:
        shape = _take_out(tree, credit)
    elif credit.placement != "none":
        blocks.first_passage(tree)  # loose text is wrapped while it still shows what divides it
    if limit is not None:
        excerpt.shorten(tree, limit)
        if is_credited:
            # Another earlier credit may have come to the front, or to the end.
            shape = _take_out(tree, credit) or shape
    words = "" if limit is None else markup.plain_of(tree)
    finished = _finished(tree, credit, shape)
    if limit is not None and len(finished) > excerpt.most_markup(limit):
        finished = _finished(markup.fragment(f"<p>{escape(words)}</p>" if words else ""), credit, shape)
    del elements
    return _Quote(finished, words)


def _finished(tree: HtmlElement, credit: _Credit, shape: Shape) -> str:
    """Write a text with its credit."""
    if credit.placement != "none":
        _put_in(tree, credit, shape)
    return _CLOSED_VOID.sub("", markup.inner(tree)).strip()


def _take_out(tree: HtmlElement, credit: _Credit) -> Shape:
    """Remove the credits of an earlier rendering, and tell what the first of them looked like."""
    first = blocks.first_passage(tree)
    if credit.placement == "bottom":
        blocks.last_passage(tree)  # loose text is wrapped, so that a credit without a paragraph is seen
    trailing = takewhile(lambda block: _is_credit_alone(block, credit), blocks.last_blocks(tree))
    markup.drop([block for block in trailing if block is not first])
    if first is None or first.tag != "p":
        return ""
    if _is_credit_alone(first, credit):
        first.drop_tree()
        return "paragraph"
    link = first[0] if len(first) else None
    if link is None or (first.text or "").strip() or not _is_to_article(link, credit):
        return ""
    following = (link.tail or "").lstrip()
    if not following.startswith(":"):
        return ""
    link.tail = following[1:].lstrip()
    link.drop_tree()
    if not blocks.has_words(first):
        first.drop_tree()
    return "inline"


def _is_credit_alone(block: HtmlElement, credit: _Credit) -> bool:
    """Tell whether a block is a paragraph that holds the credit and nothing else."""
    links = block.findall(".//a")
    return (
        block.tag == "p"
        and len(links) == 1
        and _is_to_article(links[0], credit)
        and markup.plain_of(block) == credit.name
        and next(block.iter("img", "audio", "video"), None) is None
    )


def _is_to_article(link: HtmlElement, credit: _Credit) -> bool:
    """Tell whether an element is a hyperlink to the article whose text is the name, where readers see it."""
    if link.tag != "a" or markup.plain_of(link) != credit.name:
        return False
    if any(around.tag in _UNSEEN for around in link.iterancestors()):
        return False
    href = link.get("href") or ""
    return href == credit.article or urls.canonical(href) == urls.canonical(credit.article)


def _put_in(tree: HtmlElement, credit: _Credit, shape: Shape) -> None:
    """Insert the credit where it belongs, unless it is there."""
    at_end = credit.placement == "bottom"
    block = blocks.last_passage(tree) if at_end else blocks.first_passage(tree)
    if block is not None and block.tag == "p" and any(_is_to_article(a, credit) for a in block.iter("a")):
        return
    if at_end:
        tree.append(_paragraph(tree, credit))
    elif block is None:
        tree.text = None
        tree.insert(0, _paragraph(tree, credit))
    elif block.tag == "p" and (shape == "inline" or (not shape and credit.placement == "first-passage")):
        link = _link(tree, credit)
        link.tail = ": " + (block.text or "").lstrip()
        block.text = None
        block.insert(0, link)
    elif credit.placement == "top":
        tree.insert(0, _paragraph(tree, credit))
    else:
        block.addprevious(_paragraph(tree, credit))


def _link(tree: HtmlElement, credit: _Credit) -> HtmlElement:
    link = tree.makeelement("a", {"href": credit.article, "rel": "external"})
    link.text = credit.name
    return link


def _paragraph(tree: HtmlElement, credit: _Credit) -> HtmlElement:
    paragraph = tree.makeelement("p")
    paragraph.append(_link(tree, credit))
    return paragraph
