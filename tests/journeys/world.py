"""The demonstration and all that addresses can name in it, for tests that visit every address."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from survey.accounts import service, sign_in
from survey.accounts.models import Person
from survey.core.answers import Part
from survey.core.policy import Role, Situation, Viewer
from survey.database import now
from survey.demonstration.load import Demonstration, load
from survey.responses.exchange import hand_out, receive
from survey.responses.ledger import Act
from survey.responses.models import Response
from survey.responses.service import save, situation_of

HOME: Final = "XMO"
ABROAD: Final = "XVA"

_ARGUMENT: Final = re.compile(r"<(?:[^:>]+:)?(?P<name>\w+)>")


class NoRealId(LookupError):
    """An address has an argument for which the world holds nothing real."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A response, where it stands, and what addresses may name in it."""

    name: str
    situation: Situation
    ids: Mapping[str, str]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who asks; `sign_in` is what the cookie carries, empty for nobody."""

    name: str
    viewer: Viewer
    person: str = ""
    sign_in: str = ""
    language: str = ""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Who there is, what there is; ids by argument, or by `segment/argument` where codes differ."""

    subjects: tuple[Subject, ...]
    actors: tuple[Actor, ...]
    ids: Mapping[str, str]

    def addresses(self, rule: Rule) -> Iterator[tuple[Subject | None, str]]:
        """(subject, address): one for each response, or a single one for none.

        Raises:
            NoRealId: the rule has an argument that is not here.
        """
        for subject in self.subjects if self._is_of_subject(rule) else (None,):
            own = subject.ids if subject else {}
            if subject is None or all(key in own for key in self._own(rule)):
                yield subject, self._address(rule, own)

    def _is_of_subject(self, rule: Rule) -> bool:
        return bool(self._own(rule))

    def _own(self, rule: Rule) -> list[str]:
        """The arguments of the rule that name something of a response."""
        known = {key for subject in self.subjects for key in subject.ids}
        return [name for name in rule.arguments if name in known]

    def _address(self, rule: Rule, own: Mapping[str, str]) -> str:
        parts = rule.rule.split("/")
        for place, part in enumerate(parts):
            argument = _ARGUMENT.search(part)
            if argument:
                name = argument["name"]
                keys = (name, f"{parts[place - 1]}/{name}")
                ids = {**self.ids, **own}
                found = next((ids[key] for key in keys if key in ids), None)
                if found is None:
                    raise NoRealId(f"{rule.rule}: no real value of {keys[1]}")
                parts[place] = part.replace(argument[0], found)
        return "/".join(parts)


def build(session: Session) -> World:
    """Load the demonstration, what it lacks of each kind of thing, and one person of each kind."""
    loaded = load(session)
    subjects = (
        _subject(session, "draft", loaded.response),
        _subject(session, "blank draft", loaded.blank_response),
        _subject(session, "submitted", loaded.submitted_response),
    )
    version = loaded.version
    bank = version.questionnaire.item_codes[0].partition("-")[0]
    ids = {
        "sections/code": "OPG-A",
        "answers/code": "OPG-A",
        "questions/code": "OPG-A2",
        "history/code": "OPG-A2",
        "banks/code": bank,
        "names/alpha3": "COL",
        "items/item": version.questionnaire.item_codes[0],
        "questionnaire_id": str(version.questionnaire_id),
        "versions/number": str(version.number),
        "token": "no-link",
        "filename": "ronda.js",
    }
    actors = tuple(_actors(session, loaded))
    session.commit()
    return World(subjects=subjects, actors=actors, ids=ids)


def client_of(app: Flask, actor: Actor, *, language: str = "") -> FlaskClient:
    """A browser in which the actor is signed in."""
    client = FlaskClient(app, use_cookies=True)
    with client.session_transaction() as cookie:
        cookie.update(cookie_of(actor, language=language))
    return client


def cookie_of(actor: Actor, *, language: str = "") -> dict[str, str | int]:
    """What the session of a signed-in browser holds."""
    chosen: dict[str, str | int] = {"language": language} if language else {}
    if not actor.sign_in:
        return chosen
    seen = int(datetime.now(UTC).timestamp())
    return {**chosen, "sign_in": actor.sign_in, "person": actor.person, "seen": seen}


def _subject(session: Session, name: str, response: Response) -> Subject:
    ids = {"response_id": str(response.id), "round_id": str(response.round_id)}
    if name == "draft":
        ids |= _exchanged(session, response)
    return Subject(name=name, situation=situation_of(response), ids=ids)


def _exchanged(session: Session, response: Response) -> dict[str, str]:
    """A workbook that came back, and an answer that two people gave."""
    by, owner = response.round.coordinator_id, response.owner_id
    handed = hand_out(session, response, owner, by, "es", (), ("Mariana",), now())
    received = receive(session, by, handed.content, "returned.xlsx", now())
    part, before = Part(question="OPG-A6", row="", part="OPG-A6"), response.seq
    for name, value in (("first", ["local"]), ("second", ["central_executive"])):
        act = Act(actor=by, via="screen", at=now(), idem=f"world {name}")
        save(session, response, owner, before, {part: value}, act)
    return {"import_id": str(received.id)}


def _actors(session: Session, loaded: Demonstration) -> Iterator[Actor]:
    yield Actor(name="nobody", viewer=Viewer())
    for where, people in ((HOME, loaded.people), (ABROAD, loaded.submitted_people)):
        for role, person in people:
            yield _actor(session, f"{role} {where}", person)
    yield from _more(session, loaded)
    closed = _new(session, "closed", Role.LIAISON, country=HOME)
    actor = _actor(session, "disabled liaison", closed)
    service.disable_person(session, closed.email)
    yield msgspec.structs.replace(actor, viewer=Viewer())


def _more(session: Session, loaded: Demonstration) -> Iterator[Actor]:
    """Whom the demonstration has no need of."""
    elsewhere = service.add_entity(session, HOME, "finance", {"es": "Finanzas"})
    draft, submitted = loaded.response.round_id, loaded.submitted_response.round_id
    for name, role, where in (
        ("authority XVA", Role.AUTHORITY, {"country": ABROAD}),
        ("contributor of another entity", Role.CONTRIBUTOR, {"entity": elsewhere}),
        ("liaison of one round", Role.LIAISON, {"country": HOME, "round_id": draft}),
        ("expert of the draft only", Role.EXPERT, {"round_id": draft}),
        ("expert of the submission only", Role.EXPERT, {"round_id": submitted}),
        ("coordinator of the draft only", Role.COORDINATOR, {"round_id": draft}),
        ("donor", Role.DONOR, {}),
        ("public", Role.PUBLIC, {}),
        ("without role", None, {}),
    ):
        yield _actor(session, name, _new(session, name.replace(" ", "."), role, **where))


def _new(session: Session, name: str, role: Role | None, **where: object) -> Person:
    person = service.add_person(session, email=f"{name}@world.example".lower(), name=name)
    if role is not None:
        service.grant(session, person, role, **where)  # type: ignore[arg-type]
    return person


def _actor(session: Session, name: str, person: Person) -> Actor:
    return Actor(
        name=name,
        viewer=sign_in.viewer_of(person, list(person.grants)),
        person=str(person.id),
        sign_in=str(sign_in.start(session, person, now()).id),
        language=person.language,
    )
