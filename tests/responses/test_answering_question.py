from datetime import UTC, datetime

import html5lib
import pytest
from sqlalchemy import select

from survey.core.answers import EMPTY
from survey.core.instrument import Index
from survey.core.policy import Role
from survey.responses.board import board_of
from survey.responses.models import Change, Conflict
from tests.benchmarks.instruments import answers as many_answers
from tests.benchmarks.instruments import instrument as of_length
from tests.factories import COUNTRY, a_response
from tests.responses.sheets import HTML, Desk
from tests.workbooks.instruments import ANSWERS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def response(session):
    return a_response(session, answers=ANSWERS)


@pytest.fixture
def liaison(person):
    return person(Role.LIAISON, country=COUNTRY, name="Lucía Herrera")


@pytest.fixture
def desk(browser, liaison, response):
    return Desk(browser(liaison), response.id)


@pytest.fixture
def answer(session, response):
    def stored(code):
        session.expire_all()
        board = board_of(session, response, response.owner_id, NOW)
        return board.answers.get(code, EMPTY)

    return stored


def parts(reply):
    """The top-level elements of a reply by their ids."""
    fragment = html5lib.parseFragment(reply.text)
    return {e.get("id"): e for e in fragment if e.get("id")}


def controls(element):
    return {e.get("name"): e.get("value") for e in element.iter(f"{HTML}input")}


def words(element):
    return " ".join("".join(element.itertext()).split())


def test_one_answer_is_saved_and_its_state_comes_back(desk, answer):
    reply = desk.answer("OPG-B10", seq="1", **{"OPG-B10": "2024"})

    found = parts(reply)
    assert reply.status_code == 200
    assert answer("OPG-B10").fields == {"OPG-B10": "2024"}
    assert found["OPG-B10.seq"].get("value") == "2"
    assert words(found["OPG-B10-state"]).startswith("Saved ")
    assert found["OPG-B10-state"].get("class") == "st st-saved"
    assert "answered" in words(found["jump-OPG-B10"])


def test_a_plain_answer_does_not_draw_its_question_anew(desk):
    assert "OPG-B10" not in parts(desk.answer("OPG-B10", seq="1", **{"OPG-B10": "2024"}))


def test_questions_that_an_answer_takes_away_are_folded(desk):
    found = parts(desk.answer("OPG-B1", seq="1", **{"OPG-B1": "none"}))

    assert found["OPG-B6"].get("class") == "off"
    assert "the answer in B1 is “None”" in words(found["OPG-B6"])
    assert "not asked" in words(found["jump-OPG-B6"])
    assert "is not asked" in words(found["section-state"])


def test_questions_that_an_answer_opens_come_with_their_fields(desk):
    desk.answer("OPG-B1", seq="1", **{"OPG-B1": "none"})

    found = parts(desk.answer("OPG-B1", seq="2", **{"OPG-B1": "centre"}))

    assert found["OPG-B6"].tag == f"{HTML}fieldset"
    names = [e.get("name") for e in found["OPG-B6"].iter(f"{HTML}input")]
    assert {"OPG-B6", "OPG-B6.seq", "OPG-B6.reason"} <= set(names)


def test_fields_that_a_choice_opens_come_with_the_question(desk):
    found = parts(desk.answer("OPG-B1", seq="1", **{"OPG-B1": "other"}))

    assert "OPG-B1-other" in [e.get("name") for e in found["OPG-B1"].iter(f"{HTML}input")]


def test_a_value_and_a_non_answer_never_stand_together_on_the_page(desk):
    state = {"OPG-B7.state": "not_available"}
    found = parts(desk.answer("OPG-B7", seq="1", **{"OPG-B7": "6.5", **state}))
    assert controls(found["OPG-B7"])["OPG-B7"] == ""

    found = parts(desk.answer("OPG-B7", seq="2", **{"OPG-B7": "7", **state}))
    chosen = [e for e in found["OPG-B7"].iter(f"{HTML}input") if "checked" in e.attrib]
    assert "not_available" not in [e.get("value") for e in chosen]
    assert controls(found["OPG-B7"])["OPG-B7"] == "7"


def test_an_error_comes_back_at_the_field_and_in_the_summary(desk):
    found = parts(desk.answer("OPG-B8", seq="1", **{"OPG-B8": "120"}))

    assert "OPG-B8" in found
    assert "B8: A percentage lies between 0 and 100." in words(found["problems"])
    assert "with something to correct" in words(found["OPG-B8"])


def test_what_cannot_be_read_is_said_and_kept_as_typed(desk, answer):
    reply = desk.answer("OPG-B7", seq="1", **{"OPG-B7": "six", "OPG-B7.remark": "Aprox."})

    found = parts(reply)
    typed = next(e for e in found["OPG-B7"].iter(f"{HTML}input") if e.get("name") == "OPG-B7")
    assert reply.status_code == 422
    assert typed.get("value") == "six"
    assert answer("OPG-B7").remark["text"] == "Aprox."
    assert answer("OPG-B7").fields["OPG-B7"] == "6.5"


def test_the_same_key_is_the_same_change(desk, session, response):
    for _ in range(2):
        reply = desk.answer("OPG-B10", seq="1", idem="key-1", **{"OPG-B10": "2024"})
        assert reply.status_code == 200

    changes = select(Change).where(Change.response_id == response.id, Change.idem == "key-1")
    assert len(session.scalars(changes).all()) == 1


