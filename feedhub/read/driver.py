"""A SAX driver that hands over the text of an element in one piece, and names that it takes apart once. Pure.

The standard library's hands over each line and each entity by itself: six pieces for one, each of which
costs feedparser a call. `xml.sax.make_parser` finds this module by its name.
"""

from collections.abc import Mapping
from functools import lru_cache
from xml.sax.expatreader import ExpatParser
from xml.sax.xmlreader import AttributesNSImpl

_Name = tuple[str | None, str]  # namespace, local
_NO_ATTRIBUTES = AttributesNSImpl({}, {})


class _Driver(ExpatParser):
    def reset(self) -> None:
        """Begin a document."""
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined]  # its stub knows no parser

    def start_element_ns(self, name: str, attrs: Mapping[str, str]) -> None:
        """Hand over a start tag."""
        given = _NO_ATTRIBUTES
        if attrs:
            taken = [(*_taken_apart(attribute), value) for attribute, value in attrs.items()]
            given = AttributesNSImpl(
                {pair: value for pair, _, value in taken},
                # Without a namespace both names are one, and feedparser would note it twice.
                {pair: qname for pair, qname, _ in taken if pair[0]},
            )
        self._cont_handler.startElementNS(_taken_apart(name)[0], None, given)  # type: ignore[attr-defined]

    def end_element_ns(self, name: str) -> None:
        """Hand over an end tag."""
        self._cont_handler.endElementNS(_taken_apart(name)[0], None)  # type: ignore[attr-defined]


@lru_cache(maxsize=1000)
def _taken_apart(name: str) -> tuple[_Name, str]:
    """Give a name, and as it stands in the document, of what expat says: "uri local prefix"."""
    match name.split():
        case [local]:
            return (None, local), local
        case [space, local, prefix]:
            return (space, local), f"{prefix}:{local}"
        case words:
            return (words[0], words[-1]), words[1]


def create_parser() -> ExpatParser:
    """Give a parser, as `xml.sax` asks for one."""
    return _Driver()
