"""What the writers of formulas share: cells, literals, and what Excel cannot say."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final, TypeAlias

from survey.core.expressions.kinds import Scope, kind_of
from survey.core.expressions.tree import (
    Node,
    Ref,
)
from survey.core.expressions.values import Kind

LONGEST_LITERAL: Final = 255
LONGEST_CELL: Final = 32_767
MOST_CHOICES: Final = 200  # an argument list ends at 255
NOTHING: Final = "NA()"  # an empty number: an error that passes through arithmetic
Operand: TypeAlias = Callable[[str, str], str]


class NotInExcel(Exception):
    """Excel cannot say this as `evaluate` does; `reason` is the function, or a word for it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def quoted(text: str) -> str:
    if len(text) > LONGEST_LITERAL or any(ord(character) < 32 for character in text):
        raise NotInExcel("literal")
    return '"' + text.replace('"', '""') + '"'


class Parts(ABC):
    """Writes parts of a formula; numbers, conditions and texts are made of each other."""

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
        if not codes or len(codes) > MOST_CHOICES:
            raise NotInExcel("choices")
        return {code: f"N({self.operand(node.code, code)})" for code in codes}

    @abstractmethod
    def number(self, node: Node) -> str:
        """A number, or an error when it is empty."""

    @abstractmethod
    def condition(self, node: Node) -> str:
        """TRUE or FALSE."""

    @abstractmethod
    def is_empty(self, node: Node) -> str:
        """TRUE when the value is empty."""

    @abstractmethod
    def text(self, node: Node) -> str:
        """A text; a blank cell may stand for the empty one."""
