"""What expressions give, above all in the dark corners of trust.md 3.3 (E2)."""

from datetime import datetime
from decimal import Decimal

import pytest

from survey.core.expressions.closures import MOST_STEPS
from survey.core.expressions.evaluate import POSITION, Column, compile_expression, truth
from survey.core.expressions.kinds import Reference
from survey.core.expressions.parse import parse

NOW = datetime(2026, 11, 23, 23, 59, 59)  # noqa: DTZ001 - the clock of the caller, as it shows
SCOPE = {
    "n": Reference("number"),
    "zero": Reference("number"),
    "none": Reference("number"),
    "void": Reference("number"),
    "level": Reference("choice", frozenset("01234")),
    "ask": Reference("choice", frozenset({"yes", "no"})),
    "blank": Reference("choice", frozenset({"yes", "no"})),
    "many": Reference("multiple", frozenset({"x", "y", "z"})),
    "t": Reference("text"),
    "long": Reference("text"),
    "day": Reference("date"),
    "month": Reference("date"),
    "year": Reference("date"),
    "flag": Reference("boolean"),
    "unset": Reference("boolean"),
    "col": Reference("number", roster="R"),
    "words": Reference("text", roster="R"),
    "huge": Reference("number", roster="H"),
}
VALUES = {
    "n": Decimal("2.5"),
    "zero": Decimal(0),
    "level": "3",
    "ask": "yes",
    "many": ("x", "y"),
    "t": "Óscar",
    "long": "x" * 20_000,
    "day": "2024-05-01",
    "month": "2024-05",
    "year": "2024",
    "flag": True,
    "col": Column([Decimal(3), "", Decimal(-1)]),
    "words": Column(["b", "", "a"]),
    "huge": Column([Decimal(1)] * (MOST_STEPS // 2)),
}


def value(source, values=VALUES, **places):
    run = compile_expression(parse(source), SCOPE, **places)
    return run(lambda code: values.get(code, ""), NOW)


def case(source, expected, id=""):
    return pytest.param(source, expected, id=id or source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        case("${none} = ''", True),
        case("${none} != 'x'", True),
        case("${blank} != 'no'", True),
        case("${blank} = 'no'", False),
        case("${none} = 0", False),
        case("${none} != 0", True),
        case("${none} < 1", False),
        case("${none} >= 0", False),
        case("${none} = ${void}", True, "two empty numbers are equal"),
        case("${none} != ${n}", True),
        case("${none} + 1", ""),
        case("-${none}", ""),
        case("${none} + 1 = ''", True),
        case("coalesce(${none}, 0) + 1", Decimal(1)),
        case("${zero} = ''", False, "zero is not empty"),
        case("${many} = ''", False),
        case("${unset} = ''", True),
        case("${flag} = ''", False),
        case("${unset}", ""),
        case("not(${unset})", True),
        case("abs(${none})", ""),
        case("string-length(${blank})", Decimal(0)),
        case("'' < 3", False),
        case("'' = ''", True),
    ],
)
def test_what_is_empty_reads_as_the_empty_text(source, expected):
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        case("-2 * -2", Decimal(4)),
        case("2 - 3 - 4", Decimal(-5)),
        case("2 + 3 * 4", Decimal(14)),
        case("7 div 2", Decimal("3.5")),
        case("7 mod 3", Decimal(1)),
        case("-7 mod 3", Decimal(-1), "modulo has the sign of the left"),
        case("7 mod -3", Decimal(1)),
        case("0.1 + 0.2 = 0.3", True, "decimals are exact"),
        case("1 div 3 * 3 = 1", True, "computed numbers are compared rounded"),
        case("1 div 3 * 3 >= 1", True, "computed numbers are ordered rounded"),
        case("int(1 div 3 * 3)", Decimal(1)),
        case("1 div 0", ""),
        case("0 div 0", ""),
        case("1 mod 0", ""),
        case("1000000000000000 * 10", "", "beyond 1e15"),
        case("pow(9, pow(9, 9))", ""),
        case("pow(0, 0)", ""),
        case("pow(-8, 0.5)", ""),
        case("pow(2, 10)", Decimal(1024)),
        case("9007199254740993 = 9007199254740992", "refused", "2^53 is beyond 15 digits"),
        case("900719925474099 + 1 = 900719925474100", True),
        case("round(2.5)", Decimal(3), "half away from zero"),
        case("round(-2.5)", Decimal(-3)),
        case("round(2.675, 2)", Decimal("2.68")),
        case("round(1250, -2)", Decimal(1300)),
        case("round(1, 99)", ""),
        case("int(-2.7)", Decimal(-2)),
        case("number('12')", Decimal(12)),
        case("number(' 12.50 ')", Decimal("12.5")),
        case("number('1,5')", "", "a decimal comma is no number"),
        case("number('1e5')", ""),
        case("number('٣')", "", "digits of other scripts are no number"),
        case("number('')", ""),
        case("number(true())", Decimal(1)),
        case("(${ask} = 'yes') + (${level} = '3')", Decimal(2)),
    ],
)
def test_numbers(source, expected):
    if expected == "refused":
        with pytest.raises(ValueError, match="expression_number"):
            parse(source)
    else:
        assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        case("${level} >= 3", True),
        case("'3' >= 3", True),
        case("'12' = 12", True),
        case("'12' = '12.0'", False, "two texts are compared as texts"),
        case("${n} = '2.50'", True),
        case("${t} = 3", False, "a word is no number"),
        case("${t} != 3", True),
        case("${t} > 'A'", False, "order is of numbers"),
        case("${t} = 'óscar'", False),
        case("'I' = 'ı'", False, "no language folds letters"),
        case("${t} = 'O\u0301scar'", True, "literals are composed"),
        case("true() = 'false'", True, "the text 'false' is true, as in XPath"),
        case("boolean-from-string('false')", False),
        case("boolean('false')", True),
        case("boolean(0)", False),
        case("string(true())", "true"),
        case("true() = 1", True),
        case("${flag} = true()", True),
        case("${many} = 'x y'", True, "a multiple choice is its codes"),
        case("${many} = 'x'", False),
        case("1 < 2 = true()", True),
    ],
)
def test_comparisons(source, expected):
    assert value(source) is expected or value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        case("${year} < ${month}", False, "a year is not before a month of it"),
        case("${year} > ${month}", False),
        case("${year} <= ${day}", True),
        case("${year} = ${day}", True),
        case("${month} < '2024-06'", True),
        case("${day} < '2024-05-02'", True),
        case("${day} < today()", True),
        case("today()", "2026-11-23"),
        case("now()", "2026-11-23T23:59:59"),
        case("now() >= today()", True),
        case("today() - ${day}", Decimal(936)),
        case("decimal-date-time('1970-01-02')", Decimal(1)),
        case("decimal-date-time('1969-12-31')", Decimal(-1)),
        case("decimal-date-time('1899-12-31')", Decimal(-25568), "before the dates of Excel"),
        case("decimal-date-time(${month})", "", "a partial date has no number"),
        case("decimal-date-time('2024-02-30')", "", "no such day has a number"),
        case("date(59)", "1970-03-01"),
        case("date('2024-02-30')", "", "no such day"),
        case("date('2024-02-29')", "2024-02-29"),
        case("date(999999999)", ""),
        case("format-date(${day}, '%d/%m/%y')", "01/05/24"),
        case("format-date(${month}, '%n of %Y')", "5 of 2024"),
        case("format-date(${month}, '%d')", "", "a month has no day"),
        case("format-date(now(), '%H:%M %e')", "23:59 23"),
    ],
)
def test_dates_may_be_partial(source, expected):
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        case("concat('a', ${n}, ${none}, true())", "a2.5true"),
        case("concat(1.50, '')", "1.5"),
        case("concat(1 div 3, '')", "0.333333333333333"),
        case("concat(0.0000001, '')", "0.0000001", "no exponent"),
        case("concat(${long}, ${long})", "", "longer than 32 kB"),
        case("string-length('𝔸')", Decimal(1), "a character is a code point"),
        case("substr('abcdef', 1, 3)", "bc"),
        case("substr('abcdef', 4)", "ef"),
        case("substr('abcdef', -2)", "ef"),
        case("substr('abc', 9)", ""),
        case("substring-before('a-b-c', '-')", "a"),
        case("substring-before('abc', '-')", ""),
        case("substring-after('a-b-c', '-')", "b-c"),
        case("substring-after('abc', '')", "abc"),
        case("normalize-space('  a \n b ')", "a b"),
        case("translate('abcabc', 'ab', 'x')", "xcxc"),
        case("contains('abc', '')", True),
        case("starts-with('abc', 'ab')", True),
        case("ends-with('abc', 'bc')", True),
        case("regex('ABC-12', '[A-Z]+-[0-9]+')", True),
        case("regex('xABC-12x', '[A-Z]+-[0-9]+')", False, "the whole text has to match"),
        case("regex('', '')", True),
        case("regex('a', '(')", False, "a broken pattern matches nothing"),
        case("join('-', 'a', '', 'b')", "a-b"),
        case("jr:choice-name(${ask}, '${ask}')", "yes", "without labels the code"),
    ],
)
def test_texts(source, expected):
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        case("selected(${many}, 'x')", True),
        case("selected(${many}, 'z')", False),
        case("selected(${ask}, 'yes')", True),
        case("selected(${ask}, 'ye')", False),
        case("selected(${blank}, '')", False),
        case("count-selected(${many})", Decimal(2)),
        case("count-selected(${blank})", Decimal(0)),
        case("selected-at(${many}, 1)", "y", "from 0"),
        case("selected-at(${many}, 2)", ""),
        case("selected-at(${many}, -1)", ""),
        case("if(${ask} = 'yes', 1, 0)", Decimal(1)),
        case("if(${ask} = 'yes', 'a', 1 div 0)", "a", "the other branch is not looked at"),
        case("if(${ask} = 'no', 1, '')", ""),
        case("if(true(), 1, 'x')", "1", "kinds that differ meet as text"),
        case("coalesce('', ${blank}, ${level})", "3"),
        case("${ask} = 'no' and 1 div 0 > 0", False),
    ],
)
def test_choices_and_branches(source, expected):
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        case("sum(${col})", Decimal(2), "empty rows are left out"),
        case("sum(${n}, ${none}, 1)", Decimal("3.5")),
        case("sum(${none})", Decimal(0)),
        case("min(${col})", Decimal(-1)),
        case("max(${col}, 7)", Decimal(7)),
        case("min(${none})", "", "the least of nothing is nothing"),
        case("count(${col})", Decimal(3), "rows"),
        case("count-non-empty(${col})", Decimal(2)),
        case("join(', ', ${words})", "b, a"),
        case("indexed-repeat(${col}, ${R}, 3)", Decimal(-1)),
        case("indexed-repeat(${col}, ${R}, 2)", ""),
        case("indexed-repeat(${col}, ${R}, 4)", ""),
        case("indexed-repeat(${words}, ${R}, 1)", "b"),
        case("${col} > 1", False, "a column is no value outside its row"),
    ],
)
def test_aggregates_read_columns_from_outside(source, expected):
    assert value(source) == expected


