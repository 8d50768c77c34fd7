"""Conditions that cannot be otherwise, and `!=` that is true of an empty answer by accident.

A condition is tried with every answer that makes a difference to it: all choices, and for numbers
and texts the literals they are compared with and what lies between. What compares with another
field or with the clock is left alone.
"""

import itertools
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeAlias

from survey.core.expressions.evaluate import compile_expression, truth
from survey.core.expressions.kinds import Reference, Scope
from survey.core.expressions.tree import (
    COMPARISONS,
    ORDER,
    Binary,
    Call,
    Logic,
    Node,
    Number,
    Ref,
    String,
    children,
    references,
    walk,
)
from survey.core.expressions.values import ONE, ZERO, Compiled, Value, number

_MOST_TRIALS: Final = 512
_MOVING: Final = frozenset({"today", "now", "position", "indexed-repeat"})
_ANY_TIME: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - nothing that is tried reads the clock
Domains: TypeAlias = dict[str, list[Value]]


def constant_parts(node: Node, scope: Scope, row_of: str) -> list[tuple[Node, bool]]:
    """The condition or those parts of it that are always true or never, with which of both.

    A bare `true()` says so on purpose and is not named.
    """
    verdict = _verdict(node, scope, row_of)
    if verdict is not None:
        return [] if node == Call("true") else [(node, verdict)]
    if isinstance(node, Logic):
        return [part for each in node.operands for part in constant_parts(each, scope, row_of)]
    return []


def _verdict(node: Node, scope: Scope, row_of: str) -> bool | None:
    domains = _domains(node, scope, row_of)
    if domains is not None:
        return _tried(node, scope, row_of, domains)
    if isinstance(node, Logic):
        return _verdict_of_logic(node, scope, row_of)
    return None


def _verdict_of_logic(node: Logic, scope: Scope, row_of: str) -> bool | None:
    settles = node.operator == "or"  # one such operand settles the whole
    verdicts = [_verdict(each, scope, row_of) for each in node.operands]
    if settles in verdicts:
        return settles
    if all(verdict is (not settles) for verdict in verdicts):
        return not settles
    tried = [each for each in node.operands if _domains(each, scope, row_of) is not None]
    if len(tried) > 1:
        together = Logic(node.operator, tuple(tried), node.at)
        domains = _domains(together, scope, row_of)
        if domains is not None and _tried(together, scope, row_of, domains) is settles:
            return settles
    return None


def _tried(node: Node, scope: Scope, row_of: str, domains: Domains) -> bool | None:
    run = compile_expression(node, scope, row_of=row_of)
    outcomes: set[bool] = set()
    nothing = [("",) * len(domains)]  # first what most often tells the two apart
    for values in itertools.chain(nothing, itertools.product(*domains.values())):
        answers = dict(zip(domains, values, strict=True))
        outcomes.add(truth(run(answers.__getitem__, _ANY_TIME)))
        if len(outcomes) == 2:
            return None
    return outcomes.pop()


def is_ever_asked(
    question: str, conditions: Mapping[str, Node], owner: Mapping[str, str], scope: Scope
) -> bool:
    """Whether some answers make a question asked, those it depends on being asked themselves.

    `conditions`: question code -> its condition, `owner`: field -> its question. True as well when
    the answers to try are too many or cannot be told.
    """
    chain = _chain(question, conditions, owner)
    if len(chain) < 2:  # its own condition alone is looked at by `constant_parts`
        return True
    domains = _domains(Logic("and", tuple(conditions[code] for code in chain)), scope, "")
    if domains is None:
        return True
    runs = {code: compile_expression(conditions[code], scope) for code in chain}
    for values in itertools.product(*domains.values()):
        answers = dict(zip(domains, values, strict=True))
        if _is_asked(question, runs, owner, answers):
            return True
    return False


def _chain(question: str, conditions: Mapping[str, Node], owner: Mapping[str, str]) -> list[str]:
    """The question and all it depends on that has a condition itself."""
    found: list[str] = []
    waiting = [question]
    while waiting:
        code = waiting.pop()
        if code in conditions and code not in found:
            found.append(code)
            waiting += [owner[name] for name in references(conditions[code]) if name in owner]
    return found


def _is_asked(
    question: str,
    runs: Mapping[str, Compiled],
    owner: Mapping[str, str],
    answers: Mapping[str, Value],
) -> bool:
    if question not in runs:
        return True

    def seen(name: str) -> Value:
        return answers[name] if _is_asked(owner[name], runs, owner, answers) else ""

    return truth(runs[question](seen, _ANY_TIME))


def _domains(node: Node, scope: Scope, row_of: str) -> Domains | None:
    """Field -> the values worth trying; None when they are too many or cannot be told."""
    if any(isinstance(each, Call) and each.name in _MOVING for each in walk(node)):
        return None
    uses = _uses(node)
    domains: Domains = {}
    trials = 1
    for code in sorted(references(node)):
        field = scope[code]
        values = _domain(field, uses.get(code)) if field.roster in ("", row_of) else None
        trials *= len(values) if values else _MOST_TRIALS + 1
        if values is None or trials > _MOST_TRIALS:
            return None
        domains[code] = values
    return domains


