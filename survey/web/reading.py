"""How the person at this page reads and writes: language of the page and of the questions,
numbers, dates and hours of their country."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale as BabelLocale
from babel.core import get_global
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import get_decimal_symbol, get_group_symbol
from flask import g
from flask_babel import get_locale
from markupsafe import Markup

from survey.core.instrument import Instrument, say
from survey.core.types import Locale, NumberFormat
from survey.web.languages import DEFAULT

UTC: Final = ZoneInfo("UTC")
# Countries with several zones: the hour of the seat of government.
CAPITALS: Final = {
    "AR": "America/Argentina/Buenos_Aires",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "EC": "America/Guayaquil",
    "MX": "America/Mexico_City",
    "US": "America/New_York",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """`page` is the language of the page, `content` that of the questions on it; they differ when
    the questionnaire is not in the language of the page."""

    page: str
    content: str
    babel: BabelLocale
    zone: tzinfo
    today: date
    locale: Locale

    def say(self, text: dict[str, str]) -> str:
        """A text of the questionnaire in the language of the questions."""
        return say(text, self.content)

    @property
    def lang(self) -> str:
        """What a `lang` attribute around questions says; "" when they speak as the page does."""
        return "" if self.content == self.page else self.content

    def marked(self, text: dict[str, str]) -> str:
        """The same text, marked with its language when that is not the page's."""
        said = self.say(text)
        if not self.lang or not said:
            return said
        return Markup('<span lang="{}">{}</span>').format(self.lang, said)

    def hour(self, moment: datetime) -> str:
        """When something happened: the hour if today, else the day."""
        here = moment.astimezone(self.zone)
        if here.date() == self.today:
            return _hour(here.hour, here.minute, self.babel)
        return _short_day(here.date(), self.babel)

    def moment(self, moment: datetime) -> str:
        """Day and hour."""
        here = moment.astimezone(self.zone)
        return f"{_short_day(here.date(), self.babel)}, {_hour(here.hour, here.minute, self.babel)}"

    def day(self, day: date) -> str:
        """A day in words."""
        return format_date(day, "long", self.babel)


def reader_of(instrument: Instrument | None = None) -> Reader:
    """How the person at this page reads `instrument`; without one, the page alone."""
    babel = get_locale() or BabelLocale.parse(DEFAULT)
    page = str(babel.language)
    languages = instrument.languages if instrument else (page,)
    zone = zone_of(g.get("territory") or "")
    return Reader(
        page=page,
        content=page if page in languages else languages[0],
        babel=babel,
        zone=zone,
        today=datetime.now(zone).date(),
        locale=locale_of(babel),
    )


@lru_cache(maxsize=128)
def locale_of(babel: BabelLocale) -> Locale:
    """How `babel` writes what the types of fields read and show."""
    short = babel.date_formats["short"].pattern
    percent = babel.percent_formats[None].pattern.rpartition("0")[2]
    numbers = NumberFormat(
        decimal=get_decimal_symbol(babel), group=get_group_symbol(babel), percent=percent
    )
    return Locale(
        language=str(babel.language),
        numbers=numbers,
        month_first=short.startswith("M"),
        dates=lambda stored: _date_in_words(stored, babel),
    )


@lru_cache(maxsize=256)
def zone_of(territory: str) -> tzinfo:
    """The hours of a country (ISO 3166-1 alpha-2); UTC when it is not known."""
    zones = [zone for zone, of in get_global("zone_territories").items() if of == territory]
    name = CAPITALS.get(territory) or (sorted(zones)[0] if zones else "UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


@lru_cache(maxsize=4096)
def _date_in_words(stored: str, babel: BabelLocale) -> str:
    if len(stored) == len("2024-05-17"):
        return format_date(date.fromisoformat(stored), "long", babel)
    if len(stored) == len("2024-05"):
        return format_skeleton("yMMMM", date.fromisoformat(f"{stored}-01"), locale=babel)
    return stored


@lru_cache(maxsize=4096)
def _hour(hour: int, minute: int, babel: BabelLocale) -> str:
    return format_time(time(hour, minute), "short", locale=babel)


@lru_cache(maxsize=1024)
def _short_day(day: date, babel: BabelLocale) -> str:
    return format_date(day, "medium", babel)
