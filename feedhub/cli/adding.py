"""`feedhub add`: feeds are found, shown, chosen, and written into config.toml as sources."""

import sys
from collections.abc import Sequence

import click

from feedhub.cli.finding import Found, Offer, find
from feedhub.cli.tables import print_table
from feedhub.cli.terminal import counted, printable
from feedhub.config import Config, values
from feedhub.config.edit import NewSource, add_sources, free_name
from feedhub.errors import FeedHubError

_COLUMNS = ("#", "title", "address", "entries", "newest", "language", "license")
_LONGEST_TITLE = 200  # characters
_LONGEST_LICENSE = 60


def add(
    config: Config, what: str, *, pick: tuple[int, ...], yes: bool, dry_run: bool, groups: tuple[str, ...]
) -> None:
    """Find the feeds of an address, a page or a reading list, and make sources of those that are chosen.

    On a terminal somebody is asked; otherwise all that was named is taken, and of several that a page
    offers only what `pick` or `yes` says. Raises FeedHubError if nothing was added.
    """
    for group in groups:
        _check_group(group)
    found = find(config, what)
    if not found.offers:
        raise FeedHubError(f"{what}: nothing was added: no new feed that can be read was found")
    print_table(_COLUMNS, [_row(number, offer) for number, offer in enumerate(found.offers, 1)])
    chosen = [found.offers[number - 1] for number in _chosen(found, pick, takes_all=yes or dry_run)]
    if not chosen:
        raise FeedHubError("nothing was added")
    sources = _sources(config, chosen, groups)
    if not dry_run:
        add_sources(config.path, sources)
    for source in sources:
        click.echo(f"{'would add' if dry_run else 'added'} {source.name}: {source.url}")
    done = "would be added to" if dry_run else "added to"
    click.echo(f"{counted(len(sources), 'source')} {done} {config.path.name}, {found.skipped} skipped")


def _check_group(group: str) -> None:
    try:
        values.word(group)
    except ValueError as error:
        raise click.BadParameter(f"{error}", param_hint="--group") from error


def _row(number: int, offer: Offer) -> tuple[object, ...]:
    tried = offer.tried
    newest = tried.newest.date().isoformat() if tried.newest else ""
    title = offer.wanted.title or tried.title
    terms = tried.license
    if len(terms) > _LONGEST_LICENSE:
        terms = terms[: _LONGEST_LICENSE - 1] + "…"
    return (number, title, tried.url, tried.entries, newest, tried.language, terms)


# ── Choosing ─────────────────────────────────────────────────────────────────────────────────────


def _chosen(found: Found, pick: Sequence[int], *, takes_all: bool) -> list[int]:
    """Give the numbers of the offers that are wanted, in order."""
    most = len(found.offers)
    if wrong := [number for number in pick if not 1 <= number <= most]:
        numbers = "1" if most == 1 else f"1 to {most}"
        raise click.BadParameter(f"{wrong[0]} is none of the feeds found: {numbers}", param_hint="--pick")
    if pick:
        return sorted(set(pick))
    if takes_all:
        return [*range(1, most + 1)]
    if sys.stdin.isatty() and sys.stdout.isatty():
        return _asked(most)
    if found.is_choice:
        raise click.UsageError("which of these feeds? Choose with --pick N, or take all with --yes")
    return [*range(1, most + 1)]


def _asked(most: int) -> list[int]:
    words = "Add it? all or none" if most == 1 else "Which to add? Numbers such as 1,3-5, all or none"
    answer: list[int] = click.prompt(
        words, default="all", value_proc=lambda said: _numbers(said, most), err=True
    )
    return answer


def _numbers(said: str, most: int) -> list[int]:
    """Read "all", "none" or "1, 3-5"; raises click.BadParameter, upon which it is asked again."""
    match said.strip().lower():
        case "all" | "a" | "y" | "yes":
            return [*range(1, most + 1)]
        case "none" | "n" | "no":
            return []
    chosen: set[int] = set()
    for part in said.replace(",", " ").split():
        first, mark, last = part.partition("-")
        low, high = _number(first), _number(last if mark else first)
        if not 1 <= low <= high <= most:
            answers = "neither all nor none" if most == 1 else f"not among 1 to {most}"
            raise click.BadParameter(f"{part} is {answers}")
        chosen.update(range(low, high + 1))
    return sorted(chosen)


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────


def _sources(config: Config, chosen: Sequence[Offer], groups: tuple[str, ...]) -> list[NewSource]:
    """Name the sources; each name is free."""
    taken = {source.name for source in config.sources}
    made = []
    for offer in chosen:
        name = free_name(taken, offer.tried.url)
        taken.add(name)
        made.append(
            NewSource(
                name=name,
                url=offer.tried.url,
                title=_title(offer.wanted.title or offer.tried.title),
                groups=tuple(dict.fromkeys([*offer.wanted.groups, *groups])),
                language="" if offer.tried.language else _language(offer.wanted.language),
            )
        )
    return made


def _title(told: str) -> str:
    return " ".join(printable(told).split())[:_LONGEST_TITLE].strip()


def _language(told: str) -> str:
    """Give a language that somebody's list names, where it is one."""
    try:
        return values.language(told)
    except ValueError:
        return ""
