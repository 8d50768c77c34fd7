"""The 35 member states: names in four languages, codes, first language (`domain.md` 4.1).

Nothing is said here about who takes part: that is for the Department to enter.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Country:
    """`code` is ISO 3166-1 alpha-3, `territory` alpha-2; `names`: language -> name."""

    code: str
    territory: str
    language: str
    names: dict[str, str]


_TABLE: Final = """
ATG|AG|en|Antigua and Barbuda|Antigua y Barbuda|Antígua e Barbuda|Antigua-et-Barbuda
ARG|AR|es|Argentina|Argentina|Argentina|Argentine
BHS|BS|en|Bahamas|Bahamas|Bahamas|Bahamas
BRB|BB|en|Barbados|Barbados|Barbados|Barbade
BLZ|BZ|en|Belize|Belice|Belize|Belize
BOL|BO|es|Bolivia|Bolivia|Bolívia|Bolivie
BRA|BR|pt|Brazil|Brasil|Brasil|Brésil
CAN|CA|en|Canada|Canadá|Canadá|Canada
CHL|CL|es|Chile|Chile|Chile|Chili
COL|CO|es|Colombia|Colombia|Colômbia|Colombie
CRI|CR|es|Costa Rica|Costa Rica|Costa Rica|Costa Rica
CUB|CU|es|Cuba|Cuba|Cuba|Cuba
DMA|DM|en|Dominica|Dominica|Dominica|Dominique
DOM|DO|es|Dominican Republic|República Dominicana|República Dominicana|République dominicaine
ECU|EC|es|Ecuador|Ecuador|Equador|Équateur
SLV|SV|es|El Salvador|El Salvador|El Salvador|El Salvador
GRD|GD|en|Grenada|Granada|Granada|Grenade
GTM|GT|es|Guatemala|Guatemala|Guatemala|Guatemala
GUY|GY|en|Guyana|Guyana|Guiana|Guyana
HTI|HT|fr|Haiti|Haití|Haiti|Haïti
HND|HN|es|Honduras|Honduras|Honduras|Honduras
JAM|JM|en|Jamaica|Jamaica|Jamaica|Jamaïque
MEX|MX|es|Mexico|México|México|Mexique
NIC|NI|es|Nicaragua|Nicaragua|Nicarágua|Nicaragua
PAN|PA|es|Panama|Panamá|Panamá|Panama
PRY|PY|es|Paraguay|Paraguay|Paraguai|Paraguay
PER|PE|es|Peru|Perú|Peru|Pérou
KNA|KN|en|Saint Kitts and Nevis|San Cristóbal y Nieves|São Cristóvão e Névis|Saint-Kitts-et-Nevis
LCA|LC|en|Saint Lucia|Santa Lucía|Santa Lúcia|Sainte-Lucie
VCT|VC|en|Saint Vincent and the Grenadines|San Vicente y las Granadinas\
|São Vicente e Granadinas|Saint-Vincent-et-les-Grenadines
SUR|SR|en|Suriname|Suriname|Suriname|Suriname
TTO|TT|en|Trinidad and Tobago|Trinidad y Tobago|Trinidad e Tobago|Trinité-et-Tobago
USA|US|en|United States|Estados Unidos|Estados Unidos|États-Unis
URY|UY|es|Uruguay|Uruguay|Uruguai|Uruguay
VEN|VE|es|Venezuela|Venezuela|Venezuela|Venezuela
"""


def _country(line: str) -> Country:
    code, territory, language, en, es, pt, fr = line.split("|")
    return Country(code, territory, language, {"en": en, "es": es, "pt": pt, "fr": fr})


COUNTRIES: Final = {country.code: country for country in map(_country, _TABLE.strip().splitlines())}


def territory_of(code: str | None) -> str:
    """ISO 3166-1 alpha-2 of the member state `code`; empty for no or another country."""
    country = COUNTRIES.get(code or "")
    return country.territory if country else ""
