"""How a country calls its institutions, put into the texts of questions (`domain.md` 0.4).

A text names an institution by a variable and says which form it needs: `{SAI}` is the name bare,
`{SAI.the}` with its article, `{SAI.of}`, `{SAI.to}`, `{SAI.in}` and `{SAI.by}` behind those
prepositions, contracted as the language wants (del, do, du, au, pelo); `{SAI.The}` begins a
sentence. Variables: the keys of `names` in `question_banks/common/bank.yaml`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from survey.core.instrument import Instrument, Name, Names, Text
from survey.core.wording import with_texts

_VARIABLE: Final = re.compile(r"\{(?P<variable>[A-Z][A-Z_]*)(?:\.(?P<form>[A-Za-z]+))?\}")
FORMS: Final = frozenset({"", "the", "of", "to", "in", "by"})
_VOWELS: Final = frozenset("aeiouàâäéèêëîïôöùûüœ")


def variables_of(text: str) -> frozenset[str]:
    """The variables a text names."""
    return frozenset(found["variable"] for found in _VARIABLE.finditer(text))


def unknown_forms(text: str) -> frozenset[str]:
    """What stands behind a dot in a variable of `text` and is no form of a name."""
    forms = {found["form"] or "" for found in _VARIABLE.finditer(text)}
    return frozenset(form for form in forms if _uncapitalized(form) not in FORMS)


def in_words_of(instrument: Instrument, names: Names) -> Instrument:
    """The instrument with every variable replaced: by a name of `names`, else by the general one.

    A variable nobody has a name for stays as it is; publishing excludes it.
    """

    def said(text: Text) -> Text:
        return {
            language: named(words, language, names, instrument.names) if "{" in words else words
            for language, words in text.items()
        }

    return with_texts(instrument, said)


def named(text: str, language: str, *names: Names) -> str:
    """`text` with the variables replaced by the first of `names` that has them in `language`."""

    def replaced(found: re.Match[str]) -> str:
        name = next((n for each in names if (n := _name(each, found["variable"], language))), None)
        return found[0] if name is None else _in_form(name, language, found["form"] or "")

    return _VARIABLE.sub(replaced, text)


def _name(names: Names, variable: str, language: str) -> Name | None:
    return names.get(variable, {}).get(language)


def _in_form(name: Name, language: str, form: str) -> str:
    words = form_of(name, language, _uncapitalized(form))
    return words[:1].upper() + words[1:] if form[:1].isupper() else words


def _uncapitalized(form: str) -> str:
    return form[:1].lower() + form[1:]


def form_of(name: Name, language: str, form: str) -> str:
    """A name behind its article or preposition; an unknown form or language gives it bare."""
    if not form or form not in FORMS:
        return name.name
    return _GRAMMARS.get(language, _bare)(name, form)


def _bare(name: Name, _form: str) -> str:
    return name.name


def _english(name: Name, form: str) -> str:
    full = f"the {name.name}" if name.article else name.name
    return full if form == "the" else f"{form} {full}"


def _spanish(name: Name, form: str) -> str:
    article = _by_kind(name, "el", "la", "los", "las")
    preposition = {"the": "", "of": "de", "to": "a", "in": "en", "by": "por"}[form]
    if article == "el" and form in ("of", "to"):
        return f"{'del' if form == 'of' else 'al'} {name.name}"
    return _joined(preposition, article, name.name)


def _portuguese(name: Name, form: str) -> str:
    article = _by_kind(name, "o", "a", "os", "as")
    if not article:
        preposition = {"the": "", "of": "de", "to": "a", "in": "em", "by": "por"}[form]
        return _joined(preposition, name.name)
    contracted = {
        "the": article,
        "of": f"d{article}",
        "to": {"o": "ao", "a": "à", "os": "aos", "as": "às"}[article],
        "in": f"n{article}",
        "by": f"pel{article}",
    }
    return f"{contracted[form]} {name.name}"


def _french(name: Name, form: str) -> str:
    preposition = {"the": "", "of": "de", "to": "à", "in": "dans", "by": "par"}[form]
    if not name.article:
        return (
            f"d'{name.name}" if form == "of" and _elides(name) else _joined(preposition, name.name)
        )
    if _elides(name) and not name.plural:
        return f"{preposition} l'{name.name}".lstrip()
    article = _by_kind(name, "le", "la", "les", "les")
    contracted = {
        ("of", "le"): "du",
        ("of", "les"): "des",
        ("to", "le"): "au",
        ("to", "les"): "aux",
    }
    if (form, article) in contracted:
        return f"{contracted[form, article]} {name.name}"
    return _joined(preposition, article, name.name)


def _elides(name: Name) -> bool:
    """Before a vowel; before h only where the name says so (l'Hôtel, but la Haute Autorité)."""
    return name.elides or name.name[:1].lower() in _VOWELS


def _by_kind(name: Name, *articles: str) -> str:
    """One of: masculine, feminine, masculine plural, feminine plural; "" without an article."""
    if not name.article:
        return ""
    return articles[(name.gender == "f") + 2 * name.plural]


def _joined(*words: str) -> str:
    return " ".join(word for word in words if word)


_GRAMMARS: Final[Mapping[str, Callable[[Name, str], str]]] = {
    "en": _english,
    "es": _spanish,
    "pt": _portuguese,
    "fr": _french,
}
