"""Dates as RFC 822 has them, and as people write them for people.

First the time of day is found and taken out, then the zone behind it; what is left must hold a day, as
numbers or with a month's name. Other words (weekdays, "at", "de") are passed over.
"""

import re
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from feedhub.read.dates.months import MONTHS, folded
from feedhub.read.dates.zones import clock_time, moment, named_zone, numeric_zone

_BUDDHIST = 2500  # from here on a year is one of Thailand's
_MOST_WORDS = 8  # a text with more is prose
_COMMENT = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W\d_]+")
_CLOCKS = (
    re.compile(r"(?<!\d)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?(?!\d)"),
    re.compile(r"(?<!\d)(\d{1,2}) ?[時时点點] ?(\d{1,2}) ?分(?: ?(\d{1,2}) ?秒)?()"),
    re.compile(r"(?<![\d.])(\d{1,2}) ?h ?(\d\d)?()()(?!\w)"),
    re.compile(r"(?<![\d.])(\d{1,2})()()()(?= ?[ap]\.? ?m\b)"),
    re.compile(r"(?<![\d.])(\d{1,2})\.(\d\d)()()(?![\d.])"),
)
_HALF = re.compile(r" ?(?:(?P<half>[ap])\.? ?m\b\.?|(?P<letter>[مص])(?!\w))")
_AM, _PM = map(folded, ("오전", "오후"))  # folding takes syllables of Hangul apart
_HALF_BEFORE = re.compile(rf"(?P<half>[上下])?午(?P<letter>[前後])? ?$|(?P<korean>{_AM}|{_PM}) ?$")
_AFTERNOON = frozenset({*"pم下後", _PM})
_OFFSETS = (
    re.compile(r"\b(?:gmt|utc?) ?(?P<offset>[+-] ?\d{1,2}(?::?\d\d)?)(?![\d.:/])"),
    re.compile(r"(?<![\d./-])(?P<offset>[+-]\d\d:?\d\d)(?![\d.:/])"),
    re.compile(r"^ ?(?P<offset>[+-]\d{1,2}(?::?\d\d)?)(?![\d.:/-])"),
)
_YEAR, _MONTH = (f"(?:{sign}|{folded(korean)})" for sign, korean in (("[./年-]", "년"), ("[./月-]", "월")))
_NUMERIC = re.compile(rf"(?<![\d./-])(\d{{1,4}}) ?{_YEAR} ?(\d{{1,2}}) ?{_MONTH} ?(\d{{1,4}})(?![\d/])")
# The month's number where its name should be: 24 11월 2024, 24 11月 2024, 24 tháng 11 năm 2024.
_NUMBERED = re.compile(
    rf"(?<!\d)(\d{{1,2}}),? (?:thang )?(\d{{1,2}}) ?(?:{folded('월')}|月|(?<=thang \d)|(?<=thang \d\d)),?"
    r" (?:nam )?(\d{4})(?!\d)"
)
_YEAR_MONTH = re.compile(r"(?<![\d./-])(\d{4}) ?[./年-] ?(\d{1,2})(?![\d./-])")
_MONTH_YEAR = re.compile(r"(?<![\d./-])(\d{1,2}) ?[./-] ?(\d{4})(?![\d./-])")


def written(text: str, home: ZoneInfo) -> datetime | None:
    """Read a folded text with a date in it; ValueError for one that no calendar or clock has."""
    text = _COMMENT.sub(" ", text)
    if len(_WORD.findall(text)) > _MOST_WORDS:
        return None
    clock, before, after = _clock(text)
    zone, after = _numeric_zone(after)
    day = _day(f"{before} {after}")
    if not day:
        return None
    return moment(day, clock, zone or _zone_name(after, day, home), home)


def _clock(text: str) -> tuple[timedelta | None, str, str]:
    """Find the time of day; give it with what stands before and after. Without one, all stands after."""
    for pattern in _CLOCKS:
        if found := pattern.search(text):
            break
    else:
        return None, "", text
    before, after = text[: found.start()], text[found.end() :]
    half = _HALF.match(after)
    if half:
        after = after[half.end() :]
    else:
        half = _HALF_BEFORE.search(before)
    mark = next(filter(None, half.groups()), "") if half else ""
    hour = found[1]
    if mark and int(hour) <= 12:
        hour = str(int(hour) % 12 + (12 if mark in _AFTERNOON else 0))
    return clock_time(hour, found[2], found[3], found[4]), before, after


def _numeric_zone(after: str) -> tuple[tzinfo | None, str]:
    """Find an offset from Greenwich behind the time; give it with what is left."""
    for pattern in _OFFSETS:
        if found := pattern.search(after):
            rest = f"{after[: found.start()]} {after[found.end() :]}"
            return numeric_zone(found["offset"]), rest
    return None, after


def _zone_name(after: str, day: date, home: ZoneInfo) -> str:
    """Give the first word behind the time that names a zone, or ""."""
    local = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - which zone it is in is the question
    words = (word for word in _WORD.findall(after) if word not in MONTHS)
    return next((word for word in words if named_zone(word, local, home)), "")


def _day(text: str) -> date | None:
    if numeric := _NUMERIC.search(text) or _NUMBERED.search(text):
        return _numeric_day(*numeric.groups())
    months = [MONTHS[word] for word in _WORD.findall(text) if word in MONTHS]
    if months:
        # The last, for in some languages a weekday's short form is also a month's: "mar. 24 nov. 2024".
        return _named_day(months[-1], re.findall(r"\d+", text))
    if found := _YEAR_MONTH.search(text):
        return date(int(found[1]), int(found[2]), 1)
    if found := _MONTH_YEAR.search(text):
        return date(int(found[2]), int(found[1]), 1)
    return None


def _numeric_day(first: str, second: str, third: str) -> date | None:
    """Give the day of three numbers: year first if that is the long one, else day first where that can be."""
    if len(first) == 4:
        return date(int(first), int(second), int(third))
    if len(first) > 2:
        return None
    day, month = int(first), int(second)
    if month > 12 >= day:
        day, month = month, day
    return date(_year(third), month, day)


def _named_day(month: int, numbers: list[str]) -> date | None:
    """Give the day of a month by name, and of its other numbers: the long one, else the last, is the year."""
    match numbers:
        case [year] if len(year) == 4:
            return date(_year(year), month, 1)
        case [year, day] if len(year) == 4:
            return date(_year(year), month, int(day))
        case [day, year]:
            return date(_year(year), month, int(day))
        case _:
            return None


def _year(digits: str) -> int:
    """Give the year of two, three or four digits (RFC 5322, 4.3), also of the Buddhist calendar."""
    number = int(digits)
    match len(digits):
        case 4 if _BUDDHIST <= number < _BUDDHIST + 300:
            return number - 543
        case 2:
            return number + (2000 if number < 50 else 1900)
        case 3:
            return number + 1900
        case _:
            return number
