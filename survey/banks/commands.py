"""flask banks: list, check, load, export, texts."""

from pathlib import Path
from typing import Any

import click
import msgspec
from flask.cli import AppGroup
from sqlalchemy import inspect

from survey.banks import service
from survey.banks.checks import BankReport, reports_of
from survey.banks.files import COMMON, BankFile, BankFolder, BankUnreadable, folders
from survey.banks.models import Bank
from survey.banks.review import review_of
from survey.banks.review_files import write_review
from survey.banks.terminology import read_glossary
from survey.config import ROOT
from survey.core.items import Common
from survey.core.problems import Problem
from survey.database import db, writes
from survey.web.commands import PROBLEMS_FOUND, emit, json_option, say, tells_refusals
from survey.web.messages import words_of

banks = AppGroup("banks", help="Question banks: list, check, load, export, texts.")

_BANKS, _TRANSLATIONS = ROOT / "question_banks", ROOT / "translations"
_path = click.argument("path", type=click.Path(path_type=Path), default=_BANKS)


@banks.command("list")
@json_option
@writes
def list_banks(as_json: bool) -> None:
    """List the banks in the database with their number of items."""
    rows: list[dict[str, Any]] = [
        {"code": bank.code, "title": bank.title, "items": sum(len(s.items) for s in bank.sections)}
        for bank in service.banks(db.session())
    ]
    if as_json:
        emit(rows)
    else:
        for row in rows:
            click.echo(f"{row['code']}\t{row['items']}\t{row['title'].get('en', '')}")


@banks.command("check")
@_path
@json_option
def check(path: Path, as_json: bool) -> None:
    """Check the bank files under PATH; exits with 1 when one of them has an error."""
    reports = _reports(path)
    if as_json:
        emit({"banks": reports})
    else:
        for report in reports:
            _tell(report)
    if not reports or any(report.has_errors for report in reports):
        raise SystemExit(PROBLEMS_FOUND)


def _reports(path: Path) -> list[BankReport]:
    common = _common_of(path)
    terms = read_glossary(common / "glossary.yaml")
    return reports_of(_folders(path), _folder(common).read_common(), terms)


def _folders(path: Path) -> list[BankFolder]:
    if (path / "bank.yaml").exists():
        return [_folder(path)]
    return folders(path, _translations_of(path))


def _folder(path: Path) -> BankFolder:
    return BankFolder(path, _translations_of(path.parent))


def _common_of(path: Path) -> Path:
    """What the banks under `path` share: beside them, or the program's own."""
    for parent in (path, path.parent):
        if (parent / COMMON / "bank.yaml").exists():
            return parent / COMMON
    return _BANKS / COMMON


def _translations_of(banks_path: Path) -> Path:
    beside = banks_path.resolve().parent / "translations"
    return beside if beside.is_dir() else _TRANSLATIONS


def _tell(report: BankReport) -> None:
    texts = ", ".join(
        f"{language}: {count.missing} missing, {count.fuzzy} fuzzy"
        for language, count in report.languages.items()
    )
    click.echo(f"{report.code}\t{report.questions} items\t{report.sections} sections\t{texts}")
    _say_problems(report.problems)


def _say_problems(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        say(f"{problem.severity.value} {problem.where}: {words_of(problem)}")


@banks.command("load")
@_path
@json_option
@tells_refusals
def load(path: Path, as_json: bool) -> None:
    """Load the bank files under PATH; an item edited here stays and is named, with status 1."""
    try:
        loaded = _load(path)
    except BankUnreadable as error:
        say(str(error))
        raise SystemExit(PROBLEMS_FOUND) from error
    if as_json:
        emit({"banks": msgspec.to_builtins(loaded)})
    for bank in loaded:
        say(f"{bank.code}: {bank.items} items, {bank.new} new, {bank.changed} changed")
        _say_problems(bank.problems)
    if any(bank.problems for bank in loaded):
        raise SystemExit(PROBLEMS_FOUND)


@writes
def _load(path: Path) -> list[service.Loaded]:
    session = db.session()
    common = _folder(_common_of(path))
    service.load_common(session, common.read_common())
    edited = service.load_names(session, common.read_names())
    names = service.Loaded(code=COMMON, items=0, problems=edited)
    return [names, *(service.load_bank(session, folder.read()) for folder in _folders(path))]


@banks.command("export")
@click.argument("code")
@click.option(
    "--to", "target", required=True, type=click.Path(path_type=Path), help="A .docx or .xlsx file."
)
@writes
def export(code: str, target: Path) -> None:
    """Write the bank CODE for its reviewers: languages side by side, room for proposals.

    It is the bank as it is loaded, with what was edited since; else that of the files.
    """
    bank, common = _loaded_bank(code.upper()) or _bank_of_files(code.upper())
    try:
        write_review(review_of(bank, common), target)
    except ValueError as error:
        raise click.UsageError("The file ends in .docx or .xlsx.") from error
    say(str(target))


def _loaded_bank(code: str) -> tuple[BankFile, Common] | None:
    if not inspect(db.engine).has_table(Bank.__tablename__):
        return None
    session = db.session()
    bank = next((each for each in service.banks(session) if each.code == code), None)
    return (service.file_of(bank), service.common_of(session)) if bank else None


def _bank_of_files(code: str) -> tuple[BankFile, Common]:
    common = _folder(_BANKS / COMMON).read_common()
    for folder in folders(_BANKS, _TRANSLATIONS):
        bank = folder.read()
        if bank.code == code:
            return bank, common
    raise click.UsageError(f"There is no bank {code}.")


@banks.command("texts")
@click.argument("language")
@_path
def texts(language: str, path: Path) -> None:
    """Bring the gettext files of LANGUAGE up to date with the banks under PATH."""
    for folder in (_folder(_common_of(path)), *_folders(path)):
        say(str(folder.update_catalogue(language)))
