"""Which texts a bank file has, and under which key each is translated.

The key is the `msgctxt` of its gettext entry: the permanent code and the part
(`OPG-A1:stem`, `OPG-A6/local:label`, `list-sector/government:label`). Nothing else knows these.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from survey.core.instrument import Text

Raw: TypeAlias = dict[str, Any]
Say: TypeAlias = Callable[[str, str], Text]  # key, English text -> the text in all languages

_ITEM_PARTS = ("title", "stem", "help", "who", "unit", "example")
_CHOICES = ("choices", "rows")
_FIELDS = {"fields", "columns"}
_SCALES = (("levels", "level"), ("elements", "element"), ("instruments", "instrument"))
_FIELD_PARTS = ("label", "hint", "unit")


def with_texts(raw: Raw, say: Say) -> Raw:
    """The content of a bank file with every English string replaced by what `say` gives.

    Works for banks (sections of items) and for `common` (texts, levels, elements).
    """
    code = raw["code"]
    result = {**raw, **_parts(raw, ("title", "purpose"), code, say)}
    if "texts" in raw:
        result["texts"] = {k: say(f"{code}:{k}", t) for k, t in raw["texts"].items()}
    for name, prefix in _SCALES:
        if name in raw:
            result[name] = _choices(raw[name], prefix, say)
    lists = raw.get("lists", {})
    result["lists"] = {n: _choices(each, f"list-{n}", say) for n, each in lists.items()}
    if "sections" in raw:
        result["sections"] = [_section(section, say) for section in raw["sections"]]
    return result


def _parts(raw: Mapping[str, Any], names: tuple[str, ...], code: str, say: Say) -> Raw:
    return {name: say(f"{code}:{name}", raw[name]) for name in names if raw.get(name)}


def _choices(choices: list[Raw], prefix: str, say: Say) -> list[Raw]:
    return [
        {**each, **_parts(each, ("label", "text"), f"{prefix}/{each['code']}", say)}
        for each in choices
    ]


def _section(section: Raw, say: Say) -> Raw:
    texts = _parts(section, ("title", "introduction", "who", "documents"), section["code"], say)
    return {**section, **texts, "items": [_item(item, say) for item in section["items"]]}


def _item(item: Raw, say: Say) -> Raw:
    code = item["code"]
    result = {**item, **_parts(item, _ITEM_PARTS, code, say)}
    result |= {name: _choices(item[name], code, say) for name in _CHOICES if name in item}
    for name in _FIELDS & item.keys():
        result[name] = [_field(field, code, say) for field in item[name]]
    if "levels" in item:
        result["levels"] = [say(f"{code}/{n}:text", t) for n, t in enumerate(item["levels"])]
    if "checks" in item:
        result["checks"] = [_check(check, code, say) for check in item["checks"]]
    if "evidence" in item:
        result["evidence"] = _evidence(item["evidence"], code, say)
    if "open" in item:
        result["open"] = _open(item["open"], code, say)
    return result


def _field(field: Raw, item: str, say: Say) -> Raw:
    code = f"{item}-{field['code']}"
    result = {**field, **_parts(field, _FIELD_PARTS, code, say)}
    if "choices" in field:
        result["choices"] = _choices(field["choices"], code, say)
    return result


def _check(check: Raw, item: str, say: Say) -> Raw:
    return {**check, **_parts(check, ("message",), f"{item}-{check['code']}", say)}


def _evidence(evidence: Raw, code: str, say: Say) -> Raw:
    asked = evidence.get("ask")
    return {**evidence, "ask": say(f"{code}:evidence", asked)} if asked else evidence


def _open(rows: Raw, item: str, say: Say) -> Raw:
    example = rows.get("example") or {}
    said = {code: say(f"{item}-{code}:example", text) for code, text in example.items()}
    return {**rows, "example": said}
