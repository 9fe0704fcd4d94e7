"""Real documents, where a local corpus stands beside the project, and an independent reading of them."""

import csv
import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from feedhub.errors import ReadError
from feedhub.model import Reading
from reading import reading

URL = "https://feed.example/x"  # where its documents are said to come from

FOLDER = Path(__file__).parents[2] / "shared" / "corpora"
IS_HERE = (FOLDER / "open").is_dir()
_KINDS = {"atom10": "atom+xml", "json": "feed+json", "rss10": "rdf+xml"}


def _oracle() -> ModuleType | None:
    if not IS_HERE:
        return None
    spec = importlib.util.spec_from_file_location("oracle", FOLDER / "oracle.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ORACLE: Any = _oracle()


def rows() -> list[dict[str, str]]:
    """Give what the manifest says of each document."""
    if not IS_HERE:
        return []
    with (FOLDER / "open" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document(row: dict[str, str]) -> bytes:
    return (FOLDER / "open" / row["file"]).read_bytes()


def content_type(row: dict[str, str]) -> str:
    """Give the Content-Type that a server would send a document with."""
    charset = row["encoding"].removesuffix("+bom")
    named = "" if charset == "none" else f"; charset={charset}"
    return f"application/{_KINDS.get(row['format'], 'rss+xml')}{named}"


@cache
def _read(file: str, type_: str) -> Reading | None:
    body = (FOLDER / "open" / file).read_bytes()
    try:
        return reading(body, url=URL, timezone="UTC", headers={"content-type": type_})
    except ReadError:
        return None


def ours(row: dict[str, str]) -> Reading | None:
    """Read a document as a source at URL in UTC, once for all who ask; None if it cannot be read."""
    return _read(row["file"], content_type(row))


def truth(body: bytes) -> list[dict[str, Any]]:
    """Read a document's items with the oracle; none of what it cannot read for sure."""
    try:
        found: dict[str, Any] = ORACLE.parse(body)
    except Exception:  # noqa: BLE001 - whatever stops it: it is no witness then
        return []
    return list(found["entries"]) if found["mode"] != "recovered" else []
