"""Finding responses, saving answers, settling conflicts, telling their history."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from survey.banks.service import names_of
from survey.core.answers import (
    EMPTY,
    Answer,
    NonAnswer,
    Part,
    Stored,
    parts_of,
)
from survey.core.merge import Item, Kind, changes, fold
from survey.core.policy import Act as Deed
from survey.core.policy import Situation, Viewer, may
from survey.core.problems import Refused
from survey.core.state import Status
from survey.database import new_id
from survey.questionnaires.models import Version
from survey.responses.board import Board, after, board_of
from survey.responses.ledger import Act, append, base_of, events_after, lock, part_of
from survey.responses.models import AnswerEvent, Change, Conflict, Response
from survey.responses.sealed import earlier_of
from survey.rounds.models import Round
from survey.rounds.service import advance as advance_round

_OF_CHANGE = and_(Change.response_id == AnswerEvent.response_id, Change.seq == AnswerEvent.seq)


class UnknownBase(Refused):
    """The page says it was made from a state the response never had."""

    code = "unknown_base"


class KeyUsedTwice(Refused):
    """The same key came with another save: the first one stands."""

    code = "key_used_twice"


class ConflictSettled(Refused):
    """Somebody settled this conflict in the meantime."""

    code = "conflict_settled"


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What a save came to. `conflicts`: what came second and waits beside what stands."""

    seq: int
    board: Board
    conflicts: tuple[Item, ...] = ()


def open_response(session: Session, round_: Round, version: Version, owner: UUID) -> Response:
    """A new, empty response of a round to a published version, in the country's own words."""
    own = msgspec.json.encode(names_of(session, round_.country), order="sorted")
    response = Response(
        round=round_,
        version=version,
        questionnaire_id=version.questionnaire_id,
        owner_id=owner,
        head_hash=b"",
        submitted_at=None,
        names=own.decode(),
        earlier=earlier_of(session, round_.country),
    )
    session.add(response)
    session.flush()
    return response


def situation_of(response: Response) -> Situation:
    """What the policy has to know of a response."""
    return Situation(
        country=response.round.country,
        round=str(response.round_id),
        owner=str(response.owner_id),
        state="draft" if response.is_open else "submitted",
    )


def response_for(
    session: Session, viewer: Viewer, response_id: UUID, deed: Deed
) -> Response | None:
    """The response, if the viewer may do this with it; otherwise as if it did not exist."""
    response = session.get(Response, response_id)
    if response is None or not may(viewer, deed, situation_of(response)):
        return None
    return response


def responses_of(session: Session, viewer: Viewer, deed: Deed) -> list[Response]:
    """The responses with which the viewer may do this, the newest first."""
    countries = {grant.country for grant in viewer.grants if grant.country}
    rounds = {UUID(grant.round) for grant in viewer.grants if grant.round}
    query = (
        select(Response)
        .join(Response.round)
        .where(or_(Round.country.in_(countries), Round.id.in_(rounds)))
        .order_by(Response.id.desc())
    )
    found = session.scalars(query).unique()
    return [each for each in found if may(viewer, deed, situation_of(each))]


def save(
    session: Session,
    response: Response,
    owner: UUID,
    base_seq: int,
    wanted: Mapping[Part, Stored | None],
    act: Act,
) -> Saved:
    """Fold what a page says into what is here, part by part, as one change.

    `wanted` are the parts of the page, None for nothing; `base_seq` is the seq the page showed.
    Parts changed on both sides stay as they are here; what came second is kept as a conflict.

    Raises:
        ResponseClosed: it was submitted in the meantime.
        UnknownBase: the response never had that seq.
        KeyUsedTwice: the key of the act belongs to another save.
    """
    lock(session, response)
    if not 0 <= base_seq <= response.seq:
        raise UnknownBase()
    board = board_of(session, response, owner, act.at)
    if base_seq == response.seq:
        return write(session, response, owner, board, wanted, act)
    repeated = _same_act(session, response, act)
    if repeated:
        _refuse_other_body(session, response, repeated, wanted)
        return Saved(seq=repeated.seq, board=board)
    later = events_after(session, response.id, owner, base_seq)
    here = parts_of({code: board.answers.get(code, EMPTY) for code in _questions(wanted)})
    base = base_of(here, [event for event in later if event.question in _questions(wanted)])
    there = {**base, **wanted}
    merged = fold(base, here, {part: v for part, v in there.items() if v is not None})
    conflicts = tuple(item for item in merged.waiting if item.kind is Kind.CONFLICT)
    _keep_conflicts(session, response, owner, conflicts, act)
    saved = write(session, response, owner, board, changes(here, merged.parts), act)
    return msgspec.structs.replace(saved, conflicts=conflicts)


def _questions(parts: Collection[Part]) -> set[str]:
    return {part.question for part in parts}


def is_repeated(session: Session, response: Response, act: Act) -> bool:
    """Whether the key of the act was used before: what it asks for is done."""
    return _same_act(session, response, act) is not None


