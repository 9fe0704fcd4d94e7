"""The tables of config.toml as they may stand there: which keys, of which types. The one user of pydantic.

None means that the file does not say; the defaults are those of `feedhub.model`, where it has the type.
"""

import copy
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from typing import Annotated, Any, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from feedhub.config import values
from feedhub.config.problems import Problems
from feedhub.config.words import Key, meant
from feedhub.model import Grouping, Mode, Order, Placement, Show, Verdict

Text = Annotated[str, AfterValidator(values.text)]
Word = Annotated[str, AfterValidator(values.word)]
Words = Annotated[tuple[Word, ...], BeforeValidator(values.many)]
Named = Annotated[tuple[Word, ...], BeforeValidator(values.many), AfterValidator(values.named)]
Pattern = Annotated[str, AfterValidator(values.pattern)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(values.some), AfterValidator(values.named)]
Slug = Annotated[str, AfterValidator(values.slug)]
Zone = Annotated[str, AfterValidator(values.zone)]
Language = Annotated[str, AfterValidator(values.language)]
Duration = Annotated[timedelta, BeforeValidator(values.duration)]
Span = Annotated[timedelta, BeforeValidator(values.span)]
Size = Annotated[int, BeforeValidator(values.size)]
Number = Annotated[int, Field(ge=1, le=1_000_000)]
Whole = Annotated[int, Field(ge=0, le=1_000_000)]


class Table(BaseModel):
    """A table in which no key stands that we do not know."""

    # Each is built as a part of File: building it by itself as well would double the time.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class SiteTable(Table):
    """[site]."""

    title: Word | None = None
    url: str | None = None
    timezone: Zone | None = None
    language: Language | None = None
    contact: str | None = None
    icon: str | None = None
    theme: str | None = None
    security: str | None = None
    search: bool | None = None


class TermsTable(Table):
    """[defaults.terms] and the terms of a source."""

    show: Annotated[Show, BeforeValidator(values.choice(get_args(Show)))] | None = None
    excerpt: Number | None = None
    credit: Annotated[Placement, BeforeValidator(values.choice(get_args(Placement)))] | None = None
    text: Annotated[str, AfterValidator(values.linked)] | None = None
    pictures: bool | None = None
    rule: Text | None = None
    license: Annotated[str, AfterValidator(values.web)] | None = None


class DefaultsTable(Table):
    """[defaults]."""

    every: Span | None = None
    keep: Annotated[str, BeforeValidator(values.keep)] = "forever"
    terms: TermsTable | None = None


class SourceTable(Table):
    """[[sources]]."""

    name: Slug | None = None
    title: Text | None = None
    url: str | None = None
    groups: Words | None = None
    every: Span | None = None
    language: Language | None = None
    timezone: Zone | None = None
    terms: TermsTable | None = None
    auth: str | None = None
    paused: bool | None = None
    public: bool | None = None


class TakeTable(Table):
    """What a feed takes."""

    groups: Named | None = None
    sources: Named | None = None
    categories: Named | None = None


Whens = Annotated[tuple["WhenTable", ...], BeforeValidator(values.tables), AfterValidator(values.named)]


class WhenTable(Table):
    """When a rule fits; its keys are the fields of `model.When`."""

    title: Patterns | None = None
    text: Patterns | None = None
    source: Patterns | None = None
    group: Patterns | None = None
    category: Patterns | None = None
    author: Patterns | None = None
    language: Patterns | None = None
    host: Patterns | None = None
    age: Duration | None = None
    image: bool | None = None
    words: Number | None = None
    any: Whens | None = None
    all: Whens | None = None
    not_: "WhenTable | None" = Field(default=None, alias="not")


class RuleTable(Table):
    """[[feeds.NAME.rules]]."""

    when: WhenTable | None = None
    then: Annotated[Verdict, BeforeValidator(values.choice(get_args(Verdict)))] | None = None


class SectionTable(TakeTable):
    """[[feeds.NAME.sections]]."""

    title: Word | None = None
    language: Language | None = None


class FeedTable(Table):
    """[feeds.NAME]."""

    title: Word | None = None
    about: Text | None = None
    take: TakeTable | None = None
    mode: Annotated[Mode, BeforeValidator(values.choice(get_args(Mode)))] | None = None
    limit: Whole | None = None
    closes: Duration | None = None
    per_source: Number | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    order: Annotated[Order, BeforeValidator(values.choice(get_args(Order)))] | None = None
    group: Annotated[Grouping, BeforeValidator(values.choice(get_args(Grouping)))] | None = None
    timezone: Zone | None = None
    language: Language | None = None
    rules: list[RuleTable] = []
    sections: list[SectionTable] = []


class FetchTable(Table):
    """[fetch]; its keys are the fields of `model.Limits`."""

    at_once: Annotated[int, Field(ge=1, le=10_000)] | None = None
    per_host: Number | None = None
    connect: Span | None = None
    first_byte: Span | None = None
    timeout: Span | None = None
    pause: Duration | None = None
    max_size: Size | None = None
    max_hops: Annotated[int, Field(ge=0, le=50)] | None = None
    private: (
        Annotated[
            tuple[Annotated[str, AfterValidator(values.place)], ...],
            BeforeValidator(values.many),
        ]
        | None
    ) = None
    workers: Annotated[int, Field(ge=1, le=256)] | None = None
    cpu: Span | None = None
    memory: Size | None = None
    max_new: Number | None = None
    max_day: Number | None = None
    proxy: str | None = None


