"""Instruments checked and compiled, and what one answer costs to work out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from survey.core.answers import Part, with_parts
from survey.core.checking import problems_of
from survey.core.program import Program
from survey.core.state import advance, state_of
from tests.benchmarks import instruments
from tests.benchmarks.measuring import Figure, in_turn, repeated, seconds

COUNT: Final = 1000
SMALL: Final = 60  # of a hurried run
BAR: Final = 1  # second
NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)


class NotClean(AssertionError):
    """The instrument has problems: checking it measures something else."""


def rows(quick: bool) -> Iterator[Figure]:
    """Checking and compiling; then the state after one answer against that of all."""
    rounds = 1 if quick else 7
    count = SMALL if quick else COUNT
    instrument = instruments.instrument(count)
    if problems_of(instrument):
        raise NotClean(problems_of(instrument)[0].code)

    def compiled() -> None:
        problems_of(instrument)
        Program(instrument)

    name = f"check and compile an instrument of {count:,} questions"
    yield Figure(name=name, value=repeated(lambda _: seconds(compiled), rounds), unit="s", bar=BAR)
    yield from _states(Program(instrument), count, rounds)


def _states(program: Program, count: int, rounds: int) -> Iterator[Figure]:
    answers = instruments.answers(program.index)
    before = state_of(program, answers, NOW)
    code = instruments.code_of(1)
    after = with_parts(answers, {Part(code, "", code): "no"})
    own, ratio = in_turn(
        lambda: advance(before, after, [code], NOW), lambda: state_of(program, after, NOW), rounds
    )
    name = f"state after one answer of {count:,}"
    yield Figure(name=name, value=own * 1000, unit="ms")
    yield Figure(name=name, value=ratio, unit="x the state of all")
