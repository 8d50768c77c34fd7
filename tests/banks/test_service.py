import msgspec
import pytest
from sqlalchemy import select

from survey.banks import service
from survey.banks.files import BankFolder
from survey.banks.models import BankItem
from survey.config import ROOT

BANK = BankFolder(ROOT / "question_banks" / "open_government", ROOT / "translations").read()


@pytest.fixture
def loaded(session):
    service.load_bank(session, BANK)
    session.flush()
    return session


def one(session, code):
    return session.scalar(select(BankItem).where(BankItem.code == code))


def with_title(bank, code, title):
    sections = tuple(
        msgspec.structs.replace(
            section,
            items=tuple(
                msgspec.structs.replace(item, title={"en": title}) if item.code == code else item
                for item in section.items
            ),
        )
        for section in bank.sections
    )
    return msgspec.structs.replace(bank, sections=sections)


def test_loading_a_bank_keeps_its_items_in_order(loaded):
    codes = [item.code for item in service.items_of(loaded, ["OPG"])]

    assert codes == [item.code for item in BANK.items]
    assert one(loaded, "OPG-A1").item == BANK.items[0]


def test_loading_again_changes_nothing(loaded):
    again = service.load_bank(loaded, BANK)

    assert (again.new, again.changed, again.problems) == (0, 0, ())


def test_an_item_that_changed_in_the_file_is_taken(loaded):
    again = service.load_bank(loaded, with_title(BANK, "OPG-A1", "Another"))

    assert again.changed == 1
    assert one(loaded, "OPG-A1").title == {"en": "Another"}


def test_an_item_that_somebody_edited_stays_and_is_named(loaded):
    row = one(loaded, "OPG-A1")
    row.document = service.encode_item(
        msgspec.structs.replace(row.item, title={"en": "Edited here"})
    )
    loaded.flush()

    again = service.load_bank(loaded, with_title(BANK, "OPG-A1", "From the file"))
    assert [problem.where for problem in again.problems] == ["OPG-A1"]
    assert one(loaded, "OPG-A1").title == {"en": "Edited here"}


def test_an_item_the_file_lost_stays(loaded):
    sections = (
        msgspec.structs.replace(BANK.sections[0], items=BANK.sections[0].items[1:]),
        *BANK.sections[1:],
    )

    service.load_bank(loaded, msgspec.structs.replace(BANK, sections=sections))
    assert one(loaded, "OPG-A1") is not None
