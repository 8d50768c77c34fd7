"""What a finished bank is: each fault is named, and nothing else."""

from datetime import UTC, datetime

import msgspec
import pytest
from babel.messages.pofile import read_po, write_po

from survey.banks.checks import report_of, reports_of
from survey.banks.files import BankFile, BankFolder
from survey.banks.quality import item_problems, shared_problems, text_problems
from survey.banks.terminology import Term
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
        pytest.param(bank(who={}), {("part_missing", "OPG-A4")}, id="nobody who answers"),
        pytest.param(bank(trace=[]), {("part_missing", "OPG-A4")}, id="no trace"),
        pytest.param(bank(evidence={}), {("part_missing", "OPG-A4")}, id="no evidence"),
        pytest.param(bank(section={"minutes": 0}), {("part_missing", "OPG-A")}, id="no minutes"),
        pytest.param(bank(section={"who": {}}), {("part_missing", "OPG-A")}, id="no offices"),
        pytest.param(
            bank(section={"introduction": {}}), {("part_missing", "OPG-A")}, id="no introduction"
        ),
        pytest.param(
            bank(section={"documents": {}}), {("part_missing", "OPG-A")}, id="no documents"
        ),
        pytest.param(
            bank(section={"place": "opening"}, trace=[], elements=[], evidence={}, checks=[]),
            set(),
            id="a module has no framework",
        ),
        pytest.param(
            bank(checks=[]), {("dimension_without_contradiction", "OPG-A")}, id="no contradiction"
        ),
    ],
)
def test_a_question_that_is_not_finished_is_named(made, expected):
    assert {(p.code, p.where) for p in item_problems(made, COMMON)} == expected


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("${OPG-A4} >= 3", id="the judgement alone"),
        pytest.param("${OPG-B6} = 0", id="the fact alone"),
        pytest.param("${OPG-A4} >= and", id="no expression"),
    ],
)
def test_a_contradiction_reads_a_judgement_and_a_fact(when):
    check = {"code": "c1", "severity": "warning", "when": when, "message": TEXT}
    found = item_problems(bank(checks=[check]), COMMON)

    assert [p.code for p in found] == ["dimension_without_contradiction"]


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


SMALL = """
code: {code}
title: Trial
sections:
  - code: {code}-A
    letter: A
    title: First
    place: opening
    minutes: 5
    introduction: About.
    who: All.
    documents: Laws.
    items:
      - {{code: {code}-A1, type: yes_no, key: LAW, title: One, stem: "{stem}", help: H., who: W.}}
      - {{code: {code}-A2, type: yes_no, title: Two, stem: Two?, help: H., who: W.}}
"""


def small(tmp_path, code, stem="Is it a law?", more=""):
    """A bank of two questions that is whole in all languages."""
    folder = BankFolder(tmp_path / code, tmp_path / "translations")
    folder.folder.mkdir()
    folder.path.write_text(SMALL.format(code=code, stem=stem) + more, "utf-8")
    for language in ("es", "pt", "fr"):
        translate(folder, language, lambda english: english)
    return folder


def translate(folder, language, said):
    path = folder.update_catalogue(language, datetime(2026, 11, 24, tzinfo=UTC))
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in catalogue:
        if message.id:
            message.string = said(message.id)
            message.flags |= {"fuzzy"} if message.string == "?" else set()
    with path.open("wb") as file:
        write_po(file, catalogue)


def test_a_bank_that_is_whole_has_no_problem(tmp_path):
    assert report_of(small(tmp_path, "X"), COMMON).problems == ()


def test_a_language_that_is_absent_or_not_whole_is_named(tmp_path):
    folder = small(tmp_path, "X")
    translate(folder, "es", lambda english: "" if english == "Two?" else english)
    translate(folder, "pt", lambda english: "?" if english == "Two?" else english)
    folder.catalogue_path("fr").unlink()

    told = report_of(BankFolder(folder.folder, folder.translations), COMMON).problems
    assert [(p.code, dict(p.params)) for p in told] == [
        ("language_incomplete", {"language": "es", "missing": 1, "fuzzy": 0}),
        ("language_incomplete", {"language": "pt", "missing": 0, "fuzzy": 1}),
        ("language_absent", {"language": "fr"}),
    ]


def test_a_question_that_no_answers_reach_is_named(tmp_path):
    asked = """
      - code: X-A3
        type: yes_no
        title: Three
        stem: Three?
        help: H.
        who: W.
        relevant: "${X-A1} = 'no'"
      - code: X-A4
        type: yes_no
        title: Four
        stem: Four?
        help: H.
        who: W.
        relevant: "${X-A3} = 'yes' and ${X-A1} = 'yes'"
"""
    (found,) = report_of(small(tmp_path, "X", more=asked.lstrip("\n")), COMMON).problems

    assert (found.code, found.where) == ("never_asked", "X-A4")


def test_a_term_of_the_glossary_and_a_shared_question_are_looked_at(tmp_path):
    law = Term(key="law", en=("law",), es=("ley",), pt=("law",), fr=("law",))
    folders = [small(tmp_path, "X"), small(tmp_path, "Y", "Is it so?"), small(tmp_path, "Z")]

    told = [[(p.code, p.where) for p in r.problems] for r in reports_of(folders, COMMON, [law])]
    assert told == [
        [("term_not_used", "X-A1")],
        [("shared_item_differs", "Y-A1")],
        [("term_not_used", "Z-A1")],
    ]
