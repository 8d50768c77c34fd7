"""The table of member states against the locales of CLDR, and what follows where CLDR has none."""

from datetime import date

import pytest
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from survey.accounts.countries import COUNTRIES
from survey.web.languages import LANGUAGES, locale_in

# CLDR does not have the language offered first in Suriname, English, but the official one.
OFFICIAL = {"SUR": "nl"}


@pytest.mark.parametrize("country", COUNTRIES.values(), ids=COUNTRIES)
def test_figures_are_written_as_cldr_has_it_for_the_first_language_of_a_country(country):
    language = OFFICIAL.get(country.code, country.languages[0])
    symbols = Locale.parse(f"{language}_{country.territory}").number_symbols["latn"]

    assert (country.decimal, country.group) == (symbols["decimal"], symbols["group"])


def test_the_table_holds_the_35_member_states_once_each():
    assert len(COUNTRIES) == len({each.territory for each in COUNTRIES.values()}) == 35
    for country in COUNTRIES.values():
        assert country.languages
        assert set(country.languages) <= set(LANGUAGES) == set(country.names)
    first = [country.languages[0] for country in COUNTRIES.values()]
    assert {tag: first.count(tag) for tag in LANGUAGES} == {"es": 18, "en": 15, "pt": 1, "fr": 1}
    assert COUNTRIES["CAN"].languages == ("en", "fr")


def test_fiscal_years_begin_in_january_but_for_some():
    months = {code: each.fiscal_year for code, each in COUNTRIES.items() if each.fiscal_year != 1}

    assert months == {
        **dict.fromkeys(("HTI", "TTO", "USA"), 10),
        **dict.fromkeys(("BRB", "BLZ", "CAN", "JAM", "LCA"), 4),
        **dict.fromkeys(("BHS", "DMA"), 7),
    }


@pytest.mark.parametrize(
    ("language", "territory", "signs", "figure"),
    [
        pytest.param("en", "SR", (",", "."), "1.234,5", id="CLDR has no English of Suriname"),
        pytest.param("pt", "HN", (".", ","), "1,234.5", id="nor Portuguese of Honduras"),
        pytest.param("es", "HN", (",", "."), "1,234.5", id="what CLDR has comes first"),
        pytest.param("en", "", None, "1,234.5", id="no country"),
        pytest.param("pt", "XX", None, "1.234,5", id="a country nobody knows"),
    ],
)
def test_where_cldr_has_no_locale_figures_follow_the_country_and_dates_the_language(
    language, territory, signs, figure
):
    locale = locale_in(language, territory, signs)

    assert format_decimal(1234.5, locale=locale) == figure
    assert format_date(date(2026, 5, 17), "long", locale) == format_date(
        date(2026, 5, 17), "long", language
    )
