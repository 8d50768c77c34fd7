"""Loading banks from their files and finding their items."""

from collections.abc import Collection, Mapping

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from survey.banks.files import COMMON, BankFile, Place
from survey.banks.files import BankSection as FileSection
from survey.banks.models import Bank, BankItem, BankSection, CountryNames
from survey.core.instrument import Choice, Names, Text, sha256
from survey.core.items import Common, Item
from survey.core.policy import Act, Situation, Viewer, may
from survey.core.problems import Problem, Refused


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What loading one file did; `problems` names each item that was left as somebody made it."""

    code: str
    items: int
    new: int = 0
    changed: int = 0
    problems: tuple[Problem, ...] = ()


class NamesChangedMeanwhile(Refused):
    """The form was made from names that are no longer the present ones."""

    code = "names_changed_meanwhile"


def encode_item(item: Item) -> bytes:
    """The bytes an item is kept as; the same item gives the same bytes."""
    return msgspec.json.encode(item, order="sorted")


def load_common(session: Session, common: Common) -> None:
    """Keep what all banks share, in place of what was there."""
    bank = _bank(session, COMMON)
    bank.title = {"en": "Common"}
    bank.document = msgspec.to_builtins(common)


def common_of(session: Session) -> Common:
    """What all banks share.

    Raises:
        LookupError: it was never loaded.
    """
    document = session.scalar(select(Bank.document).where(Bank.code == COMMON))
    if document is None:
        raise LookupError(COMMON)
    return msgspec.convert(document, Common)


def load_names(session: Session, names: Mapping[str, Names]) -> tuple[Problem, ...]:
    """Keep how countries call their institutions; what somebody edited stays, and is told."""
    problems = []
    for country, own in names.items():
        said = msgspec.to_builtins(own)
        row = session.get(CountryNames, country)
        if row is None:
            session.add(CountryNames(country=country, names=said, loaded=said))
        elif row.is_edited and row.names != said:
            problems.append(Problem(code="names_edited", where=country))
        else:
            row.names = row.loaded = said
    session.flush()
    return tuple(problems)


def names_of(session: Session, country: str) -> Names:
    """How a country (ISO 3166-1 alpha-3) calls its institutions, where it does so its own way."""
    row = session.get(CountryNames, country)
    return msgspec.convert(row.names, Names) if row else {}


def named_countries(session: Session) -> dict[str, CountryNames]:
    """Country (ISO 3166-1 alpha-3), or `ANY` -> what is kept of its names."""
    rows = session.scalars(select(CountryNames).order_by(CountryNames.country))
    return {row.country: row for row in rows}


def digest_of(names: Names) -> str:
    """What a form keeps of the names it showed, to be sure that they are still those."""
    return sha256(msgspec.json.encode(names, order="sorted"))


def save_names(session: Session, country: str, names: Names, shown: str) -> None:
    """Keep how a country calls its institutions; open responses keep the names they have.

    Raises:
        NamesChangedMeanwhile: `shown` is not the digest of the present names.
    """
    if shown != digest_of(names_of(session, country)):
        raise NamesChangedMeanwhile()
    said = msgspec.to_builtins(names)
    row = session.get(CountryNames, country)
    if row is None:
        session.add(CountryNames(country=country, names=said, loaded={}))
    else:
        row.names = said
    session.flush()


def load_bank(session: Session, file: BankFile) -> Loaded:
    """Bring a bank up to its file; an item somebody edited since the last load stays as it is.

    Items the file no longer has stay too: their codes are never used again.
    """
    bank = _bank(session, file.code)
    bank.title = file.title
    bank.document = {"purpose": file.purpose, "lists": msgspec.to_builtins(file.lists)}
    known = {item.code: item for item in items_of(session, (file.code,))}
    counts = {"new": 0, "changed": 0}
    problems: list[Problem] = []
    for position, part in enumerate(file.sections, 1):
        section = _section(session, bank, part, position)
        for place, item in enumerate(part.items, 1):
            outcome = _load_item(section, known.get(item.code), item, place)
            if outcome == "edited":
                problems.append(Problem(code="item_edited", where=item.code))
            elif outcome:
                counts[outcome] += 1
    session.flush()
    return Loaded(code=file.code, items=len(file.items), problems=tuple(problems), **counts)


def _bank(session: Session, code: str) -> Bank:
    bank = session.scalar(select(Bank).where(Bank.code == code))
    if bank is None:
        bank = Bank(code=code, title={}, document={})
        session.add(bank)
    return bank


def _section(session: Session, bank: Bank, part: FileSection, position: int) -> BankSection:
    section = next((each for each in bank.sections if each.code == part.code), None)
    if section is None:
        section = BankSection(code=part.code)
        bank.sections.append(section)
    section.letter, section.position = part.letter, position
    section.title, section.introduction, section.who = part.title, part.introduction, part.who
    section.documents, section.minutes, section.place = part.documents, part.minutes, part.place
    session.add(section)
    return section


def _load_item(section: BankSection, known: BankItem | None, item: Item, place: int) -> str:
    document = encode_item(item)
    digest = sha256(document)
    if known is None:
        section.items.append(
            BankItem(code=item.code, position=place, document=document, loaded_sha256=digest)
        )
        return "new"
    known.section, known.position = section, place
    if known.document == document:
        known.loaded_sha256 = digest
        return ""
    if sha256(known.document) != known.loaded_sha256:
        return "edited"
    known.document, known.loaded_sha256 = document, digest
    return "changed"


def banks(session: Session) -> list[Bank]:
    """Every bank with its sections and items, in order of code, `common` left out."""
    query = (
        select(Bank)
        .where(Bank.code != COMMON)
        .order_by(Bank.code)
        .options(selectinload(Bank.sections).selectinload(BankSection.items))
    )
    return list(session.scalars(query))


def topics(session: Session) -> list[tuple[str, Text]]:
    """Code and title of the bank of every topic, in order of code: no modules."""
    query = (
        select(Bank.code, Bank.title)
        .where(Bank.code != COMMON, ~Bank.sections.any(BankSection.place != ""))
        .order_by(Bank.code)
    )
    return [(code, title) for code, title in session.execute(query)]


def bank_for(session: Session, viewer: Viewer, code: str) -> Bank | None:
    """The bank with its sections and items, if `viewer` may read banks; never `common`."""
    if not may(viewer, Act.READ_BANK, Situation()):
        return None
    query = (
        select(Bank)
        .where(Bank.code == code, Bank.code != COMMON)
        .options(selectinload(Bank.sections).selectinload(BankSection.items))
    )
    return session.scalar(query)


def file_of(bank: Bank) -> BankFile:
    """The bank as a file would hold it now, edits included; for export."""
    sections = tuple(
        FileSection(
            code=each.code,
            letter=each.letter,
            title=each.title,
            introduction=each.introduction,
            who=each.who,
            documents=each.documents,
            minutes=each.minutes,
            place=msgspec.convert(each.place, Place),
            items=tuple(row.item for row in each.items),
        )
        for each in bank.sections
    )
    raw = bank.document
    return BankFile(
        code=bank.code,
        title=bank.title,
        purpose=raw.get("purpose", {}),
        lists=msgspec.convert(raw.get("lists", {}), dict[str, tuple[Choice, ...]]),
        sections=sections,
    )


def item_of(bank: Bank, code: str) -> BankItem | None:
    """The item with this code; None: the bank has none."""
    rows = (row for section in bank.sections for row in section.items)
    return next((row for row in rows if row.code == code), None)


def items_of(session: Session, codes: Collection[str]) -> list[BankItem]:
    """The items of the banks with these codes, in the order of banks, sections and items."""
    query = (
        select(BankItem)
        .join(BankItem.section)
        .join(Bank)
        .where(Bank.code.in_(codes))
        .order_by(Bank.code, BankSection.position, BankItem.position)
        .options(selectinload(BankItem.section))
    )
    return list(session.scalars(query))
