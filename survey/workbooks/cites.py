"""The numbers of documents that a cell cites: `1, 3` or `1-3`."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from survey.workbooks.cells import Doubt, Shown, doubt

SPLIT: Final = re.compile(r"[,;/+&\s]+|\b(?:y|e|and|et)\b")
ONE: Final = re.compile(r"(?:n\.?º|no\.|n°|#)?(\d{1,6})\.?(?:[-–—](\d{1,6}))?", re.I)
MOST: Final = 500


def read_cites(shown: Shown, documents: Mapping[int, str]) -> tuple[str, ...] | Doubt:
    """The row ids of the documents a cell cites, in its order, or the doubt about it."""
    numbers = list(_numbers(shown))
    if not numbers or None in numbers or len(numbers) > MOST:
        return doubt("unreadable", "cell_no_citation", shown)
    cited = [number for number in numbers if number is not None]
    unknown = [number for number in cited if number not in documents]
    if unknown:
        found = doubt("unreadable", "cell_unknown_document", shown)
        return _with_number(found, unknown[0])
    return tuple(dict.fromkeys(documents[number] for number in cited))


def _with_number(found: Doubt, number: int) -> Doubt:
    problem = type(found.problem)(
        code=found.problem.code, params={**found.problem.params, "number": number}
    )
    return Doubt(found.kind, problem)


def _numbers(shown: Shown) -> Iterator[int | None]:
    if shown.kind == "number":
        is_count = shown.looks == "plain" and shown.number == shown.number.to_integral_value()
        yield int(shown.number) if is_count and shown.number > 0 else None
        return
    text = shown.text.lower().replace("n.º ", "n.º").replace("no. ", "no.").replace("# ", "#")
    for word in SPLIT.split(re.sub(r"\s*[-–—]\s*", "-", text)):
        if word:
            yield from _range(word)


def _range(word: str) -> Iterator[int | None]:
    found = ONE.fullmatch(word)
    if not found:
        yield None
        return
    first = int(found[1])
    last = int(found[2]) if found[2] else first
    if not 0 < first <= last <= first + MOST:
        yield None
        return
    yield from range(first, last + 1)
