"""A round and the log of its states."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.accounts.models import Person
from survey.database import Base, Id


class Round(Base):
    """One country's peer review on one topic. `state` is a state of `domain.md` 5.2."""

    __tablename__ = "round"

    id: Mapped[Id]
    country: Mapped[str] = mapped_column(String(3), index=True)  # ISO 3166-1 alpha-3
    country_name: Mapped[dict[str, str]]  # language -> name
    title: Mapped[dict[str, str]]
    year: Mapped[int]
    state: Mapped[str] = mapped_column(String(4), default="R2")
    coordinator_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    coordinator: Mapped[Person] = relationship()


class RoundStep(Base):
    """One change of state: who, when, why. Never changed, never deleted."""

    __tablename__ = "round_step"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(4))  # the one it led to
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    note: Mapped[str]
