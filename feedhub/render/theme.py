"""Templates, and the files beside the pages: ours, or a theme's. Pure; the one user of Jinja2."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache, partial
from importlib.resources import files
from traceback import walk_tb

from jinja2 import (
    ChoiceLoader,
    Environment,
    FunctionLoader,
    PackageLoader,
    StrictUndefined,
    TemplateError,
)

from feedhub.errors import RenderError
from feedhub.render.lean import lean

Theme = tuple[tuple[str, str], ...]  # names and texts of files that stand in place of ours


def filled(theme: Theme, template: str, values: Mapping[str, object]) -> bytes:
    """Fill a template; raises RenderError for one that cannot be filled, which names the theme's own."""
    try:
        return _environment(theme).get_template(template).render(values).encode()
    except Exception as error:  # a theme is a program of somebody else's, and may raise whatever there is
        said = str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"
        blamed, line = _place(error, theme, template)
        where = f" (line {line})" if line else ""
        own = blamed if blamed in dict(theme) else ""
        raise RenderError(f"the template {blamed}: {said}{where}", template=own) from error


def _place(error: Exception, theme: Theme, template: str) -> tuple[str, int]:
    """Give where in a theme an error arose: the template and its line; else the one to be filled, and 0."""
    names = dict(theme)
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    return next(((name, line) for name, line in reversed(frames) if name in names), (template, 0))


def problems(theme: Theme) -> list[str]:
    """Give what is wrong with the templates of a theme, each with its line, as far as reading them tells."""
    found = []
    for name, text in theme:
        if name.endswith(".html"):
            try:
                _environment(()).parse(text)
            except TemplateError as error:
                found.append(f"{name}:{getattr(error, 'lineno', 1)}: {error.message}")
    return found


@lru_cache(maxsize=8)
def static(theme: Theme = ()) -> dict[str, bytes]:
    """Give the files beside the pages, by an address that changes with their bytes."""
    found: dict[str, bytes] = {}
    for name in ("icon.svg", "style.css"):
        said = dict(theme).get(name)
        ours = files("feedhub.render") / "static" / name
        body = lean(name, ours.read_bytes()) if said is None else said.encode()
        stem, _, suffix = name.partition(".")
        found[f"/static/{stem}-{hashlib.sha256(body).hexdigest()[:16]}.{suffix}"] = body
    return found


@lru_cache(maxsize=8)
def _environment(theme: Theme) -> Environment:
    return Environment(
        loader=ChoiceLoader([FunctionLoader(partial(_own, theme)), PackageLoader("feedhub.render")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def _own(theme: Theme, name: str) -> tuple[str, str, None] | None:
    """Give a template of a theme; by its name as that of a file, errors tell where they arose."""
    text = dict(theme).get(name)
    return None if text is None else (text, name, None)
