import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from survey.core.answers import EMPTY, NonAnswer
from survey.core.policy import Role
from survey.responses import service
from survey.responses.board import board_of
from survey.responses.models import Change, Conflict
from tests.factories import COUNTRY, a_response
from tests.responses.sheets import Desk, Page
from tests.workbooks.instruments import ANSWERS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROW = "f" * 32


@pytest.fixture
def response(session):
    return a_response(session, answers=ANSWERS)


@pytest.fixture
def lucia(person):
    return person(Role.LIAISON, country=COUNTRY, name="Lucía Herrera")


@pytest.fixture
def desk(browser, lucia, response):
    return Desk(browser(lucia), response.id)


@pytest.fixture
def other_desk(browser, person, response):
    return Desk(browser(person(Role.LIAISON, country=COUNTRY, name="Andrés Quispe")), response.id)


@pytest.fixture
def answer(session, response):
    """`answer(code)`: the answer that is stored now."""

    def stored(code):
        session.expire_all()
        board = board_of(session, response, response.owner_id, NOW)
        return board.answers.get(code, EMPTY)

    return stored


def close(response):
    response.submitted_at = NOW


@pytest.mark.parametrize("code", ["OPG-A", "OPG-B"])
def test_a_page_sent_as_it_came_changes_nothing(desk, session, response, code):
    before = response.seq

    reply = desk.send(code)

    session.refresh(response)
    assert (reply.status_code, response.seq) == (303, before)


def test_answers_are_saved_and_the_next_section_follows(desk, answer):
    reply = desk.send("OPG-A", go="next", **{"OPG-A4": "3", "OPG-E5": "Para mejorar."})

    assert (reply.status_code, reply.location) == (303, f"{desk.base}/sections/OPG-B")
    assert answer("OPG-A4").fields == {"OPG-A4": "3"}
    assert answer("OPG-E5").fields["OPG-E5"] == {"text": "Para mejorar.", "lang": "en"}


def test_the_last_section_leads_back_to_all_sections(desk):
    assert desk.send("OPG-B", go="overview").location == desk.base


def test_what_cannot_be_read_stays_in_its_field_and_the_rest_is_saved(desk, answer):
    reply = desk.send("OPG-B", **{"OPG-B7": "about six", "OPG-B10": "2024"})

    page = Page(reply)
    assert reply.status_code == 422
    assert page.by_id("OPG-B7.value").get("value") == "about six"
    assert "“about six” is not a number" in page.words("OPG-B7.value-error")
    assert page.by_id("problems").get("role") == "alert"
    assert answer("OPG-B7").fields["OPG-B7"] == "6.5"
    assert answer("OPG-B10").fields == {"OPG-B10": "2024"}


def test_a_number_out_of_range_is_saved_and_flagged(desk, answer):
    assert desk.send("OPG-B", **{"OPG-B8": "120"}).status_code == 303

    assert answer("OPG-B8").fields == {"OPG-B8": "120"}
    assert desk.section("OPG-B").by_id("OPG-B8.value-error") is not None


def test_names_that_are_no_field_of_the_page_are_never_written(desk, session, response, answer):
    before = response.seq
    strange = {
        "status": "submitted",
        "owner_id": "1",
        "OPG-B10.seq": str(before),
        "OPG-B10": "2024",
        "OPG-A4.score": "4",
    }

    assert desk.send("OPG-A", **strange).status_code == 303

    session.refresh(response)
    assert response.seq == before
    assert answer("OPG-B10") == EMPTY


def test_a_question_that_is_not_asked_takes_no_answer(desk, session, response, answer):
    desk.send("OPG-B", **{"OPG-B1": "none"})
    session.refresh(response)

    desk.send("OPG-B", **{"OPG-B6.seq": str(response.seq), "OPG-B6": "12", "OPG-B6.state": ""})

    assert answer("OPG-B6").non_answer is NonAnswer.WITHHELD


def test_a_row_that_the_table_has_not_is_refused(desk, answer):
    reply = desk.send("OPG-A", **{"lobbies/OPG-A5-force": "yes"})

    assert reply.status_code == 422
    assert [row.id for row in answer("OPG-A5").rows] == ["information"]


def test_unmarking_every_choice_takes_the_answer_back(desk, answer):
    desk.send("OPG-A", **{"OPG-A6": ""})

    assert "OPG-A6" not in answer("OPG-A6").fields


