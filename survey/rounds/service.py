"""The states of a round and the only way from one to the next (`domain.md` 5.2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.accounts.models import Person
from survey.core.problems import Refused
from survey.rounds.models import Round, RoundStep

# command -> state it starts from -> state it leads to
STEPS: Final[Mapping[str, Mapping[str, str]]] = {
    "issue": {"R2": "R3"},
    "answer": {"R3": "R4"},
    "submit": {"R3": "R6", "R4": "R6"},
}
ANSWERING: Final = frozenset({"R3", "R4"})


class StepNotAllowed(Refused):
    """The round is in a state from which this command leads nowhere."""

    code = "step_not_allowed"


def open_round(
    session: Session,
    country: str,
    names: Mapping[str, str],
    title: Mapping[str, str],
    year: int,
    coordinator: Person,
) -> Round:
    """A new round of a country, agreed and not yet issued; `names`, `title`: language -> text."""
    round_ = Round(
        country=country,
        country_name=dict(names),
        title=dict(title),
        year=year,
        coordinator=coordinator,
    )
    session.add(round_)
    session.flush()
    return round_


def advance(
    session: Session, round_: Round, command: str, by: UUID, at: datetime, note: str = ""
) -> None:
    """Take the round a step further and log it; whoever calls has proved the guard of the step.

    Raises:
        StepNotAllowed: the command does not start from the present state.
    """
    target = STEPS[command].get(round_.state)
    if target is None:
        raise StepNotAllowed(state=round_.state)
    taken = session.scalar(select(func.count()).where(RoundStep.round_id == round_.id)) or 0
    round_.state = target
    session.add(
        RoundStep(
            round_id=round_.id,
            position=taken + 1,
            command=command,
            state=target,
            actor_id=by,
            at=at,
            note=note,
        )
    )
    session.flush()
