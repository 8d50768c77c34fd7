"""The frame of reference as a spreadsheet, in the language of its reader."""

import io
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from survey.core.answers import NonAnswer
from survey.core.instrument import TEXT_KINDS, Field
from survey.core.problems import Severity
from survey.panel.answer_pages import is_web
from survey.panel.contradictions import Concerned, Contradiction
from survey.panel.evidence import Document
from survey.panel.figures import Figure
from survey.panel.frame import Entry
from survey.panel.gaps import Gap
from survey.panel.overview_sheet import OverviewWords
from survey.panel.saying import Said, Speaker, status_words
from survey.rounds.models import Round
from survey.web.languages import in_language
from survey.workbooks.frame_book import (
    Cell,
    Column,
    FrameBook,
    Level,
    Link,
    Number,
    Table,
)
from survey.workbooks.frame_write import write_frame


def spreadsheet(speaker: Speaker, round_: Round, reader_name: str, at: datetime) -> bytes:
    """The file, made for `reader_name` at `at`; both print on every page."""
    target = io.BytesIO()
    write_frame(target, FrameSheets(speaker, round_, reader_name, at).book())
    return target.getvalue()


def file_name(round_: Round) -> str:
    """The name of the file: what it is, the country and the year, in plain letters."""
    words = f"{_('frame of reference')} {in_language(round_.country_name)} {round_.year}"
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-") + ".xlsx"


