from datetime import UTC, datetime

import pytest

from survey.banks.checks import report_of, reports_of
from survey.banks.files import BankFolder, BankUnreadable, english_texts, folders
from survey.banks.terminology import read_glossary
from survey.config import ROOT

# Themes of each dimension of each topic (domain.md 1.1 to 1.11).
THEMES = {
    "OPG": [7, 8, 7, 6, 6, 7],
    "PLN": [7, 6, 7, 7, 7, 7],
    "BUD": [6, 6, 7, 6, 6, 6, 7],
    "CSV": [7, 7, 7, 8, 8, 7],
    "COO": [7, 7, 6, 6, 8, 8],
    "EVL": [7, 8, 7, 7, 8, 7],
    "TRA": [8, 6, 8, 7, 6, 8],
    "ICT": [7, 8, 8, 7, 7, 8],
    "DEC": [7, 6, 8, 7, 6, 7],
    "QPS": [7, 7, 6, 7, 8, 8],
    "CSP": [7, 7, 7, 7, 6, 7],
}
NOW = datetime(2026, 11, 23, tzinfo=UTC)
COMMON = BankFolder(ROOT / "question_banks" / "common", ROOT / "translations")
BANKS = folders(ROOT / "question_banks", ROOT / "translations")
BANK = """
code: X
title: Trial
sections:
  - code: X-A
    letter: A
    title: First
    items:
      - code: X-A1
        type: select_one
        title: Choice
        stem: Which one?
        help: Any.
        choices:
          - {code: no, label: "No"}
          - {code: yes, label: "Yes"}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "banks" / "trial").mkdir(parents=True)
    (tmp_path / "banks" / "trial" / "bank.yaml").write_text(BANK, "utf-8")
    return BankFolder(tmp_path / "banks" / "trial", tmp_path / "translations")


def translate(folder, language, **texts):
    folder.update_catalogue(language, NOW)
    path = folder.catalogue_path(language)
    content = path.read_text("utf-8")
    for english, translated in texts.items():
        content = content.replace(
            f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{translated}"'
        )
    path.write_text(content, "utf-8")


def test_every_bank_of_the_program_is_sound_and_whole():
    terms = read_glossary(ROOT / "question_banks" / "common" / "glossary.yaml")
    reports = reports_of(BANKS, COMMON.read_common(), terms)

    assert [problem for report in reports for problem in report.problems] == []
    assert {report.code for report in reports} == {*THEMES, "RND"}
    for report in reports:
        assert report.languages.keys() == {"es", "pt", "fr"}


@pytest.mark.parametrize("folder", BANKS, ids=lambda each: each.folder.name)
def test_every_theme_is_a_question_under_its_code(folder):
    bank = folder.read()
    expected = {**THEMES, "RND": [7, 7]}[bank.code]

    assert [len(section.items) for section in bank.sections] == expected
    numbers = [item.number for item in bank.items]
    assert numbers == [f"{s.letter}{n}" for s in bank.sections for n in range(1, len(s.items) + 1)]
    assert folder.code == bank.code


def test_there_are_469_themes():
    assert sum(map(sum, THEMES.values())) == 469


def test_a_choice_named_no_stays_a_word(folder):
    assert [choice.code for choice in folder.read().items[0].choices] == ["no", "yes"]


def test_every_text_has_a_key_of_code_and_part(folder):
    assert english_texts(folder.raw()) == {
        "X:title": "Trial",
        "X-A:title": "First",
        "X-A1:title": "Choice",
        "X-A1:stem": "Which one?",
        "X-A1:help": "Any.",
        "X-A1/no:label": "No",
        "X-A1/yes:label": "Yes",
    }


def test_translations_come_from_the_gettext_file(folder):
    translate(folder, "es", **{"Which one?": "¿Cuál?"})

    assert folder.read().items[0].stem == {"en": "Which one?", "es": "¿Cuál?"}


def test_a_changed_text_keeps_its_translation_as_fuzzy_and_unused(folder):
    translate(folder, "es", **{"Which one?": "¿Cuál?"})
    folder.path.write_text(BANK.replace("Which one?", "Which of them?"), "utf-8")
    folder.update_catalogue("es", NOW)

    assert folder.read().items[0].stem == {"en": "Which of them?"}
    (entry,) = [m for m in folder.catalogues()["es"] if m.context == "X-A1:stem"]
    assert entry.fuzzy
    assert entry.string == "¿Cuál?"
    assert '#| msgid "Which one?"' in folder.catalogue_path("es").read_text("utf-8")


def test_updating_a_catalogue_twice_changes_nothing(folder):
    translate(folder, "es", **{"Which one?": "¿Cuál?"})
    path = folder.update_catalogue("es", NOW)
    before = path.read_bytes()

    assert folder.update_catalogue("es", NOW).read_bytes() == before


def test_missing_translations_are_counted(folder):
    translate(folder, "es", **{"Which one?": "¿Cuál?"})

    texts = report_of(folder, COMMON.read_common()).languages["es"]
    assert (texts.missing, texts.fuzzy) == (6, 0)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("code: X-A1", "code: Y-A1", "code_of_other_bank", id="another topic"),
        pytest.param("type: select_one", "type: selectone", "bank_unreadable", id="unknown type"),
        pytest.param("stem: Which one?", "stam: Which?", "bank_unreadable", id="unknown member"),
        pytest.param('label: "Yes"', 'label: "No"', "equal_labels", id="equal labels"),
        pytest.param(
            "type: select_one",
            "type: select_one\n        relevant: \"${X-B1} = 'yes'\"",
            "expression_unknown_reference",
            id="a reference to nothing",
        ),
        pytest.param(
            "type: select_one",
            "type: maturity\n        levels: [a, b]",
            "levels_not_five",
            id="levels",
        ),
    ],
)
def test_what_is_wrong_with_a_bank_is_named(folder, old, new, code):
    folder.path.write_text(BANK.replace(old, new), "utf-8")

    report = report_of(folder, COMMON.read_common())
    assert code in {problem.code for problem in report.problems}
    assert report.has_errors


@pytest.mark.parametrize("content", ["[1, 2", "- a\n- b", "", "title: x"])
def test_a_file_that_is_no_bank_is_refused_with_its_name(folder, content):
    folder.path.write_text(content, "utf-8")

    with pytest.raises(BankUnreadable, match=r"bank\.yaml"):
        folder.read()
