"""From source text to tokens."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from survey.core.problems import Param, Problem

_NAME = r"[^\W\d][\w.\-]*"
_TOKEN: Final = re.compile(
    rf"""
    (?P<space>\s+)
    | (?P<reference>\$\{{\s*{_NAME}\s*\}})
    | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    | (?P<text>'(?:[^']|'')*' | "(?:[^"]|"")*" | [‘’][^'‘’]*['‘’] | [“”][^"“”]*["“”])
    | (?P<name>{_NAME}(?::{_NAME})?)
    | (?P<foreign>={{2,3}} | !== | &&? | \|\|? | <> | / | % | !(?!=))
    | (?P<operator>!= | <= | >= | [=<>+\-*(),])
    | (?P<dots>\.\.?)
    """,
    re.VERBOSE,
)
_INSTEAD: Final = {
    "==": "=",
    "===": "=",
    "!==": "!=",
    "<>": "!=",
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "/": "div",
    "%": "mod",
    "!": "not()",
}
_DOLLAR: Final = re.compile(rf"\$({_NAME})")
_BROKEN: Final = (
    ("${last-saved#", "expression_last_saved"),
    ("${", "expression_unclosed_reference"),
    ("'", "expression_unclosed_text"),
    ('"', "expression_unclosed_text"),
    ("‘", "expression_unclosed_text"),
    ("“", "expression_unclosed_text"),
)


class ExpressionError(ValueError):
    """The source is no expression; `problem` says why, `position` counted from 0."""

    def __init__(self, code: str, position: int, **params: Param) -> None:
        self.problem = Problem(code=code, params={"position": position, **params})
        super().__init__(code)


class Token(NamedTuple):
    """`kind` is reference, number, text, name, operator, dots or end; `text` without quotes."""

    kind: str
    text: str
    at: int


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a source, the last one of kind end; curly quotes count as straight ones.

    Raises:
        ExpressionError: a character or an unfinished text stands where no token can.
    """
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if not found:
            raise _no_token(source, at)
        kind = found.lastgroup or ""
        if kind == "foreign":
            raise ExpressionError(
                "expression_c_operator", at, found=found[0], instead=_INSTEAD[found[0]]
            )
        if kind != "space":
            yield Token(kind, _bare(kind, found[0]), at)
        at = found.end()
    yield Token("end", "", at)


def _bare(kind: str, text: str) -> str:
    if kind == "reference":
        return text[2:-1].strip()
    if kind == "text":
        quote = text[0]
        inner = text[1:-1]
        inner = inner.replace(quote * 2, quote) if quote in "'\"" else inner
        return unicodedata.normalize("NFC", inner)
    return text


def _no_token(source: str, at: int) -> ExpressionError:
    dollar = _DOLLAR.match(source, at)
    if dollar:
        return ExpressionError(
            "expression_bare_reference", at, found=dollar[0], instead=f"${{{dollar[1]}}}"
        )
    for start, code in _BROKEN:
        if source.startswith(start, at):
            return ExpressionError(code, at)
    return ExpressionError("expression_syntax", at, found=source[at])
