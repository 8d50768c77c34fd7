"""The overview of a frame's spreadsheet: facts, questions to settle, levels and coverage."""

from collections.abc import Iterable

from flask_babel import gettext as _

from survey.core.instrument import Section
from survey.core.scoring import Profile
from survey.panel.contradictions import Contradiction
from survey.panel.figures import Fact
from survey.panel.saying import median_words, status_words
from survey.panel.sheet_words import SheetWords
from survey.workbooks.frame_book import Claim, Coverage, Overview
from survey.workbooks.names import number_of_section


class OverviewWords(SheetWords):
    """What stands on the first sheet."""

    def overview(self) -> Overview:
        """The first sheet."""
        header = self.frame.header
        signed = _(
            "Sealed on %(day)s, signed by %(name)s", day=self._day(header.at), name=header.signatory
        )
        return Overview(
            name=str(_("Overview")),
            title=self.title,
            lines=(
                str(_("Frame of reference · only for the panel")),
                str(signed),
                str(_("Exported by %(name)s, %(day)s", name=self.reader_name, day=self._today())),
            ),
            lists=(
                (str(_("Five facts")), tuple(self._fact(fact) for fact in self.frame.facts)),
                (
                    str(_("Questions for the panel to settle")),
                    tuple(self._to_settle(each) for each in self.frame.settle),
                ),
            ),
            level_names=tuple(self._say(level.label) for level in self.index.instrument.levels),
            claims_title=str(_("Levels the country claims")),
            claims_heads=(
                str(_("No.")),
                str(_("Question")),
                str(_("Dimension")),
                str(_("Level")),
                str(_("In words")),
            ),
            claims=tuple(self._claims()),
            coverage_title=str(_("What is answered, by dimension")),
            coverage_heads=(str(_("Dimension")), str(_("Levels claimed")), str(_("Median"))),
            kinds=(
                str(_("Answered")),
                str(_("Answered in part")),
                str(_("Not answered")),
                str(_("Not applicable")),
                str(_("No information")),
                str(_("Withheld")),
            ),
            coverage=tuple(
                self._coverage(f"{number_of_section(section)}. {self._say(section.title)}", profile)
                for section, profile in self._profiles()
            ),
            elements_title=str(_("Profile by essential element")),
            elements_heads=(str(_("Element")), str(_("Levels claimed")), str(_("Median"))),
            elements=tuple(self._elements()),
            note=str(
                _(
                    "Levels as the country claims them. There is no average and no comparison"
                    " between countries. What is not an answer never counts as level 0."
                )
            ),
        )

    def _profiles(self) -> list[tuple[Section, Profile]]:
        sections = self.index.sections
        return [(sections[code], each) for code, each in self.frame.scores.sections.items()]

    def _claims(self) -> Iterable[Claim]:
        for code, entry in self.frame.entries.items():
            primary = entry.question.primary
            if primary is not None and primary.type == "maturity":
                level = entry.level
                says = (
                    status_words(entry.status) if level is None else self.speaker.level(level).text
                )
                yield Claim(
                    mark=self.speaker.mark(code),
                    name=self._say(entry.question.title),
                    group=self._section(code),
                    level=level,
                    says=says,
                )

    def _coverage(self, name: str, profile: Profile) -> Coverage:
        levels = [f"{self.speaker.mark(code)}: {level}" for code, level in profile.levels]
        return Coverage(
            name=name,
            levels=", ".join(levels) or str(_("No level claimed")),
            median=median_words(profile.median),
            counts=(
                profile.answered,
                profile.partial,
                profile.unanswered,
                profile.not_applicable,
                profile.not_available,
                profile.withheld,
            ),
        )

    def _elements(self) -> Iterable[Coverage]:
        for element in self.index.instrument.elements:
            profile = self.frame.scores.elements[element.code]
            name = f"{element.code} {self._say(element.label)}"
            if profile:
                yield self._coverage(name, profile)
            else:
                words = str(_("Not covered by this topic"))
                yield Coverage(name=name, levels=words, median="", counts=())

    def _fact(self, fact: Fact) -> str:
        title = f"{self._say(fact.question.title)} ({self.speaker.mark(fact.question.code)})"
        if fact.kind == "law":
            return str(_("%(title)s: since %(year)s", title=title, year=fact.since))
        if fact.kind == "rows":
            count = _("%(part)s of %(all)s", part=fact.yes, all=fact.rows)
            return f"{title}: {self._say(fact.question.columns[0].label)}, {count}"
        numbers = [self.speaker.number(figure) for figure in fact.figures]
        year = fact.figures[0].year
        return f"{title}: {'; '.join([*numbers, *([year] if year else [])])}"

    def _to_settle(self, each: Contradiction) -> str:
        first, *others = [
            f"{self._say(self.index.questions[code].title)} ({self.speaker.mark(code)})"
            for code in each.questions
        ]
        return self.speaker.settle_words(each) % {"first": first, "others": ", ".join(others)}
