"""The list, the composer, properties and sections on screen."""

import uuid

import pytest

from survey.core.policy import Role
from survey.questionnaires import service
from survey.questionnaires.models import Questionnaire
from tests.questionnaires.conftest import ITEMS, links, load, page, titles, words

NEW = {"banks": "OPG", "begin": "all", "languages": ["en", "es"], "first": "es"}


def new(**changes):
    return NEW | titles(en="Round 2027", es="Ronda 2027") | changes


def test_a_designer_begins_at_the_list(desk):
    assert desk.client.get("/").location == "/questionnaires/"


def test_the_list_names_each_questionnaire_with_its_versions(desk):
    version = service.publish(desk.session, desk.questionnaire, by=None)

    reply = desk.client.get("/questionnaires/")

    assert "Open government 2 sections · 5 questions · English and Spanish" in words(reply)
    assert version.sha256[:8] in words(reply)
    assert {desk.url, f"{desk.url}/versions/1"} <= set(links(reply))


@pytest.mark.parametrize(("begin", "count"), [("all", 41), ("empty", 0)])
def test_a_new_questionnaire_begins_with_all_or_no_questions(desk, begin, count):
    reply = desk.client.post("/questionnaires/new", data=new(begin=begin))

    made = desk.session.get(Questionnaire, uuid.UUID(reply.location.rpartition("/")[2]))
    assert (reply.status_code, len(made.item_codes)) == (303, count)
    assert made.languages == ["es", "en"]
    assert made.title == {"en": "Round 2027", "es": "Ronda 2027"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"banks": []}, "banks", id="no bank"),
        pytest.param({"banks": "XXX"}, "banks", id="unknown bank"),
        pytest.param({"begin": ""}, "begin", id="no beginning"),
        pytest.param({"languages": []}, "languages", id="no language"),
        pytest.param({"first": "fr"}, "first", id="first language not chosen"),
        pytest.param({"title_es": " "}, "title_es", id="title missing"),
        pytest.param({"title_en": "x" * 201}, "title_en", id="title too long"),
        pytest.param({"title_en": "a\x07b"}, "title_en", id="sign that no workbook holds"),
    ],
)
def test_a_new_questionnaire_says_what_is_missing_at_its_field(desk, changes, field):
    reply = desk.client.post("/questionnaires/new", data=new(**changes))

    assert reply.status_code == 422
    assert f"#{field}" in links(reply)
    assert page(reply).find(f".//*[@id='{field}-error']") is not None
    assert len(service.questionnaires(desk.session)) == 1


def test_without_banks_nothing_can_be_begun(browser, person):
    assert "No bank is loaded yet." in words(
        browser(person(Role.DESIGNER)).get("/questionnaires/new")
    )


@pytest.mark.parametrize(
    "role", [None, *(r for r in Role if r not in (Role.PUBLIC, Role.DESIGNER))]
)
@pytest.mark.parametrize(
    "path", ["/questionnaires/", "/questionnaires/new", "", "/properties", "/publish", "/preview"]
)
def test_nobody_but_designers_finds_questionnaires(desk, browser, person, a_place, role, path):
    other = browser(person(role, **a_place(role)))
    address = path if path.startswith("/questionnaires") else desk.url + path

    assert other.get(address).status_code == 404


def test_a_questionnaire_that_is_not_there_is_not_found(desk):
    assert desk.client.get(f"/questionnaires/{uuid.uuid4()}").status_code == 404


# the composer


def test_the_composer_shows_bank_order_and_conditions_in_words(desk):
    told = words(desk.get())

    assert "OPG-A4 Link to development plan and budget Level 0–4 Add OPG-A4" in told
    assert "Table · asked if OPG-A2 is “Yes” or OPG-A2 is “In progress”" in told
    assert "Problems (0)" in told


def test_the_bank_is_searched_by_words_and_code_in_any_language(desk):
    assert [a for a in links(desk.get(q="foro permanente")) if "/banks/" in a]
    rows = [each.get("id") for each in page(desk.get(q="opg-c7")).iter("button")]

    assert "add-OPG-C7" in rows
    assert "add-OPG-C6" not in rows
    assert "No question has these words." in words(desk.get(q="zebra"))


