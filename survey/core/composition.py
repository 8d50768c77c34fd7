"""Items put together to an instrument: what a designer composed, compiled and cut to languages."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from survey.core.compilation import Compiled, compile_item
from survey.core.expressions.parse import ExpressionError, parse
from survey.core.expressions.tree import references
from survey.core.instrument import (
    EVIDENCE,
    FORMAT,
    Choice,
    Field,
    Instrument,
    Question,
    Roster,
    Section,
    Text,
)
from survey.core.items import Common, Item
from survey.core.joining import bank_of, join, redirected, renumbered
from survey.core.problems import Param, Problem, Severity
from survey.core.wording import in_languages

_EVIDENCE_COLUMNS: Final = (
    ("number", "integer"),
    ("title", "short_text"),
    ("entity", "short_text"),
    ("date", "date"),
    ("language", "select_one"),
    ("page", "short_text"),
    ("link", "short_text"),
    ("public", "yes_no"),
)


SECTIONS: Final = "sections"  # the list of the dimensions a questionnaire is about


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One section of a composition. `module`: it opens or closes every topic (`domain.md` 0.6)."""

    code: str
    title: Text
    items: tuple[tuple[Item, Mapping[str, tuple[Choice, ...]]], ...]  # item, its bank's lists
    introduction: Text = {}
    who: Text = {}
    documents: Text = {}
    minutes: int = 0
    module: bool = False


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """What stands over the questions. `due` is an ISO date or empty."""

    code: str
    version: int
    languages: tuple[str, ...]
    title: Text
    introduction: Text = {}
    due: str = ""


def assemble(heading: Heading, parts: Sequence[Part], common: Common) -> Instrument:
    """The instrument of a composition, holding the texts of its languages only.

    A shared item of several banks is asked once (`joining`). It is not checked here
    (`checking.problems_of`): texts may be missing, expressions wrong.
    """
    composer = _Composer(parts, common)
    lists = composer.lists
    sections = tuple(composer.section(part) for part in parts)
    instrument = Instrument(
        format=FORMAT,
        code=heading.code,
        version=heading.version,
        languages=heading.languages,
        title=heading.title,
        introduction=heading.introduction,
        due=heading.due,
        sections=sections,
        evidence=evidence_question(common, lists),
        lists=lists,
        levels=common.levels,
        elements=common.elements,
        names=common.names,
    )
    return in_languages(instrument, heading.languages)


def without_checks_on(
    instrument: Instrument, elsewhere: Collection[str]
) -> tuple[Instrument, tuple[Problem, ...]]:
    """The instrument without the checks that read a question left out of the composition.

    `elsewhere`: codes of the items that the banks have and the composition has not. A check that
    compares with one of them has nothing to say here; a condition that reads one stays, for
    whoever left the question out has to decide who is asked then. The problems are warnings that
    name each check and what it would have read.
    """
    found: list[Problem] = []
    sections = tuple(
        msgspec.structs.replace(
            section,
            questions=tuple(_with_own_checks(q, elsewhere, found) for q in section.questions),
        )
        for section in instrument.sections
    )
    return msgspec.structs.replace(instrument, sections=sections), tuple(found)


def other_topics(instrument: Instrument, banks: Collection[str]) -> frozenset[str]:
    """What checks read of banks that are not among `banks`, be they known here or not."""
    whens = (c.when for s in instrument.sections for q in s.questions for c in q.checks)
    return frozenset(name for when in whens for name in _read(when) if bank_of(name) not in banks)


def _with_own_checks(
    question: Question, elsewhere: Collection[str], found: list[Problem]
) -> Question:
    kept = []
    for check in question.checks:
        absent = _read_elsewhere(check.when, elsewhere)
        if absent:
            params: Mapping[str, Param] = {"check": check.code, "names": absent}
            warning = Severity.WARNING
            found.append(
                Problem(code="check_left_out", where=question.code, params=params, severity=warning)
            )
        else:
            kept.append(check)
    return msgspec.structs.replace(question, checks=tuple(kept))


def _read_elsewhere(source: str, elsewhere: Collection[str]) -> tuple[str, ...]:
    names = _read(source)
    owners = {item for name in names for item in elsewhere if f"{name}-".startswith(f"{item}-")}
    return tuple(sorted(owners))


def _read(source: str) -> frozenset[str]:
    try:
        return references(parse(source))
    except ExpressionError:  # told by the checks of the whole
        return frozenset()


class _Composer:
    """Compiles the sections of one composition and gathers their lists."""

    def __init__(self, parts: Sequence[Part], common: Common) -> None:
        self.common = common
        self.lists: dict[str, tuple[Choice, ...]] = {}
        self.joined = join(
            (item for part in parts if not part.module for item, _ in part.items),
            (item for part in parts if part.module for item, _ in part.items),
        )
        self.dimensions = _dimensions(parts)

    def section(self, part: Part) -> Section:
        bare = msgspec.structs.replace(part, items=())
        said = bare if part.module else renumbered(bare, bank_of(part.code), self.joined)
        return Section(
            code=part.code,
            title=said.title,
            introduction=said.introduction,
            who=said.who,
            documents=said.documents,
            minutes=said.minutes,
            general=part.module,
            questions=tuple(self._questions(part)),
        )

    def _questions(self, part: Part) -> Iterator[Question]:
        for own, shared in part.items:
            item = self.joined.items.get(own.code)
            if item:
                lists = {**shared, SECTIONS: self.dimensions}
                yield self._question(compile_item(item, lists, self.common), item.code)

    def _question(self, compiled: Compiled, code: str) -> Question:
        said = renumbered(compiled, bank_of(code), self.joined)
        self.lists.update(said.lists)
        question = msgspec.structs.replace(said.question, number=self.joined.numbers[code])
        return redirected(question, self.joined)


def _dimensions(parts: Sequence[Part]) -> tuple[Choice, ...]:
    """The sections of the topics as choices: their letter, or their code where topics meet.

    A module alone speaks of its own sections.
    """
    topical = [part for part in parts if not part.module] or list(parts)
    several = len({bank_of(part.code) for part in topical}) > 1
    return tuple(
        Choice(code=part.code, label=_lettered(part, several)) for part in topical if part.items
    )


def _lettered(part: Part, several: bool) -> Text:
    letter = part.code if several else part.code.partition("-")[2] or part.code
    return {language: f"{letter}. {title}" for language, title in part.title.items()}


def evidence_question(common: Common, lists: dict[str, tuple[Choice, ...]]) -> Question:
    """The reserved question that lists the documents of a response; adds the lists it needs."""
    lists["evidence-language"] = common.lists["evidence_language"]
    lists["yes_no"] = common.lists["yes_no"]
    return Question(
        code=EVIDENCE,
        number="",
        title=common.texts["evidence_list"],
        stem=common.texts["evidence_stem"],
        help=common.texts["evidence_help"],
        roster=Roster(
            columns=tuple(
                Field(
                    code=f"{EVIDENCE}-{name}",
                    type=kind,  # type: ignore[arg-type]
                    label=common.texts[f"evidence_{name}"],
                    hint=common.texts.get(f"evidence_{name}_hint", {}),
                    list=_list_of(name),
                    counts=name == "title",
                )
                for name, kind in _EVIDENCE_COLUMNS
            )
        ),
    )


def _list_of(column: str) -> str:
    return {"language": "evidence-language", "public": "yes_no"}.get(column, "")
