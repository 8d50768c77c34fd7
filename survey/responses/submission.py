"""Submitting: what stands in the way, the signature, the seal, the receipt."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.core.answers import Part
from survey.core.instrument import sha256
from survey.core.problems import Problem, Refused
from survey.core.submission import (
    FORMAT,
    Header,
    SubmissionDocument,
    blocking,
    flat,
    left_behind,
    seal,
    unseal,
    warnings,
)
from survey.responses.board import Board, board_of
from survey.responses.ledger import lock
from survey.responses.models import Conflict, Response, Submission
from survey.responses.models import SubmissionDocument as Stored
from survey.responses.sealed import tell_open_ones
from survey.responses.service import open_conflicts
from survey.rounds.service import advance


class NotReady(Refused):
    """Errors or open conflicts stand in the way; `problems` lists the errors."""

    code = "not_ready"


class ChangedSinceShown(Refused):
    """An answer changed after the page that was signed was shown; nothing was submitted."""

    code = "changed_since_shown"


class SignatureMissing(Refused):
    """A submission is signed by the name of a person."""

    code = "signature_missing"


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What the liaison sees before signing."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    conflicts: tuple[Conflict, ...]
    left_behind: tuple[Part, ...]

    @property
    def is_ready(self) -> bool:
        """Nothing stands in the way."""
        return not self.errors and not self.conflicts


def review(session: Session, response: Response, board: Board) -> Review:
    """What blocks, what warns, and what will not go."""
    return Review(
        errors=blocking(board.state),
        warnings=warnings(board.state),
        conflicts=tuple(open_conflicts(session, response, response.owner_id)),
        left_behind=left_behind(board.state),
    )


def submit(
    session: Session,
    response: Response,
    by: UUID,
    signatory: str,
    office: str,
    at: datetime,
    shown_seq: int | None = None,
) -> Submission:
    """Seal the response as it is, close it and take the round on.

    `shown_seq` is the seq of the page that was signed; None: whatever is there (a command).

    Raises:
        ResponseClosed: it was submitted before.
        ChangedSinceShown: somebody saved after the page was shown.
        NotReady: errors or conflicts stand in the way.
        SignatureMissing: `signatory` is blank.
    """
    lock(session, response)
    if shown_seq is not None and shown_seq != response.seq:
        raise ChangedSinceShown()
    if not signatory.strip():
        raise SignatureMissing()
    board = board_of(session, response, response.owner_id, at)
    found = review(session, response, board)
    if not found.is_ready:
        raise NotReady(*found.errors, errors=len(found.errors), conflicts=len(found.conflicts))
    document = seal(_header(response, signatory.strip(), office.strip(), at), board.state)
    submission = Submission(
        response_id=response.id,
        seq=response.seq,
        format=FORMAT,
        sha256=sha256(document),
        signatory=signatory.strip(),
        office=office.strip(),
        signed_by=by,
        at=at,
    )
    session.add(submission)
    session.flush()
    content = unseal(document)
    values = flat(board.index, content.answers)
    session.add(Stored(submission_id=submission.id, bytes=document, flat=values))
    response.submitted_at = at
    tell_open_ones(session, response)
    advance(session, response.round, "submit", by, at, note=submission.sha256)
    session.flush()
    return submission


def _header(response: Response, signatory: str, office: str, at: datetime) -> Header:
    return Header(
        response=str(response.id),
        round=str(response.round_id),
        country=response.round.country,
        questionnaire=str(response.questionnaire_id),
        version=response.version.number,
        instrument_sha256=response.version.sha256,
        seq=response.seq,
        head=response.head_hash.hex(),
        at=at.replace(microsecond=0),
        signatory=signatory,
        office=office,
    )


def submission_of(session: Session, response: Response) -> Submission | None:
    """The latest submission of a response; None while it is open."""
    query = (
        select(Submission)
        .where(Submission.response_id == response.id)
        .order_by(Submission.seq.desc())
        .limit(1)
    )
    return session.scalar(query)


def document_of(session: Session, submission: Submission) -> SubmissionDocument:
    """What was sealed."""
    stored = session.get_one(Stored, submission.id)
    return unseal(stored.bytes)


def seal_problems(session: Session, submission: Submission) -> tuple[Problem, ...]:
    """Whether the stored bytes are still those that were sealed."""
    stored = session.get(Stored, submission.id)
    if stored is None or sha256(stored.bytes) != submission.sha256:
        return (Problem(code="seal_broken", where=str(submission.id)),)
    return ()
