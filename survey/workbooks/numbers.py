"""Numbers in cells: by the cell's format, texts by language and country, never guessed."""

import re
from decimal import Decimal
from typing import Final

from survey.core import types
from survey.core.answers import Stored
from survey.core.instrument import Field
from survey.core.problems import Problem
from survey.core.types import NumberFormat
from survey.core.types import numbers as core
from survey.workbooks.cells import Doubt, Shown, doubt, plain

UNITS: Final = re.compile(r"^[^\d+\-\u2212.,]*|[^\d.,]*$")
HUNDRED: Final = Decimal(100)


def read_number(field: Field, shown: Shown, numbers: NumberFormat) -> Stored | Doubt:
    """The stored form of a number, percentage, amount or year in a cell, or the doubt about it."""
    if shown.kind == "number":
        return _of_number(field, shown)
    if shown.kind != "text":
        return doubt("unreadable", _nonsense(field), shown)
    return _of_text(field, shown, numbers)


def _nonsense(field: Field) -> str:
    return {"integer": "not_an_integer", "year": "cell_not_a_year"}.get(
        field.type, "cell_no_number"
    )


def _of_number(field: Field, shown: Shown) -> Stored | Doubt:
    value = shown.number
    if shown.looks in ("date", "month"):
        return _of_date(field, shown)
    if shown.looks == "time":
        return doubt("unreadable", _nonsense(field), shown)
    hundredfold = plain(value * HUNDRED)
    if field.type == "percent":
        return _percent(field, shown, hundredfold)
    if shown.looks == "percent":
        return _one_of(field, shown, [hundredfold, plain(value)], sure=False)
    return _checked(field, shown, plain(value))


def _of_date(field: Field, shown: Shown) -> Doubt:
    """Excel makes dates of `1-2` and `5/2024`; only a year can be meant by one."""
    options = (shown.day[:4],) if field.type == "year" and shown.day else ()
    return doubt("ambiguous" if options else "unreadable", "cell_is_a_date", shown, *options)


def _percent(field: Field, shown: Shown, hundredfold: str) -> Stored | Doubt:
    value = shown.number
    if shown.looks == "percent":
        if value <= 1:
            return _checked(field, shown, hundredfold)
        whole = value == value.to_integral_value()
        return _one_of(field, shown, [plain(value), hundredfold], sure=whole)
    if 0 < value <= 1:
        return doubt("ambiguous", "cell_which_share", shown, hundredfold, plain(value))
    return _checked(field, shown, plain(value))


def _of_text(field: Field, shown: Shown, numbers: NumberFormat) -> Stored | Doubt:
    text = shown.text.strip()
    bare = text.removesuffix("%").rstrip()
    readings = _readings(bare, numbers)
    if not readings:
        return _without_units(field, shown, numbers)
    if field.type == "percent" and bare == text and 0 < Decimal(readings[0]) <= 1:
        shares = [plain(Decimal(readings[0]) * HUNDRED), readings[0]]
        return doubt("ambiguous", "cell_which_share", shown, *shares)
    if field.type != "percent" and bare != text:
        return doubt("unreadable", _nonsense(field), shown)
    own = core.read(bare, numbers)
    is_sure = own is None or _problem(field, own) is None
    return _one_of(field, shown, readings, sure=is_sure)


def _readings(text: str, numbers: NumberFormat) -> list[str]:
    """What a text may mean: as the country writes, and with point and comma the other way round."""
    other = "." if numbers.decimal == "," else ","
    swapped = NumberFormat(decimal=other, group=numbers.decimal)
    found = (core.read(text, numbers), core.read(text, swapped))
    return list(dict.fromkeys(each for each in found if each is not None))


def _without_units(field: Field, shown: Shown, numbers: NumberFormat) -> Doubt:
    """`L 1,250.00` is not read, but 1250 is offered."""
    readings = _readings(UNITS.sub("", shown.text.strip()), numbers)
    options = [each for each in readings if not _problem(field, each)]
    return doubt("unreadable", _nonsense(field), shown, *options)


def _one_of(field: Field, shown: Shown, readings: list[str], *, sure: bool) -> Stored | Doubt:
    """The only reading the field can hold; a doubt when there are more, or none is `sure`."""
    fitting = [each for each in readings if not _problem(field, each)]
    if len(fitting) == 1 and sure:
        return fitting[0]
    if fitting:
        return doubt("ambiguous", "cell_which_number", shown, *fitting)
    return _checked(field, shown, readings[0])


def _checked(field: Field, shown: Shown, value: str) -> Stored | Doubt:
    problem = _problem(field, value)
    return Doubt("unreadable", problem) if problem else value


def _problem(field: Field, value: str) -> Problem | None:
    return types.of(field).check(field, (), value)
