"""Whether a bank is finished: every text there and of fitting length, every question complete.

The rules are those for authors (`domain.md` 0.4); each thing amiss is a problem with its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from survey.banks.files import BASE_LANGUAGE, BankFile, BankSection
from survey.core.expressions.parse import ExpressionError, parse
from survey.core.expressions.tree import references
from survey.core.instrument import Names, Text
from survey.core.items import Common, Item
from survey.core.joining import shape_of
from survey.core.naming import unknown_forms, variables_of
from survey.core.problems import Problem

LANGUAGES: Final = ("en", "es", "pt", "fr")  # every bank is finished in these
# Part of a text's key -> characters that fit the narrowest place it is shown in.
_LENGTHS: Final[Mapping[str, int]] = {
    "title": 60,
    "purpose": 300,
    "introduction": 450,
    "documents": 300,
    "stem": 250,
    "help": 700,
    "who": 220,
    "evidence": 250,
    "message": 255,
    "label": 70,
    "hint": 160,
    "unit": 40,
    "text": 300,
    "example": 150,
}
_LONG_EXAMPLE: Final = 600  # of a long text
_CHOICE: Final = 120
_TOPIC: Final = 90  # its official name, on pages of its own
_UNNAMED: Final = frozenset({"title", "label", "unit", "example"})  # told apart without a country
_ELEMENTS_AT_MOST: Final = 3
_MEASURED: Final = frozenset({"integer", "decimal", "percent"})


def text_problems(texts: Mapping[str, Text], names: Names) -> Iterator[Problem]:
    """What is wrong with the texts of a bank; `texts`: key -> text as far as it is translated."""
    for key, text in texts.items():
        for language, words in text.items():
            yield from _length(key, language, words)
        yield from _variables(key, text, names)


def _at(key: str, code: str, **params: str | int) -> Problem:
    where, _, part = key.rpartition(":")
    return Problem(code=code, where=where, params={"part": part, **params})


def _length(key: str, language: str, words: str) -> Iterator[Problem]:
    most = _longest(key)
    if len(words) > most:
        yield _at(key, "text_too_long", language=language, count=len(words), most=most)


def _longest(key: str) -> int:
    where, _, part = key.rpartition(":")
    if part == "title" and "-" not in where:
        return _TOPIC
    if part == "label" and "/" in where:
        return _CHOICE
    if part == "example" and where.count("-") == 1:
        return _LONG_EXAMPLE
    return _LENGTHS[part]


def _variables(key: str, text: Text, names: Names) -> Iterator[Problem]:
    wanted = variables_of(text[BASE_LANGUAGE])
    for language, words in text.items():
        said = variables_of(words)
        if said != wanted:
            yield _at(key, "variables_differ", language=language)
        for name in sorted((said - names.keys()) | unknown_forms(words)):
            yield _at(key, "variable_unknown", language=language, name=name)
        if said and key.rpartition(":")[2] in _UNNAMED:
            yield _at(key, "variable_not_here", language=language)


def item_problems(bank: BankFile, common: Common) -> Iterator[Problem]:
    """What its questions and dimensions lack; modules have no elements, evidence or trace."""
    for section in bank.sections:
        yield from _section_parts(section)
        for item in section.items:
            yield from _parts(item)
            if not section.place:
                yield from _framework(item, common)
        if not section.place:
            yield from _contradicted(section)


def _lacks(where: str, parts: Mapping[str, object]) -> Iterator[Problem]:
    for part, there in parts.items():
        if not there:
            yield Problem(code="part_missing", where=where, params={"part": part})


def _section_parts(section: BankSection) -> Iterator[Problem]:
    said = {
        "introduction": section.introduction,
        "who": section.who,
        "documents": section.documents,
        "minutes": section.minutes,
    }
    return _lacks(section.code, said)


def _parts(item: Item) -> Iterator[Problem]:
    wanted: dict[str, object] = {"help": item.help, "who": item.who}
    if item.type == "long_text" or (item.open is not None and item.type == "table"):
        wanted["example"] = item.open.example if item.open else item.example
    if item.type in _MEASURED:
        wanted["unit"] = item.unit
    return _lacks(item.code, wanted)


def _framework(item: Item, common: Common) -> Iterator[Problem]:
    parts = {"evidence": item.evidence.ask, "trace": item.trace, "elements": item.elements}
    yield from _lacks(item.code, parts)
    known = {element.code for element in common.elements}
    for element in item.elements:
        if element not in known:
            yield Problem(code="element_unknown", where=item.code, params={"name": element})
    if len(item.elements) > _ELEMENTS_AT_MOST:
        yield Problem(code="elements_too_many", where=item.code)
    for trace in item.trace:
        if not common.source_of(trace):
            yield Problem(code="trace_unknown", where=item.code, params={"name": trace})


def _contradicted(section: BankSection) -> Iterator[Problem]:
    """Each dimension has a judgement and a fact that can contradict it (`domain.md` 0.4, 2)."""
    levels = {item.code for item in section.items if item.type == "maturity"}
    if not levels:
        yield Problem(code="dimension_without_level", where=section.code)
        return
    for item in section.items:
        for check in item.checks:
            read = _read(check.when)
            if read & levels and read - levels:
                return
    yield Problem(code="dimension_without_contradiction", where=section.code)


def _read(source: str) -> frozenset[str]:
    try:
        return references(parse(source))
    except ExpressionError:  # told by the checks of the whole
        return frozenset()


def shared_problems(banks: Iterable[BankFile]) -> Iterator[tuple[str, Problem]]:
    """Bank code and problem for each item that has the key of an earlier one and differs from it.

    An answer to one is offered for the other, so both ask the same in every language.
    """
    first: dict[str, Item] = {}
    for bank in banks:
        for item in bank.items:
            if not item.key:
                continue
            twin = first.setdefault(item.key, item)
            if _asked(twin) != _asked(item):
                params = {"name": twin.code}
                yield bank.code, Problem(code="shared_item_differs", where=item.code, params=params)


def _asked(item: Item) -> tuple[object, ...]:
    choices = [each.label for each in (*item.choices, *item.rows)]
    fields = [each.label for each in (*item.fields, *item.columns)]
    return shape_of(item), item.stem, item.unit, choices, fields
