"""What the parts of a workbook say, read by a streaming parser that counts while it reads.

Every element is judged by its local name, whatever its prefix. Loaded by the process that reads
strangers' files, so it imports nothing it can do without.
"""

import re
from collections.abc import Callable, Mapping
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

PLAIN_FILLS: Final = frozenset({"", "FFFFFF", "indexed", "theme0"})
PLACE: Final = re.compile(r"\$?([A-Za-z]{1,7})?\$?([0-9]{1,10})?")
IN_NAME: Final = re.compile(r"(?<![A-Za-z0-9_.])\$?([A-Z]{1,3})\$?([0-9]{1,10})(?![A-Za-z0-9_(])")
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


class SheetScan(Scan):
    """One worksheet: its cells as (row, column, type, style, value, formula).

    `coloured`: the styles of which blank cells are kept too; None: no cell is kept at all, the
    guard looks at all sheets, the reader at few. Cells are most of a workbook, so their elements
    take a short way through this class.
    """

    def __init__(self, limits: Limits, coloured: frozenset[str] | None) -> None:
        super().__init__(limits)
        self.keeps = coloured is not None
        self.coloured = coloured or frozenset()
        self.cells: list[tuple[int, str, str, str, str | None, bool]] = []
        self._row = 0
        self._next = 1
        self._letters = ""
        self._columns: dict[str, int] = {}
        self._cell: Attributes = {}
        self._value: str | None = None
        self._is_formula = False
        self._phonetic = False
        self.starts = {
            "c": self._start_cell,
            "row": self._start_row,
            "v": self.listen,
            "t": self.listen,
            "f": self._start_formula,
            "rPh": self._start_phonetic,
            "dimension": self._plain_range,
            "mergeCell": self._merge,
            "dataValidation": self._validation,
            "conditionalFormatting": self._format,
            "sqref": self.listen,
            "hyperlink": self._plain_range,
            "autoFilter": self._plain_range,
            "oleObject": self._object,
        }
        self.ends = {
            "c": self._end_cell,
            "v": self._end_value,
            "t": self._end_text,
            "f": self._end_formula,
            "rPh": self._end_phonetic,
            "sqref": self._end_ranges,
        }

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        self._row = integer(number) if number else self._row + 1
        self._digits = str(self._row)
        self._next = 1
        if not 0 < self._row <= LAST_ROW:
            refuse("file_far_cell", cell=str(number)[:20])

    def _start_cell(self, attributes: Attributes) -> None:
        self._cell = attributes
        self._value = None
        self._is_formula = False
        reference = attributes.get("r")
        letters = letters_of(self._next)
        if reference is not None:
            letters = reference.removesuffix(self._digits)
            if letters == reference:
                refuse("file_damaged", cell=reference)
        self._letters = letters
        self._next = (self._columns.get(letters) or self._column(letters)) + 1
        if self._row > ROWS:
            refuse("file_far_cell", cell=f"{letters}{self._row}")
        limits = self.limits
        limits.cells += 1
        if limits.cells > CELLS:
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
        if "ref" in attributes:
            check_range(attributes["ref"])
        self.listen()

    def _end_formula(self) -> None:
        check_formula(self.heard())

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
        value, style = self._value, self._cell.get("s", "0")
        if value is None and not self._is_formula and style not in self.coloured:
            return
        if not self.keeps:
            return
        self.limits.count("filled", FILLED)
        kind = self._cell.get("t", "n")
        self.cells.append((self._row, self._letters.upper(), kind, style, value, self._is_formula))

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


class StringsScan(Scan):
    """The shared texts, in order; how Japanese is read aloud is left out."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.strings: list[str] = []
        self._runs: list[str] = []
        self._phonetic = False
        self.starts = {"si": self._start_item, "t": self.listen, "rPh": self._start_phonetic}
        self.ends = {"si": self._end_item, "t": self._end_text, "rPh": self._end_phonetic}

    def _start_item(self, _: Attributes) -> None:
        self._runs = []

    def _start_phonetic(self, _: Attributes) -> None:
        self._phonetic = True

    def _end_phonetic(self) -> None:
        self._phonetic = False

    def _end_text(self) -> None:
        text = self.heard()
        if not self._phonetic:
            self._runs.append(text)

    def _end_item(self) -> None:
        self.strings.append("".join(self._runs))
        if len(self.strings) > STRINGS:
            refuse("file_too_much", what="strings", most=STRINGS)


class NotesScan(Scan):
    """Notes on cells: reference -> text."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.notes: dict[str, str] = {}
        self._at = ""
        self._runs: list[str] = []
        self.starts = {"comment": self._start_note, "t": self.listen}
        self.ends = {"comment": self._end_note, "t": self._end_text}

    def _start_note(self, attributes: Attributes) -> None:
        self.limits.count("notes", NOTES)
        self._at = attributes.get("ref", "")
        self._runs = []
        check_range(self._at)

    def _end_text(self) -> None:
        self._runs.append(self.heard())

    def _end_note(self) -> None:
        self.notes[self._at] = "".join(self._runs)[:LETTERS]


