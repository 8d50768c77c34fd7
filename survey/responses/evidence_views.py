"""The documents of a response, and what happened to an answer."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core.instrument import EVIDENCE
from survey.core.policy import Act as Deed
from survey.core.policy import may
from survey.core.problems import Refused
from survey.database import db, new_id, now, writes
from survey.responses import service
from survey.responses.board import Board, board_of
from survey.responses.forms import Said, Sent, read_page, unread_texts, write_page
from survey.responses.latest import authors_of, latest, people_of
from survey.responses.models import Response
from survey.responses.pages.documents import citations_shown, entries_shown, still_cited
from survey.responses.pages.fields import Sheet
from survey.responses.pages.questions import Context, question_shown
from survey.responses.shared import act_of_this_page, page_of, readable, writable
from survey.responses.typed import Form
from survey.web.access import needs
from survey.web.messages import words_of
from survey.web.reading import reader_of


@needs(Deed.READ_OWN)
def evidence(response_id: UUID) -> ResponseReturnValue:
    response = readable(response_id, Deed.READ_OWN) or abort(404)
    board = board_of(db.session(), response, response.owner_id, now())
    return _page(response, board)


@needs(Deed.WRITE_ANSWER)
@writes
def save_evidence(response_id: UUID) -> ResponseReturnValue:
    response = writable(response_id) or abort(404)
    session = db.session()
    board = board_of(session, response, response.owner_id, now())
    form = request.form.to_dict(flat=False)
    cited = still_cited(board, form.get("remove_row", ()))
    if cited:
        return _page(response, board, typed=form, refused=words_of(cited)), 422
    act = act_of_this_page()
    sent = Sent(form=form, locale=reader_of().locale, idem=act.idem, whole=False)
    try:
        said = read_page(session, response, board, [board.index.answerable[EVIDENCE]], sent)
        saved = write_page(session, response, board, said, act)
    except Refused as refused:
        return _page(response, board, typed=form, refused=words_of(refused)), 409
    if said.unread:
        return _page(response, saved.board, typed=unread_texts(form, said), said=said), 422
    rows = EVIDENCE if "add_row" in form else None
    if not form.keys() & {"add_row", "remove_row"}:
        flash(_("Saved."), "success")
    return redirect(url_for("responses.evidence", response_id=response.id, rows=rows), 303)


def _page(
    response: Response,
    board: Board,
    *,
    typed: Form | None = None,
    said: Said | None = None,
    refused: str = "",
) -> str:
    session = db.session()
    reader = reader_of(board.index.instrument)
    owner = response.owner_id
    conflicts = service.open_conflicts(session, response, owner)
    torn = [conflict for conflict in conflicts if conflict.question == EVIDENCE]
    context = Context(
        Sheet(
            reader=reader,
            board=board,
            typed=typed or {},
            blank_rows=frozenset(request.args.getlist("rows")),
        ),
        response,
        conflicts=torn,
        authors=authors_of(session, response, owner, torn),
        lines=latest(session, response, owner, [EVIDENCE]),
        unread=said.unread if said else None,
        may_write=may(g.viewer, Deed.WRITE_ANSWER, service.situation_of(response)),
    )
    question = question_shown(context, board.index.answerable[EVIDENCE])
    question["tools"] = {
        "history": question["tools"]["history"],
        "state": question["tools"]["state"],
    }
    return render_template(
        "responses/evidence.html",
        question=question,
        citations=citations_shown(context),
        problems=context.troubles(board.index.answerable[EVIDENCE]).links,
        may_write=context.may_write,
        refused=refused,
        idem=new_id().hex,
        **page_of(response, reader, people_of(session, response)),
    )


@needs(Deed.READ_OWN)
def history(response_id: UUID, code: str) -> ResponseReturnValue:
    response = readable(response_id, Deed.READ_OWN) or abort(404)
    session = db.session()
    board = board_of(session, response, response.owner_id, now())
    question = board.index.answerable.get(code) or abort(404)
    reader = reader_of(board.index.instrument)
    entries = service.history(session, response, response.owner_id, code)
    own = board.index.section_of.get(code)
    back = url_for("responses.evidence", response_id=response.id)
    if own:
        endpoint, response_id = "responses.section", response.id
        back = url_for(endpoint, response_id=response_id, code=own.code, _anchor=code)
    return render_template(
        "responses/history.html",
        question=question,
        entries=entries_shown(Sheet(reader=reader, board=board), entries),
        back=back,
        **page_of(response, reader, people_of(session, response)),
    )
