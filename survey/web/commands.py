"""How every command speaks: messages on stderr, data on stdout, exit status 0, 1 or 2."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import click
import msgspec
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError

from survey.core.problems import Refused
from survey.web.messages import words_of

P = ParamSpec("P")
R = TypeVar("R")

PROBLEMS_FOUND = 1

json_option = click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")


def tells_refusals(command: Callable[P, R]) -> Callable[P, R]:
    """Say on stderr why a rule refused, and exit with 1; stands outside `@writes`."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Refused as refused:
            say(words_of(refused))
            for problem in refused.problems:
                say(f"{problem.where}: {words_of(problem)}" if problem.where else words_of(problem))
            raise SystemExit(PROBLEMS_FOUND) from None
        except DBAPIError as error:
            if not lacks_tables(error):
                raise
            say(gettext("The database is not up to date. Run: flask db upgrade"))
            raise SystemExit(PROBLEMS_FOUND) from None

    return told


def lacks_tables(error: DBAPIError) -> bool:
    """Whether the database was never migrated, or not far enough."""
    state = getattr(error.orig, "sqlstate", "")
    return state in ("42P01", "42703") or str(error.orig).startswith(
        ("no such table", "no such col")
    )


def say(message: str) -> None:
    """A message for the person at the terminal."""
    click.echo(message, err=True)


def emit(result: Any) -> None:
    """The result as one JSON document on stdout."""
    click.echo(msgspec.json.format(msgspec.json.encode(result), indent=2).decode())
