import contextlib
import re
import resource
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.workbooks import guard
from survey.workbooks.child import read_apart
from survey.workbooks.raw import Unreadable
from tests.workbooks import hostile


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_a_hostile_file_is_refused_with_its_own_word(name: str) -> None:
    code, build = hostile.REFUSED[name]
    content = build()
    started = time.monotonic()
    with pytest.raises(Unreadable) as refusal:
        read_apart(content)
    (problem,) = refusal.value.problems
    assert " ".join((problem.code, str(problem.params.get("what", "")))).strip() == code
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("name", ["truncated", "doctype in a sheet", "far cell", "macros"])
def test_the_guard_alone_refuses_too(name: str) -> None:
    code, build = hostile.REFUSED[name]
    with pytest.raises(Unreadable) as refusal:
        guard.check(build())
    assert refusal.value.problems[0].code == code


def test_an_honest_file_passes_and_is_read() -> None:
    content = hostile.honest()
    guard.check(content)
    book = read_apart(content)
    (sheet,) = book.sheets
    assert sheet.name == "A Visión"
    assert {(c.row, c.column): (c.kind, c.value) for c in sheet.cells} == {
        (1, "A"): ("s", "OPG-A1"),
        (1, "E"): ("n", "12.5"),
        (1, "F"): ("s", "a|b"),
        (1, "G"): ("s", "https://www.oas.org/"),
        (3, "D"): ("s", "box"),
    }
    assert [c.formula for c in sheet.cells] == [False, False, True, False, False]
    assert sheet.notes == {"E1": "a note"}


def test_an_empty_far_row_of_libreoffice_is_no_far_cell() -> None:
    content = hostile.edited(
        hostile.SHEET, "</sheetData>", '<row r="1048576" customHeight="1" ht="9"/></sheetData>'
    )
    assert read_apart(content).sheets[0].cells[0].value == "OPG-A1"


def test_blanks_between_elements_are_no_part_of_a_value():
    content = hostile.edited(hostile.SHEET, "><v>", ">\n  <v>")
    assert read_apart(content) == read_apart(hostile.honest())


def test_elements_may_carry_a_prefix():
    members = hostile.parts(hostile.honest())
    text = members[hostile.SHEET].decode()
    for name in ("worksheet", "sheetData", "row", "c", "v"):
        text = re.sub(rf"<(/?){name}([ />])", rf"<\1x:{name}\2", text)
    text = text.replace("xmlns=", "xmlns:x=")
    content = hostile.packed({**members, hostile.SHEET: text.encode()})
    cells = read_apart(content).sheets[0].cells
    assert {(c.row, c.column) for c in cells} >= {(1, "A"), (1, "E")}


def test_whole_columns_may_be_formatted() -> None:
    content = hostile.in_sheet(
        '<conditionalFormatting sqref="A1:A1048576"/><dataValidation sqref="B1:B1048576"/>'
    )
    guard.check(content)


def test_reading_ends_in_time_and_leaves_this_process_as_it_was() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    content = hostile.in_sheet(
        "<sheetData>" + "<row><c><v>1</v></c></row>" * 19_000 + "</sheetData>"
    )
    with pytest.raises(Unreadable) as refusal:
        read_apart(content, memory=24 * 1024 * 1024)
    assert refusal.value.problems[0].code == "file_too_demanding"
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_a_reader_that_takes_too_long_is_ended() -> None:
    content = hostile.in_sheet("<a/>" * 3_900_000)
    with pytest.raises(Unreadable) as refusal:
        read_apart(content, timeout=1)
    assert refusal.value.problems[0].code == "file_too_demanding"


def test_files_are_read_from_several_threads() -> None:
    content = hostile.honest()
    with ThreadPoolExecutor(6) as pool:
        books = list(pool.map(read_apart, [content] * 6))
    assert all(book == books[0] for book in books)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_file_is_refused_or_read_and_never_breaks_the_guard(data: st.DataObject) -> None:
    content = bytearray(hostile.honest())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Unreadable):
        guard.check(bytes(content))
