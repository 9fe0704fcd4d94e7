"""[feeds.NAME] to Feeds: their names, what they take and their rules. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from feedhub.config import values
from feedhub.config.problems import Problems
from feedhub.config.tables import FeedTable, File, RuleTable, TakeTable, WhenTable, said
from feedhub.config.words import Key, meant, quoted
from feedhub.model import Feed, Rule, Section, Site, Take, When
from feedhub.text.patterns import Text, pattern

# Addresses that are, or may come to be, something else than a feed.
RESERVED = frozenset(
    "static health ready metrics search feed rss atom index subscriptions opml oembed embed subscribe robots"
    " sitemap favicon well-known".split()
)

_LONGEST = 100  # characters of a feed's name: most systems have files of 255 bytes, endings and all


def feeds(
    file: File, site: Site, known: Mapping[str, Collection[str]], problems: Problems
) -> tuple[Feed, ...]:
    """Make the feeds that a file names, in its order, on a site.

    `known` has the names of all sources and of all groups, as "source" and "group".
    """
    if not file.feeds and not problems.has_inside(("feeds",)):
        problems.add(("feeds",), "there is no [feeds.NAME] table, so that nothing would be published")
    inherited = {"timezone": site.timezone, "language": site.language}
    made = []
    for name, table in file.feeds.items():
        plain = said(
            table,
            only="about mode limit closes per_source share order group timezone language".split(),
        )
        feed = Feed(
            **(inherited | plain),
            name=name,
            title=table.title or name.replace("-", " ").capitalize(),
            take=_take(table.take, ("feeds", name, "take"), known, problems),
            rules=_rules(table, ("feeds", name, "rules"), known, problems),
            sections=_sections(table, ("feeds", name, "sections"), known, problems),
        )
        _check_name(name, problems)  # last: what is wrong with the whole would hide what is wrong inside
        made.append(feed)
    return tuple(made)


def _check_name(name: str, problems: Problems) -> None:
    try:
        values.slug(name)
    except ValueError as error:
        problems.add(("feeds", name), f"the name {error}")
    if len(name) > _LONGEST:
        problems.add(("feeds", name), f"the name is longer than {_LONGEST} characters, and files bear it")
    if name in RESERVED:
        problems.add(
            ("feeds", name), f"the name {quoted(name)} is reserved, since its address has another use"
        )


def _take(
    table: TakeTable | None, key: Key, known: Mapping[str, Collection[str]], problems: Problems
) -> Take:
    if table is None:
        return Take()
    for number, name in enumerate(table.groups or ()):
        if name not in known["group"]:
            words = f"no source is in the group {quoted(name)}{meant(name, known['group'])}"
            problems.add((*key, "groups", number), words)
    for number, name in enumerate(table.sources or ()):
        if name not in known["source"]:
            words = f"no source has the name {quoted(name)}{meant(name, known['source'])}"
            problems.add((*key, "sources", number), words)
    return Take(**said(table, only=("groups", "sources", "categories")))


def _sections(
    feed: FeedTable, key: Key, known: Mapping[str, Collection[str]], problems: Problems
) -> tuple[Section, ...]:
    made = []
    for number, table in enumerate(feed.sections):
        take = _take(table, (*key, number), known, problems)
        if table.title is None:
            problems.add((*key, number, "title"), "is missing: what stands above the section")
        elif take == Take() and not problems.has_inside((*key, number)):
            problems.add((*key, number), "takes nothing: it needs groups, sources or categories")
        else:
            made.append(Section(title=table.title, take=take, language=table.language or ""))
    return tuple(made)


def _rules(
    feed: FeedTable, key: Key, known: Mapping[str, Collection[str]], problems: Problems
) -> tuple[Rule, ...]:
    made = []
    for number, table in enumerate(feed.rules):
        when = _when(table, (*key, number), known, problems)
        if table.then is None:
            problems.add((*key, number, "then"), 'is missing: "include", "feature", "hold" or "drop"')
        elif when is not None:
            made.append(Rule(when=when, then=table.then))
            is_last = number == len(feed.rules) - 1
            # A condition may be empty only because all that stood in it was wrong.
            if when == When() and not is_last and not problems.has_inside((*key, number)):
                words = "fits every entry, so that no rule below it ever decides; put it last"
                problems.add((*key, number, "when"), words)
    return tuple(made)


def _when(
    table: RuleTable, key: Key, known: Mapping[str, Collection[str]], problems: Problems
) -> When | None:
    if table.when is None:
        problems.add((*key, "when"), "is missing; a rule for every entry has when = {}")
        return None
    return _condition(table.when, (*key, "when"), known, problems)


def _condition(table: WhenTable, key: Key, known: Mapping[str, Collection[str]], problems: Problems) -> When:
    """Make what an entry must be, with what is nested in it."""
    fields: dict[str, Any] = said(table)
    for field in ("source", "group"):
        for number, written in enumerate(fields.get(field, ())):
            if not _fits_any(written, known[field]):
                words = f"fits no {field} that there is: {quoted(written)}{meant(written, known[field])}"
                problems.add((*key, field, number), words)
    for field, checked in (("language", values.language_pattern), ("host", values.host_pattern)):
        for number, written in enumerate(fields.get(field, ())):
            with problems.at(*key, field, number):
                checked(written)
    for field in ("any", "all"):
        if inner := fields.get(field):
            fields[field] = tuple(
                _nested(one, (*key, field, number), known, problems) for number, one in enumerate(inner)
            )
    if inner := fields.get("not_"):
        fields["not_"] = _nested(inner, (*key, "not"), known, problems)
    return When(**fields)


_DEEPEST = 40  # parts of a key: whatever goes over a rule later has its own bounds


def _nested(table: WhenTable, key: Key, known: Mapping[str, Collection[str]], problems: Problems) -> When:
    if len(key) > _DEEPEST:
        problems.add(key[:_DEEPEST], "is nested too deeply")
        return When()
    # A table may be empty only because all that stood in it was wrong.
    if not said(table) and not problems.has_inside(key):
        problems.add(key, "names nothing; leave it out instead")
    return _condition(table, key, known, problems)


def _fits_any(written: str, names: Iterable[str]) -> bool:
    fits = pattern(written, is_label=True)
    return any(fits(Text(name)) for name in names)
