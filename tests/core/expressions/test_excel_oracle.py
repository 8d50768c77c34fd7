"""LibreOffice computes what `evaluate` gives: a row an expression, with its answers beside it."""

import csv
import shutil
import subprocess
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, seed, settings

from survey.core.expressions.evaluate import Column, compile_expression, truth
from survey.core.expressions.excel import NotInExcel, to_excel
from survey.core.expressions.kinds import kind_of
from survey.core.expressions.parse import parse
from survey.core.expressions.tree import unparse
from survey.core.expressions.values import numeral
from tests.core.expressions.trees import NOW, SCOPE, answers, conditions, number_trees, text_trees

COLUMN_ROWS = 4
CELLS = [*(code for code in SCOPE if code not in ("many", "col")), "many:x", "many:y", "many:z"]
CELLS += [f"col:{place}" for place in range(COLUMN_ROWS)]
FIRST = 2  # columns of answers come after the expression and its result
CORNERS = [
    "${n1} = ${n2}",
    "${n1} != ${n2}",
    "${n1} + 0.1 + 0.2 = ${n1} + 0.3",
    "1 div 3 * 3 = 1",
    "${n1} div 0 = ''",
    "-7 mod 3 = -1",
    "7 mod -3 = 1",
    "5.5 mod 0.1 = 0",
    "round(-2.5) = -3",
    "round(2.675, 2) = 2.68",
    "'A' = 'a'",
    "${level} >= 3",
    "${level} = 3",
    "${level} = ''",
    "'2024' < '2024-05'",
    "${d1} <= '2024-05'",
    "${d1} = ${d2}",
    "today() >= '2024-01-01'",
    "selected(${many}, 'x') and not(selected(${many}, 'y'))",
    "${many} = 'x'",
    "count-selected(${many})",
    "sum(${col}) > 3",
    "max(${col})",
    "min(${col}, ${n1})",
    "count-non-empty(${col})",
    "coalesce(${n1}, 0) + coalesce(${n2}, 0)",
    "if(${ask} = 'yes', ${t1}, '')",
    "concat(${t1}, '-', ${t2})",
    "substr(${t1}, 1, 3)",
    "string-length(${t1})",
    "true() = (${n1} = ${n1})",
    "boolean-from-string('true')",
]


def cell_address(row, cell):
    return xlsxwriter.utility.xl_rowcol_to_cell(row, FIRST + CELLS.index(cell), True, True)


def operand(row):
    def address(code, choice):
        if code == "col":
            return f"{cell_address(row, 'col:0')}:{cell_address(row, f'col:{COLUMN_ROWS - 1}')}"
        return cell_address(row, f"{code}:{choice}" if choice else code)

    return address


def shown(value):
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return numeral(round(value, 9)) if isinstance(value, Decimal) else value


def generated(strategy, many):
    found = []

    @seed(20261123)
    @settings(
        max_examples=many,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy, answers())
    def collect(tree, values):
        found.append((tree, values))

    collect()
    return found


def cases():
    corners = [(parse(source), values) for source in CORNERS for _, values in SAMPLES]
    return [
        *corners,
        *generated(conditions(), 250),
        *generated(number_trees(2, True), 100),
        *generated(text_trees(2, True), 60),
    ]


ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
SAMPLES = generated(conditions(1), 4)


def write_answers(sheet, row, values):
    for code, value in values.items():
        if code == "many":
            for choice in "xyz":
                sheet.write_number(row, FIRST + CELLS.index(f"many:{choice}"), choice in value)
        elif isinstance(value, Column):
            for place, each in enumerate((*value, "", "", "", "")[:COLUMN_ROWS]):
                write(sheet, row, FIRST + CELLS.index(f"col:{place}"), each)
        else:
            write(sheet, row, FIRST + CELLS.index(code), value)


def write(sheet, row, column, value):
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value))
    elif value:
        sheet.write_string(row, column, value)
    else:
        sheet.write_formula(row, column, '=""', None, "")


@pytest.mark.libreoffice
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_computes_what_evaluate_gives(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "oracle.xlsx"))
    sheet = book.add_worksheet()
    expected = []
    for tree, values in cases():
        row = len(expected)
        try:
            formula = to_excel(tree, SCOPE, operand(row))
        except NotInExcel:
            continue
        write_answers(sheet, row, values)
        sheet.write_string(row, 0, unparse(tree))
        sheet.write_formula(row, 1, "=" + formula)
        result = compile_expression(tree, SCOPE)(values.__getitem__, NOW)
        if kind_of(tree, SCOPE) == "boolean":
            result = truth(result)
        expected.append((shown(result), unparse(tree), values, formula))
    book.close()

    found = recalculated(tmp_path)

    assert len(found) == len(expected) > 300
    different = [
        (was, *rest) for was, rest in zip(found, expected, strict=True) if as_shown(was) != rest[0]
    ]
    assert not different, "\n".join(map(str, different[:10]))


def as_shown(cell):
    try:
        return shown(Decimal(cell))
    except ArithmeticError:
        return cell


def recalculated(folder):
    """The second column of the sheet, computed by LibreOffice."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false",
            "--outdir",
            folder,
            folder / "oracle.xlsx",
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    with (folder / "oracle.csv").open(encoding="utf-8", newline="") as lines:
        return [line[1] for line in csv.reader(lines)]
