"""The values that a column has, found from one to the next along an index, however many rows have each."""

from typing import Any

import sqlalchemy as sa


def steps(column: sa.ColumnElement[str], among: sa.ColumnElement[bool] | None = None) -> sa.Select[Any]:
    """Give the values of an indexed column in order, each once, as `value`; `among`: of these rows alone."""
    least = sa.select(sa.func.min(column).label("value"))
    if among is not None:
        least = least.where(among)
    found = least.cte("found", recursive=True)
    following = least.where(column > found.c.value).scalar_subquery()
    found = found.union_all(sa.select(following).where(found.c.value.is_not(None)))
    return sa.select(found.c.value).where(found.c.value.is_not(None))
