"""What a workbook says while it is filled: LibreOffice works out every formula again."""

from datetime import UTC, datetime

import msgspec
import pytest

from survey.core.answers import Answer
from survey.core.instrument import Index
from survey.core.program import Program
from survey.core.state import state_of
from survey.workbooks import book as marks
from survey.workbooks import layout
from survey.workbooks.calc import Plan
from survey.workbooks.conditions import Conditions
from survey.workbooks.lists import Lists
from survey.workbooks.settle import Settling
from survey.workbooks.write import _own_lists
from survey.workbooks.written import Written
from tests.workbooks import fuzz
from tests.workbooks.books import TOKEN, book, written
from tests.workbooks.instruments import ANSWERS, EVERY_TYPE
from tests.workbooks.opened import calc, formulas, opened, recalculated, row_of

INDEX = Index(EVERY_TYPE)
PROGRAM = Program(EVERY_TYPE)
TODAY = datetime.now(UTC)


def lines(answers):
    """The lines of calc as Python works them out."""
    made = book(answers=answers)
    sheets = layout.sheets(INDEX, made.chosen, answers, "es", TOKEN)
    lists = Lists(INDEX, "es", _own_lists(made))
    plan = Plan(made, sheets)
    Conditions(plan, lists).fill()
    Settling(plan, Written(made, lists)).work_out()
    return plan


@pytest.mark.parametrize("seed", range(40))
def test_the_workbook_counts_as_the_program_does(seed):
    answers = fuzz.answers(INDEX, seed)
    state = state_of(PROGRAM, answers, TODAY)
    for line in lines(answers).lines:
        if line.role == "q":
            own = state.questions[line.code]
            assert line.asked == int(own.is_asked), line.code
            assert line.done == int(own.status.is_settled), (line.code, own)


def test_every_condition_of_the_small_questionnaire_can_be_said_in_excel():
    for line in lines({}).lines:
        if line.role in ("q", "f") and line.code in PROGRAM.relevant:
            assert line.condition, line.code
        if line.role == "q":
            once = [c for c, e in PROGRAM.checks[line.code] if not e.row_of]
            assert [c for c, _ in line.checks] == once


def differences(kept, fresh):
    """Formula cells whose two values are not the same."""
    for sheet, cell, _ in formulas(kept[0]):
        a, b = kept[1][sheet][cell].value, fresh[sheet][cell].value
        if isinstance(a, int | float) and isinstance(b, int | float):
            if abs(a - b) > 1e-9:
                yield sheet, cell, a, b
        elif (a or "") != (b or ""):
            yield sheet, cell, a, b


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    "answers", [{}, ANSWERS, fuzz.answers(INDEX, 7)], ids=["none", "some", "all"]
)
def test_the_values_written_are_those_of_the_formulas(answers, tmp_path):
    content = written(answers=answers)[0].getvalue()
    kept = opened(content), opened(content, values=True)
    fresh = recalculated(opened(content), tmp_path)
    assert list(differences(kept, fresh)) == []


def type_in(made, answers, blank):
    """Types every answer into a workbook that was written blank, as a person would."""
    full = book(answers=answers)
    lists = Lists(INDEX, "es", _own_lists(full))
    contents = Written(full, lists)
    sheets = layout.sheets(INDEX, full.chosen, answers, "es", TOKEN)
    for sheet, empty in zip(sheets, blank, strict=True):
        own = made[sheet.name]
        fresh = [n for n, row in empty.numbered() if row.kind == "row"]
        for n, row in sheet.numbered():
            at = n if row.kind != "row" else fresh.pop(0) if fresh else 0
            for letter, cell in row.cells.items():
                value = contents.of(cell)
                if at and value is not None and not isinstance(cell, layout.Column):
                    own[f"{letter}{at}"] = value


@pytest.mark.libreoffice
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_blank_workbook_that_is_filled_says_what_the_program_would_say(seed, tmp_path):
    answers = fuzz.answers(INDEX, seed)
    made = opened(written(answers={})[0])
    blank = layout.sheets(INDEX, book().chosen, {}, "es", TOKEN)
    type_in(made, answers, blank)
    said = calc(recalculated(made, tmp_path))
    expected = calc(opened(written(answers=answers)[0], values=True))
    for code, line in expected.items():
        assert said[code] == line, code


