"""flask questionnaires: compose, check, publish, show, list."""

from typing import Any
from uuid import UUID

import click
import msgspec
from flask.cli import AppGroup

from survey.core.checking import blocks
from survey.core.problems import Problem
from survey.database import db, writes
from survey.questionnaires import service
from survey.questionnaires.models import Questionnaire
from survey.web.commands import PROBLEMS_FOUND, emit, json_option, say, tells_refusals
from survey.web.messages import words_of

questionnaires = AppGroup(
    "questionnaires", help="Questionnaires: compose, check, publish, show, list."
)


def _split(_context: object, _parameter: object, value: str) -> list[str]:
    return [each.strip() for each in value.split(",") if each.strip()]


@questionnaires.command("compose")
@click.option("--banks", required=True, callback=_split, help="Codes of banks: OPG,PLN.")
@click.option("--languages", required=True, callback=_split, help="The first is the default: en,es")
@click.option("--title", required=True)
@click.option("--items", default="", callback=_split, help="Codes of items; without: all of them.")
@json_option
@tells_refusals
@writes
def compose(
    banks: list[str], languages: list[str], title: str, items: list[str], as_json: bool
) -> None:
    """Compose a questionnaire from items of banks; prints its id."""
    titles = dict.fromkeys(languages, title)
    made = service.compose(db.session(), banks, languages, titles, items)
    if as_json:
        emit({"questionnaire": str(made.id), "code": made.code, "items": len(made.item_codes)})
    else:
        click.echo(str(made.id))


@questionnaires.command("check")
@click.argument("questionnaire", type=click.UUID)
@json_option
@writes
def check(questionnaire: UUID, as_json: bool) -> None:
    """List what keeps QUESTIONNAIRE from being published; exits with 1 when something does."""
    problems = service.check(db.session(), _found(questionnaire))
    if as_json:
        emit({"problems": msgspec.to_builtins(problems)})
    _tell(problems)
    if blocks(problems):
        raise SystemExit(PROBLEMS_FOUND)


@questionnaires.command("publish")
@click.argument("questionnaire", type=click.UUID)
@json_option
@tells_refusals
@writes
def publish(questionnaire: UUID, as_json: bool) -> None:
    """Freeze QUESTIONNAIRE as its next version; prints number and SHA-256."""
    version = service.publish(db.session(), _found(questionnaire), by=None)
    if as_json:
        emit(
            {
                "questionnaire": str(questionnaire),
                "version": version.number,
                "instrument_sha256": version.sha256,
            }
        )
    else:
        click.echo(f"{version.number}\t{version.sha256}")


@questionnaires.command("show")
@click.argument("questionnaire", type=click.UUID)
@click.option("--instrument", type=int, help="Print the document of this version instead.")
@writes
def show(questionnaire: UUID, instrument: int | None) -> None:
    """Show what QUESTIONNAIRE is made of, and its versions, as JSON."""
    found = _found(questionnaire)
    if instrument is None:
        emit(_described(found))
        return
    version = next((each for each in found.versions if each.number == instrument), None)
    if version is None:
        raise click.UsageError(f"There is no version {instrument}.")
    click.echo(version.document, nl=False)


@questionnaires.command("list")
@writes
def list_questionnaires() -> None:
    """List the questionnaires, the newest first."""
    for each in service.questionnaires(db.session()):
        title = next(iter(each.title.values()), "")
        click.echo(f"{each.id}\t{each.code}\t{len(each.versions)}\t{title}")


def _described(questionnaire: Questionnaire) -> dict[str, Any]:
    return {
        "questionnaire": str(questionnaire.id),
        "code": questionnaire.code,
        "title": questionnaire.title,
        "languages": questionnaire.languages,
        "due": questionnaire.due,
        "sections": [{"code": s["code"], "items": s["items"]} for s in questionnaire.sections],
        "versions": [
            {
                "version": version.number,
                "instrument_sha256": version.sha256,
                "published_at": version.published_at.isoformat(),
            }
            for version in questionnaire.versions
        ],
    }


def _found(questionnaire: UUID) -> Questionnaire:
    found = db.session().get(Questionnaire, questionnaire)
    if found is None:
        raise click.UsageError(f"There is no questionnaire {questionnaire}.")
    return found


def _tell(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        say(f"{problem.severity.value} {problem.where}: {words_of(problem)}")
