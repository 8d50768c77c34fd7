"""The sheet of a section: a form of short rows."""

from collections.abc import Callable, Mapping
from typing import Final

from xlsxwriter.format import Format

from survey.core.answers import Part
from survey.core.instrument import Field, Question
from survey.workbooks import layout, styles
from survey.workbooks.book import CHOSEN, LOOK
from survey.workbooks.drawing import Drawing
from survey.workbooks.formulas import filled_in, sheet_reference
from survey.workbooks.layout import CALC, Mark, Sheet, SheetRow
from survey.workbooks.lists import MARKS, NON_ANSWERS, SECTION
from survey.workbooks.names import short_name
from survey.workbooks.page import Page
from survey.workbooks.styles import DEEP, LINE, LOOK_TEXT, MID, NOTE, PALE, SOFT, lines

A, B, C, D, E, F, G, H, WHY, J, K = range(11)
WIDTHS: Final = {C: 5.5, D: 54, E: 31, F: 15, G: 17, H: 15, WHY: 17, J: 16, K: 8.5}
PRINTED: Final = sum(WIDTHS.values())
ACROSS: Final = PRINTED - WIDTHS[C]  # letters in a row joined over D:K
BOLD: Final = 1.0
BESIDE: Final = sum(WIDTHS[column] for column in (H, WHY, J, K)) - 2
HEAD: Final = 2  # rows that stay in sight
FIRST: Final = 2  # the first row of the form, from 0
BOX_POINTS: Final = 14.0
TABLE: Final = {"E": E, "F": F, "H": H, "I": WHY, "J": J, "K": K}
NON_BLOCK: Final = ("title", "header", "introduction", "who", "documents", "section")