def _same_act(session: Session, response: Response, act: Act) -> Change | None:
    query = select(Change).where(Change.response_id == response.id, Change.idem == act.idem)
    return session.scalar(query)


def _refuse_other_body(
    session: Session, response: Response, change: Change, wanted: Mapping[Part, Stored | None]
) -> None:
    query = select(AnswerEvent).where(
        AnswerEvent.response_id == response.id, AnswerEvent.seq == change.seq
    )
    for event in session.scalars(query):
        if wanted.get(part_of(event), event.new) != event.new:
            raise KeyUsedTwice()


def write(
    session: Session,
    response: Response,
    owner: UUID,
    board: Board,
    wanted: Mapping[Part, Stored | None],
    act: Act,
) -> Saved:
    """Write parts as one change of the response; the caller holds the lock and settled them.

    The first change of a round that was issued takes it to answering.
    """
    before = {code: board.answers.get(code, EMPTY) for code in _questions(wanted)}
    seq = append(session, response, owner, act, before, wanted)
    if seq != board.seq and response.round.state == "R3":
        advance_round(session, response.round, "answer", act.actor, act.at)
    return Saved(seq=seq, board=after(board, wanted, response, act.at))


def _keep_conflicts(
    session: Session, response: Response, owner: UUID, items: Sequence[Item], act: Act
) -> None:
    for item in items:
        conflict = Conflict(
            id=new_id(),
            response_id=response.id,
            owner_id=owner,
            question=item.part.question,
            row=item.part.row,
            part=item.part.part,
            base=item.base,
            there=item.there,
            seq=response.seq,
            actor_id=act.actor,
            at=act.at,
            settled_seq=None,
        )
        session.add(conflict)


def open_conflicts(session: Session, response: Response, owner: UUID) -> list[Conflict]:
    """What came second and waits, the oldest first."""
    query = (
        select(Conflict)
        .where(
            Conflict.response_id == response.id,
            Conflict.owner_id == owner,
            Conflict.settled_seq.is_(None),
        )
        .order_by(Conflict.id)
        .options(joinedload(Conflict.actor))
    )
    return list(session.scalars(query))


def settle(session: Session, response: Response, conflict_id: UUID, take: str, act: Act) -> Saved:
    """Settle a conflict: `take` is "here" or "there"; both versions stay in the history.

    Raises:
        ConflictSettled: it is settled, or none of this response.
    """
    lock(session, response)
    conflict = session.get(Conflict, conflict_id, with_for_update=True)
    if conflict is None or conflict.response_id != response.id or conflict.settled_seq is not None:
        raise ConflictSettled()
    board = board_of(session, response, conflict.owner_id, act.at)
    part = Part(conflict.question, conflict.row, conflict.part)
    wanted = {part: conflict.there} if take == "there" else {}
    saved = write(session, response, conflict.owner_id, board, wanted, act)
    conflict.settled_seq = saved.seq
    session.flush()
    return saved


def mark_section_not_applicable(
    board: Board, section: str, reason: Stored
) -> dict[Part, Stored | None]:
    """The parts that say of every question of a section without an answer that it does not apply.

    `domain.md` 0.4 rule 6: one action, with a reason, for a level of government that is not there.
    """
    state = {"state": NonAnswer.NOT_APPLICABLE.value}
    return {
        part: value
        for question in board.index.sections[section].questions
        if board.state.questions[question.code].status is Status.UNANSWERED
        for part, value in (
            (Part(question.code, "", question.code), state),
            (Part(question.code, "", "reason"), reason),
        )
    }


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a history: who changed which part when, and how."""

    seq: int
    at: datetime
    actor: str
    via: str
    on_behalf: dict[str, str] | None
    part: Part
    old: Stored | None
    new: Stored | None


def history(
    session: Session, response: Response, owner: UUID, question: str, most: int = 200
) -> list[Entry]:
    """What happened to one answer, the latest first."""
    query = (
        select(AnswerEvent, Change)
        .join(
            Change,
            (Change.response_id == AnswerEvent.response_id) & (Change.seq == AnswerEvent.seq),
        )
        .where(
            AnswerEvent.response_id == response.id,
            AnswerEvent.owner_id == owner,
            AnswerEvent.question == question,
        )
        .order_by(AnswerEvent.seq.desc(), AnswerEvent.position)
        .options(joinedload(Change.actor))
        .limit(most)
    )
    return [_entry(event, change) for event, change in session.execute(query)]


def _entry(event: AnswerEvent, change: Change) -> Entry:
    return Entry(
        seq=event.seq,
        at=change.at,
        actor=change.actor.name,
        via=change.via,
        on_behalf=change.on_behalf,
        part=part_of(event),
        old=event.old,
        new=event.new,
    )


def answer_of(board: Board, code: str) -> Answer:
    """The answer to a question, empty when there is none."""
    return board.answers.get(code, EMPTY)
