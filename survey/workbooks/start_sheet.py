"""The first sheet: where one stands, how to fill, what to have at hand, whom to ask."""

from collections.abc import Iterator
from typing import Final

from xlsxwriter.format import Format

from survey.core.instrument import EVIDENCE, Question
from survey.workbooks import styles
from survey.workbooks.drawing import Drawing, Progress
from survey.workbooks.formulas import filled_in, quoted, sheet_range, sheet_reference
from survey.workbooks.layout import CALC, Sheet
from survey.workbooks.page import Page
from survey.workbooks.styles import DEEP, LINE, MID, NOTE, PALE, SOFT

A, B, C, D, E, F, G, H, RIGHT = range(9)
WIDTHS: Final = {A: 2, B: 44, C: 11, D: 12, E: 12, F: 11, G: 15, H: 2, RIGHT: 74}
HEAD: Final = 3
FIRST_SECTION: Final = 6  # row of the first line of the table, from 0
MOST_DOCUMENTS: Final = 12
MOST_NUMBERS: Final = 12
ROW: Final = 17.0


class StartSheet:
    """Writes the first sheet; all others must be written before, for the links to their cells."""

    def __init__(self, drawing: Drawing, page: Page) -> None:
        self.draw = drawing
        self.book = drawing.book
        self.get = drawing.styles.get
        self.page = page
        self.dotted = {"bottom": 4, "bottom_color": LINE}
        self.number = self.get(align="center", **self.dotted)
        self.small = self.get(align="center", font_size=10, font_color=NOTE, **self.dotted)

    def write(self) -> None:
        """Writes the left side, the right side and what holds for the whole sheet."""
        self._band()
        total = self._table()
        left = self._documents(self._message(total) + 2)
        right = self._people(self._how_to_fill() + 2)
        last = self._samples(max(left, right) + 1)
        self._settings(total, last)

    def _band(self) -> None:
        _, page, book = self.book.words.gettext, self.page, self.book
        instrument = book.index.instrument
        band = {"bg_color": DEEP, "font_color": styles.PAPER}
        for row, points in enumerate((26, 17, 6)):
            page.height(row, points)
            page.blanks(row, range(RIGHT + 1), self.get(**band))
        page.height(HEAD, 9)
        title = f"{book.say(instrument.title)} · {book.country}"
        page.text(0, B, title, self.get(**band, bold=True, font_size=18))
        version = _("{round} · version {version} · copy of {date}").format(
            round=book.round_title,
            version=instrument.version,
            date=book.locale.dates(book.made_on.isoformat()),
        )
        page.text(1, B, version, self.get(**band))
        if instrument.due:
            due = _("Hand it in before {date}").format(date=book.locale.dates(instrument.due))
            page.text(0, RIGHT, due, self.get(**band, bold=True, font_size=12, align="right"))
        yellow = _("A yellow bar above? Press “Enable Editing”.")
        page.text(1, RIGHT, yellow, self.get(**band, align="right"))

    def _heading(self, row: int, first: int, last: int, text: str) -> None:
        style = self.get(bold=True, font_size=13, font_color=DEEP, bottom=2, bottom_color=DEEP)
        self.page.height(row, 20)
        self.page.blanks(row, range(first, last + 1), style)
        self.page.text(row, first, text, style)

    # ---- progress

    def _table(self) -> int:
        """The table of progress; the row of its total."""
        _, page = self.book.words.gettext, self.page
        self._heading(4, B, G, _("Where you are"))
        page.height(5, 16)
        heads = {
            B: _("Sheet (click to open)"),
            C: _("Questions"),
            D: _("Answers"),
            E: _("To answer"),
            F: _("To review"),
            G: _("Progress"),
        }
        for column, words in heads.items():
            align = "left" if column in (B, G) else "center"
            style = self.get(bold=True, font_size=10, font_color=DEEP, align=align)
            page.text(5, column, words, style)
        row, sections = FIRST_SECTION, []
        for sheet in self.draw.sheets:
            page.height(row, 16 if sheet.kind == "roster" else 19)
            if sheet.kind == "section":
                sections.append(row)
                self._section(row, sheet)
            else:
                self._roster(row, sheet)
            row += 1
        self._total(row, sections)
        return row

    def _link(self, row: int, sheet: Sheet, text: str, cell: str) -> None:
        inner = sheet.kind == "roster"
        style = self.get(
            font_color=MID, underline=1, bold=not inner, indent=2 if inner else 0, **self.dotted
        )
        tip = self.book.words.gettext("Open the sheet")
        target = f"{sheet_reference(sheet.name)}!{cell}"
        self.page.link(row, B, target, style, text, tip)

    def _section(self, row: int, sheet: Sheet) -> None:
        page, n = self.page, row + 1
        section = self.book.index.sections[sheet.code]
        progress = self.draw.progress[sheet.code]
        first = next((i for i, r in sheet.numbered() if r.kind == "stem"), 1)
        title = f"{self.draw.numbers[sheet.code]}  {self.book.say(section.title)}"
        self._link(row, sheet, title[:100], f"E{first}")
        asked, done, review = self.draw.formulas.totals(sheet.code)
        page.formula(row, C, asked, self.number, progress.asked)
        page.formula(row, D, done, self.number, progress.done)
        page.formula(row, E, f"C{n}-D{n}", self.number, progress.asked - progress.done)
        page.formula(row, F, review, self.number, progress.review)
        self._share(row, progress, self.get(
            num_format="0%", align="left", indent=1, **self.dotted
        ))  # fmt: skip

    def _share(self, row: int, progress: Progress, style: Format) -> None:
        n = row + 1
        value = progress.done / progress.asked if progress.asked else 1
        self.page.formula(row, G, f"IF(C{n}=0,1,D{n}/C{n})", style, value)

    def _roster(self, row: int, sheet: Sheet) -> None:
        _, page = self.book.words.gettext, self.page
        page.blanks(row, range(D, G + 1), self.number)
        question = self.book.index.answerable[sheet.code]
        first = next((i for i, r in sheet.numbered() if r.kind == "row"), 1)
        title = f"{question.number}  {self.book.say(question.title)}"
        if sheet.code == EVIDENCE:
            title = self.book.say(question.title)
            area = sheet_range(sheet, "C", first)
            count = sum(
                self.draw.content(r.cells.get("C")) is not None for r in sheet.rows
                if r.kind == "row"
            )  # fmt: skip
            formula, value = f"COUNTA({area})", count
        else:
            line = self.draw.plan.of[sheet.code]
            formula, value = f"{CALC}!$L${line.at}", line.filled
        self._link(row, sheet, title[:100], f"C{first}")
        template = _("rows: {count}")
        shown = template.format(count=value)
        told = filled_in(template, count=formula)
        if sheet.code != EVIDENCE:
            line = self.draw.plan.of[sheet.code]
            told = f"IF({CALC}!$G${line.at}=1,{told},{quoted(self.book.states.not_asked)})"
            shown = shown if line.asked == 1 else self.book.states.not_asked
        page.formula(row, C, told, self.small, shown)

    def _total(self, row: int, sections: list[int]) -> None:
        page = self.page
        page.height(row, 20)
        look = {"bold": True, "top": 1, "top_color": DEEP, "bg_color": PALE}
        page.text(row, B, self.book.words.gettext("In total"), self.get(**look))
        total = self._sums()
        values = (total.asked, total.done, total.asked - total.done, total.review)
        for column, letter, value in zip(range(C, G), "CDEF", values, strict=True):
            formula = f"SUM({','.join(f'{letter}{each + 1}' for each in sections[:250]) or '0'})"
            page.formula(row, column, formula, self.get(**look, align="center"), value)
        style = self.get(**look, num_format="0%", indent=1, align="left")
        self._share(row, total, style)

    def _sums(self) -> Progress:
        columns = zip(*self.draw.progress.values(), strict=True)
        return Progress(*map(sum, columns)) if self.draw.progress else Progress(0, 0, 0)

    def _message(self, total: int) -> int:
        _, page, row, n = self.book.words.gettext, self.page, total + 1, total + 1
        page.height(row, 33)
        style = self.get(bold=True, text_wrap=True, font_color=DEEP, bg_color=SOFT, indent=1)
        page.joined((row, B, row, G), "", style)
        finished = _(
            "Finished. Save the workbook and send it, with its documents, to the person below."
        )
        going = _(
            "Left to answer: {left}. To review: {review}. Send it whenever you like: nothing you "
            "send is lost, and the rest can follow."
        )
        formula = filled_in(going, left=f"E{n}", review=f"F{n}")
        sums = self._sums()
        left = sums.asked - sums.done
        value = going.format(left=left, review=sums.review) if left + sums.review else finished
        page.formula(row, B, f"IF(E{n}+F{n}=0,{quoted(finished)},{formula})", style, value)
        return row

    # ---- words

    def _lines(self, row: int, column: int, texts: list[str]) -> int:
        """Texts below each other; the row after them."""
        style = self.get(text_wrap=True, indent=1, valign="vcenter", **self.dotted)
        for text in texts:
            needed = styles.height(text, WIDTHS[column] - 2, 3)
            points = max(ROW, needed, self.page.heights.get(row, 0))
            self.page.height(row, points)
            self.page.text(row, column, text, style)
            row += 1
        return row

    def _how_to_fill(self) -> int:
        _ = self.book.words.gettext
        self._heading(4, RIGHT, RIGHT, _("How to fill it in"))
        texts = [
            _("Write in the white cells with a border. Everything else is protected."),
            _("What turns grey is not asked of you. Go on."),
            _("The “State” column says what is missing. Filter it to see only that."),
            _("Cannot answer? Under “If no answer” choose why, and give the reason."),
            _("List each document on the evidence sheet and cite its number."),
            _("A blank cell is not a zero and not a no: it is something still to answer."),
            _("Save it in any program. What cannot be checked here is checked on return."),
        ]
        if first := self._first_questions():
            texts.append(_("Ten minutes? First answer {numbers}.").format(numbers=first))
        return self._lines(5, RIGHT, [f"{n}.  {text}" for n, text in enumerate(texts, start=1)])

    def _questions(self) -> Iterator[Question]:
        for code in self.book.chosen:
            yield from self.book.index.sections[code].questions

    def _first_questions(self) -> str:
        numbers = [question.number for question in self._questions() if question.required]
        return ", ".join(numbers[:MOST_NUMBERS])

    def _documents(self, row: int) -> int:
        """The documents questions ask for, those of the first questions first."""
        _, page = self.book.words.gettext, self.page
        asks: dict[str, list[str]] = {}
        for question in sorted(self._questions(), key=lambda each: not each.required):
            if ask := self.book.say(question.evidence_ask):
                asks.setdefault(ask, []).append(question.number)
        if not asks:
            return row
        self._heading(row, B, G, _("Documents worth having at hand"))
        style = self.get(text_wrap=True, indent=1, **self.dotted)
        for text, numbers in list(asks.items())[:MOST_DOCUMENTS]:
            row += 1
            width = sum(WIDTHS[c] for c in range(B, F))
            points = max(ROW, styles.height(text, width - 2, 3), page.heights.get(row, 0))
            page.height(row, points)
            page.joined((row, B, row, E), text, style)
            note = self.get(text_wrap=True, font_color=NOTE, **self.dotted)
            page.joined((row, F, row, G), ", ".join(numbers), note)
        return row + 1

    def _people(self, row: int) -> int:
        if not self.book.people:
            return row
        self._heading(
            row, RIGHT, RIGHT, self.book.words.gettext("Whom to ask and where to deliver")
        )
        return self._lines(row + 1, RIGHT, list(self.book.people))

    def _samples(self, row: int) -> int:
        """What cells look like; the last row of the sheet."""
        _, page = self.book.words.gettext, self.page
        page.height(row, 18)
        style = self.draw.answer("short_text", "shown")
        page.text(row, B, _("This is a cell to answer in"), style)
        grey = self.get(bg_color=styles.GREY, font_color=styles.GREY_TEXT, align="center")
        page.joined((row, C, row, D), _("this is not asked"), grey)
        look = self.get(
            bg_color=styles.LOOK, font_color=styles.LOOK_TEXT, bold=True, align="center"
        )
        page.joined((row, E, row, G), _("look here"), look)
        only = _("This workbook is only for {country}. Do not pass it on to another country.")
        note = self.get(italic=True, font_color=NOTE, indent=1)
        page.text(row, RIGHT, only.format(country=self.book.country), note)
        return row

    def _settings(self, total: int, last: int) -> None:
        page = self.page
        for column, width in WIDTHS.items():
            page.set_column(column, column, width)
        self.draw.common(page, "")
        page.set_tab_color(styles.INK)
        bar = {
            "type": "data_bar", "data_bar_2010": True, "bar_color": styles.BAR, "bar_solid": True,
            "bar_border_color": MID, "min_type": "num", "max_type": "num", "min_value": 0,
            "max_value": 1,
        }  # fmt: skip
        page.checked(page.conditional_format(FIRST_SECTION, G, total, G, bar))
        page.freeze_panes(HEAD, 0)
        page.set_selection(FIRST_SECTION, B, FIRST_SECTION, B)
        self.draw.protect(page)
        page.paper(A, RIGHT, last, HEAD, self.draw.footer)
        page.fit_to_pages(1, 0)
        page.activate()
