"""What is wrong with an expression before anybody answers: names, choices, kinds, traps."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from survey.core.expressions import dates
from survey.core.expressions.evaluate import compiled_pattern
from survey.core.expressions.functions import FUNCTIONS
from survey.core.expressions.kinds import Reference as Reference
from survey.core.expressions.kinds import Scope, kind_of
from survey.core.expressions.parse import nearest
from survey.core.expressions.reach import constant_parts, unguarded
from survey.core.expressions.tree import (
    COMPARISONS,
    ORDER,
    Binary,
    Call,
    Logic,
    Negative,
    Node,
    Number,
    Ref,
    String,
    children,
)
from survey.core.expressions.values import Kind, number, numeral
from survey.core.problems import Param, Problem, Severity

_RESULTS: Final[Mapping[str, frozenset[str]]] = {
    "boolean": frozenset({"boolean"}),
    "number": frozenset({"number", "empty"}),
    "text": frozenset({"text", "choice", "date", "empty"}),
    "choice": frozenset({"choice", "text", "empty"}),
    "multiple": frozenset({"multiple", "empty"}),
    "date": frozenset({"date", "empty"}),
}


def check(
    node: Node, scope: Scope, *, row_of: str = "", want: str = "boolean"
) -> tuple[Problem, ...]:
    """Everything wrong with an expression, in the order of its text; `where` is left to the caller.

    `scope` has every field it may name; `row_of` is the roster in whose rows it is evaluated;
    `want` is the kind its place asks for, "any" for none. Each problem has its `position`.
    """
    found = list(_Checker(scope, row_of).problems(node))
    kind = kind_of(node, scope, row_of)
    if want != "any" and not found and kind not in _RESULTS[want]:
        found.append(_wrong(node, kind, want, ""))
    if all(problem.severity is not Severity.ERROR for problem in found):
        found += _unguarded(node, scope)
        if want == "boolean":
            found += _constant(node, scope, row_of)
    return tuple(sorted(found, key=lambda problem: str(problem.params["position"]).zfill(5)))


def _problem(code: str, node: Node, severity: Severity, **params: Param) -> Problem:
    return Problem(code=code, params={"position": node.at, **params}, severity=severity)


def _error(code: str, node: Node, **params: Param) -> Problem:
    return _problem(code, node, Severity.ERROR, **params)


def _warning(code: str, node: Node, **params: Param) -> Problem:
    return _problem(code, node, Severity.WARNING, **params)


def _wrong(node: Node, found: str, wanted: str, by: str) -> Problem:
    """`by` is the operator or function that asks for another kind; empty: the whole expression."""
    field = node.code if isinstance(node, Ref) else ""
    return _error("expression_wrong_type", node, found=found, wanted=wanted, by=by, reference=field)


def _unguarded(node: Node, scope: Scope) -> Iterator[Problem]:
    for field, literal in unguarded(node, scope):
        yield _warning(
            "expression_unguarded_unequal", field, reference=field.code, choice=_plain(literal)
        )


def _constant(node: Node, scope: Scope, row_of: str) -> Iterator[Problem]:
    for part, always in constant_parts(node, scope, row_of):
        yield _warning("expression_always_true" if always else "expression_never_true", part)


def _plain(literal: Node) -> str:
    if isinstance(literal, String):
        return literal.value
    return numeral(literal.value) if isinstance(literal, Number) else ""


class _Checker:
    def __init__(self, scope: Scope, row_of: str) -> None:
        self.scope = scope
        self.row_of = row_of

    def kind(self, node: Node) -> Kind:
        return kind_of(node, self.scope, self.row_of)

    def problems(self, node: Node) -> Iterator[Problem]:
        if isinstance(node, Call):
            yield from self.call(node)
            return
        yield from self.own(node)
        for child in children(node):
            yield from self.problems(child)

    def own(self, node: Node) -> Iterator[Problem]:
        match node:
            case Ref():
                yield from self.reference(node)
            case String() if node.value.startswith("${") and node.value.endswith("}"):
                yield _warning("expression_quoted_reference", node, found=node.value)
            case Negative():
                yield from self.numbers(node, "-", (node.operand,))
            case Logic():
                for each in node.operands:
                    yield from self.wanted(each, "boolean", node.operator)
            case Binary():
                yield from self.binary(node)

    # Names

    def reference(self, node: Ref) -> Iterator[Problem]:
        found = self.scope.get(node.code)
        if found is None:
            near = nearest(node.code, self.scope)
            yield _error("expression_unknown_reference", node, reference=node.code, nearest=near)
        elif self.kind(node) == "column":
            yield _error(
                "expression_column_outside_row", node, reference=node.code, roster=found.roster
            )

    def column(self, node: Ref, by: str) -> Iterator[Problem]:
        """A bare field under an aggregate: a column seen from outside is what it is made for."""
        found = self.scope.get(node.code)
        if found is None:
            yield from self.reference(node)
        elif found.roster and found.roster == self.row_of:
            yield _error("expression_aggregate_in_row", node, reference=node.code, function=by)

    def choice(self, field: Node, literal: Node) -> Iterator[Problem]:
        found = self.scope.get(field.code) if isinstance(field, Ref) else None
        code = _plain(literal)
        if found and found.choices and code and code not in found.choices:
            yield _error(
                "expression_unknown_choice",
                literal,
                reference=field.code if isinstance(field, Ref) else "",
                choice=code,
                nearest=nearest(code, found.choices),
            )

    # Kinds

    def fits(self, node: Node, wanted: str) -> bool:
        kind = self.kind(node)
        match wanted:
            case "number":
                return kind in ("number", "boolean", "column") or self.is_numeric(node, kind)
            case "date":
                return kind == "date" or (isinstance(node, String) and dates.is_date(node.value))
            case "multiple":
                return kind in ("multiple", "choice", "column")
            case "boolean":
                return kind in ("boolean", "column")
        return True

    def is_numeric(self, node: Node, kind: Kind) -> bool:
        """Whether a text or choice can read as a number."""
        if isinstance(node, String):
            return number(node.value) is not None
        if kind != "choice":
            return False
        found = self.scope.get(node.code) if isinstance(node, Ref) else None
        codes = found.choices if found else frozenset()
        return not codes or any(number(code) is not None for code in codes)

    def wanted(self, node: Node, wanted: str, by: str) -> Iterator[Problem]:
        if not self.fits(node, wanted) and not self.is_unknown(node):
            yield _wrong(node, self.kind(node), wanted, by)

    def is_unknown(self, node: Node) -> bool:
        return isinstance(node, Ref) and node.code not in self.scope

    def numbers(self, node: Node, by: str, operands: tuple[Node, ...]) -> Iterator[Problem]:
        for each in operands:
            if not (by in ("+", "-") and self.kind(each) == "date"):
                yield from self.wanted(each, "number", by)

    # Operators

    def binary(self, node: Binary) -> Iterator[Problem]:
        sides = (node.left, node.right)
        if node.operator not in COMPARISONS:
            yield from self.numbers(node, node.operator, sides)
        elif node.operator in ORDER:
            yield from self.ordered(node)
        else:
            yield from self.equality(node)

    def ordered(self, node: Binary) -> Iterator[Problem]:
        dated = any(self.kind(side) == "date" for side in (node.left, node.right))
        for side in (node.left, node.right):
            yield from self.wanted(side, "date" if dated else "number", node.operator)

    def equality(self, node: Binary) -> Iterator[Problem]:
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(other, String | Number):
                yield from self.against_literal(node.operator, one, other)
        kinds = {self.kind(node.left), self.kind(node.right)}
        for wanted in ("date", "number", "boolean"):
            if wanted in kinds and "empty" not in kinds:
                for side in (node.left, node.right):
                    yield from self.wanted(side, wanted, node.operator)
                return

    def against_literal(self, by: str, field: Node, literal: Node) -> Iterator[Problem]:
        yield from self.choice(field, literal)
        if self.kind(field) == "multiple" and isinstance(field, Ref) and _plain(literal):
            yield _warning(
                "expression_multiple_equals",
                field,
                reference=field.code,
                choice=_plain(literal),
                operator=by,
            )

    # Functions

    def call(self, node: Call) -> Iterator[Problem]:
        function = FUNCTIONS[node.name]
        for place, each in enumerate(node.arguments):
            wanted = function.kind_of_argument(place)
            yield from self.wanted(each, wanted, node.name)
            if wanted == "values" and isinstance(each, Ref):
                yield from self.column(each, node.name)
            else:
                yield from self.problems(each)
        yield from _OWN_RULES.get(node.name, _Checker.no_rule)(self, node)

    def no_rule(self, node: Call) -> Iterator[Problem]:
        return iter(())

    def of_list(self, node: Call) -> Iterator[Problem]:
        yield from self.choice(node.arguments[0], node.arguments[1])

    def choice_name(self, node: Call) -> Iterator[Problem]:
        yield from self.choice(node.arguments[1], node.arguments[0])

    def pattern(self, node: Call) -> Iterator[Problem]:
        pattern = node.arguments[1]
        if not isinstance(pattern, String):
            yield _error("expression_pattern_not_literal", pattern)
        elif compiled_pattern(pattern.value) is None:
            yield _error("expression_pattern", pattern, pattern=pattern.value)

    def date_format(self, node: Call) -> Iterator[Problem]:
        pattern = node.arguments[1]
        if not isinstance(pattern, String):
            yield _error("expression_pattern_not_literal", pattern)
        elif not dates.is_format(pattern.value):
            yield _error("expression_date_format", pattern, pattern=pattern.value)

    def in_row(self, node: Call) -> Iterator[Problem]:
        if not self.row_of:
            yield _error("expression_position_outside_row", node)

    def indexed(self, node: Call) -> Iterator[Problem]:
        column, roster, _ = node.arguments
        found = self.scope.get(column.code) if isinstance(column, Ref) else None
        if found and isinstance(roster, String) and found.roster != roster.value:
            yield _error(
                "expression_not_of_roster",
                roster,
                reference=column.code if isinstance(column, Ref) else "",
                roster=roster.value,
                nearest=found.roster,
            )


_OWN_RULES: Final = {
    "selected": _Checker.of_list,
    "jr:choice-name": _Checker.choice_name,
    "regex": _Checker.pattern,
    "format-date": _Checker.date_format,
    "position": _Checker.in_row,
    "indexed-repeat": _Checker.indexed,
}


def cycles(dependencies: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """The groups of names that depend on each other in a circle, each with every name of it.

    `dependencies`: name -> the names it needs. Groups and names come in the order of the mapping;
    a name that needs itself is a group of one.
    """
    order = {name: place for place, name in enumerate(dependencies)}
    groups = (sorted(group, key=order.__getitem__) for group in _components(dependencies))
    rings = (tuple(g) for g in groups if len(g) > 1 or g[0] in dependencies[g[0]])
    return tuple(sorted(rings, key=lambda ring: order[ring[0]]))


def _components(dependencies: Mapping[str, Collection[str]]) -> Iterator[list[str]]:
    """The strongly connected components, without recursion: circles can be long (Kosaraju)."""
    backwards: dict[str, list[str]] = {name: [] for name in dependencies}
    for name, needs in dependencies.items():
        for need in needs:
            if need in dependencies:
                backwards[need].append(name)
    seen: set[str] = set()
    finished = [name for root in dependencies for name in _visited(root, dependencies, seen)]
    seen.clear()
    for root in reversed(finished):
        component = list(_visited(root, backwards, seen))
        if component:
            yield component


def _visited(root: str, graph: Mapping[str, Collection[str]], seen: set[str]) -> Iterator[str]:
    """What can be reached from `root` and was not seen before, each after what it leads to."""
    path: list[tuple[str, Iterator[str]]] = []
    if root not in seen:
        seen.add(root)
        path.append((root, iter(graph[root])))
    while path:
        name, others = path[-1]
        fresh = next((each for each in others if each in graph and each not in seen), None)
        if fresh is None:
            path.pop()
            yield name
        else:
            seen.add(fresh)
            path.append((fresh, iter(graph[fresh])))
