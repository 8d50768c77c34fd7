"""Workbooks at their pages: downloaded, sent, looked at, taken, undone, and all that is refused."""

import io

import pytest

from survey.core.policy import Role
from survey.responses.models import WorkbookExport
from tests.responses.conftest import START, new_world
from tests.responses.sheets import Desk, Page
from tests.responses.workbooks import filled, handed, imports, received, with_grant
from tests.workbooks import hostile
from tests.workbooks.roundtrip import opened_by_openpyxl

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEGABYTE = 1024 * 1024


@pytest.fixture
def answered(world):
    world.save({"EX-A1": "yes", "EX-A3": "12", "EX-A12": "law"})
    with_grant(world, world.liaison)
    return world


@pytest.fixture
def desk(browser, answered):
    return Desk(browser(answered.liaison), answered.response.id)


def sent(desk, content, name="respuestas.xlsx", status=303):
    form = {"file": (io.BytesIO(content), name)}
    reply = desk.client.post(f"{desk.base}/workbook", data=form)
    assert reply.status_code == status
    return reply


def uploaded(desk, content):
    """The address of the plan of a file that was sent, below that of the response."""
    return sent(desk, content).location.removeprefix(desk.base)


def pressed(desk, path, form, status=303):
    reply = desk.client.post(desk.base + path, data=form)
    assert reply.status_code == status, Page(reply).words("content")[:500]
    return reply


def everything(world):
    index = world.response.version.program.index
    return {"language": "en", "sections": list(index.sections)}


# out


def test_a_workbook_comes_as_a_file_with_a_plain_name(desk, answered):
    reply = pressed(desk, "/workbook/file", everything(answered), 200)

    assert reply.mimetype == XLSX
    assert reply.headers["Content-Disposition"] == "attachment; filename=example_en.xlsx"
    assert reply.headers["Cache-Control"] == "no-store"
    codes = {row[0].value for sheet in opened_by_openpyxl(reply.data) for row in sheet.iter_rows()}
    assert {"EX-A1", "EX-A14"} <= codes
    (export,) = answered.session.query(WorkbookExport)
    assert (export.language, export.made_by) == ("en", answered.liaison.id)


def test_the_page_offers_every_language_and_section(desk, answered):
    form = desk.page("/workbook?lang=es").form

    assert form["language"] == ["es"]
    assert form["sections"] == ["EX-A"]


@pytest.mark.parametrize(
    ("missing", "name"), [({"sections": []}, "sections"), ({"language": "fr"}, "language")]
)
def test_a_workbook_of_nothing_or_in_no_language_is_not_made(desk, answered, missing, name):
    page = Page(pressed(desk, "/workbook/file", everything(answered) | missing, 422))

    assert page.words(f"{name}-error").startswith("Error:")
    assert answered.session.query(WorkbookExport).count() == 0


# home


def test_an_uploaded_workbook_is_looked_at_before_anything_changes(desk, answered):
    page = desk.page(uploaded(desk, filled(answered, {"EX-A3": 15, "EX-A1": "No"})))

    assert "It brings 2 new or changed values." in page.words("content")
    assert answered.value("EX-A3") == "12"
    assert "waits for you" in desk.page("/workbook").words("content")


