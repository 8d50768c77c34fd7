"""From source to tree: what is refused, where, and with which advice."""

from decimal import Decimal

import pytest

from survey.core.expressions.parse import ExpressionError, parse
from survey.core.expressions.tree import (
    Binary,
    Call,
    Logic,
    Negative,
    Number,
    Ref,
    String,
    references,
    to_json,
    unparse,
)


def refusal(source):
    with pytest.raises(ExpressionError) as caught:
        parse(source)
    return caught.value.problem


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        pytest.param(
            "-2 * 3",
            Binary("*", Negative(Number(Decimal(2))), Number(Decimal(3))),
            id="minus binds before times",
        ),
        pytest.param(
            "1 - 2 - 3",
            Binary("-", Binary("-", Number(Decimal(1)), Number(Decimal(2))), Number(Decimal(3))),
            id="from the left",
        ),
        pytest.param(
            "${a} or ${b} and ${c}",
            Logic("or", (Ref("a"), Logic("and", (Ref("b"), Ref("c"))))),
            id="and before or",
        ),
        pytest.param(
            "${a} or ${b} or ${c}",
            Logic("or", (Ref("a"), Ref("b"), Ref("c"))),
            id="a chain is one node",
        ),
        pytest.param(
            '${OPG-A1-stage} = "it\'s"',
            Binary("=", Ref("OPG-A1-stage"), String("it's")),
            id="other quotes",
        ),
        pytest.param("'it''s'", String("it's"), id="doubled quote"),
        pytest.param(
            "‘yes’ = “no”",
            Binary("=", String("yes"), String("no")),
            id="curly quotes of a word processor",
        ),
        pytest.param("'A\u0301'", String("\u00c1"), id="texts are composed characters"),
        pytest.param(
            ".5 + 1.", Binary("+", Number(Decimal("0.5")), Number(Decimal(1))), id="bare points"
        ),
        pytest.param("position(..)", Call("position"), id="position of the row"),
        pytest.param(
            "jr:choice-name('x', '${a}')",
            Call("jr:choice-name", (String("x"), Ref("a"))),
            id="reference in quotes",
        ),
        pytest.param(
            "indexed-repeat(${c}, ${R}, 1)",
            Call("indexed-repeat", (Ref("c"), String("R"), Number(Decimal(1)))),
            id="a roster is no field",
        ),
        pytest.param("${a}\n  -1", Binary("-", Ref("a"), Number(Decimal(1))), id="line breaks"),
    ],
)
def test_a_source_has_one_tree(source, tree):
    assert parse(source) == tree
    assert parse(unparse(tree)) == tree


@pytest.mark.parametrize(
    "source",
    [
        "1 - (2 - 3)",
        "(1 + 2) * 3",
        "-(1 + 2)",
        "(${a} or ${b}) and ${c}",
        "(${a} and ${b}) and ${c}",
        "1 = (2 = 3)",
        "not(1 + 2 = 3)",
    ],
)
def test_only_needed_brackets_are_printed(source):
    assert unparse(parse(source)) == source
    assert unparse(parse(f"(({source}))")) == source


