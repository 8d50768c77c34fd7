"""People, entities and grants: finding, adding, ending."""

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from survey.accounts.countries import COUNTRIES
from survey.accounts.models import Entity, Grant, Person
from survey.accounts.passwords import LEAST_LENGTH, hashed
from survey.core.policy import Role
from survey.core.problems import Refused

# Which grants must say where they hold; the others may.
OF_A_COUNTRY: Final = frozenset({Role.LIAISON, Role.CONTRIBUTOR, Role.AUTHORITY})
OF_AN_ENTITY: Final = frozenset({Role.CONTRIBUTOR})

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_COUNTRY: Final = re.compile(r"[A-Z]{3}")


class EmailTaken(Refused):
    """Another person has this address."""

    code: ClassVar[str] = "email_taken"


class EmailUnreadable(Refused):
    """This is no e-mail address."""

    code: ClassVar[str] = "email_unreadable"


class PasswordTooShort(Refused):
    """A password needs more characters."""

    code: ClassVar[str] = "password_too_short"


class CountryMissing(Refused):
    """This role is held in a country, and none was named."""

    code: ClassVar[str] = "country_missing"


class CountryUnknown(Refused):
    """No country has this code."""

    code: ClassVar[str] = "country_unknown"


class EntityUnknown(Refused):
    """The country has no such entity."""

    code: ClassVar[str] = "entity_unknown"


class PersonUnknown(Refused):
    """Nobody has this address."""

    code: ClassVar[str] = "person_unknown"


def folded_email(email: str) -> str:
    """The one form in which an address is stored and looked up."""
    return email.strip().casefold()


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, disabled or not."""
    return session.scalar(select(Person).where(Person.email == folded_email(email)))


def people(session: Session) -> Sequence[Person]:
    """Everybody with an account, by address, with their grants."""
    everybody = select(Person).order_by(Person.email).options(selectinload(Person.grants))
    return session.scalars(everybody).all()


def add_person(
    session: Session,
    *,
    email: str,
    name: str,
    office: str = "",
    phone: str = "",
    language: str = "en",
    password: str = "",  # none: cannot sign in by password
) -> Person:
    """A new account without any role.

    Raises:
        EmailUnreadable: `email` is no address.
        EmailTaken: somebody has it.
        PasswordTooShort: `password` is given and too short.
    """
    address = folded_email(email)
    if not _EMAIL.fullmatch(address):
        raise EmailUnreadable(email=email)
    if person_by_email(session, address) is not None:
        raise EmailTaken(email=address)
    person = Person(email=address, name=name.strip(), office=office, phone=phone)
    person.language = language
    person.session_version = 0
    session.add(person)
    _set_password(person, password)
    session.flush()
    return person


def reset_password(session: Session, email: str, password: str = "") -> str:
    """Give the person `password`, or a new random one, and end all their sign-ins; returns it.

    Raises:
        PersonUnknown: nobody has `email`.
        PasswordTooShort: `password` is given and too short.
    """
    person = _known_person(session, email)
    chosen = password or secrets.token_urlsafe(12)
    _set_password(person, chosen)
    session.flush()
    return chosen


def disable_person(session: Session, email: str, *, disabled: bool = True) -> Person:
    """Close the account at once, sign-ins included, or open it again.

    Raises:
        PersonUnknown: nobody has `email`.
    """
    person = _known_person(session, email)
    person.disabled = disabled
    person.session_version += 1
    session.flush()
    return person


def country_entity(session: Session, code: str, names: Mapping[str, str] | None = None) -> Entity:
    """The country itself, the owner of its official answer; made when it is not there yet.

    `names` (language -> name) is for a country that is not among the member states.

    Raises:
        CountryUnknown: not three letters, or neither a member state nor named.
    """
    found = session.scalar(select(Entity).where(Entity.country == code, Entity.is_country))
    if found is not None:
        return found
    known = COUNTRIES.get(code)
    chosen = dict(names or {}) or (dict(known.names) if known else {})
    if not chosen or not _COUNTRY.fullmatch(code):
        raise CountryUnknown(country=code)
    return _added(session, Entity(country=code, code=code, name=chosen, is_country=True))


def add_entity(session: Session, country: str, code: str, names: Mapping[str, str]) -> Entity:
    """The entity `code` of `country`, made when it is not there yet; `names`: language -> name."""
    country_entity(session, country)
    found = entity_by_code(session, country, code)
    if found is not None:
        return found
    return _added(session, Entity(country=country, code=code, name=dict(names), is_country=False))


def entity_by_code(session: Session, country: str, code: str) -> Entity | None:
    """The entity with this code in this country."""
    return session.scalar(select(Entity).where(Entity.country == country, Entity.code == code))


def entities_of(session: Session, country: str) -> Sequence[Entity]:
    """The entities of a country, the country itself first."""
    chosen = select(Entity).where(Entity.country == country)
    return session.scalars(chosen.order_by(Entity.is_country.desc(), Entity.code)).all()


def grant(
    session: Session,
    person: Person,
    role: Role,
    *,
    country: str | None = None,
    entity: Entity | None = None,
    round_id: UUID | None = None,
) -> Grant:
    """Give `person` a role, once: the same grant again is the one they have.

    Raises:
        CountryMissing: the role is held in a country.
        EntityUnknown: the role is held for an entity, or `entity` is of another country.
    """
    place = entity.country if entity and country is None else country
    if role in OF_A_COUNTRY and not place:
        raise CountryMissing(role=role.value)
    if (role in OF_AN_ENTITY and entity is None) or (entity and entity.country != place):
        raise EntityUnknown(country=place or "")
    wanted = (role.value, place, entity.id if entity else None, round_id)
    for held in person.grants:
        if (held.role, held.country, held.entity_id, held.round_id) == wanted:
            return held
    given = Grant(role=role.value, country=place, entity=entity, round_id=round_id)
    person.grants.append(given)
    session.flush()
    return given


def _known_person(session: Session, email: str) -> Person:
    person = person_by_email(session, email)
    if person is None:
        raise PersonUnknown(email=email)
    return person


def _set_password(person: Person, password: str) -> None:
    if password and len(password) < LEAST_LENGTH:
        raise PasswordTooShort(least=LEAST_LENGTH)
    person.password = hashed(password) if password else ""
    person.session_version += 1


def _added(session: Session, entity: Entity) -> Entity:
    session.add(entity)
    session.flush()
    return entity
