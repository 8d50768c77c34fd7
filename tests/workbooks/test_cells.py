"""What single cells say, over everything people and spreadsheets put into them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel

from survey.core.instrument import Field
from survey.core.types import NumberFormat
from survey.core.types import numbers as core
from survey.workbooks.cells import Doubt, Shown, decode, looks_of, plain
from survey.workbooks.choices import fold
from survey.workbooks.cites import read_cites
from survey.workbooks.dates import read_date
from survey.workbooks.numbers import read_number
from survey.workbooks.raw import RawBook, RawCell

POINT, COMMA = NumberFormat(".", ","), NumberFormat(",", ".")
DECIMAL = Field(code="q", type="decimal")
INTEGER = Field(code="q", type="integer")
PERCENT = Field(code="q", type="percent")
DATE = Field(code="q", type="date")
BOOK = RawBook((), {0: ("", ""), 1: ("0%", ""), 2: ("dd/mm/yyyy", "")})
NUMBERS = st.decimals(-(10**9), 10**9, places=4).map(plain)
DATES = st.dates(date(1900, 3, 1), date(2199, 12, 31))


def number_cell(value: float, style: int = 0) -> Shown:
    shown = decode(BOOK, RawCell(1, "E", "n", repr(value), style))
    assert shown
    return shown


def text(value: str) -> Shown:
    return Shown("text", value)


@given(NUMBERS)
def test_a_number_in_a_cell_is_the_number_that_was_written(number):
    assert read_number(DECIMAL, number_cell(float(number)), POINT) == number


@given(st.decimals(0, 100, places=6).map(plain))
def test_a_percentage_survives_as_a_share(number):
    cell = number_cell(float(Decimal(number) / 100), 1)
    assert read_number(PERCENT, cell, POINT) == number


@given(NUMBERS, st.sampled_from([POINT, COMMA]), st.booleans())
def test_a_typed_number_is_read_or_asked_never_misread(number, numbers, grouped):
    typed = core.write(number, numbers, grouped=grouped)
    found = read_number(DECIMAL, text(typed), numbers)
    if isinstance(found, Doubt):
        assert found.kind == "ambiguous"
        assert number in found.options
        assert len(found.options) > 1
    else:
        assert found == number


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_numbers_and_dates(typed):
    for read in (
        read_number(INTEGER, text(typed), POINT),
        read_number(PERCENT, text(typed), COMMA),
        read_date(DATE, text(typed)),
    ):
        assert isinstance(read, str | Doubt)


@pytest.mark.parametrize(
    ("typed", "numbers", "stored"),
    [
        ("1,234.5", POINT, "1234.5"),
        ("1.234,5", COMMA, "1234.5"),
        ("1.234,5", POINT, "1234.5"),  # only one reading
        ("12,5", POINT, "12.5"),
        ("1 234,5", COMMA, "1234.5"),
        ("1.234.567", POINT, "1234567"),
        ("-3", POINT, "-3"),
        ("12.50", POINT, "12.5"),
        ("0,5", COMMA, "0.5"),
    ],
)
def test_a_number_with_one_reading_is_read(typed, numbers, stored):
    assert read_number(DECIMAL, text(typed), numbers) == stored


def test_an_integer_settles_what_the_point_means_only_where_it_is_used_so():
    assert read_number(INTEGER, text("1.234"), COMMA) == "1234"
    found = read_number(INTEGER, text("1.234"), POINT)
    assert isinstance(found, Doubt)
    assert found.options == ("1234",)


@given(DATES)
def test_a_real_date_is_exact_in_both_calendars(day):
    cell = number_cell(to_excel(day), 2)
    assert read_date(DATE, cell) == day.isoformat()
    old = RawBook((), BOOK.styles, is_1904=True)
    if day.year > 1904:
        serial = to_excel(day, CALENDAR_MAC_1904)
        shown = decode(old, RawCell(1, "E", "n", repr(serial), 2))
        assert shown
        assert read_date(DATE, shown) == day.isoformat()


@given(DATES, st.sampled_from(["/", "-", "."]))
def test_a_typed_date_is_the_day_or_asked(day, sign):
    typed = f"{day.day:02}{sign}{day.month:02}{sign}{day.year}"
    found = read_date(DATE, text(typed))
    if day.day > 12 or day.day == day.month:
        assert found == day.isoformat()
    else:
        assert isinstance(found, Doubt)
        assert day.isoformat() in found.options
        assert len(found.options) == 2


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-5-7", "2024-05-07"),
        ("2024/05/07", "2024-05-07"),
        ("05/2024", "2024-05"),
        ("mayo de 2024", "2024-05"),
        ("Mai 2024", "2024-05"),
        ("1º de enero de 2024", "2024-01-01"),
        ("May 17, 2024", "2024-05-17"),
        ("17-may-2024", "2024-05-17"),
        ("5 août 2024", "2024-08-05"),
        ("2024-05-17 00:00:00", "2024-05-17"),
    ],
)
def test_a_date_with_one_reading_is_read(typed, stored):
    assert read_date(DATE, text(typed)) == stored


@pytest.mark.parametrize(
    "typed", ["30/02/2024", "2024-13", "soon", "5 de", "1/2/3/4", "1700", "mayo", "17/05"]
)
def test_what_is_no_date_is_not_read(typed):
    found = read_date(DATE, text(typed))
    assert isinstance(found, Doubt)
    assert found.kind == "unreadable"


@pytest.mark.parametrize(
    ("code", "looks"),
    [
        ("", "plain"),
        ("General", "plain"),
        ("#,##0.00", "plain"),
        ("@", "plain"),
        ('0" days"', "plain"),
        ("[Red]0.0", "plain"),
        ("0.00E+00", "plain"),
        ("9", "percent"),
        ("0.##%", "percent"),
        ('0"%"', "plain"),
        ("14", "date"),
        ("yyyy\\-mm\\-dd", "date"),
        ("[$-40A]d mmmm yyyy", "date"),
        ("17", "month"),
        ("mmm\\-yy", "month"),
        ("yyyy", "date"),
        ("20", "time"),
        ("hh:mm", "time"),
    ],
)
def test_a_number_format_says_what_a_number_looks_like(code, looks):
    assert looks_of(code) == looks


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(label):
    assert fold(fold(label)) == fold(label)


@pytest.mark.parametrize(
    ("typed", "cited"),
    [
        ("1", ("a",)),
        ("1, 3", ("a", "c")),
        ("1-3", ("a", "b", "c")),
        ("1 – 3", ("a", "b", "c")),
        ("3 e 1", ("c", "a")),
        ("n.º 2; nº 2", None),
        ("2, 2", ("b",)),
        ("0", None),
        ("3-1", None),
        ("uno", None),
    ],
)
def test_citations_are_numbers_of_documents(typed, cited):
    found = read_cites(text(typed), {1: "a", 2: "b", 3: "c"})
    assert (None if isinstance(found, Doubt) else found) == cited