@pytest.mark.parametrize(
    ("source", "code", "position", "params"),
    [
        pytest.param("", "expression_empty", 0, {}, id="nothing"),
        pytest.param(
            "${a} == 1", "expression_c_operator", 5, {"found": "==", "instead": "="}, id="=="
        ),
        pytest.param(
            "${a} && ${b}", "expression_c_operator", 5, {"found": "&&", "instead": "and"}, id="&&"
        ),
        pytest.param(
            "${a} || ${b}", "expression_c_operator", 5, {"found": "||", "instead": "or"}, id="||"
        ),
        pytest.param("1 / 2", "expression_c_operator", 2, {"found": "/", "instead": "div"}, id="/"),
        pytest.param("1 % 2", "expression_c_operator", 2, {"found": "%", "instead": "mod"}, id="%"),
        pytest.param(
            "!${a}", "expression_c_operator", 0, {"found": "!", "instead": "not()"}, id="!"
        ),
        pytest.param(
            "$a = 'x'",
            "expression_bare_reference",
            0,
            {"found": "$a", "instead": "${a}"},
            id="braces forgotten",
        ),
        pytest.param(
            "${a} = yes", "expression_bare_name", 7, {"name": "yes"}, id="quotes forgotten"
        ),
        pytest.param("${a = 1", "expression_unclosed_reference", 0, {}, id="brace open"),
        pytest.param("${a} = 'yes", "expression_unclosed_text", 7, {}, id="quote open"),
        pytest.param("(1 + 2", "expression_unfinished", 6, {"expected": ")"}, id="bracket open"),
        pytest.param("1 +", "expression_unfinished", 3, {}, id="operand missing"),
        pytest.param("1 2", "expression_syntax", 2, {"found": "2"}, id="operator missing"),
        pytest.param("1 + \x00", "expression_syntax", 4, {"found": "\x00"}, id="control character"),
        pytest.param(
            ". > 3", "expression_dot", 0, {"found": "."}, id="this answer, where there is none"
        ),
        pytest.param("${last-saved#a}", "expression_last_saved", 0, {}, id="last saved"),
        pytest.param("uuid()", "expression_refused_function", 0, {"function": "uuid"}, id="uuid"),
        pytest.param("once(1)", "expression_refused_function", 0, {"function": "once"}, id="once"),
        pytest.param(
            "pulldata('f','a','b','c')",
            "expression_refused_function",
            0,
            {"function": "pulldata"},
            id="pulldata",
        ),
        pytest.param(
            "instance('x')",
            "expression_refused_function",
            0,
            {"function": "instance"},
            id="instance",
        ),
        pytest.param(
            "selcted(${a}, 'x')",
            "expression_unknown_function",
            0,
            {"nearest": "selected"},
            id="misspelt function",
        ),
        pytest.param(
            "if(1)",
            "expression_arguments",
            0,
            {"found": 1, "least": 3, "most": "3"},
            id="too few arguments",
        ),
        pytest.param(
            "jr:choice-name('x', 'a')",
            "expression_choice_name",
            20,
            {},
            id="choice name of no field",
        ),
        pytest.param("9999999999999999", "expression_number", 0, {}, id="more than 1e15"),
        pytest.param("0.1234567890123456", "expression_number", 0, {}, id="more than 15 digits"),
    ],
)
def test_a_refused_source_says_where_and_what_instead(source, code, position, params):
    problem = refusal(source)
    assert problem.code == code
    assert problem.params["position"] == position
    assert params.items() <= dict(problem.params).items()


@pytest.mark.parametrize(
    "source",
    [
        "().__class__.__bases__[0]",
        "__import__('os').system('id')",
        "${a}.__class__",
        "lambda: 1",
        "[x for x in (1,2)]",
        "'%s' % 'x'",
        "f'{1}'",
        "{{ 7*7 }}",
        "eval('1')",
        "${a} = open('/etc/passwd')",
        "true.__call__()",
    ],
)
def test_code_of_other_languages_is_refused_when_it_is_written(source):
    """Trust A06."""
    assert refusal(source).code.startswith("expression_")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        pytest.param("1" + " " * 4096, "expression_too_long", id="4 kB of source"),
        pytest.param("'" + "é" * 2048 + "'", "expression_too_long", id="4 kB are bytes"),
        pytest.param("(" * 2000 + "1" + ")" * 2000, "expression_too_deep", id="brackets"),
        pytest.param("-" * 4000 + "1", "expression_too_deep", id="minus signs"),
        pytest.param("not(" * 33 + "true()" + ")" * 33, "expression_too_deep", id="33 functions"),
        pytest.param("1" + "+1" * 40, "expression_too_deep", id="a long sum"),
        pytest.param(
            "concat(" + ",".join(["1"] * 1000) + ")", "expression_too_big", id="1001 nodes"
        ),
    ],
)
def test_sources_beyond_the_limits_are_refused_when_they_are_written(source, code):
    """Trust A07."""
    assert refusal(source).code == code


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("1" + " " * 4095, id="4 kB"),
        pytest.param("not(" * 32 + "true()" + ")" * 32, id="depth 32"),
        pytest.param("(" * 32 + "1" + ")" * 32, id="32 brackets"),
        pytest.param("concat(" + ",".join(["1"] * 999) + ")", id="1000 nodes"),
        pytest.param(" or ".join(["true()"] * 400), id="a long chain"),
    ],
)
def test_the_limits_themselves_are_allowed(source):
    assert parse(unparse(parse(source))) == parse(source)


def test_a_dot_is_the_field_it_stands_at():
    assert parse(". > 3", this="OPG-B5") == parse("${OPG-B5} > 3")


def test_references_are_every_field_once():
    tree = parse("selected(${a}, 'x') and ${b} > sum(${c}) and jr:choice-name(${a}, '${d}') = ''")
    assert references(tree) == {"a", "b", "c", "d"}


def test_json_names_operators_functions_fields_and_literals():
    assert to_json(parse("not(${a} = 'x') or -1.50 < 2")) == {
        "operator": "or",
        "operands": [
            {
                "function": "not",
                "operands": [{"operator": "=", "operands": [{"field": "a"}, {"text": "x"}]}],
            },
            {
                "operator": "<",
                "operands": [
                    {"operator": "-", "operands": [{"number": "1.5"}]},
                    {"number": "2"},
                ],
            },
        ],
    }
