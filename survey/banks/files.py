"""Bank files: structure and English text in `bank.yaml`, other languages in gettext files.

One `.po` a bank and language stands under `translations/`; a fuzzy entry is no translation yet
(GNU gettext manual, "PO file entries").
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar

import msgspec
import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from survey.banks.texts import Raw, with_texts
from survey.core.instrument import Choice, Names, Text
from survey.core.items import Common, Item

BASE_LANGUAGE: Final = "en"
COMMON: Final = "common"
MODULES: Final = "round"  # the folder of what opens and closes every topic
ANY: Final = "any"  # no country in particular


Place: TypeAlias = Literal["", "opening", "closing"]  # of a section of a module


class BankSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One dimension of a topic: `letter` is printed, `code` permanent, `minutes` to answer it.

    `place`: where a section of a module stands in every questionnaire (`domain.md` 0.6).
    """

    code: str
    letter: str
    title: Text
    items: tuple[Item, ...]
    introduction: Text = {}
    who: Text = {}
    documents: Text = {}
    minutes: int = 0
    place: Place = ""


class BankFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bank with the texts of all its languages."""

    code: str
    title: Text
    sections: tuple[BankSection, ...]
    purpose: Text = {}
    lists: dict[str, tuple[Choice, ...]] = {}

    @property
    def items(self) -> tuple[Item, ...]:
        """Its items in order."""
        return tuple(item for section in self.sections for item in section.items)


class BankUnreadable(ValueError):
    """A bank file does not have the shape of `docs/formats/bank.md`; the text says where."""


_CODE: Final = re.compile(r"code: *(\w+)")
_File = TypeVar("_File", BankFile, Common)


class BankFolder:
    """The folder of one bank and the gettext files that belong to it; each file is read once."""

    def __init__(self, folder: Path, translations: Path) -> None:
        self.folder = folder
        self.translations = translations

    @property
    def path(self) -> Path:
        """Where its structure and English text stand."""
        return self.folder / "bank.yaml"

    @property
    def code(self) -> str:
        """The code of the bank, without reading all of it; "" when its file does not begin so."""
        with self.path.open(encoding="utf-8", errors="replace") as file:
            found = (_CODE.match(line) for line in file)
            return next((each[1] for each in found if each), "")

    def raw(self) -> Raw:
        """The file as it is: every scalar a string, so that a choice `no` stays a word.

        Raises:
            BankUnreadable: it is not YAML, or no mapping.
        """
        return self._raw

    @cached_property
    def _raw(self) -> Raw:
        try:
            content = yaml.load(self.path.read_bytes(), Loader=yaml.CBaseLoader)  # noqa: S506 - makes strings only
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise BankUnreadable(f"{self.path}: {error}") from error
        if not isinstance(content, dict) or "code" not in content:
            raise BankUnreadable(f"{self.path}: no bank")
        return content

    def catalogue_path(self, language: str) -> Path:
        """The gettext file of its texts in `language`."""
        return self.translations / language / "LC_MESSAGES" / f"{self.folder.name}.po"

    def catalogues(self) -> dict[str, Catalog]:
        """Language -> its catalogue, for each language that has one."""
        return self._catalogues

    @cached_property
    def _catalogues(self) -> dict[str, Catalog]:
        found = {}
        for path in sorted(self.translations.glob(f"*/LC_MESSAGES/{self.folder.name}.po")):
            language = path.parent.parent.name
            with path.open("rb") as file:
                found[language] = read_po(file, locale=language.replace("-", "_"))
        return found

    def texts(self) -> dict[str, Text]:
        """Key -> text in every language that has a translation; English always."""
        return self._texts

    @cached_property
    def _texts(self) -> dict[str, Text]:
        catalogues = self.catalogues()
        return {
            key: {BASE_LANGUAGE: english, **_translations(catalogues, key, english)}
            for key, english in english_texts(self.raw()).items()
        }

    def comments(self) -> dict[str, dict[str, str]]:
        """Language -> key of a text -> what its translators noted beside it, if anything."""
        return {
            language: {
                str(message.context): "\n".join(message.user_comments)
                for message in catalogue
                if message.context and message.user_comments
            }
            for language, catalogue in self.catalogues().items()
        }

    def read(self) -> BankFile:
        """The bank with all its texts.

        Raises:
            BankUnreadable: a member is missing, unknown or of the wrong kind; says which.
        """
        return self._convert(BankFile)

    def read_common(self) -> Common:
        """What all banks share (`question_banks/common`)."""
        return msgspec.structs.replace(self._convert(Common), names=self.read_names()[ANY])

    def read_names(self) -> dict[str, Names]:
        """Country (ISO 3166-1 alpha-3), or `ANY` -> how it calls its institutions.

        Raises:
            BankUnreadable: a name is not of the shape of `core.instrument.Name`.
        """
        path = self.folder / "names.yaml"
        try:
            raw = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
            return msgspec.convert(raw, dict[str, Names])
        except (yaml.YAMLError, UnicodeDecodeError, msgspec.ValidationError) as error:
            raise BankUnreadable(f"{path}: {error}") from error

    def _convert(self, kind: type[_File]) -> _File:
        texts = self.texts()
        raw = with_texts(self.raw(), lambda key, _: texts[key])
        try:
            return msgspec.convert(raw, kind, strict=False)
        except msgspec.ValidationError as error:
            raise BankUnreadable(f"{self.path}: {error}") from error

    def update_catalogue(self, language: str, now: datetime | None = None) -> Path:
        """Bring the gettext file of a language up to date with the bank and write it.

        A text that changed keeps its translation as fuzzy, with the English it was made from;
        a text that is gone goes.
        """
        self._forget()
        path = self.catalogue_path(language)
        before = self.catalogues().get(language, Catalog(locale=language.replace("-", "_")))
        fresh = Catalog(
            locale=before.locale,
            project="Ronda",
            charset="utf-8",
            revision_date=now or datetime.now(UTC),
            fuzzy=False,
        )
        known = _by_key(before)
        for key, english in english_texts(self.raw()).items():
            self._carry(known.get(key), fresh, key, english)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, fresh, width=100, include_previous=True)
        self._forget()
        return path

    def _forget(self) -> None:
        for read in ("_raw", "_catalogues", "_texts"):
            self.__dict__.pop(read, None)

    @staticmethod
    def _carry(known: Message | None, fresh: Catalog, key: str, english: str) -> None:
        translated = known.string if known else ""
        changed = bool(known and translated and known.id != english)
        fresh.add(
            english,
            translated,
            context=key,
            flags={"fuzzy"} if changed or (known and known.fuzzy) else (),
            user_comments=known.user_comments if known else (),
            previous_id=(str(known.id),) if known and changed else (),
        )


def _by_key(catalogue: Catalog) -> dict[str, Message]:
    return {message.context: message for message in catalogue if message.context}


def _translations(catalogues: Mapping[str, Catalog], key: str, english: str) -> Text:
    found: Text = {}
    for language, catalogue in catalogues.items():
        message = catalogue.get(english, context=key)
        if message and message.string and not message.fuzzy:
            found[language] = str(message.string)
    return found


def english_texts(raw: Raw) -> dict[str, str]:
    """Key -> English text of everything in a bank file that is translated, in its order."""
    found: dict[str, str] = {}

    def note(key: str, english: str) -> Text:
        found[key] = english
        return {BASE_LANGUAGE: english}

    with_texts(raw, note)
    return found


def folders(banks: Path, translations: Path) -> list[BankFolder]:
    """The bank folders under `question_banks/`, in order of name, the common one left out."""
    paths = sorted(path.parent for path in banks.glob("*/bank.yaml"))
    return [BankFolder(path, translations) for path in paths if path.name != COMMON]
