from survey.core.answers import Answer, NonAnswer, Part
from survey.core.state import state_of
from survey.core.submission import (
    Header,
    blocking,
    explanation,
    flat,
    left_behind,
    seal,
    submitted,
    unseal,
    warnings,
)
from tests.core.build import NOW, bare, check, field, program, question, refused, rows, said, table

RUN = program(
    question("A", "yes_no", field("A-text", relevant="${A} = 'yes'")),
    question("B", relevant="${A} = 'yes'", required=True),
    bare("N", field("N-a", "integer"), checks=(check("N-c", "${N-a} > 5", "warning", "N-a"),)),
    table("T", field("T-x", "integer")),
)
TEXT = {"text": "what was meant", "lang": "es"}
HEADER = Header(
    response="r",
    round="o",
    country="XMO",
    questionnaire="q",
    version=1,
    instrument_sha256="0" * 64,
    seq=3,
    head="",
    at=NOW,
    signatory="Lucía Herrera",
    office="Ministry",
)


def state(**answers):
    return state_of(RUN, answers, NOW)


def test_what_is_not_asked_stays_behind_and_is_listed():
    there = state(A=said(A="no", A__text=TEXT), B=said(B="yes"))

    assert submitted(there) == {"A": said(A="no")}
    assert left_behind(there) == (Part("A", "", "A-text"), Part("B", "", "B"))


def test_of_a_withheld_answer_only_the_fact_and_its_reason_go():
    withheld = Answer(
        fields={"N-a": "3"},
        non_answer=NonAnswer.WITHHELD,
        reason=TEXT,
        remark=TEXT,
        evidence=("d1",),
    )

    assert submitted(state(N=withheld))["N"] == Answer(non_answer=NonAnswer.WITHHELD, reason=TEXT)


def test_under_a_non_answer_no_value_goes_but_the_remark_does():
    there = Answer(fields={"N-a": "3"}, non_answer=NonAnswer.NOT_AVAILABLE, remark=TEXT)

    assert submitted(state(N=there))["N"] == Answer(non_answer=NonAnswer.NOT_AVAILABLE, remark=TEXT)
    assert left_behind(state(N=there)) == (Part("N", "", "N-a"),)


def test_a_sealed_document_gives_back_what_was_sealed():
    there = state(A=said(A="yes", A__text=TEXT), B=refused("withheld", "x"), T=rows(r={"T-x": "1"}))

    document = seal(HEADER, there)
    assert unseal(document).answers == submitted(there)
    assert unseal(document).header == HEADER
    assert seal(HEADER, there) == document


def test_errors_block_and_warnings_do_not():
    there = state(A=said(A="yes"), N=said(N__a="9"))

    assert [p.code for p in blocking(there)] == ["required_missing"]
    assert [p.params["check"] for p in warnings(there)] == ["N-c"]


def test_the_explanation_of_a_warning_is_found_at_its_question():
    answer = Answer(fields={"N-a": "9"}, explanations={"N-c": TEXT})
    there = state(N=answer)

    (warning,) = warnings(there)
    assert explanation(there.answers, RUN.index, warning) == TEXT


def test_flat_values_stand_in_the_order_of_the_fields():
    answers = submitted(state(A=said(A="yes"), B=refused("withheld", "x"), T=rows(r={"T-x": "1"})))

    assert flat(RUN.index, answers) == [
        "yes",
        None,
        {"state": "withheld"},
        None,
        [{"T-x": "1"}],
        [],
    ]
