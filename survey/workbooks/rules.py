"""Rules for typing: drop-downs on ranges, numbers within bounds, each with a message in the
language of the workbook. A rule helps; what comes back is read as carefully without it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from survey.core.instrument import Field
from survey.workbooks.book import Book
from survey.workbooks.lists import MARKS, NON_ANSWERS, SECTION, Lists
from survey.workbooks.page import Page
from survey.workbooks.settle import LENGTHS, bounds

TITLE_LIMIT, MESSAGE_LIMIT = 32, 255
CITES_LENGTH: Final = 200

Rule = Mapping[str, Any]


class Rules:
    """The rules of one workbook, by kind of cell."""

    def __init__(self, book: Book, lists: Lists) -> None:
        self.book = book
        self.lists = lists
        self._of_field: dict[str, tuple[str, Rule]] = {}
        self._of_name: dict[str, Rule] = {}

    def field(self, page: Page, row: int, column: int, field: Field) -> None:
        """The rule of a field's cell, if it has one."""
        found = self._of_field.get(field.code)
        if found is None:
            rule = self._rule(field)
            found = self._of_field[field.code] = (repr(sorted(rule.items())), rule)
        if found[1]:
            page.rule(row, column, *found)

    def named(self, page: Page, row: int, column: int, name: str) -> None:
        """The rule of a cell that is not of a field: a list's name, `cites` or `reason`."""
        if name not in self._of_name:
            self._of_name[name] = self._named(name)
        page.rule(row, column, name, self._of_name[name])

    def _rule(self, field: Field) -> Rule:
        if field.list:
            return self._choice(self.lists.labels_range(field))
        if field.type in LENGTHS:
            return self._length(LENGTHS[field.type])
        if field.type == "date":
            return self._date()
        return self._number(field)

    def _named(self, name: str) -> Rule:
        if name == MARKS:
            return {**self._choice(self.lists.own_range(MARKS)), "show_error": False}
        if name in (NON_ANSWERS, SECTION):
            return self._choice(self.lists.own_range(name))
        if name == "cites":
            return self._cites()
        return self._length(LENGTHS["long_text"])

    def _stop(self, error: str, title: str = "", message: str = "") -> dict[str, Any]:
        _ = self.book.words.gettext
        return {
            "ignore_blank": True,
            "error_title": _cut(_("Review the answer"), TITLE_LIMIT),
            "error_message": _cut(error, MESSAGE_LIMIT),
            "input_title": _cut(title, TITLE_LIMIT),
            "input_message": _cut(message, MESSAGE_LIMIT),
        }

    def _choice(self, area: str) -> Rule:
        _ = self.book.words.gettext
        error = _("Choose one from the list, or empty the cell with Delete.")
        return {"validate": "list", "source": "=" + area, **self._stop(error)}

    def _length(self, most: int) -> Rule:
        _ = self.book.words.gettext
        error = _("The text has more than {most} characters. Shorten it.").format(most=most)
        return {"validate": "length", "criteria": "<=", "value": most, **self._stop(error)}

    def _date(self) -> Rule:
        _ = self.book.words.gettext
        error = _("A date is expected: 2024, 2024-05 or 2024-05-31. Leave it as it is?")
        message = _("Write what you know: 2024, 2024-05 or 2024-05-31.")
        return {
            "validate": "length",
            "criteria": "between",
            "minimum": 4,
            "maximum": 10,
            "error_type": "warning",
            **self._stop(error, _("Date"), message),
        }

    def _cites(self) -> Rule:
        _ = self.book.words.gettext
        message = _("Numbers of the documents on the evidence sheet: 1, 3")
        return {
            "validate": "length",
            "criteria": "<=",
            "value": CITES_LENGTH,
            **self._stop(message, _("Evidence"), message),
        }

    def _number(self, field: Field) -> Rule:
        kind = "integer" if field.type in ("integer", "year") else "decimal"
        least, most = (_parsed(each) for each in bounds(field))
        if field.type == "percent":
            least, most = (None if x is None else x / 100 for x in (least, most))
        stop = self._number_words(field)
        if least is not None and most is not None:
            between = {"criteria": "between", "minimum": least, "maximum": most}
            return {"validate": kind, **between, **stop}
        if least is None and most is None:
            return {"validate": kind, "criteria": ">", "value": -1e15, **stop}
        criteria = ">=" if most is None else "<="
        return {
            "validate": kind,
            "criteria": criteria,
            "value": least if most is None else most,
            **stop,
        }

    def _number_words(self, field: Field) -> dict[str, Any]:
        _ = self.book.words.gettext
        if field.type == "year":
            return self._stop(_("Write the year with four digits: 2024") + self._within(field))
        if field.type == "percent":
            error = _("Write a percentage from 0 to 100: 45") + self._within(field)
            message = _("From 0 to 100. Write 45 or 45 %: it is the same.")
            return self._stop(error, _("Percentage"), message)
        if field.type == "integer":
            error = _("Write a whole number, without text: 12") + self._within(field)
            return self._stop(error, _("Whole number"), _("Without text or units. Example: 12"))
        error = _("Write only the number, without text: 3200000") + self._within(field)
        message = _("Only the number, in units, not in thousands or millions. Example: 3200000")
        return self._stop(error, _("Number"), message)

    def _within(self, field: Field) -> str:
        """What is to be added to a message when the field itself sets bounds."""
        _ = self.book.words.gettext
        least, most = field.minimum, field.maximum
        if least and most:
            words = _("From {least} to {most}.").format(least=least, most=most)
        elif least:
            words = _("At least {least}.").format(least=least)
        elif most:
            words = _("At most {most}.").format(most=most)
        return f"\n{words}" if least or most else ""


def _parsed(bound: str) -> float | None:
    return float(bound) if bound else None


@lru_cache(maxsize=256)
def _cut(text: str, most: int) -> str:
    """A text as Excel takes it; translations may be longer than what they translate."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
