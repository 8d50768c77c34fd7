"""The changes of a response: appended, hash-chained, replayed and verified.

The current answers are always what the events say: `rebuild` makes them anew, `verify` compares.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from survey.core.answers import Answer, NonAnswer, Part, Parts, Row, Stored, answers_of, parts_of
from survey.core.problems import Problem, Refused
from survey.database import WRITES
from survey.responses.models import AnswerEvent, AnswerRow, Change, Response

_FORMAT: Final = 1  # of what is hashed


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Who did it, how and when. `idem` is the client's key: the same key is the same act."""

    actor: UUID
    via: str
    at: datetime
    idem: str
    on_behalf: dict[str, str] | None = None
    import_id: UUID | None = None
    undoes: int | None = None


class ResponseClosed(Refused):
    """The response was submitted; its answers do not change any more."""

    code = "response_closed"


Changes = Mapping[Part, Stored | None]  # None: the part loses its value


def lock(session: Session, response: Response) -> None:
    """Take the row lock of a response and read it again; all changes to it queue here.

    Raises:
        ResponseClosed: it was submitted in the meantime.
    """
    if not _is_alone(session):
        session.refresh(response, ["seq", "head_hash", "submitted_at"], with_for_update=True)
    if not response.is_open:
        raise ResponseClosed()


def _is_alone(session: Session) -> bool:
    """Whether nobody else can write until this transaction ends: a deed on SQLite.

    It holds the lock of the whole database since before it read anything.
    """
    connection = session.connection()
    writes = connection.get_execution_options().get(WRITES, False)
    return bool(writes) and connection.dialect.name == "sqlite"


def append(
    session: Session,
    response: Response,
    owner: UUID,
    act: Act,
    before: Mapping[str, Answer],
    changes: Changes,
) -> int:
    """Write one change and the answers it leads to; the caller holds the lock.

    `before` are the present answers to the questions touched. Parts that already have their new
    value are left out; if none is left nothing is written and the present seq is returned.
    """
    old = parts_of(before)
    effective = {part: new for part, new in changes.items() if old.get(part) != new}
    if not effective:
        return response.seq
    change = _change(response, act)
    events = _events(change, owner, old, effective)
    change.hash = hash_of(change, events)
    response.seq, response.head_hash = change.seq, change.hash
    session.add(change)
    session.flush()
    session.add_all(events)
    _write_answers(session, response, owner, change.seq, old, effective)
    session.flush()
    return change.seq


def _change(response: Response, act: Act) -> Change:
    return Change(
        response_id=response.id,
        seq=response.seq + 1,
        actor_id=act.actor,
        on_behalf=act.on_behalf,
        via=act.via,
        import_id=act.import_id,
        undoes=act.undoes,
        idem=act.idem,
        at=act.at,
        prev_hash=response.head_hash,
    )


def _events(change: Change, owner: UUID, old: Parts, effective: Changes) -> list[AnswerEvent]:
    return [
        AnswerEvent(
            response_id=change.response_id,
            seq=change.seq,
            position=position,
            owner_id=owner,
            question=part.question,
            row=part.row,
            part=part.part,
            old=old.get(part),
            new=effective[part],
        )
        for position, part in enumerate(sorted(effective), 1)
    ]


def hash_of(change: Change, events: Iterable[AnswerEvent]) -> bytes:
    """The SHA-256 of a change with its events, chained to the one before it."""
    content = [
        _FORMAT,
        str(change.response_id),
        change.seq,
        str(change.actor_id),
        change.on_behalf,
        change.via,
        str(change.import_id or ""),
        change.undoes,
        change.idem,
        change.at.isoformat(),
        [[str(e.owner_id), e.question, e.row, e.part, e.old, e.new] for e in events],
    ]
    document = msgspec.json.encode(content, order="sorted")
    return hashlib.sha256(change.prev_hash + document).digest()


def _write_answers(
    session: Session,
    response: Response,
    owner: UUID,
    seq: int,
    old: Parts,
    effective: Changes,
) -> None:
    fresh: dict[Part, Stored | None] = {**old, **effective}
    touched = {(part.question, part.row) for part in effective}
    there = {(part.question, part.row) for part in old}
    keys = {"response_id": response.id, "owner_id": owner, "seq": seq}
    rows = _rows_of(fresh)
    changed = [keys | rows[key] for key in sorted(touched & rows.keys() & there)]
    new = [keys | rows[key] for key in sorted((touched & rows.keys()) - there)]
    if changed:
        session.execute(update(AnswerRow), changed)
    if new:
        session.execute(insert(AnswerRow), new)
    for question, row in sorted((touched & there) - rows.keys()):
        session.execute(
            delete(AnswerRow).where(
                AnswerRow.response_id == response.id,
                AnswerRow.owner_id == owner,
                AnswerRow.question == question,
                AnswerRow.row == row,
            )
        )


