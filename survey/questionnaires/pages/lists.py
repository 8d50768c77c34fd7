"""Questionnaires and versions in lists, and stored texts as fields of a form."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from survey.banks.words import language_names
from survey.core.instrument import Text
from survey.questionnaires.models import Questionnaire
from survey.web.languages import in_language
from survey.web.reading import Reader

Shown = dict[str, Any]


def questionnaire_told(questionnaire: Questionnaire, reader: Reader) -> Shown:
    """A questionnaire in the list of all."""
    own: Shown = {"questionnaire_id": questionnaire.id}
    return {
        "title": in_language(questionnaire.title, tuple(questionnaire.languages)),
        "code": questionnaire.code,
        "url": url_for("questionnaires.desk", **own),
        "items": len(questionnaire.item_codes),
        "sections": len(questionnaire.sections),
        "languages": language_names(questionnaire.languages),
        "versions": [
            {
                "number": version.number,
                "url": url_for("questionnaires.version", **own, number=version.number),
                "when": reader.moment(version.published_at),
                "short": version.sha256[:8],
            }
            for version in reversed(questionnaire.versions)
        ],
    }


def texts_of_form(texts: Mapping[str, Text]) -> dict[str, str]:
    """Stored texts as the fields of a form: `<name>_<language>` -> text."""
    return {f"{name}_{tag}": said for name, text in texts.items() for tag, said in text.items()}
