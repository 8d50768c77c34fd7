"""The workbooks that came home to a response, and what became of each."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from survey.core.answers import Part
from survey.responses.models import Response, WorkbookImport

Fate: TypeAlias = Literal["waiting", "nothing_new", "applied", "undone"]

UNDECIDED: Final = frozenset({"conflict", "emptied", "row_removed", "ambiguous", "unreadable"})


def imports_of(session: Session, response: Response) -> Sequence[WorkbookImport]:
    """The workbooks that came home, the latest first."""
    query = (
        select(WorkbookImport)
        .where(WorkbookImport.response_id == response.id)
        .order_by(WorkbookImport.received_at.desc(), WorkbookImport.id.desc())
        .options(joinedload(WorkbookImport.receiver))
    )
    return session.scalars(query).all()


def fate_of(received: WorkbookImport) -> Fate:
    """What became of a workbook; one that brought nothing waits for nobody."""
    if received.undone_seq is not None:
        return "undone"
    if received.applied_seq is not None:
        return "applied"
    return "waiting" if received.plan.get("items") else "nothing_new"


def taken(received: WorkbookImport) -> int:
    """How many parts of answers an applied workbook changed."""
    return int(received.plan.get("changed", 0))


def left_open(received: WorkbookImport) -> list[dict[str, Any]]:
    """The items of an applied workbook that nobody decided on, as its plan describes them."""
    plan = received.plan
    settled = {Part(*each[:3]) for each in (*plan.get("settled", ()), *plan.get("kept", ()))}
    return [
        item
        for item in plan.get("items", ())
        if item["kind"] in UNDECIDED
        and Part(item["code"], item["row"], item["part"]) not in settled
    ]


def keep(received: WorkbookImport, parts: Iterable[Part]) -> None:
    """Note the doubtful cells of an applied workbook that somebody said change nothing."""
    received.plan = received.plan | {"kept": [list(part) for part in sorted(parts)]}
