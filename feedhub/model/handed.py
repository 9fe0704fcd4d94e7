"""How values go from process to process: pickled by the values of their fields, at half the usual cost."""

from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

Kind = TypeVar("Kind", bound=type[Any])


def handed_on(kind: Kind) -> Kind:
    """Have a frozen dataclass with slots pickle the values of its fields, looked up once for the class."""
    first, *others = [field.name for field in fields(kind)]
    values = attrgetter(first, *(others or [first]))  # of a single name it would give no tuple
    setters = [getattr(kind, name).__set__ for name in (first, *others)]

    def getstate(value: Any) -> tuple[Any, ...]:
        given: tuple[Any, ...] = values(value)
        return given

    def setstate(value: Any, given: tuple[Any, ...]) -> None:
        for set_, one in zip(setters, given, strict=False):
            set_(value, one)

    made: Any = kind
    made.__getstate__, made.__setstate__ = getstate, setstate
    return kind
