"""What cells mean together, once all were seen: marks, documents, non-answers, whole sections."""

from collections.abc import Mapping
from functools import cached_property

from survey.core.answers import CITES, REASON, ROW, Part, Stored
from survey.core.instrument import EVIDENCE, Field, Question
from survey.workbooks import layout
from survey.workbooks.cells import Doubt, Shown, doubt
from survey.workbooks.choices import NOT_MARKED, fold
from survey.workbooks.cites import read_cites
from survey.workbooks.reading import Place
from survey.workbooks.taking import NOWHERE, Taker
from survey.workbooks.values import TEXT_FIELD, same_value


class Closing:
    """Adds to a reading what its cells say together."""

    def __init__(self, taker: Taker) -> None:
        self.taker = taker
        self.reading = taker.reading
        self.base = taker.base
        self.index = taker.index
        self.export = taker.export

    def close(self) -> None:
        """Works out everything that waited, in the order it depends on each other."""
        for part, marks in self.taker.marks.items():
            self._choose(part, marks)
        for question, shown, place in self.taker.cited:
            self._cite(question, shown, place)
        for question in self.taker.states:
            self._non_answer(question)
        for section, cells in self.taker.sections.items():
            self._section_not_applicable(section, cells)

    # ---- multiple choices

    def _choose(self, part: Part, marks: Mapping[str, bool | None]) -> None:
        field = self.index.fields[part.part]
        before = self.base.get(part) if self.taker.was_written(part) else None
        kept = before if isinstance(before, list) else []
        codes = [choice.code for choice in self.index.choices(field)]
        chosen = [c for c in codes if marks.get(c) or (c not in marks and c in kept)]
        doubtful = [c for c in codes if c in marks and marks[c] is None]
        place = self.reading.places.setdefault(part, NOWHERE)
        if doubtful:
            both = [c for c in codes if c in chosen or c in doubtful]
            options = tuple(each for each in (chosen, both) if each)
            shown = Shown("text", ", ".join(doubtful))
            self.taker.doubt(
                part, place, shown, doubt("ambiguous", "cell_which_mark", shown, *options)
            )
        elif chosen:
            self._chosen(part, field, chosen, place)
        else:
            self.taker.blank(part)

    def _chosen(self, part: Part, field: Field, chosen: list[str], place: Place) -> None:
        alone = [c.code for c in self.index.choices(field) if c.exclusive and c.code in chosen]
        if alone and len(chosen) > 1 and chosen != self.base.get(part):
            others = [code for code in chosen if code not in alone]
            options = [each for each in (others, *([code] for code in alone)) if each]
            shown = Shown("text", ", ".join(chosen))
            found = doubt("ambiguous", "cell_exclusive_choice", shown, *options)
            self.taker.doubt(part, place, shown, found)
        else:
            self.reading.there[part] = chosen

    # ---- non-answers and sections

    def _non_answer(self, code: str) -> None:
        shown, place = self.taker.states[code]
        part = Part(code, "", code)
        if shown is None:
            if part not in self.reading.there and _is_state(self.base.get(part)):
                self.taker.blank(part)
            return
        state = self.export.words.non_answer(shown.text)
        if state is None:
            found = doubt("unreadable", "cell_no_non_answer", shown)
            self.taker.doubt(part, place, shown, found)
            return
        self._state(part, {"state": state.value}, shown, place)

    def _state(self, part: Part, state: Stored, shown: Shown, place: Place) -> None:
        there, problems = self.reading.there, self.reading.problems
        doubts = [p for p in problems if p.part == part and p.kind in ("unreadable", "ambiguous")]
        others: tuple[Stored | None, ...]
        if part in there:
            others = (there.pop(part),)
        elif doubts:
            others = tuple(option for p in doubts for option in p.options if option != state)
            self.reading.problems = [p for p in problems if p not in doubts]
        elif self._has_values(part.question) and not self._has_primary(part.question):
            others = (None,)
        else:
            there[part] = state
            self.reading.blank.discard(part)
            self.reading.places[part] = place
            return
        found = doubt("ambiguous", "cell_two_answers", shown, state, *others)
        self.reading.blank.discard(part)
        self.taker.doubt(part, self.reading.places.get(part, place), shown, found)

    def _has_primary(self, code: str) -> bool:
        return self.index.answerable[code].primary is not None

    @cached_property
    def _answered(self) -> set[str]:
        """The questions the file gives a value to."""
        fields = self.index.fields
        return {p.question for p in self.reading.there if p.part in fields or p.part == ROW}

    def _has_values(self, code: str) -> bool:
        return code in self._answered

    def _section_not_applicable(
        self, section: str, cells: Mapping[str, tuple[Shown | None, Place]]
    ) -> None:
        shown, place = cells.get("state", (None, NOWHERE))
        if shown is None or fold(shown.text) in NOT_MARKED:
            return
        why, _ = cells.get(REASON, (None, place))
        reason = self.taker.values.text(TEXT_FIELD, why) if why else None
        busy = {p.part.question for p in self.reading.problems} | {
            p.question for p in self.reading.there if p.part in self.index.fields or p.part == ROW
        }
        for question in self.index.sections[section].questions:
            if question.code not in busy and not self._is_hidden(question):
                self._give_up(question.code, reason, place)

    def _is_hidden(self, question: Question) -> bool:
        """Whether it was not asked and has an answer that was not written."""
        asked = self.export.asked.get(question.code, True)
        return not asked and any(part.question == question.code for part in self.base)

    def _give_up(self, code: str, reason: Stored | Doubt | None, place: Place) -> None:
        state = Part(code, "", code)
        self.reading.there[state] = {"state": "not_applicable"}
        self.reading.blank.discard(state)
        self.reading.places[state] = place
        why = Part(code, "", REASON)
        if reason is not None and not isinstance(reason, Doubt) and why not in self.reading.there:
            before = self.base.get(why)
            self.reading.there[why] = before if same_value(None, before, reason) else reason
            self.reading.blank.discard(why)

    # ---- documents

    @cached_property
    def _documents(self) -> dict[int, str]:
        """Number -> row id of each document in the list; those of the file come first."""
        number = layout.EVIDENCE_NUMBER
        found: dict[int, str] = {}
        for part, value in self.reading.there.items():
            if part.question == EVIDENCE and part.part == number:
                found.setdefault(int(value), part.row)
        known = {*found.values()}
        for row, given in layout.evidence_numbers(self.export.base).items():
            if row not in known:
                found.setdefault(given, row)
        return found

    @cached_property
    def _cites_before(self) -> dict[str, list[Part]]:
        found: dict[str, list[Part]] = {}
        for part in self.base:
            if part.part.startswith(CITES):
                found.setdefault(part.question, []).append(part)
        return found

    def _cite(self, question: str, shown: Shown | None, place: Place) -> None:
        cites = Part(question, "", CITES)
        self.reading.places[cites] = place
        before = self._cites_before.get(question, [])
        for part in before:
            self.reading.places[part] = place
        found = read_cites(shown, self._documents) if shown else ()
        if isinstance(found, Doubt):
            if shown:
                self.taker.doubt(cites, place, shown, found)
            return
        for document in found:
            part = Part(question, "", CITES + document)
            self.reading.there[part] = True
            self.reading.places[part] = place
        for part in before:
            if part not in self.reading.there:
                self.taker.blank(part)


def _is_state(stored: Stored | None) -> bool:
    return isinstance(stored, dict) and "state" in stored
