"""An earlier answer of the country is offered with its date and source, never copied silently."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import html5lib
import msgspec
import pytest
from sqlalchemy import event, select

from survey.core.answers import EMPTY, Answer, NonAnswer, Row
from survey.core.policy import Role
from survey.database import db
from survey.responses.board import board_of
from survey.responses.ledger import verify
from survey.responses.models import Change, Submission, SubmissionDocument
from survey.responses.submission import submit
from tests.core.build import field, instrument, question, table
from tests.factories import COUNTRY, a_person, a_response
from tests.responses.sheets import Desk, Page
from tests.workbooks.instruments import EVIDENCE, LISTS

SEALED_AT = datetime(2025, 3, 12, 18, tzinfo=UTC)


def asks(title, *questions):
    made = instrument(*questions, lists={"language": LISTS["language"]})
    return msgspec.structs.replace(made, title={"en": title}, evidence=EVIDENCE)


def law(code, kind="yes_no", **more):
    since = field(f"{code}-since", "year", relevant=f"${{{code}}} = 'yes'")
    return question(code, kind, since, **({"key": "RTI_LAW"} | more))


LAST = asks("Transparency", law("TRA-A1"), question("TRA-A2", "long_text"))
NOW = asks("Open government", law("OPG-C1"), question("OPG-C2"))
YES = Answer(fields={"TRA-A1": "yes", "TRA-A1-since": "2002"})
NO = Answer(fields={"TRA-A1": "no"})


@pytest.fixture
def seal(session):
    """`seal(answer, of=LAST)`: a response of the country whose answer to TRA-A1 was sealed."""

    def sealed(answer=YES, of=LAST, country=COUNTRY, at=SEALED_AT, office="Anti-corruption Office"):
        answers = answer if isinstance(answer, Mapping) else {"TRA-A1": answer}
        response = a_response(session, of, answers, country)
        by = a_person(session, "Lucía Herrera")
        return submit(session, response, by.id, by.name, office, at)

    return sealed


@pytest.fixture
def at(browser, person, session):
    """`at(response)`: the desk of a person of the country at it."""

    def seated(response, role=Role.LIAISON, **place):
        somebody = person(role, **(place or {"country": COUNTRY}))
        return Desk(browser(somebody), response.id)

    return seated


@pytest.fixture
def fields(session):
    def stored(response, code="OPG-C1"):
        session.expire_all()
        board = board_of(session, response, response.owner_id, datetime.now(UTC))
        return board.answers.get(code, EMPTY).fields

    return stored


def box(page, code="OPG-C1"):
    """The words of what is offered at a question; "" for nothing."""
    return page.words(f"{code}.earlier") if page.by_id(f"{code}.earlier") is not None else ""


def button(page, code="OPG-C1"):
    """What the button of an offer sends; "" when there is none."""
    found = [b.get("value") for b in page.all("button") if b.get("name") == "earlier"]
    return next((value for value in found if value.startswith(f"{code}/")), "")


def test_an_earlier_answer_is_offered_with_its_date_and_source(session, seal, at):
    seal()

    words = box(at(a_response(session, NOW)).section("S"))

    assert "Answered earlier: Yes OPG-C1-since: 2002" in words
    assert "Submitted on March 12, 2025 by Anti-corruption Office" in words
    assert "Transparency (2026), question TRA-A1." in words


def test_nothing_is_copied_before_the_button_is_pressed(session, seal, at, fields):
    seal()
    response = a_response(session, NOW)
    desk = at(response)

    desk.section("S")
    desk.send("S", **{"OPG-C2": "yes"})

    assert fields(response) == {}
    assert fields(response, "OPG-C2") == {"OPG-C2": "yes"}


def test_the_button_takes_the_answer_as_a_change_of_its_own(session, seal, at, fields):
    seal()
    response = a_response(session, NOW)
    desk = at(response)
    page = desk.section("S")

    reply = desk.send("S", page, **{"OPG-C2": "yes", "earlier": button(page)})

    assert reply.location.endswith("#OPG-C1")
    assert fields(response) == {"OPG-C1": "yes", "OPG-C1-since": "2002"}
    assert fields(response, "OPG-C2") == {"OPG-C2": "yes"}
    after = desk.section("S")
    assert box(after) == ""
    assert not button(after)
    assert after.form["OPG-C1-since"] == ["2002"]
    vias = session.scalars(
        select(Change.via).where(Change.response_id == response.id).order_by(Change.seq)
    )
    assert list(vias) == ["screen", "earlier"]
    assert "from an earlier questionnaire" in desk.page("/questions/OPG-C1/history").reply.text
    assert verify(session, response).problems == ()


def test_what_was_taken_and_is_cleared_is_offered_again(session, seal, at, fields):
    seal()
    response = a_response(session, NOW)
    desk = at(response)
    desk.send("S", earlier=button(desk.section("S")))

    desk.send("S", clear="OPG-C1")

    assert fields(response) == {}
    assert button(desk.section("S"))


def test_the_script_takes_it_and_sees_the_answer(session, seal, at, fields):
    seal(NO)
    response = a_response(session, NOW)
    desk = at(response)
    pressed = {"seq": "0", "earlier": button(desk.section("S")), "OPG-C1": "", "idem": uuid4().hex}

    first, again = desk.answer("OPG-C1", **pressed), desk.answer("OPG-C1", **pressed)

    assert first.status_code == again.status_code == 200
    shown = {e.get("id") for e in html5lib.parseFragment(first.text)}
    assert {"OPG-C1", "jump-OPG-C1"} <= shown
    assert fields(response) == {"OPG-C1": "no"}
    assert session.query(Change).filter_by(response_id=response.id).count() == 1


def test_a_repeated_press_does_not_bring_back_what_was_cleared(session, seal, at, fields):
    seal()
    response = a_response(session, NOW)
    desk = at(response)
    pressed = {"seq": "0", "earlier": button(desk.section("S")), "idem": uuid4().hex}
    desk.answer("OPG-C1", **pressed)
    desk.answer("OPG-C1", seq="1", clear="OPG-C1")

    assert desk.answer("OPG-C1", **pressed).status_code == 200

    assert fields(response) == {}


def test_a_plain_save_hides_the_box_and_emptying_the_answer_shows_it(session, seal, at):
    seal()
    desk = at(a_response(session, NOW))

    hidden = Page(desk.answer("OPG-C1", seq="0", **{"OPG-C1": "no"})).by_id("OPG-C1.earlier")
    shown = Page(desk.answer("OPG-C1", seq="1", **{"OPG-C1": ""})).by_id("OPG-C1.earlier")

    assert "hidden" in hidden.attrib
    assert "hidden" not in shown.attrib


def test_an_answer_given_in_the_meantime_stands(session, seal, at, fields):
    seal()
    response = a_response(session, NOW)
    desk = at(response)
    page = desk.section("S")
    desk.answer("OPG-C1", seq="0", **{"OPG-C1": "no"})

    desk.send("S", page, earlier=button(page))

    assert fields(response) == {"OPG-C1": "no"}
    assert "was answered in the meantime" in desk.section("S").reply.text


def test_what_was_typed_gives_way_but_a_remark_beside_it_is_kept(session, seal, at, fields):
    seal()
    response = a_response(session, NOW)
    desk = at(response)
    page = desk.section("S")

    typed = {"OPG-C1": "no", "OPG-C1-since": "soon", "OPG-C1.remark": "See the act."}
    reply = desk.send("S", page, earlier=button(page), **typed)

    assert reply.status_code == 303
    assert fields(response) == {"OPG-C1": "yes", "OPG-C1-since": "2002"}
    board = board_of(session, response, response.owner_id, datetime.now(UTC))
    assert board.answers["OPG-C1"].remark["text"] == "See the act."


def test_another_country_is_never_offered(session, seal, at, fields):
    other = seal(country="PER")
    response = a_response(session, NOW)
    desk = at(response)

    assert response.earlier == []
    assert box(desk.section("S")) == ""
    response.earlier = [str(other.id)]  # even if it stood there
    session.flush()
    assert box(desk.section("S")) == ""
    desk.send("S", earlier=f"OPG-C1/{other.id}")
    assert fields(response) == {}


def test_what_is_withheld_is_not_offered_nor_what_came_before_it(session, seal, at):
    seal()
    told = {"text": "Reserved.", "lang": "en"}
    seal(Answer(non_answer=NonAnswer.WITHHELD, reason=told), at=SEALED_AT + timedelta(days=200))

    assert box(at(a_response(session, NOW)).section("S")) == ""


def test_another_shape_is_not_offered(session, seal, at):
    seal()
    now = asks("Open government", law("OPG-C1", kind="short_text"))

    assert box(at(a_response(session, now)).section("S")) == ""


def test_the_latest_submission_wins(session, seal, at):
    seal(NO, at=SEALED_AT + timedelta(days=200))
    seal()

    assert "Answered earlier: No" in box(at(a_response(session, NOW)).section("S"))


def test_a_later_submission_reaches_the_open_responses_of_the_country(session, seal, at):
    response, other = a_response(session, NOW), a_response(session, NOW, country="PER")
    desk = at(response)
    assert box(desk.section("S")) == ""

    submission = seal()

    assert response.earlier == [str(submission.id)]
    assert submission.response.earlier == other.earlier == []
    assert "Answered earlier: Yes" in box(desk.section("S"))


def test_a_response_that_was_opened_again_is_not_offered_its_own(session, seal):
    own = seal().response
    own.submitted_at = None

    other = seal(NO)

    assert own.earlier == [str(other.id)]


def test_a_table_is_offered_row_by_row(session, seal, at, fields):
    columns = [("name", "short_text"), ("year", "year")]

    def bodies(code):
        return table(code, *(field(f"{code}-{n}", kind) for n, kind in columns), key="BODIES")

    values = {"TRA-A1-name": {"text": "Archive", "lang": "es"}, "TRA-A1-year": "1998"}
    seal(Answer(rows=(Row(id="a" * 32, position=1, fields=values),)), asks("T", bodies("TRA-A1")))
    response = a_response(session, asks("O", bodies("OPG-C1")))
    desk = at(response)

    page = desk.section("S")
    assert "OPG-C1-name: Archive · OPG-C1-year: 1998" in box(page)
    desk.send("S", page, earlier=button(page))
    assert desk.section("S").form[f"{'a' * 32}/OPG-C1-year"] == ["1998"]


def test_who_may_not_write_gets_no_button(session, seal, at, fields):
    submission = seal()
    response = a_response(session, NOW)
    authority = at(response, Role.AUTHORITY)

    assert box(authority.section("S")) == ""
    pressed = f"OPG-C1/{submission.id}"
    assert authority.send("S", earlier=pressed).status_code == 404
    assert authority.answer("OPG-C1", seq="0", earlier=pressed).status_code == 404
    assert fields(response) == {}


def test_who_may_not_read_the_earlier_submission_is_offered_nothing(session, seal, at, fields):
    submission = seal()
    response = a_response(session, NOW)
    desk = at(response, country=COUNTRY, round_id=response.round_id)

    assert box(desk.section("S")) == ""
    desk.send("S", earlier=f"OPG-C1/{submission.id}")
    assert fields(response) == {}


@pytest.mark.parametrize("pressed", ["OPG-C1", "OPG-C2/x", "OPG-Z9/x", "", "OPG-C1/{other}"])
def test_what_is_not_on_offer_is_not_taken(session, seal, at, fields, pressed):
    older = seal()
    seal(at=SEALED_AT + timedelta(days=200))
    response = a_response(session, NOW)

    reply = at(response).send("S", earlier=pressed.format(other=older.id))

    assert reply.status_code == 303
    assert response.seq == 0


def test_a_submission_whose_seal_is_broken_offers_nothing(session, seal, at):
    stored = session.get_one(SubmissionDocument, seal().id)
    stored.bytes = stored.bytes.replace(b'"2002"', b'"2003"')
    session.flush()

    assert box(at(a_response(session, NOW)).section("S")) == ""


def test_an_offer_costs_no_statement_once_it_is_known(session, seal, at):
    without, submission = a_response(session, NOW, country="PER"), seal()
    assert session.get(Submission, submission.id)
    response = a_response(session, NOW)
    there, here = at(without, country="PER"), at(response)

    def statements(desk):
        desk.section("S")
        seen = []
        listen = SimpleNamespace(on=lambda *args: seen.append(args[2]))
        event.listen(db.engine, "before_cursor_execute", listen.on)
        try:
            assert desk.section("S")
        finally:
            event.remove(db.engine, "before_cursor_execute", listen.on)
        return len(seen)

    assert statements(here) == statements(there)
