"""Items of several banks in one questionnaire: a shared item once, numbers that name their bank.

Two items with the same key and shape are the same question (`domain.md` 0.5): the first is asked,
with its routing, checks and evidence; expressions and texts that meant the other mean it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from survey.core.instrument import Choice, Question, Text
from survey.core.items import Item, ItemField
from survey.core.wording import changed

_REFERENCE: Final = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
_NUMBER: Final = re.compile(r"(?<![\w-])[A-Z]\d{1,2}(?![\w-])")
_EXPRESSIONS: Final = frozenset({"relevant", "calculation", "when", "evidence_when"})
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class Joined(msgspec.Struct, frozen=True):
    """The items of a composition made one.

    `items`: code -> item to ask; `twins`: code of an item that is not asked again -> code of the
    one that is; `numbers`: item code -> what is printed before it.
    """

    items: Mapping[str, Item]
    twins: Mapping[str, str]
    numbers: Mapping[str, str]


def join(items: Iterable[Item], own: Iterable[Item] = ()) -> Joined:
    """The items of the topics and those of the modules (`own`), in the order they are asked.

    Numbers are those of the bank (A1), unless items of several topics meet (BUD-A1).
    """
    kept: dict[str, Item] = {}
    twins: dict[str, str] = {}
    first: dict[tuple[Any, ...], str] = {}  # key and shape -> the item asked
    asked = tuple(items)
    for item in asked:
        twin = first.setdefault(_identity(item), item.code) if item.key else item.code
        if twin == item.code:
            kept[item.code] = item
        else:
            twins[item.code] = twin
            kept[twin] = _with_origins(kept[twin], item)
    several = len({bank_of(item.code) for item in asked}) > 1
    modules = {item.code: item for item in own}
    numbers = {code: code if several else item.number for code, item in kept.items()}
    numbers |= {code: item.number for code, item in modules.items()}
    return Joined({**kept, **modules}, twins, numbers)


def bank_of(code: str) -> str:
    """The bank of an item or section code."""
    return code.partition("-")[0]


def _identity(item: Item) -> tuple[Any, ...]:
    return item.key, shape_of(item)


def shape_of(item: Item) -> tuple[Any, ...]:
    """What two items must have in common for an answer to one to be an answer to the other."""
    fields = tuple(map(_shape_of_field, item.fields))
    columns = tuple(map(_shape_of_field, item.columns))
    chosen = item.list, _codes(item.choices), item.other
    return item.type, *chosen, fields, columns, _codes(item.rows)


def _shape_of_field(field: ItemField) -> tuple[Any, ...]:
    return field.code, field.type, field.list, _codes(field.choices)


def _codes(choices: Iterable[Choice]) -> tuple[str, ...]:
    return tuple(choice.code for choice in choices)


def _with_origins(item: Item, twin: Item) -> Item:
    return msgspec.structs.replace(
        item,
        trace=tuple(dict.fromkeys((*item.trace, *twin.trace))),
        elements=tuple(dict.fromkeys((*item.elements, *twin.elements))),
    )


def redirected(question: Question, joined: Joined) -> Question:
    """The question with what its expressions and checks read of twins read from the asked ones."""
    if not joined.twins:
        return question
    raw = _redirected("", msgspec.to_builtins(question), joined.twins)
    return msgspec.convert(raw, Question)


def _redirected(key: str, value: Any, twins: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _redirected(name, each, twins) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_redirected(key, each, twins) for each in value]
    if isinstance(value, str) and key == "fields":
        return _code_now(value, twins)
    if isinstance(value, str) and key in _EXPRESSIONS:
        return _REFERENCE.sub(lambda found: f"${{{_code_now(found[1], twins)}}}", value)
    return value


def _code_now(code: str, twins: Mapping[str, str]) -> str:
    for twin, asked in twins.items():
        if code == twin or code.startswith(f"{twin}-"):
            return asked + code[len(twin) :]
    return code


def renumbered(struct: _Struct, bank: str, joined: Joined) -> _Struct:
    """Anything with texts of `bank` that mention questions, by the numbers printed before them."""
    if all(number != code for code, number in joined.numbers.items()):
        return struct

    def mentioned(found: re.Match[str]) -> str:
        code = f"{bank}-{found[0]}"
        return joined.numbers.get(joined.twins.get(code, code), found[0])

    def said(text: Text) -> Text:
        return {language: _NUMBER.sub(mentioned, words) for language, words in text.items()}

    return changed(struct, said)
