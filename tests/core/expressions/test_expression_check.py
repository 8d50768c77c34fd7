"""What is found wrong with an expression before anybody answers."""

import pytest

from survey.core.expressions.check import Reference, check, cycles
from survey.core.expressions.parse import parse
from survey.core.problems import Severity

SCOPE = {
    "OPG-A1": Reference("choice", frozenset({"yes", "progress", "no"})),
    "OPG-A4": Reference("choice", frozenset("01234")),
    "OPG-A6": Reference("multiple", frozenset({"local", "central"})),
    "OPG-B5": Reference("number"),
    "OPG-B4": Reference("number", frozenset("01234")),
    "OPG-B6": Reference("number"),
    "OPG-D1": Reference("date"),
    "OPG-T1": Reference("text"),
    "OPG-F1": Reference("boolean"),
    "OPG-A3-end": Reference("number", roster="OPG-A3"),
}


def found(source, **places):
    return [(p.code, p.params["position"]) for p in check(parse(source), SCOPE, **places)]


@pytest.mark.parametrize(
    ("source", "code", "position"),
    [
        pytest.param(
            "${OPG-A1} = 'yes' and ${OPG-A9} = 'x'", "unknown_reference", 22, id="no such field"
        ),
        pytest.param(
            "${OPG-A1} = 'Yes'", "unknown_choice", 12, id="choices know upper and lower case"
        ),
        pytest.param("${OPG-A4} = 5", "unknown_choice", 12, id="a level that is not there"),
        pytest.param(
            "selected(${OPG-A6}, 'regional')", "unknown_choice", 20, id="choice in selected()"
        ),
        pytest.param(
            "jr:choice-name('x', '${OPG-A1}') = ''",
            "unknown_choice",
            15,
            id="choice in choice-name",
        ),
        pytest.param("${OPG-A1} > 3", "wrong_type", 0, id="order of words"),
        pytest.param("${OPG-T1} > 3", "wrong_type", 0, id="order of texts"),
        pytest.param("${OPG-B5} = 'many'", "wrong_type", 12, id="number and word"),
        pytest.param("${OPG-D1} < 2024", "wrong_type", 12, id="date and number"),
        pytest.param("${OPG-D1} < '24-05'", "wrong_type", 12, id="no date"),
        pytest.param("${OPG-A1}", "wrong_type", 0, id="a field is no condition"),
        pytest.param("not(${OPG-B5})", "wrong_type", 4, id="a number is no condition"),
        pytest.param("${OPG-F1} = 'true'", "wrong_type", 12, id="the boolean trap"),
        pytest.param("selected(${OPG-T1}, 'x')", "wrong_type", 9, id="selected() of a text"),
        pytest.param("${OPG-T1} + 1 > 3", "wrong_type", 0, id="text in arithmetic"),
        pytest.param("${OPG-A3-end} > 3", "column_outside_row", 0, id="column outside its row"),
        pytest.param("regex(${OPG-T1}, '(')", "pattern", 17, id="broken pattern"),
        pytest.param(
            "regex(${OPG-T1}, '(a)\\1')",
            "pattern",
            17,
            id="pattern that takes more than linear time",
        ),
        pytest.param(
            "regex(${OPG-T1}, ${OPG-A1})", "pattern_not_literal", 17, id="pattern from an answer"
        ),
        pytest.param("format-date(${OPG-D1}, '%B') = ''", "date_format", 23, id="name of a month"),
        pytest.param("position(..) = 1", "position_outside_row", 0, id="no row"),
        pytest.param(
            "indexed-repeat(${OPG-A3-end}, ${OPG-A9}, 1) = 1",
            "not_of_roster",
            30,
            id="column of another roster",
        ),
    ],
)
def test_an_error_names_its_place(source, code, position):
    assert found(source) == [(f"expression_{code}", position)]
    assert check(parse(source), SCOPE)[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    ("source", "code", "position"),
    [
        pytest.param("${OPG-A6} = 'local'", "multiple_equals", 0, id="= on a multiple choice"),
        pytest.param("${OPG-A1} != 'no'", "unguarded_unequal", 0, id="true while empty"),
        pytest.param("not(${OPG-A1} = 'no')", "unguarded_unequal", 4, id="the same by not()"),
        pytest.param("${OPG-B5} != 0", "unguarded_unequal", 0, id="an empty number is not 0"),
        pytest.param(
            "${OPG-A1} = 'yes' and ${OPG-A1} = 'no'", "never_true", 18, id="two choices at once"
        ),
        pytest.param(
            "${OPG-B5} > 5 and ${OPG-B5} < 3 and ${OPG-D1} < today()",
            "never_true",
            14,
            id="no number between",
        ),
        pytest.param("${OPG-A4} > 4", "never_true", 10, id="above the highest level"),
        pytest.param(
            "${OPG-B5} >= 3 or ${OPG-B5} < 3 or ${OPG-B5} = ''",
            "always_true",
            15,
            id="every number and none",
        ),
        pytest.param(
            "${OPG-D1} > today() or 1 = 2", "never_true", 25, id="a part that does nothing"
        ),
        pytest.param(
            "selected(${OPG-A6}, 'local') and ${OPG-A6} = ''",
            "never_true",
            29,
            id="chosen and empty",
        ),
        pytest.param("'${OPG-A1}' = ${OPG-T1}", "quoted_reference", 0, id="reference in quotes"),
    ],
)
def test_a_trap_is_a_warning_with_its_place(source, code, position):
    assert (f"expression_{code}", position) in found(source)
    assert {p.severity for p in check(parse(source), SCOPE)} == {Severity.WARNING}


