import pytest

from survey.workbooks.child import read_apart
from survey.workbooks.marks import mark_problems
from survey.workbooks.raw import Unreadable
from tests.workbooks import hostile
from tests.workbooks.roundtrip import opened_by_openpyxl, plan_of_file, retyped, written_file


def words(problem):
    return f"«{problem.code}»"


def test_each_problem_comes_back_as_a_note_on_its_cell():
    content = retyped(written_file(), {"OPG-B7": "muchos", "OPG-B9": "05/06/2024"})
    plan = plan_of_file(content)
    marked = mark_problems(content, plan, words)
    book = opened_by_openpyxl(marked)
    notes = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    assert notes == {
        (item.sheet, item.cell): f"[Ronda]\n«{item.problem.code}»" for item in plan.items
    }
    assert len(notes) == 2


def test_a_marked_file_says_the_same_and_its_notes_are_nobodys():
    content = retyped(written_file(), {"OPG-B7": "muchos"})
    plan = plan_of_file(content)
    again = plan_of_file(mark_problems(content, plan, words))
    assert again.items == plan.items
    assert again.extras == ()


def test_a_note_of_somebody_keeps_its_words():
    content = retyped(written_file(), {"OPG-B7": "muchos"}, notes={"OPG-B7": "¿o menos?"})
    plan = plan_of_file(content)
    marked = mark_problems(content, plan, words)
    (note,) = [n for s in read_apart(marked).sheets for n in s.notes.values()]
    assert note == "¿o menos?\n\n[Ronda]\n«cell_no_number»"
    assert [extra.text for extra in plan_of_file(marked).extras] == ["¿o menos?"]


def test_a_hostile_file_is_not_marked():
    with pytest.raises(Unreadable) as refusal:
        mark_problems(hostile.REFUSED["macros"][1](), plan_of_file(written_file()), words)
    assert refusal.value.problems[0].code == "file_macros"
