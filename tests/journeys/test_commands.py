"""The main job by commands alone: bank, questionnaire, workbook, answers, submission."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.responses.models import AnswerEvent

ITEMS = "OPG-C1,OPG-C3,OPG-C4,OPG-C5,OPG-C6,OPG-D1,OPG-D2,OPG-E3,OPG-E4,OPG-E5,OPG-F2,OPG-F3"
ANSWERS = {
    "OPG-C1": "No",
    "OPG-C3": "Sí",
    "OPG-C4": "Sí",
    "OPG-C5-datasets": 340,
    "OPG-C5-entities": 27,
    "OPG-C6": 0.455,
    "OPG-D2:design": "x",
    "OPG-E3": "No",
    "OPG-F2": 14,
    "OPG-F3": 62,
}


@pytest.fixture
def run(app: Any, session: Session) -> Callable[..., Result]:
    runner = app.test_cli_runner()

    def ran(*words: object, status: int = 0) -> Result:
        session.commit()
        done: Result = runner.invoke(args=[str(word) for word in words])
        assert done.exit_code == status, (words, done.stdout, done.stderr, done.exception)
        return done

    return ran


@pytest.fixture
def opened(run: Callable[..., Result]) -> dict[str, Any]:
    """A response of Honduras to twelve items, opened by commands."""
    run("banks", "load")
    composed = ("--banks", "OPG", "--languages", "es,en", "--title", "Doce preguntas")
    made = json.loads(
        run("questionnaires", "compose", *composed, "--items", ITEMS, "--json").stdout
    )
    assert made["items"] == 12
    run("questionnaires", "check", made["questionnaire"])
    version = json.loads(run("questionnaires", "publish", made["questionnaire"], "--json").stdout)
    person = ("--name", "Mariana Esquivel", "--role", "administrator")
    run("people", "add", "mariana@example.org", *person)
    where = ("--country", "HND", "--questionnaire", made["questionnaire"])
    issued = run("responses", "open", *where, "--coordinator", "mariana@example.org", "--json")
    return made | version | json.loads(issued.stdout)


def filled(path: Path, answers: dict[str, object]) -> None:
    """Write answers into a workbook where its hidden codes say."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    left = dict(answers)
    for sheet in book:
        for row in sheet.iter_rows(min_col=1, max_col=1):
            if row[0].value in left:
                sheet.cell(row[0].row, 5).value = left.pop(row[0].value)
    assert left == {}
    book.save(path)


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_the_main_job_runs_by_commands(
    run: Callable[..., Result], opened: dict[str, Any], session: Session, tmp_path: Path
) -> None:
    response, file = opened["response"], tmp_path / "answers.xlsx"
    run("workbook", "write", response, "--to", file, "--language", "es")
    assert kinds(run("workbook", "read", file, "--json")) == {}

    filled(file, ANSWERS)
    plan = json.loads(run("workbook", "read", file, "--json").stdout)
    assert plan["counts"]["new"] == len(ANSWERS)
    assert plan["applied"] is False
    run("workbook", "read", file, "--apply")
    shown = json.loads(run("responses", "show", response, "--json").stdout)
    answers = shown["answers"]
    assert answers["OPG-C6"]["fields"]["OPG-C6"] == "45.5"
    assert answers["OPG-D2"]["fields"]["OPG-D2"] == ["design"]
    assert answers["OPG-E5"]["asked"] is False
    assert kinds(run("workbook", "read", file, "--json")).keys() == {"unchanged"}

    run("responses", "verify", response)
    sealed = run("responses", "submit", response, "--by", "mariana@example.org", "--json")
    assert len(json.loads(sealed.stdout)["sha256"]) == 64
    run("responses", "submit", response, "--by", "mariana@example.org", status=1)
    run("workbook", "read", file, status=1)
    run("responses", "verify", response)
    event = session.scalars(select(AnswerEvent).where(AnswerEvent.part == "OPG-F2")).one()
    event.new = "15"
    session.flush()
    refused = run("responses", "verify", response, status=1)
    assert "OPG-F2" in refused.stderr


def kinds(done: Result) -> dict[str, int]:
    counts = json.loads(done.stdout)["counts"]
    return {kind: count for kind, count in counts.items() if count}


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_a_conflict_is_settled_by_what_the_command_says(
    run: Callable[..., Result], opened: dict[str, Any], tmp_path: Path
) -> None:
    response = opened["response"]
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    for path in (first, second):
        run("workbook", "write", response, "--to", path)
    filled(first, {"OPG-F2": 14})
    filled(second, {"OPG-F2": 15})
    run("workbook", "read", first, "--apply")

    waiting = json.loads(run("workbook", "read", second, "--json", status=1).stdout)
    (item,) = waiting["items"]
    assert (item["kind"], item["here"], item["there"]) == ("conflict", "14", "15")
    applied = json.loads(
        run("workbook", "read", second, "--apply", "--take", "there", "--json").stdout
    )
    shown = json.loads(run("responses", "show", response, "--json").stdout)
    assert shown["answers"]["OPG-F2"]["fields"]["OPG-F2"] == "15"
    run("workbook", "undo", applied["import"])
    shown = json.loads(run("responses", "show", response, "--json").stdout)
    assert shown["answers"]["OPG-F2"]["fields"]["OPG-F2"] == "14"
    run("responses", "verify", response)


def test_wrong_use_is_told_apart_from_problems(run: Callable[..., Result], tmp_path: Path) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    no_book = tmp_path / "no.xlsx"
    no_book.write_bytes(b"no workbook at all")

    run("responses", "show", nobody, status=2)
    run("questionnaires", "publish", nobody, status=2)
    run("workbook", "write", nobody, "--to", tmp_path / "x.xlsx", status=2)
    run("workbook", "undo", nobody, status=2)
    run("banks", "load")
    compose = ("questionnaires", "compose", "--languages", "en", "--title", "T", "--banks")
    run(*compose, "XYZ", status=1)
    run(*compose, "OPG", "--items", "OPG-Z9", status=1)


def test_a_file_that_is_no_workbook_is_refused_in_words(
    run: Callable[..., Result], opened: dict[str, Any], tmp_path: Path
) -> None:
    no_book = tmp_path / "no.xlsx"
    no_book.write_bytes(b"no workbook at all")

    refused = run("workbook", "read", no_book, "--by", "mariana@example.org", status=1)
    assert len(refused.stderr.splitlines()) > 1


def test_the_banks_are_listed_and_checked(run: Callable[..., Result]) -> None:
    run("banks", "load")

    report = json.loads(run("banks", "check", "--json").stdout)
    (bank,) = [each for each in report["banks"] if each["code"] == "OPG"]
    assert (bank["questions"], bank["sections"], bank["problems"]) == (41, 6, [])
    assert bank["languages"]["es"] == {"missing": 0, "fuzzy": 0}
    assert "OPG\t41" in run("banks", "list").stdout
