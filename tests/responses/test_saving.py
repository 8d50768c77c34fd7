import msgspec
import pytest
from sqlalchemy import select

from survey.core.answers import Part
from survey.core.merge import Kind
from survey.responses import board, service
from survey.responses.ledger import ResponseClosed
from survey.responses.models import AnswerEvent, AnswerRow, Change, Conflict
from survey.rounds.models import RoundStep
from tests.responses.conftest import START, text

ROW = "a" * 32


def events(world):
    return [
        (e.seq, e.part, e.old, e.new)
        for e in world.session.scalars(
            select(AnswerEvent)
            .where(AnswerEvent.response_id == world.response.id)
            .order_by(AnswerEvent.seq, AnswerEvent.position)
        )
    ]


def test_a_save_is_one_change_with_an_event_for_each_part(world):
    saved = world.save({"EX-A1": "yes", "EX-A3": "12"})

    assert saved.seq == 1
    assert events(world) == [(1, "EX-A1", None, "yes"), (1, "EX-A3", None, "12")]
    assert (world.value("EX-A1"), world.value("EX-A3")) == ("yes", "12")


def test_a_save_that_changes_nothing_is_no_change(world):
    world.save({"EX-A1": "yes"})

    assert world.save({"EX-A1": "yes"}).seq == 1
    assert world.session.query(Change).filter_by(response_id=world.response.id).count() == 1


def test_the_first_change_takes_an_issued_round_to_answering(world):
    world.save({"EX-A1": "yes"})
    world.save({"EX-A1": "no"})

    steps = world.session.scalars(
        select(RoundStep.command).where(RoundStep.round_id == world.response.round_id)
    ).all()
    assert steps == ["answer"]
    assert world.response.round.state == "R4"


def test_a_stale_save_takes_what_only_it_changed(world):
    world.save({"EX-A1": "yes", "EX-A3": "12"})
    world.save({"EX-A3": "15"}, base=1)

    saved = world.save({"EX-A1": "no", "EX-A3": "12"}, base=1)
    assert saved.conflicts == ()
    assert (world.value("EX-A1"), world.value("EX-A3")) == ("no", "15")


def test_the_same_part_changed_twice_keeps_both_values(world):
    world.save({"EX-A3": "12"})
    world.save({"EX-A3": "15"}, base=1)

    saved = world.save({"EX-A3": "17"}, base=1, by=world.contributor)
    assert [(i.part.part, i.kind, i.here, i.there) for i in saved.conflicts] == [
        ("EX-A3", Kind.CONFLICT, "15", "17")
    ]
    assert world.value("EX-A3") == "15"
    (kept,) = service.open_conflicts(world.session, world.response, world.owner)
    assert (kept.base, kept.there, kept.actor.name) == ("12", "17", "Andrés")


@pytest.mark.parametrize(("take", "value"), [("here", "15"), ("there", "17")])
def test_a_settled_conflict_takes_the_side_that_was_chosen(world, take, value):
    world.save({"EX-A3": "12"})
    world.save({"EX-A3": "15"}, base=1)
    world.save({"EX-A3": "17"}, base=1)
    (kept,) = service.open_conflicts(world.session, world.response, world.owner)

    service.settle(world.session, world.response, kept.id, take, world.act())
    assert world.value("EX-A3") == value
    assert service.open_conflicts(world.session, world.response, world.owner) == []
    with pytest.raises(service.ConflictSettled):
        service.settle(world.session, world.response, kept.id, take, world.act())


def test_a_conflict_of_another_response_is_not_settled_here(world):
    foreign = Conflict(
        response_id=world.response.id,
        owner_id=world.owner,
        question="EX-A3",
        row="",
        part="EX-A3",
        seq=0,
        actor_id=world.liaison.id,
        at=START,
    )
    world.session.add(foreign)
    world.session.flush()
    foreign_id = foreign.id
    world.session.delete(foreign)
    world.session.flush()

    with pytest.raises(service.ConflictSettled):
        service.settle(world.session, world.response, foreign_id, "there", world.act())


def test_the_same_key_again_is_the_same_save(world):
    act = world.act(idem="one key")
    world.save({"EX-A1": "yes"}, act=act)
    world.save({"EX-A1": "no"})

    again = world.save({"EX-A1": "yes"}, base=0, act=act)
    assert again.seq == 1
    assert world.value("EX-A1") == "no"


def test_the_same_key_with_another_content_is_refused(world):
    act = world.act(idem="one key")
    world.save({"EX-A1": "yes"}, act=act)

    with pytest.raises(service.KeyUsedTwice):
        world.save({"EX-A1": "no"}, base=0, act=act)


def test_a_base_the_response_never_had_is_refused(world):
    with pytest.raises(service.UnknownBase):
        world.save({"EX-A1": "yes"}, base=7)


def test_a_closed_response_takes_no_save(world):
    world.response.submitted_at = START
    world.session.flush()

    with pytest.raises(ResponseClosed):
        world.save({"EX-A1": "yes"})


def test_a_row_that_goes_takes_its_values_with_it(world):
    row, name = Part("EX-A15", ROW, "@row"), Part("EX-A15", ROW, "EX-A15-name")
    world.save({row: 1, name: text("Plan")})
    world.save({row: None, name: None})

    assert "EX-A15" not in world.board.answers
    assert world.session.query(AnswerRow).filter_by(response_id=world.response.id).count() == 0
    assert (2, "EX-A15-name", text("Plan"), None) in events(world)


def test_a_non_answer_takes_the_place_of_the_value(world):
    world.save({"EX-A1": "yes"})
    world.save({"EX-A1": {"state": "withheld"}})

    assert world.board.answers["EX-A1"].non_answer == "withheld"
    assert events(world)[-1] == (2, "EX-A1", "yes", {"state": "withheld"})


def test_a_history_tells_who_changed_what_the_latest_first(world):
    world.save({"EX-A3": "12"})
    world.save({"EX-A3": "15"}, by=world.contributor, on_behalf={"name": "Rosa", "by": "mail"})

    told = service.history(world.session, world.response, world.owner, "EX-A3")
    assert [(e.seq, e.actor, e.old, e.new) for e in told] == [
        (2, "Andrés", "12", "15"),
        (1, "Lucía", None, "12"),
    ]
    assert told[0].on_behalf == {"name": "Rosa", "by": "mail"}


def test_a_kept_board_is_brought_forward_by_later_events(world, statements):
    world.save({"EX-A1": "yes", "EX-A3": "12"})
    kept = world.board
    world.save({"EX-A3": "15"})

    statements.clear()
    fresh = world.board
    assert len(statements) == 1
    assert fresh.answers["EX-A3"].fields == {"EX-A3": "15"}
    assert fresh.answers["EX-A1"] is kept.answers["EX-A1"]
    board._kept.clear()
    assert world.board.state.questions == fresh.state.questions
    assert world.board.answers == fresh.answers


def test_a_board_made_in_a_deed_that_failed_is_never_taken(world):
    world.save({"EX-A1": "yes"})
    key = (world.response.id, world.owner)
    lost = msgspec.structs.replace(world.board, head=b"of a change that was undone", answers={})
    board._kept[key] = lost
    world.save({"EX-A3": "15"})

    assert world.value("EX-A1") == "yes"
