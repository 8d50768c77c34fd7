"""Figures that hold on any machine: two deeds measured in turn, medians of their ratios."""

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec

WARM_UP: Final = 2  # rounds that are not counted

Deed = Callable[[], Any]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure. `bar` is what it may be at most; None: for information."""

    name: str
    value: float
    unit: str
    bar: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether it is within its bar; None: it has none."""
        return None if self.bar is None else self.value <= self.bar


def seconds(deed: Deed) -> float:
    """How long a deed takes, what came before it cleared away."""
    gc.collect()
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


def in_turn(ours: Deed, peer: Deed, rounds: int) -> tuple[float, float]:
    """The median of our seconds, and the median of their ratio to the peer's, round by round.

    Who goes first changes with every round, so that a machine that slows down favours nobody.
    """
    pairs = []
    warm_up = warming(rounds)
    for number in range(rounds + warm_up):
        if number % 2:
            other, own = seconds(peer), seconds(ours)
        else:
            own, other = seconds(ours), seconds(peer)
        pairs.append((own, own / other))
    kept = pairs[warm_up:]
    return statistics.median(own for own, _ in kept), statistics.median(r for _, r in kept)


def repeated(deed: Callable[[int], float], rounds: int) -> float:
    """The median of what `deed(round)` measures, the first rounds left out."""
    warm_up = warming(rounds)
    return statistics.median([deed(number) for number in range(rounds + warm_up)][warm_up:])


def warming(rounds: int) -> int:
    """The rounds before those that count; a single one is only to see that it runs."""
    return WARM_UP if rounds > 1 else 0
