"""How a frame is said to its reader: labels in their language, what people wrote as they wrote it.

`Said` is a text with the language it is in, so that pages mark it and workbooks name it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from survey.core import types
from survey.core.answers import Answer, Row, Stored
from survey.core.instrument import CHOICE_KINDS, NUMBER_KINDS, TEXT_KINDS, Field, Question, Text
from survey.core.state import Status, calculated
from survey.core.types import Locale
from survey.panel.contradictions import Concerned, Contradiction
from survey.panel.figures import Figure
from survey.panel.frame import Entry, Frame
from survey.panel.gaps import Gap, Kind
from survey.responses.pages.questions import mark_of
from survey.web.reading import Reader

FOLLOWING: Final = frozenset({"progress", "no", "number", "other"})
SHORT: Final = 160  # letters of a remark in a table


@dataclass(frozen=True, slots=True)
class Said:
    """A text; `lang` is its language when that is not the reader's, else ""."""

    text: str
    lang: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says a frame in the language of a reader; the questions in the nearest one they have."""

    frame: Frame
    reader: Reader

    @property
    def locale(self) -> Locale:
        """How values are shown: numbers and dates as the page, choices as the questions."""
        return replace(self.reader.locale, language=self.reader.content)

    def language_name(self, tag: str) -> str:
        """A language as the reader calls it."""
        return str(self.reader.babel.languages.get(tag.partition("-")[0], tag))

    def label(self, text: Text) -> Said:
        """A text of the questionnaire."""
        return Said(self.reader.say(text), self.reader.lang)

    def wrote(self, stored: Stored | None) -> Said:
        """What somebody wrote, in the language in which they did."""
        if not isinstance(stored, dict) or "text" not in stored:
            return Said(str(stored or ""))
        return Said(str(stored["text"]), self.foreign(str(stored["lang"])))

    def foreign(self, tag: str) -> str:
        """The tag, when it is not the language of the reader."""
        return "" if tag.partition("-")[0] == self.reader.page else tag

    def value(self, field: Field, stored: Stored | None) -> Said:
        """The value of a field or column."""
        if stored is None:
            return Said("")
        if field.type in TEXT_KINDS:
            return self.wrote(stored)
        shown = types.of(field).show(field, self.frame.index.choices(field), stored, self.locale)
        return Said(shown, self.reader.lang if field.type in CHOICE_KINDS else "")

    def number(self, figure: Figure) -> str:
        """A number with its unit: `64 datasets`, `38 %`, `180,000 USD`."""
        field, unit = figure.field, self.reader.say(figure.field.unit)
        shown = self.value(field, figure.value).text
        if field.type == "percent" and unit.startswith("%"):
            unit = unit.removeprefix("%").strip()
        return " ".join(filter(None, (shown, figure.currency, unit)))

    def field_name(self, field: Field) -> Said:
        """What a field is called beside its value; of the primary one: "Answer"."""
        return self.label(field.label) if field.label else Said(str(_("Answer")))

    def row_name(self, question: Question, row: Row) -> Said:
        """The label of a fixed row; of an open one, its first text; else its place."""
        for choice in self.frame.index.fixed_rows(question):
            if choice.code == row.id:
                return self.label(choice.label)
        for column in question.columns:
            if column.type in TEXT_KINDS and column.code in row.fields:
                return self.wrote(row.fields[column.code])
        return Said(str(_("row %(number)s", number=row.position)))

    def cell(self, field: Field, row: Row) -> Said:
        """The value of a column in a row; of a calculated one, what it amounts to."""
        if field.calculation:
            return Said(calculated(self.frame.state, field, row))
        return self.value(field, row.fields.get(field.code))

    def mark(self, code: str) -> str:
        """How a question is called in short: `A4`."""
        return mark_of(self.frame.index.questions[code])

    def marks(self, codes: Iterable[str]) -> str:
        """Several questions in short."""
        return ", ".join(self.mark(code) for code in codes)

    def who(self, code: str) -> Said:
        """Who usually knows the answer to a question; else who answers its section."""
        index = self.frame.index
        return self.label(index.questions[code].who or index.section_of[code].who)

    def offices(self) -> dict[str, tuple[str, ...]]:
        """Whom to ask: the office named first -> the questions to raise with it."""
        found: dict[str, list[str]] = {}
        for code in self.frame.to_raise:
            first = re.split("[,;.]", self.who(code).text, maxsplit=1)[0].strip()
            found.setdefault(first, []).append(code)
        return {office: tuple(codes) for office, codes in found.items()}

    def settle_words(self, each: Contradiction) -> str:
        """A question that the panel must settle; the places of two names are still open."""
        entry = self.frame.entries.get(each.questions[0])
        if entry is None or entry.level is None:
            return str(_("How do %(first)s and %(others)s fit together?"))
        words = _("Does level %(level)s hold in %(first)s, beside %(others)s?")
        return str(words).replace("%(level)s", str(entry.level))

    def level(self, level: int) -> Said:
        """The name of a level of the general scale."""
        return self.label(self.frame.index.instrument.levels[level].label)

    def answer_line(self, concerned: Concerned, rows: tuple[str, ...] = ()) -> list[Said]:
        """What one answer says to a contradiction: a line a row, or one for all of it."""
        entry = self.frame.entries.get(concerned.question)
        if entry is None:
            return [Said(str(_("Not asked")))]
        if entry.answer.non_answer:
            return [Said(status_words(entry.status))]
        if entry.question.roster:
            return self._table_lines(entry, concerned, rows)
        return self._field_lines(entry, concerned)

    def _field_lines(self, entry: Entry, concerned: Concerned) -> list[Said]:
        lines = []
        for field in entry.fields:
            stored = entry.answer.fields.get(field.code)
            if field.code not in concerned.fields or stored is None:
                continue
            lines.append(self.short(self.line(entry.question, field, stored, entry.answer)))
        return lines or [Said(status_words(entry.status))]

    def line(self, question: Question, field: Field, stored: Stored, answer: Answer) -> Said:
        """A value with what it is called: `Meetings: 3`; a level with its digit."""
        value = self.value(field, stored)
        if field.type == "maturity":
            return Said(f"{stored} {value.text}", value.lang)
        if field.type in NUMBER_KINDS:
            currency = str(answer.fields.get(f"{field.code}-currency") or "")
            figure = Figure(question, field, stored, currency=currency)
            value = Said(self.number(figure))
        return self.called(field, value)

    def called(self, field: Field, value: Said) -> Said:
        """A value behind the label of its field."""
        if not field.label:
            return value
        return Said(f"{self.reader.say(field.label)}: {value.text}", value.lang)

    def _table_lines(self, entry: Entry, concerned: Concerned, rows: tuple[str, ...]) -> list[Said]:
        question, answer = entry.question, entry.answer
        columns = [column for column in question.columns if column.code in concerned.fields]
        if rows:
            chosen = [row for row in answer.rows if row.id in rows]
            return [self._row_line(question, row, columns) for row in chosen]
        counted = [self._counted(answer, c) for c in columns if c.type in CHOICE_KINDS]
        every = ngettext("%(num)d row", "%(num)d rows", len(answer.rows))
        return [each for each in counted if each] or [Said(str(every))]

    def _row_line(self, question: Question, row: Row, columns: Iterable[Field]) -> Said:
        name = self.row_name(question, row)
        values = [self.called(c, self.cell(c, row)) for c in columns if c.code in row.fields]
        words = "; ".join(each.text for each in values)
        return Said(": ".join(filter(None, (name.text, words))), name.lang)

    def _counted(self, answer: Answer, column: Field) -> Said:
        """How often each choice of a column was taken: `Published: Yes 3, No 5`."""
        given = [row.fields.get(column.code) for row in answer.rows]
        counts = [
            f"{self.reader.say(choice.label)} {given.count(choice.code)}"
            for choice in self.frame.index.choices(column)
            if choice.code in given
        ]
        if not counts:
            return Said("")
        return self.called(column, Said(", ".join(counts), self.reader.lang))

    def gap(self, gap: Gap) -> Said:
        """What is missing, in a line; the country's own words are beside it."""
        if gap.kind is Kind.PARTIAL:
            return Said(self._partial(gap))
        if gap.kind is Kind.OLD_NUMBER:
            return Said(str(_("Figure of %(year)s, more than 36 months old", year=gap.year)))
        if gap.kind is Kind.OLD_EVIDENCE:
            return Said(
                ngettext(
                    "The only document (%(numbers)s) is more than 36 months old",
                    "All documents (%(numbers)s) are more than 36 months old",
                    len(gap.documents),
                    numbers=", ".join(map(str, gap.documents)),
                )
            )
        return Said(gap_words(gap.kind))

    def _partial(self, gap: Gap) -> str:
        fields = self.frame.index.fields
        codes = dict.fromkeys(each.rpartition("/")[2] for each in gap.missing)
        names = [self.reader.say(fields[code].label) for code in codes if code in fields]
        named = ", ".join(filter(None, names))
        if not named:
            return str(_("Answered in part"))
        return str(_("Answered in part; without: %(fields)s", fields=named))

    def short(self, said: Said) -> Said:
        """The first sentence of a text, cut at a word when it is long."""
        first = said.text.split("\n")[0]
        end = first.find(". ")
        first = first[: end + 1] if end > 0 else first
        if len(first) > SHORT:
            first = first[:SHORT].rsplit(" ", 1)[0] + "…"
        return Said(first, said.lang)

    def html(self, said: Said, *, named: bool = False) -> Markup:
        """A text for a page, marked with its language; `named`: the reader sees which one."""
        body = Markup("<br>").join(escape(line) for line in said.text.split("\n"))
        if not said.lang or not said.text:
            return body
        marked = Markup('<span lang="{}">{}</span>').format(said.lang, body)
        if not named:
            return marked
        tag = Markup('<span class="tag">{}</span>').format(self.language_name(said.lang))
        return Markup("{} {}").format(marked, tag)