@pytest.mark.libreoffice
def test_a_filled_workbook_turns_grey_marks_and_counts_at_once(tmp_path):
    made = opened(written(answers={})[0])
    a, b = made["A Visión"], made["B Gobernanza y recursos"]
    a[f"E{row_of(a, 'OPG-A2')}"] = "Sí"
    a[f"E{row_of(a, 'OPG-A4')}"] = "3 · Consolidado"
    b[f"E{row_of(b, 'OPG-B5-meetings')}"] = 4
    b[f"E{row_of(b, 'OPG-B5-minutes')}"] = 6
    b[f"E{row_of(b, 'OPG-B10')}"] = 1066
    b[f"E{row_of(b, 'OPG-B1')}"] = "algo escrito a mano"
    b[f"E{row_of(b, 'OPG-B8')}"] = 0.45
    b[f"H{row_of(b, 'OPG-B11')}"] = "Withheld"
    fresh = recalculated(made, tmp_path)
    a, b = fresh["A Visión"], fresh["B Gobernanza y recursos"]
    states = {c: b[f"G{row_of(b, c)}"].value for c in ("OPG-B1", "OPG-B5", "OPG-B10", "OPG-B11")}
    assert states == {
        "OPG-B1": "Review the value",
        "OPG-B5": "Review: see below",
        "OPG-B10": "Review the value",
        "OPG-B11": "Reason missing",
    }
    assert b[f"D{row_of(b, 'OPG-B5:end')}"].value == "Hay más actas que reuniones."
    assert a[f"G{row_of(a, 'OPG-A2')}"].value == "Evidence missing"
    assert a[f"B{row_of(a, 'OPG-A4:level3')}"].value == marks.CHOSEN
    assert a[f"B{row_of(a, 'OPG-A3')}"].value == marks.ASKED
    assert b[f"B{row_of(b, 'OPG-B9')}"].value == marks.ASKED
    assert b[f"B{row_of(b, 'OPG-B6')}"].value == marks.NOT_ASKED


@pytest.mark.libreoffice
def test_one_cell_says_that_a_whole_section_is_not_applicable(tmp_path):
    made = opened(written(answers=ANSWERS)[0])
    sheet = made["B Gobernanza y recursos"]
    sheet[f"E{row_of(sheet, 'OPG-B:section')}"] = "The whole section does not apply"
    fresh = recalculated(made, tmp_path)
    own = calc(fresh)
    assert own["OPG-B1"]["state"] == "Does not apply"
    assert own["OPG-B5-year"]["asked"] == marks.NO_SECTION
    assert fresh["B Gobernanza y recursos"]["G1"].value == "0 of 0 answered"


@pytest.mark.libreoffice
def test_a_section_whose_rows_were_moved_still_says_the_truth(tmp_path):
    made = opened(written(answers=ANSWERS)[0])
    sheet = made["B Gobernanza y recursos"]
    before = calc(opened(written(answers=ANSWERS)[0], values=True))
    first, second = row_of(sheet, "OPG-B10"), row_of(sheet, "OPG-B8")
    for column in "ABCDEFGHIJK":
        a, b = sheet[f"{column}{first}"], sheet[f"{column}{second}"]
        a.value, b.value = b.value, a.value
    assert calc(recalculated(made, tmp_path)) == before


@pytest.mark.libreoffice
def test_rows_of_a_roster_say_what_is_missing_and_what_is_wrong(tmp_path):
    made = opened(written(answers={"OPG-A2": Answer(fields={"OPG-A2": "yes"})})[0])
    sheet = made["A3 Estrategias vigentes"]
    rows = [r for r in range(1, sheet.max_row + 1) if len(str(sheet.cell(r, 1).value)) == 36]
    sheet[f"C{rows[0]}"], sheet[f"D{rows[0]}"], sheet[f"E{rows[0]}"] = "Plan", "2025", "2024-01"
    sheet[f"D{rows[1]}"] = "2024"
    sheet[f"C{rows[2]}"] = "Plan"
    fresh = recalculated(made, tmp_path)
    states = [fresh["A3 Estrategias vigentes"].cell(r, 11).value for r in rows[:4]]
    assert states == [
        "Review: Termina antes de empezar.",
        "Missing: Título",
        "Complete",
        None,
    ]
    assert calc(fresh)["OPG-A3"]["filled"] == 3
    assert calc(fresh)["OPG-A3"]["done"] == 0


@pytest.mark.libreoffice
def test_saving_by_libreoffice_keeps_every_text_and_number(tmp_path):
    content = written()[0].getvalue()
    saved = recalculated(opened(content), tmp_path)
    for sheet in opened(content):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f" and cell.value is not None:
                    assert saved[sheet.title][cell.coordinate].value == cell.value


def test_a_condition_on_a_section_left_out_keeps_its_present_value():
    a, b = EVERY_TYPE.sections
    asked = msgspec.structs.replace(b.questions[0], relevant="${OPG-A2} = 'yes'")
    instrument = msgspec.structs.replace(
        EVERY_TYPE, sections=(a, msgspec.structs.replace(b, questions=(asked,)))
    )
    target, _ = written(instrument=instrument, sections=("OPG-B",))
    own = calc(opened(target, values=True))
    assert own["OPG-A2"]["value"] == "yes"
    assert own["OPG-B1"]["asked"] == marks.ASKED
    assert "OPG-A1" not in own
