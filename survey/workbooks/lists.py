"""The hidden sheet of lists: what drop-downs offer, and the code of each label."""

from collections.abc import Mapping, Sequence
from typing import Final

from survey.core.instrument import Field, Index
from survey.workbooks.layout import LISTS, choice_text, column_letter
from survey.workbooks.page import Page
from survey.workbooks.styles import Styles

MARK: Final = "x"
NON_ANSWERS: Final = "non_answers"
SECTION: Final = "section"
MARKS: Final = "marks"


class Lists:
    """Lists by content: fields that offer the same share one."""

    def __init__(self, index: Index, language: str, own: Mapping[str, Sequence[tuple[str, str]]]):
        self.index = index
        self.language = language
        self._places: dict[tuple[tuple[str, str], ...], int] = {}
        self._of_field: dict[str, tuple[tuple[str, str], ...]] = {}
        self._own = {name: tuple(items) for name, items in own.items()}
        for items in self._own.values():
            self._place(items)

    def _place(self, items: tuple[tuple[str, str], ...]) -> int:
        return self._places.setdefault(items, len(self._places))

    def items(self, field: Field) -> tuple[tuple[str, str], ...]:
        """The (code, label) of each choice of a field, labels as cells show them."""
        found = self._of_field.get(field.code)
        if found is None:
            choices = self.index.choices(field)
            found = tuple((c.code, choice_text(field, c, self.language)) for c in choices)
            self._of_field[field.code] = found
            self._place(found)
        return found

    def label(self, field: Field, code: str) -> str:
        """The label of a choice as cells show it; one that is not in the list shows its code."""
        return dict(self.items(field)).get(code, code)

    def codes_range(self, field: Field) -> str:
        """`lists!$A$2:$A$6`"""
        return self._range(self.items(field), 0)

    def labels_range(self, field: Field) -> str:
        """`lists!$B$2:$B$6`"""
        return self._range(self.items(field), 1)

    def own_range(self, name: str) -> str:
        """The labels of a list that is not of the questionnaire."""
        return self._range(self._own[name], 1)

    def _range(self, items: tuple[tuple[str, str], ...], side: int) -> str:
        letter = column_letter(2 * self._place(items) + side)
        return f"{LISTS}!${letter}$2:${letter}${max(2, len(items) + 1)}"

    def write(self, page: Page, styles: Styles) -> None:
        """Writes every list that was asked for: a column of codes, a column of labels."""
        plain = styles.get()
        for items, place in self._places.items():
            page.text(0, 2 * place, "code", plain)
            page.text(0, 2 * place + 1, "label", plain)
            for row, (code, label) in enumerate(items, start=1):
                page.text(row, 2 * place, code, plain)
                page.text(row, 2 * place + 1, label, plain)
