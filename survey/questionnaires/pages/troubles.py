"""Problems of a draft as designers read them: where, in which language, which expression."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from survey.banks.views import item_address
from survey.banks.words import PARTS, capital, language_name
from survey.core.instrument import Field, Index, Question
from survey.core.problems import Problem, Severity
from survey.core.wording import texts_of
from survey.questionnaires.models import Questionnaire
from survey.web.messages import words_of

_KINDS: Final = {Severity.ERROR: "error", Severity.WARNING: "attention", Severity.INFO: "open"}
_TOKEN: Final = re.compile(r"\$\{[^}]*\}?|'[^']*'?|\"[^\"]*\"?|[\w.\-]+|\S")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One problem, or the texts that one question misses in one language.

    `code` and `href` name and find the place; `row` is the item on the page of the composer, ""
    for none; `source` is the expression with its wrong part marked; `fix` the code of an item that
    would solve it; `details` say each missing text.
    """

    kind: str
    code: str
    href: str
    words: str
    place: str = ""
    row: str = ""
    source: str = ""
    fix: str = ""
    language: str = ""
    details: tuple[str, ...] = ()


@dataclass(slots=True)
class Ground:
    """Where things stand: the draft, its questionnaire, and the codes of all items of the banks."""

    questionnaire: Questionnaire
    index: Index
    items: Sequence[str]
    _owners: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for code, question in self.index.questions.items():
            for each in _codes_of(question):
                self._owners.setdefault(_folded(each), code)

    def item(self, where: str) -> str:
        """The item that a code, a list or a choice belongs to; "" for none."""
        for code in (where, where.partition("/")[0]):
            if _folded(code) in self._owners:
                return self._owners[_folded(code)]
        return where if where in self.questionnaire.item_codes else ""

    def address(self, where: str) -> tuple[str, str]:
        """What is shown as the place, and where it can be changed or read."""
        item = self.item(where)
        own: dict[str, Any] = {"questionnaire_id": self.questionnaire.id}
        if item:
            part = f"#{where}" if where != item and "/" not in where else ""
            return item, item_address(item) + part
        if where in self.index.sections:
            return where, url_for("questionnaires.section", **own, code=where)
        if where == self.questionnaire.code:
            return _("The questionnaire itself"), url_for("questionnaires.properties", **own)
        return _("Texts that all questions share"), ""

    def solution(self, problem: Problem) -> str:
        """The item of the banks that is missing, when that is the problem."""
        wanted = str(problem.params.get("reference", ""))
        if problem.code != "expression_unknown_reference":
            return ""
        known = (code for code in self.items if f"{wanted}-".startswith(f"{code}-"))
        return max(known, key=len, default="")


def _codes_of(question: Question) -> Iterator[str]:
    yield question.code
    fields: Sequence[Field] = (*question.fields, *question.columns)
    for each in fields:
        yield each.code
    for check in question.checks:
        yield check.code
    own = f"{question.code}-"
    yield from (each.list for each in fields if each.list.startswith((own, question.code)))
    if question.roster and question.roster.rows:
        yield question.roster.rows


def _folded(code: str) -> str:
    return code.lower().replace("-", "_")


def troubles_of(ground: Ground, problems: Iterable[Problem]) -> list[Trouble]:
    """Each problem in words; the missing texts of a question in a language are one."""
    missing: dict[tuple[str, str], list[Problem]] = {}
    found = []
    for problem in problems:
        if problem.code == "text_missing":
            place = ground.item(problem.where) or problem.where
            place = place if ground.address(place)[1] else ""
            missing.setdefault((str(problem.params["language"]), place), []).append(problem)
        else:
            found.append(_trouble(ground, problem))
    lacking = (_missing(ground, *key, texts) for key, texts in missing.items())
    return [*_solved_once(found), *lacking]


def _solved_once(troubles: Iterable[Trouble]) -> Iterator[Trouble]:
    """The button that adds a missing item stands at the first problem that it solves."""
    offered: set[str] = set()
    for trouble in troubles:
        yield replace(trouble, fix="") if trouble.fix in offered else trouble
        offered.add(trouble.fix)


def _trouble(ground: Ground, problem: Problem) -> Trouble:
    code, href = ground.address(problem.where)
    return Trouble(
        kind=_KINDS[problem.severity],
        code=code,
        href=href,
        words=words_of(problem),
        place=_place(problem),
        row=_row(ground, problem.where),
        source=_source(ground, problem),
        fix=ground.solution(problem),
    )


def _row(ground: Ground, where: str) -> str:
    """The id of the item or section on the page of the composer."""
    item = ground.item(where)
    if item:
        return f"q-{item}"
    return f"s-{where}" if where in ground.index.sections else ""


def _place(problem: Problem) -> str:
    """Which expression, and where in it; "" when the problem is in none."""
    part, inside = problem.params.get("part"), problem.params.get("in")
    if not inside:
        return ""
    at = problem.params.get("position")
    names: Mapping[str, str] = {
        "relevant": _("The condition under which %(code)s is asked", code=inside),
        "calculation": _("The calculation of %(code)s", code=inside),
        "check": _("The check %(code)s", code=inside),
    }
    name = names.get(str(part), str(inside))
    if not isinstance(at, int):
        return name
    return str(_("%(expression)s, character %(position)s", expression=name, position=at + 1))


def _source(ground: Ground, problem: Problem) -> str:
    """The expression with the wrong part marked."""
    inside, at = str(problem.params.get("in", "")), problem.params.get("position")
    text = _expression(ground.index, inside, str(problem.params.get("part", "")))
    if not text or not isinstance(at, int):
        return text
    token = _TOKEN.match(text, at)
    end = token.end() if token else min(at + 1, len(text))
    return Markup("{}<mark>{}</mark>{}").format(text[:at], text[at:end], text[end:])


def _expression(index: Index, code: str, part: str) -> str:
    question = index.answerable.get(code)
    own = index.fields.get(code)
    if part == "calculation":
        return own.calculation if own else ""
    if part == "relevant":
        return (question.relevant if question else "") or (own.relevant if own else "")
    checks = {each.code: each.when for q in index.answerable.values() for each in q.checks}
    return checks.get(code) or (question.evidence_when if question else "")


def _missing(ground: Ground, tag: str, where: str, problems: Sequence[Problem]) -> Trouble:
    code, href = ground.address(where)
    name = language_name(tag)
    details = tuple(dict.fromkeys(_text_place(problem) for problem in problems))
    if len(problems) == 1:
        told = _("%(text)s is missing in %(language)s.", text=details[0], language=name)
    else:
        count = len(problems)
        told = _("%(count)s texts are missing in %(language)s.", count=count, language=name)
    return Trouble(
        kind="error",
        code=code,
        href=href,
        words=told,
        row=_row(ground, where) if where else "",
        language=tag,
        details=details if len(problems) > 1 else (),
    )


def _text_place(problem: Problem) -> str:
    part = str(problem.params.get("part", ""))
    return str(_("%(part)s (%(code)s)", part=str(PARTS.get(part, part)), code=problem.where))


def completeness(index: Index) -> list[dict[str, Any]]:
    """For each language of the draft: how many of its texts are there and missing."""
    texts = [text for _code, _part, text in texts_of(index.instrument)]
    counted: Mapping[str, int] = {
        tag: sum(1 for text in texts if text.get(tag, "").strip())
        for tag in index.instrument.languages
    }
    return [
        {"tag": tag, "name": capital(language_name(tag)), "missing": len(texts) - there}
        for tag, there in counted.items()
    ]
