"""The application on each database, a session that is undone, and browsers without a screen."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_babel
import html5lib
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from survey.accounts import service, sign_in
from survey.accounts.models import Person
from survey.core.policy import Role
from survey.database import db
from tests import postgres

DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


class Client(FlaskClient):
    """A browser. It sees what the test saved and forgets what a view left uncommitted.

    Every page is parsed as HTML; an error of the parser is an error of the test.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        for name in list(g):
            g.pop(name)
        flask_babel.refresh()
        reply = super().open(*args, buffered=True, **kwargs)
        db.session.rollback()
        db.session.expire_all()
        if reply.mimetype == "text/html" and reply.text:
            parser = html5lib.HTMLParser()
            parser.parse(reply.text)
            # A fragment for a script has no doctype; everything else must parse.
            errors = [error for error in parser.errors if "expected-doctype" not in error[1]]
            assert not errors, (args, errors[:3])
        return reply


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real PostgreSQL server, without a database name."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """`new_database(kind)`: the URL of a new empty database, `sqlite` or `postgresql`."""

    def made(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('database') / 'ronda.sqlite'}"
        return postgres.new_database(request.getfixturevalue("postgres_server"))

    return made


@pytest.fixture(scope="session")
def new_app(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., Flask]:
    """`new_app(database_url, environment={}, **settings)`: an application with its own home."""

    def made(url: str, environment: dict[str, str] | None = None, **changes: Any) -> Flask:
        given = {
            "DATABASE_URL": url,
            "RONDA_HOME": str(tmp_path_factory.mktemp("home")),
            "BASE_URL": "http://localhost",
            "SECRET_KEY": "a key for tests that is long enough to be one",
        } | (environment or {})
        changes = {"TESTING": True, "WTF_CSRF_ENABLED": False} | changes
        app = create_app(changes, given)
        app.test_client_class = Client
        return app

    return made


@pytest.fixture(scope="session", params=DATABASES)
def app(
    request: pytest.FixtureRequest,
    new_app: Callable[..., Flask],
    new_database: Callable[[str], str],
) -> Iterator[Flask]:
    """One application on one database of each kind for the whole run."""
    made = new_app(new_database(request.param))
    with made.app_context():
        db.session.configure(join_transaction_mode="create_savepoint")
        db.create_all()
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The session of this test; all it does, commits included, is undone afterwards."""
    with app.app_context():
        engine = db.engine
        with engine.connect() as connection:
            outer = connection.begin()
            db.engines[None] = connection  # Flask-SQLAlchemy 3 ignores the session's own bind
            try:
                yield db.session()
            finally:
                db.session.remove()
                db.engines[None] = engine
                outer.rollback()


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def person(session: Session) -> Callable[..., Person]:
    """`person(role, country=..., entity=..., round_id=...)`: somebody new with one role."""
    made: list[Person] = []

    def new(role: Role | str | None = None, /, **where: Any) -> Person:
        number = len(made) + 1
        details = {
            name: where.pop(name) for name in ("language", "name", "office") if name in where
        }
        details.setdefault("name", f"Person {number}")
        email = where.pop("email", f"person{number}@example.org")
        password = where.pop("password", "")
        somebody = service.add_person(session, email=email, password=password, **details)
        if role is not None:
            service.grant(session, somebody, Role(role), **where)
        made.append(somebody)
        return somebody

    return new


@pytest.fixture
def a_place(session: Session) -> Callable[[Role | None], dict[str, Any]]:
    """`a_place(role)`: where a role can hold, for `person(role, **a_place(role))`."""

    def place(role: Role | None, country: str = "HND") -> dict[str, Any]:
        if role in service.OF_AN_ENTITY:
            return {"entity": service.add_entity(session, country, "finance", {"es": "Finanzas"})}
        return {"country": country} if role in service.OF_A_COUNTRY else {}

    return place


@pytest.fixture
def browser(app: Flask, session: Session) -> Callable[[Person], FlaskClient]:
    """`browser(person)`: a browser in which `person` is signed in."""

    def signed_in(somebody: Person) -> FlaskClient:
        client = app.test_client()
        moment = datetime.now(UTC)
        begun = sign_in.start(session, somebody, moment)
        with client.session_transaction() as cookie:
            cookie["sign_in"] = str(begun.id)
            cookie["person"] = str(somebody.id)
            cookie["seen"] = int(moment.timestamp())
        return client

    return signed_in


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """The statements sent to the database so far, besides BEGIN, COMMIT and savepoints."""
    sent: list[str] = []
    ours = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(ours):
            sent.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


@pytest.fixture
def forgery_checked(app: Flask) -> Iterator[None]:
    """Check forgery tokens as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def root() -> Path:
    """The checkout."""
    return Path(__file__).parent.parent
