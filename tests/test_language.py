import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.read.language import language


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("en_GB", "en-GB"),
        (" hy ", "hy"),
        ("sr-cyrl-rs", "sr-Cyrl-RS"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("hyw", "hyw"),
        ("de-CH-1996", "de-CH-1996"),
        ("US", ""),
        ("English", ""),
        ("en-", ""),
        ("e", ""),
        ("", ""),
        ("en, fr", ""),
        ("<en>", ""),
    ],
)
def test_a_language_is_written_as_usual_or_left_out(written, tag):
    assert language(written) == tag


@given(st.text(max_size=20))
def test_a_tag_stays_as_it_is(written):
    tag = language(written)
    assert language(tag) == tag
