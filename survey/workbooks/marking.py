"""What runs in the process that writes notes into a stranger's file; started by `marks.py`."""

import json
import sys
import warnings
from io import BytesIO
from typing import Final

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.workbook.workbook import Workbook

from survey.workbooks.contents import look_inside
from survey.workbooks.inside import limit
from survey.workbooks.package import INFLATED, Refused

FILES: Final = 32  # openpyxl writes each sheet to a temporary file first
AUTHOR: Final = "Ronda"
WIDTH: Final = 320  # pixels
LINE: Final = 20
LETTERS_A_LINE: Final = 44


def marked(content: bytes, notes: list[tuple[str, str, str]]) -> bytes:
    """The file with these notes (sheet, cell, text); a note that is there keeps its text."""
    look_inside(content, keeps=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names what it cannot keep
        book = openpyxl.load_workbook(BytesIO(content))
        for sheet, place, text in notes:
            _note(book, sheet, place, text)
        target = BytesIO()
        book.save(target)
    return target.getvalue()


def _note(book: Workbook, sheet: str, place: str, text: str) -> None:
    if sheet not in book.sheetnames:
        return
    cell = book[sheet][place]
    if isinstance(cell, MergedCell):
        return
    if cell.comment is not None:
        text = f"{cell.comment.text}\n\n{text}"
    lines = sum(1 + len(line) // LETTERS_A_LINE for line in text.splitlines())
    cell.comment = Comment(text, AUTHOR, height=LINE * (lines + 1), width=WIDTH)


def main() -> None:
    """Reads the notes and the file, writes the file with the notes."""
    limit(int(sys.argv[1]), int(sys.argv[2]), written=INFLATED, files=FILES)
    size = int.from_bytes(sys.stdin.buffer.read(8), "big")
    notes = json.loads(sys.stdin.buffer.read(size))
    try:
        result = marked(sys.stdin.buffer.read(), notes)
    except Refused as refused:
        result = json.dumps({"refused": refused.code, "params": refused.params}).encode()
    except MemoryError:
        result = b'{"refused": "file_too_demanding", "params": {}}'
    sys.stdout.buffer.write(result)