class FrameSheets(OverviewWords):
    """What stands on which sheet."""

    def book(self) -> FrameBook:
        """The whole spreadsheet."""
        return FrameBook(
            title=self.title,
            subject=str(_("Frame of reference")),
            classification=str(_("Only for the panel")),
            reader=str(
                _("Exported by %(name)s, %(day)s", name=self.reader_name, day=self._today())
            ),
            page=str(_("Page %(number)s of %(count)s", number="&P", count="&N")),
            overview=self.overview(),
            tables=(
                self._answers(),
                self._gaps(),
                self._contradictions(),
                self._offices(),
                self._evidence(),
                self._figures(),
            ),
        )

    # sheets

    def _answers(self) -> Table:
        return Table(
            name=str(_("Answers")),
            title=str(_("Answers in order")),
            note=str(_("What people wrote stays in the language they wrote it in.")),
            columns=(
                Column(str(_("No.")), 6),
                Column(str(_("Question")), 34),
                Column(str(_("Dimension")), 15),
                Column(str(_("Answer")), 50),
                Column(str(_("Level")), 7, "centre"),
                Column(str(_("State")), 12),
                Column(str(_("Remark or reason")), 38),
                Column(str(_("Evidence")), 9, "centre"),
                Column(str(_("Your reading (0-4)")), 9, "reading"),
                Column(str(_("Your notes")), 30, "notes"),
            ),
            rows=tuple(self._answer(entry) for entry in self.frame.entries.values()),
        )

    def _answer(self, entry: Entry) -> tuple[Cell, ...]:
        code, answer = entry.question.code, entry.answer
        numbers = [str(d.number) for d in self.frame.documents if d.id in answer.evidence]
        said = self.speaker.wrote(answer.reason if answer.non_answer else answer.remark)
        return (
            self.speaker.mark(code),
            self._question(code),
            self._section(code),
            "\n".join(self._lines(entry)),
            Level(entry.level) if entry.level is not None else None,
            self._state(entry),
            self._wrote(said),
            ", ".join(numbers),
            None,
            None,
        )

    def _state(self, entry: Entry) -> str:
        words = status_words(entry.status)
        withheld = entry.answer.non_answer is NonAnswer.WITHHELD
        said = entry.answer.visibility
        reserved = said == "panel" or (not said and entry.question.sensitive)
        return f"{words}\n{_('only for the panel')}" if reserved and not withheld else words

    def _lines(self, entry: Entry) -> list[str]:
        if entry.answer.non_answer:
            return []
        if entry.question.roster:
            return self._row_lines(entry)
        return [
            self._line(entry, field)
            for field in entry.fields
            if field.code in entry.answer.fields and not field.code.endswith("-currency")
        ]

    def _line(self, entry: Entry, field: Field) -> str:
        stored = entry.answer.fields[field.code]
        if field.type in TEXT_KINDS:
            text = Said(self._wrote(self.speaker.wrote(stored)))
            return self.speaker.called(field, text).text
        return self.speaker.line(entry.question, field, stored, entry.answer).text

    def _row_lines(self, entry: Entry) -> list[str]:
        question = entry.question
        lines = []
        for number, row in enumerate(entry.answer.rows, 1):
            columns = [c for c in question.columns if c.code in row.fields]
            if question.roster and question.roster.rows:
                head = f"{self.speaker.row_name(question, row).text}:"
            else:
                head = f"{number}."
            values = [self.speaker.called(c, self.speaker.cell(c, row)).text for c in columns]
            lines.append(f"{head} {'; '.join(values)}")
        return lines

    def _gaps(self) -> Table:
        return Table(
            name=str(_("Gaps")),
            title=str(_("Gaps")),
            note=str(_("Not answered, withheld, without evidence, or older than 36 months.")),
            columns=(
                Column(str(_("No.")), 6),
                Column(str(_("Question")), 40),
                Column(str(_("Dimension")), 22),
                Column(str(_("What is missing")), 34),
                Column(str(_("The country says")), 40),
                Column(str(_("Whom to ask")), 32),
                Column(str(_("Your notes")), 32, "notes"),
            ),
            rows=tuple(self._gap(gap) for gap in self.frame.gaps),
        )

    def _gap(self, gap: Gap) -> tuple[Cell, ...]:
        return (
            self.speaker.mark(gap.question),
            self._question(gap.question),
            self._section(gap.question),
            self.speaker.gap(gap).text,
            self._wrote(self.speaker.wrote(gap.said)),
            self.speaker.who(gap.question).text,
            None,
        )

    def _contradictions(self) -> Table:
        found = self.frame.contradictions
        return Table(
            name=str(_("Contradictions")),
            title=str(_("Contradictions")),
            note=str(
                ngettext(
                    "%(num)d place where answers do not fit together.",
                    "%(num)d places where answers do not fit together.",
                    len(found),
                )
            ),
            columns=(
                Column(str(_("No.")), 5, "centre"),
                Column(str(_("Questions")), 11),
                Column(str(_("What contradicts")), 42),
                Column(str(_("Kind")), 13),
                Column(str(_("Says")), 30),
                Column(str(_("And also")), 30),
                Column(str(_("Explanation of the country")), 30),
                Column(str(_("Whom to ask")), 26),
                Column(str(_("Your notes")), 28, "notes"),
            ),
            rows=tuple(self._contradiction(each) for each in found),
        )

    def _contradiction(self, each: Contradiction) -> tuple[Cell, ...]:
        first, *others = each.concerned
        is_lead = each.severity is Severity.INFO
        return (
            Number(Decimal(each.number)),
            self.speaker.marks(each.questions),
            self._say(each.message),
            str(_("Lead for the meetings") if is_lead else _("To be explained")),
            self._says(first, each.rows),
            "\n".join(self._says(other, ()) for other in others),
            self._wrote(self.speaker.wrote(each.explanation)),
            self.speaker.who(first.question).text,
            None,
        )

    def _says(self, concerned: Concerned, rows: tuple[str, ...]) -> str:
        lines = self.speaker.answer_line(concerned, rows)
        mark = self.speaker.mark(concerned.question)
        return f"{mark}: " + "\n".join(line.text for line in lines)

    def _offices(self) -> Table:
        return Table(
            name=str(_("Whom to ask")),
            title=str(_("Whom to ask")),
            note=str(_("The office that the questionnaire names first for each point.")),
            columns=(
                Column(str(_("Who usually knows")), 60),
                Column(str(_("Points")), 10, "centre"),
                Column(str(_("Questions")), 40),
                Column(str(_("Your notes")), 60, "notes"),
            ),
            rows=tuple(
                (office, Number(Decimal(len(codes))), self.speaker.marks(codes), None)
                for office, codes in self.speaker.offices().items()
            ),
            fixed=1,
        )

    def _evidence(self) -> Table:
        return Table(
            name=str(_("Evidence")),
            title=str(_("Evidence")),
            note=str(_("Answers cite these documents by number.")),
            columns=(
                Column(str(_("No.")), 6, "centre"),
                Column(str(_("Title")), 46),
                Column(str(_("Entity")), 28),
                Column(str(_("Date")), 16),
                Column(str(_("Language")), 12),
                Column(str(_("Where to look")), 18),
                Column(str(_("Link or file")), 40),
                Column(str(_("Public")), 9, "centre"),
                Column(str(_("Cited by")), 16),
                Column(str(_("Your notes")), 26, "notes"),
            ),
            rows=tuple(self._document(each) for each in self.frame.documents),
        )

    def _document(self, document: Document) -> tuple[Cell, ...]:
        said = self._said_of(document)
        address = said("link")
        date = said("date")
        return (
            Number(Decimal(document.number)),
            said("title"),
            said("entity"),
            f"{date}\n{_('More than 36 months old')}" if document.is_old else date,
            said("language"),
            said("page"),
            Link(address, address) if is_web(address) else address,
            said("public"),
            self.speaker.marks(document.cited_by),
            None,
        )

    def _said_of(self, document: Document) -> Callable[[str], str]:
        columns = {column.code: column for column in self.index.instrument.evidence.columns}

        def said(name: str) -> str:
            column = columns[f"evidence-{name}"]
            return self.speaker.value(column, document.fields.get(name)).text

        return said

    def _figures(self) -> Table:
        return Table(
            name=str(_("Figures")),
            title=str(_("Figures")),
            note=str(_("Every number the country gave, to sort and to calculate with.")),
            columns=(
                Column(str(_("No.")), 6),
                Column(str(_("What is counted")), 44),
                Column(str(_("Row")), 30),
                Column(str(_("Number")), 14),
                Column(str(_("Unit")), 24),
                Column(str(_("Year")), 8, "centre"),
                Column(str(_("Source")), 40),
                Column(str(_("Coverage")), 20),
                Column(str(_("Your notes")), 26, "notes"),
            ),
            rows=tuple(self._figure(figure) for figure in self.frame.figures),
        )

    def _unit(self, figure: Figure) -> str:
        """What is counted; the sign of a percentage stands in its cell."""
        unit = self._say(figure.field.unit)
        if figure.field.type == "percent":
            unit = unit.removeprefix("%").strip()
        return " ".join(filter(None, (figure.currency, unit)))

    def _figure(self, figure: Figure) -> tuple[Cell, ...]:
        question, field = figure.question, figure.field
        coverage = self.index.fields.get(f"{question.code}-coverage")
        scope = self.speaker.value(coverage, figure.coverage or None).text if coverage else ""
        name = self._say(field.label)
        title = self._say(question.title)
        return (
            self.speaker.mark(question.code),
            f"{title}: {name}" if name else title,
            self.speaker.row_name(question, figure.row).text if figure.row else "",
            Number(Decimal(figure.value), percent=field.type == "percent"),
            self._unit(figure),
            Number(Decimal(figure.year), grouped=False) if figure.year.isdecimal() else None,
            self._wrote(self.speaker.wrote(figure.source)),
            scope,
            None,
        )
