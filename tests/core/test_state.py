import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core.answers import Answer
from survey.core.problems import Severity
from survey.core.state import Status, advance, state_of
from tests.core.build import (
    NOW,
    bare,
    check,
    field,
    program,
    question,
    refused,
    rows,
    said,
    table,
)

ROUTED = program(
    question("A"),
    question("B", relevant="${A} = 'yes'"),
    question("C", relevant="${B} = 'yes'"),
)


def status(run, **answers):
    return {code: str(s) for code, s in state_of(run, answers, NOW).status.items()}


def codes(run, **answers):
    return [(p.code, p.where) for p in state_of(run, answers, NOW).problems]


def test_a_question_is_asked_when_its_condition_holds():
    assert status(ROUTED)["B"] == "not_asked"
    assert status(ROUTED, A=said(A="yes"))["B"] == "unanswered"
    assert status(ROUTED, A=said(A="no"))["B"] == "not_asked"


def test_the_answer_to_a_question_not_asked_reads_as_empty():
    found = status(ROUTED, A=said(A="no"), B=said(B="yes"), C=said(C="yes"))

    assert found == {"A": "answered", "B": "not_asked", "C": "not_asked", "evidence": "unanswered"}


def test_a_non_answer_reads_as_empty():
    assert status(ROUTED, A=refused("withheld", "security"))["B"] == "not_asked"


@pytest.mark.parametrize("state", ["not_applicable", "not_available", "withheld"])
def test_a_non_answer_is_a_status_of_its_own(state):
    assert status(ROUTED, A=refused(state, "why"))["A"] == state


@pytest.mark.parametrize(
    ("state", "reason", "missing"),
    [
        pytest.param("not_applicable", "", True, id="not applicable says why"),
        pytest.param("withheld", "", True, id="withheld says why"),
        pytest.param("not_available", "", False, id="not available needs no reason"),
        pytest.param("withheld", "security", False, id="a reason is enough"),
    ],
)
def test_a_non_answer_gives_its_reason(state, reason, missing):
    found = codes(ROUTED, A=refused(state, reason))

    assert (("reason_missing", "A") in found) is missing


FOLLOWED = program(
    question("A", "yes_no", field("A-text", relevant="${A} = 'yes'", counts=True)),
    bare("N", field("N-a", "integer", counts=True), field("N-b", "integer", counts=True)),
)


@pytest.mark.parametrize(
    ("code", "answer", "expected"),
    [
        pytest.param("A", said(A="no"), "answered", id="the follow-up is not asked"),
        pytest.param("A", said(A="yes"), "partial", id="the follow-up is missing"),
        pytest.param(
            "A", said(A="yes", A__text={"text": "x", "lang": "en"}), "answered", id="all is there"
        ),
        pytest.param("N", said(N__a="1"), "partial", id="one number of two"),
        pytest.param("N", said(N__a="1", N__b="0"), "answered", id="both numbers, one zero"),
    ],
)
def test_an_answer_is_complete_with_every_field_that_counts(code, answer, expected):
    assert status(FOLLOWED, **{code: answer})[code] == expected


FIXED = program(
    table("T", field("T-x", "yes_no", counts=True), rows="two"),
    lists={"two": (*program(question("A")).index.instrument.lists["yes_no"],)},
)
OPEN = program(table("T", field("T-x", "integer", counts=True), field("T-y", "integer")))


@pytest.mark.parametrize(
    ("run", "answer", "expected", "missing"),
    [
        pytest.param(FIXED, Answer(), "unanswered", ("yes/T-x", "no/T-x"), id="fixed, empty"),
        pytest.param(FIXED, rows(yes={"T-x": "yes"}), "partial", ("no/T-x",), id="fixed, one row"),
        pytest.param(
            FIXED, rows(yes={"T-x": "no"}, no={"T-x": "no"}), "answered", (), id="fixed, full"
        ),
        pytest.param(OPEN, Answer(), "unanswered", ("T",), id="open, no row"),
        pytest.param(OPEN, rows(r={"T-y": "1"}), "partial", ("r/T-x",), id="open, a hole"),
        pytest.param(OPEN, rows(r={"T-x": "1"}), "answered", (), id="open, one row"),
    ],
)
def test_a_table_is_complete_with_its_rows(run, answer, expected, missing):
    state = state_of(run, {"T": answer}, NOW).questions["T"]

    assert (state.status, state.missing) == (Status(expected), missing)


COMPARED = program(
    bare(
        "N",
        field("N-a", "integer"),
        field("N-b", "integer"),
        checks=(check("N-c", "${N-b} > ${N-a}", "error", "N-b", "N-a"),),
    ),
    table(
        "T",
        field("T-from", "date"),
        field("T-to", "date"),
        checks=(
            check("T-row", "${T-to} < ${T-from}", "warning", "T-to"),
            check("T-all", "count(${T-to}) > 2", "info", "T"),
        ),
    ),
)


def test_a_check_that_holds_is_a_problem_of_its_severity_and_words():
    state = state_of(COMPARED, {"N": said(N__a="5", N__b="7")}, NOW)

    (found,) = state.problems
    assert (found.code, found.where, found.severity) == ("check", "N-b", Severity.ERROR)
    assert found.text == {"en": "N-c"}
    assert found.params["check"] == "N-c"


def test_a_check_with_a_blank_is_no_problem():
    assert codes(COMPARED, N=said(N__b="7")) == []


