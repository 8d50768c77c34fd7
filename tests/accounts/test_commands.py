"""flask people, as somebody at a terminal meets it."""

import json

import pytest


@pytest.fixture
def run(app, session):
    """Run `flask people ...`; what it wrote, and its exit status."""
    runner = app.test_cli_runner()

    def ran(*words, **more):
        session.commit()
        return runner.invoke(args=["people", *words], **more)

    return ran


ANA = ("add", "ana@example.org", "--name", "Ana")


def test_the_first_administrator_gets_a_password_that_works(run, client):
    password = run(*ANA, "--role", "administrator").stdout.strip()

    reply = client.post("/sign-in", data={"email": "ana@example.org", "password": password})
    assert reply.status_code == 303


def test_data_goes_to_stdout_and_messages_to_stderr(run):
    done = run(*ANA, "--role", "administrator")

    assert "ana@example.org" in done.stderr
    assert "ana@example.org" not in done.stdout


def test_the_result_can_be_read_by_programs(run):
    done = run(*ANA, "--role", "liaison", "--country", "HND", "--json")

    shown = json.loads(done.stdout)
    assert shown["roles"] == [{"role": "liaison", "country": "HND", "entity": "", "round": ""}]
    assert len(shown["password"]) >= 12


@pytest.mark.parametrize(
    ("chosen", "spoken"), [((), "fr"), (("--language", "es"), "es")], ids=["none", "their own"]
)
def test_somebody_new_is_offered_the_language_of_their_country(run, chosen, spoken):
    run(*ANA, "--role", "liaison", "--country", "HTI", *chosen)

    (ana,) = json.loads(run("list", "--json").stdout)["people"]
    assert ana["language"] == spoken


def test_a_second_role_leaves_the_password_as_it_is(run):
    run(*ANA, "--role", "liaison", "--country", "HND")
    done = run(*ANA, "--role", "authority", "--country", "HND", "--json")

    assert "password" not in json.loads(done.stdout)
    people = json.loads(run("list", "--json").stdout)["people"]
    assert [role["role"] for role in people[0]["roles"]] == ["liaison", "authority"]


def test_a_refusal_is_said_in_words_and_changes_nothing(run):
    done = run(*ANA, "--role", "liaison")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "needs a country" in done.stderr
    assert json.loads(run("list", "--json").stdout) == {"people": []}


def test_wrong_use_exits_with_2(run):
    assert run(*ANA, "--role", "king").exit_code == 2


def test_a_password_can_be_piped_in(run, client):
    run(*ANA, "--role", "administrator", "--password-file", "-", input="correct horse battery\n")

    data = {"email": "ana@example.org", "password": "correct horse battery"}
    assert client.post("/sign-in", data=data).status_code == 303


def test_a_reset_replaces_the_password(run, client):
    first = run(*ANA, "--role", "administrator").stdout.strip()
    second = run("reset", "ana@example.org").stdout.strip()

    data = {"email": "ana@example.org"}
    assert client.post("/sign-in", data=data | {"password": first}).status_code == 422
    assert client.post("/sign-in", data=data | {"password": second}).status_code == 303


def test_an_account_is_closed_and_opened(run):
    run(*ANA, "--role", "administrator")
    run("disable", "ana@example.org")
    assert "(disabled)" in run("list").stdout

    run("disable", "ana@example.org", "--undo")
    assert "(disabled)" not in run("list").stdout


def test_nobody_known_exits_with_1(run):
    assert run("reset", "nobody@example.org").exit_code == 1
    assert run("disable", "nobody@example.org").exit_code == 1


def test_a_database_that_was_never_migrated_is_said_in_words(new_app, new_database):
    app = new_app(new_database("sqlite"))
    done = app.test_cli_runner().invoke(args=["people", "list"])

    assert done.exit_code == 1
    assert "flask db upgrade" in done.stderr
