"""An editor's decision: which entry is meant, and where it stands; kept, for the next publishing to heed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from feedhub.curate.duplicates import precedence
from feedhub.errors import DecisionError
from feedhub.model import Act, Decision, Entry, Feed, Kept, Site
from feedhub.publish.folder import locked
from feedhub.publish.survey import Survey, survey
from feedhub.store import Store, day_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Who decides, on which feed, and when."""

    name: str
    feed: Feed
    now: datetime


def decide(
    store: Store, site: Site, folder: Path, act: Act, what: str, *, editor: Editor, text: str = ""
) -> tuple[Entry, Decision]:
    """Keep a decision on the entry with a published id or a link; the next publishing heeds it.

    Raises DecisionError where none or several are meant, and StoreError.
    """
    with locked(folder):
        kept, surveyed = _meant(store, site, what, editor)
        made = store.decisions.make(
            act,
            kept.entry,
            feed=editor.feed.name,
            by=editor.name,
            text=text,
            now=editor.now,
            closed_day=_closed_day(surveyed, kept),
        )
    return kept.entry, made


def undo(store: Store, site: Site, folder: Path, what: str, *, editor: Editor) -> tuple[Entry, Decision]:
    """Take back the last decision that stands on an entry, as `decide`; DecisionError where none does."""
    with locked(folder):
        decided = [
            kept
            for kept in store.decisions.meant(what)
            if any(each.undone is None for each in store.decisions.on(editor.feed.name, [kept.entry]))
        ]
        if not decided:
            raise DecisionError(f"no decision stands on {what!r} in {editor.feed.name!r}")
        kept = decided[0] if len(decided) == 1 else _meant(store, site, what, editor)[0]
        undone = store.decisions.undo(kept.entry, feed=editor.feed.name, by=editor.name, now=editor.now)
        if undone is None:
            raise DecisionError(f"no decision stands on {what!r} in {editor.feed.name!r}")
    return kept.entry, undone


def _meant(store: Store, site: Site, what: str, editor: Editor) -> tuple[Kept, Survey]:
    """Find the entry that is meant: of several copies the one that is published, else the first to come."""
    found = [kept for kept in store.decisions.meant(what) if kept.entry.source in site.sources]
    if not found:
        raise DecisionError(f"there is no entry {what!r}")
    feed = editor.feed
    surveyed = survey(store, feed, site.sources, store.publishing.feed(feed.name), now=editor.now)
    is_in = _on_open_days(surveyed)
    filed = store.publishing.places(feed.name, [kept.entry for kept in found])
    published = [
        kept
        for kept in found
        if _place(kept.entry) in is_in
        or ((place := filed.get(_place(kept.entry))) and not (place.is_left_out or place.is_withheld))
    ]
    choice = sorted(published or found, key=precedence)
    _refuse_several(choice)
    return choice[0], surveyed


def _on_open_days(surveyed: Survey) -> set[tuple[str, str]]:
    return {_place(one.kept.entry) for one in surveyed.curated.outcomes if one.is_in}


def _refuse_several(found: Sequence[Kept]) -> None:
    first = found[0].entry
    others = [kept.entry.published_id for kept in found if kept.entry.source == first.source]
    if len(others) > 1:
        listed = "\n  ".join(others)
        raise DecisionError(f"several entries of {first.source!r} have that link; name one:\n  {listed}")


def _closed_day(surveyed: Survey, kept: Kept) -> str | None:
    """Give the closed day that an entry would be on; None if that day is open, or the entry is on one."""
    open_from = surveyed.state.open_from
    if open_from is None or _place(kept.entry) in _on_open_days(surveyed):
        return None
    day = replace(surveyed.calendar, open_from=None).day_of(kept)
    if day is not None and day >= open_from:
        return None
    return day_text(day)


def _place(entry: Entry) -> tuple[str, str]:
    return entry.source, entry.key
