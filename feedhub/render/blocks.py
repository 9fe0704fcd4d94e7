"""The blocks of a text: paragraphs, what stands beside them, and loose text. Works on trees of `markup`."""

from collections.abc import Generator, Iterator

from lxml.html import HtmlElement

from feedhub import markup

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Blocks that only hold other blocks. Every other one but a paragraph is a unit: it is never cut. What is
# shown only when a reader asks for it (`details`) is none of them: a credit must not stand in it.
_CONTAINERS = frozenset(
    "address article aside body center dialog div fieldset footer form header main nav search section".split()
)


def is_container(element: HtmlElement) -> bool:
    """Tell whether an element only groups blocks."""
    return element.tag in _CONTAINERS


def has_words(element: HtmlElement) -> bool:
    """Tell whether there is any text in an element."""
    if not isinstance(element.tag, str):
        return False  # a comment
    words = markup.text_of(element)
    return bool(words) and not words.isspace()


def first_passage(container: HtmlElement) -> HtmlElement | None:
    """Give the first block with text; loose text that comes first is wrapped in a paragraph for it."""
    for block in _anchors(container):
        if block is not None and has_words(block):
            return first_passage(block) if is_container(block) else block
        if _has_loose_words(container, block):
            return _wrapped(container, block)
    return None


def last_passage(container: HtmlElement) -> HtmlElement | None:
    """Give the last block with text; all loose text is wrapped for it."""
    last = None
    for last in passages(container):  # noqa: B007
        pass
    return last


def last_blocks(container: HtmlElement) -> Generator[HtmlElement, None, bool]:
    """Give the blocks with text backwards, as far as no loose text stands behind one; nothing is wrapped.

    Those that were given may be dropped when it has ended. Returns whether it went through all.
    """
    for node in reversed(container):
        if (node.tail and not node.tail.isspace()) or (_is_loose(node) and has_words(node)):
            return False
        if not has_words(node):
            continue
        if not is_container(node):
            yield node
        elif not (yield from last_blocks(node)):
            return False
    return not container.text or container.text.isspace()


def passages(container: HtmlElement) -> Iterator[HtmlElement]:
    """Give every block with text in order, loose text wrapped in paragraphs."""
    for block in _anchors(container):
        if block is not None and has_words(block):
            if is_container(block):
                yield from passages(block)
            else:
                yield block
        if _has_loose_words(container, block):
            yield _wrapped(container, block)


def _anchors(container: HtmlElement) -> list[HtmlElement | None]:
    """Give what loose text can follow: the container's start (None), and each of its blocks."""
    return [None, *(child for child in container if not _is_loose(child))]


def _is_loose(node: HtmlElement) -> bool:
    """Tell whether a node belongs to a line of text."""
    if not isinstance(node.tag, str):
        return True  # a comment
    return node.tag not in markup.BLOCKS and not any(each.tag in markup.BLOCKS for each in node.iter())


def _loose_after(container: HtmlElement, block: HtmlElement | None) -> Iterator[HtmlElement]:
    for node in container if block is None else block.itersiblings():
        if not _is_loose(node):
            return
        yield node


def _has_loose_words(container: HtmlElement, block: HtmlElement | None) -> bool:
    text = container.text if block is None else block.tail
    if text and not text.isspace():
        return True
    return any(
        has_words(node) or (node.tail and not node.tail.isspace()) for node in _loose_after(container, block)
    )


def _wrapped(container: HtmlElement, block: HtmlElement | None) -> HtmlElement:
    """Move the loose text behind a block, or at the start, into a paragraph, and give that."""
    line = list(_loose_after(container, block))
    paragraph = container.makeelement("p")
    if block is None:
        paragraph.text, container.text = (container.text or "").lstrip(), None
        container.insert(0, paragraph)
    else:
        paragraph.text, block.tail = (block.tail or "").lstrip(), None
        block.addnext(paragraph)
    for node in line:
        paragraph.append(node)
    return paragraph
