"""Dates in expressions: ISO 8601 texts, possibly partial (`2024`, `2024-05`)."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from survey.core.expressions.values import EXACT

_SHAPE: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2}))?)?)?"
)
_EPOCH: Final = date(1970, 1, 1)
_SECONDS: Final = Decimal(24 * 60 * 60)
FORMATS: Final = frozenset("YymndeHhMS%")  # names of months and days would need a language


def is_date(text: str) -> bool:
    """Whether a text is a date, a month, a year or a moment of the calendar."""
    found = _SHAPE.fullmatch(text)
    if not found:
        return False
    year, month, day, *clock = (int(part) if part else None for part in found.groups())
    try:
        date(year or 0, month or 1, day or 1)
        hour, minute, second = (part or 0 for part in clock)
        time(hour, minute, second)
    except ValueError:
        return False
    return True


def moment(now: datetime) -> str:
    """The text of `now()`: date and time without zone, as the caller's clock shows them."""
    return now.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")


def days(text: str) -> Decimal | None:
    """Days since 1970-01-01, with the time of day as a fraction; None for a partial date."""
    if len(text) < 10 or not is_date(text):
        return None
    whole = Decimal((date.fromisoformat(text[:10]) - _EPOCH).days)
    if len(text) == 10:
        return whole
    hours, minutes, seconds = (int(part) for part in text[11:].split(":"))
    return whole + EXACT.divide(Decimal(hours * 3600 + minutes * 60 + seconds), _SECONDS)


def day(number: Decimal) -> str:
    """The date so many days after 1970-01-01; empty outside the years 1 to 9999."""
    try:
        return (_EPOCH + timedelta(days=int(number))).isoformat()
    except OverflowError:
        return ""


def formatted(text: str, pattern: str) -> str:
    """A date in the numeric formats of XLSForm; empty when it lacks a part the pattern names."""
    if not is_date(text):
        return ""
    parts = _parts(text)
    names = re.findall(r"%(.)", pattern)
    if any(name not in parts for name in names):
        return ""
    return re.sub(r"%(.)", lambda found: parts[found[1]], pattern)


def _parts(text: str) -> dict[str, str]:
    parts = {"%": "%", "Y": text[:4], "y": text[2:4]}
    if len(text) >= 7:
        parts |= {"m": text[5:7], "n": str(int(text[5:7]))}
    if len(text) >= 10:
        parts |= {"d": text[8:10], "e": str(int(text[8:10]))}
    if len(text) == 19:
        hour, minute, second = text[11:].split(":")
        parts |= {"H": hour, "h": str(int(hour)), "M": minute, "S": second}
    return parts


def is_format(pattern: str) -> bool:
    """Whether a pattern of `format-date` names only parts that need no language."""
    return all(name in FORMATS for name in re.findall(r"%(.?)", pattern.replace("%%", "")))
