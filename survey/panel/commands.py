"""flask frame: the panel's frame of reference of a round as a file."""

from pathlib import Path
from uuid import UUID

import click
from flask_babel import force_locale
from flask_babel import gettext as _

from survey.accounts.models import Person
from survey.accounts.service import person_by_email
from survey.database import db, now, writes
from survey.panel.saying import Speaker
from survey.panel.service import Reading, reading_of, submitted_in
from survey.panel.spreadsheet import spreadsheet
from survey.web.commands import PROBLEMS_FOUND, say, tells_refusals
from survey.web.languages import LANGUAGES
from survey.web.reading import reader_of


@click.command("frame")
@click.argument("round_id", metavar="ROUND", type=click.UUID)
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True)
@click.option("--by", "email", help="E-mail of whom it is made for; without: the coordinator.")
@tells_refusals
@writes
def frame(round_id: UUID, target: Path, language: str, email: str | None) -> None:
    """Write the frame of reference of ROUND to an Excel file, for the panel only."""
    if target.suffix.lower() != ".xlsx":
        raise click.UsageError("The file is an Excel workbook: give it a name that ends in .xlsx.")
    session = db.session()
    submission = submitted_in(session, round_id)
    with force_locale(language):
        if submission is None:
            say(_("Nothing was submitted in this round."))
            raise SystemExit(PROBLEMS_FOUND)
        reading = reading_of(session, submission)
        content = _written(reading, _person(reading, email))
    target.write_bytes(content)
    say(str(target))


def _person(reading: Reading, email: str | None) -> Person:
    if email is None:
        return reading.response.round.coordinator
    person = person_by_email(db.session(), email)
    if person is None:
        raise click.UsageError(f"There is nobody with the address {email}.")
    return person


def _written(reading: Reading, person: Person) -> bytes:
    speaker = Speaker(reading.frame, reader_of(reading.frame.index.instrument))
    return spreadsheet(speaker, reading.response.round, person.name, now())
