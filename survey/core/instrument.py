"""The compiled definition of one version of a questionnaire, all languages inside (DDI's term).

The document is JSON, its bytes canonical (RFC 8785, NFC, LF, no floats) and never re-encoded:
their SHA-256 is the name of the version. Readers upgrade older formats on load.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final, Literal

import msgspec

from survey.core.problems import Severity

FORMAT: Final = 1
EVIDENCE: Final = "evidence"  # the reserved question that lists the documents of a response
OTHER: Final = "other"  # the reserved choice "other (specify)"

Text = dict[str, str]  # language tag (BCP 47) -> string
FieldKind = Literal[
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
    "calculation",
]
CHOICE_KINDS: Final = frozenset({"yes_no", "progress", "select_one", "select_multiple", "maturity"})
NUMBER_KINDS: Final = frozenset({"integer", "decimal", "percent", "currency"})
TEXT_KINDS: Final = frozenset({"short_text", "long_text"})


class Choice(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One answer of a closed list; a fixed row of a roster; one level of a scale.

    `text` describes a maturity level. An `exclusive` choice ("none of these") empties the others.
    """

    code: str
    label: Text
    text: Text = {}
    exclusive: bool = False


class Field(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One typed value of a question or one column of a roster.

    `label` is empty for the primary field, which has the code of its question and is named by its
    stem. `list` names the choices in `Instrument.lists`. `minimum` and `maximum` are decimal
    strings, or years. `relevant` is an expression; empty: whenever its question is asked.
    `counts`: an asked question is answered only when this field has a value. `role` groups what
    the global rules of `domain.md` 0.3 added: "" the question's own, "progress" G2, "no" G3,
    "number" G6, "other" the specification of "other". An `internal` calculation serves checks only
    and is shown nowhere.
    """

    code: str
    type: FieldKind
    label: Text = {}
    hint: Text = {}
    list: str = ""
    relevant: str = ""
    counts: bool = False
    minimum: str = ""
    maximum: str = ""
    unit: Text = {}
    calculation: str = ""
    role: Literal["", "progress", "no", "number", "other"] = ""
    internal: bool = False


class Roster(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A question answered by a table. `rows` names the list of fixed rows; empty: open rows.

    `least` rows are asked of an open roster, `most` are taken. `example` is one filled row shown
    as a guide: column code -> text.
    """

    columns: tuple[Field, ...]
    rows: str = ""
    least: int = 0
    most: int = 500
    example: dict[str, Text] = {}


class Check(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """`when` is an expression that is true when there IS a problem (blank operands: none).

    `fields` are the fields to point at, the first one first. A check of a roster is looked at for
    each row when it names a bare column.
    """

    code: str
    when: str
    severity: Severity
    message: Text
    fields: tuple[str, ...] = ()


class Question(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One question. `number` is printed before it (`A1`), `title` names it in lists.

    `evidence` are the letters of `domain.md` 0.3 (L D R M S U); `evidence_when` is the expression
    that asks for at least one document (G1). `elements`: the main one first. `key` joins items of
    several banks that ask the same, `related` those about the same thing (`domain.md` 0.5).
    `example`: a fictional answer, shown as a guide. `sensitive`: for the panel only by default.
    """

    code: str
    number: str
    title: Text
    stem: Text
    help: Text = {}
    who: Text = {}
    example: Text = {}
    fields: tuple[Field, ...] = ()
    roster: Roster | None = None
    relevant: str = ""
    required: bool = False
    checks: tuple[Check, ...] = ()
    evidence: tuple[str, ...] = ()
    evidence_ask: Text = {}
    evidence_when: str = ""
    trace: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    key: str = ""
    related: str = ""
    sensitive: bool = False

    @property
    def columns(self) -> tuple[Field, ...]:
        """The columns of its roster; none for other questions."""
        return self.roster.columns if self.roster else ()

    @property
    def shown_columns(self) -> tuple[Field, ...]:
        """The columns of its roster that people see."""
        return tuple(column for column in self.columns if not column.internal)

    @property
    def primary(self) -> Field | None:
        """The field that has the question's own code; none for rosters and several numbers."""
        return self.fields[0] if self.fields and self.fields[0].code == self.code else None

    @property
    def explainable(self) -> tuple[str, ...]:
        """The codes under which a warning about it may be kept with an explanation."""
        own = tuple(check.code for check in self.checks)
        return (*own, f"{self.code}-evidence", f"{self.code}-level4")


class Section(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A page of the questionnaire.

    `who`: which offices usually answer it; `documents`: what to have at hand; `minutes`: how long
    it takes, 0 if nobody said. `general`: its questions stand in questionnaires on any topic, and
    their answers are about the topics of theirs.
    """

    code: str
    title: Text
    questions: tuple[Question, ...]
    introduction: Text = {}
    who: Text = {}
    documents: Text = {}
    minutes: int = 0
    general: bool = False


class Element(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An essential element of the analytical framework (`domain.md` 2.1)."""

    code: str
    label: Text
    text: Text = {}


class Name(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What a country calls an institution, with the grammar its language needs.

    `article`: whether one stands before it. `elides`: the French article before an h that is not
    pronounced. Gender and number are read by languages that have them.
    """

    name: str
    gender: Literal["m", "f"] = "m"
    plural: bool = False
    article: bool = True
    elides: bool = False


Names = dict[str, dict[str, Name]]  # variable -> language -> name


class Instrument(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One immutable state of a questionnaire. `languages`: the first one is the default.

    `levels` is the general maturity scale 0-4; `due` an ISO date or empty; `names` say what the
    variables of texts read as where a country has no name of its own (`core.naming`).
    """

    format: int
    code: str
    version: int
    languages: tuple[str, ...]
    title: Text
    sections: tuple[Section, ...]
    evidence: Question
    introduction: Text = {}
    due: str = ""
    lists: dict[str, tuple[Choice, ...]] = {}
    levels: tuple[Choice, ...] = ()
    elements: tuple[Element, ...] = ()
    names: Names = {}


class Index:
    """An instrument with its look-ups; made once per document and kept.

    Every mapping keeps the order of the questionnaire.
    """

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Question code -> question, the evidence list not among them."""
        return {q.code: q for s in self.instrument.sections for q in s.questions}

    @cached_property
    def answerable(self) -> Mapping[str, Question]:
        """Question code -> question, the evidence list last."""
        return {**self.questions, EVIDENCE: self.instrument.evidence}

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """Question code -> its section."""
        return {q.code: s for s in self.instrument.sections for q in s.questions}

    @cached_property
    def sections(self) -> Mapping[str, Section]:
        """Section code -> section."""
        return {s.code: s for s in self.instrument.sections}

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Field or column code -> field, those of the evidence list included."""
        return {f.code: f for q in self.answerable.values() for f in (*q.fields, *q.columns)}

    @cached_property
    def question_of(self) -> Mapping[str, Question]:
        """Field or column code -> its question."""
        return {f.code: q for q in self.answerable.values() for f in (*q.fields, *q.columns)}

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """The choices of a field in order; none for fields that are not chosen from a list."""
        return self.instrument.lists[field.list] if field.list else ()

    def fixed_rows(self, question: Question) -> tuple[Choice, ...]:
        """The fixed rows of a roster, none for open ones."""
        roster = question.roster
        return self.instrument.lists[roster.rows] if roster and roster.rows else ()


def say(text: Mapping[str, str], language: str) -> str:
    """The text in `language`, else in the nearest language that has one (BCP 47 lookup).

    `pt-BR` falls back to `pt`, then to the first language the text has; no text gives "".
    """
    for tag in _fallbacks(language):
        if text.get(tag):
            return text[tag]
    return next((t for t in text.values() if t), "")


def _fallbacks(language: str) -> Iterator[str]:
    tag = language
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


def encode(instrument: Instrument) -> bytes:
    """The canonical bytes of an instrument: sorted keys, NFC, LF, no floats (RFC 8785)."""
    return msgspec.json.encode(_normal(msgspec.to_builtins(instrument)), order="sorted")


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        return {key: _normal(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(each) for each in value]
    if isinstance(value, float):
        raise TypeError("an instrument holds no floats")
    return value


def sha256(document: bytes) -> str:
    """The name of a version: the hexadecimal SHA-256 of its stored bytes."""
    return hashlib.sha256(document).hexdigest()


# One function a step: from the format that is its key to the next one.
UPGRADES: Final[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {}


class UnknownFormat(ValueError):
    """The document was written by a newer program, or is no instrument."""


def decode(document: bytes) -> Instrument:
    """The instrument of a stored document, upgraded to the present format.

    Raises:
        UnknownFormat: no chain of upgrades leads from the document's format to this program's.
    """
    raw = msgspec.json.decode(document)
    while isinstance(raw, dict) and raw.get("format") in UPGRADES:
        raw = UPGRADES[raw["format"]](raw)
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise UnknownFormat(str(raw.get("format") if isinstance(raw, dict) else None))
    return msgspec.convert(raw, Instrument)
