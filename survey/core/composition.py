"""Items put together to an instrument: what a designer composed, compiled and cut to languages."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from survey.core.compilation import compile_item
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
from survey.core.problems import Param, Problem, Severity

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


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One section of a composition. `lists` are the shared lists of the items' banks."""

    code: str
    title: Text
    items: tuple[tuple[Item, Mapping[str, tuple[Choice, ...]]], ...]  # item, its bank's lists
    introduction: Text = {}
    who: Text = {}
    documents: Text = {}
    minutes: int = 0


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

    It is not checked here (`checking.problems_of`): texts may be missing, expressions wrong.
    """
    lists: dict[str, tuple[Choice, ...]] = {}
    sections = tuple(_section(part, common, lists) for part in parts)
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
    try:
        names = references(parse(source))
    except ExpressionError:  # told by the checks of the whole
        return ()
    owners = {item for name in names for item in elsewhere if f"{name}-".startswith(f"{item}-")}
    return tuple(sorted(owners))


def _section(part: Part, common: Common, lists: dict[str, tuple[Choice, ...]]) -> Section:
    return Section(
        code=part.code,
        title=part.title,
        introduction=part.introduction,
        who=part.who,
        documents=part.documents,
        minutes=part.minutes,
        questions=tuple(_questions(part, common, lists)),
    )


def _questions(
    part: Part, common: Common, lists: dict[str, tuple[Choice, ...]]
) -> Iterator[Question]:
    for item, shared in part.items:
        compiled = compile_item(item, shared, common)
        lists.update(compiled.lists)
        yield compiled.question


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


def in_languages(instrument: Instrument, languages: Iterable[str]) -> Instrument:
    """The same instrument with the texts of these languages only."""
    kept = frozenset(languages)
    raw = _cut(msgspec.to_builtins(instrument), kept)
    return msgspec.convert(raw, Instrument)


_TEXTS: Final = frozenset(
    {
        *("title", "introduction", "stem", "help", "who", "documents", "label"),
        *("hint", "unit", "message", "evidence_ask", "text"),
    }
)


def _cut(value: Any, languages: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: _cut_member(key, each, languages) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cut(each, languages) for each in value]
    return value


def _cut_member(key: str, value: Any, languages: frozenset[str]) -> Any:
    if (key in _TEXTS or key == "example") and _is_text(value):
        return {tag: text for tag, text in value.items() if tag in languages}
    if key == "example":
        return {code: _cut_member("text", text, languages) for code, text in value.items()}
    return _cut(value, languages)


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def texts_of(instrument: Instrument) -> Iterator[tuple[str, str, Text]]:
    """Every text of an instrument: the code it belongs to, which part it is, the text."""
    yield instrument.code, "title", instrument.title
    if instrument.introduction:
        yield instrument.code, "introduction", instrument.introduction
    for section in instrument.sections:
        yield from _named(section.code, section, ("title", "introduction", "who", "documents"))
        for question in section.questions:
            yield from _question_texts(question)
    yield from _question_texts(instrument.evidence)
    for name, choices in instrument.lists.items():
        for choice in choices:
            yield from _named(f"{name}/{choice.code}", choice, ("label", "text"))
    for level in instrument.levels:
        yield from _named(f"level/{level.code}", level, ("label", "text"))
    for element in instrument.elements:
        yield from _named(element.code, element, ("label", "text"))


def _question_texts(question: Question) -> Iterator[tuple[str, str, Text]]:
    parts = ("title", "stem", "help", "who", "example", "evidence_ask")
    yield from _named(question.code, question, parts)
    for field in (*question.fields, *question.columns):
        yield from _named(field.code, field, ("label", "hint", "unit"))
    for check in question.checks:
        yield from _named(check.code, check, ("message",))
    example = question.roster.example if question.roster else {}
    yield from ((code, "example", text) for code, text in example.items())


def _named(code: str, owner: object, parts: Iterable[str]) -> Iterator[tuple[str, str, Text]]:
    for part in parts:
        text: Text = getattr(owner, part)
        if text:
            yield code, part, text
