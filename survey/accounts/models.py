"""People, entities, grants, and what signing in leaves behind."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.database import Base, Id, now


class Person(Base):
    """Somebody with an account; what they may do is in their grants."""

    __tablename__ = "person"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)  # folded; see `folded_email`
    name: Mapped[str] = mapped_column(String(200))
    office: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(50), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    password: Mapped[str] = mapped_column(String(200), default="")  # argon2id; "": none is set
    disabled: Mapped[bool] = mapped_column(default=False)
    session_version: Mapped[int] = mapped_column(default=1)  # a higher one ends every sign-in
    created_at: Mapped[datetime] = mapped_column(default=now)

    grants: Mapped[list["Grant"]] = relationship(
        order_by="Grant.id", cascade="all, delete-orphan", back_populates="person"
    )


class Entity(Base):
    """A government body. The country itself is one: the owner of its official answer."""

    __tablename__ = "entity"
    __table_args__ = (UniqueConstraint("country", "code"),)

    id: Mapped[Id]
    country: Mapped[str] = mapped_column(String(3), index=True)  # ISO 3166-1 alpha-3
    code: Mapped[str] = mapped_column(String(40))  # of the country itself: the country's code
    name: Mapped[dict[str, str]]  # language -> name
    is_country: Mapped[bool] = mapped_column(default=False)


class Grant(Base):
    """One role of one person, in a country, for an entity, in a round, or everywhere."""

    __tablename__ = "grant"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))  # survey.core.policy.Role
    country: Mapped[str | None] = mapped_column(String(3))
    entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("entity.id"))
    round_id: Mapped[UUID | None]  # rounds stand further out: they look here, not the reverse
    person: Mapped[Person] = relationship(back_populates="grants")
    entity: Mapped[Entity | None] = relationship()


class SignIn(Base):
    """One sign-in of one browser; the cookie carries its id, so that signing out ends it."""

    __tablename__ = "sign_in"

    id: Mapped[UUID] = mapped_column(primary_key=True)  # random, not a UUIDv7: it is a secret
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    session_version: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class SignInFailure(Base):
    """How often a password was wrong lately, by account and by network; shared by all workers."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_last_at", "last_at"),)

    key: Mapped[str] = mapped_column(String(80), primary_key=True)  # kind and SHA-256
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
