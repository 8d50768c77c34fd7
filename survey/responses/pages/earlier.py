"""What was answered earlier, as a quiet box at the question that waits for its answer."""

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from survey.core.answers import Answer, Stored
from survey.core.instrument import CHOICE_KINDS, NUMBER_KINDS, TEXT_KINDS, Field, Question, Text
from survey.responses.earlier import Offer, is_free
from survey.responses.pages.fields import Sheet, Shown, part_shown
from survey.web.reading import Reader

Line = list[tuple[str, str]]  # label, "" for the answer itself; value

_LONG: Final = 400  # letters, from which on it is one click away
_MANY: Final = 4  # rows likewise


def earlier_shown(sheet: Sheet, question: Question, offer: Offer) -> Shown:
    """The box of an offer, as `responses/question.html` takes it; `is_free`: it is to be seen."""
    if not is_free(sheet.board, question.code):
        return {"code": question.code, "is_free": False}
    answer, sealed = offer.carried.answer, offer.sealed
    fields, rows = list(_fields(sheet, question, answer)), list(_rows(sheet, question, answer))
    length = sum(len(each) for line in (fields, *rows) for _, each in line)
    return {
        "code": question.code,
        "is_free": True,
        "value": f"{question.code}/{sealed.id}",
        "fields": fields,
        "rows": rows,
        "is_short": [label for label, _ in fields] == [""] and not rows,
        "is_long": length > _LONG or len(rows) > _MANY,
        "day": sheet.reader.day(sealed.at.astimezone(sheet.reader.zone).date()),
        "office": sealed.office,
        "questionnaire": _title(sheet.reader, sealed.index.instrument.title),
        "year": sealed.year,
        "mark": offer.carried.source.number or offer.carried.source.code,
    }


def _fields(sheet: Sheet, question: Question, answer: Answer) -> Iterator[tuple[str, str]]:
    for field in question.fields:
        if field.code in answer.fields:
            label = sheet.reader.marked(field.label) if field is not question.primary else ""
            yield label, _value(sheet, field, answer.fields[field.code])


def _rows(sheet: Sheet, question: Question, answer: Answer) -> Iterator[Line]:
    """The cells of each row that are filled; a fixed row begins with its label."""
    labels = {row.code: row.label for row in sheet.board.index.fixed_rows(question)}
    for row in answer.rows:
        cells = [
            (sheet.reader.marked(column.label), _value(sheet, column, row.fields[column.code]))
            for column in question.shown_columns
            if column.code in row.fields
        ]
        if row.id in labels:
            cells.insert(0, ("", sheet.reader.marked(labels[row.id])))
        yield cells


def _value(sheet: Sheet, field: Field, stored: Stored) -> str:
    """A value with its unit, marked with its language when that is not the page's."""
    shown, reader = part_shown(sheet, field, stored), sheet.reader
    if field.type in TEXT_KINDS:
        return _marked(shown, stored["lang"] if stored["lang"] != reader.page else "")
    if field.type in CHOICE_KINDS:
        return _marked(shown, reader.lang)
    unit = reader.say(field.unit) if field.type in NUMBER_KINDS else ""
    return f"{shown} {unit.removeprefix('%').strip()}".strip()


def _title(reader: Reader, title: Text) -> str:
    """The title of a questionnaire that may not be in the language of the page."""
    language = reader.page if title.get(reader.page) else next(iter(title), "")
    return _marked(title.get(language, ""), language if language != reader.page else "")


def _marked(words: str, language: str) -> str:
    return Markup('<span lang="{}">{}</span>').format(language, words) if language else words
