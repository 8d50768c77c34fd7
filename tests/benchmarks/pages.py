"""Pages and saves through the whole application, on SQLite on disk as in production.

The time is that of the server alone: from the request to the last byte and what follows it, the
commit included. Each size is measured in turn with the other, so that both see the same machine.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from survey.accounts import service as accounts
from survey.accounts import sign_in
from survey.core.answers import parts_of
from survey.core.instrument import encode, sha256
from survey.core.policy import Role
from survey.database import db, writes
from survey.questionnaires.models import Questionnaire, Version
from survey.responses import board
from survey.responses.ledger import Act
from survey.responses.models import Response
from survey.responses.service import open_response, save
from survey.rounds.service import advance, open_round
from tests.benchmarks import instruments
from tests.benchmarks.measuring import Figure, warming

SIZES: Final = (60, 1000)
COUNTRY: Final = "HND"
BOUNDARIES: Final = ("BEGIN", "COMMIT", "ROLLBACK")
OPENED, SAVED, SUBMITTED = "open a page of 10 questions", "save one answer", "submit a page"
BARS: Final = {OPENED: (12, 6), SAVED: (12, 7), SUBMITTED: (25, 9)}  # milliseconds, statements

Pairs = list[tuple[str, str]]


class Place(msgspec.Struct, frozen=True):
    """A response to answer, by its liaison, with its sections."""

    response: UUID
    person: UUID
    sections: tuple[str, ...]


class Cost(msgspec.Struct, frozen=True):
    """What one request took: by the clock, and of the processor alone."""

    milliseconds: float
    statements: int
    processor: float = 0.0


@contextmanager
def application() -> Iterator[Flask]:
    """A new application with a database of its own on disk, set as in production."""
    with tempfile.TemporaryDirectory(prefix="ronda-bench-") as folder:
        app = create_app(None, environment(Path(folder)))
        with app.app_context():
            db.create_all()
        yield app
        with app.app_context():
            db.engine.dispose()


def environment(folder: Path) -> dict[str, str]:
    """The settings of a server for real people whose files are in `folder`."""
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'ronda.sqlite'}",
        "RONDA_HOME": str(folder),
        "BASE_URL": "http://localhost",
        "SECRET_KEY": "measured with a key that is long enough to be one",
    }


def made(app: Flask, count: int) -> Place:
    """A response to a questionnaire of so many questions, most of them answered."""
    with app.app_context():
        return _made(count)


@writes
def _made(count: int) -> Place:
    session = db.session()
    liaison = accounts.add_person(session, email=f"{uuid4().hex}@example.org", name="Lucía")
    coordinator = accounts.add_person(session, email=f"{uuid4().hex}@example.org", name="Ana")
    accounts.grant(session, liaison, Role.LIAISON, country=COUNTRY)
    owner = accounts.country_entity(session, COUNTRY)
    names = {"en": "Honduras", "es": "Honduras"}
    round_ = open_round(session, COUNTRY, names, {"en": f"Round {count}"}, 2026, coordinator)
    at = datetime.now(UTC) - timedelta(days=2)
    advance(session, round_, "issue", coordinator.id, at)
    response = open_response(session, round_, _version(session, count), owner.id)
    _answer(session, response, liaison.id, at)
    sections = tuple(response.version.program.index.sections)
    return Place(response=response.id, person=liaison.id, sections=sections)


def _version(session: Session, count: int) -> Version:
    instrument = instruments.instrument(count)
    document = encode(instrument)
    questionnaire = Questionnaire(
        code=f"{instrument.code}-{uuid4().hex[:6]}",
        title=dict(instrument.title),
        introduction={},
        languages=list(instrument.languages),
        due=instrument.due,
        sections=[],
    )
    version = Version(
        questionnaire=questionnaire,
        number=1,
        document=document,
        sha256=sha256(document),
        published_at=datetime.now(UTC),
        published_by=None,
    )
    session.add_all([questionnaire, version])
    session.flush()
    return version


def _answer(session: Session, response: Response, person: UUID, at: datetime) -> None:
    index = response.version.program.index
    answers = instruments.answers(index)
    for questions in [
        (index.instrument.evidence,),
        *(s.questions for s in index.sections.values()),
    ]:
        own = {q.code: answers[q.code] for q in questions if q.code in answers}
        act = Act(actor=person, via="screen", at=at, idem=uuid4().hex)
        save(session, response, response.owner_id, response.seq, parts_of(own), act)


def signed_in(app: Flask, person: UUID) -> FlaskClient:
    """A browser in which this person is signed in."""
    moment = datetime.now(UTC)
    client = app.test_client()
    with app.app_context():
        begun = _begin(person, moment)
    with client.session_transaction() as cookie:
        cookie["sign_in"] = str(begun)
        cookie["person"] = str(person)
        cookie["seen"] = int(moment.timestamp())
    return client


@writes
def _begin(person: UUID, moment: datetime) -> UUID:
    session = db.session()
    somebody = session.get_one(accounts.Person, person)
    return sign_in.start(session, somebody, moment).id


# measuring


class Meter:
    """Stands before the application and notes what the last request took."""

    def __init__(self, app: Flask) -> None:
        self.inner = app.wsgi_app
        self.last = Cost(0, 0)
        self.statements = 0
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", self._count)
        app.wsgi_app = self  # type: ignore[method-assign]

    def _count(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(BOUNDARIES):
            self.statements += 1

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.statements = 0
        started, worked = time.perf_counter(), time.thread_time()
        reply = self.inner(environ, start_response)
        body = list(reply)
        if hasattr(reply, "close"):
            reply.close()
        taken = time.perf_counter() - started
        self.last = Cost(
            milliseconds=taken * 1000,
            statements=self.statements,
            processor=(time.thread_time() - worked) * 1000,
        )
        return body


class Refused(AssertionError):
    """The application did not do what is measured."""


class Browser:
    """The liaison at the pages of one response."""

    def __init__(self, app: Flask, meter: Meter, place: Place) -> None:
        self.client = signed_in(app, place.person)
        self.meter = meter
        self.place = place
        self.turn = 0
        self._pages: dict[str, str] = {}

    def address(self, section: str) -> str:
        return f"/responses/{self.place.response}/sections/{section}"

    def section(self) -> str:
        """Another section each time, all over the questionnaire."""
        self.turn += 1
        return self.place.sections[self.turn * 7 % len(self.place.sections)]

    def open(self, section: str) -> Cost:
        reply = self.client.get(self.address(section))
        _expect(reply, 200)
        self._pages[section] = reply.text
        return self.meter.last

    def save(self, section: str) -> Cost:
        """Open the page and save one answer of it as the script of the page does."""
        self.open(section)
        page = BeautifulSoup(self._pages[section], "html.parser")
        units = [unit for unit in page.select("[data-autosave]") if _changed(_pairs(unit), 0)]
        unit = units[self.turn % len(units)]
        headers = {
            "X-Requested-With": "ronda",
            "X-CSRFToken": str(page.select_one("meta[name=csrf-token]")["content"]),  # type: ignore[index]
            "Accept": "text/html",
            "Idempotency-Key": uuid4().hex,
        }
        pairs = _changed(_pairs(unit), self.turn)
        address = str(unit["data-autosave"])
        reply = self.client.post(address, data=_form(pairs), headers=headers)
        _expect(reply, 200)
        return self.meter.last

    def submit(self, section: str) -> Cost:
        """Open the page, change an answer of most of its questions, and send the whole form."""
        self.open(section)
        page = BeautifulSoup(self._pages[section], "html.parser")
        form = page.select_one("form[method=post][action*='/sections/']")
        if form is None:
            raise Refused("the page has no form")
        changed: Pairs = []
        for unit in form.select("[data-autosave]"):
            changed += _changed(_pairs(unit), self.turn)
        inside = {name for name, _ in changed}
        rest = [pair for pair in _pairs(form) if pair[0] not in inside]
        data = _form([*rest, *changed, ("go", "next")])
        reply = self.client.post(self.address(section), data=data)
        _expect(reply, 303)
        return self.meter.last


def _expect(reply: TestResponse, status: int) -> None:
    if reply.status_code != status:
        raise Refused(f"{reply.request.path} answered {reply.status_code}")


def _form(pairs: Pairs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _pairs(inside: Tag) -> Pairs:
    """What a browser would send of the controls inside."""
    found: Pairs = []
    for control in inside.select("input[name], select[name], textarea[name]"):
        if control.find_parent(attrs={"data-explicit": True}):
            continue
        name, kind = str(control["name"]), control.get("type", "")
        if control.name == "textarea":
            found.append((name, control.text.removeprefix("\n")))
        elif control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            found.append((name, str(chosen["value"]) if chosen else ""))
        elif kind not in ("radio", "checkbox") or control.has_attr("checked"):
            found.append((name, str(control.get("value", ""))))
    return found


def _changed(pairs: Pairs, turn: int) -> Pairs:
    """The same with another answer: none when there is nothing to change."""
    for place, (name, value) in enumerate(pairs):
        fresh = _another(name, value, turn)
        if fresh:
            return [*pairs[:place], (name, fresh), *pairs[place + 1 :]]
    return []


_NOT_AN_ANSWER: Final = (".seq", ".state", ".reason", ".remark", ".visibility", ".evidence")


def _another(name: str, value: str, turn: int) -> str:
    if name.endswith(_NOT_AN_ANSWER) or ".new." in name or not name.startswith(("SYN", "0")):
        return ""
    swaps = {"yes": "progress", "progress": "yes", "ministry": "agency", "agency": "ministry"}
    swaps |= {"2": "1", "1": "2"}
    if value in swaps:
        return swaps[value]
    if (value.isdigit() and len(value) < 4) or "," in value or "." in value:
        return str(10 + turn % 80)
    if " " in value:
        return f"{value.partition(' (')[0]} ({turn})"
    return ""


# rows


def rows(quick: bool) -> Iterator[Figure]:
    """Milliseconds and statements of each deed at each size."""
    with application() as app:
        meter = Meter(app)
        sizes = SIZES[:1] if quick else SIZES
        browsers = {count: Browser(app, meter, made(app, count)) for count in sizes}
        yield from _deeds(browsers, 1 if quick else 60)
        yield from _elsewhere(browsers, 1 if quick else 40)
        yield from _cold(browsers, 1 if quick else 8)


def _deeds(browsers: Mapping[int, Browser], rounds: int) -> Iterator[Figure]:
    deeds: dict[str, Callable[[Browser], Cost]] = {
        OPENED: lambda browser: browser.open(browser.section()),
        SAVED: lambda browser: browser.save(browser.section()),
        SUBMITTED: lambda browser: browser.submit(browser.section()),
    }
    for name, deed in deeds.items():
        yield from _figures(name, _costs(browsers, deed, rounds), BARS[name])


def _costs(
    browsers: Mapping[int, Browser], deed: Callable[[Browser], Cost], rounds: int
) -> dict[int, list[Cost]]:
    found: dict[int, list[Cost]] = {count: [] for count in browsers}
    for _ in range(rounds + warming(rounds)):
        for count, browser in browsers.items():
            found[count].append(deed(browser))
    return {count: costs[warming(rounds) :] for count, costs in found.items()}


def _figures(
    name: str, costs: Mapping[int, list[Cost]], bars: tuple[float | None, float | None]
) -> Iterator[Figure]:
    for count, own in costs.items():
        value = statistics.median(each.milliseconds for each in own)
        at = f"{name}, at {count:,} questions"
        yield Figure(name=at, value=value, unit="ms", bar=bars[0])
        worked = statistics.median(each.processor for each in own)
        yield Figure(name=at, value=worked, unit="ms of processor")
        most = max(each.statements for each in own)
        yield Figure(name=at, value=most, unit="statements at most", bar=bars[1])


def _elsewhere(browsers: Mapping[int, Browser], rounds: int) -> Iterator[Figure]:
    """Pages of a worker after another worker saved: what it keeps is brought forward."""

    def opened(browser: Browser) -> Cost:
        section = browser.section()
        kept = dict(board._kept)
        browser.save(section)
        board._kept.update(kept)
        return browser.open(section)

    name = f"{OPENED}, another worker saved before"
    yield from _figures(name, _costs(browsers, opened, rounds), BARS[OPENED])


def _cold(browsers: Mapping[int, Browser], rounds: int) -> Iterator[Figure]:
    """The first page of a worker that keeps nothing of this response yet."""

    def opened(browser: Browser) -> Cost:
        board._kept.clear()
        return browser.open(browser.section())

    yield from _figures(f"{OPENED}, nothing kept", _costs(browsers, opened, rounds), (None, None))
