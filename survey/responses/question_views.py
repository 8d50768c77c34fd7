"""Answering one question: what a page saves while it is filled in."""

from uuid import UUID

import msgspec
from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core.instrument import EVIDENCE
from survey.core.policy import Act as Deed
from survey.database import db, now, writes
from survey.responses import service
from survey.responses.board import Board, board_of
from survey.responses.earlier import offers
from survey.responses.forms import Said, Sent, read_page, unread_texts, write_page
from survey.responses.latest import authors_of
from survey.responses.models import Response
from survey.responses.pages.changed import changed_shown, looks_different, touched
from survey.responses.pages.documents import still_cited
from survey.responses.pages.fields import Sheet
from survey.responses.pages.questions import Context
from survey.responses.service import Saved
from survey.responses.shared import act_of_this_page, take_earlier, writable
from survey.responses.typed import Form
from survey.web.access import needs, wants_data
from survey.web.reading import Reader, reader_of


@needs(Deed.WRITE_ANSWER)
@writes
def save_question(response_id: UUID, code: str) -> ResponseReturnValue:
    response = writable(response_id) or abort(404)
    session = db.session()
    board = board_of(session, response, response.owner_id, now())
    question = board.index.answerable.get(code) or abort(404)
    form = request.form.to_dict(flat=False)
    act = act_of_this_page()
    reader = reader_of(board.index.instrument)
    cited = still_cited(board, form.get("remove_row", ())) if code == EVIDENCE else None
    if cited:
        del form["remove_row"]
    sent = Sent(form=form, locale=reader.locale, idem=act.idem, whole=False)
    said = read_page(session, response, board, [question], sent)
    if cited:
        said = msgspec.structs.replace(said, unread={**said.unread, code: (cited,)})
    saved = write_page(session, response, board, said, act)
    saved = take_earlier(response, form, act) or saved
    if not wants_data():
        return redirect(_address_of(response, board, code), 303)
    page = _changes(response, reader, board, saved, code, form, said)
    return page, 422 if said.unread else 200


def _address_of(response: Response, board: Board, code: str) -> str:
    if code == EVIDENCE:
        return url_for("responses.evidence", response_id=response.id)
    own = board.index.section_of[code]
    return url_for("responses.section", response_id=response.id, code=own.code, _anchor=code)


def _changes(
    response: Response,
    reader: Reader,
    before: Board,
    saved: Saved,
    code: str,
    form: Form,
    said: Said,
) -> str:
    """The parts of the page that are different now; conflicts are read only when there may be
    some, so that a plain answer costs no further statement."""
    board = saved.board
    own = board.index.section_of.get(code)
    others = touched(before, board, own) if own else []
    whole = {each for each in others if each != code and looks_different(before, board, each)}
    if _is_shown_whole(before, saved, code, form, said):
        whole.add(code)
    session = db.session()
    knows_conflicts = bool(whole)
    conflicts = service.open_conflicts(session, response, response.owner_id) if whole else []
    hour = reader.hour(now())
    asked = own.questions if own else ()
    context = Context(
        Sheet(reader=reader, board=board, typed=unread_texts(form, said)),
        response,
        conflicts=conflicts,
        authors=authors_of(session, response, response.owner_id, conflicts),
        unread=said.unread,
        saved_now={code: hour},
        earlier=offers(session, g.viewer, response, board, asked),
    )
    shown = changed_shown(
        context,
        own,
        board.index.answerable[code],
        whole,
        others,
        _("Last saved %(hour)s", hour=hour),
        knows_conflicts,
    )
    return render_template("responses/fragment.html", changed=shown, response=response)


def _is_shown_whole(before: Board, saved: Saved, code: str, form: Form, said: Said) -> bool:
    """Whether the question itself looks different from what its page has."""
    buttons = {"add_document", "remove_row", "clear", "add_row", "earlier"} & form.keys()
    was_stale = form.get(f"{code}.seq", [""])[-1] != str(before.seq)
    return bool(
        buttons
        or said.unread
        or saved.conflicts
        or was_stale
        or looks_different(before, saved.board, code)
    )
