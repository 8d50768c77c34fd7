import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.core.answers import Answer, NonAnswer, Part, answers_of, parts_of
from survey.core.merge import Kind, strangers
from survey.workbooks.plan import KINDS, plan_of, with_choices
from survey.workbooks.raw import RawBook, RawCell, RawSheet, Unreadable
from survey.workbooks.read import read_answers, read_token
from tests.workbooks.filled import (
    COLOMBIA,
    DATE,
    EVERYTHING,
    INDEX,
    MONTH,
    PERCENT,
    TOKEN,
    YELLOW,
    Filled,
    values,
)
from tests.workbooks.instruments import ANSWERS, words

A, B = "OPG-A", "OPG-B"
MERGED = {kind.value for kind in Kind}


def one(filled, **more):
    """The only item of a plan."""
    items = filled.plan(**more).items
    assert len(items) == 1, items
    return items[0]


# ---- what nobody touched


def test_an_untouched_file_is_an_empty_plan():
    plan = Filled().plan()
    assert plan.items == ()
    assert plan.counts["unchanged"] > 30
    assert not any(count for kind, count in plan.counts.items() if kind != "unchanged")


def test_an_untouched_empty_file_is_an_empty_plan():
    assert Filled({}).plan().items == ()


def test_a_file_of_one_section_says_nothing_about_the_other():
    assert Filled(sections=[B]).plan().items == ()


def test_what_was_not_asked_and_written_empty_stays():
    hidden = {**EVERYTHING, "OPG-B9": False, "OPG-B9-kinds": False, "OPG-A3": False}
    assert Filled(asked=hidden).plan().items == ()


def test_the_token_is_found_and_a_foreign_file_refused():
    assert read_token(Filled().raw()) == TOKEN
    sheet = RawSheet("x", False, (RawCell(1, "A", "s", "token"), RawCell(1, "B", "s", "hello")))
    with pytest.raises(Unreadable) as refusal:
        read_token(RawBook((sheet,)))
    assert refusal.value.problems[0].code == "file_not_ours"


def test_rows_are_found_wherever_they_moved():
    filled = Filled()
    for grid in filled.grids.values():
        grid.reverse()
    filled.grids[A].insert(3, {})
    filled.grids[A].insert(9, {"D": "a remark of somebody"})
    for code in filled.names:
        filled.names[code] = f"Hoja {code[-1]}"
    rosters = {code: grid for code, grid in filled.grids.items() if code in (A, B)}
    sections_only = Filled()
    sections_only.grids.update(rosters)
    sections_only.names = filled.names
    assert sections_only.plan().items == ()


def test_rows_of_a_roster_may_be_sorted():
    answers = {
        **ANSWERS,
        "evidence": Answer(rows=tuple(reversed(ANSWERS["evidence"].rows))),
    }
    filled = Filled(answers)
    grid = filled.grids["evidence"]
    grid[5], grid[4] = grid[4], grid[5]
    assert filled.plan().items == ()


def test_columns_of_a_roster_may_change_places():
    filled = Filled()
    for row in filled.grids["OPG-A3"]:
        row["C"], row["D"] = row.get("D"), row.get("C")
    assert filled.plan().items == ()


@pytest.mark.parametrize("title", [None, "Notas de Ana"])
def test_a_column_may_be_inserted_into_a_section(title):
    filled = Filled()
    for row in filled.grids[A]:
        for letters in "LKJIHGFE":
            row[chr(ord(letters) + 1)] = row.pop(letters, None)
    filled.row(A, "OPG-A:header")["E"] = title
    filled.row(A, "OPG-A4")["E"] = "preguntar a Juan"
    plan = filled.plan()
    assert plan.items == ()
    assert ("column", "preguntar a Juan") in {(e.kind, e.text) for e in plan.extras}


def test_columns_of_a_section_may_change_places():
    filled = Filled()
    for row in filled.grids[A]:
        row["E"], row["J"] = row.get("J"), row.get("E")
    assert filled.plan().items == ()


def test_a_copied_sheet_is_listed_and_read_once():
    filled = Filled()
    raw = filled.raw()
    copy = RawSheet("A Visión (2)", False, raw.sheets[0].cells)
    reading = read_answers(RawBook((*raw.sheets, copy), raw.styles), filled.export)
    assert [(extra.kind, extra.text) for extra in reading.extras] == [("sheet", "A Visión (2)")]
    assert plan_of(reading, filled.base, filled.base, INDEX).items == ()


