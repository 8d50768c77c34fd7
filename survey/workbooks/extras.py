"""What people added to a file beside their answers: notes, columns, colours, formulas, sheets."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from survey.workbooks import layout, styles
from survey.workbooks.find import Pair, columns_in_file
from survey.workbooks.layout import Column, SheetRow
from survey.workbooks.raw import Line, RawBook, RawCell, RawSheet
from survey.workbooks.reading import Extra, ExtraKind, Place
from survey.workbooks.values import Words

PALETTE: Final = frozenset(
    colour.removeprefix("#")
    for name, value in vars(styles).items()
    if name.isupper()
    for colour in re.findall("#[0-9A-F]{6}", repr(value))
)
LONGEST: Final = 4_000
SIGN: Final = "[Ronda]"  # before our words in a note, so that they are not read as somebody's
REFERENCE: Final = re.compile("([A-Z]+)([0-9]+)")


def find_extras(
    raw: RawBook, pairs: Sequence[Pair], others: Iterable[RawSheet], words: Words
) -> list[Extra]:
    """Everything people added, sheet by sheet."""
    found: list[Extra] = []
    for pair in pairs:
        if pair.raw is not None:
            found.extend(_in_sheet(raw, pair, pair.raw, words))
    for sheet in others:
        found.extend(_notes(sheet, {}))
        if not sheet.hidden and sheet is not raw.sheets[0]:  # the first one is ours
            found.append(Extra("sheet", Place(sheet.name, ""), sheet.name))
    return found


def _in_sheet(raw: RawBook, pair: Pair, sheet: RawSheet, words: Words) -> Iterator[Extra]:
    rows = {row.code: row for row in pair.sheet.rows}
    questions = {line.number: rows[line.code].question for line in sheet.lines if line.code in rows}
    yield from _notes(sheet, questions)
    columns = _columns(pair, sheet, words)
    for line in sheet.lines:
        row = rows.get(line.code)
        answers = {columns.get(letter, letter) for letter in row.cells} if row else set()
        yield from _in_line(raw, sheet, line, row, (set(columns.values()), answers))


def _columns(pair: Pair, sheet: RawSheet, words: Words) -> dict[str, str]:
    """The columns of ours: letter as written -> letter in the file, the hidden ones among them."""
    hidden = {layout.CODE: layout.CODE, layout.ASKED: layout.ASKED}
    if pair.sheet.kind == "section":
        return hidden | columns_in_file(pair.sheet, sheet, words.columns)
    letters = [at for row in pair.sheet.rows for at, c in row.cells.items() if _is_column(c)]
    last = max(map(_number, letters), default=1) + 1  # the state of a row stands behind them
    return {letter: letter for letter in map(layout.column_letter, range(last))}


def _notes(sheet: RawSheet, questions: dict[int, str]) -> Iterator[Extra]:
    for reference, text in sheet.notes.items():
        found = REFERENCE.fullmatch(reference)
        question = questions.get(int(found[2]), "") if found else ""
        own = text.partition(SIGN)[0].strip()  # what stands behind it, we wrote
        if own:
            yield Extra("note", Place(sheet.name, reference), own[:LONGEST], question)


def _is_column(cell: layout.Cell) -> bool:
    return isinstance(cell, Column)


def _in_line(
    raw: RawBook,
    sheet: RawSheet,
    line: Line,
    row: SheetRow | None,
    ours: tuple[set[str], set[str]],
) -> Iterator[Extra]:
    columns, answers = ours
    for letters, cell in line.cells.items():
        if letters not in columns:
            kinds: list[ExtraKind] = ["column"] if cell.value.strip() and not cell.formula else []
        elif letters in answers:
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
