"""Bank items as their authors write them: what is particular to one theme, in all languages.

What holds for every question is not written into items; `compilation` adds it.
"""

from typing import Final, Literal

import msgspec

from survey.core.instrument import (
    Choice,
    Element,
    FieldKind,
    Names,
    Text,
)
from survey.core.problems import Severity

ItemKind = Literal[
    "yes_no",
    "progress",
    "select_one",
    "select_multiple",
    "maturity",
    "integer",
    "decimal",
    "percent",
    "currency",
    "year",
    "date",
    "short_text",
    "long_text",
    "url",
    "numbers",
    "table",
]
RESERVED: Final = frozenset(
    {
        "stage",
        "body",
        "expected",
        "planned",
        "plannedyear",
        "year",
        "reason",
        "source",
        "coverage",
        "currency",
        "other",
    }
)


class ItemField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A further field of an item or a column of its table; `code` is the suffix behind the item's.

    Choices stand in the field or, shared, in the list of the bank that `list` names. `internal`: a
    calculation for checks only, shown nowhere. `horizon`: a year that may lie ahead (G7).
    """

    code: str
    type: FieldKind
    label: Text
    hint: Text = {}
    unit: Text = {}
    choices: tuple[Choice, ...] = ()
    list: str = ""
    relevant: str = ""
    calculation: str = ""
    counts: bool = False
    minimum: str = ""
    maximum: str = ""
    negative: bool = False
    horizon: bool = False
    internal: bool = False


class OpenRows(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table that grows. `example`: column suffix -> text of one filled row, shown as a guide."""

    least: int = 0
    most: int = 500
    example: dict[str, Text] = {}


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The documents a claim asks for: kinds of `domain.md` 0.3 and the request in words."""

    kinds: tuple[Literal["L", "D", "R", "M", "S", "U"], ...] = ()
    ask: Text = {}


class ItemCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A check of one item; `code` is the suffix behind the item's (`c1`)."""

    code: str
    severity: Severity
    when: str
    message: Text
    fields: tuple[str, ...] = ()


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One theme of a bank as its authors wrote it; every text in all languages it has.

    `example`: a fictional answer of a long text, shown as a guide. `key`: what is the same question
    in several banks; `related`: what is only about the same thing (`domain.md` 0.5).
    """

    code: str
    type: ItemKind
    title: Text
    stem: Text
    help: Text
    who: Text = {}
    example: Text = {}
    relevant: str = ""
    required: bool = False
    fields: tuple[ItemField, ...] = ()
    columns: tuple[ItemField, ...] = ()
    rows: tuple[Choice, ...] = ()
    open: OpenRows | None = None
    choices: tuple[Choice, ...] = ()
    list: str = ""
    other: bool = False
    levels: tuple[Text, ...] = ()
    unit: Text = {}
    minimum: str = ""
    maximum: str = ""
    negative: bool = False
    horizon: bool = False
    evidence: Evidence = Evidence()
    trace: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    key: str = ""
    related: str = ""
    sensitive: bool = False
    checks: tuple[ItemCheck, ...] = ()

    @property
    def number(self) -> str:
        """What is printed before the question: the code without its topic."""
        return self.code.partition("-")[2] or self.code


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reference instrument that traces cite (`domain.md` 1.0).

    `verify`: numbers of its provisions are looked up in it before they are printed.
    """

    code: str
    label: Text
    verify: bool = False


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """What all banks share: wording of the global rules, their lists, scale and framework.

    `texts`: key -> text; the keys are those that this module asks for, a test finds each.
    `names`: variable -> language -> what it reads as without a country.
    """

    texts: dict[str, Text]
    lists: dict[str, tuple[Choice, ...]]
    levels: tuple[Choice, ...]
    elements: tuple[Element, ...]
    instruments: tuple[Source, ...] = ()
    names: Names = {}

    def source_of(self, trace: str) -> Source | None:
        """The instrument a trace cites (`OECD-OG17-p1`); the longest code that begins it."""
        found = [each for each in self.instruments if _begins(each.code, trace)]
        return max(found, key=lambda each: len(each.code), default=None)


def _begins(code: str, trace: str) -> bool:
    return trace == code or trace.startswith((f"{code}-", f"{code} "))
