"""What happened lately to the answers of a response, and who may be asked about it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import BindParameter, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from survey.accounts.models import Grant, Person
from survey.core.answers import Part
from survey.core.policy import Role
from survey.responses.models import AnswerEvent, Change, Conflict, Response


def _latest() -> Select[str, int, datetime, str, str]:
    """The statement of `latest`, made once: a page of answers asks it every time."""
    response: BindParameter[UUID] = bindparam("response")
    touched = (
        select(AnswerEvent.question, AnswerEvent.seq)
        .where(
            AnswerEvent.response_id == response,
            AnswerEvent.owner_id == bindparam("owner"),
            AnswerEvent.question.in_(bindparam("codes", expanding=True)),
        )
        .distinct()
        .subquery()
    )
    place = func.row_number().over(partition_by=touched.c.question, order_by=touched.c.seq.desc())
    numbered = select(touched, place.label("place")).subquery()
    return (
        select(numbered.c.question, numbered.c.seq, Change.at, Person.name, Change.via)
        .join(Change, and_(Change.response_id == response, Change.seq == numbered.c.seq))
        .join(Person, Person.id == Change.actor_id)
        .where(numbered.c.place <= bindparam("most"))
        .order_by(numbered.c.question, numbered.c.seq.desc())
    )


def _people() -> Select[Person]:
    """The statement of `people_of`, made once."""
    liaison = and_(
        Grant.role == Role.LIAISON.value,
        Grant.country == bindparam("country"),
        or_(Grant.round_id.is_(None), Grant.round_id == bindparam("round")),
    )
    is_coordinator = Person.id == bindparam("coordinator")
    return (
        select(Person)
        .where(
            or_(is_coordinator, Person.id.in_(select(Grant.person_id).where(liaison))),
            Person.disabled.is_(False),
        )
        .order_by(Person.name, Person.id)
    )


_LATEST: Final = _latest()
_PEOPLE: Final = _people()


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one answer, without its contents."""

    seq: int
    at: datetime
    actor: str
    via: str


class Lately(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the response and the questions it touched, in their order."""

    at: datetime
    actor: str
    via: str
    questions: tuple[str, ...]


class People(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to ask: the coordinator of the round and the country's liaisons."""

    coordinator: Person | None
    liaisons: tuple[Person, ...]


def latest(
    session: Session, response: Response, owner: UUID, codes: Collection[str], most: int = 3
) -> dict[str, list[Line]]:
    """Question code -> its last changes, the latest first; never answered: left out."""
    given = {"response": response.id, "owner": owner, "codes": list(codes), "most": most}
    found: dict[str, list[Line]] = {}
    for question, seq, at, actor, via in session.execute(_LATEST, given):
        found.setdefault(question, []).append(Line(seq=seq, at=at, actor=actor, via=via))
    return found


def lately(session: Session, response: Response, viewer: UUID, most: int = 5) -> list[Lately]:
    """The last changes that others made to a response, the latest first."""
    recent = (
        select(Change.seq, Change.at, Change.via, Person.name)
        .join(Person, Person.id == Change.actor_id)
        .where(Change.response_id == response.id, Change.actor_id != viewer)
        .order_by(Change.seq.desc())
        .limit(most)
        .subquery()
    )
    query = (
        select(recent, AnswerEvent.question)
        .join(
            AnswerEvent,
            and_(AnswerEvent.response_id == response.id, AnswerEvent.seq == recent.c.seq),
        )
        .order_by(recent.c.seq.desc(), AnswerEvent.position)
    )
    found: dict[int, Lately] = {}
    for seq, at, via, actor, question in session.execute(query):
        known = found.get(seq) or Lately(at=at, actor=actor, via=via, questions=())
        questions = tuple(dict.fromkeys((*known.questions, question)))
        found[seq] = msgspec.structs.replace(known, questions=questions)
    return list(found.values())


def people_of(session: Session, response: Response) -> People:
    """Whom to ask about a response: the people whose accounts are open, by name."""
    round_ = response.round
    given = {"coordinator": round_.coordinator_id, "country": round_.country, "round": round_.id}
    found = session.scalars(_PEOPLE, given).all()
    return People(
        coordinator=next((p for p in found if p.id == round_.coordinator_id), None),
        liaisons=tuple(p for p in found if p.id != round_.coordinator_id),
    )


def authors_of(
    session: Session, response: Response, owner: UUID, conflicts: Collection[Conflict]
) -> Mapping[Part, Line]:
    """Part -> who gave what stands beside a conflict, and when; one statement, none for none."""
    return authors_in(session, response, owner, {conflict.question for conflict in conflicts})


def authors_in(
    session: Session, response: Response, owner: UUID, questions: Collection[str]
) -> Mapping[Part, Line]:
    """Part -> who gave the present answers to these questions, and when."""
    if not questions:
        return {}
    query = (
        select(
            AnswerEvent.question,
            AnswerEvent.row,
            AnswerEvent.part,
            AnswerEvent.seq,
            Change.at,
            Person.name,
            Change.via,
        )
        .join(
            Change,
            and_(Change.response_id == AnswerEvent.response_id, Change.seq == AnswerEvent.seq),
        )
        .join(Person, Person.id == Change.actor_id)
        .where(
            AnswerEvent.response_id == response.id,
            AnswerEvent.owner_id == owner,
            AnswerEvent.question.in_(questions),
        )
        .order_by(AnswerEvent.seq)
    )
    return {
        Part(question, row, part): Line(seq=seq, at=at, actor=actor, via=via)
        for question, row, part, seq, at, actor, via in session.execute(query)
    }
