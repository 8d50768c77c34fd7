"""What each cell of a workbook holds for a given answer set: the written side of every part."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from survey.core.answers import EMPTY, REASON, REMARK, Answer, NonAnswer, Part, Row, Stored
from survey.core.instrument import EVIDENCE, NUMBER_KINDS, Field, FieldKind
from survey.workbooks import layout
from survey.workbooks.book import Book
from survey.workbooks.layout import Cell, CitesOf, Mark, NonAnswerOf, Sheet
from survey.workbooks.lists import MARK, Lists

Content: TypeAlias = str | float | None  # a text cell, a number cell, a blank one

_ONE_CHOICE = frozenset({"yes_no", "progress", "select_one", "maturity"})
_TEXTS = frozenset({"short_text", "long_text"})


class Written:
    """The contents of the cells of one book. What is not asked is written empty."""

    def __init__(self, book: Book, lists: Lists) -> None:
        self.book = book
        self.lists = lists
        self.fields = book.index.fields
        self.asked: Mapping[str, bool] = book.state.asked
        self.numbers = layout.evidence_numbers(book.answers)
        self._rows: dict[str, dict[str, Row]] = {}

    def of(self, cell: Cell) -> Content:
        """What this cell holds; None: nothing."""
        if isinstance(cell, Part):
            return self._part(cell)
        if isinstance(cell, Mark):
            return MARK if cell.choice in (self._stored(cell.part) or ()) else None
        if isinstance(cell, NonAnswerOf):
            return self._non_answer(cell.question)
        return self._cites(cell.question) if isinstance(cell, CitesOf) else None

    def answer(self, question: str) -> Answer:
        """The answer to a question; an empty one when it is not asked."""
        return self.book.answers.get(question, EMPTY) if self.asked[question] else EMPTY

    def _part(self, part: Part) -> Content:
        if part.part in (REASON, REMARK):
            answer = self.answer(part.question)
            return plain(answer.reason if part.part == REASON else answer.remark) or None
        stored = self._stored(part)
        if part.part == layout.EVIDENCE_NUMBER:
            return self.numbers.get(part.row)
        return None if stored is None else self.shown(self.fields[part.part], stored)

    def _stored(self, part: Part) -> Stored | None:
        if not layout.is_written(part, self.book.answers, self.asked):
            return None
        answer = self.book.answers.get(part.question, EMPTY)
        if not part.row:
            return None if answer.non_answer else answer.fields.get(part.part)
        row = self.rows(part.question).get(part.row)
        return row.fields.get(part.part) if row else None

    def rows(self, question: str) -> Mapping[str, Row]:
        """Row id -> stored row of a roster."""
        found = self._rows.get(question)
        if found is None:
            answer = self.book.answers.get(question, EMPTY)
            found = self._rows[question] = {row.id: row for row in answer.rows}
        return found

    def shown(self, field: Field, stored: Stored) -> Content:
        """A stored value as its cell holds it: a label, a number (percent from 0 to 1), a text."""
        if field.type in _ONE_CHOICE:
            return self.lists.label(field, str(stored))
        if field.type in _TEXTS:
            return plain(stored)
        if field.type in NUMBER_KINDS or field.type == "year":
            return number(field.type, str(stored))
        return str(stored)

    def _non_answer(self, question: str) -> Content:
        found = self.answer(question).non_answer
        return self.book.non_answers[found] if found else None

    def _cites(self, question: str) -> Content:
        cited = self.answer(question).evidence
        numbers = sorted(self.numbers[row] for row in cited if row in self.numbers)
        return ", ".join(map(str, numbers)) or None

    def number_of_rows(self, sheet: Sheet) -> dict[str, int]:
        """Row id -> number printed before each row of a roster, those of blank rows included."""
        ids = [row.code for row in sheet.rows if row.kind == "row"]
        if sheet.code != EVIDENCE:
            return {row: number for number, row in enumerate(ids, start=1)}
        following = max(self.numbers.values(), default=0)
        blank = (row for row in ids if row not in self.numbers)
        return self.numbers | {row: following + n for n, row in enumerate(blank, start=1)}


def plain(stored: Stored | None) -> str:
    """The words of a stored text, whatever language they are in."""
    return str(stored["text"]) if isinstance(stored, dict) else ""


def number(kind: FieldKind, stored: str) -> float | str:
    """A stored number as a cell holds it; what is no number stays as it stands."""
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return stored
    return float(value / 100 if kind == "percent" else value)


def reason_needed(non_answer: NonAnswer | None) -> bool:
    """G5: not applicable and withheld say why."""
    return non_answer in (NonAnswer.NOT_APPLICABLE, NonAnswer.WITHHELD)
