"""Expressions written as XPath 1.0 with their answers in place, for a second opinion.

What XPath takes for not a number is an empty number here, so that two such numbers are equal;
division by zero is nothing here, infinity there; a computed number is compared rounded.
"""

from decimal import Decimal
from xml.etree import ElementTree

import elementpath
from elementpath.xpath1 import XPath1Parser

from survey.core.expressions.kinds import kind_of
from survey.core.expressions.tree import (
    COMPARISONS,
    ORDER,
    Binary,
    Logic,
    Negative,
    Number,
    Ref,
    String,
)
from survey.core.expressions.values import numeral
from tests.core.expressions.trees import SCOPE

ROOT = ElementTree.Element("form")


def opinion(tree, values):
    """What an XPath engine says of a condition."""
    return elementpath.select(ROOT, f"boolean({written(tree, values)})", parser=XPath1Parser)


def written(node, values):
    match node:
        case Number() | String():
            return _constant(node.value)
        case Ref():
            return _constant(values[node.code])
        case Negative():
            return f"(-number({written(node.operand, values)}))"
        case Logic():
            return "(" + f" {node.operator} ".join(written(n, values) for n in node.operands) + ")"
        case Binary():
            return _binary(node, written(node.left, values), written(node.right, values))
    return f"{node.name}({', '.join(written(each, values) for each in node.arguments)})"


def _constant(value):
    if isinstance(value, Decimal):
        return f"({numeral(value)})"
    return f"'{value}'" if "'" not in value else f'"{value}"'


def _binary(node, left, right):
    if node.operator not in COMPARISONS:
        left, right = f"number({left})", f"number({right})"
        if node.operator == "div":
            right = f"({right} div number({right} != 0))"
    elif node.operator in ORDER or "number" in {
        kind_of(node.left, SCOPE),
        kind_of(node.right, SCOPE),
    }:
        return _numbers(node.operator, _rounded(left), _rounded(right))
    return f"({left} {node.operator} {right})"


def _rounded(part):
    return f"(round(number({part}) * 1000000000) div 1000000000)"


def _numbers(operator, left, right):
    both_empty = f"(string({left}) = 'NaN' and string({right}) = 'NaN')"
    if operator == "=":
        return f"({left} = {right} or {both_empty})"
    if operator == "!=":
        return f"not({left} = {right} or {both_empty})"
    return f"({left} {operator} {right})"
