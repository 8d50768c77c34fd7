"""Takes the cells of a file one by one: what each says, or why it says nothing."""

from typing import Final

import msgspec

from survey.core.answers import REASON, ROW, Part, Stored, parts_of
from survey.core.instrument import Field, Question
from survey.core.problems import Problem
from survey.workbooks import layout
from survey.workbooks.cells import TEXT_SHOWN, Doubt, Shown, decode
from survey.workbooks.choices import is_mark
from survey.workbooks.layout import CitesOf, Mark, NonAnswerOf, SectionNotApplicable, SectionReason
from survey.workbooks.raw import RawBook, RawCell
from survey.workbooks.reading import CellProblem, Export, Place, ProblemKind, Reading
from survey.workbooks.values import TEXT_FIELD, ValueReader, is_as_written, same_value

NOWHERE: Final = Place("", "")


class Taker:
    """Collects what the cells of one file say.

    Cells that mean something only together wait until all were seen: `marks` (part -> choice ->
    is it marked, None: it says no), `states` of questions, documents `cited` and `sections`.
    """

    def __init__(self, raw: RawBook, export: Export) -> None:
        self.raw = raw
        self.export = export
        self.index = export.index
        self.base = parts_of(export.base)
        self.values = ValueReader(export.index, export.locale, export.words)
        self.reading = Reading(token=export.token)
        self.marks: dict[Part, dict[str, bool | None]] = {}
        self.states: dict[str, tuple[Shown | None, Place]] = {}
        self.cited: list[tuple[str, Shown | None, Place]] = []
        self.sections: dict[str, dict[str, tuple[Shown | None, Place]]] = {}

    def cell(self, cell: layout.Cell, raw: RawCell | None, place: Place) -> None:
        """Takes one cell of the layout; `raw` is None when the file has nothing there."""
        shown = decode(self.raw, raw)
        if isinstance(cell, Part):
            self.part(cell, shown, place)
        elif isinstance(cell, Mark):
            self.mark(cell, shown, place)
        elif isinstance(cell, NonAnswerOf):
            self.states[cell.question] = (shown, place)
        elif isinstance(cell, CitesOf):
            self.cited.append((cell.question, shown, place))
        elif isinstance(cell, SectionNotApplicable):
            self.sections.setdefault(cell.section, {})["state"] = (shown, place)
        elif isinstance(cell, SectionReason):
            self.sections.setdefault(cell.section, {})[REASON] = (shown, place)

    def field_of(self, part: Part) -> Field:
        """The field of a part; a reason or remark is a long text."""
        return self.index.fields.get(part.part, TEXT_FIELD)

    def part(self, part: Part, shown: Shown | None, place: Place) -> None:
        """Takes the cell of one part, in the form of the base when it says the same."""
        self.reading.places[part] = place
        if shown is None:
            self.blank(part)
            return
        field = self.field_of(part)
        found = self.values.read(field, shown)
        before = self.base.get(part)
        if isinstance(found, Doubt):
            if self.was_written(part) and is_as_written(field, before, shown):
                self.reading.there[part] = before
            else:
                self.doubt(part, place, shown, found)
        elif found is None:
            self.blank(part)
        else:
            self.reading.there[part] = before if same_value(field, before, found) else found

    def blank(self, part: Part) -> None:
        """Takes a blank cell: it says something only where a value was written."""
        if part in self.base and self.was_written(part):
            self.reading.blank.add(part)

    def was_written(self, part: Part) -> bool:
        """Whether the value the base has of a part stood in the file."""
        return layout.is_written(part, self.export.base, self.export.asked)

    def doubt(self, part: Part, place: Place, shown: Shown, found: Doubt) -> None:
        """Notes a cell that gave no value."""
        self.report(found.kind, part, place, shown, found.problem, found.options)

    def report(
        self,
        kind: ProblemKind,
        part: Part,
        place: Place,
        shown: Shown,
        problem: Problem,
        options: tuple[Stored | None, ...] = (),
    ) -> None:
        """Notes a problem of one cell."""
        self.reading.places.setdefault(part, place)
        where = problem.where if problem.where not in ("", "text") else part.part
        problem = msgspec.structs.replace(problem, where=where, row=part.row)
        self.reading.problems.append(
            CellProblem(kind, part, place, shown.text[:TEXT_SHOWN], problem, options)
        )

    def mark(self, mark: Mark, shown: Shown | None, place: Place) -> None:
        """Takes one option of a multiple choice."""
        marked = is_mark(shown)
        self.marks.setdefault(mark.part, {})[mark.choice] = marked
        if marked is not False:
            self.reading.places.setdefault(mark.part, place)

    def keep_fixed(self, question: Question) -> None:
        """A fixed row is there as soon as one of its cells is."""
        there = self.reading.there
        for position, choice in enumerate(self.index.fixed_rows(question), start=1):
            row = Part(question.code, choice.code, ROW)
            cells = [Part(question.code, choice.code, c.code) for c in question.columns]
            if any(cell in there for cell in cells):
                there[row] = self.base.get(row, position)
