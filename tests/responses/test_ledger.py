import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from survey.core.answers import Part, parts_of
from survey.responses.ledger import base_of, events_after, stored_answers, verify
from survey.responses.models import AnswerEvent, AnswerRow, Change, Response
from tests.responses.conftest import new_world, text


@pytest.fixture
def written(world):
    row = Part("EX-A15", "b" * 32, "@row")
    world.save({"EX-A1": "yes", "EX-A9": text("uno"), row: 1})
    world.save({"EX-A1": "no", row: None})
    world.save({"EX-A1": {"state": "not_available"}, "EX-A3": "3"})
    return world


def codes(world):
    world.session.expire_all()
    return {problem.code for problem in verify(world.session, world.response).problems}


def test_a_response_that_nobody_touched_verifies(written):
    result = verify(written.session, written.response)

    assert (result.changes, result.events, result.problems) == (3, 7, ())


def one_event(written):
    return written.session.scalars(
        select(AnswerEvent).where(AnswerEvent.part == "EX-A1", AnswerEvent.seq == 2)
    ).one()


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        pytest.param(
            lambda w: setattr(one_event(w), "new", "yes"), "change_altered", id="an event's value"
        ),
        pytest.param(
            lambda w: w.session.delete(one_event(w)), "change_altered", id="an event that is gone"
        ),
        pytest.param(
            lambda w: w.session.execute(
                update(AnswerRow).where(AnswerRow.question == "EX-A3").values(fields={"EX-A3": "4"})
            ),
            "answer_differs",
            id="an answer written past the events",
        ),
        pytest.param(
            lambda w: w.session.execute(
                update(Change).where(Change.seq == 2).values(actor_id=w.contributor.id)
            ),
            "change_altered",
            id="another author",
        ),
        pytest.param(
            lambda w: w.session.execute(update(Response).values(seq=2)),
            "head_differs",
            id="the head",
        ),
    ],
)
def test_whatever_is_altered_is_found(written, tamper, code):
    tamper(written)
    written.session.flush()

    assert code in codes(written)


def test_a_last_change_that_is_cut_off_is_found(written):
    written.session.execute(delete(AnswerEvent).where(AnswerEvent.seq == 3))
    written.session.execute(delete(Change).where(Change.seq == 3))

    assert "head_differs" in codes(written)


def test_a_change_in_the_middle_that_is_cut_out_is_found(written):
    written.session.execute(delete(AnswerEvent).where(AnswerEvent.seq == 2))
    written.session.execute(delete(Change).where(Change.seq == 2))

    assert {"change_missing", "change_altered"} <= codes(written)


def test_the_base_of_a_file_is_found_by_walking_the_events_back(written):
    present = parts_of(stored_answers(written.session, written.response.id, written.owner))
    later = events_after(written.session, written.response.id, written.owner, 1)

    base = base_of(present, later)
    assert base == {
        Part("EX-A1", "", "EX-A1"): "yes",
        Part("EX-A9", "", "EX-A9"): text("uno"),
        Part("EX-A15", "b" * 32, "@row"): 1,
    }


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "EX-A1": st.sampled_from(["yes", "no", {"state": "withheld"}, None]),
        "EX-A3": st.sampled_from(["1", "2", None]),
        "EX-A9": st.sampled_from([text("uno"), text("dos"), None]),
        Part("EX-A15", "c" * 32, "@row"): st.sampled_from([1, None]),
        Part("EX-A1", "", "remark"): st.sampled_from([text("nota"), None]),
        Part("EX-A14", "", "evidence:" + "d" * 32): st.sampled_from([True, None]),
    },
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(VALUES, st.integers(0, 3)), max_size=6))
def test_the_answers_are_always_what_the_events_say(session, saves):
    world = new_world(session)

    for wanted, age in saves:
        world.save(wanted, base=max(0, world.response.seq - age))
    assert verify(session, world.response).problems == ()