def status_words(status: Status) -> str:
    """Where an answer stands, for who reads it."""
    words = {
        Status.NOT_ASKED: _("Not asked"),
        Status.UNANSWERED: _("Not answered"),
        Status.PARTIAL: _("Answered in part"),
        Status.ANSWERED: _("Answered"),
        Status.NOT_APPLICABLE: _("Not applicable"),
        Status.NOT_AVAILABLE: _("No information"),
        Status.WITHHELD: _("Withheld"),
    }
    return str(words[status])


def gap_words(kind: Kind) -> str:
    """What a gap is called."""
    words = {
        Kind.UNANSWERED: _("Not answered"),
        Kind.PARTIAL: _("Answered in part"),
        Kind.NOT_AVAILABLE: _("No information available"),
        Kind.WITHHELD: _("Withheld"),
        Kind.NO_EVIDENCE: _("Claim without evidence"),
        Kind.LEVEL_4: _("Level 4 without a recent review or evaluation"),
        Kind.OLD_EVIDENCE: _("Evidence more than 36 months old"),
        Kind.NO_YEAR: _("Figure without a year"),
        Kind.NO_SOURCE: _("Figure without a source"),
        Kind.OLD_NUMBER: _("Figure more than 36 months old"),
    }
    return str(words[kind])


def median_words(median: tuple[int, int] | None) -> str:
    """The middle level without decimals, or the two middle levels."""
    if median is None:
        return "–"
    low, high = median
    if low == high:
        return str(low)
    return str(_("between %(low)s and %(high)s", low=low, high=high))
