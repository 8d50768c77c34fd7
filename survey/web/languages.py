"""In which language a page speaks, and how it writes dates and numbers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.localedata import LocaleDataDict
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, force_locale, get_locale, get_translations

LANGUAGES: Final = {"en": "English", "es": "Español", "pt": "Português", "fr": "Français"}
DEFAULT: Final = "en"

babel: Final = Babel()


def init_languages(app: Flask, translations: str) -> None:
    """Choose the language of each request; `translations` is the folder of the catalogues."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", translations)
    babel.init_app(app, locale_selector=locale)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # of jinja2.ext.i18n
        lambda text: _translations().ugettext(text),
        lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
    )
    app.before_request(_keep_choice)


def _translations() -> Any:
    """The catalogue of this page, looked up once: a page says hundreds of words."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Within it the page speaks another language, as for somebody else who reads it."""
    g.pop("translations", None)
    try:
        with force_locale(tag):
            yield
    finally:
        g.pop("translations", None)


def _keep_choice() -> None:
    chosen = request.args.get("lang")
    if chosen in LANGUAGES and session.get("language") != chosen:
        session["language"] = chosen


def choose_language() -> str:
    """The language asked for, else that of the person, else that of the browser."""
    if not has_request_context():  # a command: the language of the terminal
        terminal = os.environ.get("LC_ALL") or os.environ.get("LANG") or DEFAULT
        return terminal[:2] if terminal[:2] in LANGUAGES else DEFAULT
    own = g.get("own_language")
    for candidate in (request.args.get("lang"), session.get("language"), own):
        if candidate in LANGUAGES:
            return str(candidate)
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT


def locale() -> Locale:
    """The chosen language as written in the person's country: es-HN has 1,234.5, es-CO 1.234,5."""
    return locale_in(choose_language(), g.get("territory") or "", g.get("signs"))


class Abroad(Locale):
    """A language in a territory for which CLDR does not have it: its own words and dates, and the
    signs in numbers of the territory."""

    def __init__(self, language: str, territory: str, signs: tuple[str, str]) -> None:
        super().__init__(language)
        self.territory = territory
        decimal, group = signs
        own = super().number_symbols
        self._symbols = {
            system: {**own[system], "decimal": decimal, "group": group} for system in own
        }

    @property
    def number_symbols(self) -> LocaleDataDict:
        return LocaleDataDict(self._symbols)


@lru_cache(maxsize=256)
def locale_in(language: str, territory: str, signs: tuple[str, str] | None = None) -> Locale:
    """How a language is written in a territory (alpha-2; may be empty).

    `signs`, the decimal and the grouping sign there, count where CLDR does not have the two
    together: a Spanish page for Brazil follows CLDR, an English one for Argentina has 1.234,5.
    """
    try:
        return Locale.parse(f"{language}_{territory}" if territory else language)
    except UnknownLocaleError:
        return Abroad(language, territory, signs) if signs else Locale.parse(language)


def language() -> str:
    """The language of this page: en, es, pt or fr."""
    current = get_locale()
    return current.language if current else DEFAULT


def locale_code() -> str:
    """The locale of this page for workbooks and numbers, such as `es_HN`."""
    return str(get_locale() or DEFAULT)


def in_language(texts: dict[str, str], order: tuple[str, ...] = (DEFAULT,)) -> str:
    """`texts` in the language of this page, else in the first of `order`, else in any."""
    for candidate in (language(), *order):
        if texts.get(candidate):
            return texts[candidate]
    return next((text for text in texts.values() if text), "")