class SectionSheet:
    """Writes one section."""

    def __init__(self, drawing: Drawing, sheet: Sheet, page: Page) -> None:
        self.draw = drawing
        self.book = drawing.book
        self.get = drawing.styles.get
        self.sheet = sheet
        self.page = page
        self.section = self.book.index.sections[sheet.code]
        self.blocks: list[tuple[int, int]] = []
        self.plain = self.get()
        self.dotted = {"bottom": 4, "bottom_color": LINE}
        self.draws: Mapping[str, Callable[[int, SheetRow], None]] = {
            "title": self._title,
            "header": self._header,
            "introduction": self._introduction,
            "who": self._introduction,
            "documents": self._introduction,
            "section": self._not_applicable,
            "stem": self._stem,
            "help": self._help,
            "level": self._level,
            "option": self._option,
            "field": self._field,
            "head": self._table_head,
            "line": self._table_row,
            "box": self._box,
            "end": self._end,
        }

    def write(self) -> None:
        """Writes every row, then what holds for the whole sheet."""
        for row, each in enumerate(self.sheet.rows):
            self.page.text(row, A, each.code, self.plain)
            self.draws[each.kind](row, each)
            if each.kind == "stem":
                self.blocks.append((row, row))
            elif each.kind not in NON_BLOCK:
                self.blocks[-1] = (self.blocks[-1][0], row)
        self._formats()
        self._settings()

    # ---- the head of the sheet

    def _title(self, row: int, each: SheetRow) -> None:
        _, page = self.book.words.gettext, self.page
        page.height(row, 27)
        band = {"bg_color": DEEP, "font_color": styles.PAPER, "bold": True}
        page.blanks(row, range(C, K + 1), self.get(**band))
        page.text(
            row,
            C,
            self.draw.numbers[self.sheet.code],
            self.get(**band, font_size=16, align="center"),
        )
        page.text(row, D, self.book.say(each.label), self.get(**band, font_size=16))
        progress = self.draw.progress[self.sheet.code]
        template = _("{done} of {asked} answered")
        asked, done, _review = self.draw.formulas.totals(self.sheet.code)
        formula = filled_in(template, done=done, asked=asked)
        value = template.format(done=progress.done, asked=progress.asked)
        page.formula(row, G, formula, self.get(**band), value)
        self.draw.button(page, row, WHY, self.draw.start, "← " + _("Start"), "B7")
        name, cell = self.draw.following(self.sheet)
        self.draw.button(page, row, J, name, f"{short_name(name)} →", cell)

    def _header(self, row: int, each: SheetRow) -> None:
        _, page = self.book.words.gettext, self.page
        page.height(row, 18)
        words = {
            C: _("No."),
            D: _("Question"),
            E: _("Answer"),
            F: _("What is expected"),
            G: _("State"),
            H: _("If no answer"),
            WHY: _("Reason"),
            J: _("Remark"),
            K: _("Evid. no."),
        }
        for column, word in words.items():
            page.text(
                row, column, word, self.draw.header(centred=column in (C, K), flush=column == D)
            )

    def _introduction(self, row: int, each: SheetRow) -> None:
        _, page = self.book.words.gettext, self.page
        text = self.book.say(each.label)
        if each.kind == "who":
            text = _("Usually answered by: {who}").format(who=text)
        if each.kind == "documents":
            text = _("Have at hand: {documents}").format(documents=text)
            text = f"{text} {self._minutes(each)}".strip()
        page.height(row, styles.height(text, ACROSS, 6))
        style = self.get(font_color=NOTE, italic=True, text_wrap=True)
        page.joined((row, D, row, K), text, style)

    def _minutes(self, each: SheetRow) -> str:
        minutes = self.book.index.sections[each.code.partition(":")[0]].minutes
        words = self.book.words.gettext("It takes about {minutes} minutes.")
        return words.format(minutes=minutes) if minutes else ""

    def _not_applicable(self, row: int, each: SheetRow) -> None:
        _, page = self.book.words.gettext, self.page
        page.height(row, 24, grows=True)
        pale = {"bg_color": PALE, "font_size": 10}
        page.blanks(row, range(C, K + 1), self.get(**pale))
        question = _("Does nothing in this section apply? Say so here, once:")
        page.text(row, D, question, self.get(**pale, bold=True, text_wrap=True))
        page.text(row, E, "", self.draw.answer("select_one"))
        self.draw.rules.named(page, row, E, SECTION)
        page.text(row, F, _("or leave it blank"), self.get(**pale, indent=1))
        reason = self.book.states.reason.replace('"', '""')
        formula = f'IF(AND(E{row + 1}<>"",I{row + 1}=""),"{reason}","")'
        page.formula(row, G, formula, self.get(**pale, bold=True, indent=1), "")
        page.text(row, H, _("Reason:"), self.get(**pale, align="right"))
        page.joined((row, WHY, row, K), "", self.draw.answer("short_text"))
        self.draw.rules.named(page, row, WHY, "reason")

    # ---- a question

    def _line(self, row: int, code: str, column: str = "N") -> None:
        """The hidden column B: what calc says of this row."""
        line = self.draw.plan.of[code]
        value = line.look if column == "N" else line.asked
        self.page.formula(row, B, f"{CALC}!${column}${line.at}", self.plain, value)

    def _state(self, row: int, code: str, **style: object) -> None:
        line = self.draw.plan.of[code]
        look = self.get(font_size=10, text_wrap=True, indent=1, **style)
        self.page.formula(row, G, f"{CALC}!$J${line.at}", look, line.state)

    def _stem(self, row: int, each: SheetRow) -> None:
        page, question = self.page, self.book.index.questions[each.question]
        stem = self.book.say(each.label)
        expected = self._expected(question)
        page.height(row, self._stem_height(stem, expected, each), grows=True)
        self._line(row, each.code)
        top = {"bg_color": PALE, "top": 1, "top_color": DEEP}
        number = self.get(
            **top, bold=True, font_size=14, font_color=DEEP, align="center", shrink=True
        )
        page.text(row, C, question.number, number)
        page.text(row, D, stem, self.get(**top, bold=True, text_wrap=True))
        quiet = self.get(**top, font_size=10, font_color=NOTE, text_wrap=True, indent=1)
        if question.roster and not layout.stands_in_section(self.book.index, question):
            self._roster_link(row, question, quiet)
        elif layout.ANSWER in each.cells and question.primary:
            self._cell(row, E, each.cells[layout.ANSWER], question.primary, "main")
            page.text(row, F, expected, quiet)
        else:
            page.text(row, E, expected, quiet)
            page.text(row, F, "", quiet)
        self._state(row, each.code, bg_color=PALE, top=1, top_color=DEEP)
        self._beside(row, each)

    def _stem_height(self, stem: str, expected: str, each: SheetRow) -> float:
        remark = str(self.draw.written.of(each.cells[layout.NOTE]) or "")
        reason = str(self.draw.written.of(each.cells[layout.WHY]) or "")
        answer = str(self.draw.content(each.cells.get(layout.ANSWER)) or "")
        has_cell = layout.ANSWER in each.cells
        return max(
            24,
            styles.height(stem, WIDTHS[D] * BOLD, 7),
            styles.small_height(expected if has_cell else "", WIDTHS[F], 3),
            styles.height(answer, WIDTHS[E] - 2, 7),
            styles.small_height(reason, WIDTHS[WHY] - 2, 3),
            styles.small_height(remark, WIDTHS[J] - 2, 3),
        )

    def _beside(self, row: int, each: SheetRow) -> None:
        """Non-answer, reason, remark and cites."""
        page, rules, value = self.page, self.draw.rules, self.draw.written.of
        page.value(row, H, value(each.cells["H"]), self.draw.answer("select_one", "small"))
        rules.named(page, row, H, NON_ANSWERS)
        for letter, column in (("I", WHY), ("J", J)):
            page.value(
                row, column, value(each.cells[letter]), self.draw.answer("short_text", "small")
            )
            rules.named(page, row, column, "reason")
        page.value(row, K, value(each.cells["K"]), self.draw.answer("cites", "small"))
        rules.named(page, row, K, "cites")

    def _roster_link(self, row: int, question: Question, quiet: Format) -> None:
        _, page = self.book.words.gettext, self.page
        sheet = self.draw.plan.sheet_of[question.code]
        style = self.get(
            bg_color=PALE, top=1, top_color=DEEP, font_color=MID, underline=1, bold=True, indent=1
        )
        text = _("Open sheet {number}").format(number=question.number) + " →"
        page.link(row, E, f"{sheet_reference(sheet.name)}!C5", style, text, _("Open the sheet"))
        line = self.draw.plan.of[question.code]
        template = _("rows filled: {count}")
        formula = filled_in(template, count=f"{CALC}!$L${line.at}")
        page.formula(row, F, formula, quiet, template.format(count=line.filled))

    def _expected(self, question: Question) -> str:
        _ = self.book.words.gettext
        primary = question.primary
        if question.roster:
            return _("fill in the table below")
        if primary is None:
            return _("fill in the data below")
        if primary.type == "select_multiple":
            return _("mark below")
        if primary.type == "long_text":
            return _("write in the box below")
        return self.draw.expected(primary)

    def _cell(self, row: int, column: int, cell: layout.Cell, field: Field, look: str = "") -> None:
        self.page.value(row, column, self.draw.written.of(cell), self.draw.answer(field.type, look))
        self.draw.rules.field(self.page, row, column, field)

    def _help(self, row: int, each: SheetRow) -> None:
        question = self.book.index.questions[each.question]
        text = self.draw.help(question)
        self.page.height(row, styles.small_height(text, ACROSS, 3))
        self._line(row, each.question, "G")
        style = self.get(italic=True, font_size=10, font_color=NOTE, text_wrap=True)
        self.page.joined((row, D, row, K), text, style)

    def _level(self, row: int, each: SheetRow) -> None:
        line = self.draw.plan.of[each.field]
        field = self.book.index.fields[each.field]
        shown = self.draw.lists.label(field, each.choice).partition(" · ")[2]
        words = ". ".join(filter(None, (shown, self.book.say(each.label))))
        self.page.height(row, max(18, styles.height(words, ACROSS, 3)))
        value = CHOSEN if line.value == float(each.choice) else line.asked
        formula = f"IF({CALC}!$H${line.at}={each.choice},{CHOSEN},{CALC}!$G${line.at})"
        self.page.formula(row, B, formula, self.plain, value)
        self.page.text(row, C, each.choice, self.draw.tone(int(each.choice)))
        style = self.get(text_wrap=True, indent=1, **self.dotted)
        self.page.joined((row, D, row, K), words, style)

    def _option(self, row: int, each: SheetRow) -> None:
        label = self.book.say(each.label) or each.choice
        self.page.height(row, max(17, styles.height(label, WIDTHS[D] - 3, 2)))
        self._line(row, each.field, "G")
        self.page.text(row, D, label, self.get(indent=2, text_wrap=True, **self.dotted))
        cell = each.cells[layout.ANSWER]
        content = self.draw.written.of(cell) if isinstance(cell, Mark) else None
        self.page.value(row, E, content, self.draw.answer("mark", "main"))
        self.draw.rules.named(self.page, row, E, MARKS)

    def _field(self, row: int, each: SheetRow) -> None:
        page, field = self.page, self.book.index.fields[each.field]
        cell = each.cells.get(layout.ANSWER)
        label = self.book.say(each.label)
        expected = self.draw.expected(field)
        shown = str(self.draw.content(cell) or "")
        points = max(
            18,
            styles.height(label, WIDTHS[D] - 3, 3),
            styles.height(shown, WIDTHS[E] - 2, 3),
            styles.small_height(expected, WIDTHS[F], 3),
            styles.small_height(self.book.say(field.hint), BESIDE, 3),
        )
        page.height(row, points, grows=True)
        page.text(row, C, "", self.get(font_size=13))  # its letters set the least height
        self._line(row, each.code)
        page.text(row, D, label, self.get(indent=2, text_wrap=True, **self.dotted))
        if cell is not None:
            self._cell(row, E, cell, field)
        note = self.get(font_size=10, font_color=NOTE, text_wrap=True, indent=1, **self.dotted)
        page.text(row, F, expected, note)
        self._state(row, each.code, **self.dotted)
        if hint := self.book.say(field.hint):
            style = self.get(font_size=10, italic=True, font_color=NOTE, text_wrap=True, indent=1)
            page.joined((row, H, row, K), hint, style)

    # ---- tables, boxes, air

    def _table_head(self, row: int, each: SheetRow) -> None:
        page, question = self.page, self.book.index.questions[each.question]
        columns = layout.columns_of(self.book.index, question)
        labels = [self.book.say(column.label) for column in columns]
        needed = [
            lines(label, WIDTHS[TABLE[at]] - 2)
            for at, label in zip(layout.TABLE, labels, strict=False)
        ]
        page.height(row, max(needed, default=1) * 13 + 5)
        self._line(row, each.question, "G")
        head = self.draw.header(small=True)
        page.blanks(row, range(D, K + 1), head)
        for at, label in zip(layout.TABLE, labels, strict=False):
            page.text(row, TABLE[at], label, head)

    def _table_row(self, row: int, each: SheetRow) -> None:
        page = self.page
        label = self.book.say(each.label) or each.choice
        shown = [
            styles.small_height(str(self.draw.written.of(cell) or ""), WIDTHS[TABLE[at]] - 1, 4)
            for at, cell in each.cells.items()
        ]
        page.height(row, max(19, styles.height(label, WIDTHS[D] - 3, 3), *shown), grows=True)
        page.text(row, C, "", self.get(font_size=13))
        self._line(row, each.code)
        page.text(row, D, label, self.get(indent=2, text_wrap=True, **self.dotted))
        for at, cell in each.cells.items():
            if isinstance(cell, Part):
                field = self.book.index.fields[cell.part]
                self._cell(row, TABLE[at], cell, field, "" if at == "E" else "small")
        self._state(row, each.code, **self.dotted)

    def _box(self, row: int, each: SheetRow) -> None:
        self.page.height(row, BOX_POINTS)
        self._line(row, each.field, "G")
        cell = each.cells.get(layout.LABEL)
        if cell is None:
            return
        style = self.draw.answer("long_text", "box")
        content = self.draw.written.of(cell)
        self.page.joined((row, D, row + layout.BOX_ROWS - 1, K), str(content or ""), style)
        self.draw.rules.field(self.page, row, D, self.book.index.fields[each.field])

    def _end(self, row: int, each: SheetRow) -> None:
        """Air, so that a question reads as one block; or what a check has to say."""
        line = self.draw.plan.of[each.question]
        self._line(row, each.question, "G")
        if not line.checks:
            self.page.height(row, 9)
            return
        longest = max((self.book.say(check.message) for check, _ in line.checks), key=len)
        self.page.height(row, styles.small_height(longest, ACROSS, 7))
        style = self.get(
            font_size=10, bold=True, font_color=LOOK_TEXT, text_wrap=True, valign="top"
        )
        self.page.joined((row, D, row, K), "", style)
        self.page.formula(row, D, f"{CALC}!$Q${line.at}", style, line.message)

    # ---- the whole sheet

    def _formats(self) -> None:
        page, last = self.page, len(self.sheet.rows) - 1
        difference = self.draw.styles.difference
        grey = difference(
            bg_color=styles.GREY, font_color=styles.GREY_TEXT, border=1, border_color=styles.GREY
        )  # no inner lines: one calm block

        def when(criteria: str, first: int, until: int, style: Format, **more: object) -> None:
            rule = {"type": "formula", "criteria": "=" + criteria, "format": style, **more}
            page.checked(page.conditional_format(FIRST, first, last, until, rule))

        when('AND($B3<>"",OR($B3=0,$B3=2))', C, K, grey, stop_if_true=True)
        when("$B3=3", D, K, difference(bold=True, bg_color=SOFT))
        look = difference(bg_color=styles.LOOK, font_color=LOOK_TEXT, bold=True)
        when(f"$B3={LOOK}", G, G, look)
        when("$B3=5", G, G, difference(font_color=MID))

    def _settings(self) -> None:
        page, last = self.page, len(self.sheet.rows) - 1
        page.set_column(A, B, 4, None, {"hidden": True})
        for column, width in WIDTHS.items():
            page.set_column(column, column, width)
        self.draw.common(page, self.sheet.section)
        page.autofilter(HEAD - 1, G, last, G)
        page.freeze_panes(HEAD, 0)
        row, column = self._first_answer()
        page.set_selection(row, column, row, column)
        page.ignore_errors({"number_stored_as_text": f"E3:K{last + 1}"})
        page.write_rules()
        self.draw.protect(page)
        page.paper(C, K, last, HEAD, self.draw.footer)
        first = self.blocks[0][0] if self.blocks else last
        page.breaks([(HEAD, first - 1), *self.blocks], PRINTED, HEAD)

    def _first_answer(self) -> tuple[int, int]:
        row = self.blocks[0][0] if self.blocks else FIRST
        return row, E
