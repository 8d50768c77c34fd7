"""flask demo on an empty migrated database: what it prints, twice, and where it refuses."""

import json

import pytest
from flask_migrate import upgrade

from app import create_app
from survey.database import db

pytestmark = pytest.mark.xdist_group("demonstration command")
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module", params=DATABASES)
def home(request, new_database, tmp_path_factory):
    """The environment of a machine on which nothing was loaded before."""
    given = {
        "RONDA_HOME": str(tmp_path_factory.mktemp("home")),
        "DATABASE_URL": new_database(request.param),
    }
    with pytest.MonkeyPatch.context() as environment:
        _set(environment, given)
        yield given


def _set(environment, given):
    for name in ("SECRET_KEY", "BASE_URL", "RONDA_DEMO"):
        environment.delenv(name, raising=False)
    for name, value in given.items():
        environment.setenv(name, value)


@pytest.fixture(scope="module")
def migrated(home):
    app = create_app({"TESTING": True}, home)
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def printed(migrated):
    """What the command printed when it loaded everything."""
    reply = run(migrated, "--json")
    assert reply.exit_code == 0, reply.output
    return reply.stdout


@pytest.fixture
def told(printed):
    return json.loads(printed)


def run(app, *words):
    return app.test_cli_runner().invoke(args=["demo", *words])


def test_the_command_again_prints_the_same(migrated, printed):
    assert run(migrated, "--json").stdout == printed


def test_the_command_names_what_it_loaded(told):
    assert told.keys() >= {
        *("address", "questionnaire", "version", "instrument_sha256", "round", "response"),
        *("blank_response", "submitted_round", "submitted_response", "people"),
    }
    assert told["version"] == 1
    assert all(each.keys() == {"role", "email", "sign_in"} for each in told["people"])
    assert len({each["role"] for each in told["people"]}) == len(told["people"])


def test_it_tells_of_the_rounds_on_every_topic(told):
    rounds = {each["response"]: each for each in told["rounds"]}

    first = (told["response"], told["blank_response"], told["submitted_response"])
    assert [rounds.pop(each)["topic"] for each in first] == [["OPG"]] * 3
    assert [
        (each["country"], each["topic"], each["languages"], each["state"])
        for each in rounds.values()
    ] == [
        ("XSN", ["BUD", "TRA"], ["pt", "en"], "open"),
        ("XBR", ["CSP"], ["fr", "en"], "submitted"),
    ]
    assert all(each["round"] and each["people"] for each in told["rounds"])


@pytest.mark.usefixtures("printed")
def test_for_people_it_prints_the_address_and_links_under_each_topic(migrated):
    address, *lines = run(migrated).stdout.splitlines()
    first, *others = "\n".join(lines).split("\n\n")
    links = [line for line in lines if "http" in line]

    assert address == "http://127.0.0.1:8000"
    assert first.count("http") == len(first.splitlines()) == 7
    assert [each.splitlines()[0] for each in others] == [
        "Serranova 2026: public budget and transparency (pt, en)",
        "Belle-Rive 2026: civil society participation (fr, en)",
    ]
    assert len({line.index("http") for line in links}) == 1


def test_every_link_signs_in_where_the_server_runs(told, home):
    server = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False}, home)

    shown = (told["people"], told["submitted_people"], *(r["people"] for r in told["rounds"]))
    for each in {person["email"]: person for people in shown for person in people}.values():
        reply = server.test_client().post(each["sign_in"].removeprefix(told["address"]))
        assert reply.status_code == 303, each
    with server.app_context():
        db.engine.dispose()


def test_where_real_people_work_nothing_is_loaded(monkeypatch, tmp_path, new_database):
    _set(monkeypatch, {"RONDA_HOME": str(tmp_path), "DATABASE_URL": new_database("sqlite")})
    monkeypatch.setenv("SECRET_KEY", "a key of the real thing that is long enough")
    app = create_app({"TESTING": True})

    with app.app_context():
        upgrade()
        refused = run(app)
        db.engine.dispose()

    assert refused.exit_code == 2
    assert "RONDA_DEMO=1" in refused.stderr
    assert not (tmp_path / "demonstration.key").exists()
