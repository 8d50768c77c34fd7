"""Field types: what people type becomes one exact stored form, and comes back as they write it."""

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core import types
from survey.core.instrument import Choice, Field, FieldKind
from survey.core.problems import Problem
from survey.core.types import Locale, NumberFormat
from survey.core.types.texts import length

ES_CO = Locale("es", NumberFormat(",", "."))
ES_HN = Locale("es", NumberFormat(".", ","))
FR = Locale("fr", NumberFormat(",", "\u202f"))
EN_US = Locale("en", NumberFormat(".", ",", "%"), month_first=True)
LOCALES = st.sampled_from([ES_CO, ES_HN, FR, EN_US])
CHOICES = (
    Choice(code="national", label={"en": "National", "es": "Nacional"}),
    Choice(code="local", label={"en": "Local", "es": "Local"}),
    Choice(code="none", label={"en": "None of these"}, exclusive=True),
)
LEVELS = tuple(Choice(code=str(n), label={"en": f"Level {n}"}) for n in range(5))


def a_field(kind: FieldKind, **rest: str) -> Field:
    return Field(code="OPG-X", type=kind, **rest)


def parse(kind: FieldKind, typed, locale=ES_CO, choices=CHOICES, **rest):
    field = a_field(kind, **rest)
    return types.of(field).parse(field, choices, typed, locale)


def check(kind: FieldKind, stored, choices=CHOICES, **rest):
    field = a_field(kind, **rest)
    return types.of(field).check(field, choices, stored)


def code(found):
    assert isinstance(found, Problem), found
    assert found.where == "OPG-X"
    return found.code


def test_every_kind_of_field_has_a_type():
    assert set(types.TYPES) == set(get_args(FieldKind))


@pytest.mark.parametrize("kind", get_args(FieldKind))
@pytest.mark.parametrize("typed", ["", "  ", [], ["", " "]])
def test_nothing_typed_is_no_value(kind, typed):
    if kind == "calculation" and typed not in ("", []):
        return
    assert parse(kind, typed) is None


@pytest.mark.parametrize("kind", get_args(FieldKind))
@pytest.mark.parametrize("stored", [None, {"state": "withheld"}])
def test_no_value_and_a_non_answer_are_empty_in_expressions(kind, stored):
    field = a_field(kind)
    assert types.of(field).value(field, stored) == ""


@pytest.mark.parametrize("kind", get_args(FieldKind))
@pytest.mark.parametrize(
    "stored", [None, 1, 1.5, True, "", " ", [], {}, [1], ["x"], {"text": ""}, "\ud800", [["local"]]]
)
def test_what_is_not_in_stored_form_is_a_problem_and_never_an_error(kind, stored):
    assert isinstance(check(kind, stored), Problem)


# Numbers.


@pytest.mark.parametrize(
    ("locale", "typed", "stored"),
    [
        (ES_CO, "1.234,5", "1234.5"),
        (ES_CO, "1.234", "1234"),
        (ES_HN, "1,234.5", "1234.5"),
        (ES_HN, "1.234", "1.234"),
        (FR, "1\u202f234,50", "1234.5"),
        (FR, "1 234 567", "1234567"),
        (FR, "1\xa0234", "1234"),
        (ES_CO, "1'234'567,5", "1234567.5"),
        (ES_CO, "1’234", "1234"),
        (ES_CO, " 12,50 ", "12.5"),
        (ES_CO, "-0", "0"),
        (ES_CO, "\N{MINUS SIGN}3", "-3"),
        (ES_CO, "+3", "3"),
        (ES_CO, "007", "7"),
        (ES_CO, ",5", "0.5"),
        (ES_CO, "999999999999999", "999999999999999"),
    ],
)
def test_a_number_is_read_as_the_country_writes_it(locale, typed, stored):
    assert parse("decimal", typed, locale) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "1.5",
        "1.23.456",
        "12.34,5",
        "1,234.5",
        "1e3",
        "NaN",
        "inf",
        "5²",
        "½",
        "1 234.567",
        "1,",
        "٣",
        "--1",
        "0x10",
        "1_000",
        "1,2,3",
        "=1+1",
        "1" * 101,
    ],
)
def test_a_number_is_never_guessed(typed):
    assert code(parse("decimal", typed, ES_CO)) == "not_a_number"


