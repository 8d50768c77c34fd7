"""What a frame tells of a submission: contradictions, gaps, facts, figures, evidence, levels."""

from datetime import UTC, datetime

import msgspec
import pytest

from survey.core.answers import EMPTY
from survey.core.instrument import Section
from survey.core.program import Program
from survey.core.submission import Header, SubmissionDocument
from survey.panel.frame import frame_of
from survey.panel.gaps import Kind
from tests.core.build import (
    bare,
    check,
    en,
    field,
    instrument,
    question,
    refused,
    rows,
    said,
    table,
)

SEALED = datetime(2026, 11, 20, 22, tzinfo=UTC)
LIAISON = {"text": "We pay it from elsewhere.", "lang": "es"}


def header():
    return Header(
        response="r",
        round="o",
        country="XVA",
        questionnaire="q",
        version=1,
        instrument_sha256="",
        seq=1,
        head="",
        at=SEALED,
        signatory="Ana",
        office="",
    )


def framed(questions, answers, **more):
    document = SubmissionDocument(format=1, header=header(), answers=answers)
    return frame_of(document, Program(instrument(*questions, **more)))


def level(code, **more):
    return question(code, "maturity", list="levels", **more)


def number(code, kind="integer", **more):
    """A question for a number, with year, source and coverage as G6 adds them."""
    return question(
        code,
        kind,
        field(f"{code}-year", "year", role="number"),
        field(f"{code}-source", role="number"),
        **more,
    )


def sectioned(**sections):
    """A program whose sections hold these questions."""
    whole = instrument()
    parts = tuple(
        Section(code=code, title=en(code), questions=tuple(questions))
        for code, questions in sections.items()
    )
    return Program(msgspec.structs.replace(whole, sections=parts))


# contradictions

RULE = "${A4} >= 3 and ${B6} = 0"
BUDGET = (level("A4", checks=(check("A4-c1", RULE, "warning", "A4"),)), number("B6"))


def test_a_warning_names_every_answer_that_its_condition_reads():
    frame = framed(BUDGET, {"A4": said(A4="3"), "B6": said(B6="0")})

    (found,) = frame.contradictions
    assert (found.check, found.questions, found.is_between) == ("A4-c1", ("A4", "B6"), True)


def test_a_calculated_column_stands_for_what_it_is_made_of():
    column = field("D3-reply", "yes_no")
    counted = field("D3-yes", "calculation", calculation="if(${D3-reply} = 'yes', 1, 0)")
    rule = check("D4-c1", "sum(${D3-yes}) < ${D4}", "warning", "D4")
    questions = (table("D3", column, counted), question("D4", "integer", checks=(rule,)))
    answers = {"D3": rows(a={"D3-reply": "no"}), "D4": said(D4="2")}

    (found,) = framed(questions, answers).contradictions

    assert [(each.question, each.fields) for each in found.concerned] == [
        ("D4", ("D4",)),
        ("D3", ("D3-reply",)),
    ]


def test_the_explanation_of_the_country_stands_beside_it():
    explained = msgspec.structs.replace(said(A4="3"), explanations={"A4-c1": LIAISON})

    (found,) = framed(BUDGET, {"A4": explained, "B6": said(B6="0")}).contradictions

    assert found.explanation == LIAISON


def test_one_check_of_several_rows_is_one_contradiction():
    rule = check("E1-c1", "${E1-end} < ${E1-start}", "warning", "E1-end", "E1-start")
    columns = (field("E1-start", "year"), field("E1-end", "year"))
    wrong = {"E1-start": "2025", "E1-end": "2024"}
    fine = {"E1-start": "2025", "E1-end": "2026"}

    frame = framed((table("E1", *columns, checks=(rule,)),), {"E1": rows(a=wrong, b=fine, c=wrong)})

    (found,) = frame.contradictions
    assert (found.rows, found.is_between) == (("a", "c"), False)


