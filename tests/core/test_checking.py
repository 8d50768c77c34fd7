import msgspec
import pytest

from survey.core.checking import blocks, fold, problems_of
from survey.core.instrument import Choice
from tests.core.build import bare, check, en, field, instrument, question, table


def problems(*questions, **more):
    return {(p.code, p.where) for p in problems_of(instrument(*questions, **more))}


def test_a_sound_questionnaire_has_no_problem():
    assert problems(question("A"), question("B", relevant="${A} = 'yes'")) == set()


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        pytest.param(
            [question("A", relevant="${Z} = 'yes'")],
            ("expression_unknown_reference", "A"),
            id="a reference to nothing",
        ),
        pytest.param(
            [question("A", relevant="${B} = 'yes'"), question("B")],
            ("forward_reference", "A"),
            id="a condition reads what comes later",
        ),
        pytest.param(
            [question("A"), question("B", relevant="${A} = 'maybe'")],
            ("expression_unknown_choice", "B"),
            id="a choice that is not in the list",
        ),
        pytest.param([question("A"), question("a")], ("question_twice", "A"), id="the same code"),
        pytest.param(
            [question("A-b"), bare("A_b", field("c"))], ("question_twice", "A_B"), id="- and _"
        ),
        pytest.param(
            [bare("A", field("A"), field("A-b"), field("A-b"))], ("code_twice", "A_B"), id="a field"
        ),
        pytest.param(
            [
                question("A"),
                question("B", relevant="${A} = 'yes'"),
                question("C", relevant="${A} = 'no' and ${B} = 'yes'"),
            ],
            ("never_asked", "C"),
            id="conditions that exclude each other",
        ),
        pytest.param([question("1A")], ("code_malformed", "1A"), id="no name of XML"),
        pytest.param(
            [bare("A", field("A"), checks=(check("A-c", "${A} = ("),))],
            ("expression_unfinished", "A"),
            id="a check that cannot be read",
        ),
        pytest.param([], ("empty_section", "S"), id="a section without questions"),
    ],
)
def test_what_is_wrong_is_named_with_its_question(questions, expected):
    assert expected in problems(*questions)


def test_every_question_of_a_cycle_is_named():
    calculated = [
        bare("A", field("A", "calculation", calculation="${B} + 1")),
        bare("B", field("B", "calculation", calculation="${C} + 1")),
        bare("C", field("C", "calculation", calculation="${A} + 1")),
        question("D"),
    ]

    found = problems(*calculated)
    assert {("cycle", "A"), ("cycle", "B"), ("cycle", "C")} <= found
    assert ("cycle", "D") not in found


def test_a_missing_text_is_named_with_its_language():
    made = msgspec.structs.replace(instrument(question("A")), languages=("en", "es"))

    (found, *_) = [p for p in problems_of(made) if p.where == "A" and p.params["part"] == "stem"]
    assert (found.code, found.params["language"]) == ("text_missing", "es")


def test_equal_labels_are_found_without_case_and_accents():
    lists = {
        "sexes": (
            Choice(code="a", label={"en": "Public", "es": "Público"}),
            Choice(code="b", label={"en": "Other", "es": " publico "}),
        )
    }

    assert ("equal_labels", "sexes") in problems(question("A"), lists=lists)


@pytest.mark.parametrize(
    ("label", "folded"), [("Público", "publico"), ("  En  proceso ", "en proceso"), ("ẞ", "ss")]
)
def test_labels_are_compared_folded(label, folded):
    assert fold(label) == folded


def test_a_roster_column_is_read_bare_in_its_rows_only():
    roster = table("T", field("T-x", "integer"))

    assert problems(roster, question("B", relevant="${T-x} > 1")) == {
        ("expression_column_outside_row", "B")
    }
    assert problems(roster, question("B", relevant="sum(${T-x}) > 1")) == set()


def test_warnings_do_not_block_and_errors_do():
    made = instrument(question("A"), question("B", relevant="${A} != 'yes'"))

    found = problems_of(made)
    assert [p.code for p in found] == ["expression_unguarded_unequal"]
    assert not blocks(found)
    assert blocks(problems_of(instrument()))


def test_titles_are_texts_too():
    made = msgspec.structs.replace(instrument(question("A")), title=en(""))

    assert ("text_missing", "trial") in {(p.code, p.where) for p in problems_of(made)}