def test_a_non_answer_comes_with_its_reason(desk, answer):
    desk.send("OPG-A", **{"OPG-A4.state": "withheld", "OPG-A4.reason": "Reserva"})

    assert answer("OPG-A4").non_answer is NonAnswer.WITHHELD
    assert answer("OPG-A4").reason == {"text": "Reserva", "lang": "en"}
    assert answer("OPG-A4").fields == {}


def test_a_non_answer_without_its_reason_is_saved_and_flagged(desk, answer):
    desk.send("OPG-A", **{"OPG-A4.state": "not_applicable"})

    assert answer("OPG-A4").non_answer is NonAnswer.NOT_APPLICABLE
    assert "Say why this question is not answered." in desk.section("OPG-A").words("problems")


def test_an_answer_replaces_a_non_answer(desk, answer):
    desk.send("OPG-B", **{"OPG-B6": "1,250.50"})

    assert answer("OPG-B6").fields == {"OPG-B6": "1250.5"}
    assert answer("OPG-B6").non_answer is None


def test_remark_visibility_and_explanation_are_saved(desk, answer):
    desk.send(
        "OPG-B",
        **{
            "OPG-B5.remark": "Según el acta.",
            "OPG-B5.visibility": "panel",
            "OPG-B5-c1.explanation": "Hubo dos actas por reunión.",
        },
    )

    given = answer("OPG-B5")
    assert given.remark["text"] == "Según el acta."
    assert given.visibility == "panel"
    assert given.explanations["OPG-B5-c1"]["text"] == "Hubo dos actas por reunión."


def test_taking_a_choice_back_leaves_remark_and_evidence(desk, answer):
    reply = desk.send("OPG-A", clear="OPG-A2", **{"OPG-A2.remark": "Por confirmar"})

    assert reply.location == f"{desk.base}/sections/OPG-A#OPG-A2"
    assert answer("OPG-A2").fields == {}
    assert answer("OPG-A2").evidence == ("doc-b",)
    assert answer("OPG-A2").remark["text"] == "Por confirmar"


# evidence


def test_documents_are_cited_and_taken_out(desk, answer):
    desk.send("OPG-A", **{"OPG-A6.evidence": ["", "doc-a"], "OPG-A2.evidence": [""]})

    assert answer("OPG-A6").evidence == ("doc-a",)
    assert answer("OPG-A2").evidence == ()


def test_documents_typed_beside_answers_are_listed_and_cited_there(desk, answer):
    link = "https://example.org/ley"
    desk.send("OPG-A", **{"OPG-A4.new.link": link, "OPG-E5.new.title": "Solicitud"})

    listed = answer("evidence").rows[2:]
    assert [row.fields["evidence-number"] for row in listed] == ["4", "5"]
    assert answer("OPG-A4").evidence == (listed[0].id,)
    assert answer("OPG-E5").evidence == (listed[1].id,)
    assert listed[0].fields["evidence-link"] == link


def test_a_document_that_cannot_be_read_stays_as_it_was_typed(desk, answer):
    typed = {"OPG-A4.new.title": "Ley", "OPG-A4.new.date": "ayer"}
    page = Page(desk.send("OPG-A", **typed))

    assert page.reply.status_code == 422
    assert page.by_id("OPG-A4.new.title").get("value") == "Ley"
    assert page.by_id("OPG-A4.new.date").get("aria-invalid") == "true"
    assert len(answer("evidence").rows) == 2


# rosters


def test_a_row_is_added_without_a_script(desk, answer):
    reply = desk.send("OPG-A", add_row="OPG-A3")
    assert reply.location == f"{desk.base}/sections/OPG-A?rows=OPG-A3#OPG-A3"

    page = desk.section("OPG-A", "?rows=OPG-A3")
    new = [name for name in page.form if re.fullmatch("[0-9a-f]{32}/OPG-A3-title", name)]
    desk.send("OPG-A", page, **{new[0]: "Plan nacional"})

    titles = [row.fields["OPG-A3-title"]["text"] for row in answer("OPG-A3").rows]
    assert titles == ["-Plan de acción", "Plan nacional"]


def test_an_empty_row_is_no_row(desk, answer):
    page = desk.section("OPG-A", "?rows=OPG-A3")
    desk.send("OPG-A", page)

    assert len(answer("OPG-A3").rows) == 1


