"""What an earlier answer can be offered for, and what is carried over."""

import msgspec
import pytest

from survey.core.answers import Answer, NonAnswer, Row
from survey.core.earlier import carried
from survey.core.instrument import Choice, Index, Section
from tests.core.build import bare, en, field, instrument, question, said, table

CLOSED = tuple(Choice(code=code, label=en(code)) for code in ("a", "b", "c"))
TOWNS = tuple(Choice(code=code, label=en(code)) for code in ("north", "south"))
LISTS = {"closed": CLOSED, "shorter": CLOSED[:2], "towns": TOWNS, "turned": TOWNS[::-1]}


def index(*questions):
    return Index(instrument(*questions, lists=LISTS))


def offered(source, answer, asked):
    return carried(index(source), {source.code: answer}, index(asked), asked)


def law(code, **more):
    since = field(f"{code}-since", more.pop("since", "year"))
    return question(code, more.pop("kind", "yes_no"), since, **more)


LAW = Answer(fields={"TRA-A1": "yes", "TRA-A1-since": "2002"})


def test_the_same_code_carries_its_values_over():
    found = offered(law("TRA-A1"), LAW, law("TRA-A1", required=True))

    assert found.has_value
    assert found.source.code == "TRA-A1"
    assert found.answer == LAW


def test_the_same_key_carries_values_to_the_codes_of_the_present_question():
    found = offered(law("TRA-A1", key="RTI_LAW"), LAW, law("OPG-C1", key="RTI_LAW"))

    assert found.answer == Answer(fields={"OPG-C1": "yes", "OPG-C1-since": "2002"})


def test_another_code_without_a_common_key_carries_nothing():
    assert offered(law("TRA-A1"), LAW, law("OPG-C1")) is None
    assert offered(law("TRA-A1", key="MTEF"), LAW, law("OPG-C1", key="RTI_LAW")) is None


def test_related_questions_carry_nothing():
    assert offered(law("TRA-A1", related="NDP"), LAW, law("OPG-C1", related="NDP")) is None


@pytest.mark.parametrize(
    "asked",
    [
        law("TRA-A1", kind="progress"),
        law("TRA-A1", since="date"),
        question("TRA-A1"),
        question("TRA-A1", "yes_no", field("TRA-A1-until", "year")),
        table("TRA-A1", field("TRA-A1-since", "year")),
    ],
)
def test_another_shape_carries_nothing(asked):
    assert offered(law("TRA-A1"), LAW, asked) is None


def test_other_choices_carry_nothing():
    source = question("A1", "select_one", list="closed")

    assert offered(source, said(A1="a"), question("A1", "select_one", list="closed"))
    assert offered(source, said(A1="a"), question("A1", "select_one", list="shorter")) is None


def test_another_unit_carries_nothing():
    def lasting(**unit):
        return bare("A1", field("A1", "integer", unit=unit))

    assert offered(lasting(en="days"), said(A1="30"), lasting(en="days", es="días"))
    assert offered(lasting(en="days"), said(A1="30"), lasting(en="weeks")) is None
    assert offered(lasting(en="days"), said(A1="30"), lasting()) is None


def test_values_alone_are_carried():
    told = {"text": "Because.", "lang": "en"}
    answer = msgspec.structs.replace(
        LAW, remark=told, reason=told, evidence=("e" * 32,), explanations={"TRA-A1-c1": told}
    )

    assert offered(law("TRA-A1"), answer, law("TRA-A1")).answer == LAW


def test_what_is_calculated_is_not_carried_and_does_not_count():
    sum_ = field("A1-sum", "calculation", calculation="${A1-one} + 1")
    source = bare("A1", field("A1-one", "integer"), sum_)
    asked = bare("A1", field("A1-one", "integer"))

    assert offered(source, said(A1__one="1", A1__sum="2"), asked).answer == said(A1__one="1")


def test_rows_are_carried_under_the_present_columns():
    rows = (Row(id="a" * 32, position=1, fields={"A1-town": "x", "A1-year": "2024"}),)
    columns = [("town", "short_text"), ("year", "year")]

    def places(code):
        return table(code, *(field(f"{code}-{n}", kind) for n, kind in columns), key="PLACES")

    found = offered(places("A1"), Answer(rows=rows), places("B7"))

    assert found.answer.rows == (
        Row(id="a" * 32, position=1, fields={"B7-town": "x", "B7-year": "2024"}),
    )


def test_other_fixed_rows_carry_nothing():
    answer = Answer(rows=(Row(id="north", position=1, fields={"A1-n": "1"}),))

    def by(rows):
        return table("A1", field("A1-n", "integer"), rows=rows)

    assert offered(by("towns"), answer, by("towns"))
    assert offered(by("towns"), answer, by("closed")) is None
    assert offered(by("towns"), answer, by("")) is None


@pytest.mark.parametrize("state", NonAnswer)
def test_a_non_answer_is_found_and_has_nothing_to_offer(state):
    found = offered(law("TRA-A1"), Answer(non_answer=state), law("TRA-A1"))

    assert not found.has_value


def test_an_answer_with_a_remark_alone_says_nothing():
    answer = Answer(remark={"text": "Later.", "lang": "en"})

    assert offered(law("TRA-A1"), answer, law("TRA-A1")) is None


@pytest.mark.parametrize(
    ("was", "is_now", "carries"),
    [("", "", ""), ("panel", "", "panel"), ("", "sensitive", ""), ("panel", "sensitive", "")],
)
def test_what_the_panel_alone_could_read_stays_so(was, is_now, carries):
    answer = msgspec.structs.replace(LAW, visibility=was)

    found = offered(law("TRA-A1"), answer, law("TRA-A1", sensitive=bool(is_now)))

    assert found.answer.visibility == carries


@pytest.mark.parametrize(("topic", "is_carried"), [("TRA", True), ("OPG", False)])
def test_a_question_for_any_topic_is_the_same_for_the_same_topic_alone(topic, is_carried):
    outlook = question("RND-X6")
    general = Section(code="RND-X", title=en("X"), questions=(outlook,), general=True)

    def on(code):
        own = Section(code=f"{code}-A", title=en("A"), questions=(question(f"{code}-A1"),))
        return Index(msgspec.structs.replace(instrument(), sections=(own, general)))

    found = carried(on("TRA"), {"RND-X6": said(**{"RND-X6": "yes"})}, on(topic), outlook)

    assert bool(found) is is_carried
