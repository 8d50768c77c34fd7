"""Settings that are not safe are refused before anything listens."""

import subprocess
import sys

import pytest

from survey import config

SAFE = {"SECRET_KEY": "x" * 32, "BASE_URL": "https://ronda.example.org"}


@pytest.fixture
def given(tmp_path):
    return {"RONDA_HOME": str(tmp_path)}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"BASE_URL": ""}, "BASE_URL"),
        ({"SECRET_KEY": "x" * 31}, "32 characters"),
        ({"BASE_URL": "ronda.example.org"}, "BASE_URL"),
        ({"BASE_URL": "ftp://ronda.example.org"}, "BASE_URL"),
        ({"RONDA_DEMO": "0", "SECRET_KEY": ""}, "SECRET_KEY"),
    ],
    ids=str,
)
def test_serving_needs_a_key_and_an_address(given, change, says):
    with pytest.raises(config.UnsafeSettings, match=says):
        config.settings(given | SAFE | change, serving=True)


def test_safe_settings_are_taken(given):
    found = config.settings(given | SAFE, serving=True)

    assert not found["DEMONSTRATION"]
    assert found["TRUSTED_HOSTS"] == ["ronda.example.org"]
    assert found["SESSION_COOKIE_SECURE"]


def test_a_demonstration_keeps_its_own_key(given):
    first = config.settings(given | {"RONDA_DEMO": "1"}, serving=True)
    second = config.settings(given | {"RONDA_DEMO": "1"}, serving=True)

    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 32


def test_the_home_of_a_demonstration_stays_one_for_commands(given):
    config.settings(given | {"RONDA_DEMO": "1"}, serving=True)

    assert config.settings(given, serving=False)["DEMONSTRATION"]


@pytest.mark.parametrize("name", ["SECRET_KEY", "BASE_URL"])
def test_a_real_installation_is_never_a_demonstration_by_accident(given, name):
    config.settings(given | {"RONDA_DEMO": "1"}, serving=True)

    assert not config.is_demonstration(given | {name: SAFE[name]})


def test_a_command_needs_neither(given):
    assert config.settings(given, serving=False)["SECRET_KEY"]


def test_programs_beside_each_other_do_not_share_a_cookie(given):
    names = {
        config.settings(given | {"PORT": port}, serving=False)["SESSION_COOKIE_NAME"]
        for port in ("8000", "8001")
    }
    assert len(names) == 2


def test_the_program_itself_does_not_start_unsafely(root, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import app; app.create_app()"],
        env={"RONDA_HOME": str(tmp_path)},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Set SECRET_KEY and BASE_URL" in done.stderr
