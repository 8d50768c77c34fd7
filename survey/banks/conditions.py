"""Conditions in words: `${OPG-A2} = 'yes'` as “OPG-A2 is Yes”."""

from collections.abc import Mapping
from typing import Final

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from survey.core.expressions.parse import ExpressionError, parse
from survey.core.expressions.tree import Binary, Call, Logic, Node, Number, Ref, String, unparse
from survey.core.expressions.values import numeral
from survey.core.instrument import Index
from survey.web.languages import in_language

_MIRRORED: Final = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def condition_words(index: Index, source: str) -> str:
    """A condition as a designer would say it; what has no plain words stays as it was written."""
    try:
        return _words(index, parse(source), inside=False)
    except ExpressionError:
        return source


def _words(index: Index, node: Node, inside: bool) -> str:
    match node:
        case Logic():
            return _logic(index, node, inside)
        case Binary(operator, Ref() as ref, String() | Number() as value):
            return _compared(index, ref.code, operator, value) or unparse(node)
        case Binary(operator, String() | Number() as value, Ref() as ref):
            return _compared(index, ref.code, _MIRRORED.get(operator, ""), value) or unparse(node)
        case Call("selected", (Ref() as ref, String() as choice)):
            told = _both(index, ref.code, choice)
            return str(_("%(question)s includes “%(answer)s”", **told))
        case Call("not", (Call("selected", (Ref() as ref, String() as choice)),)):
            told = _both(index, ref.code, choice)
            return str(_("%(question)s does not include “%(answer)s”", **told))
    return unparse(node)


def _logic(index: Index, node: Logic, inside: bool) -> str:
    parts = [_words(index, each, inside=True) for each in node.operands]
    locale = get_locale() or "en"
    every = node.operator == "and"
    said = format_list(parts, locale=locale) if every else format_list(parts, "or", locale)
    return f"({said})" if inside else said


def _compared(index: Index, code: str, operator: str, value: String | Number) -> str:
    if isinstance(value, String) and value.value == "":
        answered: Mapping[str, str] = {
            "=": _("%(question)s is not answered", question=code),
            "!=": _("%(question)s is answered", question=code),
        }
        return answered.get(operator, "")
    filling = _both(index, code, value)
    said: Mapping[str, str] = {
        "=": _("%(question)s is “%(answer)s”", **filling),
        "!=": _("%(question)s is not “%(answer)s”", **filling),
        "<": _("%(question)s is less than %(answer)s", **filling),
        ">": _("%(question)s is more than %(answer)s", **filling),
        "<=": _("%(question)s is at most %(answer)s", **filling),
        ">=": _("%(question)s is at least %(answer)s", **filling),
    }
    return said.get(operator, "")


def _both(index: Index, code: str, value: String | Number) -> dict[str, str]:
    return {"question": code, "answer": _label(index, code, value)}


def _label(index: Index, code: str, value: String | Number) -> str:
    """The words of a choice, or the value itself."""
    written = value.value if isinstance(value, String) else numeral(value.value)
    field = index.fields.get(code)
    if field is None or field.type == "maturity":
        return written
    labels = {choice.code: in_language(choice.label) for choice in index.choices(field)}
    return labels.get(written) or written
