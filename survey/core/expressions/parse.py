"""From source text to the tree: a Pratt parser that counts what it builds and how deep it is."""

import difflib
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from survey.core.expressions.functions import FUNCTIONS, MANY, REFUSED
from survey.core.expressions.lexer import ExpressionError as ExpressionError
from survey.core.expressions.lexer import Token, tokens
from survey.core.expressions.tree import (
    MINUS,
    POWERS,
    Binary,
    Call,
    Logic,
    Negative,
    Node,
    Number,
    Ref,
    String,
)
from survey.core.expressions.values import LIMIT

LONGEST_SOURCE: Final = 4096  # bytes of UTF-8
DEEPEST: Final = 32
MOST_NODES: Final = 1000
_DIGITS: Final = 15


def parse(source: str, *, this: str = "") -> Node:
    """The tree of an expression; `.` stands for the field `this`, when one is given.

    Raises:
        ExpressionError: the source is no expression of this language, or beyond its limits.
    """
    length = len(source.encode("utf-8", "surrogatepass"))
    if length > LONGEST_SOURCE:
        raise ExpressionError(
            "expression_too_long", LONGEST_SOURCE, length=length, limit=LONGEST_SOURCE
        )
    return _Parser(source, this).whole()


def nearest(name: str, names: Iterable[str]) -> str:
    """The name that looks most like this one; empty when none does."""
    folded = {each.casefold(): each for each in sorted(names, reverse=True)}
    found = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


class _Parser:
    """`level` counts the brackets, functions and operators around a place, `height` those below
    it: their sum is bounded, and with it the recursion of everything that reads a tree."""

    def __init__(self, source: str, this: str) -> None:
        self.tokens = list(tokens(source))
        self.this = this
        self.next = 0
        self.nodes = 0

    def whole(self) -> Node:
        if self.here.kind == "end":
            raise ExpressionError("expression_empty", 0)
        node, _ = self.expression(0, 0)
        if self.here.kind != "end":
            raise self.unexpected()
        return node

    @property
    def here(self) -> Token:
        return self.tokens[self.next]

    def take(self) -> Token:
        token = self.here
        self.next += 1
        return token

    def expect(self, operator: str) -> None:
        if self.here.kind != "operator" or self.here.text != operator:
            raise self.unexpected(operator)
        self.next += 1

    def unexpected(self, expected: str = "") -> ExpressionError:
        token = self.here
        if token.kind == "end":
            return ExpressionError("expression_unfinished", token.at, expected=expected)
        if token.kind == "dots":
            return ExpressionError("expression_dot", token.at, found=token.text)
        return ExpressionError("expression_syntax", token.at, found=token.text, expected=expected)

    def built(self, node: Node, level: int, height: int) -> tuple[Node, int]:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise ExpressionError("expression_too_big", node.at, limit=MOST_NODES)
        self.not_deeper(level + height, node.at)
        return node, height

    def not_deeper(self, depth: int, at: int) -> None:
        if depth > DEEPEST:
            raise ExpressionError("expression_too_deep", at, limit=DEEPEST)

    def expression(self, power: int, level: int) -> tuple[Node, int]:
        """The expression up to an operator that binds less than `power`; its tree's height."""
        self.not_deeper(level, self.here.at)
        left, height = self.operand(level)
        while True:
            operator = self.here
            binds = POWERS.get(operator.text, 0) if operator.kind in ("operator", "name") else 0
            if binds <= power:
                return left, height
            if operator.text in ("and", "or"):
                left, height = self.logic(left, height, level)
            else:
                self.take()
                right, below = self.expression(binds, level + 1)
                node = Binary(operator.text, left, right, operator.at)
                left, height = self.built(node, level, 1 + max(height, below))

    def logic(self, left: Node, height: int, level: int) -> tuple[Node, int]:
        first = self.here
        operands, highest = [left], height
        while self.here.kind == "name" and self.here.text == first.text:
            self.take()
            right, below = self.expression(POWERS[first.text], level + 1)
            operands.append(right)
            highest = max(highest, below)
        return self.built(Logic(first.text, tuple(operands), first.at), level, 1 + highest)

    def operand(self, level: int) -> tuple[Node, int]:
        token = self.here
        if token.kind in _LEAVES:
            self.take()
            return self.built(_LEAVES[token.kind](token), level, 0)
        if token.kind == "name":
            return self.call(level)
        if token.kind == "dots" and token.text == "." and self.this:
            self.take()
            return self.built(Ref(self.this, token.at), level, 0)
        if token.text == "-" and token.kind == "operator":
            self.take()
            inner, height = self.expression(MINUS - 1, level + 1)
            return self.built(Negative(inner, token.at), level, 1 + height)
        if token.text == "(" and token.kind == "operator":
            self.take()
            inner, height = self.expression(0, level + 1)
            self.expect(")")
            return inner, height + 1
        raise self.unexpected()

    def call(self, level: int) -> tuple[Node, int]:
        name = self.take()
        if self.here.text != "(" or self.here.kind != "operator":
            raise ExpressionError("expression_bare_name", name.at, name=name.text)
        _known(name)
        self.take()
        if name.text == "position" and self.here.text == ".." and self.here.kind == "dots":
            self.take()
            self.expect(")")
            return self.built(Call(name.text, (), name.at), level, 0)
        arguments, height = self.arguments(level)
        self.expect(")")
        node = Call(name.text, _special(name, tuple(arguments)), name.at)
        _enough(node)
        return self.built(node, level, height)

    def arguments(self, level: int) -> tuple[list[Node], int]:
        found: list[Node] = []
        height = 0
        if self.here.text == ")" and self.here.kind == "operator":
            return found, height
        while True:
            node, below = self.expression(0, level + 1)
            found.append(node)
            height = max(height, below + 1)
            if self.here.text != "," or self.here.kind != "operator":
                return found, height
            self.take()


