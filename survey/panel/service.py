"""What the panel may look up: rounds, their progress, and the frame of a sealed submission."""

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from survey.core.instrument import sha256
from survey.core.policy import Act, Role, Viewer, may
from survey.core.problems import Refused
from survey.core.submission import unseal
from survey.panel.frame import Frame, frame_of
from survey.responses.models import Response, Submission, SubmissionDocument
from survey.responses.sealed import signed_version
from survey.responses.service import situation_of
from survey.rounds.models import Round

PANEL: Final = frozenset({Role.COORDINATOR, Role.EXPERT})
_KEPT_AT_MOST: Final = 32


class SealBroken(Refused):
    """The stored bytes of a submission are not those that were sealed."""

    code = "seal_broken"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed submission and what it tells."""

    response: Response
    submission: Submission
    frame: Frame


_kept: dict[str, Frame] = {}  # SHA-256 of the sealed document -> frame


def rounds_of(session: Session, viewer: Viewer) -> list[Response]:
    """The responses of the rounds in whose panel the viewer is, the newest round first."""
    rounds = {UUID(g.round) for g in viewer.grants if g.role in PANEL and g.round}
    query = (
        select(Response)
        .where(Response.round_id.in_(rounds))
        .options(joinedload(Response.round).joinedload(Round.coordinator))
        .order_by(Response.round_id.desc(), Response.id)
    )
    return list(session.scalars(query).unique())


def reading_for(session: Session, viewer: Viewer, round_id: UUID, deed: Act) -> Reading | None:
    """The latest submission of the round, if the viewer may do this with it.

    Otherwise None, as if there were no such round: also as long as nothing was submitted.

    Raises:
        SealBroken: what is stored is not what was sealed.
    """
    query = (
        select(Submission)
        .join(Submission.response)
        .where(Response.round_id == round_id)
        .options(
            joinedload(Submission.response).joinedload(Response.round).joinedload(Round.coordinator)
        )
        .order_by(Submission.at.desc(), Submission.id.desc())
        .limit(1)
    )
    submission = session.scalar(query)
    if submission is None or not may(viewer, deed, situation_of(submission.response)):
        return None
    return reading_of(session, submission)


def reading_of(session: Session, submission: Submission) -> Reading:
    """The frame of a submission; worked out once per process.

    Raises:
        SealBroken: what is stored is not what was sealed.
    """
    frame = _kept.get(submission.sha256)
    if frame is None:
        frame = _frame(session, submission)
        while len(_kept) >= _KEPT_AT_MOST:
            _kept.pop(next(iter(_kept)), None)
        _kept[submission.sha256] = frame
    return Reading(response=submission.response, submission=submission, frame=frame)


def _frame(session: Session, submission: Submission) -> Frame:
    stored = session.get(SubmissionDocument, submission.id)
    if stored is None or sha256(stored.bytes) != submission.sha256:
        raise SealBroken()
    document = unseal(stored.bytes)
    signed = document.header.instrument_sha256
    version = signed_version(session, submission.response, signed)
    return frame_of(document, version.program_in(submission.response.names))


def submitted_in(session: Session, round_id: UUID) -> Submission | None:
    """The latest submission of a round, whoever asks; for commands."""
    query = (
        select(Submission)
        .join(Submission.response)
        .where(Response.round_id == round_id)
        .options(joinedload(Submission.response))
        .order_by(Submission.at.desc(), Submission.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def watched(session: Session, viewer: Viewer, round_id: UUID) -> Response | None:
    """The response of a round whose progress the viewer may see, counts only; None otherwise."""
    query = select(Response).where(Response.round_id == round_id).order_by(Response.id)
    found = session.scalars(query).unique()
    return next((r for r in found if may(viewer, Act.SEE_PROGRESS, situation_of(r))), None)
