"""Composing a questionnaire from items, checking it, publishing versions."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from survey.accounts.models import Person
from survey.banks.models import Bank, BankItem, BankSection
from survey.banks.service import common_of, items_of
from survey.core.checking import blocks, problems_of
from survey.core.composition import Heading, Part, assemble, other_topics, without_checks_on
from survey.core.instrument import Choice, Instrument, Text, encode, sha256
from survey.core.joining import bank_of
from survey.core.policy import Act, Situation, Viewer, may
from survey.core.problems import Problem, Refused
from survey.database import now
from survey.questionnaires.models import Questionnaire, Version


class NotPublishable(Refused):
    """The questionnaire has errors; `problems` lists all of them."""

    code = "not_publishable"


class ChangedMeanwhile(Refused):
    """Somebody else changed the questionnaire since the form was shown; nothing was changed."""

    code = "questionnaire_changed_meanwhile"


class UnknownItems(Refused):
    """These codes are items of none of the banks."""

    code = "unknown_items"


def compose(
    session: Session,
    banks: Sequence[str],
    languages: Sequence[str],
    title: Text,
    items: Sequence[str] = (),
    blank: bool = False,
) -> Questionnaire:
    """A new questionnaire with the items named, or all items of the banks, section by section.

    All items come between the modules that open and close every topic (`domain.md` 0.6).
    `blank`: without sections and items.

    Raises:
        UnknownItems: a bank or an item that is not there.
    """
    found = items_of(session, banks)
    known = {item.code for item in found}
    absent = [code for code in items if code not in known]
    missing = set(banks) - {bank_of(item.code) for item in found}
    if absent or missing:
        raise UnknownItems(codes=", ".join([*sorted(missing), *absent]))
    chosen = sections_of(item for item in found if not items or item.code in items)
    questionnaire = Questionnaire(
        code=_new_code(session, banks),
        title=title,
        introduction={},
        languages=list(languages),
        due="",
        sections=[] if blank else chosen if items else _between_modules(session, banks, chosen),
    )
    session.add(questionnaire)
    session.flush()
    return questionnaire


def _new_code(session: Session, banks: Sequence[str]) -> str:
    stem = "-".join(banks).lower() or "questionnaire"
    taken = session.scalar(
        select(func.count()).where(Questionnaire.code.startswith(stem, autoescape=True))
    )
    return f"{stem}-{(taken or 0) + 1}-{uuid.uuid4().hex[:6]}"


def _between_modules(session: Session, banks: Sequence[str], sections: list[Any]) -> list[Any]:
    query = (
        select(BankSection)
        .join(Bank)
        .where(BankSection.place != "", Bank.code.not_in(banks))
        .order_by(BankSection.position)
        .options(selectinload(BankSection.items))
    )
    found: dict[str, list[Any]] = {"opening": [], "closing": []}
    for module in session.scalars(query):
        found[module.place] += sections_of(module.items)
    return [*found["opening"], *sections, *found["closing"]]


def sections_of(items: Iterable[BankItem]) -> list[Any]:
    """The items under the sections of their banks, in their order."""
    sections: dict[str, dict[str, Any]] = {}
    for item in items:
        own = sections.setdefault(item.section.code, section_of(item.section))
        own["items"].append(item.code)
    return list(sections.values())


def section_of(section: BankSection) -> dict[str, Any]:
    """A dimension of a bank as a section of a questionnaire, without items."""
    return {
        "code": section.code,
        "title": section.title,
        "introduction": section.introduction,
        "who": section.who,
        "documents": section.documents,
        "minutes": section.minutes,
        "module": bool(section.place),
        "items": [],
    }


def questionnaire_for(
    session: Session, viewer: Viewer, questionnaire_id: UUID, act: Act, to_change: bool = False
) -> Questionnaire | None:
    """The questionnaire with its versions, if `viewer` may do `act` to it.

    `to_change`: nobody else changes it before this transaction ends.
    """
    if not may(viewer, act, Situation()):
        return None
    query = (
        select(Questionnaire)
        .where(Questionnaire.id == questionnaire_id)
        .options(selectinload(Questionnaire.versions))
    )
    return session.scalar(query.with_for_update() if to_change else query)


def questionnaires(session: Session) -> list[Questionnaire]:
    """Every questionnaire, the newest first, with its versions."""
    query = (
        select(Questionnaire)
        .order_by(Questionnaire.id.desc())
        .options(selectinload(Questionnaire.versions))
    )
    return list(session.scalars(query))


def draft_of(session: Session, questionnaire: Questionnaire) -> Instrument:
    """The instrument that would be published now, as the next version; it may have problems."""
    return _composed(session, questionnaire)[0]


def _composed(
    session: Session, questionnaire: Questionnaire
) -> tuple[Instrument, tuple[Problem, ...]]:
    """The draft without the checks that read items left out, and a warning for each of those."""
    rows = _items(session, questionnaire.item_codes)
    shared = _shared_lists(session)
    heading = Heading(
        code=questionnaire.code,
        version=len(questionnaire.versions) + 1,
        languages=tuple(questionnaire.languages),
        title=questionnaire.title,
        introduction=questionnaire.introduction,
        due=questionnaire.due,
    )
    parts = [_part(section, rows, shared) for section in questionnaire.sections]
    composed = assemble(heading, parts, common_of(session))
    elsewhere = {code for code in session.scalars(select(BankItem.code)) if code not in rows}
    elsewhere |= other_topics(composed, {bank_of(code) for code in rows})
    whole, left_out = without_checks_on(composed, elsewhere)
    return whole, tuple(problem for problem in left_out if _is_missed(problem, rows))


def _is_missed(problem: Problem, rows: Mapping[str, BankItem]) -> bool:
    """Whether a check that was left out compares with an item of a bank that is asked.

    Checks across topics are there for questionnaires of both; elsewhere nobody misses them.
    """
    banks = {bank_of(code) for code in rows}
    names = msgspec.convert(problem.params["names"], tuple[str, ...])
    return any(bank_of(name) in banks for name in names)


def _items(session: Session, codes: Sequence[str]) -> dict[str, BankItem]:
    rows = session.scalars(select(BankItem).where(BankItem.code.in_(codes)))
    return {row.code: row for row in rows}


def _shared_lists(session: Session) -> dict[str, dict[str, tuple[Choice, ...]]]:
    """Bank code -> the lists its items share."""
    found = {}
    for code, document in session.execute(select(Bank.code, Bank.document)):
        raw = document.get("lists", {})
        found[code] = msgspec.convert(raw, dict[str, tuple[Choice, ...]])
    return found


def _part(
    section: Mapping[str, Any],
    rows: Mapping[str, BankItem],
    shared: Mapping[str, Mapping[str, tuple[Choice, ...]]],
) -> Part:
    items = [rows[code].item for code in section["items"] if code in rows]
    return Part(
        code=section["code"],
        title=section["title"],
        introduction=section.get("introduction", {}),
        who=section.get("who", {}),
        documents=section.get("documents", {}),
        minutes=section.get("minutes", 0),
        module=section.get("module", False),
        items=tuple((item, shared[bank_of(item.code)]) for item in items),
    )


class Examined(NamedTuple):
    """What would be published now, and every problem that publishing would meet."""

    draft: Instrument
    problems: tuple[Problem, ...]


def examine(session: Session, questionnaire: Questionnaire) -> Examined:
    """The draft with its problems, warnings too."""
    draft, left_out = _composed(session, questionnaire)
    codes = questionnaire.item_codes
    there = _items(session, codes)
    lost = (Problem(code="item_gone", where=code) for code in codes if code not in there)
    return Examined(draft, (*lost, *left_out, *problems_of(draft)))


def check(session: Session, questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Every problem that publishing would meet, warnings too."""
    return examine(session, questionnaire).problems


