"""What stands before the root element of a document: passed over, or a reason to refuse it. Pure."""

import html.entities
import re

from feedhub.errors import ReadError

_BLANK = re.compile(r"[\s\0\ufeff\u200b]*")
_FEED_ROOT = re.compile(r"<(?:[\w.-]{1,20}:)?(?:rss|feed|rdf|channel)(?=[\s/>])", re.I)
# A feed that some server put into a page, and not one that a page is about.
_WRAPPED = re.compile(
    r"<(?:rss\s[^<>]{0,2000}?version\s{0,9}=|feed\s[^<>]{0,2000}?xmlns\s{0,9}=\s{0,9}[\"']http://www\.w3\.org/2005/Atom)",
    re.I,
)
_NAME = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z_][\w.-]{0,40})")
_DOCTYPE = re.compile(r"<!DOCTYPE(?:[^>\[\"']|\"[^\"]*\"|'[^']*')*+", re.I)
_SUBSET = re.compile(r"\[(?:<!--.*?-->|[^\]\"'<]|\"[^\"]*\"|'[^']*'|<)*+\]\s{0,99}>", re.S)
_LONGEST_SUBSET = 8192  # characters
_ENTITY = re.compile(r"<!ENTITY\s+[^%\s]")
_CHARACTER = re.compile(r"<!ENTITY\s+(\w{1,40})\s+([\"'])&#(?:(\d{1,7})|x([0-9A-Fa-f]{1,6}));\2\s{0,9}>")
_PAGE_START = re.compile(r"<(?:!DOCTYPE\s+html|html)[\s>]", re.I)
_PAGE = frozenset("html head body".split())
# What a server's own messages begin with when they are printed in front of a feed.
_MARKUP = frozenset(
    "a b br center div font h1 h2 hr i img link meta p pre script span strong style table".split()
)


def from_root(text: str) -> str:
    """Give a document from its root element on: declarations, comments, a harmless DTD and junk are dropped.

    Raises ReadError for what is empty, no XML or an HTML page, and for a DTD with entities of its own.
    """
    start = _after_prolog(text)
    if start == len(text):
        raise ReadError("an empty document")
    root = _NAME.match(text, start)
    name = root[1].lower() if root else ""
    if name in _PAGE or (_PAGE_START.search(text, 0, start) and not _FEED_ROOT.match(text, start)):
        feed = _WRAPPED.search(text, start)
        if not feed:
            raise ReadError("an HTML page, not a feed")
        start = feed.start()
        name = "feed"
    if not name or name in _MARKUP:
        feed = _FEED_ROOT.search(text, start)
        if not feed:
            is_page = name or _PAGE_START.search(text[:10_000])
            raise ReadError("an HTML page, not a feed" if is_page else "not an XML document")
        start = feed.start()
    return text[start:]


def _after_prolog(text: str) -> int:
    """Pass over white space, declarations, instructions, comments and a DOCTYPE."""
    position = 0
    while True:
        blank = _BLANK.match(text, position)
        position = blank.end() if blank else position
        if text.startswith("<?", position):
            end = _end_of(text, "?>", position)
        elif text.startswith("<!--", position):
            end = _end_of(text, "-->", position)
        elif doctype := _DOCTYPE.match(text, position):
            end = _after_doctype(text, doctype.end())
        else:
            return position
        if end <= position:
            return position
        position = end


def _end_of(text: str, closer: str, position: int) -> int:
    """Give where the closer ends; 0 without one."""
    found = text.find(closer, position)
    return found + len(closer) if found >= 0 else 0


def _after_doctype(text: str, position: int) -> int:
    """Pass over the rest of a DOCTYPE; what it declares is not read, so it may declare no entities."""
    if text[position : position + 1] != "[":
        return _end_of(text, ">", position)
    subset = _SUBSET.match(text[position : position + _LONGEST_SUBSET])
    if not subset or _ENTITY.search(_CHARACTER.sub(_unless_usual, subset[0])):
        raise ReadError("a DTD with its own entities")
    return position + subset.end()


def _unless_usual(entity: re.Match[str]) -> str:
    """Pass over an entity that means just what HTML means by its name: so it is read anyway."""
    name, _, decimal, hexadecimal = entity.groups()
    number = int(decimal) if decimal else int(hexadecimal, 16)
    meant = html.entities.html5.get(f"{name};", "")
    return "" if list(map(ord, meant)) == [number] else entity[0]
