"""Workbooks written for tests."""

import gettext
import io
from datetime import UTC, date, datetime

from survey.core.program import Program
from survey.core.state import state_of
from survey.core.types import Locale, NumberFormat
from survey.workbooks.book import Book
from survey.workbooks.write import write_workbook
from tests.workbooks.instruments import ANSWERS, EVERY_TYPE

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TOKEN = "8d41c07e5b2f4aa09e637c1db5f28a90"


def book(instrument=EVERY_TYPE, answers=ANSWERS, **more):
    program = Program(instrument)
    given = {
        "sections": (),
        "language": "es",
        "country": "Honduras",
        "round_title": "Ronda 2026",
        "people": ("Ana Mejía, Secretaría de Transparencia", "ana.mejia@ejemplo.hn"),
        "token": TOKEN,
        "sha256": "5f0c" * 16,
        "made_on": date(2026, 11, 23),
        "words": gettext.NullTranslations(),
        "locale": Locale(more.get("language", "es"), NumberFormat(".", ",")),
        **more,
    }
    state = state_of(program, answers, NOW)
    return Book(program=program, answers=answers, state=state, **given)


def written(**more):
    target = io.BytesIO()
    cells = write_workbook(target, book(**more))
    target.seek(0)
    return target, cells
