"""Previewing and publishing a questionnaire, and its published versions."""

from typing import Final
from uuid import UUID

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey.core.instrument import Instrument, Section
from survey.core.naming import in_words_of
from survey.core.policy import Act
from survey.database import db, now, writes
from survey.questionnaires import forms, service
from survey.questionnaires.models import Questionnaire, Version
from survey.questionnaires.pages.desk import Desk
from survey.questionnaires.pages.preview import Preview, conditions_shown, sheet_shown
from survey.questionnaires.pages.publishing import preview_shown, publish_shown, version_shown
from survey.questionnaires.shared import desk_of, found
from survey.web.access import needs
from survey.web.languages import DEFAULT, LANGUAGES, language, speaking
from survey.web.messages import words_of
from survey.web.reading import reader_of


@needs(Act.PUBLISH)
@writes
def publish(questionnaire_id: UUID) -> ResponseReturnValue:
    posted = request.method == "POST"
    questionnaire = found(questionnaire_id, Act.PUBLISH, to_change=posted)
    if not posted:
        return _publish_page(desk_of(questionnaire, {}), "", 200)
    try:
        version = service.publish(
            db.session(), questionnaire, g.me.id, seq=forms.read_seq(request.form)
        )
    except service.ChangedMeanwhile as refused:
        return _publish_page(desk_of(questionnaire, {}), words_of(refused), 409)
    except service.NotPublishable:
        return _publish_page(desk_of(questionnaire, {}), "", 422)
    flash(_("Version %(number)s is published.", number=version.number), "success")
    page = url_for(".version", questionnaire_id=questionnaire_id, number=version.number)
    return redirect(page, 303)


def _publish_page(desk: Desk, refused: str, status: int) -> tuple[str, int]:
    shown = publish_shown(desk)
    page = render_template(
        "questionnaires/publish.html", shown=shown, refused=refused, failed=status == 422
    )
    return page, status


@needs(Act.COMPOSE)
def version(questionnaire_id: UUID, number: int) -> ResponseReturnValue:
    questionnaire = found(questionnaire_id)
    own = _version(questionnaire, number)
    shown = version_shown(own, service.publisher(db.session(), own), reader_of())
    return render_template("questionnaires/version.html", version=shown)


@needs(Act.COMPOSE)
def document(questionnaire_id: UUID, number: int) -> ResponseReturnValue:
    questionnaire = found(questionnaire_id)
    own = _version(questionnaire, number)
    answer = Response(own.document, mimetype="application/json")
    name = f"{questionnaire.code}-v{number}.json"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _version(questionnaire: Questionnaire, number: int) -> Version:
    return next((each for each in questionnaire.versions if each.number == number), None) or abort(
        404
    )


@needs(Act.COMPOSE)
def preview(questionnaire_id: UUID) -> ResponseReturnValue:
    return _preview_page(questionnaire_id)


@needs(Act.COMPOSE)
@writes
def try_preview(questionnaire_id: UUID) -> ResponseReturnValue:
    return _preview_page(questionnaire_id)


def _preview_page(questionnaire_id: UUID) -> str:
    """Nothing is saved: a POST only brings what was typed, to try conditions on it."""
    questionnaire = found(questionnaire_id)
    number = request.args.get("version", type=int)
    instrument = _instrument(questionnaire, number)
    language = _language_of(instrument, request.args.get("language", ""))
    code = request.args.get("section", "")
    section = next(
        (each for each in instrument.sections if each.code == code),
        instrument.sections[0] if instrument.sections else None,
    )
    typed = MultiDict([*request.args.items(multi=True), *request.form.items(multi=True)])
    every = request.args.get("every") == "yes"
    with speaking(language):
        tried = Preview(instrument, reader_of(instrument), now(), typed, every)
    conditions = conditions_shown(tried, section) if section else {}
    with speaking(language):
        sheet = _sheet(tried, section) if section else ""
    shown = preview_shown(questionnaire, tried, section, language, number)
    return render_template(
        "questionnaires/preview.html", preview=shown, sheet=sheet, conditions=conditions
    )


def _instrument(questionnaire: Questionnaire, number: int | None) -> Instrument:
    """The draft, or the version with this number."""
    if number is None:
        return in_words_of(service.draft_of(db.session(), questionnaire), {})
    return _version(questionnaire, number).program.index.instrument


def _language_of(instrument: Instrument, chosen: str) -> str:
    """The language asked for, else that of the page, else the first."""
    known = [tag for tag in instrument.languages if tag in LANGUAGES] or [DEFAULT]
    return next((tag for tag in (chosen, language()) if tag in known), known[0])


def _sheet(tried: Preview, section: Section) -> str:
    shown = sheet_shown(tried, section)
    return render_template("questionnaires/sheet.html", sheet=shown)


VIEWS: Final = (
    ("/publish", publish, ["GET", "POST"]),
    ("/versions/<int:number>", version, ["GET"]),
    ("/versions/<int:number>/document", document, ["GET"]),
    ("/preview", preview, ["GET"]),
    ("/preview", try_preview, ["POST"]),
)
