"""The questions that items compile to, with all that the global rules add.

What holds for every question (`domain.md` 0.3, G1 to G8) is generated here: the follow-ups of "in
progress" and "no", year, source and coverage of a number, "other (specify)", the evidence a claim
asks for, and the checks that go with them.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from survey.core.instrument import (
    NUMBER_KINDS,
    OTHER,
    Check,
    Choice,
    Field,
    FieldKind,
    Question,
    Roster,
    Text,
)
from survey.core.items import Common, Item, ItemField, OpenRows
from survey.core.problems import Severity

_FIRST_YEAR: Final = "1800"
_LAST_YEAR: Final = "2100"
_THIS_YEAR: Final = "number(format-date(today(), '%Y'))"

Lists = dict[str, tuple[Choice, ...]]


def compile_item(
    item: Item, shared: Mapping[str, tuple[Choice, ...]], common: Common
) -> "Compiled":
    """The question an item stands for, with the lists it needs.

    `shared` are the lists of its bank. The lists of the global rules keep their names, those of
    the item are named by its codes.
    """
    return _Compiler(item, shared, common).compiled()


class Compiled(msgspec.Struct, frozen=True):
    """A compiled item: the question and every list its fields name."""

    question: Question
    lists: Lists


class _Compiler:
    def __init__(
        self, item: Item, shared: Mapping[str, tuple[Choice, ...]], common: Common
    ) -> None:
        self.item = item
        self.shared = shared
        self.common = common
        self.lists: Lists = {}

    def compiled(self) -> Compiled:
        item = self.item
        fields = self._fields()
        question = Question(
            code=item.code,
            number=item.number,
            title=item.title,
            stem=item.stem,
            help=item.help,
            who=item.who,
            example=item.example,
            fields=fields,
            roster=self._roster() if item.type == "table" else None,
            relevant=item.relevant,
            required=item.required,
            checks=(*self._own_checks(), *self._global_checks()),
            evidence=item.evidence.kinds,
            evidence_ask=item.evidence.ask,
            evidence_when=self._evidence_when(),
            trace=item.trace,
            elements=item.elements,
            key=item.key,
            related=item.related,
            sensitive=item.sensitive,
        )
        return Compiled(question, self.lists)

    # fields

    def _fields(self) -> tuple[Field, ...]:
        item = self.item
        own = [self._field(each) for each in item.fields]
        if item.type in ("numbers", "table"):
            return (*own, *self._number_fields(own))
        primary = self._primary()
        follow = (*self._progress_fields(), *self._no_fields())
        return (primary, *self._other_field(), *own, *follow, *self._number_fields([primary, *own]))

    def _primary(self) -> Field:
        item = self.item
        kind: FieldKind = msgspec.convert(item.type, FieldKind)
        return Field(
            code=item.code,
            type=kind,
            list=self._primary_list(),
            unit=item.unit,
            counts=True,
            minimum=_minimum(kind, item.minimum, item.negative),
            maximum=_maximum(kind, item.maximum),
        )

    def _primary_list(self) -> str:
        item = self.item
        if item.type in ("yes_no", "progress"):
            return self._common_list(item.type)
        if item.type == "maturity":
            levels = zip(self.common.levels, item.levels, strict=True)
            choices = tuple(msgspec.structs.replace(level, text=text) for level, text in levels)
            return self._own_list(item.code, choices)
        if item.list:
            return self._shared_list(item.list)
        return self._own_list(item.code, self._with_other(item.choices))

    def _with_other(self, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """ "Other (specify)" stands last, but before the choices that empty all others."""
        if not self.item.other:
            return choices
        last = tuple(choice for choice in choices if choice.exclusive)
        first = tuple(choice for choice in choices if not choice.exclusive)
        return (*first, Choice(code=OTHER, label=self._text("other")), *last)

    def _other_field(self) -> Iterable[Field]:
        if self.item.other:
            code = self.item.code
            yield Field(
                code=f"{code}-other",
                type="short_text",
                label=self._text("other_specify"),
                relevant=f"selected(${{{code}}}, '{OTHER}')",
                counts=True,
                role="other",
            )

    def _field(self, own: ItemField) -> Field:
        code = f"{self.item.code}-{own.code}"
        return Field(
            code=code,
            type=own.type,
            label=own.label,
            hint=own.hint,
            list=self._list_of(code, own),
            relevant=own.relevant,
            counts=own.counts,
            minimum=_minimum(own.type, own.minimum, own.negative),
            maximum=_maximum(own.type, own.maximum),
            unit=own.unit,
            calculation=own.calculation,
            internal=own.internal,
        )

    def _list_of(self, code: str, own: ItemField) -> str:
        if own.list:
            return self._shared_list(own.list)
        if own.type in ("yes_no", "progress"):
            return self._common_list(own.type)
        return self._own_list(code, own.choices)

    def _progress_fields(self) -> Iterable[Field]:
        """G2: what "in progress" asks for."""
        code = self.item.code
        if self.item.type != "progress":
            return
        when = f"${{{code}}} = 'progress'"
        yield Field(
            code=f"{code}-stage",
            type="select_one",
            label=self._text("progress_stage"),
            list=self._common_list("stage"),
            relevant=when,
            counts=True,
            role="progress",
        )
        yield Field(
            code=f"{code}-body",
            type="short_text",
            label=self._text("progress_body"),
            relevant=when,
            counts=True,
            role="progress",
        )
        yield Field(
            code=f"{code}-expected",
            type="date",
            label=self._text("progress_expected"),
            relevant=when,
            counts=True,
            role="progress",
        )

    def _no_fields(self) -> Iterable[Field]:
        """G3: what "no" may be followed by; none of it is asked for."""
        code = self.item.code
        if self.item.type not in ("yes_no", "progress"):
            return
        when = f"${{{code}}} = 'no'"
        yield Field(
            code=f"{code}-planned",
            type="yes_no",
            label=self._text("no_planned"),
            list=self._common_list("yes_no"),
            relevant=when,
            role="no",
        )
        yield Field(
            code=f"{code}-plannedyear",
            type="year",
            label=self._text("no_year"),
            relevant=f"${{{code}-planned}} = 'yes'",
            minimum=_FIRST_YEAR,
            maximum=_LAST_YEAR,
            role="no",
        )
        yield Field(
            code=f"{code}-reason",
            type="short_text",
            label=self._text("no_reason"),
            relevant=when,
            role="no",
        )

    def _number_fields(self, own: Iterable[Field]) -> Iterable[Field]:
        """G6: reference year, source and coverage of the numbers of a question, and currency."""
        numbers = [field for field in own if field.type in NUMBER_KINDS]
        if not numbers or self.item.type == "table":
            return
        code = self.item.code
        when = " or ".join(f"${{{field.code}}} != ''" for field in numbers)
        if any(field.type == "currency" for field in numbers):
            yield Field(
                code=f"{code}-currency",
                type="select_one",
                label=self._text("number_currency"),
                list=self._common_list("currency"),
                relevant=when,
                counts=True,
                role="number",
            )
        yield Field(
            code=f"{code}-year",
            type="year",
            label=self._text("number_year"),
            relevant=when,
            minimum=_FIRST_YEAR,
            maximum=_LAST_YEAR,
            role="number",
        )
        yield Field(
            code=f"{code}-source",
            type="short_text",
            label=self._text("number_source"),
            relevant=when,
            role="number",
        )
        yield Field(
            code=f"{code}-coverage",
            type="select_one",
            label=self._text("number_coverage"),
            list=self._common_list("coverage"),
            relevant=when,
            role="number",
        )

    def _roster(self) -> Roster:
        item = self.item
        rows = item.open or OpenRows()
        return Roster(
            columns=tuple(self._field(column) for column in item.columns),
            rows=self._own_list(f"{item.code}-rows", item.rows),
            least=rows.least,
            most=rows.most,
            example={f"{item.code}-{code}": text for code, text in rows.example.items()},
        )

    # checks

    def _own_checks(self) -> Iterable[Check]:
        for check in self.item.checks:
            yield Check(
                code=f"{self.item.code}-{check.code}",
                when=check.when,
                severity=check.severity,
                message=check.message,
                fields=check.fields or (self.item.code,),
            )

    def _global_checks(self) -> Iterable[Check]:
        code = self.item.code
        yield from self._years_past()
        if self.item.type == "progress":
            yield self._check(
                "expected",
                f"${{{code}}} = 'progress' and ${{{code}-expected}} < today()",
                Severity.WARNING,
            )
        if self.item.type in ("yes_no", "progress"):
            when = f"${{{code}-plannedyear}} < {_THIS_YEAR}"
            yield self._check("planned", when, Severity.WARNING, "plannedyear")
        numbers = self._number_codes()
        if numbers:
            given = " or ".join(f"${{{number}}} != ''" for number in numbers)
            yield self._check("year", f"${{{code}-year}} > {_THIS_YEAR}", Severity.ERROR)
            yield self._check("source", f"({given}) and ${{{code}-source}} = ''", Severity.INFO)

    def _years_past(self) -> Iterable[Check]:
        """G7: no year lies ahead, except horizons."""
        item = self.item
        own = [
            f"{item.code}-{field.code}"
            for field in (*item.fields, *item.columns)
            if field.type == "year" and not field.horizon
        ]
        if item.type == "year" and not item.horizon:
            own.append(item.code)
        for code in own:
            yield Check(
                code=f"{code}-ahead",
                when=f"${{{code}}} > {_THIS_YEAR}",
                severity=Severity.ERROR,
                message=self._text("check_year"),
                fields=(code,),
            )

    def _number_codes(self) -> list[str]:
        """The codes of the numbers of a question that is no table."""
        item = self.item
        own = [f"{item.code}-{field.code}" for field in item.fields if field.type in NUMBER_KINDS]
        return [item.code, *own] if item.type in NUMBER_KINDS else own

    def _check(self, name: str, when: str, severity: Severity, field: str = "") -> Check:
        return Check(
            code=f"{self.item.code}-{name}",
            when=when,
            severity=severity,
            message=self._text(f"check_{name}"),
            fields=(f"{self.item.code}-{field or name}",),
        )

    def _evidence_when(self) -> str:
        """G1: a yes, or a level of 3 or 4, asks for a document; so does any stated fact with E."""
        code = self.item.code
        if not self.item.evidence.kinds:
            return ""
        if self.item.type in ("yes_no", "progress"):
            return f"${{{code}}} = 'yes'"
        return f"${{{code}}} >= 3" if self.item.type == "maturity" else ""

    # texts and lists

    def _text(self, key: str) -> Text:
        return self.common.texts[key]

    def _common_list(self, name: str) -> str:
        self.lists[name] = self.common.lists[name]
        return name

    def _shared_list(self, name: str) -> str:
        own = f"{self.item.code.partition('-')[0]}-list-{name}"
        self.lists[own] = self.shared[name]
        return own

    def _own_list(self, name: str, choices: tuple[Choice, ...]) -> str:
        if not choices:
            return ""
        self.lists[name] = choices
        return name


def _minimum(kind: str, stated: str, negative: bool) -> str:
    if stated or negative:
        return stated
    if kind == "year":
        return _FIRST_YEAR
    return "0" if kind in NUMBER_KINDS else ""


def _maximum(kind: str, stated: str) -> str:
    if stated:
        return stated
    return {"percent": "100", "year": _LAST_YEAR}.get(kind, "")
