"""Signing in and out, who is signed in, and slowing down who guesses."""

import hashlib
import ipaddress
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.accounts import models, service
from survey.accounts.countries import territory_of
from survey.accounts.models import Person, SignIn, SignInFailure
from survey.accounts.passwords import is_right
from survey.core.policy import Grant, Role, Viewer
from survey.core.problems import Refused

IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=12)

FORGOTTEN_AFTER: Final = timedelta(minutes=15)  # without another failure
LONGEST_DELAY: Final = 40  # seconds; growing, and never a hard lock
# Failures that cost nothing: of one account from one network, of an account, of a network.
FREE: Final = {"both": 3, "account": 10, "network": 20}

_LINKS: Final = "demonstration sign-in"


class TooManyTries(Refused):
    """A password was wrong too often; it may be tried again in `seconds`."""

    code: ClassVar[str] = "too_many_tries"


@dataclass(frozen=True, slots=True)
class Me:
    """The person who is signed in, as pages need them."""

    id: UUID
    name: str
    email: str
    office: str
    language: str
    territory: str  # ISO 3166-1 alpha-2 of their country; "" when there is none


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody signed in: who, and what they may do."""

    me: Me
    viewer: Viewer


def present(session: Session, sign_in_id: UUID, now: datetime) -> Present | None:
    """Who has this sign-in, with rights as they are at this moment; None: it has ended.

    One statement: disabled people, ended sign-ins and those before the last change of
    password are not there.
    """
    rows = session.execute(
        select(Person, models.Grant)
        .join(SignIn, SignIn.person_id == Person.id)
        .outerjoin(models.Grant, models.Grant.person_id == Person.id)
        .where(
            SignIn.id == sign_in_id,
            SignIn.ended_at.is_(None),
            SignIn.started_at > now - ABSOLUTE,
            SignIn.session_version == Person.session_version,
            Person.disabled.is_(False),
        )
        .order_by(models.Grant.id)
    ).all()
    if not rows:
        return None
    person = rows[0][0]
    return Present(
        me=_me(person, [grant.country for _, grant in rows if grant]),
        viewer=viewer_of(person, [grant for _, grant in rows if grant]),
    )


def viewer_of(person: Person, grants: list[models.Grant]) -> Viewer:
    """The person as the policy knows them."""
    return Viewer(person=str(person.id), grants=tuple(_granted(grant) for grant in grants))


def sign_in_by_password(
    session: Session, email: str, password: str, network: str, now: datetime
) -> Person | None:
    """The person whose password this is; None for a wrong one, an unknown or a closed account.

    Failures are counted for all workers, and kept only if the caller's deed commits.

    Raises:
        TooManyTries: by this account or from this network, lately.
    """
    failures = [_failure(session, key, now) for key in _keys(email, network)]
    waiting = max(_seconds_to_wait(failure, now) for failure in failures)
    if waiting:
        raise TooManyTries(seconds=waiting)
    person = service.person_by_email(session, email)
    right = is_right(password, person.password if person else None)
    if person is None or not right or person.disabled:
        for failure in failures:
            failure.count += 1
            failure.last_at = now
        return None
    _forget(session, email, network, now)
    return person


def start(session: Session, person: Person, now: datetime) -> SignIn:
    """A new sign-in of `person`, with an id nobody can guess."""
    begun = SignIn(id=uuid.uuid4(), person_id=person.id, started_at=now)
    begun.session_version = person.session_version
    session.add(begun)
    session.flush()
    return begun


def end(session: Session, sign_in_id: UUID, now: datetime) -> None:
    """End this sign-in wherever its cookie is."""
    known = session.get(SignIn, sign_in_id)
    if known is not None and known.ended_at is None:
        known.ended_at = now


def link_token(person: Person, secret_key: str) -> str:
    """What a printed sign-in link of a demonstration carries."""
    token = URLSafeSerializer(secret_key, salt=_LINKS).dumps(str(person.id))
    return token if isinstance(token, str) else token.decode()


def person_of_link(session: Session, token: str, secret_key: str) -> Person | None:
    """The person of a printed link; None when it was not made here or the account is closed."""
    try:
        person_id = UUID(URLSafeSerializer(secret_key, salt=_LINKS).loads(token))
    except (BadSignature, ValueError):
        return None
    person = session.get(Person, person_id)
    return person if person and not person.disabled else None


def _me(person: Person, countries: list[str | None]) -> Me:
    territories = [territory_of(country) for country in countries if country]
    return Me(
        id=person.id,
        name=person.name,
        email=person.email,
        office=person.office,
        language=person.language,
        territory=next(filter(None, territories), ""),
    )


def _granted(grant: models.Grant) -> Grant:
    return Grant(
        role=Role(grant.role),
        country=grant.country or "",
        entity=str(grant.entity_id or ""),
        round=str(grant.round_id or ""),
    )


def _keys(email: str, network: str) -> list[str]:
    account, place = service.folded_email(email), _network(network)
    return [
        _key("both", f"{account}\n{place}"),
        _key("account", account),
        _key("network", place),
    ]


def _key(kind: str, subject: str) -> str:
    return f"{kind}:{hashlib.sha256(subject.encode()).hexdigest()}"


def _network(address: str) -> str:
    """One machine in IPv4; the /64 that one subscriber gets in IPv6."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    prefix = 32 if known.version == 4 else 64
    return str(ipaddress.ip_network(f"{known}/{prefix}", strict=False))


def _failure(session: Session, key: str, now: datetime) -> SignInFailure:
    """The count of `key`, locked until this deed ends, and forgotten when it is old."""
    locked = select(SignInFailure).where(SignInFailure.key == key).with_for_update()
    known = session.scalar(locked)
    if known is None:
        try:
            with session.begin_nested():
                session.add(SignInFailure(key=key, count=0, last_at=now))
        except IntegrityError:  # another worker was quicker
            pass
        known = session.scalars(locked).one()
    if now - known.last_at > FORGOTTEN_AFTER:
        known.count = 0
    return known


def _seconds_to_wait(failure: SignInFailure, now: datetime) -> int:
    over = failure.count - FREE[failure.key.partition(":")[0]]
    if over < 0:
        return 0
    delay = timedelta(seconds=min(LONGEST_DELAY, 2 ** min(over, 6)))
    left = (failure.last_at + delay - now).total_seconds()
    return max(0, -int(-left // 1))


def _forget(session: Session, email: str, network: str, now: datetime) -> None:
    """A right password clears its account, and what is old goes with it."""
    both, account, _ = _keys(email, network)
    old = SignInFailure.last_at < now - FORGOTTEN_AFTER
    session.execute(delete(SignInFailure).where(SignInFailure.key.in_((both, account)) | old))
