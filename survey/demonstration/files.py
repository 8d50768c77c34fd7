"""The files of the demonstration, as their authors write them: every value as a person types it.

A folder for each topic: `people.yaml`, and the answers of a round under the name of the round.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import yaml

from survey.core.instrument import Names, Text
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
    """The questionnaire on a topic."""

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
    """`countries`: code -> names; `names`: code -> how it calls its institutions."""

    countries: dict[str, Text]
    names: dict[str, Names] = {}
    people: list[Human]
    submitted_people: list[Human] = []
    questionnaire: Composition
    rounds: dict[str, Opened]

    @property
    def everybody(self) -> list[Human]:
        """In the order of the file."""
        return [*self.people, *self.submitted_people]


Words = str | list[str]  # several for a question with several choices


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is typed as one answer.

    `fields` and the cells of `rows` are named without the code of their question; `rows` are a
    list, or a mapping of the codes of fixed rows. `documents` are numbers; `explanations`: what
    follows the code of the question in that of the check -> text.
    """

    value: Words = ""
    fields: dict[str, Words] = {}
    rows: list[dict[str, Words]] | dict[str, dict[str, Words]] = []
    non_answer: str = ""
    reason: str = ""
    remark: str = ""
    visibility: str = ""
    documents: list[str] = []
    explanations: dict[str, str] = {}


class Typed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One page saved by somebody. `documents`: number -> column -> text.

    `opened`: when the page was opened, if somebody else saved before it was.
    """

    by: str
    at: datetime
    opened: datetime | None = None
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


@cache
def cast(topic: str) -> Cast:
    """The people, countries, rounds and the questionnaire of a topic."""
    return _read(FOLDER / topic / "people.yaml", Cast)


@cache
def story(topic: str, name: str) -> Story | None:
    """What was answered in the round of this name; None: nothing yet."""
    path = FOLDER / topic / f"{name}.yaml"
    return _read(path, Story) if path.exists() else None


def _read(path: Path, kind: type[_Struct]) -> _Struct:
    # Every scalar is text: `yes` is a choice and `3` a level, not a boolean and a number.
    raw = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts
    return msgspec.convert(raw, kind, strict=False)
