"""From the tree to formula text that any Excel from 2010 on computes to what `evaluate` gives.

A number is written in such a way that an empty one is an error inside the formula: it passes
through arithmetic by itself and is caught where it ends, in a comparison or as the result.
"""

from typing import Final

from survey.core.expressions.excel_conditions import Conditions
from survey.core.expressions.excel_numbers import Numbers
from survey.core.expressions.excel_parts import NotInExcel as NotInExcel
from survey.core.expressions.excel_parts import Operand as Operand
from survey.core.expressions.excel_texts import Texts
from survey.core.expressions.kinds import Scope
from survey.core.expressions.tree import Node

LONGEST_FORMULA: Final = 8191  # characters after the equals sign
DEEPEST_FORMULA: Final = 64


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


class _Writer(Numbers, Conditions, Texts):
    def result(self, node: Node) -> str:
        match self.kind(node):
            case "number":
                return f'IFERROR({self.number(node)},"")'
            case "boolean":
                return self.condition(node)
            case "multiple" | "column":
                raise NotInExcel("multiple")
        return self.kept(node)
