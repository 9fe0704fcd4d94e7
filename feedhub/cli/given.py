"""What commands are given: the configuration, and names in it for the shell to complete."""

from pathlib import Path
from typing import Any

import click

from feedhub.errors import ConfigError


def config(path: Path) -> Any:
    """Load the configuration. Raises ConfigError."""
    from feedhub.cli.loading import loaded

    try:
        return loaded(path)
    except ConfigError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        way = "`feedhub init` makes a new hub, `feedhub -c FILE` takes another file"
        raise ConfigError([f"{problem}; {way}" for problem in error.problems]) from error


def sources(ctx: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """Give the names of sources that begin so; none while the config is wrong."""
    try:
        found = config(ctx.find_root().params["path"])
    except ConfigError:
        return []
    return [source.name for source in found.sources if source.name.startswith(begun)]


def feeds(ctx: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """Give the names of feeds that begin so; none while the config is wrong."""
    try:
        found = config(ctx.find_root().params["path"])
    except ConfigError:
        return []
    return [feed.name for feed in found.site.feeds if feed.name.startswith(begun)]
