"""What a field type does, and the language and country it does it for."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from survey.core.answers import Stored
from survey.core.instrument import Choice, Field
from survey.core.problems import Param, Problem
from survey.core.types.numbers import NumberFormat

Value: TypeAlias = str | Decimal | tuple[str, ...]  # what expressions calculate with; "": no value
Typed: TypeAlias = str | Sequence[str]  # what a form sends: one text, or the marked choices
Choices: TypeAlias = Sequence[Choice]


def _iso(date: str) -> str:
    return date


@dataclass(frozen=True, slots=True)
class Locale:
    """How one person reads and writes, made at the edge.

    `language` is the language texts are written in (BCP 47); `month_first`: 05/17/2024; `dates`
    writes a stored date, `2024`, `2024-05` or `2024-05-17`, in words.
    """

    language: str
    numbers: NumberFormat
    month_first: bool = False
    dates: Callable[[str], str] = _iso


class FieldType(ABC):
    """One kind of value: read, check, show, calculate. Without state; non-answers are not its."""

    __slots__ = ()

    @abstractmethod
    def parse(
        self, field: Field, choices: Choices, typed: Typed, locale: Locale
    ) -> Stored | Problem | None:
        """The stored form of what was typed, None for nothing, or the `Problem` with it."""

    @abstractmethod
    def check(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        """The problem of a value that claims to be stored, from wherever it came; None: it is."""

    def shape(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        """As `check`, whatever the bounds of the field.

        What has the shape is saved; what is out of bounds only keeps from submitting.
        """
        return self.check(field, choices, stored)

    @abstractmethod
    def show(self, field: Field, choices: Choices, stored: Stored, locale: Locale) -> str:
        """A stored value for reading."""

    @abstractmethod
    def edit(self, field: Field, stored: Stored, locale: Locale) -> str | list[str]:
        """A stored value as a person would type it or mark it: `parse` takes it back."""

    def value(self, field: Field, stored: Stored | None) -> Value:
        """The value expressions see; "" for no value and for a non-answer."""
        if stored is None or (isinstance(stored, dict) and "state" in stored):
            return ""
        return self.operand(stored)

    def operand(self, stored: Stored) -> Value:
        """The value expressions see of something stored."""
        return str(stored)


def problem(field: Field, code: str, **params: Param) -> Problem:
    """A problem of one field."""
    return Problem(code=code, where=field.code, params=params)


def only(field: Field, typed: Typed) -> str | Problem:
    """The one text of a field that takes one; "" for nothing."""
    texts = [typed] if isinstance(typed, str) else [each for each in typed if each.strip()]
    if len(texts) > 1:
        return problem(field, "one_value_only")
    return texts[0].strip() if texts else ""