def _uses(node: Node) -> dict[str, list[Node] | None]:
    """Field -> the literals it is compared with; None when it is used in another way, too."""
    uses: dict[str, list[Node] | None] = {}
    for each in walk(node):
        pair = _with_literal(each)
        for child in children(each):
            if not isinstance(child, Ref):
                continue
            known = uses.setdefault(child.code, [])
            if pair is None or known is None:
                uses[child.code] = None
            else:
                known.append(pair[1])
    return uses


def _with_literal(node: Node) -> tuple[Ref, Node] | None:
    """The field and the literal of a comparison or of `selected()`."""
    if not (isinstance(node, Binary) and node.operator in COMPARISONS) and not (
        isinstance(node, Call) and node.name == "selected"
    ):
        return None
    left, right = children(node)
    if isinstance(left, Ref) and isinstance(right, String | Number):
        return left, right
    if isinstance(right, Ref) and isinstance(left, String | Number):
        return right, left
    return None


def _domain(field: Reference, literals: list[Node] | None) -> list[Value] | None:
    """The values worth trying, those that are named in the expression first."""
    if field.kind == "boolean":
        return [True, False, ""]
    if field.choices and field.kind in ("choice", "number"):
        return _choices(field, literals or [])
    if literals is None:
        return None
    match field.kind:
        case "number":
            return _numbers(literals)
        case "multiple":
            return _selections(field, literals)
        case "text" if all(isinstance(each, String) for each in literals):
            texts = {each.value for each in literals if isinstance(each, String)}
            return [*sorted(texts - {""}), "".join(texts) + "+", ""]
    return None


def _choices(field: Reference, literals: list[Node]) -> list[Value]:
    named = {each.value for each in literals if isinstance(each, String)}
    codes = sorted(field.choices, key=lambda code: (code not in named, code))
    if field.kind == "number":
        return [*(number(code) or ZERO for code in reversed(codes)), ""]
    return [*codes, ""]


def _numbers(literals: list[Node]) -> list[Value] | None:
    points: set[Decimal] = set()
    for each in literals:
        value = each.value if isinstance(each, Number) else None
        if isinstance(each, String):
            value = number(each.value)
            if value is None:
                continue
        if value is not None:
            points.add(value)
    ordered = sorted(points)
    between = [(a + b) / 2 for a, b in itertools.pairwise(ordered)]
    ends = [ordered[0] - ONE, ordered[-1] + ONE] if ordered else [ONE]
    return [*sorted({*ordered, *between, *ends, -ONE, ONE}, reverse=True), ""]


def _selections(field: Reference, literals: list[Node]) -> list[Value] | None:
    if not all(isinstance(each, String) for each in literals):
        return None
    codes = {each.value for each in literals if isinstance(each, String) and each.value}
    others = sorted(field.choices - codes)
    known = sorted(codes) + others[:1]
    return (
        [
            chosen or ""
            for size in range(len(known), -1, -1)
            for chosen in itertools.combinations(known, size)
        ]
        if len(known) <= 8
        else None
    )


def unguarded(node: Node, scope: Scope) -> Iterator[tuple[Ref, Node]]:
    """Each field and literal of a `!=` that is true also while the field is empty.

    A field that the expression compares with '' anywhere, or that stands beside it in an `and`
    under a condition an empty answer fails, is guarded.
    """
    guarded = {ref.code for ref, literal in _compared(node) if literal == String("")}
    yield from _unguarded(node, scope, frozenset(guarded))


def _compared(node: Node) -> Iterator[tuple[Ref, Node]]:
    for each in walk(node):
        pair = _with_literal(each)
        if pair:
            yield pair


def _unguarded(node: Node, scope: Scope, safe: frozenset[str]) -> Iterator[tuple[Ref, Node]]:
    unequal = _unequal(node)
    if unequal:
        field, _ = unequal
        kind = scope[field.code].kind
        if field.code not in safe and kind != "boolean":
            yield unequal
        return
    if isinstance(node, Logic) and node.operator == "and":
        safe = safe.union(*(_filled(each) for each in node.operands))
    for child in children(node):
        yield from _unguarded(child, scope, safe)


def _unequal(node: Node) -> tuple[Ref, Node] | None:
    """The operands of `${q} != 'x'` or `not(${q} = 'x')`."""
    wanted = "!="
    if isinstance(node, Call) and node.name == "not":
        node, wanted = node.arguments[0], "="
    if not isinstance(node, Binary) or node.operator != wanted:
        return None
    pair = _with_literal(node)
    return pair if pair and pair[1] != String("") else None


def _filled(node: Node) -> set[str]:
    """The fields that cannot be empty where this condition is true."""
    if isinstance(node, Binary) and node.operator in ORDER:
        return {each.code for each in children(node) if isinstance(each, Ref)}
    is_equal = isinstance(node, Binary) and node.operator == "="
    pair = _with_literal(node) if is_equal or isinstance(node, Call) else None
    return {pair[0].code} if pair else set()
