"""From the tree to closures. A closure never raises: what cannot be computed is empty.

Inside, an empty number or boolean is None; at the edge everything empty is ''.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

import re2

from survey.core.expressions import dates
from survey.core.expressions.closures import (
    COMPARE,
    NOTHING,
    Run,
    applied,
    computed,
    connected,
    constant,
    dates_compared,
    equal_as_numbers,
    equals_literal,
    equals_number,
    field,
    filled,
    has_no_number,
    is_nothing,
    is_selected,
    looked_up,
    metered,
    negated,
    number_field,
    numbers_equal,
    opposite,
    ordered,
    ordered_by_literal,
    some,
    through,
)
from survey.core.expressions.functions import FUNCTIONS
from survey.core.expressions.kinds import AGGREGATES, Scope, is_computed, kind_of
from survey.core.expressions.tree import (
    COMPARISONS,
    Binary,
    Call,
    Logic,
    Negative,
    Node,
    Number,
    Ref,
    String,
    walk,
)
from survey.core.expressions.values import Column as Column
from survey.core.expressions.values import Compiled, Kind, Values, boolean, choices, number, text
from survey.core.expressions.values import Value as Value
from survey.core.expressions.values import truth as truth

POSITION: Final = ".."  # what `position(..)` asks of `values`: the place of the row, from 1

Named: TypeAlias = Callable[[str, str], str]

_READ: Final[dict[Kind, Callable[[Any], Any]]] = {
    "number": number,
    "text": text,
    "choice": text,
    "date": text,
    "multiple": choices,
    "boolean": boolean,
}
_HELD: Final[dict[Kind, type]] = {"multiple": tuple, "boolean": bool}  # the others: str
_PLAIN: Final = frozenset({"text", "choice", "date", "empty"})  # held as str


def compile_expression(
    node: Node, scope: Scope, *, row_of: str = "", choice_name: Named | None = None
) -> Compiled:
    """The expression as a function of `values` (code -> value, '' for none) and `now`.

    `row_of` is the roster whose rows it is evaluated in. `choice_name(field, choice)` gives the
    label that `jr:choice-name` shows; without it that is the code of the choice.
    """
    run = _Compiler(scope, row_of, choice_name).value(node)
    columns = any(
        isinstance(each, Ref) and kind_of(each, scope, row_of) == "column" for each in walk(node)
    )
    return metered(run) if columns else run


def _days(value: Any) -> Decimal | None:
    return dates.days(value)


class _Compiler:
    def __init__(self, scope: Scope, row_of: str, choice_name: Named | None) -> None:
        self.scope = scope
        self.row_of = row_of
        self.choice_name = choice_name

    def kind(self, node: Node) -> Kind:
        return kind_of(node, self.scope, self.row_of)

    # What a node gives, read as one kind or other

    def value(self, node: Node) -> Run:
        kind = self.kind(node)
        run = self.native(node)
        if kind in ("number", "boolean") and not self.is_condition(node):
            return through(filled, run)
        return through(some, run) if kind == "multiple" else run

    def is_condition(self, node: Node) -> bool:
        """Whether a node gives True or False and never nothing."""
        if isinstance(node, Call):
            return FUNCTIONS[node.name].gives == "boolean"
        return isinstance(node, Logic) or (
            isinstance(node, Binary) and node.operator in COMPARISONS
        )

    def condition(self, node: Node) -> Run:
        return self.native(node) if self.is_condition(node) else through(truth, self.native(node))

    def numeric(self, node: Node) -> Run:
        kind = self.kind(node)
        if kind == "number":
            return self.native(node)
        if kind == "choice" and isinstance(node, Ref):
            codes = self.scope[node.code].choices
            return looked_up({code: number(code) for code in codes}, self.native(node))
        return through(_days if kind == "date" else number, self.native(node))

    def textual(self, node: Node) -> Run:
        run = self.native(node)
        return run if self.kind(node) in _PLAIN else through(text, run)

    def chosen(self, node: Node) -> Run:
        run = self.native(node)
        return run if self.kind(node) == "multiple" else through(choices, run)

    def as_kind(self, kind: str, node: Node) -> Run:
        readers = {"number": self.numeric, "boolean": self.condition, "multiple": self.chosen}
        return self.value(node) if kind == "any" else readers.get(kind, self.textual)(node)

    # What a node gives in its own kind

    def native(self, node: Node) -> Run:
        match node:
            case Number():
                return constant(node.value)
            case String():
                return constant(node.value)
            case Ref():
                return self.reference(node)
            case Negative():
                return self.negative(node)
            case Logic():
                return connected(node.operator, [self.condition(each) for each in node.operands])
            case Binary():
                compiled = self.comparison if node.operator in COMPARISONS else self.arithmetic
                return compiled(node)
        return self.call(node)

    def reference(self, node: Ref) -> Run:
        kind = self.kind(node)
        if kind == "column":
            return constant("")
        if kind == "number":
            return number_field(node.code)
        return field(node.code, _HELD.get(kind, str), _READ[kind])

    def negative(self, node: Negative) -> Run:
        return negated(self.numeric(node.operand))

    def arithmetic(self, node: Binary) -> Run:
        return computed(node.operator, self.numeric(node.left), self.numeric(node.right))

    # Comparisons

    def comparison(self, node: Binary) -> Run:
        kinds = {self.kind(node.left), self.kind(node.right)}
        if "empty" in kinds:
            return self.emptiness(node)
        if kinds == {"date"} or ("date" in kinds and self.has_date_literal(node)):
            return dates_compared(node.operator, self.textual(node.left), self.textual(node.right))
        if node.operator not in ("=", "!="):
            return self.order(node)
        return self.equality(node, kinds)

    def has_date_literal(self, node: Binary) -> bool:
        return any(
            isinstance(side, String) and dates.is_date(side.value)
            for side in (node.left, node.right)
        )

    def emptiness(self, node: Binary) -> Run:
        """A comparison with the literal '': whether the other side is empty."""
        if node.operator not in ("=", "!="):
            return constant(False)
        other = node.right if self.kind(node.left) == "empty" else node.left
        kind = self.kind(other)
        if kind in ("number", "boolean") and not self.is_condition(other):
            return has_no_number(node.operator, self.native(other))
        return is_nothing(node.operator, self.native(other), NOTHING.get(kind, ""))

    def order(self, node: Binary) -> Run:
        rounds = is_computed(node.left) or is_computed(node.right)
        if isinstance(node.right, Number):
            return ordered_by_literal(
                node.operator, self.numeric(node.left), node.right.value, rounds
            )
        return ordered(node.operator, self.numeric(node.left), self.numeric(node.right), rounds)

    def equality(self, node: Binary, kinds: set[Kind]) -> Run:
        if "number" in kinds:
            return self.number_equality(node, kinds)
        if "boolean" in kinds:
            compare = COMPARE[node.operator]
            left, right = self.condition(node.left), self.condition(node.right)
            return lambda values, now: compare(left(values, now), right(values, now))
        return self.text_equality(node)

    def number_equality(self, node: Binary, kinds: set[Kind]) -> Run:
        sides = (node.left, node.right)
        if kinds == {"number"}:
            rounds = any(map(is_computed, sides))
            left = self.numeric(node.left)
            if isinstance(node.right, Number) and not rounds:
                return equals_number(node.operator, left, node.right.value)
            return numbers_equal(node.operator, left, self.numeric(node.right), rounds)
        readers = [dates.days if self.kind(side) == "date" else number for side in sides]
        return equal_as_numbers(
            node.operator, self.value(node.left), self.value(node.right), readers
        )

    def text_equality(self, node: Binary) -> Run:
        compare = COMPARE[node.operator]
        left, right = self.textual(node.left), self.textual(node.right)
        if not isinstance(node.right, String):
            return lambda values, now: compare(left(values, now), right(values, now))
        literal = node.right.value
        if isinstance(node.left, Ref) and self.kind(node.left) in _PLAIN:
            return equals_literal(node.operator, node.left.code, literal)
        return lambda values, now: compare(left(values, now), literal)

    # Functions

    def call(self, node: Call) -> Run:
        special = _SPECIAL.get(node.name)
        if special:
            return special(self, node)
        if node.name in AGGREGATES:
            return self.aggregate(node)
        function = FUNCTIONS[node.name]
        arguments = [
            self.as_kind(function.kind_of_argument(place), each)
            for place, each in enumerate(node.arguments)
        ]
        return applied(function, arguments)

    def aggregate(self, node: Call) -> Run:
        run = FUNCTIONS[node.name].run
        readers = [self.column(each) for each in node.arguments]

        def evaluate(values: Values, now: datetime) -> Any:
            items: list[Any] = []
            for read in readers:
                found = read(values, now)
                if found.__class__ is Column:
                    items.extend(found)
                else:
                    items.append(found)
            return run(items)

        return evaluate

    def column(self, node: Node) -> Run:
        if isinstance(node, Ref) and self.kind(node) == "column":
            code = node.code
            return lambda values, now: values(code)
        return self.value(node)

    def choose(self, node: Call) -> Run:
        test = self.condition(node.arguments[0])
        yes, no = self.alike(node, node.arguments[1:])
        return lambda values, now: yes(values, now) if test(values, now) else no(values, now)

    def coalesce(self, node: Call) -> Run:
        options = self.alike(node, node.arguments)

        def run(values: Values, now: datetime) -> Any:
            value = None
            for option in options:
                value = option(values, now)
                if value is not None and value not in ("", ()):
                    break
            return value

        return run

    def alike(self, node: Call, results: tuple[Node, ...]) -> list[Run]:
        """The results of a choice between values, all read as the kind they share."""
        kind = self.kind(node)
        nothing = constant(NOTHING.get(kind, ""))
        return [
            nothing
            if self.kind(each) == "empty"
            else self.native(each)
            if self.kind(each) == kind
            else self.as_kind(kind, each)
            for each in results
        ]

    def selected(self, node: Call) -> Run:
        codes, code = node.arguments
        if not (isinstance(codes, Ref) and self.kind(codes) == "multiple"):
            return self.selected_among(codes, code)
        if not isinstance(code, String):
            return self.selected_among(codes, code)
        return is_selected(codes.code, code.value)

    def selected_among(self, codes: Node, code: Node) -> Run:
        marked, wanted = self.chosen(codes), self.textual(code)
        return lambda values, now: wanted(values, now) in marked(values, now)

    def name(self, node: Call) -> Run:
        choice, named = self.textual(node.arguments[0]), node.arguments[1]
        label = self.choice_name
        if label is None or not isinstance(named, Ref):
            return choice
        code = named.code

        def run(values: Values, now: datetime) -> str:
            chosen = choice(values, now)
            return label(code, chosen) if chosen else ""

        return run

    def regex(self, node: Call) -> Run:
        value, pattern = node.arguments
        engine = compiled_pattern(pattern.value) if isinstance(pattern, String) else None
        if engine is None:
            return constant(False)
        subject = self.textual(value)
        matches = engine.fullmatch
        return lambda values, now: matches(_encodable(subject(values, now))) is not None

    def opposite(self, node: Call) -> Run:
        return opposite(self.condition(node.arguments[0]))

    def as_boolean(self, node: Call) -> Run:
        return through(truth, self.value(node.arguments[0]))

    def as_number(self, node: Call) -> Run:
        return self.numeric(node.arguments[0])

    def position(self, node: Call) -> Run:
        return lambda values, now: number(_position(values))

    def indexed(self, node: Call) -> Run:
        column, _, place = node.arguments
        if not isinstance(column, Ref) or self.kind(column) != "column":
            return constant(NOTHING.get(self.kind(node), ""))
        code, read = column.code, _READ[self.kind(node)]
        at = self.numeric(place)

        def run(values: Values, now: datetime) -> Any:
            rows, index = values(code), at(values, now)
            found = isinstance(rows, Column) and index is not None and 1 <= index <= len(rows)
            return read(rows[int(index) - 1] if found else "")  # type: ignore[index]

        return run


def _position(values: Values) -> Value | Column:
    try:
        return values(POSITION)
    except LookupError:  # whoever has no rows need not know of them
        return ""


def compiled_pattern(pattern: str) -> Any | None:
    """The pattern of `regex()` ready to match in linear time; None when it is none."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError):
        return None


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


_SPECIAL: Final[dict[str, Callable[[_Compiler, Call], Run]]] = {
    "if": _Compiler.choose,
    "coalesce": _Compiler.coalesce,
    "selected": _Compiler.selected,
    "jr:choice-name": _Compiler.name,
    "regex": _Compiler.regex,
    "not": _Compiler.opposite,
    "boolean": _Compiler.as_boolean,
    "number": _Compiler.as_number,
    "position": _Compiler.position,
    "indexed-repeat": _Compiler.indexed,
    "today": lambda compiler, node: lambda values, now: now.date().isoformat(),
    "now": lambda compiler, node: lambda values, now: dates.moment(now),
}
