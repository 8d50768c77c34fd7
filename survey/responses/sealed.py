"""The sealed submissions of a country, to look up what was answered earlier.

A response keeps the ids of those that came before it in `earlier`, so that a page with nothing to
offer asks for nothing. What was sealed never changes: its content is kept per process.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.orm import Session, joinedload, undefer

from survey.core.answers import Answer
from survey.core.instrument import Index, sha256
from survey.core.policy import Situation
from survey.core.submission import unseal
from survey.questionnaires.models import Version
from survey.responses.models import Response, Submission, SubmissionDocument
from survey.rounds.models import Round

_KEPT_AT_MOST: Final = 64


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a submission, and where it comes from. `year` is that of its round."""

    id: str
    at: datetime
    year: int
    office: str  # that signed; its signatory, if they named none
    situation: Situation
    index: Index
    answers: dict[str, Answer]


_kept: dict[str, Sealed | None] = {}  # id of a submission -> content; None: its seal is broken


def earlier_of(session: Session, country: str, besides: UUID | None = None) -> list[str]:
    """The latest submission of each response of a country by its id, the newest first.

    `besides`: a response whose own submissions are left out.
    """
    query = (
        select(Submission.id, Submission.response_id)
        .join(Submission.response)
        .join(Response.round)
        .where(Round.country == country)
        .order_by(Submission.at.desc(), Submission.id.desc())
    )
    latest: dict[UUID, UUID] = {}
    for submission, response in session.execute(query):
        latest.setdefault(response, submission)
    return [str(submission) for response, submission in latest.items() if response != besides]


def tell_open_ones(session: Session, sealed: Response) -> None:
    """Bring `earlier` of the country's other open responses up to date after `sealed` was."""
    query = (
        select(Response)
        .join(Response.round)
        .where(
            Round.country == sealed.round.country,
            Response.submitted_at.is_(None),
            Response.id != sealed.id,
        )
        .order_by(Response.id)
        .with_for_update(of=Response)
    )
    for response in session.scalars(query).all():
        response.earlier = earlier_of(session, sealed.round.country, response.id)


def contents(session: Session, ids: Sequence[str]) -> list[Sealed]:
    """What these submissions say, in their order; one whose seal is broken says nothing."""
    found = {each: _kept[each] for each in ids if each in _kept}
    missing = [each for each in ids if each not in found]
    if missing:
        found |= _read(session, missing)
    return [sealed for each in ids if (sealed := found.get(each)) is not None]


def _read(session: Session, ids: Iterable[str]) -> dict[str, Sealed | None]:
    query = (
        select(Submission, SubmissionDocument)
        .join(SubmissionDocument, SubmissionDocument.submission_id == Submission.id)
        .where(Submission.id.in_([UUID(each) for each in ids]))
        .options(
            joinedload(Submission.response)
            .joinedload(Response.version)
            .options(undefer(Version.document))
        )
    )
    found = {str(row[0].id): _sealed(session, row) for row in session.execute(query)}
    for each, sealed in found.items():
        while len(_kept) >= _KEPT_AT_MOST:
            _kept.pop(next(iter(_kept)), None)
        _kept[each] = sealed
    return found


def _sealed(session: Session, row: Row[Submission, SubmissionDocument]) -> Sealed | None:
    submission, stored = row
    if sha256(stored.bytes) != submission.sha256:
        return None
    document, response = unseal(stored.bytes), submission.response
    version = response.version
    if version.sha256 != document.header.instrument_sha256:
        version = signed_version(session, response, document.header.instrument_sha256)
    return Sealed(
        id=str(submission.id),
        at=submission.at,
        year=response.round.year,
        office=submission.office or submission.signatory,
        situation=Situation(
            country=response.round.country,
            round=str(response.round_id),
            owner=str(response.owner_id),
            state="submitted",
        ),
        index=version.program_in(response.names).index,
        answers=document.answers,
    )


def signed_version(session: Session, response: Response, instrument: str) -> Version:
    """The version of the questionnaire of a response that has this SHA-256."""
    return session.scalars(
        select(Version).where(
            Version.sha256 == instrument,
            Version.questionnaire_id == response.questionnaire_id,
        )
    ).one()
