"""What a file that came home would change, part by part, before anybody says yes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import msgspec

from survey.core.answers import Part, Parts, Stored
from survey.core.instrument import Field, Index
from survey.core.merge import Item, Merged, Settled, merge_parts, strangers
from survey.core.problems import Problem
from survey.workbooks.reading import CellProblem, Extra, Place, Reading
from survey.workbooks.values import same_value

KINDS: Final = (
    "unchanged",
    "new",
    "changed",
    "emptied",
    "row_removed",
    "conflict",
    "ambiguous",
    "unreadable",
    "row_mismatch",
    "not_yours",
    "not_in_version",
)
NOWHERE: Final = Place("", "")


class PlanItem(msgspec.Struct, frozen=True, kw_only=True):
    """One part a file would change, or one cell that gave no value.

    `code` is the question, `part` the field code or a name of `core.answers`; None: no value on
    that side. `problem` and `options` (stored values to pick from, None: no value) belong to cells
    that gave none, with the `text` they show. `follows`: part name of the item that settles this.
    """

    code: str
    row: str
    part: str
    kind: str
    sheet: str
    cell: str
    base: Stored | None = None
    here: Stored | None = None
    there: Stored | None = None
    problem: Problem | None = None
    options: tuple[Stored | None, ...] = ()
    text: str = ""
    follows: Part | None = None

    @property
    def key(self) -> Part:
        """The part it is about."""
        return Part(self.code, self.row, self.part)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The items in the order of the merge, cells without a value last.

    `counts`: every kind -> number of parts. `merged` is the merge behind it, which
    `core.merge.resolve` settles. `extras`: what people added beside their answers.
    """

    items: tuple[PlanItem, ...]
    counts: Mapping[str, int]
    merged: Merged
    extras: tuple[Extra, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing would change and nothing is in doubt."""
        return not self.items


def plan_of(
    reading: Reading, base: Parts, here: Parts, index: Index, settled: Settled | None = None
) -> Plan:
    """What becomes of the answers `here` when a file made from `base` comes home.

    `index` is of the version the answers stand on now: what it has no place for is left out as
    `not_in_version`. `settled`: see `core.merge.merge_parts`. A part whose cell gave no value
    stays as it is.
    """
    there = _as_here(reading.there, here, index.fields)
    strange = strangers(index, {p: v for p, v in there.items() if base.get(p) != v})
    known = {p: v for p, v in there.items() if p not in strange}
    said = {*known, *reading.blank} - {problem.part for problem in reading.problems}
    absent = {part for part in {*base, *known} if part not in said}
    merged = merge_parts(base, here, known, absent=absent, settled=settled)
    items = [_item(item, reading) for item in merged.items]
    items += [_stranger(part, problem, reading) for part, problem in strange.items()]
    items += [_doubtful(problem, base, here) for problem in reading.problems]
    return Plan(
        items=tuple(items),
        counts=_counts(items, said),
        merged=merged,
        extras=tuple(reading.extras),
    )


def with_choices(reading: Reading, choices: Mapping[Part, Stored | None]) -> Reading:
    """The reading after people said what doubtful cells mean; None: that there is no value."""
    doubted = {p.part for p in reading.problems if p.kind in ("ambiguous", "unreadable")}
    chosen = {part: value for part, value in choices.items() if part in doubted}
    values = {part: value for part, value in chosen.items() if value is not None}
    return replace(
        reading,
        there=reading.there | values,
        blank=reading.blank | (chosen.keys() - values.keys()),
        problems=[p for p in reading.problems if p.part not in chosen],
    )


def _as_here(there: Parts, here: Parts, fields: Mapping[str, Field]) -> dict[Part, Stored]:
    """The values of the file, each in the form it has here when it says the same."""
    return {
        part: here[part]
        if part in here and same_value(fields.get(part.part), here[part], value)
        else value
        for part, value in there.items()
    }


def _counts(items: list[PlanItem], said: set[Part]) -> dict[str, int]:
    found = Counter(item.kind for item in items)
    found["unchanged"] = len(said - {item.key for item in items})
    return {kind: found[kind] for kind in KINDS}


def _item(item: Item, reading: Reading) -> PlanItem:
    place = reading.places.get(item.part, NOWHERE)
    return PlanItem(
        code=item.part.question,
        row=item.part.row,
        part=item.part.part,
        kind=item.kind.value,
        sheet=place.sheet,
        cell=place.cell,
        base=item.base,
        here=item.here,
        there=item.there,
        follows=item.follows,
    )


def _stranger(part: Part, problem: Problem, reading: Reading) -> PlanItem:
    place = reading.places.get(part, NOWHERE)
    kind = problem.code if problem.code == "not_in_version" else "unreadable"
    return PlanItem(
        code=part.question,
        row=part.row,
        part=part.part,
        kind=kind,
        sheet=place.sheet,
        cell=place.cell,
        there=reading.there[part],
        problem=problem,
    )


def _doubtful(problem: CellProblem, base: Parts, here: Parts) -> PlanItem:
    return PlanItem(
        code=problem.part.question,
        row=problem.part.row,
        part=problem.part.part,
        kind=problem.kind,
        sheet=problem.place.sheet,
        cell=problem.place.cell,
        base=base.get(problem.part),
        here=here.get(problem.part),
        problem=problem.problem,
        options=problem.options,
        text=problem.text,
    )
