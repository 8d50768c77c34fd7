"""Choices from a list: codes, never labels; several in the order of the list."""

from decimal import Decimal

from survey.core.answers import Stored
from survey.core.instrument import Field, say
from survey.core.problems import Problem
from survey.core.types.base import Choices, FieldType, Locale, Typed, Value, only, problem


class SelectOneType(FieldType):
    """One choice of a list: also yes or no, and yes, in progress or no."""

    __slots__ = ()

    def parse(
        self, field: Field, choices: Choices, typed: Typed, locale: Locale
    ) -> Stored | Problem | None:
        text = only(field, typed)
        if isinstance(text, Problem) or not text:
            return text or None
        return self.check(field, choices, text) or text

    def check(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        if stored not in [choice.code for choice in choices]:
            return problem(field, "unknown_choice", choice=str(stored))
        return None

    def show(self, field: Field, choices: Choices, stored: Stored, locale: Locale) -> str:
        return _label(choices, stored, locale)

    def edit(self, field: Field, stored: Stored, locale: Locale) -> str:
        return str(stored)


class MaturityType(SelectOneType):
    """A level, 0 to 4; expressions compare it as a number."""

    __slots__ = ()

    def operand(self, stored: Stored) -> Value:
        return Decimal(stored)


class SelectMultipleType(FieldType):
    """Any number of choices, an exclusive one ("none of these") only by itself."""

    __slots__ = ()

    def parse(
        self, field: Field, choices: Choices, typed: Typed, locale: Locale
    ) -> Stored | Problem | None:
        marked = {text.strip() for text in ([typed] if isinstance(typed, str) else typed)} - {""}
        order = {choice.code: place for place, choice in enumerate(choices)}
        stored = sorted(marked, key=lambda code: (order.get(code, -1), code))
        return (self.check(field, choices, stored) or stored) if stored else None

    def check(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        if not isinstance(stored, list) or not stored:
            return problem(field, "unknown_choice", choice=str(stored))
        known = {choice.code: choice for choice in choices}
        unknown = [str(code) for code in stored if not isinstance(code, str) or code not in known]
        if unknown:
            return problem(field, "unknown_choice", choice=unknown[0])
        alone = [code for code in stored if known[code].exclusive]
        if alone and len(stored) > 1:
            return problem(field, "exclusive_choice", choice=alone[0], labels=known[alone[0]].label)
        if stored != [code for code in known if code in stored]:
            return problem(field, "not_in_order")
        return None

    def show(self, field: Field, choices: Choices, stored: Stored, locale: Locale) -> str:
        return "; ".join(_label(choices, code, locale) for code in stored)

    def edit(self, field: Field, stored: Stored, locale: Locale) -> list[str]:
        return list(stored)

    def operand(self, stored: Stored) -> Value:
        return tuple(stored)


def _label(choices: Choices, code: str, locale: Locale) -> str:
    label = next((choice.label for choice in choices if choice.code == code), {})
    return say(label, locale.language) or code
