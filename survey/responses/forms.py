"""What a sent page of answers asks for, each answer against the state its page showed."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from survey.core.answers import EMPTY, ROW, Answer, Part, Stored, answer_of, parts_of
from survey.core.instrument import EVIDENCE, Question
from survey.core.merge import Item
from survey.core.problems import Problem
from survey.core.types import Locale
from survey.responses import typed
from survey.responses.board import Board
from survey.responses.ledger import Act, ResponseClosed, base_of, events_after
from survey.responses.models import AnswerEvent, Response
from survey.responses.service import Saved, UnknownBase, save

_LONGEST_KEY: Final = 100
_DOCUMENTS: Final = uuid.UUID("5d0f3b6e-3f3a-5f2e-9c55-0f6f2f7b4a11")  # names ids of new documents

Wanted = dict[Part, Stored | None]  # None: nothing should be there


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it came. `idem` is the key of the act.

    `whole`: a page was sent, and with it what is otherwise sent by a button of its own.
    """

    form: typed.Form
    locale: Locale
    idem: str
    whole: bool

    def pressed(self, name: str) -> tuple[str, ...]:
        """What the buttons of this name stand for: question codes, or `<code>/<row id>`."""
        return tuple(self.form.get(name, ()))

    def takes_earlier(self, code: str) -> bool:
        """Whether the button pressed takes an earlier answer to a question."""
        return any(each.partition("/")[0] == code for each in self.pressed("earlier"))


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a page wants to change: base seq -> the parts that are not as the page showed them.

    `unread`: question code -> what could not be read there.
    """

    wanted: Mapping[int, Wanted]
    unread: Mapping[str, tuple[Problem, ...]]


def key_of(given: str) -> str:
    """The key of an act as it is kept; a long one is shortened so that it stays unlike others."""
    return given if len(given) <= _LONGEST_KEY else hashlib.sha256(given.encode()).hexdigest()


def keys_of(seqs: Iterable[int], idem: str) -> dict[int, str]:
    """Base seq -> the key of its part of the act; what has one base keeps the key it came with."""
    ordered = sorted(seqs)
    return {seq: f"{idem}:{place}" if place else idem for place, seq in enumerate(ordered)}


def read_page(
    session: Session, response: Response, board: Board, questions: Iterable[Question], sent: Sent
) -> Said:
    """What a form says to these questions; names of others are not looked at.

    Questions that were not on the page, and those that are not asked, are left as they are.

    Raises:
        UnknownBase: a question says it was shown at a seq that never was.
    """
    on_page = [question.code for question in questions if typed.is_on(sent.form, question.code)]
    seqs = {code: _seq(sent.form, code, board.seq) for code in on_page}
    oldest = min(seqs.values(), default=board.seq)
    later: list[AnswerEvent] = []
    if oldest < board.seq:
        later = events_after(session, response.id, response.owner_id, oldest)
    wanted: dict[int, Wanted] = {}
    unread: dict[str, tuple[Problem, ...]] = {}
    for code, seq in seqs.items():
        if seq == board.seq and not board.state.questions[code].is_asked:
            continue
        base = _base(board, code, seq, later)
        said = _said(board, code, base, sent)
        if said.problems:
            unread[code] = said.problems
        changed = _changed(said.parts, code, base)
        if changed:
            wanted.setdefault(seq, {}).update(changed)
    _number(wanted, board)
    return Said(wanted=wanted, unread=unread)


def write_page(session: Session, response: Response, board: Board, said: Said, act: Act) -> Saved:
    """Save what a page said, oldest base first; what it left as it was is not written.

    Raises:
        ResponseClosed, UnknownBase, KeyUsedTwice: as `service.save`.
    """
    if not response.is_open:
        raise ResponseClosed()
    saved = Saved(seq=board.seq, board=board)
    conflicts: list[Item] = []
    for seq, idem in keys_of(said.wanted, act.idem).items():
        own = msgspec.structs.replace(act, idem=idem)
        saved = save(session, response, response.owner_id, seq, said.wanted[seq], own)
        conflicts += saved.conflicts
    return msgspec.structs.replace(saved, conflicts=tuple(conflicts))


def _seq(form: typed.Form, code: str, present: int) -> int:
    text = form[f"{code}.seq"][-1]
    if not (text.isascii() and text.isdigit()) or len(text) > 18 or int(text) > present:
        raise UnknownBase()
    return int(text)


def _base(board: Board, code: str, seq: int, later: Iterable[AnswerEvent]) -> Answer:
    """The answer as it stood at `seq`."""
    present = board.answers.get(code, EMPTY)
    since = [event for event in later if event.question == code and event.seq > seq]
    if not since:
        return present
    return answer_of(code, base_of(parts_of({code: present}), since))


def _said(board: Board, code: str, base: Answer, sent: Sent) -> typed.Typed:
    question = board.index.answerable[code]
    said = typed.read_question(board.index, question, sent.form, base, sent.locale)
    if sent.takes_earlier(code):
        said = typed.beside(question, said)
    parts = dict(said.parts)
    if code in sent.pressed("clear"):
        parts.update(typed.cleared(question, base))
    for pressed in sent.pressed("remove_row"):
        owner, _, row = pressed.partition("/")
        if owner == code:
            parts = {part: value for part, value in parts.items() if part.row != row}
            parts.update(typed.removed_row(code, base, row))
    document = _new_document(board, code, sent)
    parts.update(document.parts)
    return typed.Typed(parts=parts, problems=(*said.problems, *document.problems))


def _new_document(board: Board, code: str, sent: Sent) -> typed.Typed:
    """A document typed beside the question: with its button, or with the whole page."""
    if not sent.whole and code not in sent.pressed("add_document"):
        return typed.Typed(parts={}, problems=())
    row = uuid.uuid5(_DOCUMENTS, f"{sent.idem}/{code}").hex
    documents = board.answers.get(EVIDENCE, EMPTY)
    return typed.new_document(board.index, code, sent.form, documents, row, sent.locale)


def _changed(parts: Mapping[Part, Stored | None], code: str, base: Answer) -> Wanted:
    """The parts whose value is not what the page showed; a new document is all new."""
    before = parts_of({code: base})
    return {part: value for part, value in parts.items() if before.get(part) != value}


def _number(wanted: Mapping[int, Wanted], board: Board) -> None:
    """Give the new documents of a page the next numbers and places, in their order."""
    documents = board.answers.get(EVIDENCE, EMPTY)
    known = {row.id for row in documents.rows}
    number = typed.next_number(documents)
    position = max((row.position for row in documents.rows), default=0)
    for parts in wanted.values():
        rows = dict.fromkeys(part.row for part in parts if part.question == EVIDENCE and part.row)
        for row in rows:
            place = Part(EVIDENCE, row, f"{EVIDENCE}-number")
            if row in known:
                parts.pop(place, None)  # the same act again: it has its number
            elif parts.get(Part(EVIDENCE, row, ROW)) is not None:
                position += 1
                parts[place] = str(number)
                parts[Part(EVIDENCE, row, ROW)] = position
                number += 1


def unread_texts(form: typed.Form, said: Said) -> dict[str, Sequence[str]]:
    """The names whose texts could not be read, as they were typed."""
    names = {name for problems in said.unread.values() for name in map(name_of, problems)}
    documents = {code for code in said.unread if any(n.startswith(f"{code}.new.") for n in names)}
    return {
        name: texts
        for name, texts in form.items()
        if name in names or (name.partition(".new.")[0] in documents and ".new." in name)
    }


def name_of(problem: Problem) -> str:
    """The name of the input a problem is about."""
    return f"{problem.row}/{problem.where}" if problem.row else problem.where
