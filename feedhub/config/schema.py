"""The JSON Schema of config.toml, for editors: made from `tables`, it allows whatever `parse` takes. Pure."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from feedhub.config import values
from feedhub.config.feeds import RESERVED
from feedhub.config.meanings import MEANINGS
from feedhub.config.tables import File
from feedhub.config.written import written
from feedhub.model import Feed, Limits, Site, Source, Terms

_DURATION = r"^[0-9]{1,9}[smhd]$"
_SLUG = r"^[a-z0-9][a-z0-9-]*$"
_PLACE = r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):[0-9]{1,5}$"
_LANGUAGE = r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*|[Xx](-[A-Za-z0-9]{1,8})+)$"
_WEB = r"^\s*[Hh][Tt][Tt][Pp][Ss]?:"
_SECRET = r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"  # noqa: S105

# What the functions of `values` take: where one of them reads a value, it decides, not the type.
_READERS: dict[Callable[..., object], JsonSchemaValue] = {
    values.duration: {"type": "string", "pattern": _DURATION},
    values.span: {"type": "string", "pattern": _DURATION, "not": {"pattern": "^0+[smhd]$"}},
    values.keep: {"type": "string", "const": "forever"},
    values.size: {"type": "string", "pattern": "^[0-9]{1,9}(\\.[0-9]{1,3})? ?([KkMmGg]?[Ii]?[Bb])$"},
    values.word: {"type": "string", "pattern": r"\S"},
    values.linked: {"type": "string", "pattern": r"\S"},
    values.pattern: {"type": "string", "pattern": r"\S"},
    values.slug: {"type": "string", "pattern": _SLUG},
    values.language: {"type": "string", "pattern": _LANGUAGE},
    values.place: {"type": "string", "pattern": _PLACE},
    values.web: {"type": "string", "pattern": _WEB},
}
# What is checked only when all tables are read.
_MORE: dict[str, JsonSchemaValue] = {
    "SourceTable.url": {"pattern": r"\S"},
    "SourceTable.auth": {"pattern": rf"^$|^bearer:.*{_SECRET}|^basic:[^:]+:.*{_SECRET}"},
    "StoreTable.url": {"pattern": rf"^(sqlite|postgresql(\+psycopg)?)://|{_SECRET}"},
    "File.feeds": {
        "minProperties": 1,
        "propertyNames": {"pattern": _SLUG, "not": {"enum": sorted(RESERVED)}},
    },
}
_REQUIRED = {"SourceTable": ["url"], "RuleTable": ["when", "then"], "File": ["feeds"]}
_INHERITED = frozenset({"every", "timezone", "language"})  # by sources and feeds
_MODELS = {
    "SiteTable": Site,
    "TermsTable": Terms,
    "SourceTable": Source,
    "FeedTable": Feed,
    "FetchTable": Limits,
}


class _Schema(GenerateJsonSchema):
    """As pydantic has it, but for what TOML has not (null), and for what our own functions read."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        return False

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        reader = schema["function"]["function"]
        if reader is values.some:
            many = self.generate_inner(schema["schema"])
            return {"anyOf": [many["items"], many]}
        return dict(_READERS.get(reader) or {}) or self.generate_inner(schema["schema"])

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        reader = schema["function"]["function"]
        inner = dict(_READERS.get(reader) or {}) or self.generate_inner(schema["schema"])
        if reader is values.named:
            lists = [one for one in inner.get("anyOf", [inner]) if one.get("type") == "array"]
            for one in lists:
                one["minItems"] = 1
        return inner


def schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of config.toml."""
    found = File.model_json_schema(schema_generator=_Schema)
    tables = found.pop("$defs")
    for name, table in {"File": found, **tables}.items():
        _complete(name, table)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "FeedHub's config.toml",
        **found,
        "$defs": dict(sorted(tables.items())),
    }


def document() -> str:
    """Write the schema as the document that stands beside config.toml."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _complete(name: str, table: dict[str, Any]) -> None:
    """Say of a table and its keys what they mean, and what they are by default."""
    meanings = MEANINGS.get(name, {})
    table.pop("title", None)
    table["description"] = meanings.get("", "What is read, and what is published.")
    if name in _REQUIRED:
        table["required"] = _REQUIRED[name]
    defaults = _defaults(name)
    for key, value in table["properties"].items():
        value |= _MORE.get(f"{name}.{key}", {})
        value |= {"description": meanings[key]} if key in meanings else {}
        value |= {"default": defaults[key]} if key in defaults else {}


def _defaults(name: str) -> dict[str, object]:
    """Give the defaults of a table's keys that are values of their own, not derived or inherited."""
    if name in ("ServerTable", "EmbedTable", "StoreTable"):
        table: Any = File.model_fields[name.removesuffix("Table").lower()].annotation
        found = {key: field.default for key, field in table.model_fields.items()}
    elif model := _MODELS.get(name):
        found = {field.name: field.default for field in dataclasses.fields(model)}
        if name in ("SourceTable", "FeedTable"):
            found = {key: value for key, value in found.items() if key not in _INHERITED}
    else:
        found = (
            {"every": Source.__dataclass_fields__["every"].default, "keep": "forever"}
            if name == "DefaultsTable"
            else {}
        )
    shown = {key: written(key, value) for key, value in found.items()}
    return {key: value for key, value in shown.items() if isinstance(value, str | int | list) and value != ""}
