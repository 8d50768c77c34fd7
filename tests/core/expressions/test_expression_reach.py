import pytest

from survey.core.expressions.kinds import Reference
from survey.core.expressions.parse import parse
from survey.core.expressions.reach import is_ever_asked

YES_NO = frozenset({"yes", "no"})
SCOPE = {
    "A": Reference("choice", YES_NO),
    "B": Reference("choice", YES_NO),
    "C": Reference("choice", frozenset({"law", "decree", "none"})),
    "many": Reference("multiple", frozenset({"x", "y"})),
    "n": Reference("number"),
    "m": Reference("number"),
    "day": Reference("date"),
    "name": Reference("text"),
    "Z": Reference("choice", YES_NO),
}


def reached(question, **conditions):
    parsed = {code: parse(source) for code, source in conditions.items()}
    owner = {code: code for code in SCOPE}
    return is_ever_asked(question, parsed, owner, SCOPE)


@pytest.mark.parametrize(
    "conditions",
    [
        pytest.param({"B": "${A} = 'yes'", "Z": "${A} = 'no' and ${B} = 'yes'"}, id="choice"),
        pytest.param({"B": "${n} > 5", "Z": "${n} <= 5 and ${B} != ''"}, id="number"),
        pytest.param(
            {"B": "selected(${many}, 'x')", "Z": "not(selected(${many}, 'x')) and ${B} = 'no'"},
            id="several choices",
        ),
        pytest.param({"B": "${name} = ''", "Z": "${name} = 'Lima' and ${B} = 'no'"}, id="text"),
        pytest.param(
            {"A": "${C} = 'law'", "B": "${A} = 'yes'", "Z": "${B} = 'yes' and ${C} = 'none'"},
            id="over two questions",
        ),
        pytest.param(
            {"B": "${A} = 'yes' and ${A} = 'no'", "Z": "${B} = 'yes'"}, id="what is never asked"
        ),
    ],
)
def test_what_contradicts_that_on_which_it_rests_is_never_asked(conditions):
    assert not reached("Z", **conditions)


@pytest.mark.parametrize(
    "conditions",
    [
        pytest.param({}, id="no condition"),
        pytest.param({"Z": "${A} = 'yes'"}, id="one condition"),
        pytest.param({"B": "${A} = 'yes'", "Z": "${B} = 'no'"}, id="a chain"),
        pytest.param({"B": "${A} = 'yes'", "Z": "${A} = 'no' or ${B} = 'yes'"}, id="either way"),
        pytest.param(
            {"B": "${A} = 'yes'", "Z": "${A} = 'no' and ${B} = ''"}, id="not asked is empty"
        ),
        pytest.param({"B": "${n} > 5", "Z": "${n} < 7 and ${B} = 'yes'"}, id="between two numbers"),
        pytest.param({"B": "${n} > 5", "Z": "${n} > ${m} and ${B} = 'yes'"}, id="two fields"),
        pytest.param({"B": "${day} < today()", "Z": "${B} = 'no'"}, id="the clock"),
    ],
)
def test_what_some_answers_reach_or_nobody_can_tell_is_asked(conditions):
    assert reached("Z", **conditions)


def test_a_field_is_empty_while_its_question_is_not_asked():
    conditions = {"B": parse("${A} = 'yes'"), "Z": parse("${n} > 3 and ${A} = 'no'")}
    owner = {"A": "A", "n": "B", "Z": "Z"}

    assert not is_ever_asked("Z", conditions, owner, SCOPE)


def test_too_many_answers_to_try_count_as_reached():
    named = " and ".join(f"${{{code}}} = 'yes'" for code in "ABCD" * 2)
    wide = {code: Reference("choice", frozenset(map(str, range(30)))) for code in "ABCDZ"}
    conditions = {"B": parse("${A} = '1'"), "Z": parse(f"({named}) and ${{A}} = '2'")}

    assert is_ever_asked("Z", conditions, {code: code for code in wide}, wide)
