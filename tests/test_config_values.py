from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedhub.config import values
from feedhub.config.words import meant, path, quoted

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@settings(deadline=None)
@given(st.integers(0, 36_500), st.sampled_from("smhd"))
def test_a_duration_is_a_number_and_a_unit(number, unit):
    assert values.duration(f"{number}{unit}") == timedelta(**{UNITS[unit]: number})


@pytest.mark.parametrize(
    "value", ["", "5", "m", "5 m", "-5m", "1.5h", "5M", "1h30m", "٣m", 5, True, None, ["5m"]]
)
def test_nothing_else_is_a_duration(value):
    with pytest.raises(ValueError, match="must be a duration"):
        values.duration(value)


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("1 B", 1),
        ("64 KB", 64_000),
        ("64KB", 64_000),
        ("10 MB", 10_000_000),
        ("1.5 GB", 1_500_000_000),
        ("64 KiB", 65_536),
        ("2 MiB", 2_097_152),
        ("1 gib", 2**30),
    ],
)
def test_a_size_is_a_number_and_a_unit(value, size):
    assert values.size(value) == size


@pytest.mark.parametrize("value", ["", "10", "MB", "10 M", "-1 MB", "10  MB", "1e3 KB", "0 KB", 10, True])
def test_nothing_else_is_a_size(value):
    with pytest.raises(ValueError, match="must be"):
        values.size(value)


@pytest.mark.parametrize(
    "tag", ["en", "hy", "hy-AM", "pt-br", "zh-Hans-CN", "es-419", "sl-rozaj-biske", "de-CH-1901", "x-ours"]
)
def test_language_tags_are_those_of_bcp_47(tag):
    assert values.language(tag) == tag


@pytest.mark.parametrize("tag", ["", "e", "en_US", "english", "en-", "-en", "en-US-", "en us", "հայ"])
def test_nothing_else_is_a_language_tag(tag):
    with pytest.raises(ValueError, match="must be a language tag"):
        values.language(tag)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Yerevan", "America/Argentina/Buenos_Aires"])
def test_a_zone_is_one_of_the_table(zone):
    assert values.zone(zone) == zone


@settings(deadline=None)
@given(st.text(max_size=40).filter(lambda text: not text.isascii() or not text.isalnum()))
def test_nothing_else_is_a_zone(text):
    with pytest.raises(ValueError, match="is no time zone") as caught:
        values.zone(text)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("value", "split"),
    [
        ("127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("LocalHost:80", ("localhost", 80)),
        ("[::1]:8000", ("::1", 8000)),
        ("db_1.internal:65535", ("db_1.internal", 65535)),
    ],
)
def test_a_place_is_a_host_and_a_port(value, split):
    assert values.split_place(value) == split
    assert values.split_place(values.place(value)) == split


@pytest.mark.parametrize(
    "value",
    [
        "",
        ":",
        "a",
        "a:",
        ":80",
        "a:0",
        "a:65536",
        "a:x",
        "::1:80",
        "[::1]",
        "[a]:80",
        "a b:80",
        "a/b:80",
        "a:٣",
    ],
)
def test_nothing_else_is_a_place(value):
    with pytest.raises(ValueError, match="must be a host and a port"):
        values.split_place(value)


@pytest.mark.parametrize(
    ("value", "contact"),
    [
        ("", ""),
        ("desk@news.example", "desk@news.example"),
        ("mailto:desk@news.example", "desk@news.example"),
        ("https://news.example/about", "https://news.example/about"),
    ],
)
def test_a_contact_is_an_email_or_web_address(value, contact):
    assert values.contact(value) == contact


@pytest.mark.parametrize("value", ["desk", "a@b\r\nX: y", "a b@c.example", "ftp://a.example/", "@"])
def test_nothing_else_is_a_contact(value):
    with pytest.raises(ValueError, match="must be an e-mail address or a web address"):
        values.contact(value)


@pytest.mark.parametrize(
    "value", ["*", "https://a.example", "http://*.a.example:8080", "a.example", "a.example:*"]
)
def test_a_framer_is_what_a_policy_may_name(value):
    assert values.framer(value) == value


@pytest.mark.parametrize(
    "value", ["", "a b", "a;b", "a,b", "'self'", "a\n", "https://a.example/x", "*.", "ftp://a"]
)
def test_nothing_else_is_a_framer(value):
    with pytest.raises(ValueError, match="must be"):
        values.framer(value)


@settings(deadline=None)
@given(st.text(max_size=100))
def test_a_quoted_text_is_on_one_line_and_short(text):
    shown = quoted(text)
    assert shown.isprintable()
    assert len(shown) < 6 * 70


@settings(deadline=None)
@given(st.text(max_size=30))
def test_what_is_slugged_is_a_slug(text):
    made = values.slugged(text)
    assert not made or values.slug(made) == made


def test_a_key_is_written_as_a_person_counts():
    assert path(("sources", 0, "groups", 2)) == "sources[1].groups[3]"
    assert path(("feeds", "my day", "limit")) == 'feeds."my day".limit'


def test_what_was_meant_is_suggested_only_when_it_is_near():
    assert meant("ulr", ["url", "title"]) == '; did you mean "url"?'
    assert meant("Title", ["url", "title"]) == '; did you mean "title"?'
    assert meant("zzz", ["url", "title"]) == ""
