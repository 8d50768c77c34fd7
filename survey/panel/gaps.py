"""What the panel does not learn from a submission, and what it cannot rest on (`domain.md` 6.1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from survey.core.answers import EMPTY, Answer, Stored
from survey.core.instrument import NUMBER_KINDS, Question
from survey.core.state import QuestionState, State, Status
from survey.core.submission import explanation
from survey.panel.evidence import OLD_MONTHS, Document, documents, months_since


class Kind(StrEnum):
    """What kind of gap it is, in the order in which kinds are counted."""

    UNANSWERED = "unanswered"
    PARTIAL = "partial"
    NOT_AVAILABLE = "not_available"
    WITHHELD = "withheld"
    NO_EVIDENCE = "no_evidence"
    LEVEL_4 = "level_4"
    OLD_EVIDENCE = "old_evidence"
    NO_YEAR = "no_year"
    NO_SOURCE = "no_source"
    OLD_NUMBER = "old_number"


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap of one question.

    `missing`: codes of the fields (or `row/column`) still empty, of a partial answer. `said`: the
    reason of a non-answer or the explanation of missing evidence, a text. `year`: of an old number.
    `documents`: numbers of the documents that are too old.
    """

    question: str
    kind: Kind
    missing: tuple[str, ...] = ()
    said: Stored | None = None
    year: str = ""
    documents: tuple[int, ...] = ()


_OF_STATUS: Final = {
    Status.UNANSWERED: Kind.UNANSWERED,
    Status.PARTIAL: Kind.PARTIAL,
    Status.NOT_AVAILABLE: Kind.NOT_AVAILABLE,
    Status.WITHHELD: Kind.WITHHELD,
}
_PERISHABLE: Final = frozenset({"R", "M", "S"})  # kinds of evidence, `domain.md` 0.3
_OF_PROBLEM: Final = {
    "evidence_missing": Kind.NO_EVIDENCE,
    "level_4_unsubstantiated": Kind.LEVEL_4,
}


def gaps(state: State) -> tuple[Gap, ...]:
    """The gaps in the order of the questionnaire; of one question in the order of the kinds."""
    listed = {document.id: document for document in documents(state)}
    return tuple(
        gap
        for code, question in state.program.index.questions.items()
        if state.questions[code].is_asked
        for gap in _gaps(state, question, state.questions[code], listed)
    )


def _gaps(
    state: State, question: Question, own: QuestionState, listed: Mapping[str, Document]
) -> Iterator[Gap]:
    answer = state.answers.get(question.code, EMPTY)
    kind = _OF_STATUS.get(own.status)
    if kind:
        yield Gap(question.code, kind, missing=own.missing, said=answer.reason)
    if answer.non_answer:
        return
    for problem in own.problems:
        if problem.code in _OF_PROBLEM:
            said = explanation(state.answers, state.program.index, problem)
            yield Gap(question.code, _OF_PROBLEM[problem.code], said=said)
    codes = {problem.code for problem in own.problems}
    if "level_4_unsubstantiated" not in codes:
        yield from _old_evidence(question, answer, listed)
    yield from _of_numbers(state, question, answer)


def _old_evidence(
    question: Question, answer: Answer, listed: Mapping[str, Document]
) -> Iterator[Gap]:
    """Nothing cited is recent, where that matters: laws and plans keep, data do not."""
    cited = [listed[each] for each in answer.evidence if each in listed]
    if cited and _is_perishable(question) and all(document.is_old for document in cited):
        numbers = tuple(sorted(document.number for document in cited))
        yield Gap(question.code, Kind.OLD_EVIDENCE, documents=numbers)


def _is_perishable(question: Question) -> bool:
    """It claims a level, or asks for reports, minutes or statistics."""
    primary = question.primary
    is_level = primary is not None and primary.type == "maturity"
    return is_level or not _PERISHABLE.isdisjoint(question.evidence)


def _of_numbers(state: State, question: Question, answer: Answer) -> Iterator[Gap]:
    given = any(f.type in NUMBER_KINDS and f.code in answer.fields for f in question.fields)
    roles = {field.code for field in question.fields if field.role == "number"}
    year_code, source_code = f"{question.code}-year", f"{question.code}-source"
    if not given:
        return
    year = str(answer.fields.get(year_code) or "")
    if year_code in roles and not year:
        yield Gap(question.code, Kind.NO_YEAR)
    if source_code in roles and not answer.fields.get(source_code):
        yield Gap(question.code, Kind.NO_SOURCE)
    age = months_since(year, state.now)
    if age is not None and age > OLD_MONTHS:
        yield Gap(question.code, Kind.OLD_NUMBER, year=year)
