"""The problems of a configuration, collected by the key where each one stands. Pure."""

from collections.abc import Iterator
from contextlib import contextmanager

from feedhub.config.lines import lines, nearest
from feedhub.config.words import Key, path


class Problems:
    """What is wrong, by key; the first problem of a key stands, and hides those of what is inside it."""

    def __init__(self) -> None:
        self._found: dict[Key, str] = {}
        self._around: set[Key] = set()  # the keys found, and those that they are inside of

    def __bool__(self) -> bool:
        return bool(self._found)

    def __contains__(self, key: Key) -> bool:
        return any(key[:length] in self._found for length in range(1, len(key) + 1))

    def has_inside(self, key: Key) -> bool:
        """Tell whether something is wrong with what stands at a key or inside it."""
        return key in self._around

    def add(self, key: Key, words: str) -> None:
        """Note what is wrong at a key."""
        if key not in self:
            self._found[key] = words
            self._around.update(key[:length] for length in range(1, len(key) + 1))

    @contextmanager
    def at(self, *key: str | int) -> Iterator[None]:
        """Note a ValueError as what is wrong at a key, and go on after the block."""
        try:
            yield
        except ValueError as error:
            self.add(key, str(error))

    def told(self, document: str, text: str) -> list[str]:
        """Write `document:LINE: key: what is wrong`, one line for each problem, in the order of the text."""
        where = lines(text)
        found = sorted((nearest(key, where), number, key) for number, key in enumerate(self._found))
        return [f"{document}:{line}: {path(key)}: {self._found[key]}" for line, _, key in found]
