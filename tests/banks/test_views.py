"""Reading banks on screen."""

import msgspec
import pytest
from sqlalchemy import select

from survey.banks import service
from survey.banks.models import BankItem
from survey.core.policy import Role
from tests.questionnaires.conftest import files, links, load, page, words


@pytest.fixture
def designer(session, person, browser):
    load(session)
    return browser(person(Role.DESIGNER))


def test_the_list_shows_each_bank_with_its_languages(designer):
    reply = designer.get("/banks/")

    assert "OPG Open government" in words(reply)
    assert "41 questions · 6 dimensions" in words(reply)
    assert "Spanish: complete" in words(reply)
    assert "Common" not in words(reply)


def test_without_banks_the_list_says_how_they_come(browser, person):
    assert "No bank is loaded yet." in words(browser(person(Role.DESIGNER)).get("/banks/"))


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ({}, "OPG-F7", "OPG-Z1"),
        ({"q": "foro"}, "OPG-B3", "OPG-A1"),
        ({"q": "OPG-C7"}, "OPG-C7", "OPG-C6"),
        ({"section": "OPG-B"}, "OPG-B1", "OPG-C1"),
    ],
    ids=["all", "a word in another language", "a code", "a dimension"],
)
def test_the_items_of_a_bank_are_searched(designer, query, there, gone):
    found = links(designer.get("/banks/OPG", query_string=query))

    assert f"/banks/OPG/items/{there}" in found
    assert f"/banks/OPG/items/{gone}" not in found


def test_an_item_shows_every_text_in_every_language(designer):
    item = next(each for each in files()[0].items if each.code == "OPG-A4")
    reply = designer.get("/banks/OPG/items/OPG-A4")
    told = words(reply)

    for text in (item.stem, item.help, *item.levels, *(check.message for check in item.checks)):
        for words_of_language in text.values():
            assert " ".join(words_of_language.split()) in told
    assert all(trace in told for trace in item.trace)
    assert "OECD Recommendation on Open Government (2017); provision" in told
    assert item.checks[0].when in told
    assert page(reply).find(f".//li[@id='OPG-A4-{item.checks[0].code}']") is not None


@pytest.mark.parametrize("code", [each.code for each in files()[0].items])
def test_every_item_has_a_page(designer, code):
    assert designer.get(f"/banks/OPG/items/{code}").status_code == 200


def test_a_missing_text_is_shown_as_missing(designer, session):
    row = session.scalars(select(BankItem).where(BankItem.code == "OPG-A1")).one()
    row.document = service.encode_item(msgspec.structs.replace(row.item, stem={"en": "Which?"}))

    assert "Question Which? Missing" in words(designer.get("/banks/OPG/items/OPG-A1"))
    assert "Spanish: 1 text is missing" in words(designer.get("/banks/"))


@pytest.mark.parametrize("path", ["/banks/XXX", "/banks/common", "/banks/OPG/items/OPG-Z1"])
def test_what_is_not_there_is_not_found(designer, path):
    assert designer.get(path).status_code == 404


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.PUBLIC, Role.DESIGNER)])
@pytest.mark.parametrize("path", ["/banks/", "/banks/OPG", "/banks/OPG/items/OPG-A1"])
def test_nobody_but_designers_reads_banks(session, browser, person, a_place, role, path):
    load(session)

    assert browser(person(role, **a_place(role))).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/banks/", "/banks/OPG", "/banks/OPG/items/OPG-A1"])
def test_the_pages_of_banks_ask_the_database_a_fixed_number_of_times(designer, statements, path):
    statements.clear()
    designer.get(path)

    assert len(statements) <= 7
