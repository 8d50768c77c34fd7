"""What stands where in an answer workbook: the one source of the writing and the reading side.

A workbook is a tuple of sheets, a sheet a tuple of rows, and the place of a row in it is its row
in the spreadsheet (from 1). Every row has a code that is unique in its sheet and stands in the
hidden column A; a cell that people fill holds one part of an answer, or one of the special cells
below. Nothing here knows a language, a format or a file.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal

import msgspec

from survey.core.answers import REASON, REMARK, AnswerSet, Part
from survey.core.instrument import EVIDENCE, Choice, Field, Index, Question, Section, Text, say
from survey.workbooks.grid import (
    ANSWER,
    ASKED,
    BLANK_ROWS,
    BOX_ROWS,
    CALC,
    CITED,
    CODE,
    EVIDENCE_NUMBER,
    EXAMPLE,
    EXPECTED,
    FORMAT,
    LABEL,
    LISTS,
    NON_ANSWER,
    NOTE,
    NUMBER,
    RONDA,
    STATE,
    TABLE,
    WHY,
    Cell,
    CitesOf,
    Column,
    Mark,
    NonAnswerOf,
    SectionNotApplicable,
    SectionReason,
    Sheet,
    SheetKind,
    SheetRow,
    column_letter,
)
from survey.workbooks.names import Names

__all__ = [
    "ANSWER",
    "ASKED",
    "BLANK_ROWS",
    "BOX_ROWS",
    "CALC",
    "CITED",
    "CODE",
    "EVIDENCE_NUMBER",
    "EXAMPLE",
    "EXPECTED",
    "FORMAT",
    "LABEL",
    "LISTS",
    "NON_ANSWER",
    "NOTE",
    "NUMBER",
    "RONDA",
    "STATE",
    "TABLE",
    "WHY",
    "Cell",
    "CitesOf",
    "Column",
    "Mark",
    "NonAnswerOf",
    "SectionNotApplicable",
    "SectionReason",
    "Sheet",
    "SheetKind",
    "SheetRow",
    "choice_text",
    "column_letter",
    "columns_of",
    "evidence_numbers",
    "in_one_cell",
    "is_written",
    "roster_columns",
    "row_id",
    "sheets",
    "stands_in_section",
]


def sheets(
    index: Index,
    sections: Sequence[str],
    answers: AnswerSet,
    language: str = "",
    token: str = "",
) -> tuple[Sheet, ...]:
    """The sheets people fill: sections in the order of the questionnaire, each with its rosters
    behind it, the list of documents last.

    `answers` decide the rows of open rosters, `language` the names of sheets, `token` the ids of
    blank rows; with the same arguments the result is the same.
    """
    chosen = [s for s in index.instrument.sections if s.code in set(sections)]
    names = Names(language or index.instrument.languages[0], chosen)
    found: list[Sheet] = []
    for section in chosen:
        rows = tuple(_section_rows(index, section))
        name = names.of_section(section)
        found.append(
            Sheet(kind="section", code=section.code, name=name, section=section.code, rows=rows)
        )
        for question in section.questions:
            if question.roster and not stands_in_section(index, question):
                found.append(_roster(index, question, section.code, answers, names, token))
    found.append(_roster(index, index.instrument.evidence, "", answers, names, token))
    return tuple(found)


def row_id(token: str, question: str, ordinal: int | str) -> str:
    """The id of a row that has none yet; the same in every reading of the same file."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"ronda:{token}:{question}:{ordinal}"))


def evidence_numbers(answers: AnswerSet) -> dict[str, int]:
    """Row id of a document -> the number it is cited by, in the order of the list.

    A document keeps the number it was given; one without, or with a number that is taken, gets
    the lowest that is free.
    """
    rows = answers[EVIDENCE].rows if EVIDENCE in answers else ()
    given: dict[int, str] = {}
    for row in rows:
        number = str(row.fields.get(EVIDENCE_NUMBER, ""))
        if re.fullmatch(r"[1-9][0-9]{0,5}", number):
            given.setdefault(int(number), row.id)
    kept = {row: number for number, row in given.items()}
    free = (n for n in range(1, len(rows) + len(given) + 1) if n not in given)
    return {row.id: kept[row.id] if row.id in kept else next(free) for row in rows}


