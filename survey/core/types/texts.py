"""Texts in the language they were written in, and links."""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from survey.core.answers import Stored
from survey.core.instrument import Field
from survey.core.problems import Problem
from survey.core.types.base import Choices, FieldType, Locale, Typed, Value, only, problem

SHORT: Final = 250  # UTF-16 units, as spreadsheets and browsers count
LONG: Final = 4_000
URL: Final = 2_000
NONCHARACTERS: Final = "\ufffe\uffff"
BREAKS: Final = re.compile("\r\n|[\r\u2028\u2029]")
HOST: Final = re.compile(r"[\w-]+(\.[\w-]+)+\.?")
NOT_IN_URL: Final = re.compile(r'[\s<>"\\^`{|}]')


def length(text: str) -> int:
    """The length of a text in UTF-16 units, as spreadsheets and browsers count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def tidy(typed: str) -> str:
    """A typed text in its stored form: NFC, LF, no tabs, nothing blank around it."""
    text = BREAKS.sub("\n", typed).replace("\t", " ")
    return unicodedata.normalize("NFC", text).strip()


def bad_character(text: str) -> str:
    """The first character that no spreadsheet or document can hold, as `U+0007`; "" for none."""
    for character in text:
        if character != "\n" and (
            unicodedata.category(character) in ("Cc", "Cs") or character in NONCHARACTERS
        ):
            return f"U+{ord(character):04X}"
    return ""


class LongTextType(FieldType):
    """A text of up to 4,000 characters: `{"text", "lang"}`."""

    __slots__ = ()
    most = LONG

    def parse(
        self, field: Field, choices: Choices, typed: Typed, locale: Locale
    ) -> Stored | Problem | None:
        given = typed if isinstance(typed, str) else "\n".join(typed)
        stored = {"text": self.tidy(given), "lang": locale.language}
        return (self.check(field, choices, stored) or stored) if stored["text"] else None

    def tidy(self, typed: str) -> str:
        """What was typed in its stored form."""
        return tidy(typed)

    def check(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        if not _is_text(stored) or stored["text"] != self.tidy(stored["text"]):
            return problem(field, "not_a_text")
        if found := bad_character(stored["text"]):
            return problem(field, "bad_character", character=found)
        size = length(stored["text"])
        return problem(field, "too_long", max=self.most, length=size) if size > self.most else None

    def show(self, field: Field, choices: Choices, stored: Stored, locale: Locale) -> str:
        return str(stored["text"])

    def edit(self, field: Field, stored: Stored, locale: Locale) -> str:
        return str(stored["text"])

    def operand(self, stored: Stored) -> Value:
        return str(stored["text"])


class ShortTextType(LongTextType):
    """A text of one line, up to 250 characters."""

    __slots__ = ()
    most = SHORT

    def tidy(self, typed: str) -> str:
        return tidy(typed).replace("\n", " ")


def _is_text(stored: Stored) -> bool:
    return (
        isinstance(stored, dict)
        and stored.keys() == {"text", "lang"}
        and all(isinstance(each, str) and each for each in stored.values())
    )


class UrlType(FieldType):
    """The address of a page or file, http or https; without a scheme it is taken as https."""

    __slots__ = ()

    def parse(
        self, field: Field, choices: Choices, typed: Typed, locale: Locale
    ) -> Stored | Problem | None:
        text = only(field, typed)
        if isinstance(text, Problem) or not text:
            return text or None
        scheme, separator, rest = tidy(text).partition("://")
        stored = f"{scheme.lower()}://{rest}" if separator else f"https://{scheme}"
        return self.check(field, choices, stored) or stored

    def check(self, field: Field, choices: Choices, stored: Stored) -> Problem | None:
        if not isinstance(stored, str) or stored != tidy(stored):
            return problem(field, "not_a_url")
        if found := bad_character(stored):
            return problem(field, "bad_character", character=found)
        if length(stored) > URL:
            return problem(field, "too_long", max=URL, length=length(stored))
        return None if _is_url(stored) else problem(field, "not_a_url")

    def show(self, field: Field, choices: Choices, stored: Stored, locale: Locale) -> str:
        return str(stored)

    def edit(self, field: Field, stored: Stored, locale: Locale) -> str:
        return str(stored)


def _is_url(text: str) -> bool:
    if not text.startswith(("http://", "https://")) or NOT_IN_URL.search(text):
        return False
    try:
        parts = urlsplit(text)
        return (
            "@" not in parts.netloc
            and parts.port != 0
            and bool(HOST.fullmatch(parts.hostname or ""))
        )
    except ValueError:
        return False