def _number(token: Token) -> Node:
    value = Decimal(token.text)
    whole, _, fraction = token.text.partition(".")
    fraction = fraction.rstrip("0")
    if value > LIMIT or len(fraction) > _DIGITS or len((whole + fraction).strip("0")) > _DIGITS:
        raise ExpressionError("expression_number", token.at, found=token.text[:40], limit=_DIGITS)
    return Number(value, token.at)


def _string(token: Token) -> Node:
    return String(token.text, token.at)


def _reference(token: Token) -> Node:
    return Ref(token.text, token.at)


_LEAVES: Final[dict[str, Callable[[Token], Node]]] = {
    "number": _number,
    "text": _string,
    "reference": _reference,
}


def _known(name: Token) -> None:
    if name.text in REFUSED:
        raise ExpressionError("expression_refused_function", name.at, function=name.text)
    if name.text not in FUNCTIONS:
        raise ExpressionError(
            "expression_unknown_function",
            name.at,
            function=name.text,
            nearest=nearest(name.text, FUNCTIONS),
        )


def _enough(call: Call) -> None:
    function = FUNCTIONS[call.name]
    if not function.least <= len(call.arguments) <= function.most or call.name == "position":
        raise ExpressionError(
            "expression_arguments",
            call.at,
            function=call.name,
            found=len(call.arguments),
            least=function.least,
            most="" if function.most == MANY else str(function.most),
        )


def _special(name: Token, arguments: tuple[Node, ...]) -> tuple[Node, ...]:
    """The reference in quotes of `jr:choice-name` and the roster of `indexed-repeat`."""
    match name.text, arguments:
        case "jr:choice-name", (choice, String(value=quoted, at=at)):
            found = list(tokens(quoted))
            if [token.kind for token in found] != ["reference", "end"]:
                raise ExpressionError("expression_choice_name", at)
            return choice, Ref(found[0].text, at)
        case "jr:choice-name", (_, other) if not isinstance(other, Ref):
            raise ExpressionError("expression_choice_name", other.at)
        case "indexed-repeat", (Ref() as column, Ref(code=roster, at=at), place):
            return column, String(roster, at), place
        case "indexed-repeat", (_, _, _):
            raise ExpressionError("expression_indexed_repeat", name.at)
    return arguments
