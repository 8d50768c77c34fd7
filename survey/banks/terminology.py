"""One term, one translation: whether translations use the words of the glossary (`domain.md` 3)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

from survey.core.instrument import Text
from survey.core.problems import Problem

_ADDRESS: Final = re.compile(r"https?://\S+")
_EXCUSED: Final = re.compile(r"glossary (?P<term>[a-z_]+): \S")


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A term and the forms each language accepts for it, the preferred one first.

    In a form `*` stands for any ending of a word.
    """

    key: str
    en: tuple[str, ...]
    es: tuple[str, ...]
    pt: tuple[str, ...]
    fr: tuple[str, ...]


def read_glossary(path: Path) -> tuple[Term, ...]:
    """The terms of `glossary.yaml`, in its order."""
    raw = yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)  # noqa: S506 - makes strings only
    return msgspec.convert(raw, tuple[Term, ...])


def term_problems(
    texts: Mapping[str, Text], excuses: Mapping[str, Mapping[str, str]], terms: Sequence[Term]
) -> Iterator[Problem]:
    """Each text whose English has a term that a translation of it does not render as agreed.

    `texts`: key -> text; `excuses`: language -> key -> comments of the translator, which excuse a
    term by `glossary <term>: why`.
    """
    for key, text in texts.items():
        for term in _terms_in(text["en"], tuple(terms)):
            for language, words in text.items():
                accepted: tuple[str, ...] = getattr(term, language)
                excused = _excused(excuses.get(language, {}).get(key, ""))
                if not _says(words, accepted) and term.key not in excused:
                    yield _problem(key, term, language, accepted[0])


def _problem(key: str, term: Term, language: str, preferred: str) -> Problem:
    where, _, part = key.rpartition(":")
    params = {
        "part": part,
        "language": language,
        "term": term.en[0].replace("*", ""),
        "name": preferred.replace("*", ""),
    }
    return Problem(code="term_not_used", where=where, params=params)


def _terms_in(words: str, terms: Sequence[Term]) -> list[Term]:
    """The terms of an English text; where two overlap, the one that begins first, else the longer.

    Web addresses are no text.
    """
    said = _ADDRESS.sub(" ", words).lower()
    found = [
        (each.start(), -each.end(), number)
        for number, term in enumerate(terms)
        if any(beginning in said for beginning in _beginnings(term.en))
        for each in _pattern(term.en).finditer(said)
    ]
    kept: dict[int, None] = {}
    end = 0
    for start, negative_end, number in sorted(found):
        if start >= end:
            kept[number] = None
            end = -negative_end
    return [terms[number] for number in kept]


@lru_cache(maxsize=1024)
def _beginnings(forms: tuple[str, ...]) -> tuple[str, ...]:
    """What a text has in any case if it has one of the forms: most texts have none of it."""
    return tuple(re.split(r"[* ]", form.lower(), maxsplit=1)[0] for form in forms)


def _excused(comments: str) -> frozenset[str]:
    return frozenset(found["term"] for found in _EXCUSED.finditer(comments))


def _says(words: str, forms: tuple[str, ...]) -> bool:
    return bool(_pattern(forms).search(words))


@lru_cache(maxsize=1024)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the forms as whole words; a space is any white space, a line may end there."""
    return re.compile("|".join(map(_told, forms)), re.IGNORECASE)


def _told(form: str) -> str:
    words = "".join(map(_part, re.split(r"(\*| )", form)))
    return rf"(?<!\w){words}(?!\w)"


def _part(sign: str) -> str:
    return {"*": r"\w*", " ": r"\s+"}.get(sign, re.escape(sign))
