"""One pass of the strict parser: is a document well formed, may it be read, where are its items. Pure."""

from collections.abc import Sequence
from xml.parsers import expat

from feedhub.errors import ReadError

MOST_ATTRIBUTES = 1000  # of one element
MOST_DEPTH = 256
MOST_ITEMS = 10_000  # of one document; the largest that was seen in the wild had 821

Span = tuple[int, int]  # the bytes from here up to there

_ENDINGS = ("item", "Item", "entry")
_ITEMS = frozenset(_ENDINGS)
# What a head says anew with each item, and nothing else of the document depends on.
_PASSING = frozenset(
    "lastBuildDate pubDate pubdate published updated modified date items totalResults".split()
)


def without(document: bytes, spans: Sequence[Span]) -> list[bytes]:
    """Give what stands before, between and behind spans, which are in order and do not overlap."""
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    return [document[end:start] for end, start in zip([0, *ends], [*starts, len(document)], strict=True)]


class Pass:
    """What expat says of a document; raises ReadError for what is built to harm.

    `is_strict`: it is well formed; else `code` is the error's, and `end` is where the root ended, 0 if the
    error came before. `items` are the spans of its items, none where one stands in another or they are not
    all equally deep; `passing` is what its head says anew with each item: dates, and comments.
    """

    def __init__(self, document: bytes) -> None:
        self.is_strict = False
        self.code = 0
        self.end = 0
        self.items: list[Span] = []
        self.passing: list[Span] = []
        self._document = document
        self._depth = 0
        self._count = 0
        self._end_tag = -1
        self._depths: set[int] = set()  # of the items
        self._item = self._date = 0  # how deep what is open is; 0 = none is
        self._begun = 0
        # A namespace separator makes expat check prefixes, as the parser that comes after does.
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._stop
        self._parser.CommentHandler = self._comment
        try:
            self._parser.Parse(document, True)
        except expat.ExpatError as error:
            self.code = error.code
        else:
            self.is_strict = True
        finally:
            del self._parser  # it holds methods of ours: neither would go by itself
        if self.code and self._end_tag >= 0:
            self.end = self._after(b">", self._end_tag)
        if len(self._depths) != 1:
            self.items.clear()

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        if name.endswith(_ENDINGS):
            self._count += 1
            if self._count > MOST_ITEMS:
                raise ReadError(f"more than {MOST_ITEMS} entries in one document")
            if name.rpartition(" ")[2] in _ITEMS:
                self._begin()
        elif not self._item and not self._date and name.rpartition(" ")[2] in _PASSING:
            self._date, self._begun = self._depth, self._parser.CurrentByteIndex
        if self._depth > MOST_DEPTH:
            raise ReadError(f"elements are nested more than {MOST_DEPTH} deep")
        if len(attributes) > 2 * MOST_ATTRIBUTES:
            raise ReadError(f"an element has more than {MOST_ATTRIBUTES} attributes")

    def _begin(self) -> None:
        """Begin an item; one that stands in another makes all of them unfit to be told apart."""
        self._depths.add(0 if self._item else self._depth)
        if not self._item:
            self._item, self._date, self._begun = self._depth, 0, self._parser.CurrentByteIndex

    def _stop(self, _name: str) -> None:
        if self._depth == self._item:
            self._item = 0
            self.items.append(self._span())
        elif self._depth == self._date:
            self._date = 0
            self.passing.append(self._span())
        self._depth -= 1
        if not self._depth:
            self._end_tag = self._parser.CurrentByteIndex

    def _span(self) -> Span:
        index = self._parser.CurrentByteIndex
        if not self._document.startswith(b"</", index):
            return self._begun, index  # an empty tag: what expat tells is where it ends
        return self._begun, self._after(b">", index)

    def _comment(self, _text: str) -> None:
        if not self._item and not self._date:
            index = self._parser.CurrentByteIndex
            self.passing.append((index, self._after(b"-->", index)))

    def _after(self, mark: bytes, position: int) -> int:
        return self._document.find(mark, position) + len(mark)
