"""`feedhub init`: a folder with a hub that runs at once, on samples, without a network."""

import shlex
import tomllib
from importlib import resources
from pathlib import Path

import click

from feedhub.config.schema import document
from feedhub.errors import FeedHubError

_PACKAGE = resources.files("feedhub")


def begin(folder: Path) -> None:
    """Write a configuration, its schema and the samples; nothing, if one of the files is there already."""
    files = _files()
    for name in files:
        if (folder / name).exists():
            raise FeedHubError(f"{folder / name} is there already; nothing was written")
    _write({folder / name: body for name, body in files.items()})
    click.echo(f"{folder / 'config.toml'} and the samples that it reads are written. Now:\n")
    if folder.resolve() != Path.cwd():
        click.echo(f"    cd {shlex.quote(str(folder))}")
    click.echo("    feedhub run\n    feedhub add https://…")


def _write(files: dict[Path, bytes]) -> None:
    """Write all files, or none: a part of them would keep the next try from writing the others."""
    begun = []
    try:
        for path, body in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                begun.append(path)
                file.write(body)
    except BaseException:
        for path in begun:
            path.unlink()
        raise


def _files() -> dict[str, bytes]:
    """Give what a new hub consists of: the bytes of each file by its path."""
    config = _PACKAGE.joinpath("config", "new.toml").read_bytes()
    files = {"config.toml": config, "config.schema.json": document().encode()}
    for source in tomllib.loads(config.decode())["sources"]:
        files[source["url"]] = _PACKAGE.joinpath(*source["url"].split("/")).read_bytes()
    return files
