"""The phrases that conditions and calculations are said with, in the language of the page.

Operator, aggregate or function -> its phrase; two signs of no other meaning mark the places.
"""

from collections.abc import Callable, Mapping
from typing import Final

from flask_babel import gettext as _


class Wordless(ValueError):
    """There are no plain words for this part."""


def phrase(phrases: Mapping[str, str], operator: str, left: str, right: str = "") -> str:
    """The phrase of an operator, filled; a sign that stands for nothing else marks the places."""
    if operator not in phrases:
        raise Wordless
    return phrases[operator].replace("\0", left).replace("\1", right)


_PLACES: Final = {"question": "\0", "answer": "\1"}


def amounts() -> dict[str, str]:
    """Of an amount and another."""
    return {
        "=": _("%(question)s is %(answer)s", **_PLACES),
        "!=": _("%(question)s is not %(answer)s", **_PLACES),
        "<": _("%(question)s is less than %(answer)s", **_PLACES),
        ">": _("%(question)s is more than %(answer)s", **_PLACES),
        "<=": _("%(question)s is at most %(answer)s", **_PLACES),
        ">=": _("%(question)s is at least %(answer)s", **_PLACES),
    }


def chosen() -> dict[str, str]:
    """Of an answer and a choice."""
    return {
        "=": _("%(question)s is “%(answer)s”", **_PLACES),
        "!=": _("%(question)s is not “%(answer)s”", **_PLACES),
    }


def moments() -> dict[str, str]:
    """Of a date or year and another."""
    return amounts() | {
        "<": _("%(question)s is before %(answer)s", **_PLACES),
        ">": _("%(question)s is after %(answer)s", **_PLACES),
        "<=": _("%(question)s is not after %(answer)s", **_PLACES),
        ">=": _("%(question)s is not before %(answer)s", **_PLACES),
    }


def filled() -> dict[str, str]:
    """Of an answer that is there or not."""
    return {
        "=": _("%(question)s is not answered", **_PLACES),
        "!=": _("%(question)s is answered", **_PLACES),
    }


def filled_columns() -> dict[str, str]:
    """Of a column that is answered in some row or in none."""
    return {
        "=": _("%(question)s is answered in no row", **_PLACES),
        ">": _("%(question)s is answered in some row", **_PLACES),
        "!=": _("%(question)s is answered in some row", **_PLACES),
    }


def places() -> dict[str, str]:
    """Of the row that is looked at."""
    return {
        "=": _("it is the row %(question)s", **_PLACES),
        "!=": _("it is not the row %(question)s", **_PLACES),
    }


ARITHMETIC: Final[Mapping[str, Callable[[], str]]] = {
    "+": lambda: _("%(question)s plus %(answer)s", **_PLACES),
    "-": lambda: _("%(question)s minus %(answer)s", **_PLACES),
    "*": lambda: _("%(question)s times %(answer)s", **_PLACES),
    "div": lambda: _("%(question)s divided by %(answer)s", **_PLACES),
    "mod": lambda: _("what remains of %(question)s divided by %(answer)s", **_PLACES),
}


def sum_of(values: str) -> str:
    """A sum of values."""
    return str(_("the sum of %(values)s", values=values))


def totals(in_time: bool) -> dict[str, Callable[[str], str]]:
    """What an aggregate gives of its values; `in_time`: they are dates or years."""
    found: dict[str, Callable[[str], str]] = {
        "sum": sum_of,
        "max": lambda values: _("the largest of %(values)s", values=values),
        "min": lambda values: _("the smallest of %(values)s", values=values),
        "count": lambda values: _("the number of rows of %(values)s", values=values),
        "count-non-empty": lambda values: _("the number of answers to %(values)s", values=values),
    }
    if in_time:
        found["max"] = lambda values: _("the latest of %(values)s", values=values)
        found["min"] = lambda values: _("the earliest of %(values)s", values=values)
    return found


def functions() -> Mapping[tuple[str, int], Callable[..., str]]:
    """Name and number of arguments -> how the result is called."""
    return {
        ("today", 0): lambda: _("today"),
        ("now", 0): lambda: _("now"),
        ("position", 0): lambda: _("the number of the row"),
        ("abs", 1): lambda value: _("%(value)s without its sign", value=value),
        ("int", 1): lambda value: _("the whole part of %(value)s", value=value),
        ("round", 1): lambda value: _("%(value)s, rounded", value=value),
        ("round", 2): lambda value, _places: _("%(value)s, rounded", value=value),
        ("count-selected", 1): lambda value: _("the number of choices in %(value)s", value=value),
        ("string-length", 1): lambda value: _("the number of characters of %(value)s", value=value),
        ("coalesce", 2): lambda value, other: _(
            "%(value)s (if not answered, %(other)s)", value=value, other=other
        ),
    }
