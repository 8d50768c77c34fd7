"""The documents that a country lists, which answers cite them, and how old they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from survey.core.answers import EMPTY, Row, Stored
from survey.core.instrument import EVIDENCE
from survey.core.state import State

OLD_MONTHS: Final = 36  # `domain.md` 6.1, part 7


@dataclass(frozen=True, slots=True)
class Document:
    """One row of the evidence list. `fields`: column without `evidence-` -> stored value.

    `cited_by`: codes of the questions asked that cite it; `months`: its age when the answers were
    sealed, None: it has no date.
    """

    id: str
    number: int
    fields: Mapping[str, Stored]
    cited_by: tuple[str, ...]
    months: int | None

    @property
    def is_old(self) -> bool:
        """It is dated more than 36 months before the answers were sealed."""
        return self.months is not None and self.months > OLD_MONTHS


def documents(state: State) -> tuple[Document, ...]:
    """The documents in the order in which they are numbered."""
    rows = state.answers.get(EVIDENCE, EMPTY).rows
    found = [_document(state, row, place) for place, row in enumerate(rows, 1)]
    return tuple(sorted(found, key=lambda each: each.number))


def _document(state: State, row: Row, place: int) -> Document:
    fields: dict[str, Any] = {
        code.removeprefix(f"{EVIDENCE}-"): value for code, value in row.fields.items()
    }
    return Document(
        id=row.id,
        number=number_of(row, place),
        fields=fields,
        cited_by=tuple(
            code
            for code in state.program.index.questions
            if row.id in state.answers.get(code, EMPTY).evidence and state.questions[code].is_asked
        ),
        months=months_since(str(fields.get("date") or ""), state.now),
    )


def number_of(row: Row, place: int) -> int:
    """The number people cite a document by; its place when it was given none."""
    given = str(row.fields.get(f"{EVIDENCE}-number") or "")
    return int(given) if given.isdigit() else place


def months_since(dated: str, now: datetime) -> int | None:
    """The whole months since an ISO date, which may be partial; of a year: since its end."""
    year, _, rest = dated.partition("-")
    if not year.isdigit():
        return None
    month = int(rest[:2]) if rest[:2].isdigit() else 12
    return (now.year - int(year)) * 12 + now.month - month
