"""Answers in their canonical stored forms, whole and as the parts that merge by themselves.

An answer set is a mapping of question code -> `Answer`. Its parts are a flat mapping of `Part` ->
stored value, in which what has no value is absent: the form that is merged, kept as events and
compared. `parts_of` and `answers_of` go from one to the other and back without loss.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec

# str: choice code, decimal, ISO date, URL; list[str]: choice codes; dict: {"text", "lang"} or
# {"state"}; int: position of a row; True: a document is cited.
Stored: TypeAlias = Any

ROW: Final = "@row"  # the part that says a row is there; its value is the position, from 1
REASON: Final = "reason"
REMARK: Final = "remark"
VISIBILITY: Final = "visibility"  # "public" or "panel"; absent: as the question says
CITES: Final = "evidence:"  # + row id of a document: it is cited
EXPLAINS: Final = "explanation:"  # + code of a check: why a warning was kept


class NonAnswer(StrEnum):
    """Three ways of not answering, apart from any value (`domain.md` G5); none counts as zero."""

    NOT_APPLICABLE = "not_applicable"
    NOT_AVAILABLE = "not_available"
    WITHHELD = "withheld"


class Part(NamedTuple):
    """What merges by itself. `row` is "" outside rosters; `part` is a field code or a name above.

    The part that has the question's own code holds its primary value or its non-answer
    (`{"state": "withheld"}`): the two are one part, so that they can never both be true.
    """

    question: str
    row: str
    part: str


Parts: TypeAlias = Mapping[Part, Stored]


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of a roster: its id (the choice code of a fixed row), place from 1, and values."""

    id: str
    position: int
    fields: Mapping[str, Stored] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything said to one question. `fields`: field code -> stored value; absent: no value.

    `reason` and `remark` are texts `{"text", "lang"}`; `evidence` the row ids of cited documents;
    `explanations`: check code -> text.
    """

    fields: Mapping[str, Stored] = {}
    non_answer: NonAnswer | None = None
    reason: Stored | None = None
    remark: Stored | None = None
    visibility: str = ""
    evidence: tuple[str, ...] = ()
    explanations: Mapping[str, Stored] = {}
    rows: tuple[Row, ...] = ()


AnswerSet: TypeAlias = Mapping[str, Answer]
EMPTY: Final = Answer()


def parts_of(answers: AnswerSet) -> dict[Part, Stored]:
    """The parts of an answer set; what has no value has no part."""
    found: dict[Part, Stored] = {}
    for code, answer in answers.items():
        for part, value in _own_parts(code, answer):
            found[Part(code, "", part)] = value
        for row in answer.rows:
            found[Part(code, row.id, ROW)] = row.position
            for part, value in row.fields.items():
                found[Part(code, row.id, part)] = value
    return found


def _own_parts(code: str, answer: Answer) -> Iterable[tuple[str, Stored]]:
    yield from answer.fields.items()
    if answer.non_answer:
        yield code, {"state": answer.non_answer.value}
    if answer.reason:
        yield REASON, answer.reason
    if answer.remark:
        yield REMARK, answer.remark
    if answer.visibility:
        yield VISIBILITY, answer.visibility
    yield from ((CITES + document, True) for document in answer.evidence)
    yield from ((EXPLAINS + check, text) for check, text in answer.explanations.items())


def answers_of(parts: Parts) -> dict[str, Answer]:
    """The answer set made of these parts; values of a row that is gone are left out."""
    by_question: dict[str, dict[Part, Stored]] = {}
    for part, value in parts.items():
        by_question.setdefault(part.question, {})[part] = value
    return {code: answer_of(code, own) for code, own in by_question.items()}


def answer_of(code: str, parts: Parts) -> Answer:
    """The answer to one question, made of its parts (those of other questions left out before)."""
    own = {p.part: v for p, v in parts.items() if not p.row}
    main = own.get(code)
    state = main.get("state") if isinstance(main, dict) else None
    if state:
        del own[code]
    special = (REASON, REMARK, VISIBILITY)
    return Answer(
        fields={p: v for p, v in own.items() if p not in special and ":" not in p},
        non_answer=NonAnswer(state) if state else None,
        reason=own.get(REASON),
        remark=own.get(REMARK),
        visibility=own.get(VISIBILITY, ""),
        evidence=tuple(sorted(_after(CITES, own))),
        explanations=_after(EXPLAINS, own),
        rows=_rows(parts),
    )


def _after(prefix: str, own: Mapping[str, Stored]) -> dict[str, Stored]:
    return {p.removeprefix(prefix): v for p, v in own.items() if p.startswith(prefix)}


def _rows(parts: Parts) -> tuple[Row, ...]:
    fields: dict[str, dict[str, Stored]] = {}
    places: dict[str, int] = {}
    for part, value in parts.items():
        if part.part == ROW:
            places[part.row] = value
        elif part.row:
            fields.setdefault(part.row, {})[part.part] = value
    rows = (Row(id=i, position=place, fields=fields.get(i, {})) for i, place in places.items())
    return tuple(sorted(rows, key=lambda row: (row.position, row.id)))


def with_parts(answers: AnswerSet, changes: Mapping[Part, Stored | None]) -> dict[str, Answer]:
    """The answer set after these parts took these values; None takes a part away.

    Answers to questions that are not touched are the same objects.
    """
    touched = {part.question for part in changes}
    result = dict(answers)
    for code in touched:
        parts: dict[Part, Stored | None] = dict(parts_of({code: answers.get(code, EMPTY)}))
        parts.update((p, v) for p, v in changes.items() if p.question == code)
        result[code] = answer_of(code, {p: v for p, v in parts.items() if v is not None})
        if result[code] == EMPTY:
            del result[code]
    return result