def test_a_row_is_removed_without_a_script(desk, answer):
    row = "row-1"
    desk.send("OPG-A", remove_row=f"OPG-A3/{row}", **{f"{row}/OPG-A3-cost": "7"})

    assert answer("OPG-A3").rows == ()


def test_a_new_row_that_cannot_be_read_stays_on_the_page(desk, answer):
    typed = {f"{ROW}/OPG-A3-title": "Plan", f"{ROW}/OPG-A3-cost": "mucho"}
    page = Page(desk.send("OPG-A", **typed))

    assert page.reply.status_code == 422
    assert page.by_id(f"{ROW}/OPG-A3-cost").get("value") == "mucho"
    assert page.by_id(f"{ROW}/OPG-A3-title").get("value") == "Plan"


def test_a_fixed_row_is_filled_in_its_place(desk, answer):
    desk.send("OPG-A", **{"lobbying/OPG-A5-force": "no"})

    rows = answer("OPG-A5").rows
    assert [(row.id, row.position) for row in rows] == [("information", 1), ("lobbying", 3)]


# a whole section


def test_a_section_is_marked_as_not_applicable_with_one_reason(desk, answer):
    reason = {"whole-section.reason": "No hay gobiernos locales."}
    desk.send("OPG-A", not_applicable="OPG-A", **reason)

    assert answer("OPG-A8").non_answer is NonAnswer.NOT_APPLICABLE
    assert answer("OPG-A8").reason["text"] == "No hay gobiernos locales."
    assert answer("OPG-A4").fields == {"OPG-A4": "2"}


def test_a_section_is_not_marked_without_a_reason(desk, answer):
    page = Page(desk.send("OPG-A", not_applicable="OPG-A"))

    assert page.reply.status_code == 422
    assert "Say why it does not apply." in page.words("whole-section.reason-error")
    assert answer("OPG-A8") == EMPTY


# two people, old pages


def test_a_stale_page_takes_what_only_it_changed(desk, other_desk, answer):
    page = desk.section("OPG-A")
    other_desk.send("OPG-A", **{"OPG-E5": "Otra razón"})

    reply = desk.send("OPG-A", page, **{"OPG-A4": "3"})

    assert "versions" not in reply.location
    assert answer("OPG-A4").fields == {"OPG-A4": "3"}
    assert answer("OPG-E5").fields["OPG-E5"]["text"] == "Otra razón"


@pytest.fixture
def conflict(desk, other_desk, session):
    """Two people chose a level from the same page; the second one waits."""
    page = desk.section("OPG-A")
    other_desk.send("OPG-A", **{"OPG-A4": "3"})
    reply = desk.send("OPG-A", page, **{"OPG-A4": "1"})
    assert reply.location == f"{desk.base}/sections/OPG-A#versions"
    return session.scalars(select(Conflict)).one()


def test_two_versions_are_shown_with_who_and_when(desk, conflict, answer):
    page = desk.section("OPG-A")

    words = page.words("OPG-A4.conflicts")
    assert answer("OPG-A4").fields == {"OPG-A4": "3"}
    assert "Stands nowAndrés Quispe," in words
    assert "Came secondLucía Herrera," in words
    assert "Consolidated" in words
    assert "Initial" in words
    assert "A4" in page.words("versions")
    assert "Two people answered A4 differently" in desk.page().reply.text


@pytest.mark.parametrize(("side", "level"), [("here", "3"), ("there", "1")])
def test_two_versions_are_settled_by_choosing_one(desk, conflict, answer, side, level):
    reply = desk.send("OPG-A", settle=f"{conflict.id}/{side}")

    assert reply.status_code == 303
    assert answer("OPG-A4").fields == {"OPG-A4": level}
    assert desk.section("OPG-A").by_id("OPG-A4.conflicts") is None


@pytest.mark.parametrize("again", ["{0.id}/here", "nonsense"])
def test_what_is_settled_is_not_settled_again(desk, conflict, again):
    desk.send("OPG-A", settle=f"{conflict.id}/here")

    reply = desk.send("OPG-A", settle=again.format(conflict))

    assert reply.status_code == 409
    assert "settled this in the meantime" in reply.text


