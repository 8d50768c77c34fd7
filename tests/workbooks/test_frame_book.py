"""The spreadsheet of a frame: texts stay texts, numbers are numbers, sheets filter and print."""

import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from survey.workbooks.frame_book import (
    Claim,
    Column,
    Coverage,
    FrameBook,
    Level,
    Link,
    Number,
    Overview,
    Table,
)
from survey.workbooks.frame_write import (
    MOST_LINES,
    number_format,
    pieces,
    sheet_names,
    write_frame,
)
from survey.workbooks.styles import LEVELS

COLUMNS = (
    Column("No.", 6),
    Column("Answer", 40),
    Column("Level", 7, "centre"),
    Column("Your reading", 9, "reading"),
    Column("Your notes", 30, "notes"),
)


def table(*rows, name="Answers"):
    return Table(name=name, title="Answers", note="", columns=COLUMNS, rows=rows)


def overview(claims=(), coverage=(), name="Overview"):
    return Overview(
        name=name,
        title="Valdoria 2026",
        lines=("Only for the panel",),
        lists=(("Facts", ("=1+1", "two")), ("Settle", ())),
        level_names=("a", "b", "c", "d", "e"),
        claims_title="Levels",
        claims_heads=("No.", "Question", "Dimension", "Level", "In words"),
        claims=claims,
        coverage_title="Answered",
        coverage_heads=("Dimension", "Levels", "Median"),
        kinds=("Answered", "In part", "Not answered", "N/A", "No information", "Withheld"),
        coverage=coverage,
        elements_title="Elements",
        elements_heads=("Element", "Levels", "Median"),
        elements=(),
        note="No average.",
    )


def written(*tables, **more):
    """The bytes of a spreadsheet, and the same opened."""
    book = FrameBook(
        title="Valdoria & Montalva 2026",
        subject="Frame",
        classification="Only for the panel",
        reader="Exported by Beatriz, 23 November 2026",
        page="Page &P of &N",
        overview=more.pop("overview", overview()),
        tables=tables or (table(("A1", "yes", None)),),
        **more,
    )
    target = io.BytesIO()
    write_frame(target, book)
    return target.getvalue(), load_workbook(target)


