"""Pieces put into and taken out of config.toml: its [[sources]]. Pure; the one user of tomlkit.

tomlkit writes what is new, and changes a single statement. It is never given the whole document: it counts
what stands between two tables, such as the heading of the next chapter, to the one above.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any

import tomlkit

from feedhub.config.lines import Statement, statements
from feedhub.config.words import Key

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Splices:
    """A document and one change to it; lines are counted from 0."""

    def __init__(self, text: str) -> None:
        """Take a TOML document that `tomllib` takes."""
        self.tables: list[dict[str, Any]] = tomllib.loads(text).get("sources", [])  # before the change
        self._lines = _LINE.findall(text)
        self._end = "\r\n" if "\r\n" in text else "\n"
        self._statements = list(statements(text))

    @property
    def text(self) -> str:
        """Give the document as it is now."""
        return "".join(self._lines)

    def append(self, tables: Sequence[Mapping[str, Any]]) -> None:
        """Put sources after the last one, or at the end if there is none."""
        if listed := self._listed():
            document = self._document(listed)
            for table in tables:
                document["sources"].append(_inline(table))
            self._put(listed, document)
            return
        ends = [last for _, last in self._blocks(("sources",))]
        below = self._below_comments(max(ends)) if ends else len(self._lines)
        written = "\n".join(_written(table) for table in tables)
        if below and not self._is_blank(below - 1):
            written = "\n" + written
        if below < len(self._lines) and not self._is_blank(below):
            written += "\n"
        self._insert(below, written)

    def remove(self, number: int) -> None:
        """Take the tables of a source out."""
        if listed := self._listed():
            document = self._document(listed)
            del document["sources"][number]
            self._put(listed, document)
            return
        for first, last in reversed([*self._blocks(("sources", number))]):
            # Where it stood between blank lines, those on one side are left.
            spare = int(min(self._blanks(first - 1, -1), self._blanks(last + 1, 1), len(self._lines)))
            if first:
                del self._lines[max(0, first - spare) : last + 1]
            else:
                del self._lines[: last + 1 + spare]

    def set_paused(self, number: int, paused: bool) -> dict[str, Any]:
        """Pause a source, or let it go on; gives what its table says then."""
        table = self.tables[number]
        if table.get("paused", False) is paused:
            return table
        if listed := self._listed():
            document = self._document(listed)
            document["sources"][number]["paused"] = paused
            self._put(listed, document)
            return table | {"paused": paused}
        self._set_pause(("sources", number), paused)
        found: list[dict[str, Any]] = tomllib.loads(self.text)["sources"]
        return table | {"paused": paused} if "paused" in found[number] else _without_pause(table)

    def _set_pause(self, key: Key, paused: bool) -> None:
        inside = [one for one in self._statements if one.table == key and one.parsed]
        said = next((one for one in inside if not one.is_header and "paused" in one.parsed), None)
        if said is None:
            first, last = _place(inside[-1])
            self._insert(last + 1, _aligned("paused", "true", self._lines[first]) + "\n")
        elif not paused and "#" not in said.text:
            del self._lines[_place(said)[0]]
        else:
            document = self._document(said)
            document["paused"] = paused
            self._put(said, document)

    # ── Lines and statements ──

    def _listed(self) -> Statement | None:
        """Give the statement `sources = […]`, if the sources are written so."""
        at_top = (one for one in self._statements if not one.table and not one.is_header)
        return next((one for one in at_top if "sources" in one.parsed), None)

    def _blocks(self, key: Key) -> Iterator[tuple[int, int]]:
        """Give the lines of each run of tables at or inside a key: to the last line that says a thing."""
        first = last = -1
        for one in self._statements:
            if one.is_header and one.table[: len(key)] != key:
                if first >= 0:
                    yield first, last
                first = -1
            elif one.is_header and first < 0:
                first, last = _place(one)
            elif one.parsed and first >= 0:
                last = _place(one)[1]
        if first >= 0:
            yield first, last

    def _below_comments(self, last: int) -> int:
        """Give the line below a table and the comments right under it, unless those head what follows."""
        below = last + 1
        while below < len(self._lines) and self._lines[below].lstrip().startswith("#"):
            below += 1
        return below if below == len(self._lines) or self._is_blank(below) else last + 1

    def _is_blank(self, line: int) -> bool:
        return not self._lines[line].strip()

    def _blanks(self, line: int, step: int) -> float:
        """Count blank lines from one on; beyond the ends of the document there are any number."""
        count = 0
        while 0 <= line < len(self._lines) and self._is_blank(line):
            count, line = count + 1, line + step
        return count if 0 <= line < len(self._lines) else inf

    def _insert(self, line: int, written: str) -> None:
        if line and not self._lines[line - 1].endswith("\n"):
            self._lines[line - 1] += self._end
        self._lines[line:line] = _LINE.findall(written.replace("\n", self._end))

    def _document(self, statement: Statement) -> tomlkit.TOMLDocument:
        first, last = _place(statement)
        return tomlkit.parse("".join(self._lines[first : last + 1]))

    def _put(self, statement: Statement, document: tomlkit.TOMLDocument) -> None:
        first, last = _place(statement)
        self._lines[first : last + 1] = _LINE.findall(tomlkit.dumps(document))


def _place(statement: Statement) -> tuple[int, int]:
    """Give the first and the last line of a statement."""
    first = statement.line - 1
    return first, first + statement.text.count("\n") - 1


def _written(table: Mapping[str, Any]) -> str:
    return "[[sources]]\n" + tomlkit.dumps(table)


def _inline(table: Mapping[str, Any]) -> tomlkit.items.InlineTable:
    inline = tomlkit.inline_table()
    inline.update(table)
    return inline


def _without_pause(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key != "paused"}


def _aligned(key: str, value: str, beside: str) -> str:
    """Write a key and its value with the "=" below that of the line above."""
    above = re.match(r"(\s*)[A-Za-z0-9_-]+\s*(?==)", beside)
    width = len(above[0]) if above else 0
    start = (above[1] if above else "") + key
    return f"{start:<{width}}= {value}" if width > len(start) else f"{start} = {value}"
