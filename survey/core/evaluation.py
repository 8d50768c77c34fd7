"""One evaluation of answers: what each value reads as, what is asked, where each answer stands."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from survey.core.answers import EMPTY, Answer, AnswerSet, NonAnswer, Row
from survey.core.expressions.evaluate import POSITION, Column, Value, truth
from survey.core.instrument import EVIDENCE, Check, Field, Index, Question
from survey.core.problems import Param, Problem, Severity
from survey.core.program import Expression, Program
from survey.core.types import of

_RECENT_MONTHS: Final = 36  # G4: evidence of an evaluation is recent for three years


class Status(StrEnum):
    """Where an answer stands. The first four are about values, the others are the non-answers."""

    NOT_ASKED = "not_asked"
    UNANSWERED = "unanswered"
    PARTIAL = "partial"
    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    NOT_AVAILABLE = "not_available"
    WITHHELD = "withheld"

    @property
    def is_settled(self) -> bool:
        """Nothing is left to do: answered, or a non-answer was given."""
        return self not in (Status.NOT_ASKED, Status.UNANSWERED, Status.PARTIAL)


class QuestionState(msgspec.Struct, frozen=True, kw_only=True):
    """`fields`: codes of the fields asked; `missing`: those (or `row/column`) still to fill in."""

    status: Status
    fields: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Its condition holds, or it has none."""
        return self.status is not Status.NOT_ASKED


class Run:
    """One evaluation: remembers what it has worked out, so that each value is found once."""

    def __init__(self, program: Program, answers: AnswerSet, now: datetime) -> None:
        self.program = program
        self.index: Index = program.index
        self.answers = answers
        self.now = now
        self._values: dict[str, Value | Column] = {}
        self._asked: dict[str, bool] = {}

    # values

    def value(self, code: str) -> Value | Column:
        """The value expressions see: "" when not asked, not answered or not a value."""
        if code not in self._values:
            self._values[code] = ""  # what a cycle would see; publishing excludes cycles
            self._values[code] = self._work_out(code)
        return self._values[code]

    def _work_out(self, code: str) -> Value | Column:
        question = self.index.question_of[code]
        if not self.is_asked(question.code):
            return ""
        answer = self.answers.get(question.code, EMPTY)
        field = self.index.fields[code]
        if question.roster:
            return Column(self._column(question, field, answer))
        if answer.non_answer or not self.is_field_asked(field):
            return ""
        if field.calculation:
            return self._run(self.program.calculation[code])
        stored = answer.fields.get(code)
        return "" if stored is None else of(field).value(field, stored)

    def _column(self, question: Question, field: Field, answer: Answer) -> Iterator[Value]:
        if answer.non_answer is None:
            for row in answer.rows:
                yield RowRun(self, question, row).own(field)

    def _run(self, expression: Expression) -> Value:
        return expression.run(self.value, self.now)

    # what is asked

    def is_asked(self, code: str) -> bool:
        """The condition of a question or field holds (of its own; not that of its question)."""
        if code not in self._asked:
            self._asked[code] = True  # what a cycle would see
            condition = self.program.relevant.get(code)
            self._asked[code] = condition is None or truth(self._run(condition))
        return self._asked[code]

    def is_field_asked(self, field: Field) -> bool:
        """The field's own condition holds; the primary field has none besides its question's."""
        question = self.index.question_of[field.code]
        return field.code == question.code or self.is_asked(field.code)

    # one question

    def question_state(self, code: str) -> QuestionState:
        question = self.index.answerable[code]
        answer = self.answers.get(code, EMPTY)
        if not self.is_asked(code):
            return QuestionState(status=Status.NOT_ASKED)
        asked = [field for field in question.fields if self.is_field_asked(field)]
        codes = frozenset(field.code for field in asked)
        missing: tuple[str, ...] = ()
        if answer.non_answer:
            status = Status(answer.non_answer.value)
        else:
            missing = tuple(self._missing(question, asked, answer))
            status = self._status(question, asked, answer, missing)
        problems = tuple(self._problems(question, asked, answer, status))
        return QuestionState(status=status, fields=codes, missing=missing, problems=problems)

    def _missing(self, question: Question, asked: Iterable[Field], answer: Answer) -> Iterator[str]:
        for field in asked:
            if field.counts and answer.fields.get(field.code) is None and not field.calculation:
                yield field.code
        if question.roster:
            yield from self._missing_rows(question, answer)

    def _missing_rows(self, question: Question, answer: Answer) -> Iterator[str]:
        counting = [column for column in question.columns if column.counts]
        rows = {row.id: row for row in answer.rows}
        fixed = [row.code for row in self.index.fixed_rows(question)]
        for row_id in fixed or rows:
            row = rows.get(row_id) or Row(id=row_id, position=0)
            run = RowRun(self, question, row)
            for column in counting:
                if row.fields.get(column.code) is None and run.is_column_asked(column):
                    yield f"{row_id}/{column.code}"
        least = question.roster.least if question.roster else 0
        if not fixed and len(rows) < max(1, least):
            yield question.code

    @staticmethod
    def _status(
        question: Question, asked: Iterable[Field], answer: Answer, missing: Collection[str]
    ) -> Status:
        if not missing:
            return Status.ANSWERED if _has_value(question, asked, answer) else Status.UNANSWERED
        return Status.PARTIAL if _has_value(question, asked, answer) else Status.UNANSWERED

    # problems

    def _problems(
        self, question: Question, asked: Iterable[Field], answer: Answer, status: Status
    ) -> Iterator[Problem]:
        if status in (Status.UNANSWERED, Status.PARTIAL) and question.required:
            yield Problem(code="required_missing", where=question.code)
        if answer.non_answer:
            yield from _reason_missing(question, answer)
            return
        for field in asked:
            yield from self._field_problems(field, answer.fields.get(field.code))
        if question.roster:
            yield from self._row_problems(question, answer)
        yield from self._check_problems(question, answer)
        yield from self._evidence_problems(question, answer)

    def _field_problems(self, field: Field, stored: object, row: str = "") -> Iterator[Problem]:
        if stored is None:
            return
        problem = of(field).check(field, self.index.choices(field), stored)
        if problem:
            yield msgspec.structs.replace(problem, where=field.code, row=row)

    def _row_problems(self, question: Question, answer: Answer) -> Iterator[Problem]:
        for row in answer.rows:
            run = RowRun(self, question, row)
            for column in question.columns:
                if run.is_column_asked(column):
                    yield from self._field_problems(column, row.fields.get(column.code), row.id)

    def _check_problems(self, question: Question, answer: Answer) -> Iterator[Problem]:
        for check, expression in self.program.checks[question.code]:
            if not expression.row_of:
                if truth(self._run(expression)):
                    yield _failed(check, "")
                continue
            for row in answer.rows:
                if truth(RowRun(self, question, row).run(expression)):
                    yield _failed(check, row.id)

    def _evidence_problems(self, question: Question, answer: Answer) -> Iterator[Problem]:
        """G1: a claim asks for a document; G4: level 4 asks for a recent one."""
        condition = self.program.evidence_when.get(question.code)
        if condition is None or not truth(self._run(condition)):
            return
        documents = self._cited(answer)
        if not documents:
            yield _about_evidence("evidence_missing", question, "evidence")
        elif self._is_level_four(question, answer) and not any(map(self._is_recent, documents)):
            yield _about_evidence("level_4_unsubstantiated", question, "level4")

    def _cited(self, answer: Answer) -> list[Row]:
        listed = self.answers.get(EVIDENCE, EMPTY).rows
        return [row for row in listed if row.id in answer.evidence]

    @staticmethod
    def _is_level_four(question: Question, answer: Answer) -> bool:
        primary = question.primary
        return bool(
            primary and primary.type == "maturity" and answer.fields.get(question.code) == "4"
        )

    def _is_recent(self, document: Row) -> bool:
        dated = str(document.fields.get("evidence-date") or "")
        year, _, rest = dated.partition("-")
        if not year.isdigit():
            return False
        month = int(rest[:2]) if rest[:2].isdigit() else 12
        age = (self.now.year - int(year)) * 12 + self.now.month - month
        return age <= _RECENT_MONTHS


