"""One thing wrong with an input: a code, where, parameters; words come later, at the edge."""

from collections.abc import Mapping
from enum import StrEnum

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
