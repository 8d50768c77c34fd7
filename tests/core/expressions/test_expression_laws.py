"""Laws that hold for every expression, and a second opinion by an XPath engine."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.core.expressions.check import check
from survey.core.expressions.evaluate import compile_expression, truth
from survey.core.expressions.parse import ExpressionError, parse
from survey.core.expressions.tree import Ref, references, to_json, unparse, walk
from tests.core.expressions.trees import NOW, SCOPE, answers, anything, conditions
from tests.core.expressions.xpath import opinion, written

moderate = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@moderate
@given(conditions())
def test_what_is_printed_parses_to_the_same_tree(tree):
    assert parse(unparse(tree)) == tree


@moderate
@given(conditions())
def test_printing_keeps_every_reference(tree):
    assert references(parse(unparse(tree))) == references(tree)
    assert str(to_json(tree)).count("'field'") == sum(isinstance(n, Ref) for n in walk(tree))


@moderate
@given(conditions(), anything())
def test_evaluation_never_raises_whatever_the_answers_hold(tree, values):
    outcome = compile_expression(tree, SCOPE)(values.__getitem__, NOW)
    assert outcome is True or outcome is False or tree == Ref("flag")


@moderate
@given(st.text(max_size=60) | st.text(alphabet="${}()'=<>!+-*/, .0a1nd", max_size=60))
def test_any_source_parses_or_has_a_problem_with_its_position(source):
    try:
        tree = parse(source)
    except ExpressionError as refusal:
        problem = refusal.problem
    else:
        assert parse(unparse(tree)) == tree
        return
    assert 0 <= problem.params["position"] <= len(source)
    assert problem.code.startswith("expression_")


@moderate
@given(conditions(), answers())
def test_what_is_never_true_is_true_for_no_answers_and_the_reverse(tree, values):
    tree = parse(unparse(tree))
    holds = truth(compile_expression(tree, SCOPE)(values.__getitem__, NOW))
    for problem in check(tree, SCOPE):
        if problem.params["position"] == tree.at:
            assert problem.code != "expression_never_true" or not holds
            assert problem.code != "expression_always_true" or holds


@moderate
@given(conditions())
def test_well_typed_expressions_have_no_error_of_type(tree):
    assert "expression_wrong_type" not in {p.code for p in check(tree, SCOPE)}


@moderate
@given(conditions(extras=False), answers())
def test_an_xpath_engine_says_the_same(tree, values):
    ours = compile_expression(tree, SCOPE)(values.__getitem__, NOW)
    assert ours is opinion(tree, values), written(tree, values)
