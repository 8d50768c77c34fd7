"""What a finished bank is: each fault is named, and nothing else."""

import msgspec
import pytest

from survey.banks.checks import reports_of
from survey.banks.files import BankFile, BankFolder
from survey.banks.quality import item_problems, shared_problems, text_problems
from survey.config import ROOT

FOLDER = BankFolder(ROOT / "question_banks" / "open_government", ROOT / "translations")
COMMON = BankFolder(ROOT / "question_banks" / "common", ROOT / "translations").read_common()
TEXT = {"en": "Words.", "es": "Palabras.", "pt": "Palavras.", "fr": "Des mots."}


def texts(key, **changed):
    return {p.code for p in text_problems({key: {**TEXT, **changed}}, COMMON.names)}


@pytest.mark.parametrize(
    ("key", "changed", "expected"),
    [
        pytest.param("X-A1:stem", {}, set(), id="sound"),
        pytest.param("X-A1:title", {"fr": "m" * 61}, {"text_too_long"}, id="a title"),
        pytest.param("X-A1:help", {"fr": "m" * 700}, set(), id="a help of 700"),
        pytest.param("X-A1/one:label", {"es": "m" * 121}, {"text_too_long"}, id="a choice"),
        pytest.param("X-A1:example", {"es": "m" * 600}, set(), id="an example of a long text"),
        pytest.param("X-A1-b:example", {"es": "m" * 151}, {"text_too_long"}, id="one of a cell"),
        pytest.param("X:title", {"es": "m" * 90}, set(), id="the name of a topic"),
        pytest.param("X-A1:stem", {"en": "{SAI.the}"}, {"variables_differ"}, id="not named in es"),
        pytest.param(
            "X-A1:stem", dict.fromkeys(TEXT, "{NOBODY.of} x"), {"variable_unknown"}, id="unknown"
        ),
        pytest.param(
            "X-A1:stem", dict.fromkeys(TEXT, "{SAI.under} x"), {"variable_unknown"}, id="no form"
        ),
        pytest.param(
            "X-A1:title", dict.fromkeys(TEXT, "{SAI}"), {"variable_not_here"}, id="in a title"
        ),
    ],
)
def test_a_text_that_does_not_fit_is_named(key, changed, expected):
    assert texts(key, **changed) == expected


def bank(code="OPG-A4", section=(), **changed):
    """The bank of open government with one item and its section changed."""
    raw = msgspec.to_builtins(FOLDER.read())
    for each in raw["sections"]:
        for item in each["items"]:
            if item["code"] == code:
                item.update(changed)
                each.update(section)
    return msgspec.convert(raw, BankFile)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(bank(), set(), id="sound"),
        pytest.param(bank(help={}), {("part_missing", "OPG-A4")}, id="no help"),
        pytest.param(bank(elements=[]), {("part_missing", "OPG-A4")}, id="no element"),
        pytest.param(bank(elements=["E99"]), {("element_unknown", "OPG-A4")}, id="an element"),
        pytest.param(
            bank(elements=["E1", "E2", "E3", "E4"]), {("elements_too_many", "OPG-A4")}, id="four"
        ),
        pytest.param(bank(trace=["ABC-1"]), {("trace_unknown", "OPG-A4")}, id="a trace"),
        pytest.param(bank("OPG-E5", example={}), {("part_missing", "OPG-E5")}, id="no example"),
        pytest.param(bank("OPG-C6", unit={}), {("part_missing", "OPG-C6")}, id="no unit"),
        pytest.param(bank(section={"minutes": 0}), {("part_missing", "OPG-A")}, id="no minutes"),
        pytest.param(
            bank(checks=[]), {("dimension_without_contradiction", "OPG-A")}, id="no contradiction"
        ),
    ],
)
def test_a_question_that_is_not_finished_is_named(made, expected):
    assert {(p.code, p.where) for p in item_problems(made, COMMON)} == expected


def test_a_dimension_needs_a_maturity_question():
    made = bank(type="short_text", levels=[])

    assert "dimension_without_level" in {p.code for p in item_problems(made, COMMON)}


def test_shared_questions_ask_the_same_in_every_language():
    stem = {**bank().items[0].stem, "fr": "Autre chose ?"}
    first, same = bank("OPG-C1"), bank("OPG-C1")
    other = bank("OPG-C1", stem=stem)

    assert list(shared_problems([first, same])) == []
    (found,) = shared_problems([first, other])
    assert (found[0], found[1].code, found[1].where) == ("OPG", "shared_item_differs", "OPG-C1")


@pytest.mark.parametrize("content", ["code: X\ntitle: [", "just words"])
def test_a_bank_that_cannot_be_read_is_one_problem_and_no_crash(tmp_path, content):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "bank.yaml").write_text(content, "utf-8")

    (report,) = reports_of([BankFolder(tmp_path / "x", tmp_path)], COMMON, ())
    assert [problem.code for problem in report.problems] == ["bank_unreadable"]
