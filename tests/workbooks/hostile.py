"""Builders of files that no honest person sends; each gives the bytes of one."""

import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final

import xlsxwriter

SHEET: Final = "xl/worksheets/sheet1.xml"
BOOK: Final = "xl/workbook.xml"
TYPES: Final = "[Content_Types].xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"
DOCTYPE: Final = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL: Final = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'


def honest() -> bytes:
    """A small workbook like any other."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("A Visión")
    sheet.write_string("A1", "OPG-A1")
    sheet.write_number("E1", 12.5)
    sheet.write_formula("F1", '=IF(E1>0,"a|b","")', None, "a|b")
    sheet.merge_range("D3:K5", "box")
    sheet.data_validation("E1:E9", {"validate": "integer", "criteria": ">=", "value": 0})
    sheet.write_url("G1", "https://www.oas.org/")
    sheet.write_comment("E1", "a note")
    book.close()
    return target.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


def packed(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as book:
        for name, content in members.items():
            book.writestr(name, content)
    return target.getvalue()


def edited(part: str, old: str, new: str) -> bytes:
    members = parts(honest())
    text = members[part].decode()
    assert old in text, text
    return packed({**members, part: text.replace(old, new, 1).encode()})


def in_sheet(xml: str) -> bytes:
    """The workbook, not compressed, with this before the end of its sheet."""
    members = parts(edited(SHEET, "</worksheet>", f"{xml}</worksheet>"))
    return packed(members, zipfile.ZIP_STORED)


def named(xml: str) -> bytes:
    """The workbook with one more defined name."""
    return edited(BOOK, "<calcPr", f"<definedNames>{xml}</definedNames><calcPr")


def with_part(name: str, content: bytes = b"\0") -> bytes:
    return packed({**parts(honest()), name: content})


def ole(*streams: str) -> bytes:
    names = b"".join(stream.encode("utf-16-le").ljust(64, b"\0") for stream in streams)
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + names


def many_members() -> bytes:
    return packed({**parts(honest()), **{f"xl/media/{n}.png": b"" for n in range(2_001)}})


def bomb() -> bytes:
    return with_part("xl/media/image1.png", bytes(150 * 1024 * 1024))


def big_sheet() -> bytes:
    """Many honest-looking parts that together inflate past the limit."""
    piece = bytes(range(256)) * 4096 + b" " * (60 * 1024 * 1024)
    return packed({**parts(honest()), **{f"xl/media/{n}.bin": piece for n in range(4)}})


def lying_size() -> bytes:
    """The directory says a part is small; it is not."""
    content = bytearray(with_part("xl/media/image1.png", bytes(64 * 1024 * 1024)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.rfind(signature)
        while start >= 0 and b"image1.png" not in content[start : start + 80]:
            start = content.rfind(signature, 0, start)
        content[start + offset : start + offset + 4] = struct.pack("<I", 1000)
    return bytes(content)


def encrypted_member() -> bytes:
    content = bytearray(honest())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        content[start + offset] |= 1
    return bytes(content)


def two_of_one_name() -> bytes:
    target = BytesIO(honest())
    with warnings.catch_warnings(), zipfile.ZipFile(target, "a") as book:
        warnings.simplefilter("ignore")
        book.writestr(SHEET, "<worksheet/>")
    return target.getvalue()


def link_member() -> bytes:
    target = BytesIO(honest())
    with zipfile.ZipFile(target, "a") as book:
        link = zipfile.ZipInfo("xl/media/passwd")
        link.external_attr = 0o120777 << 16
        book.writestr(link, "/etc/passwd")
    return target.getvalue()


def renamed_xlsm() -> bytes:
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return edited(TYPES, main, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")


def xlsb() -> bytes:
    members = parts(honest())
    main = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    binary = b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    members[TYPES] = members[TYPES].replace(main, binary)
    return packed(members)


def external_relation() -> bytes:
    relation = (
        '<Relationship Id="rId99" Type="http://x/image" Target="http://x" TargetMode="External"/>'
    )
    return edited(RELATIONS, "</Relationships>", f"{relation}</Relationships>")


def utf16_doctype() -> bytes:
    text = f'<?xml version="1.0" encoding="UTF-16"?>{DOCTYPE}<x>&b;</x>'
    return with_part("docProps/odd.xml", text.encode("utf-16"))


def deep() -> bytes:
    return in_sheet("<a>" * 2_000_000 + "</a>" * 2_000_000)


def same_sheet_twice() -> bytes:
    return edited(BOOK, "</sheets>", '<sheet name="b" sheetId="2" r:id="rId1"/></sheets>')


def _dense(count: int) -> str:
    return "<sheetData>" + f"<row>{'<c/>' * 100}</row>" * (count // 100) + "</sheetData>"


REFUSED: Final[Mapping[str, tuple[str, Callable[[], bytes]]]] = {
    "empty": ("file_empty", lambda: b""),
    "text": ("file_not_a_workbook", lambda: b"code;answer\nOPG-A1;yes\n"),
    "pdf before the zip": ("file_not_a_workbook", lambda: b"%PDF-1.7\n" + honest()),
    "zip before the zip": ("file_damaged", lambda: honest() + honest()),
    "truncated": ("file_damaged", lambda: honest()[: len(honest()) // 2]),
    "one byte wrong": ("file_damaged", lambda: _flipped(honest())),
    "too big": ("file_too_big", lambda: b"PK\x03\x04" + bytes(21 * 1024 * 1024)),
    "password": ("file_password", lambda: ole("EncryptionInfo", "EncryptedPackage")),
    "zip password": ("file_password", encrypted_member),
    "rights managed": (
        "file_rights_managed",
        lambda: ole("DRMEncryptedTransform", "EncryptedPackage"),
    ),
    "xls": ("file_old_excel", lambda: ole("Workbook")),
    "doc": ("file_not_a_workbook", lambda: ole("WordDocument")),
    "docx": ("file_not_excel", lambda: packed({TYPES: b"<Types/>", "word/document.xml": b"<w/>"})),
    "ods": (
        "file_not_excel",
        lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
    ),
    "a zip of pictures": ("file_not_excel", lambda: packed({"a.png": b"x"})),
    "xlsb": ("file_binary", xlsb),
    "xlsb part": ("file_binary", lambda: with_part("xl/workbook.bin")),
    "macros": ("file_macros", lambda: with_part("xl/vbaProject.bin")),
    "macro sheet": ("file_macros", lambda: with_part("xl/macrosheets/sheet1.xml", b"<x/>")),
    "xlsm renamed": ("file_macros", renamed_xlsm),
    "macro name": (
        "file_macros",
        lambda: named('<definedName name="Auto_Open" xlm="1">A!$A$1</definedName>'),
    ),
    "external link": (
        "file_external_links",
        lambda: with_part("xl/externalLinks/externalLink1.xml", b"<x/>"),
    ),
    "external relation": ("file_external_links", external_relation),
    "data connection": ("file_external_links", lambda: with_part("xl/connections.xml", b"<x/>")),
    "dde": ("file_dde", lambda: edited(SHEET, "<f>", "<f>cmd|'/C calc'!A0+")),
    "ole object": ("file_embedded_object", lambda: with_part("xl/embeddings/oleObject1.bin")),
    "ole element": (
        "file_embedded_object",
        lambda: in_sheet('<oleObjects><oleObject progId="Package"/></oleObjects>'),
    ),
    "activex": ("file_embedded_object", lambda: with_part("xl/activeX/activeX1.bin")),
    "bomb": ("file_inflates", bomb),
    "bomb in pieces": ("file_inflates", big_sheet),
    "lying sizes": ("file_damaged", lying_size),
    "70,000 members": ("file_too_much parts", many_members),
    "two parts of one name": ("file_damaged", two_of_one_name),
    "same sheet twice": ("file_damaged", same_sheet_twice),
    "path out of the folder": ("file_strange_path", lambda: with_part("xl/../../../etc/cron.d/x")),
    "absolute path": ("file_strange_path", lambda: with_part("/etc/passwd")),
    "windows path": ("file_strange_path", lambda: with_part("C:\\windows\\x.dll")),
    "link": ("file_strange_path", link_member),
    "doctype in a sheet": (
        "file_doctype",
        lambda: edited(SHEET, "<worksheet", f"{DOCTYPE}<worksheet"),
    ),
    "external entity in the book": (
        "file_doctype",
        lambda: edited(BOOK, "<workbook", f"{EXTERNAL}<workbook"),
    ),
    "doctype in shared strings": (
        "file_doctype",
        lambda: edited("xl/sharedStrings.xml", "<sst", f"{DOCTYPE}<sst"),
    ),
    "doctype in properties": (
        "file_doctype",
        lambda: edited("docProps/app.xml", "<Properties", f"{DOCTYPE}<Properties"),
    ),
    "doctype in a drawing": (
        "file_doctype",
        lambda: with_part("xl/drawings/vmlDrawing9.vml", DOCTYPE.encode()),
    ),
    "doctype in UTF-16": ("file_doctype", utf16_doctype),
    "doctype in a part of no type": (
        "file_doctype",
        lambda: with_part("xl/odd.bin", b" " * 65_530 + DOCTYPE.encode()),
    ),
    "no xml": ("file_damaged", lambda: edited(SHEET, "</worksheet>", "")),
    "unknown encoding": (
        "file_damaged",
        lambda: edited(SHEET, 'encoding="UTF-8"', 'encoding="UTF-7"'),
    ),
    "far cell": ("file_far_cell", lambda: edited(SHEET, 'r="A1"', 'r="XFD1"')),
    "far row": (
        "file_far_cell",
        lambda: edited(SHEET, '<row r="1"', '<row r="99999999"'),
    ),
    "last row": (
        "file_far_cell",
        lambda: edited(
            SHEET, "</sheetData>", '<row r="1048576"><c r="A1048576"/></row></sheetData>'
        ),
    ),
    "cell of another row": ("file_damaged", lambda: edited(SHEET, 'r="A1"', 'r="A99999"')),
    "lying dimension": (
        "file_far_cell",
        lambda: edited(SHEET, '<dimension ref="A1:', '<dimension ref="A1:XFD9999999"/><x ref="'),
    ),
    "merge of everything": ("file_far_cell", lambda: edited(SHEET, "D3:K5", "A1:XFD1048576")),
    "merge of a lot": ("file_too_much merged", lambda: edited(SHEET, "D3:K5", "A1:GR20000")),
    "many merges": (
        "file_too_much merges",
        lambda: edited(
            SHEET, "</mergeCells>", '<mergeCell ref="A9:B9"/>' * 5_000 + "</mergeCells>"
        ),
    ),
    "many validations": (
        "file_too_much validations",
        lambda: in_sheet('<dataValidation sqref="A1"/>' * 5_001),
    ),
    "400,000 ranges": (
        "file_too_much ranges",
        lambda: in_sheet('<dataValidation sqref="' + "A1 " * 400_000 + '"/>'),
    ),
    "far validation": ("file_far_cell", lambda: in_sheet('<dataValidation sqref="A1:ZZZ9"/>')),
    "far name": (
        "file_far_cell",
        lambda: named('<definedName name="q">A!$A$1:$XFC$9</definedName>'),
    ),
    "many cells": ("file_too_much cells", lambda: in_sheet(_dense(1_000_100))),
    "far note": (
        "file_far_cell",
        lambda: edited("xl/comments1.xml", 'ref="E1"', 'ref="XFD1048576"'),
    ),
    "many elements": ("file_too_much elements", lambda: in_sheet("<a/>" * 4_100_000)),
}


def _flipped(content: bytes) -> bytes:
    place = content.index(b"sheet1.xml") + 60
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
