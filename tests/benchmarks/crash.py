"""A server killed again and again while people save: is an answer it acknowledged ever lost?

The writers keep their own account of what was acknowledged (`trust.md` 2.2): an answer counts once
its reply was read to the end. What got no reply is sent again under the same key. The control is a
server that replies before it writes; a control that loses nothing makes the run worthless.
"""

import http.client
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from queue import Queue
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

import msgspec
from flask import Flask
from sqlalchemy import select

from app import create_app
from survey.config import ROOT
from survey.database import db
from survey.responses.ledger import verify
from survey.responses.models import Response
from tests.benchmarks import instruments
from tests.benchmarks.measuring import Figure
from tests.benchmarks.pages import Place, application, environment, made, signed_in

WRITERS: Final = 4
QUESTIONS: Final = 60
SECONDS: Final = {"honest": 30.0, "careless": 8.0}
BETWEEN: Final = 30  # answers saved between two kills, so that there is load to kill under
PAUSE: Final = 0.2  # seconds after them, at most
ALL_EVERY: Final = 6  # so many kills of one worker, then one of everything
REPLY: Final = 3  # seconds to wait for a reply before asking again
START: Final = 60  # seconds for the server to come up


class Acknowledged(msgspec.Struct, frozen=True):
    """One save that was answered with 200."""

    idem: str
    part: str
    value: str


class Run(msgspec.Struct, frozen=True):
    """What a run came to."""

    acknowledged: int
    kills: int
    lost: int
    twice: int
    problems: int


class NothingHappened(AssertionError):
    """The server never answered: the run proves nothing."""


def rows(quick: bool) -> Iterator[Figure]:
    """Losses of the server and of the control; left out of a hurried run."""
    if quick:
        return
    honest, careless = _run("honest"), _run("careless")
    name = "killing the server under load"
    yield Figure(name=f"{name}, acknowledged", value=honest.acknowledged, unit="answers")
    yield Figure(name=f"{name}, killed", value=honest.kills, unit="times")
    yield Figure(name=f"{name}, acknowledged and lost", value=honest.lost, unit="answers", bar=0)
    yield Figure(name=f"{name}, written twice", value=honest.twice, unit="answers", bar=0)
    yield Figure(
        name=f"{name}, chain or replay broken", value=honest.problems, unit="places", bar=0
    )
    yield Figure(name=f"{name}, lost by the control", value=careless.lost, unit="answers")
    blind = int(careless.lost == 0)
    yield Figure(name=f"{name}, controls that lose nothing", value=blind, unit="runs", bar=0)


def _run(kind: str) -> Run:
    with application() as app:
        place = made(app, QUESTIONS)
        folder = Path(app.config["RONDA_HOME"])
        with _Server(kind, folder) as server:
            writers = [_Writer(app, place, server.port, n) for n in range(WRITERS)]
            for writer in writers:
                writer.start()
            kills = _kill(server, writers, time.monotonic() + SECONDS[kind])
            for writer in writers:
                writer.stop()
        found = [each for writer in writers for each in writer.acknowledged]
        if not found:
            raise NothingHappened(kind)
        lost, twice = _account(folder / "ronda.sqlite", found)
        return Run(
            acknowledged=len(found),
            kills=kills,
            lost=lost,
            twice=twice,
            problems=_problems(app, place),
        )


def _kill(server: "_Server", writers: "list[_Writer]", until: float) -> int:
    """Kill while answers come in: each time at a moment nobody knows, after some were saved."""
    kills = 0
    while time.monotonic() < until:
        wanted = sum(len(writer.acknowledged) for writer in writers) + BETWEEN
        while sum(len(w.acknowledged) for w in writers) < wanted and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(random.uniform(0, PAUSE))  # noqa: S311 - a moment, no secret
        kills += 1
        if kills % ALL_EVERY:
            server.kill_a_worker()
        else:
            server.kill_all()
            server.start()
    return kills


def _account(database: Path, found: list[Acknowledged]) -> tuple[int, int]:
    """How many acknowledged saves are not in the history, and how many are there twice."""
    with sqlite3.connect(database) as connection:
        stored = connection.execute(
            "SELECT change.idem, answer_event.part, answer_event.new FROM change"
            " JOIN answer_event USING (response_id, seq)"
        ).fetchall()
    there: dict[tuple[str, str, str], int] = {}
    for idem, part, new in stored:
        key = (idem, part, str(new).strip('"'))
        there[key] = there.get(key, 0) + 1
    counts = [there.get((each.idem, each.part, each.value), 0) for each in found]
    return sum(count == 0 for count in counts), sum(count > 1 for count in counts)


def _problems(app: Flask, place: Place) -> int:
    with app.app_context():
        session = db.session()
        response = session.scalars(select(Response).where(Response.id == place.response)).one()
        return len(verify(session, response).problems)


