"""Finding the way in a file that came home: its token, its sheets by content, its rows by code."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from survey.core.problems import Problem
from survey.workbooks.choices import fold
from survey.workbooks.layout import (
    ANSWER,
    ASKED,
    CITED,
    EXAMPLE,
    EXPECTED,
    LABEL,
    NON_ANSWER,
    NOTE,
    NUMBER,
    RONDA,
    STATE,
    WHY,
    Sheet,
    SheetRow,
)
from survey.workbooks.raw import RawBook, RawCell, RawSheet, Unreadable

TOKEN: Final = re.compile("[0-9a-f]{32}")
LABELLED: Final = frozenset({"stem", "field", "option", "line"})
SECTION_COLUMNS: Final = (NUMBER, LABEL, ANSWER, EXPECTED, STATE, NON_ANSWER, WHY, NOTE, CITED)
LAST_HIDDEN: Final = ASKED


def read_token(raw: RawBook) -> str:
    """The export token of a file, 32 hexadecimal digits.

    Raises:
        Unreadable: it has none; it is no workbook of ours.
    """
    for sheet in sorted(raw.sheets, key=lambda sheet: sheet.name != RONDA):
        for row in sheet.rows.values():
            name, value = row.get("A"), row.get("B")
            if name and value and name.value == "token" and TOKEN.fullmatch(value.value):
                return value.value
    raise Unreadable(Problem(code="file_not_ours"))


@dataclass(frozen=True)
class Pair:
    """A sheet as it was written and as it came back; `raw` is None when it is gone."""

    sheet: Sheet
    raw: RawSheet | None


def pair_sheets(raw: RawBook, sheets: Sequence[Sheet]) -> tuple[tuple[Pair, ...], list[RawSheet]]:
    """Each written sheet with the one that holds most of its codes; the sheets that hold none."""
    codes = {id(each): codes_of(each) for each in raw.sheets}
    left = list(raw.sheets)
    pairs = []
    for sheet in sheets:
        own = {row.code for row in sheet.rows} - {EXAMPLE}
        overlap = [(len(own & codes[id(e)]), e.name == sheet.name, e) for e in left]
        best = max(overlap, key=lambda each: each[:2], default=(0, False, None))
        found = best[2] if best[0] else None
        if found is not None:
            left = [each for each in left if each is not found]
        pairs.append(Pair(sheet, found))
    return tuple(pairs), left


def codes_of(sheet: RawSheet) -> set[str]:
    """What stands in the hidden column of codes."""
    return {cell.value for cell in sheet.cells if cell.column == "A" and cell.kind == "s"}


def columns_in_file(
    sheet: Sheet, raw: RawSheet, words: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Where the columns of a section stand now: letter as written -> letter in the file.

    They are known by their headers (`words`: letter -> its header in any language), or, when
    there are as many headers as were written, by their order.
    """
    as_written = {letter: letter for letter in SECTION_COLUMNS}
    header = next((row.code for row in sheet.rows if row.kind == "header"), "")
    cells = next((line.cells for line in raw.lines if line.code == header), {})
    titles = {at: fold(c.value) for at, c in cells.items() if at > LAST_HIDDEN or len(at) > 1}
    names = {fold(text): letter for letter, texts in words.items() for text in texts}
    named = {names[title]: at for at, title in titles.items() if title in names}
    if named.keys() == as_written.keys():
        return named
    if len(titles) != len(as_written):
        return as_written
    return dict(zip(as_written, sorted(titles, key=lambda at: (len(at), at)), strict=True))


class Labels:
    """Tells whether the text beside an answer is that of its own question."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._owners: dict[str, set[str]] = {}
        for sheet in sheets:
            for row in sheet.rows:
                for label in row.label.values() if row.kind in LABELLED else ():
                    self._owners.setdefault(fold(label), set()).add(row.code)

    def is_foreign(self, row: SheetRow, beside: RawCell | None) -> bool:
        """Whether the text of another question stands in this row; an edited text does not."""
        if row.kind not in LABELLED or beside is None:
            return False
        owners = self._owners.get(fold(beside.value))
        return bool(owners) and row.code not in (owners or ())
