"""Conditions and calculations as reviewers and designers read them."""

import re

import pytest

from survey.banks.checks import instrument_of
from survey.banks.conditions import calculation_words, condition_words
from survey.banks.files import BankFolder, folders
from survey.config import ROOT
from survey.core.instrument import Choice, Index
from survey.web.languages import speaking
from tests.core.build import field, instrument, question, table

COMMON = BankFolder(ROOT / "question_banks/common", ROOT / "translations").read_common()
LISTS = {
    "force": (Choice(code="law", label={"en": "A law"}), Choice(code="none", label={"en": "None"})),
    "step": (Choice(code="a", label={"en": "Sent"}), Choice(code="b", label={"en": "Approved"})),
}


def calculated(code, source):
    return field(code, "calculation", calculation=source, internal=True)


INDEX = Index(
    instrument(
        question("A", "select_one", list="force"),
        question("M", "select_multiple", list="force"),
        question("L", "maturity", list="levels"),
        question("N", "integer"),
        question("Y", "year"),
        question("D", "date"),
        table(
            "T",
            field("T-n", "integer"),
            field("T-day", "date"),
            field("T-kind", "select_one", list="force"),
            calculated("T-ofLaw", "if(${T-kind} = 'law', 1, 0)"),
            calculated("T-inLaw", "if(${T-kind} = 'law', coalesce(${T-n}, 0), 0)"),
            calculated("T-second", "if(position(..) = 2, coalesce(${T-n}, 0), 0)"),
            calculated("T-sent", "if(position(..) = 1, decimal-date-time(${T-day}), '')"),
            calculated("T-approved", "if(position(..) = 2, decimal-date-time(${T-day}), '')"),
            rows="step",
        ),
        lists=LISTS,
    )
)


@pytest.fixture(scope="module")
def english(new_app, new_database):
    with new_app(new_database("sqlite")).app_context(), speaking("en"):
        yield


pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        # answers
        ("${A} = 'law'", "A is “A law”"),
        ("${A} != 'law'", "A is not “A law”"),
        ("${A} = ''", "A is not answered"),
        ("'' != ${A}", "A is answered"),
        ("${A} = 'gone'", "A is “gone”"),
        ("${L} = '3'", "L is “3”"),
        ("selected(${M}, 'law')", "M includes “A law”"),
        ("not(selected(${M}, 'law'))", "M does not include “A law”"),
        ("selected(${M}, ${A})", "M includes A"),
        ("contains(${A}, '@')", "A contains “@”"),
        ("not(regex(${A}, '[A-Z]'))", "A does not have the form [A-Z]"),
        ("not(${N} > 3)", "it is not so that N is more than 3"),
        # numbers and fields
        ("${N} >= 3", "N is at least 3"),
        ("3 >= ${N}", "N is at most 3"),
        ("${N} != ${L}", "N is not L"),
        ("${N} < 0.5 * ${L}", "N is less than 50% of L"),
        ("${N} < ${L} * 0.125", "N is less than 12.5% of L"),
        ("${N} > 2 * ${L}", "N is more than 2 times L"),
        ("${N} > ${L} + 1", "N is more than L plus 1"),
        ("${N} = ${L} - 1", "N is L minus 1"),
        (
            "(${N} - 1) div 2 > ${L} mod 3",
            "(N minus 1) divided by 2 is more than what remains of L divided by 3",
        ),
        ("abs(${N} - ${L}) > 10", "the difference between N and L is more than 10"),
        ("100 * ${N} div ${L} > 30", "N as a percentage of L is more than 30"),
        ("count-selected(${M}) > 3", "the number of choices in M is more than 3"),
        ("string-length(${A}) = 4", "the number of characters of A is 4"),
        # time
        ("${D} > today()", "D is after today"),
        ("today() >= ${D}", "today is not before D"),
        ("${Y} < number(format-date(today(), '%Y')) - 5", "Y is before the present year minus 5"),
        (
            "decimal-date-time(today()) - decimal-date-time(${D}) > 366",
            "the number of days from D to today is more than 366",
        ),
        ("number(substr(${D}, 0, 4)) = ${Y}", "the year of D is Y"),
        # tables
        ("count-non-empty(${T-n}) = 0", "T-n is answered in no row"),
        ("count-non-empty(${T-n}) > 0", "T-n is answered in some row"),
        (
            "count-non-empty(${T-n}) < count(${T-n})",
            "the number of answers to T-n is less than the number of rows of T-n",
        ),
        ("sum(${T-n}) != ${N}", "the sum of T-n is not N"),
        (
            "max(${T-n}) > 10 * min(${T-n})",
            "the largest of T-n is more than 10 times the smallest of T-n",
        ),
        ("sum(${T-ofLaw}) >= 2", "the number of rows in which T-kind is “A law” is at least 2"),
        ("sum(${T-inLaw}) = 0", "the sum of T-n in the rows in which T-kind is “A law” is 0"),
        ("sum(${T-second}) > ${N}", "T-n in the row “Approved” is more than N"),
        (
            "max(${T-sent}) > max(${T-approved})",
            "T-day in the row “Sent” is after T-day in the row “Approved”",
        ),
        (
            "max(${T-sent}, ${T-approved}) > decimal-date-time(${D})",
            "the latest of T-day in the row “Sent” and T-day in the row “Approved” is after D",
        ),
        ("indexed-repeat(${T-kind}, ${T}, 2) = 'law'", "T-kind in the row “Approved” is “A law”"),
        ("position(..) = 1 and ${T-n} > 3", "it is the row “Sent” and T-n is more than 3"),
        (
            "position(..) <= 2 and ${T-n} > 3",
            "the number of the row is at most 2 and T-n is more than 3",
        ),
        ("coalesce(${N}, 0) + coalesce(${L}, 0) > 5", "the sum of N and L is more than 5"),
        # several
        (
            "${A} = 'law' and (${N} > 1 or ${L} = '2')",
            "A is “A law” and (N is more than 1 or L is “2”)",
        ),
    ],
)
def test_a_condition_is_said_in_words(source, words):
    assert condition_words(INDEX, source) == words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "if(${A} = 'law', 7, if(${N} > 1, 31, ''))",
            "7 if A is “A law”, otherwise 31 if N is more than 1, otherwise nothing",
        ),
        ("round(100 * ${N} div ${L}, 1)", "(N as a percentage of L), rounded"),
        (
            "if(position(..) = 2, max(${T-sent}) - 1, max(${T-sent}) + 28)",
            "1 day before T-day in the row “Sent” if it is the row “Approved”,"
            " otherwise 28 days after T-day in the row “Sent”",
        ),
        ("coalesce(${N}, 5)", "N (if not answered, 5)"),
    ],
)
def test_a_calculation_is_said_in_words(source, words):
    assert calculation_words(INDEX, source) == words


@pytest.mark.parametrize("source", ["${A} = = 'x'", "translate(${A}, 'a', 'b') = 'b'"])
def test_what_has_no_words_stays_as_it_was_written(source):
    assert condition_words(INDEX, source) == source


def test_a_part_without_words_leaves_the_others_in_words():
    said = condition_words(INDEX, "${N} > 1 and starts-with(${A}, 'l')")

    assert said == "N is more than 1 and starts-with(${A}, 'l')"


def test_each_language_quotes_and_counts_in_its_own_way():
    with speaking("es"):
        said = condition_words(INDEX, "sum(${T-second}) > 0.5 * ${N}")

    assert "«Approved»" in said
    assert "50\N{NO-BREAK SPACE}% de N" in said


FORMULA = re.compile(r"\$\{|\(\.\.\)|[<=>]|''|\w\(")


def test_reviewers_of_the_banks_meet_hardly_a_formula():
    said = []
    for folder in folders(ROOT / "question_banks", ROOT / "translations"):
        bank = folder.read()
        index = Index(instrument_of(bank, COMMON, ("en",)))
        for item in bank.items:
            fields = (*item.fields, *item.columns)
            conditions = [item.relevant, *(each.relevant for each in fields)]
            conditions += [check.when for check in item.checks]
            said += [condition_words(index, each) for each in conditions if each]
            said += [calculation_words(index, f.calculation) for f in fields if f.calculation]

    formulas = [words for words in said if FORMULA.search(words)]
    assert len(said) > 500
    assert len(formulas) / len(said) < 0.05, formulas
