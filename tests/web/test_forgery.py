"""Nothing is changed by a form that did not come from a page of ours."""

import uuid

import pytest
from werkzeug.routing import IntegerConverter, UUIDConverter

from survey.core.policy import Role

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
DUMMIES = {UUIDConverter: str(uuid.UUID(int=1)), IntegerConverter: "1"}


def changing_addresses(app):
    """(method, address) of every rule that changes something, with made-up values in it."""
    for rule in app.url_map.iter_rules():
        values = {
            name: DUMMIES.get(type(converter), "x") for name, converter in rule._converters.items()
        }
        _, address = rule.build(values)
        for method in sorted(rule.methods & CHANGING):
            yield method, address


@pytest.mark.usefixtures("forgery_checked")
@pytest.mark.parametrize(
    "role", [None, *(role for role in Role if role is not Role.PUBLIC)], ids=str
)
def test_every_changing_address_asks_for_a_token(app, client, browser, person, a_place, role):
    mine = browser(person(role, **a_place(role))) if role else client
    let_through = [
        (method, address)
        for method, address in changing_addresses(app)
        if mine.open(address, method=method).status_code != 403
    ]
    assert let_through == []


@pytest.mark.usefixtures("forgery_checked")
def test_a_token_of_somebody_else_is_none(browser, person):
    with browser(person(Role.DESIGNER)) as other:
        token = other.get("/").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    mine = browser(person(Role.DESIGNER))

    assert token
    assert mine.post("/sign-out", data={"csrf_token": token}).status_code == 403


@pytest.mark.usefixtures("forgery_checked")
def test_a_form_of_ours_passes(client):
    token = client.get("/sign-in").text.partition('name="csrf_token" value="')[2].partition('"')[0]

    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303
