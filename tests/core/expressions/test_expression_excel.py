"""Formula text: what it says, what it leaves to the return, and Excel's limits."""

import re

import pytest

from survey.core.expressions.excel import NotInExcel, to_excel
from survey.core.expressions.parse import parse
from tests.core.expressions.trees import SCOPE

# Functions that Excel 2010 knows under the names they have in a file.
OF_EXCEL_2010 = (
    "ABS AND CHAR COUNT DAY EXACT FIND IF IFERROR INDEX INT ISERROR ISNUMBER LEFT LEN MATCH "
    "MAX MID MIN MONTH N NA NOT OR POWER RIGHT ROUND SIGN SUBSTITUTE SUM SUMPRODUCT TODAY "
    "TRIM TRUNC YEAR "
)


def operand(code, choice):
    return f"{code}_{choice}" if choice else code


def formula(source, scope=SCOPE, **places):
    return to_excel(parse(source), scope, operand, **places)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("${ask} = 'yes'", 'EXACT(ask,"yes")'),
        ("${ask} != 'yes'", 'NOT(EXACT(ask,"yes"))'),
        ("${ask} = ''", "(LEN(ask)=0)"),
        ("${n1} > 3", "IFERROR(IF(ISNUMBER(n1),n1,NA())>3,FALSE)"),
        ("selected(${many}, 'x')", "(N(many_x)<>0)"),
        ("${t1} = 'say \"so\"'", 'EXACT(t1,"say ""so""")'),
        ("${t1} = '=1+1'", 'EXACT(t1,"=1+1")'),
        ("sum(${col})", 'IFERROR((SUM(col)),"")'),
        ("1 div 0", 'IFERROR((1/0),"")'),
    ],
)
def test_a_formula_reads_as_expected(source, text):
    assert formula(source) == text


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("regex(${t1}, 'a+')", "regex"),
        ("join(',', ${col})", "join"),
        ("count(${col})", "count"),
        ("${col}", "multiple"),
        ("now() > today()", "now"),
        ("today() - ${d1} > 30", "number"),
        ("decimal-date-time(${d1}) > 1", "decimal-date-time"),
        ("number(${t1}) > 1", "number"),
        ("concat(${n1}, '')", "text of a number"),
        ("selected(${many}, ${t1})", "selected"),
        ("jr:choice-name(${ask}, '${ask}')", "jr:choice-name"),
        ("translate(${t1}, 'a', 'b')", "translate"),
        ("position(..)", "position"),
        ("indexed-repeat(${col}, ${R}, 1)", "indexed-repeat"),
        ("${t1} = '" + "x" * 256 + "'", "literal"),
        ("${t1} = 'a\nb'", "literal"),
        ("int(" * 31 + "${n1}" + ")" * 31, "deep"),
        (" or ".join(["${n1} mod ${n2} mod ${n1} mod ${n2} mod ${n1} > 1"] * 20), "long"),
    ],
)
def test_what_excel_cannot_say_is_left_to_the_return(source, reason):
    with pytest.raises(NotInExcel) as caught:
        formula(source)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "source",
    [
        "coalesce(${n1}, ${n2}) mod 2 = 1 and today() > ${d1}",
        "round(abs(pow(${n1}, 2)), 1) + int(${n2}) > max(${col}, ${n1})",
        "substring-before(normalize-space(concat(${t1}, 'a')), 'a') = substr(${t2}, 1, 2)",
        "count-selected(${many}) + count-non-empty(${col}) + string-length(${t1}) > 1",
        "contains(${t1}, 'a') or starts-with(${t1}, 'b') or ends-with(${t1}, 'c')",
        "if(${level} >= 2, ${level} + 1, -1) = 3",
    ],
)
def test_formulas_have_only_functions_of_excel_2010(source):
    outside_texts = re.sub(r'"[^"]*"', "", formula(source))
    assert set(re.findall(r"([A-Z_.]+)\(", outside_texts)) <= set(OF_EXCEL_2010.split())


def test_inside_its_row_a_column_is_a_cell():
    assert formula("${col} > 3", row_of="R") == "IFERROR(IF(ISNUMBER(col),col,NA())>3,FALSE)"
