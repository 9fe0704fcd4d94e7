"""The first part of a text, as much as its terms allow. Pure; drops and unfolds nodes, and shortens text."""

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
    for block in passed:
        block.drop_tree()
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
    for comment in [node for node in every if not isinstance(node.tag, str)]:
        comment.drop_tree()
    for element in [node for node in every if node.tag in _MEDIA]:
        figure = next(element.iterancestors("figure"), None)
        parent = element.getparent()
        if parent is None or not _is_in(element, tree):
            continue
        (element if figure is None else figure).drop_tree()
        while figure is None and parent is not tree and _is_empty(parent):
            parent, emptied = parent.getparent(), parent
            emptied.drop_tree()


def _is_in(element: HtmlElement, tree: HtmlElement) -> bool:
    return any(ancestor is tree for ancestor in element.iterancestors())


def _is_empty(element: HtmlElement) -> bool:
    return not len(element) and not (element.text or "").strip()


def _drop_empty(tree: HtmlElement) -> None:
    """Drop what is left without text: containers, rules, blank lines between blocks."""
    for child in list(tree):
        if not isinstance(child.tag, str) or not blocks.has_words(child):
            child.drop_tree()
        elif blocks.is_container(child):
            _drop_empty(child)


def _shorten_paragraph(paragraph: HtmlElement, limit: int) -> bool:
    """Cut a paragraph to at most `limit` characters; False: no part of it can stand."""
    _fold(paragraph)
    pieces: list[str] = []
    whole: list[tuple[int, int]] = []
    _collect(paragraph, pieces, whole)
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


def _collect(element: HtmlElement, pieces: list[str], whole: list[tuple[int, int]]) -> None:
    """Gather the text of an element, a line break as one character, and what of it must stay whole."""
    start = sum(map(len, pieces))
    pieces.append("\n" if element.tag == "br" else element.text or "")
    for child in element:
        _collect(child, pieces, whole)
        pieces.append(child.tail or "")
    if element.tag in _WHOLE:
        whole.append((start, sum(map(len, pieces))))


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
