"""How problems are worded: values in quotes, keys as paths, and what was probably meant. Pure."""

import difflib
import re
from collections.abc import Iterable

Key = tuple[str | int, ...]  # ("sources", 0, "url"): where a value stands in config.toml

_BARE = re.compile(r"[A-Za-z0-9_-]+")  # what TOML takes as a key without quotes
_LONGEST = 60


def quoted(text: str) -> str:
    """Put a text in quotes, on one line, shortened if it is long."""
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    shown = (char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
    return '"' + "".join(shown).replace('"', '\\"') + '"'


def listed(texts: Iterable[str]) -> str:
    """Name a choice: `"a", "b" or "c"`."""
    *most, last = [quoted(text) for text in texts]
    return f"{', '.join(most)} or {last}" if most else last


def path(key: Key) -> str:
    """Write a key as a person would: `sources[2].url` is the URL of the second source."""
    shown = ""
    for part in key:
        if isinstance(part, int):
            shown += f"[{part + 1}]"
        else:
            shown += ("." if shown else "") + (part if _BARE.fullmatch(part) else quoted(part))
    return shown


def meant(word: str, allowed: Iterable[str]) -> str:
    """Suggest the allowed word that is nearest to one that is not: `; did you mean "…"?`, or ""."""
    by_fold = {option.casefold(): option for option in allowed}
    near = difflib.get_close_matches(word.casefold(), by_fold, n=1)
    return f"; did you mean {quoted(by_fold[near[0]])}?" if near else ""
