"""What the views of questionnaires share: looking one up, and the composer's page of it."""

from collections.abc import Mapping
from uuid import UUID

from flask import abort, g

from survey.banks import service as banks
from survey.core.policy import Act
from survey.database import db
from survey.questionnaires import service
from survey.questionnaires.deeds import Catalogue
from survey.questionnaires.models import Questionnaire
from survey.questionnaires.pages.desk import Desk
from survey.web.reading import reader_of


def found(questionnaire_id: UUID, act: Act = Act.COMPOSE, to_change: bool = False) -> Questionnaire:
    """The questionnaire, if whoever looks may do `act` to it; otherwise there is none (404)."""
    session = db.session()
    return service.questionnaire_for(session, g.viewer, questionnaire_id, act, to_change) or abort(
        404
    )


def desk_of(
    questionnaire: Questionnaire, given: Mapping[str, str], catalogue: Catalogue | None = None
) -> Desk:
    """The composer's page; `given` holds the filter of the bank: `q` and `dimension`."""
    session = db.session()
    return Desk(
        questionnaire=questionnaire,
        examined=service.examine(session, questionnaire),
        catalogue=catalogue or Catalogue(banks.banks(session)),
        reader=reader_of(),
        wanted=given.get("q", "").strip(),
        dimension=given.get("dimension", ""),
    )
