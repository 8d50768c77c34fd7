"""flask demo: load the demonstration and print how to get in."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

import click
from flask import current_app

from survey.accounts.models import Person
from survey.accounts.views import demonstration_link
from survey.config import make_demonstration, settings
from survey.core.joining import bank_of
from survey.core.policy import Role
from survey.database import db, writes
from survey.demonstration.load import FIRST, Demonstration, Told, load, load_rounds
from survey.responses.models import Response
from survey.web.commands import emit, json_option, tells_refusals

_WIDTH = max(map(len, Role))
REAL = ("SECRET_KEY", "BASE_URL")  # who sets one of them runs Ronda for real people


@click.command("demo")
@json_option
@tells_refusals
def demo(as_json: bool) -> None:
    """Load the demonstration, invented countries only, and print sign-in links.

    One for each role on the first topic, then those of the rounds on other topics.

    Loaded once; the same command again changes nothing and prints the same.
    """
    _be_a_demonstration()
    told, others = _load()
    if as_json:
        emit(told)
        return
    click.echo(told["address"])
    _print_links(told["people"])
    for round_ in others:
        title = round_.response.round.title["en"]
        click.echo(f"\n{title} ({', '.join(_languages(round_.response))})")
        _print_links(_links(round_.people))


def _print_links(people: Iterable[Mapping[str, str]]) -> None:
    for person in people:
        click.echo(f"{person['role']:<{_WIDTH}}  {person['sign_in']}")


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
def _load() -> tuple[dict[str, Any], tuple[Told, ...]]:
    """What is told of everything, and the rounds on other topics than the first."""
    loaded, rounds = load(db.session()), load_rounds(db.session())
    told = {**_told(loaded), "rounds": [_round(each) for each in rounds]}
    return told, tuple(each for each in rounds if each.topic != FIRST)


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


def _round(told: Told) -> dict[str, Any]:
    response = told.response
    sections = response.version.program.index.instrument.sections
    return {
        "country": response.round.country,
        "topic": list(dict.fromkeys(bank_of(s.code) for s in sections if not s.general)),
        "languages": _languages(response),
        "round": str(response.round_id),
        "response": str(response.id),
        "state": "open" if response.is_open else "submitted",
        "people": _links(told.people),
    }


def _languages(response: Response) -> list[str]:
    return list(response.version.program.index.instrument.languages)


def _links(people: Iterable[tuple[Role, Person]]) -> list[dict[str, str]]:
    return [
        {"role": role.value, "email": person.email, "sign_in": demonstration_link(person)}
        for role, person in people
    ]
