"""What the pages of banks show, as plain values for the components."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from survey.banks.models import Bank, BankItem, BankSection
from survey.banks.words import EVIDENCE, KINDS, PARTS, SEVERITIES, capital, language_name
from survey.core.checking import fold
from survey.core.instrument import Choice, Element, Text
from survey.core.items import Common, Item, ItemCheck, ItemField, Source
from survey.web.languages import LANGUAGES, in_language, language

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One text of an item: what it is, under which code, in all languages."""

    part: str
    code: str
    text: Text


def bank_told(bank: Bank) -> Shown:
    """A bank in a list: its title, how much it holds, in which languages."""
    items = [row.item for section in bank.sections for row in section.items]
    return {
        "code": bank.code,
        "title": in_language(bank.title),
        "purpose": in_language(bank.document.get("purpose", {})),
        "url": url_for("banks.bank", code=bank.code),
        "sections": len(bank.sections),
        "items": len(items),
        "languages": completeness(line.text for item in items for line in lines_of(item)),
    }


def completeness(texts: Iterable[Text]) -> list[Shown]:
    """For each language of the program: how many of these texts it has."""
    every = list(texts)
    counted = {tag: sum(1 for text in every if text.get(tag)) for tag in LANGUAGES}
    return [
        {
            "tag": tag,
            "name": capital(language_name(tag)),
            "there": counted[tag],
            "missing": len(every) - counted[tag],
        }
        for tag in LANGUAGES
    ]


def bank_shown(bank: Bank, wanted: str, section_code: str) -> Shown:
    """The items of a bank under its dimensions, those that were searched for."""
    sections = [
        {"title": section_title(section), "items": found}
        for section in bank.sections
        if section_code in ("", section.code)
        and (found := [item_told(row) for row in matching(section.items, wanted)])
    ]
    return {
        **bank_told(bank),
        "wanted": wanted,
        "section": section_code,
        "choices": [(each.code, section_title(each)) for each in bank.sections],
        "found": sections,
        "count": sum(len(each["items"]) for each in sections),
    }


def section_title(section: BankSection) -> str:
    """The letter and the title of a dimension."""
    return f"{section.letter}. {in_language(section.title)}"


def item_told(row: BankItem) -> Shown:
    """An item in a list."""
    item = row.item
    return {
        "code": item.code,
        "title": in_language(item.title),
        "kind": str(KINDS[item.type]),
        "url": url_for("banks.item", code=item.code.partition("-")[0], item=item.code),
    }


def matching(rows: Iterable[BankItem], wanted: str) -> list[BankItem]:
    """The items that have every word of `wanted` in code, title or question, in any language."""
    words = fold(wanted).split()
    return [row for row in rows if not words or _has(row.item, words)]


def _has(item: Item, words: Sequence[str]) -> bool:
    said = fold(" ".join([item.code, *item.title.values(), *item.stem.values()]))
    return all(word in said for word in words)


def item_shown(bank: Bank, row: BankItem, common: Common) -> Shown:
    """One item with each of its texts in each language, and what it is made of."""
    item = row.item
    tags = _languages(item)
    return {
        **item_told(row),
        "section": section_title(row.section),
        "columns": [str(_("Part")), *(capital(language_name(tag)) for tag in tags)],
        "parts": [
            {"id": part_id, "heading": heading, "rows": [_cells(line, tags) for line in lines]}
            for part_id, heading, lines in _parts(item)
            if lines
        ],
        "checks": [_check(check, tags) for check in item.checks],
        "facts": _facts(item, common),
        "around": _around(bank, item.code),
    }


def _languages(item: Item) -> list[str]:
    """Those that have some text of the item, the language of the page first."""
    there = [tag for tag in LANGUAGES if any(line.text.get(tag) for line in lines_of(item))]
    return sorted(there, key=lambda tag: tag != language())


def _around(bank: Bank, code: str) -> Shown:
    """The items before and after this one."""
    rows = [row for section in bank.sections for row in section.items]
    place = next(n for n, row in enumerate(rows) if row.code == code)
    return {
        "previous": item_told(rows[place - 1])["url"] if place else "",
        "next": item_told(rows[place + 1])["url"] if place + 1 < len(rows) else "",
    }


# texts


def lines_of(item: Item) -> Iterator[Line]:
    """Every text of an item, in the order of reading."""
    for _id, _heading, lines in _parts(item):
        yield from lines
    for check in item.checks:
        yield Line("message", f"{item.code}-{check.code}", check.message)


_OWN: Final = ("title", "stem", "help", "who", "unit", "example")


