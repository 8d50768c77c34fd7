"""A bank as its reviewers read it: every text, languages side by side, conditions in words."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import msgspec
from flask_babel import gettext as _

from survey.banks.checks import instrument_of
from survey.banks.conditions import calculation_words, condition_words
from survey.banks.files import BankFile, BankSection
from survey.banks.pages import Line, cited_words, lines_of, traced
from survey.banks.quality import LANGUAGES
from survey.banks.words import EVIDENCE, KINDS, PARTS, SEVERITIES
from survey.core.instrument import Index, Text
from survey.core.items import Common, Item, ItemField
from survey.web.languages import speaking


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One text to look at. `code` and `part` say where it stands; a `rule` is shown, not edited."""

    code: str
    part: str
    texts: Text
    is_rule: bool = False


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of the bank (level 0), of a dimension (1) or of a question (2)."""

    level: int
    heading: str
    rows: tuple[Row, ...]


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A bank laid out for review, in `languages` side by side."""

    title: str
    languages: tuple[str, ...]
    groups: tuple[Group, ...]


def review_of(bank: BankFile, common: Common) -> Review:
    """The whole bank, in the order of its questions."""
    index = Index(instrument_of(bank, common, LANGUAGES))
    return Review(
        title=f"{bank.code} {bank.title.get('en', '')}",
        languages=LANGUAGES,
        groups=tuple(_groups(bank, index, common)),
    )


def _groups(bank: BankFile, index: Index, common: Common) -> Iterator[Group]:
    shared = [
        Row(code=f"{name}/{choice.code}", part=str(PARTS["label"]), texts=choice.label)
        for name, choices in bank.lists.items()
        for choice in choices
    ]
    own = _named(bank.code, {"title": bank.title, "purpose": bank.purpose})
    yield Group(level=0, heading=bank.code, rows=(*own, *shared))
    for section in bank.sections:
        yield Group(level=1, heading=_heading(section.code, section.title), rows=_section(section))
        for item in section.items:
            rows = (*_texts(item), *_rules(item, index, common))
            yield Group(level=2, heading=_heading(item.code, item.title), rows=rows)


def _heading(code: str, title: Text) -> str:
    return f"{code} {title.get('en', '')}"


def _section(section: BankSection) -> tuple[Row, ...]:
    parts = {
        "title": section.title,
        "introduction": section.introduction,
        "who": section.who,
        "documents": section.documents,
    }
    minutes = _in_all(lambda: str(_("%(count)s minutes", count=section.minutes)))
    time = Row(code=section.code, part=str(_("Time to answer")), texts=minutes, is_rule=True)
    return (*_named(section.code, parts), time)


def _named(code: str, parts: Mapping[str, Text]) -> tuple[Row, ...]:
    return tuple(
        Row(code=code, part=str(PARTS[part]), texts=text) for part, text in parts.items() if text
    )


def _texts(item: Item) -> Iterator[Row]:
    for line in lines_of(item):
        yield Row(code=line.code, part=_part(line), texts=line.text)


def _part(line: Line) -> str:
    if line.part.isdigit():
        return str(_("Level %(number)s", number=line.part))
    return str(PARTS[line.part])


def _rules(item: Item, index: Index, common: Common) -> Iterator[Row]:
    """What holds of a question, in words of each language."""
    told: list[tuple[str, Callable[[], str]]] = [
        (_("Kind of answer"), lambda: str(KINDS[item.type])),
        (_("Asked when"), lambda: _condition(index, item.relevant)),
        (_("Needed to submit"), lambda: str(_("Yes") if item.required else _("No"))),
        (_("Evidence"), lambda: ", ".join(str(EVIDENCE[kind]) for kind in item.evidence.kinds)),
        (_("Elements"), lambda: ", ".join(item.elements)),
        (_("Reference instruments"), lambda: "; ".join(map(cited_words, traced(item, common)))),
    ]
    for part, say in told:
        texts = _in_all(say)
        if any(texts.values()):
            yield Row(code=item.code, part=str(part), texts=texts, is_rule=True)
    for field in (*item.fields, *item.columns):
        yield from _rules_of_field(f"{item.code}-{field.code}", field, index)
    for check in item.checks:
        yield Row(
            code=f"{item.code}-{check.code}",
            part=str(SEVERITIES[check.severity][1]),
            texts=_in_all(partial(condition_words, index, check.when)),
            is_rule=True,
        )


def _rules_of_field(code: str, field: ItemField, index: Index) -> Iterator[Row]:
    if field.relevant:
        asked = _in_all(lambda: condition_words(index, field.relevant))
        yield Row(code=code, part=str(_("Asked when")), texts=asked, is_rule=True)
    if field.calculation:
        result = _in_all(lambda: calculation_words(index, field.calculation))
        yield Row(code=code, part=str(_("Calculated as")), texts=result, is_rule=True)


def _condition(index: Index, source: str) -> str:
    return condition_words(index, source) if source else ""


def _in_all(say: Callable[[], str]) -> Text:
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = say()
    return said
