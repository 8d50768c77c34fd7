"""What the sheets of one workbook share while they are drawn."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from xlsxwriter.format import Format

from survey.core.expressions.tree import Binary, Logic, Node, Ref, String, references
from survey.core.instrument import Field, Index, Question
from survey.workbooks import book as marks
from survey.workbooks import layout, names, styles
from survey.workbooks.book import Book
from survey.workbooks.calc import Line, Plan
from survey.workbooks.conditions import Conditions
from survey.workbooks.formulas import Formulas, sheet_reference
from survey.workbooks.layout import Cell, Sheet
from survey.workbooks.lists import Lists
from survey.workbooks.page import RIGHT_TO_LEFT, Page
from survey.workbooks.rules import Rules
from survey.workbooks.styles import DEEP, SOFT, Styles
from survey.workbooks.written import Content, Written

ONE_CHOICE: Final = frozenset({"yes_no", "progress", "select_one", "maturity"})


class Progress(NamedTuple):
    """Questions of a section: asked, settled, and notices to be reviewed."""

    asked: int
    done: int
    review: int


class Drawing:
    """The parts of a workbook under way, and the looks that return on several sheets."""

    def __init__(
        self,
        book: Book,
        sheets: tuple[Sheet, ...],
        styles_: Styles,
        lists: Lists,
        plan: Plan,
        written: Written,
    ) -> None:
        self.book = book
        self.sheets = sheets
        self.styles = styles_
        self.lists = lists
        self.plan = plan
        self.written = written
        self.formulas = Formulas(plan, lists)
        self.rules = Rules(book, lists)
        self.conditions = Conditions(plan, lists)
        self.progress = _progress(plan)
        self.numbers = names.numbers_of_sections(book.index, book.chosen)
        self.start = _start_name(book, sheets)
        self.footer = _footer(book)
        self._expected: dict[str, str] = {}

        self._positions = {
            sheet.code: {row.code: n - 2 for n, row in sheet.numbered()}
            for sheet in sheets
            if sheet.kind == "section"
        }

    def position(self, line: Line) -> int:
        """The place of a line's row among those a formula searches; 0: it has none."""
        return self._positions.get(line.section, {}).get(line.code, 0)

    # looks

    def answer(self, kind: str, look: str = "") -> Format:
        """The format of a cell to fill."""
        return self.styles.answer(kind, look)

    def header(self, *, centred: bool = False, flush: bool = False, small: bool = False) -> Format:
        """The format of a column's name; `small`: of a table inside a section."""
        under = {} if small else {"bottom": 2, "bottom_color": DEEP}
        return self.styles.get(
            bold=True,
            font_size=10,
            font_color=DEEP,
            bg_color=SOFT,
            text_wrap=small,
            align="center" if centred else "left",
            indent=0 if centred or flush else 1,
            **under,
        )

    def tone(self, level: int) -> Format:
        """The tone of a level of maturity."""
        background, ink = styles.LEVELS[min(level, len(styles.LEVELS) - 1)]
        return self.styles.get(
            bold=True,
            align="center",
            bg_color=background,
            font_color=ink,
            border=1,
            border_color=styles.LEVEL_EDGE,
        )

    def button(self, page: Page, row: int, column: int, name: str, text: str, cell: str) -> None:
        """A link to a sheet; light, for LibreOffice draws every link dark blue."""
        style = self.styles.get(
            bg_color=SOFT, font_color=DEEP, underline=1, align="center", border=1,
            border_color=DEEP, shrink=True,
        )  # fmt: skip
        tip = self.book.words.gettext("Open the sheet")
        page.link(row, column, f"{sheet_reference(name)}!{cell}", style, text, tip)

    def following(self, sheet: Sheet) -> tuple[str, str]:
        """The name of the sheet after a section, and the cell to go to."""
        place = self.sheets.index(sheet)
        after = [s for s in self.sheets[place + 1 :] if s.kind != "roster"]
        return after[0].name, "E4" if after[0].kind == "section" else "C5"

    def common(self, page: Page, section: str) -> None:
        """Colour of the tab, grid, zoom, direction."""
        chosen = self.book.chosen
        tab = styles.TABS[chosen.index(section) % len(styles.TABS)] if section else styles.LOOK_TEXT
        page.set_tab_color(tab)
        page.hide_gridlines(2)
        page.set_zoom(100)
        if self.book.language.partition("-")[0] in RIGHT_TO_LEFT:
            page.right_to_left()

    @staticmethod
    def protect(page: Page) -> None:
        """Locked without a password; row heights, filters and notes stay free."""
        allowed = {"format_rows": True, "format_columns": True, "autofilter": True, "objects": True}
        page.protect("", {**allowed, "sort": True, "select_locked_cells": True})

    # words

    def content(self, cell: Cell | None) -> Content:
        """What a cell holds; None for no cell."""
        return None if cell is None else self.written.of(cell)

    def expected(self, field: Field) -> str:
        """What is to be filled in: the unit of a field, or the form of its value."""
        found = self._expected.get(field.code)
        if found is None:
            found = self.book.say(field.unit) or self._form(field)
            self._expected[field.code] = found
        return found

    def _form(self, field: Field) -> str:
        _ = self.book.words.gettext
        if field.type in ONE_CHOICE:
            return _("from the list")
        words = {
            "select_multiple": _("mark below"),
            "long_text": _("write in the box below"),
            "short_text": _("short text"),
            "url": _("link"),
            "date": _("year, month, day"),
            "year": _("year, 4 digits"),
            "percent": _("0 to 100 %"),
            "integer": _("whole number"),
            "currency": _("amount, in units"),
        }
        return words.get(field.type, _("number"))

    def help(self, question: Question) -> str:
        """What stands below a question: when it is asked, what counts, which document to cite."""
        ask = self.book.say(question.evidence_ask)
        evidence = self.book.words.gettext("Evidence: {ask}").format(ask=ask) if ask else ""
        hint = self.book.say(question.primary.hint) if question.primary else ""
        said = self.book.say(question.example)
        example = self.book.words.gettext("For example: {text}").format(text=said) if said else ""
        told = (self.book.say(question.help), example, hint)
        parts = (self.when(question), *told, *self._columns(question))
        return " ".join(filter(None, (*parts, evidence)))

    def _columns(self, question: Question) -> Iterator[str]:
        """How the columns of a table in a section are filled; its header has no room for it."""
        if layout.stands_in_section(self.book.index, question):
            for column in question.columns:
                if hint := self.book.say(column.hint):
                    yield f"{self.book.say(column.label)}: {hint}"

    def when(self, question: Question) -> str:
        """When a question is asked, in words; "" for always."""
        _ = self.book.words.gettext
        node = self.book.program.condition(question.code)
        if node is None:
            return ""
        index = self.book.index
        if simple := _choices_of(node, index):
            field, codes = simple
            marked = _("“{answer}”")
            labels = [marked.format(answer=self.lists.label(field, code)) for code in codes]
            number = index.question_of[field.code].number
            answers = _(" or ").join(labels)
            return _("Asked if the answer to {number} is {answers}.").format(
                number=number, answers=answers
            )
        read = {index.question_of[code].code for code in references(node)}
        numbers = [q.number for q in index.questions.values() if q.code in read]
        return _("Asked depending on the answer to {numbers}.").format(numbers=", ".join(numbers))


