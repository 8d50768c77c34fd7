"""The closures of expressions. None of them raises: what cannot be computed is empty.

Inside, an empty number or boolean is None; at the edge everything empty is ''. Comparisons with a
literal and functions of one argument have closures of their own, since most conditions are those.
"""

import operator
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal, DecimalException
from typing import Any, Final, TypeAlias

from survey.core.expressions.functions import Function
from survey.core.expressions.values import (
    EXACT,
    LIMIT,
    LOW,
    Column,
    Compiled,
    Value,
    Values,
    bounded,
    choices,
    nine,
    number,
    text,
)

MOST_STEPS: Final = 100_000  # values of rows read in one evaluation
NOTHING: Final[dict[str, Any]] = {"number": None, "boolean": None, "multiple": ()}

Run: TypeAlias = Callable[[Values, datetime], Any]
Reader: TypeAlias = Callable[[Any], Decimal | None]

COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
COMPUTE: Final[dict[str, Callable[[Decimal, Decimal], Decimal]]] = {
    "+": EXACT.add,
    "-": EXACT.subtract,
    "*": EXACT.multiply,
    "div": EXACT.divide,
    "mod": EXACT.remainder,
}


class _TooManySteps(Exception):
    pass


def metered(run: Run) -> Compiled:
    def evaluate(values: Values, now: datetime) -> Value:
        left = MOST_STEPS

        def counted(code: str) -> Any:
            nonlocal left
            value = values(code)
            if value.__class__ is Column:
                left -= len(value)
                if left < 0:
                    raise _TooManySteps
            return value

        try:
            result: Value = run(counted, now)
        except _TooManySteps:
            return ""
        return result

    return evaluate


def constant(value: Any) -> Run:
    return lambda values, now: value


def through(convert: Callable[[Any], Any], run: Run) -> Run:
    return lambda values, now: convert(run(values, now))


def filled(value: Any) -> Any:
    return "" if value is None else value


def some(value: Any) -> Any:
    return value or ""


def field(code: str, held: type, read: Callable[[Any], Any]) -> Run:
    """What a field holds; `read` is for what was not of the type its kind holds."""

    def evaluate(values: Values, now: datetime) -> Any:
        value = values(code)
        return value if value.__class__ is held else read(value)

    return evaluate


def number_field(code: str) -> Run:
    """The number a field holds, within the bounds all closures rely on."""

    def evaluate(values: Values, now: datetime) -> Decimal | None:
        value = values(code)
        if value.__class__ is not Decimal:
            return number(value)
        try:
            return value if LOW <= value <= LIMIT else None
        except DecimalException:
            return None

    return evaluate


def looked_up(table: dict[str, Decimal | None], run: Run) -> Run:
    """A choice read as a number, by a table of the codes of its list."""

    def evaluate(values: Values, now: datetime) -> Decimal | None:
        value = run(values, now)
        return table[value] if value in table else number(value)

    return evaluate


def negated(run: Run) -> Run:
    """A number with the other sign."""

    def evaluate(values: Values, now: datetime) -> Decimal | None:
        value = run(values, now)
        try:
            return None if value is None else bounded(EXACT.minus(value))
        except DecimalException:
            return None

    return evaluate


def computed(name: str, left: Run, right: Run) -> Run:
    """An arithmetic operation; empty when an operand is, on division by zero, beyond 1e15."""
    compute = COMPUTE[name]

    def evaluate(values: Values, now: datetime) -> Decimal | None:
        a = left(values, now)
        b = right(values, now)
        if a is None or b is None:
            return None
        try:
            result = compute(a, b)
            return result if LOW <= result <= LIMIT else None
        except DecimalException:
            return None

    return evaluate


def connected(name: str, operands: list[Run]) -> Run:
    """Conditions joined by `and` or `or`; those after the deciding one are not looked at."""
    settles = name == "or"
    if len(operands) > 2:
        return _first_that(settles, operands)
    first, second = operands
    if settles:
        return lambda values, now: first(values, now) or second(values, now)
    return lambda values, now: first(values, now) and second(values, now)


def _first_that(settles: bool, operands: list[Run]) -> Run:
    def evaluate(values: Values, now: datetime) -> bool:
        for operand in operands:
            holds: bool = operand(values, now)
            if holds is settles:
                return holds
        return not settles

    return evaluate


def ordered_by_literal(name: str, left: Run, literal: Decimal, rounds: bool) -> Run:
    """A number before or after one that is written in the expression."""
    compare = COMPARE[name]
    bound = nine(literal) if rounds else literal

    def evaluate(values: Values, now: datetime) -> bool:
        value = left(values, now)
        if value is None:
            return False
        try:
            return compare(nine(value) if rounds else value, bound)
        except DecimalException:
            return False

    return evaluate


