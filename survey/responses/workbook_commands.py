"""flask workbook: write, read, undo."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import click
from flask.cli import AppGroup
from sqlalchemy import select

from survey.accounts.models import Entity, Person
from survey.accounts.service import person_by_email
from survey.core.answers import Part
from survey.core.merge import Kind, Take
from survey.database import db, now, writes
from survey.responses.applying import apply, undo
from survey.responses.commands import found
from survey.responses.exchange import described, hand_out, plan_now, receive
from survey.responses.ledger import Act
from survey.responses.models import Response, WorkbookImport
from survey.rounds.models import Round
from survey.web.commands import PROBLEMS_FOUND, emit, json_option, say, tells_refusals
from survey.web.messages import words_of
from survey.workbooks.plan import Plan

workbook = AppGroup("workbook", help="Answer workbooks: write, read, undo.")

_WAITING = frozenset({"conflict", "ambiguous", "unreadable", "row_mismatch"})
_by = click.option("--by", "email", help="E-mail of who does it; without: the coordinator.")


@workbook.command("write")
@click.argument("response", type=click.UUID)
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--language", help="One of the version's languages; without: its first.")
@click.option("--sections", default="", help="Codes of sections, A,B; without: all of them.")
@click.option("--owner", help="Code of the entity whose answers it holds; without: the country.")
@_by
@tells_refusals
@writes
def write(
    response: UUID,
    target: Path,
    language: str | None,
    sections: str,
    owner: str | None,
    email: str | None,
) -> None:
    """Write the workbook of RESPONSE to a file."""
    row = found(response)
    handed = hand_out(
        db.session(),
        row,
        _owner(row, owner),
        _person(row, email),
        _language(row, language),
        [_section(row, code.strip()) for code in sections.split(",") if code.strip()],
        [_contact(row.round)],
        now(),
    )
    target.write_bytes(handed.content)
    say(str(target))


def _language(row: Response, wanted: str | None) -> str:
    languages = row.program.index.instrument.languages
    if wanted and wanted not in languages:
        raise click.UsageError(f"The version has {', '.join(languages)}, not {wanted}.")
    return wanted or languages[0]


def _section(row: Response, wanted: str) -> str:
    """Sections may be named as they are printed: A for OPG-A."""
    sections = row.program.index.sections
    matching = [code for code in sections if code == wanted or code.endswith(f"-{wanted}")]
    return matching[0] if len(matching) == 1 else wanted


def _owner(row: Response, code: str | None) -> UUID:
    if code is None:
        return row.owner_id
    query = select(Entity).where(Entity.country == row.round.country, Entity.code == code)
    entity = db.session().scalar(query)
    if entity is None:
        raise click.UsageError(f"{row.round.country} has no entity {code}.")
    return entity.id


def _person(row: Response, email: str | None) -> UUID:
    if email is None:
        return row.round.coordinator_id
    person = person_by_email(db.session(), email)
    if person is None:
        raise click.UsageError(f"There is nobody with the address {email}.")
    return person.id


def _contact(round_: Round) -> str:
    person: Person = round_.coordinator
    return " · ".join(each for each in (person.name, person.email, person.phone) if each)


@workbook.command("read")
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
@click.option("--apply", "applies", is_flag=True, help="Apply what is clear.")
@click.option("--take", type=click.Choice(["here", "there"]), help="Settle conflicts like this.")
@click.option("--emptied", type=click.Choice(["keep", "remove"]), default="keep")
@_by
@json_option
@tells_refusals
def read(
    file: Path, applies: bool, take: str | None, emptied: str, email: str | None, as_json: bool
) -> None:
    """Show what FILE would change, and apply it when asked; exits with 1 while something waits."""
    result, plan, waiting = _read(file, applies, take, emptied, email)
    if as_json:
        emit(result)
    else:
        _tell(plan)
    if waiting:
        raise SystemExit(PROBLEMS_FOUND)


@writes
def _read(
    file: Path, applies: bool, take: str | None, emptied: str, email: str | None
) -> tuple[dict[str, Any], Plan, bool]:
    session = db.session()
    actor = _actor(email)
    received = receive(session, actor, file.read_bytes(), file.name, now())
    plan = plan_now(session, received, now())
    waiting = {item.key for item in plan.items if item.kind in _WAITING}
    if applies:
        act = Act(actor=actor, via="workbook", at=now(), idem=uuid4().hex)
        merged = apply(session, received, _decisions(plan, take, emptied), {}, act)
        settled = {item.key for item in plan.items if item.kind == Kind.CONFLICT}
        waiting -= settled - {item.part for item in merged.waiting}
    return _result(received, plan, applies), plan, bool(waiting)


def _actor(email: str | None) -> UUID:
    session = db.session()
    person = person_by_email(session, email) if email else None
    coordinator = session.scalar(select(Round.coordinator_id).order_by(Round.id).limit(1))
    actor = person.id if person else coordinator
    if actor is None or (email and person is None):
        raise click.UsageError("Say who does it: --by EMAIL.")
    return actor


def _decisions(plan: Plan, take: str | None, emptied: str) -> dict[Part, Any]:
    found: dict[Part, Any] = {}
    for item in plan.items:
        if item.kind == Kind.CONFLICT and take:
            found[item.key] = Take(take)
        if item.kind in (Kind.EMPTIED, Kind.ROW_REMOVED):
            found[item.key] = Take.REMOVE if emptied == "remove" else Take.HERE
    return found


def _result(received: WorkbookImport, plan: Plan, applied: bool) -> dict[str, Any]:
    return {
        "import": str(received.id),
        "response": str(received.response_id),
        "owner": str(received.export.owner_id),
        "base": received.export.seq,
        **described(plan),
        "applied": applied,
    }


def _tell(plan: Plan) -> None:
    for kind, count in plan.counts.items():
        if count:
            click.echo(f"{count}\t{kind}")
    for item in plan.items:
        where = f"{item.sheet}!{item.cell}" if item.cell else item.sheet
        words = words_of(item.problem) if item.problem else ""
        say(f"{item.kind}\t{item.part}\t{where}\t{item.text} {words}".rstrip())


@workbook.command("undo")
@click.argument("import_id", metavar="IMPORT", type=click.UUID)
@_by
@tells_refusals
@writes
def undo_import(import_id: UUID, email: str | None) -> None:
    """Take back what IMPORT changed, as one change."""
    session = db.session()
    received = session.get(WorkbookImport, import_id)
    if received is None:
        raise click.UsageError(f"There is no import {import_id}.")
    row = found(received.response_id)
    act = Act(actor=_person(row, email), via="undo", at=now(), idem=uuid4().hex)
    say(f"Undone; the response stands at {undo(session, received, act)}.")
