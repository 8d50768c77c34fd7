"""What stands in a written workbook."""

import gettext
import io
import zipfile
from datetime import date

import msgspec
import pytest

from survey.core.answers import Answer
from survey.core.instrument import Index
from survey.workbooks import layout
from survey.workbooks.page import NotWritten
from survey.workbooks.styles import MOST_POINTS
from tests.workbooks.books import TOKEN, book, written
from tests.workbooks.instruments import ANSWERS, EVERY_TYPE, words
from tests.workbooks.opened import opened, row_of

INDEX = Index(EVERY_TYPE)
SECTION_A, SECTION_B = "A Visión", "B Gobernanza y recursos"


@pytest.fixture(scope="module")
def content():
    return written()[0].getvalue()


@pytest.fixture(scope="module")
def full(content):
    return opened(content)


def at(book_, sheet, code, column="E"):
    return book_[sheet][f"{column}{row_of(book_[sheet], code)}"]


def test_sheets_stand_in_order_and_the_inner_ones_are_hidden(full):
    shown = [s.title for s in full if s.sheet_state == "visible"]
    assert shown == [
        "Start",
        SECTION_A,
        "A3 Estrategias vigentes",
        "A8 Una tabla ancha",
        SECTION_B,
        "Evidencia",
    ]
    assert [s.title for s in full if s.sheet_state != "visible"] == ["calc", "lists", "ronda"]


def test_the_file_says_which_export_and_version_it_is(full):
    assert dict(full["ronda"].iter_rows(values_only=True)) == {
        "format": "1",
        "version_sha256": "5f0c" * 16,
        "token": TOKEN,
        "language": "es",
    }


def test_every_row_carries_the_code_of_the_layout(full):
    made = book()
    for sheet in layout.sheets(INDEX, made.chosen, ANSWERS, "es", TOKEN):
        own = full[sheet.name]
        assert [own.cell(n, 1).value for n, _ in sheet.numbered()] == [r.code for r in sheet.rows]
        assert own.max_row == len(sheet.rows)
        assert own.column_dimensions["A"].hidden


def test_answers_are_written_as_people_see_them(full):
    assert at(full, SECTION_A, "OPG-A1").value == "En proceso"
    assert at(full, SECTION_A, "OPG-A4").value == "2 · En desarrollo"
    assert at(full, SECTION_A, "OPG-A6:local").value == "x"
    assert at(full, SECTION_A, "OPG-A6:central").value is None
    assert at(full, SECTION_A, "OPG-A5:information", "H").value == 0.125
    assert at(full, SECTION_A, "OPG-E5:text", "D").value.startswith("Primera línea.\nSegunda")
    assert at(full, SECTION_B, "OPG-B6", "H").value == "Withheld"
    assert at(full, SECTION_B, "OPG-B6", "I").value == "Reserva por ley"
    assert at(full, SECTION_A, "OPG-A6", "K").value == "1, 3"


def test_a_percentage_is_a_percent_cell_and_a_date_a_text(full):
    percent, moment = at(full, SECTION_B, "OPG-B8"), at(full, SECTION_B, "OPG-B9")
    assert (percent.value, percent.number_format[-1]) == (0.45, "%")
    assert (moment.value, moment.number_format) == ("2024-05", "@")


@pytest.mark.parametrize("text", ["=1+1", "-5", "+x", "@SUM(A1)", "\uff1d1", "=cmd|' /C calc'!A0"])
def test_a_text_stays_a_text_whatever_it_begins_with(text):
    answers = {"OPG-B11": Answer(fields={"OPG-B11": words(text)}, remark=words(text))}
    made = opened(written(answers=answers)[0])
    for column in "EJ":
        cell = at(made, SECTION_B, "OPG-B11", column)
        assert (cell.data_type, cell.value) == ("s", text)


def test_only_the_programs_own_columns_hold_formulas(full):
    for sheet in full:
        if sheet.title in ("Start", "calc"):
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert cell.protection.locked, (sheet.title, cell.coordinate)


def test_what_is_not_asked_is_written_empty():
    answers = {
        "OPG-A2": Answer(fields={"OPG-A2": "no"}),
        "OPG-A3": ANSWERS["OPG-A3"],
        "OPG-A1": Answer(fields={"OPG-A1": "no", "OPG-A1-stage": "drafting"}, remark=words("r")),
        "OPG-B6": Answer(fields={"OPG-B6": "5"}, remark=words("inactive")),
    }
    made = opened(written(answers=answers)[0])
    assert at(made, SECTION_A, "OPG-A1-stage").value is None
    assert at(made, SECTION_A, "OPG-A1", "J").value == "r"
    assert at(made, SECTION_B, "OPG-B6").value is None
    assert at(made, SECTION_B, "OPG-B6", "J").value is None
    assert at(made, "A3 Estrategias vigentes", "row-1", "C").value is None