def test_a_sheet_that_is_gone_changes_nothing():
    filled = Filled()
    for code in ("OPG-A3", "evidence", B):
        del filled.grids[code]
    assert filled.plan().items == ()


# ---- one change


@pytest.mark.parametrize(
    ("sheet", "code", "letters", "content", "part", "there"),
    [
        pytest.param(A, "OPG-A1", "E", "Sí", "OPG-A1", "yes", id="label"),
        pytest.param(A, "OPG-A1", "E", " SI ", "OPG-A1", "yes", id="label without accent"),
        pytest.param(A, "OPG-A1", "E", "No", "OPG-A1", "no", id="same in two languages"),
        pytest.param(A, "OPG-A1", "E", "yes", "OPG-A1", "yes", id="code"),
        pytest.param(A, "OPG-A1", "E", True, "OPG-A1", "yes", id="true"),
        pytest.param(A, "OPG-A1", "E", "VERDADERO", "OPG-A1", "yes", id="true in Spanish"),
        pytest.param(A, "OPG-A4", "E", "4 · Avanzado", "OPG-A4", "4", id="level"),
        pytest.param(A, "OPG-A4", "E", "avanzado", "OPG-A4", "4", id="level by name"),
        pytest.param(A, "OPG-A4", "E", "3 - Consolidated", "OPG-A4", "3", id="other language"),
        pytest.param(A, "OPG-A4", "E", 0, "OPG-A4", "0", id="level as a number"),
        pytest.param(B, "OPG-B6-currency", "E", "USD", "OPG-B6-currency", "USD", id="currency"),
        pytest.param(B, "OPG-B1", "E", "otra", "OPG-B1", "other", id="without parenthesis"),
        pytest.param(B, "OPG-B5-meetings", "E", 1250.0, "OPG-B5-meetings", "1250", id="integer"),
        pytest.param(B, "OPG-B7", "E", 0.1 + 0.2, "OPG-B7", "0.3", id="float noise"),
        pytest.param(B, "OPG-B7", "E", "1,250.75", "OPG-B7", "1250.75", id="text number"),
        pytest.param(B, "OPG-B8", "E", (0.375, PERCENT), "OPG-B8", "37.5", id="percent"),
        pytest.param(B, "OPG-B8", "E", (37, PERCENT), "OPG-B8", "37", id="37 in a % cell"),
        pytest.param(B, "OPG-B8", "E", 37, "OPG-B8", "37", id="37 in a plain cell"),
        pytest.param(B, "OPG-B8", "E", "37 %", "OPG-B8", "37", id="percent as text"),
        pytest.param(B, "OPG-B10", "E", 2024, "OPG-B10", "2024", id="year"),
        pytest.param(B, "OPG-B10", "E", "2024", "OPG-B10", "2024", id="year as text"),
        pytest.param(B, "OPG-B9", "E", "2024-06", "OPG-B9", "2024-06", id="partial date"),
        pytest.param(B, "OPG-B9", "E", (45429, DATE), "OPG-B9", "2024-05-17", id="real date"),
        pytest.param(B, "OPG-B9", "E", (45444, MONTH), "OPG-B9", "2024-06", id="real month"),
        pytest.param(B, "OPG-B9", "E", "17/05/2024", "OPG-B9", "2024-05-17", id="day first"),
        pytest.param(B, "OPG-B9", "E", "17 de mayo de 2024", "OPG-B9", "2024-05-17", id="words"),
        pytest.param(B, "OPG-B9", "E", 2019, "OPG-B9", "2019", id="year of a date"),
        pytest.param(B, "OPG-B11", "E", 12.5, "OPG-B11", words("12.5"), id="number in a text"),
        pytest.param(B, "OPG-B11", "E", "-x=1", "OPG-B11", words("-x=1"), id="sign first"),
        pytest.param(B, "OPG-B11", "E", "=A1", "OPG-B11", words("=A1"), id="like a formula"),
        pytest.param(
            A, "OPG-E5:text", "D", "uno\r\ndos ", "OPG-E5", words("uno\ndos"), id="paragraphs"
        ),
        pytest.param(A, "OPG-A1", "J", "Nota", "remark", words("Nota"), id="remark"),
        pytest.param(A, "OPG-A6:central", "E", "X", "OPG-A6", ["central", "local", "other"],
                     id="mark"),
        pytest.param(A, "OPG-A6:central", "E", "✓", "OPG-A6", ["central", "local", "other"],
                     id="any mark"),
    ],
)  # fmt: skip
def test_one_cell_is_one_change(sheet, code, letters, content, part, there):
    item = one(Filled().put(sheet, code, letters, content))
    assert (item.kind, item.part, item.there) == (item.kind, part, there)
    assert item.kind in ("new", "changed")
    assert item.cell.startswith(letters)


