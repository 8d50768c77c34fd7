"""Questionnaires of several banks: modules around them, shared items once, countries' own words."""

import msgspec
import pytest

from survey.accounts import service as accounts
from survey.banks import service as banks
from survey.banks.files import BankFile
from survey.core.instrument import Name, sha256
from survey.core.problems import Severity
from survey.questionnaires import service
from survey.responses.service import open_response
from survey.rounds.models import Round
from tests.core.build import en
from tests.factories import a_person
from tests.questionnaires.conftest import files


def item(code, **more):
    raw = {"code": code, "type": "yes_no", "title": en(code), "stem": en(f"{code}?"), "help": {}}
    return raw | more


def bank(code, *sections):
    raw = {"code": code, "title": en(code), "sections": sections}
    return msgspec.convert(raw, BankFile)


def section(code, *items, place=""):
    return {"code": code, "letter": code[-1], "title": en(code), "place": place, "items": items}


MODULE = bank(
    "AAA",
    section("AAA-P", item("AAA-P1"), item("AAA-P2"), place="opening"),
    section("AAA-X", item("AAA-X1"), place="closing"),
)
BUDGET = bank(
    "BUD",
    section("BUD-A", item("BUD-A1", key="LAW"), item("BUD-A2", stem=en("Does {SAI.the} audit?"))),
)
OPENNESS = bank(
    "TRA",
    section("TRA-A", item("TRA-A1", key="LAW"), item("TRA-A2", relevant="${TRA-A1} = 'yes'")),
)
NAMES = {
    "PER": {"SAI": {"en": Name(name="Comptroller General")}},
    "BRA": {"SAI": {"en": Name(name="Court of Accounts")}},
}


@pytest.fixture
def loaded(session):
    _, common = files()
    banks.load_common(session, common)
    banks.load_names(session, NAMES)
    for each in (MODULE, BUDGET, OPENNESS):
        banks.load_bank(session, each)
    return session


def composed(session, *codes, **more):
    return service.compose(session, codes, ["en"], en("Trial"), **more)


def test_the_modules_open_and_close_what_is_composed_of_whole_banks(loaded):
    made = composed(loaded, "BUD", "TRA")

    assert [(each["code"], each["module"]) for each in made.sections] == [
        ("AAA-P", True),
        ("BUD-A", False),
        ("TRA-A", False),
        ("AAA-X", True),
    ]
    assert made.item_codes[:3] == ["AAA-P1", "AAA-P2", "BUD-A1"]
    assert made.item_codes[-1] == "AAA-X1"


@pytest.mark.parametrize(
    ("codes", "more", "sections"),
    [
        pytest.param(["AAA"], {}, ["AAA-P", "AAA-X"], id="a module alone stands once"),
        pytest.param(["BUD"], {"items": ["BUD-A2"]}, ["BUD-A"], id="items that were named"),
        pytest.param(["BUD"], {"blank": True}, [], id="blank"),
    ],
)
def test_modules_are_added_only_to_all_items_of_topics(loaded, codes, more, sections):
    made = composed(loaded, *codes, **more)

    assert [each["code"] for each in made.sections] == sections


def test_a_shared_item_is_asked_once_and_its_twin_is_not_missed(loaded):
    made = composed(loaded, "BUD", "TRA")
    examined = service.examine(loaded, made)

    asked = [q.code for s in examined.draft.sections for q in s.questions]
    assert asked == ["AAA-P1", "AAA-P2", "BUD-A1", "BUD-A2", "TRA-A2", "AAA-X1"]
    assert [p for p in examined.problems if p.severity is Severity.ERROR] == []
    (section,) = [s for s in examined.draft.sections if s.code == "TRA-A"]
    assert section.questions[0].relevant == "${BUD-A1} = 'yes'"


def test_an_item_its_bank_lost_is_missed(loaded):
    made = composed(loaded, "BUD", "TRA")
    made.sections = [{**each, "items": [*each["items"], "GONE-A1"]} for each in made.sections[:1]]

    assert [p.where for p in service.check(loaded, made) if p.code == "item_gone"] == ["GONE-A1"]


def responding(session, version, country):
    round_ = Round(
        country=country,
        country_name=en(country),
        title=en("Round"),
        year=2026,
        state="R3",
        coordinator=a_person(session, "Mariana Esquivel"),
    )
    session.add(round_)
    session.flush()
    owner = accounts.country_entity(session, country)
    return open_response(session, round_, version, owner.id)


def test_all_countries_have_the_same_version_and_each_reads_it_in_its_own_words(loaded):
    version = service.publish(loaded, composed(loaded, "BUD"), by=None)
    read = {
        country: responding(loaded, version, country).program.index.questions["BUD-A2"].stem
        for country in ("PER", "BRA", "CHL")
    }

    assert read == {
        "PER": en("Does the Comptroller General audit?"),
        "BRA": en("Does the Court of Accounts audit?"),
        "CHL": en("Does the supreme audit institution audit?"),
    }
    assert version.sha256 == sha256(version.document)
    assert version.program.index.questions["BUD-A2"].stem == en(
        "Does the supreme audit institution audit?"
    )
    assert b"{SAI.the}" in version.document


def test_a_response_keeps_the_names_it_was_opened_with(loaded):
    version = service.publish(loaded, composed(loaded, "BUD"), by=None)
    response = responding(loaded, version, "PER")

    banks.load_names(loaded, {"PER": {"SAI": {"en": Name(name="Audit Office")}}})

    assert msgspec.json.decode(response.names) == {"SAI": {"en": {"name": "Comptroller General"}}}
    assert "Audit Office" in responding(loaded, version, "PER").names
