"""The items of a workbook that came home as plain values: what each is about, and its values."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from flask_babel import gettext as _
from markupsafe import Markup, escape

from survey.core.answers import CITES, EMPTY, ROW, Part, Stored, answers_of, parts_of
from survey.core.instrument import CHOICE_KINDS, EVIDENCE, Field
from survey.responses.applying import cut
from survey.responses.board import Board
from survey.responses.latest import Line
from survey.responses.models import WorkbookImport
from survey.responses.pages.conflicts import part_title, stored_shown
from survey.responses.pages.fields import Sheet, Shown, field_shown, part_shown
from survey.responses.pages.questions import mark_of
from survey.responses.plan_forms import address, field_of, is_doubt, key_of
from survey.responses.typed import Form
from survey.web.messages import words_of
from survey.web.reading import Reader
from survey.workbooks.plan import Plan, PlanItem
from survey.workbooks.reading import Extra

_TOLD: Final = 80  # UTF-16 units of what a strange cell says
_CLIPPED: Final = 240  # of a value in a table
_MOST_BUTTONS: Final = 6


class Looked:
    """What the parts of the page share.

    `authors`: who gave what stands here; `typed`: the form, when it is shown again, with `errors`:
    name of an input -> words.
    """

    def __init__(
        self,
        reader: Reader,
        board: Board,
        plan: Plan,
        received: WorkbookImport,
        authors: Mapping[Part, Line],
        typed: Form | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> None:
        both = {**plan.merged.there, **parts_of(board.answers)}
        seen = msgspec.structs.replace(board, answers=answers_of(both))
        self.reader = reader
        self.sheet = Sheet(reader, seen)  # with the rows and documents of both sides
        self.plan = plan
        self.received = received
        self.authors = authors
        self.typed = typed or {}
        self.errors = errors or {}

    def of(self, *kinds: str) -> list[PlanItem]:
        """The items of these kinds that are decided by themselves, in the order of the file."""
        own = [item for item in self.plan.items if item.kind in kinds and item.follows is None]
        places = {code: place for place, code in enumerate(self.sheet.board.index.answerable)}
        return sorted(own, key=lambda item: (places.get(item.code, len(places)), _line(item)))

    def is_ticked(self, name: str, value: str) -> bool:
        """Whether a box was ticked on the page that is shown again."""
        return value in self.typed.get(name, ())

    def chosen(self, name: str) -> str:
        """What was chosen or typed on the page that is shown again."""
        return "".join(self.typed.get(name, ())[-1:])


def _line(item: PlanItem) -> int:
    """The row of the file an item stands in; 0 for none."""
    return int("".join(filter(str.isdigit, item.cell)) or 0)


# what an item is about


def title_shown(looked: Looked, part: Part) -> Shown:
    """The mark and title of the question, and which part of its answer it is."""
    question = looked.sheet.board.index.answerable.get(part.question)
    if question is None:
        return {"mark": part.question, "title": "", "detail": ""}
    is_whole = part == (question.code, "", question.code)
    return {
        "mark": "" if question.code == EVIDENCE else mark_of(question),
        "title": looked.reader.marked(question.title or question.stem),
        "detail": "" if is_whole else _detail(looked, part),
    }


def _detail(looked: Looked, part: Part) -> str:
    words = part_title(looked.sheet, part)
    if part.part == ROW:
        words = words.partition(", ")[2] or words
    is_field = part.part in looked.sheet.board.index.fields
    return _in_language(words, looked.reader.lang if is_field else "")


def value_shown(looked: Looked, part: Part, stored: Stored | None, most: int = 0) -> Shown:
    """A value as people read it, marked with its language; a level of maturity with its digit.

    `most`: longer ones are cut.
    """
    if part.part == ROW:
        return {"words": _row_value(looked, part, stored), "level": ""}
    if stored is None or part.part == CITES:
        return {"words": "", "level": ""}
    field = looked.sheet.board.index.fields.get(part.part)
    words = stored_shown(looked.sheet, part, stored)
    is_level = field is not None and field.type == "maturity" and isinstance(stored, str)
    return {
        "words": _in_language(cut(words, most or len(words)), _language(looked, field, stored)),
        "level": stored if is_level else "",
    }


def _row_value(looked: Looked, part: Part, stored: Stored | None) -> str:
    """What stands in a row, in a line; "" for no row."""
    if stored is None:
        return ""
    sheet = looked.sheet
    columns = sheet.board.index.answerable[part.question].columns
    rows = sheet.board.answers.get(part.question, EMPTY).rows
    fields = next((row.fields for row in rows if row.id == part.row), {})
    shown = [part_shown(sheet, column, fields.get(column.code)) for column in columns]
    return cut(" · ".join(filter(None, shown)), _CLIPPED) or str(_("an empty row"))


def _language(looked: Looked, field: Field | None, stored: Stored) -> str:
    """The language of a value when it is not that of the page."""
    if isinstance(stored, dict):
        language = str(stored.get("lang", ""))
        return "" if language == looked.reader.page else language
    return looked.reader.lang if field is not None and field.type in CHOICE_KINDS else ""


def _in_language(words: str, language: str) -> str:
    return Markup('<span lang="{}">{}</span>').format(language, words) if language else words


def _place(item: PlanItem) -> str:
    return address((item.sheet, item.cell)) if item.sheet else ""


# versions side by side


def conflict_shown(looked: Looked, item: PlanItem) -> Shown:
    """Two versions side by side, and what follows the choice."""
    part, key = item.key, key_of(item.key)
    author = looked.authors.get(part)
    received = looked.received
    when = looked.reader.moment
    here = [f"{author.actor} · {when(author.at)}"] if author else []
    there = [f"{received.receiver.name} · {when(received.received_at)}"]
    return {
        "key": key,
        **title_shown(looked, part),
        "before": value_shown(looked, part, item.base),
        "is_row": part.part == ROW,
        "sides": [
            {
                "value": "here",
                "title": str(_("Here, now")),
                "shown": value_shown(looked, part, item.here),
                "cell": "",
                "lines": here,
            },
            {
                "value": "there",
                "title": str(_("In the workbook")),
                "shown": value_shown(looked, part, item.there),
                "cell": _place(item),
                "lines": there,
            },
        ],
        "chosen": looked.chosen(f"take:{key}"),
        "other": _typed(looked, item, str(_("Another value"))),
        "follows": [_follower(looked, each) for each in looked.plan.items if each.follows == part],
    }


def _follower(looked: Looked, item: PlanItem) -> Shown:
    return {
        **title_shown(looked, item.key),
        "here": value_shown(looked, item.key, item.here, _CLIPPED),
        "there": value_shown(looked, item.key, item.there, _CLIPPED),
    }


def _typed(looked: Looked, item: PlanItem, label: str) -> Shown | None:
    """The field for a value that stands on neither side; None where nobody types one."""
    index = looked.sheet.board.index
    field = field_of(index, item.key)
    question = index.answerable.get(item.code)
    if field is None or question is None or field.type == "select_multiple":
        return None
    name = f"other:{key_of(item.key)}"
    shown = field_shown(looked.sheet, question, field, EMPTY, looked.errors.get(name, ""))
    if field.type in CHOICE_KINDS:
        choices = [(c.code, looked.reader.say(c.label)) for c in index.choices(field)]
        shown |= {"kind": "select", "items": choices, "width": ""}
    return shown | {
        "name": name,
        "label": label,
        "label_hidden": False,
        "primary": False,
        "value": looked.chosen(name),
        "wide": True,
    }


# cells that gave no value


def doubts_shown(looked: Looked) -> list[Shown]:
    """The cells that people may give a meaning; those of one part are told together."""
    found: dict[Part, list[PlanItem]] = {}
    for item in looked.of("unreadable", "ambiguous"):
        if is_doubt(item):
            found.setdefault(item.key, []).append(item)
    return [_doubt(looked, items) for items in found.values()]


def _doubt(looked: Looked, items: list[PlanItem]) -> Shown:
    item = items[0]
    name = f"mean:{key_of(item.key)}"
    buttons = list(_readings(looked, item))
    return {
        "key": key_of(item.key),
        **title_shown(looked, item.key),
        "cells": [_place(each) for each in items],
        "says": [_says(each) for each in items],
        "here": value_shown(looked, item.key, item.here, _CLIPPED),
        "name": name,
        "buttons": buttons,
        "chosen": looked.chosen(name),
        "typed": None if buttons else _typed(looked, item, str(_("It means"))),
    }


def _says(item: PlanItem) -> str:
    """What a cell says and why that is no value; many reasons repeat what it says."""
    why = words_of(item.problem) if item.problem else ""
    text = cut(item.text, _TOLD)
    if not text or text in why:
        return why
    return f"{_('It says “%(text)s”.', text=text)} {why}"


def _readings(looked: Looked, item: PlanItem) -> Iterator[tuple[str, str]]:
    """The ways to read a cell: those the reader found, else the choices when they are few."""
    found = [(str(place), option) for place, option in enumerate(item.options)]
    found = found or [(f"={code}", code) for code in _few_choices(looked, item.key)]
    for value, option in found:
        yield value, _use(looked, item.key, option)
    if found:
        stays = _("Leave it as it is") if item.here is not None else _("Leave it without an answer")
        yield "stay", str(stays)


def _few_choices(looked: Looked, part: Part) -> list[str]:
    index = looked.sheet.board.index
    field = field_of(index, part)
    if field is None or field.type not in CHOICE_KINDS or field.type == "select_multiple":
        return []
    codes = [choice.code for choice in index.choices(field)]
    return codes if len(codes) <= _MOST_BUTTONS else []


def _use(looked: Looked, part: Part, option: Stored | None) -> str:
    if option is None:
        return str(_("Take the answer away"))
    shown = value_shown(looked, part, option, _CLIPPED)["words"]
    return escape(_("Use “%(value)s”")) % {"value": shown}


# what goes, what comes, what is left out


def removal_shown(looked: Looked, item: PlanItem) -> Shown:
    """What came back blank, or a row that did not come back."""
    key = key_of(item.key)
    return {
        "key": key,
        **title_shown(looked, item.key),
        "here": value_shown(looked, item.key, item.here, _CLIPPED),
        "cell": _place(item),
        "is_row": item.part == ROW,
        "goes": looked.is_ticked("remove", key),
    }


def change_shown(looked: Looked, item: PlanItem) -> Shown:
    """A value that is taken without asking: as it stands here and in the workbook."""
    return {
        **title_shown(looked, item.key),
        "here": value_shown(looked, item.key, item.here, _CLIPPED),
        "there": value_shown(looked, item.key, item.there, _CLIPPED),
        "cell": _place(item),
        "what": str(_("New") if item.kind == "new" else _("Changed")),
    }


def other_shown(looked: Looked, item: PlanItem) -> Shown:
    """A cell of which nothing is taken, and why."""
    return {
        **title_shown(looked, item.key),
        "says": item.text or cut(_plain(item.there), _TOLD),
        "cell": _place(item),
        "why": words_of(item.problem) if item.problem else "",
    }


def _plain(stored: Stored | None) -> str:
    """A value that no field of this version holds, as it is."""
    if isinstance(stored, dict):
        return str(stored.get("text") or stored.get("state") or "")
    return ", ".join(map(str, stored)) if isinstance(stored, list) else str(stored or "")


def extra_shown(looked: Looked, place: int, extra: Extra) -> Shown:
    """What people added to the file beside their answers."""
    question = looked.sheet.board.index.answerable.get(extra.question)
    can_keep = question is not None and question.code != EVIDENCE and bool(extra.text.strip())
    return {
        "place": str(place),
        "kind": extra_words(extra.kind),
        "mark": mark_of(question) if question and question.code != EVIDENCE else "",
        "cell": address(extra.place),
        "text": cut(extra.text, _CLIPPED),
        "can_keep": can_keep,
        "is_kept": looked.is_ticked("keep", str(place)),
    }


def extra_words(kind: str) -> str:
    """What was added, in words."""
    return {
        "note": str(_("Note on a cell")),
        "column": str(_("Cell beside the form")),
        "colour": str(_("Coloured cell")),
        "formula": str(_("Formula in an answer")),
        "sheet": str(_("Added sheet")),
    }[kind]
