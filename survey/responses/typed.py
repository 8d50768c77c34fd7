"""What a form of answers says: names and texts become parts in their stored forms.

A name that is not in the form was not on the page and says nothing; a text that cannot be read is
a problem and leaves its part as it is. Names are those of `web/templates/components/README.md`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from survey.core import types
from survey.core.answers import (
    CITES,
    EMPTY,
    EXPLAINS,
    REASON,
    REMARK,
    ROW,
    VISIBILITY,
    Answer,
    NonAnswer,
    Part,
    Stored,
)
from survey.core.instrument import EVIDENCE, Field, Index, Question
from survey.core.problems import Problem
from survey.core.types import Locale

Form = Mapping[str, Sequence[str]]  # name -> every value sent under it
_ROW_ID: Final = re.compile(r"[0-9a-f]{32}\Z")
_VISIBILITIES: Final = ("public", "panel")
_DOCUMENT_COLUMNS: Final = ("title", "entity", "date", "language", "page", "link", "public")


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """`parts`: what each part on the page should be, None for nothing; `problems`: what could not
    be read, each with the name of its input in `where` (and `row`)."""

    parts: dict[Part, Stored | None]
    problems: tuple[Problem, ...]


def read_question(
    index: Index, question: Question, form: Form, base: Answer, locale: Locale
) -> Typed:
    """What the form says to one question, given the answer its page was made from."""
    reader = _Reader(index, question, form, base, locale)
    reader.read()
    return Typed(parts=reader.parts, problems=tuple(reader.problems))


def is_on(form: Form, code: str) -> bool:
    """Whether the page of this form had the question on it."""
    return f"{code}.seq" in form


class _Reader:
    def __init__(
        self, index: Index, question: Question, form: Form, base: Answer, locale: Locale
    ) -> None:
        self.index = index
        self.question = question
        self.form = form
        self.base = base
        self.locale = locale
        self.parts: dict[Part, Stored | None] = {}
        self.problems: list[Problem] = []

    def read(self) -> None:
        code = self.question.code
        for field in self.question.fields:
            self._take(field, field.code, "", self.base.fields.get(field.code))
        self._rows()
        self._state()
        self._text(REASON, f"{code}.reason", self.base.reason)
        self._text(REMARK, f"{code}.remark", self.base.remark)
        for check in self.question.explainable:
            known = self.base.explanations.get(check)
            self._text(EXPLAINS + check, f"{check}.explanation", known)
        self._visibility()
        self._evidence()

    def _put(self, part: str, value: Stored | None, row: str = "") -> None:
        self.parts[Part(self.question.code, row, part)] = value

    def _take(self, field: Field, name: str, row: str, known: Stored | None) -> None:
        if name not in self.form or field.calculation:
            return
        typed = [text for text in self.form[name] if text.strip()]
        kind = types.of(field)
        multiple = field.type == "select_multiple"
        given = typed if multiple else (typed[-1] if typed else "")
        value = kind.parse(field, self.index.choices(field), given, self.locale)
        if isinstance(value, Problem):
            self.problems.append(msgspec.structs.replace(value, where=field.code, row=row))
        else:
            self._put(field.code, _same_text(known, value), row)

    def _state(self) -> None:
        """A non-answer and a value are one part: what the person changed on the page counts."""
        code = self.question.code
        if f"{code}.state" not in self.form:
            return
        chosen = self.form[f"{code}.state"][-1]
        before = self.base.non_answer.value if self.base.non_answer else ""
        if chosen not in ("", *NonAnswer):
            self.problems.append(Problem(code="unknown_choice", where=f"{code}.state"))
        elif chosen and (chosen != before or not self._has_new_value()):
            self._put(code, {"state": chosen})
        elif before and self.question.primary is None:
            self._put(code, None)

    def _has_new_value(self) -> bool:
        known = {(p, ""): v for p, v in self.base.fields.items()}
        for row in self.base.rows:
            known.update({(p, row.id): v for p, v in row.fields.items()})
        return any(
            value is not None
            and part.part in self.index.fields
            and value != known.get((part.part, part.row))
            for part, value in self.parts.items()
        )

    def _text(self, part: str, name: str, known: Stored | None) -> None:
        if name not in self.form:
            return
        field = Field(code=name, type="long_text")
        value = types.of(field).parse(field, (), self.form[name][-1], self.locale)
        if isinstance(value, Problem):
            self.problems.append(value)
        else:
            self._put(part, _same_text(known, value))

    def _visibility(self) -> None:
        given = self.form.get(f"{self.question.code}.visibility")
        if given is None:
            return
        if given[-1] not in ("", *_VISIBILITIES):
            where = f"{self.question.code}.visibility"
            self.problems.append(Problem(code="unknown_choice", where=where))
        else:
            self._put(VISIBILITY, given[-1] or None)

    def _evidence(self) -> None:
        given = self.form.get(f"{self.question.code}.evidence")
        if given is None:
            return
        for document in {*self.base.evidence, *filter(_ROW_ID.match, given)}:
            self._put(CITES + document, True if document in given else None)

    # rows of a roster

    def _rows(self) -> None:
        if not self.question.roster:
            return
        known = {row.id: row for row in self.base.rows}
        fixed = [choice.code for choice in self.index.fixed_rows(self.question)]
        position = max((row.position for row in self.base.rows), default=0)
        for row_id in self._row_ids(fixed, known):
            row = known.get(row_id)
            fields = row.fields if row else {}
            for column in self.question.columns:
                name = f"{row_id}/{column.code}"
                self._take(column, name, row_id, fields.get(column.code))
            if row is None and self._is_filled(row_id):
                position += 1
                self._put(ROW, fixed.index(row_id) + 1 if fixed else position, row_id)

    def _row_ids(self, fixed: Sequence[str], known: Iterable[str]) -> Iterator[str]:
        codes = {column.code for column in self.question.columns}
        sent = dict.fromkeys(
            name.partition("/")[0] for name in self.form if name.partition("/")[2] in codes
        )
        for row_id in sent:
            if row_id in fixed or row_id in known or (not fixed and _ROW_ID.match(row_id)):
                yield row_id
            else:
                self.problems.append(Problem(code="unknown_row", where=self.question.code))

    def _is_filled(self, row_id: str) -> bool:
        own = [part for part in self.parts if part.row == row_id]
        if any(self.parts[part] is not None for part in own):
            return True
        for part in own:
            del self.parts[part]
        return False


def _same_text(known: Stored | None, value: Stored | None) -> Stored | None:
    """The same words keep the language they were written in."""
    if isinstance(known, dict) and isinstance(value, dict) and known.get("text") == value["text"]:
        return known
    return value


def removed_row(code: str, answer: Answer, row_id: str) -> dict[Part, Stored | None]:
    """The parts that take a row of a roster away, its values with it."""
    return {
        Part(code, row.id, part): None
        for row in answer.rows
        if row.id == row_id
        for part in (ROW, *row.fields)
    }


def cleared(question: Question, answer: Answer) -> dict[Part, Stored | None]:
    """The parts that take back what was answered; remark, evidence and visibility stay."""
    own: dict[Part, Stored | None] = {
        Part(question.code, "", part): None for part in (question.code, REASON, *answer.fields)
    }
    for row in answer.rows:
        own.update(removed_row(question.code, answer, row.id))
    return own


def beside(question: Question, said: Typed) -> Typed:
    """What was said beside the answer alone: remark, evidence, visibility, explanations."""
    fields = {field.code for field in (*question.fields, *question.columns)}
    of_answer = {*fields, question.code, REASON, ROW}
    names = {*fields, f"{question.code}.state", f"{question.code}.reason"}
    return Typed(
        parts={part: value for part, value in said.parts.items() if part.part not in of_answer},
        problems=tuple(problem for problem in said.problems if problem.where not in names),
    )


def new_document(
    index: Index, code: str, form: Form, documents: Answer, row_id: str, locale: Locale
) -> Typed:
    """A document typed beside a question (`<code>.new.title` ...), listed and cited there.

    Nothing typed in title and link: no document.
    """
    names = {column: f"{code}.new.{column}" for column in _DOCUMENT_COLUMNS}
    given = {c: form[name] for c, name in names.items() if "".join(form.get(name, ())).strip()}
    if not {"title", "link"} & given.keys():
        return Typed(parts={}, problems=())
    cells = {f"{row_id}/{EVIDENCE}-{column}": texts for column, texts in given.items()}
    question = index.answerable[EVIDENCE]
    typed = read_question(index, question, cells, documents or EMPTY, locale)
    number = next_number(documents)
    parts = typed.parts | {
        Part(EVIDENCE, row_id, f"{EVIDENCE}-number"): str(number),
        Part(code, "", CITES + row_id): True,
    }
    problems = tuple(
        msgspec.structs.replace(
            p, where=f"{code}.new.{p.where.removeprefix(EVIDENCE + '-')}", row=""
        )
        for p in typed.problems
    )
    return Typed(parts={} if problems else parts, problems=problems)


def _column(code: str) -> str:
    return code.removeprefix(f"{EVIDENCE}-")


def next_number(documents: Answer) -> int:
    """The number of the next document; a number is never given twice."""
    used = [int(row.fields.get(f"{EVIDENCE}-number") or 0) for row in documents.rows]
    return max(used, default=0) + 1