def test_an_untouched_workbook_brings_nothing_new(desk, answered):
    page = desk.page(uploaded(desk, handed(answered).content))

    assert "It brings nothing new" in page.words("content")
    assert "Add to the questionnaire" not in page.words("content")
    assert "brought nothing new" in desk.page("/workbook").words("content")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7 ...", "This is not an Excel workbook."),
        (hostile.honest()[:400], "The file is damaged."),
        (hostile.ole("EncryptedPackage"), "The file has a password."),
        (hostile.renamed_xlsm(), "The file has macros."),
        (hostile.bomb(), "Unpacked, the file has"),
        (hostile.honest(), "This workbook was not made by Ronda"),
    ],
    ids=["empty", "no workbook", "damaged", "password", "macros", "bomb", "not ours"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(desk, answered, content, says):
    page = Page(sent(desk, content, status=422))

    assert says in page.words("file-error")
    assert says in page.words("problems")
    assert imports(answered) == []


def test_no_file_at_all_is_said_so(desk):
    form = {"file": (io.BytesIO(b""), "")}
    reply = desk.client.post(f"{desk.base}/workbook", data=form)

    assert reply.status_code == 422
    assert "Choose the workbook" in Page(reply).words("file-error")


def test_a_workbook_of_another_response_or_of_nobody_is_refused_in_words(desk, answered):
    foreign = handed(new_world(answered.session)).content
    page = Page(sent(desk, foreign, status=422))
    assert "belongs to another questionnaire or country" in page.words("file-error")

    own = handed(answered)
    answered.session.delete(answered.session.get(WorkbookExport, own.token))
    page = Page(sent(desk, own.content, status=422))
    assert "Nobody here made this workbook" in page.words("file-error")
    assert imports(answered) == []


def test_a_file_of_more_than_20_mb_is_too_large(desk):
    reply = desk.client.post(
        f"{desk.base}/workbook",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(20 * MEGABYTE + 1)},
    )

    assert reply.status_code == 413
    assert "too large" in Page(reply).words("content")


def test_the_name_of_a_file_is_shown_and_never_believed(desk, answered):
    content = filled(answered, {"EX-A3": 15})
    reply = sent(desk, content, name="..\\..\\<script>alert(1)</script>\u202e.xlsx")

    page = desk.page(reply.location.removeprefix(desk.base))
    assert "<script>alert" not in page.reply.text
    (kept,) = imports(answered)
    assert kept.file_name == "script>.xlsx"


def test_what_a_strange_cell_says_is_shown_as_text(desk, answered):
    typed = {"EX-A3": "<img src=x onerror=alert(1)>" + "x" * 200}
    page = desk.page(uploaded(desk, filled(answered, typed)))

    assert "<img src=x" not in page.reply.text
    assert "<img src=x onerror=alert(1)>" in page.words("content")
    assert "x" * 80 not in page.words("content")


# taken


def test_taking_a_workbook_leads_to_what_became_of_it(desk, answered):
    path = uploaded(desk, filled(answered, {"EX-A3": 15, "EX-A1": "No"}))

    reply = pressed(desk, path, desk.page(path).form)
    assert reply.location == desk.base + path
    assert "2 values of this workbook are in the questionnaire now." in desk.page(path).words(
        "content"
    )
    assert (answered.value("EX-A3"), answered.value("EX-A1")) == ("15", "no")
    assert "2 values added" in desk.page("/workbook").words("content")


def test_a_taken_workbook_is_undone_with_a_button(desk, answered):
    path = uploaded(desk, filled(answered, {"EX-A3": 15}))
    pressed(desk, path, desk.page(path).form)

    assert "Undo this workbook" in desk.page(path).words("content")
    pressed(desk, f"{path}/undo", {})
    assert answered.value("EX-A3") == "12"
    page = desk.page(path)
    assert "Undo this workbook" not in page.words("content")
    assert "was undone" in page.words("content")
    assert pressed(desk, f"{path}/undo", {}, 409)


def test_a_workbook_is_not_taken_twice(desk, answered):
    path = uploaded(desk, filled(answered, {"EX-A3": 15}))
    form = desk.page(path).form
    pressed(desk, path, form)

    page = Page(pressed(desk, path, form, 409))
    assert "are already in the questionnaire" in page.words("content")
    assert answered.response.seq == 2


def test_two_versions_stand_side_by_side_and_none_is_marked(desk, answered):
    content = filled(answered, {"EX-A3": 15})
    answered.save({"EX-A3": "13"}, by=answered.contributor)
    path = uploaded(desk, content)

    page = desk.page(path)
    case = page.words("take:EX-A3//EX-A3-case")
    assert all(value in case for value in ("12", "13", "15"))
    assert answered.contributor.name in case
    assert "take:EX-A3//EX-A3" not in page.form
    pressed(desk, path, page.form)
    assert answered.value("EX-A3") == "13"
    assert "Left undecided (1)" in desk.page(path).words("content")


