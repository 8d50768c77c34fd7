"""What the lines of `calc` are worth now, in Python: the cached values of the formulas."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from survey.core.answers import EMPTY, REASON, Part
from survey.core.expressions.evaluate import Column, Value
from survey.core.instrument import NUMBER_KINDS, Field, Question
from survey.core.types import of
from survey.core.types.texts import LONG, SHORT, URL, length
from survey.workbooks import book as marks
from survey.workbooks import layout
from survey.workbooks.calc import Line, Plan
from survey.workbooks.layout import Mark, NonAnswerOf
from survey.workbooks.written import Content, Written, reason_needed

LENGTHS: Final = {"short_text": SHORT, "long_text": LONG, "url": URL}
DATE_LENGTHS: Final = (4, 7, 10)


class Settling:
    """Works out every line of a plan, whose conditions and checks are set before.

    The formulas say the same: `formulas.py` has them in the same order.
    """

    def __init__(self, plan: Plan, written: Written) -> None:
        self.plan = plan
        self.book = plan.book
        self.written = written

    def work_out(self) -> None:
        """Fills in what every line is worth now; conditions and checks must be set before."""
        for line in self.plan.lines:
            if line.role in ("q", "f", "o", "l", "x"):
                self._read(line)
        for line in self.plan.lines:
            if line.role == "q":
                self._settle(line)

    def _read(self, line: Line) -> None:
        question = line.question
        assert question is not None  # noqa: S101  # only sections have none
        if line.role == "x":
            line.value = self._value(line)
            return
        self._ask(line, question)
        if line.role == "q":
            self._read_beside(line, question)
        if line.role == "o":
            part = Part(question.code, "", line.code.partition(":")[0])
            line.raw = self.written.of(Mark(part, line.choice))
            line.value = 1 if line.raw and line.asked == marks.ASKED else ""
        elif line.field and line.role != "l":
            line.raw = self._raw(question, line.field)
            line.value = self._value(line)

    def _ask(self, line: Line, question: Question) -> None:
        top = self.plan.of[question.code]
        asked = self.book.state.asked
        if line.role == "q":
            line.asked = int(asked[question.code] or self._is_open(line))
        elif line.role == "f":
            holds = asked[line.code] or self._is_open(line)
            line.asked = int(top.asked == marks.ASKED and not top.non and holds)
        else:
            line.asked = self.plan.owner(line).asked

    def _is_open(self, line: Line) -> bool:
        """A condition that Excel cannot say leaves the cells open; it is looked at on return."""
        return line.code in self.book.program.relevant and line.condition is None

    def _read_beside(self, line: Line, question: Question) -> None:
        line.non = str(self.written.of(NonAnswerOf(question.code)) or "")
        line.reason = str(self.written.of(Part(question.code, "", REASON)) or "")
        line.cites = str(self.written.of(layout.CitesOf(question.code)) or "")

    def _raw(self, question: Question, field_: Field) -> Content:
        if not layout.in_one_cell(field_) and field_.type != "long_text":
            return None
        return self.written.of(Part(question.code, "", field_.code))

    def _value(self, line: Line) -> str | float:
        """The value the formula of the line gives: a code, a number or a text."""
        if line.field is None or line.question is None or line.field.type == "select_multiple":
            return ""
        if line.field.type == "calculation":
            return self._calculated(line.field)
        answer = self.book.answers.get(line.question.code, EMPTY)
        stored = answer.fields.get(line.field.code)
        hidden = answer.non_answer or not self.book.state.asked[line.field.code]
        if stored is None or hidden or (line.asked != marks.ASKED):
            return ""
        value = of(line.field).value(line.field, stored)
        return float(value) if isinstance(value, Decimal) else str(value)

    def _calculated(self, field_: Field) -> str | float:
        """The value of a calculation now; only its formula knows it later."""
        expression = self.book.program.calculation.get(field_.code)
        if expression is None or not self.book.state.asked[field_.code]:
            return ""
        found = expression.run(self._operand, self.book.state.now)
        return float(found) if isinstance(found, Decimal) else str(found)

    def _operand(self, code: str) -> Value | Column:
        field_, question = self.book.index.fields[code], self.book.index.question_of[code]
        answer = self.book.answers.get(question.code, EMPTY)
        if answer.non_answer or not self.book.state.asked[code]:
            return ""
        if question.roster:
            return Column(of(field_).value(field_, row.fields.get(code)) for row in answer.rows)
        if field_.type == "calculation":
            value = self._calculated(field_)
            return value if isinstance(value, str) else Decimal(str(value))
        return of(field_).value(field_, answer.fields.get(code))

    # what it amounts to

    def _settle(self, top: Line) -> None:
        for line in top.rows:
            self._settle_row(line)
        for line in top.fields:
            line.filled = len([o for o in line.options if o.raw]) or int(line.raw is not None)
            counts = line.field is not None and line.field.counts
            line.missing = int(counts and not line.filled)
            line.bad = self._is_bad(line)
        if top.question and top.question.roster:
            self._settle_roster(top)
        top.done = int(top.asked == marks.ASKED and (bool(top.non) or self._is_full(top)))
        top.message = self._message(top)
        for line in top.fields[1:]:
            line.state = self._field_state(line)
            self._mark(line, bool(line.filled))
        top.state = self._question_state(top)
        self._mark(top, bool(top.done))
        for line in (*top.rows, *(o for each in top.fields for o in each.options)):
            owner = self.plan.owner(line)
            line.look = marks.LOOK if line.state else (line.asked and min(owner.asked, 2))

    def _is_full(self, top: Line) -> bool:
        roster = top.question is not None and top.question.roster is not None
        own = top.fields[1:] if roster else top.fields
        asked = [line for line in own if line.asked == marks.ASKED]
        if any(line.missing for line in asked):
            return False
        return (top.filled > 0 and not top.missing) if roster else any(x.filled for x in asked)

    def _settle_row(self, line: Line) -> None:
        assert line.question is not None  # noqa: S101
        columns = layout.columns_of(self.book.index, line.question)
        found = {
            c.code: self.written.of(Part(line.question.code, line.choice, c.code)) for c in columns
        }
        line.filled = sum(value is not None for value in found.values())
        line.missing = sum(found[c.code] is None for c in columns if c.counts and not c.relevant)
        if line.filled and line.missing and line.asked == marks.ASKED:
            line.state = self.book.states.field

    def _settle_roster(self, top: Line) -> None:
        if top.rows:
            top.filled = sum(row.filled > 0 for row in top.rows)
            top.missing = sum(row.missing > 0 for row in top.rows)
            return
        assert top.question is not None  # noqa: S101
        sheet = self.plan.sheet_of[top.code]
        counting = [c.code for c in top.question.columns if c.counts and not c.relevant]
        every = [self._cells(row) for row in sheet.rows if row.kind == "row"]
        used = [cells for cells in every if any(v is not None for v in cells.values())]
        looked_at = every if top.question.roster and top.question.roster.rows else used
        top.filled = len(used)
        top.missing = sum(cells[c] is None for cells in looked_at for c in counting)
        least = max(1, top.question.roster.least if top.question.roster else 0)
        if looked_at is used:
            top.missing += max(0, least - len(used))

    def _cells(self, row: layout.SheetRow) -> dict[str, Content]:
        found: dict[str, Content] = {}
        for cell in row.cells.values():
            content = self.written.of(cell)
            if isinstance(cell, Mark):
                found[cell.part.part] = found.get(cell.part.part) or content
            elif isinstance(cell, Part):
                found[cell.part] = content
        return found

    def _message(self, top: Line) -> str:
        """The words of the first check that fails, of those Excel can say."""
        failed = {
            str(p.params.get("check"))
            for p in self.book.state.questions[top.code].problems
            if p.code == "check" and not p.row
        }
        found = (self.book.say(c.message) for c, _ in top.checks if c.code in failed)
        return next(found, "") if not top.non else ""

    def _is_bad(self, line: Line) -> bool:
        """The value in the cell is not one the field takes."""
        if line.field is None or line.asked != marks.ASKED:
            return False
        if line.options:
            chosen = [o.choice for o in line.options if o.raw]
            alone = {c.code for c in self.book.index.choices(line.field) if c.exclusive}
            return len(chosen) > 1 and bool(alone.intersection(chosen))
        return line.raw is not None and is_bad(line.field, line.raw, line.value)

    def _question_state(self, top: Line) -> str:
        words, any_filled = self.book.states, self._anything(top)
        if top.asked != marks.ASKED:
            return words.not_counted if any_filled else words.not_asked
        if top.non:
            return self._non_answer_state(top, any_filled)
        if top.bad:
            return words.value
        if top.message:
            return words.check
        if not top.done:
            return self._open_state(top, any_filled)
        is_claim = top.evidence is not None and not top.cites and self._claims(top)
        return words.evidence if is_claim else words.answered

    @staticmethod
    def _anything(top: Line) -> bool:
        return any(line.filled for line in top.fields)

    def _non_answer_state(self, top: Line, any_filled: bool) -> str:
        given = self.book.answers.get(top.code, EMPTY).non_answer
        if any_filled:
            return self.book.states.two_answers
        needed = reason_needed(given) and not top.reason
        return self.book.states.reason if needed else top.non

    def _open_state(self, top: Line, any_filled: bool) -> str:
        words = self.book.states
        if any_filled:
            return f"{words.rows} {top.missing}" if top.rows else words.started
        required = top.question is not None and top.question.required
        return words.required if required else words.open

    def _claims(self, top: Line) -> bool:
        problems = self.book.state.questions[top.code].problems
        return any(p.code == "evidence_missing" for p in problems)

    def _field_state(self, line: Line) -> str:
        words = self.book.states
        if line.asked != marks.ASKED:
            return words.not_counted if line.filled else ""
        if not line.filled:
            return words.field if line.missing else ""
        return words.value if line.bad else ""

    def _mark(self, line: Line, counts: bool) -> None:
        line.look = self._look(line)
        line.review = int(line.look == marks.LOOK and counts)

    def _look(self, line: Line) -> int:
        if line.asked != marks.ASKED:
            return line.asked
        if line.state == self.book.states.answered:
            return marks.ANSWERED
        calm = ("", self.book.states.open, *self.book.non_answers.values())
        return marks.ASKED if line.state in calm else marks.LOOK


def is_bad(field_: Field, raw: str | float, value: str | float) -> bool:
    """Whether a filled cell has something its field does not take; the formulas say the same."""
    if field_.type == "date":
        return not _is_date_like(str(raw))
    if field_.type in LENGTHS:
        return length(str(raw)) > LENGTHS[field_.type]
    if value == "":
        return True
    if field_.type not in NUMBER_KINDS and field_.type != "year":
        return False
    number = float(value)
    whole = field_.type not in ("integer", "year") or number == int(number)
    return not whole or any(not test for test in _within(field_, number))


def bounds(field_: Field) -> tuple[str, str]:
    """The least and the highest number a field takes; "" for none."""
    if field_.type == "percent":
        return field_.minimum or "0", field_.maximum or "100"
    if field_.type == "year":
        return field_.minimum[:4] or "1800", field_.maximum[:4] or "2200"
    return field_.minimum, field_.maximum


def _within(field_: Field, number: float) -> Iterable[bool]:
    least, most = bounds(field_)
    yield not least or number >= float(least)
    yield not most or number <= float(most)


def _is_date_like(text: str) -> bool:
    return len(text) in DATE_LENGTHS and text[:4].isdigit()
