"""What designers type: titles and sections in every language, languages, a due date, deeds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey.core.instrument import Text
from survey.core.types.texts import bad_character, tidy
from survey.questionnaires.models import Questionnaire
from survey.questionnaires.pages.lists import texts_of_form
from survey.web.languages import LANGUAGES
from survey.web.messages import words

Form = MultiDict[str, str]

SHORT: Final = 200
LONG: Final = 4_000
STALE: Final = -1  # no state of a questionnaire has this number


@dataclass(frozen=True, slots=True)
class Read:
    """What a form held; `errors`: name of a field -> what is wrong with it."""

    values: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)


def read_seq(form: Form) -> int:
    """The state of the questionnaire that the form showed."""
    text = form.get("seq", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else STALE


def typed_again(form: Form) -> Form:
    """What was typed, for the same fields; a sign that no page can hold shows as �."""
    pairs = form.items(multi=True)
    return MultiDict([(name, "".join(map(_visible, text))) for name, text in pairs])


def _visible(sign: str) -> str:
    return "\N{REPLACEMENT CHARACTER}" if sign not in "\r\n\t" and bad_character(sign) else sign


def read_new(form: Form, banks: Collection[str]) -> Read:
    """What a new questionnaire begins with: banks, all or none of their questions, its names."""
    chosen = [code for code in form.getlist("banks") if code in banks]
    errors = {}
    if not chosen:
        errors["banks"] = _("Choose at least one bank.")
    if form.get("begin") not in ("all", "empty"):
        errors["begin"] = _("Say whether the questions of the banks are taken over.")
    read = _read_named(form)
    values = {**read.values, "banks": chosen, "begin": form.get("begin", "")}
    return Read(values, {**errors, **read.errors})


def read_properties(form: Form) -> Read:
    """Title, introduction, languages, due date."""
    read = _read_named(form)
    introduction = _read_texts(form, "introduction", LONG)
    due = form.get("due", "").strip()
    errors = {**read.errors, **introduction.errors}
    if due and not _is_date(due):
        errors["due"] = _("Write the date as year-month-day, such as 2027-03-31.")
    return Read(
        {**read.values, "introduction": introduction.values["introduction"], "due": due}, errors
    )


def shown_properties(questionnaire: Questionnaire) -> Form:
    """The stored properties as the fields of their form."""
    texts = {"title": questionnaire.title, "introduction": questionnaire.introduction}
    form: Form = MultiDict(texts_of_form(texts))
    form.setlist("languages", questionnaire.languages)
    form["first"] = questionnaire.languages[0] if questionnaire.languages else ""
    form["due"] = questionnaire.due
    return form


def read_section(form: Form, languages: Collection[str]) -> Read:
    """The texts of a section; its title is needed in each language of the questionnaire."""
    reads = [
        _read_texts(form, "title", SHORT),
        _read_texts(form, "introduction", LONG),
        _read_texts(form, "who", LONG),
    ]
    values = {name: text for read in reads for name, text in read.values.items()}
    errors = {name: told for read in reads for name, told in read.errors.items()}
    for tag in languages:
        if not values["title"].get(tag):
            errors.setdefault(f"title_{tag}", _("Write the title in this language."))
    return Read(values, errors)


def _read_named(form: Form) -> Read:
    """Languages, the first of which is the default, and a title in each of them."""
    ticked = [tag for tag in LANGUAGES if tag in form.getlist("languages")]
    first = form.get("first", "")
    title = _read_texts(form, "title", SHORT)
    errors = dict(title.errors)
    if not ticked:
        errors["languages"] = words("no_language")
    elif first and first not in ticked:
        errors["first"] = _("Choose one of the languages of the questionnaire.")
    for tag in ticked:
        if not title.values["title"].get(tag):
            errors.setdefault(f"title_{tag}", _("Write the title in this language."))
    languages = sorted(ticked, key=lambda tag: tag != first)
    return Read({"languages": languages, "title": title.values["title"]}, errors)


def _read_texts(form: Form, name: str, most: int) -> Read:
    """A text in each language, from the fields `<name>_<language>`."""
    said: Text = {}
    errors = {}
    for tag in LANGUAGES:
        text = tidy(form.get(f"{name}_{tag}", ""))
        if text:
            said[tag] = text
        wrong = _wrong(text, most)
        if wrong:
            errors[f"{name}_{tag}"] = wrong
    return Read({name: said}, errors)


def _wrong(text: str, most: int) -> str:
    if len(text) > most:
        return words("too_long", {"length": len(text), "max": most})
    bad = bad_character(text)
    return words("bad_character", {"character": bad}) if bad else ""


def _is_date(text: str) -> bool:
    try:
        return len(text) == len("2027-03-31") and bool(date.fromisoformat(text))
    except ValueError:
        return False
