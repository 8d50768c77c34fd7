"""The base of all models, their types, the session, and `writes`: one transaction per deed."""

import copy
import functools
import random
import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, ParamSpec, TypeVar
from uuid import UUID

import msgspec
from flask import Flask, has_request_context, request
from flask import session as cookie
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    Uuid,
    event,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from uuid_utils.compat import uuid7

P = ParamSpec("P")
R = TypeVar("R")

TRIES: Final = 4  # the first time and three more
RETRIED_SQLSTATES: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock
RETRIED_SQLITE: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
WRITES: Final = "ronda_writes"  # execution option: this transaction will write

SQLITE_PRAGMAS: Final = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: NORMAL loses acknowledged answers in a power cut
    "foreign_keys": 1,
    "busy_timeout": 5000,
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always with a time zone in Python and always UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every model derives from."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        UUID: Uuid(),
        str: Text(),
        bytes: LargeBinary(),
        dict[str, Any]: JSON(none_as_null=True),
        dict[str, str]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
    }


def new_id() -> UUID:
    """A new identifier, made by the application so that any database will do (UUIDv7)."""
    return uuid7()


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


Id = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]

db: Final = SQLAlchemy(metadata=Base.metadata)


def driver_url(url: str) -> str:
    """`url` with its driver spelt out: `postgres://` and `postgresql://` become psycopg 3."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def engine_options(url: str) -> dict[str, Any]:
    """What the engine of `url` is made with."""
    options: dict[str, Any] = {
        "json_serializer": lambda value: msgspec.json.encode(value).decode(),
        "json_deserializer": msgspec.json.decode,
    }
    if make_url(url).get_backend_name() == "sqlite":
        return options
    return options | {
        "pool_pre_ping": True,
        "connect_args": {
            "connect_timeout": 3,
            "tcp_user_timeout": 4000,
            "keepalives_idle": 5,
            "options": "-c statement_timeout=10000 -c idle_in_transaction_session_timeout=30000"
            " -c synchronous_commit=on",
        },
    }


def init_database(app: Flask) -> None:
    """Bind `db` to `app` and prepare its engine; the settings of SQLite are read back here."""
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def prepare(engine: Engine) -> None:
    """Take over BEGIN from the SQLite driver and set what keeps answers safe."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN must go
    for name, wanted in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={wanted}")
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found not in (wanted, "memory"):
            raise RuntimeError(f"SQLite keeps {name} at {found}, not {wanted}")


def _begin(connection: Connection) -> None:
    # A deed takes the write lock at once: a reader that starts to write later would deadlock.
    writing = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def begin_writing(session: Session) -> None:
    """Forget what was read and start the transaction of a deed."""
    session.rollback()
    session.connection(execution_options={WRITES: True})


def is_transient(error: BaseException) -> bool:
    """Whether the same deed may succeed when it is tried again."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return False
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0)
        return (code & 0xFF) in RETRIED_SQLITE
    return getattr(error.orig, "sqlstate", None) in RETRIED_SQLSTATES


def writes(deed: Callable[P, R]) -> Callable[P, R]:
    """Run a view or a command in one transaction, committed before its answer leaves.

    It runs again, at most three times, when the database says that two deeds met. Any error
    undoes all of it.
    """

    @functools.wraps(deed)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        before = _cookie_now()
        for left in reversed(range(TRIES)):
            try:
                return _once(deed, *args, **kwargs)
            except DBAPIError as error:
                if not left or not is_transient(error):
                    raise
            _wait(TRIES - left)
            _rewind(before)
        raise AssertionError("the last try returns or raises")

    done.writes = True  # type: ignore[attr-defined] # functions take attributes; a test reads it
    return done


def _once(deed: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    session = db.session()
    try:
        begin_writing(session)
        answer = deed(*args, **kwargs)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return answer


def _wait(tried: int) -> None:
    time.sleep(random.uniform(0.01, 0.05) * tried)  # noqa: S311 - spreads retries, no secret


def _cookie_now() -> Mapping[str, Any]:
    return copy.deepcopy(dict(cookie)) if has_request_context() else {}


def _rewind(before: Mapping[str, Any]) -> None:
    """Undo what the failed try did outside the database: cookie, flashes, read files."""
    if not has_request_context():
        return
    cookie.clear()
    cookie.update(copy.deepcopy(dict(before)))
    for files in request.files.listvalues():
        for file in files:
            file.seek(0)
