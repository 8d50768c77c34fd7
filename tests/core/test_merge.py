"""The merge laws M1-M11, part by part, for whole answer sets, and over whole histories."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.answers import CITES, REMARK, ROW, Part
from survey.core.instrument import (
    EVIDENCE,
    Check,
    Choice,
    Field,
    Index,
    Instrument,
    Question,
    Roster,
    Section,
)
from survey.core.merge import (
    Item,
    Kind,
    Merged,
    Outcome,
    Take,
    changes,
    fold,
    merge_part,
    merge_parts,
    resolve,
    settled_by,
    strangers,
)

WITHHELD = {"state": "withheld"}
NOT_APPLICABLE = {"state": "not_applicable"}
A1 = Part("A1", "", "A1")
STAGE = Part("A1", "", "A1-stage")
A1_REMARK = Part("A1", "", REMARK)
MEETINGS = Part("N", "", "N-meetings")
MINUTES = Part("N", "", "N-minutes")
N = Part("N", "", "N")
CITED = Part("A1", "", CITES + "d1")
DOCUMENT = Part(EVIDENCE, "d1", ROW)
DOCUMENT_TITLE = Part(EVIDENCE, "d1", "evidence-title")
PLAIN = (A1, STAGE, A1_REMARK, MEETINGS, MINUTES, N)


def row(row_id: str) -> Part:
    return Part("T", row_id, ROW)


def cell(row_id: str, column: str = "T-title") -> Part:
    return Part("T", row_id, column)


ROWS = ("r1", "r2", "r3")
CELLS = tuple(cell(r, c) for r in ROWS for c in ("T-title", "T-end"))
EVERY = (*PLAIN, *map(row, ROWS), *CELLS, DOCUMENT, DOCUMENT_TITLE, CITED)


# Sets of parts as they occur: a cell has its row, a citation its document.


def consistent(parts: Mapping[Part, Any]) -> dict[Part, Any]:
    return {
        part: value
        for part, value in parts.items()
        if (not part.row or part._replace(part=ROW) in parts)
        and (part != CITED or DOCUMENT in parts)
    }


def values_of(part: Part) -> st.SearchStrategy[Any]:
    if part.part == ROW:
        return st.integers(1, 3)
    if part == CITED:
        return st.just(True)
    if part.part == part.question:
        return st.sampled_from(["yes", "no", WITHHELD, NOT_APPLICABLE])
    return st.sampled_from(["a", "b", "c"])


SETS = st.fixed_dictionaries({}, optional={part: values_of(part) for part in EVERY}).map(consistent)


@st.composite
def edited(draw: st.DrawFn, base: dict[Part, Any]) -> dict[Part, Any]:
    """The base after somebody worked on some of it."""
    other = draw(SETS)
    touched = draw(st.sets(st.sampled_from(EVERY), max_size=6))
    mixed = {
        part: other[part] if part in touched else base[part]
        for part in EVERY
        if part in (other if part in touched else base)
    }
    return consistent(mixed)


@st.composite
def three(draw: st.DrawFn) -> tuple[dict[Part, Any], dict[Part, Any], dict[Part, Any]]:
    base = draw(SETS)
    return base, draw(edited(base)), draw(edited(base))


@st.composite
def without_deletions(draw: st.DrawFn) -> tuple[dict[Part, Any], dict[Part, Any], dict[Part, Any]]:
    base, here, there = draw(three())
    return base, consistent({**base, **here}), consistent({**base, **there})


def row_of(part: Part) -> Part | None:
    if part == CITED:
        return DOCUMENT
    return part._replace(part=ROW) if part.row else None


def conflicts(merged: Merged) -> dict[Part, tuple[Any, Any]]:
    return {i.part: (i.here, i.there) for i in merged.items if i.kind is Kind.CONFLICT}


def settle_all(merged: Merged, take: Take) -> Merged:
    return resolve(merged, {item.part: take for item in merged.waiting})


# One part.


@pytest.mark.parametrize(
    ("base", "here", "there", "kind", "value"),
    [
        pytest.param("a", "a", "b", Kind.CHANGED, "b", id="changed in the file"),
        pytest.param("a", "b", "a", Kind.UNCHANGED, "b", id="changed here"),
        pytest.param("a", "b", "b", Kind.UNCHANGED, "b", id="changed alike on both sides"),
        pytest.param("a", "b", "c", Kind.CONFLICT, "b", id="changed differently"),
        pytest.param("a", "a", None, Kind.EMPTIED, "a", id="emptied in the file"),
        pytest.param("a", "b", None, Kind.CONFLICT, "b", id="changed here, emptied in the file"),
        pytest.param("a", None, "b", Kind.CONFLICT, None, id="emptied here, changed in the file"),
        pytest.param("a", None, "a", Kind.UNCHANGED, None, id="emptied here"),
        pytest.param(None, None, "b", Kind.NEW, "b", id="answered first in the file"),
        pytest.param(None, "a", "b", Kind.CONFLICT, "a", id="answered differently on both sides"),
        pytest.param("yes", "yes", WITHHELD, Kind.CHANGED, WITHHELD, id="withheld in the file"),
        pytest.param("yes", "no", WITHHELD, Kind.CONFLICT, "no", id="answered and withheld"),
    ],
)
def test_the_side_that_changed_a_part_wins(base, here, there, kind, value):
    assert merge_part(base, here, there) == Outcome(kind, value)


# M1-M11: whole sets.


@given(three())
def test_m1_a_side_that_changed_nothing_changes_nothing(sets):
    base, here, there = sets
    assert fold(base, base, there).parts == there
    assert fold(base, here, base).parts == here
    assert merge_parts(base, here, base).items == ()


@given(three())
def test_m2_sides_that_agree_merge_to_what_they_agree_on(sets):
    base, here, _ = sets
    assert merge_parts(base, here, here) == Merged(here, (), here)


@given(three())
def test_m3_conflicts_are_the_same_from_both_sides(sets):
    base, here, there = sets
    one, other = fold(base, here, there), fold(base, there, here)
    assert conflicts(one) == {part: (b, a) for part, (a, b) in conflicts(other).items()}
    waiting = set(conflicts(one))
    clear = {part for part in EVERY if part not in waiting and row_of(part) not in waiting}
    assert {p: one.parts.get(p) for p in clear} == {p: other.parts.get(p) for p in clear}


@given(three(), st.sampled_from([Take.HERE, Take.THERE]))
def test_m4_the_same_file_again_changes_nothing_and_asks_nothing(sets, take):
    base, here, there = sets
    first = merge_parts(base, here, there)
    after = settle_all(first, take)
    again = merge_parts(base, after.parts, there, settled=settled_by(first.items, after.waiting))
    assert (again.parts, again.items) == (after.parts, ())
    assert merge_parts(base, after.parts, after.parts).items == ()


@given(three())
def test_m4_a_row_that_was_kept_is_not_asked_about_again(sets):
    base, here, there = sets
    there = consistent({p: v for p, v in there.items() if p not in (*map(row, ROWS), DOCUMENT)})
    first = merge_parts(base, here, there)
    kept = settle_all(first, Take.HERE)
    again = merge_parts(base, kept.parts, there, settled=settled_by(first.items, ()))
    assert (again.parts, again.items) == (kept.parts, ())


@given(three())
def test_m4_what_was_left_open_is_asked_again(sets):
    base, here, there = sets
    first = merge_parts(base, here, there)
    again = merge_parts(base, first.parts, there, settled=settled_by(first.items, first.waiting))
    assert {i.part for i in again.waiting} == {i.part for i in first.waiting}


@given(three())
def test_m5_no_change_of_either_side_is_lost(sets):
    base, here, there = sets
    merged = merge_parts(base, here, there)
    waits = {item.part: item for item in merged.waiting}
    for part in EVERY:
        for side, other in ((here, there), (there, here)):
            value = side.get(part)
            went_with_its_row = value is None and row_of(part) not in (None, part, *side)
            moved_a_row_that_went = part.part == ROW and value is not None and part not in other
            if value == base.get(part) or went_with_its_row or moved_a_row_that_went:
                continue
            shown = part in waits and value == (
                waits[part].here if side is here else waits[part].there
            )
            assert merged.parts.get(part) == value or shown


@given(three())
def test_m6_nothing_is_invented(sets):
    base, here, there = sets
    for merged in (merge_parts(base, here, there), fold(base, here, there)):
        for part, value in merged.parts.items():
            assert value in (base.get(part), here.get(part), there.get(part))


def group_of(part: Part) -> str:
    return EVIDENCE if part == CITED else part.question


@given(three(), three())
def test_m7_a_group_of_parts_depends_on_its_own_three_states_alone(one, other):
    for question in ("A1", "N", "T"):
        mixed = [
            consistent(
                {p: v for p, v in a.items() if group_of(p) == question}
                | {p: v for p, v in b.items() if group_of(p) != question}
            )
            for a, b in zip(one, other, strict=True)
        ]
        alone, among = merge_parts(*one), merge_parts(*mixed)
        for part in EVERY:
            if group_of(part) == question:
                assert among.parts.get(part) == alone.parts.get(part)


@given(three())
def test_m7_a_part_without_group_depends_on_its_own_three_values_alone(sets):
    base, here, there = sets
    merged = merge_parts(base, here, there)
    own = merge_part(base.get(A1_REMARK), here.get(A1_REMARK), there.get(A1_REMARK))
    assert merged.parts.get(A1_REMARK) == own.value


@given(three())
def test_m8_files_with_edits_to_different_questions_arrive_in_any_order(sets):
    base, one, other = sets
    here = base
    a = consistent({**base, **{p: v for p, v in one.items() if p.question in ("A1", "N")}})
    b = {p: v for p, v in base.items() if p.question != "T"}
    b |= {p: v for p, v in other.items() if p.question == "T"}
    first_a = fold(base, fold(base, here, a).parts, b)
    first_b = fold(base, fold(base, here, b).parts, a)
    assert first_a.parts == first_b.parts
    assert conflicts(first_a) == conflicts(first_b) == {}


@given(without_deletions())
def test_m8_overlapping_files_raise_the_same_conflicts_in_any_order(sets):
    base, one, other = sets
    here = base
    then_other = merge_parts(base, merge_parts(base, here, one).parts, other)
    then_one = merge_parts(base, merge_parts(base, here, other).parts, one)
    assert set(conflicts(then_other)) == set(conflicts(then_one))


@given(three())
def test_m9_a_blank_never_removes_by_itself(sets):
    base, here, there = sets
    merged = merge_parts(base, here, there)
    assert here.keys() <= merged.parts.keys()
    for item in merged.items:
        if item.there is None and item.base == item.here is not None and item.follows is None:
            assert item.kind in (Kind.EMPTIED, Kind.ROW_REMOVED, Kind.CONFLICT)


@given(three(), st.sets(st.sampled_from(EVERY)))
def test_m9_what_the_file_has_no_place_for_is_not_blank(sets, absent):
    base, here, there = sets
    whole = frozenset(p for p in EVERY if group_of(p) in {group_of(a) for a in absent})
    cut = consistent({p: v for p, v in there.items() if p not in whole})
    merged = merge_parts(base, here, cut, absent=whole)
    assert not [item for item in merged.items if item.part in whole]
    assert all(merged.parts.get(p) == here.get(p) for p in whole)


def test_m9_five_ways_of_saying_nothing_stay_apart():
    base = {A1: "yes", row("r1"): 1, cell("r1"): "a"}
    blank = merge_parts(base, base, {p: v for p, v in base.items() if p != A1})
    removed = merge_parts(base, base, {A1: "yes"})
    non_answer = merge_parts(base, base, {**base, A1: NOT_APPLICABLE})
    absent = merge_parts(base, base, {}, absent=frozenset(base))
    same = merge_parts(base, base, base)

    assert [(i.part, i.kind) for i in blank.items] == [(A1, Kind.EMPTIED)]
    assert [(i.part, i.kind) for i in removed.items] == [(row("r1"), Kind.ROW_REMOVED)]
    assert [(i.part, i.kind) for i in non_answer.items] == [(A1, Kind.CHANGED)]
    assert absent.items == same.items == ()


def test_m9_a_blank_cell_in_a_row_the_file_has_no_place_for_is_blank():
    base = {row("r1"): 1, cell("r1"): "a", cell("r1", "T-end"): "b"}
    merged = merge_parts(base, base, {}, absent={row("r1"), cell("r1", "T-end")})
    assert [(i.part, i.kind) for i in merged.items] == [(cell("r1"), Kind.EMPTIED)]


@given(three())
def test_m10_every_cell_that_stands_has_its_row_and_every_citation_its_document(sets):
    base, here, there = sets
    for merged in (merge_parts(base, here, there), fold(base, here, there)):
        assert consistent(merged.parts) == merged.parts
        assert (
            consistent(settle_all(merged, Take.THERE).parts) == settle_all(merged, Take.THERE).parts
        )


def test_m10_two_sides_that_add_a_row_have_two_rows():
    here = {row("r1"): 1, cell("r1"): "a"}
    there = {row("r2"): 1, cell("r2"): "a"}
    assert merge_parts({}, here, there).parts == here | there
    assert not merge_parts({}, here, there).waiting


def test_m10_a_row_removed_in_the_file_stays_until_somebody_says_so():
    base = {row("r1"): 1, cell("r1"): "a"}
    merged = merge_parts(base, base, {})
    assert merged.parts == base
    assert merged.items == (Item(row("r1"), Kind.ROW_REMOVED, 1, 1, None),)
    assert resolve(merged, {row("r1"): Take.REMOVE}).parts == {}
    assert resolve(merged, {row("r1"): Take.HERE}) == Merged(base, (), {})


def test_m10_a_row_removed_in_the_file_and_edited_here_is_a_conflict():
    base = {row("r1"): 1, cell("r1"): "a"}
    here = {row("r1"): 1, cell("r1"): "b"}
    merged = merge_parts(base, here, {})
    assert merged.parts == here
    assert merged.items == (
        Item(row("r1"), Kind.CONFLICT, 1, 1, None),
        Item(cell("r1"), Kind.CONFLICT, "a", "b", None, row("r1")),
    )
    assert resolve(merged, {row("r1"): Take.THERE}) == Merged({}, (), {})


def test_m10_a_row_removed_here_and_edited_in_the_file_comes_back_whole_when_it_is_taken():
    base = {row("r1"): 1, cell("r1"): "a", cell("r1", "T-end"): "c"}
    there = {**base, cell("r1"): "b"}
    merged = merge_parts(base, {}, there)
    assert merged.parts == {}
    assert [i.part for i in merged.waiting] == [row("r1"), cell("r1")]
    assert resolve(merged, {row("r1"): Take.THERE}).parts == there
    assert resolve(merged, {row("r1"): Take.HERE}) == Merged({}, (), there)
    assert resolve(merged, {cell("r1"): Take.THERE}).waiting == merged.waiting


def test_m10_moving_a_row_is_no_edit_of_it():
    base = {row("r1"): 1, cell("r1"): "a"}
    moved = {row("r1"): 2, cell("r1"): "a"}
    assert merge_parts(base, {}, moved) == Merged({}, (), moved)
    assert merge_parts(base, moved, {}).items[0].kind is Kind.ROW_REMOVED


def test_m10_a_document_removed_here_and_cited_in_the_file_is_a_conflict():
    base = {DOCUMENT: 1, DOCUMENT_TITLE: "a"}
    there = {**base, CITED: True}
    merged = merge_parts(base, {}, there)
    assert {i.part: i.follows for i in merged.waiting} == {DOCUMENT: None, CITED: DOCUMENT}
    assert resolve(merged, {DOCUMENT: Take.THERE}).parts == there
    assert resolve(merged, {DOCUMENT: Take.HERE}).parts == {}
    assert resolve(merged, {DOCUMENT: Take.THERE, CITED: Take.HERE}).parts == base


NAMES = st.permutations(["A1", "N", "X", "Y"])


@given(three(), NAMES)
def test_m11_parts_meet_by_code_and_never_by_place(sets, names):
    codes = dict(zip(("A1", "N", "X", "Y"), names, strict=True))

    def renamed(parts: Mapping[Part, Any]) -> dict[Part, Any]:
        return {rename(part): value for part, value in parts.items()}

    def rename(part: Part) -> Part:
        if part.question not in codes:
            return part
        new = codes[part.question]
        return part._replace(question=new, part=part.part.replace(part.question, new, 1))

    straight, turned = merge_parts(*sets), merge_parts(*map(renamed, sets))
    assert turned.parts == renamed(straight.parts)
    assert {(i.part, i.kind) for i in turned.items} == {
        (rename(i.part), i.kind) for i in straight.items
    }


# Non-answers against values.


@pytest.mark.parametrize("turned", [False, True], ids=["given here", "given in the file"])
def test_a_non_answer_and_values_changed_on_the_other_side_are_one_conflict(turned):
    base = {MEETINGS: "3"}
    withheld, counted = {**base, N: WITHHELD}, {MEETINGS: "4", MINUTES: "2"}
    here, there = (counted, withheld) if turned else (withheld, counted)

    merged = merge_parts(base, here, there)

    assert merged.parts == here
    assert {i.part: (i.kind, i.follows) for i in merged.items} == {
        N: (Kind.CONFLICT, None),
        MEETINGS: (Kind.CONFLICT, N),
        MINUTES: (Kind.CONFLICT, N),
    }
    assert resolve(merged, {N: Take.THERE}) == Merged(there, (), there)
    assert resolve(merged, {N: Take.HERE}) == Merged(here, (), there)


def test_a_non_answer_of_a_table_waits_for_a_row_added_on_the_other_side():
    state = Part("T", "", "T")
    there = {row("r1"): 1, cell("r1"): "a"}
    merged = merge_parts({}, {state: NOT_APPLICABLE}, there)
    assert merged.parts == {state: NOT_APPLICABLE}
    assert {i.part for i in merged.waiting} == {state, row("r1"), cell("r1")}
    assert resolve(merged, {state: Take.THERE}).parts == there


def test_a_non_answer_beside_a_row_that_was_only_moved_is_taken():
    state = Part("T", "", "T")
    base = {row("r1"): 1, cell("r1"): "a"}
    merged = merge_parts(base, {**base, row("r1"): 2}, {**base, state: NOT_APPLICABLE})
    assert [(i.part, i.kind) for i in merged.items] == [(state, Kind.NEW)]


def test_a_non_answer_does_not_hold_up_remarks_and_citations():
    here = {A1: WITHHELD, DOCUMENT: 1}
    merged = merge_parts({DOCUMENT: 1}, here, {DOCUMENT: 1, A1_REMARK: "a", CITED: True})
    assert merged.parts == {**here, A1_REMARK: "a", CITED: True}
    assert not merged.waiting


def test_a_non_answer_that_is_removed_leaves_the_values_that_are_here():
    merged = merge_parts({MEETINGS: "3"}, {MEETINGS: "3", N: WITHHELD}, {MEETINGS: "4"})
    assert resolve(merged, {N: Take.REMOVE}) == Merged({MEETINGS: "3"}, (), {MEETINGS: "4"})


def test_a_value_that_follows_a_non_answer_may_be_decided_by_itself():
    merged = merge_parts({}, {N: WITHHELD}, {MEETINGS: "4", MINUTES: "2"})
    decided = resolve(merged, {N: Take.THERE, MINUTES: "3"})
    assert decided.parts == {MEETINGS: "4", MINUTES: "3"}


def test_a_non_answer_beside_untouched_values_is_taken():
    base = {MEETINGS: "3"}
    merged = merge_parts(base, base, {**base, N: WITHHELD})
    assert [(i.part, i.kind) for i in merged.items] == [(N, Kind.NEW)]


def test_an_other_specification_merges_as_its_own_part():
    other = Part("A6", "", "A6-other")
    base = {Part("A6", "", "A6"): ["other"], other: {"text": "x", "lang": "es"}}
    here = {**base, Part("A6", "", "A6"): ["local", "other"]}
    there = {**base, other: {"text": "y", "lang": "es"}}
    assert merge_parts(base, here, there).parts == {**here, other: there[other]}


# Settling.


@given(three())
def test_what_people_decide_is_what_stands(sets):
    base, here, there = sets
    merged = merge_parts(base, here, there)
    settled = settle_all(merged, Take.HERE)
    untaken = {i.part for i in merged.items if i.kind in (Kind.NEW, Kind.CHANGED)}
    assert settled.items == ()
    assert {p: v for p, v in settled.parts.items() if p not in untaken} == {
        p: v for p, v in here.items() if p not in untaken
    }


@given(three())
def test_refusing_every_item_leaves_everything_as_it_was(sets):
    base, here, there = sets
    merged = merge_parts(base, here, there)
    assert resolve(merged, {item.part: Take.HERE for item in merged.items}).parts == here


def test_a_third_value_may_settle_a_conflict():
    merged = merge_parts({A1: "yes"}, {A1: "no"}, {A1: WITHHELD})
    assert resolve(merged, {A1: "progress"}) == Merged({A1: "progress"}, (), {A1: WITHHELD})


def test_a_choice_called_here_is_a_value_and_not_a_decision():
    merged = merge_parts({A1: "yes"}, {A1: "no"}, {A1: "other"})
    assert resolve(merged, {A1: "there"}).parts == {A1: "there"}


def test_a_new_row_that_is_refused_goes_with_its_cells():
    merged = merge_parts({}, {}, {row("r1"): 1, cell("r1"): "a"})
    assert resolve(merged, {row("r1"): Take.HERE}).parts == {}


@given(three())
def test_changes_lead_from_one_state_to_the_other(sets):
    _, before, after = sets
    written = {**before, **changes(before, after)}
    assert {p: v for p, v in written.items() if v is not None} == after
    assert changes(before, before) == {}


def test_copies_of_one_export_do_not_undo_each_other():
    base = {A1: "yes", A1_REMARK: "a"}
    first, second = {**base, A1: "no"}, {**base, A1_REMARK: "b"}
    one = merge_parts(base, base, first)
    two = merge_parts(base, one.parts, second, settled=settled_by(one.items, one.waiting))
    assert two.parts == {A1: "no", A1_REMARK: "b"}


# M11: what a moved version has no place for.

LEVELS = tuple(Choice(code=str(n), label={}) for n in range(5))
VERSION = Index(
    Instrument(
        format=1,
        code="T",
        version=2,
        languages=("en",),
        title={},
        sections=(
            Section(
                code="A",
                title={},
                questions=(
                    Question(
                        code="A1",
                        number="1",
                        title={},
                        stem={},
                        fields=(Field(code="A1", type="maturity", list="levels"),),
                        checks=(Check(code="c1", when="false()", severity="error", message={}),),
                    ),
                    Question(
                        code="T",
                        number="2",
                        title={},
                        stem={},
                        roster=Roster(columns=(Field(code="T-end", type="date"),)),
                    ),
                    Question(
                        code="G",
                        number="3",
                        title={},
                        stem={},
                        roster=Roster(
                            columns=(Field(code="G-n", type="integer", maximum="9"),), rows="levels"
                        ),
                    ),
                ),
            ),
        ),
        evidence=Question(
            code=EVIDENCE,
            number="",
            title={},
            stem={},
            roster=Roster(columns=(Field(code="evidence-title", type="short_text"),)),
        ),
        lists={"levels": LEVELS},
    )
)
TEXT = {"text": "x", "lang": "en"}


@pytest.mark.parametrize(
    ("part", "value"),
    [
        pytest.param(A1, "4", id="value"),
        pytest.param(A1, WITHHELD, id="non-answer"),
        pytest.param(Part("T", "", "T"), WITHHELD, id="non-answer of a table"),
        pytest.param(A1_REMARK, TEXT, id="remark"),
        pytest.param(CITED, True, id="citation"),
        pytest.param(Part("A1", "", "explanation:c1"), TEXT, id="explanation"),
        pytest.param(row("any"), 1, id="open row"),
        pytest.param(cell("any", "T-end"), "2024-05", id="cell"),
        pytest.param(Part("G", "3", "G-n"), "10", id="out of bounds, which is no matter of place"),
        pytest.param(DOCUMENT_TITLE, TEXT, id="document"),
    ],
)
def test_m11_what_the_version_knows_has_its_place(part, value):
    assert strangers(VERSION, {part: value}) == {}


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        pytest.param(Part("Z", "", "Z"), "x", "not_in_version", id="question removed"),
        pytest.param(STAGE, "x", "not_in_version", id="field removed"),
        pytest.param(cell("r1", "T-title"), TEXT, "not_in_version", id="column removed"),
        pytest.param(Part("A1", "r1", "A1"), "1", "not_in_version", id="a table no more"),
        pytest.param(Part("T", "", "T-end"), "2024", "not_in_version", id="a table now"),
        pytest.param(Part("G", "9", "G-n"), "1", "not_in_version", id="fixed row removed"),
        pytest.param(Part("A1", "", "explanation:c9"), TEXT, "not_in_version", id="check removed"),
        pytest.param(A1, "9", "unknown_choice", id="choice recoded"),
        pytest.param(cell("r1", "T-end"), "12", "not_a_date", id="re-typed"),
    ],
)
def test_m11_what_the_version_has_no_place_for_is_reported(part, value, code):
    found = strangers(VERSION, {part: value, A1_REMARK: TEXT})
    assert {p: problem.code for p, problem in found.items()} == {part: code}
    assert found[part].row == part.row
