"""M5 over whole histories: people save, export, edit offline, import, settle and undo in any order,
and no claim anybody made is lost."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from survey.core.answers import ROW, Part
from survey.core.merge import Merged, Take, changes, fold, merge_parts, resolve, settled_by

LEVEL = Part("A4", "", "A4")
REMARK = Part("A4", "", "remark")
STATE = Part("N", "", "N")
COUNT = Part("N", "", "N-meetings")
ROWS = (Part("T", "r1", ROW), Part("T", "r2", ROW))
CELLS = (Part("T", "r1", "T-title"), Part("T", "r2", "T-title"))
VALUES: Mapping[Part, tuple[Any, ...]] = {
    LEVEL: ("0", "1", "2", {"state": "withheld"}),
    REMARK: ("a", "b", "c"),
    STATE: ({"state": "withheld"},),
    COUNT: ("5", "6"),
    **dict.fromkeys(ROWS, (1,)),
    **dict.fromkeys(CELLS, ("x", "y", "z")),
}
PARTS = tuple(VALUES)


def row_of(part: Part) -> Part | None:
    return part._replace(part=ROW) if part.row else None


EDITS = st.dictionaries(
    st.sampled_from(PARTS), st.integers(-1, 3), min_size=1, max_size=4
)  # part -> which of its values; -1: blank


def edit(parts: Mapping[Part, Any], edits: Mapping[Part, int]) -> dict[Part, Any]:
    """What a person makes of it: a cell filled has a row, a row that goes takes its cells."""
    result = dict(parts)
    for part, number in edits.items():
        result.pop(part, None)
        if number >= 0:
            result[part] = VALUES[part][number % len(VALUES[part])]
            if row := row_of(part):
                result.setdefault(row, 1)
    return {p: v for p, v in result.items() if not p.row or row_of(p) in result}


@dataclass
class Export:
    seq: int
    imports: list[tuple["Import", Mapping[Part, Any]]] = field(default_factory=list)

    @property
    def settled(self) -> dict[Part, list[Any]]:
        """What the imports that were not undone settled."""
        result: dict[Part, list[Any]] = {}
        for _, settled in self.imports:
            for part, values in settled.items():
                result.setdefault(part, []).extend(values)
        return result


@dataclass
class Import:
    export: Export
    file: dict[Part, Any]
    merged: Merged
    seq: int


class Histories(RuleBasedStateMachine):
    """`claims` is the model: part -> [(seq, value)], each value somebody stated for it. A claim
    ends only when somebody who had it before them stated something else."""

    exports = Bundle("exports")
    files = Bundle("files")
    reviews = Bundle("reviews")
    applied = Bundle("applied")

    @initialize(edits=EDITS)
    def begin(self, edits: Mapping[Part, int]) -> None:
        self.states: list[dict[Part, Any]] = [edit({}, edits)]
        self.claims: dict[Part, list[tuple[int, Any]]] = {part: [] for part in PARTS}
        self.waiting: list[Merged] = []

    @property
    def here(self) -> dict[Part, Any]:
        return self.states[-1]

    def write(self, parts: Mapping[Part, Any]) -> int:
        self.states.append(dict(parts))
        return len(self.states) - 1

    def claim(
        self,
        base: int,
        said: Mapping[Part, Any],
        seen: Mapping[Part, Any],
        news: Container[Part] = PARTS,
    ) -> None:
        """Somebody who saw everything up to `base` said this instead of what they saw."""
        for part, value in changes(seen, said).items():
            row = row_of(part)
            if part not in news:
                continue
            if value is None and row not in (None, part) and row not in said:
                continue  # the row went, and that is a claim of its own
            self.end(part, base, seen.get(part))
            self.claims[part].append((len(self.states), value))
            if part.part == ROW and value is None:
                for other in CELLS:
                    if row_of(other) == part:
                        self.end(other, base, seen.get(other))

    def end(self, part: Part, base: int, seen: Any = None) -> None:
        """Those who knew a claim replace it; a value back to what they saw was no change."""
        self.claims[part] = [c for c in self.claims[part] if c[0] > base and c[1] != seen]

    @rule(target=reviews, edits=EDITS, age=st.integers(0, 3))
    def save(self, edits: Mapping[Part, int], age: int) -> Any:
        base = max(0, len(self.states) - 1 - age)
        page = edit(self.states[base], edits)
        every = merge_parts(self.states[base], self.here, page)
        merged = fold(self.states[base], self.here, page)
        self.claim(base, page, self.states[base])
        review = Import(Export(base), page, merged, self.write(merged.parts))
        review.export.imports.append((review, settled_by(every.items, merged.waiting)))
        if not merged.waiting:
            return multiple()
        self.waiting.append(merged)
        return review

    @rule(target=exports)
    def export(self) -> Export:
        return Export(len(self.states) - 1)

    @rule(target=files, export=exports, edits=EDITS)
    def edit_offline(self, export: Export, edits: Mapping[Part, int]) -> tuple[Export, Any]:
        return export, edit(self.states[export.seq], edits)

    @rule(target=reviews, file=files)
    def bring_home(self, file: tuple[Export, dict[Part, Any]]) -> Any:
        export, there = file
        base = self.states[export.seq]
        merged = merge_parts(base, self.here, there, settled=export.settled)
        news = {p for p in PARTS if there.get(p) not in export.settled.get(p, ())}
        self.claim(export.seq, there, base, news)
        review = Import(export, there, merged, self.write(merged.parts))
        export.imports.append((review, settled_by(merged.items, merged.waiting)))
        if not merged.items:
            return multiple()
        if merged.waiting:
            self.waiting.append(merged)
        return review

    @rule(target=applied, review=consumes(reviews), take=st.sampled_from([Take.HERE, Take.THERE]))
    def settle(self, review: Import, take: Take) -> Import:
        """Somebody sees what waits beside what is here now, and decides."""
        export, seq = review.export, len(self.states) - 1
        now = merge_parts(self.states[export.seq], self.here, review.file, settled=export.settled)
        after = resolve(now, {item.part: take for item in now.waiting})
        for item in (*review.merged.waiting, *now.waiting):
            self.claims[item.part] = [c for c in self.claims[item.part] if c[0] > seq]
        self.claim(seq, after.parts, self.here)
        self.write(after.parts)
        export.imports.append((review, settled_by((*review.merged.items, *now.items), ())))
        self.waiting = [merged for merged in self.waiting if merged is not review.merged]
        return review

    @rule(change=consumes(applied))
    def undo(self, change: Import) -> None:
        before, after = self.states[change.seq - 1], self.states[change.seq]
        merged = fold(after, self.here, before)
        kept = resolve(merged, {i.part: Take.HERE for i in merged.waiting})
        self.claim(len(self.states) - 1, kept.parts, self.here)
        self.write(kept.parts)
        export = change.export
        export.imports = [each for each in export.imports if each[0] is not change]

    @invariant()
    def m5_no_claim_is_lost(self) -> None:
        for part, claims in self.claims.items():
            for _, value in claims:
                stands = self.here.get(part) == value
                assert stands or self.waits(part, value), (part, value)

    def waits(self, part: Part, value: Any) -> bool:
        return any(
            item.part == part and value in (item.here, item.there)
            for merged in self.waiting
            for item in merged.waiting
        )

    @invariant()
    def every_cell_has_its_row(self) -> None:
        assert edit(self.here, {}) == self.here


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
