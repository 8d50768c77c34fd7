"""flask demo: load the demonstration and print how to get in."""

import os
from collections.abc import Iterable
from typing import Any

import click
from flask import current_app

from survey.accounts.models import Person
from survey.accounts.views import demonstration_link
from survey.config import make_demonstration, settings
from survey.core.policy import Role
from survey.database import db, writes
from survey.demonstration.load import Demonstration, load
from survey.web.commands import emit, json_option, tells_refusals

REAL = ("SECRET_KEY", "BASE_URL")  # who sets one of them runs Ronda for real people


@click.command("demo")
@json_option
@tells_refusals
def demo(as_json: bool) -> None:
    """Load the demonstration, invented countries only, and print one sign-in link for each role.

    Loaded once; the same command again changes nothing and prints the same.
    """
    _be_a_demonstration()
    told = _load()
    if as_json:
        emit(told)
        return
    click.echo(told["address"])
    width = max(len(person["role"]) for person in told["people"])
    for person in told["people"]:
        click.echo(f"{person['role']:<{width}}  {person['sign_in']}")


def _be_a_demonstration() -> None:
    """Make the home one of a demonstration, with the key the server will read there."""
    if current_app.config["DEMONSTRATION"]:
        return
    if any(os.environ.get(name) for name in REAL) or "RONDA_DEMO" in os.environ:
        raise click.UsageError(
            "A demonstration is not loaded where real people work: "
            f"unset {', '.join(REAL)} and RONDA_DEMO, or set RONDA_DEMO=1."
        )
    make_demonstration(current_app.config["RONDA_HOME"])
    current_app.config.update(settings(serving=False))


@writes
def _load() -> dict[str, Any]:
    return _told(load(db.session()))


def _told(loaded: Demonstration) -> dict[str, Any]:
    return {
        "address": current_app.config["BASE_URL"],
        "questionnaire": str(loaded.version.questionnaire_id),
        "version": loaded.version.number,
        "instrument_sha256": loaded.version.sha256,
        "round": str(loaded.response.round_id),
        "response": str(loaded.response.id),
        "blank_response": str(loaded.blank_response.id),
        "submitted_round": str(loaded.submitted_response.round_id),
        "submitted_response": str(loaded.submitted_response.id),
        "people": _links(loaded.people),
        "submitted_people": _links(loaded.submitted_people),
    }


def _links(people: Iterable[tuple[Role, Person]]) -> list[dict[str, str]]:
    return [
        {"role": role.value, "email": person.email, "sign_in": demonstration_link(person)}
        for role, person in people
    ]
