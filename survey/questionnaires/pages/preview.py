"""A section as its respondents will see it, with conditions tried out on what is typed there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey.banks.conditions import condition_words
from survey.core import types
from survey.core.answers import Answer, Stored
from survey.core.expressions.parse import ExpressionError
from survey.core.expressions.tree import references
from survey.core.instrument import (
    CHOICE_KINDS,
    NUMBER_KINDS,
    Field,
    Index,
    Instrument,
    Question,
    Section,
    say,
)
from survey.core.problems import Problem
from survey.core.program import Program
from survey.core.state import State, state_of
from survey.web.reading import Reader

Shown = dict[str, Any]
Form = MultiDict[str, str]

_MOST_BUTTONS: Final = {"own": 12, "follow": 3}  # more choices than these stand in a list
_FOLLOW: Final = frozenset({"progress", "no", "other"})
_WIDTHS: Final = {"year": "w2", "date": "w3", "percent": "w2", "integer": "w3", "decimal": "w3"}


@dataclass(frozen=True)
class Preview:
    """An instrument tried out in one language. `typed`: name of a field -> what stands in it.

    `reader` reads as a respondent in that language does. `every`: also questions that would not
    be asked, with their conditions.
    """

    instrument: Instrument
    reader: Reader
    now: datetime
    typed: Form = field(default_factory=MultiDict)
    every: bool = False

    @cached_property
    def index(self) -> Index:
        return Index(self.instrument)

    @cached_property
    def program(self) -> Program | None:
        """None: some expression cannot be read, so that no condition is tried."""
        try:
            return Program(self.instrument)
        except (ExpressionError, LookupError):
            return None

    @cached_property
    def state(self) -> State | None:
        return state_of(self.program, self._answers(), self.now) if self.program else None

    @cached_property
    def deciding(self) -> frozenset[str]:
        """The codes of the fields that some condition reads."""
        if self.program is None:
            return frozenset()
        conditions = self.program.relevant.values()
        return frozenset(name for each in conditions for name in references(each.node))

    def say(self, text: Mapping[str, str]) -> str:
        return say(text, self.reader.content)

    def carried(self) -> list[tuple[str, str]]:
        """What of the typed decides about other questions: it goes along to other sections."""
        return [
            (name, text)
            for name, text in self.typed.items(multi=True)
            if name in self.deciding and text
        ]

    def is_asked(self, question: Question) -> bool:
        return self.state is None or self.state.questions[question.code].is_asked

    def fields(self, question: Question) -> list[Field]:
        """The fields that a respondent would see now."""
        if self.state is None or (self.every and not self.is_asked(question)):
            return [each for each in question.fields if each.code == question.code or not each.role]
        asked = self.state.questions[question.code].fields
        return [each for each in question.fields if each.code in asked]

    def _answers(self) -> dict[str, Answer]:
        found = {}
        for question in self.index.questions.values():
            stored = {f.code: s for f in question.fields if (s := self._stored(f)) is not None}
            if stored:
                found[question.code] = Answer(fields=stored)
        return found

    def _stored(self, of: Field) -> Stored | None:
        texts = [text for text in self.typed.getlist(of.code) if text]
        if not texts or of.calculation:
            return None
        typed = texts if of.type == "select_multiple" else texts[-1]
        stored = types.of(of).parse(of, self.index.choices(of), typed, self.reader.locale)
        return None if isinstance(stored, Problem) else stored


def sheet_shown(preview: Preview, section: Section) -> Shown:
    """One section; call it in the language of the preview."""
    return {
        "code": section.code,
        "title": preview.say(section.title),
        "introduction": preview.say(section.introduction),
        "who": preview.say(section.who),
        "documents": preview.say(section.documents),
        "minutes": section.minutes,
        "number": preview.instrument.sections.index(section) + 1,
        "count": len(preview.instrument.sections),
        "items": list(_items(preview, section)),
    }


def _items(preview: Preview, section: Section) -> Iterator[Shown]:
    """Questions in order; neighbours that are not asked are one block."""
    waiting: list[Question] = []
    for question in section.questions:
        if preview.every or preview.is_asked(question):
            if waiting:
                yield _not_asked(preview, waiting)
                waiting = []
            yield _question(preview, question)
        else:
            waiting.append(question)
    if waiting:
        yield _not_asked(preview, waiting)


def _not_asked(preview: Preview, questions: Sequence[Question]) -> Shown:
    return {
        "kind": "off",
        "code": questions[0].code,
        "questions": [(each.number, preview.say(each.title)) for each in questions],
    }


def _question(preview: Preview, question: Question) -> Shown:
    fields = preview.fields(question)
    return {
        "kind": "question",
        "code": question.code,
        "mark": question.number,
        "stem": preview.say(question.stem),
        "help": preview.say(question.help),
        "who": preview.say(question.who),
        "example": preview.say(question.example),
        "optional": not question.required,
        "groups": _groups(question, [_field(preview, question, each) for each in fields]),
        "roster": _roster(preview, question) if question.roster else None,
        "tools": _tools(preview, question),
        "condition": question.relevant,
    }


def conditions_shown(preview: Preview, section: Section) -> dict[str, str]:
    """Question code -> when it is asked, in words; call it in the language of the designer."""
    return {
        question.code: condition_words(preview.index, question.relevant)
        for question in section.questions
        if question.relevant
    }


def _groups(question: Question, fields: Sequence[Shown]) -> list[Shown]:
    groups: list[Shown] = []
    for shown in fields:
        if not groups or groups[-1]["kind"] != shown["group"]:
            groups.append({"kind": shown["group"], "fields": []})
        groups[-1]["fields"].append(shown)
    return groups


def _group_of(question: Question, of: Field) -> str:
    if of.code == question.code:
        return "main" if of.type in CHOICE_KINDS else "row"
    if of.role in _FOLLOW or (of.role == "" and of.relevant and question.primary):
        return "follow"
    return "row"


def _field(preview: Preview, question: Question, of: Field) -> Shown:
    primary = of.code == question.code
    shown: Shown = {
        "name": of.code,
        "kind": "text",
        "group": _group_of(question, of),
        "label": preview.say(of.label) or preview.say(question.title),
        "label_hidden": primary,
        "hint": preview.say(of.hint),
        "value": _value(preview, of),
        "primary": primary,
    }
    if of.type in CHOICE_KINDS:
        return shown | _choices(preview, of, primary)
    if of.calculation:
        return shown | {"kind": "show", "value": "–"}
    return shown | _input(preview, of)


def _value(preview: Preview, of: Field) -> str | list[str]:
    texts = [text for text in preview.typed.getlist(of.code) if text]
    return texts if of.type == "select_multiple" else "".join(texts[-1:])


def _choices(preview: Preview, of: Field, primary: bool) -> Shown:
    choices = preview.index.choices(of)
    if of.type == "maturity":
        levels = [
            {"value": c.code, "label": preview.say(c.label), "text": preview.say(c.text)}
            for c in choices
        ]
        return {"kind": "ladder", "items": levels}
    most = _MOST_BUTTONS["own" if primary else "follow"]
    several = of.type == "select_multiple"
    items = [(choice.code, preview.say(choice.label)) for choice in choices]
    return {
        "kind": "choices" if several or len(items) <= most else "select",
        "items": items,
        "multiple": several,
        "stacked": several and any(len(label) > 60 for _code, label in items),
    }


def _input(preview: Preview, of: Field) -> Shown:
    if of.type == "long_text":
        return {"kind": "textarea"}
    if of.type in ("short_text", "url"):
        return {"wide": True}
    if of.type in NUMBER_KINDS:
        unit = preview.say(of.unit)
        return {
            "right": True,
            "inputmode": "numeric" if of.type == "integer" else "decimal",
            "suffix": "%" if of.type == "percent" and not unit else unit,
            "width": _WIDTHS.get(of.type, "w4"),
        }
    return {"width": _WIDTHS.get(of.type, "w2")}


def _roster(preview: Preview, question: Question) -> Shown:
    fixed = preview.index.fixed_rows(question)
    rows = [
        {"id": f"{question.code}-row-{n}", "label": preview.say(c.label), "cells": {}}
        for n, c in enumerate(fixed, 1)
    ]
    columns = [
        {
            "code": column.code,
            "label": preview.say(column.label),
            "kind": _column_kind(column),
            "items": [(c.code, preview.say(c.label)) for c in preview.index.choices(column)],
            **({"width": "s"} if column.type in ("year", "date", "integer", "percent") else {}),
        }
        for column in question.columns
    ]
    return {
        "code": question.code,
        "caption": preview.say(question.title),
        "columns": columns,
        "rows": rows or [{"id": f"{question.code}-row-1", "label": "", "cells": {}, "fixed": True}],
        "open": not fixed,
        "example": _example(preview, question),
    }


def _column_kind(column: Field) -> str:
    if column.type == "select_multiple":
        return "multiple"
    if column.type in CHOICE_KINDS:
        return "select"
    if column.calculation:
        return "show"
    return "number" if column.type in NUMBER_KINDS else "text"


def _example(preview: Preview, question: Question) -> str:
    example = question.roster.example if question.roster else {}
    labels = {column.code: preview.say(column.label) for column in question.columns}
    return "; ".join(f"{labels.get(code, code)}: {preview.say(t)}" for code, t in example.items())


def _tools(preview: Preview, question: Question) -> Shown:
    panel, public = _("The panel alone"), _("The panel; others only if the country releases it")
    usual, other = (panel, public) if question.sensitive else (public, panel)
    return {
        "remark": "",
        "evidence": {"items": [], "chosen": [], "ask": preview.say(question.evidence_ask)},
        "non_answer": {"value": "", "reason": ""},
        "visibility": {"value": "", "items": [("", usual), ("other", other)]},
        "state": ("open", _("Not answered")),
    }
