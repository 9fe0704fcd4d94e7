"""Our frozen values to JSON and back, by their type hints; what has its default is left out. Pure."""

import json
from collections.abc import Callable, Hashable
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
Convert = Callable[[Any], Any]


def encode(value: object) -> str:
    """Write a value of one of the model's types as JSON, the same for equal values."""
    writer, _ = _converters(cast(Hashable, type(value)))
    return json.dumps(writer(value), ensure_ascii=False, separators=(",", ":"))


def decode(kind: type[Value], text: str) -> Value:
    """Read what `encode` wrote; what has been added to the type since has its default."""
    _, reader = _converters(cast(Hashable, kind))
    value: Value = reader(json.loads(text))
    return value


def encode_all(values: tuple[object, ...]) -> str:
    """Write several values of one type as a JSON list."""
    return "[" + ",".join(map(encode, values)) + "]"


def decode_all(kind: type[Value], text: str) -> tuple[Value, ...]:
    """Read what `encode_all` wrote."""
    _, reader = _converters(cast(Hashable, kind))
    return tuple(map(reader, json.loads(text)))


@cache
def _converters(kind: Hashable) -> tuple[Convert, Convert]:
    """Give a writer and a reader for a type: dataclass, tuple, optional, time, or what JSON has itself."""
    if is_dataclass(kind):
        return _of_dataclass(cast(type, kind))
    if kind is datetime:
        return datetime.isoformat, datetime.fromisoformat
    if kind is timedelta:
        return timedelta.total_seconds, lambda seconds: timedelta(seconds=seconds)
    match get_origin(kind), get_args(kind):
        case (origin, arguments) if origin in (Union, UnionType):
            (inner,) = (argument for argument in arguments if argument is not NoneType)
            write, read = _converters(inner)
            return _optional(write), _optional(read)
        case (origin, (item, *rest)) if origin is tuple and rest in ([], [Ellipsis]):
            write, read = _converters(item)
            return (lambda values: list(map(write, values))), (lambda values: tuple(map(read, values)))
        case (origin, arguments) if origin is tuple:
            pairs = [_converters(argument) for argument in arguments]
            return (
                lambda values: [pair[0](value) for pair, value in zip(pairs, values, strict=True)],
                lambda values: tuple(pair[1](value) for pair, value in zip(pairs, values, strict=True)),
            )
    if kind in (str, int, float, bool) or get_origin(kind) is Literal:
        return _same, _same
    raise TypeError(f"{kind} has no form in the store")


def _same(value: Any) -> Any:
    return value


def _optional(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _of_dataclass(kind: type) -> tuple[Convert, Convert]:
    hints = get_type_hints(kind)
    # A type that holds itself is looked up when it is met, not here.
    converters: dict[str, tuple[Convert, Convert]] = {}
    defaults = {field.name: _default(field) for field in fields(kind)}

    def converter(name: str) -> tuple[Convert, Convert]:
        if name not in converters:
            converters[name] = _converters(hints[name])
        return converters[name]

    def write(value: Any) -> dict[str, Any]:
        written = {}
        for name, default in defaults.items():
            given = getattr(value, name)
            if given != default:
                written[name] = converter(name)[0](given)
        return written

    def read(written: dict[str, Any]) -> Any:
        told = ((name, given) for name, given in written.items() if name in defaults)
        return kind(**{name: converter(name)[1](given) for name, given in told})

    return write, read


def _default(field: Any) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING
