"""What kind of value an expression gives, from the kinds of the fields it reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

from survey.core.expressions.functions import FUNCTIONS, WHOLE
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
)
from survey.core.expressions.values import Kind, number

AGGREGATES: Final = frozenset({"sum", "min", "max", "count", "count-non-empty", "join"})

_CARRIED: Final = frozenset({"if", "coalesce", "number", "abs", "min", "max"})


@dataclass(frozen=True, slots=True)
class Reference:
    """What an expression may know of a field.

    `choices` are the codes of its list; `roster` is the question it is a column of, else empty.
    """

    kind: Literal["number", "text", "choice", "multiple", "date", "boolean"]
    choices: frozenset[str] = frozenset()
    roster: str = ""


Scope: TypeAlias = Mapping[str, Reference]


def kind_of(node: Node, scope: Scope, row_of: str = "") -> Kind:
    """The kind of value a tree gives; what is unknown counts as text."""
    match node:
        case Number() | Negative():
            return "number"
        case String():
            return "text" if node.value else "empty"
        case Ref():
            return _kind_of_field(node.code, scope, row_of)
        case Logic():
            return "boolean"
        case Binary():
            return "boolean" if node.operator in COMPARISONS else "number"
    gives = FUNCTIONS[node.name].gives
    return cast(Kind, gives) if gives else _kind_of_choice(node, scope, row_of)


def _kind_of_field(code: str, scope: Scope, row_of: str) -> Kind:
    found = scope.get(code)
    if found is None:
        return "text"
    return found.kind if found.roster in ("", row_of) else "column"


def _kind_of_choice(call: Call, scope: Scope, row_of: str) -> Kind:
    """Of `if`, `coalesce` and `indexed-repeat`: the kind all results share, else text."""
    if call.name == "indexed-repeat":
        column = call.arguments[0]
        found = scope.get(column.code) if isinstance(column, Ref) else None
        return found.kind if found else "text"
    results = call.arguments[1:] if call.name == "if" else call.arguments
    kinds = {kind_of(each, scope, row_of) for each in results} - {"empty"}
    if kinds == {"number", "choice"} and all(_is_scale(each, scope) for each in results):
        return "number"
    if not kinds:
        return "empty"
    return kinds.pop() if len(kinds) == 1 else "text"


def _is_scale(node: Node, scope: Scope) -> bool:
    """Whether a node, if it is a choice, is one among numbers, as the levels of maturity are."""
    found = scope.get(node.code) if isinstance(node, Ref) else None
    return found is None or all(number(code) is not None for code in found.choices)


def is_computed(node: Node) -> bool:
    """Whether a number may carry the error of a computation, so that it is compared rounded."""
    match node:
        case Negative():
            return is_computed(node.operand)
        case Call() if node.name in _CARRIED:
            results = node.arguments[1:] if node.name == "if" else node.arguments
            return any(map(is_computed, results))
        case Call():
            return node.name not in WHOLE
    return isinstance(node, Binary) and node.operator not in COMPARISONS
