"""Clock and zone to an instant; what a zone's name means depends on where its source is."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_HALF_A_YEAR = timedelta(days=182)
_UTC_NAMES = frozenset("ut utc gmt z zulu".split())

# What a name can mean, in minutes east of Greenwich; where the source's zone does not decide, the first.
# (Many zones have no names in the time zone database: Asia/Yerevan is "+04" there.)
_MEANINGS = {
    # Europe
    "wet": (0,),
    "west": (60,),
    "cet": (60,),
    "mez": (60,),
    "met": (60,),
    "cest": (120,),
    "mesz": (120,),
    "mest": (120,),
    "eet": (120,),
    "eest": (180,),
    "bst": (60, 360, 660),  # British, Bangladesh, Bougainville
    "ist": (330, 120, 60),  # India, Israel, Ireland
    "idt": (180,),
    "msk": (180, 240),  # four hours from 2011 to 2014
    "мск": (180, 240),
    "msd": (240,),
    "samt": (240, 300),
    "trt": (180,),
    # The Caucasus, Central Asia, Siberia
    "amt": (-240, 240),  # Amazon, Armenia
    "amst": (-180, 300),
    "get": (240,),
    "azt": (240,),
    "azst": (300,),
    "yekt": (300, 360),
    "uzt": (300,),
    "tjt": (300,),
    "tmt": (300,),
    "almt": (360, 300),
    "kgt": (360,),
    "omst": (360, 420),
    "novt": (420, 360),
    "krat": (420, 480),
    "irkt": (480, 540),
    "yakt": (540, 600),
    "vlat": (600, 660),
    "magt": (660, 720),
    "pett": (720,),
    # The Middle East, Africa
    "ast": (-240, 180),  # Atlantic, Arabia
    "gst": (240, -120, 600),  # Gulf, South Georgia, Guam
    "irst": (210,),
    "irdt": (270,),
    "aft": (270,),
    "cat": (120,),
    "eat": (180,),
    "wat": (60,),
    "sast": (120,),
    # Asia, the Pacific
    "pkt": (300,),
    "npt": (345,),
    "bdt": (360, 480),
    "mmt": (390,),
    "ict": (420,),
    "wib": (420,),
    "wita": (480,),
    "wit": (540,),
    "sgt": (480,),
    "myt": (480,),
    "hkt": (480,),
    "pht": (480,),
    "awst": (480,),
    "jst": (540,),
    "kst": (540,),
    "acst": (570,),
    "acdt": (630,),
    "aest": (600,),
    "aedt": (660,),
    "nzst": (720,),
    "nzdt": (780,),
    "chst": (600,),
    # The Americas
    "nst": (-210,),
    "ndt": (-150,),
    "adt": (-180, 240),
    "est": (-300, 600),
    "edt": (-240, 660),
    "cst": (-360, 480, -300, 570),  # North America, China, Cuba, central Australia
    "cdt": (-300, 540, -240),
    "mst": (-420, 480, 390),  # Mountain, Malaysia, Myanmar
    "mdt": (-360,),
    "pst": (-480, 480),  # Pacific, Philippines
    "pdt": (-420,),
    "akst": (-540,),
    "akdt": (-480,),
    "hst": (-600,),
    "hdt": (-540,),
    "sst": (-660, 480),  # Samoa, Singapore
    "art": (-180,),
    "brt": (-180,),
    "brst": (-120,),
    "bot": (-240,),
    "clt": (-240,),
    "clst": (-180,),
    "cot": (-300,),
    "ect": (-300,),
    "pet": (-300,),
    "pyt": (-240, -180),
    "uyt": (-180,),
    "vet": (-240,),
    "gft": (-180,),
}


_OFFSET = re.compile(r"([+-]) ?(\d{1,2}):?(\d\d)?")
_MOST_HOURS = 15  # east or west of Greenwich


def clock_time(
    hour: str | None, minute: str | None, second: str | None, fraction: str | None
) -> timedelta | None:
    """Give a time of day, from midnight, 24:00 and leap seconds included; None without an hour.

    ValueError for a time that no clock shows.
    """
    if not hour:
        return None
    hours, minutes, seconds = int(hour), int(minute or 0), int(second or 0)
    clock = timedelta(
        hours=hours,
        minutes=minutes,
        seconds=seconds,
        microseconds=int((fraction or "")[:6].ljust(6, "0")),
    )
    if minutes > 59 or seconds > 60 or clock > timedelta(days=1, seconds=1):
        raise ValueError(f"no clock shows {hours}:{minutes}:{seconds}")
    return clock


def numeric_zone(offset: str) -> timezone | None:
    """Give the zone of "+0400", "+04:00" or "+4"; None for what no zone on earth has."""
    found = _OFFSET.fullmatch(offset)
    if not found:
        return None
    hours, minutes = int(found[2]), int(found[3] or 0)
    if hours > _MOST_HOURS or minutes > 59:
        return None
    east = timedelta(hours=hours, minutes=minutes)
    return timezone(east if found[1] == "+" else -east)


def moment(day: date, clock: timedelta | None, zone: tzinfo | str, home: ZoneInfo) -> datetime:
    """Give the instant of a day and a time in a zone, or in one by its name; else in the source's own."""
    local = datetime.combine(day, time()) + (clock or timedelta())
    if isinstance(zone, str):
        zone = named_zone(zone, local, home) or home
    return local.replace(tzinfo=zone).astimezone(UTC)


def named_zone(name: str, local: datetime, home: ZoneInfo) -> tzinfo | None:
    """Give what a zone's name, folded, means for a source at home in a zone; None if nothing.

    `local` is the naive time that it stands with: what a name means has changed over the years.
    """
    if not name:
        return None
    if name in _UTC_NAMES:
        return UTC
    near = [(local + shift).replace(tzinfo=home) for shift in (timedelta(), _HALF_A_YEAR, -_HALF_A_YEAR)]
    for at_home in near:
        if (at_home.tzname() or "").lower() == name:
            return timezone(at_home.utcoffset() or timedelta())
    possible = [timedelta(minutes=minutes) for minutes in _MEANINGS.get(name, ())]
    if not possible:
        return None
    offsets = (at_home.utcoffset() for at_home in near)
    return timezone(next((offset for offset in offsets if offset in possible), possible[0]) or timedelta())
