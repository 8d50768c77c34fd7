"""A sheet being written: nothing XlsxWriter leaves out goes unnoticed, rows may grow."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from survey.workbooks import styles
from survey.workbooks.layout import column_letter

FORMULA_LIMIT: Final = 8192
ESCAPED: Final = re.compile("_x[0-9A-Fa-f]{4}_")
CELLS_A_RULE: Final = 100
RIGHT_TO_LEFT: Final = frozenset(
    {"ar", "arc", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}
)
LETTER, PAPER_WIDTH, PAPER_HEIGHT = 1, 734, 595  # landscape points: the lower of Letter and A4
MARGINS, SPARE = 76, 0.94  # printers and LibreOffice draw wider than the screen


class NotWritten(ValueError):
    """Excel cannot hold what was to be written; the cell and the reason are in the message."""


class Page(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet that raises `NotWritten` where XlsxWriter would only return a number.

    Columns and rows count from 0.
    """

    def __init__(self) -> None:
        super().__init__()
        self.growing: set[int] = set()
        self.heights: dict[int, float] = {}
        self._rules: dict[str, tuple[Mapping[str, Any], list[tuple[int, int]]]] = {}

    def _xml_start_tag_unencoded(
        self, tag: str, attributes: Sequence[tuple[str, Any]] = ()
    ) -> None:
        """Rows where people type keep their height but may grow: without `customHeight`."""
        if tag == "row" and attributes and attributes[0][1] - 1 in self.growing:
            attributes = [each for each in attributes if each[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Ours have no function after Excel 2010, so none of 120 patterns is looked for."""
        return formula.removeprefix("=")

    def _check(self, result: int, row: int, column: int) -> None:
        if result:
            raise NotWritten(f"{self.name}!{column_letter(column)}{row + 1}: {result}")

    def checked(self, result: int | None) -> None:
        """Raises when XlsxWriter says by its result that it left something out."""
        if result:
            raise NotWritten(f"{self.name}: {result}")

    def text(self, row: int, column: int, value: str, style: Format) -> None:
        """A text as text, whatever it begins with; an empty one leaves the cell blank."""
        if value:
            self._check(self.write_string(row, column, value, style), row, column)
        else:
            self._check(self.write_blank(row, column, None, style), row, column)

    def value(self, row: int, column: int, value: str | float | None, style: Format) -> None:
        """A text, a number, or nothing."""
        if isinstance(value, str) or value is None:
            self.text(row, column, value or "", style)
        else:
            self._check(self.write_number(row, column, value, style), row, column)

    def formula(
        self, row: int, column: int, formula: str, style: Format | None, value: str | float
    ) -> None:
        """A formula of ours (without `=`) and the value it has now."""
        if len(formula) >= FORMULA_LIMIT:
            raise NotWritten(f"{self.name}!{column_letter(column)}{row + 1}: formula too long")
        if isinstance(value, str) and "_x" in value:
            value = ESCAPED.sub(r"_x005F\g<0>", value)  # as XlsxWriter does for texts
        self._check(self.write_formula(row, column, "=" + formula, style, value), row, column)

    def blanks(self, row: int, columns: Iterable[int], style: Format) -> None:
        """Empty cells of one look."""
        for column in columns:
            self.write_blank(row, column, None, style)

    def joined(self, area: tuple[int, int, int, int], value: str, style: Format) -> None:
        """One cell over several: first row and column, last row and column."""
        self._check(self.merge_range(*area, "", style), area[0], area[1])
        self.text(area[0], area[1], value, style)

    def link(self, row: int, column: int, to: str, style: Format, text: str, tip: str) -> None:
        """A link to a cell of this workbook: `'A Visión'!E5`."""
        result = self.write_url(row, column, f"internal:{to}", style, text, tip)
        self._check(result, row, column)

    def height(self, row: int, points: float, *, grows: bool = False) -> None:
        """The height of a row; one that grows becomes higher with what is typed into it."""
        self.heights[row] = points
        self._check(self.set_row_pixels(row, round(points * 4 / 3)), row, 0)
        if grows:
            self.growing.add(row)

    def rule(self, row: int, column: int, key: str, options: Mapping[str, Any]) -> None:
        """A rule for typing into this cell; cells with the same key share it."""
        self._rules.setdefault(key, (options, []))[1].append((row, column))

    def write_rules(self) -> None:
        """Writes the rules collected, each for its runs of cells."""
        for options, cells in self._rules.values():
            runs = _runs(cells)
            for start in range(0, len(runs), CELLS_A_RULE):
                first, *others = runs[start : start + CELLS_A_RULE]
                result = self.data_validation(*first, {**options, "other_cells": others})
                self._check(result, first[0], first[1])

    def paper(self, first: int, last: int, bottom: int, head: int, footer: str) -> None:
        """Landscape paper, the `head` rows repeated, only columns first to last printed."""
        self.set_landscape()
        self.set_paper(LETTER)
        self.set_margins(0.4, 0.4, 0.45, 0.6)
        self.center_horizontally()
        self.repeat_rows(0, head - 1)
        self.checked(self.print_area(0, first, bottom, last))
        self.checked(self.set_footer(footer))

    def breaks(self, blocks: Sequence[tuple[int, int]], width: float, head: int) -> None:
        """A fixed scale for so many letters of width, and page breaks that part no block.

        A block is its first and last row.
        """
        scale = min(100, max(10, int(PAPER_WIDTH / ((width * 7 + 45) * 0.75) * 100 * SPARE)))
        self.set_print_scale(scale)
        top = sum(self.heights.get(row, styles.LINE_POINTS) for row in range(head))
        room = (PAPER_HEIGHT - MARGINS) / scale * 100 - top - 12
        found, used = [], 0.0
        for first, last in blocks:
            needed = sum(self.heights.get(r, styles.LINE_POINTS) for r in range(first, last + 1))
            if used and used + needed > room:
                found.append(first)
                used = 0.0
            used += needed
        self.set_h_pagebreaks(found)


def _runs(cells: Iterable[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Cells joined to vertical runs: first row and column, last row and column."""
    runs: list[tuple[int, int, int, int]] = []
    for row, column in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if runs and runs[-1][3] == column and runs[-1][2] == row - 1:
            runs[-1] = (runs[-1][0], column, row, column)
        else:
            runs.append((row, column, row, column))
    return runs
