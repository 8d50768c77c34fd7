"""Workbooks go out, come home, are applied and undone, without a page around them."""

import pytest
from sqlalchemy import func, select

from survey.core.answers import REMARK, Part, parts_of
from survey.core.merge import Take
from survey.core.types.texts import LONG, length
from survey.responses import exchange
from survey.responses.applying import AlreadyApplied, NotToUndo, apply, undo, with_remarks
from survey.responses.ledger import ResponseClosed, verify
from survey.responses.models import Change, WorkbookExport
from tests.responses.conftest import START, new_world, part_of, text
from tests.responses.workbooks import filled, handed, imports, planned, received
from tests.workbooks import hostile

ANSWERS = {"EX-A1": "yes", "EX-A3": "12", "EX-A9": text("El plan"), "EX-A12": "law"}


@pytest.fixture
def answered(world):
    world.save(ANSWERS)
    return world


def taken(world, content, decisions=None, choices=None, **more):
    came = received(world, content)
    act = world.act(via="workbook")
    return came, apply(world.session, came, decisions or {}, choices or {}, act, **more)


def test_an_untouched_workbook_is_an_empty_plan(answered):
    plan = planned(answered, handed(answered).content)

    assert plan.is_empty
    assert plan.counts["unchanged"] == len(ANSWERS)


@pytest.mark.parametrize(
    "typed",
    [
        {"EX-A3": 15},
        {"EX-A3": 15, "EX-A1": "No"},
        {"EX-A3": 15, "EX-A1": "No", "EX-A12": "Decree", "EX-A7": 2019},
    ],
)
def test_so_many_changed_cells_so_many_changes(answered, typed):
    plan = planned(answered, filled(answered, typed))

    assert {item.key for item in plan.items} == {part_of(code) for code in typed}
    assert plan.counts["new"] + plan.counts["changed"] == len(typed)


def test_a_received_workbook_changes_nothing_by_itself(answered):
    received(answered, filled(answered, {"EX-A3": 15}))

    assert answered.value("EX-A3") == "12"
    assert answered.response.seq == 1


def test_the_same_file_is_one_import_while_it_waits(answered):
    content = filled(answered, {"EX-A3": 15})

    assert received(answered, content).id == received(answered, content).id
    assert len(imports(answered)) == 1


def test_an_applied_workbook_is_one_change(answered):
    came, merged = taken(answered, filled(answered, {"EX-A3": 15, "EX-A1": "No"}))

    assert merged.waiting == ()
    assert (answered.value("EX-A3"), answered.value("EX-A1")) == ("15", "no")
    assert came.applied_seq == answered.response.seq == 2
    change = answered.session.get(Change, (answered.response.id, 2))
    assert (change.via, change.import_id) == ("workbook", came.id)
    assert verify(answered.session, answered.response).problems == ()


def test_an_undone_workbook_leaves_the_answers_as_they_were(answered):
    before = parts_of(answered.board.answers)
    typed = {"EX-A3": 15, "EX-A7": 2019, "EX-A16:law": "Uno", "EX-A9": "Otro plan"}
    came, _ = taken(answered, filled(answered, typed))
    assert parts_of(answered.board.answers) != before

    undo(answered.session, came, answered.act(via="undo"))
    assert parts_of(answered.board.answers) == before
    assert verify(answered.session, answered.response).problems == ()
    assert answered.session.get(Change, (answered.response.id, 3)).undoes == 2


def test_undoing_keeps_what_was_changed_since(answered):
    came, _ = taken(answered, filled(answered, {"EX-A3": 15, "EX-A1": "No"}))
    answered.save({"EX-A3": "20"})

    undo(answered.session, came, answered.act(via="undo"))
    assert (answered.value("EX-A3"), answered.value("EX-A1")) == ("20", "yes")


def test_a_workbook_is_applied_once_and_undone_once(answered):
    came, _ = taken(answered, filled(answered, {"EX-A3": 15}))
    with pytest.raises(AlreadyApplied):
        apply(answered.session, came, {}, {}, answered.act())

    undo(answered.session, came, answered.act())
    with pytest.raises(NotToUndo):
        undo(answered.session, came, answered.act())


def test_what_was_never_applied_is_not_undone(answered):
    came = received(answered, filled(answered, {"EX-A3": 15}))

    with pytest.raises(NotToUndo):
        undo(answered.session, came, answered.act())


def test_an_applied_file_that_comes_again_brings_nothing(answered):
    content = filled(answered, {"EX-A3": 15, "EX-A1": None})
    taken(answered, content, {part_of("EX-A1"): Take.HERE})

    assert planned(answered, content).is_empty
    answered.save({"EX-A3": "20"})
    assert planned(answered, content).is_empty


