"""Writes an answer workbook: one response, one owner, one language, some or all sections."""

from collections.abc import Mapping
from typing import BinaryIO, Final

import msgspec
from xlsxwriter.workbook import Workbook

from survey.workbooks import layout
from survey.workbooks.book import Book
from survey.workbooks.calc import Line, Plan
from survey.workbooks.conditions import Conditions
from survey.workbooks.drawing import Drawing
from survey.workbooks.evidence_sheet import EvidenceSheet
from survey.workbooks.formulas import HEADERS
from survey.workbooks.layout import CALC, FORMAT, LISTS, RONDA, Sheet
from survey.workbooks.lists import MARK, MARKS, NON_ANSWERS, SECTION, Lists
from survey.workbooks.page import Page
from survey.workbooks.roster_sheet import RosterSheet
from survey.workbooks.section_sheet import SectionSheet
from survey.workbooks.settle import Settling
from survey.workbooks.start_sheet import StartSheet
from survey.workbooks.styles import Styles
from survey.workbooks.written import Written

OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
PROPERTY_LIMIT: Final = 255
WRITERS: Final[Mapping[str, type[SectionSheet] | type[RosterSheet]]] = {
    "section": SectionSheet,
    "roster": RosterSheet,
    "evidence": EvidenceSheet,
}


class SheetCells(msgspec.Struct, frozen=True, kw_only=True):
    """Where things stand on one sheet. `rows`: the code of each row, from row 1.

    `columns`: of every table, question code -> column letter -> code of the column.
    """

    kind: str
    code: str
    name: str
    rows: tuple[str, ...]
    columns: dict[str, dict[str, str]]


class Cells(msgspec.Struct, frozen=True, kw_only=True):
    """The places of a written workbook, kept with its export token."""

    format: str
    sheets: tuple[SheetCells, ...]


def write_workbook(target: BinaryIO, book: Book) -> Cells:
    """Writes the workbook to a file open for bytes; the result says where everything stands.

    Raises:
        NotWritten: a text, formula or rule is beyond what Excel holds. What Ronda stores never is.
    """
    sheets = layout.sheets(book.index, book.chosen, book.answers, book.language, book.token)
    workbook = Workbook(target, OPTIONS)
    workbook.set_properties(_properties(book))
    lists = Lists(book.index, book.language, _own_lists(book))
    written = Written(book, lists)
    plan = Plan(book, sheets)
    Conditions(plan, lists).fill()
    Settling(plan, written).work_out()
    _draw(workbook, Drawing(book, sheets, Styles(workbook), lists, plan, written))
    workbook.close()
    return cells_of(book, sheets)


def _draw(workbook: Workbook, drawing: Drawing) -> None:
    start = _page(workbook, drawing.start)
    pages = [_page(workbook, sheet.name) for sheet in drawing.sheets]
    calc, lists, ronda = (_page(workbook, name) for name in (CALC, LISTS, RONDA))
    for sheet, page in zip(drawing.sheets, pages, strict=True):
        WRITERS[sheet.kind](drawing, sheet, page).write()
    StartSheet(drawing, start).write()
    _write_calc(calc, drawing)
    drawing.lists.write(lists, drawing.styles)
    _write_ronda(ronda, drawing)
    for page in (calc, lists, ronda):
        page.protect()
        page.hide()


def _page(workbook: Workbook, name: str) -> Page:
    page: Page = workbook.add_worksheet(name, worksheet_class=Page)
    return page


def _properties(book: Book) -> dict[str, str]:
    title = f"{book.say(book.index.instrument.title)} · {book.country}"
    return {"title": title[:PROPERTY_LIMIT], "subject": book.round_title[:PROPERTY_LIMIT]}


def _own_lists(book: Book) -> dict[str, list[tuple[str, str]]]:
    section = book.words.gettext("The whole section does not apply")
    return {
        MARKS: [(MARK, MARK)],
        NON_ANSWERS: [(code.value, words) for code, words in book.non_answers.items()],
        SECTION: [("not_applicable", section)],
    }


def _write_calc(page: Page, drawing: Drawing) -> None:
    plain = drawing.styles.get()
    for column, header in enumerate(HEADERS.values()):
        page.text(0, column, header, plain)
    places = {letter: column for column, letter in enumerate(HEADERS)}
    for line in drawing.plan.lines:
        row = line.at - 1
        page.text(row, 0, line.code, plain)
        page.text(row, 1, line.role, plain)
        page.text(row, places["K"], line.section, plain)
        values = _values(line, drawing)
        if line.role == "x":
            page.value(row, places["H"], line.value, plain)
        for letter, formula in drawing.formulas.of(line).items():
            page.formula(row, places[letter], formula, plain, values[letter])


def _values(line: Line, drawing: Drawing) -> dict[str, str | float]:
    return {
        "C": drawing.position(line),
        "D": "" if line.raw is None else line.raw,
        "E": line.non,
        "F": line.reason,
        "G": line.asked,
        "H": line.value,
        "I": line.done,
        "J": line.state,
        "L": line.filled,
        "M": line.missing,
        "N": line.look,
        "O": line.review,
        "P": line.cites,
        "Q": line.message,
    }


def _write_ronda(page: Page, drawing: Drawing) -> None:
    """Who this file is. Only the token is believed when it comes back."""
    book, plain = drawing.book, drawing.styles.get()
    entries = {
        "format": FORMAT,
        "version_sha256": book.sha256,
        "token": book.token,
        "language": book.language,
    }
    for row, (name, value) in enumerate(entries.items()):
        page.text(row, 0, name, plain)
        page.text(row, 1, value, plain)


def cells_of(book: Book, sheets: tuple[Sheet, ...]) -> Cells:
    """Where everything stands in a workbook with these sheets."""
    return Cells(
        format=FORMAT,
        sheets=tuple(
            SheetCells(
                kind=sheet.kind,
                code=sheet.code,
                name=sheet.name,
                rows=tuple(row.code for row in sheet.rows),
                columns=_columns(book, sheet),
            )
            for sheet in sheets
        ),
    )


def _columns(book: Book, sheet: Sheet) -> dict[str, dict[str, str]]:
    if sheet.kind != "section":
        question = book.index.answerable[sheet.code]
        columns = layout.roster_columns(book.index, question)
        return {sheet.code: {at: column.text for at, column in columns.items()}}
    return {
        question.code: {
            at: column.code
            for at, column in zip(
                layout.TABLE, layout.columns_of(book.index, question), strict=False
            )
        }
        for question in book.index.sections[sheet.code].questions
        if layout.stands_in_section(book.index, question)
    }
