"""The first page of a response as plain values: what is next, sections, people, what changed."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.accounts.models import Person
from survey.core.answers import EMPTY
from survey.core.instrument import EVIDENCE, Section
from survey.core.state import Progress
from survey.responses.board import Board
from survey.responses.latest import Lately, People
from survey.responses.models import Conflict, Response
from survey.responses.pages.fields import Shown
from survey.responses.pages.questions import mark_of, via_words
from survey.responses.pages.troubles import errors_of, open_warnings_of
from survey.web.reading import Reader
from survey.workbooks.names import number_of_section


def overview_shown(
    reader: Reader,
    response: Response,
    board: Board,
    conflicts: Sequence[Conflict],
    changes: Sequence[Lately],
    people: People,
    *,
    may_write: bool,
    may_submit: bool,
) -> Shown:
    """The first page as `responses/overview.html` takes it."""
    sections = [_section(reader, response, board, s, conflicts) for s in _sections(board)]
    total = board.state.total
    errors = sum(section["errors"] for section in sections)
    return {
        "title": reader.marked(board.index.instrument.title),
        "country": reader.say(response.round.country_name),
        "introduction": reader.marked(board.index.instrument.introduction),
        "next": _next(response, board, sections, conflicts, errors, may_write, may_submit),
        "sections": sections,
        "total": total,
        "share": _share(total),
        "attention": errors + len({conflict.question for conflict in conflicts}),
        "documents": len(board.answers.get(EVIDENCE, EMPTY).rows),
        "facts": _facts(reader, response, board, people),
        "people": _people(people),
        "changes": [_change(reader, response, board, change) for change in changes],
    }


def _sections(board: Board) -> Iterable[Section]:
    return board.index.instrument.sections


def _section(
    reader: Reader,
    response: Response,
    board: Board,
    section: Section,
    conflicts: Collection[Conflict],
) -> Shown:
    progress = board.state.progress[section.code]
    codes = {question.code for question in section.questions}
    torn = {conflict.question for conflict in conflicts} & codes
    states = board.state.questions
    errors = sum(bool(errors_of(states[code])) for code in codes)
    warnings = sum(
        bool(open_warnings_of(states[code], board.answers.get(code, EMPTY))) for code in codes
    )
    return {
        "code": section.code,
        "mark": number_of_section(section),
        "title": reader.marked(section.title),
        "url": url_for("responses.section", response_id=response.id, code=section.code),
        "who": reader.marked(section.who),
        "states": _states(progress, len(torn), errors, warnings),
        "quiet": _quiet(progress, bool(torn or errors or warnings)),
        "progress": progress,
        "errors": errors,
        "conflicts": len(torn),
    }


def _states(progress: Progress, torn: int, errors: int, warnings: int) -> list[tuple[str, str]]:
    states: list[tuple[str, str]] = []
    if torn:
        states.append(
            ("conflict", ngettext("%(num)d with two versions", "%(num)d with two versions", torn))
        )
    if errors:
        states.append(("error", ngettext("%(num)d to correct", "%(num)d to correct", errors)))
    if warnings and not errors:
        states.append(
            (
                "attention",
                ngettext("%(num)d to look at again", "%(num)d to look at again", warnings),
            )
        )
    if states:
        return states
    if not progress.settled and not progress.started:
        return [("open", str(_("Not begun")))]
    return [("part" if progress.left else "saved", _answered(progress))]


def _answered(progress: Progress) -> str:
    return str(
        ngettext(
            "%(settled)s of %(num)d answered",
            "%(settled)s of %(num)d answered",
            progress.asked,
            settled=progress.settled,
        )
    )


def _quiet(progress: Progress, has_state: bool) -> str:
    words = []
    if has_state or not (progress.settled or progress.started):
        words.append(_answered(progress))
    if progress.started:
        words.append(str(ngettext("%(num)d incomplete", "%(num)d incomplete", progress.started)))
    if progress.not_asked:
        words.append(
            str(ngettext("%(num)d is not asked", "%(num)d are not asked", progress.not_asked))
        )
    return " · ".join(words)


def _share(total: Progress) -> tuple[int, int, int]:
    """What the bar shows: settled, not asked, all questions."""
    return total.settled, total.not_asked, total.asked + total.not_asked


# what comes next


def _next(
    response: Response,
    board: Board,
    sections: Sequence[Shown],
    conflicts: Sequence[Conflict],
    errors: int,
    may_write: bool,
    may_submit: bool,
) -> Shown:
    """One sentence and one button: settle, go on, correct, or send."""
    if not may_write:
        return _reading(response, board, may_submit)
    if conflicts:
        return _settle(conflicts, sections, board)
    open_section = next((s for s in sections if s["progress"].left), None)
    if open_section:
        return _go_on(board, open_section)
    if errors:
        return _correct(sections, errors)
    return _send(response, may_submit)


def _reading(response: Response, board: Board, may_submit: bool) -> Shown:
    left = board.state.total.left
    if not left and may_submit:
        return _send(response, may_submit)
    words = ngettext(
        "The country's people are still answering: %(num)d question is left.",
        "The country's people are still answering: %(num)d questions are left.",
        left,
    )
    return {
        "sentence": str(words),
        "url": "",
        "button": "",
        "quiet": str(_("You read along; nothing on these pages can be changed by you.")),
    }


def _settle(conflicts: Sequence[Conflict], sections: Sequence[Shown], board: Board) -> Shown:
    count = len({conflict.question for conflict in conflicts})
    code = conflicts[0].question
    owner = board.index.section_of.get(code)
    url = next((s["url"] for s in sections if owner and s["code"] == owner.code), "")
    sentence = ngettext(
        "Two people answered %(mark)s differently: choose which version stands.",
        "%(num)d answers have two versions: choose which one stands, beginning with %(mark)s.",
        count,
        mark=mark_of(board.index.answerable[code]),
    )
    return {
        "sentence": str(sentence),
        "url": f"{url}#{code}.conflicts",
        "button": str(_("Compare the versions")),
        "quiet": str(_("Nothing is lost: both versions stay in the history.")),
    }


def _go_on(board: Board, section: Shown) -> Shown:
    progress = section["progress"]
    is_new = not (board.state.total.settled or board.state.total.started)
    if is_new:
        sentence = _(
            "Begin with section %(mark)s. Every answer is saved as you give it.",
            mark=section["mark"],
        )
    else:
        sentence = ngettext(
            "Go on with section %(mark)s: %(num)d question is left there.",
            "Go on with section %(mark)s: %(num)d questions are left there.",
            progress.left,
            mark=section["mark"],
        )
    left = board.state.total.left
    quiet = ngettext(
        "%(num)d question left in all. You can stop at any time and come back.",
        "%(num)d questions left in all. You can stop at any time and come back.",
        left,
    )
    word = (
        _("Begin with section %(mark)s", mark=section["mark"])
        if is_new
        else _("Go on with section %(mark)s", mark=section["mark"])
    )
    return {
        "sentence": str(sentence),
        "url": section["url"],
        "button": str(word),
        "quiet": str(quiet),
    }


def _correct(sections: Sequence[Shown], errors: int) -> Shown:
    section = next(s for s in sections if s["errors"])
    sentence = ngettext(
        "Everything is answered. %(num)d answer has something to correct before sending.",
        "Everything is answered. %(num)d answers have something to correct before sending.",
        errors,
    )
    return {
        "sentence": str(sentence),
        "url": section["url"],
        "button": str(_("Correct section %(mark)s", mark=section["mark"])),
        "quiet": str(_("The answers are saved as they are.")),
    }


def _send(response: Response, may_submit: bool) -> Shown:
    if not may_submit:
        return {
            "sentence": str(_("Everything that is asked of you is answered.")),
            "url": "",
            "button": "",
            "quiet": str(_("The national liaison looks through the answers and submits them.")),
        }
    return {
        "sentence": str(_("Everything is answered. Look through the answers and submit them.")),
        "url": url_for("responses.submit", response_id=response.id),
        "button": str(_("Review and submit")),
        "quiet": str(_("Nothing is sent before you sign by name.")),
    }


# beside


def _facts(
    reader: Reader, response: Response, board: Board, people: People
) -> list[tuple[str, str]]:
    instrument = board.index.instrument
    facts = []
    if instrument.due:
        facts.append((str(_("Due")), _due(reader, date.fromisoformat(instrument.due))))
    published = reader.day(response.version.published_at.date())
    facts.append(
        (
            str(_("Version")),
            str(
                _("%(number)s, published on %(day)s", number=response.version.number, day=published)
            ),
        )
    )
    if people.liaisons:
        facts.append((str(_("Signs")), people.liaisons[0].name))
    return facts


def _due(reader: Reader, due: date) -> str:
    left = (due - reader.today).days
    if left < 0:
        return str(_("%(day)s; that day has passed", day=reader.day(due)))
    return str(
        ngettext(
            "%(day)s; %(num)d day is left",
            "%(day)s; %(num)d days are left",
            left,
            day=reader.day(due),
        )
    )


def _people(people: People) -> list[Shown]:
    shown = [_person(person, str(_("national liaison"))) for person in people.liaisons]
    if people.coordinator:
        shown.append(_person(people.coordinator, str(_("coordinator of the round"))))
    return shown


def _person(person: Person, role: str) -> Shown:
    return {
        "name": person.name,
        "line": " · ".join(filter(None, (role, person.office))),
        "email": person.email,
        "phone": person.phone,
    }


def contact_of(people: People) -> Shown | None:
    """Whom the foot of a page names."""
    person = people.coordinator or next(iter(people.liaisons), None)
    if person is None:
        return None
    role = str(_("coordinator of the round")) if people.coordinator else str(_("national liaison"))
    return {"name": person.name, "email": person.email, "role": role, "phone": person.phone}


def _change(reader: Reader, response: Response, board: Board, change: Lately) -> Shown:
    marks = [
        mark_of(board.index.answerable[code]) if code != EVIDENCE else str(_("evidence"))
        for code in change.questions
        if code in board.index.answerable
    ]
    few, more = marks[:6], len(marks) - 6
    words = ", ".join(few)
    if more > 0:
        words = str(
            ngettext("%(marks)s and %(num)d more", "%(marks)s and %(num)d more", more, marks=words)
        )
    parts = (change.actor, words, via_words(change.via))
    return {"when": reader.moment(change.at), "what": " · ".join(filter(None, parts))}
