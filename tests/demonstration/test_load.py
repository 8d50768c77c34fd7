"""What the demonstration holds: invented countries, half way, blank, submitted; several topics."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from survey.accounts.countries import COUNTRIES
from survey.accounts.models import Entity, Grant, Person
from survey.accounts.sign_in import viewer_of
from survey.core.answers import NonAnswer
from survey.core.policy import Act, Role, may
from survey.core.problems import Severity
from survey.core.state import Status
from survey.core.submission import explanation
from survey.database import db
from survey.demonstration.load import FIRST, load, load_rounds
from survey.questionnaires.models import Questionnaire
from survey.questionnaires.service import check
from survey.responses.board import board_of
from survey.responses.ledger import verify
from survey.responses.models import AnswerEvent, Change, Response
from survey.responses.service import open_conflicts, situation_of
from survey.responses.submission import document_of, review, seal_problems, submission_of
from survey.rounds.models import Round
from survey.workbooks.names import number_of_section
from tests.conftest import DATABASES

pytestmark = pytest.mark.xdist_group("demonstration")
STORY_ENDS = datetime(2026, 11, 23, 18, tzinfo=UTC)


@pytest.fixture(scope="module", params=DATABASES)
def app(request, new_app, new_database):
    """An application with the demonstration in it, loaded once."""
    made = new_app(new_database(request.param))
    with made.app_context():
        db.create_all()
        load_rounds(db.session())
        db.session.commit()
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def loaded(session):
    return load(session)


@pytest.fixture
def board(session):
    return lambda response: board_of(session, response, response.owner_id, STORY_ENDS)


def checks(board, severity):
    return {p.params["check"] for p in board.state.problems if p.severity is severity and p.params}


@pytest.fixture
def others(session, loaded):
    """Country -> response on another topic than the first."""
    rounds = load_rounds(session)
    return {r.response.round.country: r.response for r in rounds if r.topic != FIRST}


@pytest.mark.usefixtures("others")
def test_no_real_country_appears(session):
    shown = {*session.scalars(select(Round.country)), *session.scalars(select(Entity.country))}

    assert shown == {"XMO", "XVA", "XSN", "XBR"}
    assert not shown & COUNTRIES.keys()


@pytest.mark.usefixtures("others")
def test_every_address_is_reserved_for_examples(session):
    for address in session.scalars(select(Person.email)):
        assert address.endswith((".example", "@example.org")), address


def test_one_person_for_each_role_has_office_phone_and_language(loaded):
    people = dict(loaded.people)

    assert set(people) == set(Role) - {Role.PUBLIC, Role.DONOR}
    assert all(p.name and p.office and p.phone and p.language for p in people.values())


@pytest.mark.usefixtures("others")
def test_loading_again_changes_nothing(session, loaded):
    def counted():
        tables = (Person, Grant, Round, Change, Questionnaire)
        return [session.scalar(select(func.count()).select_from(each)) for each in tables]

    before, rounds = counted(), load_rounds(session)

    assert load(session) == loaded
    assert load_rounds(session) == rounds
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


@pytest.mark.usefixtures("others")
def test_every_record_agrees_with_its_events(session, loaded):
    responses = session.scalars(select(Response)).unique().all()

    assert len(responses) == 5
    assert all(verify(session, each).problems == () for each in responses)
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
    assert len(instrument.sections) == 8


def test_the_questionnaire_of_two_banks_has_no_problem_and_asks_shared_items_once(session, others):
    version = others["XSN"].version
    questions = version.program.index.questions

    assert check(session, session.get(Questionnaire, version.questionnaire_id)) == ()
    assert "BUD-G4" in questions
    assert "TRA-D4" not in questions
    assert "TRA-D3" in questions


def test_where_topics_meet_every_section_is_named_with_its_topic(others):
    sections = others["XSN"].version.program.index.instrument.sections
    numbers = [number_of_section(section) for section in sections]

    assert numbers[0::14] == ["P", "X"]
    assert numbers[1:14] == [
        *(f"BUD-{each}" for each in "ABCDEFG"),
        *(f"TRA-{e}" for e in "ABCDEF"),
    ]


def test_a_third_of_the_budget_questions_is_answered_and_two_people_disagree(
    session, others, board
):
    response = others["XSN"]
    found = board(response)
    (conflict,) = open_conflicts(session, response, response.owner_id)
    by = select(Change.actor_id).where(Change.response_id == response.id).distinct()

    assert response.is_open
    assert 0.3 < found.state.total.settled / found.state.total.asked < 0.4
    assert len(session.scalars(by).all()) == 3
    assert (conflict.part, conflict.base, conflict.there) == ("BUD-G4", None, "64")
    assert found.answers["BUD-G4"].fields["BUD-G4"] == "71"
    assert "BUD-A6-c1" in checks(found, Severity.WARNING)
    assert not [p for p in found.state.problems if p.code == "check" and p.severity == "error"]
    answers = found.answers
    assert answers["BUD-A6"].explanations["BUD-A6-c1"]["lang"] == "pt"
    assert {each.non_answer for each in answers.values()} >= {
        NonAnswer.WITHHELD,
        NonAnswer.NOT_AVAILABLE,
    }


def test_the_french_response_is_submitted_with_all_that_is_required(session, others):
    response = others["XBR"]
    submission = submission_of(session, response)
    found = board_of(session, response, response.owner_id, submission.at)

    assert response.round.state == "R6"
    assert review(session, response, found).is_ready
    assert seal_problems(session, submission) == ()
    assert found.state.total.settled >= 25
    assert found.answers["RND-P6"].fields["RND-P6"]["lang"] == "fr"
    assert "CSP-B7-c1" in checks(found, Severity.WARNING)


def test_texts_of_a_response_speak_the_countrys_own_names(others):
    def said(country, code, language):
        question = others[country].program.index.questions[code]
        return question.stem[language] + question.who[language]

    assert "Assembleia Nacional" in said("XSN", "BUD-G3", "pt")
    assert "National Assembly" in said("XSN", "BUD-G3", "en")
    assert "do Tribunal de Contas da Serranova" in said("XSN", "BUD-G4", "pt")
    assert "Ministério da Fazenda" in said("XSN", "BUD-A2", "pt")


def test_an_example_row_is_told_in_the_order_of_its_columns(loaded, browser):
    liaison = dict(loaded.people)[Role.LIAISON]
    page = browser(liaison).get(f"/responses/{loaded.response.id}/sections/RND-P?lang=en").text

    assert "Entity: National Procurement Agency; Sector: Finance; Level or branch: Decen" in page