class RowRun:
    """The evaluation of one row: its own columns first, everything else from outside."""

    def __init__(self, outer: Run, question: Question, row: Row) -> None:
        self.outer = outer
        self.row = row
        self.question = question
        self.columns = {column.code: column for column in question.columns}

    def run(self, expression: Expression) -> Value:
        return expression.run(self.value, self.outer.now)

    def value(self, code: str) -> Value | Column:
        if code == POSITION:
            return Decimal(self.row.position)
        column = self.columns.get(code)
        return self.outer.value(code) if column is None else self.own(column)

    def own(self, column: Field) -> Value:
        """The value of this row in a column."""
        if not self.is_column_asked(column):
            return ""
        if column.calculation:
            return self.run(self.outer.program.calculation[column.code])
        stored = self.row.fields.get(column.code)
        return "" if stored is None else of(column).value(column, stored)

    def is_column_asked(self, column: Field) -> bool:
        condition = self.outer.program.relevant.get(column.code)
        return condition is None or truth(self.run(condition))


def _has_value(question: Question, asked: Iterable[Field], answer: Answer) -> bool:
    if question.roster:
        return any(row.fields for row in answer.rows)
    return any(answer.fields.get(field.code) is not None for field in asked)


def _reason_missing(question: Question, answer: Answer) -> Iterator[Problem]:
    """G5: not applicable and withheld say why."""
    if answer.non_answer is not NonAnswer.NOT_AVAILABLE and not answer.reason:
        yield Problem(code="reason_missing", where=question.code)


def _failed(check: Check, row: str) -> Problem:
    return Problem(
        code="check",
        where=check.fields[0] if check.fields else "",
        row=row,
        params={"check": check.code, "fields": check.fields},
        severity=check.severity,
        text=check.message,
    )


def _about_evidence(code: str, question: Question, suffix: str) -> Problem:
    params: Mapping[str, Param] = {"check": f"{question.code}-{suffix}"}
    return Problem(code=code, where=question.code, params=params, severity=Severity.WARNING)
