"""Answers when something is refused, missing or broken: a page for people, JSON for scripts."""

from typing import Final

from flask import Flask, Response, current_app, jsonify, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, SecurityError

from survey.core.problems import Refused
from survey.database import db, is_transient
from survey.web.access import wants_data
from survey.web.messages import words_of

WITH_PAGE: Final = frozenset({400, 401, 403, 404, 405, 409, 413, 429, 500, 503})
LATER: Final = "5"  # seconds


def init_errors(app: Flask) -> None:
    """Let `app` answer every error in the words and the language of the person."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda _error: _answer(403))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _broken)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or not error.code or error.code < 400:
        return error
    if isinstance(error, SecurityError):  # not our host: no address could be built for it
        return Response(f"{error.code}\n", error.code, mimetype="text/plain")
    answer = make_response(_answer(error.code))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _refused(refused: Refused) -> ResponseReturnValue:
    said = [words_of(refused), *(words_of(problem) for problem in refused.problems)]
    return _answer(409, refused.code, said)


def _database(error: DBAPIError) -> ResponseReturnValue:
    """The database is away or busy: later is better; anything else is ours to mend."""
    if not (error.connection_invalidated or is_transient(error) or _is_away(error)):
        return _broken(error)
    db.session.rollback()
    answer = make_response(_answer(503))
    answer.headers["Retry-After"] = LATER
    return answer


def _is_away(error: DBAPIError) -> bool:
    """Connection refused, cut or closing down: what PostgreSQL calls class 08 and 57P."""
    state = getattr(error.orig, "sqlstate", "") or ""
    return state.startswith(("08", "57P")) or (
        type(error.orig).__name__ == "OperationalError" and not state and error.statement is None
    )


def _broken(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("unexpected error", exc_info=error)
    return _answer(500)


def _answer(status: int, code: str = "", said: list[str] | None = None) -> ResponseReturnValue:
    sentences = said or []
    if wants_data():
        return jsonify(status=status, code=code, messages=sentences), status
    page = f"errors/{status if status in WITH_PAGE else 400}.html"
    return render_template(page, description=" ".join(sentences), messages=sentences), status
