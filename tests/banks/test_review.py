"""What reviewers get: all texts with the languages side by side, rules in words, room to write."""

import pytest
from docx import Document
from openpyxl import load_workbook

from survey.banks.files import BankFolder
from survey.banks.review import LANGUAGES, Group, Review, Row, review_of
from survey.banks.review_files import write_review
from survey.config import ROOT

FOLDER = BankFolder(ROOT / "question_banks" / "round", ROOT / "translations")
COMMON = BankFolder(ROOT / "question_banks" / "common", ROOT / "translations").read_common()
SPOKEN = ["English", "Español", "Português", "Français"]


@pytest.fixture(scope="module")
def review(new_app, new_database):
    with new_app(new_database("sqlite")).app_context():
        return review_of(FOLDER.read(), COMMON)


@pytest.fixture(scope="module")
def written(review, new_app, new_database, tmp_path_factory):
    def made(ending):
        target = tmp_path_factory.mktemp("review") / f"bank{ending}"
        with new_app(new_database("sqlite")).app_context():
            write_review(review, target)
        return target

    return made


def test_every_text_of_the_bank_is_there_in_every_language(review):
    said = {text for group in review.groups for row in group.rows for text in row.texts.values()}

    for key, text in FOLDER.texts().items():
        assert set(text.values()) <= said, key


def test_conditions_are_said_in_words_of_each_language(review):
    told = {row.code: row.texts for group in review.groups for row in group.rows if row.is_rule}
    asked = told["RND-X3-partners"]

    assert asked["en"] == "RND-X3-release is “The partners that are named”"
    assert len(set(asked.values())) == 4
    assert all("${" not in words for words in asked.values())


def test_the_workbook_has_the_languages_side_by_side_and_room_to_propose(written):
    sheet = load_workbook(written(".xlsx")).active
    header, *lines = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert header[2:6] == SPOKEN
    assert header[6:] == ["Proposed text", "Comment"]
    stem = FOLDER.texts()["RND-P3:stem"]
    assert [stem[tag] for tag in ("en", "es", "pt", "fr")] in [line[2:6] for line in lines]
    assert all(line[6:] == [None, None] for line in lines)
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_no_text_becomes_a_formula(new_app, new_database, tmp_path):
    words = "=1+1"
    row = Row(code="X-A1", part="Question", texts=dict.fromkeys(LANGUAGES, words))
    group = Group(level=2, heading="=X-A1", rows=(row,))
    with new_app(new_database("sqlite")).app_context():
        target = tmp_path / "x.xlsx"
        write_review(Review(title="X", languages=LANGUAGES, groups=(group,)), target)

    cells = [cell for line in load_workbook(target).active.iter_rows() for cell in line]
    assert [cell.value for cell in cells].count(words) == 4
    assert "f" not in {cell.data_type for cell in cells}


def test_the_document_has_a_table_for_each_question(written):
    document = Document(str(written(".docx")))

    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert [h.split()[0] for h in headings if h.startswith("RND-P")] == [
        "RND-P",
        *(f"RND-P{n}" for n in range(1, 8)),
    ]
    for table in document.tables[:3]:
        words = [cell.text for cell in table.rows[0].cells]
        assert words[1:] == [*SPOKEN, "Proposed text", "Comment"]


def test_another_ending_is_refused(review, tmp_path):
    with pytest.raises(ValueError, match=r"\.pdf"):
        write_review(review, tmp_path / "x.pdf")
