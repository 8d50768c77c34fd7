"""What no workbook may hold: macros, binaries, links to the outside, embedded things.

Loaded by the process that reads strangers' files, so it imports nothing it can do without.
"""

import re
from collections.abc import Mapping
from typing import Final

from survey.workbooks.package import Package, refuse
from survey.workbooks.scanning import (
    Attributes,
    Limits,
    Scan,
)


class RelationsScan(Scan):
    """Relation id -> (type, target); only hyperlinks may point outside the file."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.relations: dict[str, tuple[str, str]] = {}
        self.starts = {"Relationship": self._relation}

    def _relation(self, attributes: Attributes) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        if kind == "externalLink" or (is_outside and kind != "hyperlink"):
            refuse("file_external_links")
        if kind in FORBIDDEN_RELATIONS:
            refuse(FORBIDDEN_RELATIONS[kind])
        self.relations[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))


class TypesScan(Scan):
    """Part name -> content type, from [Content_Types].xml."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.types: dict[str, str] = {}
        self.starts = {"Override": self._override, "Default": self._default}

    def _override(self, attributes: Attributes) -> None:
        self._add(attributes.get("PartName", "").lstrip("/"), attributes)

    def _default(self, attributes: Attributes) -> None:
        self._add("." + attributes.get("Extension", ""), attributes)

    def _add(self, name: str, attributes: Attributes) -> None:
        kind = attributes.get("ContentType", "").lower()
        for sign, code in FORBIDDEN_TYPES.items():
            if sign in kind:
                refuse(code)
        self.types[name] = kind


FORBIDDEN_TYPES: Final[Mapping[str, str]] = {
    "sheet.binary": "file_binary",
    "macroenabled": "file_macros",
    "vbaproject": "file_macros",
    "macrosheet": "file_macros",
    "externallink": "file_external_links",
    "oleobject": "file_embedded_object",
    "activex": "file_embedded_object",
    "opendocument": "file_not_excel",
    "wordprocessingml": "file_not_excel",
    "presentationml": "file_not_excel",
}
FORBIDDEN_RELATIONS: Final[Mapping[str, str]] = {
    "vbaProject": "file_macros",
    "xlMacrosheet": "file_macros",
    "xlIntlMacrosheet": "file_macros",
    "oleObject": "file_embedded_object",
    "package": "file_embedded_object",
    "control": "file_embedded_object",
    "activeXControlBinary": "file_embedded_object",
    "connections": "file_external_links",
}
FORBIDDEN_NAMES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"vbaproject|/macrosheets/|vbadata", re.I), "file_macros"),
    (re.compile(r"/externallinks?/|^xl/connections\.xml$", re.I), "file_external_links"),
    (re.compile(r"/embeddings/|/activex/", re.I), "file_embedded_object"),
    (re.compile(r"^xl/workbook\.bin$|/sheet[0-9]+\.bin$", re.I), "file_binary"),
    (re.compile(r"^word/|^ppt/|^mimetype$", re.I), "file_not_excel"),
)


def check_names(package: Package) -> None:
    """Refuses by the names of its parts what is macro, binary, linked or embedded."""
    for name in package.members:
        for pattern, code in FORBIDDEN_NAMES:
            if pattern.search(name):
                refuse(code)