def test_a_date_of_the_1904_calendar_is_the_same_day():
    filled = Filled().put(B, "OPG-B9", "E", (45429 - 1462, DATE))
    assert one(filled, is_1904=True).there == "2024-05-17"


def test_numbers_are_read_as_the_country_writes_them():
    assert one(Filled(locale=COLOMBIA).put(B, "OPG-B7", "E", "1.250,75")).there == "1250.75"
    assert one(Filled(locale=COLOMBIA).put(B, "OPG-B7", "E", "2,5")).there == "2.5"


# ---- what is asked, never guessed


@pytest.mark.parametrize(
    ("locale", "code", "content", "options"),
    [
        pytest.param(COLOMBIA, "OPG-B7", "1.234", ("1234", "1.234"), id="point in Colombia"),
        pytest.param(None, "OPG-B7", "1,234", ("1234", "1.234"), id="comma in Honduras"),
        pytest.param(None, "OPG-B8", 0.55, ("55", "0.55"), id="share in a plain cell"),
        pytest.param(None, "OPG-B8", "0.45", ("45", "0.45"), id="share as text"),
        pytest.param(None, "OPG-B7", (0.45, PERCENT), ("45", "0.45"), id="% cell, no percentage"),
        pytest.param(None, "OPG-B9", "05/06/2024", ("2024-06-05", "2024-05-06"), id="day or month"),
        pytest.param(None, "OPG-B9", "17/05/24", ("2024-05-17",), id="year of two digits"),
        pytest.param(None, "OPG-B9", 20240517, ("2024-05-17",), id="date without signs"),
        pytest.param(None, "OPG-B10", (45429, DATE), ("2024",), id="date for a year"),
        pytest.param(None, "OPG-B1", "No se aplica", ({"state": "not_applicable"},), id="words"),
    ],
)
def test_what_may_mean_two_things_is_asked(locale, code, content, options):
    filled = Filled(locale=locale) if locale else Filled()
    item = one(filled.put(B, code, "E", content))
    assert (item.kind, item.part, item.options) == ("ambiguous", code, options)


