"""Who may call a view: exactly one mark on each, checked before any view runs."""

from collections.abc import Callable
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request
from flask.sansio.app import App
from flask.typing import ResponseReturnValue

from survey.core.policy import Act, Viewer, roles

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC: Final = "public"
ASK: Final = "ronda.ask_to_sign_in"
FILES: Final = "static"  # what Flask itself serves, of the program and of its blueprints


class MarkedTwice(TypeError):
    """A view carries more than one access mark."""


def needs(act: Act) -> Callable[[View], View]:
    """Mark a view: only for who may do `act` somewhere. Where and when is for its service."""
    return lambda view: _mark(view, act)


def public(view: View) -> View:
    """Mark a view: for everybody, signed in or not."""
    return _mark(view, PUBLIC)


def _mark(view: View, access: str) -> View:
    if hasattr(view, "access"):
        raise MarkedTwice(view.__qualname__)
    view.access = access  # type: ignore[attr-defined] # functions take attributes
    return view


def access_of(endpoint: str) -> str | None:
    """The mark of `endpoint`: an act, `PUBLIC`, or None when it has none."""
    if endpoint.rpartition(".")[2] == FILES:
        return PUBLIC
    return getattr(current_app.view_functions[endpoint], "access", None)


def init_access(app: Flask) -> None:
    """Check the mark of every view before it runs; call it after who sets `g.viewer`."""
    app.before_request(_guard)
    app.config.setdefault("SIGN_IN_ENDPOINT", "accounts.sign_in")
    app.config.setdefault("SIGN_OUT_ENDPOINT", "accounts.sign_out")


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    access = access_of(request.endpoint)
    if access == PUBLIC:
        return None
    if access is None:
        abort(403)
    if not viewer().person:
        return _ask_to_sign_in()
    if roles(Act(access)).isdisjoint(grant.role for grant in viewer().grants):
        abort(404)
    return None


def let_ask(app: App, ask: Callable[[str], ResponseReturnValue]) -> None:
    """Let `ask(path)` answer who is not signed in and wanted to see the page at `path`."""
    app.extensions[ASK] = ask


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_data():
        abort(401)
    answer: ResponseReturnValue = current_app.extensions[ASK](request.full_path.rstrip("?"))
    return answer


def wants_data() -> bool:
    """Whether a script asks, which wants a status and not a page to sign in."""
    asked_by_script = request.headers.get("Sec-Fetch-Dest") == "empty"
    kinds = request.accept_mimetypes
    return bool(
        request.headers.get("HX-Request")
        or request.headers.get("X-Requested-With")
        or request.is_json
        or asked_by_script
        or (kinds and not kinds.accept_html and kinds.accept_json)
    )


def safe_path(target: str | None) -> str | None:
    """`target` when it is a path on this very site, otherwise None."""
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return None
    if "\\" in target or any(
        ord(character) < 0x21 or ord(character) == 0x7F for character in target
    ):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def viewer() -> Viewer:
    """Who is looking; without a person when nobody is signed in."""
    who: Viewer = g.viewer
    return who
