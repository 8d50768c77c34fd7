"""The program as it runs for people: its production server on a free port, and a real browser."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from sqlalchemy.orm import Session

from app import create_app
from survey.database import db
from tests.journeys.world import Actor, client_of

T = TypeVar("T")

ROOT: Final = Path(__file__).parent.parent.parent
CHROMIUM: Final = "/usr/bin/chromium"
STARTED: Final = "Started worker"
PATIENCE: Final = 60  # seconds until the server has started, on a busy machine
# Chromium calls it an error when a page or a script is told no; both show words then.
TOLD: Final = re.compile(r"Failed to load resource: .* status of (404|409|422) ")
QUIET: Final = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


class Served(NamedTuple):
    """A running server; `app` has the same settings and database, for looking behind it."""

    url: str
    app: Flask


class NotStarted(RuntimeError):
    """The server ended before it listened; its log says why."""


@contextmanager
def serve(home: Path, seed: Callable[[Session], T]) -> Iterator[tuple[Served, T]]:
    """Run the server of `make run` on a migrated database that `seed` filled; stop it after."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    given = {"RONDA_HOME": str(home), "RONDA_DEMO": "1", "PORT": str(port), "BASE_URL": url}
    app = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False}, given)
    with app.app_context():
        upgrade()
        seeded = seed(db.session())
        db.session.commit()
        db.session.remove()
    with _server(port, given):
        yield Served(url=url, app=app), seeded
    with app.app_context():
        db.engine.dispose()


def _free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        found: int = any_port.getsockname()[1]
        return found


@contextmanager
def _server(port: int, given: dict[str, str]) -> Iterator[None]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "2", "--factory"]
    running = subprocess.Popen(
        [*command, "app:create_app"],
        cwd=ROOT,
        env=kept | given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    impatient = threading.Timer(PATIENCE, running.kill)
    impatient.start()
    said: list[str] = []
    assert running.stdout
    for line in running.stdout:  # ends when the server does
        said.append(line)
        if STARTED in line:
            break
    impatient.cancel()
    if running.poll() is not None:
        raise NotStarted("".join(said))
    listening = threading.Thread(target=said.extend, args=(running.stdout,), daemon=True)
    listening.start()  # so that the pipe never fills
    try:
        yield
    finally:
        running.terminate()
        running.wait(timeout=30)
        listening.join(timeout=30)
        running.stdout.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that asks nobody but the machine it runs on."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


class Watched:
    """What went wrong in the windows of a browser: errors, violations, strange addresses."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.wrong: list[str] = []

    def watch(self, page: Page) -> Page:
        page.on("console", lambda message: self._heard(page, message))
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self._asked(page, request.url))
        return page

    def _heard(self, page: Page, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        told = TOLD.match(message.text)
        if told and (told[1] != "404" or address == page.url):
            return
        if message.type in ("error", "warning"):
            self.wrong.append(f"{page.url}: {message.text} {address}")

    def _asked(self, page: Page, url: str) -> None:
        address = urlsplit(url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self.host:
            self.wrong.append(f"{page.url} asks {url}")


@contextmanager
def window(
    browser: Browser,
    served: Served,
    actor: Actor | None = None,
    *,
    language: str = "en",
    width: int = 1280,
    scripts: bool = True,
) -> Iterator[BrowserContext]:
    """A fresh browser of somebody signed in, or of nobody; anything wrong in it is an error."""
    context = browser.new_context(
        base_url=served.url,
        locale=language,
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        accept_downloads=True,
        reduced_motion="reduce",  # nothing is on its way when a test looks
    )
    context.set_default_timeout(15_000)
    watched = Watched(served.url)
    context.on("page", watched.watch)
    if actor is not None:
        sign_in(context, served, actor, language)
    yield context
    context.close()
    assert watched.wrong == [], "\n".join(watched.wrong)


def sign_in(context: BrowserContext, served: Served, actor: Actor, language: str = "") -> None:
    """Give the browser the cookie of a signed-in person."""
    name = served.app.config["SESSION_COOKIE_NAME"]
    cookie = client_of(served.app, actor, language=language).get_cookie(name)
    if cookie is not None:
        context.add_cookies([{"name": name, "value": cookie.value, "url": served.url}])
