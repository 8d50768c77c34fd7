"""Answering: a section a page, saved as a whole or one question at a time."""

from uuid import UUID

import msgspec
from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.core.instrument import Section
from survey.core.policy import Act as Deed
from survey.core.policy import may
from survey.core.problems import Refused
from survey.database import db, new_id, now, writes
from survey.responses import service
from survey.responses.board import Board, board_of
from survey.responses.earlier import offers
from survey.responses.forms import Said, Sent, read_page, unread_texts, write_page
from survey.responses.latest import authors_of, latest, people_of
from survey.responses.ledger import Act
from survey.responses.models import Response
from survey.responses.pages.changed import opened
from survey.responses.pages.fields import Sheet
from survey.responses.pages.questions import Context
from survey.responses.pages.sections import section_shown
from survey.responses.service import ConflictSettled, Saved
from survey.responses.shared import act_of_this_page, page_of, readable, take_earlier, writable
from survey.responses.typed import Form
from survey.web.access import needs
from survey.web.messages import words_of
from survey.web.reading import reader_of


@needs(Deed.READ_OWN)
def section(response_id: UUID, code: str) -> ResponseReturnValue:
    response = readable(response_id, Deed.READ_OWN) or abort(404)
    board = board_of(db.session(), response, response.owner_id, now())
    return _page(response, board, _section(board, code))


@needs(Deed.WRITE_ANSWER)
@writes
def save_section(response_id: UUID, code: str) -> ResponseReturnValue:
    response = writable(response_id) or abort(404)
    board = board_of(db.session(), response, response.owner_id, now())
    own = _section(board, code)
    form = request.form.to_dict(flat=False)
    act = act_of_this_page()
    try:
        said, saved = _save(response, board, own, form, act)
        saved = _settle(response, form, act) or saved
        saved = _take(response, form, act) or saved
        reasonless = _mark_section(response, saved.board, own, form, act)
    except Refused as refused:
        return _page(response, board, own, typed=form, refused=words_of(refused)), 409
    if said.unread or reasonless:
        kept = unread_texts(form, said)
        page = _page(response, saved.board, own, typed=kept, said=said, reasonless=reasonless)
        return page, 422
    return redirect(_after(response, own, form, board, saved), 303)


def _section(board: Board, code: str) -> Section:
    return board.index.sections.get(code) or abort(404)


def _save(
    response: Response, board: Board, own: Section, form: Form, act: Act
) -> tuple[Said, Saved]:
    sent = Sent(form=form, locale=reader_of().locale, idem=act.idem, whole=True)
    said = read_page(db.session(), response, board, own.questions, sent)
    return said, write_page(db.session(), response, board, said, act)


def _settle(response: Response, form: Form, act: Act) -> Saved | None:
    """Settle the conflict whose button was pressed."""
    if "settle" not in form:
        return None
    conflict, side = [*form["settle"][-1].split("/"), ""][:2]
    try:
        conflict_id = UUID(conflict)
    except ValueError:
        raise ConflictSettled() from None
    own = msgspec.structs.replace(act, idem=f"{act.idem}:settle")
    return service.settle(db.session(), response, conflict_id, side, own)


def _take(response: Response, form: Form, act: Act) -> Saved | None:
    """Take the earlier answer whose button was pressed, or say why nothing was taken."""
    taken = take_earlier(response, form, act)
    if taken is None and "earlier" in form:
        words = _("The earlier answer was not used: the question was answered in the meantime.")
        flash(words, "attention")
    return taken


def _mark_section(response: Response, board: Board, own: Section, form: Form, act: Act) -> bool:
    """Mark what is left of the section as not applicable; whether its reason is missing."""
    if own.code not in form.get("not_applicable", ()):
        return False
    reason = " ".join("".join(form.get("whole-section.reason", ())).split())[:250]
    if not reason:
        return True
    text = {"text": reason, "lang": reader_of().page}
    parts = service.mark_section_not_applicable(board, own.code, text)
    marking = msgspec.structs.replace(act, idem=f"{act.idem}:section")
    service.save(db.session(), response, response.owner_id, board.seq, parts, marking)
    return False


def _after(response: Response, own: Section, form: Form, before: Board, saved: Saved) -> str:
    """Where a saved page leads: on, or back to it when it opened something or is not done."""

    def here(anchor: str | None = None, rows: str | None = None) -> str:
        endpoint, response_id = "responses.section", response.id
        return url_for(endpoint, response_id=response_id, code=own.code, rows=rows, _anchor=anchor)

    if saved.conflicts:
        flash(_("Saved. Somebody else answered too: two versions wait for a choice."), "attention")
        return here("versions")
    for name in ("add_row", "remove_row", "add_document", "clear", "earlier"):
        if name in form:
            code = form[name][-1].partition("/")[0]
            return here(code, code if name == "add_row" else None)
    if "settle" in form:
        return here(form["settle"][-1].rpartition("/")[2])
    count = opened(before, saved.board, own)
    if count and form.get("go", ["stay"])[-1] != "stay":
        words = ngettext(
            "Your answers opened %(num)d more thing to answer here.",
            "Your answers opened %(num)d more things to answer here.",
            count,
        )
        flash(words, "attention")
        return here()
    return _onwards(response, own, before, form.get("go", ["stay"])[-1])


def _onwards(response: Response, own: Section, board: Board, go: str) -> str:
    sections = list(board.index.sections)
    place = sections.index(own.code) + 1
    if go == "next" and place < len(sections):
        return url_for("responses.section", response_id=response.id, code=sections[place])
    if go in ("next", "overview"):
        return url_for("responses.overview", response_id=response.id)
    flash(_("Saved."), "success")
    return url_for("responses.section", response_id=response.id, code=own.code)


def _page(
    response: Response,
    board: Board,
    own: Section,
    *,
    typed: Form | None = None,
    said: Said | None = None,
    refused: str = "",
    reasonless: bool = False,
) -> str:
    session = db.session()
    reader = reader_of(board.index.instrument)
    conflicts = service.open_conflicts(session, response, response.owner_id)
    codes = [question.code for question in own.questions]
    lines = latest(session, response, response.owner_id, codes)
    may_write = may(g.viewer, Deed.WRITE_ANSWER, service.situation_of(response))
    context = Context(
        Sheet(
            reader=reader,
            board=board,
            typed=typed or {},
            blank_rows=frozenset(request.args.getlist("rows")),
        ),
        response,
        conflicts=conflicts,
        authors=authors_of(session, response, response.owner_id, conflicts),
        lines=lines,
        unread=said.unread if said else None,
        earlier=offers(session, g.viewer, response, board, own.questions) if may_write else None,
        may_write=may_write,
    )
    moments = [own_lines[0].at for own_lines in lines.values()]
    return render_template(
        "responses/section.html",
        section=section_shown(context, own),
        saved=_("Last saved %(hour)s", hour=reader.hour(max(moments))) if moments else "",
        may_write=may_write,
        refused=refused,
        failed=bool(said and said.unread) or reasonless,
        idem=new_id().hex,
        whole_error=_("Say why it does not apply.") if reasonless else "",
        **page_of(response, reader, people_of(session, response)),
    )