def test_a_check_that_names_a_column_bare_is_looked_at_row_by_row():
    answer = rows(
        good={"T-from": "2024", "T-to": "2025"}, bad={"T-from": "2025-05", "T-to": "2024"}
    )

    (found,) = state_of(COMPARED, {"T": answer}, NOW).problems
    assert (found.params["check"], found.row) == ("T-row", "bad")


def test_a_check_of_the_table_as_a_whole_is_looked_at_once():
    answer = rows(**{name: {"T-to": "2025"} for name in "abc"})

    (found,) = state_of(COMPARED, {"T": answer}, NOW).problems
    assert (found.params["check"], found.row) == ("T-all", "")


LEVEL = program(
    question("M", "maturity", list="levels", evidence_when="${M} >= 3", required=True),
    question("A", evidence_when="${A} = 'yes'", required=False),
)
DOCUMENT = {"evidence-title": {"text": "Report", "lang": "en"}}


def cited(answer, date=None):
    row = DOCUMENT | ({"evidence-date": date} if date else {})
    return {
        "M": Answer(fields=answer.fields, evidence=("d1",)),
        "evidence": rows(d1=row),
    }


def test_a_claim_without_a_document_is_a_warning():
    found = state_of(LEVEL, {"A": said(A="yes"), "M": said(M="3")}, NOW).problems

    assert [(p.code, p.where) for p in found] == [
        ("evidence_missing", "M"),
        ("evidence_missing", "A"),
    ]
    assert {p.severity for p in found} == {Severity.WARNING}


def test_a_level_below_three_and_a_no_ask_for_no_document():
    assert codes(LEVEL, A=said(A="no"), M=said(M="2")) == []


@pytest.mark.parametrize(
    ("level", "date", "missing"),
    [
        pytest.param("4", "2021", True, id="level 4, old evaluation"),
        pytest.param("4", None, True, id="level 4, no date"),
        pytest.param("4", "2023-11", False, id="level 4, 36 months ago"),
        pytest.param("4", "2023-10", True, id="level 4, 37 months ago"),
        pytest.param("3", "2010", False, id="level 3 asks for any document"),
    ],
)
def test_level_four_asks_for_a_document_of_the_last_36_months(level, date, missing):
    found = codes(LEVEL, **cited(said(M=level), date))

    assert (("level_4_unsubstantiated", "M") in found) is missing


def test_a_required_question_without_an_answer_is_an_error():
    assert codes(LEVEL) == [("required_missing", "M")]
    assert codes(LEVEL, M=refused("not_available")) == []


def test_a_value_out_of_bounds_is_an_error_that_stays_stored():
    run = program(bare("N", field("N-a", "integer", minimum="0")))

    state = state_of(run, {"N": said(N__a="-3")}, NOW)
    assert [(p.code, p.where) for p in state.problems] == [("below_minimum", "N-a")]
    assert state.status["N"] is Status.ANSWERED


def test_a_calculated_column_is_worked_out_for_each_row():
    run = program(
        table(
            "T",
            field("T-done", "yes_no"),
            field("T-n", "calculation", calculation="if(${T-done} = 'yes', 1, 0)"),
            checks=(check("T-sum", "sum(${T-n}) >= 2", "info", "T"),),
        )
    )

    assert codes(run, T=rows(a={"T-done": "yes"}, b={"T-done": "no"})) == []
    assert codes(run, T=rows(a={"T-done": "yes"}, b={"T-done": "yes"})) == [("check", "T")]


def test_a_row_knows_its_position():
    run = program(
        table("T", field("T-x"), checks=(check("T-c", "position(..) > 1 and ${T-x} = ''"),))
    )

    (found,) = state_of(run, {"T": rows(a={}, b={})}, NOW).problems
    assert found.row == "b"


def test_progress_counts_what_is_asked_and_what_is_settled():
    state = state_of(ROUTED, {"A": said(A="yes"), "B": refused("not_available")}, NOW)

    progress = state.progress["S"]
    assert (progress.asked, progress.settled, progress.not_asked, progress.left) == (2, 2, 1, 0)


WIDE = program(
    question("A"),
    question("B", relevant="${A} = 'yes'"),
    question("M", "maturity", list="levels", relevant="${B} != ''", evidence_when="${M} >= 3"),
    bare("N", field("N-a", "integer"), checks=(check("N-c", "${N-a} > ${M}"),)),
    table("T", field("T-x", "integer"), checks=(check("T-c", "${T-x} > ${N-a}", "info", "T-x"),)),
)
VALUES = {
    "A": st.sampled_from([Answer(), said(A="yes"), said(A="no"), refused("withheld")]),
    "B": st.sampled_from([Answer(), said(B="yes"), said(B="no")]),
    "M": st.sampled_from([Answer(), said(M="2"), said(M="4"), cited(said(M="4"))["M"]]),
    "N": st.sampled_from([Answer(), said(N__a="1"), said(N__a="9")]),
    "T": st.sampled_from([Answer(), rows(r={"T-x": "3"}), rows(r={"T-x": "9"}, s={"T-x": "0"})]),
    "evidence": st.sampled_from([Answer(), rows(d1={"evidence-date": "2026"}), rows(d1={})]),
}


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(sorted(VALUES)).flatmap(
            lambda code: st.tuples(st.just(code), VALUES[code])
        ),
        max_size=12,
    )
)
def test_a_state_brought_forward_is_the_state_worked_out_anew(steps):
    answers: dict[str, Answer] = {}
    state = state_of(WIDE, answers, NOW)
    for code, answer in steps:
        answers = {**answers, code: answer}
        state = advance(state, answers, {code}, NOW)

    assert state.questions == state_of(WIDE, answers, NOW).questions
