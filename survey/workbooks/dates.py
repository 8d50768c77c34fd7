"""Dates in cells: real ones, typed ones, partial ones; day and month are never guessed."""

import re
import unicodedata
from typing import Final

from survey.core import types
from survey.core.answers import Stored
from survey.core.instrument import Field
from survey.workbooks.cells import Doubt, Shown, doubt

ISO: Final = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?(?:[T ]00:00(?::00)?)?")
MONTH_YEAR: Final = re.compile(r"(\d{1,2})[-/. ](\d{4})")
NUMBERS: Final = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")
COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})?")
WORD: Final = re.compile(r"[^\W\d_]+")
# The beginnings of the names of months in English, Spanish, Portuguese and French, folded.
MONTHS: Final = (
    ("jan", "ene"),
    ("feb", "fev"),
    ("mar",),
    ("apr", "abr", "avr"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "ago", "aou"),
    ("sep", "set"),
    ("oct", "out"),
    ("nov",),
    ("dec", "dic", "dez"),
)
LINKS: Final = frozenset({"de", "del", "of", "the", "do", "le", "er", "st", "nd", "rd", "th", "o"})


def read_date(field: Field, shown: Shown) -> Stored | Doubt:
    """The ISO form of a date in a cell, or the doubt about it."""
    if shown.kind == "number":
        return _of_number(field, shown)
    if shown.kind != "text":
        return doubt("unreadable", "cell_no_date", shown)
    text = unicodedata.normalize("NFKC", shown.text).strip()
    return _one_of(field, shown, _readings(text), sure=_is_full(text))


def _of_number(field: Field, shown: Shown) -> Stored | Doubt:
    if shown.looks == "date" and shown.day:
        return _one_of(field, shown, [shown.day])
    if shown.looks == "month" and shown.day:
        return _one_of(field, shown, [shown.day[:7] if shown.day.endswith("-01") else shown.day])
    if re.fullmatch(r"(1[89]|2[01])\d\d", shown.text):
        return _one_of(field, shown, [shown.text])
    found = COMPACT.fullmatch(shown.text)
    readings = [_iso(*found.groups())] if found else []
    return _one_of(field, shown, readings, sure=False)


def _readings(text: str) -> list[str]:
    """Every date a text may mean."""
    if found := ISO.fullmatch(text):
        year, _, month, day = found.groups()
        return [_iso(year, month, day)]
    if found := MONTH_YEAR.fullmatch(text):
        return [_iso(found[2], found[1], None)]
    if found := NUMBERS.fullmatch(text):
        year = found[4] if len(found[4]) == 4 else f"20{found[4]}"
        return [_iso(year, found[3], found[1]), _iso(year, found[1], found[3])]
    return _in_words(text)


def _is_full(text: str) -> bool:
    """A year of two digits is never taken without asking."""
    return bool(re.search(r"\d{4}", text))


def _in_words(text: str) -> list[str]:
    """`17 de mayo de 2024`, `May 17, 2024`, `mai 2024`."""
    folded = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if ord(c) < 0x300)
    words = [word for word in WORD.findall(folded) if word not in LINKS]
    numbers = re.findall(r"\d+", folded)
    months = [n for word in words if (n := _month(word))]
    if len(words) != 1 or len(months) != 1 or not 1 <= len(numbers) <= 2:
        return []
    years = [n for n in numbers if len(n) == 4]
    days = [n for n in numbers if len(n) <= 2]
    if len(years) != 1 or len(years) + len(days) != len(numbers):
        return []
    return [_iso(years[0], str(months[0]), days[0] if days else None)]


def _month(word: str) -> int:
    return next((n for n, names in enumerate(MONTHS, 1) if word.startswith(names)), 0)


def _iso(year: str, month: str | None, day: str | None) -> str:
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def _one_of(
    field: Field, shown: Shown, readings: list[str], *, sure: bool = True
) -> Stored | Doubt:
    kind = types.of(field)
    fitting = [r for r in dict.fromkeys(readings) if not kind.check(field, (), r)]
    if len(fitting) == 1 and sure:
        return fitting[0]
    if fitting:
        return doubt("ambiguous", "cell_which_date", shown, *fitting)
    problem = kind.check(field, (), readings[0]) if readings else None
    if problem and problem.code != "not_a_date":
        return Doubt("unreadable", problem)
    return doubt("unreadable", "cell_no_date", shown)
