"""What every answer says to the browser, and what no request may carry."""

from collections.abc import Iterator
from typing import Any, Final

from flask import Flask, Response, abort, current_app, request

POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
ONE_YEAR: Final = "max-age=31536000; includeSubDomains"
FILES_FOR: Final = "public, max-age=3600"


def init_headers(app: Flask) -> None:
    """Put the headers on every answer and refuse text that no database takes."""
    app.before_request(_refuse_unstorable)
    app.after_request(_say)


def _say(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers[name] = value
    if current_app.config["SESSION_COOKIE_SECURE"]:
        answer.headers["Strict-Transport-Security"] = ONE_YEAR
    if _is_file() and answer.status_code < 400:
        answer.headers["Cache-Control"] = FILES_FOR
    else:
        answer.headers["Cache-Control"] = "no-store"
        answer.vary.update(["Cookie", "Accept-Language"])
    return answer


def _is_file() -> bool:
    return bool(request.endpoint and request.endpoint.rpartition(".")[2] == "static")


def _refuse_unstorable() -> None:
    """NUL and lone surrogates: no name, answer or address has them, and no database takes them."""
    for text in _texts():
        if "\0" in text or not _encodes(text):
            abort(400)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _texts() -> Iterator[str]:
    yield request.path
    for values in (request.args, request.form):
        for name, value in values.items(multi=True):
            yield name
            yield value
    for file in request.files.values():
        yield file.filename or ""
    if request.is_json:
        yield from _texts_of(request.get_json())


def _texts_of(value: Any) -> Iterator[str]:
    open_values = [value]
    while open_values:
        found = open_values.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            open_values += [*found, *found.values()]
        elif isinstance(found, list):
            open_values += found