def test_the_bank_is_filtered_by_dimension(desk):
    told = words(desk.get(dimension="OPG-F"))

    assert "OPG-F1" in told
    assert "OPG-C1" not in told


def test_an_added_item_stands_where_the_bank_has_it(desk):
    desk.post(remove="OPG-A2")
    reply = desk.post(add="OPG-A2", dimension="OPG-A")

    assert reply.status_code == 303
    assert reply.location == f"{desk.url}?dimension=OPG-A#q-OPG-A2"
    assert desk.order == [*ITEMS]


def test_a_whole_dimension_is_added_at_once(desk):
    desk.post(add_all="OPG-F")

    assert desk.questionnaire.sections[-1]["code"] == "OPG-F"
    assert desk.order[-7:] == [f"OPG-F{n}" for n in range(1, 8)]


@pytest.mark.parametrize(
    ("fields", "order"),
    [
        pytest.param({"up": "OPG-A2"}, "A2 A1 A3 B3 B4", id="up"),
        pytest.param({"down": "OPG-A3"}, "A1 A2 A3 B3 B4", id="into the next section"),
        pytest.param({"remove": "OPG-A1"}, "A2 A3 B3 B4", id="out"),
        pytest.param({"section_up": "OPG-B"}, "B3 B4 A1 A2 A3", id="a section up"),
        pytest.param({"section_down": "OPG-A"}, "B3 B4 A1 A2 A3", id="a section down"),
        pytest.param(
            {"move_ticked": "yes", "ticked": ["OPG-A1", "OPG-A3"], "target": "OPG-B"},
            "A2 B3 B4 A1 A3",
            id="ticked ones to another section",
        ),
        pytest.param(
            {"remove_ticked": "yes", "ticked": ["OPG-A1", "OPG-B4"]},
            "A2 A3 B3",
            id="ticked ones out",
        ),
        pytest.param({}, "A1 A2 A3 B3 B4", id="no button"),
    ],
)
def test_every_button_of_the_composer_works_without_a_script(desk, fields, order):
    assert desk.post(**fields).status_code == 303
    assert [code.removeprefix("OPG-") for code in desk.order] == order.split()


def test_a_script_gets_the_parts_that_changed(desk):
    reply = desk.client.post(
        desk.url,
        data={"seq": desk.questionnaire.seq, "up": "OPG-A2"},
        headers={"X-Requested-With": "ronda"},
    )

    assert reply.status_code == 200
    top = [each.get("id") for each in page(reply).find("body")]
    assert top == ["desk-head", "desk"]
    assert 'name="seq" value="1"' in reply.text


def test_a_change_from_an_older_page_changes_nothing_and_shows_the_present_state(desk):
    old = desk.questionnaire.seq
    desk.post(remove="OPG-A1")

    reply = desk.post(remove="OPG-A3", seq=old)

    assert reply.status_code == 409
    assert "Somebody else changed the questionnaire meanwhile." in words(reply)
    assert page(reply).find(".//li[@id='q-OPG-A1']") is None
    assert page(reply).find(".//li[@id='q-OPG-A3']") is not None
    assert desk.order == ["OPG-A2", "OPG-A3", "OPG-B3", "OPG-B4"]


@pytest.mark.parametrize("seq", ["", "x", "-1", "9" * 30, "²"])
def test_a_form_without_a_readable_state_changes_nothing(desk, seq):
    assert desk.post(remove="OPG-A1", seq=seq).status_code == 409
    assert desk.order == [*ITEMS]


