"""What the database keeps, and what `writes` promises."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import session as flask_session
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from survey.accounts.models import Person
from survey.core.problems import Refused
from survey.database import (
    SQLITE_PRAGMAS,
    UtcDateTime,
    db,
    driver_url,
    engine_options,
    is_transient,
    new_id,
    writes,
)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def real_app(request, new_app, new_database):
    """An application whose commits are real."""
    made = new_app(new_database(request.param))
    with made.app_context():
        db.create_all()
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def real(real_app):
    with real_app.app_context():
        yield db.session()
        db.session.rollback()
        db.session.execute(text("DELETE FROM person"))
        db.session.commit()
        db.session.remove()


def somebody(email="ana@example.org"):
    return Person(email=email, name="Ana")


def emails(app):
    with app.app_context(), db.engine.connect() as other:
        return [row.email for row in other.execute(select(Person.email).order_by(Person.email))]


def test_a_deed_is_committed_before_its_answer_leaves(real_app, real):
    @writes
    def deed():
        db.session.add(somebody())
        return "done"

    assert (deed(), emails(real_app)) == ("done", ["ana@example.org"])


@pytest.mark.parametrize("error", [Refused(), ValueError(), KeyboardInterrupt()], ids=repr)
def test_an_error_undoes_all_of_a_deed(real_app, real, error):
    @writes
    def deed():
        db.session.add(somebody())
        db.session.flush()
        raise error

    with pytest.raises(type(error)):
        deed()
    assert emails(real_app) == []


def busy(sqlstate="40001"):
    original = sqlite3.OperationalError("database is locked")
    original.sqlite_errorcode = sqlite3.SQLITE_BUSY
    original.sqlstate = sqlstate
    return OperationalError("UPDATE", {}, original)


def test_a_deed_that_met_another_runs_again(real_app, real):
    tries = []

    @writes
    def deed():
        tries.append(1)
        db.session.add(somebody(f"p{len(tries)}@example.org"))
        db.session.flush()
        if len(tries) < 4:
            raise busy()

    deed()
    assert emails(real_app) == ["p4@example.org"]


def test_a_deed_runs_four_times_at_most(real):
    tries = []

    @writes
    def deed():
        tries.append(1)
        raise busy()

    with pytest.raises(OperationalError):
        deed()
    assert len(tries) == 4


def test_another_error_of_the_database_is_not_tried_again(real):
    tries = []

    @writes
    def deed():
        tries.append(1)
        db.session.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(Exception, match="nowhere"):
        deed()
    assert len(tries) == 1


def test_a_failed_try_leaves_no_flash_behind(real_app, real):
    tries = []

    @writes
    def deed():
        flask_session.setdefault("said", []).append("once")
        tries.append(1)
        if len(tries) < 3:
            raise busy()
        return flask_session["said"]

    with real_app.test_request_context("/"):
        assert deed() == ["once"]


def test_two_deeds_on_one_row_follow_each_other(real_app, real):
    """Neither is lost: the second sees what the first wrote, or runs again."""
    real.add(somebody())
    real.commit()

    def raise_version():
        with real_app.app_context():

            @writes
            def deed():
                found = db.session.scalars(select(Person).with_for_update()).one()
                found.session_version += 1

            deed()

    run_together(raise_version, 8)
    real.expire_all()
    assert real.scalars(select(Person)).one().session_version == 9


def run_together(work, count):
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(work) for _ in range(count)]:
            done.result()


def test_a_reading_request_does_not_wait_for_a_writing_one(real_app, real):
    with real_app.app_context(), db.engine.connect() as writer:
        writer.execution_options(ronda_writes=True)
        writer.execute(text("DELETE FROM person"))
        assert real.scalars(select(Person)).all() == []


def test_sqlite_loses_nothing_in_a_power_cut(new_app, new_database):
    with new_app(new_database("sqlite")).app_context(), db.engine.connect() as connection:
        kept = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SQLITE_PRAGMAS
        }
        db.engine.dispose()
    assert kept == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


def test_a_writing_transaction_takes_the_lock_of_sqlite_at_once(new_app, new_database):
    with new_app(new_database("sqlite")).app_context():
        with db.engine.connect() as first, db.engine.connect() as second:
            first.execution_options(ronda_writes=True).begin()
            second.exec_driver_sql("PRAGMA busy_timeout=1")
            second.rollback()
            with pytest.raises(OperationalError) as refused:
                second.execution_options(ronda_writes=True).begin()
        db.engine.dispose()
    assert is_transient(refused.value)


def test_a_moment_comes_back_in_utc(session):
    person = somebody()
    person.created_at = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=-6)))
    session.add(person)
    session.flush()
    session.expire(person)

    assert person.created_at == datetime(2026, 3, 1, 18, tzinfo=UTC)
    assert person.created_at.tzinfo is UTC


def test_a_moment_without_a_time_zone_is_not_stored(session):
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 3, 1), session.get_bind().dialect)  # noqa: DTZ001


def test_ids_are_made_in_order_of_time():
    made = [new_id() for _ in range(100)]

    assert sorted(made) == made
    assert {identifier.version for identifier in made} == {7}


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_psycopg_3_and_never_hangs(scheme):
    url = driver_url(f"{scheme}://a@b/c")

    assert url == "postgresql+psycopg://a@b/c"
    assert engine_options(url)["connect_args"]["tcp_user_timeout"] == 4000
