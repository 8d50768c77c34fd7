"""From the tree to formula text that any Excel from 2010 on computes to what `evaluate` gives.

A number is written in such a way that an empty one is an error inside the formula: it passes
through arithmetic by itself and is caught where it ends, in a comparison or as the result.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from survey.core.expressions import dates
from survey.core.expressions.functions import BIGGEST_PLACES
from survey.core.expressions.kinds import Scope, is_computed, kind_of
from survey.core.expressions.tree import (
    ORDER,
    Binary,
    Call,
    Logic,
    Negative,
    Node,
    Number,
    Ref,
    String,
)
from survey.core.expressions.values import ZERO, Kind, number, numeral

LONGEST_FORMULA: Final = 8191  # characters after the equals sign
LONGEST_LITERAL: Final = 255
DEEPEST_FORMULA: Final = 64
_MOST_CHOICES: Final = 200  # an argument list ends at 255
_NOTHING: Final = "NA()"
_TODAY: Final = 'YEAR(TODAY())&"-"&RIGHT("0"&MONTH(TODAY()),2)&"-"&RIGHT("0"&DAY(TODAY()),2)'
_COUNTED: Final = frozenset({"count", "count-non-empty", "count-selected", "string-length"})
Operand: TypeAlias = Callable[[str, str], str]


class NotInExcel(Exception):
    """Excel cannot say this as `evaluate` does; `reason` is the function, or a word for it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def to_excel(node: Node, scope: Scope, operand: Operand, *, row_of: str = "") -> str:
    """The expression as formula text without the equals sign.

    `operand(code, choice)` gives the address of a cell: a number or "" for kind number, TRUE,
    FALSE or "" for boolean, else the stored text or "". `choice` is "" but for a multiple choice,
    which is only asked for the mark (1 or 0) of one choice. For a roster column seen from outside
    its row (`row_of`) it gives the range of the column. A condition is TRUE or FALSE, also when it
    is an empty field.

    Raises:
        NotInExcel: Excel has no such function, computes it differently, or the formula is beyond
            its limits; `operand` may raise it, too.
    """
    formula = _Writer(scope, operand, row_of).result(node)
    if len(formula) > LONGEST_FORMULA:
        raise NotInExcel("long")
    if _depth(formula) > DEEPEST_FORMULA:
        raise NotInExcel("deep")
    return formula


def _depth(formula: str) -> int:
    deepest = depth = 0
    for part in formula.split('"')[::2]:  # what stands outside of texts
        for character in part:
            depth += {"(": 1, ")": -1}.get(character, 0)
            deepest = max(deepest, depth)
    return deepest


def _literal(text: str) -> str:
    if len(text) > LONGEST_LITERAL or any(ord(character) < 32 for character in text):
        raise NotInExcel("literal")
    return '"' + text.replace('"', '""') + '"'


