"""The composer's page: bank, questionnaire, problems, as plain values for the components."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.banks.conditions import condition_words
from survey.banks.models import BankSection
from survey.banks.pages import item_told, matching, section_title
from survey.banks.words import language_names
from survey.core.instrument import Index, Question
from survey.questionnaires.deeds import Catalogue
from survey.questionnaires.models import Questionnaire, Version
from survey.questionnaires.pages.troubles import Ground, Trouble, completeness, troubles_of
from survey.questionnaires.service import Examined, is_unchanged
from survey.web.languages import in_language
from survey.web.reading import Reader

Shown = dict[str, Any]
MOST: Final = 12  # problems shown beside the questionnaire; the others on the page of publishing
ALL: Final = "all"


@dataclass(frozen=True)
class Desk:
    """What a designer sees of one questionnaire. `wanted` and `dimension` filter the bank."""

    questionnaire: Questionnaire
    examined: Examined
    catalogue: Catalogue
    reader: Reader
    wanted: str = ""
    dimension: str = ""

    @cached_property
    def index(self) -> Index:
        return Index(self.examined.draft)

    @cached_property
    def troubles(self) -> list[Trouble]:
        ground = Ground(self.questionnaire, self.index, self.catalogue.order)
        return troubles_of(ground, self.examined.problems)

    @property
    def last(self) -> Version | None:
        versions = self.questionnaire.versions
        return versions[-1] if versions else None

    @property
    def has_errors(self) -> bool:
        return any(trouble.kind == "error" for trouble in self.troubles)

    def url(self, page: str, **more: Any) -> str:
        return url_for(f"questionnaires.{page}", questionnaire_id=self.questionnaire.id, **more)


def desk_shown(desk: Desk) -> Shown:
    """The whole page."""
    return {
        "id": desk.questionnaire.id,
        "seq": desk.questionnaire.seq,
        "head": head_shown(desk),
        "bank": _bank(desk),
        "sections": _sections(desk),
        "targets": [(each["code"], _title(each)) for each in desk.questionnaire.sections],
        "counts": _counts(desk),
        "problems": problems_shown(desk),
        "languages": completeness(desk.index),
        "properties": _properties(desk),
        "versions": [version_told(desk, each) for each in reversed(desk.questionnaire.versions)],
    }


def head_shown(desk: Desk) -> Shown:
    """Title, state of the draft, where to go on."""
    last = desk.last
    return {
        "title": in_language(desk.questionnaire.title, tuple(desk.questionnaire.languages)),
        "version": len(desk.questionnaire.versions) + 1,
        "languages": language_names(desk.questionnaire.languages),
        "unchanged": last.number if last and is_unchanged(desk.examined.draft, last) else 0,
        "errors": sum(1 for trouble in desk.troubles if trouble.kind == "error"),
        "desk": desk.url("desk"),
        "publish": desk.url("publish"),
        "preview": desk.url("preview"),
        "properties": desk.url("properties"),
    }


def problems_shown(desk: Desk, most: int = MOST) -> Shown:
    """The first problems, and how many there are."""
    ordered = sorted(desk.troubles, key=lambda trouble: trouble.kind != "error")
    return {"all": len(ordered), "items": ordered[:most], "url": desk.url("publish")}


# the bank


def _bank(desk: Desk) -> Shown:
    present = set(desk.questionnaire.item_codes)
    chosen = _dimension(desk, present)
    sections = [each for code, each in desk.catalogue.dimensions.items() if chosen in (ALL, code)]
    found = [_dimension_shown(desk, section, present) for section in sections]
    return {
        "all": len(desk.catalogue.order),
        "wanted": desk.wanted,
        "dimension": chosen,
        "dimensions": _choices(desk),
        "sections": [each for each in found if each["items"]],
    }


def _dimension(desk: Desk, present: set[str]) -> str:
    """The dimension shown: the one asked for, all of them for a search, else the first that still
    has something to add."""
    dimensions = desk.catalogue.dimensions
    if desk.dimension == ALL or desk.dimension in dimensions:
        return desk.dimension
    if desk.wanted:
        return ALL
    lacking = (
        code
        for code, section in dimensions.items()
        if any(row.code not in present for row in section.items)
    )
    return next(lacking, next(iter(dimensions), ALL))


def _choices(desk: Desk) -> list[tuple[str, str]]:
    several = len(desk.catalogue.banks) > 1
    return [
        (
            section.code,
            f"{bank.code} · {section_title(section)}" if several else section_title(section),
        )
        for bank in desk.catalogue.banks
        for section in bank.sections
    ]


def _dimension_shown(desk: Desk, section: BankSection, present: set[str]) -> Shown:
    rows = matching(section.items, desk.wanted)
    lacking = [row.code for row in section.items if row.code not in present]
    return {
        "code": section.code,
        "title": section_title(section),
        "items": [{**item_told(row), "present": row.code in present} for row in rows],
        "lacking": len(lacking),
    }


# the questionnaire


def _sections(desk: Desk) -> list[Shown]:
    flags = _flags(desk)
    sections = desk.questionnaire.sections
    return [
        {
            "code": section["code"],
            "mark": section["code"].rpartition("-")[2],
            "title": _title(section),
            "edit": desk.url("section", code=section["code"]),
            "first": place == 0,
            "last": place == len(sections) - 1,
            "flags": flags.get(f"s-{section['code']}", ()),
            "items": [
                {
                    **_row(desk, code, flags.get(f"q-{code}", ())),
                    "first": place == 0 and n == 0,
                    "last": place == len(sections) - 1 and n == len(section["items"]) - 1,
                }
                for n, code in enumerate(section["items"])
            ],
        }
        for place, section in enumerate(sections)
    ]


def _title(section: Mapping[str, Any]) -> str:
    return in_language(section["title"]) or str(_("Section without a title"))


def _flags(desk: Desk) -> dict[str, list[Trouble]]:
    """Id of a row of the page -> its problems, the worst first."""
    flags: dict[str, list[Trouble]] = {}
    for trouble in desk.troubles:
        row = flags.setdefault(trouble.row, [])
        if all(trouble.words != known.words for known in row):
            row.append(trouble)
    return {row: sorted(each, key=lambda t: t.kind != "error") for row, each in flags.items()}


def _row(desk: Desk, code: str, flags: Sequence[Trouble]) -> Shown:
    question = desk.index.questions.get(code)
    home = desk.catalogue.home.get(code)
    if question is None or home is None:
        return {"code": code, "title": code, "kind": "", "url": "", "flags": flags}
    told = item_told(next(row for row in home.items if row.code == code))
    return {**told, "kind": _line(desk, question, told["kind"]), "flags": flags}


def _line(desk: Desk, question: Question, kind: str) -> str:
    if not question.relevant:
        return kind
    words = condition_words(desk.index, question.relevant)
    return str(_("%(kind)s · asked if %(condition)s", kind=kind, condition=words))


def _counts(desk: Desk) -> str:
    sections = len(desk.questionnaire.sections)
    items = len(desk.questionnaire.item_codes)
    told = [
        ngettext("%(num)d section", "%(num)d sections", sections),
        ngettext("%(num)d question", "%(num)d questions", items),
    ]
    return " · ".join(told)


# beside it


def _properties(desk: Desk) -> list[tuple[str, str]]:
    due = desk.questionnaire.due
    return [
        (_("Due"), desk.reader.day(date.fromisoformat(due)) if due else _("No date")),
        (_("Introduction"), _introduction(desk.questionnaire)),
    ]


def _introduction(questionnaire: Questionnaire) -> str:
    missing = [tag for tag in questionnaire.languages if not questionnaire.introduction.get(tag)]
    if len(missing) == len(questionnaire.languages):
        return str(_("None"))
    return str(_("Written")) if not missing else str(_("Not in every language"))


def version_told(desk: Desk, version: Version) -> Shown:
    """A published version in a list."""
    return {
        "number": version.number,
        "url": desk.url("version", number=version.number),
        "when": desk.reader.moment(version.published_at),
        "short": version.sha256[:8],
    }
