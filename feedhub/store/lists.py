"""The condition that a column has one of many values, whatever the database."""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _List(TypeDecorator[list[str]]):
    """Texts in a single parameter: an IN list has one a value, and every database its limit of them."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Give PostgreSQL's arrays, and text that holds JSON elsewhere."""
        is_array = dialect.name == "postgresql"
        return dialect.type_descriptor(postgresql.ARRAY(sa.Text) if is_array else sa.Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        """Give the list itself where there are arrays, else JSON."""
        return value if value is None or dialect.name == "postgresql" else json.dumps(value)


class _OneOf(FunctionElement[bool]):
    """A column and a list; not called boolean, else SQLAlchemy asks for `… = 1`, which no index answers."""

    name = "one_of"
    inherit_cache = True


def one_of(column: sa.ColumnElement[str], values: Iterable[str] | str) -> sa.ColumnElement[bool]:
    """Give the condition that a column has one of these values, however many they are.

    A text names the parameter that will hold them, as a list.
    """
    if isinstance(values, str):
        return _OneOf(column, sa.bindparam(values, type_=_List()))
    return _OneOf(column, sa.literal(list(values), _List()))


@compiles(_OneOf)
def _array(element: _OneOf, compiler: SQLCompiler, **more: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **more)} = ANY ({compiler.process(values, **more)})"


@compiles(_OneOf, "sqlite")
def _json(element: _OneOf, compiler: SQLCompiler, **more: Any) -> str:
    column, values = element.clauses
    listed = compiler.process(values, **more)
    return f"{compiler.process(column, **more)} IN (SELECT value FROM json_each({listed}))"  # noqa: S608
