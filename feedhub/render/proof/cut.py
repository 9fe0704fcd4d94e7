"""Finished bytes cut where their entries begin and end; not at all where there is any doubt. Pure."""

import json
import pyexpat
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from lxml import etree

from feedhub.render.proof.deeds import deeds

_ROOT = re.compile(rb"<(?:rss|feed)[^<>]*>")
_BEGINNING, _END = b'<article class="h-entry', b"</article>"
_PARSER = etree.HTMLParser(encoding="utf-8")
_MARK = "feedhub "
_IN_ENTRIES = etree.XPath("boolean(//*[contains(concat(' ', @class, ' '), ' h-entry ')]//comment())")


class Cut(Protocol):
    """A document in pieces."""

    pieces: Sequence[bytes]  # the entries, in the document's order
    frame: bytes  # what gives the names in them their meaning

    def without(self, known: Collection[int]) -> bytes | None:
        """Give the document as it were without these entries; None where that is in doubt."""

    def named(self, pictures: Mapping[str, str]) -> Iterator[tuple[bytes, str]]:
        """Give each piece that surely is one entry and no more, with its published id.

        The document must be right. `pictures` has the ids of its edition's entries, in their order, and which
        picture each may show on a page; "" = none.
        """


def cut(format: str, document: bytes) -> Cut | None:  # noqa: A002
    """Cut a document; None where it is not written as ours are."""
    match format:
        case "rss":
            return _xml(document, b"item", re.compile(rb"\s*</channel>\s*</rss>\s*"))
        case "atom":
            return _xml(document, b"entry", re.compile(rb"\s*</feed>\s*"))
        case "json":
            return _json(document)
    return _Page(document)


class _List:
    """A document whose entries stand one behind the other, in the edition's order."""

    def __init__(
        self, head: bytes, pieces: Sequence[bytes], tail: bytes, *, separator: bytes, frame: bytes
    ) -> None:
        self.pieces = pieces
        self.frame = frame
        self._head, self._tail, self._separator = head, tail, separator

    def without(self, known: Collection[int]) -> bytes | None:
        left = (piece for number, piece in enumerate(self.pieces) if number not in known)
        return self._head + self._separator.join(left) + self._tail

    def named(self, pictures: Mapping[str, str]) -> Iterator[tuple[bytes, str]]:
        if len(pictures) == len(self.pieces):
            yield from zip(self.pieces, pictures, strict=True)


# ── XML ───────────────────────────────────────────────────────────────────────────────────────────


def _xml(document: bytes, name: bytes, tail: re.Pattern[bytes]) -> _List | None:
    """Cut at the end tags of the entries.

    In a document that is well formed and holds no comment, no CDATA and no instruction, each < begins a
    tag. Behind the last entry nothing else ends but what holds them all: so they all are its children.
    """
    root = _ROOT.search(document)
    if root is None or b"<!" in document or document.count(b"<?") != 1 or not _is_well_formed(document):
        return None
    openings, end = (b"<" + name + b">", b"<" + name + b" "), b"</" + name + b">"
    *pieces, behind = document.split(end)
    if not tail.fullmatch(behind) or not pieces:
        return None
    begins = min((at for at in map(pieces[0].find, openings) if at >= 0), default=-1)
    head, pieces[0] = pieces[0][: max(begins, 0)], pieces[0][begins:]
    pieces = [piece.strip() + end for piece in pieces]
    if begins < 0 or not all(
        piece.startswith(openings) and sum(map(piece.count, openings)) == 1 for piece in pieces
    ):
        return None
    return _List(head, pieces, behind, separator=b"", frame=root[0])


def _is_well_formed(document: bytes) -> bool:
    try:
        pyexpat.ParserCreate(namespace_separator=" ").Parse(document, True)
    except (pyexpat.ExpatError, ValueError):
        return False
    return True


# ── JSON ──────────────────────────────────────────────────────────────────────────────────────────


