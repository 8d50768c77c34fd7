"""Answering in Excel: the workbook goes out, comes home, is looked at, taken, undone."""

import functools
import io
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final, ParamSpec
from uuid import UUID

import msgspec
from flask import abort, flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.core.merge import Item
from survey.core.policy import Act as Deed
from survey.core.problems import Problem, Refused
from survey.database import db, new_id, now, writes
from survey.responses.applying import AlreadyApplied, NotToUndo, apply, undo
from survey.responses.board import board_of
from survey.responses.exchange import (
    OfAnotherResponse,
    UnknownExport,
    UnreadableWorkbook,
    hand_out,
    import_for,
    opened,
    plan_now,
    receive,
)
from survey.responses.imports import imports_of, keep, left_open
from survey.responses.latest import authors_in, people_of
from survey.responses.ledger import Act, ResponseClosed
from survey.responses.models import Response, WorkbookImport
from survey.responses.pages.plan import plan_shown, questions_in_conflict
from survey.responses.pages.plan_items import Looked
from survey.responses.pages.workbook import contact_lines, done_shown, workbook_shown
from survey.responses.plan_forms import Decided, read_decisions
from survey.responses.shared import act_of_this_page, page_of, writable
from survey.web.access import needs
from survey.web.messages import words_of
from survey.web.reading import reader_of
from survey.workbooks.marks import mark_problems
from survey.workbooks.plan import Plan

P = ParamSpec("P")

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REFUSED: Final = (UnreadableWorkbook, UnknownExport, OfAnotherResponse)


def _own(response_id: UUID) -> Response:
    return writable(response_id, Deed.EXCHANGE_WORKBOOK) or abort(404)


def _import(response_id: UUID, import_id: UUID) -> tuple[Response, WorkbookImport]:
    response = _own(response_id)
    return response, import_for(db.session(), response, import_id) or abort(404)


@needs(Deed.EXCHANGE_WORKBOOK)
def workbook(response_id: UUID) -> ResponseReturnValue:
    return _page(_own(response_id))


@needs(Deed.EXCHANGE_WORKBOOK)
@writes
def download(response_id: UUID) -> ResponseReturnValue:
    response, session = _own(response_id), db.session()
    if not response.is_open:
        raise ResponseClosed()
    index = response.program.index
    language = request.form.get("language", "")
    sections = [code for code in index.sections if code in request.form.getlist("sections")]
    problems = []
    if language not in index.instrument.languages:
        problems.append(Problem(code="language_missing", where="language"))
    if not sections:
        problems.append(Problem(code="section_missing", where="sections"))
    if problems:
        return _page(response, *problems), 422
    people = contact_lines(people_of(session, response))
    some = [] if len(sections) == len(index.sections) else sections
    handed = hand_out(session, response, response.owner_id, g.me.id, language, some, people, now())
    return _file(handed.content, handed.name)


def _file(content: bytes, name: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(content), XLSX, as_attachment=True, download_name=name)


def _read_first(
    deed: Callable[[UUID], ResponseReturnValue],
) -> Callable[[UUID], ResponseReturnValue]:
    """Open the file that was sent before the transaction: a strange one takes its time, and
    nobody else should have to wait for it."""

    @functools.wraps(deed)
    def read(response_id: UUID) -> ResponseReturnValue:
        response = _own(response_id)
        content, _name = _sent()
        try:
            if content:
                opened(content)
        except UnreadableWorkbook as refused:
            return _page(response, *_told(refused)), 422
        return deed(response_id)

    return read


@needs(Deed.EXCHANGE_WORKBOOK)
@_read_first
@writes
def upload(response_id: UUID) -> ResponseReturnValue:
    response, session = _own(response_id), db.session()
    content, name = _sent()
    if not name:
        return _page(response, Problem(code="file_missing", where="file")), 422
    try:
        received = receive(session, g.me.id, content, name, now(), response)
    except _REFUSED as refused:
        return _page(response, *_told(refused)), 422
    return _to(received)


