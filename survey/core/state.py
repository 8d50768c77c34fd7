"""What answers amount to: what is asked, what is answered, what is wrong, and how far it has come.

A state is kept per question, so that after a change only the questions that read the changed ones
are worked out again (`advance`); the result is the same as working out all of them (`state_of`).
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Final

import msgspec

from survey.core.answers import AnswerSet, Row
from survey.core.evaluation import QuestionState as QuestionState
from survey.core.evaluation import RowRun, Run
from survey.core.evaluation import Status as Status
from survey.core.expressions.values import text
from survey.core.instrument import EVIDENCE, Field, Section
from survey.core.problems import Problem, Severity
from survey.core.program import Program


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of questions. `settled` of `asked` are answered or carry a non-answer; `started` are
    answered in part; `errors` and `warnings` count questions that have some."""

    asked: int = 0
    settled: int = 0
    started: int = 0
    not_asked: int = 0
    errors: int = 0
    warnings: int = 0

    @property
    def left(self) -> int:
        """Questions asked that still need something."""
        return self.asked - self.settled


class State:
    """The state of one answer set under one program at one moment; a value, never changed."""

    def __init__(
        self, program: Program, answers: AnswerSet, now: datetime, of: Mapping[str, QuestionState]
    ) -> None:
        self.program = program
        self.answers = answers
        self.now = now
        self.questions = of  # question code -> state, in the order of the questionnaire

    @cached_property
    def asked(self) -> Mapping[str, bool]:
        """Question or field code -> is it asked; columns of a roster as their question."""
        found: dict[str, bool] = {}
        for code, question in self.program.index.answerable.items():
            own = self.questions[code]
            found.update((field.code, field.code in own.fields) for field in question.fields)
            found.update((column.code, own.is_asked) for column in question.columns)
            found[code] = own.is_asked
        return found

    @property
    def status(self) -> Mapping[str, Status]:
        """Question code -> where its answer stands."""
        return {code: state.status for code, state in self.questions.items()}

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, in the order of the questionnaire."""
        return tuple(p for state in self.questions.values() for p in state.problems)

    @cached_property
    def progress(self) -> Mapping[str, Progress]:
        """Section code -> counts."""
        sections = self.program.index.instrument.sections
        return {section.code: self.progress_of(section) for section in sections}

    @cached_property
    def total(self) -> Progress:
        """The counts of all sections together."""
        return _sum(self.progress.values())

    def progress_of(self, section: Section) -> Progress:
        """The counts of one section, at the cost of that section."""
        return _sum(_count(self.questions[question.code]) for question in section.questions)


def _count(state: QuestionState) -> Progress:
    if not state.is_asked:
        return _NOT_ASKED
    severities = {problem.severity for problem in state.problems}
    return Progress(
        asked=1,
        settled=int(state.status.is_settled),
        started=int(state.status is Status.PARTIAL),
        errors=int(Severity.ERROR in severities),
        warnings=int(Severity.WARNING in severities),
    )


_NOT_ASKED: Final = Progress(not_asked=1)


def _sum(counts: Iterable[Progress]) -> Progress:
    columns = zip(*(msgspec.structs.astuple(each) for each in counts), strict=True)
    totals = [sum(column) for column in columns]
    return Progress(**dict(zip(Progress.__struct_fields__, totals, strict=False)))


def state_of(program: Program, answers: AnswerSet, now: datetime) -> State:
    """What these answers amount to at `now` (UTC); total: no stored answer makes it fail."""
    run = Run(program, answers, now)
    every = {code: run.question_state(code) for code in program.index.answerable}
    return State(program, answers, now, every)


def advance(before: State, answers: AnswerSet, changed: Collection[str], now: datetime) -> State:
    """The state after the answers to the `changed` questions were replaced.

    Equal to `state_of(program, answers, now)`, at the cost of the questions that depend on the
    changed ones. On another day everything is worked out again, for `today()` has changed.
    """
    program = before.program
    if before.now.date() != now.date():
        return state_of(program, answers, now)
    affected = {code for each in changed for code in program.dependants.get(each, ())}
    if EVIDENCE in changed:
        affected |= {code for code, answer in answers.items() if answer.evidence}
        affected |= set(program.evidence_when)
    run = Run(program, answers, now)
    fresh = {code: run.question_state(code) for code in affected}
    return State(program, answers, now, {**before.questions, **fresh})


def calculated(state: State, field: Field, row: Row | None = None) -> str:
    """What a calculated field, or a calculated column in `row`, amounts to; "" for nothing."""
    run = Run(state.program, state.answers, state.now)
    if row is None:
        found = run.value(field.code)
    else:
        found = RowRun(run, state.program.index.question_of[field.code], row).own(field)
    return text(found)
