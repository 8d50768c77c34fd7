"""How a workbook looks: colours, letters, widths, and a cache of formats."""

import textwrap
import unicodedata
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

INK, NOTE, LINE, EDGE = "#1B2A30", "#4A5960", "#D3D7D3", "#6C7A80"
DEEP, MID, SOFT, PALE = "#074641", "#0B5D57", "#E4F0ED", "#F5F5F1"
LOOK, LOOK_TEXT, GREY_TEXT = "#FDF2DC", "#7A4A00", "#56646A"
PAPER, GREY = "#FFFFFF", "#E4E6E2"  # the grey survives a grey printer beside PALE
BAR, LEVEL_EDGE = "#A9CDC6", "#6A4A80"
TABS: Final = (DEEP, MID, "#7FA9A3")
LEVELS: Final = (
    ("#F3EEF5", INK),
    ("#DCCFE3", INK),
    ("#B99FC8", INK),
    ("#7B5494", PAPER),
    ("#43205C", PAPER),
)
FONT: Final = "Calibri"
TEXT_FORMAT: Final = "@"
NUMBER_FORMATS: Final = {
    "integer": "#,##0",
    "decimal": "#,##0.##########",
    "currency": "#,##0.00",
    "percent": "0.##########%",
    "year": "0",
}
LETTERS: Final = 1.08  # a unit of width is a digit; most letters are narrower,
WIDE, WIDE_LETTERS = 60, 1.16  # and a long line loses less at its end
LINE_POINTS, SMALL_LINE_POINTS = 15.0, 13.2
FIRST_WIDE: Final = "\u1100"  # before it no letter is as wide as two
SMALL: Final = 1.07  # more letters of 10 points go into the same width
MOST_POINTS: Final = 409.0  # Excel's highest row


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._answers: dict[tuple[str, str], Format] = {}

    def get(self, **properties: Any) -> Format:
        """The format with these properties (XlsxWriter's names) over plain Calibri 11."""
        key = tuple(sorted(properties.items()))
        found = self._formats.get(key)
        if found is None:
            plain = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"}
            found = self._formats[key] = self.book.add_format({**plain, **properties})
        return found

    def answer(self, kind: str, look: str = "") -> Format:
        """The format of a cell to fill. `kind`: a field type, `mark` or `cites`.

        `look`: `main` on the row of a question, `small` beside it, `box` for a long text,
        `shown` for the sample of a cell on the first sheet, which is locked.
        """
        found = self._answers.get((kind, look))
        if found is None:
            found = self._answers[kind, look] = self.get(**_answer(kind) | _LOOKS[look])
        return found

    def difference(self, **properties: Any) -> Format:
        """A format for conditional formatting: only what it changes."""
        return self.book.add_format(properties)


_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "": {},
    "main": {"bold": True},
    "small": {"font_size": 10},
    "box": {"font_size": 10, "valign": "top"},
    "shown": {"locked": True},
}


def _answer(kind: str) -> dict[str, Any]:
    centred = kind in ("mark", "cites")
    return {
        "locked": False,
        "bg_color": PAPER,
        "border": 1,
        "border_color": EDGE,
        "text_wrap": True,
        "num_format": NUMBER_FORMATS.get(kind, TEXT_FORMAT),
        "align": "center" if centred else "left",
        "indent": 0 if centred else 1,
    }


def lines(text: str, width: float) -> int:
    """How many lines a text takes in so many letters of width."""
    room = max(4, int(width * (WIDE_LETTERS if width >= WIDE else LETTERS)))
    if text and max(text) >= FIRST_WIDE:
        text = "".join(c * 2 if unicodedata.east_asian_width(c) in "WF" else c for c in text)
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(len(textwrap.wrap(part, room)) or 1 for part in text.split("\n"))


def height(text: str, width: float, air: float = 4.5) -> float:
    """The height in points of a row that shows a text of 11 points in so many letters of width."""
    return min(MOST_POINTS, lines(text, width) * LINE_POINTS + air)


def small_height(text: str, width: float, air: float = 4.5) -> float:
    """The same for a text of 10 points."""
    return min(MOST_POINTS, lines(text, width * SMALL) * SMALL_LINE_POINTS + air)
