"""What every page knows besides its own subject: the language, the person, where to go."""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, url_for
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from survey.core.policy import Viewer
from survey.database import db
from survey.web.access import init_access, public
from survey.web.errors import init_errors
from survey.web.headers import init_headers
from survey.web.languages import LANGUAGES, init_languages, language
from survey.web.places import navigation

csrf = CSRFProtect()
bp = Blueprint("health", __name__)


def init_web(app: Flask, translations: str) -> None:
    """Headers, languages and errors; the blueprints follow, who recognizes people first."""
    init_headers(app)
    init_languages(app, translations)
    init_errors(app)
    app.register_blueprint(bp)
    app.context_processor(_page)


def init_guards(app: Flask) -> None:
    """Forgery protection and access marks: last, when it is known who is looking."""
    csrf.init_app(app)
    init_access(app)


def _page() -> dict[str, Any]:
    viewer = g.get("viewer") or Viewer()
    me = g.get("me")
    return {
        "lang": language(),
        "dir": "ltr",
        "languages": list(LANGUAGES.items()),
        "viewer": viewer,
        "person": me.name if me else None,
        "person_key": viewer.person,
        "places": navigation(viewer),
        "home_url": "/",
        "sign_in_url": url_for(current_app.config["SIGN_IN_ENDPOINT"]),
        "sign_out_url": url_for(current_app.config["SIGN_OUT_ENDPOINT"]) if me else "",
        "contact": current_app.config.get("CONTACT"),
    }


@bp.get("/livez")
@public
def livez() -> Response:
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readyz() -> Response:
    try:
        db.session.execute(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        return Response("not ready\n", status=503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")
