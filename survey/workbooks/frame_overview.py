"""The first sheet of a frame's spreadsheet: facts, profiles and their native charts."""

from collections.abc import Sequence
from typing import Any, Final

from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook

from survey.workbooks import styles
from survey.workbooks.frame_book import Coverage, Overview
from survey.workbooks.page import Page
from survey.workbooks.styles import LEVEL_EDGE, LEVELS, TABS, Styles

WIDTHS: Final = (8, 38, 30, 9, 15, 8, 9, 9, 9, 9, 9, 9)  # letters, A to L
LAST: Final = len(WIDTHS) - 1
CHART_ROWS: Final = 15
ROW_PIXELS: Final = 20
# of what is no level: from the darkest, so that they differ in grey print too
KINDS: Final = ("#4A5960", "#9AA6A5", "#FFFFFF", "#E4E6E2", "#C9CFCB", "#1B2A30")
ON_KINDS: Final = ("#FFFFFF", "#1B2A30", "#1B2A30", "#1B2A30", "#1B2A30", "#FFFFFF")


class OverviewSheet:
    """Draws the overview from top to bottom."""

    def __init__(self, overview: Overview, book: Workbook, page: Page, look: Styles) -> None:
        self.overview = overview
        self.book = book
        self.page = page
        self.look = look
        self.row = 0
        self.text = look.get(font_size=10, text_wrap=True, valign="top")
        self.head = look.get(
            bold=True, font_size=10, text_wrap=True, bottom=2, bottom_color=styles.INK
        )

    def write(self) -> None:
        """Writes the sheet."""
        page = self.page
        page.set_tab_color(TABS[0])
        for place, width in enumerate(WIDTHS):
            page.set_column(place, place, width)
        self._title()
        for heading, lines in self.overview.lists:
            self._list(heading, lines)
        self._claims()
        self._coverage()
        self._elements()
        self._line(self.overview.note, font_color=styles.NOTE, font_size=10)
        page.checked(page.print_area(0, 0, self.row, LAST))

    def _line(self, text: str, height: float = 0, **properties: Any) -> None:
        """One line over the whole width."""
        style = self.look.get(**{"text_wrap": True, "valign": "top", **properties})
        self.page.joined((self.row, 0, self.row, LAST), text, style)
        self.page.height(self.row, height or styles.height(text, sum(WIDTHS) - 4))
        self.row += 1

    def _heading(self, text: str) -> None:
        self.row += 1
        self._line(text, 24, bold=True, font_size=13, valign="bottom")

    def _title(self) -> None:
        self._line(self.overview.title, 32, bold=True, font_size=18, valign="vcenter")
        for line in self.overview.lines:
            self._line(line, font_color=styles.NOTE)

    def _list(self, heading: str, lines: Sequence[str]) -> None:
        self._heading(heading)
        for line in lines:
            self._line(f"•  {line}", indent=1)

    def _heads(self, heads: Sequence[str], first: int = 0) -> None:
        for place, head in enumerate(heads, first):
            self.page.text(self.row, place, head, self.head)
        widths = WIDTHS[first:]
        heights = [styles.small_height(h, w - 1) for h, w in zip(heads, widths, strict=False)]
        self.page.height(self.row, max(heights) + 4)
        self.row += 1

    # levels

    def _claims(self) -> None:
        self._heading(self.overview.claims_title)
        mark, name, group, level, says = self.overview.claims_heads
        self._heads((mark, name, group, level, says))
        first = self.row
        for claim in self.overview.claims:
            self.page.text(self.row, 0, claim.mark, self.text)
            self.page.text(self.row, 1, claim.name, self.text)
            self.page.text(self.row, 2, claim.group, self.text)
            self._level(claim.level)
            self.page.text(self.row, 4, claim.says, self.text)
            highest = max(
                styles.small_height(claim.name, WIDTHS[1] - 1),
                styles.small_height(claim.group, WIDTHS[2] - 1),
            )
            self.page.height(self.row, highest)
            self.row += 1
        if self.overview.claims:
            self._chart(self._levels_chart(first, self.row - 1))

    def _level(self, level: int | None) -> None:
        if level is None:
            self.page.text(self.row, 3, "", self.text)
            return
        ground, ink = LEVELS[level]
        style = self.look.get(
            font_size=10, bold=True, align="center", bg_color=ground, font_color=ink, valign="top"
        )
        self.page.value(self.row, 3, level, style)

    def _levels_chart(self, first: int, last: int) -> Chart:
        """A column a level, in its tone, with its digit."""
        chart = self.book.add_chart({"type": "column"})
        points = [_point(claim.level) for claim in self.overview.claims]
        name = self.page.get_name()
        chart.add_series(
            {
                "name": self.overview.claims_title,
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 3, last, 3],
                "points": points,
                "gap": 60,
                "fill": {"color": LEVELS[2][0]},
                "border": {"color": LEVEL_EDGE},
                "data_labels": {
                    "value": True,
                    "position": "outside_end",
                    "font": {"bold": True, "size": 11, "color": styles.INK},
                },
            }
        )
        chart.set_y_axis(
            {
                "min": 0,
                "max": 4,
                "major_unit": 1,
                "num_format": "0",
                "major_gridlines": {"visible": True, "line": {"color": styles.LINE}},
                "line": {"none": True},
            }
        )
        chart.set_title(
            {"name": self.overview.claims_title, "name_font": {"size": 11, "bold": True}}
        )
        chart.set_legend({"none": True})
        return chart

    # coverage

    def _coverage(self) -> None:
        self._heading(self.overview.coverage_title)
        first = self._counted(self.overview.coverage_heads, self.overview.coverage)
        if self.overview.coverage:
            self._chart(self._coverage_chart(first, self.row - 1))

    def _elements(self) -> None:
        self._heading(self.overview.elements_title)
        self._counted(self.overview.elements_heads, self.overview.elements)

    def _counted(self, heads: Sequence[str], rows: Sequence[Coverage]) -> int:
        """A table with a count a kind, from column F on; its first row."""
        name, levels, median = heads
        self._heads(("", "", levels, median, "", *self.overview.kinds))
        self.page.joined((self.row - 1, 0, self.row - 1, 1), name, self.head)
        first = self.row
        count = self.look.get(font_size=10, align="center", valign="top", num_format="0")
        for each in rows:
            self.page.joined((self.row, 0, self.row, 1), each.name, self.text)
            self.page.text(self.row, 2, each.levels, self.text)
            self.page.joined((self.row, 3, self.row, 4), each.median, self.text)
            for place, number in enumerate(each.counts, 5):
                self.page.value(self.row, place, number, count)
            highest = max(
                styles.small_height(each.name, WIDTHS[0] + WIDTHS[1] - 2),
                styles.small_height(each.levels, WIDTHS[2] - 1),
            )
            self.page.height(self.row, highest)
            self.row += 1
        return first

    def _coverage_chart(self, first: int, last: int) -> Chart:
        """A bar a dimension, divided by what was said."""
        chart = self.book.add_chart({"type": "bar", "subtype": "stacked"})
        sheet = self.page.get_name()
        for place, kind in enumerate(self.overview.kinds):
            chart.add_series(
                {
                    "name": kind,
                    "categories": [sheet, first, 0, last, 0],
                    "values": [sheet, first, 5 + place, last, 5 + place],
                    "fill": {"color": KINDS[place]},
                    "border": {"color": styles.NOTE, "width": 0.75},
                    "gap": 45,
                    "data_labels": {
                        "value": True,
                        "num_format": "0;;;",
                        "font": {"color": ON_KINDS[place], "size": 9},
                    },
                }
            )
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_x_axis(
            {"num_format": "0", "major_unit": 1, "major_gridlines": {"visible": False}}
        )
        chart.set_title(
            {"name": self.overview.coverage_title, "name_font": {"size": 11, "bold": True}}
        )
        chart.set_legend({"position": "bottom", "font": {"size": 9}})
        return chart

    def _chart(self, chart: Chart) -> None:
        """A chart under its table, in rows of its own."""
        width = sum(round(w * 7 + 5) for w in WIDTHS) - 10
        chart.set_size({"width": width, "height": CHART_ROWS * ROW_PIXELS - 10})
        chart.set_chartarea({"border": {"color": styles.LINE}})
        options = {"x_offset": 4, "y_offset": 6, "object_position": 1}
        self.page.checked(self.page.insert_chart(self.row, 0, chart, options))
        self.row += CHART_ROWS


def _point(level: int | None) -> dict[str, Any] | None:
    if level is None:
        return None
    return {"fill": {"color": LEVELS[level][0]}, "border": {"color": LEVEL_EDGE}}