@pytest.mark.parametrize(
    ("code", "content", "problem"),
    [
        pytest.param("OPG-B1", "Perhaps", "cell_no_choice", id="no choice"),
        pytest.param("OPG-B7", "many", "cell_no_number", id="no number"),
        pytest.param("OPG-B7", "-3", "below_minimum", id="too low"),
        pytest.param("OPG-B5-meetings", 2.5, "not_an_integer", id="no integer"),
        pytest.param("OPG-B7", 12345678901234567890, "too_many_digits", id="too many digits"),
        pytest.param("OPG-B7", (45429, DATE), "cell_is_a_date", id="date for a number"),
        pytest.param("OPG-B7", True, "cell_no_number", id="truth for a number"),
        pytest.param("OPG-B9", "31/02/2024", "cell_no_date", id="no date"),
        pytest.param("OPG-B9", "soon", "cell_no_date", id="words for a date"),
        pytest.param("OPG-B11", "a" * 251, "too_long", id="too long"),
        pytest.param("OPG-B11", "a\x07b", "bad_character", id="control character"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_cell(code, content, problem):
    item = one(Filled().put(B, code, "E", content))
    assert (item.kind, item.part, item.problem.code) == ("unreadable", code, problem)
    assert item.problem.where == code
    assert len(item.text) <= 80
    assert (item.sheet, item.cell[0]) == ("B Gobernanza y recursos", "E")


def test_a_long_text_over_4000_characters_is_refused_with_its_length():
    item = one(Filled().put(A, "OPG-E5:text", "D", "a" * 4_001))
    assert item.problem.code == "too_long"
    assert item.problem.params["length"] == 4_001


def test_a_unit_typed_with_a_number_is_offered_without_it():
    item = one(Filled().put(B, "OPG-B7", "E", "L 1,250.50"))
    assert (item.kind, item.options) == ("unreadable", ("1250.5",))


def test_a_doubt_is_settled_by_a_choice():
    filled = Filled().put(B, "OPG-B9", "E", "05/06/2024")
    reading = with_choices(filled.read(), {Part("OPG-B9", "", "OPG-B9"): "2024-06-05"})
    (item,) = plan_of(reading, filled.base, filled.base, INDEX).items
    assert (item.kind, item.there) == ("changed", "2024-06-05")


def test_an_error_of_excel_is_no_answer():
    filled = Filled()
    raw = filled.raw()
    number = next(n for n, row in enumerate(filled.grids[B], 1) if row["A"] == "OPG-B7")
    sheets = [
        RawSheet(s.name, s.hidden, tuple(
            RawCell(c.row, c.column, "e", "#N/A", 0, True)
            if s.name == filled.names[B] and (c.row, c.column) == (number, "E") else c
            for c in s.cells))
        for s in raw.sheets
    ]  # fmt: skip
    reading = read_answers(RawBook(tuple(sheets), raw.styles), filled.export)
    assert [p.problem.code for p in reading.problems] == ["cell_error"]
    assert [extra.kind for extra in reading.extras] == ["formula"]


# ---- blanks, non-answers


def test_a_filled_cell_that_came_back_blank_is_emptied():
    item = one(Filled().put(A, "OPG-A4", "E", None))
    assert (item.kind, item.base, item.here, item.there) == ("emptied", "2", "2", None)


def test_blanks_only_are_a_blank():
    assert one(Filled().put(A, "OPG-A4", "E", "   ")).kind == "emptied"


def test_a_multiple_choice_without_any_mark_is_emptied():
    filled = Filled().put(A, "OPG-A6:local", "E", None).put(A, "OPG-A6:other", "E", None)
    assert filled.kinds() == {("OPG-A6", "", "OPG-A6"): "emptied"}


def test_an_option_whose_row_is_gone_stays_as_it_was():
    filled = Filled()
    filled.grids[A] = [row for row in filled.grids[A] if row["A"] != "OPG-A6:local"]
    assert filled.plan().items == ()


def test_a_mark_that_says_no_is_asked():
    item = one(Filled().put(A, "OPG-A6:central", "E", "No"))
    assert item.options == (["local", "other"], ["central", "local", "other"])


def test_none_of_these_beside_another_is_asked():
    item = one(Filled().put(A, "OPG-A6:none", "E", "x"))
    assert (item.kind, item.problem.code) == ("ambiguous", "cell_exclusive_choice")
    assert item.options == (["local", "other"], ["none"])


def test_a_non_answer_takes_the_place_of_a_value():
    filled = Filled().put(A, "OPG-A4", "E", None).put(A, "OPG-A4", "H", "sin informacion")
    item = one(filled)
    assert (item.kind, item.part, item.there) == ("changed", "OPG-A4", {"state": "not_available"})


def test_a_value_and_a_non_answer_are_two_answers():
    item = one(Filled().put(A, "OPG-A4", "H", "Reservada"))
    assert (item.kind, item.problem.code) == ("ambiguous", "cell_two_answers")
    assert item.options == ({"state": "withheld"}, "2")


def test_a_non_answer_to_several_numbers_asks_too():
    item = one(Filled().put(B, "OPG-B5", "H", "Reservada"))
    assert (item.part, item.options) == ("OPG-B5", ({"state": "withheld"}, None))


def test_a_non_answer_taken_back_is_emptied_and_one_replaced_is_changed():
    assert Filled().put(B, "OPG-B6", "H", None).kinds() == {("OPG-B6", "", "OPG-B6"): "emptied"}
    filled = Filled().put(B, "OPG-B6", "H", None).put(B, "OPG-B6", "E", 12)
    assert one(filled).there == "12"


def test_an_unknown_non_answer_is_unreadable():
    assert one(Filled().put(A, "OPG-A4", "H", "quizás")).problem.code == "cell_no_non_answer"


def test_a_section_that_does_not_apply_answers_what_has_no_answer():
    filled = Filled({"OPG-B7": ANSWERS["OPG-B7"]})
    filled.put(B, "OPG-B:section", "E", "Toda la sección no se aplica")
    filled.put(B, "OPG-B:section", "I", "No hay ley")
    found = values(filled.plan())
    codes = [q.code for q in INDEX.sections[B].questions if q.code != "OPG-B7"]
    assert {part[0] for part in found} == set(codes)
    assert found["OPG-B1", "", "OPG-B1"] == {"state": "not_applicable"}
    assert found["OPG-B1", "", "reason"] == words("No hay ley")


# ---- rows


def test_a_new_row_gets_an_id_that_is_always_the_same():
    filled = Filled()
    blank = filled.grids["OPG-A3"][6]
    blank["C"] = "Plan nuevo"
    filled.grids["OPG-A3"].append({"C": "Sin identificador", "E": "2026"})
    first, again = values(filled.plan()), values(filled.plan())
    assert first == again
    titles = {part[1]: v for part, v in first.items() if part[2] == "OPG-A3-title"}
    assert sorted(v["text"] for v in titles.values()) == ["Plan nuevo", "Sin identificador"]
    assert blank["A"] in titles
    positions = sorted(v for part, v in first.items() if part[2] == "@row")
    assert positions == [2, 3]


def test_a_copied_row_is_a_new_row():
    filled = Filled()
    (row,) = [r for r in filled.grids["OPG-A3"] if r["A"] == "row-1"]
    filled.grids["OPG-A3"].append(dict(row))
    kinds = filled.kinds()
    assert set(kinds.values()) == {"new"}
    assert "row-1" not in {part[1] for part in kinds}


def test_a_missing_row_is_proposed_for_removal():
    filled = Filled()
    filled.grids["OPG-A3"] = [r for r in filled.grids["OPG-A3"] if r["A"] != "row-1"]
    assert filled.kinds() == {("OPG-A3", "row-1", "@row"): "row_removed"}


def test_an_emptied_row_is_proposed_for_removal():
    filled = Filled()
    (row,) = [r for r in filled.grids["OPG-A3"] if r["A"] == "row-1"]
    for letters in list(row):
        row[letters] = row[letters] if letters == "A" else None
    assert filled.kinds() == {("OPG-A3", "row-1", "@row"): "row_removed"}


def test_one_cell_of_a_row_is_one_change():
    filled = Filled().put("OPG-A3", "row-1", "E", "2027")
    item = one(filled)
    assert (item.row, item.part, item.there) == ("row-1", "OPG-A3-end", "2027")


def test_the_example_is_never_read():
    filled = Filled()
    filled.row("OPG-A3", "example")["C"] = "Plan de Estado Abierto"
    assert filled.plan().items == ()


def test_a_row_with_an_invented_id_is_not_read():
    filled = Filled()
    filled.grids["OPG-A3"].append({"A": "0000-of-another-country", "C": "Plan"})
    item = one(filled)
    assert (item.kind, item.problem.code) == ("not_yours", "not_yours")


def test_a_line_of_a_table_is_there_with_its_first_cell():
    filled = Filled().put(A, "OPG-A5:lobbying", "E", "No")
    assert values(filled.plan()) == {
        ("OPG-A5", "lobbying", "@row"): 3,
        ("OPG-A5", "lobbying", "OPG-A5-force"): "no",
    }


# ---- documents


@pytest.mark.parametrize(
    ("content", "documents"),
    [
        ("1, 3", ["doc-a", "doc-b"]),
        ("3;1", ["doc-a", "doc-b"]),
        ("1 y 3", ["doc-a", "doc-b"]),
        ("N.º 1", ["doc-a"]),
        (1, ["doc-a"]),
    ],
)
def test_documents_are_cited_by_number(content, documents):
    filled = Filled().put(A, "OPG-A4", "K", content)
    found = sorted(part[2] for part in values(filled.plan()))
    assert found == [f"evidence:{row}" for row in documents]


def test_a_number_no_document_has_is_unreadable():
    item = one(Filled().put(A, "OPG-A4", "K", "1, 9"))
    assert (item.kind, item.problem.code) == ("unreadable", "cell_unknown_document")
    assert item.problem.params["number"] == 9


def test_a_citation_taken_out_is_emptied():
    filled = Filled().put(A, "OPG-A6", "K", "1")
    assert filled.kinds() == {("OPG-A6", "", "evidence:doc-b"): "emptied"}


def test_a_new_document_can_be_cited_at_once():
    filled = Filled()
    blank = filled.grids["evidence"][6]
    blank.update({"B": 4, "C": "Ley nueva"})
    filled.put(A, "OPG-A4", "K", "4")
    assert values(filled.plan())["OPG-A4", "", f"evidence:{blank['A']}"] is True


# ---- what is not where it belongs


def test_a_row_with_the_text_of_another_question_is_not_read():
    filled = Filled()
    a1, a2 = filled.row(A, "OPG-A1"), filled.row(A, "OPG-A2")
    a1["A"], a2["A"] = a2["A"], a1["A"]
    kinds = filled.kinds()
    assert set(kinds.values()) == {"row_mismatch"}
    assert ("OPG-A1", "", "OPG-A1") in kinds


def test_an_edited_question_text_is_no_mismatch():
    assert Filled().put(A, "OPG-A1", "D", "¿Adoptó una definición?").plan().items == ()


def test_answers_to_a_section_that_was_not_in_the_file_are_not_yours():
    filled = Filled(sections=[B])
    filled.grids[B].append({"A": "OPG-A4", "D": "x", "E": "4"})
    item = one(filled)
    assert (item.kind, item.code) == ("not_yours", "OPG-A4")


def test_what_people_added_is_listed():
    filled = Filled().put(A, "OPG-A1", "M", "ver con Juan").put(A, "OPG-A4", "E", (2, YELLOW))
    filled.notes[A] = {"E5": "¿seguro?"}
    assert {(e.kind, e.text) for e in filled.plan().extras} == {
        ("column", "ver con Juan"),
        ("colour", "2"),
        ("note", "¿seguro?"),
    }
    assert filled.plan().items == ()


# ---- both sides


def test_both_sides_changed_is_a_conflict_and_the_same_change_is_none():
    here = {**ANSWERS, "OPG-A4": Answer(fields={"OPG-A4": "3"})}
    filled = Filled().put(A, "OPG-A4", "E", "4")
    assert filled.kinds(here) == {("OPG-A4", "", "OPG-A4"): "conflict"}
    assert Filled().put(A, "OPG-A4", "E", "3").plan(here).items == ()


def test_an_answer_given_here_since_is_kept_where_the_file_is_blank():
    here = {**ANSWERS, "OPG-B11": Answer(fields={"OPG-B11": words("aquí")})}
    assert Filled().plan(here).items == ()


def test_a_withheld_answer_keeps_its_hidden_values():
    answers = {"OPG-B6": Answer(fields={"OPG-B6-currency": "HNL"}, non_answer=NonAnswer.WITHHELD)}
    assert Filled(answers).plan().items == ()


# ---- anything at all


CONTENTS = st.one_of(
    st.text(max_size=20),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
    st.tuples(st.floats(-1e9, 1e9), st.sampled_from([PERCENT, DATE, MONTH, YELLOW])),
    st.sampled_from(["Sí", "no", "1, 3", "Reservada", "x", "2024-05", "OPG-A1", "row-1"]),
)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_is_typed_the_plan_says_only_what_the_file_says(data):
    filled = Filled()
    for _ in range(data.draw(st.integers(1, 5))):
        sheet = data.draw(st.sampled_from(sorted(filled.grids)))
        row = data.draw(st.sampled_from(filled.grids[sheet]))
        row[data.draw(st.sampled_from("ADEFHIJKC"))] = data.draw(CONTENTS)
    plan = filled.plan()
    assert set(plan.counts) == set(KINDS)
    for item in plan.items:
        assert item.kind in KINDS
        assert item.kind != "unchanged"
        assert item.here == filled.base.get(item.key) or item.kind == "not_in_version"
        assert (item.problem is None) == (item.kind in MERGED)
    taken = answers_of(plan.merged.parts)
    assert parts_of(taken) == plan.merged.parts
    assert not strangers(INDEX, plan.merged.parts)
