"""flask demo on an empty migrated database: what it prints, twice, and where it refuses."""

import json

import pytest
from flask_migrate import upgrade

from app import create_app
from survey.database import db

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def home(request, new_database, tmp_path, monkeypatch):
    """The environment of a machine on which nothing was loaded."""
    for name in ("SECRET_KEY", "BASE_URL", "RONDA_DEMO"):
        monkeypatch.delenv(name, raising=False)
    given = {"RONDA_HOME": str(tmp_path), "DATABASE_URL": new_database(request.param)}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return given


@pytest.fixture
def migrated(home):
    app = create_app({"TESTING": True}, home)
    with app.app_context():
        upgrade()
        yield app
        db.engine.dispose()


def run(app, *words):
    return app.test_cli_runner().invoke(args=["demo", *words])


def test_the_command_again_prints_the_same(migrated):
    first, second = run(migrated, "--json"), run(migrated, "--json")

    assert first.exit_code == 0, first.output
    assert first.stdout == second.stdout


def test_the_command_names_what_it_loaded(migrated):
    told = json.loads(run(migrated, "--json").stdout)

    assert told.keys() >= {
        *("address", "questionnaire", "version", "instrument_sha256", "round", "response"),
        *("blank_response", "submitted_round", "submitted_response", "people"),
    }
    assert told["version"] == 1
    assert all(each.keys() == {"role", "email", "sign_in"} for each in told["people"])
    assert len({each["role"] for each in told["people"]}) == len(told["people"])


def test_for_people_it_prints_the_address_and_a_link_a_role(migrated):
    address, *lines = run(migrated).stdout.splitlines()

    assert address == "http://127.0.0.1:8000"
    assert len(lines) == 7
    assert len({line.index("http") for line in lines}) == 1


def test_every_link_signs_in_where_the_server_runs(migrated, home):
    told = json.loads(run(migrated, "--json").stdout)
    server = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False}, home)

    for each in (*told["people"], *told["submitted_people"]):
        reply = server.test_client().post(each["sign_in"].removeprefix(told["address"]))
        assert reply.status_code == 303, each
    with server.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_where_real_people_work_nothing_is_loaded(migrated, monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "a key of the real thing that is long enough")

    refused = run(migrated)

    assert refused.exit_code == 2
    assert "RONDA_DEMO=1" in refused.stderr
    assert not (tmp_path / "demonstration.key").exists()
