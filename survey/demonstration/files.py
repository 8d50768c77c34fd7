"""The files of the demonstration, as their authors write them: every value as a person types it."""

from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import yaml

from survey.core.instrument import Text
from survey.core.policy import Role

FOLDER: Final = Path(__file__).parent
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class Human(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who takes part. `rounds`: names of the rounds that their role is held in."""

    role: Role
    email: str
    name: str
    office: str
    phone: str
    language: str
    country: str = ""
    rounds: list[str] = []


class Composition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The questionnaire of the demonstration."""

    banks: list[str]
    languages: list[str]
    title: Text
    introduction: Text
    due: str
    published_at: datetime


class Opened(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A round and when its questionnaire was issued."""

    country: str
    year: int
    title: Text
    issued_at: datetime


class Cast(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`countries`: code -> names; `rounds`: name -> round."""

    countries: dict[str, Text]
    people: list[Human]
    submitted_people: list[Human]
    questionnaire: Composition
    rounds: dict[str, Opened]


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is typed as one answer.

    `fields` and the cells of `rows` are named without the code of their question; `rows` are a
    list, or a mapping of the codes of fixed rows. `documents` are numbers; `explanations`: what
    follows the code of the question in that of the check -> text.
    """

    value: str | list[str] = ""
    fields: dict[str, str] = {}
    rows: list[dict[str, str]] | dict[str, dict[str, str]] = []
    non_answer: str = ""
    reason: str = ""
    remark: str = ""
    visibility: str = ""
    documents: list[str] = []
    explanations: dict[str, str] = {}


class Typed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One page saved by somebody. `documents`: number -> column -> text."""

    by: str
    at: datetime
    on_behalf: dict[str, str] | None = None
    documents: dict[str, dict[str, str]] = {}
    answers: dict[str, Given] = {}


class Signed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who submitted, and when."""

    by: str
    at: datetime


class Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a response was answered, in order, and submitted if it was."""

    acts: list[Typed]
    submitted: Signed | None = None


def cast() -> Cast:
    """The people, countries, rounds and the questionnaire."""
    return _read("people", Cast)


def story(name: str) -> Story:
    """What was answered in the round of this name."""
    return _read(name, Story)


def _read(name: str, kind: type[_Struct]) -> _Struct:
    text = (FOLDER / f"{name}.yaml").read_text("utf-8")
    # Every scalar is text: `yes` is a choice and `3` a level, not a boolean and a number.
    raw = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts only
    return msgspec.convert(raw, kind, strict=False)
