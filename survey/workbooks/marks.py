"""The same file back, with each problem as a note on its cell."""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from survey.core.problems import Problem
from survey.workbooks.child import MEMORY, SECONDS, accepted, run
from survey.workbooks.extras import SIGN
from survey.workbooks.guard import check_outside
from survey.workbooks.plan import Plan, PlanItem

LONGEST: Final = 2_000


def mark_problems(
    content: bytes,
    plan: Plan,
    words: Callable[[Problem], str],
    timeout: int = SECONDS,
    memory: int = 2 * MEMORY,
) -> bytes:
    """The file with a note on each cell that gave no value, in the words of `words`.

    Everything else stays as it was, but for what openpyxl cannot keep (data bars).

    Raises:
        Unreadable: see `child.read_apart`.
    """
    check_outside(content)
    notes = msgspec.json.encode(list(_notes(plan.items, words)))
    payload = len(notes).to_bytes(8, "big") + notes + content
    return accepted(run("marking", payload, timeout, memory, libraries=True))


def _notes(
    items: Iterable[PlanItem], words: Callable[[Problem], str]
) -> Iterable[tuple[str, str, str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for item in items:
        if item.problem and item.sheet and item.cell:
            found.setdefault((item.sheet, item.cell), []).append(words(item.problem))
    for (sheet, cell), texts in found.items():
        yield sheet, cell, f"{SIGN}\n{chr(10).join(dict.fromkeys(texts))}"[:LONGEST]
