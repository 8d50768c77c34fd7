import shutil
import subprocess

import pytest

from survey.core.answers import Answer
from survey.workbooks.child import read_apart
from tests.workbooks import hostile
from tests.workbooks.books import book, written
from tests.workbooks.instruments import ANSWERS, words
from tests.workbooks.roundtrip import opened_by_openpyxl, plan_of_file, retyped, written_file

ANSWER_SETS = {
    "answers of every kind": ANSWERS,
    "no answers": {},
    "a non-answer with hidden values": {
        **ANSWERS,
        "OPG-B6": Answer(
            fields={"OPG-B6-currency": "HNL"},
            non_answer=ANSWERS["OPG-B6"].non_answer,
            reason=words("Ley"),
        ),
    },
    "texts that look like something else": {
        "OPG-B11": Answer(fields={"OPG-B11": words('=1+1 _x000D_ <b>&amp;</b> \'x "y" 😀')}),
        "OPG-E5": Answer(fields={"OPG-E5": words("a" * 4_000)}),
        "OPG-A6": Answer(fields={"OPG-A6": ["other"], "OPG-A6-other": words("TRUE")}),
        "OPG-A1": Answer(fields={"OPG-A1": "yes", "OPG-A1-text": words("0012")}),
    },
    "numbers at their ends": {
        "OPG-B7": Answer(fields={"OPG-B7": "0.000000000000001"}),
        "OPG-B6": Answer(fields={"OPG-B6": "999999999999999"}),
        "OPG-B5": Answer(fields={"OPG-B5-meetings": "0"}),
        "OPG-B8": Answer(fields={"OPG-B8": "33.3333333333333"}),
    },
    "text of another language": {"OPG-B11": Answer(fields={"OPG-B11": words("Obra", "pt")})},
}


@pytest.mark.parametrize("name", ANSWER_SETS)
@pytest.mark.parametrize("language", ["es", "en"])
def test_an_untouched_workbook_is_an_empty_plan(name, language):
    answers = ANSWER_SETS[name]
    content = written(answers=answers, language=language)[0].getvalue()
    plan = plan_of_file(content, book(answers=answers, language=language))
    assert plan.items == ()
    assert plan.extras == ()


def test_a_workbook_of_one_section_is_an_empty_plan():
    content = written(sections=("OPG-B",))[0].getvalue()
    assert plan_of_file(content, book(sections=("OPG-B",))).items == ()


def test_a_workbook_saved_by_openpyxl_is_an_empty_plan():
    assert plan_of_file(retyped(written_file(), {})).items == ()


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", ANSWER_SETS)
def test_a_workbook_saved_by_libreoffice_is_an_empty_plan(name, tmp_path):
    answers = ANSWER_SETS[name]
    source = tmp_path / "in.xlsx"
    source.write_bytes(written(answers=answers)[0].getvalue())
    saved = saved_by_libreoffice(source, tmp_path)
    plan = plan_of_file(saved, book(answers=answers))
    assert plan.items == ()
    assert plan.extras == ()


def saved_by_libreoffice(source, folder) -> bytes:
    office = shutil.which("soffice")
    assert office, "install libreoffice-calc"
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (folder / "out" / source.name).read_bytes()


def test_exactly_the_changed_cells_are_changes():
    typed = {"OPG-A4": "4 · Avanzado", "OPG-B7": 7.25, "OPG-B11": "Hola", "OPG-B9": "2025"}
    plan = plan_of_file(retyped(written_file(), typed))
    assert {(item.code, item.kind) for item in plan.items} == {
        ("OPG-A4", "changed"),
        ("OPG-B7", "changed"),
        ("OPG-B11", "new"),
        ("OPG-B9", "changed"),
    }
    assert len(plan.items) == len(typed)


def test_the_same_file_again_is_an_empty_plan_once_it_was_applied():
    content = retyped(written_file(), {"OPG-A4": "4"})
    here = {**ANSWERS, "OPG-A4": Answer(fields={"OPG-A4": "4"})}
    assert plan_of_file(content, here=here).items == ()


@pytest.mark.parametrize("content", [hostile.honest, written_file])
def test_cells_are_those_openpyxl_sees(content):
    """Our reader of cells against openpyxl, which is slower and knows more of the format."""
    made = content()
    ours = {
        (sheet.name, f"{cell.column}{cell.row}"): cell.value
        for sheet in read_apart(made).sheets
        for cell in sheet.cells
        if cell.kind in ("s", "n") and not cell.formula
    }
    theirs = {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in opened_by_openpyxl(made)
        if sheet.title not in ("calc", "lists")
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and cell.data_type in ("s", "n")
    }
    assert ours == theirs
