"""Reading banks, their items in each language; the names of institutions of each country."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from survey.accounts.countries import COUNTRIES, Country
from survey.banks import service
from survey.banks.files import ANY
from survey.banks.forms import GENDERS, names_form, names_in
from survey.banks.name_pages import Sheet, countries_shown, sheet_shown
from survey.banks.pages import bank_shown, bank_told, item_shown
from survey.core.policy import Act, Role, Situation, Viewer, may
from survey.database import db, writes
from survey.web.access import needs
from survey.web.messages import words_of
from survey.web.places import Place, add_place

bp = Blueprint("banks", __name__, url_prefix="/banks", template_folder="templates")


@bp.get("/")
@needs(Act.READ_BANK)
def index() -> ResponseReturnValue:
    banks = service.banks(db.session())
    return render_template("banks/index.html", banks=[bank_told(bank) for bank in banks])


@bp.get("/<code>")
@needs(Act.READ_BANK)
def bank(code: str) -> ResponseReturnValue:
    found = service.bank_for(db.session(), g.viewer, code) or abort(404)
    shown = bank_shown(found, request.args.get("q", ""), request.args.get("section", ""))
    return render_template("banks/bank.html", bank=shown)


@bp.get("/<code>/items/<item>")
@needs(Act.READ_BANK)
def item(code: str, item: str) -> ResponseReturnValue:
    session = db.session()
    bank = service.bank_for(session, g.viewer, code) or abort(404)
    found = service.item_of(bank, item) or abort(404)
    shown = item_shown(bank, found, service.common_of(session))
    return render_template("banks/item.html", bank=bank_told(bank), item=shown)


@bp.get("/names")
@needs(Act.NAME_INSTITUTIONS)
def names() -> ResponseReturnValue:
    rows = service.named_countries(db.session())
    total = len(rows[ANY].names) if ANY in rows else 0
    return render_template(
        "banks/names.html",
        countries=countries_shown(rows, total),
        reads_banks=may(g.viewer, Act.READ_BANK, Situation()),
    )


@bp.route("/names/<alpha3>", methods=["GET", "POST"])
@needs(Act.NAME_INSTITUTIONS)
@writes
def names_of_country(alpha3: str) -> ResponseReturnValue:
    session = db.session()
    country = COUNTRIES.get(alpha3) or abort(404)
    variables = service.names_of(session, ANY)
    form = names_form(variables, service.names_of(session, alpha3))
    if not form.validate_on_submit():
        return _names_page(country, form, 422 if form.errors else 200)
    if "preview" in request.form:
        return _names_page(country, form, 200)
    try:
        typed = names_in(form, variables)
        service.save_names(session, alpha3, typed, request.form.get("shown", ""))
    except service.NamesChangedMeanwhile as refused:
        return _names_page(country, form, 409, words_of(refused))
    flash(_("The names are saved."), "success")
    return redirect(url_for(".names_of_country", alpha3=alpha3), 303)


def _names_page(
    country: Country, form: FlaskForm, status: int, refused: str = ""
) -> tuple[str, int]:
    session = db.session()
    row = service.named_countries(session).get(country.code)
    sheet = Sheet(
        country=country,
        general=service.names_of(session, ANY),
        form=form,
        edited=row is not None and row.is_edited,
        digest=service.digest_of(service.names_of(session, country.code)),
    )
    page = render_template(
        "banks/country_names.html", sheet=sheet_shown(sheet), genders=GENDERS, refused=refused
    )
    return page, status


def item_address(code: str) -> str:
    """Where the item with this code is read."""
    return url_for("banks.item", code=code.partition("-")[0], item=code)


def _designs(viewer: Viewer) -> bool:
    return any(grant.role is Role.DESIGNER for grant in viewer.grants)


def _only_coordinates(viewer: Viewer) -> bool:
    """Who designs finds the names among the banks."""
    return not _designs(viewer) and any(each.role is Role.COORDINATOR for each in viewer.grants)


bp.record_once(
    lambda state: add_place(
        state.app, Place(label=_l("Banks"), endpoint="banks.index", shown=_designs)
    )
)
bp.record_once(
    lambda state: add_place(
        state.app,
        Place(label=_l("Institutions"), endpoint="banks.names", shown=_only_coordinates),
    )
)
