import dataclasses
import inspect
import json
import pickle
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from databases import item
from editions import editions
from feedhub import model
from feedhub.store.codec import decode, encode, members, object_of, rewritten

# What holds bodies, headers, rules or whole sites is handed on, never kept.
PASSING = {model.Site, model.Response, model.Unchanged, model.Edition, model.Story}
PASSING |= {model.Feed, model.Rule, model.When}
TYPES = [
    kind
    for _, kind in inspect.getmembers(model, inspect.isclass)
    if dataclasses.is_dataclass(kind) and kind not in PASSING
]


@cache
def values(hint: Any) -> st.SearchStrategy[Any]:
    """Draw values of a type, as `model` promises them."""
    if dataclasses.is_dataclass(hint):
        return st.builds(hint, **{name: values(inner) for name, inner in get_type_hints(hint).items()})
    arguments = get_args(hint)
    if get_origin(hint) is UnionType:
        return st.one_of(*map(values, arguments))
    if get_origin(hint) is tuple and Ellipsis in arguments:
        return st.lists(st.deferred(lambda: values(arguments[0])), max_size=1).map(tuple)
    if get_origin(hint) is tuple:
        return st.tuples(*map(values, arguments))
    simple = {datetime: st.datetimes(timezones=st.just(UTC)), str: st.text(max_size=8), NoneType: st.none()}
    return simple[hint] if hint in simple else st.from_type(hint)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
@settings(max_examples=40)
@given(data=st.data())
def test_every_kept_type_survives_the_round_trip(kind: type[Any], data: st.DataObject) -> None:
    value = data.draw(values(kind))
    assert decode(kind, encode(value)) == value


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
@settings(max_examples=10)
@given(data=st.data())
def test_every_kept_type_goes_whole_from_process_to_process(kind: type[Any], data: st.DataObject) -> None:
    value = data.draw(values(kind))
    assert pickle.loads(pickle.dumps(value)) == value


@settings(max_examples=25)
@given(editions())
def test_whole_entries_survive_the_round_trip(drawn: tuple[model.Edition, model.Site]) -> None:
    entries = drawn[0].entries
    assert tuple(decode(model.Entry, encode(entry)) for entry in entries) == entries


@settings(max_examples=25)
@given(editions())
def test_equal_values_are_written_alike(drawn: tuple[model.Edition, model.Site]) -> None:
    for entry in drawn[0].entries:
        again = decode(model.Entry, encode(entry))
        assert again is not entry
        assert encode(again) == encode(entry)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
@settings(max_examples=20)
@given(data=st.data())
def test_a_value_is_written_alike_whole_and_from_another_that_it_was_made_from(
    kind: type[Any], data: st.DataObject
) -> None:
    was = data.draw(values(kind))
    changes = {name: data.draw(values(inner)) for name, inner in get_type_hints(kind).items()}
    some = data.draw(st.sets(st.sampled_from(sorted(changes))))
    value = dataclasses.replace(was, **{name: changes[name] for name in some})
    assert object_of(rewritten(members(was), was, value)) == encode(value)


def test_what_has_its_default_is_not_written() -> None:
    assert encode(model.Terms()) == "{}"
    assert json.loads(encode(model.Terms(excerpt=0))) == {"excerpt": 0}


def test_keys_that_nobody_knows_any_more_are_passed_over() -> None:
    assert decode(model.Comments, '{"count": 3, "mood": "calm"}') == model.Comments(count=3)


def test_an_added_field_has_its_default_in_what_was_written_before() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Later:
        url: str = ""
        width: int | None = None
        alt: str = "none given"

    assert decode(Later, encode(model.Image(url="https://a.example/"))) == Later(url="https://a.example/")


def test_text_is_written_as_it_is() -> None:
    assert "Երեւան" in encode(item("1", title="Երեւան"))


@given(st.timedeltas())
def test_times_between_are_exact(span: timedelta) -> None:
    assert decode(model.Reading, encode(model.Reading(origin=model.Origin(), ttl=span))).ttl == span


def test_a_type_without_a_form_is_refused_by_name() -> None:
    @dataclass(frozen=True)
    class Odd:
        day: date

    with pytest.raises(TypeError, match=r"date.* has no form in the store"):
        encode(Odd(date(2024, 11, 24)))
