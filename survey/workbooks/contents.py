"""All parts of a workbook, each looked at once: the guard's walk and the cells found on the way.

Loaded by the process that reads strangers' files, so it imports nothing it can do without.
"""

import posixpath
import re
from collections.abc import Mapping
from typing import Any, Final

from survey.workbooks.forbidden import RelationsScan, TypesScan, check_names
from survey.workbooks.package import Package, refuse
from survey.workbooks.part_scans import BookScan, NotesScan, StringsScan, StylesScan
from survey.workbooks.scanning import Limits, Scan, integer, parse
from survey.workbooks.sheet_scan import CellsScan, SheetScan

TYPES: Final = "[Content_Types].xml"
UNREAD: Final = frozenset({"calc", "lists"})  # hidden sheets of formulas and labels, all ours
LETTERS: Final = 20_000_000  # of all texts together, each counted where it stands
ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
DECLARATIONS: Final = tuple(
    word.encode(coding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for coding in ("ascii", "utf-16-le", "utf-16-be")
)

Relations = Mapping[str, tuple[str, str]]


def look_inside(content: bytes, *, keeps: bool = True) -> dict[str, Any]:
    """What a workbook holds, as plain values: `sheets`, `styles`, `is_1904`.

    A sheet is `name`, `hidden`, `cells`, `notes` (reference -> text); a cell is (row, column
    letters, kind, value, style, formula), its kind one of `n` number, `s` text, `b` yes or no,
    `e` error, `d` ISO date, `` coloured and blank. A style is (number format, fill).

    Raises:
        Refused: anything in it is damaged, forbidden or beyond the limits.
    """
    walk = _Walk(content, keeps=keeps)
    return walk.result()


class _Walk:
    def __init__(self, content: bytes, *, keeps: bool) -> None:
        self.package = Package(content)
        self.limits = Limits()
        self.keeps = keeps
        self.left = dict(self.package.members)
        self.relations: dict[str, Relations] = {}
        check_names(self.package)
        if TYPES not in self.left:
            refuse("file_not_excel")
        self._take(TYPES, TypesScan(self.limits))
        for name in [n for n in self.left if n.endswith(".rels")]:
            scan = RelationsScan(self.limits)
            self._take(name, scan)
            self.relations[name] = scan.relations

    def result(self) -> dict[str, Any]:
        main = self._one("_rels/.rels", "", "officeDocument")
        if main not in self.left:
            refuse("file_not_excel")
        book = BookScan(self.limits)
        self._take(main, book)
        relations_name = _relations_of(main)
        strings, styles = StringsScan(self.limits), StylesScan(self.limits)
        for kind, scan in (("sharedStrings", strings), ("styles", styles)):
            part = self._one(relations_name, main, kind)
            if part in self.left:
                self._take(part, scan)
        relations = self.relations.get(relations_name, {})
        self.coloured = styles.coloured()
        sheets = []
        for name, relation, hidden in book.sheets:
            kind, target = relations.get(relation, ("", ""))
            if kind == "worksheet":
                sheets.append(self._sheet(name, _resolve(main, target), hidden=hidden))
        self._rest()
        return _result(sheets, strings.strings, styles, is_1904=book.is_1904)

    def _sheet(self, name: str, part: str, *, hidden: bool) -> dict[str, Any]:
        if part not in self.left:
            refuse("file_damaged", part=part)
        is_read = self.keeps and not (hidden and name in UNREAD)
        scan = CellsScan(self.limits, self.coloured) if is_read else SheetScan(self.limits)
        self._take(part, scan)
        notes = NotesScan(self.limits)
        comments = self._one(_relations_of(part), part, "comments")
        if comments in self.left:
            self._take(comments, notes)
        return {"name": name, "hidden": hidden, "cells": scan.cells, "notes": notes.notes}

    def _one(self, relations: str, base: str, kind: str) -> str:
        """The first part of a kind that another part points to; "" when there is none."""
        found = self.relations.get(relations, {}).values()
        return next((_resolve(base, target) for k, target in found if k == kind), "")

    def _take(self, name: str, scan: Scan) -> None:
        del self.left[name]
        parse(self.package, name, scan)

    def _rest(self) -> None:
        for name in list(self.left):
            if self._is_xml(name):
                self._take(name, Scan(self.limits))
            else:
                self._search(name)

    def _is_xml(self, name: str) -> bool:
        return name.lower().endswith((".xml", ".rels"))

    def _search(self, name: str) -> None:
        """Other parts are only inflated; none may declare what an XML reader would obey."""
        tail = b""
        for chunk in self.package.chunks(name):
            window = (tail + chunk).upper()
            if any(word in window for word in DECLARATIONS):
                refuse("file_doctype")
            tail = chunk[-40:]


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolve(base: str, target: str) -> str:
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))


def _result(
    sheets: list[dict[str, Any]], strings: list[str], styles: StylesScan, *, is_1904: bool
) -> dict[str, Any]:
    names: dict[str, int] = {}
    letters = 0
    for sheet in sheets:
        cells = []
        for row, column, kind, style, raw, formula in sheet["cells"]:
            number = names.get(style)
            if number is None:
                number = names[style] = integer(style)
            kind, value = _value(kind, raw, strings)
            letters += len(value)
            cells.append((row, column, kind, value, number, formula))
        if letters > LETTERS:
            refuse("file_too_much", what="letters", most=LETTERS)
        sheet["cells"] = cells
    used = {number: styles.of(number) for number in names.values()}
    return {"sheets": sheets, "styles": used, "is_1904": is_1904}


def _value(kind: str, raw: str | None, strings: list[str]) -> tuple[str, str]:
    if raw is None:
        return "", ""
    if kind == "s":
        if not raw.isascii() or not raw.isdigit() or int(raw[:9]) >= len(strings):
            refuse("file_damaged", cell=raw)
        return "s", _unescape(strings[int(raw[:9])])
    if kind in ("str", "inlineStr"):
        return "s", _unescape(raw)
    return (kind if kind in ("b", "e", "d") else "n"), raw.strip()[:64]


def _unescape(text: str) -> str:
    """Spreadsheets write characters XML has no place for as `_x000D_`."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
