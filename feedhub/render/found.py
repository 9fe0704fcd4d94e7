"""What was found, as a page. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from markupsafe import Markup, escape

from feedhub import markup
from feedhub.model import Edition, Feed, Site
from feedhub.render import addresses
from feedhub.render.article import Article, article
from feedhub.render.frame import Near, formats, frame
from feedhub.render.interface import interface
from feedhub.render.item import items
from feedhub.render.theme import filled

Cut = Callable[[str], Sequence[tuple[str, bool]]]  # a text in pieces, and which of them were asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for, as the form shows it."""

    words: str
    feed: Feed | None = None  # None = in all
    since: date | None = None
    until: date | None = None  # the last day


def found_page(edition: Edition, site: Site, asked: Asked, cut: Cut) -> bytes:
    """Render what was found; `edition.feed` is the answer to the question. Raises RenderError."""
    around = asked.feed or site.feeds[0]
    ours = interface(around.language or site.language)
    near = Near(addresses.path(edition.feed.name, "page"))
    shown = [_marked(article(item, edition, site, ours), cut) for item in items(edition, site)]
    hosts = {"{0.scheme}://{0.netloc}".format(urlsplit(one.picture.url)) for one in shown if one.picture}
    around_it = frame(around, site, addresses.SEARCH)
    values = {
        "feed": edition.feed,
        "canonical": addresses.url(site, edition.feed.name, "page"),
        "formats": formats(edition.feed, near),
        "feeds": [replace(link, is_here=False) for link in around_it["feeds"]],  # type: ignore[attr-defined]
        "asked": asked,
        "choices": site.feeds,
        "articles": shown,
        "picture_hosts": sorted(hosts),
    }
    return filled(site.theme_files, "found.html", around_it | values)


def _marked(shown: Article, cut: Cut) -> Article:
    title = Markup().join(_mark(piece, is_asked) for piece, is_asked in cut(shown.title))
    tree = markup.fragment(shown.passage)
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and not _is_link(element):
            _mark_text(element, cut)
    for element in list(tree.iter()):
        if element is not tree and element.tail and not _is_link(element.getparent()):
            _mark_tail(element, cut)
    return replace(shown, title=title, passage=Markup(markup.inner(tree)))  # noqa: S704 - it was sanitized


def _mark(piece: str, is_asked: bool) -> Markup:
    return Markup("<mark>{}</mark>").format(piece) if is_asked else escape(piece)


def _is_link(element: HtmlElement | None) -> bool:
    """Tell whether it stands in a hyperlink: the credit's words stay as they are."""
    return element is not None and any(each.tag == "a" for each in (element, *element.iterancestors()))


def _mark_text(element: HtmlElement, cut: Cut) -> None:
    if element.tag == "mark":
        return
    head, marks = _pieces(element, cut(element.text or ""))
    element.text = head
    element[:0] = marks


def _mark_tail(element: HtmlElement, cut: Cut) -> None:
    parent = element.getparent()
    if element.tag == "mark" or parent is None:
        return
    head, marks = _pieces(element, cut(element.tail or ""))
    element.tail = head
    place = parent.index(element) + 1
    parent[place:place] = marks


def _pieces(element: HtmlElement, pieces: Iterable[tuple[str, bool]]) -> tuple[str, list[HtmlElement]]:
    """Give the text before the first mark, and the marks with the text after each."""
    head, marks = "", []
    for piece, is_asked in pieces:
        if is_asked:
            mark = element.makeelement("mark")
            mark.text = piece
            marks.append(mark)
        elif marks:
            marks[-1].tail = (marks[-1].tail or "") + piece
        else:
            head += piece
    return head, marks
