"""The addresses of questionnaires: the list, the composer, properties and sections."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.banks import service as banks
from survey.banks.words import capital, language_name
from survey.core.policy import Act, Role, Viewer
from survey.database import db, writes
from survey.questionnaires import arrangement, deeds, forms, service, version_views
from survey.questionnaires.deeds import Catalogue
from survey.questionnaires.models import Questionnaire
from survey.questionnaires.pages.desk import Desk, desk_shown
from survey.questionnaires.pages.lists import questionnaire_told, texts_of_form
from survey.questionnaires.shared import desk_of, found
from survey.web.access import needs, wants_data
from survey.web.languages import LANGUAGES, in_language
from survey.web.messages import words_of
from survey.web.places import Home, Place, add_home, add_place
from survey.web.reading import reader_of

bp = Blueprint(
    "questionnaires", __name__, url_prefix="/questionnaires", template_folder="templates"
)


@bp.get("/")
@needs(Act.COMPOSE)
def index() -> ResponseReturnValue:
    reader = reader_of()
    told = [questionnaire_told(each, reader) for each in service.questionnaires(db.session())]
    return render_template("questionnaires/index.html", questionnaires=told)


@bp.route("/new", methods=["GET", "POST"])
@needs(Act.COMPOSE)
@writes
def new() -> ResponseReturnValue:
    known = banks.topics(db.session())
    if request.method == "GET":
        return _new_page(known, {}, 200)
    read = forms.read_new(request.form, [code for code, _title in known])
    if read.errors:
        return _new_page(known, read.errors, 422)
    given = read.values
    made = service.compose(
        db.session(),
        given["banks"],
        given["languages"],
        given["title"],
        blank=given["begin"] == "empty",
    )
    flash(_("The questionnaire is begun."), "success")
    return redirect(url_for(".desk", questionnaire_id=made.id), 303)


def _new_page(known: list[tuple[str, dict[str, str]]], errors: Any, status: int) -> tuple[str, int]:
    titled = [(code, in_language(title)) for code, title in known]
    page = render_template(
        "questionnaires/new.html",
        banks=titled,
        typed=forms.typed_again(request.form),
        errors=errors,
    )
    return page, status


@bp.get("/<uuid:questionnaire_id>")
@needs(Act.COMPOSE)
def desk(questionnaire_id: UUID) -> ResponseReturnValue:
    return _desk_page(desk_of(found(questionnaire_id), request.args))


@bp.post("/<uuid:questionnaire_id>")
@needs(Act.COMPOSE)
@writes
def arrange(questionnaire_id: UUID) -> ResponseReturnValue:
    questionnaire = found(questionnaire_id, to_change=True)
    catalogue = Catalogue(banks.banks(db.session()))
    place = "questionnaire"
    try:
        done = deeds.done(request.form, questionnaire.sections, catalogue)
        if done:
            place = done.place
            seq = forms.read_seq(request.form)
            service.revise(db.session(), questionnaire, seq, sections=done.sections)
    except service.ChangedMeanwhile as refused:
        return _desk_page(desk_of(questionnaire, request.form), words_of(refused), 409)
    except service.UnknownItems as refused:
        return _desk_page(desk_of(questionnaire, request.form), words_of(refused), 422)
    if wants_data():
        shown = desk_shown(desk_of(questionnaire, request.form, catalogue))
        return render_template("questionnaires/parts.html", desk=shown)
    kept: dict[str, Any] = {
        name: request.form[name] for name in ("q", "dimension") if request.form.get(name)
    }
    page = url_for(".desk", questionnaire_id=questionnaire_id, **kept, _anchor=place)
    return redirect(page, 303)


def _desk_page(desk: Desk, refused: str = "", status: int = 200) -> tuple[str, int]:
    shown = desk_shown(desk)
    return render_template("questionnaires/desk.html", desk=shown, refused=refused), status


@bp.route("/<uuid:questionnaire_id>/properties", methods=["GET", "POST"])
@needs(Act.COMPOSE)
@writes
def properties(questionnaire_id: UUID) -> ResponseReturnValue:
    questionnaire = found(questionnaire_id, to_change=request.method == "POST")
    if request.method == "GET":
        return _properties_page(questionnaire, {}, "", 200)
    read = forms.read_properties(request.form)
    if read.errors:
        return _properties_page(questionnaire, read.errors, "", 422)
    try:
        seq = forms.read_seq(request.form)
        service.revise(db.session(), questionnaire, seq, **read.values)
    except service.ChangedMeanwhile as refused:
        return _properties_page(questionnaire, {}, words_of(refused), 409)
    flash(_("The properties are saved."), "success")
    return redirect(url_for(".desk", questionnaire_id=questionnaire_id), 303)


def _properties_page(
    questionnaire: Questionnaire, errors: Any, refused: str, status: int
) -> tuple[str, int]:
    posted = request.method == "POST"
    stored = forms.shown_properties(questionnaire)
    typed = forms.typed_again(request.form) if posted else stored
    page = render_template(
        "questionnaires/properties.html",
        questionnaire=questionnaire,
        typed=typed,
        errors=errors,
        refused=refused,
    )
    return page, status


NEW = "new"


@bp.route("/<uuid:questionnaire_id>/sections/<code>", methods=["GET", "POST"])
@needs(Act.COMPOSE)
@writes
def section(questionnaire_id: UUID, code: str) -> ResponseReturnValue:
    questionnaire = found(questionnaire_id, to_change=request.method == "POST")
    own = next((each for each in questionnaire.sections if each["code"] == code), None)
    if own is None and code != NEW:
        abort(404)
    if request.method == "GET":
        return _section_page(questionnaire, own, {}, "", 200)
    read = forms.read_section(request.form, questionnaire.languages)
    removing = own is not None and "remove" in request.form
    if read.errors and not removing:
        return _section_page(questionnaire, own, read.errors, "", 422)
    try:
        place = _save_section(questionnaire, own, read.values, removing)
    except service.ChangedMeanwhile as refused:
        return _section_page(questionnaire, own, {}, words_of(refused), 409)
    page = url_for(".desk", questionnaire_id=questionnaire_id, _anchor=place)
    return redirect(page, 303)


def _save_section(
    questionnaire: Questionnaire, own: dict[str, Any] | None, texts: Any, removing: bool
) -> str:
    """Add, change or remove a section; where to look afterwards."""
    sections, seq = questionnaire.sections, forms.read_seq(request.form)
    code = own["code"] if own else f"S{questionnaire.seq + 1}"
    if removing:
        made = arrangement.section_removed(sections, code)
    elif own:
        made = arrangement.section_said(sections, code, texts)
    else:
        made = arrangement.section_added(sections, code, texts)
    service.revise(db.session(), questionnaire, seq, sections=made)
    flash(_("The section is removed.") if removing else _("The section is saved."), "success")
    return "questionnaire" if removing else f"s-{code}"


def _section_page(
    questionnaire: Questionnaire, own: dict[str, Any] | None, errors: Any, refused: str, status: int
) -> tuple[str, int]:
    names = ("title", "introduction", "who")
    stored = texts_of_form({name: (own or {}).get(name, {}) for name in names})
    page = render_template(
        "questionnaires/section.html",
        questionnaire=questionnaire,
        section=own,
        typed=forms.typed_again(request.form) if request.method == "POST" else stored,
        errors=errors,
        refused=refused,
    )
    return page, status


@bp.context_processor
def _language_words() -> dict[str, Any]:
    """The languages as the page calls them, for forms."""
    return {"language_name": language_name, "language_choices": _language_choices}


def _language_choices() -> list[tuple[str, str]]:
    return [(tag, capital(language_name(tag))) for tag in LANGUAGES]


def _composes(viewer: Viewer) -> bool:
    return any(grant.role is Role.DESIGNER for grant in viewer.grants)


def _home(_viewer: Viewer) -> str:
    return url_for("questionnaires.index")


for rule, view, methods in version_views.VIEWS:
    bp.add_url_rule(f"/<uuid:questionnaire_id>{rule}", view_func=view, methods=methods)

bp.record_once(
    lambda state: add_place(
        state.app,
        Place(label=_l("Questionnaires"), endpoint="questionnaires.index", shown=_composes),
    )
)
bp.record_once(
    lambda state: add_home(state.app, Home(roles=frozenset({Role.DESIGNER}), address=_home, rank=5))
)
