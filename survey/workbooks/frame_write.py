"""Writes the spreadsheet of a frame of reference: tables to filter, print and write notes in.

Every text is written as text, whatever it begins with; there is no formula in it.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, BinaryIO, Final

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from survey.workbooks import styles
from survey.workbooks.frame_book import Cell, Column, FrameBook, Level, Link, Number, Table
from survey.workbooks.frame_look import BODY, HEAD, height, print_width, room
from survey.workbooks.frame_overview import OverviewSheet
from survey.workbooks.page import LETTER, Page
from survey.workbooks.styles import LEVELS, TABS, Styles
from survey.workbooks.write import OPTIONS, PROPERTY_LIMIT

HEAD_ROW: Final = 2  # title and note stand above it
MOST_LINES: Final = 26  # of one row; a longer text goes on in the next one
WHOLE: Final = 400  # letters of a line that is not divided
HEADER_LIMIT: Final = 255
URL_LIMIT: Final = 2_079
FORBIDDEN: Final = "[]:*?/\\"
TITLE_LIMIT: Final = 31


def write_frame(target: BinaryIO, book: FrameBook) -> None:
    """Writes the spreadsheet to a file open for bytes.

    Raises:
        NotWritten: a cell is beyond what Excel holds. What Ronda stores never is.
    """
    workbook = Workbook(target, {**OPTIONS, "strings_to_formulas": False})
    workbook.set_properties(
        {"title": book.title[:PROPERTY_LIMIT], "subject": book.subject[:PROPERTY_LIMIT]}
    )
    look = Styles(workbook)
    names = sheet_names([book.overview.name, *(table.name for table in book.tables)])
    pages = [_page(workbook, book, name) for name in names]
    OverviewSheet(book.overview, workbook, pages[0], look).write()
    for page, table in zip(pages[1:], book.tables, strict=True):
        TableSheet(table, page, look).write()
    workbook.close()


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that Excel takes: at most 31 characters, none of []:*?/\\, none twice."""
    names: list[str] = []
    for name in wanted:
        clean = "".join("-" if c in FORBIDDEN else c for c in name).strip("' ")[:TITLE_LIMIT]
        number = 2
        while clean.casefold() in {each.casefold() for each in names}:
            clean = f"{clean[: TITLE_LIMIT - 3]} {number}"
            number += 1
        names.append(clean)
    return names


def _page(workbook: Workbook, book: FrameBook, name: str) -> Page:
    page: Page = workbook.add_worksheet(name, worksheet_class=Page)
    page.set_landscape()
    page.set_paper(LETTER)
    page.set_margins(0.4, 0.4, 0.5, 0.55)
    page.center_horizontally()
    page.hide_gridlines(2)
    page.checked(
        page.set_header(
            f"&L&9{_plain(book.classification)}&R&9{_plain(book.title)}", {"margin": 0.25}
        )
    )
    page.checked(page.set_footer(f"&L&9{_plain(book.reader)}&R&9{book.page}", {"margin": 0.25}))
    if book.right_to_left:
        page.right_to_left()
    return page


