"""The order in which many are asked: one host's many must not hold up the others."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from feedhub import urls

Asked = TypeVar("Asked")


def in_turns(asked: Iterable[Asked], address: Callable[[Asked], str]) -> list[Asked]:
    """Put what is asked first of each host first, then what is asked second; else as they stood."""
    seen: Counter[str] = Counter()
    turns = []
    for one in asked:
        host = urls.host(address(one))
        turns.append((seen[host], one))
        seen[host] += 1
    return [one for _, one in sorted(turns, key=lambda turn: turn[0])]