def test_an_undone_file_that_comes_again_brings_it_all(answered):
    content = filled(answered, {"EX-A3": 15})
    came, _ = taken(answered, content)
    undo(answered.session, came, answered.act())

    assert [item.key for item in planned(answered, content).items] == [part_of("EX-A3")]


@pytest.mark.parametrize(
    ("decision", "value"), [(None, "13"), (Take.HERE, "13"), (Take.THERE, "15"), ("14", "14")]
)
def test_of_two_versions_the_one_stands_that_was_decided_on(answered, decision, value):
    content = filled(answered, {"EX-A3": 15})
    answered.save({"EX-A3": "13"})

    decisions = {} if decision is None else {part_of("EX-A3"): decision}
    _, merged = taken(answered, content, decisions)
    assert answered.value("EX-A3") == value
    assert len(merged.waiting) == (decision is None)


def test_what_somebody_changed_since_the_page_was_shown_stays(answered):
    came = received(answered, filled(answered, {"EX-A3": 15}))
    answered.save({"EX-A3": "13"})

    merged = apply(answered.session, came, {}, {}, answered.act())
    assert [item.part for item in merged.waiting] == [part_of("EX-A3")]
    assert answered.value("EX-A3") == "13"


@pytest.mark.parametrize(("decision", "value"), [(Take.HERE, "12"), (Take.REMOVE, None)])
def test_an_emptied_cell_goes_when_somebody_says_so(answered, decision, value):
    taken(answered, filled(answered, {"EX-A3": None}), {part_of("EX-A3"): decision})

    assert answered.value("EX-A3") == value


def test_a_doubtful_cell_takes_the_meaning_it_is_given(answered):
    content = filled(answered, {"EX-A8": "03/04/2024"})
    (doubt,) = planned(answered, content).items
    assert set(doubt.options) == {"2024-04-03", "2024-03-04"}

    taken(answered, content, choices={doubt.key: "2024-04-03"})
    assert answered.value("EX-A8") == "2024-04-03"


def test_a_kept_note_is_added_to_the_remark_of_its_question(answered):
    answered.save({Part("EX-A3", "", REMARK): text("Dato de 2025.")})
    content = filled(answered, {"EX-A3": 15})

    came, _ = taken(answered, content, remarks={"EX-A3": text("Hoja!E8: confirmar")})
    assert answered.board.answers["EX-A3"].remark == text("Dato de 2025.\nHoja!E8: confirmar")
    undo(answered.session, came, answered.act())
    assert answered.board.answers["EX-A3"].remark == text("Dato de 2025.")


def test_a_remark_never_grows_beyond_its_length_nor_repeats_itself():
    part = Part("EX-A3", "", REMARK)
    known = {part: text("x" * (LONG - 5))}

    (longest,) = with_remarks(known, {"EX-A3": text("y𝄞" * 20)}).values()
    assert length(longest["text"]) <= LONG
    assert longest["text"].startswith("x" * (LONG - 5))
    assert longest["text"].endswith("…")
    again = {part: text("Uno\nHoja!E8: confirmar")}
    assert with_remarks(again, {"EX-A3": text("Hoja!E8: confirmar")}) == again


def test_a_workbook_of_another_response_is_refused(answered):
    foreign = new_world(answered.session)
    content = handed(foreign).content

    with pytest.raises(exchange.OfAnotherResponse):
        received(answered, content)
    assert imports(answered) == []


def test_a_workbook_that_nobody_here_made_is_refused(answered):
    made = handed(answered)
    answered.session.delete(answered.session.get(WorkbookExport, made.token))
    answered.session.flush()

    with pytest.raises(exchange.UnknownExport):
        received(answered, made.content)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7", "file_not_a_workbook"),
        (hostile.honest()[:300], "file_damaged"),
        (hostile.honest(), "file_not_ours"),
    ],
    ids=["empty", "no workbook", "damaged", "not ours"],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_problem(answered, content, problem):
    with pytest.raises(exchange.UnreadableWorkbook) as refused:
        received(answered, content)

    assert [each.code for each in refused.value.problems] == [problem]


def test_a_submitted_response_takes_no_workbook(answered):
    content = filled(answered, {"EX-A3": 15})
    came = received(answered, content)
    answered.response.submitted_at = START
    answered.session.flush()

    with pytest.raises(ResponseClosed):
        received(answered, content)
    with pytest.raises(ResponseClosed):
        apply(answered.session, came, {}, {}, answered.act())


def test_a_workbook_of_a_section_that_does_not_exist_is_not_made(answered):
    with pytest.raises(exchange.UnknownSection):
        handed(answered, ("EX-Z",))
    assert answered.session.scalar(select(func.count()).select_from(WorkbookExport)) == 0
