"""What has been taken down: which documents still tell of it, and which may not stay as they are."""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from feedhub.curate.day import oldest_open
from feedhub.model import Deleted
from feedhub.publish.plan import Plan
from feedhub.store import Tombstone

_TOLD = re.compile(r"<at:deleted-entry.*?</at:deleted-entry>", re.S)


def with_days_of(stones: Iterable[Tombstone], planned: Plan, *, now: datetime) -> Plan:
    """Keep the days on which nothing is left: their documents tell what was taken down."""
    days = {stone.listed.day for stone in stones if stone.listed.day} - set(planned.days)
    open_from = oldest_open(planned.feed, now)
    over = {day for day in days if day < open_from and planned.closed}
    return replace(
        planned,
        open={**planned.open, **{day: [] for day in days - over}},
        closed=sorted({*planned.closed, *over}),
    )


def deleted_from(
    stones: Sequence[Tombstone], planned: Plan, *, now: datetime
) -> dict[date | None, tuple[Deleted, ...]]:
    """Give what would be listed in each edition, had it not been taken down; `stones` are newest first."""
    by_day = defaultdict[date | None, list[Deleted]](list)
    for stone in stones:
        if stone.listed.day:
            by_day[stone.listed.day].append(_deleted(stone))
    by_day[None] = [_deleted(stone) for stone in _current(stones, planned, now=now)] if stones else []
    return {day: tuple(told) for day, told in by_day.items()}


def _current(stones: Sequence[Tombstone], planned: Plan, *, now: datetime) -> list[Tombstone]:
    """Give what the document to subscribe to would list."""
    open_from = oldest_open(planned.feed, now)
    whole = {
        kept.entry.published_id
        for open_day, found in planned.open.items()
        if open_day and open_day >= open_from
        for kept in found
    }
    of_open_days = [stone for stone in stones if stone.listed.day and stone.listed.day >= open_from]
    older = [stone for stone in stones if not stone.listed.day or stone.listed.day < open_from]
    room = planned.feed.limit - len(whole) - len(of_open_days)
    living = [kept.entry for kept in planned.current if kept.entry.published_id not in whole]
    ranked = sorted(
        [(-entry.published.timestamp(), entry.published_id) for entry in living]
        + [(-stone.listed.published.timestamp(), stone.listed.published_id) for stone in older]
    )
    listed = {published_id for _, published_id in ranked[: max(0, room)]}
    return [*of_open_days, *(stone for stone in older if stone.listed.published_id in listed)]


def tells_of(document: bytes, stones: Iterable[Tombstone]) -> bool:
    """Tell whether a finished document still leads to what has been taken down."""
    words = html.unescape(_TOLD.sub("", document.decode("utf-8", "replace")))
    return any(stone.listed.url in words or stone.listed.published_id in words for stone in stones)


def _deleted(stone: Tombstone) -> Deleted:
    return Deleted(published_id=stone.listed.published_id, when=stone.taken, reason=stone.reason)
