"""The sheet of documents: each is listed once, and questions cite its number."""

from typing import Final

from survey.workbooks import layout
from survey.workbooks.calc import FIRST
from survey.workbooks.formulas import filled_in, quoted
from survey.workbooks.layout import CALC, SheetRow
from survey.workbooks.roster_sheet import B, RosterSheet
from survey.workbooks.styles import DEEP

TITLE: Final = "evidence-title"


class EvidenceSheet(RosterSheet):
    """Writes the list of documents, a roster whose state says how often each is cited."""

    def title(self) -> tuple[str, str]:
        return "", self.book.say(self.question.title)

    def back(self, row: int) -> None:
        words = "← " + self.book.words.gettext("Start")
        self.draw.button(self.page, row, self.state, self.draw.start, words, "B7")

    def note(self) -> str:
        _ = self.book.words.gettext
        return _(
            "List each document once. In the questions cite its number: 1, 3. Send the files "
            "together with this workbook, under the name you write here."
        )

    def _row_head(self, row: int, each: SheetRow) -> None:
        style = self.get(align="center", bold=True, font_color=DEEP, **self.dotted)
        self.page.value(row, B, self.numbers[each.code], style)

    def row_state(self, row: int, each: SheetRow) -> tuple[str, str]:
        n, last = row + 1, layout.column_letter(self.state - 1)
        cites = self._cites(n)
        missing, open_, cited = self._words()
        title = next((at for at, c in self.columns.items() if c.field == TITLE), "C")
        told = filled_in(cited, count=cites)
        formula = (
            f'IF(COUNTA(C{n}:{last}{n})+{cites}=0,"",IF({title}{n}="",{quoted(missing)},'
            f"IF({cites}=0,{quoted(open_)},{told})))"
        )
        return formula, self._state_now(each, title)

    def _cites(self, n: int) -> str:
        """How many questions cite the number of this row."""
        area = f"{CALC}!$P${FIRST}:$P${self.draw.plan.last}"
        listed = f'","&SUBSTITUTE(SUBSTITUTE({area}," ",""),";",",")&","'
        return f'SUMPRODUCT(--ISNUMBER(SEARCH(","&$B{n}&",",{listed})))'

    def _words(self) -> tuple[str, str, str]:
        _ = self.book.words.gettext
        return _("Title missing"), _("Not cited yet"), _("Cited: {count}")

    def _state_now(self, each: SheetRow, title: str) -> str:
        missing, open_, cited = self._words()
        number = str(self.numbers[each.code])
        lines = (line.cites.split(", ") for line in self.draw.plan.lines if line.role == "q")
        count = sum(number in cites for cites in lines)
        shown = {at: self.draw.content(cell) for at, cell in each.cells.items() if at != "B"}
        if not count and all(content is None for content in shown.values()):
            return ""
        if shown.get(title) is None:
            return missing
        return cited.format(count=count) if count else open_

    def attention(self, cell: str) -> str:
        missing, open_, _cited = self._words()
        return f"OR({cell}={quoted(missing)},{cell}={quoted(open_)})"