class ServerTable(Table):
    """[server]."""

    listen: Annotated[str, AfterValidator(values.place)] = "127.0.0.1:8000"
    cache: Duration = timedelta(seconds=60)
    proxies: Annotated[
        tuple[Annotated[str, AfterValidator(values.address)], ...], BeforeValidator(values.many)
    ] = ()
    metrics: Annotated[str, AfterValidator(values.perhaps_place)] = ""
    access_log: Text = ""


class EmbedTable(Table):
    """[embed]."""

    allow: Annotated[
        tuple[Annotated[str, AfterValidator(values.framer)], ...], BeforeValidator(values.many)
    ] = ("*",)


class StoreTable(Table):
    """[store]."""

    url: str = "sqlite:///feedhub.db"
    feeds: Word = "feeds"


class File(Table):
    """The whole of config.toml."""

    site: SiteTable = Field(default_factory=SiteTable)
    defaults: DefaultsTable = Field(default_factory=DefaultsTable)
    sources: list[SourceTable] = []
    feeds: dict[str, FeedTable] = {}
    fetch: FetchTable = Field(default_factory=FetchTable)
    server: ServerTable = Field(default_factory=ServerTable)
    embed: EmbedTable = Field(default_factory=EmbedTable)
    store: StoreTable = Field(default_factory=StoreTable)


def read(raw: dict[str, Any], problems: Problems) -> File:
    """Read all of a document that can be read; what cannot is left out, and noted as a problem."""
    try:
        return File.model_validate(raw)
    except ValidationError as error:
        found = error.errors(include_url=False)
    places = [_written(each["loc"], raw) for each in found]
    for place, each in zip(places, found, strict=True):
        # A list may be empty only because all that stood in it was wrong.
        if not problems.has_inside(place):
            problems.add(place, _in_words(each))
    rest = copy.deepcopy(raw)
    # From the back, so that the places of what stands before it in a list remain right.
    for place in dict.fromkeys(reversed(places)):
        _take_out(rest, place)
    return read(rest, problems)


def keys(table: type[BaseModel] = File) -> Iterator[str]:
    """Give every key that may stand in config.toml, as `sources.terms.show` or `feeds.NAME.limit`."""
    for name, field in table.model_fields.items():
        name = field.alias or name
        inner = _table(field.annotation)
        if inner is None or inner is table:
            yield name
        else:
            parent = f"{name}.NAME" if get_origin(field.annotation) is dict else name
            yield from (f"{parent}.{key}" for key in keys(inner))


def said(table: BaseModel, only: Collection[str] | None = None) -> dict[str, Any]:
    """Give what a table says (of certain keys), and nothing of what it does not say."""
    wanted = table.model_fields_set if only is None else table.model_fields_set.intersection(only)
    return {key: getattr(table, key) for key in wanted}


def _in_words(error: ErrorDetails) -> str:
    """Say what pydantic found, in our own words."""
    context = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            return str(context["error"])
        case "extra_forbidden":
            return "unknown key" + meant(str(error["loc"][-1]), _allowed(error["loc"][:-1]))
        case "greater_than":
            return f"must be more than {context['gt']:g}"
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "less_than_equal":
            return (
                f"must be at most {context['le']:g}"
                if isinstance(context["le"], float)
                else (f"must be at most {context['le']}")
            )
        case "int_type" if isinstance(error["input"], float):
            return f"must be a whole number, not {error['input']}"
        case problem:
            return f"{_WRONG_TYPES.get(problem, 'is not allowed here')}, not {values.kind(error['input'])}"


_WRONG_TYPES = {
    "string_type": "must be a text, in quotes",
    "int_type": "must be a whole number, without quotes",
    "float_type": "must be a number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "list_type": "must be a list of tables, each under a header in double brackets",
    "dict_type": "must be a table, under a header in single brackets",
    "model_type": "must be a table, under a header in single brackets",
}


def _written(key: Key, raw: Any) -> Key:
    """Shorten a key to what is written: a single text that stands for a list has no elements."""
    for length, part in enumerate(key):
        if not isinstance(raw, list | dict):
            return key[:length]
        raw = raw[part]  # type: ignore[index]
    return key


def _take_out(raw: Any, key: Key) -> None:
    """Take out of a document what stands at a key; in a list of tables an empty one keeps the place."""
    for part in key[:-1]:
        raw = raw[part]
    last: Any = key[-1]
    if isinstance(raw, list) and (key[:-1] == ("sources",) or key[-2] in ("rules", "sections", "any", "all")):
        raw[last] = {}
    else:
        del raw[last]


def _allowed(key: Key) -> Iterable[str]:
    """Give the keys of the table at a key."""
    table: type[BaseModel] = File
    parts = iter(key)
    for part in parts:
        annotation = _fields(table)[str(part)].annotation
        table = _table(annotation) or table
        if _is_of_many(annotation):
            next(parts, None)  # the name of a feed, or a place in a list
    return _fields(table)


def _fields(table: type[BaseModel]) -> dict[str, FieldInfo]:
    """Give the keys of a table as they are written."""
    return {field.alias or name: field for name, field in table.model_fields.items()}


def _is_of_many(annotation: Any) -> bool:
    """Tell whether the type of a key is a list of tables, or tables by their names."""
    return get_origin(annotation) in (dict, list, tuple) or any(map(_is_of_many, get_args(annotation)))


def _table(annotation: Any) -> type[BaseModel] | None:
    """Find the table in the type of a key."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_table, get_args(annotation))), None)
