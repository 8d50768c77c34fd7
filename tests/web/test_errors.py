"""Answers to what goes wrong: words for people, a status for scripts, nothing of the inside."""

import pytest
from flask import Blueprint
from sqlalchemy.exc import OperationalError

from survey.accounts.service import EmailTaken
from survey.core.problems import Problem
from survey.database import db
from survey.web import messages
from survey.web.access import public
from survey.web.messages import NoWords, words, words_of


def refusing():
    raise EmailTaken(Problem(code="person_unknown", params={"email": "x@y.z"}), email="a@b.org")


def away():
    raise OperationalError("SELECT 1", {}, Exception(), connection_invalidated=True)


def breaking():
    raise ZeroDivisionError("the inside")


@pytest.fixture(scope="module")
def app(new_app, new_database):
    made = new_app(new_database("sqlite"), TESTING=False, PROPAGATE_EXCEPTIONS=False)
    rooms = Blueprint("rooms", __name__)
    for view in (refusing, away, breaking):
        rooms.add_url_rule(f"/{view.__name__}", view.__name__, public(view))
    made.register_blueprint(rooms)
    with made.app_context():
        db.create_all()
    return made


def test_a_refusal_says_why(client):
    reply = client.get("/refusing")

    assert reply.status_code == 409
    assert "a@b.org already belongs to somebody." in reply.text
    assert "Nobody has the address x@y.z." in reply.text


def test_a_script_reads_the_code_of_a_refusal(client):
    reply = client.get("/refusing", headers={"Accept": "application/json"})

    assert reply.json["code"] == "email_taken"
    assert reply.json["messages"][0] == "a@b.org already belongs to somebody."


def test_a_database_that_is_away_is_worth_another_try(client):
    reply = client.get("/away")

    assert reply.status_code == 503
    assert reply.headers["Retry-After"]


def test_an_error_of_the_program_shows_nothing_of_its_inside(client, caplog):
    reply = client.get("/breaking")

    assert reply.status_code == 500
    assert "inside" not in reply.text
    assert "the inside" in caplog.text


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
@pytest.mark.parametrize("path", ["/refusing", "/away", "/breaking", "/nowhere"])
def test_errors_are_pages_in_every_language(client, path, language):
    assert f'<html lang="{language}"' in client.get(f"{path}?lang={language}").text


def test_parameters_are_written_as_people_read_them(app, monkeypatch):
    monkeypatch.setitem(messages.MESSAGES, "some", "%(list)s; %(figure)s; %(text)s")
    params = {"list": ("a", "b", "c"), "figure": 12345, "text": {"en": "hi", "es": "hola"}}
    with app.test_request_context("/?lang=es"):
        assert words("some", params) == "a, b y c; 12.345; hola"


def test_a_check_speaks_the_words_of_its_questionnaire(app):
    problem = Problem(code="check", text={"en": "Too late.", "es": "Tarde."})
    with app.test_request_context("/?lang=es"):
        assert words_of(problem) == "Tarde."


def test_a_code_without_words_is_an_error_of_the_program(app):
    with app.test_request_context("/"), pytest.raises(NoWords):
        words("nothing like this")
