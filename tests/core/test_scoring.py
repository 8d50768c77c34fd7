"""Profiles show levels and counts; nothing that is no level is ever counted as one."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.answers import Answer, NonAnswer
from survey.core.instrument import Choice, Element, Field, Index, Instrument, Question, Section
from survey.core.scoring import Profile, median, profile, scores
from survey.core.state import Status

ANSWERED, NOT_ASKED = Status.ANSWERED, Status.NOT_ASKED


def a_question(code: str, *elements: str, kind: str = "maturity") -> Question:
    field = Field(code=code, type=kind, list="levels" if kind == "maturity" else "")
    return Question(code=code, number=code, title={}, stem={}, fields=(field,), elements=elements)


def an_index(*questions: Question) -> Index:
    return Index(
        Instrument(
            format=1,
            code="T",
            version=1,
            languages=("en",),
            title={"en": "T"},
            sections=(
                Section(code="A", title={}, questions=questions[:2]),
                Section(code="B", title={}, questions=questions[2:]),
            ),
            evidence=Question(code="evidence", number="", title={}, stem={}),
            lists={"levels": tuple(Choice(code=str(n), label={}) for n in range(5))},
            elements=(Element(code="E1", label={}), Element(code="E2", label={})),
        )
    )


def at(**levels: int) -> dict[str, Answer]:
    return {code: Answer(fields={code: str(level)}) for code, level in levels.items()}


@pytest.mark.parametrize(
    ("levels", "middle"),
    [([], None), ([0], (0, 0)), ([3, 1], (1, 3)), ([4, 0, 2], (2, 2)), ([0, 4, 1, 1], (1, 1))],
)
def test_the_median_is_a_level_or_the_two_in_the_middle(levels, middle):
    assert median(levels) == middle


def test_a_section_has_the_levels_of_its_own_questions_in_order():
    index = an_index(a_question("Q1"), a_question("Q2"), a_question("Q3"))
    found = scores(index, dict.fromkeys(index.questions, ANSWERED), at(Q3=4, Q2=1, Q1=3))
    assert found.sections["A"].levels == (("Q1", 3), ("Q2", 1))
    assert found.sections["A"].median == (1, 3)
    assert found.sections["B"].levels == (("Q3", 4),)


@pytest.mark.parametrize("status", [s for s in Status if s not in (ANSWERED, Status.PARTIAL)])
def test_what_is_no_level_is_counted_as_itself_and_never_as_zero(status):
    questions = (a_question("Q1"), a_question("Q2"))
    answers = at(Q1=3, Q2=0)  # Q2 is inactive: the value stays stored while it is not asked
    found = profile(questions, {"Q1": ANSWERED, "Q2": status}, answers)
    assert found.levels == (("Q1", 3),)
    assert found.median == (3, 3)
    assert found.asked == (1 if status is NOT_ASKED else 2)
    if status is not NOT_ASKED:
        assert getattr(found, status.value) == 1


def test_level_zero_is_a_level():
    assert profile([a_question("Q1")], {"Q1": ANSWERED}, at(Q1=0)).median == (0, 0)


def test_a_level_without_its_companions_is_a_level_and_not_yet_an_answer():
    found = profile([a_question("Q1")], {"Q1": Status.PARTIAL}, at(Q1=2))
    assert (found.levels, found.partial, found.answered) == ((("Q1", 2),), 1, 0)


def test_facts_are_counted_and_have_no_level():
    questions = (a_question("Q1"), a_question("Q2", kind="integer"))
    found = profile(questions, {"Q1": ANSWERED, "Q2": ANSWERED}, at(Q1=1, Q2=9))
    assert found.levels == (("Q1", 1),)
    assert (found.asked, found.answered, found.scaled) == (2, 2, 1)


def test_coverage_is_the_answered_share_of_what_applies():
    questions = [a_question(f"Q{n}") for n in range(4)]
    statuses = {
        "Q0": ANSWERED,
        "Q1": Status.WITHHELD,
        "Q2": Status.UNANSWERED,
        "Q3": Status.NOT_APPLICABLE,
    }
    found = profile(questions, statuses, at(Q0=1))
    assert found.coverage == Fraction(1, 3)
    assert (found.scaled, found.applicable) == (3, 3)


def test_a_section_that_does_not_apply_has_no_coverage_and_no_median():
    answers = {"Q1": Answer(non_answer=NonAnswer.NOT_APPLICABLE)}
    found = profile([a_question("Q1")], {"Q1": Status.NOT_APPLICABLE}, answers)
    assert (found.coverage, found.median, found.not_applicable) == (None, None, 1)


@pytest.mark.parametrize(
    ("third", "shown"),
    [
        (ANSWERED, True),
        (Status.UNANSWERED, True),
        (Status.WITHHELD, True),
        (Status.NOT_APPLICABLE, False),
        (NOT_ASKED, False),
    ],
)
def test_an_element_is_shown_when_three_applicable_questions_carry_it(third, shown):
    index = an_index(a_question("Q1", "E1"), a_question("Q2", "E2", "E1"), a_question("Q3", "E1"))
    found = scores(index, {"Q1": ANSWERED, "Q2": ANSWERED, "Q3": third}, at(Q1=1, Q2=2))
    assert (found.elements["E1"] is not None) is shown
    assert found.elements["E2"] is None


STATUSES = st.dictionaries(st.sampled_from([f"Q{n}" for n in range(6)]), st.sampled_from(Status))


@given(STATUSES, st.dictionaries(st.sampled_from([f"Q{n}" for n in range(6)]), st.integers(0, 4)))
def test_every_question_asked_is_counted_once(statuses, levels):
    found = profile([a_question(f"Q{n}") for n in range(6)], statuses, at(**levels))
    kinds = [s.value for s in Status if s is not NOT_ASKED]
    assert found.asked == sum(getattr(found, kind) for kind in kinds)
    assert len(found.levels) <= found.answered + found.partial <= found.scaled == found.applicable


def test_nothing_asked_is_an_empty_profile():
    assert profile([a_question("Q1")], {}, at(Q1=3)) == Profile()
