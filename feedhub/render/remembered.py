"""Answers remembered while an edition is made: every format asks the same of every entry. Pure.

They are forgotten with the edition: texts are large, and a hub runs for months. What is remembered hangs on
the arguments alone, so that it never matters who asks first, in which order, or whether it was forgotten.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

from feedhub.model import Edition, Site

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_forgetting: list[Callable[[], None]] = []


def remembered(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Remember a function's answers until `forget` is called; its arguments must be hashable."""
    cached = lru_cache(maxsize=None)(function)
    _forgetting.append(cached.cache_clear)
    return cast(Callable[Arguments, Answer], cached)


def remembered_of_edition(
    function: Callable[[Edition, Site], Answer],
) -> Callable[[Edition, Site], Answer]:
    """Remember what a function said of the edition that it was asked of last.

    That one is known by being the same object, and held so that no other can be: to hash an edition takes
    as long as to ask.
    """
    last: list[tuple[Edition, Site, Answer]] = []

    def ask(edition: Edition, site: Site) -> Answer:
        for known, known_site, answer in last[:1]:
            if known is edition and known_site is site:
                return answer
        answer = function(edition, site)
        last[:] = [(edition, site, answer)]
        return answer

    _forgetting.append(last.clear)
    return ask


def forget() -> None:
    """Forget all answers."""
    for clear in _forgetting:
        clear()
