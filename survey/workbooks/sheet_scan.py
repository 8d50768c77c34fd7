"""What a worksheet holds: its cells, and how far it reaches.

Loaded by the process that reads strangers' files, so it imports nothing it can do without.
"""

from xml.parsers import expat

from survey.workbooks.package import refuse
from survey.workbooks.scanning import (
    CELLS,
    COLUMNS,
    FILLED,
    LAST_ROW,
    MERGED,
    MERGES,
    PLACE,
    RANGES,
    ROWS,
    VALIDATIONS,
    Attributes,
    Limits,
    Scan,
    check_formula,
    check_range,
    column_number,
    integer,
    letters_of,
)


class SheetScan(Scan):
    """One worksheet of which no cell is kept: how far it reaches, what its formulas may start."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.cells: list[tuple[int, str, str, str, str | None, bool]] = []
        self._row = 0
        self._digits = "-"  # of the number of this row; no cell stands outside rows
        self._next = 1
        self._letters = ""
        self._columns: dict[str, int] = {}
        self._cell: Attributes = {}
        self._is_formula = False
        self.starts = {
            "c": self._start_cell,
            "row": self._start_row,
            "f": self._start_formula,
            "dimension": self._plain_range,
            "mergeCell": self._merge,
            "dataValidation": self._validation,
            "conditionalFormatting": self._format,
            "sqref": self.listen,
            "hyperlink": self._plain_range,
            "autoFilter": self._plain_range,
            "oleObject": self._object,
        }
        self.ends = {"f": self._end_formula, "sqref": self._end_ranges}

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        self._row = integer(number) if number else self._row + 1
        self._digits = str(self._row)
        self._next = 1
        if not 0 < self._row <= LAST_ROW:
            refuse("file_far_cell", cell=str(number)[:20])

    def _start_cell(self, attributes: Attributes) -> None:
        self._cell = attributes
        reference = attributes.get("r")
        if reference is None:
            letters = letters_of(self._next)
        else:
            letters = reference.removesuffix(self._digits)
            if letters == reference:
                refuse("file_damaged", cell=reference)
        self._letters = letters
        self._next = (self._columns.get(letters) or self._column(letters)) + 1
        if self._row > ROWS:
            refuse("file_far_cell", cell=f"{letters}{self._row}")
        self.limits.cells += 1
        if self.limits.cells > CELLS:
            refuse("file_too_much", what="cells", most=CELLS)

    def _column(self, letters: str) -> int:
        found = PLACE.fullmatch(letters)
        if not found or not letters or not letters.isalpha():
            refuse("file_damaged", cell=letters)
        number = column_number(letters)
        if number > COLUMNS:
            refuse("file_far_cell", cell=f"{letters}{self._row}")
        self._columns[letters] = number
        return number

    def _start_formula(self, attributes: Attributes) -> None:
        self._is_formula = True
        self.listen()
        if "ref" in attributes:
            check_range(attributes["ref"])

    def _end_formula(self) -> None:
        check_formula(self.heard())

    def _plain_range(self, attributes: Attributes) -> None:
        if attributes.get("ref"):
            check_range(attributes["ref"], whole=True)

    def _merge(self, attributes: Attributes) -> None:
        left, top, right, bottom = check_range(attributes.get("ref", ""))
        self.limits.count("merges", MERGES)
        area = max(0, right - left + 1) * max(0, bottom - top + 1)
        self.limits.count("merged", MERGED, area)

    def _validation(self, attributes: Attributes) -> None:
        self.limits.count("validations", VALIDATIONS)
        self._ranges(attributes.get("sqref", ""))

    def _format(self, attributes: Attributes) -> None:
        self._ranges(attributes.get("sqref", ""))

    def _end_ranges(self) -> None:
        self._ranges(self.heard())

    def _ranges(self, references: str) -> None:
        self.limits.count("ranges", RANGES, references.count(" ") + 1)
        for reference in references.split():
            check_range(reference, whole=True)

    def _object(self, _: Attributes) -> None:
        refuse("file_embedded_object")


class CellsScan(SheetScan):
    """One worksheet with its cells as (row, column, type, style, value, formula).

    `coloured`: the styles of which blank cells are kept too. Cells are most of a workbook, so
    their elements take a short way through this class.
    """

    def __init__(self, limits: Limits, coloured: frozenset[str]) -> None:
        super().__init__(limits)
        self.coloured = coloured
        self._value: str | None = None
        self._phonetic = False
        self.starts |= {"v": self._clear, "t": self._clear, "rPh": self._start_phonetic}
        self.ends |= {
            "c": self._end_cell,
            "v": self._end_value,
            "t": self._end_text,
            "rPh": self._end_phonetic,
        }

    def attach(self, parser: expat.XMLParserType) -> None:
        """Hears all text there is: nearly all of it is of cells."""
        super().attach(parser)
        parser.CharacterDataHandler = self._texts.append

    def listen(self, _: Attributes | None = None) -> None:
        """From here on the text counts."""
        self._texts.clear()

    def heard(self) -> str:
        """The text since it was last asked for."""
        text = "".join(self._texts)
        self._texts.clear()
        return text

    def _clear(self, _: Attributes) -> None:
        self._texts.clear()

    def _end_value(self) -> None:
        self._value = self.heard()

    def _end_text(self) -> None:
        text = self.heard()
        if not self._phonetic:
            self._value = (self._value or "") + text

    def _start_phonetic(self, _: Attributes) -> None:
        self._phonetic = True

    def _end_phonetic(self) -> None:
        self._phonetic = False

    def _end_cell(self) -> None:
        value, formula, style = self._value, self._is_formula, self._cell.get("s", "0")
        if value is None and not formula and style not in self.coloured:
            return
        self._value, self._is_formula = None, False
        self.limits.filled += 1
        if self.limits.filled > FILLED:
            refuse("file_too_much", what="filled", most=FILLED)
        kind = self._cell.get("t", "n")
        self.cells.append((self._row, self._letters.upper(), kind, style, value, formula))
