"""The addresses of responses, and their first pages."""

from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from survey.core.policy import Act, Viewer, may
from survey.database import db, now
from survey.responses import (
    evidence_views,
    question_views,
    section_views,
    service,
    submit_views,
    workbook_views,
)
from survey.responses.board import board_of
from survey.responses.latest import lately, people_of
from survey.responses.models import Response
from survey.responses.pages.overview import overview_shown
from survey.responses.shared import OWN, page_of, readable
from survey.responses.submission import submission_of
from survey.web.access import needs
from survey.web.places import Home, Place, add_home, add_place
from survey.web.reading import reader_of

bp = Blueprint("responses", __name__, url_prefix="/responses", template_folder="templates")


@needs(Act.READ_OWN)
def index() -> ResponseReturnValue:
    found = service.responses_of(db.session(), g.viewer, Act.READ_OWN)
    if len(found) == 1:
        return redirect(url_for(".overview", response_id=found[0].id))
    return render_template("responses/index.html", responses=found, reader=reader_of())


@needs(Act.READ_OWN)
def overview(response_id: UUID) -> ResponseReturnValue:
    response = readable(response_id, Act.READ_OWN) or abort(404)
    if not response.is_open:
        return _sealed(response)
    session = db.session()
    board = board_of(session, response, response.owner_id, now())
    people = people_of(session, response)
    situation = service.situation_of(response)
    reader = reader_of(board.index.instrument)
    shown = overview_shown(
        reader,
        response,
        board,
        service.open_conflicts(session, response, response.owner_id),
        lately(session, response, g.me.id),
        people,
        may_write=may(g.viewer, Act.WRITE_ANSWER, situation),
        may_submit=may(g.viewer, Act.SUBMIT, situation),
    )
    page = page_of(response, reader, people)
    return render_template("responses/overview.html", shown=shown, **page)


def _sealed(response: Response) -> ResponseReturnValue:
    """The first page of a response that was submitted: the seal, and the answers to read."""
    session = db.session()
    instrument = response.program.index.instrument
    reader = reader_of(instrument)
    page = page_of(response, reader, people_of(session, response))
    submission = submission_of(session, response)
    return render_template(
        "responses/sealed.html", submission=submission, sections=instrument.sections, **page
    )


def _home(viewer: Viewer) -> str | None:
    return url_for("responses.index") if _answers(viewer) else None


def _answers(viewer: Viewer) -> bool:
    return any(grant.role in OWN for grant in viewer.grants)


bp.add_url_rule("/", view_func=index)
bp.add_url_rule("/<uuid:response_id>", view_func=overview)
bp.add_url_rule("/<uuid:response_id>/sections/<code>", view_func=section_views.section)
bp.add_url_rule(
    "/<uuid:response_id>/sections/<code>", view_func=section_views.save_section, methods=["POST"]
)
bp.add_url_rule(
    "/<uuid:response_id>/questions/<code>", view_func=question_views.save_question, methods=["POST"]
)
bp.add_url_rule("/<uuid:response_id>/questions/<code>/history", view_func=evidence_views.history)
bp.add_url_rule("/<uuid:response_id>/evidence", view_func=evidence_views.evidence)
bp.add_url_rule(
    "/<uuid:response_id>/evidence", view_func=evidence_views.save_evidence, methods=["POST"]
)
bp.add_url_rule("/<uuid:response_id>/workbook", view_func=workbook_views.workbook)
bp.add_url_rule("/<uuid:response_id>/workbook", view_func=workbook_views.upload, methods=["POST"])
bp.add_url_rule(
    "/<uuid:response_id>/workbook/file", view_func=workbook_views.download, methods=["POST"]
)
bp.add_url_rule("/<uuid:response_id>/imports/<uuid:import_id>", view_func=workbook_views.plan)
bp.add_url_rule(
    "/<uuid:response_id>/imports/<uuid:import_id>",
    view_func=workbook_views.apply_plan,
    methods=["POST"],
)
bp.add_url_rule(
    "/<uuid:response_id>/imports/<uuid:import_id>/undo",
    view_func=workbook_views.undo_import,
    methods=["POST"],
)
bp.add_url_rule(
    "/<uuid:response_id>/imports/<uuid:import_id>/again",
    view_func=workbook_views.look_again,
    methods=["POST"],
)
bp.add_url_rule(
    "/<uuid:response_id>/imports/<uuid:import_id>/notes", view_func=workbook_views.marked
)
bp.add_url_rule("/<uuid:response_id>/submit", view_func=submit_views.submit)
bp.add_url_rule("/<uuid:response_id>/submit", view_func=submit_views.sign, methods=["POST"])
bp.add_url_rule("/<uuid:response_id>/receipt", view_func=submit_views.receipt)

bp.record_once(
    lambda state: add_place(
        state.app, Place(label=_l("Answers"), endpoint="responses.index", shown=_answers)
    )
)
bp.record_once(lambda state: add_home(state.app, Home(roles=OWN, address=_home)))
