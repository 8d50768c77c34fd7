"""An instrument made ready to run: every expression compiled once, with what depends on what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Literal, TypeAlias

import msgspec

from survey.core.expressions.evaluate import compile_expression
from survey.core.expressions.kinds import AGGREGATES, Reference
from survey.core.expressions.parse import parse
from survey.core.expressions.tree import Call, Node, Ref, children, references
from survey.core.expressions.values import Compiled
from survey.core.instrument import (
    CHOICE_KINDS,
    NUMBER_KINDS,
    Check,
    Field,
    Index,
    Instrument,
    Names,
    Question,
    decode,
)
from survey.core.naming import in_words_of

_Named: TypeAlias = Literal["number", "text", "choice", "multiple", "date", "boolean"]
_KIND_OF: Final[Mapping[str, _Named]] = {
    **dict.fromkeys(CHOICE_KINDS, "choice"),
    **dict.fromkeys(NUMBER_KINDS, "number"),
    "select_multiple": "multiple",
    "maturity": "number",
    "year": "number",
    "calculation": "number",
    "date": "date",
}


def scope_of(index: Index) -> dict[str, Reference]:
    """What expressions may refer to: field or column code -> kind, choices and roster."""
    scope = {}
    for question in index.answerable.values():
        for field in question.fields:
            scope[field.code] = _reference(index, field, "")
        for column in question.columns:
            scope[column.code] = _reference(index, column, question.code)
    return scope


def _reference(index: Index, field: Field, roster: str) -> Reference:
    choices = frozenset(choice.code for choice in index.choices(field))
    return Reference(kind=_KIND_OF.get(field.type, "text"), choices=choices, roster=roster)


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression of a question: its tree and what evaluates it. `row_of`: of a row of that."""

    node: Node
    run: Compiled
    row_of: str


class Program:
    """The expressions of an instrument, compiled.

    Raises (on first use of a part): `ExpressionError`, which publishing excludes.
    """

    def __init__(self, instrument: Instrument) -> None:
        self.index = Index(instrument)
        self.scope: Mapping[str, Reference] = scope_of(self.index)
        self.relevant: dict[str, Expression] = {}  # question or field code -> condition
        self.calculation: dict[str, Expression] = {}  # field code -> calculation
        self.checks: dict[str, tuple[tuple[Check, Expression], ...]] = {}  # question code ->
        self.evidence_when: dict[str, Expression] = {}  # question code -> condition
        for question in self.index.answerable.values():
            self._take(question)

    def _take(self, question: Question) -> None:
        if question.relevant:
            self.relevant[question.code] = self._compiled(question.relevant)
        for field, row_of in _fields(question):
            if field.relevant:
                self.relevant[field.code] = self._compiled(field.relevant, row_of)
            if field.calculation:
                self.calculation[field.code] = self._compiled(field.calculation, row_of)
        self.checks[question.code] = tuple(
            (check, self._check(question, check)) for check in question.checks
        )
        if question.evidence_when:
            self.evidence_when[question.code] = self._compiled(question.evidence_when)

    def _compiled(self, source: str, row_of: str = "") -> Expression:
        node = parse(source)
        return Expression(node, compile_expression(node, self.scope, row_of=row_of), row_of)

    def _check(self, question: Question, check: Check) -> Expression:
        row_of = question.code if is_of_rows(question, check) else ""
        return self._compiled(check.when, row_of)

    def condition(self, code: str) -> Node | None:
        """The tree of what makes a question or field asked; None: always, once its question is."""
        return self.relevant[code].node if code in self.relevant else None

    @cached_property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """Question code -> the questions its state reads, itself left out."""
        return {
            code: frozenset(self._read_by(question)) - {code}
            for code, question in self.index.answerable.items()
        }

    def _read_by(self, question: Question) -> Iterator[str]:
        for expression in self._expressions(question):
            for name in references(expression.node):
                yield self.index.question_of[name].code

    def _expressions(self, question: Question) -> Iterator[Expression]:
        codes = [question.code, *(field.code for field, _ in _fields(question))]
        for table in (self.relevant, self.calculation):
            yield from (table[code] for code in codes if code in table)
        yield from (expression for _, expression in self.checks[question.code])
        if question.code in self.evidence_when:
            yield self.evidence_when[question.code]

    @cached_property
    def dependants(self) -> Mapping[str, frozenset[str]]:
        """Question code -> every question whose state an answer to it can change, itself too."""
        readers: dict[str, set[str]] = {code: set() for code in self.index.answerable}
        for code, read in self.reads.items():
            for source in read:
                readers[source].add(code)
        return {code: _reached(code, readers) for code in readers}


def _fields(question: Question) -> Iterator[tuple[Field, str]]:
    yield from ((field, "") for field in question.fields)
    yield from ((column, question.code) for column in question.columns)


def _reached(start: str, readers: Mapping[str, Iterable[str]]) -> frozenset[str]:
    found = {start}
    waiting = [start]
    while waiting:
        for code in readers[waiting.pop()]:
            if code not in found:
                found.add(code)
                waiting.append(code)
    return frozenset(found)


def is_of_rows(question: Question, check: Check) -> bool:
    """Whether a check is looked at row by row: it names a column of its own roster bare.

    Otherwise it is about the table as a whole and reads columns through aggregates only.
    """
    if not question.roster:
        return False
    columns = {column.code for column in question.columns}
    return not columns.isdisjoint(_bare(parse(check.when)))


def _bare(node: Node) -> Iterator[str]:
    """The references of a tree that stand under no aggregate (`sum`, `count` ...)."""
    if isinstance(node, Ref):
        yield node.code
    elif not (isinstance(node, Call) and node.name in AGGREGATES):
        for child in children(node):
            yield from _bare(child)


@lru_cache(maxsize=64)
def program_of(document: bytes, names: str = "{}") -> Program:
    """The program of a stored document, kept per process: the same bytes, the same object.

    `names`: the JSON of a country's own names (`Names`); its texts name institutions by them.
    """
    own = msgspec.json.decode(names, type=Names)
    return Program(in_words_of(decode(document), own))
