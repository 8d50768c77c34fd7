"""The profile of a country by dimension and element: levels, never points (`domain.md` 2.2).

Median and list of levels, counts beside them, no total and no decimals. What was not asked, not
answered, not applicable, not available or withheld is counted as itself, never as a level.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

import msgspec

from survey.core.answers import AnswerSet
from survey.core.instrument import Index, Question
from survey.core.state import Status

LEAST: Final = 3  # applicable questions that must carry an element for it to be shown
_LEVELLED: Final = frozenset({Status.ANSWERED, Status.PARTIAL})


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """The levels of some questions, and how many of those questions say something.

    `levels`: (question code, 0..4) in the order of the questionnaire; `median`: the middle level,
    or the two middle levels, low and high; None: no level. `scaled`: the applicable questions that
    ask for a level, with or without one. The counts are of all questions, of every kind: `asked` is
    the sum of those after it.
    """

    levels: tuple[tuple[str, int], ...] = ()
    median: tuple[int, int] | None = None
    scaled: int = 0
    asked: int = 0
    answered: int = 0
    partial: int = 0
    unanswered: int = 0
    not_applicable: int = 0
    not_available: int = 0
    withheld: int = 0

    @property
    def applicable(self) -> int:
        """The questions asked that are not marked as not applicable."""
        return self.asked - self.not_applicable

    @property
    def coverage(self) -> Fraction | None:
        """The share, 0..1, of the applicable questions that is answered; None: nothing applies."""
        return Fraction(self.answered, self.applicable) if self.applicable else None


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """`sections`: section code -> profile; `elements`: element code -> profile, None when fewer
    than three applicable questions carry it. Both in the order of the questionnaire."""

    sections: Mapping[str, Profile]
    elements: Mapping[str, Profile | None]


def scores(index: Index, statuses: Mapping[str, Status], answers: AnswerSet) -> Scores:
    """The profiles of a response: by section, and by element, main or secondary.

    `statuses`: question code -> status; a question without one was not asked.
    """
    sections = {
        section.code: profile(section.questions, statuses, answers)
        for section in index.instrument.sections
    }
    elements = {
        element.code: profile(
            [q for q in index.questions.values() if element.code in q.elements], statuses, answers
        )
        for element in index.instrument.elements
    }
    shown = {code: each if each.applicable >= LEAST else None for code, each in elements.items()}
    return Scores(sections=sections, elements=shown)


def profile(
    questions: Sequence[Question], statuses: Mapping[str, Status], answers: AnswerSet
) -> Profile:
    """The profile of these questions; what is not asked is left out of every count."""
    found = {q.code: statuses.get(q.code, Status.NOT_ASKED) for q in questions}
    asked = {code: status for code, status in found.items() if status is not Status.NOT_ASKED}
    applicable = {c for c, status in asked.items() if status is not Status.NOT_APPLICABLE}
    scale = [q.code for q in questions if q.code in applicable and _is_scaled(q)]
    levels = tuple(
        (code, int(answers[code].fields[code]))
        for code in scale
        if asked[code] in _LEVELLED and code in answers and code in answers[code].fields
    )
    counts = Counter(status.value for status in asked.values())
    return Profile(
        levels=levels,
        median=median([level for _, level in levels]),
        scaled=len(scale),
        asked=len(asked),
        **counts,
    )


def median(levels: Iterable[int]) -> tuple[int, int] | None:
    """The middle level twice, or the two middle levels of an even number; None of nothing."""
    ordered = sorted(levels)
    if not ordered:
        return None
    return ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]


def _is_scaled(question: Question) -> bool:
    return question.primary is not None and question.primary.type == "maturity"
