"""Numbers as people write them and as they are stored: exact decimal strings, never floats."""

import re
from dataclasses import dataclass
from typing import Final

MOST_DIGITS: Final = 15  # what a spreadsheet holds exactly; also the bound of 1e15
CANONICAL: Final = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]*[1-9]))?")
LONGEST: Final = 100  # characters of a typed number that are looked at
SEPARATORS: Final = " '"  # of thousands, in every locale
PLAIN: Final = str.maketrans("\xa0\u2009\u202f\u2019\u2212", "   '-")  # as a keyboard has them


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a language and country write numbers; `percent` is what follows a percentage."""

    decimal: str
    group: str
    percent: str = "\N{NO-BREAK SPACE}%"


def read(typed: str, numbers: NumberFormat) -> str | None:
    """The canonical string of a typed number (`1.234,50` -> `1234.5`); None: not a number.

    Thousands may be separated by the sign of the locale, by blanks or apostrophes, one kind in a
    number and only in groups of three: `1.5` is no number where the comma is decimal.
    """
    text = typed.strip().translate(PLAIN)
    if len(text) > LONGEST:
        return None
    for group in dict.fromkeys((numbers.group.translate(PLAIN), *SEPARATORS)):
        if group and (found := _pattern(group, numbers.decimal).fullmatch(text)):
            sign, whole, plain, fraction, bare = found.groups()
            digits = (whole or plain or "").replace(group, "")
            return canonical(sign == "-", digits, fraction or bare or "")
    return None


def _pattern(group: str, decimal: str) -> re.Pattern[str]:
    g, d = re.escape(group), re.escape(decimal)
    whole = rf"(?:([0-9]{{1,3}}(?:{g}[0-9]{{3}})+)|([0-9]+))"
    return re.compile(rf"([+-]?) ?(?:{whole}(?:{d}([0-9]+))?|{d}([0-9]+))")


def canonical(negative: bool, whole: str, fraction: str) -> str:
    """The stored form of a number from its digits: `12.50` -> `12.5`, `-0` -> `0`."""
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    number = f"{whole}.{fraction}" if fraction else whole
    return f"-{number}" if negative and number != "0" else number


def is_canonical(stored: object) -> bool:
    """Whether this is a stored number, of whatever size."""
    return isinstance(stored, str) and stored != "-0" and bool(CANONICAL.fullmatch(stored))


def fits(stored: str) -> bool:
    """Whether a stored number is within 1e15 and its digits survive a spreadsheet."""
    whole, _, fraction = stored.removeprefix("-").partition(".")
    significant = (whole + fraction).strip("0")
    return max(len(whole), len(fraction), len(significant)) <= MOST_DIGITS


def write(stored: str, numbers: NumberFormat, *, grouped: bool = True) -> str:
    """A stored number as the locale writes it; `read` takes it back."""
    sign = "-" if stored.startswith("-") else ""
    whole, _, fraction = stored.removeprefix("-").partition(".")
    if grouped:
        whole = f"{int(whole):,}".replace(",", numbers.group)
    return f"{sign}{whole}{numbers.decimal}{fraction}" if fraction else sign + whole
