"""The command line: one short function a command, which imports what that command needs."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from feedhub import __version__
from feedhub.errors import ConfigError, FeedHubError


class _Group(click.Group):
    """Commands whose errors are words and an exit code, not tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; 1 if it failed, 2 if the config is wrong."""
        try:
            return super().invoke(ctx)
        except (FeedHubError, OSError) as error:
            if ctx.params.get("debug"):
                raise
            click.echo(str(error), err=True)
            sys.exit(2 if isinstance(error, ConfigError) else 1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-c",
    "--config",
    "path",
    type=click.Path(path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="The hub's configuration.",
)
@click.option("--debug", is_flag=True, help="Show where an error came from.")
@click.version_option(__version__, prog_name="feedhub")
@click.pass_context
def main(ctx: click.Context, path: Path, debug: bool) -> None:
    """Read many source feeds and publish a curated Day newsfeed, every entry linked to its source."""
    ctx.obj = path
    ctx.params["debug"] = debug


def _command(function: Callable[..., None]) -> click.Command:
    return main.command()(click.pass_obj(function))


@_command
def run(path: Path) -> None:
    """Poll, publish and serve until it is stopped.

    Example: feedhub -c ~/hub/config.toml run
    """
    from feedhub.cli.running import Hub

    Hub(_config(path)).run()


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.pass_obj
def poll(path: Path, names: tuple[str, ...]) -> None:
    """Poll all sources once, or those that are named, whether they are due or not; then publish.

    Example: feedhub poll aravot partner
    """
    from feedhub.cli.polling import poll_once

    poll_once(_config(path), names)


@_command
def publish(path: Path) -> None:
    """Bring the finished documents up to date with what has been polled.

    Example: feedhub publish
    """
    from feedhub.cli.publishing import publish_once

    publish_once(_config(path))


@_command
def serve(path: Path) -> None:
    """Serve the finished documents, without polling or publishing.

    Example: feedhub serve
    """
    from feedhub.cli.serving import serve_until_stopped

    serve_until_stopped(_config(path))


@_command
def check(path: Path) -> None:
    """Tell whether the configuration is right; every problem with its line. Needs no network.

    Example: feedhub -c new.toml check
    """
    config = _config(path)
    click.echo(f"{path}: right; {len(config.sources)} sources, {len(config.site.feeds)} feeds")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As a list of objects.")
@click.pass_obj
def sources(path: Path, as_json: bool) -> None:
    """Show every source: how it is, what is wrong in words, when it is polled next.

    Example: feedhub sources --json
    """
    from feedhub.cli.sources import show

    show(_config(path), as_json=as_json)


def _config(path: Path) -> Any:
    import os

    from feedhub.config import load

    return load(path, os.environ)
