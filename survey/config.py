"""The settings of a running Ronda: from the environment, and refused when they are not safe."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from survey.database import driver_url, engine_options

ROOT: Final = Path(__file__).resolve().parent.parent
MEGABYTE: Final = 1024 * 1024
SECRET_LENGTH: Final = 32
DEMONSTRATION: Final = "demonstration.key"  # in RONDA_HOME: this home is a demonstration


class UnsafeSettings(RuntimeError):
    """The program does not start like this; the message says what to set."""


def home(environment: Mapping[str, str]) -> Path:
    """Where all files of this installation live (`RONDA_HOME`, default `instance/`)."""
    return Path(environment.get("RONDA_HOME") or ROOT / "instance").resolve()


def is_demonstration(environment: Mapping[str, str]) -> bool:
    """`RONDA_DEMO=1` says so; so does a home in which a demonstration was loaded, unless
    `SECRET_KEY` or `BASE_URL` say that this is the real thing."""
    if "RONDA_DEMO" in environment:
        return environment["RONDA_DEMO"] == "1"
    if environment.get("SECRET_KEY") or environment.get("BASE_URL"):
        return False
    return (home(environment) / DEMONSTRATION).exists()


def make_demonstration(directory: Path) -> None:
    """Make `directory` the home of a demonstration, with a key of its own that is kept."""
    path = directory / DEMONSTRATION
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), "ascii")


def settings(environment: Mapping[str, str] | None = None, *, serving: bool) -> dict[str, Any]:
    """The settings for Flask and its extensions.

    Raises:
        UnsafeSettings: `serving` outside a demonstration without `SECRET_KEY` and `BASE_URL`.
    """
    given = os.environ if environment is None else environment
    directory = home(given)
    directory.mkdir(parents=True, exist_ok=True)
    demonstration = is_demonstration(given)
    if serving and not demonstration:
        _refuse_unsafe(given)
    if demonstration:
        make_demonstration(directory)
    base_url = given.get("BASE_URL") or f"http://127.0.0.1:{given.get('PORT') or '8000'}"
    database = driver_url(given.get("DATABASE_URL") or f"sqlite:///{directory / 'ronda.sqlite'}")
    return {
        "RONDA_HOME": directory,
        "DEMONSTRATION": demonstration,
        "BASE_URL": base_url.rstrip("/"),
        "PROXY_HOPS": int(given.get("PROXY_HOPS") or "0"),
        "SECRET_KEY": _secret_key(given, directory, demonstration),
        "SECRET_KEY_FALLBACKS": given.get("SECRET_KEY_FALLBACKS", "").split(),
        "SQLALCHEMY_DATABASE_URI": database,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(database),
        "TRUSTED_HOSTS": _trusted_hosts(given, base_url, demonstration),
        **_limits(),
        **_cookies(base_url),
    }


def _refuse_unsafe(given: Mapping[str, str]) -> None:
    missing = [name for name in ("SECRET_KEY", "BASE_URL") if not given.get(name)]
    if missing:
        raise UnsafeSettings(
            f"Set {' and '.join(missing)} (deploy/README.md says how), "
            "or RONDA_DEMO=1 for a demonstration on this machine."
        )
    if len(given["SECRET_KEY"]) < SECRET_LENGTH:
        raise UnsafeSettings(f"SECRET_KEY needs at least {SECRET_LENGTH} characters.")
    address = urlsplit(given["BASE_URL"])
    if address.scheme not in ("http", "https") or not address.hostname:
        raise UnsafeSettings("BASE_URL is the address people type, as https://ronda.example.org")


def _secret_key(given: Mapping[str, str], directory: Path, demonstration: bool) -> str:
    if given.get("SECRET_KEY"):
        return given["SECRET_KEY"]
    if demonstration:
        return (directory / DEMONSTRATION).read_text("ascii")
    return secrets.token_urlsafe(48)  # a command: nobody signs in to it


def _trusted_hosts(given: Mapping[str, str], base_url: str, demonstration: bool) -> list[str]:
    hosts = [urlsplit(base_url).hostname or "", *given.get("TRUSTED_HOSTS", "").split()]
    return [*hosts, "127.0.0.1", "localhost"] if demonstration else hosts


def _limits() -> dict[str, Any]:
    return {
        "MAX_CONTENT_LENGTH": 20 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 4 * MEGABYTE,  # a page of long texts: 4,000 characters each
        "MAX_FORM_PARTS": 2000,
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the sign-in
        "WTF_CSRF_SSL_STRICT": True,
    }


def _cookies(base_url: str) -> dict[str, Any]:
    address = urlsplit(base_url)
    secure = address.scheme == "https"
    name = "__Host-ronda" if secure else f"ronda-{address.port or 80}"
    return {
        "SESSION_COOKIE_NAME": name,
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PREFERRED_URL_SCHEME": address.scheme,
    }
