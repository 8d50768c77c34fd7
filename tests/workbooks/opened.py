"""Written workbooks opened by openpyxl, and worked out again by LibreOffice."""

import subprocess
import warnings
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.workbook.workbook import Workbook


def opened(content: bytes | BytesIO | Path, *, values: bool = False) -> Workbook:
    """The workbook; with `values`, the values kept in its formula cells."""
    source = BytesIO(content) if isinstance(content, bytes) else content
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(source, data_only=values)


def recalculated(book: Workbook, folder: Path, name: str = "book.xlsx") -> Workbook:
    """The same workbook after LibreOffice worked out every formula: openpyxl keeps no values."""
    path = folder / name
    book.save(path)
    out = folder / "out"
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    to = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)]
    subprocess.run([*command, *to], check=True, capture_output=True, timeout=180)
    return opened(out / name, values=True)


def row_of(sheet, code: str) -> int:
    """The row with this code in the hidden column A."""
    return next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == code)


def formulas(book: Workbook):
    """Every formula: sheet, cell, text."""
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, cell.value


def calc(book: Workbook) -> dict[str, dict[str, object]]:
    """Code -> what calc says of it: the columns that are worked out."""
    sheet = book["calc"]
    names = [cell.value for cell in sheet[1]]
    keep = ("raw", "asked", "value", "done", "state", "filled", "missing", "look", "review")
    found = {}
    for row in sheet.iter_rows(min_row=2, values_only=True):
        line = dict(zip(names, row, strict=True))
        found[line["code"]] = {k: _rounded(line[k]) for k in keep}
    return found


def _rounded(value: object) -> object:
    return (
        round(value, 9) if isinstance(value, float) else value or ("" if value is None else value)
    )
