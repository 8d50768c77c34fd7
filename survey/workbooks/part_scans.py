"""What the other parts of a workbook say: texts, notes, styles, the list of sheets.

Loaded by the process that reads strangers' files, so it imports nothing it can do without.
"""

import re
from typing import Final

from survey.workbooks.package import refuse
from survey.workbooks.scanning import (
    COLUMNS,
    LAST_COLUMN,
    LAST_ROW,
    LETTERS,
    NOTES,
    QUOTED,
    ROWS,
    STRINGS,
    Attributes,
    Limits,
    Scan,
    check_formula,
    check_range,
    column_number,
    integer,
)

PLAIN_FILLS: Final = frozenset({"", "FFFFFF", "indexed", "theme0"})
IN_NAME: Final = re.compile(r"(?<![A-Za-z0-9_.])\$?([A-Z]{1,3})\$?([0-9]{1,10})(?![A-Za-z0-9_(])")


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
