"""The pages of a frame as plain values for their templates."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from survey.core.answers import EMPTY
from survey.core.problems import Severity
from survey.core.scoring import Profile
from survey.panel.contradictions import Contradiction
from survey.panel.figures import Fact
from survey.panel.gaps import Gap
from survey.panel.saying import Said, Speaker, gap_words, median_words
from survey.workbooks.names import number_of_section

Shown = dict[str, Any]


class Pages:
    """What the pages of one frame show to one reader."""

    def __init__(self, speaker: Speaker, round_id: UUID) -> None:
        self.speaker = speaker
        self.frame = speaker.frame
        self.round_id = round_id

    # links

    def answer_url(self, code: str) -> str:
        """The address of an answer: its section, and its place there."""
        section = self.frame.index.section_of[code].code
        page = url_for("panel.section", round_id=self.round_id, code=section)
        return f"{page}#{code}"

    def link(self, code: str) -> Markup:
        """A question in short, linked to its answer."""
        title = self.speaker.reader.say(self.frame.index.questions[code].title)
        link = Markup('<a href="{}" title="{}">{}</a>')
        return link.format(self.answer_url(code), title, self.speaker.mark(code))

    def links(self, codes: Iterable[str]) -> Markup:
        """Several questions in short."""
        return Markup(", ").join(self.link(code) for code in codes)

    def _and(self, codes: Iterable[str]) -> Markup:
        first, *others = [self.link(code) for code in codes]
        if not others:
            return first
        return escape(_("%(first)s and %(others)s")) % {
            "first": first,
            "others": Markup(", ").join(others),
        }

    # the first page

    def first(self) -> Shown:
        """The page to read in twenty minutes."""
        between = [each for each in self.frame.contradictions if each.is_between]
        return {
            "claims": [self._claim(level, codes) for level, codes in self.frame.claims.items()],
            "facts": [self._fact(fact) for fact in self.frame.facts],
            "settle": [self._to_settle(each) for each in self.frame.settle],
            "dimensions": self.dimensions(),
            "beside": self._beside(),
            "elements": self.elements(),
            "contradictions": self.contradictions(between),
            "within": len(self.frame.contradictions) - len(between),
            "gaps": self.gaps(),
            "gap_count": len(self.frame.gaps),
            "asking": self._asking(),
        }

    def _claim(self, level: int, codes: Sequence[str]) -> Shown:
        return {
            "level": level,
            "name": self.speaker.html(self.speaker.level(level)),
            "questions": [(self.link(code), self._title(code)) for code in codes],
        }

    def _title(self, code: str) -> Markup:
        return self.speaker.html(self.speaker.label(self.frame.index.questions[code].title))

    def _fact(self, fact: Fact) -> Markup:
        words = {
            "title": self._title(fact.question.code),
            "mark": self.link(fact.question.code),
        }
        if fact.kind == "law":
            since = Markup('<b class="num">{}</b>').format(fact.since)
            return escape(_("%(title)s: since %(year)s (%(mark)s)")) % {**words, "year": since}
        return escape(_("%(title)s: %(facts)s (%(mark)s)")) % {**words, "facts": self._said(fact)}

    def _said(self, fact: Fact) -> Markup:
        bold = Markup('<b class="num">{}</b>')
        if fact.kind == "rows":
            count = bold.format(_("%(part)s of %(all)s", part=fact.yes, all=fact.rows))
            column = fact.question.columns[0]
            return Markup("{}, {}").format(self.speaker.reader.say(column.label), count)
        numbers = [bold.format(self.speaker.number(figure)) for figure in fact.figures]
        year = fact.figures[0].year
        return Markup("; ").join([*numbers, *([year] if year else [])])

    def _to_settle(self, each: Contradiction) -> Markup:
        first, *others = each.questions
        return escape(self.speaker.settle_words(each)) % {
            "first": self._named(first),
            "others": Markup(", ").join(self._named(code) for code in others),
        }

    def _named(self, code: str) -> Markup:
        return Markup("{} ({})").format(self._title(code), self.link(code))

    # profiles

    def dimensions(self) -> list[Shown]:
        """A row a section: levels claimed, how much of it says something, a line of why."""
        return [
            {
                "name": self._dimension(code),
                "url": url_for("panel.section", round_id=self.round_id, code=code),
                **self._profile(profile),
                "why": [self._why(question) for question, _level in profile.levels],
            }
            for code, profile in self.frame.scores.sections.items()
        ]

    def _dimension(self, code: str) -> Markup:
        section = self.frame.index.sections[code]
        title = self.speaker.html(self.speaker.label(section.title))
        return Markup("{}. {}").format(number_of_section(section), title)

    def _why(self, code: str) -> Markup:
        remark = self.frame.state.answers.get(code, EMPTY).remark
        return self.speaker.html(self.speaker.short(self.speaker.wrote(remark)))

    def elements(self) -> list[Shown]:
        """A row an element; without levels when the topic does not cover it."""
        rows = []
        for element in self.frame.index.instrument.elements:
            profile = self.frame.scores.elements[element.code]
            name = self.speaker.html(self.speaker.label(element.label))
            row: Shown = {"code": element.code, "name": name, "covered": profile is not None}
            rows.append(row | (self._profile(profile) if profile else {}))
        return rows

    def _profile(self, profile: Profile) -> Shown:
        levels = [level for _code, level in profile.levels]
        return {
            "levels": levels,
            "items": [
                {"level": level, "name": self._level_name(level), "link": self.link(code)}
                for code, level in profile.levels
            ],
            "median": median_words(profile.median),
            "picture": self._picture(profile),
            "answered": str(_("%(part)s of %(all)s", part=profile.answered, all=profile.asked)),
            "asked": profile.asked,
            "counts": counts_words(profile),
        }

    def _level_name(self, level: int) -> Markup:
        return self.speaker.html(self.speaker.level(level))

    def _picture(self, profile: Profile) -> str:
        """What a picture of levels says to who does not see it."""
        words = [
            f"{self.speaker.mark(code)}: {level} {self.speaker.level(level).text}"
            for code, level in profile.levels
        ]
        return str(_("Levels claimed: %(levels)s", levels="; ".join(words)))

    def _beside(self) -> str:
        """What is in no picture, for all dimensions together."""
        every = list(self.frame.scores.sections.values())
        total = Profile(
            partial=sum(p.partial for p in every),
            unanswered=sum(p.unanswered for p in every),
            not_applicable=sum(p.not_applicable for p in every),
            not_available=sum(p.not_available for p in every),
            withheld=sum(p.withheld for p in every),
        )
        return " · ".join(counts_words(total))

    # contradictions, gaps, who is to be asked

    def contradictions(self, found: Iterable[Contradiction]) -> list[Shown]:
        """Rows of the table: what contradicts, says, and also, explanation, whom to ask."""
        return [self._contradiction(each) for each in found]

    def _contradiction(self, each: Contradiction) -> Shown:
        first, *others = each.concerned
        is_lead = each.severity is Severity.INFO
        return {
            "number": each.number,
            "id": f"contradiction-{each.number}",
            "links": self._and(each.questions),
            "message": self.speaker.html(self.speaker.label(each.message)),
            "kind": "plain" if is_lead else "attention",
            "word": str(_("Lead for the meetings") if is_lead else _("To be explained")),
            "says": self._says(first.question, self.speaker.answer_line(first, each.rows)),
            "others": [
                self._says(other.question, self.speaker.answer_line(other)) for other in others
            ],
            "explanation": self.speaker.html(self.speaker.wrote(each.explanation), named=True),
            "silent": str("" if is_lead else _("No explanation given")),
            "who": self._who(first.question),
        }

    def _says(self, code: str, lines: Sequence[Said]) -> Shown:
        entry = self.frame.entries.get(code)
        return {
            "link": self.link(code),
            "level": entry.level if entry else None,
            "name": self._level_name(entry.level) if entry and entry.level is not None else "",
            "lines": [self.speaker.html(line) for line in lines],
        }

    def _who(self, code: str) -> Markup:
        return self.speaker.html(self.speaker.who(code))

    def gaps(self) -> list[Shown]:
        """The gaps of each question in one row."""
        rows: dict[str, list[Gap]] = {}
        for gap in self.frame.gaps:
            rows.setdefault(gap.question, []).append(gap)
        return [self._gap(code, gaps) for code, gaps in rows.items()]

    def _gap(self, code: str, gaps: Sequence[Gap]) -> Shown:
        return {
            "link": self.link(code),
            "title": self._title(code),
            "lines": [self.speaker.html(self.speaker.gap(gap)) for gap in gaps],
            "said": [
                self.speaker.html(self.speaker.wrote(gap.said), named=True)
                for gap in gaps
                if gap.said
            ],
            "who": self._who(code),
        }

    def gap_counts(self) -> list[tuple[str, int]]:
        """How many gaps of each kind there are."""
        kinds = [gap.kind for gap in self.frame.gaps]
        present = sorted(set(kinds), key=list(type(kinds[0])).index) if kinds else []
        return [(gap_words(kind), kinds.count(kind)) for kind in present]

    def _asking(self) -> list[Shown]:
        return [
            {
                "who": self.speaker.html(Said(office, self.speaker.reader.lang)),
                "links": self.links(codes),
                "count": str(ngettext("%(num)d point", "%(num)d points", len(codes))),
            }
            for office, codes in self.speaker.offices().items()
        ]


def counts_words(profile: Profile) -> list[str]:
    """What is not an answer, in words; only what there is."""
    part, open_, na = profile.partial, profile.unanswered, profile.not_applicable
    unknown, withheld = profile.not_available, profile.withheld
    counted = (
        (part, ngettext("%(num)d answered in part", "%(num)d answered in part", part)),
        (open_, ngettext("%(num)d not answered", "%(num)d not answered", open_)),
        (na, ngettext("%(num)d not applicable", "%(num)d not applicable", na)),
        (unknown, ngettext("%(num)d without information", "%(num)d without information", unknown)),
        (withheld, ngettext("%(num)d withheld", "%(num)d withheld", withheld)),
    )
    return [str(words) for count, words in counted if count]
