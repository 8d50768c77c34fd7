"""Where answers do not fit together: the checks of severity warning and information."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from survey.core.answers import EMPTY, AnswerSet, Stored
from survey.core.expressions.tree import Node, references
from survey.core.instrument import EVIDENCE, Check, Index, Question, Text
from survey.core.problems import Problem, Severity
from survey.core.program import Program
from survey.core.state import State
from survey.core.submission import explanation

SETTLED_FIRST: Final = 3  # questions that the panel must settle (`domain.md` 6.1)


@dataclass(frozen=True, slots=True)
class Concerned:
    """An answer that a check looks at; `fields`: the fields and columns it reads there."""

    question: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A check that found something: its rule in words, the answers, what the country says to it.

    `number` counts from 1 in the order of the list. `rows`: ids of the rows of the roster of
    the first answer where it was found; empty: it is about the answers as a whole.
    """

    number: int
    check: str
    severity: Severity
    message: Text
    concerned: tuple[Concerned, ...]
    rows: tuple[str, ...]
    explanation: Stored | None

    @property
    def questions(self) -> tuple[str, ...]:
        """The codes of the questions concerned, the one it points at first."""
        return tuple(each.question for each in self.concerned)

    @property
    def is_between(self) -> bool:
        """Two or more answers say different things; otherwise it is within one."""
        return len(self.concerned) > 1


def contradictions(state: State) -> tuple[Contradiction, ...]:
    """What the checks found: between answers first, then within one; both in order.

    A check that speaks of several rows is one contradiction.
    """
    found: dict[str, list[Problem]] = {}
    for problem in state.problems:
        if problem.code == "check" and problem.severity is not Severity.ERROR:
            found.setdefault(str(problem.params["check"]), []).append(problem)
    made = [_contradiction(state, problems) for problems in found.values()]
    ordered = sorted(made, key=lambda each: not each.is_between)
    return tuple(_numbered(each, number) for number, each in enumerate(ordered, 1))


def _contradiction(state: State, problems: list[Problem]) -> Contradiction:
    first, program = problems[0], state.program
    code = str(first.params["check"])
    return Contradiction(
        number=0,
        check=code,
        severity=first.severity,
        message=dict(first.text),
        concerned=_concerned(program, first),
        rows=tuple(problem.row for problem in problems if problem.row),
        explanation=explanation(state.answers, program.index, first),
    )


def _numbered(each: Contradiction, number: int) -> Contradiction:
    return Contradiction(
        number, each.check, each.severity, each.message, each.concerned, each.rows, each.explanation
    )


def _concerned(program: Program, problem: Problem) -> tuple[Concerned, ...]:
    question, check, node = _check(program, problem)
    codes = dict.fromkeys((*check.fields, *_read(program, node)))
    found: dict[str, list[str]] = {}
    for code in codes:
        own = program.index.question_of.get(code) or program.index.questions.get(code) or question
        if own.code != EVIDENCE:
            found.setdefault(own.code, []).append(code)
    return tuple(Concerned(each, tuple(fields)) for each, fields in found.items())


def _check(program: Program, problem: Problem) -> tuple[Question, Check, Node]:
    code = problem.params["check"]
    return next(
        (question, check, expression.node)
        for question in program.index.answerable.values()
        for check, expression in program.checks[question.code]
        if check.code == code
    )


def _read(program: Program, node: Node) -> Iterator[str]:
    """The fields an expression reads; of a calculated one, what that is made of."""
    for code in sorted(references(node)):
        if code in program.calculation:
            yield from _read(program, program.calculation[code].node)
        else:
            yield code


def to_settle(
    index: Index, answers: AnswerSet, found: tuple[Contradiction, ...]
) -> tuple[Contradiction, ...]:
    """The three that the panel must settle: those between answers, one of each section.

    What carries a level comes first, then what nobody explained, then the order of the list.
    """

    def urgency(each: Contradiction) -> tuple[bool, bool, bool, int]:
        levelled = any(_has_level(index, answers, code) for code in each.questions[:1])
        is_lead = each.severity is Severity.INFO
        return not levelled, is_lead, each.explanation is not None, each.number

    chosen: dict[str, Contradiction] = {}
    for each in sorted((c for c in found if c.is_between), key=urgency):
        chosen.setdefault(index.section_of[each.questions[0]].code, each)
    first = list(chosen.values())[:SETTLED_FIRST]
    return tuple(sorted(first, key=lambda each: each.number))


def _has_level(index: Index, answers: AnswerSet, code: str) -> bool:
    primary = index.questions[code].primary
    kind = primary.type if primary else ""
    return kind == "maturity" and code in answers.get(code, EMPTY).fields
