"""The numbers a country gave, with unit, year, source and coverage; the facts that stand first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from survey.core.answers import EMPTY, Answer, Row, Stored
from survey.core.instrument import NUMBER_KINDS, Field, Index, Question
from survey.core.state import State, Status

FIRST: Final = 5
_SAID: Final = frozenset({Status.ANSWERED, Status.PARTIAL})


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: `value` is a decimal string. What was not said is None, or "" for codes.

    `row`: the row of a roster it stands in. `source` is a text; `coverage` and `currency` codes.
    """

    question: Question
    field: Field
    value: str
    row: Row | None = None
    year: str = ""
    source: Stored | None = None
    coverage: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What an answer says in one line, by its kind.

    law: something is in force since a year (`since`); rows: the first column of `yes` of `rows`
    lines of a table says yes; numbers: one or several figures.
    """

    question: Question
    kind: Literal["law", "rows", "numbers"]
    figures: tuple[Figure, ...] = ()
    since: str = ""
    yes: int = 0
    rows: int = 0


def figures(state: State) -> tuple[Figure, ...]:
    """Every number given, in the order of the questionnaire, rosters row by row."""
    return tuple(
        figure
        for code, question in state.program.index.questions.items()
        if state.questions[code].status in _SAID
        for figure in _figures(question, state)
    )


def _figures(question: Question, state: State) -> Iterator[Figure]:
    answer = state.answers.get(question.code, EMPTY)
    asked = state.questions[question.code].fields
    for field in question.fields:
        value = answer.fields.get(field.code)
        if field.type in NUMBER_KINDS and field.code in asked and value is not None:
            yield _figure(question, field, value, answer)
    columns = [column for column in question.columns if column.type in NUMBER_KINDS]
    for row in answer.rows:
        for column in columns:
            if (value := row.fields.get(column.code)) is not None:
                yield Figure(question, column, value, row)


def _figure(question: Question, field: Field, value: str, answer: Answer) -> Figure:
    said = answer.fields
    return Figure(
        question=question,
        field=field,
        value=value,
        year=str(said.get(f"{question.code}-year") or ""),
        source=said.get(f"{question.code}-source"),
        coverage=str(said.get(f"{question.code}-coverage") or ""),
        currency=str(said.get(f"{field.code}-currency") or ""),
    )


def facts(state: State) -> tuple[Fact, ...]:
    """Five facts: of each section the first, laws before numbers; then the second of each.

    Fewer when the country gave fewer.
    """
    ranked = []
    for number, section in enumerate(state.program.index.instrument.sections):
        own = [fact for question in section.questions for fact in _facts(question, state)]
        own.sort(key=lambda fact: fact.kind == "numbers")
        ranked += [(turn, number, fact) for turn, fact in enumerate(own)]
    ranked.sort(key=lambda each: each[:2])
    return tuple(_in_order(state.program.index, [fact for _, _, fact in ranked[:FIRST]]))


def _in_order(index: Index, chosen: Iterable[Fact]) -> list[Fact]:
    places = {code: place for place, code in enumerate(index.questions)}
    return sorted(chosen, key=lambda fact: places[fact.question.code])


def _facts(question: Question, state: State) -> Iterator[Fact]:
    """What one answer gives for the list: at most one fact."""
    if state.questions[question.code].status not in _SAID:
        return
    answer = state.answers.get(question.code, EMPTY)
    since = _since(question, answer)
    numbers = tuple(figure for figure in _figures(question, state) if figure.row is None)
    if since:
        yield Fact(question, "law", since=since)
    elif "L" in question.evidence and question.roster:
        yield from _rows(question, answer, state.program.index)
    elif numbers:
        yield Fact(question, "numbers", figures=numbers)


def _since(question: Question, answer: Answer) -> str:
    """The year from which a law is in force, when the question asks for one."""
    if "L" not in question.evidence:
        return ""
    years = [field for field in question.fields if field.type == "year" and not field.role]
    return next((str(answer.fields[y.code]) for y in years if y.code in answer.fields), "")


def _rows(question: Question, answer: Answer, index: Index) -> Iterator[Fact]:
    """How many of the fixed rows are answered yes."""
    rows = index.fixed_rows(question)
    column = question.columns[0]
    if rows and column.type in ("progress", "yes_no"):
        yes = sum(row.fields.get(column.code) == "yes" for row in answer.rows)
        yield Fact(question, "rows", yes=yes, rows=len(rows))