def is_written(part: Part, answers: AnswerSet, asked: Mapping[str, bool]) -> bool:
    """Whether the stored value of a part stands in its cell; otherwise the cell is blank.

    What is not asked is written empty (`asked`: question or field code -> is it), and so are the
    values behind a non-answer.
    """
    if not asked[part.question] or part.part not in asked:
        return asked[part.question]
    answer = answers.get(part.question)
    has_value = answer is None or answer.non_answer is None
    return asked[part.part] and (has_value or (not part.row and part.part == part.question))


def choice_text(field: Field, choice: Choice, language: str) -> str:
    """A choice as the cell shows it: its label; a level of a scale with its digit before it."""
    label = " ".join(say(choice.label, language).split()) or choice.code
    return f"{choice.code} · {label}" if field.type == "maturity" else label


def columns_of(index: Index, question: Question) -> tuple[Field, ...]:
    """The columns of a roster that people fill: those that are not calculated."""
    return tuple(c for c in question.columns if c.type != "calculation")


def stands_in_section(index: Index, question: Question) -> bool:
    """Whether a roster is a table in its section: fixed rows and at most six plain columns."""
    columns = columns_of(index, question)
    return bool(
        question.roster
        and question.roster.rows
        and len(columns) <= len(TABLE)
        and all(c.type not in ("select_multiple", "long_text") for c in columns)
    )


# ---- sections


def _section_rows(index: Index, section: Section) -> Iterator[SheetRow]:
    code = section.code
    yield SheetRow(code=f"{code}:title", kind="title", label=section.title)
    yield SheetRow(code=f"{code}:header", kind="header")
    if section.introduction:
        yield SheetRow(code=f"{code}:introduction", kind="introduction", label=section.introduction)
    if section.who:
        yield SheetRow(code=f"{code}:who", kind="who", label=section.who)
    if section.documents:
        yield SheetRow(code=f"{code}:documents", kind="documents", label=section.documents)
    yield SheetRow(
        code=f"{code}:section",
        kind="section",
        cells={ANSWER: SectionNotApplicable(code), WHY: SectionReason(code)},
    )
    for question in section.questions:
        yield from _question_rows(index, question)


def _question_rows(index: Index, question: Question) -> Iterator[SheetRow]:
    rows = [_stem(question)]
    if _needs_words(question):
        rows.append(_aside(question, "help", question.help))
    for field in question.fields:
        rows.extend(_field_rows(index, question, field))
    if stands_in_section(index, question):
        rows.extend(_table_rows(index, question))
    rows.append(_aside(question, "end", {}))
    yield from _with_own_codes(rows)


def _needs_words(question: Question) -> bool:
    hint = question.primary.hint if question.primary else {}
    said = question.help or question.relevant or question.evidence_ask or question.example
    return bool(said or hint)


def _with_own_codes(rows: Sequence[SheetRow]) -> Iterator[SheetRow]:
    """Rows that hold no answer give way when a choice is called `help` or `end`."""
    taken = {row.code for row in rows if row.cells}
    for row in rows:
        if row.cells or row.code not in taken:
            yield row
        else:
            yield msgspec.structs.replace(row, code=row.code.replace(":", "::", 1))


def _stem(question: Question) -> SheetRow:
    code = question.code
    cells: dict[str, Cell] = {
        NON_ANSWER: NonAnswerOf(code),
        WHY: Part(code, "", REASON),
        NOTE: Part(code, "", REMARK),
        CITED: CitesOf(code),
    }
    primary = question.primary
    if primary and in_one_cell(primary):
        cells[ANSWER] = Part(code, "", code)
    return SheetRow(
        code=code,
        kind="stem",
        question=code,
        field=code if primary else "",
        label=question.stem,
        cells=cells,
    )


def in_one_cell(field: Field) -> bool:
    """Whether a field is answered in one cell of the answer column."""
    return field.type not in ("select_multiple", "long_text", "calculation")


def _aside(question: Question, kind: Literal["help", "end", "head"], label: Text) -> SheetRow:
    return SheetRow(code=f"{question.code}:{kind}", kind=kind, question=question.code, label=label)


def _field_rows(index: Index, question: Question, field: Field) -> Iterator[SheetRow]:
    part = Part(question.code, "", field.code)
    if field.type == "calculation":
        return
    if field.code != question.code:
        yield SheetRow(
            code=field.code,
            kind="field",
            question=question.code,
            field=field.code,
            label=field.label,
            cells={ANSWER: part} if in_one_cell(field) else {},
        )
    if field.type == "select_multiple":
        yield from (_option(part, choice) for choice in index.choices(field))
    if field.type == "maturity":
        yield from _levels(part, index.choices(field))
    if field.type == "long_text":
        yield from _box(part)


