"""The values of expressions and how one kind reads as another. Total: nothing here raises."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any, Final, Literal, TypeAlias

# "empty" is the literal ''; "column" all rows of a roster column, seen from outside its row.
Kind = Literal["number", "text", "choice", "multiple", "date", "boolean", "empty", "column"]
Value: TypeAlias = str | Decimal | bool | tuple[str, ...]


class Column(tuple[Value, ...]):
    """What `values` gives for a roster column referred to outside its row: a value a row."""

    __slots__ = ()


Values: TypeAlias = Callable[[str], Value | Column]
Compiled: TypeAlias = Callable[[Values, datetime], Value]

LIMIT: Final = Decimal(10**15)
LOW: Final = -LIMIT
ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
LONGEST: Final = 32 * 1024  # characters
EXACT: Final = Context(prec=28, traps=[DivisionByZero, InvalidOperation, Overflow])
_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation])
_NINE: Final = Decimal("1e-9")
_FIFTEEN: Final = Decimal("1e-15")
_NUMERAL: Final = re.compile(r"\s*-?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})\s*")


def bounded(number: Decimal) -> Decimal | None:
    """The number, or None when it is none or beyond 1e15."""
    try:
        return number if LOW <= number <= LIMIT else None
    except InvalidOperation:
        return None


def number(value: object) -> Decimal | None:
    """The number a value reads as; None for what is empty or no number."""
    if isinstance(value, Decimal):
        return bounded(value)
    if isinstance(value, bool):
        return ONE if value else ZERO
    if isinstance(value, tuple | list):
        value = text(value)
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        return bounded(Decimal(value.strip()))
    return None


def text(value: object) -> str:
    """The text a value reads as: numbers without exponent or needless zeros, choices by spaces."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return numeral(value)
    if isinstance(value, tuple | list):
        return " ".join(each for each in value if isinstance(each, str))
    return ""


def numeral(value: Decimal) -> str:
    """A number in digits, at most fifteen of them after the point."""
    if bounded(value) is None:
        return ""
    digits = format(_WIDE.quantize(value, _FIFTEEN), "f").rstrip("0").rstrip(".")
    return "0" if digits in ("-0", "") else digits


def choices(value: object) -> tuple[str, ...]:
    """The choice codes a value reads as."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, list):
        return tuple(value)
    return tuple(text(value).split())


def truth(value: Any) -> bool:
    """Whether a value counts as true: what is not empty, not false and not zero.

    The text 'false' is not empty and so true, as in XPath.
    """
    try:
        return bool(value)
    except InvalidOperation:
        return False


def boolean(value: object) -> bool | None:
    """What a field of kind boolean holds, also when it was stored as text; None: empty."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value)
    return None if value is None else truth(value)


def nine(number: Decimal) -> Decimal:
    """A computed number as it is compared: rounded to nine decimals, half away from zero."""
    return _WIDE.quantize(number, _NINE)


def rounded(number: Decimal, places: int) -> Decimal:
    """The number rounded to so many decimals (negative: tens, hundreds), half away from zero."""
    return _WIDE.quantize(number, Decimal((0, (1,), -places)))
