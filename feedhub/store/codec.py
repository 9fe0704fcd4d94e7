"""Our frozen values to JSON and back, by their type hints; what has its default is left out. Pure."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
Convert = Callable[[Any], Any]
_Written = tuple[str, Any, Convert]  # a field's name, its default, how it is written
_MICROSECOND = timedelta(microseconds=1)
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def encode(value: object) -> str:
    """Write a value of one of the model's types as JSON, the same for equal values."""
    return _json(written(value))


def written(value: object) -> dict[str, Any]:
    """Give a value of one of the model's types as JSON objects would have it."""
    fields_: dict[str, Any] = _writer(type(value))(value)
    return fields_


def json_of(fields_: Mapping[str, Any]) -> str:
    """Write what `written` gave as JSON."""
    return _json(fields_)


def decode(kind: type[Value], text: str) -> Value:
    """Read what `encode` wrote; what has been added to the type since has its default."""
    value: Value = _reader(kind)(json.loads(text))
    return value


def encode_all(values: Iterable[object]) -> str:
    """Write several values as a JSON list."""
    return "[" + ",".join(map(encode, values)) + "]"


def decode_all(kind: type[Value], text: str) -> tuple[Value, ...]:
    """Read what `encode_all` wrote of values of one type."""
    return tuple(map(_reader(kind), json.loads(text)))


def _writer(kind: Any) -> Convert:
    return _converters(kind)[0]


def _reader(kind: Any) -> Convert:
    return _converters(kind)[1]


@cache
def _converters(kind: Any) -> tuple[Convert, Convert]:
    """Give a writer and a reader for a type: dataclass, tuple, optional, time, or what JSON has itself."""
    if is_dataclass(kind):
        return _of_dataclass(kind)
    if kind is datetime:
        return datetime.isoformat, datetime.fromisoformat
    if kind is timedelta:
        return (lambda span: span // _MICROSECOND), (lambda count: count * _MICROSECOND)
    if kind in (str, int, float, bool) or get_origin(kind) is Literal:
        return _same, _same
    match get_origin(kind), get_args(kind):
        case (origin, (inner, outer)) if origin in (Union, UnionType) and outer is NoneType:
            write, read = _converters(inner)
            return _optional(write), _optional(read)
        case (origin, (item, rest)) if origin is tuple and rest is Ellipsis:
            write, read = _converters(item)
            return (lambda values: list(map(write, values))), (lambda values: tuple(map(read, values)))
        case (origin, items) if origin is tuple:
            writes, reads = zip(*map(_converters, items), strict=True)
            return (
                lambda values: [write(value) for write, value in zip(writes, values, strict=True)],
                lambda values: tuple(read(value) for read, value in zip(reads, values, strict=True)),
            )
    raise TypeError(f"{kind} has no form in the store")


def _same(value: Any) -> Any:
    return value


def _optional(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _of_dataclass(kind: Any) -> tuple[Convert, Convert]:
    plans: list[tuple[list[_Written], dict[str, Convert]]] = []

    def plan() -> tuple[list[_Written], dict[str, Convert]]:
        # Not before it is needed: a type may hold itself.
        if not plans:
            hints = get_type_hints(kind)
            both = {field.name: _converters(hints[field.name]) for field in fields(kind)}
            written = [(field.name, _default(field), both[field.name][0]) for field in fields(kind)]
            plans.append((written, {name: read for name, (_, read) in both.items()}))
        return plans[0]

    def write(value: Any) -> dict[str, Any]:
        return {
            name: given if convert is _same else convert(given)
            for name, default, convert in (plans[0] if plans else plan())[0]
            if (given := getattr(value, name)) is not default and given != default
        }

    def read(written: dict[str, Any]) -> Any:
        known = (plans[0] if plans else plan())[1]
        return kind(
            **{
                name: given if (convert := known[name]) is _same else convert(given)
                for name, given in written.items()
                if name in known
            }
        )

    return write, read


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()
