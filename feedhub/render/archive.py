"""The page that leads to all days of a feed: a calendar, the newest month first. Pure."""

from calendar import Calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from feedhub.model import Feed, Site
from feedhub.render import addresses
from feedhub.render.frame import Near, frame
from feedhub.render.interface import interface
from feedhub.render.theme import filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A day of a month, or a place before its first or after its last."""

    number: int = 0  # 0 = no day of this month
    machine: str = ""
    url: str = ""  # "" = nothing was published on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month as its weeks."""

    id: str  # 2024-11
    title: str
    weeks: tuple[tuple[Cell, ...], ...]


def archive(feed: Feed, days: Iterable[date], site: Site) -> bytes:
    """Render the calendar of the days of a feed that have an edition."""
    path, ours = addresses.beside(feed.name, "archive"), interface(feed.language or site.language)
    near, has_edition = Near(path), set(days)
    calendar = Calendar(ours.first_weekday)
    months = []
    for year, month in sorted({(day.year, day.month) for day in has_edition}, reverse=True):
        weeks = (
            tuple(_cells(feed, week, month, has_edition, near))
            for week in calendar.monthdatescalendar(year, month)
        )
        first = date(year, month, 1)
        months.append(Month(id=f"{first:%Y-%m}", title=ours.month(first), weeks=tuple(weeks)))
    values = {"months": months, "weekdays": ours.weekdays(), "picture_hosts": []}
    return filled(site.theme_files, "archive.html", frame(feed, site, path) | values)


def _cells(
    feed: Feed, week: Iterable[date], month: int, has_edition: set[date], near: Near
) -> Iterator[Cell]:
    for day in week:
        if day.month != month:
            yield Cell()
        else:
            url = near(addresses.path(feed.name, "page", day)) if day in has_edition else ""
            yield Cell(number=day.day, machine=day.isoformat(), url=url)
