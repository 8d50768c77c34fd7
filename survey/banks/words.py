"""The words for what items are made of: kinds of answers, parts, evidence, severities."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from survey.core.problems import Severity
from survey.web.languages import LANGUAGES

KINDS: Final[Mapping[str, Any]] = {
    "yes_no": _l("Yes / no"),
    "progress": _l("Yes / in progress / no"),
    "select_one": _l("One choice"),
    "select_multiple": _l("Several choices"),
    "maturity": _l("Level 0–4"),
    "integer": _l("Whole number"),
    "decimal": _l("Number"),
    "percent": _l("Percentage"),
    "currency": _l("Amount of money"),
    "year": _l("Year"),
    "date": _l("Date"),
    "short_text": _l("Short text"),
    "long_text": _l("Long text"),
    "url": _l("Web address"),
    "calculation": _l("Calculated"),
    "numbers": _l("Numbers"),
    "table": _l("Table"),
}
PARTS: Final[Mapping[str, Any]] = {
    "title": _l("Title"),
    "stem": _l("Question"),
    "purpose": _l("Purpose"),
    "introduction": _l("Introduction"),
    "documents": _l("Documents to have at hand"),
    "minutes": _l("Minutes to answer"),
    "evidence": _l("Evidence asked for"),
    "trace": _l("Reference instruments"),
    "elements": _l("Elements"),
    "help": _l("Help"),
    "who": _l("Who usually knows"),
    "label": _l("Label"),
    "hint": _l("Hint"),
    "unit": _l("Unit"),
    "text": _l("Description"),
    "message": _l("Message of the check"),
    "evidence_ask": _l("Evidence asked for"),
    "example": _l("Example"),
}
EVIDENCE: Final[Mapping[str, Any]] = {
    "L": _l("law or regulation"),
    "D": _l("official document"),
    "R": _l("report"),
    "M": _l("minutes"),
    "S": _l("statistics or system extract"),
    "U": _l("web address"),
}
SEVERITIES: Final[Mapping[Severity, tuple[str, Any]]] = {
    Severity.ERROR: ("error", _l("Error: keeps answers from being submitted")),
    Severity.WARNING: ("attention", _l("Warning: may stay with an explanation")),
    Severity.INFO: ("open", _l("Information for the panel")),
}


def language_name(tag: str) -> str:
    """What the language of this page calls another: Spanish, español, espanhol, espagnol."""
    locale = get_locale()
    known = locale.languages.get(tag) if locale else None
    return str(known or LANGUAGES.get(tag, tag))


def language_names(tags: Iterable[str]) -> str:
    """Several languages in a sentence."""
    return str(format_list([language_name(tag) for tag in tags], locale=get_locale() or "en"))


def capital(words: str) -> str:
    """As it begins a line."""
    return words[:1].upper() + words[1:]
