"""What stands between a response and its submission, and the receipt, as plain values."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.core.answers import EMPTY, ROW, NonAnswer, Part
from survey.core.instrument import EVIDENCE, Question
from survey.core.problems import Problem
from survey.core.state import Status
from survey.core.submission import SubmissionDocument, explanation, warnings
from survey.responses.board import Board
from survey.responses.latest import Line
from survey.responses.models import Conflict, Response, Submission
from survey.responses.pages.conflicts import part_title
from survey.responses.pages.fields import Sheet, Shown, text_of
from survey.responses.pages.questions import mark_of
from survey.responses.pages.troubles import troubles_of
from survey.responses.submission import Review
from survey.responses.typed import Form
from survey.web.messages import words_of
from survey.web.reading import Reader

_GROUP: Final = 8  # characters of a seal that are read at a time
_NOT_YET: Final = "required_missing"


def review_shown(
    reader: Reader, response: Response, board: Board, found: Review, typed: Form
) -> Shown:
    """The page before signing, as `responses/submit.html` takes it. `typed`: what was written on
    it, when it is shown again."""
    page = _Page(Sheet(reader, board), response)
    total = board.state.total
    answered = ngettext(
        "%(settled)s of %(num)d question is answered.",
        "%(settled)s of %(num)d questions are answered.",
        total.asked,
        settled=total.settled,
    )
    return {
        "is_ready": found.is_ready,
        "groups": list(page.groups()),
        "error_count": len(found.errors),
        "conflicts": [page.conflict(each) for each in found.conflicts],
        "warnings": page.warnings(found.warnings, typed),
        "left": page.left(found.left_behind),
        "reserved": page.named(_reserved(board)),
        "panel_only": page.named(_panel_only(board)),
        "unanswered": page.named(_unanswered(board)),
        "answered": str(answered),
    }


def explainable(board: Board) -> dict[str, str]:
    """The codes under which the present warnings may be explained -> the question that keeps it."""
    keepers = {
        check: question.code
        for question in board.index.answerable.values()
        for check in question.explainable
    }
    codes = [str(problem.params.get("check", "")) for problem in warnings(board.state)]
    return {code: keepers[code] for code in codes if code in keepers}


def _reserved(board: Board) -> list[str]:
    """The questions of which only the reason goes."""
    return [
        code
        for code, answer in board.answers.items()
        if answer.non_answer is NonAnswer.WITHHELD and board.state.questions[code].is_asked
    ]


def _unanswered(board: Board) -> list[str]:
    """The questions that go without an answer, though they could have one."""
    return [
        code
        for code, state in board.state.questions.items()
        if state.status is Status.UNANSWERED and code != EVIDENCE
    ]


def _panel_only(board: Board) -> list[str]:
    """The answered questions that the panel alone reads; the reserved ones are told apart."""
    found = []
    for code, question in board.index.questions.items():
        answer = board.answers.get(code, EMPTY)
        usual = "panel" if question.sensitive else "public"
        is_answered = board.state.questions[code].is_asked and answer != EMPTY
        if is_answered and not answer.non_answer and (answer.visibility or usual) == "panel":
            found.append(code)
    return found


class _Page:
    def __init__(self, sheet: Sheet, response: Response) -> None:
        self.sheet = sheet
        self.board = sheet.board
        self.index = sheet.board.index
        self.response = response

    def named(self, codes: Iterable[str]) -> list[Shown]:
        """Questions by mark and title, in the order of the questionnaire."""
        wanted = set(codes)
        return [self.link(q) for q in self.index.answerable.values() if q.code in wanted]

    def link(self, question: Question, anchor: str = "") -> Shown:
        """A question by mark and title, and the address of one of its inputs."""
        section = self.index.section_of.get(question.code)
        place: dict[str, Any] = {"response_id": self.response.id}
        place["_anchor"] = anchor or question.code
        if section is None:
            url = url_for("responses.evidence", **place)
        else:
            url = url_for("responses.section", code=section.code, **place)
        return {
            "mark": "" if section is None else mark_of(question),
            "title": self.sheet.reader.marked(question.title or question.stem),
            "url": url,
        }

    # what stands in the way

    def groups(self) -> Iterator[Shown]:
        """The errors, a group a section."""
        for section in self.index.instrument.sections:
            yield from self._group(self.sheet.reader.marked(section.title), section.questions)
        yield from self._group(str(_("Evidence")), (self.index.answerable[EVIDENCE],))

    def _group(self, title: str, questions: Iterable[Question]) -> Iterator[Shown]:
        items = [
            {**self.link(question, anchor), "words": words}
            for question in questions
            for words, anchor in self._errors(question)
        ]
        if items:
            yield {"title": title, "items": items}

    def _errors(self, question: Question) -> Iterator[tuple[str, str]]:
        """The words of each error, and the id of its input."""
        state = self.board.state.questions[question.code]
        if not state.is_asked:
            return
        for problem in state.problems:
            if problem.code == _NOT_YET:
                yield words_of(problem), question.code
        answer = self.board.answers.get(question.code, EMPTY)
        yield from troubles_of(question, state, answer, ()).links

    def conflict(self, conflict: Conflict) -> Shown:
        """An answer with two versions, and where to settle it."""
        question = self.index.answerable[conflict.question]
        part = Part(conflict.question, conflict.row, conflict.part)
        link = self.link(question, f"{question.code}.conflicts")
        return link | {"words": part_title(self.sheet, part)}

    # what may stay, and what stays behind

    def warnings(self, problems: Iterable[Problem], typed: Form) -> list[Shown]:
        """The warnings with the explanations given for them; one a check, whatever its rows."""
        found: dict[str, list[Problem]] = {}
        for problem in problems:
            check = str(problem.params.get("check", ""))
            found.setdefault(check or problem.where, []).append(problem)
        keepers = explainable(self.board)
        return [
            self._warning(same, f"{check}.explanation" if check in keepers else "", typed)
            for check, same in found.items()
        ]

    def _warning(self, same: list[Problem], name: str, typed: Form) -> Shown:
        first = same[0]
        known = text_of(explanation(self.board.answers, self.index, first))
        question = self.index.question_of.get(first.where)
        question = question or self.index.answerable.get(first.where)
        anchor = f"{first.row}/{first.where}" if first.row else first.where
        link = self.link(question, anchor) if question else {"mark": "", "url": ""}
        rows = [self._row(question.code, each.row) for each in same if question and each.row]
        return link | {
            "name": name,
            "words": list(dict.fromkeys(map(words_of, same))),
            "rows": list(dict.fromkeys(rows)),
            "explanation": typed[name][-1] if name in typed else known,
        }

    def _row(self, code: str, row: str) -> str:
        title = part_title(self.sheet, Part(code, row, ROW))
        return title.partition(", ")[2] or title

    def left(self, parts: Iterable[Part]) -> list[Shown]:
        """The questions of which values stay behind, each with the reason."""
        codes = dict.fromkeys(part.question for part in parts)
        states = self.board.state.questions
        return [
            self.link(self.index.answerable[code])
            | {
                "why": str(
                    _("A reason was given for not answering.")
                    if states[code].is_asked
                    and self.board.answers.get(code, EMPTY).non_answer is not None
                    else _("It is not asked because of an earlier answer.")
                )
            }
            for code in codes
        ]


def changes_shown(
    reader: Reader,
    response: Response,
    board: Board,
    parts: Iterable[Part],
    authors: Mapping[Part, Line],
) -> list[Shown]:
    """What changed while a page was read: question, part, who and when."""
    page = _Page(Sheet(reader, board), response)
    return [
        page.link(board.index.answerable[part.question])
        | {
            "words": part_title(page.sheet, part),
            "who": authors[part].actor,
            "when": reader.moment(authors[part].at),
        }
        for part in parts
    ]


# the receipt


def receipt_shown(
    reader: Reader,
    response: Response,
    board: Board,
    submission: Submission,
    document: SubmissionDocument,
) -> Shown:
    """The receipt as `responses/receipt.html` takes it."""
    header = document.header
    answers = {code: a for code, a in document.answers.items() if code != EVIDENCE}
    states = [answer.non_answer for answer in answers.values()]
    documents = document.answers.get(EVIDENCE, EMPTY).rows
    moment = submission.at.astimezone(reader.zone)
    told = {
        _("Questions asked"): board.state.total.asked,
        _("Questions answered"): sum(state is None for state in states),
        _("Not applicable"): states.count(NonAnswer.NOT_APPLICABLE),
        _("Without information"): states.count(NonAnswer.NOT_AVAILABLE),
        _("Withheld"): states.count(NonAnswer.WITHHELD),
        _("Documents listed"): len(documents),
    }
    signed = ", ".join(filter(None, (submission.signatory, submission.office)))
    return {
        "facts": [
            (str(_("Country")), reader.say(response.round.country_name)),
            (str(_("Round")), reader.say(response.round.title)),
            (str(_("Questionnaire")), reader.marked(board.index.instrument.title)),
            (str(_("Version")), str(header.version)),
            (str(_("Signed by")), signed),
            (str(_("Submitted")), f"{reader.moment(submission.at)} ({moment:%Z})"),
            (str(_("Changes recorded")), str(header.seq)),
        ],
        "counts": [(count, str(word)) for word, count in told.items()],
        "seal": [
            submission.sha256[place : place + _GROUP]
            for place in range(0, len(submission.sha256), _GROUP)
        ],
    }
