from hypothesis import given
from hypothesis import strategies as st

from survey.core.answers import Answer, Part, answers_of, parts_of, with_parts
from tests.core.build import refused, rows, said

WORDS = st.builds(lambda text: {"text": text, "lang": "es"}, st.text(min_size=1, max_size=5))
PARTS = {
    Part("A", "", "A"): st.sampled_from(["yes", {"state": "withheld"}]),
    Part("A", "", "A-text"): WORDS,
    Part("A", "", "reason"): WORDS,
    Part("A", "", "remark"): WORDS,
    Part("A", "", "visibility"): st.sampled_from(["public", "panel"]),
    Part("A", "", "evidence:d1"): st.just(True),
    Part("A", "", "explanation:A-c1"): WORDS,
    Part("T", "r1", "@row"): st.just(1),
    Part("T", "r1", "T-x"): st.sampled_from(["1", "2"]),
    Part("T", "r2", "@row"): st.just(2),
}


def part_sets():
    optional = {part: st.none() | values for part, values in PARTS.items()}
    return st.fixed_dictionaries(optional).map(_whole)


def _whole(parts):
    """Without values of rows that are not there."""
    kept = {part: value for part, value in parts.items() if value is not None}
    if Part("T", "r1", "@row") not in kept:
        kept.pop(Part("T", "r1", "T-x"), None)
    return kept


@given(part_sets())
def test_parts_and_answers_turn_into_each_other_without_loss(parts):
    assert parts_of(answers_of(parts)) == parts


@given(part_sets(), part_sets())
def test_changing_parts_leads_to_the_answers_of_the_changed_parts(before, after):
    changes = {part: after.get(part) for part in PARTS}

    assert with_parts(answers_of(before), changes) == answers_of(after)


def test_a_value_and_a_non_answer_are_one_part():
    assert parts_of({"A": said(A="yes")}).keys() == parts_of({"A": refused("withheld")}).keys()


def test_answers_that_are_not_touched_stay_the_same_object():
    answers = {"A": said(A="yes"), "T": rows(r={"T-x": "1"})}

    changed = with_parts(answers, {Part("A", "", "A"): "no"})
    assert changed["T"] is answers["T"]


def test_an_answer_without_parts_is_no_answer():
    assert with_parts({"A": said(A="yes")}, {Part("A", "", "A"): None}) == {}


def test_rows_stand_in_the_order_of_their_positions():
    parts = {Part("T", "b", "@row"): 1, Part("T", "a", "@row"): 2}

    assert [row.id for row in answers_of(parts)["T"].rows] == ["b", "a"]


def test_values_of_a_row_that_is_gone_are_left_out():
    assert answers_of({Part("T", "r", "T-x"): "1"})["T"] == Answer()
