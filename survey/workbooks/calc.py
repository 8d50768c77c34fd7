"""The lines of the hidden sheet `calc`, in the order of the sheets.

A line is a section (`s`), a question with its primary field (`q`), a further field (`f`), an
option of a multiple choice (`o`), a row of a table in a section (`l`), or a field that the
workbook only knows the value of (`x`), because its section is not in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as each_its_own
from typing import Final, Literal

from survey.core.expressions.tree import references
from survey.core.instrument import Check, Field, Question, Section
from survey.core.program import Expression
from survey.workbooks import book as marks
from survey.workbooks import layout
from survey.workbooks.book import Book
from survey.workbooks.layout import Sheet
from survey.workbooks.written import Content

FIRST: Final = 2  # the spreadsheet's row of the first line
Role = Literal["s", "q", "f", "o", "l", "x"]


@dataclass(slots=True)
class Line:
    """One line. `filled`: cells, marks or rows with something in them; `missing`: what is still
    to be filled in of it; `look`: what column B of its row says."""

    code: str
    role: Role
    at: int
    section: str
    question: Question | None = None
    field: Field | None = None
    choice: str = ""
    raw: Content = None
    non: str = ""
    reason: str = ""
    cites: str = ""
    asked: int = marks.ASKED
    value: str | float = ""
    filled: int = 0
    missing: int = 0
    done: int = 0
    state: str = ""
    look: int = marks.ASKED
    review: int = 0
    message: str = ""
    fields: list["Line"] = each_its_own(default_factory=list)  # of a question, itself first
    options: list["Line"] = each_its_own(default_factory=list)
    rows: list["Line"] = each_its_own(default_factory=list)
    checks: tuple[tuple[Check, str], ...] = ()  # with the formula of each
    condition: str | None = None
    calculation: str | None = None
    evidence: str | None = None
    bad: bool = False


class Plan:
    """All lines of a workbook; their values are filled in by `settle.py`."""

    def __init__(self, book: Book, sheets: Sequence[Sheet]) -> None:
        self.book = book
        self.lines: list[Line] = []
        self.of: dict[str, Line] = {}
        self.sheet_of = {sheet.code: sheet for sheet in sheets}
        self.sections = [sheet.code for sheet in sheets if sheet.kind == "section"]
        for code in self.sections:
            self._plan_section(book.index.sections[code])
        self._plan_outside()

    @property
    def last(self) -> int:
        """The spreadsheet's row of the last line."""
        return FIRST + len(self.lines) - 1

    def _add(self, code: str, role: Role, section: str, **more: object) -> Line:
        line = Line(code, role, FIRST + len(self.lines), section, **more)  # type: ignore[arg-type]
        self.lines.append(line)
        self.of[code] = line
        return line

    def owner(self, line: Line) -> Line:
        """The line of the field of an option, else that of the question."""
        if line.role == "o" and line.field:
            return self.of[line.field.code]
        return self.of[line.question.code] if line.question else line

    # planning

    def _plan_section(self, section: Section) -> None:
        self._add(f"{section.code}:section", "s", section.code)
        for question in section.questions:
            self._plan_question(question, section.code)

    def _plan_question(self, question: Question, section: str) -> None:
        top = self._add(question.code, "q", section, question=question, field=question.primary)
        top.fields = [top]
        for each in question.fields:
            if each is not question.primary:
                line = self._add(each.code, "f", section, question=question, field=each)
                top.fields.append(line)
        for line in top.fields:
            if line.field and line.field.type == "select_multiple":
                line.options = [
                    self._add(
                        f"{line.field.code}:{choice.code}", "o", section, choice=choice.code,
                        question=question, field=line.field,
                    )
                    for choice in self.book.index.choices(line.field)
                ]  # fmt: skip
        if layout.stands_in_section(self.book.index, question):
            top.rows = [
                self._add(f"{question.code}:{row.code}", "l", section, choice=row.code,
                          question=question)
                for row in self.book.index.fixed_rows(question)
            ]  # fmt: skip

    def _plan_outside(self) -> None:
        """Lines for fields of other sections that a condition of these reads."""
        scope = self.book.program.scope
        read = {code for expression in self._expressions() for code in references(expression.node)}
        for code in self.book.index.fields:
            if code in read and code not in self.of and not scope[code].roster:
                self._add(code, "x", "", field=self.book.index.fields[code],
                          question=self.book.index.question_of[code])  # fmt: skip

    def _expressions(self) -> Iterator[Expression]:
        program = self.book.program
        for line in self.lines:
            if line.role not in ("q", "f"):
                continue
            for table in (program.relevant, program.calculation, program.evidence_when):
                if line.code in table:
                    yield table[line.code]
            if line.role == "q":
                yield from (each for _, each in program.checks[line.code])
