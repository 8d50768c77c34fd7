"""Fields and rosters as plain values for the components of forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import gettext as _

from survey.core import types
from survey.core.answers import Answer, Row, Stored
from survey.core.instrument import (
    CHOICE_KINDS,
    EVIDENCE,
    NUMBER_KINDS,
    TEXT_KINDS,
    Choice,
    Field,
    Question,
)
from survey.core.state import QuestionState, calculated
from survey.core.types.texts import LONG, SHORT, URL
from survey.database import new_id
from survey.responses.board import Board
from survey.web.reading import Reader

Shown = dict[str, Any]

_MOST_BUTTONS: Final = {"own": 12, "follow": 3}  # more choices than these stand in a list
_NUMBER: Final = f"{EVIDENCE}-number"
_CROWDED: Final = 5  # in a table of more columns than these, choices are narrow
_WIDTHS: Final = {"year": "w2", "date": "w3", "percent": "w2", "integer": "w3", "decimal": "w3"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every question of a page needs.

    `typed`: name -> texts that stay in their fields as they were typed, for they are not saved.
    `blank_rows`: codes of the rosters that show one more empty row.
    """

    reader: Reader
    board: Board
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    blank_rows: frozenset[str] = frozenset()

    def value(self, name: str, of: Field, stored: Stored | None) -> str | list[str]:
        """What a field shows: what was typed and could not be saved, else what is stored."""
        if name in self.typed:
            texts = [text for text in self.typed[name] if text]
            return texts if of.type == "select_multiple" else "".join(texts[-1:])
        if stored is None:
            return [] if of.type == "select_multiple" else ""
        return types.of(of).edit(of, stored, self.reader.locale)


def field_shown(sheet: Sheet, question: Question, of: Field, answer: Answer, error: str) -> Shown:
    """One field of a question, as the macro `field` of `responses/field.html` takes it."""
    stored = answer.fields.get(of.code)
    primary = of.code == question.code
    shown: Shown = {
        "name": of.code,
        "id": id_of(question, of.code),
        "kind": "text",
        "label": sheet.reader.marked(of.label or question.title),
        "label_hidden": primary,
        "hint": sheet.reader.marked(of.hint),
        "error": error,
        "value": sheet.value(of.code, of, stored),
        "lang": _text_language(sheet, stored),
        "primary": primary,
    }
    if of.type in CHOICE_KINDS:
        return shown | _choices(sheet, of, primary)
    if of.calculation:
        return shown | {"kind": "show", "value": _calculated(sheet, of, None)}
    return shown | _input(sheet, of)


def id_of(question: Question, name: str) -> str:
    """The id of an input: its name, unless that is the id of the question itself."""
    return f"{name}.value" if name == question.code else name


def _choices(sheet: Sheet, of: Field, primary: bool) -> Shown:
    choices = sheet.board.index.choices(of)
    say = sheet.reader.say
    if of.type == "maturity":
        levels = [{"value": c.code, "label": say(c.label), "text": say(c.text)} for c in choices]
        return {"kind": "ladder", "items": levels, "content_lang": sheet.reader.lang}
    most = _MOST_BUTTONS["own" if primary else "follow"]
    listed = of.type == "select_one" and (len(choices) > most or of.role == "number")
    return {
        "kind": "select" if listed else "choices",
        "items": _items(sheet, choices),
        "multiple": of.type == "select_multiple",
        "stacked": of.type == "select_multiple" and any(len(say(c.label)) > 60 for c in choices),
        "content_lang": sheet.reader.lang,
        "width": "w5" if listed else "",
    }


def _items(sheet: Sheet, choices: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(choice.code, sheet.reader.say(choice.label)) for choice in choices]


def _input(sheet: Sheet, of: Field) -> Shown:
    if of.type == "long_text":
        return {"kind": "textarea", "maxlength": LONG, "wide": True}
    if of.type == "short_text":
        return {"maxlength": SHORT, "wide": True}
    if of.type == "url":
        return {"maxlength": URL, "wide": True, "inputmode": "url", "placeholder": "https://"}
    unit = sheet.reader.marked(of.unit)
    if of.type in NUMBER_KINDS:
        return {
            "right": True,
            "inputmode": "numeric" if of.type == "integer" else "decimal",
            "suffix": "%" if of.type == "percent" and not unit else unit,
            "width": "w4" if of.type == "currency" else _WIDTHS[of.type],
        }
    if of.type == "date":
        hint = sheet.reader.marked(of.hint) or _("Day, month and year, or only what is known.")
        return {"width": "w3", "hint": hint, "placeholder": date_pattern(sheet.reader)}
    return {"width": "w2", "inputmode": "numeric"}


def date_pattern(reader: Reader) -> str:
    """How dates are typed at this page, with the letters of its language."""
    return str(_("mm/dd/yyyy") if reader.locale.month_first else _("dd/mm/yyyy"))


