"""A written workbook against the limits of Excel; that LibreOffice opens it proves nothing."""

import io
import re
import zipfile
from xml.dom import minidom

import msgspec
import pytest

from survey.core.answers import Answer
from survey.core.instrument import Check
from survey.core.problems import Severity
from survey.workbooks.conditions import depth
from survey.workbooks.formulas import filled_in, quoted
from tests.workbooks.books import written
from tests.workbooks.instruments import EVERY_TYPE, choice, field, question, text, words
from tests.workbooks.opened import formulas, opened
from tests.workbooks.test_write import Shouting

ORDER = [
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData",
    "sheetProtection", "autoFilter", "mergeCells", "conditionalFormatting", "dataValidations",
    "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks",
    "colBreaks", "ignoredErrors", "drawing", "legacyDrawing", "extLst",
]  # fmt: skip
EXCEL_2010 = {
    "ABS", "AND", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "DAY", "EXACT", "FALSE", "FIND", "IF",
    "IFERROR", "INDEX", "INT", "ISERROR", "ISNUMBER", "LEFT", "LEN", "MATCH", "MAX", "MIN",
    "MONTH", "N", "NA", "NOT", "OR", "POWER", "RIGHT", "ROUND", "ROW", "SEARCH", "SUBSTITUTE",
    "SUM", "SUMIF", "SUMPRODUCT", "TODAY", "TRIM", "TRUE", "VALUE", "YEAR",
}  # fmt: skip


def excessive():
    """A questionnaire of extremes: 300 choices, labels with every sign, long words."""
    many = tuple(choice(f"c{n}", f"Choice number {n}? *~ “x” " + "y" * 40) for n in range(300))
    long = (choice("a", "L" * 300), choice("b", "L" * 299 + "M"))
    shout = Check(
        code="OPG-X1-c1",
        when="${OPG-X1} = 'c1'",
        severity=Severity.WARNING,
        message=text('He said "no" ' * 90),
        fields=("OPG-X1",),
    )
    section = msgspec.structs.replace(
        EVERY_TYPE.sections[0],
        code="OPG-X",
        title=text("[Sheet]: 'x' / \\ ? * " + "😀" * 30),
        questions=(
            question("OPG-X1", "Stem " * 300, field("OPG-X1", "select_one", list="many"),
                     checks=(shout,), help=text("Help " * 1_500)),
            question("OPG-X2", "Marks", field("OPG-X2", "select_multiple", list="many"),
                     relevant="${OPG-X1} != 'c2'"),
            question("OPG-X3", "Long labels", field("OPG-X3", "select_one", list="long"),
                     relevant=" or ".join(f"selected(${{OPG-X2}}, 'c{n}')" for n in range(80))),
            question("OPG-X4", "Text", field("OPG-X4", "long_text")),
        ),
    )  # fmt: skip
    return msgspec.structs.replace(
        EVERY_TYPE,
        title=text("T" * 300),
        sections=(section, *EVERY_TYPE.sections),
        lists={**EVERY_TYPE.lists, "many": many, "long": long},
    )


FULL = {
    "OPG-X1": Answer(fields={"OPG-X1": "c1"}, remark=words("r" * 4_000)),
    "OPG-X2": Answer(fields={"OPG-X2": [f"c{n}" for n in range(300)]}),
    "OPG-X3": Answer(fields={"OPG-X3": "b"}),
    "OPG-X4": Answer(fields={"OPG-X4": words("Ñandú 😀 «x»\n" * 300)}),
}


@pytest.fixture(scope="module", params=["small", "excessive", "translated"])
def content(request):
    given = {
        "small": {},
        "excessive": {"instrument": excessive(), "answers": FULL, "country": "C" * 300},
        "translated": {"words": Shouting(), "round_title": "&R & Ronda"},
    }
    return written(**given[request.param])[0].getvalue()


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_every_part_is_well_formed_and_in_the_order_of_the_standard(content):
    for name, part in parts(content).items():
        root = minidom.parseString(part).documentElement  # noqa: S318  # our own file
        if name.startswith("xl/worksheets/sheet"):
            places = [ORDER.index(child.tagName) for child in root.childNodes]
            assert places == sorted(places), name
        assert b"vbaProject" not in part
        assert b"_xlfn" not in part


def test_formulas_are_within_the_limits_of_excel_2010(content):
    for sheet, cell, formula in formulas(opened(content)):
        bare = re.sub(r'"(?:[^"]|"")*"', '""', formula)
        assert len(formula) <= 8_192, (sheet, cell)
        assert depth(formula) <= 64, (sheet, cell)
        assert set(re.findall(r"([A-Z.0-9]+)\(", bare)) <= EXCEL_2010, formula
        literals = re.findall(r'"((?:[^"]|"")*)"', formula)
        assert all(len(each.replace('""', '"')) <= 255 for each in literals), (sheet, cell)


def test_rules_for_typing_are_within_limits_and_only_where_people_type(content):
    for sheet in opened(content):
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.errorTitle or "") <= 32
            assert len(rule.promptTitle or "") <= 32
            assert len(rule.error or "") <= 255
            assert len(rule.prompt or "") <= 255
            assert len(rule.formula1 or "") <= 255
            if rule.type == "list":
                assert re.fullmatch(r"lists!\$[A-Z]+\$2:\$[A-Z]+\$\d+", rule.formula1)
            for area in rule.sqref.ranges:
                assert not sheet.cell(area.min_row, area.min_col).protection.locked


def test_names_texts_rows_and_merges_are_within_limits(content):
    book = opened(content)
    names = [sheet.title for sheet in book]
    assert len({name.casefold() for name in names}) == len(names)
    for sheet in book:
        assert len(sheet.title.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]", sheet.title)
        assert not sheet.title.startswith("'")
        assert not sheet.title.endswith("'")
        assert all(d.height <= 409.5 for d in sheet.row_dimensions.values() if d.height)
        taken = [cell for area in sheet.merged_cells.ranges for row in area.rows for cell in row]
        assert len(taken) == len(set(taken))
        for row in sheet.iter_rows():
            assert all(len(str(cell.value or "")) <= 32_767 for cell in row)


def test_the_line_below_a_page_is_within_limits_and_reads_as_written(content):
    for name, part in parts(content).items():
        if name.startswith("xl/worksheets/sheet"):
            found = re.search(rb"<oddFooter>(.*?)</oddFooter>", part)
            assert not found or len(found[1].decode()) <= 255


@pytest.mark.parametrize("words_", ["", 'a "b" c', "x" * 600, '"' * 400])
def test_a_text_in_a_formula_is_quoted_and_never_too_long(words_):
    formula = quoted(words_)
    literals = re.findall(r'"((?:[^"]|"")*)"', formula)
    assert "".join(each.replace('""', '"') for each in literals) == words_
    assert all(len(each) <= 255 for each in literals)


def test_references_take_the_place_of_names_in_a_sentence():
    assert filled_in("{done} of {asked} answered", done="D1", asked="C1") == (
        'D1&" of "&C1&" answered"'
    )
    assert filled_in("nothing") == '"nothing"'
