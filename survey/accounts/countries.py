"""The 35 member states: names, codes, languages, fiscal year, figures (`domain.md` 0.4 and 4.1).

Nothing is said here about who takes part: that is for the Department to enter.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Country:
    """`code` is ISO 3166-1 alpha-3, `territory` alpha-2; `names`: language -> name.

    `languages` are the official ones among the four, the default first; `fiscal_year` the month
    (1-12) it begins in; `decimal` and `group` the signs in numbers.
    """

    code: str
    territory: str
    languages: tuple[str, ...]
    fiscal_year: int
    decimal: str
    group: str
    names: dict[str, str]


# code | alpha-2 | languages | first month of the fiscal year | figures | names in en, es, pt, fr
# Figures are written as CLDR has it for the first language there. None of the four languages is
# official in Suriname: its people are offered English, figures are those of its Dutch.
_TABLE: Final = """
ATG|AG|en|1|1,234.5|Antigua and Barbuda|Antigua y Barbuda|Antígua e Barbuda|Antigua-et-Barbuda
ARG|AR|es|1|1.234,5|Argentina|Argentina|Argentina|Argentine
BHS|BS|en|7|1,234.5|Bahamas|Bahamas|Bahamas|Bahamas
BRB|BB|en|4|1,234.5|Barbados|Barbados|Barbados|Barbade
BLZ|BZ|en|4|1,234.5|Belize|Belice|Belize|Belize
BOL|BO|es|1|1.234,5|Bolivia|Bolivia|Bolívia|Bolivie
BRA|BR|pt|1|1.234,5|Brazil|Brasil|Brasil|Brésil
CAN|CA|en fr|4|1,234.5|Canada|Canadá|Canadá|Canada
CHL|CL|es|1|1.234,5|Chile|Chile|Chile|Chili
COL|CO|es|1|1.234,5|Colombia|Colombia|Colômbia|Colombie
CRI|CR|es|1|1\u00a0234,5|Costa Rica|Costa Rica|Costa Rica|Costa Rica
CUB|CU|es|1|1,234.5|Cuba|Cuba|Cuba|Cuba
DMA|DM|en|7|1,234.5|Dominica|Dominica|Dominica|Dominique
DOM|DO|es|1|1,234.5|Dominican Republic|República Dominicana\
|República Dominicana|République dominicaine
ECU|EC|es|1|1.234,5|Ecuador|Ecuador|Equador|Équateur
SLV|SV|es|1|1,234.5|El Salvador|El Salvador|El Salvador|El Salvador
GRD|GD|en|1|1,234.5|Grenada|Granada|Granada|Grenade
GTM|GT|es|1|1,234.5|Guatemala|Guatemala|Guatemala|Guatemala
GUY|GY|en|1|1,234.5|Guyana|Guyana|Guiana|Guyana
HTI|HT|fr|10|1\u202f234,5|Haiti|Haití|Haiti|Haïti
HND|HN|es|1|1,234.5|Honduras|Honduras|Honduras|Honduras
JAM|JM|en|4|1,234.5|Jamaica|Jamaica|Jamaica|Jamaïque
MEX|MX|es|1|1,234.5|Mexico|México|México|Mexique
NIC|NI|es|1|1,234.5|Nicaragua|Nicaragua|Nicarágua|Nicaragua
PAN|PA|es|1|1,234.5|Panama|Panamá|Panamá|Panama
PRY|PY|es|1|1.234,5|Paraguay|Paraguay|Paraguai|Paraguay
PER|PE|es|1|1,234.5|Peru|Perú|Peru|Pérou
KNA|KN|en|1|1,234.5|Saint Kitts and Nevis|San Cristóbal y Nieves\
|São Cristóvão e Névis|Saint-Kitts-et-Nevis
LCA|LC|en|4|1,234.5|Saint Lucia|Santa Lucía|Santa Lúcia|Sainte-Lucie
VCT|VC|en|1|1,234.5|Saint Vincent and the Grenadines|San Vicente y las Granadinas\
|São Vicente e Granadinas|Saint-Vincent-et-les-Grenadines
SUR|SR|en|1|1.234,5|Suriname|Suriname|Suriname|Suriname
TTO|TT|en|10|1,234.5|Trinidad and Tobago|Trinidad y Tobago|Trinidad e Tobago|Trinité-et-Tobago
USA|US|en|10|1,234.5|United States|Estados Unidos|Estados Unidos|États-Unis
URY|UY|es|1|1.234,5|Uruguay|Uruguay|Uruguai|Uruguay
VEN|VE|es|1|1.234,5|Venezuela|Venezuela|Venezuela|Venezuela
"""


def _country(line: str) -> Country:
    code, territory, languages, month, figure, en, es, pt, fr = line.split("|")
    names = {"en": en, "es": es, "pt": pt, "fr": fr}
    decimal, group = figure[-2], figure[1]  # of 1,234.5
    return Country(code, territory, tuple(languages.split()), int(month), decimal, group, names)


COUNTRIES: Final = {country.code: country for country in map(_country, _TABLE.strip().splitlines())}


def territory_of(code: str | None) -> str:
    """ISO 3166-1 alpha-2 of the member state `code`; empty for no or another country."""
    country = COUNTRIES.get(code or "")
    return country.territory if country else ""


def language_of(code: str | None) -> str:
    """The first language of the member state `code`; empty for no or another country."""
    country = COUNTRIES.get(code or "")
    return country.languages[0] if country else ""


def signs_of(territory: str) -> tuple[str, str] | None:
    """The decimal and the grouping sign of a member state (alpha-2); None: another country."""
    return _SIGNS.get(territory)


_SIGNS: Final = {each.territory: (each.decimal, each.group) for each in COUNTRIES.values()}
