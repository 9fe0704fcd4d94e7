"""ISO 8601 and RFC 3339, in all widths, and their neighbours with a zone's name."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from feedhub.read.dates.zones import clock_time, moment, numeric_zone

_ISO = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?|(?P<month2>\d\d)(?P<day2>\d\d)"
    r"|-?w(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?|-?(?P<ordinal>\d{3}))?"
    r"(?P<clock>(?: ?t ?| (?=\d\d:))(?P<hour>\d\d)"
    r"(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?)?"
    r"(?: ?(?P<name>(?![ap]m\b)[^\W\d_]{1,5}))?(?: ?(?P<offset>[+-]\d{1,2}(?::?\d\d)?))?"
)
_DIGITS = re.compile(r"(\d{8})(\d{4})(\d\d)?")


def iso(text: str, home: ZoneInfo) -> datetime | None:
    """Read a folded text that is a date of ISO 8601; ValueError for one that no calendar has."""
    if digits := _DIGITS.fullmatch(text):
        text = f"{digits[1]}t{digits[2]}{digits[3] or ''}"
    found = _ISO.fullmatch(text)
    if not found or (found["name"] not in (None, "z") and not found["clock"]):
        return None
    clock = clock_time(found["hour"], found["minute"], found["second"], found["fraction"])
    zone = numeric_zone(found["offset"] or "")
    return moment(_day(found), clock, zone or (found["name"] or ""), home)


def _day(found: re.Match[str]) -> date:
    year = int(found["year"])
    if found["week"]:
        return date.fromisocalendar(year, int(found["week"]), int(found["weekday"] or 1))
    if found["ordinal"]:
        day = date(year, 1, 1) + timedelta(days=int(found["ordinal"]) - 1)
        if day.year != year:
            raise ValueError(f"the year {year} has no day {found['ordinal']}")
        return day
    return date(year, int(found["month"] or found["month2"] or 1), int(found["day"] or found["day2"] or 1))
