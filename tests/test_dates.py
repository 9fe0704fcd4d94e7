"""Every form of date that sources use, and the instant that it means."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.read.dates import EARLIEST, LATEST, instant
from feedhub.read.dates.months import NAMES, folded

YEREVAN = ZoneInfo("Asia/Yerevan")  # +04:00 all year in 2024


def read(text, zone="Asia/Yerevan"):
    return instant(text, ZoneInfo(zone))


# 2024-11-24 14:24 in Yerevan, in many ways
SAME = """
Sun, 24 Nov 2024 14:24:00 +0400
Sun, 24 Nov 2024 14:24:00 +04:00
Sun, 24 Nov 2024 14:24:00 +4
Sun, 24 Nov 2024 14:24:00 GMT+4
Sun, 24 Nov 2024 14:24:00 +400
Sun, 24 Nov 2024 14:24:00 +4:00
Sun, 24 Nov 2024 14:24+400
Sun, 24 Nov 2024 14:24:00 GMT +04:00
Sun, 24 Nov 2024 14:24:00 UTC+0400
Sun, 24 Nov 2024 10:24:00 GMT
Sun, 24 Nov 2024 10:24:00 UT
Sun, 24 Nov 2024 10:24:00 UTC
Sun, 24 Nov 2024 10:24:00 Z
Sun, 24 Nov 2024 10:24:00 -0000
Sun, 24 Nov 2024 05:24:00 EST
Sun, 24 Nov 2024 05:24:00 -0500 (EST)
Sun, 24 Nov 2024 05:24:00 -0500 EST
Sun, 24 Nov 2024 02:24:00 PST
Sun, 24 Nov 2024 11:24:00 CET
Sun, 24 Nov 2024 13:24:00 MSK
Sun, 24 Nov 2024 14:24:00 AMT
Sun, 24 Nov 2024 14:24:00 GET
Sun, 24 Nov 2024 14:24:00 XYZ
Sun, 24 Nov 2024 14:24:00
Sun, 24 Nov 2024 14:24
Sun, 24 Nov 24 14:24:00 +0400
Sun,24 Nov 2024 14:24:00 +0400
Sun 24 Nov 2024 14:24:00 +0400
Sunday, 24 November 2024 14:24:00 +0400
Sunday, 24-Nov-24 10:24:00 GMT
Mon, 24 Nov 2024 14:24:00 +0400
Sun (Sunday), 24 Nov 2024 (the 24th) 14:24:00 +0400 (Yerevan)
24 Nov 2024 14:24:00 +0400
24 Nov 2024 14:24 +0400
24 NOV 2024 14:24:00 +0400
24 Nov 124 14:24:00 +0400
24-Nov-2024 14:24:00 +0400
2024 Nov 24 14:24:00 +0400
24 Nov 2024, 14:24:00.000 +0400
Sun Nov 24 14:24:00 2024
Sun Nov 24 14:24:00 2024 +0400
Sun Nov 24 14:24:00 +0400 2024
Sun Nov 24 14:24:00 AMT 2024
Sun Nov 24 10:24:00 UTC 2024
Sun Nov 24 2024 14:24:00 GMT+0400 (Armenia Standard Time)
November 24,2024 14:24
November 24, 2024 14:24
Nov. 24, 2024, 2:24 PM
Nov 24, 2024 2:24 p.m.
Nov 24, 2024 2:24 p. m.
Nov 24, 2024 at 2:24pm
Sunday, November 24th, 2024 at 14:24
Sunday 24th of November 2024 14:24
November 24, 2024 - 14:24
14:24, 24 November 2024
14:24 24.11.2024
24.11.2024 14:24
24.11.24 14:24
24.11.2024, 14.24 Uhr
24.11.2024 - 14:24
24/11/2024 14:24
11/24/2024 14:24
11/24/2024 2:24:00 PM
24-11-2024 14:24
2024/11/24 14:24
2024.11.24 14:24
2024-11-24T14:24:00+04:00
2024-11-24T14:24:00+0400
2024-11-24T14:24:00+04
2024-11-24T14:24:00 +04:00
2024-11-24t10:24:00z
2024-11-24T10:24:00Z
2024-11-24T10:24Z
2024-11-24T10:24:00.000Z
2024-11-24T10:24:00,0Z
2024-11-24T10:24:00.000000000Z
2024-11-24 10:24:00Z
2024-11-24 10:24:00 UTC
2024-11-24 14:24:00 AMT
2024-11-24 14:24:00 +0400
2024-11-24T14:24:00GMT+4
2024-11-24T14:24:00[Asia/Yerevan]
2024-11-24T14:24:00
2024-11-24 14:24
2024-11-24 2:24 pm
20241124T102400Z
20241124T1024Z
20241124T142400
20241124142400
202411241424
2024-W47-7T14:24
2024W477T1424
2024-329T14:24
2024329T142400
1732443840
1732443840.0
1732443840000
24 նոյեմբերի, 2024 14:24
24 Նոյեմբեր 2024, 14:24
կիրակի, 24 նոյ. 2024 14:24
24 ноября 2024, 14:24
Воскресенье, 24 ноября 2024 г. в 14:24
24 нояб. 2024 14:24
вс, 24 Ноя 2024 13:24 МСК
24 листопада 2024 14:24
24. November 2024 14:24
So., 24. Nov. 2024, 11:24 Uhr MEZ
dimanche 24 novembre 2024 à 14h24
dim. 24 nov. 2024 14:24
24 de noviembre de 2024, 14:24
dom, 24 nov 2024 14:24
domenica 24 novembre 2024, ore 14:24
24 de Novembro de 2024 às 14h24
24 ნოემბერი, 2024 14:24
24 نوفمبر 2024 14:24
٢٤ نوفمبر ٢٠٢٤ ٢:٢٤ م
24 تشرين الثاني 2024 14:24
24 Kasım 2024 Pazar 14:24
24 KASIM 2024 14:24
zo, 24 nov 2024 14:24
sön, 24 november 2024 14:24
søndag 24. november 2024 kl. 14:24
su 24. marraskuuta 2024 14:24
niedziela, 24 listopada 2024, 14:24
nie, 24 lis 2024 14:24:00 +0400
neděle 24. listopadu 2024 14:24
24. novembra 2024 14:24
2024. november 24., vasárnap 14:24
duminică, 24 noiembrie 2024 14:24
D, 24 noi. 2024 14:24
Κυριακή, 24 Νοεμβρίου 2024 14:24
24 Νοε 2024 14:24
неделя, 24 ноември 2024 14:24
недеља, 24. новембар 2024. 14:24
24 лістапада 2024 14:24
24 қараша 2024 14:24
24 noyabr 2024 14:24
2024 m. lapkričio 24 d. 14:24
svētdiena, 2024. gada 24. novembris 14:24
24 בנובמבר 2024 14:24
۲۴ نوامبر ۲۰۲۴ ۱۴:۲۴
24 พฤศจิกายน 2567 14:24
24 tháng 11, 2024 14:24
Chủ nhật, 24/11/2024 - 14:24 (GMT+4)
일, 24 11월 2024 14:24:00 +0400
2024년 11월 24일 14:24
2024년 11월 24일 오후 2:24
日, 24 11月 2024 14:24:00 +0400
星期日, 24 十一月 2024 14:24:00 +0400
2024年11月24日 14:24
2024年11月24日14时24分
2024年11月24日 下午2:24
24\u00a0Nov\u00a02024 14:24
Sun, 24 Nov 2024 10:24:00 \u22120000
"""


@pytest.mark.parametrize("text", SAME.strip().splitlines())
def test_one_instant_has_many_forms(text):
    assert read(text) == datetime(2024, 11, 24, 10, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 24 Nov 2024 4:35:5 GMT+9", "2024-11-23T19:35:05"),
        ("Sun, 24 Nov 2024 04:35:05 +0545", "2024-11-23T22:50:05"),
        ("Sun, 24 Nov 2024 04:35:05 -12", "2024-11-24T16:35:05"),
        ("Sun, 24 Nov 2024 12:00 AM GMT", "2024-11-24T00:00:00"),
        ("Sun, 24 Nov 2024 12:00 PM GMT", "2024-11-24T12:00:00"),
        ("Sun, 24 Nov 2024 9 am GMT", "2024-11-24T09:00:00"),
        ("Sun, 24 Nov 2024 14:24 PM GMT", "2024-11-24T14:24:00"),
        ("24 Nov 1999 00:00:00 GMT", "1999-11-24T00:00:00"),
        ("24 Nov 99 00:00:00 GMT", "1999-11-24T00:00:00"),
        ("2024-11-24T24:00:00Z", "2024-11-25T00:00:00"),
        ("2024-11-24T23:59:60Z", "2024-11-25T00:00:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00"),
        ("Sun, 24 Nov 2024 23:59:60 GMT", "2024-11-25T00:00:00"),
        ("2024-11-24T10:24:00.123456789Z", "2024-11-24T10:24:00.123456"),
        ("2024-11-24T10:24:00.5Z", "2024-11-24T10:24:00.500000"),
        ("1732443840.25", "2024-11-24T10:24:00.250000"),
        ("1732443840123", "2024-11-24T10:24:00.123000"),
        ("2024-11-24T10Z", "2024-11-24T10:00:00"),
        ("2024-11-24Z", "2024-11-24T00:00:00"),
        ("2024-11-24+05:30", "2024-11-23T18:30:00"),
        # 2024-11-24, and shorter: the start of the day, month or year in Yerevan
        ("2024-11-24", "2024-11-23T20:00:00"),
        ("20241124", "2024-11-23T20:00:00"),
        ("2024-W47-7", "2024-11-23T20:00:00"),
        ("2024-W48", "2024-11-24T20:00:00"),
        ("2024-329", "2024-11-23T20:00:00"),
        ("24.11.2024", "2024-11-23T20:00:00"),
        ("24 ноября 2024", "2024-11-23T20:00:00"),
        ("1er décembre 2024", "2024-11-30T20:00:00"),
        ("mar. 26 nov. 2024", "2024-11-25T20:00:00"),
        ("November 2024", "2024-10-31T20:00:00"),
        ("11/2024", "2024-10-31T20:00:00"),
        ("2024-11", "2024-10-31T20:00:00"),
        ("2024/11", "2024-10-31T20:00:00"),
        ("2024", "2023-12-31T20:00:00"),
        ("05/04/2024 12:00 GMT", "2024-04-05T12:00:00"),
        ("04/25/2024 12:00 GMT", "2024-04-25T12:00:00"),
        ("29 Feb 2024 00:00 GMT", "2024-02-29T00:00:00"),
        ("24 Nov 2024 14:24 +2500", "2024-11-24T10:24:00"),
        ("1990-01-01T00:00:00Z", "1990-01-01T00:00:00"),
        ("2200-12-31T23:59:59Z", "2200-12-31T23:59:59"),
    ],
)
def test_each_form_means_its_own_instant(text, expected):
    assert read(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "zone", "hours"),
    [
        ("AMT", "Asia/Yerevan", 4),
        ("AMT", "America/Manaus", -4),
        ("AMT", "Europe/Berlin", -4),
        ("IST", "Asia/Kolkata", 5.5),
        ("IST", "Asia/Jerusalem", 2),
        ("IST", "Europe/Dublin", 1),
        ("IST", "UTC", 5.5),
        ("CST", "Asia/Shanghai", 8),
        ("CST", "America/Chicago", -6),
        ("CST", "America/Havana", -5),
        ("CST", "UTC", -6),
        ("BST", "Europe/London", 1),
        ("BST", "Asia/Dhaka", 6),
        ("AST", "Asia/Riyadh", 3),
        ("AST", "America/Halifax", -4),
        ("GST", "Asia/Dubai", 4),
        ("EST", "Australia/Brisbane", 10),
        ("EST", "Europe/Paris", -5),
        ("PST", "Asia/Manila", 8),
        ("MSK", "Asia/Yerevan", 3),
        ("CEST", "UTC", 2),
        ("GMT", "Europe/London", 0),
        ("NZDT", "UTC", 13),
        ("PST", "Asia/Shanghai", -8),
        ("YEKT", "Asia/Omsk", 5),
        ("XYZ", "Asia/Yerevan", 4),
    ],
)
def test_the_name_of_a_zone_means_what_it_can_mean_at_the_source(name, zone, hours):
    local = datetime(2024, 11, 24, 14, 24, tzinfo=UTC)
    expected = local - timedelta(hours=hours)
    assert read(f"Sun, 24 Nov 2024 14:24:00 {name}", zone) == expected
    assert read(f"2024-11-24T14:24:00 {name}", zone) == expected
    assert read(f"Sun Nov 24 14:24:00 {name} 2024", zone) == expected


def test_the_name_of_a_zone_means_what_it_meant_then():
    assert read("1 Jul 2013 12:00 MSK", "Europe/Moscow") == datetime(2013, 7, 1, 8, tzinfo=UTC)
    assert read("1 Jul 2024 12:00 MSK", "Europe/Moscow") == datetime(2024, 7, 1, 9, tzinfo=UTC)
    assert read("1 Jul 2024 12:00 EST", "America/New_York") == datetime(2024, 7, 1, 17, tzinfo=UTC)


def test_a_local_time_that_the_clocks_skip_or_repeat_is_the_first_it_can_be():
    assert read("2024-03-31T02:30:00", "Europe/Berlin") == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
    assert read("2024-10-27T02:30:00", "Europe/Berlin") == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00"),  # midnight was skipped
        ("2024-11-03", "America/Havana", "2024-11-03T04:00"),  # midnight came twice
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00"),  # the whole day was skipped
    ],
)
def test_a_day_begins_with_its_first_instant(day, zone, expected):
    assert read(day, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "never",
        "yesterday",
        "14:24",
        "Sunday",
        "24 November",
        "24",
        "0",
        "-1",
        "1",
        "12345",
        "0000-00-00T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 24 Nov 1976 00:00:00 GMT",
        "1989-12-31T23:59:59Z",
        "2201-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-15:00",
        "10000-01-01",
        "99999999999999999999",
        "2024-13-01",
        "2024-02-30",
        "2024-W54-1",
        "2023-366",
        "2024-000",
        "30 Feb 2024 00:00 GMT",
        "24 Nov 2024 25:00 GMT",
        "24 Nov 2024 14:60 GMT",
        "24 Nov 2024 14:24:61 GMT",
        "2024-11-24T24:00:02Z",
        "5 Nowember 2024",
        "24/24/2024",
        "1.2.3.4",
        "version 1.2 of 3",
        "24 Nov 2024 25 26",
        "a text of many words about what may have come to pass on 24 Nov 2024",
        "x" * 100_000,
        "1" * 100_000,
        "(" * 100_000,
        " " * 100_000,
        "24 Nov 2024 14:24" + "0" * 100_000,
    ],
)
def test_what_is_no_date_is_none(text):
    assert read(text) is None


# ── For every input ──────────────────────────────────────────────────────────────────────────────

zones = st.sampled_from(
    ["UTC", "Asia/Yerevan", "America/New_York", "Europe/Dublin", "Asia/Kolkata", "Pacific/Apia"]
).map(ZoneInfo)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1990, 1, 2), datetime(2200, 12, 30), timezones=offsets)  # noqa: DTZ001


@settings(deadline=None)
@given(moments, zones)
def test_rfc_3339_comes_back_from_any_zone(moment, zone):
    assert instant(moment.isoformat(), zone) == moment


@settings(deadline=None)
@given(moments, zones)
def test_rfc_822_comes_back_from_any_zone(moment, zone):
    moment = moment.replace(microsecond=0)
    assert instant(format_datetime(moment), zone) == moment


@settings(deadline=None)
@given(
    st.builds(
        "{} {} {} {}:{}:{} {}".format,
        st.sampled_from(["01", "29", "31", "1", "00"]),
        st.sampled_from("Jan Feb Nov Dec".split()),
        st.sampled_from("1899 1989 1999 2024 2200 2567".split()),
        *[st.sampled_from("00 09 23 24 59 60 61".split())] * 3,
        st.sampled_from("GMT EST +0000 -0330 +1545 +1600 -0460".split()),
    )
    | st.builds(
        "{}-{}-{}T{}:{}:{}{}{}".format,
        st.sampled_from("1899 1989 2024 2201".split()),
        *[st.sampled_from("01 02 13 29 31".split())] * 2,
        *[st.sampled_from("00 09 23 24 59 60 61".split())] * 3,
        st.sampled_from(["", ".5", ".123456", ".1234567"]),
        st.sampled_from("Z +00:00 -03:30 +15:45 +16:00 -04:60".split()),
    ),
    zones,
)
def test_what_is_read_the_short_way_means_what_it_means_otherwise(text, zone):
    assert instant(text, zone) == instant(text.lower(), zone)


@given(moments, zones)
def test_epoch_seconds_and_milliseconds_come_back(moment, zone):
    moment = moment.replace(microsecond=0)
    seconds = int(moment.timestamp())
    assert instant(str(seconds), zone) == moment
    if seconds < 10**10:
        assert instant(f"{seconds}000", zone) == moment


pieces = st.sampled_from(
    "24 Nov 2024 14:24 +0400 -9 GMT AMT T Z W47 pm p.m. . : - / , ( ) h 年 午後 ноября 99999 00 ² ٢ İ".split()
)


@settings(deadline=None)
@given(
    st.text(max_size=200) | st.lists(pieces, max_size=12).map(" ".join) | st.lists(pieces).map("".join), zones
)
def test_no_text_raises(text, zone):
    found = instant(text, zone)
    assert found is None or (EARLIEST <= found < LATEST and found.tzinfo is UTC)


def test_no_name_stands_for_two_months():
    numbers = [word for word in NAMES.split() if word.isdigit()]
    assert numbers == [str(number) for number in range(1, 13)]
    named = {}
    for word in NAMES.split():
        if word.isdigit():
            number = int(word)
        else:
            assert named.setdefault(folded(word), number) == number, word
