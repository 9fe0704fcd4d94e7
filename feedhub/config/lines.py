"""Where each key of a TOML document stands. Pure.

No TOML parser tells lines. So the text is cut into its statements, each of which `tomllib` takes standing
alone, and the headers of tables are followed.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from feedhub.config.words import Key

_TOKENS = re.compile(
    r'''
    """ (?: [^"\\]+ | \\. | "(?!"") )*+ "{3,5}
    | \'{3} (?: [^']+ | '(?!\'\') )*+ \'{3,5}
    | " (?: [^"\\\n]+ | \\. )*+ "
    | ' [^'\n]* '
    | \# [^\n]*
    | [\[{\]}\n]
    ''',
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A header, a key with its value, a comment or a blank line."""

    line: int  # its first, counted from 1
    text: str  # with its line ends, all of them \n
    table: Key  # the one that it stands in, or that it begins
    parsed: Mapping[str, Any]  # what it says, standing alone

    @property
    def is_header(self) -> bool:
        """Tell whether it begins a table."""
        return self.text.lstrip().startswith("[")


def lines(text: str) -> dict[Key, int]:
    """Give the line, counted from 1, on which each key and each element of a list first stands.

    The text must be a TOML document that `tomllib` takes as a whole.
    """
    found: dict[Key, int] = {}
    for statement in statements(text):
        table, line = statement.table, statement.line
        if statement.is_header:
            for length in range(1, len(table) + 1):
                found.setdefault(table[:length], line)
        else:
            for key, element, start in _elements(statement.parsed, statement.text, line):
                _record(element, table + key, start, found)
            _record(statement.parsed, table, line, found)
    return found


def statements(text: str) -> Iterator[Statement]:
    """Give the statements of a document, in its order; together they are all of its lines.

    The text must be a TOML document that `tomllib` takes as a whole.
    """
    tables: dict[Key, int] = {}  # arrays of tables, with how many of each have begun
    table: Key = ()
    for line, written in _cut(text):
        statement = Statement(line=line, text=written, table=table, parsed=tomllib.loads(written))
        if statement.is_header:
            table = _enter(statement.parsed, tables)
            statement = replace(statement, table=table)
        yield statement


def nearest(key: Key, found: Mapping[Key, int]) -> int:
    """Give the line of a key, or of the nearest table around it if the key is not written at all."""
    for length in range(len(key), 0, -1):
        if key[:length] in found:
            return found[key[:length]]
    return 1


def _cut(text: str) -> Iterator[tuple[int, str]]:
    """Cut a document into its statements, each with its first line."""
    text = text.replace("\r\n", "\n") + "\n"
    begun, line = 0, 1
    for end, depth in _line_ends(text):
        if depth == 0:
            yield line, text[begun:end]
            line += text.count("\n", begun, end)
            begun = end


def _line_ends(text: str) -> Iterator[tuple[int, int]]:
    """Give where each line ends that no text in quotes goes on over, and how many brackets are open there."""
    depth = 0
    for token in _TOKENS.finditer(text):
        match token[0]:
            case "\n":
                yield token.end(), depth
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1


def _enter(header: Any, tables: dict[Key, int]) -> Key:
    """Give the key of the table that a header, parsed alone, begins."""
    key: Key = ()
    while header:
        if isinstance(header, list):
            tables[key] = tables.get(key, 0) + 1
            return (*key, tables[key] - 1)
        (name, header), *_ = header.items()
        key = (*_resolved(key, tables), name)
    return _resolved(key, tables)


def _resolved(key: Key, tables: Mapping[Key, int]) -> Key:
    """Go to the last element so far, if a key is that of an array of tables."""
    return (*key, tables[key] - 1) if key in tables else key


def _elements(parsed: Mapping[str, Any], statement: str, line: int) -> Iterator[tuple[Key, Any, int]]:
    """Give the elements of a list that is written over several lines, and the line where each begins."""
    key, value = _descended(parsed)
    if not isinstance(value, list):
        return
    begun, known = 0, 0
    for end, depth in _line_ends(statement):
        if depth > 1:
            continue  # in the midst of an element
        written = statement[begun:end]
        # What goes on with a list is one by itself, so that no line is read twice.
        opened = "x = [" + written.lstrip().removeprefix(",") if begun else written
        count = known + len(_descended(tomllib.loads(opened + "]" * depth))[1])
        for index in range(known, count):
            yield (*key, index), value[index], line
        begun, known, line = end, count, line + written.count("\n")


def _descended(value: Any) -> tuple[Key, Any]:
    """Follow a dotted key to its value."""
    key: Key = ()
    while isinstance(value, Mapping) and len(value) == 1:
        ((name, value),) = value.items()
        key = (*key, name)
    return key, value


def _record(value: Any, key: Key, line: int, found: dict[Key, int]) -> None:
    """Note a line for a value and all that stands in it, unless a line is noted already."""
    if key:
        found.setdefault(key, line)
    inside = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for part, child in inside:
        _record(child, (*key, part), line, found)
