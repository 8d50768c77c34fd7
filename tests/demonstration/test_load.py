"""What the demonstration holds: invented countries, one half way, one blank, one submitted."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from survey.accounts.countries import COUNTRIES
from survey.accounts.models import Entity, Person
from survey.accounts.sign_in import viewer_of
from survey.core.answers import NonAnswer
from survey.core.policy import Act, Role, may
from survey.core.problems import Severity
from survey.core.state import Status
from survey.core.submission import explanation
from survey.demonstration.load import load
from survey.responses.board import board_of
from survey.responses.ledger import verify
from survey.responses.models import AnswerEvent, Change, Response
from survey.responses.service import situation_of
from survey.responses.submission import document_of, seal_problems, submission_of
from survey.rounds.models import Round

STORY_ENDS = datetime(2026, 11, 23, 18, tzinfo=UTC)


@pytest.fixture
def loaded(session):
    return load(session)


@pytest.fixture
def board(session):
    return lambda response: board_of(session, response, response.owner_id, STORY_ENDS)


def checks(board, severity):
    return {p.params["check"] for p in board.state.problems if p.severity is severity and p.params}


@pytest.mark.usefixtures("loaded")
def test_no_real_country_appears(session):
    shown = {*session.scalars(select(Round.country)), *session.scalars(select(Entity.country))}

    assert shown == {"XMO", "XVA"}
    assert not shown & COUNTRIES.keys()


@pytest.mark.usefixtures("loaded")
def test_every_address_is_reserved_for_examples(session):
    for address in session.scalars(select(Person.email)):
        assert address.endswith((".example", "@example.org")), address


def test_one_person_for_each_role_has_office_phone_and_language(loaded):
    people = dict(loaded.people)

    assert set(people) == set(Role) - {Role.PUBLIC, Role.DONOR}
    assert all(p.name and p.office and p.phone and p.language for p in people.values())


def test_loading_again_changes_nothing(session, loaded):
    def counted():
        return [
            session.scalar(select(func.count()).select_from(t)) for t in (Person, Round, Change)
        ]

    before = counted()

    assert load(session) == loaded
    assert counted() == before


def test_the_first_response_is_half_answered_by_several_people(session, loaded, board):
    found = board(loaded.response)
    total = found.state.total
    by = select(Change.actor_id).where(Change.response_id == loaded.response.id).distinct()

    assert loaded.response.is_open
    assert 0.4 < total.settled / total.asked < 0.7
    assert len(session.scalars(by).all()) == 2
    assert loaded.response.seq >= 10


def test_the_first_response_has_something_of_everything(loaded, board):
    found = board(loaded.response)
    states = Counter(answer.non_answer for answer in found.answers.values())
    documents = found.answers["evidence"].rows

    assert checks(found, Severity.ERROR) == {"OPG-B5-c1"}
    assert {"OPG-A3-c2", "OPG-C4-evidence", "OPG-C7-c1"} <= checks(found, Severity.WARNING)
    assert states[NonAnswer.WITHHELD] == states[NonAnswer.NOT_AVAILABLE] == 1
    assert found.answers["OPG-B8"].remark
    assert {d.fields["evidence-public"] for d in documents} == {"yes", "no"}
    assert found.state.questions["OPG-B6"].status is Status.NOT_ASKED


def test_an_answer_has_a_history(session, loaded):
    told = select(AnswerEvent.new).where(
        AnswerEvent.response_id == loaded.response.id, AnswerEvent.part == "OPG-C6"
    )

    assert session.scalars(told.order_by(AnswerEvent.seq)).all() == ["35", "42"]


def test_the_blank_response_is_blank(loaded, board):
    assert loaded.blank_response.is_open
    assert loaded.blank_response.seq == 0
    assert board(loaded.blank_response).answers == {}


def test_the_submitted_response_answers_all_that_is_asked(session, loaded):
    submission = submission_of(session, loaded.submitted_response)
    at = board_of(
        session, loaded.submitted_response, loaded.submitted_response.owner_id, submission.at
    )

    assert at.state.total.left == 0
    assert not [p for p in at.state.problems if p.severity is Severity.ERROR]
    assert loaded.submitted_response.round.state == "R6"
    assert (submission.signatory, seal_problems(session, submission)) == ("Héctor Salvatierra", ())


def test_the_submitted_answers_contradict_each_other_and_explain_some(session, loaded, board):
    found = board(loaded.submitted_response)
    answers = document_of(session, submission_of(session, loaded.submitted_response)).answers
    kept = [p for p in found.state.problems if p.severity is Severity.WARNING]
    explained = [p for p in kept if explanation(answers, found.index, p)]

    assert len(checks(found, Severity.WARNING)) >= 8
    assert len(checks(found, Severity.INFO)) >= 6
    assert 0 < len(explained) < len(kept)
    assert {answer.non_answer for answer in answers.values()} == {None, *NonAnswer}


def test_every_record_agrees_with_its_events(session, loaded):
    for response in session.scalars(select(Response)).unique():
        assert verify(session, response).problems == ()
    assert loaded.response.seq


def test_people_may_do_what_their_part_asks(loaded):
    def allowed(role, act, response):
        person = dict(loaded.people)[role]
        return may(viewer_of(person, person.grants), act, situation_of(response))

    for role in (Role.LIAISON, Role.CONTRIBUTOR):
        assert allowed(role, Act.WRITE_ANSWER, loaded.response)
        assert allowed(role, Act.WRITE_ANSWER, loaded.blank_response)
        assert not allowed(role, Act.READ_SUBMISSION, loaded.submitted_response)
    for role in (Role.EXPERT, Role.COORDINATOR):
        assert allowed(role, Act.READ_FRAME, loaded.submitted_response)
        assert not allowed(role, Act.READ_OWN, loaded.response)
    assert allowed(Role.AUTHORITY, Act.SUBMIT, loaded.response)


def test_both_languages_have_title_and_introduction(loaded):
    instrument = loaded.version.program.index.instrument

    assert instrument.title == {
        "en": "Open government: self-assessment",
        "es": "Gobierno abierto: autoevaluación",
    }
    assert set(instrument.introduction) == {"en", "es"}
    assert instrument.due == "2026-12-18"
    assert len(loaded.version.program.index.questions) == 41
