"""Conditions in formulas: always TRUE or FALSE."""

from collections.abc import Callable
from typing import Final

from survey.core.expressions import dates
from survey.core.expressions.excel_parts import NotInExcel, Parts, quoted
from survey.core.expressions.kinds import is_computed
from survey.core.expressions.tree import (
    ORDER,
    Binary,
    Call,
    Logic,
    Node,
    Number,
    Ref,
    String,
)


class Conditions(Parts):
    """Writes conditions."""

    def condition(self, node: Node) -> str:
        match self.kind(node):
            case "boolean":
                return self.own_condition(node)
            case "number":
                return f"IFERROR({self.number(node)}<>0,FALSE)"
            case "empty" | "column":
                return "FALSE"
        return f"NOT({self.is_empty(node)})"

    def own_condition(self, node: Node) -> str:
        match node:
            case Ref():
                return f"(N({self.cell(node)})<>0)"
            case Logic():
                return f"{node.operator.upper()}({','.join(map(self.condition, node.operands))})"
            case Binary():
                return self.comparison(node)
            case Call() if node.name in _CONDITIONS:
                return _CONDITIONS[node.name](self, node)
        raise NotInExcel(node.name if isinstance(node, Call) else "boolean")

    def is_empty(self, node: Node) -> str:
        kind = self.kind(node)
        if kind in ("multiple", "boolean"):
            return self.is_unmarked(node)
        if isinstance(node, Ref):
            return f"(LEN({self.cell(node)})=0)"
        if kind == "number":
            return "FALSE" if isinstance(node, Number) else f"ISERROR({self.number(node)})"
        return f"(LEN({self.text(node)})=0)"

    def is_unmarked(self, node: Node) -> str:
        if not isinstance(node, Ref):
            if isinstance(node, Call) and node.name in ("if", "coalesce", "indexed-repeat"):
                raise NotInExcel(node.name)
            return "FALSE"  # a condition is true or false, never empty
        if self.kind(node) == "boolean":
            return f"(LEN({self.cell(node)})=0)"
        return f"(({'+'.join(self.marks(node).values())})=0)"

    def comparison(self, node: Binary) -> str:
        if node.operator == "!=":
            return f"NOT({self.equality(node)})"
        return self.order(node) if node.operator in ORDER else self.equality(node)

    def order(self, node: Binary) -> str:
        if self.is_dated(node):
            return self.dates(node)
        sides = (node.left, node.right)
        if "empty" in map(self.kind, sides):
            return "FALSE"
        return f"IFERROR({self.two_numbers(node)},FALSE)"

    def is_dated(self, node: Binary) -> bool:
        sides = (node.left, node.right)
        kinds = [self.kind(side) for side in sides]
        literal = any(isinstance(side, String) and dates.is_date(side.value) for side in sides)
        return kinds == ["date", "date"] or ("date" in kinds and literal)

    def two_numbers(self, node: Binary) -> str:
        sides = [node.left, node.right]
        left, right = map(self.number, sides)
        operator = node.operator.replace("!", "")
        if any(map(is_computed, sides)):
            left, right = f"ROUND({left},9)", f"ROUND({right},9)"
        return f"{left}{operator}{right}"

    def equality(self, node: Binary) -> str:
        """Whether both sides are equal, also for `!=`."""
        kinds = {self.kind(node.left), self.kind(node.right)}
        if "empty" in kinds:
            return self.is_empty(node.right if self.kind(node.left) == "empty" else node.left)
        if self.is_dated(node):
            return self.dates(node)
        if "number" in kinds:
            return f"IFERROR({self.two_numbers(node)},{self.both_empty(node)})"
        if "boolean" in kinds:
            return f"({self.condition(node.left)}={self.condition(node.right)})"
        if "multiple" in kinds:
            return self.only_choice(node)
        return f"EXACT({self.text(node.left)},{self.text(node.right)})"

    def both_empty(self, node: Binary) -> str:
        sides = (node.left, node.right)
        if any(isinstance(side, Number | String) for side in sides):
            return "FALSE"
        return f"AND({','.join(map(self.is_empty, sides))})"

    def only_choice(self, node: Binary) -> str:
        field, literal = node.left, node.right
        if isinstance(field, String):
            field, literal = literal, field
        if not isinstance(field, Ref) or not isinstance(literal, String) or " " in literal.value:
            raise NotInExcel("multiple")
        marks = self.marks(field)
        if literal.value not in marks:
            return "FALSE"
        return f"AND({marks[literal.value]}<>0,({'+'.join(marks.values())})=1)"

    def dates(self, node: Binary) -> str:
        """Texts of the same length compare as dates do."""
        left, right = self.text(node.left), self.text(node.right)
        if left == right == '""':
            return "TRUE"
        length = f"MIN(LEN({left}),LEN({right}))"
        operator = node.operator.replace("!", "")
        test = f"LEFT({left},{length}){operator}LEFT({right},{length})"
        empty = "FALSE" if node.operator in ORDER else f"AND(LEN({left})=0,LEN({right})=0)"
        return f"IF({length}>0,{test},{empty})"

    def negation(self, node: Call) -> str:
        return f"NOT({self.condition(node.arguments[0])})"

    def as_condition(self, node: Call) -> str:
        return self.condition(node.arguments[0])

    def choose_condition(self, node: Call) -> str:
        return f"IF({','.join(map(self.condition, node.arguments))})"

    def from_string(self, node: Call) -> str:
        text = self.text(node.arguments[0])
        return f'OR(EXACT({text},"true"),EXACT({text},"1"))'

    def selected(self, node: Call) -> str:
        field, literal = node.arguments
        if not isinstance(field, Ref) or not isinstance(literal, String):
            raise NotInExcel("selected")
        if literal.value not in self.scope[field.code].choices:
            return "FALSE"
        if self.kind(field) == "choice":
            return f"EXACT({self.cell(field)},{quoted(literal.value)})"
        return f"(N({self.operand(field.code, literal.value)})<>0)"

    def contains(self, node: Call) -> str:
        whole, part = map(self.text, node.arguments)
        return f"OR(LEN({part})=0,ISNUMBER(FIND({part},{whole})))"

    def starts(self, node: Call) -> str:
        whole, part = map(self.text, node.arguments)
        return f"EXACT(LEFT({whole},LEN({part})),{part})"

    def ends(self, node: Call) -> str:
        whole, part = map(self.text, node.arguments)
        return f"EXACT(RIGHT({whole},LEN({part})),{part})"


_CONDITIONS: Final[dict[str, Callable[[Conditions, Call], str]]] = {
    "true": lambda writer, node: "TRUE",
    "false": lambda writer, node: "FALSE",
    "not": Conditions.negation,
    "boolean": Conditions.as_condition,
    "boolean-from-string": Conditions.from_string,
    "if": Conditions.choose_condition,
    "selected": Conditions.selected,
    "contains": Conditions.contains,
    "starts-with": Conditions.starts,
    "ends-with": Conditions.ends,
}
