"""Signing in and out, the first page, and who is looking at every other."""

from datetime import datetime
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.accounts import commands, sign_in
from survey.accounts.countries import signs_of
from survey.accounts.forms import SignInForm
from survey.accounts.models import Person
from survey.core.policy import Viewer
from survey.database import db, now, writes
from survey.web.access import FILES, let_ask, public, safe_path
from survey.web.messages import words_of
from survey.web.places import home_of

bp = Blueprint("accounts", __name__, template_folder="templates", cli_group=None)
bp.cli.add_command(commands.people)
bp.record_once(lambda state: let_ask(state.app, ask_to_sign_in))

KEPT = "kept:"  # before the names of fields of a page that was sent after its session ended
SEEN_EVERY = 60  # seconds; the cookie is not written again with each request


@bp.before_app_request
def recognize() -> None:
    """Put who is looking into `g`: `viewer` always, `me` when somebody is signed in."""
    g.viewer, g.me, g.own_language, g.territory = Viewer(), None, None, ""
    if (request.endpoint or "").rpartition(".")[2] == FILES:
        return
    sign_in_id = _sign_in_id()
    if sign_in_id is None:
        return
    known = sign_in.present(db.session(), sign_in_id, now())
    if known is None:
        _forget()
        return
    g.viewer, g.me = known.viewer, known.me
    g.own_language, g.territory = known.me.language, known.me.territory
    g.signs = signs_of(known.me.territory)
    _seen()


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    if not g.viewer.person:
        return redirect(url_for(".sign_in"))
    address = home_of(g.viewer)
    if address:
        return redirect(address)
    return render_template("accounts/nothing_here.html")


@bp.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@public
@writes
def sign_in_page() -> ResponseReturnValue:
    form = SignInForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return _sign_in_page(form, 422 if form.errors else 200)
    try:
        person = sign_in.sign_in_by_password(
            db.session(),
            form.email.data or "",
            form.password.data or "",
            request.remote_addr or "",
            now(),
        )
    except sign_in.TooManyTries as refused:
        form.form_errors.append(words_of(refused))
        page = make_response(_sign_in_page(form, 429))
        page.headers["Retry-After"] = str(refused.params["seconds"])
        return page
    if person is None:
        form.form_errors.append(_("This e-mail address and this password do not belong together."))
        return _sign_in_page(form, 422)
    return _enter(person, form.next.data)


@bp.route("/demonstration/<token>", methods=["GET", "POST"])
@public
@writes
def demonstration(token: str) -> ResponseReturnValue:
    person = _person_of_link(token)
    if request.method == "GET":
        return render_template("accounts/demonstration.html", somebody=person)
    return _enter(person, None)


@bp.post("/sign-out")
@public
@writes
def sign_out() -> ResponseReturnValue:
    sign_in_id = _sign_in_id()
    if sign_in_id is not None:
        sign_in.end(db.session(), sign_in_id, now())
    session.clear()
    flash(_("You have signed out."), "success")
    answer = make_response(redirect(url_for(".sign_in"), 303))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def demonstration_link(person: Person) -> str:
    """The printed sign-in link of `person`; works only where the demonstration runs."""
    token = sign_in.link_token(person, current_app.config["SECRET_KEY"])
    return f"{current_app.config['BASE_URL']}/demonstration/{token}"


def _person_of_link(token: str) -> Person:
    if not current_app.config["DEMONSTRATION"]:
        abort(404)
    person = sign_in.person_of_link(db.session(), token, current_app.config["SECRET_KEY"])
    return person or abort(404)


def ask_to_sign_in(path: str) -> ResponseReturnValue:
    """The answer to who is not signed in: go and sign in; what a form carried is kept."""
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=path), 303)
    form = SignInForm(formdata=None, next=path)
    kept = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return _sign_in_page(form, 401, kept)


def _sign_in_page(
    form: SignInForm, status: int, kept: list[tuple[str, str]] | None = None
) -> tuple[str, int]:
    problems = [(text, "") for text in form.form_errors]
    for name in ("email", "password"):
        problems += [(text, f"#{name}") for text in form[name].errors]
    page = "accounts/sign_in.html"
    kept = _kept() if kept is None else kept
    return render_template(page, form=form, problems=problems, kept=kept), status


def _kept() -> list[tuple[str, str]]:
    """What the form of an ended session carried, on its way through the sign-in page."""
    pairs = request.form.items(multi=True)
    return [(name.removeprefix(KEPT), text) for name, text in pairs if name.startswith(KEPT)]


def _enter(person: Person, asked_for: str | None) -> ResponseReturnValue:
    """Begin with an empty cookie, so that nothing from before the sign-in lives on in it.

    Only the same person who comes back keeps the forgery token: their open pages stay good.
    """
    stays = {"language", "csrf_token"} if session.get("person") == str(person.id) else {"language"}
    kept_values = {name: session[name] for name in stays if name in session}
    session.clear()
    g.pop("csrf_token", None)
    session.update(kept_values)
    moment = now()
    session["sign_in"] = str(sign_in.start(db.session(), person, moment).id)
    session["person"] = str(person.id)
    session["seen"] = int(moment.timestamp())
    target = safe_path(asked_for)
    if target and _kept():
        return render_template("accounts/resume.html", target=target, kept=_kept())
    return redirect(target or url_for(".home"), 303)


def _sign_in_id() -> UUID | None:
    """The sign-in of the cookie, unless it was left alone for too long."""
    try:
        sign_in_id = UUID(session["sign_in"])
        seen = datetime.fromtimestamp(session["seen"], tz=now().tzinfo)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    if now() - seen > sign_in.IDLE:
        _forget()
        return None
    return sign_in_id


def _forget() -> None:
    for name in ("sign_in", "seen"):
        session.pop(name, None)


def _seen() -> None:
    moment = int(now().timestamp())
    if moment - session["seen"] >= SEEN_EVERY:
        session["seen"] = moment
