"""Our own words in three languages, and days and times as each of them writes these."""

import re
from datetime import UTC, date, datetime
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from babel.messages import pofile
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from editions import DAY, FEED, edition, entry, site
from feedhub.model import Comments
from feedhub.render.interface import LANGUAGES, interface
from feedhub.render.page import page

ROOT = files("feedhub.render")
YEREVAN = ZoneInfo("Asia/Yerevan")
AFTERNOON = datetime(2024, 11, 24, 10, 24, tzinfo=UTC)


def messages() -> set[str | tuple[str, ...]]:
    """Give every message that our templates and our code say."""
    found: set[str | tuple[str, ...]] = set()
    for template in (ROOT / "templates").iterdir():
        tree = Environment().parse(template.read_text(encoding="utf-8"))
        for _, _, said in extract_from_ast(tree, gettext_functions=("say", "count")):
            texts = tuple(text for text in said if text) if isinstance(said, tuple) else (said,)
            found.add(texts[0] if len(texts) == 1 else texts)
    code = (ROOT / "article.py").read_text(encoding="utf-8")
    code += (files("feedhub.search") / "__init__.py").read_text(encoding="utf-8")
    found |= set(re.findall(r'\btext\("([^"]+)"', code))
    found |= set(re.findall(r'interface\.number\("([^"]+)", "([^"]+)"', code))
    return found


def folded(text: str) -> str:
    """Make ordinary spaces of CLDR's narrow ones."""
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_word_of_ours_is_translated_and_nothing_else(language: str) -> None:
    source = (ROOT / "catalogues" / f"{language}.po").read_bytes()
    catalogue = pofile.read_po(BytesIO(source), locale=language)
    translated = {message.id: message for message in catalogue if message.id}
    assert set(translated) == messages()
    for message in translated.values():
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts)
        for text in texts:
            names = message.id if isinstance(message.id, str) else message.id[0]
            assert set(re.findall(r"%\(\w+\)s", text)) == set(re.findall(r"%\(\w+\)s", names)), message.id
        assert not message.fuzzy


@pytest.mark.parametrize(
    ("language", "day", "month", "on_day", "elsewhere"),
    [
        ("en", "Sunday, November 24, 2024", "November 2024", "2:24 PM", "November 24, 2024, 2:24 PM"),
        ("en-GB", "Sunday, 24 November 2024", "November 2024", "14:24", "24 November 2024, 14:24"),
        ("ru", "воскресенье, 24 ноября 2024 г.", "ноябрь 2024 г.", "14:24", "24 ноября 2024 г., 14:24"),
        (
            "hy-AM",
            "2024 թ. նոյեմբերի 24, կիրակի",
            "2024 թ․ նոյեմբեր",
            "14:24",
            "24 նոյեմբերի, 2024 թ., 14:24",
        ),
        ("ka", "Sunday, November 24, 2024", "November 2024", "2:24 PM", "November 24, 2024, 2:24 PM"),
    ],
)
def test_days_and_times_are_written_as_the_language_does(
    language: str, day: str, month: str, on_day: str, elsewhere: str
) -> None:
    ours = interface(language)
    assert (folded(ours.day(DAY)), folded(ours.month(DAY))) == (day, month)
    for on, text in ((DAY, on_day), (date(2024, 11, 23), elsewhere), (None, elsewhere)):
        moment = ours.moment(AFTERNOON, YEREVAN, on=on)
        assert (moment.machine, folded(moment.text)) == ("2024-11-24T10:24:00Z", text)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", {1: "1 comment", 2: "2 comments", 21: "21 comments"}),
        ("ru", {1: "1 комментарий", 2: "2 комментария", 5: "5 комментариев", 11: "11 комментариев"}),
        ("ru", {21: "21 комментарий", 22: "22 комментария", 112: "112 комментариев"}),
        ("hy", {1: "1 մեկնաբանություն", 2: "2 մեկնաբանություն", 21: "21 մեկնաբանություն"}),
    ],
)
def test_numbers_take_the_form_that_goes_with_them(language: str, forms: dict[int, str]) -> None:
    ours = interface(language)
    assert {count: ours.number("%(count)s comment", "%(count)s comments", count) for count in forms} == forms


def test_a_week_begins_where_the_language_begins_it() -> None:
    assert interface("en-US").weekdays()[0] == ("Sun", "Sunday")
    assert interface("ru").weekdays()[0] == ("пн", "понедельник")
    assert [long for _, long in interface("hy-AM").weekdays()][-1] == "կիրակի"


def test_what_is_put_into_a_message_is_escaped() -> None:
    assert interface("ru").text("via %(site)s", site="<b>") == "через &lt;b&gt;"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("hy", ["Անցնել նորություններին", "1 հոդված 1 աղբյուրից", "3 մեկնաբանություն", "Բոլոր օրերը"]),
        ("ru", ["К новостям", "1 статья из 1 источника", "3 комментария", "Все дни"]),
    ],
)
def test_a_page_speaks_the_language_of_its_feed(language: str, said: list[str]) -> None:
    comments = Comments(url="https://morning.example/a/#c", count=3)
    feed = FEED.__class__(name="day", title="Day", language=language, timezone="Asia/Yerevan")
    document = page(edition(entry(comments=comments), feed=feed, day=DAY), site()).decode()
    for words in said:
        assert words in document
    assert "Skip to" not in document
    assert ' lang="en"' not in document
