"""The files of a theme: what the operator puts in place of our templates and our style sheet."""

from pathlib import Path

_KINDS = (".css", ".html", ".svg")
_LARGEST = 500_000  # bytes


def theme(folder: Path) -> tuple[tuple[str, str], ...]:
    """Read a theme's files, by name; raises ValueError for what is no theme."""
    try:
        found = sorted(file for file in folder.iterdir() if file.suffix in _KINDS and file.is_file())
        return tuple((file.name, _text(file)) for file in found) or _nothing()
    except OSError as error:
        raise ValueError(f"must be a folder that can be read: {error.strerror}: {folder}") from None


def _text(file: Path) -> str:
    if file.stat().st_size > _LARGEST:
        raise ValueError(f"{file.name} in it is larger than {_LARGEST // 1000} KB")
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{file.name} in it is not in UTF-8") from None


def _nothing() -> tuple[tuple[str, str], ...]:
    raise ValueError(f"must be a folder with templates or a style sheet: {', '.join(_KINDS)}")
