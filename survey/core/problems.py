"""One thing wrong with an input: a code, where, parameters; words come later, at the edge."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

import msgspec

Param = str | int | tuple[str, ...] | Mapping[str, str]


class Severity(StrEnum):
    """`domain.md` 0.3: an error blocks submission, never saving; a warning may be explained and
    kept; an information is a lead for the panel."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """`code` names the words, `where` the place (a field, question, section or item code).

    `row` is the row of a roster, empty elsewhere. `text` is set when the words come from the
    questionnaire itself (the message of a check): language -> string.
    """

    code: str
    where: str = ""
    row: str = ""
    params: Mapping[str, Param] = {}
    severity: Severity = Severity.ERROR
    text: Mapping[str, str] = {}


class Refused(Exception):
    """A rule says no to a deed; a subclass names the fact and has the `code` of its words.

    `params` fill the words; `problems` say more when several things are wrong.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, *problems: Problem, **params: Param) -> None:
        super().__init__(self.code, params, problems)
        self.problems = problems
        self.params: Mapping[str, Param] = params
