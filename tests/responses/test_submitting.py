"""A response is sealed, signed and closed, and what was sealed can be proved later."""

import pytest
from sqlalchemy import update

from survey.core.answers import Part
from survey.core.instrument import sha256
from survey.responses.ledger import ResponseClosed, verify
from survey.responses.models import AnswerEvent, Submission
from survey.responses.models import SubmissionDocument as Stored
from survey.responses.submission import (
    ChangedSinceShown,
    NotReady,
    SignatureMissing,
    document_of,
    review,
    seal_problems,
    submission_of,
    submit,
)
from survey.rounds.models import RoundStep
from tests.formats.example import answers as example_answers
from tests.responses.conftest import START, text

ROW = "b" * 32


@pytest.fixture
def answered(world):
    world.save({"EX-A1": "yes", "EX-A3": "12", "EX-A10": {"state": "withheld"}})
    world.save({Part("EX-A10", "", "reason"): text("En investigación.")})
    return world


def signed(world, name="Lucía Herrera", shown=None):
    args = (world.session, world.response, world.liaison.id, name, "Secretaría", START)
    return submit(*args, shown)


def looked(world):
    return review(world.session, world.response, world.board)


def test_a_submission_is_sealed_as_the_answers_stand(answered):
    submission = signed(answered, shown=2)

    stored = answered.session.get(Stored, submission.id)
    assert submission.sha256 == sha256(stored.bytes)
    document = document_of(answered.session, submission)
    assert document.answers["EX-A3"].fields == {"EX-A3": "12"}
    header = document.header
    assert (header.signatory, header.office, header.seq) == ("Lucía Herrera", "Secretaría", 2)
    assert header.head == answered.response.head_hash.hex()
    assert submission_of(answered.session, answered.response) == submission


def test_a_submitted_response_is_closed_and_its_round_goes_on(answered):
    signed(answered)

    assert not answered.response.is_open
    steps = [s.command for s in answered.session.query(RoundStep).order_by(RoundStep.position)]
    assert steps == ["answer", "submit"]
    with pytest.raises(ResponseClosed):
        answered.save({"EX-A3": "13"})
    with pytest.raises(ResponseClosed):
        signed(answered)


def test_what_is_not_asked_or_reserved_stays_behind(world):
    row, name = Part("EX-A16", "law", "@row"), Part("EX-A16", "law", "EX-A16-name")
    world.save({"EX-A1": "yes", row: 1, name: text("Uno")})
    world.save({"EX-A1": "no"})

    assert {part.part for part in looked(world).left_behind} == {"EX-A16-name"}
    assert "EX-A16" not in document_of(world.session, signed(world)).answers


def test_an_error_stands_in_the_way(world):
    world.save({"EX-A3": "12", "EX-A10": {"state": "withheld"}})
    assert [problem.code for problem in looked(world).errors] == ["reason_missing"]

    with pytest.raises(NotReady) as refused:
        signed(world)
    assert refused.value.params == {"errors": 1, "conflicts": 0}
    assert world.response.is_open


def test_two_versions_stand_in_the_way(answered):
    answered.save({"EX-A3": "13"}, base=2)
    answered.save({"EX-A3": "14"}, base=2)
    assert len(looked(answered).conflicts) == 1

    with pytest.raises(NotReady):
        signed(answered)
    assert submission_of(answered.session, answered.response) is None


def test_a_warning_stands_in_nobodys_way(world):
    row, name = Part("EX-A16", "law", "@row"), Part("EX-A16", "law", "EX-A16-name")
    world.save({"EX-A1": "yes", row: 1, name: text("Uno")})
    found = looked(world)

    assert [problem.params["check"] for problem in found.warnings] == ["EX-A16-c1"]
    assert found.is_ready
    assert signed(world)


def test_what_was_signed_is_what_was_shown(answered):
    answered.save({"EX-A3": "13"})

    with pytest.raises(ChangedSinceShown):
        signed(answered, shown=2)
    assert answered.response.is_open
    assert answered.session.query(Submission).count() == 0


def test_nobody_submits_without_a_name(answered):
    with pytest.raises(SignatureMissing):
        signed(answered, name="  ")
    assert answered.response.is_open


def test_an_untouched_record_is_proved(answered):
    submission = signed(answered)

    assert verify(answered.session, answered.response).problems == ()
    assert seal_problems(answered.session, submission) == ()


def test_a_sealed_document_that_is_altered_is_found(answered):
    submission = signed(answered)
    answered.session.execute(
        update(Stored).where(Stored.submission_id == submission.id).values(bytes=b"{}")
    )
    answered.session.expire_all()

    (problem,) = seal_problems(answered.session, submission)
    assert problem.code == "seal_broken"


def test_the_command_says_where_a_record_was_altered(app, answered):
    signed(answered)
    response = str(answered.response.id)
    answered.session.commit()
    run = app.test_cli_runner().invoke
    assert run(args=["responses", "verify", response]).exit_code == 0

    altered = update(AnswerEvent).where(AnswerEvent.part == "EX-A3").values(new="99")
    answered.session.execute(altered)
    answered.session.commit()
    told = run(args=["responses", "verify", response])
    assert told.exit_code == 1
    assert "1: A change of the record was altered afterwards." in told.output
    assert "EX-A3: An answer is not what its history says" in told.output


def test_the_example_of_every_type_is_submitted_whole(world):
    parts = {}
    for code, answer in example_answers().items():
        parts |= {Part(code, "", field): value for field, value in answer.fields.items()}
    world.save(parts)

    sealed = document_of(world.session, signed(world)).answers
    assert set(sealed) == {part.question for part in parts}
