"""The words of every problem and refusal: code -> one sentence, with named places to fill.

`where` (a field, question or item) is shown beside the words by the page, so sentences do not
repeat it. A test finds every code that the program can raise in here.
"""

from collections.abc import Mapping
from typing import Any, Final

from babel.lists import format_list
from flask_babel import format_decimal, get_locale
from flask_babel import lazy_gettext as _l

from survey.core.problems import Param, Problem, Refused
from survey.web.languages import in_language

MESSAGES: Final[Mapping[str, Any]] = {
    # Any deed
    "refused": _l("This is not possible now."),
    # People
    "email_taken": _l("%(email)s already belongs to somebody."),
    "email_unreadable": _l("%(email)s is not an e-mail address."),
    "password_too_short": _l("A password needs at least %(least)s characters."),
    "country_missing": _l("The role %(role)s needs a country: three letters, such as HND."),
    "country_unknown": _l("No country has the code %(country)s."),
    "entity_unknown": _l("%(country)s has no such body; name one that it has."),
    "person_unknown": _l("Nobody has the address %(email)s."),
    "too_many_tries": _l("Too many tries. Try again in %(seconds)s seconds."),
}


class NoWords(LookupError):
    """A code without words; a test keeps this from happening."""


def words(code: str, params: Mapping[str, Param] | None = None) -> str:
    """The sentence of `code` in the language of this page.

    Raises:
        NoWords: `code` has none.
    """
    if code not in MESSAGES:
        raise NoWords(code)
    return str(MESSAGES[code]) % {name: shown(value) for name, value in (params or {}).items()}


def words_of(fact: Problem | Refused) -> str:
    """The sentence of a problem or refusal; a check speaks its questionnaire's own words."""
    if isinstance(fact, Problem) and fact.text:
        return in_language(dict(fact.text))
    return words(fact.code, fact.params)


def shown(value: Param) -> str:
    """A parameter as people read it: figures and lists as the language writes them."""
    if isinstance(value, bool) or not isinstance(value, int | tuple | Mapping):
        return str(value)
    if isinstance(value, int):
        return str(format_decimal(value))
    if isinstance(value, tuple):
        return str(format_list(value, locale=get_locale() or "en"))
    return in_language(dict(value))
