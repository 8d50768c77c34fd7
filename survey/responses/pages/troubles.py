"""What is wrong with an answer, sorted by where a page says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from survey.core.answers import Answer
from survey.core.instrument import Question
from survey.core.problems import Problem, Severity
from survey.core.state import QuestionState
from survey.responses.pages.fields import id_of
from survey.web.messages import words_of

_NOT_YET: Final = "required_missing"  # nothing to correct: the question waits for its answer


@dataclass(slots=True)
class Troubles:
    """`fields`: field code -> words; `cells`: (row id, column code) -> words; `inputs`: other
    names of inputs -> words; `whole`: words about the question; `links`: (words, id) of all errors.

    `warnings`: (check code, words, explanation).
    """

    fields: dict[str, str] = field(default_factory=dict)
    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    whole: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def open_warnings(self) -> int:
        """Warnings that nobody has explained."""
        return sum(not explanation for _, _, explanation in self.warnings)


def errors_of(state: QuestionState) -> list[Problem]:
    """What must be corrected before submitting; a missing answer is no error of the page."""
    return [p for p in state.problems if p.severity is Severity.ERROR and p.code != _NOT_YET]


def open_warnings_of(state: QuestionState, answer: Answer) -> list[Problem]:
    """The warnings that nobody has explained."""
    return [
        p
        for p in state.problems
        if p.severity is Severity.WARNING
        and str(p.params.get("check", "")) not in answer.explanations
    ]


def troubles_of(
    question: Question, state: QuestionState, answer: Answer, unread: Iterable[Problem]
) -> Troubles:
    """The problems of an answer and of what was typed there, each in its place."""
    found = Troubles()
    for problem in unread:
        _put(found, question, state, problem)
    for problem in state.problems:
        if problem.severity is Severity.WARNING:
            check = str(problem.params.get("check", ""))
            found.warnings.append((check, words_of(problem), answer.explanations.get(check) or {}))
        elif problem.severity is Severity.INFO:
            found.notes.append(words_of(problem))
        elif problem.code != _NOT_YET:
            _put(found, question, state, problem)
    return found


def _put(found: Troubles, question: Question, state: QuestionState, problem: Problem) -> None:
    words = words_of(problem)
    where, row = problem.where, problem.row
    columns = {column.code for column in question.columns}
    if row and where in columns:
        found.cells.setdefault((row, where), words)
        found.links.append((words, f"{row}/{where}"))
    elif _is_about_one_field(problem) and where in state.fields:
        found.fields.setdefault(where, words)
        found.links.append((words, id_of(question, where)))
    elif "." in where:
        found.inputs.setdefault(where, words)
        found.links.append((words, where))
    elif problem.code == "reason_missing":
        found.inputs.setdefault(f"{question.code}.reason", words)
        found.links.append((words, f"{question.code}.reason"))
    else:
        found.whole.append(words)
        is_field = where in state.fields
        found.links.append((words, id_of(question, where) if is_field else question.code))


def _is_about_one_field(problem: Problem) -> bool:
    fields = problem.params.get("fields", ())
    return not isinstance(fields, tuple) or len(fields) < 2
