"""Reading banks: which there are, their items, one item in each of its languages."""

from flask import Blueprint, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from survey.banks import service
from survey.banks.pages import bank_shown, bank_told, item_shown
from survey.core.policy import Act, Role, Viewer
from survey.database import db
from survey.web.access import needs
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


def item_address(code: str) -> str:
    """Where the item with this code is read."""
    return url_for("banks.item", code=code.partition("-")[0], item=code)


def _designs(viewer: Viewer) -> bool:
    return any(grant.role is Role.DESIGNER for grant in viewer.grants)


bp.record_once(
    lambda state: add_place(
        state.app, Place(label=_l("Banks"), endpoint="banks.index", shown=_designs)
    )
)
