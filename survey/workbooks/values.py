"""From what a cell holds to the stored form of a part, field type by field type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from typing import Final, TypeAlias

from survey.core import types
from survey.core.answers import NonAnswer, Stored
from survey.core.instrument import CHOICE_KINDS, NUMBER_KINDS, TEXT_KINDS, Field, Index
from survey.core.problems import Problem
from survey.core.types import Locale
from survey.core.types import numbers as core_numbers
from survey.workbooks.cells import Doubt, Shown, doubt, plain
from survey.workbooks.choices import ChoiceReader, fold
from survey.workbooks.dates import read_date
from survey.workbooks.numbers import read_number

Read: TypeAlias = Stored | Doubt | None  # None: nothing was said


@dataclass(frozen=True, slots=True)
class Words:
    """What people may write in the cells that are not of the questionnaire, in any language.

    `non_answers`: non-answer -> its labels; `section`: labels of "the section does not apply";
    `columns`: column letter of a section sheet -> its header.
    """

    non_answers: Mapping[NonAnswer, tuple[str, ...]]
    section: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]] = dataclass_field(default_factory=dict)

    def non_answer(self, text: str) -> NonAnswer | None:
        """The non-answer a text names, by label or code."""
        name = fold(text)
        for found, labels in self.non_answers.items():
            if name in map(fold, (found.value, *labels)):
                return found
        return None


class ValueReader:
    """Reads the cells of one file: in the languages of `index`, numbers as `locale` has them."""

    def __init__(self, index: Index, locale: Locale, words: Words) -> None:
        self.locale = locale
        self.words = words
        self.choices = ChoiceReader(index)

    def read(self, field: Field, shown: Shown) -> Read:
        """The stored form of what a cell says, the doubt about it, or None for nothing."""
        if shown.kind == "error":
            return doubt("unreadable", "cell_error", shown)
        found = self._reader(field)(field, shown)
        if isinstance(found, Doubt) and not found.options and field.type not in TEXT_KINDS:
            return self._as_non_answer(shown) or found
        return found

    def _reader(self, field: Field) -> Callable[[Field, Shown], Read]:
        if field.type in CHOICE_KINDS:
            return self.choices.read
        if field.type in NUMBER_KINDS or field.type == "year":
            return self._number
        return read_date if field.type == "date" else self.text

    def _number(self, field: Field, shown: Shown) -> Read:
        return read_number(field, shown, self.locale.numbers)

    def text(self, field: Field, shown: Shown) -> Read:
        """A text as it was typed; a number in its shortest form."""
        found = types.of(field).parse(field, (), text_of(shown), self.locale)
        return Doubt("unreadable", found) if isinstance(found, Problem) else found

    def _as_non_answer(self, shown: Shown) -> Doubt | None:
        state = self.words.non_answer(shown.text)
        if state is None:
            return None
        return doubt("ambiguous", "cell_non_answer", shown, {"state": state.value})


def text_of(shown: Shown) -> str:
    """What a person sees in a cell, as text."""
    if shown.kind != "number":
        return shown.text
    if shown.day:
        return shown.day
    return f"{plain(shown.number * 100)}%" if shown.looks == "percent" else shown.text


def same_value(field: Field | None, one: Stored | None, other: Stored | None) -> bool:
    """Whether two stored values say the same: texts whatever their language, numbers by value.

    `field` is None for reasons and remarks, which are texts.
    """
    if one == other or one is None or other is None:
        return bool(one == other)
    if isinstance(one, dict) and isinstance(other, dict) and "text" in one and "text" in other:
        return bool(_words_of(one) == _words_of(other))
    if field and field.type in NUMBER_KINDS and _is_number(one) and _is_number(other):
        return Decimal(one) == Decimal(other)
    return False


def _words_of(stored: Mapping[str, str]) -> str:
    return "\n".join(line.rstrip() for line in stored["text"].strip().splitlines())


def _is_number(stored: Stored) -> bool:
    return core_numbers.is_canonical(stored)


TEXT_FIELD: Final = Field(code="text", type="long_text")  # of a reason or remark


def is_as_written(field: Field, stored: Stored | None, shown: Shown) -> bool:
    """Whether a cell still holds what the writer put there for a stored value.

    It settles cells that nobody touched, whatever their value is worth.
    """
    if stored is None:
        return False
    if isinstance(stored, dict):
        return bool(_words_of({"text": shown.text}) == _words_of({"text": stored.get("text", "")}))
    if shown.kind == "number" and core_numbers.is_canonical(stored):
        share = Decimal(100) if field.type == "percent" else Decimal(1)
        return abs(shown.number * share - Decimal(stored)) < Decimal("1e-9")
    return bool(shown.text == stored)
