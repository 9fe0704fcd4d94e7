"""Our own words on the pages, in the reader's language, and days and times as it writes them. Pure.

The one user of Babel. Words are those of gettext catalogues (`catalogues/`), dates those of CLDR.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates
from babel.messages import mofile, pofile
from markupsafe import Markup

from feedhub.render.dates import rfc3339
from feedhub.render.direction import primary

LANGUAGES = ("en", "hy", "ru")  # the first is that of the words in our code, and for all other languages


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An instant, for machines and for people."""

    machine: str  # RFC 3339, UTC
    text: str  # local


class Interface:
    """Our own words in one language."""

    def __init__(self, language: str) -> None:
        self.language = language  # BCP 47
        self._locale = _locale(language)
        self._words = _translations(primary(language))
        # Asked for once, not for every moment.
        self._time = dates.get_time_format("short", locale=self._locale)
        self._date = dates.get_date_format("long", locale=self._locale)
        # There are few days and minutes, and each takes longer to write than an entry's other words.
        self._written = lru_cache(maxsize=4096)(self._write)
        self._both = str(dates.get_datetime_format("medium", locale=self._locale)).replace("'", "")

    def text(self, message: str, **said: object) -> Markup:
        """Give a message; what is put into it is escaped, unless it is markup."""
        return Markup(self._words.gettext(message)) % said  # noqa: S704 - the message is our own

    def number(self, one: str, many: str, count: int) -> str:
        """Give a message in the form that goes with a number."""
        return self._words.ngettext(one, many, count) % {"count": count}

    def day(self, day: date) -> str:
        """Write a day with its weekday: Sunday, 24 November 2024."""
        return str(dates.format_date(day, "full", locale=self._locale))

    def month(self, day: date) -> str:
        """Write the month of a day: November 2024."""
        return str(dates.format_skeleton("yMMMM", day, locale=self._locale))

    def weekdays(self) -> list[tuple[str, str]]:
        """Give the weekdays from the first of the week on, short and whole."""
        names = self._locale.days["stand-alone"]
        order = [(self.first_weekday + number) % 7 for number in range(7)]
        return [(names["abbreviated"][number], names["wide"][number]) for number in order]

    @property
    def first_weekday(self) -> int:
        """Give the day that a week begins with; 0 = Monday."""
        return int(self._locale.first_week_day)

    def moment(self, instant: datetime, zone: ZoneInfo, *, on: date | None = None) -> Moment:
        """Write an instant as local time; the date is left out on the day `on`."""
        local = instant.astimezone(zone)
        text = self._written(self._time, local.time().replace(second=0, microsecond=0))
        if local.date() != on:
            text = self._both.replace("{0}", text).replace("{1}", self._written(self._date, local.date()))
        return Moment(machine=rfc3339(instant), text=text)

    def _write(self, form: dates.DateTimePattern, when: date | time) -> str:
        return str(form.apply(when, self._locale))


@lru_cache
def interface(language: str) -> Interface:
    """Give our words in a language (BCP 47), or in English if we have none in it."""
    return Interface(language if primary(language) in LANGUAGES else LANGUAGES[0])


def _locale(language: str) -> Locale:
    """Give the CLDR locale of a tag: with its country, if CLDR knows it there."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(primary(language))


def _translations(language: str) -> NullTranslations:
    if language == LANGUAGES[0]:
        return NullTranslations()
    source = (files("feedhub.render") / "catalogues" / f"{language}.po").read_bytes()
    compiled = BytesIO()
    mofile.write_mo(compiled, pofile.read_po(BytesIO(source), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
