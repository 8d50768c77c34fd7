"""What becomes of a workbook that came home: applied as one change, undone as one."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.core.answers import REMARK, Part, Parts, Stored, parts_of
from survey.core.merge import Decisions, Merged, changes, resolve, settled_by
from survey.core.problems import Refused
from survey.core.types.texts import LONG, length
from survey.responses.board import board_of
from survey.responses.exchange import described, plan_now
from survey.responses.ledger import Act, lock, part_of
from survey.responses.models import (
    AnswerEvent,
    Change,
    Response,
    WorkbookExport,
    WorkbookImport,
)
from survey.responses.service import write


class AlreadyApplied(Refused):
    """This import was applied before; nothing was applied again."""

    code = "import_applied"


class NotToUndo(Refused):
    """Only an applied import can be undone, and once."""

    code = "import_not_to_undo"


def apply(
    session: Session,
    received: WorkbookImport,
    decisions: Decisions,
    choices: Mapping[Part, Stored | None],
    act: Act,
    remarks: Mapping[str, Stored] | None = None,
) -> Merged:
    """Take what is clear and what was decided, as one change; the rest stays as it is here.

    `choices`: what doubtful cells mean. `remarks`: question code -> text added to its remark.
    The result says what still waits.

    Raises:
        AlreadyApplied: it was applied before.
        ResponseClosed: the response was submitted.
    """
    response = session.get_one(Response, received.response_id)
    lock(session, response)
    session.refresh(received, ["applied_seq", "plan"])
    if received.applied_seq is not None:
        raise AlreadyApplied()
    export = session.get_one(WorkbookExport, received.token)
    plan = plan_now(session, received, act.at, choices)
    board = board_of(session, response, export.owner_id, act.at)
    merged = resolve(plan.merged, decisions)
    wanted = changes(parts_of(board.answers), with_remarks(merged.parts, remarks or {}))
    own = msgspec.structs.replace(act, import_id=received.id)
    received.applied_seq = write(session, response, export.owner_id, board, wanted, own).seq
    settled = settled_by(plan.merged.items, merged.waiting)
    received.plan = described(plan) | {
        "settled": [[*part, value] for part, (value,) in settled.items()],
        "changed": len(wanted),
    }
    session.flush()
    return merged


def with_remarks(parts: Parts, remarks: Mapping[str, Stored]) -> dict[Part, Stored]:
    """The parts with a text added to the remark of each question; what is there stays before it.

    A text that is there already is not added again, and what is too long for a remark ends in `…`.
    """
    found = dict(parts)
    for code, added in remarks.items():
        part = Part(code, "", REMARK)
        known = found.get(part) or {"text": "", "lang": added["lang"]}
        if added["text"] not in known["text"]:
            text = "\n".join(filter(None, (known["text"], added["text"])))
            found[part] = known | {"text": cut(text, LONG)}
    return found


def cut(text: str, most: int) -> str:
    """The text, or as much of its beginning as `most` UTF-16 units hold, ending in `…`."""
    if length(text) <= most:
        return text
    units = text.encode("utf-16-le")[: 2 * (most - 1)]
    return units.decode("utf-16-le", "ignore").rstrip() + "…"


def undo(session: Session, received: WorkbookImport, act: Act) -> int:
    """Take an applied import back as one change; returns its seq.

    Parts that were changed again since keep what they have now: they are no longer the import's.

    Raises:
        NotToUndo: it was never applied, changed nothing, or was undone before.
        ResponseClosed: the response was submitted.
    """
    response = session.get_one(Response, received.response_id)
    lock(session, response)
    session.refresh(received, ["applied_seq", "undone_seq"])
    change = _change_of(session, received)
    if change is None or received.undone_seq is not None:
        raise NotToUndo()
    export = session.get_one(WorkbookExport, received.token)
    board = board_of(session, response, export.owner_id, act.at)
    present = parts_of(board.answers)
    events = session.scalars(
        select(AnswerEvent).where(
            AnswerEvent.response_id == response.id, AnswerEvent.seq == change.seq
        )
    )
    wanted = {part_of(e): e.old for e in events if present.get(part_of(e)) == e.new}
    back = msgspec.structs.replace(act, undoes=change.seq, import_id=received.id)
    received.undone_seq = write(session, response, export.owner_id, board, wanted, back).seq
    session.flush()
    return received.undone_seq


def _change_of(session: Session, received: WorkbookImport) -> Change | None:
    return session.scalar(
        select(Change).where(
            Change.response_id == received.response_id,
            Change.import_id == received.id,
            Change.undoes.is_(None),
        )
    )
