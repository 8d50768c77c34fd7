import pytest

from survey.accounts import service as accounts
from survey.core.policy import Role
from survey.database import now
from survey.responses.board import board_of
from tests.factories import COUNTRY, a_response
from tests.responses.sheets import Desk, Page
from tests.workbooks.instruments import ANSWERS, EVERY_TYPE

READING = ["", "/sections/OPG-A", "/evidence", "/questions/OPG-A1/history"]


@pytest.fixture
def response(session):
    return a_response(session, answers=ANSWERS)


@pytest.fixture
def liaison(person):
    return person(Role.LIAISON, country=COUNTRY, name="Lucía Herrera")


@pytest.fixture
def desk(browser, liaison, response):
    return Desk(browser(liaison), response.id)


def test_who_answers_one_response_begins_at_it(desk, response):
    assert desk.client.get("/").location == "/responses/"
    assert desk.client.get("/responses/").location == f"/responses/{response.id}"


def test_who_answers_several_chooses(desk, session):
    other = a_response(session)

    page = Page(desk.client.get("/responses/"))

    links = [link.get("href") for link in page.all("a")]
    assert f"/responses/{other.id}" in links
    assert desk.base in links


def test_who_has_nothing_to_answer_is_told(browser, person):
    page = Page(browser(person(Role.LIAISON, country="PER")).get("/responses/"))

    assert "No questionnaire waits" in page.reply.text


@pytest.mark.parametrize("path", READING)
def test_who_is_not_signed_in_is_asked_to(client, response, path):
    reply = client.get(f"/responses/{response.id}{path}")

    assert reply.status_code == 303
    assert reply.location.startswith("/sign-in?next=/responses/")


@pytest.mark.parametrize("path", READING)
@pytest.mark.parametrize("role", [Role.LIAISON, Role.CONTRIBUTOR, Role.AUTHORITY])
def test_another_country_does_not_find_it(browser, person, a_place, response, role, path):
    stranger = browser(person(role, **a_place(role, "PER")))

    assert stranger.get(f"/responses/{response.id}{path}").status_code == 404


@pytest.mark.parametrize("path", READING)
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.EXPERT])
def test_the_panel_does_not_find_a_draft(browser, person, response, role, path):
    reader = browser(person(role, round_id=response.round_id))

    assert reader.get(f"/responses/{response.id}{path}").status_code == 404


def test_a_contributor_finds_the_answers_of_their_own_entity_alone(
    browser, person, session, response
):
    ours = accounts.country_entity(session, COUNTRY)
    other = accounts.add_entity(session, COUNTRY, "digital", {"es": "Agencia"})

    assert Desk(browser(person(Role.CONTRIBUTOR, entity=ours)), response.id).section("OPG-A")
    stranger = browser(person(Role.CONTRIBUTOR, entity=other))
    assert stranger.get(f"/responses/{response.id}/sections/OPG-A").status_code == 404


def test_the_authority_reads_and_writes_nothing(browser, person, response):
    desk = Desk(browser(person(Role.AUTHORITY, country=COUNTRY)), response.id)

    page = desk.section("OPG-A")

    assert set(page.form) == {"csrf_token", "idem"}
    assert page.by_id("OPG-A1") is not None
    assert desk.send("OPG-A", **{"OPG-A4.seq": "1", "OPG-A4": "3"}).status_code == 404
    assert desk.answer("OPG-A4", seq="1", **{"OPG-A4": "3"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/sections/OPG-Z", "/questions/OPG-Z9/history", "/sections/evidence"]
)
def test_what_the_questionnaire_has_not_is_not_found(desk, path):
    desk.page(path, status=404)


def test_the_first_page_says_how_far_each_section_is(desk):
    page = desk.page()

    assert "5 of 8 answered · 3 incomplete" not in page.reply.text
    assert "Vision, strategy and legal basis" in page.reply.text
    assert "to look at again" in page.reply.text


def test_the_first_page_names_the_next_step_and_leads_there(desk):
    page = desk.page()

    step = next(e for e in page.all("section") if e.get("class") == "next")
    link = next(step.iter("{http://www.w3.org/1999/xhtml}a"))
    assert link.get("href") == f"{desk.base}/sections/OPG-A"


def test_the_first_page_names_whom_to_ask_and_what_others_changed(desk):
    page = desk.page()

    assert "Lucía Herrera" in page.reply.text
    assert "coordinator of the round" in page.reply.text
    assert "Mariana Esquivel · A1, A2, A3, A4, A5, A6 and" in page.reply.text


@pytest.mark.parametrize("section", EVERY_TYPE.sections, ids=lambda section: section.code)
def test_every_field_that_is_asked_has_its_input(desk, session, response, section):
    page = desk.section(section.code)

    board = board_of(session, response, response.owner_id, now())
    for question in section.questions:
        state = board.state.questions[question.code]
        for field in question.fields:
            shown = field.code in page.names
            assert shown == (field.code in state.fields and not field.calculation), field.code


def test_a_question_that_is_not_asked_says_which_answer_decides(desk):
    desk.send("OPG-B", **{"OPG-B1": "none"})

    words = desk.section("OPG-B").words("OPG-B6")

    assert "1 question is not asked: B6" in words
    assert "the answer in B1 is “None”" in words


def test_a_question_that_waits_for_another_says_so(browser, liaison, session):
    desk = Desk(browser(liaison), a_response(session).id)

    words = desk.section("OPG-B").words("OPG-B6")

    assert "depends on B1, which has no answer yet" in words


def test_questions_stay_in_their_language_when_the_page_has_another(desk):
    page = desk.section("OPG-A", "?lang=fr")

    marked = [e for e in page.all("span") if e.get("lang") == "en"]
    assert "Is there an approved strategy?" in ["".join(e.itertext()) for e in marked]
    assert page.tree.get("lang") == "fr"


def test_the_language_of_the_page_is_a_view_that_changes_nothing(desk, session, response):
    before = response.seq
    page = desk.section("OPG-B", "?lang=es")

    assert "¿Desde cuándo?" in page.reply.text
    assert desk.send("OPG-B", page).status_code == 303
    session.refresh(response)
    assert response.seq == before


def test_a_text_says_the_language_it_was_written_in(desk):
    page = desk.section("OPG-A", "?lang=en")

    assert page.by_id("OPG-E5.value").get("lang") == "es"


def test_what_is_wrong_stands_at_its_field_and_in_the_summary(desk):
    desk.send("OPG-B", **{"OPG-B10": "1900"})

    page = desk.section("OPG-B")

    assert page.by_id("OPG-B10.value").get("aria-invalid") == "true"
    assert "less than 1990" in page.words("OPG-B10.value-error")
    assert "B10: This is less than 1990" in page.words("problems")


def test_a_warning_stands_beside_its_question_with_room_to_explain(desk):
    page = desk.section("OPG-B")

    assert "There are more minutes than meetings." in page.words("OPG-B5-c1-warning")
    assert page.by_id("OPG-B5-c1.explanation") is not None


def test_the_history_tells_who_changed_what(desk):
    desk.send("OPG-A", **{"OPG-A4": "3"})

    page = desk.page("/questions/OPG-A4/history")

    cells = [" ".join("".join(td.itertext()).split()) for td in page.all("td")]
    assert cells[:4] == ["Lucía Herrera", "Answer", "Developing", "Consolidated"]