def test_the_section_cells_are_written_empty(full):
    row = row_of(full[SECTION_A], "OPG-A:section")
    assert full[SECTION_A][f"E{row}"].value is None
    assert full[SECTION_A][f"I{row}"].value is None


def test_documents_keep_their_numbers_and_blank_rows_count_on(full):
    sheet = full["Evidencia"]
    first = row_of(sheet, "doc-a")
    assert [sheet[f"B{first + i}"].value for i in range(4)] == [1, 3, 4, 5]
    assert sheet[f"C{first + 1}"].value == "Ley de Transparencia"


def test_the_codes_of_a_rosters_columns_stand_in_a_hidden_row(full):
    sheet = full["A3 Estrategias vigentes"]
    row = row_of(sheet, "OPG-A3:columns")
    assert sheet.row_dimensions[row].hidden
    assert [sheet.cell(row, c).value for c in range(3, 7)] == [
        "OPG-A3-title",
        "OPG-A3-start",
        "OPG-A3-end",
        "OPG-A3-scope:central",
    ]
    assert sheet[f"C{row_of(sheet, layout.EXAMPLE)}"].value == "Plan de Estado Abierto"


def test_sections_are_protected_without_a_password_and_rosters_are_not(full):
    for name in ("Start", SECTION_A, SECTION_B):
        protection = full[name].protection
        assert protection.sheet
        assert not protection.password
        assert not protection.formatRows
        assert not protection.autoFilter
        assert not protection.objects
    assert not full["A3 Estrategias vigentes"].protection.sheet
    assert not full["Evidencia"].protection.sheet


def test_every_cell_to_fill_is_unlocked_and_nothing_else_in_a_section(full):
    made = book()
    for sheet in layout.sheets(INDEX, made.chosen, ANSWERS, "es", TOKEN):
        if sheet.kind != "section":
            continue
        unlocked = {
            cell.coordinate
            for row in full[sheet.name].iter_rows()
            for cell in row
            if not cell.protection.locked and type(cell).__name__ != "MergedCell"
        }
        assert unlocked == {f"{at}{n}" for n, row in sheet.numbered() for at in row.cells}