def test_errors_and_missing_documents_are_no_contradictions():
    rule = check("A4-c1", "${A4} = 3", "error", "A4")
    question_ = level("A4", checks=(rule,), evidence_when="${A4} >= 3")

    assert framed((question_,), {"A4": said(A4="3")}).contradictions == ()


def test_the_panel_settles_levels_first_and_one_of_each_section():
    plain = question("A1", "integer", checks=(check("A1-c", "${A1} > ${A2}", "warning", "A1"),))
    other = question("A2", "integer")
    claim = level("A3", checks=(check("A3-c", "${A3} > ${A2}", "info", "A3"),))
    far = question("B1", "integer", checks=(check("B1-c", "${B1} > ${A2}", "info", "B1"),))
    program = sectioned(A=(plain, other, claim), B=(far,))
    answers = {"A1": said(A1="9"), "A2": said(A2="1"), "A3": said(A3="4"), "B1": said(B1="5")}

    frame = frame_of(SubmissionDocument(format=1, header=header(), answers=answers), program)

    assert [each.check for each in frame.contradictions] == ["A1-c", "A3-c", "B1-c"]
    assert [each.check for each in frame.settle] == ["A3-c", "B1-c"]


# gaps


def kinds(frame):
    return [(gap.question, gap.kind) for gap in frame.gaps]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (EMPTY, Kind.UNANSWERED),
        (refused("not_available"), Kind.NOT_AVAILABLE),
        (refused("withheld", "safety"), Kind.WITHHELD),
    ],
    ids=lambda each: getattr(each, "value", ""),
)
def test_what_is_not_answered_is_a_gap_by_its_name(answer, kind):
    frame = framed((question("A1"),), {} if answer == EMPTY else {"A1": answer})

    assert kinds(frame) == [("A1", kind)]
    assert frame.gaps[0].said == answer.reason


def test_what_does_not_apply_or_is_not_asked_is_no_gap():
    questions = (question("A1"), question("A2", relevant="${A1} = 'yes'"))

    assert framed(questions, {"A1": refused("not_applicable", "no municipalities")}).gaps == ()


def test_a_partial_answer_names_what_is_missing():
    whole = question("A1", "yes_no", field("A1-since", "year", counts=True))

    (gap,) = framed((whole,), {"A1": said(A1="yes")}).gaps

    assert (gap.kind, gap.missing) == (Kind.PARTIAL, ("A1-since",))


def test_a_claim_without_a_document_is_a_gap_with_what_the_country_says():
    claimed = msgspec.structs.replace(said(A1="yes"), explanations={"A1-evidence": LIAISON})
    frame = framed((question("A1", evidence_when="${A1} = 'yes'"),), {"A1": claimed})

    assert [(gap.kind, gap.said) for gap in frame.gaps] == [(Kind.NO_EVIDENCE, LIAISON)]


def cited(date, **more):
    answers = {
        "A1": msgspec.structs.replace(said(A1="2"), evidence=("d",)),
        "evidence": rows(d={"evidence-number": "7", "evidence-date": date}),
    }
    return framed((level("A1", **more),), answers)


@pytest.mark.parametrize(
    ("date", "old"), [("2023-11", False), ("2023-10", True), ("2023", False), ("2022", True)]
)
def test_a_document_is_old_after_thirty_six_months(date, old):
    assert [gap.documents for gap in cited(date).gaps] == ([(7,)] if old else [])


def test_a_law_does_not_grow_old():
    yes = msgspec.structs.replace(said(A1="yes"), evidence=("d",))
    answers = {"A1": yes, "evidence": rows(d={"evidence-date": "1998"})}

    assert framed((question("A1", evidence=("L",)),), answers).gaps == ()


def test_level_four_on_an_old_document_is_one_gap():
    claim = msgspec.structs.replace(said(A1="4"), evidence=("d",))
    answers = {"A1": claim, "evidence": rows(d={"evidence-date": "2022"})}

    assert kinds(framed((level("A1", evidence_when="${A1} >= 3"),), answers)) == [
        ("A1", Kind.LEVEL_4)
    ]


