"""Files that went out, were filled in another program, and came home."""

import warnings
from collections.abc import Mapping
from functools import cache
from io import BytesIO

import openpyxl
from openpyxl.comments import Comment
from openpyxl.workbook.workbook import Workbook

from survey.core.answers import parts_of
from survey.workbooks import layout
from survey.workbooks.child import read_apart
from survey.workbooks.plan import Plan, plan_of
from survey.workbooks.read import read_answers, read_token
from survey.workbooks.reading import Export
from tests.workbooks.books import TOKEN, book, written
from tests.workbooks.filled import WORDS


@cache
def written_file() -> bytes:
    return written()[0].getvalue()


def export_of(made) -> Export:
    return Export(
        index=made.index,
        sheets=layout.sheets(made.index, made.chosen, made.answers, made.language, made.token),
        base=made.answers,
        asked=made.state.asked,
        locale=made.locale,
        words=WORDS,
        token=made.token,
    )


def plan_of_file(content: bytes, made=None, here=None) -> Plan:
    """The plan of a file made from `made` (the small questionnaire and its answers)."""
    made = made or book()
    raw = read_apart(content)
    assert read_token(raw) == TOKEN
    base = parts_of(made.answers)
    now = base if here is None else parts_of(here)
    return plan_of(read_answers(raw, export_of(made)), base, now, made.index)


def opened_by_openpyxl(content: bytes) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it names what it does not keep: data bars
        return openpyxl.load_workbook(BytesIO(content))


def retyped(
    content: bytes, answers: Mapping[str, object], notes: Mapping[str, str] | None = None
) -> bytes:
    """The file after somebody typed into the answer cells of some rows, saved by openpyxl."""
    opened = opened_by_openpyxl(content)
    for sheet in [each for each in opened if each.sheet_state == "visible"]:
        for row in sheet.iter_rows(max_col=5):
            if row[0].value in answers:
                row[4].value = answers[row[0].value]
            if row[0].value in (notes or {}):
                row[4].comment = Comment(notes[row[0].value], "Ana")
    target = BytesIO()
    opened.save(target)
    return target.getvalue()
