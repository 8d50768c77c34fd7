"""Migrations lead from nothing to the models, and one step down and up again."""

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from survey.database import Base, db

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def empty_app(request, new_app, new_database):
    made = new_app(new_database(request.param))
    with made.app_context():
        yield made
        db.engine.dispose()


def tables():
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_migrations_make_what_the_models_say(empty_app):
    upgrade()

    check()
    assert tables() == set(Base.metadata.tables)


def test_a_migration_goes_down_and_up(empty_app):
    upgrade()
    downgrade()
    upgrade()

    check()


def test_migrating_again_changes_nothing(empty_app):
    upgrade()
    upgrade()

    check()
