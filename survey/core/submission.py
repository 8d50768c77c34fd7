"""The sealed document of a submission: what a country said, as it stood when it was signed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from survey.core.answers import EMPTY, Answer, AnswerSet, NonAnswer, Part, parts_of
from survey.core.instrument import Index, Question
from survey.core.problems import Problem, Severity
from survey.core.state import State

FORMAT: Final = 1


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """Whose answers to what, at which state, signed by whom. `at`: UTC, to the second."""

    response: str
    round: str
    country: str  # ISO 3166-1 alpha-3
    questionnaire: str
    version: int
    instrument_sha256: str
    seq: int
    head: str  # hash of the last change, hexadecimal
    at: datetime
    signatory: str
    office: str


class SubmissionDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed. `answers`: question code -> answer; only what is asked, the documents too."""

    format: int
    header: Header
    answers: dict[str, Answer]


def seal(header: Header, state: State) -> bytes:
    """The canonical bytes of a submission of this state; the same state gives the same bytes."""
    answers = submitted(state)
    document = SubmissionDocument(format=FORMAT, header=header, answers=answers)
    return msgspec.json.encode(document, order="sorted")


def unseal(document: bytes) -> SubmissionDocument:
    """The content of a sealed document."""
    return msgspec.json.decode(document, type=SubmissionDocument)


def submitted(state: State) -> dict[str, Answer]:
    """The answers that go: of questions asked, the values that count.

    Of a withheld answer only the fact and its reason go (`domain.md` 5.5); under any non-answer
    no value does.
    """
    found = {}
    for code, question in state.program.index.answerable.items():
        answer = state.answers.get(code)
        if answer and state.questions[code].is_asked:
            found[code] = _going(question, answer, state.questions[code].fields)
    return {code: answer for code, answer in found.items() if answer != EMPTY}


def _going(question: Question, answer: Answer, asked: frozenset[str]) -> Answer:
    if answer.non_answer is NonAnswer.WITHHELD:
        return Answer(
            non_answer=answer.non_answer, reason=answer.reason, visibility=answer.visibility
        )
    if answer.non_answer:
        return msgspec.structs.replace(answer, fields={}, rows=())
    fields = {code: value for code, value in answer.fields.items() if code in asked}
    columns = {column.code for column in question.columns}
    rows = tuple(
        msgspec.structs.replace(
            row, fields={code: v for code, v in row.fields.items() if code in columns}
        )
        for row in answer.rows
    )
    return msgspec.structs.replace(answer, fields=fields, rows=rows)


def left_behind(state: State) -> tuple[Part, ...]:
    """The values that are kept but do not go: of what is not asked, and under a non-answer."""
    stored = parts_of(state.answers)
    going = parts_of(submitted(state))
    fields = state.program.index.fields
    return tuple(part for part in sorted(stored) if part not in going and part.part in fields)


def blocking(state: State) -> tuple[Problem, ...]:
    """The problems that keep a response from being submitted."""
    return tuple(p for p in state.problems if p.severity is Severity.ERROR)


def warnings(state: State) -> tuple[Problem, ...]:
    """The problems that may be kept, with an explanation that the panel reads."""
    return tuple(p for p in state.problems if p.severity is Severity.WARNING)


def explanation(answers: AnswerSet, index: Index, problem: Problem) -> Any:
    """The explanation given for a warning, `{"text", "lang"}`, or None."""
    owner = index.question_of.get(problem.where)
    code = owner.code if owner else problem.where
    check = str(problem.params.get("check", ""))
    for question in (code, *_owners(index, check)):
        given = answers.get(question, EMPTY).explanations.get(check)
        if given:
            return given
    return None


def _owners(index: Index, check: str) -> Iterator[str]:
    """The question a check belongs to may not be the one it points at first."""
    code = check.rpartition("-")[0]
    if code in index.questions:
        yield code


def flat(index: Index, answers: Mapping[str, Answer]) -> list[Any]:
    """The values in the order of the instrument's fields; rosters as lists of rows.

    A non-answer stands in the first field of its question as `{"state"}`; nothing is None.
    """
    return [
        value
        for code, question in index.answerable.items()
        for value in _values(question, answers.get(code, EMPTY))
    ]


def _values(question: Question, answer: Answer) -> Iterator[Any]:
    state = {"state": answer.non_answer.value} if answer.non_answer else None
    if question.roster:
        yield state or [dict(row.fields) for row in answer.rows]
    for place, field in enumerate(question.fields):
        yield state if state and place == 0 else answer.fields.get(field.code)
