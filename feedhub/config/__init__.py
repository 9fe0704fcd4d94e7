"""config.toml to a Config: every problem at once, each with its line and what was probably meant."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from feedhub.config.problems import Problems
from feedhub.config.tables import read
from feedhub.config.whole import Config, Server, whole
from feedhub.errors import ConfigError

__all__ = ["Config", "Server", "load", "parse"]

_SYNTAX = {  # what tomllib says of the commonest mistakes, in the operator's words
    "Cannot overwrite a value": "a key that stands here already",
    "Invalid value": "a value that is no text in quotes, number, list, table, true or false",
    "Expected newline or end of document after a statement": "more on the line than one key and its value",
    "Expected '=' after a key in a key/value pair": 'a key without "=" after it',
    "Unterminated string": "a text without its closing quotes",
    "Unclosed array": 'a list without its closing "]"',
}


def load(path: Path, environ: Mapping[str, str], *, listening: str = "") -> Config:
    """Read a configuration from its file; `environ` holds its secrets, `listening` is as in `parse`.

    Raises ConfigError, with all problems at once.
    """
    name = path.name or str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError([f"{name}: there is no such file: {path.absolute()}"]) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{name}:{line}: the file is not in UTF-8"]) from None
    except (OSError, ValueError) as error:  # a ValueError: the path itself cannot be one
        cause = error.strerror if isinstance(error, OSError) else error
        raise ConfigError([f"{name}: the file cannot be read: {cause}: {path}"]) from None
    return parse(text, path=path, environ=environ, listening=listening)


def parse(
    text: str, *, path: Path, environ: Mapping[str, str], listening: str = "", stands: str = ""
) -> Config:
    """Read a configuration from its text; `path` is where it stands, which relative paths start from.

    `listening` is the host:port that a program listens at already, whatever the text says: the site's
    address, where the text names none. `stands` is what the file holds, if it is not the text: problems are
    told by its lines.

    Raises ConfigError, with all problems at once.
    """
    problems = Problems()
    raw = _toml(text, path.name)
    try:
        config = whole(read(raw, problems), raw, path, environ, problems, listening=listening)
        told = problems.told(path.name, stands or text) if problems else []
    except RecursionError:
        raise ConfigError([f"{path.name}: nested too deeply"]) from None
    if told:
        raise ConfigError(told)
    return config


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ConfigError([f"{name}: this is not TOML that can be read: nested too deeply"]) from None
    except tomllib.TOMLDecodeError as error:
        words, _, place = str(error).rpartition(" (at ")
        raise ConfigError(
            [f"{name}:{_line(place, text)}: this is not TOML: {_SYNTAX.get(words, words)}"]
        ) from None
    except ValueError:
        raise ConfigError(
            [f"{name}: this is not TOML that can be read: a number of too many digits"]
        ) from None


def _line(place: str, text: str) -> int:
    """Give the line of what tomllib calls "line 3, column 5" or "end of document"."""
    match = re.match(r"line (\d+)", place)
    return int(match[1]) if match else text.rstrip().count("\n") + 1
