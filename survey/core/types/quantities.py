"""Integers, decimals, percentages, amounts of money and years: decimal strings."""

from decimal import Decimal

from survey.core.answers import Stored
from survey.core.instrument import Field
from survey.core.problems import Problem
from survey.core.types import numbers
from survey.core.types.base import Choices, FieldType, Locale, Typed, Value, only, problem


class DecimalType(FieldType):
    """A number with or without decimals. A currency amount is one: its code has its own field."""

    __slots__ = ()
    nonsense = "not_a_number"

    def parse(
        self, field: Field, choices: Choices, typed: Typed, locale: Locale
    ) -> Stored | Problem | None:
        text = only(field, typed)
        if isinstance(text, Problem) or not text:
            return text or None
        stored = numbers.read(self.bare(text), locale.numbers)
        if stored is None:
            return self.refusal(field, text)
        return self.shape(field, choices, stored) or stored

    def bare(self, text: str) -> str:
        """The typed number without its unit."""
        return text

    def check(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        return self.shape(field, choices, stored) or self.range(field, stored)

    def shape(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        if not numbers.is_canonical(stored):
            return self.refusal(field, str(stored))
        if not numbers.fits(stored):
            return problem(field, "too_many_digits", most=numbers.MOST_DIGITS)
        return None

    def refusal(self, field: Field, typed: str) -> Problem:
        """The problem of what is no number of this kind."""
        return problem(field, self.nonsense, typed=typed[: numbers.LONGEST])

    def range(self, field: Field, stored: str) -> Problem | None:
        """The problem of a number that is out of bounds."""
        if field.minimum and Decimal(stored) < Decimal(field.minimum):
            return problem(field, "below_minimum", minimum=field.minimum)
        if field.maximum and Decimal(stored) > Decimal(field.maximum):
            return problem(field, "above_maximum", maximum=field.maximum)
        return None

    def show(self, field: Field, choices: Choices, stored: Stored, locale: Locale) -> str:
        return numbers.write(stored, locale.numbers)

    def edit(self, field: Field, stored: Stored, locale: Locale) -> str:
        return numbers.write(stored, locale.numbers, grouped=False)

    def operand(self, stored: Stored) -> Value:
        return Decimal(stored)


class IntegerType(DecimalType):
    """A whole number."""

    __slots__ = ()
    nonsense = "not_an_integer"

    def shape(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        found = super().shape(field, choices, stored)
        return found or (self.refusal(field, stored) if "." in stored else None)


class PercentType(DecimalType):
    """A share from 0 to 100, as people say it; the sign may be typed."""

    __slots__ = ()

    def bare(self, text: str) -> str:
        return text.removesuffix("%").rstrip()

    def range(self, field: Field, stored: str) -> Problem | None:
        if not 0 <= Decimal(stored) <= 100:
            return problem(field, "percent_out_of_range")
        return super().range(field, stored)

    def show(self, field: Field, choices: Choices, stored: Stored, locale: Locale) -> str:
        return numbers.write(stored, locale.numbers) + locale.numbers.percent
