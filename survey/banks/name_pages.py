"""What the pages of names of institutions show: the member states, and the names of one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup

from survey.accounts.countries import COUNTRIES, Country
from survey.banks.forms import NameForm, field_of, name_in
from survey.banks.models import CountryNames
from survey.banks.words import capital, language_name
from survey.core.checking import fold
from survey.core.instrument import Name, Names
from survey.core.naming import form_of
from survey.web.languages import LANGUAGES, in_language, speaking

Shown = dict[str, Any]

GENDERED: Final = frozenset({"es", "pt", "fr"})
ELIDING: Final = frozenset({"fr"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of one country: its names as typed or stored, and what texts say without one."""

    country: Country
    general: Names
    form: FlaskForm
    edited: bool
    digest: str


def countries_shown(rows: Mapping[str, CountryNames], total: int) -> list[list[Any]]:
    """The member states by their names, each with how many names it has and whose they are."""
    named = sorted(COUNTRIES.values(), key=lambda country: fold(in_language(country.names)))
    return [_line(country, rows.get(country.code), total) for country in named]


def _line(country: Country, row: CountryNames | None, total: int) -> list[Any]:
    address = url_for("banks.names_of_country", alpha3=country.code)
    link = Markup('<a href="{}">{}</a>').format(address, in_language(country.names))
    count = _("%(count)s of %(total)s", count=len(row.names) if row else 0, total=total)
    return [link, _listed(country.languages), count, _edited() if row and row.is_edited else ""]


def _edited() -> Markup:
    return Markup('<span class="st st-part">{}</span>').format(_("Edited"))


def _listed(languages: Collection[str]) -> str:
    return ", ".join(capital(language_name(tag)) for tag in languages)


def sheet_shown(sheet: Sheet) -> Shown:
    """The names of a country by language, its own languages first."""
    own = sheet.country.languages
    rest = [tag for tag in LANGUAGES if tag not in own]
    return {
        "title": in_language(sheet.country.names),
        "edited": sheet.edited,
        "digest": sheet.digest,
        "own": [_language_shown(sheet, tag) for tag in own],
        "rest": [_language_shown(sheet, tag) for tag in rest],
        "problems": _problems(sheet),
    }


def _language_shown(sheet: Sheet, tag: str) -> Shown:
    rows = [_name_shown(sheet, tag, variable) for variable in sheet.general]
    return {
        "tag": tag,
        "name": capital(language_name(tag)),
        "rows": rows,
        "gendered": tag in GENDERED,
        "eliding": tag in ELIDING,
        "open": any(row["form"].name.data or row["error"] for row in rows),
    }


def _name_shown(sheet: Sheet, tag: str, variable: str) -> Shown:
    form = field_of(sheet.form, tag, variable)
    general = sheet.general[variable]
    return {
        "form": form,
        "label": capital(in_language({said: name.name for said, name in general.items()})),
        "code": variable,
        "error": next(iter(form.name.errors), ""),
        "general": general[tag].name if tag in general else "",
        "sentence": _sentence(form, tag),
    }


def _sentence(form: NameForm, tag: str) -> str:
    """How texts in this language say the name: bare, and behind prepositions."""
    name = name_in(form)
    return _said(name, tag) if name else ""


def _said(name: Name, tag: str) -> str:
    the, of, to = (form_of(name, tag, form) for form in ("the", "of", "to"))
    with speaking(tag):
        return str(_("%(the)s, the report %(of)s, a letter %(to)s", the=the, of=of, to=to))


def _problems(sheet: Sheet) -> list[tuple[str, str]]:
    fields = (field_of(sheet.form, tag, each) for tag in LANGUAGES for each in sheet.general)
    return [(str(error), f"#{form.name.id}") for form in fields for error in form.name.errors]