def _text_language(sheet: Sheet, stored: Stored | None) -> str:
    """The language of a text that is not in that of the page."""
    language = stored.get("lang", "") if isinstance(stored, dict) else ""
    return language if language != sheet.reader.page else ""


def _calculated(sheet: Sheet, of: Field, row: Row | None) -> str:
    found = calculated(sheet.board.state, of, row)
    if not found:
        return "–"
    return types.of(of).show(of, (), found, sheet.reader.locale)


# rosters


def roster_shown(
    sheet: Sheet,
    question: Question,
    answer: Answer,
    errors: Mapping[tuple[str, str], str],
    state: QuestionState,
) -> Shown:
    """The table of a question. `errors`: (row id, column code) -> its words."""
    fixed = sheet.board.index.fixed_rows(question)
    known = {row.id: row for row in answer.rows}
    if fixed:
        rows = [(c.code, known.get(c.code), sheet.reader.say(c.label)) for c in fixed]
    else:
        rows = [(row.id, row, "") for row in by_number(answer.rows)]
        rows += [(row_id, None, "") for row_id in _blank_rows(sheet, question, known)]
    columns = [_column(sheet, column, question) for column in question.shown_columns]
    return {
        "code": question.code,
        "caption": sheet.reader.say(question.title),
        "columns": columns,
        "rows": [_row(sheet, question, row_id, row, label, errors) for row_id, row, label in rows],
        "open": not fixed and state.is_asked,
        "first": sheet.reader.say(question.title),
        "lang": sheet.reader.lang,
        "example": _example(sheet, question),
    }


def _blank_rows(sheet: Sheet, question: Question, known: Mapping[str, Row]) -> list[str]:
    """Ids of empty rows: those whose typed cells could not be saved, else one to begin with."""
    columns = {column.code for column in question.columns}
    sent = dict.fromkeys(
        name.partition("/")[0] for name in sheet.typed if name.partition("/")[2] in columns
    )
    unsaved = [row_id for row_id in sent if row_id not in known]
    begins = not known or question.code in sheet.blank_rows
    return [*unsaved, *([new_id().hex] if begins and not unsaved else [])]


def _column(sheet: Sheet, column: Field, question: Question) -> Shown:
    shown: Shown = {
        "code": column.code,
        "label": _with_unit(sheet, column),
        "kind": _column_kind(column),
        "placeholder": date_pattern(sheet.reader) if column.type == "date" else "",
    }
    if column.type in CHOICE_KINDS:
        shown["items"] = _items(sheet, sheet.board.index.choices(column))
    is_crowded = len(question.shown_columns) > _CROWDED and shown["kind"] in ("select", "show")
    if column.type in ("year", "date", "integer", "percent") or is_crowded:
        shown["width"] = "s"
    return shown


def _with_unit(sheet: Sheet, column: Field) -> str:
    label, unit = sheet.reader.say(column.label), sheet.reader.say(column.unit)
    if column.type == "percent" and not unit:
        unit = "%"
    return f"{label} ({unit})" if unit else label


def _column_kind(column: Field) -> str:
    if column.type == "select_multiple":
        return "multiple"
    if column.type in CHOICE_KINDS:
        return "select"
    if column.calculation or column.code == _NUMBER:
        return "show"
    if column.type in NUMBER_KINDS:
        return "number"
    return "long" if column.type == "long_text" else "text"


def _row(
    sheet: Sheet,
    question: Question,
    row_id: str,
    row: Row | None,
    label: str,
    errors: Mapping[tuple[str, str], str],
) -> Shown:
    cells: dict[str, str | list[str]] = {}
    for column in question.shown_columns:
        if column.calculation:
            cells[column.code] = _calculated(sheet, column, row) if row else ""
        else:
            stored = row.fields.get(column.code) if row else None
            cells[column.code] = sheet.value(f"{row_id}/{column.code}", column, stored)
    found = {column: words for (row_code, column), words in errors.items() if row_code == row_id}
    return {"id": row_id, "label": label, "cells": cells, "errors": found}


def _example(sheet: Sheet, question: Question) -> str:
    """One filled row, told in a line as a guide; "" when there is none."""
    example = question.roster.example if question.roster else {}
    say = sheet.reader.say
    told = (
        f"{say(column.label)}: {say(example[column.code])}"
        for column in question.columns
        if column.code in example
    )
    return "; ".join(told)


def by_number(rows: Sequence[Row]) -> list[Row]:
    """The rows of the list of documents by number; those of other rosters as they are."""
    return sorted(rows, key=lambda row: int(row.fields.get(_NUMBER) or 0))


def text_of(stored: Stored | None) -> str:
    """The words of a stored text, "" for none."""
    return str(stored["text"]) if isinstance(stored, dict) and "text" in stored else ""


def part_shown(sheet: Sheet, of: Field, stored: Stored | None) -> str:
    """A stored value as people read it, "" for nothing."""
    if stored is None:
        return ""
    if of.type in TEXT_KINDS:
        return text_of(stored)
    return types.of(of).show(of, sheet.board.index.choices(of), stored, sheet.reader.locale)