class StylesScan(Scan):
    """For each cell style its number format (id or code) and its solid fill as RRGGBB or ""."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.formats: dict[int, str] = {}
        self._fills: list[str] = []
        self._styles: list[tuple[int, int]] = []
        self._inside = False
        self.starts = {
            "numFmt": self._format,
            "fill": self._start_fill,
            "patternFill": self._pattern,
            "fgColor": self._colour,
            "cellXfs": self._start_styles,
            "xf": self._style,
            "dxfs": self._start_differences,
        }
        self.ends = {"cellXfs": self._end_styles}
        self._in_differences = False

    def _start_differences(self, _: Attributes) -> None:
        self._in_differences = True

    def _format(self, attributes: Attributes) -> None:
        if not self._in_differences:
            self.formats[integer(attributes.get("numFmtId", "0"))] = attributes.get(
                "formatCode", ""
            )[:255]

    def _start_fill(self, _: Attributes) -> None:
        if not self._in_differences:
            self._fills.append("")
        self._solid = False

    def _pattern(self, attributes: Attributes) -> None:
        self._solid = attributes.get("patternType", "none") != "none"

    def _colour(self, attributes: Attributes) -> None:
        if self._fills and self._solid and not self._in_differences:
            theme = attributes.get("theme")
            rgb = attributes.get("rgb", f"theme{theme}" if theme else "indexed")
            self._fills[-1] = rgb[-6:].upper() if len(rgb) == 8 else rgb[:12]

    def _start_styles(self, _: Attributes) -> None:
        self._inside = True

    def _end_styles(self) -> None:
        self._inside = False

    def _style(self, attributes: Attributes) -> None:
        if self._inside:
            number = integer(attributes.get("numFmtId", "0"))
            self._styles.append((number, integer(attributes.get("fillId", "0"))))

    def coloured(self) -> frozenset[str]:
        """The styles, as cells name them, with a fill that somebody may have meant."""
        styles = range(len(self._styles))
        return frozenset(str(style) for style in styles if self.of(style)[1] not in PLAIN_FILLS)

    def of(self, style: int) -> tuple[str, str]:
        """Number format and fill of a style; a built-in format is its number."""
        if style >= len(self._styles):
            return "", ""
        number, fill = self._styles[style]
        code = self.formats.get(number, str(number) if number else "")
        return code, self._fills[fill] if fill < len(self._fills) else ""


class BookScan(Scan):
    """The list of sheets (name, relation id, whether hidden), the epoch, the defined names."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_1904 = False
        self.starts = {
            "sheet": self._sheet,
            "workbookPr": self._properties,
            "definedName": self._start_name,
        }
        self.ends = {"definedName": self._end_name}

    def _sheet(self, attributes: Attributes) -> None:
        relation = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
        hidden = attributes.get("state", "visible") != "visible"
        self.sheets.append((attributes.get("name", ""), relation, hidden))

    def _properties(self, attributes: Attributes) -> None:
        self.is_1904 = attributes.get("date1904", "0") in ("1", "true", "on")

    def _start_name(self, attributes: Attributes) -> None:
        if any(attributes.get(mark) in ("1", "true") for mark in ("xlm", "macro", "vbProcedure")):
            refuse("file_macros")
        self.listen()

    def _end_name(self) -> None:
        text = self.heard()
        check_formula(text)
        for letters, digits in IN_NAME.findall(QUOTED.sub("", text)):
            far_row = ROWS < int(digits) != LAST_ROW
            if far_row or COLUMNS < column_number(letters) != LAST_COLUMN:
                refuse("file_far_cell", cell=f"{letters}{digits}")


class RelationsScan(Scan):
    """Relation id -> (type, target); only hyperlinks may point outside the file."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.relations: dict[str, tuple[str, str]] = {}
        self.starts = {"Relationship": self._relation}

    def _relation(self, attributes: Attributes) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        if kind == "externalLink" or (is_outside and kind != "hyperlink"):
            refuse("file_external_links")
        if kind in FORBIDDEN_RELATIONS:
            refuse(FORBIDDEN_RELATIONS[kind])
        self.relations[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))


class TypesScan(Scan):
    """Part name -> content type, from [Content_Types].xml."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.types: dict[str, str] = {}
        self.starts = {"Override": self._override, "Default": self._default}

    def _override(self, attributes: Attributes) -> None:
        self._add(attributes.get("PartName", "").lstrip("/"), attributes)

    def _default(self, attributes: Attributes) -> None:
        self._add("." + attributes.get("Extension", ""), attributes)

    def _add(self, name: str, attributes: Attributes) -> None:
        kind = attributes.get("ContentType", "").lower()
        for sign, code in FORBIDDEN_TYPES.items():
            if sign in kind:
                refuse(code)
        self.types[name] = kind


FORBIDDEN_TYPES: Final[Mapping[str, str]] = {
    "sheet.binary": "file_binary",
    "macroenabled": "file_macros",
    "vbaproject": "file_macros",
    "macrosheet": "file_macros",
    "externallink": "file_external_links",
    "oleobject": "file_embedded_object",
    "activex": "file_embedded_object",
    "opendocument": "file_not_excel",
    "wordprocessingml": "file_not_excel",
    "presentationml": "file_not_excel",
}
FORBIDDEN_RELATIONS: Final[Mapping[str, str]] = {
    "vbaProject": "file_macros",
    "xlMacrosheet": "file_macros",
    "xlIntlMacrosheet": "file_macros",
    "oleObject": "file_embedded_object",
    "package": "file_embedded_object",
    "control": "file_embedded_object",
    "activeXControlBinary": "file_embedded_object",
    "connections": "file_external_links",
}
FORBIDDEN_NAMES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"vbaproject|/macrosheets/|vbadata", re.I), "file_macros"),
    (re.compile(r"/externallinks?/|^xl/connections\.xml$", re.I), "file_external_links"),
    (re.compile(r"/embeddings/|/activex/", re.I), "file_embedded_object"),
    (re.compile(r"^xl/workbook\.bin$|/sheet[0-9]+\.bin$", re.I), "file_binary"),
    (re.compile(r"^word/|^ppt/|^mimetype$", re.I), "file_not_excel"),
)


def check_names(package: Package) -> None:
    """Refuses by the names of its parts what is macro, binary, linked or embedded."""
    for name in package.members:
        for pattern, code in FORBIDDEN_NAMES:
            if pattern.search(name):
                refuse(code)
