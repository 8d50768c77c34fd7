"""Answers with two versions, side by side."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from survey.core.answers import (
    CITES,
    EMPTY,
    EXPLAINS,
    REASON,
    REMARK,
    ROW,
    VISIBILITY,
    NonAnswer,
    Part,
    Stored,
    parts_of,
)
from survey.core.instrument import EVIDENCE
from survey.responses.latest import Line
from survey.responses.models import Conflict
from survey.responses.pages.fields import Sheet, Shown, part_shown, text_of


def non_answer_words(state: str) -> str:
    """A non-answer as people say it."""
    return {
        NonAnswer.NOT_APPLICABLE.value: str(_("It does not apply")),
        NonAnswer.NOT_AVAILABLE.value: str(_("There is no information")),
        NonAnswer.WITHHELD.value: str(_("It is withheld")),
    }[state]


def conflicts_shown(
    sheet: Sheet, conflicts: Iterable[Conflict], authors: Mapping[Part, Line]
) -> list[Shown]:
    """The conflicts of one question: what each is about, and both versions with their authors."""
    return [_shown(sheet, conflict, authors) for conflict in conflicts]


def _shown(sheet: Sheet, conflict: Conflict, authors: Mapping[Part, Line]) -> Shown:
    part = Part(conflict.question, conflict.row, conflict.part)
    answer = sheet.board.answers.get(conflict.question, EMPTY)
    here = parts_of({conflict.question: answer}).get(part)
    author = authors.get(part)
    when = sheet.reader.moment
    return {
        "id": str(conflict.id),
        "question": conflict.question,
        "title": part_title(sheet, part),
        "here": {
            "shown": stored_shown(sheet, part, here),
            "who": author.actor if author else "",
            "when": when(author.at) if author else "",
        },
        "there": {
            "shown": stored_shown(sheet, part, conflict.there),
            "who": conflict.actor.name,
            "when": when(conflict.at),
        },
    }


def part_title(sheet: Sheet, part: Part) -> str:
    """What a part of an answer is called on a page."""
    named = {REMARK: _("Remark"), REASON: _("Reason"), VISIBILITY: _("Who may read it")}
    if part.part in named:
        return str(named[part.part])
    if part.part.startswith(CITES):
        return str(_("Evidence"))
    if part.part.startswith(EXPLAINS):
        return str(_("Explanation"))
    title = _("Row") if part.part == ROW else _field_title(sheet, part)
    return f"{title}, {_row_name(sheet, part)}" if part.row else str(title)


def _field_title(sheet: Sheet, part: Part) -> str:
    field = sheet.board.index.fields.get(part.part)
    label = sheet.reader.say(field.label) if field else ""
    return label or str(_("Answer"))


def _row_name(sheet: Sheet, part: Part) -> str:
    """The label of a fixed row, the first words of an open one, else its place."""
    question = sheet.board.index.answerable[part.question]
    for choice in sheet.board.index.fixed_rows(question):
        if choice.code == part.row:
            return sheet.reader.say(choice.label)
    rows = sheet.board.answers.get(part.question, EMPTY).rows
    for place, row in enumerate(rows, 1):
        if row.id == part.row:
            shown = (part_shown(sheet, c, row.fields.get(c.code)) for c in question.columns)
            return next(filter(None, shown), "") or str(_("row %(number)s", number=place))
    return str(_("a row that is not there any more"))


def stored_shown(sheet: Sheet, part: Part, stored: Stored | None) -> str:
    """The value of a part as people read it."""
    if part.part == ROW:
        return str(_("The row stays") if stored is not None else _("The row goes"))
    if stored is None:
        return str(_("(empty)"))
    if isinstance(stored, dict) and "state" in stored:
        return non_answer_words(stored["state"])
    if part.part.startswith(CITES):
        return _document(sheet, part.part.removeprefix(CITES))
    if part.part == VISIBILITY:
        return visibility_words(str(stored))
    field = sheet.board.index.fields.get(part.part)
    return part_shown(sheet, field, stored) if field else text_of(stored)


def _document(sheet: Sheet, row_id: str) -> str:
    rows = sheet.board.answers.get(EVIDENCE, EMPTY).rows
    for row in rows:
        if row.id == row_id:
            title = text_of(row.fields.get(f"{EVIDENCE}-title"))
            return f"{row.fields.get(f'{EVIDENCE}-number', '')}. {title}"
    return str(_("a document that is not listed any more"))


def visibility_words(visibility: str) -> str:
    """Who may read an answer, in words."""
    if visibility == "panel":
        return str(_("The panel alone"))
    return str(_("The panel; others only if the country releases it"))