def is_unchanged(draft: Instrument, version: Version) -> bool:
    """Whether the draft says what the version says, its number apart."""
    same = msgspec.structs.replace(draft, version=version.number)
    return sha256(encode(same)) == version.sha256


def publish(
    session: Session,
    questionnaire: Questionnaire,
    by: UUID | None,
    at: datetime | None = None,
    seq: int | None = None,
) -> Version:
    """Freeze what is composed as the next version; `seq` is the state its publisher saw.

    Raises:
        ChangedMeanwhile: `seq` is given and is not the present one.
        NotPublishable: it has errors; carries all problems.
    """
    if seq is not None and seq != questionnaire.seq:
        raise ChangedMeanwhile()
    draft, problems = examine(session, questionnaire)
    if blocks(problems):
        raise NotPublishable(*problems, count=len(problems))
    document = encode(draft)
    version = Version(
        number=len(questionnaire.versions) + 1,
        document=document,
        sha256=sha256(document),
        published_at=at or now(),
        published_by=by,
    )
    questionnaire.versions.append(version)
    session.flush()
    return version


def publisher(session: Session, version: Version) -> Person | None:
    """Who published the version; None: a command did."""
    return session.get(Person, version.published_by) if version.published_by else None


def revise(session: Session, questionnaire: Questionnaire, seq: int, **changes: Any) -> None:
    """Change what is composed: any of title, introduction, languages, due, sections.

    Raises:
        ChangedMeanwhile: `seq` is not the present one: the form was made from an older state.
    """
    if questionnaire.seq != seq:
        raise ChangedMeanwhile()
    for name, value in changes.items():
        setattr(questionnaire, name, value)
    questionnaire.seq = seq + 1
    session.flush()
