"""Answers remembered while an edition is made: every format asks the same of every entry. Pure.

They are forgotten with the edition: texts are large, and a hub runs for months. What is remembered hangs on
the arguments alone, so that it never matters who asks first, in which order, or whether it was forgotten.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache, partial, update_wrapper
from typing import Generic, ParamSpec, TypeVar, cast

from feedhub.model import Edition, Site

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_LAST = 4  # editions: one that is published, what of it is still to be proofed

_forgetting: list[Callable[[], object]] = []


def remembered(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Remember a function's answers until `forget` is called; its arguments must be hashable."""
    cached = lru_cache(maxsize=None)(function)
    _forgetting.append(cached.cache_clear)
    return cast(Callable[Arguments, Answer], cached)


class remembered_of_edition(Generic[Answer]):  # noqa: N801 - it decorates functions
    """Remember what a function said of the editions that this thread asked of last.

    They are known by being the same objects, and held so that no others can be: to hash an edition takes as
    long as to ask.
    """

    def __init__(self, function: Callable[[Edition, Site], Answer]) -> None:
        self._function = function
        # Of each thread its own: a search must not put out what a publishing asks of again and again.
        self._said = ContextVar[tuple[tuple[Edition, Site, Answer], ...]](function.__name__, default=())
        update_wrapper(self, function)
        _forgetting.append(partial(self._said.set, ()))

    def __call__(self, edition: Edition, site: Site) -> Answer:
        """Give what it says, or said."""
        for known, known_site, answer in self._said.get():
            if known is edition and known_site is site:
                return answer
        return self.remember(edition, site, self._function(edition, site))

    def remember(self, edition: Edition, site: Site, answer: Answer) -> Answer:
        """Take this for what the function says of an edition; it must be."""
        self._said.set(((edition, site, answer), *self._said.get()[: _LAST - 1]))
        return answer


def forget() -> None:
    """Forget all answers."""
    for clear in _forgetting:
        clear()