def _rows_of(parts: Mapping[Part, Stored | None]) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of the table `answer` that these parts make: (question, row) -> columns."""
    answers = answers_of({part: value for part, value in parts.items() if value is not None})
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for question, answer in answers.items():
        if msgspec.structs.replace(answer, rows=()) != Answer():
            found[question, ""] = _own_columns(question, answer)
        for row in answer.rows:
            columns = {"question": question, "row": row.id, "fields": dict(row.fields)}
            found[question, row.id] = _EMPTY_COLUMNS | columns | {"position": row.position}
    return found


_EMPTY_COLUMNS: Final[dict[str, Any]] = {
    "state": None,
    "reason": None,
    "remark": None,
    "visibility": None,
    "evidence": [],
    "explanations": {},
    "position": None,
}


def _own_columns(question: str, answer: Answer) -> dict[str, Any]:
    return {
        "question": question,
        "row": "",
        "fields": dict(answer.fields),
        "state": answer.non_answer.value if answer.non_answer else None,
        "reason": answer.reason,
        "remark": answer.remark,
        "visibility": answer.visibility or None,
        "evidence": list(answer.evidence),
        "explanations": dict(answer.explanations),
        "position": None,
    }


def stored_answers(session: Session, response: UUID, owner: UUID) -> dict[str, Answer]:
    """The present answers of one owner, from the table `answer`."""
    query = select(AnswerRow).where(AnswerRow.response_id == response, AnswerRow.owner_id == owner)
    own: dict[str, AnswerRow] = {}
    rows: dict[str, list[Row]] = {}
    for each in session.scalars(query.execution_options(populate_existing=True)):
        if each.position is None:
            own[each.question] = each
        else:
            row = Row(id=each.row, position=each.position, fields=each.fields)
            rows.setdefault(each.question, []).append(row)
    return {
        question: _answer(own.get(question), rows.get(question, []))
        for question in own.keys() | rows.keys()
    }


def _answer(own: AnswerRow | None, rows: list[Row]) -> Answer:
    ordered = tuple(sorted(rows, key=lambda row: (row.position, row.id)))
    if own is None:
        return Answer(rows=ordered)
    return Answer(
        fields=own.fields,
        non_answer=NonAnswer(own.state) if own.state else None,
        reason=own.reason,
        remark=own.remark,
        visibility=own.visibility or "",
        evidence=tuple(sorted(own.evidence)),
        explanations=own.explanations,
        rows=ordered,
    )


def events_after(session: Session, response: UUID, owner: UUID, seq: int) -> list[AnswerEvent]:
    """The events of one owner's answers after `seq`, in order."""
    query = (
        select(AnswerEvent)
        .where(
            AnswerEvent.response_id == response,
            AnswerEvent.owner_id == owner,
            AnswerEvent.seq > seq,
        )
        .order_by(AnswerEvent.seq, AnswerEvent.position)
    )
    return list(session.scalars(query))


def part_of(event: AnswerEvent) -> Part:
    """The part an event changed."""
    return Part(event.question, event.row, event.part)


def base_of(now: Parts, later: Iterable[AnswerEvent]) -> dict[Part, Stored]:
    """The parts as they were before the `later` events, given the present ones."""
    base: dict[Part, Stored | None] = dict(now)
    for event in reversed(list(later)):
        base[part_of(event)] = event.old
    return {part: value for part, value in base.items() if value is not None}


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying found; no problems: events, chain and answers agree."""

    changes: int
    events: int
    problems: tuple[Problem, ...]


def verify(session: Session, response: Response) -> Verified:
    """Rebuild the answers from the events, check the chain, and compare with what is stored."""
    changes = session.scalars(
        select(Change).where(Change.response_id == response.id).order_by(Change.seq)
    ).all()
    events = session.scalars(
        select(AnswerEvent)
        .where(AnswerEvent.response_id == response.id)
        .order_by(AnswerEvent.seq, AnswerEvent.position)
    ).all()
    problems = [
        *_chain_problems(response, changes, events),
        *_replay_problems(session, response, events),
    ]
    return Verified(changes=len(changes), events=len(events), problems=tuple(problems))


def _chain_problems(
    response: Response, changes: Iterable[Change], events: Iterable[AnswerEvent]
) -> Iterable[Problem]:
    by_seq: dict[int, list[AnswerEvent]] = {}
    for event in events:
        by_seq.setdefault(event.seq, []).append(event)
    previous, expected = b"", 0
    for change in changes:
        expected += 1
        if change.seq != expected:
            yield Problem(code="change_missing", where=str(expected))
            expected = change.seq
        if change.prev_hash != previous or change.hash != hash_of(
            change, by_seq.pop(change.seq, [])
        ):
            yield Problem(code="change_altered", where=str(change.seq))
        previous = change.hash
    if (response.seq, response.head_hash) != (expected, previous):
        yield Problem(code="head_differs", where=str(response.seq))


def _replay_problems(
    session: Session, response: Response, events: Iterable[AnswerEvent]
) -> Iterable[Problem]:
    rebuilt: dict[UUID, dict[Part, Stored]] = {response.owner_id: {}}
    for event in events:
        parts = rebuilt.setdefault(event.owner_id, {})
        part = part_of(event)
        if parts.get(part) != event.old:
            yield _differs("event_does_not_follow", part, event.seq)
        if event.new is None:
            parts.pop(part, None)
        else:
            parts[part] = event.new
    for owner, parts in rebuilt.items():
        stored = parts_of(stored_answers(session, response.id, owner))
        for part in sorted(parts.keys() | stored.keys()):
            if parts.get(part) != stored.get(part):
                yield _differs("answer_differs", part, response.seq)


def _differs(code: str, part: Part, seq: int) -> Problem:
    return Problem(
        code=code, where=part.question, row=part.row, params={"part": part.part, "seq": seq}
    )
