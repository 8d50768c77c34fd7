"""`python -m tests.benchmarks --to bench.json`: measures every row of `design.md` 10 that exists.

Each figure is a ratio or a count of one run, or the server's own milliseconds; the table and the
file say of each whether its bar holds.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from tests.benchmarks import banks, compiling, crash, expressions, pages, workbooks
from tests.benchmarks.measuring import Figure

PARTS: Final[Mapping[str, Callable[[bool], Iterator[Figure]]]] = {
    "pages": pages.rows,
    "compiling": compiling.rows,
    "banks": banks.rows,
    "expressions": expressions.rows,
    "workbooks": workbooks.rows,
    "crash": crash.rows,
}


def main(arguments: list[str] | None = None) -> int:
    """Measures, prints a line a figure as it comes, and writes them all."""
    reader = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    reader.add_argument("--to", type=Path, help="write the figures to this JSON file")
    reader.add_argument("--quick", action="store_true", help="few rounds: does it run at all?")
    reader.add_argument("--only", choices=PARTS, action="append", help="one part; may be repeated")
    given = reader.parse_args(arguments)
    figures = []
    for part in given.only or PARTS:
        for figure in PARTS[part](given.quick):
            figures.append(figure)
            sys.stdout.write(line(figure) + "\n")
            sys.stdout.flush()
    if given.to:
        given.to.write_bytes(document(figures))
    return 0


def line(figure: Figure) -> str:
    """A figure as a line of the table."""
    bar = "" if figure.bar is None else f"at most {figure.bar:g}"
    word = {True: "holds", False: "DOES NOT HOLD", None: ""}[figure.holds]
    return f"{figure.name:<76}{figure.value:>10,.2f} {figure.unit:<24}{bar:<14}{word}".rstrip()


def document(figures: list[Figure]) -> bytes:
    """All figures as JSON."""
    found = [
        {
            "name": figure.name,
            "value": round(figure.value, 3),
            "unit": figure.unit,
            "bar": figure.bar,
            "holds": figure.holds,
        }
        for figure in figures
    ]
    return msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"


if __name__ == "__main__":
    sys.exit(main())
