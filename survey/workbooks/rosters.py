"""Reads the sheets of rosters: rows by their hidden ids, columns by their hidden codes."""

from collections.abc import Mapping

from survey.core.answers import ROW, Part
from survey.core.instrument import Question
from survey.core.problems import Problem
from survey.workbooks import layout
from survey.workbooks.cells import TEXT_SHOWN, Shown, decode
from survey.workbooks.layout import Column, Mark, Sheet
from survey.workbooks.raw import Line, RawBook, RawCell, RawSheet
from survey.workbooks.reading import Place
from survey.workbooks.taking import Taker


class RosterReader:
    """Reads one roster, the list of documents among them."""

    def __init__(self, taker: Taker, sheet: Sheet, raw: RawSheet) -> None:
        self.taker = taker
        self.reading = taker.reading
        self.base = taker.base
        self.export = taker.export
        self.raw = taker.raw
        self.sheet = sheet
        self.rows = raw
        self.question = taker.index.answerable[sheet.code]
        self.columns = _columns(sheet, raw)
        known = {row.code for row in sheet.rows if row.kind == "row"}
        is_open = not _is_fixed(self.question)
        self.ids = _Ids(taker.export.token, sheet.code, known, is_open=is_open)

    def read(self) -> None:
        """Takes every filled row; rows that are gone or emptied are proposed for removal."""
        own = {row.code for row in self.sheet.rows if row.kind != "row"}
        top = _first_row(self.sheet, self.rows)
        for line in self.rows.lines:
            if line.number >= top and line.code not in own:
                self._row(line)
        if _is_fixed(self.question):
            self.taker.keep_fixed(self.question)
        else:
            self._gone_rows()

    def _row(self, line: Line) -> None:
        if not _filled(self.raw, self.columns, line):
            return
        row = self.ids.of(line.code)
        if row is None:
            self._unknown_row(line)
            return
        for letter, column in self.columns.items():
            place = Place(self.rows.name, f"{letter}{line.number}")
            self._cell(row, column, line.cells.get(letter), place)
        if not _is_fixed(self.question):
            here = Part(self.question.code, row, ROW)
            self.reading.there[here] = self.base.get(here) or self._next_position()
            self.reading.places[here] = Place(self.rows.name, f"A{line.number}")

    def _cell(self, row: str, column: Column, raw: RawCell | None, place: Place) -> None:
        part = Part(self.question.code, row, column.field)
        if column.field == layout.EVIDENCE_NUMBER:
            self._document_number(part, raw, place)
        else:
            cell = Mark(part, column.choice) if column.choice else part
            self.taker.cell(cell, raw, place)

    def _next_position(self) -> int:
        known = (*self.base.items(), *self.reading.there.items())
        places = [v for p, v in known if p.question == self.question.code and p.part == ROW]
        return max(places, default=0) + 1

    def _document_number(self, part: Part, raw: RawCell | None, place: Place) -> None:
        """The number printed before a document is an answer only where it is not as printed."""
        self.taker.part(part, decode(self.raw, raw), place)
        printed = layout.evidence_numbers(self.export.base).get(part.row)
        if part not in self.base and self.reading.there.get(part) == str(printed):
            del self.reading.there[part]

    def _unknown_row(self, line: Line) -> None:
        """A row with an id this file was not given: another country's, or an invented one."""
        part = Part(self.question.code, line.code[:64], ROW)
        shown = Shown("text", line.code)
        params = {"text": line.code[:TEXT_SHOWN]}
        problem = Problem(code="not_yours", where=self.question.code, params=params)
        place = Place(self.rows.name, f"A{line.number}")
        self.taker.report("not_yours", part, place, shown, problem)

    def _gone_rows(self) -> None:
        for part in self.base:
            is_row = part.question == self.question.code and part.part == ROW
            if is_row and part not in self.reading.there and self._is_gone(part):
                self.reading.blank.add(part)

    def _is_gone(self, row: Part) -> bool:
        cells = [p for p in self.base if p[:2] == row[:2] and p.part != ROW]
        is_doubtful = any(p.part[:2] == row[:2] for p in self.reading.problems)
        was_shown = not cells or any(self.taker.was_written(p) for p in cells)
        return was_shown and self.taker.was_written(row) and not is_doubtful


class _Ids:
    """Gives each filled row of a roster its id: its own, or a new one that is always the same."""

    def __init__(self, token: str, question: str, known: set[str], *, is_open: bool) -> None:
        self.token = token
        self.question = question
        self.known = known
        self.is_open = is_open
        self.seen: set[str] = set()
        self.made = 0

    def of(self, code: str) -> str | None:
        """The id of a row with this in its hidden cell; None: it is not of this file."""
        if code in self.known and code not in self.seen:
            self.seen.add(code)
            return code
        if (code and code not in self.known) or not self.is_open:
            return None
        self.made += 1
        return layout.row_id(self.token, self.question, f"new:{self.made}")


def _columns(sheet: Sheet, raw: RawSheet) -> dict[str, Column]:
    """Column letter -> column of a roster, where the hidden codes say it now stands."""
    written: dict[str, Column] = {}
    code = ""
    for row in sheet.rows:
        if row.kind == "columns":
            code = row.code
            written = {at: c for at, c in row.cells.items() if isinstance(c, Column)}
    by_text = {column.text: column for column in written.values()}
    for line in raw.lines:
        if line.code == code:
            found = {at: by_text[c.value] for at, c in line.cells.items() if c.value in by_text}
            return found or written
    return written


def _first_row(sheet: Sheet, raw: RawSheet) -> int:
    """The first row below the header, wherever it now stands."""
    header = {row.code for row in sheet.rows if row.kind in ("columns", "header", "note", "title")}
    return max((line.number for line in raw.lines if line.code in header), default=0) + 1


def _filled(raw: RawBook, columns: Mapping[str, Column], line: Line) -> bool:
    return any(
        decode(raw, line.cells.get(letter)) is not None
        for letter, column in columns.items()
        if column.field != layout.EVIDENCE_NUMBER
    )


def _is_fixed(question: Question) -> bool:
    return bool(question.roster and question.roster.rows)
