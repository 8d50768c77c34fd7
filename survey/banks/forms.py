"""What is typed about names of institutions: each in each language, with its grammar."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, FormField, StringField
from wtforms.validators import ValidationError

from survey.core.instrument import Name, Names
from survey.core.types.texts import bad_character, tidy
from survey.web.languages import LANGUAGES
from survey.web.messages import words

LONGEST: Final = 200
GENDERS: Final = (("m", _l("Masculine")), ("f", _l("Feminine")))


def _can_be_kept(_form: Form, field: StringField) -> None:
    typed = field.data or ""
    if len(typed) > LONGEST:
        raise ValidationError(words("too_long", {"length": len(typed), "max": LONGEST}))
    bad = bad_character(typed)
    if bad:
        raise ValidationError(words("bad_character", {"character": bad}))


class NameForm(Form):
    """One name; without words the country has none in that language."""

    name = StringField(filters=[lambda typed: tidy(typed or "")], validators=[_can_be_kept])
    gender = StringField(default="m")
    plural = BooleanField()
    article = BooleanField()
    elides = BooleanField()


def names_form(variables: Iterable[str], stored: Names) -> FlaskForm:
    """The names of a country as typed, else as stored; its fields are `<language>-<variable>`."""
    shown = {
        _key(language, variable): _told(stored.get(variable, {}).get(language))
        for variable in variables
        for language in LANGUAGES
    }
    return _form_of(tuple(shown))(data=shown)


@lru_cache(maxsize=4)
def _form_of(keys: tuple[str, ...]) -> Any:
    return type("NamesForm", (FlaskForm,), {key: FormField(NameForm) for key in keys})


def field_of(form: FlaskForm, language: str, variable: str) -> NameForm:
    """The fields of one name."""
    found: NameForm = form[_key(language, variable)].form
    return found


def names_in(form: FlaskForm, variables: Iterable[str]) -> Names:
    """The names that were typed; what has none is left out."""
    found: Names = {}
    for variable in variables:
        for language in LANGUAGES:
            name = name_in(field_of(form, language, variable))
            if name:
                found.setdefault(variable, {})[language] = name
    return found


def name_in(form: NameForm) -> Name | None:
    """The name that was typed there; None: none."""
    said = form.data
    return (
        Name(**{**said, "gender": "f" if said["gender"] == "f" else "m"}) if said["name"] else None
    )


def _key(language: str, variable: str) -> str:
    return f"{language}-{variable}"


def _told(name: Name | None) -> dict[str, Any]:
    kept = name or Name(name="")
    return {field: getattr(kept, field) for field in Name.__struct_fields__}
