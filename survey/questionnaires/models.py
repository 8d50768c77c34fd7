"""Questionnaires as they are composed, and their published versions, which never change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from survey.core.program import Program, program_of
from survey.database import Base, Id


class Questionnaire(Base):
    """A composition of items, open to change; what respondents answer are its versions.

    `sections`: a list of {"code", "title", "introduction", "who", "items": [item codes]}.
    """

    __tablename__ = "questionnaire"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[dict[str, str]]
    introduction: Mapped[dict[str, str]]
    languages: Mapped[list[str]]
    due: Mapped[str]  # ISO date or empty
    sections: Mapped[list[Any]]
    seq: Mapped[int] = mapped_column(default=0)  # one more with each change; a form sends it back

    versions: Mapped[list["Version"]] = relationship(
        order_by="Version.number", back_populates="questionnaire"
    )

    @property
    def item_codes(self) -> list[str]:
        """The codes of its items in order."""
        return [code for section in self.sections for code in section["items"]]


class Version(Base):
    """A published state: the bytes of its instrument, named by their SHA-256."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (UniqueConstraint("questionnaire_id", "number"),)

    id: Mapped[Id]
    questionnaire_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire.id"), index=True)
    number: Mapped[int]
    document: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    questionnaire: Mapped[Questionnaire] = relationship(back_populates="versions")

    @property
    def program(self) -> Program:
        """Its instrument in the words of no country, ready to run; kept per process."""
        return program_of(self.document)

    def program_in(self, names: str) -> Program:
        """The same in a country's own words: `Names` in JSON."""
        return program_of(self.document, names)


class PublishedVersionChanged(RuntimeError):
    """Something tried to change what was published."""


@event.listens_for(Version, "before_update")
@event.listens_for(Version, "before_delete")
def _refuse(_mapper: Mapper[Version], _connection: object, version: Version) -> None:
    raise PublishedVersionChanged(version.sha256)