def _sent() -> tuple[bytes, str]:
    """The file that was sent, and its name as it may be shown; "" for none."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return b"", ""
    content = file.read()
    file.seek(0)
    name = PurePosixPath(file.filename.replace("\\", "/")).name
    return content, "".join(filter(str.isprintable, name)) or "workbook.xlsx"


def _told(refused: Refused) -> list[Problem]:
    """What is wrong with the file, as problems of its field."""
    found = refused.problems or (Problem(code=refused.code, params=refused.params),)
    return [msgspec.structs.replace(problem, where="file") for problem in found]


def _to(received: WorkbookImport) -> ResponseReturnValue:
    address = url_for("responses.plan", response_id=received.response_id, import_id=received.id)
    return redirect(address, 303)


def _page(response: Response, *problems: Problem) -> str:
    session = db.session()
    index = response.program.index
    reader = reader_of(index.instrument)
    shown = workbook_shown(reader, response, imports_of(session, response), request.form)
    return render_template(
        "responses/workbook.html",
        shown=shown,
        errors={problem.where: words_of(problem) for problem in reversed(problems)},
        problems=[(words_of(problem), f"#{problem.where}") for problem in problems],
        **page_of(response, reader, people_of(session, response)),
    )


# the plan of a workbook that came home


@needs(Deed.EXCHANGE_WORKBOOK)
def plan(response_id: UUID, import_id: UUID) -> ResponseReturnValue:
    response, received = _import(response_id, import_id)
    if received.applied_seq is not None or not response.is_open:
        return _done(response, received)
    return _plan_page(response, received, plan_now(db.session(), received, now()))


@needs(Deed.EXCHANGE_WORKBOOK)
@writes
def apply_plan(response_id: UUID, import_id: UUID) -> ResponseReturnValue:
    response, received = _import(response_id, import_id)
    if received.applied_seq is not None:
        return _done(response, received, AlreadyApplied()), 409
    if not response.is_open:
        return _done(response, received, ResponseClosed()), 409
    act = _act("workbook")
    shown = plan_now(db.session(), received, act.at)
    decided = _decided(response, received, shown)
    if decided.problems:
        errors = {problem.where: words_of(problem) for problem in decided.problems}
        return _plan_page(response, received, shown, errors), 422
    merged = apply(db.session(), received, decided.decisions, decided.choices, act, decided.remarks)
    keep(received, decided.kept)
    _tell_of_news([item for item in merged.waiting if item.part not in decided.seen])
    return _to(received)


def _act(via: str) -> Act:
    return msgspec.structs.replace(act_of_this_page(), via=via)


def _decided(response: Response, received: WorkbookImport, shown: Plan) -> Decided:
    index = response.program.index
    form = request.form.to_dict(flat=False)
    locale = reader_of(index.instrument).locale
    return read_decisions(shown, form, index, locale, received.export.language)


def _tell_of_news(waiting: list[Item]) -> None:
    """What came to wait between the page and its button."""
    if waiting:
        words = ngettext(
            "Somebody changed %(num)d answer while you were reading. It stays as it is here.",
            "Somebody changed %(num)d answers while you were reading. They stay as they are here.",
            len(waiting),
        )
        flash(words, "attention")


@needs(Deed.EXCHANGE_WORKBOOK)
@writes
def undo_import(response_id: UUID, import_id: UUID) -> ResponseReturnValue:
    response, received = _import(response_id, import_id)
    try:
        undo(db.session(), received, _act("undo"))
    except (NotToUndo, ResponseClosed) as refused:
        return _done(response, received, refused), 409
    flash(_("Undone. The answers are as they were before this workbook."), "success")
    return _to(received)


@needs(Deed.EXCHANGE_WORKBOOK)
@writes
def look_again(response_id: UUID, import_id: UUID) -> ResponseReturnValue:
    response, received = _import(response_id, import_id)
    if not response.is_open:
        return _done(response, received, ResponseClosed()), 409
    session = db.session()
    again = receive(session, g.me.id, received.file, received.file_name, now(), response)
    return _to(again)


@needs(Deed.EXCHANGE_WORKBOOK)
def marked(response_id: UUID, import_id: UUID) -> ResponseReturnValue:
    response, received = _import(response_id, import_id)
    if not response.is_open:
        return _done(response, received), 409
    found = plan_now(db.session(), received, now())
    content = mark_problems(received.file, found, words_of)
    index, export = response.program.index, received.export
    some = [] if len(export.sections) == len(index.sections) else export.sections
    name = "_".join([index.instrument.code, *some, export.language, "notes"]).lower()
    return _file(content, f"{name}.xlsx")


def _plan_page(
    response: Response,
    received: WorkbookImport,
    found: Plan,
    errors: Mapping[str, str] | None = None,
) -> str:
    session, owner = db.session(), received.export.owner_id
    board = board_of(session, response, owner, now())
    reader = reader_of(board.index.instrument)
    looked = Looked(
        reader,
        board,
        found,
        received,
        authors_in(session, response, owner, questions_in_conflict(found)),
        request.form.to_dict(flat=False) if errors else {},
        errors,
    )
    return _render("plan", response, received, shown=plan_shown(looked))


def _done(response: Response, received: WorkbookImport, refused: Refused | None = None) -> str:
    board = board_of(db.session(), response, received.export.owner_id, now())
    reader = reader_of(board.index.instrument)
    shown = done_shown(reader, board, received, left_open(received))
    told = words_of(refused) if refused else ""
    return _render("plan_done", response, received, shown=shown, refused=told)


def _render(name: str, response: Response, received: WorkbookImport, **more: Any) -> str:
    reader = reader_of(response.program.index.instrument)
    return render_template(
        f"responses/{name}.html",
        received=received,
        idem=new_id().hex,
        **more,
        **page_of(response, reader, people_of(db.session(), response)),
    )
