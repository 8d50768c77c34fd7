"""Workbooks that travel: handed out, come home, are looked at, applied, undone.

Nothing in a file is believed but its token; what it was made from is known here. The file is kept
as it came, and read again whenever its plan is looked at, so that the plan is that of the moment.
"""

import io
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec
from babel.support import NullTranslations, Translations
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.accounts.countries import signs_of, territory_of
from survey.config import ROOT
from survey.core.answers import NonAnswer, Part, Stored, answers_of, parts_of
from survey.core.instrument import say, sha256
from survey.core.problems import Refused
from survey.core.state import state_of
from survey.core.types import Locale
from survey.database import new_id
from survey.responses.board import Board, board_of
from survey.responses.ledger import (
    ResponseClosed,
    base_of,
    events_after,
)
from survey.responses.models import (
    Response,
    WorkbookExport,
    WorkbookImport,
)
from survey.web.languages import LANGUAGES, locale_in
from survey.web.reading import locale_of
from survey.workbooks import layout
from survey.workbooks.book import Book
from survey.workbooks.child import read_apart
from survey.workbooks.plan import Plan, plan_of, with_choices
from survey.workbooks.raw import RawBook, Unreadable
from survey.workbooks.read import read_answers, read_token
from survey.workbooks.reading import Export, Reading
from survey.workbooks.values import Words
from survey.workbooks.write import write_workbook


class UnreadableWorkbook(Refused):
    """The file is damaged, dangerous or no workbook; `problems` say which."""

    code = "unreadable_workbook"


class UnknownExport(Refused):
    """The file is no workbook that was handed out here, or its mark is gone."""

    code = "unknown_export"


class OfAnotherResponse(Refused):
    """The file belongs to another response."""

    code = "workbook_of_another_response"


class UnknownSection(Refused):
    """The version has no section with this code."""

    code = "unknown_section"


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """A workbook to give away: its bytes, a name for the file, the token it carries."""

    content: bytes
    name: str
    token: str


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> NullTranslations:
    """The words of screens and workbooks in a language; English when it has none."""
    return Translations.load(str(ROOT / "translations"), [language], "messages")


def file_locale(language: str, country: str) -> Locale:
    """How a workbook in this language for this country (alpha-3) writes numbers and dates."""
    territory = territory_of(country)
    return locale_of(locale_in(language, territory, signs_of(territory)))


def hand_out(
    session: Session,
    response: Response,
    owner: UUID,
    by: UUID,
    language: str,
    sections: Sequence[str],
    people: Sequence[str],
    at: datetime,
) -> Handed:
    """Write the workbook of a response as it is now and remember what it was made from.

    `sections`: codes, none for all; `people`: whom to ask, a line each.

    Raises:
        UnknownSection: a code that is no section of the version.
    """
    board = board_of(session, response, owner, at)
    unknown = [code for code in sections if code not in board.index.sections]
    if unknown:
        raise UnknownSection(codes=", ".join(unknown))
    token = secrets.token_hex(16)
    book = _book(board, response, language, tuple(sections), tuple(people), token, at)
    target = io.BytesIO()
    cells = write_workbook(target, book)
    session.add(
        WorkbookExport(
            token=token,
            response_id=response.id,
            owner_id=owner,
            version_id=response.version_id,
            seq=board.seq,
            sections=list(book.chosen),
            language=language,
            cells=msgspec.to_builtins(cells),
            made_by=by,
            made_at=at,
        )
    )
    session.flush()
    return Handed(
        content=target.getvalue(), name=_file_name(board, sections, language), token=token
    )


def _book(
    board: Board,
    response: Response,
    language: str,
    sections: tuple[str, ...],
    people: tuple[str, ...],
    token: str,
    at: datetime,
) -> Book:
    return Book(
        program=board.program,
        answers=board.answers,
        state=board.state,
        sections=sections,
        language=language,
        country=say(response.round.country_name, language),
        round_title=say(response.round.title, language),
        people=people,
        token=token,
        sha256=response.version.sha256,
        made_on=at.date(),
        words=catalogue(language),
        locale=file_locale(language, response.round.country),
    )


def _file_name(board: Board, sections: Sequence[str], language: str) -> str:
    """Letters, digits, `-` and `_` only: file systems and mail programs agree on those."""
    parts = [board.index.instrument.code, *sections, language]
    return "_".join(parts).lower() + ".xlsx"


def receive(
    session: Session,
    by: UUID,
    content: bytes,
    name: str,
    at: datetime,
    response: Response | None = None,
) -> WorkbookImport:
    """Keep a workbook that came home, with its plan; nothing is applied yet.

    `response`: the one it must belong to; None: the one its token names. The same file for the
    same export is the same import while it waits.

    Raises:
        UnreadableWorkbook: the guard or the reader refused the file; carries the problems.
        UnknownExport: its token is none of ours.
        OfAnotherResponse: it was handed out for another response.
        ResponseClosed: the response was submitted.
    """
    export = _export_of(session, content)
    if response is not None and export.response_id != response.id:
        raise OfAnotherResponse()
    own = response or session.get_one(Response, export.response_id)
    if not own.is_open:
        raise ResponseClosed()
    digest = sha256(content)
    waiting = session.scalar(
        select(WorkbookImport).where(
            WorkbookImport.token == export.token,
            WorkbookImport.file_sha256 == digest,
            WorkbookImport.applied_seq.is_(None),
        )
    )
    if waiting is not None:
        return waiting
    received = WorkbookImport(
        id=new_id(),
        token=export.token,
        response_id=own.id,
        file_name=name[-200:],
        file_sha256=digest,
        file=content,
        plan={},
        received_by=by,
        received_at=at,
    )
    session.add(received)
    session.flush()
    received.plan = described(plan_now(session, received, at))
    session.flush()
    return received