@pytest.mark.parametrize("text", ["=1+1", "+41", "-5", "@SUM(A1)", "https://x.example", "007"])
def test_a_text_stays_a_text_whatever_it_begins_with(text):
    _, book = written(table(("A1", text, None)))

    cell = book["Answers"]["B4"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_there_is_no_formula_in_the_file():
    content, _ = written(table(("A1", "=cmd|'/c calc'!A0", None)))

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert sheets
        assert not [name for name in sheets if b"<f>" in parts.read(name)]


@pytest.mark.parametrize(
    ("number", "value", "shown"),
    [
        (Number(Decimal("1480")), 1480, "#,##0"),
        (Number(Decimal("3.5")), 3.5, "#,##0.0"),
        (Number(Decimal("38"), percent=True), 0.38, "0%"),
        (Number(Decimal("12.25"), percent=True), 0.1225, "0.00%"),
        (Number(Decimal("0")), 0, "#,##0"),
        (Number(Decimal("2026"), grouped=False), 2026, "0"),
    ],
    ids=str,
)
def test_a_number_is_a_number_with_the_decimals_it_has(number, value, shown):
    _, book = written(table(("A1", number, None)))

    cell = book["Answers"]["B4"]
    assert (cell.value, cell.number_format) == (value, shown)
    assert number_format(number) == shown


@pytest.mark.parametrize("level", range(5))
def test_a_level_is_a_digit_in_its_tone(level):
    _, book = written(table(("A1", "", Level(level))))

    cell = book["Answers"]["C4"]
    assert (cell.value, "#" + cell.fill.fgColor.rgb[2:]) == (level, LEVELS[level][0])


def test_a_link_opens_its_address_and_shows_its_text():
    _, book = written(table(("A1", Link("The law", "https://x.example/law"), None)))

    cell = book["Answers"]["B4"]
    assert (cell.value, cell.hyperlink.target) == ("The law", "https://x.example/law")


def test_a_sheet_filters_keeps_its_head_and_prints_it_on_every_page():
    _, book = written(table(*[("A1", "yes", None)] * 80))

    sheet = book["Answers"]
    assert sheet.auto_filter.ref == "A3:E83"
    assert sheet.freeze_panes == "C4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert len(sheet.row_breaks.brk) >= 1


def test_who_exported_it_and_for_whom_it_is_prints_on_every_sheet():
    _, book = written()

    for sheet in book:
        assert "Only for the panel" in sheet.oddHeader.left.text
        assert "Valdoria && Montalva" in sheet.oddHeader.right.text
        assert "Beatriz" in sheet.oddFooter.left.text


def test_a_reading_is_a_level_and_nothing_else():
    _, book = written(table(("A1", "yes", Level(2))))

    (rule,) = book["Answers"].data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("D4", '"0,1,2,3,4"')


def test_a_long_text_goes_on_in_rows_that_repeat_the_question():
    text = " ".join(f"Sentence number {n} says a little more." for n in range(120))

    _, book = written(table(("A1", "Question", None), ("B7", text, Level(3))))

    rows = [[cell.value for cell in row[:3]] for row in book["Answers"].iter_rows(min_row=5)]
    assert [row[0] for row in rows] == ["B7"] * len(rows)
    assert len(rows) > 2
    assert " ".join(row[1].rstrip() for row in rows) == text
    assert [row[2] for row in rows] == [3] + [None] * (len(rows) - 1)


def test_no_row_is_higher_than_excel_shows():
    text = "\n".join(["word " * 30] * 60)

    _, book = written(table(("A1", text, None)))

    heights = [each.height for each in book["Answers"].row_dimensions.values() if each.height]
    assert max(heights) < 409


@pytest.mark.parametrize("text", ["", "short", "a. b. " * 900, "x" * 4000, "l\n" * 90])
def test_pieces_lose_nothing(text):
    found = pieces(text, 40)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(piece.count("\n") < MOST_LINES for piece in found)


def test_names_of_sheets_are_taken_by_excel():
    wanted = ["Answers: all/none", "x" * 40, "X" * 40, "'Gaps'", "gaps"]

    found = sheet_names(wanted)

    assert found == ["Answers- all-none", "x" * 31, "X" * 28 + " 2", "Gaps", "gaps 2"]


def claims(*levels):
    return tuple(
        Claim(mark=f"A{n}", name="Question", group="A", level=level, says="in words")
        for n, level in enumerate(levels)
    )


def test_the_overview_draws_levels_in_their_tones_and_coverage():
    rows = (Coverage(name="A. Vision", levels="A0: 3", median="3", counts=(5, 0, 1, 1, 0, 1)),)

    content, book = written(overview=overview(claims(3, None, 0), rows))

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        first, second = (parts.read(f"xl/charts/chart{n}.xml").decode() for n in (1, 2))
    assert '<c:idx val="0"/>' in first
    assert f'<a:srgbClr val="{LEVELS[3][0][1:]}"/>' in first
    assert f'<a:srgbClr val="{LEVELS[0][0][1:]}"/>' in first
    assert '<c:max val="4"/>' in first
    assert second.count("<c:ser>") == 6
    values = [cell.value for row in book["Overview"].iter_rows() for cell in row if cell.value]
    assert "A. Vision" in values


def test_a_level_that_was_not_given_is_empty_and_not_zero():
    _, book = written(overview=overview(claims(None, 0)))

    sheet = book["Overview"]
    marks = {row[0].value: row[3].value for row in sheet.iter_rows() if row[0].value}
    assert (marks["A0"], marks["A1"]) == (None, 0)


def test_an_overview_of_nothing_is_written_too():
    _, book = written(overview=overview(), right_to_left=True)

    assert book["Overview"].sheet_view.rightToLeft
