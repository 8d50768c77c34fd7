"""Responses, answers and every change to them (`design.md` 6)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.accounts.models import Entity, Person
from survey.core.program import Program
from survey.database import Base, Id
from survey.questionnaires.models import Version
from survey.rounds.models import Round

Value = JSON(none_as_null=True)


class Response(Base):
    """One country's answers to one questionnaire in one round.

    `seq` counts its changes, orders everything and is the base of every merge; `head_hash` is the
    hash of the last change. `names` is what the country calls its institutions, as it was when the
    response was opened: its workbooks and its submission speak in these words for good. `earlier`
    are the ids of the country's other sealed submissions, the newest first (`responses.sealed`).
    """

    __tablename__ = "response"
    __table_args__ = (UniqueConstraint("round_id", "questionnaire_id"),)

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    questionnaire_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire_version.id"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("entity.id"))  # the country itself
    seq: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    submitted_at: Mapped[datetime | None]
    names: Mapped[str] = mapped_column(default="{}")  # `core.instrument.Names` in JSON
    earlier: Mapped[list[str]] = mapped_column(default=list)

    round: Mapped[Round] = relationship(lazy="joined", innerjoin=True)
    version: Mapped[Version] = relationship(lazy="joined", innerjoin=True)
    owner: Mapped[Entity] = relationship(lazy="joined", innerjoin=True)

    @property
    def program(self) -> Program:
        """The questions in the country's own words, ready to run; kept per process."""
        return self.version.program_in(self.names)

    @property
    def is_open(self) -> bool:
        """Answers may still change."""
        return self.submitted_at is None


class AnswerRow(Base):
    """The present state of one answer, or of one row of a roster (`row` not empty)."""

    __tablename__ = "answer"

    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("entity.id"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    row: Mapped[str] = mapped_column(primary_key=True, default="")
    fields: Mapped[dict[str, Any]]  # field code -> stored value
    state: Mapped[str | None]  # a non-answer
    reason: Mapped[Any] = mapped_column(Value, nullable=True)  # {"text", "lang"}
    remark: Mapped[Any] = mapped_column(Value, nullable=True)
    visibility: Mapped[str | None]
    evidence: Mapped[list[str]]  # row ids of the documents cited
    explanations: Mapped[dict[str, Any]]  # check code -> {"text", "lang"}
    position: Mapped[int | None]  # of a row of a roster
    seq: Mapped[int]  # of the change that touched it last


class Change(Base):
    """One act that changed a response: a save, an import, an undo. The audit row, hash-chained."""

    __tablename__ = "change"
    __table_args__ = (UniqueConstraint("response_id", "idem"),)

    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    # {"name", "by": mail | phone | paper} or absent
    on_behalf: Mapped[Any] = mapped_column(Value, nullable=True)
    via: Mapped[str]  # screen, workbook, undo, earlier
    import_id: Mapped[UUID | None]
    undoes: Mapped[int | None]  # the seq of the change it takes back
    idem: Mapped[str]  # chosen by the client; the same key again is the same change
    at: Mapped[datetime]  # UTC; for people, never for order
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    actor: Mapped[Person] = relationship()


class AnswerEvent(Base):
    """One part of one answer, changed by a change."""

    __tablename__ = "answer_event"
    __table_args__ = (
        ForeignKeyConstraint(["response_id", "seq"], ["change.response_id", "change.seq"]),
        Index("ix_answer_event_question", "response_id", "owner_id", "question", "seq"),
    )

    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("entity.id"))
    question: Mapped[str]
    row: Mapped[str]
    part: Mapped[str]
    old: Mapped[Any] = mapped_column(Value, nullable=True)
    new: Mapped[Any] = mapped_column(Value, nullable=True)


class Conflict(Base):
    """A part that two people changed from the same base: what stands, and what came second.

    It stays until somebody settles it; `settled_seq` is the seq of the response then.
    """

    __tablename__ = "answer_conflict"

    id: Mapped[Id]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("entity.id"))
    question: Mapped[str]
    row: Mapped[str]
    part: Mapped[str]
    base: Mapped[Any] = mapped_column(Value, nullable=True)
    there: Mapped[Any] = mapped_column(Value, nullable=True)  # what came second and was not taken
    seq: Mapped[int]  # of the response when it came
    actor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    settled_seq: Mapped[int | None]

    actor: Mapped[Person] = relationship()


class WorkbookExport(Base):
    """A workbook that was handed out; its token is all that is believed of a file coming back."""

    __tablename__ = "workbook_export"

    token: Mapped[str] = mapped_column(primary_key=True)  # 128 random bits, hexadecimal
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("entity.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire_version.id"))
    seq: Mapped[int]  # the base of what comes back
    sections: Mapped[list[str]]
    language: Mapped[str]
    cells: Mapped[Any] = mapped_column(JSON)  # where what was written; `workbooks.layout`
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class WorkbookImport(Base):
    """A workbook that came back: the file as it came, its plan, and what became of it."""

    __tablename__ = "workbook_import"

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(ForeignKey("workbook_export.token"), index=True)
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), index=True)
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    file: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    plan: Mapped[Any] = mapped_column(JSON)
    received_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime]
    applied_seq: Mapped[int | None]
    undone_seq: Mapped[int | None]

    receiver: Mapped[Person] = relationship()
    export: Mapped[WorkbookExport] = relationship()


class Submission(Base):
    """A sealed snapshot of a response, signed by name; its document never changes."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("response_id", "seq"),)

    id: Mapped[Id]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    seq: Mapped[int]
    format: Mapped[int]
    sha256: Mapped[str]
    signatory: Mapped[str]
    office: Mapped[str]
    signed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    response: Mapped[Response] = relationship()


class SubmissionDocument(Base):
    """The bytes that were sealed; `flat`: the values in the order of the instrument's fields."""

    __tablename__ = "submission_document"

    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    bytes: Mapped[bytes] = mapped_column(LargeBinary)
    flat: Mapped[list[Any]]
