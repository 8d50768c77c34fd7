import pytest

from survey.core.composition import other_topics, without_checks_on
from survey.core.problems import Severity
from survey.core.wording import in_languages, texts_of
from tests.core.build import bare, check, field, instrument, question
from tests.formats import example


def checks_of(made):
    return [c.code for s in made.sections for q in s.questions for c in q.checks]


COMPARED = instrument(
    question("OPG-A1"),
    bare(
        "OPG-A4",
        field("OPG-A4-n", "integer"),
        checks=(
            check("OPG-A4-c1", "${OPG-A4-n} > ${OPG-B6}", "warning"),
            check("OPG-A4-c2", "${OPG-A4-n} > 3", "warning"),
            check("OPG-A4-c3", "${OPG-A4-n} > ${OPG-B60-x}", "warning"),
        ),
    ),
)


def test_a_check_that_reads_an_item_left_out_goes_and_is_told():
    made, told = without_checks_on(COMPARED, {"OPG-B6"})

    assert checks_of(made) == ["OPG-A4-c2", "OPG-A4-c3"]
    assert [(p.code, p.where, p.severity) for p in told] == [
        ("check_left_out", "OPG-A4", Severity.WARNING)
    ]
    assert told[0].params == {"check": "OPG-A4-c1", "names": ("OPG-B6",)}


def test_a_field_of_an_item_left_out_is_known_by_the_code_of_its_item():
    made, _ = without_checks_on(COMPARED, {"OPG-B60"})

    assert "OPG-A4-c3" not in checks_of(made)


def test_a_check_that_reads_what_no_bank_has_stays_to_be_found():
    made, told = without_checks_on(COMPARED, set())

    assert (made, told) == (COMPARED, ())


@pytest.mark.parametrize("languages", [("en",), ("es",), ("es", "en")])
def test_an_instrument_holds_the_texts_of_its_languages_only(languages):
    cut = in_languages(example.instrument(), languages)

    found = {tag for _, _, text in texts_of(cut) for tag in text}
    assert found == set(languages)


def test_every_text_is_told_with_its_code_and_part():
    told = {(code, part) for code, part, _ in texts_of(example.instrument())}

    assert {
        ("example", "title"),
        ("EX-A1", "stem"),
        ("EX-A12/law", "label"),
        ("EX-A14/3", "text"),
        ("EX-A16-c1", "message"),
        ("EX-A15-name", "example"),
        ("evidence-title", "hint"),
        ("E4", "text"),
    } <= told


def test_what_checks_read_of_other_topics_is_told():
    read = bare("X-A1", field("X-A1"), checks=(check("X-A1-x1", "${X-A1} = 'a' and ${Y-B2} > 1"),))

    assert other_topics(instrument(read), {"X"}) == {"Y-B2"}
    assert other_topics(instrument(read), {"X", "Y"}) == frozenset()
