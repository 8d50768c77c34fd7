"""The demonstration, in which one country has submitted and another has not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from survey.accounts.models import Person
from survey.core.policy import Role
from survey.database import db
from survey.demonstration.load import Demonstration, load
from survey.panel import service
from tests.conftest import DATABASES


@pytest.fixture(scope="package", params=DATABASES)
def app(
    request: pytest.FixtureRequest,
    new_app: Callable[..., Flask],
    new_database: Callable[[str], str],
) -> Iterator[Flask]:
    """An application with the demonstration in it, loaded once."""
    made = new_app(new_database(request.param))
    with made.app_context():
        db.create_all()
        load(db.session())
        db.session.commit()
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def shown(session: Session) -> Iterator[Demonstration]:
    """`submitted_response` is sealed, `response` is open; nothing is remembered of other tests."""
    service._kept.clear()
    yield load(session)
    service._kept.clear()


@pytest.fixture
def reads(
    shown: Demonstration, browser: Callable[[Person], FlaskClient]
) -> Callable[..., FlaskClient]:
    """`reads(role)`: the browser of the person of the demonstration with this role."""
    people = dict(shown.people)

    def signed_in(role: Role = Role.EXPERT) -> FlaskClient:
        return browser(people[role])

    return signed_in


@pytest.fixture
def address(shown: Demonstration) -> Callable[..., str]:
    """`address(page)`: of a page of the round that was submitted."""

    def of(page: str = "", response: Any = None) -> str:
        chosen = response or shown.submitted_response
        return f"/panel/rounds/{chosen.round_id}{page}"

    return of
