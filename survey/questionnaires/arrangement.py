"""Sections and their items put in order: pure functions on what `Questionnaire.sections` holds.

Each answers new sections and leaves the given ones as they were.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from survey.core.instrument import Text

Section: TypeAlias = dict[str, Any]  # {"code", "title", "introduction", "who", "items"}
Sections: TypeAlias = Sequence[Mapping[str, Any]]


def added(
    sections: Sections, home: Mapping[str, Any], codes: Iterable[str], order: Sequence[str]
) -> list[Section]:
    """With the items `codes` in the section `home`, which is made at the end when it is not there.

    `order` are the codes of the bank: an item comes behind the last one before it there, so that
    what it depends on was asked. What is in some section already stays where it is.
    """
    made = _copied(sections)
    present = {code for section in made for code in section["items"]}
    wanted = [code for code in codes if code not in present]
    if not wanted:
        return made
    place = next((each for each in made if each["code"] == home["code"]), None)
    if place is None:
        place = {**home, "items": []}
        made.append(place)
    ranks = {code: rank for rank, code in enumerate(order)}
    for code in wanted:
        _insert(place["items"], code, ranks)
    return made


def _insert(items: list[str], code: str, ranks: Mapping[str, int]) -> None:
    before = [n for n, each in enumerate(items, 1) if ranks.get(each, len(ranks)) < ranks[code]]
    items.insert(before[-1] if before else 0, code)


def without(sections: Sections, codes: Collection[str]) -> list[Section]:
    """Without these items; their sections stay."""
    return [
        {**each, "items": [code for code in each["items"] if code not in codes]}
        for each in sections
    ]


def moved(sections: Sections, codes: Collection[str], target: str) -> list[Section]:
    """With these items at the end of the section `target`, in the order they had."""
    chosen = [code for each in sections for code in each["items"] if code in codes]
    made = without(sections, codes)
    for section in made:
        if section["code"] == target:
            section["items"] += chosen
    return made


def shifted(sections: Sections, code: str, step: int) -> list[Section]:
    """With the item one place up (`step` -1) or down (1); over the edge into the next section."""
    made = _copied(sections)
    found = next((n for n, each in enumerate(made) if code in each["items"]), None)
    if found is None:
        return made
    items = made[found]["items"]
    place = items.index(code) + step
    if 0 <= place < len(items):
        items.remove(code)
        items.insert(place, code)
    elif 0 <= found + step < len(made):
        items.remove(code)
        beside = made[found + step]["items"]
        beside.insert(0 if step > 0 else len(beside), code)
    return made


def section_shifted(sections: Sections, code: str, step: int) -> list[Section]:
    """With the section one place up (`step` -1) or down (1); at an end it stays."""
    made = _copied(sections)
    place = next((n for n, each in enumerate(made) if each["code"] == code), None)
    if place is not None and 0 <= place + step < len(made):
        made.insert(place + step, made.pop(place))
    return made


def section_added(sections: Sections, code: str, texts: Mapping[str, Text]) -> list[Section]:
    """With one more section at the end; `texts`: title, introduction and who answers it."""
    return [*_copied(sections), {"code": code, **texts, "items": []}]


def section_said(sections: Sections, code: str, texts: Mapping[str, Text]) -> list[Section]:
    """With other texts for the section; `texts` as in `section_added`."""
    return [{**each, **texts} if each["code"] == code else each for each in _copied(sections)]


def section_removed(sections: Sections, code: str) -> list[Section]:
    """Without the section and its items."""
    return [each for each in _copied(sections) if each["code"] != code]


def _copied(sections: Sections) -> list[Section]:
    return [{**each, "items": list(each["items"])} for each in sections]
