"""The language of a page, and how it writes figures."""

import pytest
from flask import template_rendered
from flask_babel import format_decimal

from survey.core.policy import Role
from survey.web.languages import in_language, locale_code


def language_of(reply):
    return reply.text.partition('<html lang="')[2].partition('"')[0]


def test_a_page_speaks_the_language_of_the_browser(client):
    page = client.get("/sign-in", headers={"Accept-Language": "fr-HT,fr;q=0.9,en;q=0.5"})

    assert language_of(page) == "fr"


def test_a_page_speaks_english_to_who_asks_for_none_of_the_four(client):
    assert language_of(client.get("/sign-in", headers={"Accept-Language": "nl"})) == "en"


def test_a_chosen_language_stays(client):
    client.get("/sign-in?lang=pt")

    assert language_of(client.get("/sign-in", headers={"Accept-Language": "es"})) == "pt"


def test_a_language_that_is_none_of_the_four_changes_nothing(client):
    assert language_of(client.get("/sign-in?lang=../../etc")) == "en"


def test_a_page_speaks_the_language_of_the_person(browser, person):
    mine = browser(person(Role.ADMINISTRATOR, language="es"))

    assert language_of(mine.get("/", headers={"Accept-Language": "en"})) == "es"


def test_the_chosen_language_survives_signing_in(client, person):
    person(Role.ADMINISTRATOR, email="a@example.org", password="correct horse battery")
    client.get("/sign-in?lang=fr")
    client.post("/sign-in", data={"email": "a@example.org", "password": "correct horse battery"})

    assert language_of(client.get("/")) == "fr"


@pytest.mark.parametrize(
    ("country", "code", "figure"),
    [
        ("HND", "es_HN", "1,234.5"),
        ("COL", "es_CO", "1.234,5"),
        ("BRA", "pt_BR", "1.234,5"),
        ("ARG", "fr_AR", "1.234,5"),  # not in CLDR
    ],
)
def test_figures_are_written_as_in_the_country(
    app, session, browser, person, country, code, figure
):
    seen = {}

    def look(sender, **_more):
        seen["code"], seen["figure"] = locale_code(), format_decimal(1234.5)

    language = code.partition("_")[0]
    mine = browser(person(Role.LIAISON, country=country, language=language))
    with template_rendered.connected_to(look, app):
        mine.get("/responses/")

    assert seen == {"code": code, "figure": figure}


def test_a_text_that_is_missing_in_a_language_is_read_in_another(app):
    with app.test_request_context("/?lang=fr"):
        assert in_language({"es": "hola", "en": "hello"}) == "hello"
        assert in_language({"es": "hola"}) == "hola"
        assert in_language({"fr": "", "es": "hola"}, ("es",)) == "hola"
        assert in_language({}) == ""