@pytest.mark.parametrize("typed", ["1000000000000000", "1234567890123456", "0,1234567890123456"])
def test_a_number_no_spreadsheet_holds_is_refused(typed):
    assert code(parse("decimal", typed)) == "too_many_digits"


def test_an_integer_has_no_decimals():
    assert parse("integer", "12,0") == "12"
    assert code(parse("integer", "12,5")) == "not_an_integer"
    assert code(parse("integer", "many")) == "not_an_integer"


def test_a_percentage_is_as_people_say_it():
    assert parse("percent", "45,5 %") == "45.5"
    assert parse("percent", "100%") == "100"


@pytest.mark.parametrize(
    ("kind", "stored", "bounds", "found"),
    [
        ("percent", "100.1", {}, "percent_out_of_range"),
        ("percent", "-1", {}, "percent_out_of_range"),
        *((k, "9", {"minimum": "10"}, "below_minimum") for k in ("integer", "decimal", "currency")),
        *((k, "11", {"maximum": "10"}, "above_maximum") for k in ("integer", "percent")),
        ("year", "1999", {"minimum": "2000"}, "below_minimum"),
        ("date", "2031-01", {"maximum": "2030"}, "above_maximum"),
    ],
)
def test_what_is_out_of_bounds_is_saved_and_flagged(kind, stored, bounds, found):
    field = a_field(kind, **bounds)
    problem = check(kind, stored, **bounds)
    assert parse(kind, stored, ES_HN, **bounds) == stored
    assert types.of(field).shape(field, (), stored) is None
    assert code(problem) == found
    assert set(bounds.items()) <= set(problem.params.items())


def test_a_bound_is_within_bounds():
    assert check("integer", "10", minimum="10", maximum="10") is None
    assert check("date", "2030-12-31", minimum="2030", maximum="2030") is None


@pytest.mark.parametrize(
    "stored", ["12.50", "-0", "+1", "01", "1.", ".5", "1e3", "1,5", "1\n", "٣"]
)
def test_one_number_has_one_stored_form(stored):
    assert code(check("decimal", stored)) == "not_a_number"


NUMBERS = (
    st.decimals(-(10**9), 10**9, places=4)
    .map(lambda d: f"{d.normalize():f}")
    .map(lambda text: "0" if text == "-0" else text)
)


@given(NUMBERS, LOCALES, st.sampled_from(["decimal", "currency"]))
def test_a_number_shown_or_edited_is_read_back_the_same(stored, locale, kind):
    field = a_field(kind)
    kept = types.of(field)
    assert kept.check(field, (), stored) is None
    assert kept.parse(field, (), kept.show(field, (), stored, locale), locale) == stored
    assert kept.parse(field, (), kept.edit(field, stored, locale), locale) == stored
    assert kept.value(field, stored) == Decimal(stored)


@given(st.text(alphabet="0123456789.,' \u202f-+e%", max_size=12), LOCALES)
def test_whatever_is_typed_a_number_is_canonical_or_refused(typed, locale):
    found = parse("decimal", typed, locale)
    assert found is None or isinstance(found, Problem) or check("decimal", found) is None


def test_numbers_are_shown_grouped_and_percentages_with_their_sign():
    field = a_field("percent")
    assert types.of(field).show(field, (), "45.5", ES_CO) == "45,5\xa0%"
    assert types.of(field).show(field, (), "45.5", EN_US) == "45.5%"
    field = a_field("currency")
    assert types.of(field).show(field, (), "-1234567.5", ES_CO) == "-1.234.567,5"
    assert types.of(field).edit(field, "-1234567.5", ES_CO) == "-1234567,5"


# Years and dates.


