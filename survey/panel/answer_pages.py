"""The pages that show answers in order, the evidence and the figures, as plain values."""

from urllib.parse import urlsplit

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from survey.core.answers import NonAnswer
from survey.core.instrument import NUMBER_KINDS, TEXT_KINDS, Field, Section
from survey.panel.evidence import Document
from survey.panel.figures import Figure
from survey.panel.frame import Entry
from survey.panel.pages import Pages, Shown
from survey.panel.saying import Said, status_words
from survey.workbooks.names import number_of_section


class AnswerPages(Pages):
    """The answers of one frame for one reader."""

    def section(self, section: Section) -> Shown:
        """One dimension: its answers in order, and the dimensions around it."""
        every = self.frame.index.instrument.sections
        place = every.index(section)
        entries = [
            self._answer(self.frame.entries[question.code])
            for question in section.questions
            if question.code in self.frame.entries
        ]
        not_asked = [q for q in section.questions if q.code not in self.frame.entries]
        profile = self._profile(self.frame.scores.sections[section.code])
        return {
            "mark": number_of_section(section),
            "title": self.speaker.html(self.speaker.label(section.title)),
            "plain_title": self.speaker.reader.say(section.title),
            "who": self.speaker.html(self.speaker.label(section.who)),
            "profile": profile,
            "answers": entries,
            "not_asked": [(self.speaker.mark(q.code), self._title(q.code)) for q in not_asked],
            "jump": [self._jump(answer) for answer in entries],
            "previous": self._neighbour(every[place - 1] if place else None),
            "next": self._neighbour(every[place + 1] if place + 1 < len(every) else None),
        }

    def _jump(self, answer: Shown) -> Shown:
        """A line of the list beside the answers."""
        kind = "notasked" if answer["status"] else "plain"
        return {
            "code": answer["code"],
            "mark": answer["mark"],
            "title": answer["title"],
            "kind": "attention" if answer["points"] or answer["gaps"] else kind,
            "word": str(answer["status"] or _("Answered")),
        }

    def _neighbour(self, section: Section | None) -> Shown | None:
        if section is None:
            return None
        return {
            "mark": number_of_section(section),
            "title": self.speaker.html(self.speaker.label(section.title)),
            "url": url_for("panel.section", round_id=self.round_id, code=section.code),
        }

    def _answer(self, entry: Entry) -> Shown:
        question, answer = entry.question, entry.answer
        return {
            "code": question.code,
            "mark": self.speaker.mark(question.code),
            "title": self._title(question.code),
            "stem": self.speaker.html(self.speaker.label(question.stem)),
            "status": self._status(entry),
            "reason": self.speaker.html(self.speaker.wrote(answer.reason), named=True),
            "levels": self._ladder(entry),
            "level": "" if entry.level is None else str(entry.level),
            "facts": self._facts(entry),
            "table": self._table(entry),
            "remark": self.speaker.html(self.speaker.wrote(answer.remark), named=True),
            "evidence": [self._cited(d) for d in self.frame.documents if d.id in answer.evidence],
            "points": self._points(question.code),
            "gaps": [
                self.speaker.html(self.speaker.gap(gap))
                for gap in self.frame.gaps
                if gap.question == question.code and not answer.non_answer
            ],
            "reserved": self._is_reserved(entry),
            "who": self._who(question.code),
            "references": ", ".join(question.trace),
            "elements": ", ".join(question.elements),
        }

    def _status(self, entry: Entry) -> str:
        """In words when it is not an answer; nothing beside an answer."""
        return "" if entry.status.value == "answered" else status_words(entry.status)

    def _is_reserved(self, entry: Entry) -> bool:
        said = entry.answer.visibility
        withheld = entry.answer.non_answer is NonAnswer.WITHHELD
        return not withheld and (said == "panel" or (not said and entry.question.sensitive))

    def _ladder(self, entry: Entry) -> list[Shown]:
        primary = entry.question.primary
        if primary is None or primary.type != "maturity" or entry.level is None:
            return []
        say = self.speaker.reader.say
        return [
            {"value": c.code, "label": say(c.label), "text": say(c.text)}
            for c in self.frame.index.choices(primary)
        ]

    def _facts(self, entry: Entry) -> list[Shown]:
        if entry.answer.non_answer:
            return []
        return [
            {
                "key": self.speaker.html(self.speaker.field_name(field)),
                "value": self._value(entry, field),
            }
            for field in entry.fields
            if field.code in entry.answer.fields and _is_fact(field)
        ]

    def _value(self, entry: Entry, field: Field) -> Markup:
        stored = entry.answer.fields[field.code]
        if field.type == "url":
            return linked(str(stored), str(stored))
        if field.type in NUMBER_KINDS:
            currency = str(entry.answer.fields.get(f"{field.code}-currency") or "")
            figure = Figure(entry.question, field, stored, currency=currency)
            return Markup("{}").format(self.speaker.number(figure))
        return self.speaker.html(self.speaker.value(field, stored), named=field.type in TEXT_KINDS)

    def _table(self, entry: Entry) -> Shown | None:
        question, rows = entry.question, entry.answer.rows
        if not question.roster or entry.answer.non_answer or not rows:
            return None
        columns = [column for column in question.columns if not column.calculation]
        fixed = bool(question.roster.rows)
        cells = [
            [self._cell(column, self.speaker.cell(column, row)) for column in columns]
            for row in rows
        ]
        if fixed:
            names = [self.speaker.html(self.speaker.row_name(question, row)) for row in rows]
            cells = [[name, *own] for name, own in zip(names, cells, strict=True)]
        heads = [self.speaker.reader.say(column.label) for column in columns]
        return {
            "caption": self.speaker.reader.say(question.title),
            "columns": [str(_("Matter")), *heads] if fixed else heads,
            "rows": cells,
        }

    def _cell(self, column: Field, value: Said) -> Markup:
        if column.type == "url" and value:
            return linked(value.text, urlsplit(value.text).netloc or value.text)
        return self.speaker.html(value)

    def _points(self, code: str) -> list[Shown]:
        """The contradictions in which this answer has a part."""
        found = [each for each in self.frame.contradictions if code in each.questions]
        return [self._contradiction(each) | {"own": code == each.questions[0]} for each in found]

    # evidence and figures

    def _cited(self, document: Document) -> Shown:
        fields = document.fields
        columns = {column.code: column for column in self.frame.index.instrument.evidence.columns}

        def said(name: str) -> Said:
            return self.speaker.value(columns[f"evidence-{name}"], fields.get(name))

        title = said("title")
        link = said("link").text
        return {
            "number": document.number,
            "id": f"document-{document.number}",
            "title": self.speaker.html(title),
            "link": linked(link, self.speaker.html(title)) if is_web(link) else None,
            "file": "" if is_web(link) else link,
            "entity": self.speaker.html(said("entity")),
            "date": said("date").text,
            "language": said("language").text,
            "page": self.speaker.html(said("page")),
            "public": self.speaker.html(said("public")),
            "old": document.is_old,
            "cited_by": self.links(document.cited_by),
        }

    def evidence(self) -> list[Shown]:
        """Every document, with the questions that cite it."""
        return [self._cited(document) for document in self.frame.documents]

    def figures(self) -> list[Shown]:
        """Every number, with what makes it comparable."""
        return [self._figure(figure) for figure in self.frame.figures]

    def _figure(self, figure: Figure) -> Shown:
        question = figure.question
        name = self.speaker.label(figure.field.label or question.title)
        row = self.speaker.row_name(question, figure.row) if figure.row else Said("")
        coverage = self.frame.index.fields.get(f"{question.code}-coverage")
        scope = self.speaker.value(coverage, figure.coverage or None) if coverage else Said("")
        return {
            "link": self.link(question.code),
            "name": self.speaker.html(name),
            "row": self.speaker.html(row),
            "number": self.speaker.number(figure),
            "year": figure.year,
            "source": self.speaker.html(self.speaker.wrote(figure.source)),
            "coverage": self.speaker.html(scope),
            "in_table": figure.row is not None,
        }


def _is_fact(field: Field) -> bool:
    """Levels stand in their ladder, currencies beside their amounts."""
    return field.type != "maturity" and not field.code.endswith("-currency")


def is_web(address: str) -> bool:
    """Whether this is the address of a page, which may be opened."""
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def linked(address: str, text: str | Markup) -> Markup:
    """A link out of Ronda; what is no web address stays as text."""
    if not is_web(address):
        return Markup("{}").format(text)
    return Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(address, text)
