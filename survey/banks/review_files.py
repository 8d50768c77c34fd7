"""The files reviewers get: a workbook or a document of a bank, with room for what they propose."""

from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from flask_babel import gettext as _

from survey.banks.review import Group, Review, Row
from survey.web.languages import LANGUAGES

_INK: Final = "#1b2a41"
_PAPER: Final = "#e8eef6"
_RULE: Final = "#5b6b7f"
_LINE: Final = 13.5  # points
_PER_LINE: Final = 44  # characters in a column of text
_PER_PART: Final = 18  # and in that of parts
_HEAD: Final = {"bold": True, "bg_color": _INK, "font_color": "white"}
_GROUP: Final = {"bold": True, "bg_color": _PAPER, "text_wrap": False}
_PAGE: Final = (Mm(297), Mm(210))  # A4, landscape
_NARROW, _WIDE = Mm(33), Mm(40)
_MARGIN: Final = Mm(12)


def write_review(review: Review, target: Path) -> None:
    """Write the review to `target`; its ending, `.xlsx` or `.docx`, says as what.

    Raises:
        ValueError: another ending.
    """
    writers = {".xlsx": _write_workbook, ".docx": _write_document}
    if target.suffix.lower() not in writers:
        raise ValueError(target.suffix)
    writers[target.suffix.lower()](review, target)


def _headers(review: Review) -> list[str]:
    spoken = [LANGUAGES[tag] for tag in review.languages]
    return [str(_("Part")), *spoken, str(_("Proposed text")), str(_("Comment"))]


# workbook


def _write_workbook(review: Review, target: Path) -> None:
    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(review.title[:31])
        text = {"text_wrap": True, "valign": "top", "font_size": 10}
        formats = {
            "head": book.add_format(
                {**text, "bold": True, "bg_color": _INK, "font_color": "white"}
            ),
            "group": book.add_format(
                {**text, "bold": True, "bg_color": _PAPER, "text_wrap": False}
            ),
            "text": book.add_format(text),
            "rule": book.add_format({**text, "italic": True, "font_color": _RULE}),
            "open": book.add_format({**text, "locked": False, "bg_color": "#fffdf2"}),
        }
        headers = [str(_("Code")), *_headers(review)]
        sheet.write_row(0, 0, headers, formats["head"])
        for line, (row, level) in enumerate(_lines(review), 1):
            _write_line(sheet, line, row, level, formats, review.languages)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, 0, len(headers) - 1)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 18)
        sheet.set_column(2, len(headers) - 2, 42)
        sheet.set_column(len(headers) - 1, len(headers) - 1, 30)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")


def _lines(review: Review) -> Iterator[tuple[Row | Group, int]]:
    for group in review.groups:
        yield group, group.level
        for row in group.rows:
            yield row, group.level


def _write_line(
    sheet: Any,
    line: int,
    row: Row | Group,
    level: int,
    formats: dict[str, Any],
    languages: tuple[str, ...],
) -> None:
    last = len(languages) + 4
    if isinstance(row, Group):
        for column in range(last):
            sheet.write_blank(line, column, None, formats["group"])
        sheet.write_string(line, 0, row.heading, formats["group"])
        return
    look = formats["rule" if row.is_rule else "text"]
    said = [row.code, row.part, *(row.texts.get(tag, "") for tag in languages)]
    # Programs other than Excel do not make rows as high as their text when they open a file.
    longest = max(ceil(len(words) / _PER_LINE) for words in said[1:])
    sheet.set_row(line, _LINE * max(longest, 2 if len(row.part) > _PER_PART else 1) + 2)
    for column, words in enumerate(said):
        sheet.write_string(line, column, words, look)
    for column in (last - 2, last - 1):
        sheet.write_blank(line, column, None, formats["open"])


# document


def _write_document(review: Review, target: Path) -> None:
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = _PAGE
    section.left_margin = section.right_margin = _MARGIN
    section.top_margin = section.bottom_margin = _MARGIN
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(8.5)
    normal.paragraph_format.space_after = Pt(0)
    document.core_properties.title = review.title
    document.add_heading(review.title, 0)
    document.add_paragraph(_variables_told())
    for group in review.groups:
        if group.level:
            document.add_heading(group.heading, group.level)
        if group.rows:
            _add_table(document, review, group)
    document.save(str(target))


def _add_table(document: Any, review: Review, group: Group) -> None:
    headers = _headers(review)
    table = document.add_table(rows=1, cols=len(headers), style="Table Grid")
    table.autofit = False
    widths = [_NARROW, *(_WIDE for _ in headers[1:])]
    for cell, words in zip(table.rows[0].cells, headers, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
        _shade(cell)
    _repeat(table.rows[0])
    for row in group.rows:
        said = [f"{row.part}\n{row.code}", *(row.texts.get(tag, "") for tag in review.languages)]
        cells = table.add_row().cells
        for cell, width, words in zip(cells, widths, [*said, "", ""], strict=True):
            cell.width = width
            run = cell.paragraphs[0].add_run(words)
            if row.is_rule:
                run.italic = True
                run.font.color.rgb = RGBColor.from_string(_RULE[1:].upper())


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("fill", _PAPER[1:].upper())):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _variables_told() -> str:
    return str(
        _(
            "Words in braces, such as %(example)s, stand for the country's own name of an"
            " institution, behind its article or a preposition. They stay as they are.",
            example="{SAI.the}",
        )
    )


def _repeat(row: Any) -> None:
    """The headers again on every page that the table runs over (Office Open XML, `tblHeader`)."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    properties[-1].set(qn("w:val"), "true")
