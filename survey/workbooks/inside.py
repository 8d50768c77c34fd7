"""What runs in the process that reads a stranger's file: limits first, then the file, then words.

Started by `child.py` with the number of seconds and bytes it may take. The file comes on standard
input; what is in it, or why it is not read, leaves as JSON on standard output.
"""

import gc
import json
import os
import resource
import sys
from typing import Any

from survey.workbooks.contents import look_inside
from survey.workbooks.package import Refused


def limit(seconds: int, memory: int, written: int = 0, files: int = 0) -> None:
    """Takes from this process what a reader of one file does not need.

    Without a free descriptor it opens no file and no connection; what it holds already stays open.
    """
    os.nice(5)
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, files),
    ):
        resource.setrlimit(what, (most, most))


def answer(content: bytes) -> dict[str, Any]:
    """What is in the file, or `{"refused": code, "params": {}}`."""
    try:
        return look_inside(content)
    except Refused as refused:
        return {"refused": refused.code, "params": refused.params}
    except (MemoryError, RecursionError):
        return {"refused": "file_too_demanding", "params": {}}


def main() -> None:
    """Reads one file under the limits given as arguments."""
    gc.disable()  # nothing here goes round in circles, and the process is short
    limit(int(sys.argv[1]), int(sys.argv[2]))
    try:
        result = json.dumps(answer(sys.stdin.buffer.read())).encode()
    except MemoryError:
        result = b'{"refused": "file_too_demanding", "params": {}}'
    sys.stdout.buffer.write(result)
