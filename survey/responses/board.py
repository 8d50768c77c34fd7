"""A response as a page needs it: its program, the present answers and what they amount to.

Boards are kept per process and brought forward by later events, so that a page costs the same at
1,000 questions as at 60. A kept board is named by the hash of the change it stands on: one that
was made inside a deed which failed is never taken for the truth.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from survey.core.answers import Answer, Part, Stored, with_parts
from survey.core.instrument import Index
from survey.core.program import Program
from survey.core.state import State, advance, state_of
from survey.responses.ledger import part_of, stored_answers
from survey.responses.models import AnswerEvent, Change, Response

_KEPT_AT_MOST: Final = 64


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """One owner's answers to one response at `seq`; a value, never changed."""

    seq: int
    head: bytes
    program: Program
    answers: Mapping[str, Answer]
    state: State

    @property
    def index(self) -> Index:
        """The look-ups of its instrument."""
        return self.program.index


_kept: dict[tuple[UUID, UUID], Board] = {}


def board_of(session: Session, response: Response, owner: UUID, now: datetime) -> Board:
    """The board of a response as `response` was read; at most two statements, none when kept."""
    key = (response.id, owner)
    kept = _kept.get(key)
    board = _brought_forward(session, response, owner, kept, now) if kept else None
    if board is None:
        program = response.program
        answers = stored_answers(session, response.id, owner)
        board = Board(
            seq=response.seq,
            head=response.head_hash,
            program=program,
            answers=answers,
            state=state_of(program, answers, now),
        )
    _keep(key, board)
    return board


def _keep(key: tuple[UUID, UUID], board: Board) -> None:
    _kept.pop(key, None)
    while len(_kept) >= _KEPT_AT_MOST:
        _kept.pop(next(iter(_kept)), None)
    _kept[key] = board


def _brought_forward(
    session: Session, response: Response, owner: UUID, kept: Board, now: datetime
) -> Board | None:
    """The kept board after what came later; None when it does not lead to the present state."""
    if kept.head == response.head_hash:
        return after(kept, {}, response, now)
    if kept.seq >= response.seq:
        return None
    later = session.execute(
        select(Change.seq, Change.prev_hash, AnswerEvent)
        .outerjoin(
            AnswerEvent,
            and_(
                AnswerEvent.response_id == Change.response_id,
                AnswerEvent.seq == Change.seq,
                AnswerEvent.owner_id == owner,
            ),
        )
        .where(Change.response_id == response.id, Change.seq > kept.seq)
        .where(Change.seq <= response.seq)
        .order_by(Change.seq, AnswerEvent.position)
    ).all()
    if not later or later[0].prev_hash != kept.head:
        return None
    changes = {part_of(event): event.new for _, _, event in later if event is not None}
    return after(kept, changes, response, now)


def after(
    board: Board, changes: Mapping[Part, Stored | None], response: Response, now: datetime
) -> Board:
    """The board after these parts took these values, standing where `response` stands."""
    if not changes and board.state.now.date() == now.date() and board.seq == response.seq:
        return board
    answers = with_parts(board.answers, changes)
    touched = {part.question for part in changes}
    return Board(
        seq=response.seq,
        head=response.head_hash,
        program=board.program,
        answers=answers,
        state=advance(board.state, answers, touched, now),
    )
