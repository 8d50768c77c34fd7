"""How countries call their institutions: the file of proposals, and the pages that edit them."""

import pytest

from survey.accounts.countries import COUNTRIES
from survey.banks import service
from survey.banks.files import ANY, BankFolder
from survey.config import ROOT
from survey.core.instrument import Name
from survey.core.naming import form_of
from survey.core.policy import Role
from tests.factories import a_response
from tests.questionnaires.conftest import page, words

FILE = BankFolder(ROOT / "question_banks" / "common", ROOT / "translations").read_names()
PAGE = "/banks/names/COL"
SAI = "es-SAI-name"
EVERYWHERE = {"FINANCE_ENTITY", "SAI", "LEGISLATURE", "HEAD_OF_GOVERNMENT"}
UNSURE = {"VEN": {"FINANCE_ENTITY"}}  # it was renamed too often


# the file


def test_each_member_state_has_names_and_nobody_else():
    assert set(FILE) == {ANY, *COUNTRIES}


@pytest.mark.parametrize("code", COUNTRIES)
def test_a_country_has_names_in_its_own_languages_for_what_every_country_has(code):
    own = FILE[code]

    assert own.keys() <= FILE[ANY].keys()
    assert EVERYWHERE - UNSURE.get(code, set()) <= own.keys()
    for names in own.values():
        assert set(COUNTRIES[code].languages) <= names.keys()
    for variable in ("INTERMEDIATE_LEVEL", "LOCAL_LEVEL"):
        assert all(name.plural for name in own.get(variable, {}).values())


@pytest.mark.parametrize(
    ("country", "language", "variable", "form", "said"),
    [
        ("COL", "es", "SAI", "of", "de la Contraloría General de la República"),
        ("PER", "es", "LEGISLATURE", "of", "del Congreso de la República"),
        ("BRA", "pt", "SAI", "to", "ao Tribunal de Contas da União"),
        ("BRA", "pt", "HEAD_OF_GOVERNMENT", "by", "pela Presidência da República"),
        ("HTI", "fr", "LOCAL_LEVEL", "to", "aux communes"),
        ("CAN", "fr", "LEGISLATURE", "of", "du Parlement"),
        ("JAM", "en", "LEGISLATURE", "of", "of Parliament"),
        ("JAM", "en", "SAI", "of", "of the Auditor General's Department"),
    ],
)
def test_names_stand_in_sentences_as_their_language_wants(country, language, variable, form, said):
    assert form_of(FILE[country][variable][language], language, form) == said


# the pages


@pytest.fixture
def designer(session, person, browser):
    service.load_names(session, FILE)
    return browser(person(Role.DESIGNER, language="es"))


def fields(reply):
    """What the form of a page would send."""
    found = {}
    every = page(reply)
    for each in (*every.iter("input"), *every.iter("select")):
        name, kind = each.get("name"), each.get("type")
        if each.tag == "select":
            chosen = [o.get("value") for o in each.iter("option") if "selected" in o.attrib]
            found[name] = chosen[0]
        elif name and (kind != "checkbox" or "checked" in each.attrib):
            found[name] = each.get("value", "")
    return found


def test_a_country_is_listed_under_its_name_with_how_many_names_it_has(designer):
    told = words(designer.get("/banks/names"))

    assert "Canadá" in told
    assert "6 of 7" in told or "6 de 7" in told
    assert len(list(page(designer.get("/banks/names")).iter("tr"))) == 1 + len(COUNTRIES)


def test_saving_what_the_page_shows_changes_nothing(designer, session):
    sent = fields(designer.get(PAGE))
    reply = designer.post(PAGE, data=sent)

    assert reply.location == PAGE
    assert not service.named_countries(session)["COL"].is_edited


def test_a_name_is_kept_with_its_grammar_and_survives_the_next_load(designer, session):
    typed = fields(designer.get(PAGE)) | {
        SAI: "  Auditorías  ",
        "es-SAI-plural": "yes",
        "fr-SAI-name": "Hôtel",
        "fr-SAI-elides": "yes",
        "fr-SAI-article": "yes",
        "es-LOCAL_LEVEL-name": "",
    }
    designer.post(PAGE, data=typed)
    problems = service.load_names(session, FILE)

    names = service.names_of(session, "COL")
    assert names["SAI"] == {
        "es": Name(name="Auditorías", gender="f", plural=True),
        "fr": Name(name="Hôtel", elides=True),
    }
    assert "LOCAL_LEVEL" not in names
    assert names["LEGISLATURE"] == FILE["COL"]["LEGISLATURE"]
    assert [(each.code, each.where) for each in problems] == [("names_edited", "COL")]
    marked = page(designer.get("/banks/names")).findall(".//span[@class='st st-part']")
    assert len(marked) == 1


def test_the_sentences_follow_what_is_typed_and_nothing_is_saved(designer, session):
    typed = fields(designer.get(PAGE)) | {SAI: "Tribunal", "es-SAI-gender": "m", "preview": "yes"}
    reply = designer.post(PAGE, data=typed)

    assert reply.status_code == 200
    assert "el Tribunal" in words(reply)
    assert "del Tribunal" in words(reply)
    assert "al Tribunal" in words(reply)
    assert service.names_of(session, "COL") == FILE["COL"]


def test_what_cannot_be_kept_is_refused_and_shown_again(designer, session):
    reply = designer.post(PAGE, data=fields(designer.get(PAGE)) | {SAI: "x" * 201})

    assert reply.status_code == 422
    assert f"#{SAI}" in [each.get("href") for each in page(reply).iter("a")]
    assert fields(reply)[SAI] == "x" * 201
    assert service.names_of(session, "COL") == FILE["COL"]


def test_a_page_from_before_somebody_else_saved_changes_nothing(designer, session):
    old = fields(designer.get(PAGE))
    designer.post(PAGE, data=old | {SAI: "Tribunal"})
    reply = designer.post(PAGE, data=old | {SAI: "Corte"})

    assert reply.status_code == 409
    assert fields(reply)[SAI] == "Corte"
    assert service.names_of(session, "COL")["SAI"]["es"].name == "Tribunal"


def test_an_open_response_keeps_the_names_it_began_with(designer, session):
    before = a_response(session, country="COL")
    designer.post(PAGE, data=fields(designer.get(PAGE)) | {SAI: "Tribunal"})

    assert "keep the names they began with" in words(designer.get(f"{PAGE}?lang=en"))
    assert "Contraloría" in before.names
    assert "Tribunal" in a_response(session, country="COL").names


@pytest.mark.parametrize("code", ["any", "col", "XMO", "nothing"])
def test_only_member_states_have_a_page(designer, code):
    assert designer.get(f"/banks/names/{code}").status_code == 404


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.PUBLIC])
def test_designers_and_coordinators_edit_names_and_nobody_else(
    session, browser, person, a_place, role
):
    service.load_names(session, FILE)
    mine = browser(person(role, **a_place(role)))
    allowed = role in (Role.DESIGNER, Role.COORDINATOR)

    for address in ("/banks/names", PAGE):
        assert mine.get(address).status_code == (200 if allowed else 404)


def test_without_banks_the_page_says_how_names_come(session, person, browser):
    reply = browser(person(Role.DESIGNER)).get(PAGE)

    assert "No bank is loaded yet." in words(reply)
