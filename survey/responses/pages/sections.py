"""A section as plain values: its questions, what is not asked and why, the list beside them."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from flask import url_for
from flask_babel import ngettext

from survey.core.expressions.tree import references
from survey.core.instrument import Question, Section
from survey.core.state import Progress
from survey.responses.pages.conflicts import non_answer_words
from survey.responses.pages.fields import Shown, part_shown
from survey.responses.pages.questions import (
    Context,
    mark_of,
    question_shown,
    short_state,
)
from survey.workbooks.names import number_of_section


def section_shown(context: Context, section: Section) -> Shown:
    """A section as `responses/section.html` takes it."""
    index = context.sheet.board.index
    sections = list(index.sections.values())
    place = sections.index(section)
    following = sections[place + 1] if place + 1 < len(sections) else None
    reader = context.sheet.reader
    progress = context.sheet.board.state.progress_of(section)
    return {
        "code": section.code,
        "number": place + 1,
        "count": len(sections),
        "title": reader.marked(section.title),
        "plain_title": reader.say(section.title),
        "introduction": reader.marked(section.introduction),
        "who": reader.marked(section.who),
        "documents": reader.marked(section.documents),
        "minutes": section.minutes,
        "items": list(items_shown(context, section.questions)),
        "is_untouched": progress.settled + progress.started < progress.asked,
        "next": _next(context, following),
        "previous_url": _url(context, sections[place - 1]) if place else "",
        **head_shown(context, section),
    }


def head_shown(context: Context, section: Section) -> Shown:
    """What of a section changes with any of its answers: progress, problems, list of questions."""
    progress = context.sheet.board.state.progress_of(section)
    return {
        "progress": progress_words(progress),
        "is_done": not progress.left,
        "problems": list(problems_shown(context, section.questions)),
        "torn": torn_shown(context, section.questions),
        "jump": [jump_shown(context, question) for question in section.questions],
    }


def progress_words(progress: Progress) -> str:
    """How far a section has come, in words."""
    words = [
        ngettext(
            "%(settled)s of %(num)d answered",
            "%(settled)s of %(num)d answered",
            progress.asked,
            settled=progress.settled,
        )
    ]
    if progress.not_asked:
        words.append(ngettext("%(num)d is not asked", "%(num)d are not asked", progress.not_asked))
    return " · ".join(map(str, words))


def _next(context: Context, section: Section | None) -> Shown | None:
    if section is None:
        return None
    title = context.sheet.reader.say(section.title)
    return {"url": _url(context, section), "mark": number_of_section(section), "title": title}


def _url(context: Context, section: Section) -> str:
    return url_for("responses.section", response_id=context.response.id, code=section.code)


def problems_shown(context: Context, questions: Iterable[Question]) -> Iterator[tuple[str, str]]:
    """What is to correct: words, and the address of the field."""
    for question in questions:
        if not context.state(question.code).is_asked:
            continue
        for words, name in context.troubles(question).links:
            yield f"{mark_of(question)}: {words}", f"#{name}"


def torn_shown(context: Context, questions: Iterable[Question]) -> list[tuple[str, str]]:
    """The questions with two versions: mark and address of each."""
    torn = (question for question in questions if context.conflicts.get(question.code))
    return [(mark_of(question), f"#{question.code}.conflicts") for question in torn]


def jump_shown(context: Context, question: Question) -> Shown:
    """One question of the list beside a section."""
    kind, word = short_state(context, question)
    return {
        "code": question.code,
        "mark": mark_of(question),
        "title": context.sheet.reader.marked(question.title or question.stem),
        "kind": kind,
        "word": word,
    }


# questions, and those that are not asked


def items_shown(
    context: Context, questions: Sequence[Question], only: Collection[str] | None = None
) -> Iterator[Shown]:
    """The questions in order; neighbours that are not asked for one reason are told as one.

    `only`: of those asked the ones with these codes; those not asked are told in any case.
    """
    waiting: list[Question] = []
    reason: Shown | None = None
    for question in questions:
        if context.state(question.code).is_asked:
            yield from _off(context, waiting, reason)
            waiting, reason = [], None
            if only is None or question.code in only:
                yield {"kind": "question", "question": question_shown(context, question)}
            continue
        why = why_not_asked(context, question)
        if waiting and why != reason:
            yield from _off(context, waiting, reason)
            waiting = []
        waiting.append(question)
        reason = why
    yield from _off(context, waiting, reason)


def _off(context: Context, questions: Sequence[Question], reason: Shown | None) -> Iterator[Shown]:
    if not questions:
        return
    first, *others = questions
    say = context.sheet.reader.marked
    told = [(mark_of(question), say(question.title or question.stem)) for question in questions]
    yield {"kind": "off", "code": first.code, "questions": told, "reason": reason}
    for question in others:
        yield {"kind": "place", "code": question.code}


def why_not_asked(context: Context, question: Question) -> Shown | None:
    """The answer that decides: mark and address of its question, its words; None: not known."""
    deciding = _deciding(context, question.code, set())
    if deciding is None:
        return None
    field = context.sheet.board.index.fields[deciding]
    decider = context.sheet.board.index.question_of[deciding]
    answer = context.answer(decider.code)
    words = part_shown(context.sheet, field, answer.fields.get(deciding))
    if answer.non_answer:
        words = non_answer_words(answer.non_answer.value)
    return {
        "mark": mark_of(decider),
        "href": _address(context, question, decider),
        "answer": words,
    }


def _deciding(context: Context, code: str, seen: set[str]) -> str | None:
    """The field a condition reads that is asked itself; of one that is not, what decides that."""
    board = context.sheet.board
    node = board.program.condition(code)
    if node is None or code in seen:
        return None
    seen.add(code)
    for name in sorted(references(node)):
        owner = board.index.question_of[name].code
        if board.state.questions[owner].is_asked:
            return name
        deeper = _deciding(context, owner, seen)
        if deeper:
            return deeper
    return None


def _address(context: Context, question: Question, decider: Question) -> str:
    section_of = context.sheet.board.index.section_of
    here, there = section_of.get(question.code), section_of.get(decider.code)
    anchor = f"#{decider.code}"
    return anchor if there is None or here is there else _url(context, there) + anchor
