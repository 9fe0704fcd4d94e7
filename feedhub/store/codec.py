"""Our frozen values to JSON and back, by their type hints; what has its default is left out. Pure."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from json.encoder import encode_basestring
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
_Write = Callable[[Any], str]  # a value as JSON
_Read = Callable[..., Any]
_Member = tuple[str, Any, _Write]  # a field's name, its default, how it is written
_read = json.JSONDecoder().raw_decode  # what was written here has no white space around it
_MICROSECOND = timedelta(microseconds=1)


def encode(value: object) -> str:
    """Write a value of one of the model's types as JSON, the same for equal values."""
    return _writer(type(value))(value)


def members(value: object) -> dict[str, str]:
    """Write each member of a value's JSON object, by name: `encode` in parts."""
    kind: Any = type(value)
    return _members(kind)(value)


def rewritten(members_: Mapping[str, str], was: object, value: object) -> dict[str, str]:
    """Give the members of a value, from those of another of its type that it was made from."""
    kind: Any = type(value)
    plan, values = _plan(kind)
    anew = {**members_}
    for (name, default, text), old, given in zip(plan, values(was), values(value), strict=False):
        if given is old:
            continue
        if given == default:
            anew.pop(name, None)
        else:
            anew[name] = text(given)
    return {name: anew[name] for name, _, _ in plan if name in anew}


def object_of(members_: Mapping[str, str]) -> str:
    """Put together what `members` gave."""
    return "{" + ",".join([f'"{name}":{text}' for name, text in members_.items()]) + "}"


def decode(kind: type[Value], text: str, **beside: Any) -> Value:
    """Read what `encode` wrote; what has been added to the type since has its default.

    `beside` are fields with other values than were written.
    """
    value: Value = _reader(kind)(_read(text)[0], **beside)
    return value


def _writer(kind: Any) -> _Write:
    return _converters(kind)[0]


def _reader(kind: Any) -> _Read:
    return _converters(kind)[1]


@cache
def _converters(kind: Any) -> tuple[_Write, _Read]:
    """Give a writer and a reader for a type: dataclass, tuple, optional, time, or what JSON has itself."""
    if is_dataclass(kind):
        return _dataclass_writer(kind), _dataclass_reader(kind)
    if kind is datetime:
        return (lambda time: f'"{time.isoformat()}"'), datetime.fromisoformat
    if kind is timedelta:
        return (lambda span: str(span // _MICROSECOND)), (lambda count: count * _MICROSECOND)
    if kind is str:
        return encode_basestring, _same
    if kind in (int, float, bool) or get_origin(kind) is Literal:
        return json.dumps, _same
    match get_origin(kind), get_args(kind):
        case (origin, (inner, outer)) if origin in (Union, UnionType) and outer is NoneType:
            write, read = _converters(inner)
            return _or_null(write), _or_none(read)
        case (origin, (item, rest)) if origin is tuple and rest is Ellipsis:
            write, read = _converters(item)
            return (lambda values: _list(map(write, values))), (lambda values: tuple(map(read, values)))
        case (origin, items) if origin is tuple:
            writes, reads = zip(*map(_converters, items), strict=True)
            return (
                lambda values: _list(write(value) for write, value in zip(writes, values, strict=True)),
                lambda values: tuple(read(value) for read, value in zip(reads, values, strict=True)),
            )
    raise TypeError(f"{kind} has no form in the store")


def _same(value: Any) -> Any:
    return value


def _list(texts: Iterable[str]) -> str:
    return "[" + ",".join(texts) + "]"


def _or_null(write: _Write) -> _Write:
    return lambda value: "null" if value is None else write(value)


def _or_none(read: _Read) -> _Read:
    return lambda value: None if value is None else read(value)


@cache
def _plan(kind: Any) -> tuple[list[_Member], Callable[[Any], tuple[Any, ...]]]:
    """Give how the fields of a dataclass are written, and what gives the values of all of them."""
    hints = get_type_hints(kind)
    plan = [(field.name, _default(field), _writer(hints[field.name])) for field in fields(kind)]
    name, *others = [field.name for field in fields(kind)]
    return plan, attrgetter(name, *(others or [name]))  # of a single name it would give no tuple


@cache
def _members(kind: Any) -> Callable[[Any], dict[str, str]]:
    plan, values = _plan(kind)

    def write(value: Any) -> dict[str, str]:
        return {
            name: text(given)
            for (name, default, text), given in zip(plan, values(value), strict=False)
            if given is not default and given != default
        }

    return write


def _dataclass_writer(kind: Any) -> _Write:
    last: tuple[object, str] = None, ""

    def write(value: Any) -> str:
        nonlocal last
        known = last  # other threads write too
        if value is not known[0]:  # the entries of a document share one origin
            known = last = value, object_of(_members(kind)(value))
        return known[1]

    return write


def _dataclass_reader(kind: Any) -> _Read:
    def read(written: dict[str, Any], **beside: Any) -> Any:
        names, converted = _reading_plan(kind)
        if not names.issuperset(written):
            written = {name: given for name, given in written.items() if name in names}
        for name, convert in converted:
            if name in written:
                written[name] = convert(written[name])
        written.update(beside)
        return kind(**written)

    return read


@cache
def _reading_plan(kind: Any) -> tuple[frozenset[str], list[tuple[str, _Read]]]:
    """Give the names of a dataclass's fields, and which of them are not as they stand in JSON."""
    hints = get_type_hints(kind)
    reads = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    return frozenset(reads), [(name, read) for name, read in reads.items() if read is not _same]


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()
