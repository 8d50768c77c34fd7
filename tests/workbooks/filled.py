"""A workbook as people give it back, made from the layout without any file."""

from collections.abc import Iterable, Mapping

from survey.core.answers import Answer, AnswerSet, NonAnswer, Part, parts_of
from survey.core.instrument import Index, say
from survey.core.types import Locale, NumberFormat
from survey.workbooks import layout
from survey.workbooks.layout import CitesOf, Column, Mark, NonAnswerOf, Sheet
from survey.workbooks.plan import Plan, plan_of
from survey.workbooks.raw import RawBook, RawCell, RawSheet
from survey.workbooks.read import read_answers
from survey.workbooks.reading import Export, Reading
from survey.workbooks.values import Words
from tests.workbooks.instruments import ANSWERS, EVERY_TYPE

INDEX = Index(EVERY_TYPE)
TOKEN = "8d41c07e5b2f4aa09e637c1db5f28a90"
HEADERS = {
    "C": "N.º",
    "D": "Pregunta",
    "E": "Respuesta",
    "F": "Qué se espera",
    "G": "Estado",
    "H": "Si no responde",
    "I": "Motivo",
    "J": "Comentario",
    "K": "Evid. n.º",
}
WORDS = Words(
    non_answers={
        NonAnswer.NOT_APPLICABLE: ("Not applicable", "No se aplica"),
        NonAnswer.NOT_AVAILABLE: ("No information", "Sin información"),
        NonAnswer.WITHHELD: ("Withheld", "Reservada"),
    },
    section=("The whole section does not apply", "Toda la sección no se aplica"),
    columns={letter: (text,) for letter, text in HEADERS.items()},
)
HONDURAS = Locale(language="es", numbers=NumberFormat(".", ","))
COLOMBIA = Locale(language="es", numbers=NumberFormat(",", "."))
FORMATS = {
    0: ("", ""),
    1: ("0.##%", ""),
    2: ("14", ""),
    3: ("17", ""),
    4: ("@", ""),
    5: ("0", "FFFF00"),
}
PERCENT, DATE, MONTH, TEXT, YELLOW = 1, 2, 3, 4, 5
EVERYTHING = dict.fromkeys([*INDEX.fields, *INDEX.answerable], True)

Content = str | int | float | bool | tuple[float, int] | None


def cell(row: int, letters: str, content: Content) -> RawCell:
    """A cell as the reader gets it; a pair is a number and its style."""
    if isinstance(content, tuple):
        return RawCell(row, letters, "n", repr(content[0]), content[1])
    if isinstance(content, bool):
        return RawCell(row, letters, "b", str(int(content)))
    if isinstance(content, str):
        return RawCell(row, letters, "s", content)
    return RawCell(row, letters, "n" if content is not None else "", repr(content or 0))


class Filled:
    """A workbook written for `answers`, that can be filled, sorted, torn and read back."""

    def __init__(
        self,
        answers: AnswerSet = ANSWERS,
        locale: Locale = HONDURAS,
        sections: Iterable[str] = ("OPG-A", "OPG-B"),
        asked: Mapping[str, bool] = EVERYTHING,
    ) -> None:
        self.answers = answers
        self.base = parts_of(answers)
        self.numbers = layout.evidence_numbers(answers)
        self.asked = asked
        self.sheets = layout.sheets(INDEX, list(sections), answers, "es", TOKEN)
        self.locale = locale
        self.grids: dict[str, list[dict[str, Content]]] = {}
        self.notes: dict[str, dict[str, str]] = {}
        self.names = {sheet.code: sheet.name for sheet in self.sheets}
        for sheet in self.sheets:
            self.grids[sheet.code] = [self._row(sheet, row) for row in sheet.rows]

    def _row(self, sheet: Sheet, row: layout.SheetRow) -> dict[str, Content]:
        found: dict[str, Content] = {"A": row.code}
        if row.kind == "header" and sheet.kind == "section":
            found |= HEADERS
        if row.label and sheet.kind == "section":
            found["D"] = say(row.label, "es")
        for letters, each in row.cells.items():
            found[letters] = self._content(each)
        return found

    def _content(self, each: layout.Cell) -> Content:
        if isinstance(each, Column):
            return each.text
        if isinstance(each, Mark):
            return "x" if each.choice in self._stored(each.part, []) else None
        if isinstance(each, NonAnswerOf):
            answer = self.answers.get(each.question, Answer())
            return WORDS.non_answers[answer.non_answer][1] if answer.non_answer else None
        if isinstance(each, CitesOf):
            cited = self.answers.get(each.question, Answer()).evidence
            return ", ".join(str(self.numbers[row]) for row in cited) or None
        return self._value(each) if isinstance(each, Part) else None

    def _stored(self, part: Part, otherwise: object = None):
        is_written = layout.is_written(part, self.answers, self.asked)
        return self.base.get(part, otherwise) if is_written else otherwise

    def _value(self, part: Part) -> Content:
        if part.part == layout.EVIDENCE_NUMBER:
            return self.numbers.get(part.row)
        stored = self._stored(part)
        if stored is None or (isinstance(stored, dict) and "state" in stored):
            return None
        field = INDEX.fields.get(part.part)
        if isinstance(stored, dict):
            return stored["text"]
        if field and field.type == "percent":
            return (float(stored) / 100, PERCENT)
        if field and field.type in ("integer", "decimal", "currency", "year"):
            return float(stored)
        for choice in INDEX.choices(field) if field else ():
            if choice.code == stored:
                return layout.choice_text(field, choice, "es")
        return stored

    def row(self, sheet: str, code: str) -> dict[str, Content]:
        (found,) = [row for row in self.grids[sheet] if row.get("A") == code]
        return found

    def put(self, sheet: str, code: str, letters: str, content: Content) -> "Filled":
        self.row(sheet, code)[letters] = content
        return self

    def raw(self, styles=FORMATS, *, is_1904: bool = False) -> RawBook:
        sheets = []
        for code, grid in self.grids.items():
            cells = [
                cell(number, letters, content)
                for number, row in enumerate(grid, start=1)
                for letters, content in row.items()
                if content is not None
            ]
            notes = self.notes.get(code, {})
            sheets.append(RawSheet(self.names[code], False, tuple(cells), notes))
        ronda = RawSheet("ronda", True, (cell(3, "A", "token"), cell(3, "B", TOKEN)))
        return RawBook((*sheets, ronda), styles, is_1904)

    @property
    def export(self) -> Export:
        return Export(
            index=INDEX,
            sheets=self.sheets,
            base=self.answers,
            asked=self.asked,
            locale=self.locale,
            words=WORDS,
            token=TOKEN,
        )

    def read(self, **more) -> Reading:
        return read_answers(self.raw(**more), self.export)

    def plan(self, here: AnswerSet | None = None, **more) -> Plan:
        answers = self.answers if here is None else here
        return plan_of(self.read(**more), self.base, parts_of(answers), INDEX)

    def kinds(self, here: AnswerSet | None = None, **more) -> dict[tuple[str, str, str], str]:
        """(question, row, part) -> kind of each item."""
        return {tuple(item.key): item.kind for item in self.plan(here, **more).items}


def values(plan: Plan) -> dict[tuple[str, str, str], object]:
    """(question, row, part) -> the value of the file, of each item."""
    return {tuple(item.key): item.there for item in plan.items}