@pytest.mark.parametrize(
    "fields",
    [
        {"add": "OPG-Z9"},
        {"add_all": "XXX"},
        {"remove": "OPG-C1"},
        {"up": "nothing"},
        {"section_up": "OPG-F"},
        {"move_ticked": "yes", "ticked": "OPG-A1", "target": ""},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_button_that_names_what_is_not_there_is_refused(desk, fields):
    reply = desk.post(**fields)

    assert reply.status_code == 422
    assert "No bank has these questions" in words(reply)
    assert desk.order == [*ITEMS]


def test_the_composer_asks_the_database_as_often_for_few_questions_as_for_all(desk, statements):
    def count():
        statements.clear()
        assert desk.get().status_code == 200
        return len(statements)

    few = count()
    for dimension in "ABCDEF":
        desk.post(add_all=f"OPG-{dimension}")

    assert len(desk.order) == 41
    assert count() == few <= 14


# properties


def properties(desk, **changes):
    given = {"languages": ["en", "es"], "first": "en", "due": "2027-03-31"}
    texts = titles(en="New", es="Nuevo") | {"introduction_en": "Please\r\nread."}
    return desk.post("/properties", **(given | texts | changes))


def test_properties_are_saved(desk):
    assert properties(desk, first="es").location == desk.url

    saved = desk.questionnaire
    assert (saved.title, saved.due) == ({"en": "New", "es": "Nuevo"}, "2027-03-31")
    assert saved.introduction == {"en": "Please\nread."}
    assert saved.languages == ["es", "en"]


def test_properties_show_what_is_stored(desk):
    properties(desk)
    reply = desk.get("/properties")

    assert 'value="Nuevo"' in reply.text
    assert 'value="2027-03-31"' in reply.text


@pytest.mark.parametrize("due", ["31.03.2027", "2027-02-30", "20270331", "soon"])
def test_a_due_date_that_is_none_stays_in_its_field(desk, due):
    reply = properties(desk, due=due)

    assert reply.status_code == 422
    assert f'value="{due}"' in reply.text
    assert desk.questionnaire.due == ""


def test_properties_from_an_older_page_are_kept_in_the_form_and_not_saved(desk):
    old = desk.questionnaire.seq
    desk.post(remove="OPG-A1")

    reply = properties(desk, seq=old)

    assert reply.status_code == 409
    assert 'value="Nuevo"' in reply.text
    assert desk.questionnaire.title["en"] == "Open government"


# sections


def section(desk, code="new", **fields):
    return desk.post(f"/sections/{code}", **fields)


def test_a_section_is_added_renamed_and_removed(desk):
    section(desk, **titles(en="Last", es="Última"), who_en="Everybody")
    made = desk.questionnaire.sections[-1]
    assert (made["title"], made["who"], made["items"]) == (
        {"en": "Last", "es": "Última"},
        {"en": "Everybody"},
        [],
    )

    section(desk, made["code"], **titles(en="End", es="Fin"))
    assert desk.questionnaire.sections[-1]["title"] == {"en": "End", "es": "Fin"}

    section(desk, made["code"], remove=made["code"])
    assert [each["code"] for each in desk.questionnaire.sections] == ["OPG-A", "OPG-B"]


def test_the_code_of_a_removed_section_is_not_used_again(desk):
    section(desk, **titles(en="One", es="Uno"))
    first = desk.questionnaire.sections[-1]["code"]
    section(desk, first, remove=first)
    section(desk, **titles(en="Two", es="Dos"))

    assert desk.questionnaire.sections[-1]["code"] != first


def test_a_section_needs_a_title_in_each_language(desk):
    reply = section(desk, **titles(en="Only English"))

    assert reply.status_code == 422
    assert "#title_es" in links(reply)
    assert len(desk.questionnaire.sections) == 2


def test_a_section_from_an_older_page_is_not_saved(desk):
    old = desk.questionnaire.seq
    desk.post(remove="OPG-A1")

    assert section(desk, "OPG-A", seq=old, **titles(en="X", es="Y")).status_code == 409
    assert desk.questionnaire.sections[0]["title"]["en"] != "X"


def test_a_section_that_is_not_there_is_not_found(desk):
    assert desk.get("/sections/OPG-F").status_code == 404


def test_loading_the_banks_again_leaves_the_questionnaire(desk):
    load(desk.session)

    assert desk.order == [*ITEMS]
