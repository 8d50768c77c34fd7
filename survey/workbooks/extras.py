"""What people added to a file beside their answers: notes, columns, colours, formulas, sheets."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from survey.workbooks import layout, styles
from survey.workbooks.find import Pair
from survey.workbooks.layout import Column, SheetRow
from survey.workbooks.raw import Line, RawBook, RawCell, RawSheet
from survey.workbooks.reading import Extra, ExtraKind, Place

PALETTE: Final = frozenset(
    colour.removeprefix("#")
    for name, value in vars(styles).items()
    if name.isupper()
    for colour in re.findall("#[0-9A-F]{6}", repr(value))
)
LONGEST: Final = 4_000
SIGN: Final = "[Ronda]"  # before our words in a note, so that they are not read as somebody's
REFERENCE: Final = re.compile("([A-Z]+)([0-9]+)")


def find_extras(raw: RawBook, pairs: Sequence[Pair], others: Iterable[RawSheet]) -> list[Extra]:
    """Everything people added, sheet by sheet."""
    found: list[Extra] = []
    for pair in pairs:
        if pair.raw is not None:
            found.extend(_in_sheet(raw, pair, pair.raw))
    for sheet in others:
        found.extend(_notes(sheet, {}))
    return found


def _in_sheet(raw: RawBook, pair: Pair, sheet: RawSheet) -> Iterator[Extra]:
    rows = {row.code: row for row in pair.sheet.rows}
    questions = {line.number: rows[line.code].question for line in sheet.lines if line.code in rows}
    yield from _notes(sheet, questions)
    last = _last_column(pair)
    for line in sheet.lines:
        row = rows.get(line.code)
        yield from _in_line(raw, sheet, line, row, last)


def _notes(sheet: RawSheet, questions: dict[int, str]) -> Iterator[Extra]:
    for reference, text in sheet.notes.items():
        found = REFERENCE.fullmatch(reference)
        question = questions.get(int(found[2]), "") if found else ""
        own = text.partition(SIGN)[0].strip()  # what stands behind it, we wrote
        if own:
            yield Extra("note", Place(sheet.name, reference), own[:LONGEST], question)


def _last_column(pair: Pair) -> int:
    """The last column of ours: the state of a row stands behind its columns."""
    if pair.sheet.kind == "section":
        return _number(layout.CITED)
    letters = [at for row in pair.sheet.rows for at, c in row.cells.items() if _is_column(c)]
    return max(map(_number, letters), default=1) + 1


def _is_column(cell: layout.Cell) -> bool:
    return isinstance(cell, Column)


def _in_line(
    raw: RawBook, sheet: RawSheet, line: Line, row: SheetRow | None, last: int
) -> Iterator[Extra]:
    for letters, cell in line.cells.items():
        if _number(letters) > last:
            kinds: list[ExtraKind] = ["column"] if cell.value.strip() and not cell.formula else []
        elif row and letters in row.cells:
            kinds = _kinds(raw, cell)
        else:
            continue
        for kind in kinds:
            place = Place(sheet.name, f"{letters}{line.number}")
            yield Extra(kind, place, cell.value[:LONGEST], row.question if row else "")


def _kinds(raw: RawBook, cell: RawCell) -> list[ExtraKind]:
    """What was done to an answer cell besides answering."""
    found: list[ExtraKind] = ["formula"] if cell.formula else []
    fill = raw.fill_of(cell)
    if fill and fill not in PALETTE and not fill.startswith(("theme", "indexed")):
        found.append("colour")
    return found


@lru_cache(maxsize=512)
def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
