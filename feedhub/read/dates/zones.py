"""Clock and zone to an instant; what a zone's name means depends on where its source is."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_HALF_A_YEAR = timedelta(days=182)
_UTC_NAMES = frozenset("ut utc gmt z zulu".split())

# What a name means for most who write it, in minutes east of Greenwich.
_MEANINGS = {
    # Europe
    "wet": 0,
    "west": 60,
    "cet": 60,
    "mez": 60,
    "met": 60,
    "bst": 60,
    "cest": 120,
    "mesz": 120,
    "mest": 120,
    "eet": 120,
    "eest": 180,
    "trt": 180,
    "msk": 180,
    "мск": 180,
    "msd": 240,
    "samt": 240,
    # The Caucasus, Central Asia, Siberia
    "get": 240,
    "azt": 240,
    "azst": 300,
    "yekt": 300,
    "almt": 300,
    "uzt": 300,
    "tjt": 300,
    "tmt": 300,
    "kgt": 360,
    "omst": 360,
    "novt": 420,
    "krat": 420,
    "irkt": 480,
    "yakt": 540,
    "vlat": 600,
    "magt": 660,
    "pett": 720,
    # The Middle East, Africa
    "wat": 60,
    "cat": 120,
    "sast": 120,
    "eat": 180,
    "idt": 180,
    "irst": 210,
    "gst": 240,
    "irdt": 270,
    "aft": 270,
    # Asia, the Pacific
    "pkt": 300,
    "ist": 330,
    "npt": 345,
    "bdt": 360,
    "mmt": 390,
    "ict": 420,
    "wib": 420,
    "wita": 480,
    "sgt": 480,
    "myt": 480,
    "hkt": 480,
    "pht": 480,
    "awst": 480,
    "wit": 540,
    "jst": 540,
    "kst": 540,
    "acst": 570,
    "aest": 600,
    "chst": 600,
    "acdt": 630,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
    # The Americas
    "ndt": -150,
    "nst": -210,
    "adt": -180,
    "art": -180,
    "brt": -180,
    "brst": -120,
    "amst": -180,
    "clst": -180,
    "gft": -180,
    "pyt": -180,
    "uyt": -180,
    "amt": -240,
    "ast": -240,
    "bot": -240,
    "clt": -240,
    "edt": -240,
    "vet": -240,
    "cdt": -300,
    "cot": -300,
    "ect": -300,
    "est": -300,
    "pet": -300,
    "cst": -360,
    "mdt": -360,
    "mst": -420,
    "pdt": -420,
    "akdt": -480,
    "pst": -480,
    "akst": -540,
    "hdt": -540,
    "hst": -600,
    "sst": -660,
}
# Zones that call their own time so, or called it so once, though the time zone database does not know:
# there Asia/Yerevan is "+04".
_AT_HOME = {
    "almt": "Asia/Almaty Asia/Qyzylorda",
    "amst": "Asia/Yerevan",
    "amt": "Asia/Yerevan",
    "ast": "Asia/Aden Asia/Baghdad Asia/Bahrain Asia/Kuwait Asia/Qatar Asia/Riyadh",
    "bst": "Asia/Dhaka Pacific/Bougainville",
    "cst": "Australia/Adelaide Australia/Broken_Hill Australia/Darwin",
    "edt": "Australia/Hobart Australia/Melbourne Australia/Sydney",
    "est": "Australia/Brisbane Australia/Hobart Australia/Melbourne Australia/Sydney",
    "gst": "Atlantic/South_Georgia",
    "irkt": "Asia/Irkutsk",
    "krat": "Asia/Krasnoyarsk",
    "magt": "Asia/Magadan",
    "mst": "Asia/Kuala_Lumpur Asia/Kuching Asia/Rangoon Asia/Yangon",
    "novt": "Asia/Novosibirsk",
    "omst": "Asia/Omsk",
    "pyt": "America/Asuncion",
    "samt": "Europe/Samara",
    "sst": "Asia/Singapore",
    "vlat": "Asia/Vladivostok",
    "wst": "Australia/Perth Pacific/Apia",
    "yakt": "Asia/Yakutsk",
    "yekt": "Asia/Yekaterinburg",
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
    if home.key in _AT_HOME.get(name, "").split():
        return home
    return timezone(timedelta(minutes=_MEANINGS[name])) if name in _MEANINGS else None
