"""flask people: accounts without a screen and without mail."""

from typing import Any

import click
from flask.cli import AppGroup

from survey.accounts import service
from survey.accounts.countries import language_of
from survey.accounts.models import Entity, Grant, Person
from survey.core.policy import Role
from survey.database import db, writes
from survey.web.commands import emit, json_option, say, tells_refusals
from survey.web.languages import DEFAULT, LANGUAGES

people = AppGroup("people", help="People: add, list, disable, reset passwords.")

ROLES = [role.value for role in Role if role is not Role.PUBLIC]


@people.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--country", help="Where the role holds: ISO 3166-1 alpha-3, such as HND.")
@click.option("--entity", help="Code of the body that a contributor answers for.")
@click.option("--round", "round_id", type=click.UUID, help="The round of an expert.")
@click.option("--office", default="")
@click.option("--phone", default="")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Default: the country's.")
@click.option("--password-file", type=click.File(), help="- reads it; without: a random one.")
@json_option
@tells_refusals
@writes
def add(
    email: str,
    name: str,
    role: str,
    country: str | None,
    entity: str | None,
    language: str | None,
    password_file: Any,
    as_json: bool,
    round_id: Any,
    **details: str,
) -> None:
    """Add EMAIL with a role, or give a role to who is there; prints a new password."""
    session = db.session()
    person = service.person_by_email(session, email)
    password = ""
    if person is None:
        spoken = language or language_of(country) or DEFAULT
        person = service.add_person(session, email=email, name=name, language=spoken, **details)
        password = service.reset_password(session, email, _typed(password_file))
    place = _place(country, entity)
    service.grant(session, person, Role(role), country=country, entity=place, round_id=round_id)
    _tell(person, password, as_json)


@people.command("list")
@json_option
@tells_refusals
def list_people(as_json: bool) -> None:
    """List everybody with their roles."""
    everybody = [_shown(person) for person in service.people(db.session())]
    if as_json:
        emit({"people": everybody})
        return
    for person in everybody:
        roles = ", ".join(_role_line(held) for held in person["roles"])
        closed = " (disabled)" if person["disabled"] else ""
        click.echo(f"{person['email']}\t{person['name']}\t{roles}{closed}")


@people.command("disable")
@click.argument("email")
@click.option("--undo", is_flag=True, help="Open the account again.")
@json_option
@tells_refusals
@writes
def disable(email: str, undo: bool, as_json: bool) -> None:
    """Close the account of EMAIL at once."""
    person = service.disable_person(db.session(), email, disabled=not undo)
    _tell(person, "", as_json)


@people.command("reset")
@click.argument("email")
@click.option("--password-file", type=click.File(), help="- reads it; without: a random one.")
@json_option
@tells_refusals
@writes
def reset(email: str, password_file: Any, as_json: bool) -> None:
    """Give EMAIL a new password and end all their sessions; prints the password."""
    password = service.reset_password(db.session(), email, _typed(password_file))
    person = service.person_by_email(db.session(), email)
    if person is not None:
        _tell(person, password, as_json)


def _typed(file: Any) -> str:
    return file.readline().rstrip("\r\n") if file else ""


def _place(country: str | None, entity: str | None) -> Entity | None:
    """The entity of a grant; naming a country opens it as the owner of its official answer."""
    if not country:
        return None
    service.country_entity(db.session(), country)
    if not entity:
        return None
    found = service.entity_by_code(db.session(), country, entity)
    if found is None:
        raise service.EntityUnknown(country=country)
    return found


def _tell(person: Person, password: str, as_json: bool) -> None:
    if as_json:
        emit(_shown(person) | ({"password": password} if password else {}))
        return
    say(f"{person.email}: {'disabled' if person.disabled else 'open'}")
    if password:
        click.echo(password)


def _shown(person: Person) -> dict[str, Any]:
    return {
        "id": str(person.id),
        "email": person.email,
        "name": person.name,
        "language": person.language,
        "disabled": person.disabled,
        "roles": [_role(held) for held in person.grants],
    }


def _role(held: Grant) -> dict[str, str]:
    return {
        "role": held.role,
        "country": held.country or "",
        "entity": held.entity.code if held.entity else "",
        "round": str(held.round_id or ""),
    }


def _role_line(held: dict[str, str]) -> str:
    return " ".join(filter(None, held.values()))
