"""What was answered earlier to the same question: to be offered, never copied (`domain.md` 0.5).

Two questions are the same when they have the same code, or the same key, and the same shape: an
answer to one then has a place for every value in the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from survey.core.answers import EMPTY, Answer, AnswerSet, Stored
from survey.core.instrument import Field, Index, Question, Text
from survey.core.joining import bank_of


class Carried(msgspec.Struct, frozen=True):
    """An earlier answer under the codes of the present question, and the question it was given to.

    Its fields and rows alone, or its non-answer: no reason, remark, evidence or explanation. What
    the panel alone could read stays so.
    """

    source: Question
    answer: Answer

    @property
    def has_value(self) -> bool:
        """There is something to offer: it is no non-answer."""
        return self.answer.non_answer is None


def carried(before: Index, answers: AnswerSet, index: Index, question: Question) -> Carried | None:
    """What earlier answers say to a question of `index`; None: nothing.

    `before` is the questionnaire that they were given to.
    """
    for source in _same(before, index, question):
        answer = _renamed(source, question, answers.get(source.code, EMPTY))
        if answer.non_answer or answer.fields or answer.rows:
            return Carried(source, answer)
    return None


def _same(before: Index, index: Index, question: Question) -> Iterator[Question]:
    """The questions of `before` that are the same, the one of the same code first."""
    namesake = before.questions.get(question.code)
    if namesake and _is_about_the_same(before, index, question.code):
        yield from _if_alike(before, namesake, index, question)
    if not question.key:
        return
    for other in before.questions.values():
        if other.key == question.key and other.code != question.code:
            yield from _if_alike(before, other, index, question)


def _if_alike(
    before: Index, source: Question, index: Index, question: Question
) -> Iterator[Question]:
    if _shape(before, source) == _shape(index, question) and _have_same_units(source, question):
        yield source


def _is_about_the_same(before: Index, index: Index, code: str) -> bool:
    """A question for any topic is another question where the topics are others."""
    if not (before.section_of[code].general or index.section_of[code].general):
        return True
    return _topics(before) == _topics(index)


def _topics(index: Index) -> frozenset[str]:
    sections = (section for section in index.sections.values() if not section.general)
    return frozenset(bank_of(question.code) for s in sections for question in s.questions)


# shapes


def _shape(index: Index, question: Question) -> tuple[Any, ...]:
    """The fields and columns by suffix, with type and choice codes; the rows that are fixed."""
    rows = tuple(row.code for row in index.fixed_rows(question))
    fields, columns = (
        {suffix: _kind(index, field) for suffix, field in _by_suffix(question, own).items()}
        for own in (question.fields, question.columns)
    )
    return question.roster is None, fields, columns, rows


def _kind(index: Index, field: Field) -> tuple[str, frozenset[str]]:
    return field.type, frozenset(choice.code for choice in index.choices(field))


def _by_suffix(question: Question, fields: Iterable[Field]) -> dict[str, Field]:
    """Suffix -> field, of those that people fill in."""
    start = len(question.code)
    return {field.code[start:]: field for field in fields if not field.calculation}


def _have_same_units(one: Question, other: Question) -> bool:
    own, others = (_by_suffix(q, (*q.fields, *q.columns)) for q in (one, other))
    return all(_say_the_same(own[suffix].unit, others[suffix].unit) for suffix in own)


def _say_the_same(one: Text, other: Text) -> bool:
    """Whether two texts agree in a language; in none that both have, it cannot be said."""
    shared = one.keys() & other.keys()
    if not shared:
        return bool(one) == bool(other)
    return any(one[language] == other[language] for language in shared)


# answers


def _renamed(source: Question, question: Question, answer: Answer) -> Answer:
    """The values of an answer to `source` as an answer to `question`."""
    own = _by_suffix(source, (*source.fields, *source.columns))
    names = {field.code: f"{question.code}{suffix}" for suffix, field in own.items()}

    def renamed(fields: Mapping[str, Stored]) -> dict[str, Stored]:
        return {names[code]: value for code, value in fields.items() if code in names}

    rows = tuple(msgspec.structs.replace(r, fields=renamed(r.fields)) for r in answer.rows)
    usual = "panel" if source.sensitive else "public"
    is_reserved = (answer.visibility or usual) == "panel" and not question.sensitive
    return Answer(
        fields=renamed(answer.fields),
        non_answer=answer.non_answer,
        rows=rows,
        visibility="panel" if is_reserved else "",
    )
