"""Conditions evaluated warm, against the same conditions written by hand in Python."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Any, Final

import msgspec

from survey.core.expressions.evaluate import Column, compile_expression
from survey.core.expressions.kinds import Reference
from survey.core.expressions.parse import parse
from survey.core.expressions.values import truth
from tests.benchmarks.measuring import Figure

NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
BAR: Final = 4
AT_ONCE: Final = 400  # evaluations between two looks at the clock

Values = Callable[[str], Any]
Run = Callable[[Values, datetime], Any]

SCOPE: Final[Mapping[str, Reference]] = {
    "A1": Reference("choice", frozenset({"yes", "progress", "no"})),
    "B1": Reference("choice", frozenset({"centre", "ministry", "none"})),
    "C7": Reference("number", frozenset("01234")),
    "A6": Reference("multiple", frozenset({"central", "local", "none"})),
    "B5": Reference("number"),
    "B6": Reference("number"),
    "D1": Reference("date"),
    "D2": Reference("date"),
    "E1": Reference("text"),
    "T1": Reference("number", roster="T"),
}
# What the fields hold while they are measured: each expression with every combination of these.
HELD: Final[Mapping[str, tuple[Any, ...]]] = {
    "A1": ("yes", "no", ""),
    "B1": ("ministry", "none", ""),
    "C7": (Decimal(3), Decimal(1), ""),
    "A6": (("central", "local"), ("none",), ""),
    "B5": (Decimal(12), Decimal("0"), ""),
    "B6": (Decimal("8"), Decimal("45.5"), ""),
    "D1": ("2024-08", "2026-12-31", ""),
    "D2": ("2027-12-31", "2024", ""),
    "E1": ("Porque la ley lo pide", "No", ""),
    "T1": (Column((Decimal(2), "", Decimal(7))), Column(())),
}


class Case(msgspec.Struct, frozen=True):
    """A condition of a bank and what somebody would write in Python instead of it."""

    source: str
    by_hand: Run


def _is_late(values: Values, now: datetime) -> bool:
    end, start = values("D2"), values("D1")
    if not end or not start:
        return False
    length = min(len(end), len(start))
    return bool(end[:length] < start[:length])


def _has_passed(values: Values, now: datetime) -> bool:
    end, today = values("D2"), now.date().isoformat()
    return bool(end) and end < today[: len(end)]


def _is_over(values: Values, now: datetime) -> bool:
    minutes, meetings = values("B6"), values("B5")
    return minutes != "" and meetings != "" and minutes > meetings


def _high_without_law(values: Values, now: datetime) -> bool:
    level = values("C7")
    if level == "" or level < 3:
        return False
    lead = values("B1")
    return lead == "none" or values("A1") == "no"


def _is_far(values: Values, now: datetime) -> bool:
    one, other = values("B5"), values("B6")
    if one == "" or other == "":
        return False
    return abs(one - other) > 5


def _share(values: Values, now: datetime) -> bool:
    one, other = values("B5"), values("B6")
    if one == "" or other == "" or not other:
        return False
    return round(100 * one / other, 9) > 50


def _at_least(code: str, bound: Decimal) -> Run:
    def run(values: Values, now: datetime) -> bool:
        value = values(code)
        return value != "" and value >= bound

    return run


def _sum(values: Values, now: datetime) -> bool:
    return sum(value for value in values("T1") if value != "") > 4


def _count(values: Values, now: datetime) -> bool:
    return sum(1 for value in values("T1") if value != "") > 0


def _chosen(values: Values, now: datetime) -> bool:
    return (values("C7") if values("A1") == "yes" else 0) == 3


CASES: Final = (
    Case("${A1} = 'yes'", lambda values, now: values("A1") == "yes"),
    Case("${A1} = ''", lambda values, now: values("A1") == ""),
    Case(
        "${A1} = 'yes' or ${A1} = 'progress'",
        lambda values, now: values("A1") == "yes" or values("A1") == "progress",
    ),
    Case(
        "${B1} != '' and ${B1} != 'none'",
        lambda values, now: values("B1") != "" and values("B1") != "none",
    ),
    Case(
        "${A1} = 'yes' and ${B1} = 'ministry' and ${E1} != ''",
        lambda values, now: (
            values("A1") == "yes" and values("B1") == "ministry" and values("E1") != ""
        ),
    ),
    Case("${C7} >= 3", _at_least("C7", Decimal(3))),
    Case("${B5} = 0", lambda values, now: values("B5") == 0),
    Case("${B6} > ${B5}", _is_over),
    Case("selected(${A6}, 'local')", lambda values, now: "local" in values("A6")),
    Case(
        "${A6} != '' and not(selected(${A6}, 'none'))",
        lambda values, now: values("A6") != "" and "none" not in values("A6"),
    ),
    Case("count-selected(${A6}) > 1", lambda values, now: len(values("A6")) > 1),
    Case("string-length(${E1}) < 20", lambda values, now: len(values("E1")) < 20),
    Case("${C7} >= 3 and (${B1} = 'none' or ${A1} = 'no')", _high_without_law),
    Case("${D2} < ${D1}", _is_late),
    Case("${D2} < today()", _has_passed),
    Case("abs(${B5} - ${B6}) > 5", _is_far),
    Case("100 * ${B5} div ${B6} > 50", _share),
    Case("if(${A1} = 'yes', ${C7}, 0) = 3", _chosen),
    Case("sum(${T1}) > 4", _sum),
    Case("count-non-empty(${T1}) > 0", _count),
)


class Differs(AssertionError):
    """What is compared does not say the same: the figure would mean nothing."""


def rows(quick: bool) -> Iterator[Figure]:
    """The worst and the median ratio of all conditions, and which is the worst."""
    ratios = {case.source: ratio(case, 3 if quick else 25) for case in CASES}
    worst = max(ratios, key=ratios.__getitem__)
    for source, value in sorted(ratios.items(), key=lambda each: -each[1])[:5]:
        yield Figure(name=f"condition {source}", value=value, unit="x Python", bar=BAR)
    median = statistics.median(ratios.values())
    yield Figure(name="conditions, the median of all", value=median, unit="x Python", bar=BAR)
    yield Figure(name="conditions, the worst", value=ratios[worst], unit="x Python", bar=BAR)


def ratio(case: Case, rounds: int) -> float:
    """How many times as long as by hand, over everything its fields may hold."""
    run = compile_expression(parse(case.source), SCOPE)
    held = _held(case.source)
    _same(case, run, held)
    found = []
    for _ in range(rounds):
        ours = _timed(run, held)
        found.append(ours / _timed(case.by_hand, held))
    return statistics.median(found)


def _held(source: str) -> list[Values]:
    codes = [code for code in HELD if f"${{{code}}}" in source]
    combinations = product(*(HELD[code] for code in codes))
    return [dict(zip(codes, values, strict=True)).__getitem__ for values in combinations]


def _same(case: Case, run: Run, held: list[Values]) -> None:
    for values in held:
        if truth(run(values, NOW)) != truth(case.by_hand(values, NOW)):
            raise Differs(case.source)


def _timed(run: Run, held: list[Values]) -> float:
    passes = AT_ONCE // len(held) + 1
    started = time.perf_counter()
    for _ in range(passes):
        for values in held:
            run(values, NOW)
    return time.perf_counter() - started