def _parts(item: Item) -> list[tuple[str, str, list[Line]]]:
    """Anchor, heading and texts of each part of the item's page."""
    own = [(name, getattr(item, name)) for name in _OWN]
    own.append(("evidence_ask", item.evidence.ask))
    return [
        ("texts", _("Question"), [Line(name, item.code, text) for name, text in own if text]),
        ("levels", _("Levels"), [Line(str(n), item.code, t) for n, t in enumerate(item.levels)]),
        ("choices", _("Choices"), _choice_lines(item.choices)),
        ("rows", _("Rows of the table"), _choice_lines(item.rows)),
        ("columns", _("Columns of the table"), list(_field_lines(item, item.columns))),
        ("fields", _("Further fields"), list(_field_lines(item, item.fields))),
        ("example", _("Example row"), _example_lines(item)),
    ]


def _choice_lines(choices: Iterable[Choice]) -> list[Line]:
    return [Line("label", choice.code, choice.label) for choice in choices]


def _field_lines(item: Item, fields: Iterable[ItemField]) -> Iterator[Line]:
    for field in fields:
        code = f"{item.code}-{field.code}"
        for name in ("label", "hint", "unit"):
            text = getattr(field, name)
            if text:
                yield Line(name, code, text)
        yield from (Line("label", f"{code}/{c.code}", c.label) for c in field.choices)


def _example_lines(item: Item) -> list[Line]:
    example = item.open.example if item.open else {}
    return [Line("example", f"{item.code}-{code}", text) for code, text in example.items()]


_MISSING: Final = Markup('<span class="st st-attention">{}</span>')
_SAID: Final = Markup('<span lang="{}">{}</span>')
_PART: Final = Markup('<span id="{}">{}</span>')


def _cells(line: Line, tags: Sequence[str]) -> list[str]:
    return [_name(line), *(said(line.text, tag) for tag in tags)]


def said(text: Text, tag: str) -> str:
    """The text in one language, marked as such; or that it is missing."""
    if not text.get(tag):
        return _MISSING.format(_("Missing"))
    return _SAID.format(tag, text[tag])


def _name(line: Line) -> str:
    if line.part.isdigit():
        return Markup('<span class="lvl"><span class="lv m{0}">{0}</span></span>').format(line.part)
    name = str(PARTS[line.part])
    if "-" not in line.code or line.part in ("label", "hint", "unit", "example"):
        return Markup('{}<br><code class="s">{}</code>').format(name, line.code)
    return name


def _check(check: ItemCheck, tags: Sequence[str]) -> Shown:
    kind, word = SEVERITIES[check.severity]
    return {
        "code": check.code,
        "kind": kind,
        "severity": str(word),
        "when": check.when,
        "messages": [(capital(language_name(tag)), said(check.message, tag)) for tag in tags],
    }


# what it is made of


def _facts(item: Item, common: Common) -> list[tuple[str, str]]:
    elements = {element.code: element for element in common.elements}
    told = [
        (_("Kind of answer"), str(KINDS[item.type])),
        (_("Asked when"), _code(item.relevant)),
        (_("Needed to submit"), _("Yes") if item.required else _("No")),
        (_("Evidence"), ", ".join(str(EVIDENCE[kind]) for kind in item.evidence.kinds)),
        (_("Elements"), _elements(item, elements)),
        (_("Reference instruments"), Markup("<br>").join(map(_cited, traced(item, common)))),
        (_("Joined with other banks by"), item.key),
        (_("Related in other banks by"), item.related),
        (_("Who may read it"), _("The panel only") if item.sensitive else ""),
    ]
    return [(name, value) for name, value in told if value]


class Cited(NamedTuple):
    """An instrument that a question goes back to; `source` is None when the list has none."""

    trace: str
    source: Source | None


def traced(item: Item, common: Common) -> list[Cited]:
    """What a question goes back to, in its order."""
    return [Cited(trace, common.source_of(trace)) for trace in item.trace]


def cited_words(cited: Cited) -> str:
    """The code, and that its provision is looked up first where that is so."""
    if cited.source and cited.source.verify:
        return str(_("%(trace)s (to be verified)", trace=cited.trace))
    return cited.trace


def _cited(cited: Cited) -> str:
    title = in_language(cited.source.label) if cited.source else ""
    return f"{cited_words(cited)}: {title}" if title else cited_words(cited)


def _code(source: str) -> str:
    return Markup('<code class="s">{}</code>').format(source) if source else ""


def _elements(item: Item, elements: dict[str, Element]) -> str:
    known = [elements[code] for code in item.elements if code in elements]
    return "; ".join(f"{each.code} {in_language(each.label)}" for each in known)
