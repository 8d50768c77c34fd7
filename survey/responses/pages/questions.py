"""One question as plain values: its fields, what is wrong, what stands beside it, its state."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from survey.core.answers import EMPTY, Answer, Part
from survey.core.instrument import CHOICE_KINDS, EVIDENCE, Field, Question
from survey.core.problems import Problem
from survey.core.state import QuestionState, Status
from survey.responses.earlier import Offer
from survey.responses.latest import Line
from survey.responses.models import Conflict, Response
from survey.responses.pages.conflicts import (
    conflicts_shown,
    non_answer_words,
    visibility_words,
)
from survey.responses.pages.earlier import earlier_shown
from survey.responses.pages.fields import (
    Sheet,
    Shown,
    by_number,
    field_shown,
    roster_shown,
    text_of,
)
from survey.responses.pages.troubles import Troubles, troubles_of

_FOLLOW: Final = frozenset({"progress", "no", "other"})


class Context:
    """What the questions of one page share besides their sheet.

    `lines`: question code -> its last changes; None when they were not read. `unread`: question
    code -> what was typed and could not be read; `saved_now`: question code -> the present hour;
    `earlier`: question code -> what was answered before and may be taken.
    """

    def __init__(
        self,
        sheet: Sheet,
        response: Response,
        *,
        conflicts: Iterable[Conflict] = (),
        authors: Mapping[Part, Line] | None = None,
        lines: Mapping[str, Sequence[Line]] | None = None,
        unread: Mapping[str, Sequence[Problem]] | None = None,
        saved_now: Mapping[str, str] | None = None,
        earlier: Mapping[str, Offer] | None = None,
        may_write: bool = True,
    ) -> None:
        self.sheet = sheet
        self.response = response
        self.authors = authors or {}
        self.lines = lines
        self.unread = unread or {}
        self.saved_now = saved_now or {}
        self.earlier = earlier or {}
        self.may_write = may_write
        self.conflicts: dict[str, list[Conflict]] = {}
        for conflict in conflicts:
            self.conflicts.setdefault(conflict.question, []).append(conflict)
        self.memo: dict[str, str] = {}  # what the templates draw once for all questions
        self._documents: list[tuple[str, str, str]] | None = None

    @property
    def documents(self) -> list[tuple[str, str, str]]:
        """The documents of the response: row id, number and title, the rest in a line."""
        if self._documents is None:
            rows = by_number(self.sheet.board.answers.get(EVIDENCE, EMPTY).rows)
            self._documents = [_document(row.id, row.fields) for row in rows]
        return self._documents

    def state(self, code: str) -> QuestionState:
        """Where the answer to a question stands."""
        return self.sheet.board.state.questions[code]

    def answer(self, code: str) -> Answer:
        """The answer to a question, empty when there is none."""
        return self.sheet.board.answers.get(code, EMPTY)

    def troubles(self, question: Question) -> Troubles:
        """What is wrong with the answer to a question."""
        code = question.code
        unread = self.unread.get(code, ())
        return troubles_of(question, self.state(code), self.answer(code), unread)

    def offer(self, question: Question) -> Shown | None:
        """The box of what was answered earlier to a question; None: nothing was."""
        offer = self.earlier.get(question.code)
        return earlier_shown(self.sheet, question, offer) if offer else None


def _document(row_id: str, fields: Mapping[str, Any]) -> tuple[str, str, str]:
    def shown(name: str) -> str:
        stored = fields.get(f"{EVIDENCE}-{name}")
        return text_of(stored) or (stored if isinstance(stored, str) else "")

    title = shown("title") or shown("link") or str(_("without a title"))
    meta = " · ".join(filter(None, map(shown, ("entity", "date", "page", "link"))))
    return row_id, f"{shown('number')}. {title}", meta


def question_shown(context: Context, question: Question) -> Shown:
    """A question that is asked, as `responses/question.html` takes it."""
    sheet, code = context.sheet, question.code
    answer, state, troubles = context.answer(code), context.state(code), context.troubles(question)
    fields = [
        field_shown(sheet, question, field, answer, troubles.fields.get(field.code, ""))
        for field in question.fields
        if field.code in state.fields and not field.internal
    ]
    roster = None
    if question.roster:
        roster = roster_shown(sheet, question, answer, troubles.cells, state)
    return {
        "code": code,
        "mark": mark_of(question),
        "stem": _stem(sheet, question),
        "help": _help(sheet, question),
        "save": url_for("responses.save_question", response_id=context.response.id, code=code)
        if context.may_write
        else "",
        "seq": sheet.board.seq,
        "error": " ".join(dict.fromkeys([*troubles.whole, *_reason(troubles, code)])),
        "earlier": context.offer(question),
        "groups": _groups(question, fields),
        "roster": roster,
        "warnings": [_warning(check, words, said) for check, words, said in troubles.warnings],
        "conflicts": conflicts_shown(sheet, context.conflicts.get(code, ()), context.authors),
        "tools": _tools(context, question, answer, troubles),
        "content_lang": sheet.reader.lang,
    }


def mark_of(question: Question) -> str:
    """What stands in the margin; the list of documents has nothing there."""
    return question.number or ("\N{NO-BREAK SPACE}" if question.code == EVIDENCE else question.code)


def _stem(sheet: Sheet, question: Question) -> str:
    stem = sheet.reader.marked(question.stem)
    if question.required or question.code == EVIDENCE:
        return stem
    return Markup('{} <span class="must">{}</span>').format(stem, _("(optional)"))


def _help(sheet: Sheet, question: Question) -> str:
    say = sheet.reader.marked
    told = [say(question.help)] if question.help else []
    for name, text in (
        (_("Who usually knows:"), question.who),
        (_("For example:"), question.example),
    ):
        if text:
            told.append(Markup("{} {}").format(name, say(text)))
    return Markup("<br>").join(told)


def _reason(troubles: Troubles, code: str) -> list[str]:
    return [words for name, words in troubles.inputs.items() if name == f"{code}.reason"]


def _warning(check: str, words: str, explanation: Mapping[str, str]) -> Shown:
    return {"check": check, "words": words, "explanation": text_of(explanation)}


def _groups(question: Question, fields: Sequence[Shown]) -> list[Shown]:
    """The fields as they stand together: the main one, what follows from it, the numbers."""
    by_code = {field.code: field for field in question.fields}
    groups: list[Shown] = []
    for shown in fields:
        kind = _group_of(question, by_code[shown["name"]])
        if not groups or groups[-1]["kind"] != kind:
            groups.append({"kind": kind, "fields": []})
        groups[-1]["fields"].append(shown)
    return groups


def _group_of(question: Question, field: Field) -> str:
    if field.code == question.code:
        return "main" if field.type in CHOICE_KINDS else "row"
    if field.role in _FOLLOW or (field.role == "" and field.relevant and question.primary):
        return "follow"
    return "row"


# beside the answer


def _tools(context: Context, question: Question, answer: Answer, troubles: Troubles) -> Shown:
    code, sheet = question.code, context.sheet

    def typed(name: str, stored: str) -> str:
        return "".join(sheet.typed[name][-1:]) if name in sheet.typed else stored

    given = typed(f"{code}.state", answer.non_answer.value if answer.non_answer else "")
    return {
        "remark": typed(f"{code}.remark", text_of(answer.remark)),
        "evidence": {
            "items": context.documents,
            "chosen": sheet.typed.get(f"{code}.evidence", answer.evidence),
            "ask": sheet.reader.marked(question.evidence_ask),
            "new": _new_document(context, code, troubles),
        },
        "non_answer": {
            "value": given,
            "reason": typed(f"{code}.reason", text_of(answer.reason)),
        },
        "visibility": _visibility(question, answer),
        "history": _history(context, code),
        "state": state_words(context, question),
        "clear": context.may_write and _is_one_choice(question),
        "memo": context.memo,
    }


def _new_document(context: Context, code: str, troubles: Troubles) -> Shown | None:
    if not context.may_write:
        return None
    prefix = f"{code}.new."
    typed = context.sheet.typed.items()
    return {
        "typed": {
            n.removeprefix(prefix): t[-1] for n, t in typed if n.startswith(prefix) and t[-1]
        },
        "errors": {
            name.removeprefix(prefix): words
            for name, words in troubles.inputs.items()
            if name.startswith(prefix)
        },
        "languages": _document_languages(context.sheet),
    }


def _document_languages(sheet: Sheet) -> list[tuple[str, str]]:
    index = sheet.board.index
    choices = index.choices(index.fields[f"{EVIDENCE}-language"])
    return [(choice.code, sheet.reader.say(choice.label)) for choice in choices]


def _visibility(question: Question, answer: Answer) -> Shown:
    usual, other = ("panel", "public") if question.sensitive else ("public", "panel")
    return {
        "value": other if answer.visibility == other else "",
        "items": [("", visibility_words(usual)), (other, visibility_words(other))],
    }


def _history(context: Context, code: str) -> Shown:
    reader = context.sheet.reader
    url = url_for("responses.history", response_id=context.response.id, code=code)
    if context.lines is None:
        return {"items": None, "url": url}
    lines = context.lines.get(code, ())
    items = [(reader.moment(line.at), line.actor, via_words(line.via)) for line in lines]
    return {"items": items, "url": url if items else ""}


def via_words(via: str) -> str:
    """How a change came, when not on this page."""
    if via == "screen":
        return ""
    return {
        "workbook": str(_("from Excel")),
        "undo": str(_("a workbook was undone")),
        "earlier": str(_("from an earlier questionnaire")),
    }.get(via, "")


def _is_one_choice(question: Question) -> bool:
    """Whether a choice, once made, needs a button to be taken back."""
    primary = question.primary
    return bool(primary and primary.type in CHOICE_KINDS and primary.type != "select_multiple")


# its state in words


def state_words(context: Context, question: Question) -> tuple[str, str]:
    """The kind and the words of the state at an answer."""
    code = question.code
    if context.unread.get(code):
        return "error", str(_("Not all of it could be saved: see the message"))
    lines = (context.lines or {}).get(code, ())
    saved = _saved(context, question, lines)
    state = context.state(code)
    if code == EVIDENCE and not context.answer(code).rows:
        return "open", str(_("No document yet"))
    if state.status is Status.UNANSWERED and context.answer(code) == EMPTY:
        return "open", str(_("Not answered"))
    if state.status is Status.UNANSWERED:
        return "open", str(_("%(saved)s; not answered yet", saved=saved))
    if context.troubles(question).links:
        return "saved", str(_("%(saved)s, with something to correct", saved=saved))
    if state.status is Status.PARTIAL:
        return "part", str(_("%(saved)s; something is still missing", saved=saved))
    if state.status is Status.ANSWERED:
        return "saved", saved
    said = _("%(name)s: %(value)s", name=saved, value=non_answer_words(state.status.value))
    return "saved", str(said)


def _saved(context: Context, question: Question, lines: Sequence[Line]) -> str:
    hour = context.saved_now.get(question.code, "")
    if lines:
        hour = context.sheet.reader.hour(lines[0].at)
    if not hour:
        return str(_("Saved"))
    rows = len(context.answer(question.code).rows)
    if question.roster and rows:
        words = ngettext(
            "%(num)d row saved %(hour)s", "%(num)d rows saved %(hour)s", rows, hour=hour
        )
        return str(words)
    return str(_("Saved %(hour)s", hour=hour))


def short_state(context: Context, question: Question) -> tuple[str, str]:
    """The kind and one word for a list of questions."""
    code, state = question.code, context.state(question.code)
    if not state.is_asked:
        return "notasked", str(_("not asked"))
    troubles = context.troubles(question)
    if context.conflicts.get(code):
        return "conflict", str(_("two versions"))
    if troubles.links:
        return "error", str(_("to correct"))
    if state.status.is_settled:
        if troubles.open_warnings:
            return "attention", str(_("please look again"))
        return "saved", str(_("answered"))
    if state.status is Status.PARTIAL:
        return "part", str(_("begun"))
    return "open", str(_("not answered"))
