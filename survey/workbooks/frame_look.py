"""What the sheets of a frame share in looks: how much text a column takes, how its head looks."""

from collections.abc import Sequence
from typing import Any, Final

from survey.workbooks import styles

WIDE, VERY_WIDE = 28, 56
HEAD: Final[dict[str, Any]] = {
    "bold": True,
    "font_size": 10,
    "font_color": styles.PAPER,
    "bg_color": styles.DEEP,
    "text_wrap": True,
    "border": 1,
    "border_color": styles.DEEP,
    "indent": 1,
}
BODY: Final[dict[str, Any]] = {
    "font_size": 10,
    "text_wrap": True,
    "valign": "top",
    "align": "left",  # or the indent would be one from the top
    "bottom": 1,
    "bottom_color": styles.LINE,
    "left": 1,
    "left_color": styles.LINE,
    "right": 1,
    "right_color": styles.LINE,
    "indent": 1,
}
LEAST: Final = 18.0  # points of the lowest row


def room(width: float) -> float:
    """The letters of a column that a text can use; a wide one loses less at the end of lines."""
    if width < WIDE:
        return width - 2
    return width * 1.12 - 1 if width < VERY_WIDE else width * 0.98 - 2


def print_width(widths: Sequence[float]) -> float:
    """The letters that columns take on paper, the air in each included."""
    return sum(widths) + 1.2 * len(widths)


def height(text: str, width: float, air: float = 5.0) -> float:
    """The height of a row in points that shows a text of 10 points in so many letters."""
    return max(LEAST, styles.small_height(text, room(width), air))
