"""A workbook as it was read: sheets of cells with what they hold and how they look."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

from survey.core.problems import Problem

CellKind = Literal["n", "s", "b", "e", "d", ""]  # number, text, yes/no, error, ISO date, blank


class Unreadable(Exception):
    """The file cannot be read as a workbook; `problems` say why, their codes begin with `file_`."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


class RawCell(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One cell. `value` is what the file says (the cached value of a formula), `style` its look."""

    row: int
    column: str
    kind: CellKind
    value: str
    style: int = 0
    formula: bool = False


class Line(NamedTuple):
    """One row of a file: its number, its code ("" for none), column letters -> cell."""

    number: int
    code: str
    cells: Mapping[str, RawCell]


class RawSheet(msgspec.Struct, frozen=True, dict=True):
    """One sheet; `notes`: reference -> text of a note on a cell."""

    name: str
    hidden: bool
    cells: tuple[RawCell, ...]
    notes: Mapping[str, str] = {}

    @cached_property
    def rows(self) -> Mapping[int, Mapping[str, RawCell]]:
        """Row number -> column letters -> cell."""
        found: dict[int, dict[str, RawCell]] = {}
        for cell in self.cells:
            found.setdefault(cell.row, {})[cell.column] = cell
        return found

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The rows that hold anything, from above."""
        rows = self.rows
        return tuple(Line(number, _code_of(rows[number]), rows[number]) for number in sorted(rows))


def _code_of(cells: Mapping[str, RawCell]) -> str:
    """What stands in the hidden column of codes."""
    return cells["A"].value.strip() if "A" in cells else ""


class RawBook(msgspec.Struct, frozen=True):
    """A whole file. `styles`: style -> (number format code or built-in number, fill RRGGBB)."""

    sheets: tuple[RawSheet, ...]
    styles: Mapping[int, tuple[str, str]] = {}
    is_1904: bool = False

    def format_of(self, cell: RawCell) -> str:
        """The number format of a cell: a code, the number of a built-in one, "" for general."""
        return self.styles.get(cell.style, ("", ""))[0]

    def fill_of(self, cell: RawCell) -> str:
        """The fill of a cell as RRGGBB, "" for none."""
        return self.styles.get(cell.style, ("", ""))[1]
