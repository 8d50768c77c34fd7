"""How Alembic reaches the database of the program and compares it with the models."""

import logging
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import JSON, Connection

from survey.database import WRITES, UtcDateTime, db

logging.getLogger("alembic").setLevel(logging.INFO)


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write our own types as what the database has, so that migrations import no models."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        return "sa.JSON(none_as_null=True)"
    return False


def leave_empty_out(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """No migration file when nothing changed."""
    options = context.config.cmd_opts
    if getattr(options, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def run() -> None:
    """Migrate online and alone, everything in one transaction."""
    with db.engine.connect().execution_options(**{WRITES: True}) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:  # rebuilding a table must not empty those that refer to it
            driver(connection).execute("PRAGMA foreign_keys=OFF")
        try:
            migrate(connection)
        finally:
            if sqlite:
                driver(connection).execute("PRAGMA foreign_keys=ON")


def driver(connection: Connection) -> Any:
    """The connection of the driver, which speaks outside transactions."""
    return connection.connection.dbapi_connection


def migrate(connection: Connection) -> None:
    """Run what was asked for on `connection`."""
    arguments = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=render_item,
        process_revision_directives=leave_empty_out,
        transactional_ddl=True,
        **arguments,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"rows refer to nothing after the migration: {broken[:5]}")


run()
