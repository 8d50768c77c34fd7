"""Submitting: the page before the signature, the signature, the receipt."""

from typing import Final
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.core import types
from survey.core.answers import EMPTY, EXPLAINS, Part, Stored
from survey.core.instrument import Field
from survey.core.policy import Act as Deed
from survey.core.problems import Problem
from survey.database import db, new_id, now, writes
from survey.responses import service
from survey.responses.board import Board, board_of
from survey.responses.latest import authors_in, people_of
from survey.responses.ledger import ResponseClosed, events_after, lock, part_of
from survey.responses.models import Response
from survey.responses.pages.submit import (
    changes_shown,
    explainable,
    receipt_shown,
    review_shown,
)
from survey.responses.shared import act_of_this_page, page_of, readable, writable
from survey.responses.submission import (
    ChangedSinceShown,
    NotReady,
    document_of,
    review,
    submission_of,
)
from survey.responses.submission import submit as seal_and_close
from survey.responses.typed import Form
from survey.web.access import needs
from survey.web.messages import words_of
from survey.web.reading import reader_of

_LONGEST: Final = 200  # of a name or an office

Parts = dict[Part, Stored | None]


@needs(Deed.SUBMIT)
def submit(response_id: UUID) -> ResponseReturnValue:
    response = writable(response_id, Deed.SUBMIT) or abort(404)
    if not response.is_open:
        return _to("receipt", response)
    return _page(response)


@needs(Deed.SUBMIT)
@writes
def sign(response_id: UUID) -> ResponseReturnValue:
    response, session = writable(response_id, Deed.SUBMIT) or abort(404), db.session()
    if not response.is_open:
        return _again(response)
    board = board_of(session, response, response.owner_id, now())
    form = request.form.to_dict(flat=False)
    parts, problems = _explanations(board, form)
    signs = request.form.get("do") != "explain"
    if signs:
        problems += _signature_problems()
    if problems:
        return _page(response, form, problems), 422
    return _sign(response, form, parts) if signs else _explain(response, parts)


def _again(response: Response) -> ResponseReturnValue:
    """The same signature once more leads to its receipt; another one comes too late."""
    submission = submission_of(db.session(), response)
    is_same = submission is not None and submission.signed_by == g.me.id
    if is_same and request.form.get("do") != "explain":
        return _to("receipt", response)
    raise ResponseClosed()


def _explain(response: Response, parts: Parts) -> ResponseReturnValue:
    seq = min(_shown_seq(), response.seq)
    act = act_of_this_page()
    saved = service.save(db.session(), response, response.owner_id, seq, parts, act)
    if saved.conflicts:
        flash(_("Somebody else explained the same: two versions wait for a choice."), "attention")
    else:
        flash(_("Saved."), "success")
    return _to("submit", response)


def _sign(response: Response, form: Form, parts: Parts) -> ResponseReturnValue:
    session, act = db.session(), act_of_this_page()
    lock(session, response)
    try:
        if _shown_seq() != response.seq:
            raise ChangedSinceShown()
        if parts:
            service.save(session, response, response.owner_id, response.seq, parts, act)
        seal_and_close(
            session,
            response,
            g.me.id,
            request.form["signatory"],
            request.form.get("office", ""),
            act.at,
            response.seq,
        )
    except ChangedSinceShown as refused:
        return _page(response, form, refused=words_of(refused), since=_shown_seq()), 409
    except NotReady as refused:
        return _page(response, form, refused=words_of(refused)), 409
    return _to("receipt", response)


def _to(name: str, response: Response) -> ResponseReturnValue:
    return redirect(url_for(f"responses.{name}", response_id=response.id), 303)


def _shown_seq() -> int:
    """The state the page showed; -1 for one that never was."""
    given = request.form.get("shown_seq", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def _signature_problems() -> list[Problem]:
    found = []
    name, office = request.form.get("signatory", ""), request.form.get("office", "")
    if not name.strip():
        found.append(Problem(code="signature_missing", where="signatory"))
    for where, text in (("signatory", name), ("office", office)):
        if len(text) > _LONGEST:
            params = {"length": len(text), "max": _LONGEST}
            found.append(Problem(code="too_long", where=where, params=params))
    if "confirm" not in request.form:
        found.append(Problem(code="confirmation_missing", where="confirm"))
    return found


def _explanations(board: Board, form: Form) -> tuple[Parts, list[Problem]]:
    """The explanations of warnings that are not as they stand, and what is wrong with some."""
    parts: Parts = {}
    problems = []
    locale = reader_of(board.index.instrument).locale
    for check, question in explainable(board).items():
        name = f"{check}.explanation"
        if name not in form:
            continue
        field = Field(code=name, type="long_text")
        value = types.of(field).parse(field, (), form[name][-1], locale)
        known = board.answers.get(question, EMPTY).explanations.get(check)
        if isinstance(value, Problem):
            problems.append(value)
        elif (value or {}).get("text") != (known or {}).get("text"):
            parts[Part(question, "", EXPLAINS + check)] = value
    return parts, problems


def _page(
    response: Response,
    form: Form | None = None,
    problems: list[Problem] | None = None,
    refused: str = "",
    since: int | None = None,
) -> str:
    session = db.session()
    board = board_of(session, response, response.owner_id, now())
    reader = reader_of(board.index.instrument)
    typed = form or {}
    changed = []
    if since is not None:
        events = events_after(session, response.id, response.owner_id, max(since, 0))
        parts = dict.fromkeys(map(part_of, events))
        codes = {part.question for part in parts}
        authors = authors_in(session, response, response.owner_id, codes)
        changed = changes_shown(reader, response, board, parts, authors)
    return render_template(
        "responses/submit.html",
        shown=review_shown(reader, response, board, review(session, response, board), typed),
        changed=changed,
        refused=refused,
        problems=[(words_of(problem), f"#{problem.where}") for problem in problems or ()],
        errors={problem.where: words_of(problem) for problem in problems or ()},
        signatory="".join(typed.get("signatory", [g.me.name])),
        office="".join(typed.get("office", [g.me.office])),
        seq=board.seq,
        idem=new_id().hex,
        **page_of(response, reader, people_of(session, response)),
    )


@needs(Deed.READ_SUBMISSION)
def receipt(response_id: UUID) -> ResponseReturnValue:
    response, session = readable(response_id, Deed.READ_SUBMISSION) or abort(404), db.session()
    submission = submission_of(session, response) or abort(404)
    board = board_of(session, response, response.owner_id, submission.at)
    reader = reader_of(board.index.instrument)
    document = document_of(session, submission)
    return render_template(
        "responses/receipt.html",
        shown=receipt_shown(reader, response, board, submission, document),
        **page_of(response, reader, people_of(session, response)),
    )
