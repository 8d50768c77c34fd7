"""The rounds of a panel and how far their answers have come: counts, never contents."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from survey.core.policy import Act, Viewer, may
from survey.core.state import Progress
from survey.responses.board import Board, board_of
from survey.responses.models import Response
from survey.responses.service import situation_of
from survey.web.languages import in_language
from survey.web.reading import Reader
from survey.workbooks.names import number_of_section

Shown = dict[str, Any]


def rounds_shown(
    session: Session,
    reader: Reader,
    viewer: Viewer,
    responses: Iterable[Response],
    now: datetime,
) -> list[Shown]:
    """The rounds of the viewer: what can be read, and what was not submitted yet."""
    return [_round(session, reader, viewer, response, now) for response in responses]


def _round(
    session: Session, reader: Reader, viewer: Viewer, response: Response, now: datetime
) -> Shown:
    situation = situation_of(response)
    shown: Shown = {
        "title": in_language(response.round.title),
        "url": "",
        "link": "",
        "state": ("open", str(_("Not submitted yet"))),
        "line": "",
    }
    if may(viewer, Act.READ_FRAME, situation) and response.submitted_at:
        day = reader.day(response.submitted_at.astimezone(reader.zone).date())
        url = url_for("panel.first", round_id=response.round_id)
        words = str(_("Submitted on %(day)s", day=day))
        link = str(_("Read the frame of reference"))
        return shown | {"url": url, "link": link, "state": ("saved", words)}
    if may(viewer, Act.SEE_PROGRESS, situation):
        board = board_of(session, response, response.owner_id, now)
        url = url_for("panel.progress", round_id=response.round_id)
        line = settled_words(board.state.total)
        return shown | {"url": url, "link": str(_("See the progress")), "line": line}
    return shown


def settled_words(progress: Progress) -> str:
    """How many questions need nothing more."""
    return str(
        ngettext(
            "%(settled)s of %(num)d question answered",
            "%(settled)s of %(num)d questions answered",
            progress.asked,
            settled=progress.settled,
        )
    )


def progress_shown(reader: Reader, board: Board) -> Shown:
    """Counts by section of an open response."""
    total = board.state.total
    return {
        "title": reader.marked(board.index.instrument.title),
        "total": settled_words(total),
        "share": (total.settled, total.not_asked, total.asked + total.not_asked),
        "sections": [
            (
                f"{number_of_section(section)}. {reader.say(section.title)}",
                _counts(board.state.progress[section.code]),
            )
            for section in board.index.instrument.sections
        ],
        "lang": reader.lang,
    }


def _counts(progress: Progress) -> tuple[str, int, int, int]:
    answered = str(_("%(part)s of %(all)s", part=progress.settled, all=progress.asked))
    return answered, progress.started, progress.left - progress.started, progress.not_asked
