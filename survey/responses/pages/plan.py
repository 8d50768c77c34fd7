"""A workbook that came home as plain values: what it would change, what is in doubt, what else
stands in it."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from survey.core.answers import ROW
from survey.responses.pages.fields import Shown
from survey.responses.pages.plan_items import (
    Looked,
    change_shown,
    conflict_shown,
    doubts_shown,
    extra_shown,
    other_shown,
    removal_shown,
)
from survey.responses.plan_forms import CONFLICT, REMOVALS, is_doubt
from survey.workbooks.plan import Plan, PlanItem

AT_FIRST: Final = 20  # changes that stand on the page; the others are one click away
_TAKEN: Final = ("unchanged", "new", "changed", CONFLICT)
_ELSEWHERE: Final = ("unreadable", "row_mismatch", "not_yours", "not_in_version")


def questions_in_conflict(plan: Plan) -> set[str]:
    """The questions whose authors the page names."""
    return {item.code for item in plan.items if item.kind == CONFLICT}


def plan_shown(looked: Looked) -> Shown:
    """A plan as `responses/plan.html` takes it."""
    plan = looked.plan
    conflicts = [conflict_shown(looked, item) for item in looked.of(CONFLICT)]
    doubts = doubts_shown(looked)
    removals = [removal_shown(looked, item) for item in looked.of(*REMOVALS)]
    changes = [change_shown(looked, item) for item in _alone(looked.of("new", "changed"))]
    others = [item for item in looked.of(*_ELSEWHERE) if not is_doubt(item)]
    extras = [extra_shown(looked, place, each) for place, each in enumerate(plan.extras)]
    can_keep = any(extra["can_keep"] for extra in extras)
    return {
        "sentences": sentences(plan, len(conflicts)),
        "counts": counts_shown(plan.counts),
        "conflicts": conflicts,
        "doubts": doubts,
        "removals": removals,
        "changes": changes[:AT_FIRST],
        "more_changes": changes[AT_FIRST:],
        "change_count": plan.counts["new"] + plan.counts["changed"],
        "others": [other_shown(looked, item) for item in others],
        "extras": extras,
        "can_keep": can_keep,
        "seen": [each["key"] for each in (*conflicts, *doubts, *removals)],
        "waiting": len(conflicts) + len(doubts),
        "can_apply": can_keep or bool(conflicts or doubts or removals or changes),
        "has_notes": any(item.problem and item.cell for item in plan.items),
        "problems": [(words, f"#{name}") for name, words in looked.errors.items()],
    }


def _alone(items: list[PlanItem]) -> list[PlanItem]:
    """The changes without the cells of new rows, which are told with their row."""
    rows = {(item.code, item.row) for item in items if item.part == ROW and item.kind == "new"}
    return [item for item in items if item.part == ROW or (item.code, item.row) not in rows]


def counts_shown(counts: Mapping[str, int]) -> list[tuple[int, str]]:
    """The figures of a plan with their words; what did not happen is left out."""
    of = {kind: counts.get(kind, 0) for kind in (*_TAKEN, *REMOVALS, *_ELSEWHERE, "ambiguous")}
    told = {
        "unchanged": ngettext("unchanged", "unchanged", of["unchanged"]),
        "new": ngettext("new", "new", of["new"]),
        "changed": ngettext("changed", "changed", of["changed"]),
        CONFLICT: ngettext("with two versions", "with two versions", of[CONFLICT]),
        "emptied": ngettext("emptied", "emptied", of["emptied"]),
        "row_removed": ngettext("missing row", "missing rows", of["row_removed"]),
        "unreadable": ngettext("could not be read", "could not be read", of["unreadable"]),
        "ambiguous": ngettext("in doubt", "in doubt", of["ambiguous"]),
        "row_mismatch": ngettext(
            "in the row of another question", "in rows of other questions", of["row_mismatch"]
        ),
        "not_yours": ngettext("of somebody else", "of somebody else", of["not_yours"]),
        "not_in_version": ngettext(
            "not asked any more", "not asked any more", of["not_in_version"]
        ),
    }
    always = ("unchanged", "new", "changed")
    return [(of[kind], str(word)) for kind, word in told.items() if of[kind] or kind in always]


def sentences(plan: Plan, conflicts: int) -> list[str]:
    """What the workbook brings and what waits, in whole sentences."""
    if plan.is_empty:
        return [str(_("It brings nothing new: every answer in it is as it stands here."))]
    count = plan.counts["new"] + plan.counts["changed"]
    looks = sum(number for kind, number in plan.counts.items() if kind not in _TAKEN)
    told = [str(_("It brings no new or changed values."))]
    if count:
        words = ngettext(
            "It brings %(num)d new or changed value.",
            "It brings %(num)d new or changed values.",
            count,
        )
        told = [str(words)]
    if conflicts:
        words = ngettext(
            "%(num)d has two versions, and you decide which one stands.",
            "%(num)d have two versions, and you decide which one stands.",
            conflicts,
        )
        told.append(str(words))
    if looks:
        words = ngettext(
            "%(num)d point is worth a look.", "%(num)d points are worth a look.", looks
        )
        told.append(str(words))
    return told
