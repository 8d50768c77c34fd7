"""The functions of expressions: how many arguments, of which kind, what they give."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Any, Final

from survey.core.expressions import dates
from survey.core.expressions.values import (
    EXACT,
    LONGEST,
    ZERO,
    Kind,
    bounded,
    nine,
    number,
    rounded,
    text,
)

REFUSED: Final = frozenset({"once", "uuid", "pulldata", "instance"})
MANY: Final = 1000
BIGGEST_PLACES: Final = 15


def _elsewhere(*arguments: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Function:
    """One function. `takes` are the kinds of its arguments, the last one for all further ones:
    a Kind, "any" (one value), or "values" (one value, or a column outside its row).

    `gives` is "" when the kind follows from the arguments. `run` gets the arguments as the kinds
    say (number: Decimal, and it is not called when one is empty; text: str; values: all of them
    in one list). Functions without one are compiled by `evaluate` itself.
    """

    least: int
    most: int
    takes: tuple[str, ...]
    gives: Kind | str
    run: Callable[..., Any] = _elsewhere

    def kind_of_argument(self, place: int) -> str:
        """The kind the argument at this place (from 0) has to be of."""
        return self.takes[min(place, len(self.takes) - 1)] if self.takes else "any"


def _concat(*parts: str) -> str:
    return _short("".join(parts))


def _short(result: str) -> str:
    return result if len(result) <= LONGEST else ""


def _join(items: list[Any]) -> str:
    """A separator, then what it stands between; empty values are left out."""
    separator, *rest = [text(item) for item in items]
    kept = [item for item in rest if item]
    if sum(map(len, kept)) + len(separator) * len(kept) > LONGEST + len(separator):
        return ""
    return _short(separator.join(kept))


def _substr(whole: str, start: Decimal, end: Decimal | None = None) -> str:
    """From `start` (0 the first character, negative counted from the end) up to before `end`."""
    return whole[slice(int(start), None if end is None else int(end))]


def _before(whole: str, mark: str) -> str:
    head, found, _ = whole.partition(mark) if mark else ("", "", "")
    return head if found else ""


def _after(whole: str, mark: str) -> str:
    return whole.partition(mark)[2] if mark else whole


def _translate(whole: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for place, character in enumerate(old):
        table.setdefault(ord(character), new[place] if place < len(new) else None)
    return whole.translate(table)


def _normal(whole: str) -> str:
    return " ".join(re.split(r"[ \t\r\n]+", whole.strip(" \t\r\n")))


def _round(value: Decimal, places: Decimal = ZERO) -> Decimal | None:
    if abs(places) > BIGGEST_PLACES:
        return None
    return bounded(rounded(value, int(places)))


def _int(value: Decimal) -> Decimal:
    return Decimal(int(nine(value)))


def _abs(value: Decimal) -> Decimal | None:
    return bounded(EXACT.abs(value))


def _pow(base: Decimal, exponent: Decimal) -> Decimal | None:
    try:
        return bounded(EXACT.power(base, exponent))
    except DecimalException:
        return None


def _numbers(items: list[Any]) -> list[Decimal]:
    return [each for each in map(number, items) if each is not None]


def _sum(items: list[Any]) -> Decimal | None:
    total = ZERO
    for each in _numbers(items):
        total = EXACT.add(total, each)
    return bounded(total)


def _min(items: list[Any]) -> Decimal | None:
    return min(_numbers(items), default=None)


def _max(items: list[Any]) -> Decimal | None:
    return max(_numbers(items), default=None)


_SMALL: Final = [Decimal(whole) for whole in range(256)]


def _whole(whole: int) -> Decimal:
    return _SMALL[whole] if whole < 256 else Decimal(whole)


def _size(value: str | tuple[str, ...]) -> Decimal:
    size = len(value)
    return _SMALL[size] if size < 256 else Decimal(size)


def _count(items: list[Any]) -> Decimal:
    return _whole(len(items))


def _count_filled(items: list[Any]) -> Decimal:
    return _whole(sum(1 for item in items if item is not None and item not in ("", ())))


def _selected_at(codes: tuple[str, ...], place: Decimal) -> str:
    index = int(place)
    return codes[index] if 0 <= index < len(codes) else ""


def _date(value: Any) -> str:
    """A text that is a date, or the date so many days after 1970-01-01; else empty."""
    if isinstance(value, Decimal):
        return dates.day(value)
    written = text(value)
    return written if dates.is_date(written) else ""


FUNCTIONS: Final[dict[str, Function]] = {
    # choices
    "selected": Function(2, 2, ("multiple", "text"), "boolean", lambda codes, code: code in codes),
    "count-selected": Function(1, 1, ("multiple",), "number", _size),
    "selected-at": Function(2, 2, ("multiple", "number"), "text", _selected_at),
    "jr:choice-name": Function(2, 2, ("text", "any"), "text"),
    # logic
    "if": Function(3, 3, ("boolean", "any"), ""),
    "coalesce": Function(2, MANY, ("any",), ""),
    "not": Function(1, 1, ("boolean",), "boolean"),
    "true": Function(0, 0, (), "boolean", lambda: True),
    "false": Function(0, 0, (), "boolean", lambda: False),
    "boolean": Function(1, 1, ("any",), "boolean"),
    "boolean-from-string": Function(
        1, 1, ("text",), "boolean", lambda value: value in ("true", "1")
    ),
    # text
    "string": Function(1, 1, ("text",), "text", lambda value: value),
    "concat": Function(1, MANY, ("text",), "text", _concat),
    "join": Function(2, MANY, ("text", "values"), "text", _join),
    "contains": Function(2, 2, ("text",), "boolean", lambda whole, part: part in whole),
    "starts-with": Function(2, 2, ("text",), "boolean", str.startswith),
    "ends-with": Function(2, 2, ("text",), "boolean", str.endswith),
    "string-length": Function(1, 1, ("text",), "number", _size),
    "substr": Function(2, 3, ("text", "number"), "text", _substr),
    "substring-before": Function(2, 2, ("text",), "text", _before),
    "substring-after": Function(2, 2, ("text",), "text", _after),
    "normalize-space": Function(1, 1, ("text",), "text", _normal),
    "translate": Function(3, 3, ("text",), "text", _translate),
    "regex": Function(2, 2, ("text",), "boolean"),
    # numbers
    "number": Function(1, 1, ("any",), "number"),
    "int": Function(1, 1, ("number",), "number", _int),
    "round": Function(1, 2, ("number",), "number", _round),
    "abs": Function(1, 1, ("number",), "number", _abs),
    "pow": Function(2, 2, ("number",), "number", _pow),
    # aggregates
    "min": Function(1, MANY, ("values",), "number", _min),
    "max": Function(1, MANY, ("values",), "number", _max),
    "sum": Function(1, MANY, ("values",), "number", _sum),
    "count": Function(1, MANY, ("values",), "number", _count),
    "count-non-empty": Function(1, MANY, ("values",), "number", _count_filled),
    # rosters
    "position": Function(1, 1, (), "number"),
    "indexed-repeat": Function(3, 3, ("values", "text", "number"), ""),
    # dates
    "today": Function(0, 0, (), "date"),
    "now": Function(0, 0, (), "date"),
    "date": Function(1, 1, ("any",), "date", _date),
    "format-date": Function(2, 2, ("date", "text"), "text", dates.formatted),
    "decimal-date-time": Function(1, 1, ("date",), "number", dates.days),
}
WHOLE: Final = frozenset(
    {"count", "count-non-empty", "count-selected", "string-length", "int", "position"}
)