def test_the_same_key_with_another_answer_is_refused_in_words(desk, answer):
    desk.answer("OPG-B10", seq="1", idem="key-1", **{"OPG-B10": "2024"})

    reply = desk.answer("OPG-B10", seq="1", idem="key-1", **{"OPG-B10": "2025"})

    assert reply.status_code == 409
    assert reply.json["code"] == "key_used_twice"
    assert answer("OPG-B10").fields == {"OPG-B10": "2024"}


def test_a_stale_answer_comes_back_with_both_versions(desk, session, answer):
    desk.answer("OPG-B10", seq="1", **{"OPG-B10": "2024"})

    reply = desk.answer("OPG-B10", seq="1", **{"OPG-B10": "2025"})

    found = parts(reply)
    assert answer("OPG-B10").fields == {"OPG-B10": "2024"}
    assert "2024" in words(found["OPG-B10"])
    assert "2025" in words(found["OPG-B10"])
    assert "B10" in words(found["versions"])
    assert session.scalars(select(Conflict)).one().there == "2025"


def test_answers_after_the_submission_are_refused_in_words(desk, response):
    response.submitted_at = NOW

    reply = desk.answer("OPG-B10", seq="1", **{"OPG-B10": "2024"})

    assert reply.status_code == 409
    assert "cannot be changed any more" in reply.json["messages"][0]


def test_another_question_in_the_form_is_not_looked_at(desk, answer):
    desk.answer("OPG-B10", seq="1", **{"OPG-B11.seq": "1", "OPG-B11": "intruso"})

    assert answer("OPG-B11") == EMPTY


def test_a_document_is_listed_by_its_button_and_not_while_it_is_typed(desk, answer):
    typed = {"OPG-B10": "", "OPG-B10.new.title": "Anuario"}
    desk.answer("OPG-B10", seq="1", **typed)
    assert len(answer("evidence").rows) == 2

    reply = desk.answer("OPG-B10", seq="1", add_document="OPG-B10", **typed)

    assert answer("evidence").rows[2].fields["evidence-title"]["text"] == "Anuario"
    assert "Evidence (1)" in words(parts(reply)["OPG-B10"])


def test_a_document_sent_again_under_its_key_is_listed_once(desk, answer):
    typed = {"OPG-B10.new.title": "Anuario", "add_document": "OPG-B10"}
    for _ in range(2):
        assert desk.answer("OPG-B10", seq="1", idem="key-2", **typed).status_code == 200

    assert len(answer("evidence").rows) == 3


def test_a_row_is_removed_by_its_button(desk, answer):
    desk.answer("OPG-A3", seq="1", remove_row="OPG-A3/row-1")

    assert answer("OPG-A3").rows == ()


def test_a_document_that_is_cited_stays_when_its_row_is_removed(desk, answer):
    reply = desk.answer("evidence", seq="1", remove_row="evidence/doc-b")

    assert reply.status_code == 422
    assert "Document 3 is cited in A2 and A6" in words(parts(reply)["evidence"])
    assert [row.id for row in answer("evidence").rows] == ["doc-a", "doc-b"]


def test_without_the_script_one_answer_leads_back_to_its_question(desk, answer):
    reply = desk.client.post(
        f"{desk.base}/questions/OPG-B10", data={"OPG-B10.seq": "1", "OPG-B10": "2024"}
    )

    assert reply.location == f"{desk.base}/sections/OPG-B#OPG-B10"
    assert answer("OPG-B10").fields == {"OPG-B10": "2024"}


def test_an_expired_page_is_told_so_and_writes_nothing(desk, forgery_checked, answer):
    reply = desk.answer("OPG-B10", seq="1", **{"OPG-B10": "2024"})

    assert reply.status_code == 403
    assert answer("OPG-B10") == EMPTY


# what a page may cost


@pytest.fixture(params=[60, 1000])
def long_desk(request, browser, liaison, session):
    instrument = of_length(request.param)
    response = a_response(session, instrument, many_answers(Index(instrument)))
    return Desk(browser(liaison), response.id)


def test_a_page_of_ten_questions_asks_six_times(long_desk, statements):
    code = first_section(long_desk)
    long_desk.section(code)
    statements.clear()

    long_desk.section(code)

    assert len(statements) <= 6, statements


def test_one_answer_asks_seven_times(long_desk, statements):
    form = long_desk.section(first_section(long_desk)).form
    question = first_question(form)
    for level in ("yes", "no"):
        seq = long_desk.section(first_section(long_desk)).form[f"{question}.seq"][0]
        statements.clear()
        reply = long_desk.answer(question, seq=seq, **{f"{question}.remark": f"Nota {level}"})
        assert reply.status_code == 200

    assert len(statements) <= 7, statements


def test_a_page_that_is_sent_asks_nine_times(long_desk, statements):
    code = first_section(long_desk)
    for words_ in ("una nota", "otra nota"):
        page = long_desk.section(code)
        notes = {name: words_ for name in page.form if name.endswith(".remark")}
        statements.clear()
        assert long_desk.send(code, page, **notes).status_code == 303

    assert len(statements) <= 9, statements


def first_section(desk):
    page = desk.page()
    links = [a.get("href") for a in page.all("a") if "/sections/" in (a.get("href") or "")]
    return links[-1].rpartition("/")[2]


def first_question(form):
    return next(name for name in form if name.endswith(".seq")).removesuffix(".seq")
