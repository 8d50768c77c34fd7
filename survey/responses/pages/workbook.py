"""The page of workbooks as plain values: what can be downloaded, what came home, what became of
it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from survey.core.answers import Part
from survey.responses.board import Board
from survey.responses.imports import fate_of, taken
from survey.responses.latest import People
from survey.responses.models import Response, WorkbookImport
from survey.responses.pages.conflicts import part_title
from survey.responses.pages.fields import Sheet, Shown
from survey.responses.pages.questions import mark_of
from survey.web.languages import LANGUAGES
from survey.web.reading import Reader
from survey.workbooks.names import number_of_section


def workbook_shown(
    reader: Reader,
    response: Response,
    imports: Iterable[WorkbookImport],
    form: MultiDict[str, str],
) -> Shown:
    """The page as `responses/workbook.html` takes it; `form`: what was chosen, if it is shown
    again."""
    index = response.program.index
    sections = [
        (section.code, f"{number_of_section(section)}. {reader.say(section.title)}")
        for section in index.sections.values()
    ]
    chosen = form.getlist("sections") if "language" in form else [code for code, _t in sections]
    return {
        "languages": [(code, LANGUAGES[code]) for code in index.instrument.languages],
        "language": form.get("language") or reader.content,
        "sections": sections,
        "chosen": chosen,
        "imports": [_import(reader, each) for each in imports],
    }


def contact_lines(people: People) -> list[str]:
    """Whom a workbook names to ask, a line each."""
    everybody = [*people.liaisons, *([people.coordinator] if people.coordinator else [])]
    return [" · ".join(filter(None, (p.name, p.email, p.phone))) for p in everybody]


def _import(reader: Reader, received: WorkbookImport) -> Shown:
    kind, words = fate_words(received)
    return {
        "file": received.file_name,
        "who": received.receiver.name,
        "when": reader.moment(received.received_at),
        "state": (kind, words),
        "url": url_for("responses.plan", response_id=received.response_id, import_id=received.id),
    }


def fate_words(received: WorkbookImport) -> tuple[str, str]:
    """The kind and the words of what became of a workbook."""
    count = taken(received)
    return {
        "waiting": ("attention", str(_("waits for you"))),
        "nothing_new": ("plain", str(_("brought nothing new"))),
        "undone": ("notasked", str(_("undone"))),
        "applied": (
            "saved",
            str(ngettext("%(num)d value added", "%(num)d values added", count)),
        ),
    }[fate_of(received)]


def done_shown(
    reader: Reader, board: Board, received: WorkbookImport, left: Sequence[Mapping[str, Any]]
) -> Shown:
    """What became of a workbook, as `responses/plan_done.html` takes it."""
    fate = fate_of(received)
    return {
        "fate": fate,
        "sentence": _sentence(received),
        "left": [_left(reader, board, item) for item in left] if fate == "applied" else [],
        "can_undo": fate == "applied" and taken(received) > 0,
    }


def _sentence(received: WorkbookImport) -> str:
    count = taken(received)
    fate = fate_of(received)
    if fate == "applied" and count:
        words = ngettext(
            "%(num)d value of this workbook is in the questionnaire now.",
            "%(num)d values of this workbook are in the questionnaire now.",
            count,
        )
        return str(words)
    return {
        "applied": str(_("Nothing of this workbook changed the answers.")),
        "undone": str(_("What this workbook brought was undone, as one step.")),
    }.get(fate, str(_("The answers were submitted before this workbook was added.")))


def _left(reader: Reader, board: Board, item: Mapping[str, Any]) -> Shown:
    question = board.index.answerable.get(item["code"])
    part = Part(item["code"], item["row"], item["part"])
    is_whole = part == (part.question, "", part.question)
    cell = f"{item['sheet']}!{item['cell']}" if item["cell"] else item["sheet"]
    if question is None:
        return {"mark": item["code"], "title": "", "detail": "", "cell": cell}
    return {
        "mark": mark_of(question),
        "title": reader.marked(question.title or question.stem),
        "detail": "" if is_whole else part_title(Sheet(reader, board), part),
        "cell": cell,
    }
