"""The parsed expression: a frozen tree, its references, its text and its JSON."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, TypeAlias

from survey.core.expressions.values import numeral

# `at` is the position in the source, from 0; two trees that differ only in it are equal.


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, never negative."""

    value: Decimal
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class String:
    """A text in quotes."""

    value: str
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """`${code}`."""

    code: str
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus before one operand."""

    operand: "Node"
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """A comparison or an arithmetic operation."""

    operator: str
    left: "Node"
    right: "Node"
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` between two or more operands: a long chain is wide, not deep."""

    operator: str
    operands: tuple["Node", ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments. `position(..)` has none; the roster that `indexed-repeat`
    names is a String, since it is no value."""

    name: str
    arguments: tuple["Node", ...] = ()
    at: int = field(default=0, compare=False, repr=False)


Node: TypeAlias = Number | String | Ref | Negative | Binary | Logic | Call

EQUALITY: Final = frozenset({"=", "!="})
ORDER: Final = frozenset({"<", "<=", ">", ">="})
COMPARISONS: Final = EQUALITY | ORDER
POWERS: Final = (
    {"or": 1, "and": 2}
    | dict.fromkeys(EQUALITY, 3)
    | dict.fromkeys(ORDER, 4)
    | {"+": 5, "-": 5, "*": 6, "div": 6, "mod": 6}
)
MINUS: Final = 7  # binds stronger than every operator between two operands


def children(node: Node) -> tuple[Node, ...]:
    """The operands or arguments of a node, from left to right."""
    below = _BELOW.get(node.__class__)
    return below(node) if below else ()


# A table by class: checking an instrument looks at every node many times.
_BELOW: Final[Mapping[type, Callable[[Any], tuple["Node", ...]]]] = {
    Negative: lambda node: (node.operand,),
    Binary: attrgetter("left", "right"),
    Logic: attrgetter("operands"),
    Call: attrgetter("arguments"),
}


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, each before its operands, from left to right."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        below = children(each)
        if below:
            waiting.extend(reversed(below))


def references(node: Node) -> frozenset[str]:
    """The codes of all fields the expression reads."""
    return frozenset(each.code for each in walk(node) if isinstance(each, Ref))


def unparse(node: Node) -> str:
    """The expression as text that parses to the same tree, with no more brackets than needed."""
    match node:
        case Number():
            return numeral(node.value)
        case String():
            return _quoted(node.value)
        case Ref():
            return f"${{{node.code}}}"
        case Negative():
            return "-" + _within(node.operand, MINUS)
        case Call():
            return f"{node.name}({', '.join(_arguments(node))})"
        case Logic():
            power = POWERS[node.operator] + 1
            return f" {node.operator} ".join(_within(each, power) for each in node.operands)
    power = POWERS[node.operator]
    return f"{_within(node.left, power)} {node.operator} {_within(node.right, power + 1)}"


def _within(node: Node, least: int) -> str:
    if isinstance(node, Binary | Logic) and POWERS[node.operator] < least:
        return f"({unparse(node)})"
    return unparse(node)


def _quoted(text: str) -> str:
    if "'" in text and '"' not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _arguments(call: Call) -> list[str]:
    texts = [unparse(each) for each in call.arguments]
    match call.name:
        case "position":
            return [".."]
        case "jr:choice-name":
            return [texts[0], f"'{texts[1]}'"]
        case "indexed-repeat":
            roster = call.arguments[1]
            named = f"${{{roster.value}}}" if isinstance(roster, String) else texts[1]
            return [texts[0], named, texts[2]]
    return texts


def to_json(node: Node) -> dict[str, Any]:
    """The tree for another program: one of the keys number (decimal text), text, field, operator,
    function; operator and function come with `operands`."""
    match node:
        case Number():
            return {"number": numeral(node.value)}
        case String():
            return {"text": node.value}
        case Ref():
            return {"field": node.code}
    operands = [to_json(each) for each in children(node)]
    match node:
        case Call():
            return {"function": node.name, "operands": operands}
        case Negative():
            return {"operator": "-", "operands": operands}
    return {"operator": node.operator, "operands": operands}
