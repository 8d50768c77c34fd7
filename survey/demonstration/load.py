"""Loading the demonstration: invented countries that answer as real ones do.

Everything goes through the services that pages use, at the moments that the files give.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.accounts.models import Person
from survey.accounts.service import OF_AN_ENTITY, add_person, country_entity, grant, person_by_email
from survey.banks.files import COMMON, MODULES, BankFolder, folders
from survey.banks.service import items_of, load_bank, load_common, load_names
from survey.config import ROOT
from survey.core.answers import EMPTY, Part, Stored
from survey.core.instrument import EVIDENCE, Index, Question
from survey.core.policy import Role
from survey.core.types import Locale, NumberFormat
from survey.demonstration.files import (
    Cast,
    Composition,
    Given,
    Human,
    Opened,
    Story,
    Words,
    cast,
    story,
)
from survey.demonstration.files import Typed as Page
from survey.questionnaires.models import Version
from survey.questionnaires.service import compose, publish, revise
from survey.responses.board import Board, board_of
from survey.responses.ledger import Act
from survey.responses.models import Change, Response
from survey.responses.service import open_response, save
from survey.responses.submission import submit
from survey.responses.typed import read_question
from survey.rounds.models import Round
from survey.rounds.service import advance, open_round

FIRST: Final = "open_government"  # who is missing on another topic comes from here
TOPICS: Final = (FIRST, "public_budget", "participation")  # folders of this package
ANSWERED: Final = "montalva"
BLANK: Final = "pilot"
SUBMITTED: Final = "valdoria"
_NUMBERS: Final = NumberFormat(",", ".")  # as every story writes them, whatever its language


class Demonstration(msgspec.Struct, frozen=True, kw_only=True):
    """What was loaded on the first topic; people in the order of their file."""

    version: Version
    response: Response
    blank_response: Response
    submitted_response: Response
    people: tuple[tuple[Role, Person], ...]
    submitted_people: tuple[tuple[Role, Person], ...]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One round: its response, and who takes part in it in the order of the file."""

    topic: str
    response: Response
    people: tuple[tuple[Role, Person], ...]


class Unreadable(ValueError):
    """A file of the demonstration says what no page would take."""


def load(session: Session) -> Demonstration:
    """The first topic, loaded if it is not there yet; what people did with it since stays."""
    actors = cast(FIRST)
    found = _loaded(session, FIRST, actors)
    return Demonstration(
        version=found[ANSWERED].version,
        response=found[ANSWERED],
        blank_response=found[BLANK],
        submitted_response=found[SUBMITTED],
        people=_present(session, actors.people),
        submitted_people=_present(session, actors.submitted_people),
    )


def load_rounds(session: Session) -> tuple[Told, ...]:
    """The rounds on every topic, loaded if they are not there yet."""
    return tuple(told for topic in TOPICS for told in _rounds(session, topic))


def _rounds(session: Session, topic: str) -> Iterator[Told]:
    actors = cast(topic)
    found = _loaded(session, topic, actors)
    for name, opened in actors.rounds.items():
        taking_part = (
            human
            for human in actors.everybody
            if name in human.rounds or human.country == opened.country
        )
        yield Told(topic=topic, response=found[name], people=_present(session, taking_part))


def _loaded(session: Session, topic: str, actors: Cast) -> dict[str, Response]:
    return _responses(session, actors) or _make(session, topic, actors)


def _responses(session: Session, actors: Cast) -> dict[str, Response]:
    """Name of a round -> the first response of the round of that title; empty: not loaded."""
    query = (
        select(Response)
        .join(Response.round)
        .where(Round.country.in_(actors.countries))
        .order_by(Response.id.desc())
    )
    names = {opened.title["en"]: name for name, opened in actors.rounds.items()}
    return {
        names[each.round.title["en"]]: each
        for each in session.scalars(query)
        if each.round.title.get("en") in names
    }


def _present(session: Session, people: Iterable[Human]) -> tuple[tuple[Role, Person], ...]:
    return tuple((human.role, _person(session, human.email)) for human in people)


def _person(session: Session, email: str) -> Person:
    person = person_by_email(session, email)
    if person is None:
        raise Unreadable(f"nobody has the address {email}")
    return person


def _make(session: Session, topic: str, actors: Cast) -> dict[str, Response]:
    for human in actors.everybody:
        _add_person(session, human)
    for country, names in actors.countries.items():
        country_entity(session, country, names)
    version = _version(session, actors)
    load_names(session, actors.names)
    responses = {
        name: _issue(session, actors, opened, version) for name, opened in actors.rounds.items()
    }
    for human in actors.everybody:
        _grant(session, human, {name: each.round for name, each in responses.items()})
    for name, response in responses.items():
        told = story(topic, name)
        if told:
            _tell(session, response, told)
    return responses


def _add_person(session: Session, human: Human) -> None:
    if person_by_email(session, human.email) is None:
        add_person(
            session,
            email=human.email,
            name=human.name,
            office=human.office,
            phone=human.phone,
            language=human.language,
        )


def _grant(session: Session, human: Human, rounds: Mapping[str, Round]) -> None:
    person = _person(session, human.email)
    for name in human.rounds:
        grant(session, person, human.role, round_id=rounds[name].id)
    if human.country:
        country = country_entity(session, human.country)
        entity = country if human.role in OF_AN_ENTITY else None
        grant(session, person, human.role, country=human.country, entity=entity)
    elif not human.rounds:
        grant(session, person, human.role)


