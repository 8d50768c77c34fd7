"""The spreadsheet of a frame of reference, as plain values: what stands on which sheet.

Whoever makes one has chosen the words already; `frame_write` draws it and knows nothing else.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """A number to calculate with. `percent`: 45 is written as 45 %. A year is not `grouped`."""

    value: Decimal
    percent: bool = False
    grouped: bool = True


@dataclass(frozen=True, slots=True)
class Level:
    """A level 0..4, shown as its digit in its tone."""

    value: int


@dataclass(frozen=True, slots=True)
class Link:
    """A text that opens a web address."""

    text: str
    url: str


Cell: TypeAlias = str | Number | Level | Link | None  # None and "": an empty cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `width` in letters.

    notes: empty, for what the reader writes; reading: the same, for a level 0..4.
    """

    heading: str
    width: float
    kind: Literal["text", "centre", "notes", "reading"] = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with one table: filters, a head that stays, rows that print whole.

    The first `fixed` columns stay when the sheet is moved sideways.
    """

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fixed: int = 2


@dataclass(frozen=True, slots=True)
class Claim:
    """A question that asks for a level. `level` is None when there is none; `says` is in words."""

    mark: str
    name: str
    group: str
    level: int | None
    says: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one dimension says something; `counts` in the order of `Overview.kinds`."""

    name: str
    levels: str
    median: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The first sheet. `lists`: a heading and its lines; `kinds`: the kinds of answers counted."""

    name: str
    title: str
    lines: tuple[str, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    level_names: tuple[str, ...]
    claims_title: str
    claims_heads: tuple[str, ...]  # question, dimension, level, in words
    claims: tuple[Claim, ...]
    coverage_title: str
    coverage_heads: tuple[str, ...]  # dimension, levels, median
    kinds: tuple[str, ...]
    coverage: tuple[Coverage, ...]
    elements_title: str
    elements_heads: tuple[str, ...]
    elements: tuple[Coverage, ...]
    note: str


@dataclass(frozen=True, slots=True)
class FrameBook:
    """One spreadsheet. `classification`, `reader` and `page` (`Page &P of &N`) print on each sheet.

    `right_to_left`: the language is written so.
    """

    title: str
    subject: str
    classification: str
    reader: str
    page: str
    overview: Overview
    tables: tuple[Table, ...]
    right_to_left: bool = False