@pytest.mark.parametrize(
    ("locale", "typed", "stored"),
    [
        (ES_CO, "2024", "2024"),
        (ES_CO, "2024-05", "2024-05"),
        (ES_CO, "2024-5-7", "2024-05-07"),
        (ES_CO, "2024/05/17", "2024-05-17"),
        (ES_CO, "17/05/2024", "2024-05-17"),
        (ES_CO, "7.5.2024", "2024-05-07"),
        (ES_CO, "05/2024", "2024-05"),
        (EN_US, "05/17/2024", "2024-05-17"),
        (EN_US, "5/2024", "2024-05"),
        (ES_CO, "29-02-2024", "2024-02-29"),
    ],
)
def test_a_date_may_be_partial_and_is_read_in_the_order_of_the_country(locale, typed, stored):
    assert parse("date", typed, locale) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "05/17/2024",
        "17/05/24",
        "2024-13",
        "2024-02-30",
        "29/02/2023",
        "1799",
        "2201-01-01",
        "0000-00-00",
        "mayo 2024",
        "2024-05-17T10:00",
        "17/05-2024",
        "20240517",
        "٢٠٢٤",
    ],
)
def test_a_date_is_never_guessed(typed):
    assert code(parse("date", typed, ES_CO)) == "not_a_date"


def test_month_first_is_for_those_who_write_it_so():
    assert parse("date", "05/04/2024", ES_CO) == "2024-04-05"
    assert parse("date", "05/04/2024", EN_US) == "2024-05-04"


@given(st.dates().filter(lambda d: 1800 <= d.year <= 2200), st.sampled_from([4, 7, 10]), LOCALES)
def test_a_date_edited_is_read_back_the_same(date, size, locale):
    field, stored = a_field("date"), date.isoformat()[:size]
    kept = types.of(field)
    assert kept.check(field, (), stored) is None
    assert kept.parse(field, (), kept.edit(field, stored, locale), locale) == stored
    assert kept.show(field, (), stored, locale) == stored


@pytest.mark.parametrize("stored", ["2024-5", "17/05/2024", "2024-05-17 ", "2024-02-30", "24"])
def test_one_date_has_one_stored_form(stored):
    assert code(check("date", stored)) == "not_a_date"


@pytest.mark.parametrize("typed", ["1799", "2201", "24", "2024-05", "2.024", "MMXXIV"])
def test_a_year_is_a_year(typed):
    assert code(parse("year", typed)) == "not_a_year"


def test_a_year_is_a_number_in_expressions_and_a_date_is_not():
    year, date = a_field("year"), a_field("date")
    assert types.of(year).value(year, "2024") == Decimal(2024)
    assert types.of(date).value(date, "2024-05") == "2024-05"


# Choices.


@pytest.mark.parametrize("kind", ["yes_no", "progress", "select_one"])
def test_a_choice_is_a_code_of_the_list(kind):
    assert parse(kind, "local") == parse(kind, ["local"]) == "local"
    assert code(parse(kind, "Local")) == "unknown_choice"
    assert code(parse(kind, ["local", "national"])) == "one_value_only"


def test_a_level_is_a_number_in_expressions():
    field = a_field("maturity")
    assert parse("maturity", "3", choices=LEVELS) == "3"
    assert code(parse("maturity", "5", choices=LEVELS)) == "unknown_choice"
    assert types.of(field).value(field, "0") == Decimal(0)


@given(st.lists(st.sampled_from(["national", "local"])))
def test_several_choices_are_stored_in_the_order_of_the_list(marked):
    found = parse("select_multiple", marked)
    assert found == ([c for c in ("national", "local") if c in marked] or None)
    assert found is None or check("select_multiple", found) is None


def test_an_exclusive_choice_stands_alone():
    assert parse("select_multiple", ["none"]) == ["none"]
    assert code(parse("select_multiple", ["none", "local"])) == "exclusive_choice"
    assert code(check("select_multiple", ["local", "none"])) == "exclusive_choice"


def test_several_choices_are_not_stored_twice_or_out_of_order():
    assert code(check("select_multiple", ["local", "national"])) == "not_in_order"
    assert code(check("select_multiple", ["local", "local"])) == "not_in_order"
    assert code(parse("select_multiple", ["local", "regional"])) == "unknown_choice"


