"""Banks and their items as the database keeps them; files only seed them."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.core.instrument import Text
from survey.core.items import Item
from survey.database import Base, Id


class Bank(Base):
    """The reusable questions of one topic; `common` holds what all banks share."""

    __tablename__ = "bank"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[dict[str, str]]  # language -> text
    document: Mapped[dict[str, Any]]  # the lists of a bank; of `common`, all of it

    sections: Mapped[list["BankSection"]] = relationship(
        order_by="BankSection.position", cascade="all, delete-orphan"
    )


class CountryNames(Base):
    """What a member state calls its institutions (`core.naming`): a proposal for its responses."""

    __tablename__ = "country_names"

    country: Mapped[str] = mapped_column(String(3), primary_key=True)  # ISO 3166-1 alpha-3
    names: Mapped[dict[str, Any]]  # `core.instrument.Names` in JSON
    loaded: Mapped[dict[str, Any]]  # as the file last gave them

    @property
    def is_edited(self) -> bool:
        """Whether somebody changed them since."""
        return self.names != self.loaded


class BankSection(Base):
    """A dimension of a topic, in which its items stand."""

    __tablename__ = "bank_section"

    id: Mapped[Id]
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("bank.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    letter: Mapped[str]
    position: Mapped[int]
    title: Mapped[dict[str, str]]
    introduction: Mapped[dict[str, str]]
    who: Mapped[dict[str, str]]
    documents: Mapped[dict[str, str]] = mapped_column(default=dict)  # to have at hand
    minutes: Mapped[int] = mapped_column(default=0)  # to answer it; 0: nobody said
    place: Mapped[str] = mapped_column(default="")  # of a module: opening or closing

    items: Mapped[list["BankItem"]] = relationship(
        order_by="BankItem.position", back_populates="section", cascade="all, delete-orphan"
    )


class BankItem(Base):
    """One item: its document (`core.items.Item` in JSON) and what was loaded last."""

    __tablename__ = "bank_item"

    id: Mapped[Id]
    section_id: Mapped[UUID] = mapped_column(ForeignKey("bank_section.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    document: Mapped[bytes] = mapped_column(LargeBinary)
    loaded_sha256: Mapped[str]  # of the document as the file last gave it

    section: Mapped[BankSection] = relationship(back_populates="items")

    @property
    def item(self) -> Item:
        """The item, decoded."""
        return msgspec.json.decode(self.document, type=Item)

    @property
    def title(self) -> Text:
        """What names it in lists."""
        return self.item.title