def test_a_page_with_answers_of_several_ages_is_no_conflict(desk, answer):
    page = desk.section("OPG-A")
    form = page.form
    for level in ("1", "3"):
        desk.answer("OPG-A4", seq=form["OPG-A4.seq"][0], **{"OPG-A4": level})
        fresh = desk.section("OPG-A").form
        form["OPG-A4.seq"], form["OPG-A4"] = fresh["OPG-A4.seq"], fresh["OPG-A4"]

    reply = desk.client.post(f"{desk.base}/sections/OPG-A", data=form)

    assert "versions" not in reply.location
    assert answer("OPG-A4").fields == {"OPG-A4": "3"}


def test_the_same_page_sent_twice_is_one_change(desk, session, response):
    page = desk.section("OPG-A")
    before = response.seq
    for _ in range(2):
        assert desk.send("OPG-A", page, **{"OPG-A4": "4"}).status_code == 303

    changes = select(Change).where(Change.response_id == response.id, Change.seq > before)
    assert len(session.scalars(changes).all()) == 1


def test_a_page_from_a_state_that_never_was_is_refused_and_kept(desk, answer):
    page = Page(desk.send("OPG-A", **{"OPG-A4.seq": "999", "OPG-A4": "4", "OPG-E5": "Texto"}))

    assert page.reply.status_code == 409
    assert "out of date" in page.reply.text
    assert page.by_id("OPG-E5.value").text.strip() == "Texto"
    assert answer("OPG-A4").fields == {"OPG-A4": "2"}


def test_what_is_sent_after_the_submission_is_refused_and_kept_on_the_page(
    desk, response, session, answer
):
    sheet = desk.section("OPG-A")
    close(response)

    page = Page(desk.send("OPG-A", sheet, **{"OPG-E5": "Demasiado tarde"}))

    assert page.reply.status_code == 409
    assert "they cannot be changed any more" in page.reply.text
    assert page.by_id("OPG-E5.value").text.strip() == "Demasiado tarde"
    assert "data-error" in next(page.all("body")).attrib
    assert answer("OPG-E5").fields["OPG-E5"]["text"].startswith("Primera")


def test_a_submitted_response_is_read_and_not_answered(desk, response):
    close(response)

    page = desk.page("/sections/OPG-A")
    assert "disabled" in next(page.all("fieldset")).attrib
    assert "data-autosave" not in page.reply.text
    assert "were submitted" in desk.page().reply.text
    assert "/sections/OPG-A" in desk.page().reply.text


def test_an_answer_that_asks_for_more_brings_back_to_the_section(desk):
    reply = desk.send("OPG-A", go="next", **{"OPG-A1": "yes"})

    assert reply.location == f"{desk.base}/sections/OPG-A"
    assert "1 more thing to answer here" in desk.section("OPG-A").reply.text


def test_service_and_page_agree_on_who_saved(desk, session, response, lucia):
    desk.send("OPG-A", **{"OPG-A4": "3"})

    entry = service.history(session, response, response.owner_id, "OPG-A4")[0]
    assert (entry.actor, entry.via, entry.new) == (lucia.name, "screen", "3")


# the list of documents


def test_documents_are_listed_with_numbers_of_their_own(desk, answer):
    form = desk.page("/evidence?rows=evidence").form
    new = next(n for n in form if re.fullmatch("[0-9a-f]{32}/evidence-title", n))
    form[new] = ["Decreto 7"]

    reply = desk.client.post(f"{desk.base}/evidence", data=form)

    assert reply.status_code == 303
    last = answer("evidence").rows[-1]
    assert last.fields["evidence-number"] == "4"
    assert last.fields["evidence-title"]["text"] == "Decreto 7"


def test_a_document_that_is_cited_stays_and_says_where(desk, answer):
    form = desk.page("/evidence").form | {"remove_row": ["evidence/doc-b"]}

    reply = desk.client.post(f"{desk.base}/evidence", data=form)

    assert reply.status_code == 422
    assert "Document 3 is cited in A2 and A6" in reply.text
    assert len(answer("evidence").rows) == 2


def test_a_document_that_nobody_cites_goes(desk, answer):
    desk.send("OPG-A", **{"OPG-A6.evidence": ["", "doc-b"]})
    form = desk.page("/evidence").form | {"remove_row": ["evidence/doc-a"]}

    assert desk.client.post(f"{desk.base}/evidence", data=form).status_code == 303
    assert [row.id for row in answer("evidence").rows] == ["doc-b"]
