"""Choices in cells: by label in any language of the version, folded, or by code."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from survey.core.answers import Stored
from survey.core.instrument import Choice, Field, Index
from survey.workbooks.cells import Doubt, Shown, doubt

# What spreadsheets of these languages make of a yes or no (`VERDADERO` in a Spanish Excel).
TRUE: Final = frozenset({"true", "verdadero", "verdadeiro", "vrai"})
FALSE: Final = frozenset({"false", "falso", "faux"})
NOT_MARKED: Final = frozenset({"no", "n", "nao", "non", "0", *FALSE})
EDGES: Final = " .,;:·•*\"'«»“”‘’()[]-–—\u00a0"
LABEL: Final = 200  # characters; longer texts are hardly ever folded twice
PARENTHESIS: Final = re.compile(r"\s*\([^)]*\)\s*$")
LEVEL: Final = re.compile(r"(\d)\s*(?:[·.:)\-–—]\s*|\s|$)(.*)", re.S)


def fold(text: str) -> str:
    """A label without case, accents, doubled blanks and signs around it."""
    return _folded(text) if len(text) <= LABEL else _folded.__wrapped__(text)


@lru_cache(maxsize=8192)  # the labels of a questionnaire come again with every file
def _folded(text: str) -> str:
    plain = text.casefold()
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(plain.split()).strip(EDGES)


class ChoiceReader:
    """Finds choices by what people write; made once for a file, it keeps its look-ups."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._names: dict[str, Mapping[str, frozenset[str]]] = {}

    def read(self, field: Field, shown: Shown) -> Stored | Doubt:
        """The code of the choice a cell names, or the doubt about it."""
        if shown.kind == "error":
            return doubt("unreadable", "cell_no_choice", shown)
        if shown.kind == "bool":
            return self._truth(field, shown, is_true=shown.text == "TRUE")
        name = fold(shown.text)
        found = sorted(self._of(field).get(name, ()))
        if len(found) == 1:
            return found[0]
        if found:
            return doubt("ambiguous", "cell_which_choice", shown, *found)
        if name in TRUE or name in FALSE:
            return self._truth(field, shown, is_true=name in TRUE)
        return self._level(field, shown)

    def _of(self, field: Field) -> Mapping[str, frozenset[str]]:
        key = field.list or field.code
        if key not in self._names:
            self._names[key] = names_of(self.index.choices(field))
        return self._names[key]

    def _truth(self, field: Field, shown: Shown, *, is_true: bool) -> Stored | Doubt:
        code = "yes" if is_true else "no"
        if field.type in ("yes_no", "progress") and code in self._of(field):
            return code
        return doubt("unreadable", "cell_no_choice", shown)

    def _level(self, field: Field, shown: Shown) -> Stored | Doubt:
        """`2 · En desarrollo` in a language or spelling of its own: the digit, if it fits."""
        options: set[str] = set()
        found = LEVEL.fullmatch(shown.text.strip())
        if found and field.type == "maturity":
            names = self._of(field)
            options = {*names.get(found[1], ()), *names.get(fold(found[2]), ())}
            if len(options) == 1 and names.get(fold(found[2])):
                return options.pop()
        kind = "ambiguous" if len(options) > 1 else "unreadable"
        return doubt("ambiguous" if kind == "ambiguous" else "unreadable", "cell_no_choice", shown,
                     *sorted(options))  # fmt: skip


def names_of(choices: Iterable[Choice]) -> dict[str, frozenset[str]]:
    """Folded name -> codes of the choices it may mean; a full label wins over a short one."""
    full: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    for choice in choices:
        full.setdefault(fold(choice.code), set()).add(choice.code)
        for label in choice.label.values():
            full.setdefault(fold(label), set()).add(choice.code)
            full.setdefault(fold(f"{choice.code} {label}"), set()).add(choice.code)
            full.setdefault(fold(f"{choice.code} · {label}"), set()).add(choice.code)
            short.setdefault(fold(PARENTHESIS.sub("", label)), set()).add(choice.code)
    every = {**short, **full}
    return {name: frozenset(codes) for name, codes in every.items() if name}


def is_mark(shown: Shown | None) -> bool | None:
    """Whether a cell of a multiple choice is marked; None when it says no in words."""
    if shown is None or (shown.kind == "number" and not shown.number):
        return False
    if shown.kind == "bool":
        return shown.text == "TRUE"
    return None if fold(shown.text) in NOT_MARKED else True
