"""Reads what people answered in a workbook, cell by cell; trusts nothing in it but its token."""

from collections.abc import Collection, Mapping

from survey.core.answers import CITES, Part
from survey.core.problems import Problem
from survey.workbooks import layout
from survey.workbooks.cells import TEXT_SHOWN, Shown, decode
from survey.workbooks.closing import Closing
from survey.workbooks.extras import find_extras
from survey.workbooks.find import Labels, columns_in_file, pair_sheets, read_token
from survey.workbooks.layout import CitesOf, Mark, NonAnswerOf, Sheet, SheetRow
from survey.workbooks.raw import Line, RawBook, RawSheet
from survey.workbooks.reading import Export, Place, Reading
from survey.workbooks.rosters import RosterReader
from survey.workbooks.taking import Taker
from survey.workbooks.values import is_as_written

__all__ = ["read_answers", "read_token"]


def read_answers(raw: RawBook, export: Export) -> Reading:
    """What a file says about the answers it was made from.

    Rows are found by their code wherever they stand, sheets by their rows. Values come in the
    very form of the base when they say the same, so that what nobody touched compares equal.
    """
    taker = Taker(raw, export)
    pairs, others = pair_sheets(raw, export.sheets)
    sections = _Sections(taker)
    for pair in pairs:
        if pair.raw is None:
            continue
        if pair.sheet.kind == "section":
            sections.read(pair.sheet, pair.raw)
        else:
            RosterReader(taker, pair.sheet, pair.raw).read()
    for other in others:
        sections.strangers(other, ())
    Closing(taker).close()
    taker.reading.extras.extend(find_extras(raw, pairs, others, export.words))
    return taker.reading


class _Sections:
    """Reads the sheets of sections."""

    def __init__(self, taker: Taker) -> None:
        self.taker = taker
        self.index = taker.index
        self.reading = taker.reading
        self.raw = taker.raw
        sheets = taker.export.sheets
        self.labels = Labels(sheets)
        self.questions = frozenset(row.question for sheet in sheets for row in sheet.rows)

    def read(self, sheet: Sheet, raw: RawSheet) -> None:
        """Takes the rows of a section wherever they stand."""
        rows = {row.code: row for row in sheet.rows}
        at = columns_in_file(sheet, raw, self.taker.export.words.columns)
        seen: set[str] = set()
        for line in raw.lines:
            row = rows.get(line.code)
            if row is None or not row.cells:
                continue
            if line.code in seen or self.labels.is_foreign(row, line.cells.get(at[layout.LABEL])):
                self._not_here(raw, row, line, at)
                continue
            seen.add(line.code)
            for letter, cell in row.cells.items():
                place = Place(raw.name, f"{at[letter]}{line.number}")
                self.taker.cell(cell, line.cells.get(at[letter]), place)
        self._fixed_rows(sheet)
        self.strangers(raw, rows)

    def _fixed_rows(self, sheet: Sheet) -> None:
        for code in dict.fromkeys(row.question for row in sheet.rows if row.kind == "line"):
            self.taker.keep_fixed(self.index.questions[code])

    def _not_here(self, raw: RawSheet, row: SheetRow, line: Line, at: Mapping[str, str]) -> None:
        """The row of another question, or a second one of the same code: nothing of it is taken."""
        for letter, cell in row.cells.items():
            shown = decode(self.raw, line.cells.get(at[letter]))
            part = _part_of(cell)
            if shown is None or part is None or self._is_as_before(cell, shown):
                continue
            problem = Problem(
                code="row_mismatch", where=part.part, params={"text": shown.text[:TEXT_SHOWN]}
            )
            place = Place(raw.name, f"{at[letter]}{line.number}")
            self.taker.report("row_mismatch", part, place, shown, problem)

    def _is_as_before(self, cell: layout.Cell, shown: Shown) -> bool:
        """A second row that says what is read from the first: nothing is lost with it."""
        return isinstance(cell, Part) and is_as_written(
            self.taker.field_of(cell), self.reading.there.get(cell), shown
        )

    def strangers(self, raw: RawSheet, own: Collection[str]) -> None:
        """Answers in rows of questions that were not in this file."""
        for line in raw.lines:
            code = line.code.partition(":")[0]
            if line.code in own or code not in self.index.fields or self._is_ours(code):
                continue
            shown = decode(self.raw, line.cells.get(layout.ANSWER))
            if shown is not None:
                part = Part(self.index.question_of[code].code, "", code)
                problem = Problem(
                    code="not_yours", where=code, params={"text": shown.text[:TEXT_SHOWN]}
                )
                place = Place(raw.name, f"{layout.ANSWER}{line.number}")
                self.taker.report("not_yours", part, place, shown, problem)

    def _is_ours(self, field: str) -> bool:
        return self.index.question_of[field].code in self.questions


def _part_of(cell: layout.Cell) -> Part | None:
    if isinstance(cell, Part):
        return cell
    if isinstance(cell, Mark | NonAnswerOf):
        return cell.part
    return Part(cell.question, "", CITES) if isinstance(cell, CitesOf) else None
