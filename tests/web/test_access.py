"""Who is asked to sign in, who finds nothing, who is refused."""

import re

import pytest
from flask import Blueprint, Response

from survey.core.policy import Act, Role
from survey.database import db
from survey.web.access import needs, public, safe_path


def room():
    return lambda: Response("in", mimetype="text/plain")


@pytest.fixture(scope="module")
def app(new_app, new_database):
    """An application with one view of each mark, and one without."""
    rooms = Blueprint("rooms", __name__)
    rooms.add_url_rule(
        "/designers", "designers", needs(Act.COMPOSE)(room()), methods=["GET", "POST"]
    )
    rooms.add_url_rule("/everybody", "everybody", public(room()))
    rooms.add_url_rule("/forgotten", "forgotten", room())
    made = new_app(new_database("sqlite"))
    made.register_blueprint(rooms)
    with made.app_context():
        db.session.configure(join_transaction_mode="create_savepoint")
        db.create_all()
    return made


def test_who_is_not_signed_in_is_asked_to(client):
    reply = client.get("/designers?page=2")

    assert (reply.status_code, reply.location) == (303, "/sign-in?next=/designers?page%3D2")


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true"},
        {"X-Requested-With": "fetch"},
        {"Sec-Fetch-Dest": "empty"},
        {"Accept": "application/json"},
    ],
    ids=str,
)
def test_a_script_that_is_not_signed_in_gets_a_status(client, headers):
    assert client.get("/designers", headers=headers).status_code == 401


def test_what_was_typed_before_the_session_ended_is_kept(client):
    reply = client.post("/designers", data={"title": 'a "b" <c>', "tags": ["x", "y"]})

    assert reply.status_code == 401
    assert 'name="kept:title" value="a &#34;b&#34; &lt;c&gt;"' in reply.text
    assert reply.text.count('name="kept:tags"') == 2
    assert 'name="next" value="/designers"' in reply.text


def test_who_may_comes_in(browser, person):
    assert browser(person(Role.DESIGNER)).get("/designers").text == "in"


def test_what_is_not_yours_looks_as_if_it_did_not_exist(browser, person):
    mine = browser(person(Role.EXPERT))

    assert mine.get("/designers").status_code == 404
    assert shown(mine.get("/designers")) == shown(mine.get("/nowhere"))


def shown(reply):
    """The page without its forgery tokens, which differ each time."""
    return re.sub(r'(content|value)="[\w.-]{40,}"', "", reply.text)


def test_a_view_without_a_mark_is_refused_to_everybody(client, browser, person):
    assert client.get("/forgotten").status_code == 403
    assert browser(person(Role.ADMINISTRATOR)).get("/forgotten").status_code == 403


def test_a_public_view_is_for_everybody(client):
    assert client.get("/everybody").text == "in"


@pytest.mark.usefixtures("forgery_checked")
def test_a_form_without_its_token_is_refused_before_anything_else(client):
    assert client.post("/designers").status_code == 403
    assert client.post("/sign-in", data={"email": "a@b.org", "password": "x"}).status_code == 403
    assert client.post("/sign-out").status_code == 403


@pytest.mark.parametrize("path", ["/", "/a", "/a?b=c&d=/e", "/ñ"])
def test_a_path_of_this_site_is_safe(path):
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "a",
        "//a",
        "/\\a",
        "\\\\a",
        "/a\\b",
        "http://a",
        "https:a",
        "/\n/a",
        "/ a",
        "/\x7f",
    ],
    ids=repr,
)
def test_anything_else_is_not(target):
    assert safe_path(target) is None
