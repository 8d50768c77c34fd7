"""The first sheet of a frame's spreadsheet: facts, profiles and their native charts."""

from collections.abc import Sequence
from typing import Any, Final

from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook

from survey.workbooks import styles
from survey.workbooks.frame_book import Coverage, Overview
from survey.workbooks.frame_look import BODY, HEAD, LEAST, height, print_width
from survey.workbooks.page import Page
from survey.workbooks.styles import LEVEL_EDGE, LEVELS, TABS, Styles

# Columns: mark, name, group, level, in words; a gap; six counts.
WIDTHS: Final = (6, 38, 34, 8, 16, 2, 12, 12, 12, 12, 12, 12)
LEFT: Final = (0, 4)
RIGHT: Final = (6, len(WIDTHS) - 1)
LAST: Final = RIGHT[1]
CHART_PIXELS: Final = 270
# What is no level: tones that differ in grey print too, none of them plum, red or green.
KINDS: Final = ("#4A5960", "#9AA6A5", "#FFFFFF", "#E4E6E2", "#C9CFCB", "#1B2A30")
ON_KINDS: Final = ("#FFFFFF", "#1B2A30", "#1B2A30", "#1B2A30", "#1B2A30", "#FFFFFF")
FONT: Final = {"size": 9, "color": styles.INK}


