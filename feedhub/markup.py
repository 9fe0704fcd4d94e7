"""Safe HTML as a tree: parsed, walked and written back. Pure; the one place that uses lxml.html.

It never sanitizes: what comes in is what `read.clean` let through, or is only to become plain text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree, html
from lxml.html import HtmlComment, HtmlElement

BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre search section summary table"
    " tbody td tfoot th thead tr ul".split()
)
# lxml takes a processing instruction in a str for an encoding declaration, and refuses it.
_INSTRUCTION = re.compile(r"<\?[^>]*>?")
# lxml's own asks a function in Python which class each element is to have, for forms and fields: that takes
# four times as long as parsing.
_PARSER = etree.HTMLParser()
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment))
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SILENT = frozenset(
    {"script", "style", "template", "noscript", "head", "title", "object", "iframe", "svg", "math"}
)

_NEW_LINE = "\v"  # white space that no tree holds: XML forbids it


def fragment(text: str) -> HtmlElement:
    """Parse a piece of HTML; gives a `div` that holds it. ValueError for characters that XML forbids."""
    root = etree.fromstring(f"<html><body>{_INSTRUCTION.sub('', text)}</body></html>", _PARSER)
    body: HtmlElement = root[0]
    root.remove(body)
    body.tag = "div"
    body.attrib.clear()
    body.tail = None
    body.text = body.text if body.text and not body.text.isspace() else None
    return body


def elements(page: str, *names: str) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """Give a page's elements of some names, in its order: name, attributes, words."""
    # An empty document would be refused; a second start tag is passed over.
    root = html.document_fromstring("<html>" + _INSTRUCTION.sub("", _FORBIDDEN.sub("", page)))
    for element in root.iter(*names):
        attributes = {str(name): str(value) for name, value in element.items()}
        yield str(element.tag), attributes, plain_of(element)


def inner(parent: HtmlElement) -> str:
    """Write what stands in an element as HTML5."""
    head = _escape(parent.text or "")
    return head + "".join(html.tostring(child, encoding="unicode", method="html") for child in parent)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def text_of(element: HtmlElement) -> str:
    """Give all text in an element as it stands, without the comments."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def plain(text: str) -> str:
    """Give the words of a piece of HTML: no tags, entities decoded, white space folded to single spaces."""
    if "<" not in text and "&" not in text:
        return " ".join(text.split())
    return " ".join("".join(_words(fragment(_FORBIDDEN.sub("", text)))).split())


def plain_of(element: HtmlElement) -> str:
    """Give the words of an element, as `plain` does."""
    return " ".join("".join(_words(element)).split())


def lines_of(element: HtmlElement) -> list[str]:
    """Give the words of an element, as `plain_of` does, in the lines that `br` makes of them."""
    return [" ".join(line.split()) for line in "".join(_words(element)).split(_NEW_LINE)]


def take_out(element: HtmlElement, start: int, end: int) -> None:
    """Take the letters from `start` up to `end` out of an element, and what held no others.

    Counted are those of its words, white space aside; what shows a picture and no letters stays.
    """
    gone: list[HtmlElement] = []
    _take_out(element, 0, range(start, end), gone)
    drop(child for child in gone if child is not element)


def _take_out(element: HtmlElement, first: int, out: range, gone: list[HtmlElement]) -> int:
    """Do what `take_out` does, where `first` letters stand before an element; gives how many do behind it."""
    if element.tag in _SILENT or not isinstance(element.tag, str):
        return first
    at, element.text = _without(element.text, first, out)
    for child in element:
        at, child.tail = _without(child.tail, _take_out(child, at, out, gone), out)
    is_empty = at == first and element.tag != "br"
    if out.start <= first and at <= out.stop and not is_empty:
        gone.append(element)
    return at


def _without(piece: str | None, at: int, out: range) -> tuple[int, str | None]:
    """Give what is left of a piece with `at` letters before it, behind how many there are then."""
    kept = []
    for char in piece or "":
        if at not in out:
            kept.append(char)
        at += not char.isspace()
    return at, "".join(kept) or None


def drop(gone: Iterable[HtmlElement]) -> None:
    """Drop elements and comments; the text behind each stays.

    All at once: one by one, the text before them would be written anew for each.
    """
    by_parent: dict[HtmlElement, set[HtmlElement]] = {}
    for element in gone:
        if (parent := element.getparent()) is not None:
            by_parent.setdefault(parent, set()).add(element)
    for parent, children in by_parent.items():
        _drop_from(parent, children)


def _drop_from(parent: HtmlElement, gone: set[HtmlElement]) -> None:
    before: HtmlElement | None = None
    behind: list[str] = []
    for child in (*parent, None):
        if child is not None and child in gone:
            behind.append(child.tail or "")
            child.tail = None
            parent.remove(child)
            continue
        words = "".join(behind)
        if words and before is None:
            parent.text = (parent.text or "") + words
        elif words and before is not None:
            before.tail = (before.tail or "") + words
        before, behind = child, []


def _words(element: HtmlElement) -> Iterator[str]:
    name = element.tag if isinstance(element.tag, str) else ""
    if name and name not in _SILENT:
        apart = name in BLOCKS or name == "br"
        if apart:
            yield _NEW_LINE if name == "br" else " "
        yield element.text or ""
        for child in element:
            yield from _words(child)
            yield child.tail or ""
        if apart:
            yield " "
