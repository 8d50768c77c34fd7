"""A workbook goes through the real LibreOffice: typed in, saved, sent back."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from survey.core.state import Status
from survey.database import db, now
from survey.demonstration.load import load
from survey.responses.applying import apply
from survey.responses.board import Board, board_of
from survey.responses.exchange import catalogue, hand_out, plan_now, receive
from survey.responses.ledger import Act, verify
from survey.responses.models import Response, WorkbookExport
from survey.workbooks.child import read_apart
from survey.workbooks.read import read_token

pytestmark = pytest.mark.libreoffice

SCRIPT = Path(__file__).with_name("office.py")
DEBIAN_PYTHON = "/usr/bin/python3"  # the one that has LibreOffice's bridge


@pytest.fixture(scope="module")
def journey(new_app: Callable[..., Flask], new_database: Callable[[str], str]) -> Iterator[Session]:
    """The demonstration, loaded once; each test leaves what it does to the next one."""
    app = new_app(new_database("sqlite"))
    with app.app_context():
        db.create_all()
        load(db.session())
        db.session.commit()
        yield db.session()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def office(tmp_path: Path) -> Callable[..., Any]:
    """`office(content, typed=..., values=...)`: (the file as LibreOffice saved it, values)."""
    assert shutil.which("soffice"), "LibreOffice is missing: make setup-tests says what to install"

    def through(
        content: bytes, typed: list[list[str]] | None = None, values: list[str] | None = None
    ) -> tuple[bytes, dict[str, list[list[Any]]]]:
        before, after = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
        before.write_bytes(content)
        plan = {
            "file": str(before),
            "to": str(after),
            "type": typed or [],
            "values": values or [],
        }
        done = subprocess.run(
            [DEBIAN_PYTHON, str(SCRIPT)],
            input=json.dumps(plan),
            capture_output=True,
            text=True,
            check=True,
            timeout=180,
        )
        return after.read_bytes(), json.loads(done.stdout)

    return through


def response_of(session: Session, *, blank: bool) -> Response:
    loaded = load(session)
    found = loaded.blank_response if blank else loaded.response
    return session.get_one(Response, UUID(str(getattr(found, "id", found))))


def handed(session: Session, response: Response, language: str) -> bytes:
    by = response.round.coordinator_id
    made = hand_out(session, response, response.owner_id, by, language, (), ("Mariana",), now())
    session.commit()
    return made.content


def counts(session: Session, content: bytes) -> dict[str, int]:
    received = receive(session, _somebody(session), content, "returned.xlsx", now())
    plan = plan_now(session, received, now())
    return {kind: count for kind, count in plan.counts.items() if count}


def _somebody(session: Session) -> UUID:
    return response_of(session, blank=True).round.coordinator_id


def board(session: Session, response: Response) -> Board:
    return board_of(session, response, response.owner_id, now())


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("blank", [True, False], ids=["empty", "filled"])
def test_a_file_that_libreoffice_only_saved_is_an_empty_plan(journey, office, language, blank):
    content = handed(journey, response_of(journey, blank=blank), language)

    saved, _ = office(content)
    assert set(counts(journey, saved)) <= {"unchanged"}


def test_what_libreoffice_recalculates_is_what_the_program_says(journey, office):
    response = response_of(journey, blank=False)
    content = handed(journey, response, "en")

    _, values = office(content, values=["calc", "Start"])
    state = board(journey, response).state
    header, *lines = values["calc"]
    seen = set()
    for line in lines:
        row = dict(zip(header, line, strict=True))
        if row["role"] not in ("q", "f") or row["code"] not in state.asked:
            continue
        assert bool(row["asked"]) is state.asked[row["code"]], row
        if row["role"] == "q":
            status = state.questions[row["code"]].status
            assert bool(row["done"]) is status.is_settled, row
            assert _says(row["state"], status), (row, status)
        seen.add(row["code"])
    assert state.program.index.questions.keys() <= seen
    assert _progress_on(values["Start"], state.progress) == len(state.progress)


def _says(words: str, status: Status) -> bool:
    expected = {
        Status.NOT_ASKED: ("Not asked",),
        Status.UNANSWERED: ("To answer", "Answer missing", "Rows missing"),
        Status.PARTIAL: ("Partly answered", "Rows missing", "Missing"),
        Status.ANSWERED: ("Answered", "Evidence missing", "Review"),
        Status.NOT_AVAILABLE: ("No information",),
        Status.NOT_APPLICABLE: ("Not applicable",),
        Status.WITHHELD: ("Withheld",),
    }
    return words.startswith(expected[status])


def _progress_on(start: list[list[Any]], progress: Any) -> int:
    """How many sections the first sheet counts as the program does."""
    found = 0
    for row in start:
        cells = [cell for cell in row if cell != ""]
        letters = str(cells[0]).partition(" ")[0] if cells else ""
        own = next((p for code, p in progress.items() if code.endswith(f"-{letters}")), None)
        if own and len(cells) > 4:
            assert cells[1:4] == [own.asked, own.settled, own.left], cells
            assert cells[5] == pytest.approx(own.settled / own.asked), cells
            found += 1
    return found


def test_what_is_typed_in_libreoffice_arrives(journey, office):
    response = response_of(journey, blank=True)
    content = handed(journey, response, "es")
    cells = _cells(journey, content)
    words = catalogue("es").gettext("Withheld")
    typed = [
        [*cells["OPG-A2"], "Sí"],
        [*cells["OPG-A6:local"], "x"],
        [*cells["OPG-B7"], "12,5"],
        [*cells["OPG-C4"], "no"],
        [*cells["OPG-A1"], "En proceso"],
        [*cells["OPG-A1-expected"], "2027-05"],
        [*cells["OPG-A1-body"], "=Secretaría de Transparencia"],
        [cells["OPG-F6"][0], cells["OPG-F6"][1].replace("E", "H"), words],
        [cells["OPG-F6"][0], cells["OPG-F6"][1].replace("E", "I"), "Seguridad de las personas"],
    ]

    saved, _ = office(content, typed)
    received = receive(journey, _somebody(journey), saved, "returned.xlsx", now())
    act = Act(actor=_somebody(journey), via="workbook", at=now(), idem="libreoffice")
    assert apply(journey, received, {}, {}, act).waiting == ()
    answers = board(journey, response).answers
    assert answers["OPG-A2"].fields == {"OPG-A2": "yes"}
    assert answers["OPG-A6"].fields == {"OPG-A6": ["local"]}
    assert answers["OPG-B7"].fields["OPG-B7"] == "12.5"
    assert answers["OPG-C4"].fields == {"OPG-C4": "no"}
    assert answers["OPG-A1"].fields["OPG-A1-expected"] == "2027-05"
    assert answers["OPG-A1"].fields["OPG-A1-body"]["text"] == "=Secretaría de Transparencia"
    assert answers["OPG-F6"].non_answer == "withheld"
    assert answers["OPG-F6"].reason == {"text": "Seguridad de las personas", "lang": "es"}
    assert verify(journey, response).problems == ()
    journey.commit()
    assert set(counts(journey, saved)) <= {"unchanged"}


def test_the_asked_column_follows_what_is_typed(journey, office):
    response = response_of(journey, blank=True)
    content = handed(journey, response, "es")
    cells = _cells(journey, content)

    _, values = office(content, [[*cells["OPG-C4"], "Sí"]], ["calc"])
    header, *lines = values["calc"]
    asked = {line[0]: line[header.index("asked")] for line in lines}
    assert asked["OPG-C5"] == 1
    assert asked["OPG-C5-datasets"] == 1


def _cells(session: Session, content: bytes) -> dict[str, tuple[str, str]]:
    """Row code -> sheet and cell of its answer."""
    token = read_token(read_apart(content))
    kept = session.get_one(WorkbookExport, token).cells
    return {
        code: (sheet["name"], f"E{row}")
        for sheet in msgspec.to_builtins(kept)["sheets"]
        if sheet["kind"] == "section"
        for row, code in enumerate(sheet["rows"], 1)
    }
