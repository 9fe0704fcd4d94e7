"""What was made of entries, kept from one publishing to the next. Pure: whoever publishes holds it."""

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Generic, TypeVar

Made = TypeVar("Made")

_MOST = 64_000_000  # characters: of a day of two to five thousand entries


class _Hashed:
    """A key that is hashed once: entries hold long texts."""

    __slots__ = ("_hash", "_key")

    def __init__(self, key: Hashable) -> None:
        self._key = key
        self._hash = hash(key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashed) and self._key == other._key


class Keeping(Generic[Made]):
    """Keeps what was made, each under all that it was made from, for as long as an edition holds it."""

    def __init__(self, weight: Callable[[Made], int], most: int = _MOST) -> None:
        """Begin with nothing: `weight` tells how many characters are held, `most` how many may be."""
        self._weight = weight
        self._most = most
        self._held: dict[Hashable, dict[_Hashed, Made]] = {}  # by edition

    def gather(
        self, edition: Hashable, wanted: Iterable[tuple[Hashable, Callable[[], Made]]]
    ) -> tuple[Made, ...]:
        """Give for an edition what was made from each of these, or make it; what is too much is not kept."""
        there = [self._held.pop(edition, {}), *self._held.values()]
        weighed = {id(made): self._weight(made) for each in there[1:] for made in each.values()}
        left = self._most - sum(weighed.values())
        gathered: list[Made] = []
        mine = self._held[edition] = {}
        for key, make in wanted:
            hashed = _Hashed(key)
            made = mine.get(hashed)
            if made is None:
                made = (
                    next((found for each in there if (found := each.get(hashed)) is not None), None) or make()
                )
                left -= 0 if id(made) in weighed else self._weight(made)
                if left >= 0:
                    mine[hashed] = made
            gathered.append(made)
        return tuple(gathered)

    def keep_only(self, editions: Collection[Hashable]) -> None:
        """Let go of what other editions than these held."""
        self._held = {edition: made for edition, made in self._held.items() if edition in editions}

    def __len__(self) -> int:
        """Count what is kept."""
        return len({id(made) for each in self._held.values() for made in each.values()})
