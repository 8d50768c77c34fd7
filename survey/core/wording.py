"""Every text of an instrument: walking them, changing them, keeping those of some languages."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from survey.core.instrument import Instrument, Question, Text

_Struct = TypeVar("_Struct", bound=msgspec.Struct)
Change: TypeAlias = Callable[[Text], Text]
_TEXTS: Final = frozenset(
    {
        *("title", "introduction", "stem", "help", "who", "documents", "label"),
        *("hint", "unit", "message", "evidence_ask", "text", "example"),
    }
)


def in_languages(instrument: Instrument, languages: Iterable[str]) -> Instrument:
    """The same instrument with the texts of these languages only."""
    kept = frozenset(languages)
    return with_texts(instrument, lambda text: {t: w for t, w in text.items() if t in kept})


def with_texts(instrument: Instrument, change: Change) -> Instrument:
    """The same instrument with each of its texts as `change` gives it."""
    return changed(instrument, change)


def changed(struct: _Struct, change: Change) -> _Struct:
    """The same struct with each of its texts as `change` gives it."""
    return msgspec.convert(_changed(msgspec.to_builtins(struct), change), type(struct))


def _changed(value: Any, change: Change) -> Any:
    if isinstance(value, dict):
        return {key: _member(key, each, change) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_changed(each, change) for each in value]
    return value


def _member(key: str, value: Any, change: Change) -> Any:
    if key in _TEXTS and _is_text(value):
        return change(value)
    if key == "example":  # of a table: column code -> text
        return {code: change(text) for code, text in value.items()}
    return _changed(value, change)


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
