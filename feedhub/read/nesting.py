"""Formatting around blocks, moved into them. Pure; works on what the sanitizer wrote.

HTML lets `<s><p>Not so.</p></s>` stand, but parsers of HTML 4 end the one where the other begins, and what
was struck out would be told as standing.
"""

import re
from dataclasses import dataclass, field

from feedhub.markup import BLOCKS

_FORMATTING = frozenset({"b", "i", "s", "small", "strike", "tt", "u"})
_BLOCKS = BLOCKS | {"caption", "col", "colgroup"}
_VOID = frozenset({"br", "col", "hr", "img", "source", "wbr"})
_OPENS = re.compile("<(/|[a-z0-9]+)")  # / = an end tag
_TOKEN = re.compile(r"<(/?)([a-z0-9]+)[^>]*>|[^<]+")
_LONGEST_TAG = 40  # characters; it is written anew in each block


def moved_in(cleaned: str) -> str:
    """Give a text in which no formatting stands around blocks."""
    return _Walk().walk(cleaned) if _is_around_blocks(cleaned) else cleaned


def _is_around_blocks(cleaned: str) -> bool:
    around = [""]
    for name in _OPENS.findall(cleaned):
        if name == "/":
            around.pop()
        elif name in _BLOCKS and around[-1] in _FORMATTING:
            return True
        elif name not in _VOID:
            around.append(name)
    return False


@dataclass(slots=True, eq=False)
class _Open:
    """An element that has begun."""

    name: str
    tag: str = ""
    is_written: bool = True
    inside: list["_Open"] = field(default_factory=list)  # formatting that is written directly in it


class _Walk:
    """The state of one pass. Formatting is written where its first words are, and again in each block."""

    def __init__(self) -> None:
        self._open = [_Open("")]
        self._written: list[str] = []

    def walk(self, cleaned: str) -> str:
        """Give the text anew."""
        for token in _TOKEN.finditer(cleaned):
            name = token[2]
            if not name:
                self._text(token[0])
            elif token[1]:
                self._end()
            elif name in _FORMATTING:
                self._format(name, token[0])
            else:
                self._start(name, token[0])
        return "".join(self._written)

    def _format(self, name: str, tag: str) -> None:
        is_within = any(each.name == name for each in self._open)  # that says nothing more
        short = tag if len(tag) <= _LONGEST_TAG else f"<{name}>"
        self._open.append(_Open("" if is_within else name, short, is_written=False))

    def _text(self, text: str) -> None:
        if not text.isspace():
            self._write_formatting()
        self._written.append(text)

    def _start(self, name: str, tag: str) -> None:
        if name in _BLOCKS:
            self._interrupt()
        else:
            self._write_formatting()
        self._written.append(tag)
        if name not in _VOID:
            self._open.append(_Open(name))

    def _end(self) -> None:
        one = self._open.pop()
        self._close(one.inside)
        if one.is_written:
            self._written.append(f"</{one.name}>")
            if one.name in _FORMATTING:
                self._holder().inside.remove(one)

    def _holder(self) -> _Open:
        """Give the innermost element that is no formatting."""
        return next(each for each in reversed(self._open) if each.is_written and each.name not in _FORMATTING)

    def _write_formatting(self) -> None:
        """Write all formatting that is open and was not written, or not in this block."""
        for each in self._open:
            if each.name in _FORMATTING and not each.is_written:
                each.is_written = True
                self._written.append(each.tag)
                self._holder().inside.append(each)

    def _interrupt(self) -> None:
        """End what formatting stands directly around a block that begins."""
        self._close(self._holder().inside)

    def _close(self, formatting: list[_Open]) -> None:
        while formatting:
            one = formatting.pop()
            one.is_written = False
            self._written.append(f"</{one.name}>")
