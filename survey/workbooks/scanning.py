"""How parts of a workbook are read: a streaming parser that counts while it reads.

Every element is judged by its local name, whatever its prefix. Loaded by the process that reads
strangers' files, so it imports nothing it can do without.
"""

import re
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from survey.workbooks.package import Package, refuse

ROWS: Final = 20_000
COLUMNS: Final = 200
LAST_ROW: Final = 1_048_576  # of any spreadsheet; a range to it means the whole column
LAST_COLUMN: Final = 16_384
CELLS: Final = 1_000_000  # in all sheets, blank ones too
FILLED: Final = 400_000  # in all sheets
MERGES: Final = 5_000
MERGED: Final = 200_000  # cells under merges
VALIDATIONS: Final = 5_000
RANGES: Final = 50_000  # of all validations and conditional formats
STRINGS: Final = 500_000
LETTERS: Final = 32_767  # in a cell
NOTES: Final = 5_000
ELEMENTS: Final = 4_000_000

PLACE: Final = re.compile(r"\$?([A-Za-z]{1,7})?\$?([0-9]{1,10})?")
QUOTED: Final = re.compile(r'"[^"]*"|\'[^\']*\'')

Attributes = dict[str, str]


class Limits:
    """What was counted so far in the whole file."""

    def __init__(self) -> None:
        self.cells = self.filled = self.merges = self.merged = 0
        self.validations = self.ranges = self.notes = self.elements = 0

    def count(self, what: str, most: int, more: int = 1) -> None:
        """Adds to one count and refuses past its limit."""
        value = getattr(self, what) + more
        setattr(self, what, value)
        if value > most:
            refuse("file_too_much", what=what, most=most)


def parse(package: Package, name: str, scan: "Scan") -> None:
    """Sends one XML part through a scan.

    Raises:
        Refused: the part declares a document type or entity, is no XML, or breaks a limit.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 32 * 1024
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    scan.attach(parser)
    try:
        for chunk in package.chunks(name):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError, OSError):
        refuse("file_damaged", part=name)
    scan.limits.count("elements", ELEMENTS, scan.seen)


def _refuse_doctype(*_: object) -> None:
    refuse("file_doctype")


class Scan:
    """Looks at every element; the bare one knows only what is forbidden in any part."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.seen = 0
        self.starts: dict[str, Callable[[Attributes], None] | None] = {}
        self.ends: dict[str, Callable[[], None] | None] = {}
        self._texts: list[str] = []

    def attach(self, parser: expat.XMLParserType) -> None:
        """Takes the events of a parser."""
        self.parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: Attributes) -> None:
        self.seen += 1
        try:
            handler = self.starts[name]
        except KeyError:
            handler = self.starts[name] = self.starts.get(name.rpartition(":")[2])
        if handler is not None:
            handler(attributes)

    def _end(self, name: str) -> None:
        try:
            handler = self.ends[name]
        except KeyError:
            handler = self.ends[name] = self.ends.get(name.rpartition(":")[2])
        if handler is not None:
            handler()

    def listen(self, _: Attributes | None = None) -> None:
        """From here to `heard` the text counts."""
        self._texts = []
        self.parser.CharacterDataHandler = self._texts.append

    def heard(self) -> str:
        """The text since `listen`."""
        self.parser.CharacterDataHandler = None
        return "".join(self._texts)


def column_number(letters: str) -> int:
    """A -> 1, XFD -> 16384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def check_range(reference: str, *, whole: bool = False) -> tuple[int, int, int, int]:
    """First column, first row, last column, last row of `B2:C9`.

    Raises:
        Refused: it lies where no questionnaire reaches (`whole`: columns to the end may).
    """
    ends = reference.split(":")
    first, last = _place(ends[0]), _place(ends[-1])
    if len(ends) > 2 or first is None or last is None:
        refuse("file_damaged", cell=reference)
    is_far = max(first[0], last[0]) > COLUMNS or max(first[1], last[1]) > ROWS
    if is_far and not (whole and _is_whole(first, last)):
        refuse("file_far_cell", cell=reference)
    return (*first, *last)


def _place(reference: str) -> tuple[int, int] | None:
    found = PLACE.fullmatch(reference)
    if not found or not reference:
        return None
    letters, digits = found.groups()
    return (column_number(letters) if letters else 1, int(digits) if digits else 1)


def _is_whole(first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Whole columns or whole rows, as people select them with one click."""
    columns = last[1] == LAST_ROW and first[1] <= ROWS and last[0] <= COLUMNS
    rows = last[0] == LAST_COLUMN and last[1] <= ROWS
    return columns or rows


def check_formula(formula: str) -> None:
    """Refuses a formula that starts a program of the reader's machine (DDE)."""
    if "|" in formula and "|" in QUOTED.sub("", formula):
        refuse("file_dde")


def letters_of(number: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def integer(text: str) -> int:
    """A number of an attribute."""
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        refuse("file_damaged", cell=text)
    return int(text)