def ordered(name: str, left: Run, right: Run, rounds: bool) -> Run:
    compare = COMPARE[name]

    def evaluate(values: Values, now: datetime) -> bool:
        a = left(values, now)
        b = right(values, now)
        if a is None or b is None:
            return False
        try:
            return compare(nine(a), nine(b)) if rounds else compare(a, b)
        except DecimalException:
            return False

    return evaluate


def numbers_equal(name: str, left: Run, right: Run, rounds: bool) -> Run:
    when_equal = name == "="

    def evaluate(values: Values, now: datetime) -> bool:
        a = left(values, now)
        b = right(values, now)
        if a is None or b is None:
            return (a is b) is when_equal
        try:
            return ((nine(a) == nine(b)) if rounds else a == b) is when_equal
        except DecimalException:
            return not when_equal

    return evaluate


def equals_number(name: str, left: Run, literal: Decimal) -> Run:
    """An exact number against one that is written in the expression."""
    when_equal = name == "="

    def evaluate(values: Values, now: datetime) -> bool:
        value = left(values, now)
        if value is None:
            return not when_equal
        try:
            return (value == literal) is when_equal
        except DecimalException:
            return not when_equal

    return evaluate


def is_nothing(name: str, run: Run, nothing: Any) -> Run:
    """Whether what `run` gives is empty: `nothing` is how its kind says so."""
    if name == "=":
        return lambda values, now: run(values, now) == nothing
    return lambda values, now: run(values, now) != nothing


def has_no_number(name: str, run: Run) -> Run:
    """Whether a number or boolean is empty."""
    if name == "=":
        return lambda values, now: run(values, now) is None
    return lambda values, now: run(values, now) is not None


def opposite(run: Run) -> Run:
    """The other truth of a condition."""
    return lambda values, now: not run(values, now)


def equal_as_numbers(name: str, left: Run, right: Run, readers: Sequence[Reader]) -> Run:
    """A number against something else: equal when that reads as the same number, or both empty.

    `readers` say how each side, when it is not empty, reads as a number.
    """
    when_equal = name == "="
    read_left, read_right = readers

    def evaluate(values: Values, now: datetime) -> bool:
        a, b = left(values, now), right(values, now)
        if a == "" or b == "":
            return (a == b) is when_equal
        first, second = read_left(a), read_right(b)
        is_equal = first is not None and second is not None and nine(first) == nine(second)
        return is_equal is when_equal

    return evaluate


def dates_compared(name: str, left: Run, right: Run) -> Run:
    """Dates compared in time, both cut to the precision of the shorter one."""
    compare = COMPARE[name]
    both_empty, one_empty = name == "=", name == "!="

    def evaluate(values: Values, now: datetime) -> bool:
        a = left(values, now)
        b = right(values, now)
        if not a or not b:
            return both_empty if a == b else one_empty
        length = min(len(a), len(b))
        return compare(a[:length], b[:length])

    return evaluate


def equals_literal(name: str, code: str, literal: str) -> Run:
    if name == "=":

        def equal(values: Values, now: datetime) -> bool:
            value = values(code)
            return (value if value.__class__ is str else text(value)) == literal

        return equal

    def unequal(values: Values, now: datetime) -> bool:
        value = values(code)
        return (value if value.__class__ is str else text(value)) != literal

    return unequal


def is_selected(code: str, choice: str) -> Run:
    def evaluate(values: Values, now: datetime) -> bool:
        marked = values(code)
        return choice in (marked if isinstance(marked, tuple) else choices(marked))

    return evaluate


def applied(function: Function, arguments: list[Run]) -> Run:
    """A function of the table; nothing comes out when one of its numbers is nothing."""
    run = function.run
    nothing = NOTHING.get(function.gives, False if function.gives == "boolean" else "")
    numbers = [function.kind_of_argument(place) == "number" for place in range(len(arguments))]
    if len(arguments) == 1 and not numbers[0]:
        (only,) = arguments
        return lambda values, now: run(only(values, now))
    if not any(numbers):
        return lambda values, now: run(*[each(values, now) for each in arguments])
    if len(arguments) == 1:
        return _of_number(run, arguments[0], nothing)

    def evaluate(values: Values, now: datetime) -> Any:
        found = [each(values, now) for each in arguments]
        return nothing if None in found else run(*found)

    return evaluate


def _of_number(run: Callable[..., Any], only: Run, nothing: Any) -> Run:
    def evaluate(values: Values, now: datetime) -> Any:
        value = only(values, now)
        return nothing if value is None else run(value)

    return evaluate