class _Lines(_List):
    def named(self, pictures: Mapping[str, str]) -> Iterator[tuple[bytes, str]]:
        for piece, name in super().named(pictures):
            try:
                item = json.loads(piece)
            except (ValueError, RecursionError):
                continue
            if isinstance(item, dict) and item.get("id") == name:
                yield piece, name


def _json(document: bytes) -> _List | None:
    """Cut at the line breaks: none can stand within a text."""
    head, *pieces = document.split(b"\n")
    if not head.endswith(b'"items": [') or pieces[-2:] != [b"]}", b""]:
        return None
    del pieces[-2:]
    if not all(piece.endswith(b",") for piece in pieces[:-1]):
        return None
    pieces = [piece[:-1] for piece in pieces[:-1]] + pieces[-1:]
    return _Lines(head + b"\n", pieces, b"\n]}\n", separator=b",\n", frame=b"")


# ── The page ──────────────────────────────────────────────────────────────────────────────────────


class _Page:
    """A page, whose entries stand where its template has put them.

    What is left out leaves a comment there. It must be found again as one, so that no entry is left out
    that would not have been read as an entry.
    """

    frame: bytes = b""
    pieces: Sequence[bytes]

    def __init__(self, document: bytes) -> None:
        self._document = document
        self._spans = list(_spans(document))
        self.pieces = [document[start:end] for start, end in self._spans]

    def without(self, known: Collection[int]) -> bytes | None:
        marks = [_mark("known", number) for number in sorted(known)]
        rest = self._marked([_mark("known", n) if n in known else p for n, p in enumerate(self.pieces)])
        root = _tree(rest)
        if root is None or _IN_ENTRIES(root):
            return None
        found = [b"<!--%s-->" % (each.text or "").encode() for each in root.iter(etree.Comment)]
        return rest if [each for each in found if _MARK.encode() in each] == marks else None

    def named(self, pictures: Mapping[str, str]) -> Iterator[tuple[bytes, str]]:
        root = _tree(
            self._marked([_mark("begin", n) + each + _mark("end", n) for n, each in enumerate(self.pieces)])
        )
        if root is None or f"<!--{_MARK}begin".encode() in self._document:
            return
        for begin in root.iter(etree.Comment):
            entry = _between(begin)
            if entry is None:
                continue
            uids = [each.get("value") for each in entry.iter("data") if each.get("class") == "u-uid"]
            picture = pictures.get(uids[0] or "") if len(uids) == 1 else None
            done = deeds(entry.iter("*"))
            if picture is not None and not done.ids and {picture}.issuperset(done.elsewhere):
                yield self.pieces[_number(begin)], uids[0] or ""

    def _marked(self, pieces: Sequence[bytes]) -> bytes:
        """Put other pieces in the place of the entries."""
        written, behind = [], 0
        for (start, end), piece in zip(self._spans, pieces, strict=True):
            written += [self._document[behind:start], piece]
            behind = end
        return b"".join([*written, self._document[behind:]])


def _spans(document: bytes) -> Iterator[tuple[int, int]]:
    """Find where each entry begins and ends, by searching alone: a page is long."""
    end = 0
    while (start := document.find(_BEGINNING, end)) >= 0 and (found := document.find(_END, start)) >= 0:
        end = found + len(_END)
        yield start, end


def _mark(kind: str, number: int) -> bytes:
    return f"<!--{_MARK}{kind} {number}-->".encode()


def _number(mark: etree._Element) -> int:
    return int((mark.text or "").rpartition(" ")[2])


def _between(begin: etree._Element) -> etree._Element | None:
    """Give the one element that stands between a mark and its end."""
    if not (begin.text or "").startswith(f"{_MARK}begin ") or begin.tail:
        return None
    entry = begin.getnext()
    end = None if entry is None or entry.tail else entry.getnext()
    is_end = end is not None and end.text == (begin.text or "").replace("begin", "end", 1)
    return entry if is_end else None


def _tree(document: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(document, _PARSER)
    except etree.XMLSyntaxError:
        return None
