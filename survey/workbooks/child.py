"""Strangers' files are read in a process of their own, with little memory, time and no more."""

import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import msgspec

from survey.core.problems import Problem
from survey.workbooks.guard import check_outside
from survey.workbooks.raw import RawBook, Unreadable

SECONDS: Final = 20
MEMORY: Final = 512 * 1024 * 1024
AT_ONCE: Final = threading.BoundedSemaphore(2)
ROOT: Final = str(Path(__file__).resolve().parents[2])
LOG: Final = logging.getLogger(__name__)


class _Refusal(msgspec.Struct):
    refused: str
    params: dict[str, str | int] = {}


def read_apart(content: bytes, timeout: int = SECONDS, memory: int = MEMORY) -> RawBook:
    """What is in a file, read by a process that has `timeout` seconds and `memory` bytes.

    Raises:
        Unreadable: the file is no .xlsx, damaged, encrypted, hostile or beyond the limits.
    """
    check_outside(content)
    output = run("inside", content, timeout, memory)
    return msgspec.json.decode(accepted(output), type=RawBook)


def run(
    module: str, content: bytes, timeout: int, memory: int, *, libraries: bool = False
) -> bytes:
    """What the process `survey.workbooks.<module>` says about a file.

    `libraries`: whether it needs more than Python's own, which starts faster.

    Raises:
        Unreadable: the process took too much, or died of the file.
    """
    load = f"from survey.workbooks.{module} import main"
    program = f"import sys; sys.path.insert(0, {ROOT!r})\n{load}\nmain()"
    flags = ["-I"] if libraries else ["-I", "-S"]
    command = [sys.executable, *flags, "-c", program, str(timeout), str(memory)]
    with AT_ONCE:
        try:
            done = subprocess.run(  # noqa: S603 -- our own interpreter and module, no shell
                command, input=content, capture_output=True, timeout=timeout, env={}, check=False
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(Problem(code="file_too_demanding")) from None
    if done.returncode:
        LOG.warning("reader of a workbook ended with %s", done.returncode)
        LOG.debug("%s", done.stderr[-2000:])  # may quote the file
        ended = done.returncode < 0  # by the system, for taking too much
        raise Unreadable(Problem(code="file_too_demanding" if ended else "file_damaged"))
    return done.stdout


def accepted(output: bytes) -> bytes:
    """The output of a process that read the file.

    Raises:
        Unreadable: it says that it did not.
    """
    if output.startswith(b'{"refused"'):
        refusal = msgspec.json.decode(output, type=_Refusal)
        raise Unreadable(Problem(code=refusal.refused, params=dict(refusal.params)))
    return output
