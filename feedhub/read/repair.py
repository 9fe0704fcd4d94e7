"""Bytes of a source to bytes that a strict XML parser can take; what is refused before parsing. Pure.

A document in order costs one pass of expat and is handed on as it stands, from its root element on. Only
where that pass stumbles is anything mended, and the pass repeated.
"""

import html.entities
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from feedhub.errors import ReadError
from feedhub.read.decode import decoded
from feedhub.read.prolog import from_root
from feedhub.read.strict import MOST_ATTRIBUTES, MOST_DEPTH, MOST_ITEMS, Pass, Span

__all__ = ["MOST_ATTRIBUTES", "MOST_DEPTH", "MOST_ITEMS", "Repaired", "is_whole", "repaired"]

_MOST_PREFIXES = 50  # that are declared for a document that forgot to

_OPENERS = re.compile(r"<!\[CDATA\[|<!--|<\?")
_CLOSERS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED_REFERENCE = re.compile(r"&amp;(?:#([0-9]+)|#[xX]([0-9a-fA-F]+)|([A-Za-z][A-Za-z0-9]{0,40}));")
_PREDEFINED = frozenset("amp lt gt quot apos".split())
_NO_TAG = re.compile(r"<(?![A-Za-z_:/\u00c0-\U000effff])")
_ITEM_TAG = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s/>])", re.I)
_LONG_TAG = re.compile(rf"<[A-Za-z_:][^<>]{{{2 * MOST_ATTRIBUTES},}}")
_ROOT_TAG = re.compile(r"<[^\s/>]++((?:[^>\"']|\"[^\"]*\"|'[^']*')*+)>")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):|\s([A-Za-z_][\w.-]{0,40}):[\w.-]{1,40}\s{0,9}=")
# Where a document uses one of these without saying what it is, it can mean nothing else.
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rsl": "https://rslstandard.org/rsl",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xlink": "http://www.w3.org/1999/xlink",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A document from its root element on, in UTF-8, without a declaration or a DTD."""

    body: bytes
    is_strict: bool  # a strict parser takes it; False: only a forgiving one
    encoding: str  # that it came in: a Python codec's name
    items: tuple[Span, ...] = ()  # where they stand; none where that cannot be told
    passing: tuple[Span, ...] = ()  # what its head says anew with each item


def repaired(body: bytes, content_type: str = "") -> Repaired:
    """Mend what a strict XML parser would stumble over; the text of a well-formed document stays as it is.

    Raises ReadError for what is empty, no XML, an HTML page, cut off before its end, built to harm
    (attributes, depth, number of items), or has a DTD with entities of its own.
    """
    text, encoding = decoded(body, content_type)
    document = _from_root(body, text, encoding)
    found = Pass(document)
    for mend in (_without_rest, _mended, _with_prefixes, _without_rest):
        if found.is_strict:
            break
        better = mend(document, found)
        if better is not document:
            document, found = better, Pass(better)
    if not found.is_strict:
        _refuse_unparsed(document.decode())
        return Repaired(body=document, is_strict=False, encoding=encoding)
    return Repaired(
        body=document,
        is_strict=True,
        encoding=encoding,
        items=tuple(found.items),
        passing=tuple(found.passing),
    )


def _from_root(body: bytes, text: str, encoding: str) -> bytes:
    """Give a document from its root element on, in the bytes that it came in where these are its text's."""
    rest = from_root(text)
    if encoding != "utf-8" or "\ufffd" in text:
        return rest.encode("utf-8", "replace")
    before = len(text[: len(text) - len(rest)].encode())
    return body[before + (len(BOM_UTF8) if body.startswith(BOM_UTF8) else 0) :]


_UNBOUND_PREFIX = expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]


def _refuse_unparsed(text: str) -> None:
    """Refuse, of what no strict parser takes, what is cut off or would cost a forgiving one too much."""
    if not is_whole(text):
        raise ReadError("the document ends before its root element does")
    for tag in _LONG_TAG.finditer(text):
        if tag[0].count("=") > MOST_ATTRIBUTES:
            raise ReadError(f"an element has more than {MOST_ATTRIBUTES} attributes")
    if sum(1 for _ in _ITEM_TAG.finditer(text)) > MOST_ITEMS:
        raise ReadError(f"more than {MOST_ITEMS} entries in one document")


def is_whole(text: str) -> bool:
    """Tell whether a document that begins with its root element holds that element's end tag, too."""
    text = text.lower()
    root = re.match(r"<([^\s/<>]{1,100})", text)
    if not root:
        return False
    end_tag = "</" + root[1]
    last = text.rfind(end_tag)
    return last > 0 and bool(re.match(r"\s*>", text[last + len(end_tag) :]))


# ── Mending ──────────────────────────────────────────────────────────────────────────────────────


def _without_rest(document: bytes, found: Pass) -> bytes:
    """Drop what follows the root element."""
    return document[: found.end] if found.end else document


def _mended(document: bytes, _found: Pass) -> bytes:
    """Make references and characters legal; comments and instructions, which nobody reads, are dropped."""
    text = _FORBIDDEN.sub("", document.decode())
    return "".join(piece if is_cdata else _escaped(piece) for piece, is_cdata in _pieces(text)).encode()


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a document into CDATA sections (True) and what stands between them, without comments."""
    position = 0
    endless = set()  # openers that no closer follows: to look again each time would cost the square
    for opener in _OPENERS.finditer(text):
        if opener.start() < position or opener[0] in endless:
            continue
        closer = _CLOSERS[opener[0]]
        end = text.find(closer, opener.end())
        if end < 0:
            endless.add(opener[0])
            continue
        yield text[position : opener.start()], False
        position = end + len(closer)
        if opener[0] == "<![CDATA[":
            yield text[opener.start() : position], True
    yield text[position:], False


def _escaped(piece: str) -> str:
    if "&" in piece:
        # A document of nothing but lone ampersands must not cost a match object each.
        piece = _ESCAPED_REFERENCE.sub(_reference, piece.replace("&", "&amp;"))
    return _NO_TAG.sub("&lt;", piece).replace("]]>", "]]&gt;")


def _reference(match: re.Match[str]) -> str:
    """Give an entity or character reference whose & was escaped as XML without a DTD has it."""
    decimal, hexadecimal, name = match.groups()
    if decimal or hexadecimal:
        digits = (decimal or hexadecimal).lstrip("0")
        number = int(digits, 10 if decimal else 16) if 0 < len(digits) < 8 else 0
        is_legal = 0 < number < 0x110000 and not _FORBIDDEN.match(chr(number))
        return f"&#{number};" if is_legal else ""
    if name in _PREDEFINED:
        return f"&{name};"
    meant = html.entities.html5.get(f"{name};")
    return match[0] if meant is None else html.escape(meant)


def _with_prefixes(document: bytes, found: Pass) -> bytes:
    """Declare on the root element the namespace prefixes that it does not declare."""
    if found.code != _UNBOUND_PREFIX:
        return document
    text = document.decode()
    root = _ROOT_TAG.match(text)
    if not root:
        return document
    used = {a or b for piece, is_cdata in _pieces(text) if not is_cdata for a, b in _PREFIX.findall(piece)}
    declared = set(re.findall(r"xmlns:([\w.-]+)", root[1])) | {"xml", "xmlns"}
    missing = sorted(used - declared)[:_MOST_PREFIXES]
    added = "".join(f' xmlns:{each}="{NAMESPACES.get(each, "urn:undeclared:" + each)}"' for each in missing)
    return (text[: root.start(1)] + added + text[root.start(1) :]).encode()
