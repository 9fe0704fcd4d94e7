import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from lxml import html

from feedhub.read.dates import instant
from samples import YEREVAN, find, items, magazine, reading, sample, text, words

DAILIES = ["morning-ru.xml", "morning-hy.xml"]
SCRIPTS = {"morning-ru.xml": "CYRILLIC", "morning-hy.xml": "ARMENIAN"}


def letters(texts: Iterable[str]) -> list[str]:
    """Give the scripts of the letters in texts, markup and addresses left out."""
    plain = " ".join(re.sub(r"<[^>]*>|&#?\w+;", " ", text) for text in texts)
    return [unicodedata.name(letter).split()[0] for letter in plain if letter.isalpha()]


@pytest.mark.parametrize(("name", "language"), [("morning-ru.xml", "ru"), ("morning-hy.xml", "hy")])
def test_each_language_of_the_daily_has_a_feed_in_wordpress_shape(name: str, language: str) -> None:
    home = f"https://morning.example/{language}/"
    channel = find(sample(name), "channel")[0]
    assert text(channel, "language") == language
    assert text(channel, "link") == home
    assert find(channel, "atom:link")[0].attrib["href"] == f"{home}feed/"
    assert text(channel, "lastBuildDate") == text(items(name)[0], "pubDate")
    for item in items(name):
        link = text(item, "link")
        assert link.startswith(home)
        assert re.fullmatch(rf"https://morning\.example/{language}/\?p=\d+", text(item, "guid"))
        assert text(item, "dc:creator")
        assert find(item, "category")
        has_comments = text(item, "slash:comments") != "0"
        assert text(item, "comments") == link + ("#comments" if has_comments else "#respond")
        ending = text(item, "description").splitlines()[-1]
        assert f'<a href="{link}">{text(item, "title")}</a>' in ending
        assert text(item, "content:encoded").splitlines()[-1] == ending


@pytest.mark.parametrize("name", DAILIES)
def test_each_language_of_the_daily_is_written_in_its_own_script(name: str) -> None:
    for item in items(name):
        fields = ("title", "description", "content:encoded", "dc:creator", "category")
        assert set(letters(text(item, field) for field in fields)) == {SCRIPTS[name]}, text(item, "title")


def test_armenian_sentences_end_in_an_armenian_full_stop() -> None:
    for item in items("morning-hy.xml"):
        content = words(html.fromstring(text(item, "content:encoded")))
        assert not re.search(r"[\u0561-\u0587][»”]?:(\s|$)", content)
        assert "։" in content


def test_two_armenian_dates_are_in_armenian_words_and_are_read_all_the_same() -> None:
    stamps = [text(item, "pubDate") for item in items("morning-hy.xml")]
    careless = [stamp for stamp in stamps if not stamp.isascii()]
    assert careless == ["Կիր, 24 Նոյ 2024 12:00:00 +0400", "Ուրբ, 22 նոյեմբերի 2024 19:05:00 +0400"]
    assert [instant(stamp, YEREVAN) for stamp in careless] == [
        datetime(2024, 11, 24, 8, tzinfo=UTC),
        datetime(2024, 11, 22, 15, 5, tzinfo=UTC),
    ]
    times = [entry.published for entry in reading("morning-hy.xml").entries]
    assert times == sorted(times, reverse=True)
    assert all(entry.dated for entry in reading("morning-hy.xml").entries)


@pytest.mark.parametrize(("name", "language"), [("morning-ru.xml", "ru"), ("morning-hy.xml", "hy")])
def test_entries_are_read_with_the_language_of_their_feed(name: str, language: str) -> None:
    assert {entry.language for entry in reading(name).entries} == {language}


def test_one_entry_of_the_magazine_is_in_armenian_and_says_so() -> None:
    named = [item for item in magazine()["items"] if "language" in item]
    assert [item["language"] for item in named] == ["hy"]
    assert set(letters([named[0]["title"], named[0]["content_html"]])) == {"ARMENIAN"}
    languages = {entry.url: entry.language for entry in reading("terrace.json").entries}
    assert languages.pop(named[0]["url"]) == "hy"
    assert set(languages.values()) == {"en"}
