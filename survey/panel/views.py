"""The pages of the panel: its rounds, the frame of reference, the answers, the spreadsheet."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.core.policy import Act, Viewer, may
from survey.database import db, now
from survey.panel import service
from survey.panel.answer_pages import AnswerPages
from survey.panel.commands import frame
from survey.panel.progress import progress_shown, rounds_shown
from survey.panel.saying import Speaker
from survey.panel.spreadsheet import file_name, spreadsheet
from survey.responses.board import board_of
from survey.responses.models import Response as Answers
from survey.responses.service import situation_of
from survey.rounds.models import Round
from survey.web.access import needs
from survey.web.languages import in_language
from survey.web.places import Home, Place, add_home, add_place
from survey.web.reading import Reader, reader_of

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp = Blueprint("panel", __name__, template_folder="templates", url_prefix="/panel", cli_group=None)
bp.cli.add_command(frame)


@bp.get("/")
@needs(Act.READ_FRAME)
def index() -> ResponseReturnValue:
    session, reader = db.session(), reader_of()
    rounds = rounds_shown(session, reader, g.viewer, service.rounds_of(session, g.viewer), now())
    return render_template("panel/rounds.html", rounds=rounds)


@bp.get("/rounds/<uuid:round_id>")
@needs(Act.READ_FRAME)
def first(round_id: UUID) -> ResponseReturnValue:
    reading, pages = _read(round_id)
    return _page("first", reading, pages, shown=pages.first())


@bp.get("/rounds/<uuid:round_id>/answers")
@needs(Act.READ_FRAME)
def answers(round_id: UUID) -> ResponseReturnValue:
    reading, pages = _read(round_id)
    return _page("answers", reading, pages, dimensions=pages.dimensions())


@bp.get("/rounds/<uuid:round_id>/answers/<code>")
@needs(Act.READ_FRAME)
def section(round_id: UUID, code: str) -> ResponseReturnValue:
    reading, pages = _read(round_id)
    found = pages.frame.index.sections.get(code) or abort(404)
    return _page("section", reading, pages, section=pages.section(found))


@bp.get("/rounds/<uuid:round_id>/contradictions")
@needs(Act.READ_FRAME)
def contradictions(round_id: UUID) -> ResponseReturnValue:
    reading, pages = _read(round_id)
    found = pages.frame.contradictions
    return _page(
        "contradictions",
        reading,
        pages,
        between=pages.contradictions(each for each in found if each.is_between),
        within=pages.contradictions(each for each in found if not each.is_between),
    )


@bp.get("/rounds/<uuid:round_id>/gaps")
@needs(Act.READ_FRAME)
def gaps(round_id: UUID) -> ResponseReturnValue:
    reading, pages = _read(round_id)
    return _page("gaps", reading, pages, gaps=pages.gaps(), counts=pages.gap_counts())


@bp.get("/rounds/<uuid:round_id>/evidence")
@needs(Act.READ_FRAME)
def evidence(round_id: UUID) -> ResponseReturnValue:
    reading, pages = _read(round_id)
    return _page("evidence", reading, pages, documents=pages.evidence(), figures=pages.figures())


@bp.get("/rounds/<uuid:round_id>/frame.xlsx")
@needs(Act.EXPORT_FRAME)
def export(round_id: UUID) -> ResponseReturnValue:
    reading, pages = _read(round_id, Act.EXPORT_FRAME)
    speaker, round_ = pages.speaker, reading.response.round
    content = spreadsheet(speaker, round_, g.me.name, now())
    reply = Response(content, mimetype=XLSX)
    reply.headers.set("Content-Disposition", "attachment", filename=file_name(round_))
    return reply


@bp.get("/rounds/<uuid:round_id>/progress")
@needs(Act.SEE_PROGRESS)
def progress(round_id: UUID) -> ResponseReturnValue:
    session = db.session()
    response = service.watched(session, g.viewer, round_id) or abort(404)
    board = board_of(session, response, response.owner_id, now())
    reader = reader_of(board.index.instrument)
    return render_template(
        "panel/progress.html",
        shown=progress_shown(reader, board),
        **_frame_of_page(response, reader, places=[]),
    )


def _read(round_id: UUID, deed: Act = Act.READ_FRAME) -> tuple[service.Reading, AnswerPages]:
    reading = service.reading_for(db.session(), g.viewer, round_id, deed) or abort(404)
    reader = reader_of(reading.frame.index.instrument)
    return reading, AnswerPages(Speaker(reading.frame, reader), round_id)


def _page(
    name: str, reading: service.Reading, pages: AnswerPages, **content: Any
) -> ResponseReturnValue:
    response, reader = reading.response, pages.speaker.reader
    instrument = pages.frame.index.instrument
    may_export = may(g.viewer, Act.EXPORT_FRAME, situation_of(response))
    return render_template(
        f"panel/{name}.html",
        round_id=response.round_id,
        title=in_language(response.round.title),
        header=pages.frame.header,
        sealed=_day(reader, pages.frame.header.at),
        level_names=[reader.say(level.label) for level in instrument.levels],
        content_lang=reader.lang,
        content_language=pages.speaker.language_name(reader.content),
        may_export=may_export,
        **_frame_of_page(response, reader, _places(response)),
        **content,
    )


def _day(reader: Reader, moment: datetime) -> str:
    return reader.day(moment.astimezone(reader.zone).date())


def _frame_of_page(
    response: Answers, reader: Reader, places: list[tuple[str, str, bool]]
) -> dict[str, Any]:
    round_: Round = response.round
    return {
        "reader": reader,
        "where": in_language(round_.title),
        "places": [*_rounds(), *places],
        "contact": {
            "name": round_.coordinator.name,
            "email": round_.coordinator.email,
            "role": str(_("coordinator of the round")),
            "phone": round_.coordinator.phone,
        },
    }


def _places(response: Answers) -> list[tuple[str, str, bool]]:
    rooms = (
        (_("Frame of reference"), "panel.first"),
        (_("Answers"), "panel.answers"),
        (_("Contradictions"), "panel.contradictions"),
        (_("Gaps"), "panel.gaps"),
        (_("Evidence and figures"), "panel.evidence"),
    )
    here = "panel.answers" if request.endpoint == "panel.section" else request.endpoint
    return [
        (str(label), url_for(endpoint, round_id=response.round_id), endpoint == here)
        for label, endpoint in rooms
    ]


def _rounds() -> list[tuple[str, str, bool]]:
    """The way to all rounds, for the panel; a country has one and no page of rounds."""
    return [(str(_("Rounds")), url_for("panel.index"), False)] if _is_of_panel(g.viewer) else []


def _is_of_panel(viewer: Viewer) -> bool:
    return any(grant.role in service.PANEL for grant in viewer.grants)


def _home(viewer: Viewer) -> str | None:
    return url_for("panel.index") if _is_of_panel(viewer) else None


bp.record_once(
    lambda state: add_place(
        state.app, Place(label=_l("Rounds"), endpoint="panel.index", shown=_is_of_panel)
    )
)
bp.record_once(lambda state: add_home(state.app, Home(roles=service.PANEL, address=_home, rank=10)))
