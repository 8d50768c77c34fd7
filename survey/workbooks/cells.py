"""A cell as its reader sees it: what it holds, by its number format; or a doubt about it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, Literal

from survey.core.answers import Stored
from survey.core.problems import Problem
from survey.workbooks.raw import RawBook, RawCell

TEXT_SHOWN: Final = 80
BUILT_IN_PERCENT: Final = frozenset({"9", "10"})
BUILT_IN_DATES: Final = frozenset(map(str, [*range(14, 18), 22, *range(27, 37), *range(50, 59)]))
BUILT_IN_TIMES: Final = frozenset(map(str, [*range(18, 22), *range(45, 48)]))
WITHOUT_DAY: Final = frozenset({"17"})  # mmm-yy
ASIDE: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
FIRST_DAY: Final = date(1899, 12, 31)
FIRST_DAY_1904: Final = date(1904, 1, 1)
FALSE_LEAP_DAY: Final = 60  # 1900-02-29, which spreadsheets believe in
LAST_SERIAL: Final = 2_958_465  # 9999-12-31

Looks = Literal["plain", "percent", "date", "month", "time"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a cell gave no value. `options`: the values it may have meant, for a person to pick."""

    kind: Literal["unreadable", "ambiguous"]
    problem: Problem
    options: tuple[Stored, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell that holds something. `text` as the file has it; `number` exact to 15 digits.

    `looks` is what its number format makes of a number; `day` the date of a date cell, ISO.
    """

    kind: Literal["number", "text", "bool", "error"]
    text: str
    number: Decimal = Decimal(0)
    looks: Looks = "plain"
    day: str = ""


def doubt(
    kind: Literal["unreadable", "ambiguous"], code: str, shown: Shown, *options: Stored
) -> Doubt:
    """A doubt about a cell in a word of ours."""
    return Doubt(kind, Problem(code=code, params={"text": shown.text[:TEXT_SHOWN]}), options)


def decode(book: RawBook, cell: RawCell | None) -> Shown | None:
    """What a cell holds; None: nothing (blank, or blanks only)."""
    if cell is None or (cell.kind == "" and not cell.formula):
        return None
    if cell.kind == "s":
        return Shown("text", cell.value) if cell.value.strip() else None
    if cell.kind == "n":
        return _number(book, cell)
    if cell.kind == "b":
        return Shown("bool", "TRUE" if cell.value in ("1", "true") else "FALSE")
    if cell.kind == "d":
        return Shown("text", cell.value.partition("T")[0])
    return Shown("error", cell.value or "=")


def _number(book: RawBook, cell: RawCell) -> Shown:
    try:
        number = Decimal(format(float(cell.value), ".15g"))
    except (InvalidOperation, ValueError, OverflowError):
        return Shown("error", cell.value)
    if not number.is_finite():
        return Shown("error", cell.value)
    looks = looks_of(book.format_of(cell))
    day = _day(number, is_1904=book.is_1904) if looks in ("date", "month") else ""
    return Shown("number", plain(number), number, looks, day)


@lru_cache(maxsize=512)
def looks_of(format_code: str) -> Looks:
    """What a number format (a code, or the number of a built-in one) makes of a number."""
    if format_code in WITHOUT_DAY:
        return "month"
    for numbers, looks in _BUILT_IN:
        if format_code in numbers:
            return looks
    if format_code.isdigit():
        return "plain"
    code = ASIDE.sub("", format_code).lower()
    if "%" in code:
        return "percent"
    if "y" in code or "d" in code:
        return "date" if "d" in code or "m" not in code else "month"
    return "time" if re.search("h|s(?!t)|m", code) and "general" not in code else "plain"


_BUILT_IN: Final[tuple[tuple[frozenset[str], Looks], ...]] = (
    (BUILT_IN_PERCENT, "percent"),
    (BUILT_IN_DATES, "date"),
    (BUILT_IN_TIMES, "time"),
)


def _day(number: Decimal, *, is_1904: bool) -> str:
    """The ISO date of a serial number, "" when it is none."""
    serial = int(number)
    if not 0 < serial <= LAST_SERIAL:
        return ""
    if is_1904:
        return (FIRST_DAY_1904 + timedelta(days=min(serial, LAST_SERIAL - 1462))).isoformat()
    if serial >= FALSE_LEAP_DAY:
        serial -= 1
    return (FIRST_DAY + timedelta(days=serial)).isoformat()


def plain(number: Decimal) -> str:
    """A number in its canonical stored form: `12.50` -> `12.5`, `1E+3` -> `1000`, `-0` -> `0`."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