@pytest.mark.parametrize(
    ("decision", "value"),
    [
        ({"take:EX-A3//EX-A3": "here"}, "13"),
        ({"take:EX-A3//EX-A3": "there"}, "15"),
        ({"other:EX-A3//EX-A3": "1,234"}, "1234"),
    ],
)
def test_of_two_versions_the_chosen_one_stands(desk, answered, decision, value):
    content = filled(answered, {"EX-A3": 15})
    answered.save({"EX-A3": "13"})
    path = uploaded(desk, content)

    pressed(desk, path, desk.page(path).form | decision)
    assert answered.value("EX-A3") == value
    assert "Left undecided" not in desk.page(path).words("content")


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ({"other:EX-A3//EX-A3": "many"}, "Write a whole number"),
        (
            {"other:EX-A3//EX-A3": "14", "take:EX-A3//EX-A3": "here"},
            "Choose a version or give another value",
        ),
    ],
)
def test_a_value_that_cannot_be_read_takes_nothing_and_stays_typed(desk, answered, decision, says):
    content = filled(answered, {"EX-A3": 15, "EX-A1": "No"})
    answered.save({"EX-A3": "13"})
    path = uploaded(desk, content)

    page = Page(pressed(desk, path, desk.page(path).form | decision, 422))
    assert says in page.words("problems")
    assert page.form["other:EX-A3//EX-A3"] == [decision["other:EX-A3//EX-A3"]]
    assert (answered.value("EX-A3"), answered.value("EX-A1")) == ("13", "yes")


def test_what_changed_while_the_page_was_read_stays_and_is_told(desk, answered):
    path = uploaded(desk, filled(answered, {"EX-A3": 15, "EX-A1": "No"}))
    form = desk.page(path).form
    answered.save({"EX-A3": "13"})

    pressed(desk, path, form)
    words = desk.page(path).words("content")
    assert "Somebody changed 1 answer while you were reading." in words
    assert "Left undecided (1)" in words
    assert (answered.value("EX-A3"), answered.value("EX-A1")) == ("13", "no")


def test_what_was_left_can_be_looked_at_again(desk, answered):
    content = filled(answered, {"EX-A3": 15, "EX-A1": "No"})
    answered.save({"EX-A3": "13"})
    path = uploaded(desk, content)
    pressed(desk, path, desk.page(path).form)

    again = pressed(desk, f"{path}/again", {}).location.removeprefix(desk.base)
    assert again != path
    pressed(desk, again, desk.page(again).form | {"take:EX-A3//EX-A3": "there"})
    assert answered.value("EX-A3") == "15"


@pytest.mark.parametrize(("ticked", "value"), [([], "12"), (["EX-A3//EX-A3"], None)])
def test_an_emptied_cell_stays_unless_it_is_ticked(desk, answered, ticked, value):
    path = uploaded(desk, filled(answered, {"EX-A3": None}))

    page = desk.page(path)
    assert "remove" not in page.form
    pressed(desk, path, page.form | {"remove": ticked})
    assert answered.value("EX-A3") == value
    assert "Left undecided" not in desk.page(path).words("content")


@pytest.mark.parametrize(
    ("typed", "decision", "value"),
    [
        ({"EX-A8": "03/04/2024"}, {}, None),
        ({"EX-A8": "03/04/2024"}, {"mean:EX-A8//EX-A8": "0"}, "option"),
        ({"EX-A8": "03/04/2024"}, {"mean:EX-A8//EX-A8": "7"}, None),
        ({"EX-A8": "soon"}, {"other:EX-A8//EX-A8": "2024-05"}, "2024-05"),
        ({"EX-A2": "perhaps"}, {"mean:EX-A2//EX-A2": "=progress"}, "progress"),
        ({"EX-A2": "perhaps"}, {"mean:EX-A2//EX-A2": "stay"}, None),
    ],
)
def test_a_doubtful_cell_means_what_is_chosen_or_stays(desk, answered, typed, decision, value):
    path = uploaded(desk, filled(answered, typed))
    page = desk.page(path)
    (code,) = typed
    assert "Cells that could not be read for sure (1)" in page.words("content")

    pressed(desk, path, page.form | decision)
    found = answered.value(code)
    assert found in ("2024-04-03", "2024-03-04") if value == "option" else found == value
    is_left = "Left undecided (1)" in desk.page(path).words("content")
    assert is_left == (value is None and "stay" not in decision.values())


