"""The command line: one short function a command, which imports what that command needs."""

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from feedhub import __version__
from feedhub.cli import given
from feedhub.cli.editing import COMMANDS
from feedhub.cli.terminal import counted, escape_unwritable, printable
from feedhub.errors import ConfigError, FeedHubError


class _Group(click.Group):
    """Commands whose errors are words and an exit code, not tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; 1 if it failed, 2 if the config is wrong."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read our output has gone: click knows what to do
        except (FeedHubError, OSError) as error:
            if ctx.params.get("debug"):
                traceback.print_exception(error)
            else:
                click.echo(printable(_words(error)), err=True)
            sys.exit(2 if isinstance(error, ConfigError) else 1)


def _words(error: Exception) -> str:
    """Say what is wrong; what the system says of a file, without its number."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


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
    escape_unwritable()
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

    Hub(given.config(path)).run()


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=given.sources)
@click.option("--json", "as_json", is_flag=True, help="What came of it as a list of objects.")
@click.pass_obj
def poll(path: Path, names: tuple[str, ...], as_json: bool) -> None:
    """Poll all sources once, or those that are named, whether they are due or not; then publish.

    Example: feedhub poll aravot partner
    """
    from feedhub.cli.polling import poll_once

    poll_once(given.config(path), names, as_json=as_json)


@_command
def publish(path: Path) -> None:
    """Bring the finished documents up to date with what has been polled.

    Example: feedhub publish
    """
    from feedhub.cli.publishing import publish_once

    publish_once(given.config(path))


@main.command()
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Serve in N processes of granian's.")
@click.pass_obj
def serve(path: Path, workers: int | None) -> None:
    """Serve the finished documents, without polling or publishing.

    Example: feedhub serve --workers 2
    """
    from feedhub.cli.serving import serve_until_stopped

    serve_until_stopped(given.config(path), workers=workers)


@main.command()
@click.option("--online", is_flag=True, help="Also fetch every source once, and tell what it holds.")
@click.option("--json", "as_json", is_flag=True, help="With --online: as a list of objects.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of config.toml, for editors, instead.")
@click.pass_obj
def check(path: Path, online: bool, as_json: bool, schema: bool) -> None:
    """Tell whether the configuration is right; every problem with its line. Needs no network.

    With --online every source is fetched once: what it holds, where it has moved, what its robots.txt and
    its license say, how wrong its clock is. Nothing is stored.

    Example: feedhub check --online
    """
    if as_json and not online:
        raise click.UsageError("--json goes with --online")
    if schema:
        from feedhub.config.schema import document

        click.echo(document(), nl=False)
        return
    config = given.config(path)
    if config.site.theme_files:
        from feedhub.cli.loading import try_theme

        try_theme(config)
    if online:
        from feedhub.cli.online import check_online

        check_online(config, as_json=as_json)
    else:
        held = (counted(len(config.sources), "source"), counted(len(config.site.feeds), "feed"))
        click.echo(f"{path}: right; {', '.join(held)}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As a list of objects.")
@click.pass_obj
def sources(path: Path, as_json: bool) -> None:
    """Show every source: how it is, what is wrong in words, when it is polled next.

    Example: feedhub sources --json
    """
    from feedhub.cli.sources import show

    show(given.config(path), as_json=as_json)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path(), metavar="[DIR]")
def init(folder: Path) -> None:
    """Make a new hub: a commented config.toml, and samples beside it, on which it runs at once.

    Nothing is ever overwritten.

    Example: feedhub init ~/hub
    """
    from feedhub.cli.beginning import begin

    begin(folder)


@main.command()
@click.argument("what", metavar="URL|FILE.opml")
@click.option("--yes", is_flag=True, help="Take every feed that is found, without asking.")
@click.option(
    "--pick", type=click.IntRange(1), multiple=True, metavar="N", help="Take the N-th feed; may be repeated."
)
@click.option("--dry-run", is_flag=True, help="Show what would be added, and change nothing.")
@click.option(
    "--group", "groups", multiple=True, metavar="NAME", help="Put what is added in a group; may be repeated."
)
@click.pass_obj
def add(
    path: Path, what: str, yes: bool, pick: tuple[int, ...], dry_run: bool, groups: tuple[str, ...]
) -> None:
    """Add sources: a feed, the feeds that a page offers, or those of a reading list (OPML).

    Each is fetched, read and shown before it is offered; those chosen are written into config.toml.

    Example: feedhub add https://paper.example/ --group daily
    """
    from feedhub.cli.adding import add as add_what

    add_what(given.config(path), what, pick=pick, yes=yes, dry_run=dry_run, groups=groups)


@main.command()
@click.argument("name", shell_complete=given.sources)
@click.pass_obj
def remove(path: Path, name: str) -> None:
    """Take a source out of config.toml.

    Example: feedhub remove paper
    """
    from feedhub.cli.configuring import remove as remove_from

    remove_from(given.config(path), name)


@main.command()
@click.argument("name", shell_complete=given.sources)
@click.pass_obj
def pause(path: Path, name: str) -> None:
    """Poll a source no more, until it is resumed, unless it is named.

    Example: feedhub pause paper
    """
    from feedhub.cli.configuring import pause as set_pause

    set_pause(given.config(path), name, paused=True)


@main.command()
@click.argument("name", shell_complete=given.sources)
@click.pass_obj
def resume(path: Path, name: str) -> None:
    """Poll a source again that was paused, or take what one gives that was held.

    A source is held when its title, its site and nearly all ids of its entries change at once.

    Example: feedhub resume paper
    """
    from feedhub.cli.configuring import resume as resume_source

    resume_source(given.config(path), name)


@main.command()
@click.argument("what", metavar="ENTRY|SOURCE")
@click.option("--reason", default="", metavar="TEXT", help="Why; it is published where Atom tells of it.")
@click.option("--undo", is_flag=True, help="Take the take-down back.")
@click.pass_obj
def takedown(path: Path, what: str, reason: str, undo: bool) -> None:
    """Take an entry or a whole source out of every document, for good; then publish.

    ENTRY is a published id or the link of an article, SOURCE the name of a source. Whatever is polled
    later, it does not come back, closed days included.

    Example: feedhub takedown https://paper.example/2024/11/24/a-claim/ --reason "The publisher asked for it"
    """
    from feedhub.cli.taking import let_back, take

    if undo == bool(reason.strip()):
        raise click.UsageError("say --reason TEXT, or --undo")
    if undo:
        let_back(given.config(path), what)
    else:
        take(given.config(path), what, reason)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As a list of objects.")
@click.pass_obj
def config(path: Path, as_json: bool) -> None:
    """Show every value in force, and where it comes from: a line, the default, the environment.

    Example: feedhub config --json
    """
    from feedhub.cli.configuring import show_config

    show_config(given.config(path), as_json=as_json)


@main.command()
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Instead of stdout."
)
@click.pass_obj
def opml(path: Path, output: Path | None) -> None:
    """Export our public sources as a reading list (OPML) for other readers.

    Example: feedhub opml --output sources.opml
    """
    from feedhub.cli.configuring import export

    export(given.config(path), output)


for _each in COMMANDS:
    main.add_command(_each)
