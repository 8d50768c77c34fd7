"""Reads what people answered in a workbook, cell by cell; trusts nothing in it but its token."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

import msgspec

from survey.core.answers import (
    CITES,
    REASON,
    ROW,
    Part,
    Stored,
    parts_of,
)
from survey.core.instrument import EVIDENCE, Field, Question
from survey.core.problems import Problem
from survey.workbooks import layout
from survey.workbooks.cells import TEXT_SHOWN, Doubt, Shown, decode, doubt
from survey.workbooks.choices import NOT_MARKED, fold, is_mark
from survey.workbooks.cites import read_cites
from survey.workbooks.extras import find_extras
from survey.workbooks.find import Labels, Line, Pair, lines_of, pair_sheets, read_token
from survey.workbooks.layout import (
    CitesOf,
    Column,
    Mark,
    NonAnswerOf,
    SectionNotApplicable,
    SectionReason,
    Sheet,
    SheetRow,
)
from survey.workbooks.raw import RawBook, RawCell, RawSheet
from survey.workbooks.reading import CellProblem, Export, Place, ProblemKind, Reading
from survey.workbooks.values import (
    TEXT_FIELD,
    ValueReader,
    is_as_written,
    same_value,
)

__all__ = ["read_answers", "read_token"]

_OWN: Final = frozenset({"title", "note", "columns", "header", "example"})


def read_answers(raw: RawBook, export: Export) -> Reading:
    """What a file says about the answers it was made from.

    Rows are found by their code wherever they stand, sheets by their rows. Values come in the
    very form of the base when they say the same, so that what nobody touched compares equal.
    """
    reader = _Reader(raw, export)
    reader.read()
    return reader.reading


class _Reader:
    def __init__(self, raw: RawBook, export: Export) -> None:
        self.raw = raw
        self.export = export
        self.index = export.index
        self.base = parts_of(export.base)
        self.values = ValueReader(export.index, export.locale, export.words)
        self.labels = Labels(export.sheets)
        self.reading = Reading(token=export.token)
        self.marks: dict[Part, dict[str, bool | None]] = {}
        self.states: dict[str, tuple[Shown | None, Place]] = {}
        self.cited: list[tuple[str, Shown | None, Place]] = []
        self.sections: dict[str, dict[str, tuple[Shown | None, Place]]] = {}

    def read(self) -> None:
        pairs, others = pair_sheets(self.raw, self.export.sheets)
        for pair in pairs:
            if pair.raw is not None:
                self._sheet(pair.sheet, pair.raw)
        for other in others:
            self._strangers(other, frozenset())
        for part, marks in self.marks.items():
            self._choose(part, marks)
        for question, shown, place in self.cited:
            self._cite(question, shown, place)
        for question in self.states:
            self._non_answer(question)
        for section, cells in self.sections.items():
            self._section_not_applicable(section, cells)
        self.reading.extras.extend(find_extras(self.raw, pairs, others))

    def _sheet(self, sheet: Sheet, raw: RawSheet) -> None:
        if sheet.kind == "section":
            self._section(sheet, raw)
        else:
            self._roster(sheet, raw)

    # ---- a section sheet

    def _section(self, sheet: Sheet, raw: RawSheet) -> None:
        rows = {row.code: row for row in sheet.rows}
        seen: set[str] = set()
        for line in lines_of(raw):
            row = rows.get(line.code)
            if row is None or not row.cells:
                continue
            if line.code in seen or self.labels.is_foreign(row, line.cells):
                self._not_here(raw, row, line)
                continue
            seen.add(line.code)
            for letter, cell in row.cells.items():
                self._cell(cell, line.cells.get(letter), Place(raw.name, f"{letter}{line.number}"))
        self._fixed_rows(sheet)
        self._strangers(raw, frozenset(rows))

    def _cell(self, cell: layout.Cell, raw: RawCell | None, place: Place) -> None:
        shown = decode(self.raw, raw)
        if isinstance(cell, Part):
            self._part(cell, shown, place)
        elif isinstance(cell, Mark):
            self._mark(cell, shown, place)
        elif isinstance(cell, NonAnswerOf):
            self.states[cell.question] = (shown, place)
        elif isinstance(cell, CitesOf):
            self.cited.append((cell.question, shown, place))
        elif isinstance(cell, SectionNotApplicable):
            self.sections.setdefault(cell.section, {})["state"] = (shown, place)
        elif isinstance(cell, SectionReason):
            self.sections.setdefault(cell.section, {})[REASON] = (shown, place)

    def _not_here(self, raw: RawSheet, row: SheetRow, line: Line) -> None:
        """The row of another question, or a second one of the same code: nothing of it is taken."""
        for letter, cell in row.cells.items():
            shown = decode(self.raw, line.cells.get(letter))
            part = _part_of(cell)
            if shown is None or part is None or self._is_as_before(cell, shown):
                continue
            problem = Problem(code="row_mismatch", where=part.part, params={"text": _cut(shown)})
            place = Place(raw.name, f"{letter}{line.number}")
            self._report("row_mismatch", part, place, shown, problem)

    def _is_as_before(self, cell: layout.Cell, shown: Shown) -> bool:
        """A second row that says what is read from the first: nothing is lost with it."""
        return isinstance(cell, Part) and is_as_written(
            self.field_of(cell), self.reading.there.get(cell), shown
        )

    def _fixed_rows(self, sheet: Sheet) -> None:
        for code in dict.fromkeys(row.question for row in sheet.rows if row.kind == "line"):
            self._keep_fixed(self.index.questions[code])

    def _keep_fixed(self, question: Question) -> None:
        """A fixed row is there as soon as one of its cells is."""
        there = self.reading.there
        for position, choice in enumerate(self.index.fixed_rows(question), start=1):
            row = Part(question.code, choice.code, ROW)
            cells = [Part(question.code, choice.code, c.code) for c in question.columns]
            if any(cell in there for cell in cells):
                there[row] = self.base.get(row, position)

    # ---- values

    def field_of(self, part: Part) -> Field:
        """The field of a part; a reason or remark is a long text."""
        return self.index.fields.get(part.part, TEXT_FIELD)

    def _part(self, part: Part, shown: Shown | None, place: Place) -> None:
        self.reading.places[part] = place
        if shown is None:
            self._blank(part)
            return
        field = self.field_of(part)
        found = self.values.read(field, shown)
        before = self.base.get(part)
        if isinstance(found, Doubt):
            if self._was_written(part) and is_as_written(field, before, shown):
                self.reading.there[part] = before
            else:
                self._doubt(part, place, shown, found)
        elif found is None:
            self._blank(part)
        else:
            self.reading.there[part] = before if same_value(field, before, found) else found

    def _blank(self, part: Part) -> None:
        if part in self.base and self._was_written(part):
            self.reading.blank.add(part)

    def _was_written(self, part: Part) -> bool:
        return layout.is_written(part, self.export.base, self.export.asked)

    def _doubt(self, part: Part, place: Place, shown: Shown, found: Doubt) -> None:
        self._report(found.kind, part, place, shown, found.problem, found.options)

    def _report(
        self,
        kind: ProblemKind,
        part: Part,
        place: Place,
        shown: Shown,
        problem: Problem,
        options: tuple[Stored | None, ...] = (),
    ) -> None:
        self.reading.places.setdefault(part, place)
        where = problem.where if problem.where not in ("", "text") else part.part
        problem = msgspec.structs.replace(problem, where=where, row=part.row)
        self.reading.problems.append(CellProblem(kind, part, place, _cut(shown), problem, options))

    # ---- multiple choices

    def _mark(self, mark: Mark, shown: Shown | None, place: Place) -> None:
        marked = is_mark(shown)
        self.marks.setdefault(mark.part, {})[mark.choice] = marked
        if marked is not False:
            self.reading.places.setdefault(mark.part, place)

    def _choose(self, part: Part, marks: Mapping[str, bool | None]) -> None:
        field = self.index.fields[part.part]
        before = self.base.get(part) if self._was_written(part) else None
        kept = before if isinstance(before, list) else []
        codes = [choice.code for choice in self.index.choices(field)]
        chosen = [c for c in codes if marks.get(c) or (c not in marks and c in kept)]
        doubtful = [c for c in codes if c in marks and marks[c] is None]
        place = self.reading.places.setdefault(part, Place("", ""))
        if doubtful:
            both = [c for c in codes if c in chosen or c in doubtful]
            options = tuple(each for each in (chosen, both) if each)
            shown = Shown("text", ", ".join(doubtful))
            self._doubt(part, place, shown, doubt("ambiguous", "cell_which_mark", shown, *options))
        elif chosen:
            self._chosen(part, field, chosen, place)
        else:
            self._blank(part)

    def _chosen(self, part: Part, field: Field, chosen: list[str], place: Place) -> None:
        alone = [c.code for c in self.index.choices(field) if c.exclusive and c.code in chosen]
        if alone and len(chosen) > 1 and chosen != self.base.get(part):
            others = [code for code in chosen if code not in alone]
            options = [each for each in (others, *([code] for code in alone)) if each]
            shown = Shown("text", ", ".join(chosen))
            found = doubt("ambiguous", "cell_exclusive_choice", shown, *options)
            self._doubt(part, place, shown, found)
        else:
            self.reading.there[part] = chosen

    # ---- non-answers and sections

    def _non_answer(self, code: str) -> None:
        shown, place = self.states[code]
        part = Part(code, "", code)
        if shown is None:
            if part not in self.reading.there and _is_state(self.base.get(part)):
                self._blank(part)
            return
        state = self.export.words.non_answer(shown.text)
        if state is None:
            found = doubt("unreadable", "cell_no_non_answer", shown)
            self._doubt(part, place, shown, found)
            return
        self._state(part, {"state": state.value}, shown, place)

    def _state(self, part: Part, state: Stored, shown: Shown, place: Place) -> None:
        there, problems = self.reading.there, self.reading.problems
        doubts = [p for p in problems if p.part == part and p.kind in ("unreadable", "ambiguous")]
        others: tuple[Stored | None, ...]
        if part in there:
            others = (there.pop(part),)
        elif doubts:
            others = tuple(option for p in doubts for option in p.options if option != state)
            self.reading.problems = [p for p in problems if p not in doubts]
        elif self._has_values(part.question) and not self._has_primary(part.question):
            others = (None,)
        else:
            there[part] = state
            self.reading.blank.discard(part)
            self.reading.places[part] = place
            return
        found = doubt("ambiguous", "cell_two_answers", shown, state, *others)
        self.reading.blank.discard(part)
        self._doubt(part, self.reading.places.get(part, place), shown, found)

    def _has_primary(self, code: str) -> bool:
        return self.index.answerable[code].primary is not None

    @cached_property
    def _answered(self) -> set[str]:
        """The questions the file gives a value to."""
        fields = self.index.fields
        return {p.question for p in self.reading.there if p.part in fields or p.part == ROW}

    def _has_values(self, code: str) -> bool:
        return code in self._answered

    def _section_not_applicable(
        self, section: str, cells: Mapping[str, tuple[Shown | None, Place]]
    ) -> None:
        shown, place = cells.get("state", (None, Place("", "")))
        if shown is None or fold(shown.text) in NOT_MARKED:
            return
        why, _ = cells.get(REASON, (None, place))
        reason = self.values.text(TEXT_FIELD, why) if why else None
        busy = {p.part.question for p in self.reading.problems} | {
            p.question for p in self.reading.there if p.part in self.index.fields or p.part == ROW
        }
        for question in self.index.sections[section].questions:
            if question.code not in busy and not self._is_hidden(question):
                self._give_up(question.code, reason, place)

    def _is_hidden(self, question: Question) -> bool:
        """Whether it was not asked and has an answer that was not written."""
        asked = self.export.asked.get(question.code, True)
        return not asked and any(part.question == question.code for part in self.base)

    def _give_up(self, code: str, reason: Stored | Doubt | None, place: Place) -> None:
        state = Part(code, "", code)
        self.reading.there[state] = {"state": "not_applicable"}
        self.reading.blank.discard(state)
        self.reading.places[state] = place
        why = Part(code, "", REASON)
        if reason is not None and not isinstance(reason, Doubt) and why not in self.reading.there:
            before = self.base.get(why)
            self.reading.there[why] = before if same_value(None, before, reason) else reason
            self.reading.blank.discard(why)

    # ---- documents

    @cached_property
    def _documents(self) -> dict[int, str]:
        """Number -> row id of each document in the list; those of the file come first."""
        number = layout.EVIDENCE_NUMBER
        found: dict[int, str] = {}
        for part, value in self.reading.there.items():
            if part.question == EVIDENCE and part.part == number:
                found.setdefault(int(value), part.row)
        known = {*found.values()}
        for row, given in layout.evidence_numbers(self.export.base).items():
            if row not in known:
                found.setdefault(given, row)
        return found

    def _cite(self, question: str, shown: Shown | None, place: Place) -> None:
        cites = Part(question, "", CITES)
        self.reading.places[cites] = place
        before = [p for p in self.base if p.question == question and p.part.startswith(CITES)]
        for part in before:
            self.reading.places[part] = place
        found = read_cites(shown, self._documents) if shown else ()
        if isinstance(found, Doubt):
            if shown:
                self._doubt(cites, place, shown, found)
            return
        for document in found:
            part = Part(question, "", CITES + document)
            self.reading.there[part] = True
            self.reading.places[part] = place
        for part in before:
            if part not in self.reading.there:
                self._blank(part)

    # ---- rosters on sheets of their own

    def _roster(self, sheet: Sheet, raw: RawSheet) -> None:
        question = self.index.answerable[sheet.code]
        columns = _columns(sheet, raw)
        rows = {row.code for row in sheet.rows if row.kind == "row"}
        own = {row.code for row in sheet.rows if row.kind in _OWN}
        ids = _Ids(self.export.token, sheet.code, rows, is_open=not _is_fixed(question))
        top = _first_row(sheet, raw)
        for line in lines_of(raw):
            if line.number >= top and line.code not in own:
                self._roster_row(question, columns, ids, line, raw)
        if _is_fixed(question):
            self._keep_fixed(question)
        else:
            self._gone_rows(question)

    def _roster_row(
        self,
        question: Question,
        columns: Mapping[str, Column],
        ids: "_Ids",
        line: Line,
        raw: RawSheet,
    ) -> None:
        filled = _filled(self.raw, columns, line)
        if not filled:
            ids.see(line.code)
            return
        row = ids.of(line.code)
        if row is None:
            self._unknown_row(question, line, raw)
            return
        for letter, column in columns.items():
            part = Part(question.code, row, column.field)
            cell = Mark(part, column.choice) if column.choice else part
            place = Place(raw.name, f"{letter}{line.number}")
            if column.field == layout.EVIDENCE_NUMBER:
                self._document_number(part, line.cells.get(letter), place)
            else:
                self._cell(cell, line.cells.get(letter), place)
        if not _is_fixed(question):
            here = Part(question.code, row, ROW)
            self.reading.there[here] = self.base.get(here) or self._next_position(question.code)
            self.reading.places[here] = Place(raw.name, f"A{line.number}")

    def _next_position(self, question: str) -> int:
        known = (*self.base.items(), *self.reading.there.items())
        places = [v for p, v in known if p.question == question and p.part == ROW]
        return max(places, default=0) + 1

    def _document_number(self, part: Part, raw: RawCell | None, place: Place) -> None:
        """The number printed before a document is an answer only where it is not as printed."""
        self._part(part, decode(self.raw, raw), place)
        printed = layout.evidence_numbers(self.export.base).get(part.row)
        if part not in self.base and self.reading.there.get(part) == str(printed):
            del self.reading.there[part]

    def _unknown_row(self, question: Question, line: Line, raw: RawSheet) -> None:
        """A row with an id this file was not given: another country's, or an invented one."""
        part = Part(question.code, line.code[:64], ROW)
        problem = Problem(code="not_yours", where=question.code, params={"text": line.code[:80]})
        shown = Shown("text", line.code)
        self._report("not_yours", part, Place(raw.name, f"A{line.number}"), shown, problem)

    def _gone_rows(self, question: Question) -> None:
        """Rows of the base that are not in the file any more, or were emptied."""
        for part in self.base:
            if part.question != question.code or part.part != ROW or part in self.reading.there:
                continue
            cells = [p for p in self.base if p[:2] == part[:2] and p.part != ROW]
            is_doubtful = any(p.part[:2] == part[:2] for p in self.reading.problems)
            written = any(self._was_written(p) for p in cells) or not cells
            if written and self._was_written(part) and not is_doubtful:
                self.reading.blank.add(part)

    # ---- rows that are not of this file

    def _strangers(self, raw: RawSheet, own: Iterable[str]) -> None:
        """Answers in rows of questions that were not in this file."""
        for line in lines_of(raw):
            code = line.code.partition(":")[0]
            if line.code in own or code not in self.index.fields or self._is_ours(code):
                continue
            shown = decode(self.raw, line.cells.get(layout.ANSWER))
            if shown is not None:
                part = Part(self.index.question_of[code].code, "", code)
                problem = Problem(code="not_yours", where=code, params={"text": _cut(shown)})
                place = Place(raw.name, f"{layout.ANSWER}{line.number}")
                self._report("not_yours", part, place, shown, problem)

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(row.question for sheet in self.export.sheets for row in sheet.rows)

    def _is_ours(self, field: str) -> bool:
        return self.index.question_of[field].code in self._codes