class _Server:
    """The server as it runs in production, in a process group of its own."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        # One of the control: what two would write later would meet, and not only crashes lose.
        self.workers = "2" if kind == "honest" else "1"
        self.folder = folder
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "_Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill_all()

    def start(self) -> None:
        """Start and wait until it takes connections."""
        command = [
            str(Path(sys.executable).parent / "granian"),
            *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)),
            *("--workers", self.workers, "--blocking-threads", "4", "--respawn-failed-workers"),
            *("--respawn-interval", "0.1", "--log-level", "critical"),
            *("--factory", f"tests.benchmarks.crash:{self.kind}"),
        ]
        given = os.environ | environment(self.folder)
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=given, start_new_session=True, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + START
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        self.kill_all()
        raise NothingHappened("the server does not start")

    def kill_a_worker(self) -> None:
        """Kill one of its workers, if one is there."""
        master = self.process.pid if self.process else 0
        children = Path(f"/proc/{master}/task/{master}/children").read_text("ascii").split()
        if children:
            with _gone_already():
                os.kill(int(random.choice(children)), signal.SIGKILL)  # noqa: S311

    def kill_all(self) -> None:
        """Kill everything that belongs to it."""
        if self.process is not None:
            with _gone_already():
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def _gone_already() -> Iterator[None]:
    try:
        yield
    except ProcessLookupError:
        return


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class _Writer(threading.Thread):
    """Somebody who gives one answer after the other to a question of their own."""

    def __init__(self, app: Flask, place: Place, port: int, number: int) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[Acknowledged] = []
        self.code = instruments.code_of(7 + 10 * number)  # a question of several numbers
        self.address = f"/responses/{place.response}/questions/{self.code}"
        self.port = port
        self.seq = ""
        self._ended = threading.Event()
        client = signed_in(app, place.person)
        page = client.get(f"/responses/{place.response}/sections/{place.sections[number]}").text
        self._learn(page)
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        if token is None or cookie is None:
            raise NothingHappened("nobody is signed in")
        self.headers = {
            "Host": "localhost",
            "Cookie": f"{cookie.key}={cookie.value}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Requested-With": "ronda",
            "X-CSRFToken": token[1],
            "Accept": "text/html",
        }

    def stop(self) -> None:
        """Give no further answer, and do not wait for the present one."""
        self._ended.set()
        self.join(2 * REPLY)

    def run(self) -> None:
        part = f"{self.code}-minutes"
        value = 1000
        while not self._ended.is_set():
            value += 1
            idem = uuid4().hex
            body = urlencode({f"{self.code}.seq": self.seq, part: str(value)})
            reply = self._until_answered(body, idem)
            if reply is not None:
                self.acknowledged.append(Acknowledged(idem, part, str(value)))
                self._learn(reply)

    def _until_answered(self, body: str, idem: str) -> str | None:
        """The reply to a save, sent again under its key until there is one; None: ended before."""
        while not self._ended.is_set():
            try:
                return self._post(body, idem)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
        return None

    def _post(self, body: str, idem: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=REPLY)
        try:
            headers = self.headers | {"Idempotency-Key": idem}
            connection.request("POST", self.address, body, headers)
            reply = connection.getresponse()
            text = reply.read().decode()
        finally:
            connection.close()
        if reply.status != 200:
            raise http.client.HTTPException(f"{reply.status} {text[:200]}")
        return text

    def _learn(self, page: str) -> None:
        """The seq that this question is shown at now."""
        found = re.search(rf'name="{self.code}\.seq"[^>]* value="(\d+)"', page)
        if found:
            self.seq = found[1]


# servers


def honest() -> Flask:
    """The program as it is."""
    return create_app()


def careless() -> Any:
    """The control: it says that an answer is saved, and writes it when it comes to that."""
    app = create_app()
    waiting: Queue[tuple[dict[str, Any], bytes]] = Queue()
    threading.Thread(target=_write_later, args=(app, waiting), daemon=True).start()

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            return app.wsgi_app(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        waiting.put((dict(environ), body))
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"saved"]

    return serve


def _write_later(app: Flask, waiting: "Queue[tuple[dict[str, Any], bytes]]") -> None:
    while True:
        environ, body = waiting.get()
        fresh = urlencode(
            [(name, _seq(app) if name.endswith(".seq") else text) for name, text in _pairs(body)]
        ).encode()
        environ |= {"wsgi.input": BytesIO(fresh), "CONTENT_LENGTH": str(len(fresh))}
        reply = app.wsgi_app(environ, lambda *_: lambda _: None)
        for _ in reply:
            pass
        reply.close()  # type: ignore[attr-defined] # Werkzeug's have it


def _pairs(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode(), keep_blank_values=True)


def _seq(app: Flask) -> str:
    with app.app_context():
        return str(db.session().scalars(select(Response.seq)).one())
