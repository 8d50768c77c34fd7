"""Workbooks of a response that people fill in and send back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from survey.accounts import service as accounts
from survey.accounts.models import Person
from survey.core.policy import Role
from survey.responses.exchange import Handed, hand_out, plan_now, receive
from survey.responses.models import Response, WorkbookImport
from survey.workbooks.plan import Plan
from tests.responses.conftest import START, World
from tests.workbooks.roundtrip import retyped


def handed(world: World, sections: tuple[str, ...] = (), language: str = "en") -> Handed:
    """The workbook of a response as it stands."""
    args = (world.session, world.response, world.owner, world.liaison.id)
    return hand_out(*args, language, sections, ("Mariana Esquivel",), START)


def filled(world: World, answers: Mapping[str, Any], **more: Any) -> bytes:
    """A workbook that was handed out now and filled in: code of a row -> what is typed there."""
    return retyped(handed(world).content, answers, **more)


def received(world: World, content: bytes, response: Response | None = None) -> WorkbookImport:
    """A workbook that came home."""
    own = response or world.response
    return receive(world.session, world.contributor.id, content, "file.xlsx", START, own)


def planned(world: World, content: bytes) -> Plan:
    """What a workbook that came home would change."""
    return plan_now(world.session, received(world, content), START)


def imports(world: World) -> list[WorkbookImport]:
    """All that came home, the oldest first."""
    return list(world.session.scalars(select(WorkbookImport).order_by(WorkbookImport.id)))


def with_grant(world: World, person: Person, role: Role = Role.LIAISON, **where: Any) -> Person:
    """The same person with a role in the country of the response."""
    accounts.grant(
        world.session, person, role, **({"country": world.response.round.country} | where)
    )
    return person