class _Ids:
    """Gives each filled row of a roster its id: its own, or a new one that is always the same."""

    def __init__(self, token: str, question: str, known: set[str], *, is_open: bool) -> None:
        self.token = token
        self.question = question
        self.known = known
        self.is_open = is_open
        self.seen: set[str] = set()
        self.made = 0

    def see(self, code: str) -> None:
        """A blank row keeps its id from being given away."""

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
    for line in lines_of(raw):
        if line.code == code:
            found = {at: by_text[c.value] for at, c in line.cells.items() if c.value in by_text}
            return found or written
    return written


def _first_row(sheet: Sheet, raw: RawSheet) -> int:
    """The first row below the header, wherever it now stands."""
    header = {row.code for row in sheet.rows if row.kind in ("columns", "header", "note", "title")}
    return max((line.number for line in lines_of(raw) if line.code in header), default=0) + 1


def _filled(raw: RawBook, columns: Mapping[str, Column], line: Line) -> bool:
    return any(
        decode(raw, line.cells.get(letter)) is not None
        for letter, column in columns.items()
        if column.field != layout.EVIDENCE_NUMBER
    )


def _is_fixed(question: Question) -> bool:
    return bool(question.roster and question.roster.rows)


def _is_state(stored: Stored | None) -> bool:
    return isinstance(stored, dict) and "state" in stored


def _part_of(cell: layout.Cell) -> Part | None:
    if isinstance(cell, Part):
        return cell
    if isinstance(cell, Mark | NonAnswerOf):
        return cell.part
    return Part(cell.question, "", CITES) if isinstance(cell, CitesOf) else None


def _cut(shown: Shown) -> str:
    return shown.text[:TEXT_SHOWN]


Pairs = tuple[Pair, ...]
