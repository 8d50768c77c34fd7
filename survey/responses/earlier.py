"""Earlier answers to the same questions: offered for confirmation, taken by a button alone."""

from collections.abc import Iterable

import msgspec
from sqlalchemy.orm import Session

from survey.core.answers import EMPTY, parts_of
from survey.core.earlier import Carried, carried
from survey.core.instrument import Question
from survey.core.policy import Act as Deed
from survey.core.policy import Viewer, may
from survey.core.state import Status
from survey.responses.board import Board, board_of
from survey.responses.ledger import Act, lock
from survey.responses.models import Response
from survey.responses.sealed import Sealed, contents
from survey.responses.service import Saved, is_repeated, save


class Offer(msgspec.Struct, frozen=True):
    """An earlier answer to a question, and the submission it stands in."""

    sealed: Sealed
    carried: Carried


def offers(
    session: Session,
    viewer: Viewer,
    response: Response,
    board: Board,
    questions: Iterable[Question],
) -> dict[str, Offer]:
    """Question code -> what its country answered last to the same question, if it has a value.

    Only from submissions that the viewer may read; no statement when there are none.
    """
    if not response.earlier or not response.is_open:
        return {}
    known = contents(session, response.earlier)
    readable = [s for s in known if may(viewer, Deed.READ_SUBMISSION, s.situation)]
    found = ((question.code, _offer(readable, board, question)) for question in questions)
    return {code: offer for code, offer in found if offer}


def _offer(known: Iterable[Sealed], board: Board, question: Question) -> Offer | None:
    """The latest answer decides: when it is a non-answer, no older one is dug out."""
    for sealed in known:
        found = carried(sealed.index, sealed.answers, board.index, question)
        if found:
            return Offer(sealed, found) if found.has_value else None
    return None


def is_free(board: Board, code: str) -> bool:
    """Whether a question waits for its answer: it is asked and nothing is said to it."""
    answer, state = board.answers.get(code, EMPTY), board.state.questions[code]
    said = answer.fields or answer.rows or answer.non_answer
    return state.is_asked and state.status is Status.UNANSWERED and not said


def take(
    session: Session, viewer: Viewer, response: Response, pressed: str, act: Act
) -> Saved | None:
    """Save an offered answer as a change of its own; `pressed`: `<question>/<submission>`.

    None: nothing was taken, for the question has an answer by now or this was not on offer.

    Raises:
        ResponseClosed: it was submitted in the meantime.
    """
    lock(session, response)
    board = board_of(session, response, response.owner_id, act.at)
    if is_repeated(session, response, act):
        return Saved(seq=board.seq, board=board)
    code, _, submission = pressed.partition("/")
    question = board.index.questions.get(code)
    if question is None or not is_free(board, code):
        return None
    offer = offers(session, viewer, response, board, [question]).get(code)
    if offer is None or offer.sealed.id != submission:
        return None
    parts = parts_of({code: offer.carried.answer})
    return save(session, response, response.owner_id, board.seq, parts, act)