def _choices_of(node: Node, index: Index) -> tuple[Field, list[str]] | None:
    """The field and its choices of `${a} = 'x' or ${a} = 'y'`; None for anything else."""
    operands = node.operands if isinstance(node, Logic) and node.operator == "or" else (node,)
    found: Mapping[str, list[str]] = {}
    for each in operands:
        if not (isinstance(each, Binary) and each.operator == "="):
            return None
        if not (isinstance(each.left, Ref) and isinstance(each.right, String)):
            return None
        found = {**found, each.left.code: [*found.get(each.left.code, []), each.right.value]}
    if len(found) != 1:
        return None
    ((code, values),) = found.items()
    field = index.fields[code]
    return (field, values) if field.list and "" not in values else None


def _progress(plan: Plan) -> dict[str, Progress]:
    found = {}
    for code in plan.sections:
        lines = [line for line in plan.lines if line.section == code]
        asked = [each for each in lines if each.role == "q" and each.asked == marks.ASKED]
        review = sum(line.review for line in lines)
        found[code] = Progress(len(asked), sum(each.done for each in asked), review)
    return found


def _start_name(book: Book, sheets: tuple[Sheet, ...]) -> str:
    name = names.sheet_name(book.words.gettext("Start"))
    taken = {sheet.name.casefold() for sheet in sheets}
    return name if name.casefold() not in taken else names.sheet_name(name, " 0")


def _footer(book: Book) -> str:
    """The line below every printed page; `&` is Excel's own sign there. At most 255 letters."""
    title = f"{book.country} · {book.round_title}"[:100].replace("&", "&&")
    page = book.words.gettext("Page {page} of {pages}").format(page="&P", pages="&N")
    return f"&L&9{title}&C&9&A&R&9{page}"
