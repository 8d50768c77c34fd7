"""The parts of an answer workbook's layout: columns, special cells, rows, sheets."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal, TypeAlias

import msgspec

from survey.core.answers import Part
from survey.core.instrument import Text

# Columns of a section sheet. A and B are hidden.
CODE, ASKED, NUMBER, LABEL, ANSWER, EXPECTED = "A", "B", "C", "D", "E", "F"
STATE, NON_ANSWER, WHY, NOTE, CITED = "G", "H", "I", "J", "K"
TABLE: Final = (ANSWER, EXPECTED, NON_ANSWER, WHY, NOTE, CITED)  # columns of a table in a section
BOX_ROWS: Final = 18  # rows of a long text: 18 x 14 points hold 4,000 characters at 10 points
BLANK_ROWS: Final = 30  # rows for typing on a sheet of an open roster
EVIDENCE_NUMBER: Final = "evidence-number"
FORMAT: Final = "1"  # of the workbook; stands on the hidden sheet with the export token
LISTS, CALC, RONDA = "lists", "calc", "ronda"  # the hidden sheets
EXAMPLE: Final = "example"  # in place of a row id: this row is never read

SheetKind = Literal["section", "roster", "evidence"]
RowKind = Literal[
    "title",
    "header",
    "introduction",
    "who",
    "documents",  # what to have at hand, and how long it takes
    "section",  # the whole section is not applicable
    "stem",
    "help",
    "level",
    "option",
    "field",
    "head",  # header of a table that stands in the section
    "line",  # one fixed row of such a table
    "box",  # a long text; only the first of its rows has the cell
    "end",  # air below a question
    "note",  # how to fill a roster
    "columns",  # hidden: the code of each column of a roster
    "example",
    "row",
]


class Mark(msgspec.Struct, frozen=True):
    """A cell where any mark chooses one option of a multiple choice."""

    part: Part
    choice: str


class NonAnswerOf(msgspec.Struct, frozen=True):
    """The cell of a question's non-answer, which is one part with its primary value."""

    question: str

    @property
    def part(self) -> Part:
        """The part it shares with the primary value."""
        return Part(self.question, "", self.question)


class CitesOf(msgspec.Struct, frozen=True):
    """The cell with the numbers of the documents a question cites: `1, 3`."""

    question: str


class SectionNotApplicable(msgspec.Struct, frozen=True):
    """The cell that says a whole section is not applicable; always written empty."""

    section: str


class SectionReason(msgspec.Struct, frozen=True):
    """The cell with the reason why a whole section is not applicable; always written empty."""

    section: str


class Column(msgspec.Struct, frozen=True):
    """The code of a roster's column, in the hidden row above its header.

    A multiple choice takes one column a choice; `choice` is empty for all others.
    """

    field: str
    choice: str = ""

    @property
    def text(self) -> str:
        """What the hidden cell holds: `OPG-A3-scope` or `OPG-A3-sectors:civil`."""
        return f"{self.field}:{self.choice}" if self.choice else self.field


Cell: TypeAlias = (
    Part | Mark | NonAnswerOf | CitesOf | SectionNotApplicable | SectionReason | Column
)


class SheetRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row. `cells`: column letter -> what the cell holds (labels and formulas have none).

    `question`, `field` and `choice` are the codes it belongs to; `label` is the text that stands
    in column D (B on the sheet of a roster with fixed rows), in all languages.
    """

    code: str
    kind: RowKind
    question: str = ""
    field: str = ""
    choice: str = ""
    label: Text = {}
    cells: Mapping[str, Cell] = {}


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet. `code`: of the section, or of the question of a roster (`evidence`).

    `section` is the section it stands behind, empty for the list of documents.
    """

    kind: SheetKind
    code: str
    name: str
    section: str
    rows: tuple[SheetRow, ...]

    def numbered(self) -> Iterator[tuple[int, SheetRow]]:
        """Each row with its number in the spreadsheet, from 1."""
        return enumerate(self.rows, start=1)


def column_letter(position: int) -> str:
    """The letter of a column: 0 -> A, 26 -> AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
