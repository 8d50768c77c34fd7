"""What people decide on the page of a workbook that came home.

Names in the form, each followed by a key (`key_of`): `take:` the side of a conflict, `mean:` the
reading of a doubtful cell (its place in `options`, `=` and a choice code, `stay`), `other:` a value
typed instead. `seen`: the keys that
were shown to decide on; `remove`: of those the ones that go; `keep`: places in `plan.extras`.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from survey.core import types
from survey.core.answers import REASON, REMARK, Part, Stored
from survey.core.instrument import Field, Index
from survey.core.merge import Take
from survey.core.problems import Problem
from survey.core.types import Locale
from survey.core.types.texts import bad_character, tidy
from survey.responses.typed import Form
from survey.workbooks.plan import Plan, PlanItem
from survey.workbooks.reading import Extra

CONFLICT: Final = "conflict"
DOUBTS: Final = frozenset({"ambiguous", "unreadable"})
REMOVALS: Final = frozenset({"emptied", "row_removed"})
_SIDES: Final = {"here": Take.HERE, "there": Take.THERE}


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions on items, meanings of doubtful cells (None: no value), texts to add to remarks.

    `kept`: doubtful cells that change nothing; `seen`: the parts that were shown; `problems`: what
    could not be read, each with the name of its input in `where`.
    """

    decisions: dict[Part, Take | Stored]
    choices: dict[Part, Stored | None]
    remarks: dict[str, Stored]
    kept: frozenset[Part]
    seen: frozenset[Part]
    problems: tuple[Problem, ...]


def key_of(part: Part) -> str:
    """A part as it stands in the names of the form."""
    return "/".join(part)


def is_doubt(item: PlanItem) -> bool:
    """A cell that gave no value, and may be given one."""
    return item.kind in DOUBTS and item.there is None


def field_of(index: Index, part: Part) -> Field | None:
    """The field a part is typed into; None for what nobody types: rows, citations, calculations."""
    if part.part in (REASON, REMARK):
        return Field(code=part.part, type="long_text")
    field = index.fields.get(part.part)
    return field if field is not None and not field.calculation else None


def read_decisions(plan: Plan, form: Form, index: Index, locale: Locale, language: str) -> Decided:
    """What the form of a plan decides; `language` is the one notes of the file are kept in."""
    reader = _Reader(plan, form, index, locale)
    reader.read()
    return Decided(
        decisions=reader.decisions,
        choices=reader.choices,
        remarks=_remarks(plan.extras, form.get("keep", ()), language),
        kept=frozenset(reader.kept),
        seen=frozenset(reader.seen),
        problems=tuple(reader.problems),
    )


class _Reader:
    def __init__(self, plan: Plan, form: Form, index: Index, locale: Locale) -> None:
        self.plan = plan
        self.form = form
        self.index = index
        self.locale = locale
        self.decisions: dict[Part, Take | Stored] = {}
        self.choices: dict[Part, Stored | None] = {}
        self.kept: set[Part] = set()
        self.problems: list[Problem] = []
        shown = set(form.get("seen", ()))
        self.seen = {item.key for item in plan.items if key_of(item.key) in shown}

    def read(self) -> None:
        removed = set(self.form.get("remove", ()))
        for item in self.plan.items:
            if item.key not in self.seen:
                continue
            if item.kind == CONFLICT:
                self._conflict(item)
            elif item.kind in REMOVALS:
                goes = key_of(item.key) in removed
                self.decisions[item.key] = Take.REMOVE if goes else Take.HERE
            elif is_doubt(item):
                self._doubt(item)

    def _one(self, name: str) -> str:
        return next((text for text in reversed(self.form.get(name, ())) if text.strip()), "")

    def _conflict(self, item: PlanItem) -> None:
        side = self._one(f"take:{key_of(item.key)}")
        typed = self._one(f"other:{key_of(item.key)}")
        if side and typed:
            self._problem(Problem(code="side_and_value"), item)
        elif typed:
            value = self._typed(item, typed)
            if value is not None:
                self.decisions[item.key] = value
        elif side in _SIDES:
            self.decisions[item.key] = _SIDES[side]

    def _doubt(self, item: PlanItem) -> None:
        meant = self._one(f"mean:{key_of(item.key)}")
        picked = meant.removeprefix("=") if meant.startswith("=") else ""
        typed = picked or self._one(f"other:{key_of(item.key)}")
        if meant.isascii() and meant.isdigit() and int(meant) < len(item.options):
            self._mean(item, item.options[int(meant)])
        elif meant == "stay":
            self.kept.add(item.key)
        elif typed:
            value = self._typed(item, typed)
            if value is not None:
                self._mean(item, value)

    def _mean(self, item: PlanItem, value: Stored | None) -> None:
        self.choices[item.key] = value
        if value is None:  # what is here goes too: somebody said that there is no answer
            self.decisions[item.key] = Take.REMOVE

    def _typed(self, item: PlanItem, typed: str) -> Stored | None:
        field = field_of(self.index, item.key)
        if field is None:
            return None
        value = types.of(field).parse(field, self.index.choices(field), typed, self.locale)
        if isinstance(value, Problem):
            self._problem(value, item)
            return None
        return value

    def _problem(self, problem: Problem, item: PlanItem) -> None:
        where = f"other:{key_of(item.key)}"
        self.problems.append(msgspec.structs.replace(problem, where=where, row=""))


def _remarks(extras: Iterable[Extra], kept: Iterable[str], language: str) -> dict[str, Stored]:
    """Question code -> the texts that were ticked, each after its address in the file."""
    ticked = set(kept)
    found: dict[str, list[str]] = {}
    for place, extra in enumerate(extras):
        if extra.question and str(place) in ticked:
            found.setdefault(extra.question, []).append(f"{address(extra.place)}: {extra.text}")
    return {
        code: {"text": _storable("\n".join(lines)), "lang": language}
        for code, lines in found.items()
    }


def address(place: tuple[str, str]) -> str:
    """A cell as people find it: sheet!cell, or the sheet alone."""
    sheet, cell = place
    return f"{sheet}!{cell}" if cell else sheet


def _storable(text: str) -> str:
    """A text of a stranger's file without what no document can hold."""
    return tidy("".join(_held(tidy(text))))


def _held(text: str) -> Iterator[str]:
    return (character for character in text if not bad_character(character))