def _option(part: Part, choice: Choice) -> SheetRow:
    return SheetRow(
        code=f"{part.part}:{choice.code}",
        kind="option",
        question=part.question,
        field=part.part,
        choice=choice.code,
        label=choice.label,
        cells={ANSWER: Mark(part, choice.code)},
    )


def _levels(part: Part, choices: Iterable[Choice]) -> Iterator[SheetRow]:
    for choice in choices:
        yield SheetRow(
            code=f"{part.part}:level{choice.code}",
            kind="level",
            question=part.question,
            field=part.part,
            choice=choice.code,
            label=choice.text,
        )


def _box(part: Part) -> Iterator[SheetRow]:
    for number in range(1, BOX_ROWS + 1):
        yield SheetRow(
            code=f"{part.part}:text{number if number > 1 else ''}",
            kind="box",
            question=part.question,
            field=part.part,
            cells={LABEL: part} if number == 1 else {},
        )


def _table_rows(index: Index, question: Question) -> Iterator[SheetRow]:
    yield _aside(question, "head", {})
    columns = tuple(zip(TABLE, columns_of(index, question), strict=False))
    for row in index.fixed_rows(question):
        yield SheetRow(
            code=f"{question.code}:{row.code}",
            kind="line",
            question=question.code,
            choice=row.code,
            label=row.label,
            cells={at: Part(question.code, row.code, column.code) for at, column in columns},
        )


# ---- rosters on sheets of their own

FIRST_COLUMN: Final = 2  # C: column A has the id, B the number or the label of the row


def _roster(
    index: Index,
    question: Question,
    section: str,
    answers: AnswerSet,
    names: "Names",
    token: str,
) -> Sheet:
    is_evidence = question.code == EVIDENCE
    return Sheet(
        kind="evidence" if is_evidence else "roster",
        code=question.code,
        name=names.of_question(question),
        section=section,
        rows=tuple(_roster_rows(index, question, answers, token)),
    )


def _roster_rows(
    index: Index, question: Question, answers: AnswerSet, token: str
) -> Iterator[SheetRow]:
    code = question.code
    columns = roster_columns(index, question)
    yield SheetRow(code=f"{code}:title", kind="title", question=code, label=question.title)
    yield SheetRow(code=f"{code}:note", kind="note", question=code, label=question.help)
    yield SheetRow(code=f"{code}:columns", kind="columns", question=code, cells=columns)
    yield SheetRow(code=f"{code}:header", kind="header", question=code)
    if question.roster and question.roster.example and not question.roster.rows:
        yield SheetRow(code=EXAMPLE, kind="example", question=code)
    for row, label in _rows_of(index, question, answers, token):
        cells = {at: _roster_cell(code, row, column) for at, column in columns.items()}
        yield SheetRow(code=row, kind="row", question=code, label=label, cells=cells)


def roster_columns(index: Index, question: Question) -> dict[str, Column]:
    """Column letter -> column of a roster on its own sheet; the number of a document is in B."""
    columns = columns_of(index, question)
    found: dict[str, Column] = {}
    place = FIRST_COLUMN
    for field in columns:
        if field.code == EVIDENCE_NUMBER:
            found["B"] = Column(field.code)
            continue
        choices = index.choices(field) if field.type == "select_multiple" else ()
        for column in [Column(field.code, c.code) for c in choices] or [Column(field.code)]:
            found[column_letter(place)] = column
            place += 1
    return found


def _roster_cell(question: str, row: str, column: Column) -> Part | Mark:
    part = Part(question, row, column.field)
    return Mark(part, column.choice) if column.choice else part


def _rows_of(
    index: Index, question: Question, answers: AnswerSet, token: str
) -> Iterator[tuple[str, Text]]:
    if question.roster and question.roster.rows:
        yield from ((row.code, row.label) for row in index.fixed_rows(question))
        return
    there = answers[question.code].rows if question.code in answers else ()
    yield from ((row.id, {}) for row in there)
    most = question.roster.most if question.roster else 0
    for ordinal in range(1, max(0, min(BLANK_ROWS, most - len(there))) + 1):
        yield row_id(token, question.code, ordinal), {}
