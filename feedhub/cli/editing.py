"""The commands of editors; each imports what it needs."""

from collections.abc import Callable
from pathlib import Path

import click

from feedhub.cli import given
from feedhub.model.decided import Act

_JSON = click.option("--json", "as_json", is_flag=True, help="As a list of objects.")


def _login() -> str:
    import getpass
    import os

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # nobody has that number, as in containers
        return f"uid {os.getuid()}"


def _decision(act: Act, meaning: str, *, text: str = "WHY", example: str = "") -> click.Command:
    """Make the command of a decision."""

    def decide(path: Path, entry: str, feed: str, text: tuple[str, ...], by: str) -> None:
        from feedhub.cli.curating import decide_on

        words = " ".join(text)
        if act == "note" and not words.strip():
            raise click.UsageError("say what to note")
        decide_on(given.config(path), act, entry, feed, text=words, by=by)

    is_needed = act == "note"
    metavar = text if is_needed else f"[{text}]"
    told = click.argument("text", nargs=-1, required=is_needed, metavar=metavar)(click.pass_obj(decide))
    return _of_entry(act, told, meaning, example)


def _of_entry(name: str, function: Callable[..., None], meaning: str, example: str = "") -> click.Command:
    """Make the command of an editor on an entry of a feed."""
    by = click.option("--by", default=_login, metavar="NAME", help="Who decides; by default your login name.")
    feed = click.argument("feed", shell_complete=given.feeds)
    says = (
        f"{meaning}\n\nENTRY is a published id or the link of an article, FEED the name of a feed. What is"
        " published is brought up to date.\n\n"
        f"Example: feedhub {name} https://paper.example/2024/11/24/a-vote/ day{example} --by ani"
    )
    return click.command(name, help=says)(click.argument("entry")(feed(by(function))))


@click.pass_obj
def _undo(path: Path, entry: str, feed: str, by: str) -> None:
    from feedhub.cli.curating import decide_on

    decide_on(given.config(path), None, entry, feed, text="", by=by)


@click.command()
@click.argument("feed", required=False, shell_complete=given.feeds)
@_JSON
@click.pass_obj
def log(path: Path, feed: str | None, as_json: bool) -> None:
    """Show who decided what, when and why, the newest first.

    Example: feedhub log day
    """
    from feedhub.cli.curating import show_log

    show_log(given.config(path), feed, as_json=as_json)


@click.command()
@click.argument("what", metavar="ENTRY|URL")
@_JSON
@click.pass_obj
def why(path: Path, what: str, as_json: bool) -> None:
    """Tell why an entry is in or out: what decided, and which documents hold it.

    ENTRY is a published id, URL the link of an article.

    Example: feedhub why https://paper.example/2024/11/24/a-vote/
    """
    from feedhub.cli.whying import why as tell_why

    tell_why(given.config(path), what, as_json=as_json)


@click.command()
@click.argument("feed", shell_complete=given.feeds)
@click.option(
    "--config", "other", type=click.Path(path_type=Path), metavar="FILE", help="Another config.toml to try."
)
@click.option(
    "--days",
    type=click.IntRange(0),
    default=7,
    show_default=True,
    metavar="N",
    help="Closed days to try too.",
)
@_JSON
@click.pass_obj
def preview(path: Path, feed: str, other: Path | None, days: int, as_json: bool) -> None:
    """Show what the next publishing would change, entry by entry: in or out, and by which rule.

    With --config: what it would change if that file were in force. Nothing is published or written.

    Example: feedhub preview day --config other.toml
    """
    from feedhub.cli.previewing import show_preview

    show_preview(given.config(path), feed, other, days=days, as_json=as_json)


COMMANDS = (
    _decision("include", "Publish an entry, whatever rules and quotas say."),
    _decision("feature", "Publish an entry, and have it stand out."),
    _decision("lead", "Publish an entry, and have it lead its day."),
    _decision("hold", "Keep an entry out until it is decided.", example=' "Is it confirmed?"'),
    _decision("drop", "Keep an entry out, and copies of it.", example=' "An advertisement"'),
    _decision(
        "note", "Put a note beside an entry, for readers.", text="TEXT", example=' "The count goes on."'
    ),
    _of_entry("undo", _undo, "Take back the last decision on an entry that stands."),
    log,
    why,
    preview,
)