def _plain(text: str) -> str:
    """A text in a header, where & begins a command; half of what a header holds."""
    return text[: HEADER_LIMIT // 2 - 10].replace("&", "&&")


class TableSheet:
    """One table on one sheet."""

    def __init__(self, table: Table, page: Page, look: Styles) -> None:
        self.table = table
        self.page = page
        self.look = look
        self.row = HEAD_ROW + 1

    def write(self) -> None:
        """Writes title, head, rows, filter and what printing needs."""
        table, page = self.table, self.page
        page.set_tab_color(TABS[1])
        page.text(0, 0, table.title, self.look.get(bold=True, font_size=15))
        page.text(1, 0, table.note, self.look.get(font_color=styles.NOTE, font_size=10))
        page.height(0, 26)
        self._head()
        for cells in table.rows:
            self._cells(cells)
        last = max(self.row - 1, HEAD_ROW + 1)
        columns = len(table.columns) - 1
        page.checked(page.autofilter(HEAD_ROW, 0, last, columns))
        page.freeze_panes(HEAD_ROW + 1, table.fixed)
        page.repeat_rows(HEAD_ROW)
        page.checked(page.print_area(0, 0, last, columns))
        page.checked(page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"}))
        rows = [(row, row) for row in range(HEAD_ROW + 1, last + 1)]
        page.breaks(rows, print_width([c.width for c in table.columns]), HEAD_ROW + 1)
        self._readings(last)

    def _head(self) -> None:
        style = self.look.get(**HEAD)
        for place, column in enumerate(self.table.columns):
            self.page.set_column(place, place, column.width)
            self.page.text(HEAD_ROW, place, column.heading, style)
        heights = [height(column.heading, column.width) for column in self.table.columns]
        self.page.height(HEAD_ROW, max(heights) + 6)

    def _cells(self, cells: Sequence[Cell]) -> None:
        """One row, or several when a text is longer than a row may be high."""
        split = [
            pieces(_text(cell), column.width)
            for cell, column in zip(cells, self.table.columns, strict=False)
        ]
        for turn in range(max(len(each) for each in split)):
            row = [self._piece(cells, split, place, turn) for place in range(len(cells))]
            self._row(row)

    def _piece(
        self, cells: Sequence[Cell], split: Sequence[list[str]], place: int, turn: int
    ) -> Cell:
        """What of a cell stands in this row; names are repeated, so that a filter keeps all."""
        if turn == 0 and len(split[place]) == 1:
            return cells[place]
        if turn < len(split[place]):
            return split[place][turn]
        return cells[place] if place < self.table.fixed else None

    def _row(self, cells: Sequence[Cell]) -> None:
        highest = 0.0
        for place, column in enumerate(self.table.columns):
            cell = cells[place] if place < len(cells) else None
            self._cell(place, column, cell)
            highest = max(highest, height(_text(cell), column.width))
        self.page.height(self.row, highest, grows=True)
        self.row += 1

    def _cell(self, place: int, column: Column, cell: Cell) -> None:
        style = self._style(column, cell)
        if isinstance(cell, Number):
            value = cell.value / 100 if cell.percent else cell.value
            self.page.value(self.row, place, float(value), style)
        elif isinstance(cell, Level):
            self.page.value(self.row, place, cell.value, style)
        elif isinstance(cell, Link) and 0 < len(cell.url) <= URL_LIMIT:
            result = self.page.write_url(self.row, place, cell.url, style, cell.text)
            self.page.checked(result)
        else:
            self.page.text(self.row, place, _text(cell), style)

    def _style(self, column: Column, cell: Cell) -> Format:
        properties = {**BODY, **_LOOKS.get(column.kind, {})}
        if isinstance(cell, Level):
            ground, ink = LEVELS[cell.value]
            properties |= {
                "bg_color": ground,
                "font_color": ink,
                "bold": True,
                "align": "center",
                "indent": 0,
            }
        if isinstance(cell, Number):
            place = "center" if column.kind == "centre" else "right"
            properties |= {"num_format": number_format(cell), "align": place}
        if isinstance(cell, Link):
            properties |= {"font_color": styles.MID, "underline": 1}
        return self.look.get(**properties)

    def _readings(self, last: int) -> None:
        """Where a level is to be written, only a level can be."""
        for place, column in enumerate(self.table.columns):
            if column.kind == "reading":
                rule = {"validate": "list", "source": ["0", "1", "2", "3", "4"]}
                self.page.checked(self.page.data_validation(HEAD_ROW + 1, place, last, place, rule))


_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "centre": {"align": "center", "indent": 0},
    "notes": {"bg_color": "#FBFBF9", "border": 1, "border_color": styles.EDGE},
    "reading": {
        "bg_color": "#FBFBF9",
        "border": 1,
        "border_color": styles.EDGE,
        "align": "center",
        "indent": 0,
    },
}


def number_format(number: Number) -> str:
    """How a number is shown, with as many decimals as it has."""
    value = number.value / 100 if number.percent else number.value
    exponent = value.normalize().as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if number.percent:
        decimals = max(0, decimals - 2)
    digits = "0." + "0" * decimals if decimals else "0"
    if number.percent:
        return f"{digits}%"
    return f"#,##{digits}" if number.grouped else digits


def _text(cell: Cell) -> str:
    if isinstance(cell, Link):
        return cell.text
    if isinstance(cell, Number):
        return str(Decimal(cell.value))
    if isinstance(cell, Level):
        return str(cell.value)
    return cell or ""


def pieces(text: str, width: float) -> list[str]:
    """A text in pieces of at most `MOST_LINES` lines in so many letters of width, words whole."""
    if styles.lines(text, room(width) * styles.SMALL) <= MOST_LINES:
        return [text]
    found, piece = [], ""
    for word in _words(text):
        if styles.lines(piece + word, room(width) * styles.SMALL) > MOST_LINES and piece:
            found.append(piece.rstrip())
            piece = ""
        piece += word
    return [*found, piece.rstrip()]


def _words(text: str) -> list[str]:
    """The lines of a text, the long ones sentence by sentence, each with what divides it."""
    return [part for line in text.splitlines(keepends=True) for part in _parts(line)]


def _parts(line: str) -> list[str]:
    if len(line) <= WHOLE:
        return [line]
    *sentences, last = line.split(". ")
    ended = [*(f"{sentence}. " for sentence in sentences), last]
    return [each[at : at + WHOLE] for each in ended for at in range(0, len(each), WHOLE)]