def test_a_note_is_kept_as_a_remark_when_it_is_ticked(desk, answered):
    content = filled(answered, {"EX-A3": 15}, notes={"EX-A3": "Ask the ministry"})
    path = uploaded(desk, content)

    page = desk.page(path)
    assert "Ask the ministry" in page.words("content")
    assert "keep" not in page.form
    pressed(desk, path, page.form | {"keep": "0"})
    remark = answered.board.answers["EX-A3"].remark
    assert remark["text"].endswith(": Ask the ministry")
    assert remark["lang"] == "en"


def test_a_workbook_comes_back_with_its_problems_as_notes(desk, answered):
    path = uploaded(desk, filled(answered, {"EX-A3": "many"}))

    reply = desk.client.get(f"{desk.base}{path}/notes")
    assert reply.headers["Content-Disposition"] == "attachment; filename=example_en_notes.xlsx"
    notes = [
        cell.comment.text
        for sheet in opened_by_openpyxl(reply.data)
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    ]
    assert len(notes) == 1
    assert notes[0].startswith("[Ronda]\nWrite a whole number")


# who, and when


ADDRESSES = ["/workbook", "/imports/{id}", "/imports/{id}/notes"]
DEEDS = [
    "/workbook",
    "/workbook/file",
    "/imports/{id}",
    "/imports/{id}/undo",
    "/imports/{id}/again",
]


@pytest.fixture
def waiting(answered):
    return received(answered, filled(answered, {"EX-A3": 15}))


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("role", [Role.LIAISON, Role.CONTRIBUTOR, Role.AUTHORITY])
def test_another_country_finds_no_workbook(browser, person, a_place, waiting, role, path):
    foreign = browser(person(role, **a_place(role, "PER")))

    address = f"/responses/{waiting.response_id}{path.format(id=waiting.id)}"
    assert foreign.get(address).status_code == 404


@pytest.mark.parametrize("path", DEEDS)
def test_another_country_takes_no_workbook(browser, person, answered, waiting, path):
    foreign = browser(person(Role.LIAISON, country="PER"))

    address = f"/responses/{waiting.response_id}{path.format(id=waiting.id)}"
    assert foreign.post(address).status_code == 404
    assert answered.response.seq == 1


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("role", [Role.EXPERT, Role.COORDINATOR])
def test_the_panel_finds_no_workbook(browser, person, answered, waiting, role, path):
    panel = browser(person(role, round_id=answered.response.round_id))

    address = f"/responses/{waiting.response_id}{path.format(id=waiting.id)}"
    assert panel.get(address).status_code == 404


def test_an_import_of_another_response_is_not_found_here(desk, answered):
    other = new_world(answered.session)
    foreign = received(other, handed(other).content)

    assert desk.page(f"/imports/{foreign.id}", 404)


def test_who_contributes_for_the_country_exchanges_workbooks(browser, answered, waiting):
    somebody = with_grant(answered, answered.contributor, Role.CONTRIBUTOR, entity=answered.country)
    own = Desk(browser(somebody), answered.response.id)

    path = f"/imports/{waiting.id}"
    pressed(own, path, own.page(path).form)
    assert answered.value("EX-A3") == "15"


def test_a_submitted_response_takes_no_workbook_and_says_so(desk, answered, waiting):
    form = desk.page(f"/imports/{waiting.id}").form
    content = handed(answered).content
    answered.response.submitted_at = START

    assert "no workbook can be added any more" in desk.page("/workbook").words("content")
    assert "before this workbook was added" in desk.page(f"/imports/{waiting.id}").words("content")
    pressed(desk, "/workbook/file", everything(answered), 409)
    page = Page(sent(desk, content, status=409))
    assert "were submitted" in page.words("content")
    for deed in ("", "/undo", "/again"):
        page = Page(pressed(desk, f"/imports/{waiting.id}{deed}", form, 409))
    assert answered.value("EX-A3") == "12"


@pytest.mark.usefixtures("forgery_checked")
@pytest.mark.parametrize("path", DEEDS)
def test_a_form_that_no_page_gave_is_refused(desk, waiting, path):
    pressed(desk, path.format(id=waiting.id), {}, 403)
