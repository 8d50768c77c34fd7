"""The pages of publishing, of a published version and of the preview, as plain values."""

from datetime import date
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.accounts.models import Person
from survey.banks.words import language_name, language_names
from survey.core.instrument import Section
from survey.questionnaires.models import Questionnaire, Version
from survey.questionnaires.pages.desk import Desk, head_shown
from survey.questionnaires.pages.preview import Preview
from survey.web.languages import LANGUAGES, in_language
from survey.web.reading import Reader

Shown = dict[str, Any]


def publish_shown(desk: Desk) -> Shown:
    """What publishing would do, or every problem that keeps from it, by the place it is in."""
    ordered = sorted(desk.troubles, key=lambda trouble: (trouble.language, trouble.kind != "error"))
    groups = [
        (language_name(tag) if tag else "", list(items))
        for tag, items in groupby(ordered, key=lambda trouble: trouble.language)
    ]
    return {
        "head": head_shown(desk),
        "seq": desk.questionnaire.seq,
        "blocked": desk.has_errors,
        "count": len(ordered),
        "groups": groups,
        "facts": [
            (_("Languages"), head_shown(desk)["languages"]),
            (_("Sections"), str(len(desk.questionnaire.sections))),
            (_("Questions"), str(len(desk.questionnaire.item_codes))),
            (_("Due"), _due(desk.questionnaire.due, desk.reader)),
        ],
    }


def _due(due: str, reader: Reader) -> str:
    return reader.day(date.fromisoformat(due)) if due else str(_("No date"))


def version_shown(version: Version, publisher: Person | None, reader: Reader) -> Shown:
    """A published version: its fingerprint, when and by whom, what it holds."""
    questionnaire, instrument = version.questionnaire, version.program.index.instrument
    own: Shown = {"questionnaire_id": questionnaire.id}
    say = in_language
    return {
        "number": version.number,
        "title": say(instrument.title, instrument.languages),
        "desk": url_for("questionnaires.desk", **own),
        "document": url_for("questionnaires.document", **own, number=version.number),
        "preview": url_for("questionnaires.preview", **own, version=version.number),
        "sha256": grouped(version.sha256),
        "facts": [
            (_("Published"), reader.moment(version.published_at)),
            (_("By"), publisher.name if publisher else _("A command of the administrator")),
            (_("Languages"), language_names(instrument.languages)),
            (_("Due"), _due(instrument.due, reader)),
            (_("Questions"), str(len(version.program.index.questions))),
        ],
        "sections": [
            {
                "title": say(section.title, instrument.languages),
                "items": [(q.code, say(q.title, instrument.languages)) for q in section.questions],
            }
            for section in instrument.sections
        ],
        "others": [
            (each.number, url_for("questionnaires.version", **own, number=each.number))
            for each in questionnaire.versions
            if each.number != version.number
        ],
    }


def grouped(digest: str) -> list[str]:
    """A long fingerprint in groups of eight, so that two can be compared by eye."""
    return [digest[start : start + 8] for start in range(0, len(digest), 8)]


def preview_shown(
    questionnaire: Questionnaire,
    tried: Preview,
    section: Section | None,
    language: str,
    number: int | None,
) -> Shown:
    """The frame around a section that is tried out."""
    instrument = tried.instrument
    fixed: Shown = {"language": language, "section": section.code if section else None}
    fixed |= {"version": number, "every": "yes" if tried.every else None}

    def address(**changed: Any) -> str:
        carried: Shown = {}
        for name, text in tried.carried():
            carried.setdefault(name, []).append(text)
        named = {**carried, **fixed, **changed}
        return url_for("questionnaires.preview", questionnaire_id=questionnaire.id, **named)

    codes = [each.code for each in instrument.sections]
    place = codes.index(section.code) if section else 0
    return {
        "title": in_language(instrument.title, instrument.languages),
        "version": number,
        "draft": len(questionnaire.versions) + 1,
        "back": _back(questionnaire, number),
        "language": language,
        "languages": [
            (tag, LANGUAGES.get(tag, tag), address(language=tag)) for tag in instrument.languages
        ],
        "sections": [
            (
                each.code,
                each.code.rpartition("-")[2],
                tried.say(each.title),
                address(section=each.code),
            )
            for each in instrument.sections
        ],
        "section": section.code if section else "",
        "next": address(section=codes[place + 1]) if place + 1 < len(codes) else "",
        "tries": address(),
        "every": tried.every,
        "toggle": address(every=None if tried.every else "yes"),
        "decides": tried.program is not None,
    }


def _back(questionnaire: Questionnaire, number: int | None) -> str:
    own: Shown = {"questionnaire_id": questionnaire.id}
    if number is None:
        return url_for("questionnaires.desk", **own)
    return url_for("questionnaires.version", **own, number=number)
