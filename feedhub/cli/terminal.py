"""What may be printed where a terminal may show it, now or later, in whatever encoding it has."""

import codecs
import io
import json
import sys
from contextlib import suppress

import click

_ESCAPED = "feedhub-escaped"


def escape_unwritable() -> None:
    r"""Have what the output's encoding lacks printed as JSON writes it, `\u0561`, instead of ending all."""
    codecs.register_error(_ESCAPED, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ESCAPED)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def printable(text: str) -> str:
    """Leave out what a terminal would obey instead of show; lines stay lines."""
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)


def counted(count: int, one: str, many: str = "") -> str:
    """Write a number with its noun, "1 source" or "2 sources"; `many` where that is not `one` with an s."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def aside(text: str) -> None:
    """Print lines on stderr, beside the work that they tell of: it goes on though they cannot be written."""
    with suppress(OSError):
        click.echo(printable(text), err=True)
