"""What a sealed submission tells the panel, worked out once: values without words or language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from survey.core.answers import EMPTY, Answer, Stored, parts_of
from survey.core.instrument import Field, Index, Question, Section
from survey.core.program import Program
from survey.core.scoring import Scores, scores
from survey.core.state import State, Status, state_of
from survey.core.submission import Header, SubmissionDocument
from survey.panel.contradictions import Contradiction, contradictions, to_settle
from survey.panel.evidence import Document, documents
from survey.panel.figures import Fact, Figure, facts, figures
from survey.panel.gaps import Gap, gaps


@dataclass(frozen=True, slots=True)
class Entry:
    """One question that was asked, and what the country said. `level`: 0..4, None for no level.

    `fields`: the fields asked, in order.
    """

    section: Section
    question: Question
    status: Status
    answer: Answer
    fields: tuple[Field, ...]
    level: int | None


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of reference of one submission (`domain.md` 6.1).

    Everything is in the order of the questionnaire. `entries`: question code -> entry, of the
    questions asked. `claims`: level -> question codes, the highest level first. `settle`: what the
    panel must settle before anything else.
    """

    header: Header
    program: Program
    state: State
    scores: Scores
    entries: Mapping[str, Entry]
    claims: Mapping[int, tuple[str, ...]]
    contradictions: tuple[Contradiction, ...]
    settle: tuple[Contradiction, ...]
    gaps: tuple[Gap, ...]
    documents: tuple[Document, ...]
    figures: tuple[Figure, ...]
    facts: tuple[Fact, ...]

    @property
    def index(self) -> Index:
        """The look-ups of its instrument."""
        return self.program.index

    @property
    def to_raise(self) -> tuple[str, ...]:
        """The questions to ask somebody about: a contradiction begins there, or a gap is there."""
        points = {each.questions[0] for each in self.contradictions}
        points |= {gap.question for gap in self.gaps}
        return tuple(code for code in self.index.questions if code in points)

    @property
    def languages(self) -> frozenset[str]:
        """The languages in which the country wrote texts."""
        return frozenset(_languages(parts_of(self.state.answers).values()))


def frame_of(document: SubmissionDocument, program: Program) -> Frame:
    """The frame of a sealed submission, as things stood when it was signed.

    The same document gives the same frame on any day: its only clock is the moment of sealing.
    """
    state = state_of(program, document.answers, document.header.at)
    entries = _entries(state)
    found = contradictions(state)
    missing = gaps(state)
    return Frame(
        header=document.header,
        program=program,
        state=state,
        scores=scores(program.index, state.status, state.answers),
        entries=entries,
        claims=_claims(entries),
        contradictions=found,
        settle=to_settle(program.index, state.answers, found),
        gaps=missing,
        documents=documents(state),
        figures=figures(state),
        facts=facts(state),
    )


def _entries(state: State) -> dict[str, Entry]:
    index = state.program.index
    found = {}
    for code, question in index.questions.items():
        own = state.questions[code]
        if own.is_asked:
            answer = state.answers.get(code, EMPTY)
            fields = tuple(field for field in question.fields if field.code in own.fields)
            level = level_of(question, answer)
            found[code] = Entry(index.section_of[code], question, own.status, answer, fields, level)
    return found


def level_of(question: Question, answer: Answer) -> int | None:
    """The level claimed in an answer, 0..4; None: the question has none, or none is given."""
    primary = question.primary
    if primary is None or primary.type != "maturity" or answer.non_answer:
        return None
    stored = answer.fields.get(question.code)
    return int(stored) if stored is not None else None


def _claims(entries: Mapping[str, Entry]) -> dict[int, tuple[str, ...]]:
    levels = sorted({e.level for e in entries.values() if e.level is not None}, reverse=True)
    return {
        level: tuple(code for code, entry in entries.items() if entry.level == level)
        for level in levels
    }


def _languages(values: Iterable[Stored]) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict) and "lang" in value:
            yield str(value["lang"])
