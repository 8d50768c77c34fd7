"""What a file that came home says, part by part, and what could not be read of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from survey.core.answers import AnswerSet, Part, Stored
from survey.core.instrument import Index
from survey.core.problems import Problem
from survey.core.types import Locale
from survey.workbooks.layout import Sheet
from survey.workbooks.values import Words

ProblemKind = Literal["unreadable", "ambiguous", "row_mismatch", "not_yours", "not_in_version"]
ExtraKind = Literal["note", "column", "colour", "formula", "sheet"]


class Place(NamedTuple):
    """A cell of a file."""

    sheet: str
    cell: str


@dataclass(frozen=True)
class Export:
    """What a workbook was made from, as the server kept it; nothing here comes from the file.

    `sheets`: `layout.sheets` with the arguments of the export; `base`: the answers then;
    `asked`: question or field code -> was it asked then; `locale`: language and country of the
    file.
    """

    index: Index
    sheets: tuple[Sheet, ...]
    base: AnswerSet
    asked: Mapping[str, bool]
    locale: Locale
    words: Words
    token: str


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that gave no value. `text` is what it shows, at most 80 characters.

    `options`: stored values it may mean (None: no value); empty when nobody can tell.
    """

    kind: ProblemKind
    part: Part
    place: Place
    text: str
    problem: Problem
    options: tuple[Stored | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Extra:
    """Something people added to the file: it is shown, and may be kept as an internal remark.

    `question`: the question it stands beside, "" for none.
    """

    kind: ExtraKind
    place: Place
    text: str
    question: str = ""


@dataclass
class Reading:
    """What a file says. `there`: values of cells that have one; `blank`: parts whose cell was
    written filled and came back blank, or whose row is gone; every other part was not said.

    `places`: the cell of each part that has one in the file.
    """

    token: str
    there: dict[Part, Stored] = field(default_factory=dict)
    blank: set[Part] = field(default_factory=set)
    problems: list[CellProblem] = field(default_factory=list)
    places: dict[Part, Place] = field(default_factory=dict)
    extras: list[Extra] = field(default_factory=list)

    def absent(self, base: Mapping[Part, Stored]) -> set[Part]:
        """The parts of a base the file says nothing about: they stay as they are."""
        return {part for part in base if part not in self.there and part not in self.blank}
