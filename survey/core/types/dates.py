"""Years and dates, which may be partial: `2024`, `2024-05`, `2024-05-17` (ISO 8601)."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from survey.core.answers import Stored
from survey.core.instrument import Field
from survey.core.problems import Problem
from survey.core.types.base import Choices, FieldType, Locale, Typed, Value, only, problem

FIRST_YEAR: Final = 1800  # domain.md 0.3 G7
LAST_YEAR: Final = 2200
STORED: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
YEAR_FIRST: Final = re.compile(r"([0-9]{4})(?:([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?)?")
YEAR_LAST: Final = re.compile(r"(?:([0-9]{1,2})([-/.]))?([0-9]{1,2})([-/.])([0-9]{4})")


class YearType(FieldType):
    """A year, bounded by the field or by 1800 and 2200."""

    __slots__ = ()

    def parse(
        self, field: Field, choices: Choices, typed: Typed, locale: Locale
    ) -> Stored | Problem | None:
        text = only(field, typed)
        if isinstance(text, Problem) or not text:
            return text or None
        return self.shape(field, choices, text) or text

    def check(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        return self.shape(field, choices, stored) or _bounds(field, stored)

    def shape(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        if not isinstance(stored, str) or not _is_date(stored) or len(stored) != 4:
            return problem(field, "not_a_year", first=FIRST_YEAR, last=LAST_YEAR)
        return None

    def show(self, field: Field, choices: Choices, stored: Stored, locale: Locale) -> str:
        return str(stored)

    def edit(self, field: Field, stored: Stored, locale: Locale) -> str:
        return str(stored)

    def operand(self, stored: Stored) -> Value:
        return Decimal(stored)


class DateType(FieldType):
    """A date of which the day, or the day and month, may not be known."""

    __slots__ = ()

    def parse(
        self, field: Field, choices: Choices, typed: Typed, locale: Locale
    ) -> Stored | Problem | None:
        text = only(field, typed)
        if isinstance(text, Problem) or not text:
            return text or None
        stored = _read(text, locale)
        return self.shape(field, choices, stored) or stored

    def check(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        return self.shape(field, choices, stored) or _bounds(field, stored[:4])

    def shape(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        if not isinstance(stored, str) or not _is_date(stored):
            return problem(field, "not_a_date", first=FIRST_YEAR, last=LAST_YEAR)
        return None

    def show(self, field: Field, choices: Choices, stored: Stored, locale: Locale) -> str:
        return locale.dates(stored)

    def edit(self, field: Field, stored: Stored, locale: Locale) -> str:
        year, *rest = stored.split("-")
        return "/".join([*(rest if locale.month_first else reversed(rest)), year])


def _read(text: str, locale: Locale) -> str:
    """The ISO form of a typed date; "" when it has none. A year of two digits is never guessed."""
    if found := YEAR_FIRST.fullmatch(text):
        year, _, month, day = found.groups()
        return _iso(year, month, day)
    found = YEAR_LAST.fullmatch(text)
    if not found:
        return ""
    first, sign, second, other_sign, year = found.groups()
    if first is None:
        return _iso(year, second, None)
    if sign != other_sign:
        return ""
    return _iso(year, first, second) if locale.month_first else _iso(year, second, first)


def _iso(year: str, month: str | None, day: str | None) -> str:
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def _is_date(stored: str) -> bool:
    found = STORED.fullmatch(stored)
    if not found:
        return False
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        return FIRST_YEAR <= date(year, month, day).year <= LAST_YEAR
    except ValueError:
        return False


def _bounds(field: Field, year: str) -> Problem | None:
    if field.minimum and year < field.minimum[:4]:
        return problem(field, "below_minimum", minimum=field.minimum)
    if field.maximum and year > field.maximum[:4]:
        return problem(field, "above_maximum", maximum=field.maximum)
    return None