@pytest.mark.parametrize(
    "source",
    [
        "${OPG-A1} != '' and ${OPG-A1} != 'no'",
        "${OPG-A1} = '' or ${OPG-A1} != 'no'",
        "${OPG-B5} > 5 and ${OPG-B5} != 6",
        "${OPG-A4} >= 3 and ${OPG-B6} = 0",
        "${OPG-D1} < today() and ${OPG-D1} != ''",
        "today() - ${OPG-D1} > 365",
        "sum(${OPG-A3-end}) > 0",
        "count-selected(${OPG-A6}) > 2",
        "number(${OPG-T1}) > 3",
        "(${OPG-A1} = 'yes') + (${OPG-A4} = '4') > 1",
        "coalesce(${OPG-B5}, 0) + coalesce(${OPG-B6}, 0) > 10",
        "coalesce(${OPG-A4}, 0) > 2",
        "true()",
        "${OPG-F1}",
        "${OPG-A6} != ''",
    ],
)
def test_sound_conditions_have_no_problem(source):
    assert found(source) == []


@pytest.mark.parametrize(
    ("wanted", "source", "is_good"),
    [
        ("number", "if(${OPG-A1} = 'yes', ${OPG-B5}, '')", True),
        ("number", "${OPG-A1} = 'yes'", False),
        ("text", "concat(${OPG-T1}, ' x')", True),
        ("text", "${OPG-B5}", False),
        ("date", "today()", True),
        ("boolean", "1 + 1", False),
        ("any", "${OPG-A6}", True),
    ],
)
def test_an_expression_is_of_the_kind_its_place_wants(wanted, source, is_good):
    assert (found(source, want=wanted) == []) is is_good


def test_inside_its_row_a_column_is_a_value_and_no_list():
    assert found("${OPG-A3-end} > 3", row_of="OPG-A3") == []
    assert found("position(..) = 1", row_of="OPG-A3") == []
    assert found("sum(${OPG-A3-end}) > 3", row_of="OPG-A3") == [("expression_aggregate_in_row", 4)]


def test_a_misspelt_name_comes_with_the_nearest_one():
    reference, choice = check(parse("${opg-a1} = 'x' or ${OPG-A1} = 'progres'"), SCOPE)
    assert reference.params["nearest"] == "OPG-A1"
    assert choice.params["nearest"] == "progress"


def test_all_problems_come_in_the_order_of_the_text():
    source = "${OPG-A1} = 'x' and ${OPG-T1} > 3 and ${X} = 1 and ${OPG-A4} = 9"
    positions = [position for _, position in found(source)]
    assert len(positions) == 4
    assert positions == sorted(positions)


def test_a_circle_names_every_question_of_it():
    needs = {"a": ["b"], "b": ["c", "x"], "c": ["a"], "d": ["d"], "e": ["a"], "f": ["e", "unknown"]}
    assert cycles(needs) == (("a", "b", "c"), ("d",))


def test_a_circle_of_ten_thousand_is_found():
    """Trust A07."""
    needs = {str(n): [str((n + 1) % 10_000)] for n in range(10_000)}
    (circle,) = cycles(needs)
    assert len(circle) == 10_000
