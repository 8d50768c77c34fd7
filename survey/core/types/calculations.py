"""Values that the questionnaire works out itself: shown, never typed, never stored."""

from decimal import Decimal

from survey.core.answers import Stored
from survey.core.instrument import Field
from survey.core.problems import Problem
from survey.core.types import numbers
from survey.core.types.base import Choices, FieldType, Locale, Typed, Value, problem


class CalculationType(FieldType):
    """The result of an expression, a text or a decimal string."""

    __slots__ = ()

    def parse(
        self, field: Field, choices: Choices, typed: Typed, locale: Locale
    ) -> Stored | Problem | None:
        return problem(field, "calculated") if any(typed) else None

    def check(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        return problem(field, "calculated")

    def show(self, field: Field, choices: Choices, stored: Stored, locale: Locale) -> str:
        if numbers.is_canonical(stored):
            return numbers.write(stored, locale.numbers)
        return str(stored)

    def edit(self, field: Field, stored: Stored, locale: Locale) -> str:
        return ""

    def operand(self, stored: Stored) -> Value:
        return Decimal(stored) if numbers.is_canonical(stored) else str(stored)
