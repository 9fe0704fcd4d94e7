"""Numbers as an operator reads them. Pure."""

from datetime import timedelta
from http import HTTPStatus


def seconds(span: timedelta) -> str:
    """Give a time span as "30 s"."""
    return f"{span.total_seconds():g} s"


def size(length: int) -> str:
    """Give a number of bytes as "10 MB"; units of a thousand, as in config.toml."""
    if length >= 1_000_000:
        return f"{length / 1_000_000:g} MB"
    if length >= 1000:
        return f"{length / 1000:g} KB"
    return f"{length} bytes"


def status(code: int) -> str:
    """Give an HTTP status as "404 Not Found"."""
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)
