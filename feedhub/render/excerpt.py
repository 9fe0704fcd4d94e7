"""The first part of a text, as much as its terms allow. Pure; drops and unfolds nodes, and shortens text."""

from collections.abc import Set
from itertools import islice

from lxml.html import HtmlElement

from feedhub import markup, text
from feedhub.render import blocks

_MEDIA = frozenset("audio canvas embed iframe img object picture source svg track video".split())
_WHOLE = frozenset({"q", "ruby"})  # within a line, never cut through


def excerpt(html: str, limit: int) -> str:
    """Give the first blocks of a text, at most `limit` characters as a reader counts them.

    Whole blocks while they fit; of the paragraph that does not, its first sentences, or words and an
    ellipsis. Pictures are left out; it never ends with a heading or inside a quotation.
    """
    tree = markup.fragment(html)
    unfold(tree)
    shorten(tree, limit)
    return markup.inner(tree).strip()


def unfold(tree: HtmlElement) -> None:
    """Show what is shown only when a reader asks for it: so little is quoted that it is worth no asking."""
    for element in list(tree.iter("details", "summary")):
        element.tag = "div"


def most_markup(limit: int) -> int:
    """Give how long an excerpt of `limit` characters may be, its markup and white space included.

    Of thousands of real ones of 500 characters the longest has 2636.
    """
    return 20_000 + 32 * limit


def shorten(tree: HtmlElement, limit: int) -> None:
    """Do to a tree that is unfolded what `excerpt` does to a text."""
    _drop_media(tree)
    kept: list[HtmlElement] = []
    passed: list[HtmlElement] = []
    left = limit
    for block in blocks.passages(tree):
        size = text.length(markup.plain_of(block))
        if size <= left:
            left -= size
            kept.append(block)
        elif block.tag == "p" and _shorten_paragraph(block, left):
            kept.append(block)
            break
        elif any(other.tag not in blocks.HEADINGS for other in kept):
            break
        else:
            # What is too long is passed over only as long as there is nothing else to show.
            passed.append(block)
    while kept and kept[-1].tag in blocks.HEADINGS:
        kept.pop()
    markup.drop(passed)
    _drop_after(tree, kept[-1] if kept else None)
    _drop_empty(tree)


def _drop_after(tree: HtmlElement, last: HtmlElement | None) -> None:
    """Drop all that stands behind a block, or everything."""
    if last is None:
        tree.text = None
        tree[:] = []
        return
    node = last
    while node is not tree:
        node.tail = None
        parent = node.getparent()
        if parent is None:
            return
        for following in list(node.itersiblings()):
            parent.remove(following)
        node = parent


def _drop_media(tree: HtmlElement) -> None:
    every = list(tree.iter())
    markup.drop(node for node in every if not isinstance(node.tag, str))
    gone: set[HtmlElement] = set()
    for element in reversed(every):  # what an element holds comes before it
        if element.tag in _MEDIA:
            gone.add(element)
            gone.update(islice(element.iterancestors("figure"), 1))
        elif element is not tree and element not in gone and _is_emptied(element, gone):
            gone.add(element)
    markup.drop(gone)


def _is_emptied(element: HtmlElement, gone: Set[HtmlElement]) -> bool:
    """Tell whether nothing is left in an element once others are gone; it must have held one of them."""
    pieces = [element.text]
    for child in element:
        if child not in gone:
            return False
        pieces.append(child.tail)
    return len(pieces) > 1 and not any(piece and not piece.isspace() for piece in pieces)


def _drop_empty(tree: HtmlElement) -> None:
    """Drop what is left without text: containers, rules, blank lines between blocks."""
    empty = []
    for child in tree:
        if not blocks.has_words(child):
            empty.append(child)
        elif blocks.is_container(child):
            _drop_empty(child)
    markup.drop(empty)


def _shorten_paragraph(paragraph: HtmlElement, limit: int) -> bool:
    """Cut a paragraph to at most `limit` characters; False: no part of it can stand."""
    _fold(paragraph)
    pieces: list[str] = []
    whole: list[tuple[int, int]] = []
    _collect(paragraph, 0, pieces, whole)
    index, is_sentence = text.cut("".join(pieces), limit, whole=whole)
    if index:
        _truncate(paragraph, index, "" if is_sentence else text.ELLIPSIS)
    return index > 0


def _fold(element: HtmlElement) -> None:
    """Fold white space in every piece of text, as a browser does."""
    for node in element.iter():
        node.text = _folded(node.text)
        if node is not element:
            node.tail = _folded(node.tail)
    element.text = (element.text or "").lstrip()


def _folded(piece: str | None) -> str | None:
    if not piece:
        return piece
    words = " ".join(piece.split())
    if not words:
        return " "
    return (" " if piece[0].isspace() else "") + words + (" " if piece[-1].isspace() else "")


def _collect(element: HtmlElement, start: int, pieces: list[str], whole: list[tuple[int, int]]) -> int:
    """Gather the text of an element, a line break as one character, and what of it must stay whole.

    `start` is how many characters stand before it; gives how many there are then.
    """
    pieces.append("\n" if element.tag == "br" else element.text or "")
    end = start + len(pieces[-1])
    for child in element:
        end = _collect(child, end, pieces, whole)
        pieces.append(child.tail or "")
        end += len(pieces[-1])
    if element.tag in _WHOLE:
        whole.append((start, end))
    return end


def _truncate(element: HtmlElement, left: int, end: str) -> int:
    """Keep the first `left` characters, then `end`; gives how many are still to come, -1 once it is cut."""
    words = "\n" if element.tag == "br" else element.text or ""
    if left <= len(words):
        if element.tag != "br":
            element.text = words[:left].rstrip() + end
        for child in list(element):
            element.remove(child)
        return -1
    left -= len(words)
    for child in list(element):
        if left < 0:
            element.remove(child)
            continue
        left = _truncate(child, left, end)
        tail = child.tail or ""
        if left < 0:
            child.tail = None
        elif left <= len(tail):
            child.tail = tail[:left].rstrip() + end
            left = -1
        else:
            left -= len(tail)
    return left