def test_rows_where_people_type_may_grow(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = file.read("xl/worksheets/sheet2.xml").decode()
    n = row_of(opened(content)[SECTION_A], "OPG-A1")
    rows = {int(r.split('"')[1]): r.split(">")[0] for r in sheet.split("<row ")[1:]}
    assert 'ht="' in rows[n]
    assert "customHeight" not in rows[n]
    assert "customHeight" in rows[n + 1]


def test_pages_break_only_between_questions(full):
    for name in (SECTION_A, SECTION_B):
        sheet = full[name]
        stems = {row_of(sheet, q.code) for q in INDEX.questions.values() if _has(sheet, q.code)}
        assert {b.id + 1 for b in sheet.row_breaks.brk} <= stems
        assert sheet.row_breaks.brk
        assert sheet.print_title_rows == "$1:$2"
        assert not sheet.page_setup.fitToHeight or not sheet.sheet_properties.pageSetUpPr


def _has(sheet, code):
    return any(sheet.cell(r, 1).value == code for r in range(1, sheet.max_row + 1))


def test_no_row_is_higher_than_a_third_of_a_laptop_screen(full):
    for sheet in full:
        assert all(d.height <= 192 for d in sheet.row_dimensions.values() if d.height)


def test_a_workbook_for_one_section_has_only_its_codes(full):
    target, cells = written(sections=("OPG-B",))
    made = opened(target)
    assert [s.code for s in cells.sheets] == ["OPG-B", "evidence"]
    codes = [str(c.value) for s in made for row in s.iter_rows() for c in row if c.value]
    assert not [c for c in codes if "Estrategias vigentes" in c]


def test_the_result_says_where_everything_stands():
    _, cells = written()
    a = next(s for s in cells.sheets if s.code == "OPG-A")
    assert a.rows.index("OPG-A1") + 1 == row_of(opened(written()[0])[SECTION_A], "OPG-A1")
    assert a.columns["OPG-A5"] == {
        "E": "OPG-A5-force",
        "F": "OPG-A5-year",
        "H": "OPG-A5-share",
    }
    assert msgspec.json.decode(msgspec.json.encode(cells), type=type(cells)) == cells


def test_the_same_book_gives_the_same_sheets_twice(content):
    other = written()[0].getvalue()
    with zipfile.ZipFile(io.BytesIO(content)) as a, zipfile.ZipFile(io.BytesIO(other)) as b:
        for name in a.namelist():
            if name.startswith(("xl/worksheets", "xl/shared", "xl/styles")):
                assert a.read(name) == b.read(name), name


class Shouting(gettext.NullTranslations):
    """A language where every word of the program is longer and in brackets."""

    def gettext(self, message):
        return f"[{message} — {message}]"


def test_every_word_of_the_program_comes_from_its_catalogue(content):
    made = opened(written(words=Shouting())[0], values=True)
    kept = _texts(made) & _texts(opened(content, values=True))
    foreign = {t for t in kept if not any(own in t for own in OWN_WORDS)}
    people = {"Ana Mejía, Secretaría de Transparencia"}
    assert {t for t in foreign if len(t) > 4 and "→" not in t} == people
    assert at(made, SECTION_A, "OPG-A2", "G").value == "[Answered — Answered]"
    assert at(made, SECTION_B, "OPG-B6", "H").value == "[Withheld — Withheld]"


OWN_WORDS = [
    *(t["es"] for q in INDEX.answerable.values() for t in (q.stem, q.title, q.help) if t),
    *(t["es"] for f in INDEX.fields.values() for t in (f.label, f.unit) if t),
    *(t["es"] for c in EVERY_TYPE.lists.values() for e in c for t in (e.label, e.text) if t),
    *(t["es"] for s in EVERY_TYPE.sections for t in (s.title, s.who, s.introduction) if t),
    *("acto que la aprueba", "La estrategia", "OPG-", "row-", "doc-", "evidence"),
    *("ejemplo.hn", "Plan de Estado", "Plan de acción", "Ley de", "Reserva por", "example.org"),
    *("Gobierno abierto · Honduras", "2006", "2024", "2026", "2027", "@todos", "Segunda", "=1+1"),
]


def _texts(book_):
    shown = (s for s in book_ if s.sheet_state == "visible")
    cells = (c for s in shown for row in s.iter_rows(min_col=2) for c in row)
    return {c.value for c in cells if isinstance(c.value, str)}


def test_an_arabic_workbook_runs_from_right_to_left():
    made = opened(written(language="ar")[0])
    assert all(s.sheet_view.rightToLeft for s in made if s.sheet_state == "visible")
    assert not opened(written(language="fr")[0])["Start"].sheet_view.rightToLeft


def test_a_text_beyond_what_a_cell_holds_is_refused_not_cut():
    too_long = Answer(fields={"OPG-E5": words("x" * 32_768)})
    with pytest.raises(NotWritten):
        written(answers={"OPG-E5": too_long})


def test_a_row_is_never_higher_than_excel_allows():
    a, b = EVERY_TYPE.sections
    wordy = msgspec.structs.replace(a.questions[0], stem={"en": "word " * 2_000})
    section = msgspec.structs.replace(a, questions=(wordy,))
    made = written(instrument=msgspec.structs.replace(EVERY_TYPE, sections=(section, b)))
    heights = [d.height for s in opened(made[0]) for d in s.row_dimensions.values() if d.height]
    assert max(heights) <= MOST_POINTS


def test_dates_on_the_first_sheet_are_written_by_the_locale():
    made = opened(written(made_on=date(2026, 1, 2))[0])
    assert made["Start"]["B2"].value == "Ronda 2026 · version 1 · copy of 2026-01-02"


def test_a_blank_workbook_of_one_question_is_written():
    a, _ = EVERY_TYPE.sections
    one = msgspec.structs.replace(a, questions=a.questions[:1], introduction={}, who={})
    small = msgspec.structs.replace(EVERY_TYPE, sections=(one,))
    made = opened(written(instrument=small, answers={}, people=())[0])
    assert [s.title for s in made][:3] == ["Start", SECTION_A, "Evidencia"]


def test_parts_of_another_owner_or_section_are_nowhere_in_the_file():
    secret = {"OPG-A2": Answer(fields={"OPG-A2": "yes"}, remark=words("CANARY-7"))}
    target, _ = written(answers={**ANSWERS, **secret}, sections=("OPG-B",))
    with zipfile.ZipFile(target) as file:
        assert not [n for n in file.namelist() if b"CANARY-7" in file.read(n)]
