"""flask responses: open, list, show, verify, submit."""

from typing import Any
from uuid import UUID

import click
import msgspec
from flask.cli import AppGroup
from sqlalchemy import select

from survey.accounts.service import country_entity, grant, person_by_email
from survey.core.answers import EMPTY, Answer
from survey.core.policy import Role
from survey.core.state import QuestionState
from survey.database import db, now, writes
from survey.questionnaires.models import Version
from survey.responses.board import Board, board_of
from survey.responses.ledger import verify
from survey.responses.models import Response
from survey.responses.service import open_response
from survey.responses.submission import seal_problems, submission_of, submit
from survey.rounds.service import advance, open_round
from survey.web.commands import PROBLEMS_FOUND, emit, json_option, say, tells_refusals
from survey.web.messages import words_of

responses = AppGroup("responses", help="Responses: open, list, show, verify, submit.")


def found(response: UUID) -> Response:
    """The response with this id.

    Raises:
        click.UsageError: there is none.
    """
    row = db.session().get(Response, response)
    if row is None:
        raise click.UsageError(f"There is no response {response}.")
    return row


@responses.command("list")
@writes
def list_responses() -> None:
    """List the responses with country, seq and whether they are open."""
    for each in db.session().scalars(select(Response).order_by(Response.id)).unique():
        state = "open" if each.is_open else "submitted"
        click.echo(f"{each.id}\t{each.round.country}\t{each.seq}\t{state}")


@responses.command("open")
@click.option("--country", required=True, help="ISO 3166-1 alpha-3, such as HND.")
@click.option("--questionnaire", type=click.UUID, required=True)
@click.option("--version", "number", type=int, help="Without: the latest published one.")
@click.option("--coordinator", required=True, help="E-mail of the coordinator of the round.")
@click.option("--title", help="Of the round; without: the country and the questionnaire.")
@json_option
@tells_refusals
@writes
def open_new(
    country: str,
    questionnaire: UUID,
    number: int | None,
    coordinator: str,
    title: str | None,
    as_json: bool,
) -> None:
    """Issue a published questionnaire to a country: a new round with an empty response."""
    session = db.session()
    version = _version(questionnaire, number)
    person = person_by_email(session, coordinator)
    if person is None:
        raise click.UsageError(f"There is nobody with the address {coordinator}.")
    entity = country_entity(session, country)
    titles = {tag: title or text for tag, text in version.questionnaire.title.items()}
    round_ = open_round(session, country, entity.name, titles, now().year, person)
    advance(session, round_, "issue", person.id, now())
    row = open_response(session, round_, version, entity.id)
    grant(session, person, Role.COORDINATOR, round_id=round_.id)
    if as_json:
        emit({"round": str(round_.id), "response": str(row.id), "version": version.number})
    else:
        click.echo(str(row.id))


def _version(questionnaire: UUID, number: int | None) -> Version:
    query = select(Version).where(Version.questionnaire_id == questionnaire)
    found = db.session().scalars(query.order_by(Version.number.desc())).all()
    chosen = [each for each in found if number in (None, each.number)]
    if not chosen:
        raise click.UsageError(f"{questionnaire} has no such published version.")
    return chosen[0]


@responses.command("show")
@click.argument("response", type=click.UUID)
@json_option
@writes
def show(response: UUID, as_json: bool) -> None:
    """Show the answers, progress and problems of RESPONSE."""
    row = found(response)
    board = board_of(db.session(), row, row.owner_id, now())
    if as_json:
        emit(described(row, board))
        return
    for code, section in board.index.sections.items():
        progress = board.state.progress[code]
        title = next(iter(section.title.values()))
        click.echo(f"{code}\t{progress.settled} of {progress.asked}\t{title}")
    for problem in board.state.problems:
        say(f"{problem.severity.value} {problem.where}: {words_of(problem)}")


def described(response: Response, board: Board) -> dict[str, Any]:
    """A response as `flask responses show --json` prints it (`design.md` 9)."""
    return {
        "response": str(response.id),
        "seq": board.seq,
        "answers": {
            code: _answer(board.answers.get(code, EMPTY), board.state.questions[code])
            for code in board.index.answerable
        },
        "progress": {
            code: {**msgspec.structs.asdict(each), "left": each.left}
            for code, each in board.state.progress.items()
        },
        "problems": msgspec.to_builtins(board.state.problems),
    }


def _answer(answer: Answer, state: QuestionState) -> dict[str, Any]:
    return {
        "fields": dict(answer.fields),
        "non_answer": answer.non_answer.value if answer.non_answer else None,
        "reason": answer.reason,
        "remark": answer.remark,
        "visibility": answer.visibility,
        "evidence": list(answer.evidence),
        "explanations": dict(answer.explanations),
        "asked": state.is_asked,
        "status": state.status.value,
        "rows": [
            {"id": row.id, "position": row.position, "fields": dict(row.fields)}
            for row in answer.rows
        ],
    }


@responses.command("verify")
@click.argument("response", type=click.UUID)
@json_option
@writes
def verify_response(response: UUID, as_json: bool) -> None:
    """Rebuild RESPONSE from its events and check the chain; exits with 1 on any difference."""
    session = db.session()
    row = found(response)
    result = verify(session, row)
    submission = submission_of(session, row)
    problems = (*result.problems, *(seal_problems(session, submission) if submission else ()))
    if as_json:
        emit(
            {
                "response": str(row.id),
                "changes": result.changes,
                "events": result.events,
                "problems": msgspec.to_builtins(problems),
            }
        )
    for problem in problems:
        say(f"{problem.where}: {words_of(problem)}")
    if problems:
        raise SystemExit(PROBLEMS_FOUND)
    say(f"{result.changes} changes, {result.events} events: nothing differs.")


@responses.command("submit")
@click.argument("response", type=click.UUID)
@click.option("--by", "email", required=True, help="E-mail of who signs.")
@json_option
@tells_refusals
@writes
def submit_response(response: UUID, email: str, as_json: bool) -> None:
    """Seal and close RESPONSE, signed by the person with this e-mail; prints the SHA-256."""
    session = db.session()
    person = person_by_email(session, email)
    if person is None:
        raise click.UsageError(f"There is nobody with the address {email}.")
    made = submit(session, found(response), person.id, person.name, person.office, now())
    if as_json:
        emit(
            {
                "response": str(response),
                "submission": str(made.id),
                "sha256": made.sha256,
                "at": made.at.isoformat(),
            }
        )
    else:
        click.echo(made.sha256)