def _in_role(session: Session, actors: Cast, role: Role) -> Person:
    people = (*actors.people, *cast(FIRST).people)
    return _person(session, next(human.email for human in people if human.role is role))


def _version(session: Session, actors: Cast) -> Version:
    wanted: Composition = actors.questionnaire
    absent = [code for code in wanted.banks if not items_of(session, (code,))]
    if absent:
        _load_banks(session, absent)
    made = compose(session, wanted.banks, wanted.languages, wanted.title)
    revise(session, made, made.seq, introduction=wanted.introduction, due=wanted.due)
    designer = _in_role(session, actors, Role.DESIGNER)
    return publish(session, made, designer.id, wanted.published_at)


def _load_banks(session: Session, codes: Collection[str]) -> None:
    """What the demonstration asks; `flask banks load` brings the others."""
    banks, translations = ROOT / "question_banks", ROOT / "translations"
    common = BankFolder(banks / COMMON, translations)
    load_common(session, common.read_common())
    load_names(session, common.read_names())
    for folder in folders(banks, translations):
        if folder.code in codes or folder.folder.name == MODULES:
            load_bank(session, folder.read())


def _issue(session: Session, actors: Cast, opened: Opened, version: Version) -> Response:
    names = actors.countries[opened.country]
    coordinator = _in_role(session, actors, Role.COORDINATOR)
    round_ = open_round(session, opened.country, names, opened.title, opened.year, coordinator)
    advance(session, round_, "issue", coordinator.id, opened.issued_at)
    owner = country_entity(session, opened.country)
    return open_response(session, round_, version, owner.id)


# answering


def _tell(session: Session, response: Response, told: Story) -> None:
    for number, page in enumerate(told.acts, 1):
        actor = _person(session, page.by)
        act = Act(
            actor=actor.id,
            via="screen",
            at=page.at,
            idem=f"demonstration-{number}",
            on_behalf=page.on_behalf,
        )
        board = board_of(session, response, response.owner_id, page.at)
        wanted = dict(_parts(board, response.id, page, Locale(actor.language, _NUMBERS)))
        save(session, response, response.owner_id, _seen(session, response, page), wanted, act)
    if told.submitted:
        signatory = _person(session, told.submitted.by)
        name, office = signatory.name, signatory.office
        submit(session, response, signatory.id, name, office, told.submitted.at)


def _seen(session: Session, response: Response, page: Page) -> int:
    """The seq of the response that its author saw when the page was opened."""
    if page.opened is None:
        return response.seq
    before = select(func.count()).where(Change.response_id == response.id, Change.at <= page.opened)
    return session.scalar(before) or 0


def _parts(
    board: Board, response: UUID, page: Page, locale: Locale
) -> Iterator[tuple[Part, Stored | None]]:
    """What the page says, read as the form of a browser is read."""
    forms = {code: _form(board.index, code, each, response) for code, each in page.answers.items()}
    if page.documents:
        forms[EVIDENCE] = _documents(page.documents, response)
    for code, form in forms.items():
        question = board.index.answerable[code]
        typed = read_question(board.index, question, form, board.answers.get(code, EMPTY), locale)
        if typed.problems:
            raise Unreadable(typed.problems)
        yield from typed.parts.items()


def _form(index: Index, code: str, given: Given, response: UUID) -> dict[str, list[str]]:
    question = index.questions[code]
    texts: dict[str, Words] = {
        f"{code}.state": given.non_answer,
        f"{code}.reason": given.reason,
        f"{code}.remark": given.remark,
        f"{code}.visibility": given.visibility,
        **{f"{code}-{check}.explanation": text for check, text in given.explanations.items()},
        **{_known(index, f"{code}-{name}"): text for name, text in given.fields.items()},
        **dict(_cells(index, question, given, response)),
    }
    form = {name: _several(words) for name, words in texts.items()}
    form[f"{code}.evidence"] = [_document_id(response, number) for number in given.documents]
    if given.value:
        form[code] = _several(given.value)
    return form


def _several(words: Words) -> list[str]:
    return [words] if isinstance(words, str) else words


def _cells(
    index: Index, question: Question, given: Given, response: UUID
) -> Iterator[tuple[str, Words]]:
    rows = given.rows
    if isinstance(rows, list):
        code = question.code
        rows = {uuid5(response, f"{code} {place}").hex: row for place, row in enumerate(rows, 1)}
    for row_id, cells in rows.items():
        for name, text in cells.items():
            yield f"{row_id}/{_known(index, f'{question.code}-{name}')}", text


def _known(index: Index, field: str) -> str:
    if field not in index.fields:
        raise Unreadable(f"there is no field {field}")
    return field


def _documents(documents: Mapping[str, Mapping[str, str]], response: UUID) -> dict[str, list[str]]:
    return {
        f"{_document_id(response, number)}/{EVIDENCE}-{column}": [text]
        for number, columns in documents.items()
        for column, text in {"number": number, **columns}.items()
    }


def _document_id(response: UUID, number: str) -> str:
    return uuid5(response, f"{EVIDENCE} {number}").hex
