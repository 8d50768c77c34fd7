"""Every address, asked for by everybody, of every country's answers: the policy and nothing else.

What is expected comes from `survey/core/policy.py` and the access mark of the view; who asks and
what the addresses name is in `tests/journeys/world.py`. One pass asks, the tests judge.
"""

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import urljoin
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from survey.core.policy import Act, Role, Viewer, may, roles
from survey.database import db
from survey.questionnaires.models import Version
from survey.responses.models import (
    AnswerEvent,
    AnswerRow,
    Change,
    Conflict,
    Response,
    WorkbookExport,
    WorkbookImport,
)
from survey.web.access import PUBLIC, access_of
from tests.journeys.world import ABROAD, Actor, NoRealId, Subject, World, build, client_of

pytestmark = pytest.mark.xdist_group("access matrix")

OWN: Final = frozenset({Role.LIAISON, Role.CONTRIBUTOR, Role.AUTHORITY})
# Pages for some of the roles of their act; the others have a page of their own for it.
ONLY_FOR: Final = {"responses.overview": OWN}  # who coordinates sees counts in panel.progress
COUNTS: Final = {"panel.index", "panel.progress"}
WRITING: Final = ("INSERT", "UPDATE", "DELETE")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What differs each time a page is made: tokens against forgery, nonces, keys of saves.
OF_THE_MOMENT: Final = re.compile(r'(content|value|nonce|data-idem)="[\w.-]{16,}"')
LINK: Final = re.compile(r'<a [^>]*?href="([^"]+)"')
ANY_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
IN_SAMPLE: Final = {
    *("nobody", "liaison XMO", "liaison XVA", "contributor of another entity"),
    *("expert XMO", "coordinator XMO", "disabled liaison"),
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request, what the policy says of it, and what came."""

    actor: Actor
    method: str
    endpoint: str
    subject: Subject | None
    address: str
    allowed: bool
    was_allowed: bool  # until the response was submitted
    status: int
    location: str
    wrote: bool
    text: str
    stable: str  # what must be the same when nothing that the actor may see has changed

    def __str__(self) -> str:
        subject = self.subject.name if self.subject else "-"
        return f"{self.actor.name}: {self.method} {self.endpoint} [{subject}] -> {self.status}"


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """An application with a world in it. All that is asked is undone."""

    app: Flask
    connection: Connection
    world: World

    def ask(
        self,
        actors: list[Actor],
        methods: tuple[str, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE"),
    ) -> Iterator[Asked]:
        for actor in actors:
            for rule in self.app.url_map.iter_rules():
                for method in methods:
                    if method in (rule.methods or ()):
                        yield from self._ask(actor, rule, method)

    def _ask(self, actor: Actor, rule: Rule, method: str) -> Iterator[Asked]:
        for subject, address in self.world.addresses(rule):
            wrote = False

            def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
                nonlocal wrote
                wrote = wrote or statement.upper().startswith(WRITING)

            event.listen(self.connection, "before_cursor_execute", note)
            undone = self.connection.begin_nested()
            reply = self.visit(actor, address, method=method, data=self._form(method))
            undone.rollback()
            event.remove(self.connection, "before_cursor_execute", note)
            yield Asked(
                actor=actor,
                method=method,
                endpoint=rule.endpoint,
                subject=subject,
                address=address,
                allowed=self._may(actor.viewer, rule.endpoint, subject),
                was_allowed=self._may(actor.viewer, rule.endpoint, subject, state="draft"),
                status=reply.status_code,
                location=reply.headers.get("Location", ""),
                wrote=wrote,
                text=text_of(reply),
                stable=stable(reply),
            )

    def visit(self, actor: Actor, address: str, **request: Any) -> TestResponse:
        return client_of(self.app, actor).open(address, buffered=True, **request)

    def _form(self, method: str) -> dict[str, str] | None:
        """Something that a page of answers takes, and every other has to refuse."""
        return None if method == "GET" else {"OPG-A2": "no", "OPG-A2.seq": "0", "OPG-A2.shown": ""}

    def _may(self, viewer: Viewer, endpoint: str, subject: Subject | None, **now: str) -> bool:
        with self.app.app_context():
            access = access_of(endpoint)
        if access == PUBLIC:
            return True
        if access is None:
            return False
        act, own = Act(access), ONLY_FOR.get(endpoint, frozenset(Role))
        grants = tuple(grant for grant in viewer.grants if grant.role in own)
        if subject is None:
            return not roles(act).isdisjoint(grant.role for grant in grants)
        situation = msgspec.structs.replace(subject.situation, **now)
        return may(Viewer(person=viewer.person, grants=grants), act, situation)


def text_of(reply: TestResponse) -> str:
    """All that a reply says, whatever wraps it."""
    if reply.mimetype == XLSX:
        with zipfile.ZipFile(io.BytesIO(reply.data)) as packed:
            return html.unescape("\n".join(packed.read(n).decode() for n in packed.namelist()))
    headers = "\n".join(f"{name}: {value}" for name, value in reply.headers)
    return headers + html.unescape(reply.get_data(as_text=True))


def stable(reply: TestResponse) -> str:
    """The reply without what differs each time."""
    varying = ("set-cookie", "content-security-policy", "content-length", "date")
    headers = sorted(f"{k}: {v}" for k, v in reply.headers if k.lower() not in varying)
    body = "" if reply.mimetype == XLSX else reply.get_data(as_text=True)
    return "\n".join([str(reply.status_code), *headers, OF_THE_MOMENT.sub("", body)])


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def matrix(
    request: pytest.FixtureRequest,
    new_app: Callable[..., Flask],
    new_database: Callable[[str], str],
) -> Iterator[Matrix]:
    app = new_app(new_database(request.param), {"RONDA_DEMO": "1"})
    with app.app_context():
        upgrade()
        world = build(db.session())
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        engines, engine = db.engines, db.engine
    with engine.connect() as connection, connection.begin() as outer:
        engines[None] = connection  # each request has a session of its own on it
        yield Matrix(app=app, connection=connection, world=world)
        engines[None] = engine
        outer.rollback()
    engine.dispose()


@pytest.fixture(scope="module")
def asked(matrix: Matrix) -> list[Asked]:
    """Everything asked by everybody; on PostgreSQL by some."""
    everybody = matrix.connection.dialect.name == "sqlite"
    actors = [each for each in matrix.world.actors if everybody or each.name in IN_SAMPLE]
    return list(matrix.ask(actors))


def test_every_address_names_something_real(matrix):
    missing = []
    for rule in matrix.app.url_map.iter_rules():
        try:
            assert list(matrix.world.addresses(rule)), rule
        except NoRealId as unknown:
            missing.append(str(unknown))

    assert missing == [], "tests/journeys/world.py needs a value for these"


def test_every_role_asks_for_drafts_and_submissions_at_home_and_abroad(matrix):
    world = matrix.world
    held = {grant.role for actor in world.actors for grant in actor.viewer.grants}
    assert held == set(Role)
    states = {subject.situation.state for subject in world.subjects}
    assert states == {"draft", "submitted"}
    for role in OWN:
        countries = {g.country for a in world.actors for g in a.viewer.grants if g.role is role}
        assert countries == {subject.situation.country for subject in world.subjects}


def test_every_answer_is_what_the_policy_says(asked):
    wrong = [str(each) for each in asked if not is_right(each)]
    assert wrong == []


def is_right(asked: Asked) -> bool:
    """Whether the answer is one that the policy leads to.

    Who could do it until the response was submitted, and may read what was submitted, may be told
    so instead of finding nothing; that nothing is written then is the next test.
    """
    if asked.status >= 500:
        return False
    if asked.allowed:
        return asked.status < 400 or asked.status in (400, 409, 422) or _is_open_link(asked)
    if not asked.actor.viewer.person:
        sent_to_sign_in = asked.status == 303 and asked.location.startswith("/sign-in")
        return sent_to_sign_in or (asked.status == 401 and asked.method != "GET")
    if asked.was_allowed and asked.subject and may_read(asked.actor.viewer, asked.subject):
        return asked.status < 400 or asked.status in (404, 409, 422)
    return asked.status == 404


def _is_open_link(asked: Asked) -> bool:
    """Nobody has the token of this link: it is public, and leads nowhere."""
    return asked.endpoint == "accounts.demonstration" and asked.status == 404


def test_who_may_not_and_who_looks_writes_nothing(asked):
    wrote = [str(each) for each in asked if each.wrote and not (each.allowed and is_deed(each))]
    assert wrote == []


def is_deed(asked: Asked) -> bool:
    return asked.method != "GET"


def test_what_is_not_yours_looks_as_if_it_did_not_exist(matrix, asked):
    nowhere: dict[tuple[str, str], str] = {}
    different = []
    for each in asked:
        if each.status != 404 or each.method != "GET":
            continue
        address = made_up(each.address)
        key = (each.actor.name, address)
        if key not in nowhere:
            nowhere[key] = stable(matrix.visit(each.actor, address))
        own = re.compile(re.escape(each.address) + r"(?!\w)")  # no link that goes on from there
        if own.sub(address, each.stable) != nowhere[key]:
            different.append(str(each))
    assert different == []


def made_up(address: str) -> str:
    """An address of the same kind that names nothing."""
    unknown, count = ANY_ID.subn(str(UUID(int=1)), address)
    return unknown if count else f"{address.rpartition('/')[0]}/nothing"


@pytest.mark.parametrize("matrix", ["sqlite"], indirect=True)
def test_every_link_leads_where_its_reader_may_go(matrix, asked):
    found: dict[tuple[str, str], TestResponse] = {}
    dead = []
    for each in asked:
        if each.method != "GET" or each.status != 200:
            continue
        for link in set(LINK.findall(each.stable)):
            page, _hash, place = urljoin(each.address, html.unescape(link)).partition("#")
            if not page.startswith("/"):
                continue
            key = (each.actor.name, page)
            if key not in found:
                found[key] = matrix.visit(each.actor, page, follow_redirects=True)
            reply = found[key]
            if reply.status_code >= 400 or (place and f'id="{place}"' not in reply.text):
                dead.append(f"{each}: {link}")
    assert sorted(set(dead)) == []


# what is told


@pytest.fixture(scope="module")
def secrets(matrix: Matrix) -> dict[str, set[str]]:
    """Name of a subject -> the sentences that only its people wrote."""
    with matrix.app.app_context():
        session = db.session()
        found = {
            each.name: set(sentences(session, UUID(each.ids["response_id"])))
            for each in matrix.world.subjects
        }
        asked = "".join(
            html.unescape(d.decode()) for d in session.scalars(select(Version.document))
        )
    common = found["draft"] & found["submitted"]
    return {
        name: {each for each in texts - common if each not in asked}
        for name, texts in found.items()
    }


def sentences(session: Session, response_id: UUID) -> Iterator[str]:
    rows = select(AnswerRow).where(AnswerRow.response_id == response_id)
    for row in session.scalars(rows):
        told = (row.reason, row.remark, *row.explanations.values(), *row.fields.values())
        for each in told:
            if isinstance(each, dict) and len(each.get("text", "")) > 30:
                yield each["text"]


def may_read(viewer: Viewer, subject: Subject) -> bool:
    acts = (Act.READ_OWN, Act.READ_SUBMISSION)
    return any(may(viewer, act, subject.situation) for act in acts)


def test_no_sentence_reaches_who_may_not_read_it(matrix, asked, secrets):
    assert len(secrets["draft"]) > 20
    assert len(secrets["submitted"]) > 20
    leaks = [
        f"{each}: {sentence}"
        for each in asked
        for subject in matrix.world.subjects
        if not may_read(each.actor.viewer, subject)
        for sentence in secrets[subject.name]
        if sentence in each.text
    ]
    assert leaks == []


def test_the_same_sentences_reach_their_own_people(matrix, asked, secrets):
    said = "\n".join(each.text for each in asked if each.actor.name == "liaison XMO")
    assert sum(sentence in said for sentence in secrets["draft"]) > 3


def observers(matrix: Matrix) -> list[Actor]:
    """Everybody who may not read the draft."""
    draft = matrix.world.subjects[0]
    return [each for each in matrix.world.actors if not may_read(each.viewer, draft)]


def seen(asked: list[Asked]) -> dict[str, str]:
    return {f"{each} {each.address}": each.stable for each in asked if each.method == "GET"}


def counts_are_seen(asked: Asked) -> bool:
    """Whether the page tells progress to somebody who may see it."""
    sees = any(grant.role is Role.COORDINATOR for grant in asked.actor.viewer.grants)
    return sees and asked.endpoint in COUNTS


@pytest.mark.parametrize("matrix", ["sqlite"], indirect=True)
def test_pages_are_the_same_whether_the_draft_is_empty_or_full(matrix, asked):
    names = {each.name for each in observers(matrix)}
    full = [each for each in asked if each.actor.name in names and not counts_are_seen(each)]
    with matrix.connection.begin_nested() as undone:
        with matrix.app.app_context():
            empty(db.session(), UUID(matrix.world.subjects[0].ids["response_id"]))
        found = list(matrix.ask(observers(matrix), methods=("GET",)))
        undone.rollback()

    expected = seen(full)
    got = seen([each for each in found if not counts_are_seen(each)])
    assert len(expected) > 100
    assert [key for key in expected if got.get(key) != expected[key]] == []


@pytest.mark.parametrize("matrix", ["sqlite"], indirect=True)
def test_progress_tells_how_much_was_answered_and_not_what(matrix, asked):
    actors = [each for each in observers(matrix) if each.name.startswith("coordinator")]
    names = {each.name for each in actors}
    with matrix.connection.begin_nested() as undone:
        with matrix.app.app_context():
            say_something_else(db.session(), UUID(matrix.world.subjects[0].ids["response_id"]))
        found = list(matrix.ask(actors, methods=("GET",)))
        undone.rollback()

    expected = seen([each for each in asked if each.actor.name in names])
    assert [key for key, page in seen(found).items() if expected[key] != page] == []


def empty(session: Session, response_id: UUID) -> None:
    """Take every answer out of a response, as if nobody had begun."""
    exports = select(WorkbookExport.token).where(WorkbookExport.response_id == response_id)
    session.query(WorkbookImport).where(WorkbookImport.token.in_(exports)).delete()
    for model in (WorkbookExport, Conflict, AnswerEvent, AnswerRow, Change):
        session.query(model).where(model.response_id == response_id).delete()
    response = session.get_one(Response, response_id)
    response.seq, response.head_hash = 0, b""
    session.commit()


def say_something_else(session: Session, response_id: UUID) -> None:
    """Replace every text that was answered."""
    for row in session.scalars(select(AnswerRow).where(AnswerRow.response_id == response_id)):
        row.fields = {
            code: {**value, "text": "Otra cosa"} if isinstance(value, dict) else value
            for code, value in row.fields.items()
        }
    session.commit()


def test_the_country_abroad_is_the_one_that_submitted(matrix):
    found = {subject.situation.country for subject in matrix.world.subjects if _sealed(subject)}
    assert found == {ABROAD}


def _sealed(subject: Subject) -> bool:
    return subject.situation.state == "submitted"
