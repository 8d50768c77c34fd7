"""create_app: settings, extensions, blueprints, error answers."""

from collections.abc import Mapping
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from survey import config
from survey.accounts import views as accounts
from survey.banks import views as reading_banks
from survey.banks.commands import banks
from survey.database import db, init_database
from survey.demonstration.commands import demo
from survey.panel import views as panel
from survey.questionnaires import views as composing
from survey.questionnaires.commands import questionnaires
from survey.responses import views as answering
from survey.responses.commands import responses
from survey.responses.workbook_commands import workbook
from survey.web import pages

BLUEPRINTS = (accounts.bp, reading_banks.bp, composing.bp, answering.bp, panel.bp)
COMMANDS = (banks, questionnaires, responses, workbook, demo)


def create_app(
    changes: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Flask:
    """The program, with `changes` to the settings that `environment` (the process's own) gives.

    Raises:
        UnsafeSettings: outside a demonstration without SECRET_KEY and BASE_URL.
    """
    app = Flask("survey.web")
    serving = not _is_command() and not (changes and changes.get("TESTING"))
    app.config.update(config.settings(environment, serving=serving) | dict(changes or {}))
    init_database(app)
    Migrate(app, db, directory=str(config.ROOT / "survey" / "migrations"), render_as_batch=True)
    pages.init_web(app, str(config.ROOT / "translations"))
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    pages.init_guards(app)
    _trust_proxies(app)
    return app


def _is_command() -> bool:
    """Whether `flask NAME` asks, which serves nobody and needs no address; `flask run` serves."""
    context = click.get_current_context(silent=True)
    if context is None or context.find_object(ScriptInfo) is None:
        return False
    return context.info_name != "run"


def _trust_proxies(app: Flask) -> None:
    hops = app.config["PROXY_HOPS"]
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # as Flask documents it
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=0
        )
