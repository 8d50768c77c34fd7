import string

import msgspec
import pytest

from survey.core.answers import Answer, Part, Row
from survey.core.instrument import Index
from survey.workbooks import layout, names
from survey.workbooks.layout import CitesOf, Column, Mark, NonAnswerOf
from tests.workbooks.instruments import ANSWERS, EVERY_TYPE, choice

INDEX = Index(EVERY_TYPE)
ALL = ("OPG-A", "OPG-B")


def sheets(sections=ALL, answers=ANSWERS, **more):
    return layout.sheets(INDEX, sections, answers, **more)


def rows(code, **more):
    (sheet,) = [s for s in sheets(**more) if s.code == code]
    return {row.code: row for row in sheet.rows}


def test_rosters_stand_behind_their_section_and_the_documents_last():
    assert [(s.kind, s.code) for s in sheets()] == [
        ("section", "OPG-A"),
        ("roster", "OPG-A3"),
        ("roster", "OPG-A8"),
        ("section", "OPG-B"),
        ("evidence", "evidence"),
    ]


def test_a_workbook_for_some_sections_has_only_those():
    assert [s.code for s in sheets(("OPG-B",))] == ["OPG-B", "evidence"]


def test_every_code_is_unique_in_its_sheet_whatever_a_choice_is_called():
    for sheet in sheets():
        codes = [row.code for row in sheet.rows]
        assert len(codes) == len(set(codes)), sheet.code
    assert rows("OPG-A")["OPG-A5:help"].kind == "line"
    assert rows("OPG-A")["OPG-A5::help"].kind == "help"


def test_every_part_of_every_field_has_exactly_one_cell_or_one_mark_a_choice():
    found = [c for s in sheets() for r in s.rows for c in r.cells.values() if isinstance(c, Part)]
    assert len(found) == len(set(found))
    single = {part.part for part in found}
    marked = {
        (c.part.part, c.choice)
        for s in sheets()
        for r in s.rows
        for c in r.cells.values()
        if isinstance(c, Mark)
    }
    for field in INDEX.fields.values():
        if field.type == "calculation":
            assert field.code not in single
        elif field.type == "select_multiple":
            assert {(field.code, c.code) for c in INDEX.choices(field)} <= marked
        else:
            assert field.code in single, field.code


def test_a_question_has_its_answer_non_answer_reason_remark_and_cites_on_its_row():
    assert rows("OPG-A")["OPG-A1"].cells == {
        "E": Part("OPG-A1", "", "OPG-A1"),
        "H": NonAnswerOf("OPG-A1"),
        "I": Part("OPG-A1", "", "reason"),
        "J": Part("OPG-A1", "", "remark"),
        "K": CitesOf("OPG-A1"),
    }


def test_a_long_text_is_one_cell_over_many_short_rows():
    box = [r for r in rows("OPG-A").values() if r.kind == "box"]
    assert len(box) == layout.BOX_ROWS
    assert [r.cells for r in box if r.cells] == [{"D": Part("OPG-E5", "", "OPG-E5")}]
    assert box[0].code == "OPG-E5:text"


def test_a_multiple_choice_of_a_roster_takes_a_column_a_choice():
    columns = rows("OPG-A3")["OPG-A3:columns"].cells
    assert columns["F"] == Column("OPG-A3-scope", "central")
    assert columns["F"].text == "OPG-A3-scope:central"
    assert columns["J"] == Column("OPG-A3-cost")
    assert rows("OPG-A3")["row-1"].cells["G"] == Mark(
        Part("OPG-A3", "row-1", "OPG-A3-scope"), "local"
    )


def test_an_open_roster_has_its_rows_and_thirty_blank_ones_with_ids_of_this_export():
    first, second = (
        {c: r for c, r in rows("OPG-A3", token=t).items() if r.kind == "row"} for t in ("a", "b")
    )
    assert len(first) == 31
    assert set(first) & set(second) == {"row-1"}
    assert first == {c: r for c, r in rows("OPG-A3", token="a").items() if r.kind == "row"}


def test_an_open_roster_never_has_more_rows_than_it_takes():
    roster = msgspec.structs.replace(INDEX.questions["OPG-A3"].roster, most=4)
    a, b = EVERY_TYPE.sections
    a3 = msgspec.structs.replace(a.questions[2], roster=roster)
    changed = msgspec.structs.replace(
        EVERY_TYPE, sections=(msgspec.structs.replace(a, questions=(a3,)), b)
    )
    sheet = layout.sheets(Index(changed), ALL, ANSWERS)[1]
    assert sum(r.kind == "row" for r in sheet.rows) == 4


def test_a_fixed_roster_that_is_too_wide_has_its_rows_on_its_own_sheet():
    wide = rows("OPG-A8")
    assert [c for c, r in wide.items() if r.kind == "row"] == ["information", "help", "lobbying"]
    assert wide["help"].cells["J"] == Part("OPG-A8", "help", "OPG-A8-c8")


def document(row, number, position):
    return Row(id=row, position=position, fields={"evidence-number": number} if number else {})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["1", "3"], [1, 3]),
        (["", "1"], [2, 1]),
        (["2", "2", ""], [2, 1, 3]),
        (["x", "0"], [1, 2]),
    ],
)
def test_a_document_keeps_its_number_and_takes_a_free_one_without(given, expected):
    listed = tuple(document(f"d{i}", n, i) for i, n in enumerate(given, 1))
    numbers = layout.evidence_numbers({"evidence": Answer(rows=listed)})
    assert list(numbers.values()) == expected


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("A Visión, estrategia y base jurídica", "A Visión"),
        ("A Visión", "A Visión"),
        ("B Gobernanza y recursos del Estado abierto", "B Gobernanza y recursos del"),
        ("A/B: [x]*?'", "A B x"),
        ("'", "Sheet"),
        ("z" * 40, "z" * 31),
    ],
)
def test_the_name_of_a_sheet_is_one_excel_takes(wish, name):
    assert names.sheet_name(wish) == name


def test_two_sheets_with_the_same_title_have_two_names():
    a, b = EVERY_TYPE.sections
    twins = msgspec.structs.replace(
        EVERY_TYPE,
        sections=tuple(
            msgspec.structs.replace(s, code=f"{s.code}-X", title={"en": "history" + "y" * 40})
            for s in (a, b)
        ),
    )
    found = layout.sheets(Index(twins), [s.code for s in twins.sections], {})
    names = [s.name.casefold() for s in found]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 31 for name in names)


def test_a_level_shows_its_digit():
    field = INDEX.fields["OPG-A4"]
    level = INDEX.choices(field)[2]
    assert layout.choice_text(field, level, "es") == "2 · En desarrollo"
    assert layout.choice_text(INDEX.fields["OPG-A2"], choice("yes", "Yes", "Sí"), "es") == "Sí"


def test_columns_are_lettered_as_in_excel():
    letters = [layout.column_letter(i) for i in range(26)]
    assert letters == list(string.ascii_uppercase)
    assert [layout.column_letter(i) for i in (26, 51, 52, 701, 702)] == [
        "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip
