"""What one saved answer changes on the page of its section."""

from collections.abc import Collection, Iterator

from survey.core.answers import EMPTY, NonAnswer
from survey.core.instrument import Question, Section
from survey.core.problems import Problem
from survey.core.state import QuestionState
from survey.responses.board import Board
from survey.responses.pages.fields import Shown
from survey.responses.pages.questions import Context, mark_of, state_words
from survey.responses.pages.sections import (
    items_shown,
    jump_shown,
    problems_shown,
    progress_words,
    torn_shown,
)


def touched(before: Board, after: Board, section: Section) -> list[str]:
    """The questions of a section that look different now: asked, fields, problems or status."""
    then, now = before.state.questions, after.state.questions
    return [q.code for q in section.questions if then[q.code] != now[q.code]]


def looks_different(before: Board, after: Board, code: str) -> bool:
    """Whether the fields or messages of a question changed; its values are on the page already,
    unless a value and a non-answer took each other's place."""
    then, now = before.state.questions[code], after.state.questions[code]
    if _non_answer(before, code) != _non_answer(after, code):
        return True
    if _messages(then) != _messages(now) or then.fields != now.fields:
        return True
    if then.is_asked != now.is_asked:
        return True
    question = after.index.answerable[code]
    fields = (*question.fields, *question.columns)
    return any(field.calculation and not field.internal for field in fields)


def _non_answer(board: Board, code: str) -> NonAnswer | None:
    return board.answers.get(code, EMPTY).non_answer


def _messages(state: QuestionState) -> list[Problem]:
    return [problem for problem in state.problems if problem.code != "required_missing"]


def opened(before: Board, after: Board, section: Section) -> int:
    """How many questions and further fields an answer opened that wait for an answer."""
    return sum(
        _opens(before.state.questions[q.code], after.state.questions[q.code])
        for q in section.questions
    )


def _opens(then: QuestionState, now: QuestionState) -> int:
    if not then.is_asked:
        return int(now.is_asked and not now.status.is_settled)
    return len([code for code in now.missing if code in now.fields - then.fields])


def changed_shown(
    context: Context,
    section: Section | None,
    question: Question,
    whole: Collection[str],
    others: Collection[str],
    saved: str,
    knows_conflicts: bool,
) -> Shown:
    """The parts of a page after `question` was saved, as `responses/fragment.html` takes them.

    `whole`: codes of questions to show anew; `others`: those whose line in the list changed.
    """
    shown: Shown = {
        "code": question.code,
        "mark": mark_of(question),
        "seq": context.sheet.board.seq,
        "light": None if question.code in whole else state_words(context, question),
        "earlier": None if question.code in whole else context.offer(question),
        "items": list(_items(context, section, question, whole)),
        "in_section": section is not None,
    }
    if section is None:
        return shown
    progress = context.sheet.board.state.progress_of(section)
    listed = [q for q in section.questions if q.code in others or q.code == question.code]
    return shown | {
        "progress": progress_words(progress),
        "saved": saved,
        "jump": [jump_shown(context, each) for each in listed],
        "problems": list(problems_shown(context, section.questions)),
        "torn": torn_shown(context, section.questions) if knows_conflicts else None,
    }


def _items(
    context: Context, section: Section | None, question: Question, whole: Collection[str]
) -> Iterator[Shown]:
    """The questions to show anew; if any came or went, everything that is not asked as well."""
    if section is None:
        if question.code in whole:
            yield from items_shown(context, [question])
        return
    if not whole:
        return
    yield from items_shown(context, section.questions, only=whole)
