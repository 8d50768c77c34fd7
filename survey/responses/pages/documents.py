"""The list of documents and the history of an answer as plain values."""

from collections.abc import Iterable, Sequence

from flask import url_for
from flask_babel import gettext as _

from survey.core.answers import EMPTY
from survey.core.instrument import EVIDENCE
from survey.core.problems import Param, Problem
from survey.responses.board import Board
from survey.responses.pages.conflicts import part_title, stored_shown
from survey.responses.pages.fields import Sheet, Shown
from survey.responses.pages.questions import Context, mark_of, via_words
from survey.responses.service import Entry


def citing(board: Board, document: str) -> list[str]:
    """The marks of the questions whose answers cite a document, in order."""
    return [
        mark_of(question)
        for code, question in board.index.questions.items()
        if document in board.answers.get(code, EMPTY).evidence
    ]


def still_cited(board: Board, pressed: Iterable[str]) -> Problem | None:
    """Why a document cannot go: the answers that cite it; None when it can."""
    rows = {row.id: row for row in board.answers.get(EVIDENCE, EMPTY).rows}
    for value in pressed:
        row = rows.get(value.partition("/")[2])
        marks = citing(board, row.id) if row else []
        if row and marks:
            number = str(row.fields.get(f"{EVIDENCE}-number", ""))
            params: dict[str, Param] = {"number": number, "marks": tuple(marks)}
            return Problem(code="document_cited", where=EVIDENCE, params=params)
    return None


def citations_shown(context: Context) -> list[Shown]:
    """Each document with the questions that cite it, and their addresses."""
    board = context.sheet.board
    by_document: dict[str, list[tuple[str, str]]] = {}
    for code, answer in board.answers.items():
        question = board.index.questions.get(code)
        for document in answer.evidence if question else ():
            by_document.setdefault(document, []).append((_place(board, code), code))
    return [
        {
            "title": title,
            "cited": [_link(context, code) for _place_, code in sorted(by_document.get(row, []))],
        }
        for row, title, _meta in context.documents
    ]


def _place(board: Board, code: str) -> str:
    return f"{list(board.index.sections).index(board.index.section_of[code].code):04}-{code}"


def _link(context: Context, code: str) -> tuple[str, str]:
    board = context.sheet.board
    section = board.index.section_of[code].code
    url = url_for("responses.section", response_id=context.response.id, code=section, _anchor=code)
    return mark_of(board.index.questions[code]), url


def entries_shown(sheet: Sheet, entries: Sequence[Entry]) -> list[Shown]:
    """The lines of a history: when, who, what it was and what it became."""
    return [_entry(sheet, entry) for entry in entries]


def _entry(sheet: Sheet, entry: Entry) -> Shown:
    on_behalf = entry.on_behalf or {}
    by = _("for %(name)s", name=on_behalf["name"]) if on_behalf.get("name") else ""
    return {
        "when": sheet.reader.moment(entry.at),
        "who": " ".join(filter(None, (entry.actor, by))),
        "via": via_words(entry.via),
        "title": part_title(sheet, entry.part),
        "old": stored_shown(sheet, entry.part, entry.old) if entry.old is not None else "",
        "new": stored_shown(sheet, entry.part, entry.new) if entry.new is not None else "",
    }