class OverviewSheet:
    """Draws the overview from top to bottom."""

    def __init__(self, overview: Overview, book: Workbook, page: Page, look: Styles) -> None:
        self.overview = overview
        self.book = book
        self.page = page
        self.look = look
        self.row = 0
        self.body = look.get(**BODY | {"valign": "vcenter"})
        self.middle = look.get(**BODY | {"valign": "vcenter", "align": "center", "indent": 0})

    def write(self) -> None:
        """Writes the sheet."""
        page = self.page
        page.set_tab_color(TABS[0])
        for place, width in enumerate(WIDTHS):
            page.set_column(place, place, width)
        self._title()
        self._lists()
        self._claims()
        second = self.row
        self._coverage()
        self._elements()
        page.checked(page.print_area(0, 0, self.row, LAST))
        page.breaks([(0, second - 1), (second, self.row)], print_width(WIDTHS), 0)

    def _across(self, text: str, columns: tuple[int, int], **properties: Any) -> float:
        """A text over several columns of this row; the height it needs."""
        style = self.look.get(**{"text_wrap": True, "valign": "top", **properties})
        self.page.joined((self.row, columns[0], self.row, columns[1]), text, style)
        return height(text, sum(WIDTHS[columns[0] : columns[1] + 1]))

    def _next(self, *heights: float) -> None:
        self.page.height(self.row, max(LEAST, *heights))
        self.row += 1

    def _heading(self, text: str, columns: tuple[int, int] = (0, LAST)) -> None:
        self._across(text, columns, bold=True, font_size=13, valign="bottom")

    def _title(self) -> None:
        title = {"bold": True, "font_size": 18, "valign": "vcenter"}
        self._across(self.overview.title, (0, LAST), **title)
        self._next(32)
        words = " · ".join(self.overview.lines)
        self._next(self._across(words, (0, LAST), font_color=styles.NOTE, font_size=10))

    def _lists(self) -> None:
        """The lists side by side, each under its heading."""
        places = (LEFT, RIGHT)
        lists = self.overview.lists[: len(places)]
        for (heading, _lines), place in zip(lists, places, strict=False):
            self._heading(heading, place)
        self._next(30)
        texts = ["\n".join(f"•  {line}" for line in lines) for _heading, lines in lists]
        heights = [
            self._across(text, place, font_size=10)
            for text, place in zip(texts, places, strict=False)
        ]
        self._next(*heights)

    def _heads(self, heads: Sequence[str], places: Sequence[int]) -> None:
        style = self.look.get(**HEAD)
        self.page.blanks(self.row, range(places[0], places[-1] + 1), style)
        for place, head in zip(places, heads, strict=True):
            self.page.text(self.row, place, head, style)
        heights = [height(h, WIDTHS[p]) for p, h in zip(places, heads, strict=True)]
        self._next(max(heights[1:]) + 3)

    # levels

    def _claims(self) -> None:
        self._heading(self.overview.claims_title)
        self._next(30)
        top = self.row
        self._heads(self.overview.claims_heads, range(LEFT[0], LEFT[1] + 1))
        first = self.row
        for claim in self.overview.claims:
            for place, text in enumerate((claim.mark, claim.name, claim.group)):
                self.page.text(self.row, place, text, self.body)
            self._level(claim.level)
            self.page.text(self.row, 4, claim.says, self.body)
            self._next(height(claim.name, WIDTHS[1]), height(claim.group, WIDTHS[2]))
        if self.overview.claims:
            self._chart(self._levels_chart(first, self.row - 1), top, RIGHT)
            self._fill(top)

    def _level(self, level: int | None) -> None:
        if level is None:
            self.page.text(self.row, 3, "", self.body)
            return
        ground, ink = LEVELS[level]
        place = {"bold": True, "align": "center", "valign": "vcenter", "indent": 0}
        tone = {"bg_color": ground, "font_color": ink}
        self.page.value(self.row, 3, level, self.look.get(**BODY | place | tone))

    def _levels_chart(self, first: int, last: int) -> Chart:
        """A column a level, in its tone, with its digit."""
        chart = self.book.add_chart({"type": "column"})
        name = self.page.get_name()
        bold = {"bold": True, "size": 11, "color": styles.INK}
        chart.add_series(
            {
                "name": self.overview.claims_title,
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 3, last, 3],
                "points": [_point(claim.level) for claim in self.overview.claims],
                "gap": 60,
                "fill": {"color": LEVELS[2][0]},
                "border": {"color": LEVEL_EDGE},
                "data_labels": {"value": True, "position": "outside_end", "font": bold},
            }
        )
        scale = {"min": 0, "max": 4, "major_unit": 1, "num_format": "0", "num_font": FONT}
        lines = {"visible": True, "line": {"color": styles.LINE}}
        chart.set_y_axis({**scale, "major_gridlines": lines, "line": {"none": True}})
        chart.set_x_axis({"num_font": FONT})
        chart.set_title({"name": self.overview.claims_title, "name_font": bold})
        chart.set_legend({"none": True})
        return chart

    # coverage

    def _coverage(self) -> None:
        self._heading(self.overview.coverage_title)
        self._next(30)
        first = self._counted(self.overview.coverage_heads, self.overview.coverage)
        if self.overview.coverage:
            top = self.row
            self._chart(self._coverage_chart(first, self.row - 1), top, (0, LAST))
            self._fill(top)

    def _elements(self) -> None:
        self._heading(self.overview.elements_title)
        self._next(30)
        self._counted(self.overview.elements_heads, self.overview.elements)
        note = {"font_color": styles.NOTE, "font_size": 10}
        self._next(self._across(self.overview.note, (0, LAST), **note))

    def _counted(self, heads: Sequence[str], rows: Sequence[Coverage]) -> int:
        """A table with a count a kind, on the right; its first row."""
        counts = range(RIGHT[0], RIGHT[0] + len(self.overview.kinds))
        self._heads((*heads, *self.overview.kinds), (0, 2, 3, *counts))
        head = (self.row - 1, 0, self.row - 1, 1)
        self.page.joined(head, heads[0], self.look.get(**HEAD))
        first = self.row
        for each in rows:
            self.page.blanks(self.row, range(LAST + 1), self.body)
            self.page.joined((self.row, 0, self.row, 1), each.name, self.body)
            self.page.text(self.row, 2, each.levels, self.body)
            self.page.joined((self.row, 3, self.row, 4), each.median, self.middle)
            for place, number in zip(counts, each.counts, strict=False):
                self.page.value(self.row, place, number, self.middle)
            name = height(each.name, WIDTHS[0] + WIDTHS[1])
            self._next(name, height(each.levels, WIDTHS[2]))
        return first

    def _coverage_chart(self, first: int, last: int) -> Chart:
        """A bar a dimension, divided by what was said."""
        chart = self.book.add_chart({"type": "bar", "subtype": "stacked"})
        sheet = self.page.get_name()
        for place, kind in enumerate(self.overview.kinds):
            column = RIGHT[0] + place
            font = {"color": ON_KINDS[place], "size": 9}
            chart.add_series(
                {
                    "name": kind,
                    "categories": [sheet, first, 0, last, 0],
                    "values": [sheet, first, column, last, column],
                    "fill": {"color": KINDS[place]},
                    "border": {"color": styles.NOTE, "width": 0.75},
                    "gap": 45,
                    "data_labels": {"value": True, "num_format": "0;;;", "font": font},
                }
            )
        chart.set_y_axis({"reverse": True, "num_font": FONT})
        quiet = {"visible": False, "major_gridlines": {"visible": False}}
        chart.set_x_axis(quiet)
        chart.set_title({"none": True})
        chart.set_legend({"position": "bottom", "font": FONT})
        return chart

    # charts

    def _chart(self, chart: Chart, top: int, columns: tuple[int, int]) -> None:
        """A chart from the row `top` down, over these columns."""
        first, last = columns
        width = sum(round(w * 7 + 5) for w in WIDTHS[first : last + 1]) - 12
        chart.set_size({"width": width, "height": self._pixels(top) or CHART_PIXELS})
        chart.set_chartarea({"border": {"color": styles.LINE}})
        options = {"x_offset": 6, "y_offset": 4, "object_position": 1}
        self.page.checked(self.page.insert_chart(top, first, chart, options))

    def _pixels(self, top: int) -> int:
        """The height of the rows written since `top`, when that is more than a chart needs."""
        points = sum(self.page.heights.get(row, LEAST) for row in range(top, self.row))
        pixels = round(points * 4 / 3)
        return pixels if pixels > CHART_PIXELS else 0

    def _fill(self, top: int) -> None:
        """Empty rows beside a chart that is higher than its table."""
        while self._lacks(top):
            self._next(LEAST)

    def _lacks(self, top: int) -> bool:
        points = sum(self.page.heights.get(row, LEAST) for row in range(top, self.row))
        return points * 4 / 3 < CHART_PIXELS + 16


def _point(level: int | None) -> dict[str, Any] | None:
    if level is None:
        return None
    return {"fill": {"color": LEVELS[level][0]}, "border": {"color": LEVEL_EDGE}}
