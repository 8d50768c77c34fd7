"""Rounds, questionnaires and responses for tests, made without screens."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from survey.accounts import service as accounts
from survey.accounts.models import Person
from survey.core.answers import Answer, parts_of
from survey.core.instrument import Instrument, encode, sha256
from survey.questionnaires.models import Questionnaire, Version
from survey.responses import service
from survey.responses.ledger import Act
from survey.responses.models import Response
from survey.rounds.models import Round
from tests.workbooks.instruments import EVERY_TYPE

COUNTRY = "HND"
NAMES = {"en": "Honduras", "es": "Honduras"}


def a_person(session: Session, name: str) -> Person:
    return accounts.add_person(session, email=f"{uuid4().hex[:12]}@example.org", name=name)


def a_version(session: Session, instrument: Instrument = EVERY_TYPE) -> Version:
    """A published version with the bytes of `instrument`."""
    questionnaire = Questionnaire(
        code=f"q-{uuid4().hex[:8]}",
        title=dict(instrument.title),
        introduction={},
        languages=list(instrument.languages),
        due="",
        sections=[],
    )
    document = encode(instrument)
    version = Version(
        questionnaire=questionnaire,
        number=1,
        document=document,
        sha256=sha256(document),
        published_at=datetime(2026, 10, 5, 12, tzinfo=UTC),
        published_by=None,
    )
    session.add_all([questionnaire, version])
    session.flush()
    return version


def a_response(
    session: Session,
    instrument: Instrument = EVERY_TYPE,
    answers: Mapping[str, Answer] | None = None,
    country: str = COUNTRY,
) -> Response:
    """An open response of `country`, with these answers by its coordinator's hand."""
    owner = accounts.country_entity(session, country)
    coordinator = a_person(session, "Mariana Esquivel")
    round_ = Round(
        country=country,
        country_name=dict(NAMES),
        title={"en": "Open government 2026", "es": "Gobierno abierto 2026"},
        year=2026,
        state="R3",
        coordinator=coordinator,
    )
    session.add(round_)
    session.flush()
    version = a_version(session, instrument)
    response = service.open_response(session, round_, version, owner.id)
    if answers:
        give(session, response, answers, coordinator)
    return response


def give(
    session: Session, response: Response, answers: Mapping[str, Answer], by: Person
) -> service.Saved:
    """Save these answers as one change, made a day ago."""
    act = Act(actor=by.id, via="screen", at=datetime(2026, 11, 20, 9, tzinfo=UTC), idem=uuid4().hex)
    wanted = parts_of(answers)
    return service.save(session, response, response.owner_id, response.seq, wanted, act)
