"""Nothing is changed by a form that did not come from a page of ours."""

import uuid

import pytest
from sqlalchemy import select
from werkzeug.routing import IntegerConverter, UUIDConverter

from survey.core.policy import Role
from survey.database import Base

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
ROLES = [None, *(role for role in Role if role is not Role.PUBLIC)]
DUMMIES = {UUIDConverter: str(uuid.UUID(int=1)), IntegerConverter: "1"}


def addresses(app, methods):
    """(method, address) of every rule with one of these methods, made-up values in it."""
    for rule in app.url_map.iter_rules():
        values = {
            name: DUMMIES.get(type(converter), "x") for name, converter in rule._converters.items()
        }
        _, address = rule.build(values)
        for method in sorted(rule.methods & methods):
            yield method, address


@pytest.mark.usefixtures("forgery_checked")
@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_changing_address_asks_for_a_token(app, client, browser, person, a_place, role):
    mine = browser(person(role, **a_place(role))) if role else client
    let_through = [
        (method, address)
        for method, address in addresses(app, CHANGING)
        if mine.open(address, method=method).status_code != 403
    ]
    assert let_through == []


def contents(session):
    """Every row of every table."""
    return {
        name: sorted(map(repr, session.execute(select(table)).all()))
        for name, table in Base.metadata.tables.items()
    }


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_looking_changes_nothing(app, session, client, browser, person, a_place, role):
    mine = browser(person(role, **a_place(role))) if role else client
    session.commit()
    before = contents(session)
    for _method, address in addresses(app, {"GET"}):
        mine.get(address)

    assert contents(session) == before


@pytest.mark.usefixtures("forgery_checked")
def test_a_token_of_somebody_else_is_none(browser, person):
    with browser(person(Role.DESIGNER)) as other:
        page = other.get(other.get("/").location).text
        token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
    mine = browser(person(Role.DESIGNER))

    assert token
    assert mine.post("/sign-out", data={"csrf_token": token}).status_code == 403


@pytest.mark.usefixtures("forgery_checked")
def test_a_form_of_ours_passes(client):
    token = client.get("/sign-in").text.partition('name="csrf_token" value="')[2].partition('"')[0]

    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303