def test_choices_are_shown_in_the_language_and_else_in_another():
    field = a_field("select_multiple")
    kept = types.of(field)
    assert kept.show(field, CHOICES, ["national", "none"], ES_CO) == "Nacional; None of these"
    assert kept.edit(field, ["national"], ES_CO) == ["national"]
    assert kept.value(field, ["national"]) == ("national",)


# Texts.


@pytest.mark.parametrize("kind", ["short_text", "long_text"])
def test_a_text_keeps_the_language_it_was_written_in(kind):
    assert parse(kind, "  Ministerio ") == {"text": "Ministerio", "lang": "es"}


def test_a_text_is_stored_composed_and_with_plain_line_ends():
    assert parse("long_text", "e\u0301\r\nb\rc\u2028d\te")["text"] == "é\nb\nc\nd e"
    assert parse("short_text", "a\r\nb")["text"] == "a b"
    assert code(check("long_text", {"text": "e\u0301", "lang": "es"})) == "not_a_text"
    assert code(check("long_text", {"text": "a\r\nb", "lang": "es"})) == "not_a_text"
    assert code(check("short_text", {"text": "a\nb", "lang": "es"})) == "not_a_text"


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\x00", "U+0000"),
        ("\x07", "U+0007"),
        ("\x7f", "U+007F"),
        ("\ud800", "U+D800"),
        ("\ufffe", "U+FFFE"),
    ],
)
def test_a_character_no_document_holds_is_refused_by_name(character, name):
    found = parse("long_text", f"a{character}b")
    assert (code(found), found.params) == ("bad_character", {"character": name})


@pytest.mark.parametrize(("kind", "most"), [("short_text", 250), ("long_text", 4_000)])
def test_a_text_is_as_long_as_a_spreadsheet_counts(kind, most):
    assert length("\N{GRINNING FACE}") == 2
    assert check(kind, parse(kind, "\N{GRINNING FACE}" * (most // 2))) is None
    found = parse(kind, "\N{GRINNING FACE}" * (most // 2) + "a")
    assert (code(found), found.params) == ("too_long", {"max": most, "length": most + 1})


@given(st.text(), st.sampled_from(["short_text", "long_text"]))
def test_a_text_is_read_back_the_same_or_refused(typed, kind):
    field, found = a_field(kind), parse(kind, typed)
    if found is None or isinstance(found, Problem):
        return
    kept = types.of(field)
    assert kept.check(field, (), found) is None
    assert kept.parse(field, (), kept.edit(field, found, ES_CO), ES_CO) == found
    assert kept.value(field, found) == found["text"]


# Links.


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://oas.org/a?b=1#c", "https://oas.org/a?b=1#c"),
        ("HTTP://oas.org", "http://oas.org"),
        ("oas.org/mecigep", "https://oas.org/mecigep"),
        ("oas.org:8443", "https://oas.org:8443"),
        ("https://ñandú.cl/páx", "https://ñandú.cl/páx"),
    ],
)
def test_a_link_leads_to_a_page(typed, stored):
    assert parse("url", typed) == stored
    assert check("url", stored) is None


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "javascript://oas.org/%0aalert(1)",
        "data:text/html,x",
        "ftp://oas.org",
        "file:///etc/passwd",
        "mailto:a@oas.org",
        "https://user:pass@oas.org",
        "http://localhost",
        "https://",
        "https://oas.org:99999",
        "no sé",
        'https://oas.org/"onclick',
        "https://[::1",
    ],
)
def test_a_link_to_anything_else_is_refused(typed):
    assert code(parse("url", typed)) == "not_a_url"


def test_a_link_has_a_length_that_fits():
    assert code(parse("url", "https://oas.org/" + "a" * 2_000)) == "too_long"


# Calculations.


def test_a_calculation_is_shown_and_never_taken():
    field = a_field("calculation")
    kept = types.of(field)
    assert code(parse("calculation", "1")) == "calculated"
    assert code(check("calculation", "1")) == "calculated"
    assert kept.show(field, (), "1234.5", ES_CO) == "1.234,5"
    assert kept.show(field, (), "late", ES_CO) == "late"
    assert kept.value(field, "1234.5") == Decimal("1234.5")
    assert kept.value(field, "late") == "late"
    assert kept.edit(field, "1234.5", ES_CO) == ""
