"""Workbooks written and read back, against the bare libraries doing the same to the same cells."""

import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from openpyxl import load_workbook
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.core.answers import parts_of
from survey.core.program import Program
from survey.core.state import state_of
from survey.responses.exchange import catalogue, file_locale, words
from survey.workbooks import layout
from survey.workbooks.book import Book
from survey.workbooks.child import read_apart
from survey.workbooks.plan import Plan, plan_of
from survey.workbooks.read import read_answers
from survey.workbooks.reading import Export
from survey.workbooks.write import OPTIONS, write_workbook
from tests.benchmarks import instruments
from tests.benchmarks.measuring import Figure, in_turn

SIZES: Final = (60, 300, 1000)
NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOKEN: Final = "8d41c07e5b2f4aa09e637c1db5f28a90"
BAR: Final = 2
MILLISECONDS_AT_300: Final = 250


def rows(quick: bool) -> Iterator[Figure]:
    """Writing, then reading, at every size; small ones in a hurry."""
    for count in SIZES[:1] if quick else SIZES:
        rounds = 1 if quick else {60: 9, 300: 5, 1000: 3}[count]
        yield from _writing(count, rounds)
        yield from _reading(count, rounds)


# writing


def book(count: int, turn: int = 0) -> Book:
    """A workbook of so many questions with their answers."""
    program = _program(count)
    answers = instruments.answers(program.index, turn)
    return Book(
        program=program,
        answers=answers,
        state=state_of(program, answers, NOW),
        sections=(),
        language="es",
        country="Honduras",
        round_title="Ronda 2026",
        people=("Ana Mejía, Secretaría de Transparencia",),
        token=TOKEN,
        sha256="5f0c" * 16,
        made_on=date(2026, 11, 23),
        words=catalogue("es"),
        locale=file_locale("es", "HND"),
    )


@lru_cache(maxsize=4)
def _program(count: int) -> Program:
    return Program(instruments.instrument(count))


def _writing(count: int, rounds: int) -> Iterator[Figure]:
    own = book(count)
    calls = recorded(lambda: write_workbook(io.BytesIO(), own))
    name = f"write a workbook of {count:,} questions"
    for unit, sheet in (("x XlsxWriter", Worksheet), ("x XlsxWriter, hurried", _Hurried)):
        ours, ratio = in_turn(
            lambda: write_workbook(io.BytesIO(), own),
            lambda sheet=sheet: replay(calls, sheet),  # type: ignore[misc]
            rounds,
        )
        yield Figure(name=name, value=ratio, unit=unit, bar=BAR)
    yield Figure(name=name, value=ours * 1000, unit="ms")


