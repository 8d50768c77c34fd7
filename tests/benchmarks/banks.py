"""The bank files of all topics: checked and compiled, loaded into an empty database."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from survey.banks import service
from survey.banks.checks import instrument_of, reports_of
from survey.banks.files import COMMON, BankFolder, folders
from survey.banks.terminology import read_glossary
from survey.config import ROOT
from survey.core.program import Program
from survey.database import db, writes
from tests.benchmarks.measuring import Figure, repeated, seconds

BANKS: Final = ROOT / "question_banks"
TRANSLATIONS: Final = ROOT / "translations"
LANGUAGES: Final = ("en", "es", "pt", "fr")
CHECKED, LOADED = 5, 10  # seconds


def rows(quick: bool) -> Iterator[Figure]:
    """Seconds of each; the files are read anew every time."""
    rounds = 1 if quick else 5
    count = len(folders(BANKS, TRANSLATIONS))
    yield Figure(
        name=f"check and compile the {count} bank files",
        value=repeated(lambda _: seconds(_checked), rounds),
        unit="s",
        bar=CHECKED,
    )
    yield Figure(
        name=f"load the {count} bank files into an empty database",
        value=repeated(lambda _: _loaded(), rounds),
        unit="s",
        bar=LOADED,
    )


def _checked() -> None:
    common = BankFolder(BANKS / COMMON, TRANSLATIONS).read_common()
    every = folders(BANKS, TRANSLATIONS)
    reports_of(every, common, read_glossary(BANKS / COMMON / "glossary.yaml"))
    for folder in every:
        Program(instrument_of(folder.read(), common, LANGUAGES))


def _loaded() -> float:
    with tempfile.TemporaryDirectory() as name, _app(Path(name)).app_context():
        upgrade()
        taken = seconds(_load)
        db.engine.dispose()
        return taken


def _app(folder: Path) -> Flask:
    environment = {
        "DATABASE_URL": f"sqlite:///{folder / 'ronda.sqlite'}",
        "RONDA_HOME": str(folder),
        "BASE_URL": "http://localhost",
        "SECRET_KEY": "measured with a key that is long enough to be one",
    }
    return create_app({"TESTING": True}, environment)


@writes
def _load() -> None:
    session = db.session()
    common = BankFolder(BANKS / COMMON, TRANSLATIONS)
    service.load_common(session, common.read_common())
    service.load_names(session, common.read_names())
    for folder in folders(BANKS, TRANSLATIONS):
        service.load_bank(session, folder.read())
