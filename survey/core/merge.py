"""Base, here and there become one: part by part, and by row and non-answer where parts belong
together.

A part changed on one side takes that side's value. Changed differently on both sides it is a
conflict: what is here stands until people settle it. What the file left blank or without its row is
kept too until somebody says that it goes. Three groups are merged as one thing:

- a row: removed on one side and edited on the other is a conflict of its ROW part, which its
  edited parts follow (moving a row is no edit of it);
- a document of the evidence list and the answers that cite it: as a row and its cells;
- a non-answer and the values of its question: given on one side while the other side changed
  values, it is a conflict of the non-answer, which those values follow.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

import msgspec

from survey.core import types
from survey.core.answers import (
    CITES,
    EXPLAINS,
    REASON,
    REMARK,
    ROW,
    VISIBILITY,
    Part,
    Parts,
    Stored,
)
from survey.core.instrument import EVIDENCE, Index, Question
from survey.core.problems import Problem


class Kind(StrEnum):
    """What happened to a part; the last three wait for people."""

    UNCHANGED = "unchanged"
    NEW = "new"
    CHANGED = "changed"
    EMPTIED = "emptied"
    ROW_REMOVED = "row_removed"
    CONFLICT = "conflict"


TAKEN: Final = frozenset({Kind.NEW, Kind.CHANGED})
WAITING: Final = frozenset({Kind.EMPTIED, Kind.ROW_REMOVED, Kind.CONFLICT})


class Take(StrEnum):
    """A decision on an item; any other decision is the stored value to take."""

    HERE = "here"
    THERE = "there"
    REMOVE = "remove"


Decisions: TypeAlias = Mapping[Part, Take | Stored]
Settled: TypeAlias = Mapping[Part, Collection[Stored | None]]


class Outcome(NamedTuple):
    """What becomes of a part; `value` is what stands, None for nothing."""

    kind: Kind
    value: Stored | None


class Item(msgspec.Struct, frozen=True):
    """One line of a plan. None: no value on that side.

    `follows` is the item whose decision settles this one too; None: it is settled by itself.
    """

    part: Part
    kind: Kind
    base: Stored | None
    here: Stored | None
    there: Stored | None
    follows: Part | None = None

    @property
    def value(self) -> Stored | None:
        """What stands until somebody decides otherwise."""
        return self.there if self.kind in TAKEN else self.here


class Merged(NamedTuple):
    """The parts that stand, and an item for each part the file would change, in order.

    `there` are the parts of the file as they were read for this merge.
    """

    parts: dict[Part, Stored]
    items: tuple[Item, ...]
    there: Parts

    @property
    def waiting(self) -> tuple[Item, ...]:
        """The items that people must settle."""
        return tuple(item for item in self.items if item.kind in WAITING)


def merge_part(base: Stored | None, here: Stored | None, there: Stored | None) -> Outcome:
    """What becomes of one part of an answer when a file comes home.

    The side that changed it wins over the side that left it as it was; two different changes
    are a conflict; a value gone from the file is `EMPTIED`. People settle both: `value` is
    what stands until they do.
    """
    if there in (base, here):
        return Outcome(Kind.UNCHANGED, here)
    if here != base:
        return Outcome(Kind.CONFLICT, here)
    if there is None:
        return Outcome(Kind.EMPTIED, here)
    return Outcome(Kind.NEW if base is None else Kind.CHANGED, there)


def merge_parts(
    base: Parts,
    here: Parts,
    there: Parts,
    *,
    absent: Collection[Part] = frozenset(),
    settled: Settled | None = None,
) -> Merged:
    """Merge what a file says into what is here, given what the file was made from.

    `absent` are parts the file had no place for, which is not the same as a blank. `settled` are
    the values that earlier imports of the same export brought and somebody decided on: a value
    that comes again is no news.
    """
    base = _known(base, there, settled or {})
    there = _heard(base, there, absent)
    every = sorted({*here, *there}, key=_order)
    plan = {part: _item(part, base, here, there) for part in every}
    plan.update(_removed_rows(every, base, here, there))
    plan.update(_non_answers(every, base, here, there))
    parts = {part: item.value for part, item in plan.items() if item.value is not None}
    items = tuple(item for item in plan.values() if item.kind is not Kind.UNCHANGED)
    return Merged(parts, items, there)


def fold(base: Parts, here: Parts, there: Parts) -> Merged:
    """Merge a save from a page that stood at `base`: blanks and missing rows are meant.

    The same rules as `merge_parts`, and the same from both sides: only conflicts wait.
    """
    merged = merge_parts(base, here, there)
    meant = {i.part: Take.THERE for i in merged.waiting if i.kind is not Kind.CONFLICT}
    return resolve(merged, meant)


def resolve(merged: Merged, decisions: Decisions) -> Merged:
    """The merge after people decided: its parts, and the items that still wait.

    Decide on a merge with what is here now: a row may have gone since the review was shown.
    An item that follows another waits for it, and takes the same side unless it has a decision of
    its own (a value or REMOVE for the leader leaves it as it is here). Taking a side on a ROW that
    only one side has takes or removes the row as a whole. Items that were taken without asking
    (new, changed) may be decided on as well; decisions on other parts are ignored.
    """
    parts = dict(merged.parts)
    open_items = []
    for item in sorted(merged.items, key=lambda item: item.follows is not None):
        decision = _decision(item, decisions)
        if decision is None:
            open_items += [item] if item.kind in WAITING else []
        else:
            _settle(parts, item, decision, merged.there)
    parts = _without_strays(parts, merged)
    return Merged(parts, tuple(sorted(open_items, key=lambda i: _order(i.part))), merged.there)


def settled_by(items: Iterable[Item], waiting: Iterable[Item]) -> dict[Part, tuple[Stored]]:
    """What an import leaves settled: the value the file had for each item that waits no longer."""
    still = {item.part for item in waiting}
    return {item.part: (item.there,) for item in items if item.part not in still}


def changes(before: Parts, after: Parts) -> dict[Part, Stored | None]:
    """The parts to write to get from one state to the other; None takes a part away."""
    every = sorted({*before, *after}, key=_order)
    return {p: after.get(p) for p in every if after.get(p) != before.get(p)}


def strangers(index: Index, parts: Parts) -> dict[Part, Problem]:
    """The parts this version has no place for, by code and never by position, each with why.

    A question, field, fixed row or check it does not have is `not_in_version`; a value that its
    field cannot hold any more has the problem of its type.
    """
    found = {part: _stranger(index, part, value) for part, value in parts.items()}
    return {part: problem for part, problem in found.items() if problem}


def _order(part: Part) -> tuple[str, str, bool, str]:
    return part.question, part.row, part.part != ROW, part.part


def _item(part: Part, base: Parts, here: Parts, there: Parts) -> Item:
    sides = base.get(part), here.get(part), there.get(part)
    return Item(part, merge_part(*sides).kind, *sides)


def _again(
    part: Part, kind: Kind, base: Parts, here: Parts, there: Parts, follows: Part | None = None
) -> Item:
    return Item(part, kind, base.get(part), here.get(part), there.get(part), follows)


# What somebody decided on before is known to both sides, what the file did not say is as it was.


def _known(base: Parts, there: Parts, settled: Settled) -> dict[Part, Stored]:
    """The base with the values that the file had before, as earlier imports settled them."""
    old = {p: there.get(p) for p, values in settled.items() if there.get(p) in values}
    known = {p: v for p, v in {**base, **old}.items() if v is not None}
    gone = {p for p, value in old.items() if p.part == ROW and value is None}
    return {p: v for p, v in known.items() if _row_of(p) not in gone}


def _heard(base: Parts, there: Parts, absent: Collection[Part]) -> dict[Part, Stored]:
    """The file, in which the parts it had no place for are as in the base."""
    heard = {p: v for p, v in there.items() if p not in absent}
    return heard | {p: base[p] for p in absent if p in base}


# Rows, and documents with their citations.


def _row_of(part: Part) -> Part | None:
    """The ROW part of the row or document this part belongs to."""
    if part.row:
        return Part(part.question, part.row, ROW)
    if part.part.startswith(CITES):
        return Part(EVIDENCE, part.part.removeprefix(CITES), ROW)
    return None


def _removed_rows(
    every: Iterable[Part], base: Parts, here: Parts, there: Parts
) -> Iterator[tuple[Part, Item]]:
    cells: dict[Part, list[Part]] = {}
    for part in every:
        row = _row_of(part)
        if row in base and (row in here) != (row in there) and row is not None:
            cells.setdefault(row, []).extend([part] if part != row else [])
    for row, parts in cells.items():
        stays = here if row in here else there
        edited = {p for p in parts if stays.get(p) != base.get(p)}
        kind = Kind.ROW_REMOVED if stays is here else Kind.UNCHANGED
        yield row, _again(row, Kind.CONFLICT if edited else kind, base, here, there)
        for part in parts:
            kind = Kind.CONFLICT if part in edited else Kind.UNCHANGED
            yield part, _again(part, kind, base, here, there, row if part in edited else None)


# Non-answers against values.


def _non_answers(
    every: Iterable[Part], base: Parts, here: Parts, there: Parts
) -> Iterator[tuple[Part, Item]]:
    values: dict[str, list[Part]] = {}
    for part in every:
        if _is_value(part):
            values.setdefault(part.question, []).append(part)
    for code, parts in values.items():
        state = Part(code, "", code)
        against = [*_given(state, parts, base, here, there)]
        against += _given(state, parts, base, there, here)
        if against:
            yield state, _again(state, Kind.CONFLICT, base, here, there)
            for part in against:
                yield part, _again(part, Kind.CONFLICT, base, here, there, state)


def _is_value(part: Part) -> bool:
    """Whether it is a value besides the part that may hold a non-answer."""
    return bool(part.row) or not (
        part.part in (part.question, REASON, REMARK, VISIBILITY) or ":" in part.part
    )


def _given(
    state: Part, parts: Iterable[Part], base: Parts, one: Parts, other: Parts
) -> Iterator[Part]:
    """The values the other side gave or changed while one side gave a non-answer."""
    mine = one.get(state)
    if not _is_non_answer(mine) or mine in (base.get(state), other.get(state)):
        return
    for part in parts:
        moved = part.part == ROW and part in base
        if not moved and other.get(part) not in (None, base.get(part), one.get(part)):
            yield part


def _is_non_answer(value: Stored | None) -> bool:
    return isinstance(value, dict) and "state" in value


# Settling.


def _decision(item: Item, decisions: Decisions) -> Take | Stored | None:
    if item.follows is None:
        return decisions.get(item.part)
    leader = decisions.get(item.follows)
    if leader is None or item.part in decisions:
        return decisions[item.part] if leader is not None else None
    return leader if leader is Take.THERE else Take.HERE


def _settle(parts: dict[Part, Stored], item: Item, decision: Take | Stored, there: Parts) -> None:
    if item.part.part == ROW and decision is Take.THERE and item.here is None:
        parts.update((p, v) for p, v in there.items() if _row_of(p) == item.part)
        return
    value = decision
    if isinstance(decision, Take):
        value = {Take.HERE: item.here, Take.THERE: item.there, Take.REMOVE: None}[decision]
    parts.pop(item.part, None)
    if value is not None:
        parts[item.part] = value


def _without_strays(parts: dict[Part, Stored], merged: Merged) -> dict[Part, Stored]:
    """The parts without cells and citations of rows that a decision took away."""
    gone = {i.part for i in merged.items if i.part.part == ROW and i.part not in parts}
    return {part: value for part, value in parts.items() if _row_of(part) not in gone}


# What a version has a place for.


def _stranger(index: Index, part: Part, value: Stored) -> Problem | None:
    question = index.answerable.get(part.question)
    if not question or not _has_place(index, question, part):
        where = part.part if part.part in index.fields else part.question
        return Problem(code="not_in_version", where=where, row=part.row)
    field = index.fields.get(part.part)
    if field is None or (part.part == part.question and _is_non_answer(value)):
        return None
    problem = types.of(field).shape(field, index.choices(field), value)
    return msgspec.structs.replace(problem, row=part.row) if problem else None


def _has_place(index: Index, question: Question, part: Part) -> bool:
    if part.row:
        fixed = index.fixed_rows(question)
        rows = {choice.code for choice in fixed}
        known = {ROW, *(column.code for column in question.columns)}
        return bool(question.roster) and (not fixed or part.row in rows) and part.part in known
    if part.part.startswith(EXPLAINS):
        return part.part.removeprefix(EXPLAINS) in question.explainable
    own = {question.code, REASON, REMARK, VISIBILITY, *(field.code for field in question.fields)}
    return part.part in own or part.part.startswith(CITES)