class _Hurried(Worksheet):  # type: ignore[misc] # XlsxWriter has no types
    """The stricter peer: it does not look for the names of 120 new functions in every formula."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class Call(msgspec.Struct, frozen=True):
    """One call of XlsxWriter: `target` counts the worksheets, -1 is the workbook."""

    target: int
    method: str
    arguments: tuple[Any, ...]
    named: Mapping[str, Any]


class _Style(msgspec.Struct, frozen=True):
    """The place of a format among those of its workbook."""

    place: int


class _Recorder:
    """Notes the outermost calls of XlsxWriter, with what it takes to make them again."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.depth = 0
        self.sheets: dict[int, int] = {}
        self.styles: dict[int, _Style] = {}

    def around(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def called(own: Any, *arguments: Any, **named: Any) -> Any:
            if not self.depth and name != "__init__":
                self.note(own, name, arguments, named)
            self.depth += 1
            try:
                result = method(own, *arguments, **named)
            finally:
                self.depth -= 1
            if not self.depth:
                self.made(result)
            return result

        return called

    def note(
        self, own: Any, name: str, arguments: tuple[Any, ...], named: Mapping[str, Any]
    ) -> None:
        target = -1 if isinstance(own, Workbook) else self.sheets[id(own)]
        plain = {key: each for key, each in named.items() if key != "worksheet_class"}
        self.calls.append(
            Call(
                target=target,
                method=name,
                arguments=tuple(self.kept(each) for each in arguments),
                named={key: self.kept(each) for key, each in plain.items()},
            )
        )

    def made(self, result: Any) -> None:
        if isinstance(result, Worksheet):
            self.sheets.setdefault(id(result), len(self.sheets))
        elif isinstance(result, Format):
            self.styles.setdefault(id(result), _Style(len(self.styles)))

    def kept(self, value: Any) -> Any:
        """The argument as it is now: XlsxWriter changes some that it is given."""
        if isinstance(value, Format):
            return self.styles[id(value)]
        if isinstance(value, dict):
            return {key: self.kept(each) for key, each in value.items()}
        return [self.kept(each) for each in value] if isinstance(value, list) else value


def recorded(deed: Callable[[], Any]) -> list[Call]:
    """What a deed asks of XlsxWriter."""
    recorder = _Recorder()
    with _listening(recorder):
        deed()
    return recorder.calls


@contextmanager
def _listening(recorder: _Recorder) -> Iterator[None]:
    before = []
    for kind in (Workbook, Worksheet):
        for name, method in list(vars(kind).items()):
            if callable(method) and (name == "__init__" or not name.startswith("_")):
                before.append((kind, name, method))
                setattr(kind, name, recorder.around(name, method))
    try:
        yield
    finally:
        for kind, name, method in before:
            setattr(kind, name, method)


def replay(calls: list[Call], sheet: type[Worksheet]) -> bytes:
    """The same workbook by XlsxWriter alone."""
    target = io.BytesIO()
    workbook = Workbook(target, OPTIONS)
    sheets: list[Worksheet] = []
    styles: list[Format] = []

    def real(value: Any) -> Any:
        if value.__class__ is _Style:
            return styles[value.place]
        if value.__class__ is dict:
            return {key: real(each) for key, each in value.items()}
        return [real(each) for each in value] if value.__class__ is list else value

    for call in calls:
        own = workbook if call.target < 0 else sheets[call.target]
        arguments = [real(each) for each in call.arguments]
        named = {key: real(each) for key, each in call.named.items()} if call.named else {}
        if call.method == "add_worksheet":
            named["worksheet_class"] = sheet
        result = getattr(own, call.method)(*arguments, **named)
        if result.__class__ is sheet:
            sheets.append(result)
        elif result.__class__ is Format:
            styles.append(result)
    return target.getvalue()


# reading


def _reading(count: int, rounds: int) -> Iterator[Figure]:
    content, export, base = came_home(count)

    def ours() -> Plan:
        reading = read_answers(read_apart(content), export)
        return plan_of(reading, base, base, export.index)

    _is_read(ours())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it leaves out
        taken, ratio = in_turn(ours, lambda: load_workbook(io.BytesIO(content)), rounds)
    name = f"read a workbook of {count:,} questions and plan the merge"
    bar = MILLISECONDS_AT_300 if count == 300 else None
    yield Figure(name=name, value=ratio, unit="x openpyxl", bar=BAR)
    yield Figure(name=name, value=taken * 1000, unit="ms", bar=bar)


def came_home(count: int) -> tuple[bytes, Export, Mapping[Any, Any]]:
    """A file in which one answer in five is not as it was, what it was made from, its parts."""
    before, after = book(count), book(count, turn=1)
    target = io.BytesIO()
    write_workbook(target, after)
    index, answers = before.index, before.answers
    export = Export(
        index=index,
        sheets=layout.sheets(index, tuple(index.sections), answers, "es", TOKEN),
        base=answers,
        asked=before.state.asked,
        locale=before.locale,
        words=words(),
        token=TOKEN,
    )
    return target.getvalue(), export, parts_of(answers)


class NotRead(AssertionError):
    """The file was not read as it should be: the figure would mean nothing."""


def _is_read(plan: Plan) -> None:
    doubtful = {kind: plan.counts[kind] for kind in ("unreadable", "row_mismatch", "not_yours")}
    if not plan.counts["changed"] or any(doubtful.values()):
        raise NotRead(str(plan.counts))
