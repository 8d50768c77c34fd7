"""What is written into one workbook, and the words it uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Protocol

from survey.core.answers import AnswerSet, NonAnswer
from survey.core.instrument import Index, say
from survey.core.program import Program
from survey.core.state import State
from survey.core.types import Locale


class Translations(Protocol):
    """What a gettext catalogue offers."""

    def gettext(self, message: str, /) -> str: ...

    def ngettext(self, one: str, many: str, number: int, /) -> str: ...


@dataclass(frozen=True)
class Book:
    """One workbook: for one response, one owner, one language.

    `sections`: the codes of those to write, empty for all. `people`: whom to ask and where to
    deliver, a line each. `token`: 32 hexadecimal digits; `sha256`: of the instrument's document.
    `locale` writes the dates on the first sheet.
    """

    program: Program
    answers: AnswerSet
    state: State
    sections: tuple[str, ...]
    language: str
    country: str
    round_title: str
    people: tuple[str, ...]
    token: str
    sha256: str
    made_on: date
    words: Translations
    locale: Locale

    @property
    def index(self) -> Index:
        """The look-ups of the instrument."""
        return self.program.index

    @cached_property
    def chosen(self) -> tuple[str, ...]:
        """The codes of the sections to write, in the order of the questionnaire."""
        every = self.index.sections
        return tuple(code for code in every if not self.sections or code in self.sections)

    def say(self, text: Mapping[str, str]) -> str:
        """A text of the instrument in the language of the workbook."""
        return say(text, self.language)

    @cached_property
    def non_answers(self) -> dict[NonAnswer, str]:
        """The words of the drop-down of non-answers."""
        _ = self.words.gettext
        return {
            NonAnswer.NOT_APPLICABLE: _("Not applicable"),
            NonAnswer.NOT_AVAILABLE: _("No information"),
            NonAnswer.WITHHELD: _("Withheld"),
        }

    @cached_property
    def states(self) -> "States":
        """The words of the state column."""
        _ = self.words.gettext
        return States(
            not_asked=_("Not asked"),
            not_counted=_("Not counted"),
            not_applicable=_("Does not apply"),
            two_answers=_("Review: two answers"),
            reason=_("Reason missing"),
            value=_("Review the value"),
            check=_("Review: see below"),
            started=_("Partly answered"),
            rows=_("Rows missing:"),
            required=_("Answer missing"),
            open=_("To answer"),
            field=_("Missing"),
            evidence=_("Evidence missing"),
            answered=_("Answered"),
        )


@dataclass(frozen=True, slots=True)
class States:
    """The words of the state column, each for one thing a person has to know."""

    not_asked: str
    not_counted: str
    not_applicable: str
    two_answers: str
    reason: str
    value: str
    check: str
    started: str
    rows: str
    required: str
    open: str
    field: str
    evidence: str
    answered: str


# What the hidden column B says of a row; formats follow it.
NOT_ASKED: Final = 0
ASKED: Final = 1
NO_SECTION: Final = 2  # the whole section is not applicable
CHOSEN: Final = 3  # the level that was chosen
LOOK: Final = 4
ANSWERED: Final = 5
