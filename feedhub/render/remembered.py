"""Answers remembered while an edition is made: every format asks the same of every entry. Pure.

They are forgotten with the edition: texts are large, and a hub runs for months.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_forgetting: list[Callable[[], None]] = []


def remembered(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Remember a function's answers until `forget` is called; its arguments must be hashable."""
    cached = lru_cache(maxsize=None)(function)
    _forgetting.append(cached.cache_clear)
    return cast(Callable[Arguments, Answer], cached)


def forget() -> None:
    """Forget all answers."""
    for clear in _forgetting:
        clear()