@lru_cache(maxsize=4)
def _raw(content: bytes) -> RawBook:
    """The cells of a file; a plan that is looked at and then applied reads it once."""
    return read_apart(content)


def opened(content: bytes) -> RawBook:
    """What is in a file. A strange one takes long: open it before a transaction that writes.

    Raises:
        UnreadableWorkbook: the guard or the reader refused the file; carries the problems.
    """
    with _told():
        return _raw(content)


@contextmanager
def _told() -> Iterator[None]:
    """What the guard and the reader say of a file becomes a refusal."""
    try:
        yield
    except Unreadable as refused:
        raise UnreadableWorkbook(*refused.problems) from refused


def _export_of(session: Session, content: bytes) -> WorkbookExport:
    with _told():
        token = read_token(_raw(content))
    export = session.get(WorkbookExport, token) if token else None
    if export is None:
        raise UnknownExport()
    return export


def import_for(session: Session, response: Response, import_id: UUID) -> WorkbookImport | None:
    """An import of this response."""
    found = session.get(WorkbookImport, import_id)
    return found if found is not None and found.response_id == response.id else None


def plan_now(
    session: Session,
    received: WorkbookImport,
    at: datetime,
    choices: Mapping[Part, Stored | None] | None = None,
) -> Plan:
    """What applying an import would do now; `choices` say what doubtful cells mean."""
    export = received.export or session.get_one(WorkbookExport, received.token)
    response = session.get_one(Response, export.response_id)
    board = board_of(session, response, export.owner_id, at)
    base = _base(session, export, board)
    reading = _reading(received, export, response, board, base)
    if choices:
        reading = with_choices(reading, choices)
    settled = _settled(session, export, received)
    return plan_of(reading, base, parts_of(board.answers), board.index, settled)


def _base(session: Session, export: WorkbookExport, board: Board) -> dict[Part, Stored]:
    later = events_after(session, export.response_id, export.owner_id, export.seq)
    return base_of(parts_of(board.answers), later)


def _reading(
    received: WorkbookImport,
    export: WorkbookExport,
    response: Response,
    board: Board,
    base: Mapping[Part, Stored],
) -> Reading:
    answers = answers_of(base)
    made = state_of(board.program, answers, export.made_at)
    source = Export(
        index=board.index,
        sheets=layout.sheets(
            board.index, tuple(export.sections), answers, export.language, export.token
        ),
        base=answers,
        asked=made.asked,
        locale=file_locale(export.language, response.round.country),
        words=words(),
        token=export.token,
    )
    return read_answers(opened(received.file), source)


@lru_cache(maxsize=1)
def words() -> Words:
    """What people may write in the cells that are not of the questionnaire, in four languages."""
    spoken = [catalogue(language) for language in LANGUAGES]
    names = {
        NonAnswer.NOT_APPLICABLE: "Not applicable",
        NonAnswer.NOT_AVAILABLE: "No information",
        NonAnswer.WITHHELD: "Withheld",
    }
    section = "The whole section does not apply"
    headers = {
        "C": "No.",
        "D": "Question",
        "E": "Answer",
        "F": "What is expected",
        "G": "State",
        "H": "If no answer",
        "I": "Reason",
        "J": "Remark",
        "K": "Evid. no.",
    }
    return Words(
        non_answers={
            state: tuple(dict.fromkeys(each.gettext(name) for each in spoken))
            for state, name in names.items()
        },
        section=tuple(dict.fromkeys(each.gettext(section) for each in spoken)),
        columns={
            letter: tuple(dict.fromkeys(each.gettext(header) for each in spoken))
            for letter, header in headers.items()
        },
    )


def _settled(
    session: Session, export: WorkbookExport, received: WorkbookImport
) -> dict[Part, list[Stored]]:
    """The values that earlier imports of the same export brought and somebody decided on."""
    earlier = session.scalars(
        select(WorkbookImport).where(
            WorkbookImport.token == export.token,
            WorkbookImport.applied_seq.is_not(None),
            WorkbookImport.undone_seq.is_(None),
            WorkbookImport.id != received.id,
        )
    )
    found: dict[Part, list[Stored]] = {}
    for each in earlier:
        for question, row, part, value in each.plan.get("settled", ()):
            found.setdefault(Part(question, row, part), []).append(value)
    return found


def described(plan: Plan) -> dict[str, object]:
    """A plan as it is kept and as `flask workbook read --json` prints it (`design.md` 9)."""
    return {
        "counts": dict(plan.counts),
        "items": [
            {
                "code": item.code,
                "row": item.row,
                "part": item.part,
                "kind": item.kind,
                "sheet": item.sheet,
                "cell": item.cell,
                "base": item.base,
                "here": item.here,
                "there": item.there,
                "problem": item.problem.code if item.problem else None,
                "text": item.text,
                "options": list(item.options),
            }
            for item in plan.items
        ],
        "extras": msgspec.to_builtins(plan.extras),
    }