def test_an_aggregate_of_no_rows():
    empty = {"col": Column()}
    sources = ["sum(${col})", "count(${col})", "min(${col})", "join(',', ${col})"]
    assert [value(source, empty) for source in sources] == [0, 0, "", ""]


def test_inside_its_row_a_column_is_the_value_of_the_row():
    row = {"col": Decimal(3), POSITION: Decimal(2)}
    assert value("${col} > 1 and position(..) = 2", row, row_of="R") is True


def test_a_choice_is_named_by_who_knows_labels():
    labels = {("ask", "yes"): "Sí"}
    source = (
        "concat('«', jr:choice-name(${ask}, '${ask}'), jr:choice-name(${blank}, '${ask}'), '»')"
    )
    assert value(source, choice_name=lambda *key: labels[key]) == "«Sí»"


def test_more_steps_than_allowed_give_nothing():
    """Trust A07: 1e6-row sums."""
    assert value("sum(${huge}, ${huge})") == MOST_STEPS
    assert value("sum(${huge}, ${huge}, ${col})") == ""


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){20}"])
def test_patterns_that_take_other_engines_for_ever_are_instant(pattern):
    """Trust A08."""
    values = {"t": "a" * 32_000 + "!"}
    assert value(f"regex(${{t}}, '{pattern}')", values) is False


@pytest.mark.parametrize("text", ["\ud800", "\x00", "é" * 100_000])
def test_patterns_meet_any_text(text):
    assert value("regex(${t}, '[a-z]')", {"t": text}) is False


@pytest.mark.parametrize(
    ("held", "is_true"),
    [("", False), ("false", True), (Decimal(0), False), (Decimal("0.1"), True), ((), False),
     (("x",), True), (True, True), (False, False), (Decimal("NaN"), True)],
)  # fmt: skip
def test_truth_of_a_value(held, is_true):
    assert truth(held) is is_true