class _Writer:
    def __init__(self, scope: Scope, operand: Operand, row_of: str) -> None:
        self.scope = scope
        self.operand = operand
        self.row_of = row_of

    def kind(self, node: Node) -> Kind:
        return kind_of(node, self.scope, self.row_of)

    def cell(self, node: Ref) -> str:
        return self.operand(node.code, "")

    def marks(self, node: Ref) -> dict[str, str]:
        """The codes of a multiple choice -> whether each is marked."""
        codes = sorted(self.scope[node.code].choices)
        if not codes or len(codes) > _MOST_CHOICES:
            raise NotInExcel("choices")
        return {code: f"N({self.operand(node.code, code)})" for code in codes}

    def result(self, node: Node) -> str:
        match self.kind(node):
            case "number":
                return f'IFERROR({self.number(node)},"")'
            case "boolean":
                return self.condition(node)
            case "multiple" | "column":
                raise NotInExcel("multiple")
        return self.kept(node)

    # Numbers: an error when empty

    def number(self, node: Node) -> str:
        match self.kind(node):
            case "number":
                return self.own_number(node)
            case "boolean":
                return f"IF({self.condition(node)},1,0)"
            case "choice" if isinstance(node, Ref):
                return self.number_of_choice(node)
            case "empty":
                return _NOTHING
        value = number(node.value) if isinstance(node, String) else None
        if isinstance(node, String):
            return _NOTHING if value is None else f"({numeral(value)})"
        raise NotInExcel("number")  # how a text reads as a number depends on Excel's language

    def number_of_choice(self, node: Ref) -> str:
        values = {code: number(code) for code in sorted(self.scope[node.code].choices)}
        numbers = {code: numeral(value) for code, value in values.items() if value is not None}
        if not numbers:
            return _NOTHING
        codes = ",".join(map(_literal, numbers))
        return f"INDEX({{{','.join(numbers.values())}}},MATCH({self.cell(node)},{{{codes}}},0))"

    def own_number(self, node: Node) -> str:
        match node:
            case Number():
                return numeral(node.value)
            case Ref():
                cell = self.cell(node)
                return f"IF(ISNUMBER({cell}),{cell},{_NOTHING})"
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
        return self.number(node.arguments[0])

    def count_marks(self, node: Call) -> str:
        (field,) = node.arguments
        if isinstance(field, Ref) and self.kind(field) == "multiple":
            return f"({'+'.join(self.marks(field).values())})"
        return f"IF({self.is_empty(field)},0,1)"

    # Aggregates

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
        return f"IF(COUNT({parts})=0,{_NOTHING},{node.name.upper()}({parts}))"

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

    # Conditions

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
            return f"EXACT({self.cell(field)},{_literal(literal.value)})"
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

    # Texts

    def text(self, node: Node) -> str:
        match node:
            case String():
                return _literal(node.value)
            case Number():
                return _literal(numeral(node.value))
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
        empty = self.is_unmarked(node)
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
        length = max(end[0] - start, 0) if end else LONGEST_FORMULA * 4
        return f"MID({self.text(whole)},{start + 1},{length})"

    def before(self, node: Call) -> str:
        whole, mark = map(self.text, node.arguments)
        return f'IFERROR(LEFT({whole},FIND({mark},{whole})-1),"")'

    def after(self, node: Call) -> str:
        whole, mark = map(self.text, node.arguments)
        if not isinstance(node.arguments[1], String) or mark == '""':
            raise NotInExcel(node.name)
        rest = f"FIND({mark},{whole})+LEN({mark}),{LONGEST_FORMULA * 4}"
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
        return _literal(text.value if dates.is_date(text.value) else "")


_Written: TypeAlias = Callable[[_Writer, Call], str]
_NUMBERS: Final[dict[str, _Written]] = {
    "if": _Writer.choose_number,
    "coalesce": _Writer.first_number,
    "number": _Writer.read_number,
    "int": _Writer.cut,
    "round": _Writer.rounded,
    "abs": _Writer.absolute,
    "pow": _Writer.power,
    "string-length": _Writer.length,
    "count-selected": _Writer.count_marks,
    "sum": _Writer.total,
    "min": _Writer.extreme,
    "max": _Writer.extreme,
    "count-non-empty": _Writer.count_filled,
}
_CONDITIONS: Final[dict[str, _Written]] = {
    "true": lambda writer, node: "TRUE",
    "false": lambda writer, node: "FALSE",
    "not": _Writer.negation,
    "boolean": _Writer.as_condition,
    "boolean-from-string": _Writer.from_string,
    "if": _Writer.choose_condition,
    "selected": _Writer.selected,
    "contains": _Writer.contains,
    "starts-with": _Writer.starts,
    "ends-with": _Writer.ends,
}
_TEXTS: Final[dict[str, _Written]] = {
    "if": _Writer.choose_text,
    "coalesce": _Writer.first_text,
    "string": _Writer.same_text,
    "concat": _Writer.concat,
    "substr": _Writer.part,
    "substring-before": _Writer.before,
    "substring-after": _Writer.after,
    "normalize-space": _Writer.normal,
    "today": lambda writer, node: f"({_TODAY})",
    "date": _Writer.date,
}
