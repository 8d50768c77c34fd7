"""Numbers in formulas: an empty one is an error, so that it passes through by itself."""

from collections.abc import Callable
from typing import Final

from survey.core.expressions.excel_parts import NOTHING, NotInExcel, Parts, quoted
from survey.core.expressions.functions import BIGGEST_PLACES
from survey.core.expressions.tree import (
    Binary,
    Call,
    Negative,
    Node,
    Number,
    Ref,
    String,
)
from survey.core.expressions.values import ZERO, number, numeral

_THIS_YEAR: Final = Call("format-date", (Call("today"), String("%Y")))


class Numbers(Parts):
    """Writes numbers."""

    def number(self, node: Node) -> str:
        match self.kind(node):
            case "number":
                return self.own_number(node)
            case "boolean":
                return f"IF({self.condition(node)},1,0)"
            case "choice" if isinstance(node, Ref):
                return self.number_of_choice(node)
            case "empty":
                return NOTHING
        value = number(node.value) if isinstance(node, String) else None
        if isinstance(node, String):
            return NOTHING if value is None else f"({numeral(value)})"
        raise NotInExcel("number")  # how a text reads as a number depends on Excel's language

    def number_of_choice(self, node: Ref) -> str:
        values = {code: number(code) for code in sorted(self.scope[node.code].choices)}
        numbers = {code: numeral(value) for code, value in values.items() if value is not None}
        if not numbers:
            return NOTHING
        codes = ",".join(map(quoted, numbers))
        return f"INDEX({{{','.join(numbers.values())}}},MATCH({self.cell(node)},{{{codes}}},0))"

    def own_number(self, node: Node) -> str:
        match node:
            case Number():
                return numeral(node.value)
            case Ref():
                cell = self.cell(node)
                return f"IF(ISNUMBER({cell}),{cell},{NOTHING})"
            case Negative():
                return f"(-{self.number(node.operand)})"
            case Binary():
                return self.arithmetic(node)
            case Call() if node.name in _NUMBERS:
                return _NUMBERS[node.name](self, node)
        raise NotInExcel(node.name if isinstance(node, Call) else "number")

    def arithmetic(self, node: Binary) -> str:
        left, right = self.number(node.left), self.number(node.right)
        if node.operator == "mod":  # as in XPath the sign is that of the left operand
            whole = f"INT(ROUND(ABS({left})/ABS({right}),9))"
            return f"(SIGN({left})*(ABS({left})-ABS({right})*{whole}))"
        return f"({left}{ {'div': '/'}.get(node.operator, node.operator) }{right})"

    def choose_number(self, node: Call) -> str:
        test, yes, no = node.arguments
        return f"IF({self.condition(test)},{self.number(yes)},{self.number(no)})"

    def first_number(self, node: Call) -> str:
        *others, formula = [self.number(each) for each in node.arguments]
        for each in reversed(others):
            formula = f"IFERROR({each},{formula})"
        return formula

    def rounded(self, node: Call) -> str:
        value, *more = node.arguments
        places = more[0] if more else Number(ZERO)
        if not isinstance(places, Number) or places.value > BIGGEST_PLACES:
            raise NotInExcel("round")
        return f"ROUND({self.number(value)},{int(places.value)})"

    def cut(self, node: Call) -> str:
        return f"TRUNC(ROUND({self.number(node.arguments[0])},9))"

    def absolute(self, node: Call) -> str:
        return f"ABS({self.number(node.arguments[0])})"

    def power(self, node: Call) -> str:
        base, exponent = node.arguments
        return f"POWER({self.number(base)},{self.number(exponent)})"

    def length(self, node: Call) -> str:
        return f"LEN({self.text(node.arguments[0])})"

    def read_number(self, node: Call) -> str:
        (argument,) = node.arguments
        return "YEAR(TODAY())" if argument == _THIS_YEAR else self.number(argument)

    def count_marks(self, node: Call) -> str:
        (field,) = node.arguments
        if isinstance(field, Ref) and self.kind(field) == "multiple":
            return f"({'+'.join(self.marks(field).values())})"
        return f"IF({self.is_empty(field)},0,1)"

    def total(self, node: Call) -> str:
        return f"({'+'.join(map(self.summand, node.arguments))})"

    def summand(self, node: Node) -> str:
        if isinstance(node, Ref) and self.kind(node) == "column":
            return f"SUM({self.numbers(node)})"
        return f"IFERROR({self.number(node)},0)"

    def numbers(self, node: Ref) -> str:
        if self.scope[node.code].kind != "number":
            raise NotInExcel("column")
        return self.cell(node)

    def extreme(self, node: Call) -> str:
        parts = ",".join(map(self.compared, node.arguments))
        return f"IF(COUNT({parts})=0,{NOTHING},{node.name.upper()}({parts}))"

    def compared(self, node: Node) -> str:
        """A cell, range or number: texts among them are left out by Excel itself."""
        if isinstance(node, Number):
            return numeral(node.value)
        if isinstance(node, Ref) and self.kind(node) in ("number", "column"):
            return self.numbers(node)
        raise NotInExcel("min")

    def count_filled(self, node: Call) -> str:
        return f"({'+'.join(map(self.filled, node.arguments))})"

    def filled(self, node: Node) -> str:
        if isinstance(node, Ref) and self.kind(node) == "column":
            if self.scope[node.code].kind == "multiple":
                raise NotInExcel("column")
            return f"SUMPRODUCT(--(LEN({self.cell(node)})>0))"
        return f"IF({self.is_empty(node)},0,1)"


_NUMBERS: Final[dict[str, Callable[[Numbers, Call], str]]] = {
    "if": Numbers.choose_number,
    "coalesce": Numbers.first_number,
    "number": Numbers.read_number,
    "int": Numbers.cut,
    "round": Numbers.rounded,
    "abs": Numbers.absolute,
    "pow": Numbers.power,
    "string-length": Numbers.length,
    "count-selected": Numbers.count_marks,
    "sum": Numbers.total,
    "min": Numbers.extreme,
    "max": Numbers.extreme,
    "count-non-empty": Numbers.count_filled,
}
