"""Refuses, before anything believes it, a file that is no honest workbook."""

from pathlib import Path

from survey.core.problems import Problem
from survey.workbooks.contents import look_inside
from survey.workbooks.package import Refused, look_outside
from survey.workbooks.raw import Unreadable


def check(file: bytes | Path) -> None:
    """Looks at every part of a file, streamed, and returns nothing when all is well.

    Meant for the process of `child.read_apart`; elsewhere only for files of known origin.

    Raises:
        Unreadable: it is no .xlsx, damaged, encrypted, hostile or beyond the limits.
    """
    try:
        look_inside(file.read_bytes() if isinstance(file, Path) else file, keeps=False)
    except Refused as refused:
        raise unreadable(refused) from None


def check_outside(content: bytes) -> None:
    """The part of `check` that opens nothing: size and first bytes.

    Raises:
        Unreadable: see `check`.
    """
    try:
        look_outside(content)
    except Refused as refused:
        raise unreadable(refused) from None


def unreadable(refused: Refused) -> Unreadable:
    """A refusal as a problem with a code and parameters."""
    return Unreadable(Problem(code=refused.code, params=refused.params))
