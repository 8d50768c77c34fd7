"""The bank of open government, a questionnaire composed from part of it, and its designer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import html5lib
import msgspec
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey.banks import service as banks
from survey.banks.files import BankFolder
from survey.banks.models import BankItem
from survey.config import ROOT
from survey.core.policy import Role
from survey.questionnaires import service
from survey.questionnaires.models import Questionnaire

ITEMS = ("OPG-A1", "OPG-A2", "OPG-A3", "OPG-B3", "OPG-B4")
TITLE = {"en": "Open government", "es": "Gobierno abierto"}


@cache
def files() -> tuple[Any, Any]:
    """The bank and what all banks share, read once."""
    folder, texts = ROOT / "question_banks", ROOT / "translations"
    bank = BankFolder(folder / "open_government", texts).read()
    return bank, BankFolder(folder / "common", texts).read_common()


def load(session: Session) -> None:
    bank, common = files()
    banks.load_common(session, common)
    banks.load_bank(session, bank)
    session.flush()


@dataclass
class Desk:
    """A designer at the composer of one questionnaire."""

    session: Session
    client: FlaskClient
    questionnaire: Questionnaire

    @property
    def url(self) -> str:
        return f"/questionnaires/{self.questionnaire.id}"

    @property
    def order(self) -> list[str]:
        return self.questionnaire.item_codes

    def get(self, page: str = "", **query: str) -> TestResponse:
        return self.client.get(self.url + page, query_string=query)

    def post(self, page: str = "", seq: int | None = None, **fields: Any) -> TestResponse:
        given = {"seq": self.questionnaire.seq if seq is None else seq, **fields}
        return self.client.post(self.url + page, data=given)

    def change_item(self, code: str, **changes: Any) -> None:
        """As if somebody edited the item in its bank."""
        row = self.session.scalars(select(BankItem).where(BankItem.code == code)).one()
        row.document = banks.encode_item(msgspec.structs.replace(row.item, **changes))
        self.session.flush()


@pytest.fixture
def desk(session: Session, person: Callable[..., Any], browser: Callable[..., Any]) -> Desk:
    load(session)
    made = service.compose(session, ["OPG"], ["en", "es"], TITLE, ITEMS)
    return Desk(session, browser(person(Role.DESIGNER)), made)


def page(reply: TestResponse) -> Any:
    return html5lib.parse(reply.text, namespaceHTMLElements=False)


def links(reply: TestResponse) -> list[str]:
    return [each.get("href", "") for each in page(reply).iter("a")]


INSIDE_A_LINE = {"a", "b", "span", "code", "mark", "em", "strong"}


def words(reply: TestResponse) -> str:
    """What a page says, blocks apart."""
    return " ".join("".join(_said(page(reply))).split())


def _said(element: Any) -> Iterator[str]:
    apart = "" if element.tag in INSIDE_A_LINE else " "
    yield apart + (element.text or "")
    for child in element:
        yield from _said(child)
    yield apart + (element.tail or "")


def titles(**said: str) -> Mapping[str, str]:
    """The fields of a title: `titles(en=..., es=...)`."""
    return {f"title_{tag}": text for tag, text in said.items()}
