"""A round with a response to the example questionnaire, and the deeds of its people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from survey.accounts.models import Entity, Person
from survey.core.answers import Part, Stored
from survey.core.instrument import encode, sha256
from survey.questionnaires.models import Questionnaire, Version
from survey.responses import service
from survey.responses.board import Board, board_of
from survey.responses.ledger import Act
from survey.responses.models import Response
from survey.rounds.models import Round
from tests.formats import example

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class World:
    """`liaison` and `contributor` answer `response` for `country`."""

    session: Session
    response: Response
    country: Entity
    liaison: Person
    contributor: Person
    acts: list[Act] = field(default_factory=list)

    @property
    def owner(self) -> UUID:
        return self.country.id

    def act(self, by: Person | None = None, **more: Any) -> Act:
        at = START + timedelta(minutes=len(self.acts))
        given = {"via": "screen", "idem": uuid4().hex} | more
        made = Act(actor=(by or self.liaison).id, at=at, **given)
        self.acts.append(made)
        return made

    def save(
        self, wanted: Mapping[Any, Stored | None], base: int | None = None, **more: Any
    ) -> service.Saved:
        """Save parts; a text key is the primary part or a field of a question."""
        seq = self.response.seq if base is None else base
        parts = {part_of(key): value for key, value in wanted.items()}
        act = more.pop("act", None) or self.act(**more)
        return service.save(self.session, self.response, self.owner, seq, parts, act)

    @property
    def board(self) -> Board:
        return board_of(self.session, self.response, self.owner, START)

    def value(self, code: str) -> Stored | None:
        part = part_of(code)
        answer = self.board.answers.get(part.question)
        return answer.fields.get(part.part) if answer else None


def part_of(key: Any) -> Part:
    if isinstance(key, Part):
        return key
    question = "-".join(key.split("-")[:2])
    return Part(question, "", key)


def text(words: str) -> dict[str, str]:
    return {"text": words, "lang": "es"}


@pytest.fixture
def world(session: Session) -> World:
    return new_world(session)


def new_world(session: Session, country: str = "XMO") -> World:
    people = [
        Person(email=f"{name}-{uuid4().hex[:8]}@example.org", name=name)
        for name in ("Lucía", "Andrés", "Mariana")
    ]
    entity = Entity(country=country, code=uuid4().hex[:8], name={"es": "Montalva"}, is_country=True)
    questionnaire = Questionnaire(
        code=f"example-{uuid4().hex[:6]}",
        title={"en": "Example"},
        introduction={},
        languages=["en", "es"],
        due="",
        sections=[],
    )
    document = encode(example.instrument())
    version = Version(
        questionnaire=questionnaire,
        number=1,
        document=document,
        sha256=sha256(document),
        published_at=START,
        published_by=None,
    )
    round_ = Round(
        country=country,
        country_name={"en": "Montalva", "es": "Montalva"},
        title={"en": "Example", "es": "Ejemplo"},
        year=2026,
        state="R3",
        coordinator=people[2],
    )
    session.add_all([*people, entity, questionnaire, version, round_])
    session.flush()
    response = service.open_response(session, round_, version, entity.id)
    return World(session, response, entity, people[0], people[1])
