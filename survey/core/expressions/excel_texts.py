"""Texts in formulas."""

from collections.abc import Callable
from typing import Final

from survey.core.expressions import dates
from survey.core.expressions.excel_parts import LONGEST_CELL, NotInExcel, Parts, quoted
from survey.core.expressions.tree import (
    Call,
    Node,
    Number,
    Ref,
    String,
)
from survey.core.expressions.values import numeral

_TODAY: Final = 'YEAR(TODAY())&"-"&RIGHT("0"&MONTH(TODAY()),2)&"-"&RIGHT("0"&DAY(TODAY()),2)'
_COUNTED: Final = frozenset({"count", "count-non-empty", "count-selected", "string-length"})


class Texts(Parts):
    """Writes texts."""

    def text(self, node: Node) -> str:
        match node:
            case String():
                return quoted(node.value)
            case Number():
                return quoted(numeral(node.value))
        kind = self.kind(node)
        if kind == "boolean":
            return self.text_of_condition(node)
        if kind in ("number", "multiple", "column"):
            return self.text_of_number(node)
        if isinstance(node, Ref):
            return self.cell(node)
        if isinstance(node, Call) and node.name in _TEXTS:
            return _TEXTS[node.name](self, node)
        raise NotInExcel(node.name if isinstance(node, Call) else "text")

    def kept(self, node: Node) -> str:
        """A text where a blank cell would show as 0."""
        return f'({self.text(node)}&"")' if isinstance(node, Ref) else self.text(node)

    def text_of_condition(self, node: Node) -> str:
        told = f'IF({self.condition(node)},"true","false")'
        empty = self.is_empty(node)
        return told if empty == "FALSE" else f'IF({empty},"",{told})'

    def text_of_number(self, node: Node) -> str:
        """Only of whole numbers: others show the decimal mark of Excel's language."""
        if isinstance(node, Call) and node.name in _COUNTED:
            return f'({self.number(node)}&"")'
        raise NotInExcel("text of a number")

    def concat(self, node: Call) -> str:
        return f'({"&".join(map(self.text, node.arguments))}&"")'

    def choose_text(self, node: Call) -> str:
        test, yes, no = node.arguments
        return f"IF({self.condition(test)},{self.kept(yes)},{self.kept(no)})"

    def first_text(self, node: Call) -> str:
        *others, formula = [self.kept(each) for each in node.arguments]
        for each in reversed(others):
            formula = f"IF(LEN({each})>0,{each},{formula})"
        return formula

    def same_text(self, node: Call) -> str:
        return self.kept(node.arguments[0])

    def part(self, node: Call) -> str:
        whole, *places = node.arguments
        if not all(isinstance(place, Number) for place in places):
            raise NotInExcel("substr")
        start, *end = [int(place.value) for place in places if isinstance(place, Number)]
        length = max(end[0] - start, 0) if end else LONGEST_CELL
        return f"MID({self.text(whole)},{start + 1},{length})"

    def before(self, node: Call) -> str:
        whole, mark = map(self.text, node.arguments)
        return f'IFERROR(LEFT({whole},FIND({mark},{whole})-1),"")'

    def after(self, node: Call) -> str:
        whole, mark = map(self.text, node.arguments)
        if not isinstance(node.arguments[1], String) or mark == '""':
            raise NotInExcel(node.name)
        rest = f"FIND({mark},{whole})+LEN({mark}),{LONGEST_CELL}"
        return f'IFERROR(MID({whole},{rest}),"")'

    def normal(self, node: Call) -> str:
        text = self.text(node.arguments[0])
        for code in (9, 10, 13):
            text = f'SUBSTITUTE({text},CHAR({code})," ")'
        return f"TRIM({text})"

    def date(self, node: Call) -> str:
        (text,) = node.arguments
        if not isinstance(text, String):
            raise NotInExcel("date")
        return quoted(text.value if dates.is_date(text.value) else "")


_TEXTS: Final[dict[str, Callable[[Texts, Call], str]]] = {
    "if": Texts.choose_text,
    "coalesce": Texts.first_text,
    "string": Texts.same_text,
    "concat": Texts.concat,
    "substr": Texts.part,
    "substring-before": Texts.before,
    "substring-after": Texts.after,
    "normalize-space": Texts.normal,
    "today": lambda writer, node: f"({_TODAY})",
    "date": Texts.date,
}
