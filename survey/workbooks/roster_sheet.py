"""The sheet of a roster: a plain table that may be sorted, filtered, pasted into and extended."""

from typing import Final

from survey.core.answers import Part
from survey.core.instrument import Field, Question
from survey.workbooks import layout, styles
from survey.workbooks.conditions import ROW
from survey.workbooks.drawing import Drawing
from survey.workbooks.formulas import quoted
from survey.workbooks.layout import CALC, Column, Mark, Sheet, SheetRow
from survey.workbooks.lists import MARKS
from survey.workbooks.page import Page
from survey.workbooks.styles import DEEP, GREY_TEXT, LINE, NOTE, lines

A, B, C = range(3)
NUMBER_WIDTH, LABEL_WIDTH, STATE_WIDTH = 9, 40, 24
WIDTHS: Final = {
    "short_text": 28, "long_text": 44, "url": 32, "date": 13, "year": 9, "yes_no": 12,
    "progress": 14, "select_one": 20, "maturity": 20, "integer": 13, "decimal": 14,
    "percent": 12, "currency": 16, "mark": 13,
}  # fmt: skip
FIRST_TEXT: Final = 42  # the first column names the row
ROW_POINTS: Final = 18.0


class RosterSheet:
    """Writes one roster."""

    def __init__(self, drawing: Drawing, sheet: Sheet, page: Page) -> None:
        self.draw = drawing
        self.book = drawing.book
        self.get = drawing.styles.get
        self.sheet = sheet
        self.page = page
        self.question: Question = self.book.index.answerable[sheet.code]
        self.fixed = bool(self.question.roster and self.question.roster.rows)
        self.columns = layout.roster_columns(self.book.index, self.question)
        self.places = {at: _place(at) for at in self.columns}
        self.state = max([C - 1, *self.places.values()]) + 1
        self.numbers = drawing.written.number_of_rows(sheet)
        self.dotted = {"bottom": 4, "bottom_color": LINE}
        self.first = next(i for i, r in enumerate(sheet.rows) if r.kind in ("example", "row"))
        self.widths = self._widths()
        self.checks = drawing.conditions.of_rows(self.question)

    def write(self) -> None:
        """Writes every row, then what holds for the whole sheet."""
        plain = self.get()
        draws = {
            "title": self._title,
            "note": self._note,
            "columns": self._codes,
            "header": self._header,
            "example": self._example,
            "row": self._row,
        }
        for row, each in enumerate(self.sheet.rows):
            self.page.text(row, A, each.code, plain)
            draws[each.kind](row, each)
        self._settings()

    def field(self, column: Column) -> Field:
        """The field of a column."""
        return self.book.index.fields[column.field]

    def label(self, column: Column) -> str:
        """The name of a column; of a mark also that of its choice."""
        field = self.field(column)
        label = self.book.say(field.label) or field.code
        if not column.choice:
            unit = self.book.say(field.unit)
            return f"{label} ({unit})" if unit else label
        return f"{label}: {self.draw.lists.label(field, column.choice)}"

    def _widths(self) -> dict[int, float]:
        found: dict[int, float] = {}
        for at, column in self.columns.items():
            kind = "mark" if column.choice else self.field(column).type
            width = WIDTHS.get(kind, 14)
            if self.places[at] == C and not self.fixed and kind == "short_text":
                width = FIRST_TEXT
            longest = max(map(len, self.label(column).split()), default=0)
            found[self.places[at]] = max(width, min(longest + 2, 24))
        return {**found, B: LABEL_WIDTH if self.fixed else NUMBER_WIDTH, self.state: STATE_WIDTH}

    # ---- the head

    def title(self) -> tuple[str, str]:
        """What stands before the title, and the title."""
        return self.question.number, self.book.say(self.question.title)

    def _title(self, row: int, each: SheetRow) -> None:
        page = self.page
        page.height(row, 27)
        band = {"bg_color": DEEP, "font_color": styles.PAPER, "bold": True, "font_size": 16}
        page.blanks(row, range(B, self.state + 1), self.get(**band))
        number, title = self.title()
        page.text(row, B, number, self.get(**band, align="center"))
        page.text(row, C, title, self.get(**band))
        self.back(row)

    def back(self, row: int) -> None:
        """The link to the question this table answers."""
        section = self.draw.plan.sheet_of[self.sheet.section]
        target = next(i for i, r in section.numbered() if r.code == self.sheet.code)
        text = "← " + self.book.words.gettext("Back to {number}").format(
            number=self.question.number
        )
        self.draw.button(self.page, row, self.state, section.name, text, f"D{target}")

    def note(self) -> str:
        """How the table is filled."""
        _ = self.book.words.gettext
        asked = self.book.say(self.question.stem)
        help_ = self.book.say(self.question.help)
        how = (
            _("Fill in the white cells.")
            if self.fixed
            else _(
                "One row each. You may paste from another sheet, insert, sort and delete rows. "
                "The example row is not read."
            )
        )
        return " ".join(filter(None, (asked, help_, how)))

    def _note(self, row: int, each: SheetRow) -> None:
        width = sum(self.widths.values()) - self.widths[B]
        self.page.height(row, styles.small_height(self.note(), width, 6))
        style = self.get(italic=True, font_size=10, font_color=NOTE, text_wrap=True)
        if self.state > C:
            self.page.joined((row, C, row, self.state), self.note(), style)
        else:
            self.page.text(row, C, self.note(), style)

    def _codes(self, row: int, each: SheetRow) -> None:
        """The hidden row with the code of each column."""
        self.page.set_row(row, None, None, {"hidden": True})
        self.page.heights[row] = 0
        for at, column in each.cells.items():
            if isinstance(column, Column):
                self.page.text(row, self.places[at], column.text, self.get())

    def _header(self, row: int, each: SheetRow) -> None:
        _, page = self.book.words.gettext, self.page
        style = self.get(
            bold=True, font_size=10, font_color=DEEP, bg_color=styles.SOFT, text_wrap=True,
            bottom=2, bottom_color=DEEP, indent=1,
        )  # fmt: skip
        labels = {self.places[at]: self._heading(column) for at, column in self.columns.items()}
        needed = [lines(text, self.widths[column] - 1) for column, text in labels.items()]
        page.height(row, max(needed, default=1) * 13.5 + 6)
        page.text(row, B, "" if self.fixed else _("No."), self.draw.header(centred=True))
        for column, text in labels.items():
            page.text(row, column, text, style)
        page.text(row, self.state, _("State"), style)

    def _heading(self, column: Column) -> str:
        """The name of a column, and below it how it is filled."""
        hint = "" if column.choice else self.book.say(self.field(column).hint)
        return f"{self.label(column)}\n{hint}" if hint else self.label(column)

    def _example(self, row: int, each: SheetRow) -> None:
        _, page = self.book.words.gettext, self.page
        look = {
            "italic": True, "font_color": GREY_TEXT, "bg_color": styles.GREY, "border": 1,
            "border_color": LINE, "text_wrap": True, "num_format": "@",
        }  # fmt: skip
        page.text(row, B, _("Example"), self.get(**look, align="center"))
        shown = {self.places[at]: self._shown_example(c) for at, c in self.columns.items()}
        for column, text in shown.items():
            page.text(row, column, text, self.get(**look, indent=1))
        needed = [styles.height(text, self.widths[c] - 2, 3) for c, text in shown.items()]
        page.height(row, max(ROW_POINTS, *needed), grows=True)
        page.text(row, self.state, _("not read"), self.get(**look, indent=1))

    def _shown_example(self, column: Column) -> str:
        roster = self.question.roster
        given = roster.example.get(column.field, {}) if roster else {}
        text = self.book.say(given)
        if column.choice:
            return "x" if column.choice in text.split() else ""
        field = self.field(column)
        return self.draw.lists.label(field, text) if field.list and text else text

    # ---- rows

    def _row(self, row: int, each: SheetRow) -> None:
        page = self.page
        self._row_head(row, each)
        shown = ROW_POINTS
        for at, cell in each.cells.items():
            if not isinstance(cell, Part | Mark) or self.places[at] < C:
                continue
            content = self.draw.written.of(cell)
            if isinstance(cell, Mark):
                page.value(row, self.places[at], content, self.draw.answer("mark"))
                continue
            field = self.book.index.fields[cell.part]
            page.value(row, self.places[at], content, self.draw.answer(field.type))
            if isinstance(content, str):
                needed = styles.height(content, self.widths[self.places[at]] - 2, 3)
                shown = max(shown, needed)
        page.height(row, shown, grows=True)
        self._state(row, each)

    def _row_head(self, row: int, each: SheetRow) -> None:
        if self.fixed:
            label = self.book.say(each.label) or each.code
            self.page.text(row, B, label, self.get(text_wrap=True, indent=1, **self.dotted))
            return
        style = self.get(align="center", font_color=NOTE, **self.dotted)
        self.page.value(row, B, self.numbers[each.code], style)

    def _state(self, row: int, each: SheetRow) -> None:
        formula, value = self.row_state(row, each)
        style = self.get(font_size=10, indent=1, text_wrap=True, **self.dotted)
        self.page.formula(row, self.state, formula, style, value)

    def row_state(self, row: int, each: SheetRow) -> tuple[str, str]:
        """The state of a row: nothing yet, what is missing, or complete; formula and value."""
        _ = self.book.words.gettext
        number, last = row + 1, layout.column_letter(self.state - 1)
        filled = f"COUNTA(C{number}:{last}{number})"
        formula, value = self._checked(row, each)
        for at, column in reversed(self._counting()):
            words = _("Missing: {column}").format(column=self.label(column))
            formula = f'IF({at}{number}="",{quoted(words)},{formula})'
            if self.draw.content(each.cells[at]) is None:
                value = words
        any_filled = any(self.draw.content(cell) is not None for cell in each.cells.values())
        return f'IF({filled}=0,"",{formula})', value if any_filled else ""

    def _checked(self, row: int, each: SheetRow) -> tuple[str, str]:
        """What the checks of a filled row say; formula and value."""
        _ = self.book.words.gettext
        value = _("Complete")
        formula = quoted(value)
        problems = self.book.state.questions[self.question.code].problems
        failed = {p.params.get("check") for p in problems if p.row == each.code}
        for check, condition in reversed(self.checks):
            words = _("Review: {message}").format(message=self.book.say(check.message))
            test = condition.replace(ROW, str(row + 1))
            formula = f"IF(IFERROR({test},FALSE),{quoted(words)},{formula})"
            value = words if check.code in failed else value
        return formula, value

    def _counting(self) -> list[tuple[str, Column]]:
        return [
            (at, column)
            for at, column in self.columns.items()
            if self.field(column).counts and not column.choice and not self.field(column).relevant
        ]

    # ---- the whole sheet

    def _settings(self) -> None:
        page, last = self.page, len(self.sheet.rows) - 1
        page.set_column(A, A, 4, None, {"hidden": True})
        for column, width in self.widths.items():
            page.set_column(column, column, width)
        self.draw.common(page, self.sheet.section)
        self._rules(last)
        self._grey(last)
        self._attention(last)
        page.freeze_panes(self.first, C)
        page.set_selection(min(last, self.first + 1), C, min(last, self.first + 1), C)
        letter = layout.column_letter(self.state)
        page.ignore_errors({"number_stored_as_text": f"C{self.first + 1}:{letter}{last + 1}"})
        page.paper(B, self.state, last, self.first, self.draw.footer)
        page.fit_to_pages(1, 0)
        page.write_rules()

    def _rules(self, last: int) -> None:
        rules = self.draw.rules
        start = next((i for i, r in enumerate(self.sheet.rows) if r.kind == "row"), last + 1)
        for row in range(start, last + 1):
            for at, column in self.columns.items():
                if self.places[at] < C:
                    continue
                if column.choice:
                    rules.named(self.page, row, self.places[at], MARKS)
                else:
                    rules.field(self.page, row, self.places[at], self.field(column))

    def _attention(self, last: int) -> None:
        """A state that asks for something is tinted."""
        cell = f"${layout.column_letter(self.state)}{self.first + 1}"
        look = self.draw.styles.difference(
            bg_color=styles.LOOK, font_color=styles.LOOK_TEXT, bold=True
        )
        rule = {"type": "formula", "criteria": "=" + self.attention(cell), "format": look}
        area = (self.first, self.state, last, self.state)
        self.page.checked(self.page.conditional_format(*area, rule))

    def _grey(self, last: int) -> None:
        """The whole table is grey while its question is not asked."""
        line = self.draw.plan.of.get(self.sheet.code)
        if line is None:
            return
        look = self.draw.styles.difference(bg_color=styles.GREY, font_color=GREY_TEXT)
        rule = {"type": "formula", "criteria": f"={CALC}!$G${line.at}<>1", "format": look}
        area = (self.first, B, last, self.state)
        self.page.checked(self.page.conditional_format(*area, {**rule, "stop_if_true": True}))

    def attention(self, cell: str) -> str:
        """What is true of a state that asks for something."""
        _ = self.book.words.gettext
        calm = ("", _("Complete"), _("not read"))
        return f"NOT(OR({','.join(f'{cell}={quoted(words)}' for words in calm)}))"


def _place(letter: str) -> int:
    place = 0
    for each in letter:
        place = place * 26 + ord(each) - ord("A") + 1
    return place - 1
