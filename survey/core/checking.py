"""What must hold before a questionnaire is published: every problem, each with its item.

Errors keep it from being published, warnings are shown (`field.md` 4.3 and 4.8, `domain.md` S1).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from survey.core.expressions.check import Reference, check, cycles
from survey.core.expressions.parse import ExpressionError, parse
from survey.core.expressions.reach import is_ever_asked
from survey.core.expressions.tree import references
from survey.core.instrument import Check, Choice, Field, Index, Instrument, Question
from survey.core.problems import Problem, Severity
from survey.core.program import is_of_rows, scope_of
from survey.core.wording import texts_of

_NCNAME: Final = re.compile(r"[^\W\d][\w.\-]*\Z")
_CHOICE: Final = re.compile(r"[\w.\-]+\Z")


def problems_of(instrument: Instrument) -> tuple[Problem, ...]:
    """Every problem of an instrument, in the order of its questions; none: it may be published.

    `where` is the code of the question, list or text concerned.
    """
    index = Index(instrument)
    found = [
        *_structure(instrument),
        *_codes(index),
        *_texts(instrument),
        *_labels(instrument),
        *_expressions(index),
    ]
    return tuple(found)


def _structure(instrument: Instrument) -> Iterator[Problem]:
    if not instrument.languages:
        yield Problem(code="no_language", where=instrument.code)
    if not instrument.sections:
        yield Problem(code="no_section", where=instrument.code)
    for section in instrument.sections:
        if not section.questions:
            yield Problem(code="empty_section", where=section.code)


def _codes(index: Index) -> Iterator[Problem]:
    sections = [section.code for section in index.instrument.sections]
    questions = [q.code for s in index.instrument.sections for q in s.questions]
    yield from _repeated(sections, "section_twice")
    yield from _repeated(questions, "question_twice")
    codes = [
        field.code
        for question in index.answerable.values()
        for field in (*question.fields, *question.columns)
        if field.code not in index.questions
    ]
    yield from _repeated([*index.questions, *codes], "code_twice")
    for code in (*index.questions, *codes):
        if not _NCNAME.match(code):
            yield Problem(code="code_malformed", where=code)
    for name, choices in index.instrument.lists.items():
        yield from _repeated((choice.code for choice in choices), "choice_twice", name)
        for choice in choices:
            if not _CHOICE.match(choice.code):
                yield Problem(code="choice_malformed", where=name, params={"choice": choice.code})


def _repeated(codes: Iterable[str], problem: str, where: str = "") -> Iterator[Problem]:
    """Codes are the same when only case or `-` and `_` tell them apart: names in workbooks and
    statistics programs do not keep more."""
    counted = Counter(code.lower().replace("-", "_") for code in codes)
    for code, times in counted.items():
        if times > 1:
            yield Problem(code=problem, where=where or code.upper(), params={"choice": code})


def _texts(instrument: Instrument) -> Iterator[Problem]:
    for code, part, text in texts_of(instrument):
        for language in instrument.languages:
            if not text.get(language, "").strip():
                params = {"part": part, "language": language}
                yield Problem(code="text_missing", where=code, params=params)
    for section in instrument.sections:
        for question in section.questions:
            if not question.stem:
                yield Problem(code="stem_missing", where=question.code)


def fold(label: str) -> str:
    """A label as it is compared: no case, no accents, single spaces (`design.md` 4)."""
    plain = unicodedata.normalize("NFKD", label)
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())


def _labels(instrument: Instrument) -> Iterator[Problem]:
    for name, choices in instrument.lists.items():
        yield from _equal_labels(name, choices)


def _equal_labels(name: str, choices: Iterable[Choice]) -> Iterator[Problem]:
    seen: dict[str, str] = {}  # folded label -> code of the choice that has it
    for choice in choices:
        for language, label in choice.label.items():
            other = seen.setdefault(fold(label), choice.code)
            if other != choice.code:
                params = {"language": language, "label": label, "choice": other}
                yield Problem(code="equal_labels", where=name, params=params)


# expressions


class _Source(msgspec.Struct, frozen=True):
    """An expression and where it stands: `part` relevant, calculation, evidence or check."""

    question: str
    code: str
    part: str
    text: str
    want: str = "boolean"
    row_of: str = ""


def _expressions(index: Index) -> Iterator[Problem]:
    scope = scope_of(index)
    order = {code: place for place, code in enumerate(index.questions)}
    # A field is read as empty while its question is not asked, so it reads that condition too.
    reads = {code: {index.question_of[code].code} - {code} for code in index.fields}
    for question in index.answerable.values():
        for source in _sources(question):
            problems, names = _look_at(source, scope)
            yield from problems
            yield from _forward(index, order, source, names)
            if source.part != "check":
                reads.setdefault(source.code, set()).update(names & reads.keys())
    circles = list(_cycles(index, reads))
    yield from circles or _unreachable(index, scope)


def _unreachable(index: Index, scope: Mapping[str, Reference]) -> Iterator[Problem]:
    """Questions that no answers make asked: their condition contradicts those it rests on."""
    conditions = {}
    for code, question in index.questions.items():
        try:
            conditions[code] = parse(question.relevant) if question.relevant else None
        except ExpressionError:  # told where the expression itself is looked at
            return
    sound = {
        code: node for code, node in conditions.items() if node and references(node) <= scope.keys()
    }
    owner = {code: question.code for code, question in index.question_of.items()}
    for code in sound:
        if not is_ever_asked(code, sound, owner, scope):
            yield Problem(code="never_asked", where=code)


def _sources(question: Question) -> Iterator[_Source]:
    code = question.code
    if question.relevant:
        yield _Source(code, code, "relevant", question.relevant)
    if question.evidence_when:
        yield _Source(code, code, "check", question.evidence_when)
    for field in question.fields:
        yield from _field_sources(question, field, "")
    for column in question.columns:
        yield from _field_sources(question, column, code)
    for each in question.checks:
        yield _Source(code, each.code, "check", each.when, row_of=_rows_of(question, each))


def _rows_of(question: Question, own: Check) -> str:
    try:
        return question.code if is_of_rows(question, own) else ""
    except ExpressionError:  # told where the expression itself is looked at
        return ""


def _field_sources(question: Question, field: Field, row_of: str) -> Iterator[_Source]:
    if field.relevant:
        yield _Source(question.code, field.code, "relevant", field.relevant, row_of=row_of)
    if field.calculation:
        text = field.calculation
        yield _Source(question.code, field.code, "calculation", text, "number", row_of)


def _look_at(
    source: _Source, scope: Mapping[str, Reference]
) -> tuple[list[Problem], frozenset[str]]:
    try:
        node = parse(source.text)
    except ExpressionError as error:
        return [_placed(error.problem, source)], frozenset()
    found = check(node, scope, row_of=source.row_of, want=source.want)
    return [_placed(problem, source) for problem in found], references(node)


def _placed(problem: Problem, source: _Source) -> Problem:
    params = {**problem.params, "part": source.part, "in": source.code}
    return msgspec.structs.replace(problem, where=source.question, params=params)


def _forward(
    index: Index, order: Mapping[str, int], source: _Source, names: frozenset[str]
) -> Iterator[Problem]:
    """A condition reads only what was asked before it; checks may read anything.

    `order`: question code -> its place in the questionnaire.
    """
    if source.part != "relevant" or source.question not in order:
        return
    here = order[source.question]
    for name in sorted(names):
        owner = index.question_of.get(name)
        if owner and order.get(owner.code, -1) > here:
            params = {"name": name, "in": source.code}
            yield Problem(code="forward_reference", where=source.question, params=params)


def _cycles(index: Index, reads: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Every question of a cycle is named, each in a problem of its own."""
    for cycle in cycles(reads):
        owners = [index.question_of[code].code for code in cycle]
        for owner in dict.fromkeys(owners):
            params = {"names": tuple(dict.fromkeys(owners))}
            yield Problem(code="cycle", where=owner, params=params)


def blocks(problems: Iterable[Problem]) -> bool:
    """Whether these problems keep a questionnaire from being published."""
    return any(problem.severity is Severity.ERROR for problem in problems)