def test_a_number_lacks_its_year_and_source_or_is_old():
    source = {"text": "Ministry", "lang": "en"}
    bare_number = said(A1="5")
    old_number = said(A1="5", A1__year="2022", A1__source=source)

    assert kinds(framed((number("A1"),), {"A1": bare_number})) == [
        ("A1", Kind.NO_YEAR),
        ("A1", Kind.NO_SOURCE),
    ]
    (gap,) = framed((number("A1"),), {"A1": old_number}).gaps
    assert (gap.kind, gap.year) == (Kind.OLD_NUMBER, "2022")


# figures and facts


def test_every_number_comes_with_what_was_said_of_it():
    source = {"text": "Budget law", "lang": "es"}
    money = bare(
        "B6",
        field("B6", "currency"),
        field("B6-currency"),
        field("B6-year", "year", role="number"),
        field("B6-source", role="number"),
    )
    seats = table("B4", field("B4-name"), field("B4-seats", "integer"))
    answers = {
        "B6": said(B6="12.5", B6__currency="USD", B6__year="2025", B6__source=source),
        "B4": rows(a={"B4-seats": "3"}, b={"B4-name": {"text": "x", "lang": "es"}}),
    }

    first, second = framed((money, seats), answers).figures

    assert (first.value, first.currency, first.year, first.source) == (
        "12.5",
        "USD",
        "2025",
        source,
    )
    assert (second.value, second.row.id) == ("3", "a")


def test_five_facts_begin_with_one_of_each_section():
    law = bare("A1", field("A1", "yes_no"), field("A1-since", "year"), evidence=("L",))
    counts = [number(code) for code in ("A2", "A3", "B1", "B2", "B3", "C1")]
    program = sectioned(A=(counts[0], counts[1], law), B=counts[2:5], C=counts[5:])
    answers = {each.code: said(**{each.code: "1"}) for each in counts}
    answers["A1"] = said(A1="yes", A1__since="2014")

    frame = frame_of(SubmissionDocument(format=1, header=header(), answers=answers), program)

    assert [fact.question.code for fact in frame.facts] == ["A2", "A1", "B1", "B2", "C1"]
    assert next(f for f in frame.facts if f.kind == "law").since == "2014"


def test_a_country_without_figures_has_no_facts():
    assert framed((question("A1"),), {"A1": said(A1="yes")}).facts == ()


# evidence, levels, whom to ask


def test_a_document_says_who_cites_it():
    answers = {
        "A1": msgspec.structs.replace(said(A1="yes"), evidence=("d",)),
        "A2": said(A2="no"),
        "evidence": rows(d={"evidence-number": "2"}, e={"evidence-number": "1"}),
    }

    found = framed((question("A1"), question("A2")), answers).documents

    assert [(each.number, each.cited_by) for each in found] == [(1, ()), (2, ("A1",))]


def test_levels_are_listed_from_the_highest_and_never_counted_together():
    questions = [level(code) for code in ("A1", "A2", "A3", "A4")]
    answers = {
        "A1": said(A1="1"),
        "A2": said(A2="3"),
        "A3": said(A3="1"),
        "A4": refused("withheld"),
    }

    assert framed(questions, answers).claims == {3: ("A2",), 1: ("A1", "A3")}


def test_whoever_begins_a_contradiction_or_has_a_gap_is_to_be_asked():
    frame = framed((*BUDGET, question("C1")), {"A4": said(A4="3"), "B6": said(B6="0")})

    assert frame.to_raise == ("A4", "B6", "C1")


def test_the_same_submission_gives_the_same_frame():
    answers = {"A4": said(A4="3"), "B6": said(B6="0")}
    one, two = framed(BUDGET, answers), framed(BUDGET, answers)

    assert (one.contradictions, one.gaps, one.facts) == (two.contradictions, two.gaps, two.facts)
