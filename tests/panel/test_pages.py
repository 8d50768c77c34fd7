"""What the panel sees on its pages, what nobody else sees, and what a page costs."""

import io
import re

import pytest
from openpyxl import load_workbook

from survey.core.policy import Act, Role
from survey.panel.service import SealBroken, reading_of
from survey.responses.models import SubmissionDocument
from survey.responses.submission import submission_of

PAGES = (
    *("", "/answers", "/answers/OPG-A", "/contradictions", "/gaps", "/evidence", "/frame.xlsx"),
)
OUTSIDE = [Role.LIAISON, Role.CONTRIBUTOR, Role.AUTHORITY, Role.DESIGNER, Role.ADMINISTRATOR]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [Role.EXPERT, Role.COORDINATOR])
def test_the_panel_reads_every_page_of_a_submission(reads, address, role, page):
    assert reads(role).get(address(page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", OUTSIDE)
def test_for_everybody_else_there_is_no_such_page(reads, address, role, page):
    assert reads(role).get(address(page)).status_code == 404


def test_the_liaison_of_the_country_itself_finds_no_frame(browser, shown, address):
    liaison = dict(shown.submitted_people)[Role.LIAISON]

    assert browser(liaison).get(address()).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_before_the_country_submits_there_is_no_such_page(reads, shown, address, page):
    assert reads().get(address(page, shown.response)).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client, address):
    assert client.get(address()).location.startswith("/sign-in")


def test_an_unknown_section_is_not_there(reads, address):
    assert reads().get(address("/answers/OPG-Z")).status_code == 404


# the list of rounds


def test_an_expert_begins_at_the_rounds_and_sees_no_count_of_an_open_one(reads):
    browser = reads()

    assert browser.get("/").location == "/panel/"
    page = browser.get("/panel/?lang=en").text
    assert "Valdoria 2026" in page
    assert "Not submitted yet" in page
    assert "questions answered" not in page


def test_the_coordinator_sees_how_far_an_open_one_has_come(reads, shown, address):
    browser = reads(Role.COORDINATOR)

    assert "questions answered" in browser.get("/panel/?lang=en").text
    page = browser.get(address("/progress?lang=en", shown.response)).text
    assert "Governance and resources" in page
    assert "Secretaría" not in page


def test_an_expert_sees_no_progress(reads, shown, address):
    assert reads().get(address("/progress", shown.response)).status_code == 404


def test_somebody_in_no_round_is_told_so(browser, person):
    assert "no round yet" in browser(person("expert")).get("/panel/?lang=en").text


# the first page


def test_the_first_page_has_its_parts_in_order(reads, address):
    page = reads().get(address("?lang=en")).text

    parts = [
        "Five facts",
        "Questions for the panel to settle",
        "Levels the country claims",
        ">Profile by dimension</h2>",
        ">Contradictions between answers (12)</h2>",
        ">Gaps (4)</h2>",
        ">Whom to ask</h2>",
        ">Profile by essential element</h2>",
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_a_picture_of_levels_says_them_in_words(reads, address):
    page = reads().get(address("?lang=en")).text

    assert 'aria-label="A. Vision, strategy and legal basis. Levels claimed: A4: 3 Estab' in page


def test_an_element_with_fewer_than_three_questions_is_not_covered(reads, address):
    page = reads().get(address("?lang=en")).text

    after = page[page.index("Not covered by this topic") :]
    assert after.index("E2 Professionalized civil service") < 200


def test_there_is_no_mean_and_no_total(reads, address):
    page = reads().get(address("?lang=en")).text

    assert "There is no average" in page
    assert not re.search(r"\b[0-4]\.[0-9]\b", re.sub(r"<svg.*?</svg>", "", page, flags=re.S))


def test_what_the_country_explained_stands_beside_the_contradiction(reads, address):
    page = reads().get(address("?lang=en")).text

    assert '<span lang="es">La Secretaría no tiene línea propia (B6).' in page
    assert '<span class="tag">Spanish</span>' in page
    assert "No explanation given" in page


def test_a_withheld_answer_shows_the_fact_and_the_reason(reads, address):
    page = reads().get(address("/answers/OPG-F?lang=en")).text

    answer = page[page.index('id="OPG-F6"') : page.index('id="OPG-F7"')]
    assert "Withheld" in answer
    assert "hay casos en curso" in answer


def test_an_answer_shows_level_remark_evidence_and_what_contradicts_it(reads, address):
    page = reads().get(address("/answers/OPG-C?lang=en")).text

    answer = page[page.index('id="OPG-C7"') :]
    assert '<li class="on">' in answer
    assert "The country claims" in answer
    assert 'href="https://datos.valdoria.example/calidad-2026-1.pdf" rel="noreferrer' in answer
    assert "El Decreto 40-2021 fija normas" in answer
    assert "half of the datasets" in answer or "C6" in answer


def test_a_file_that_is_no_web_address_is_no_link(reads, address):
    page = reads().get(address("/evidence?lang=en")).text

    assert "cuadro-puestos-2025.xlsx" in page
    assert 'href="cuadro-puestos' not in page


@pytest.mark.parametrize("lang", ["en", "es", "pt", "fr"])
@pytest.mark.parametrize("page", PAGES[:-1])
def test_every_page_speaks_every_language(reads, address, lang, page):
    reply = reads().get(address(f"{page}?lang={lang}"))

    assert reply.status_code == 200
    assert f'<html lang="{lang}"' in reply.text
    if lang in ("pt", "fr") and page in ("", "/contradictions"):
        assert '<span lang="en">' in reply.text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_at_most_six_statements(reads, address, statements, page):
    browser = reads()
    browser.get(address(page))
    statements.clear()

    browser.get(address(page))

    assert len(statements) <= 6, statements


def test_a_submission_that_was_touched_is_not_read(reads, shown, address, session):
    submission = submission_of(session, shown.submitted_response)
    stored = session.get_one(SubmissionDocument, submission.id)
    stored.bytes = stored.bytes.replace(b'"OPG-A2":"yes"', b'"OPG-A2":"no"')
    session.flush()

    with pytest.raises(SealBroken):
        reading_of(session, submission)
    assert reads().get(address()).status_code == 409


# the spreadsheet


def exported(browser, address, lang):
    reply = browser.get(address(f"/frame.xlsx?lang={lang}"))
    return reply, load_workbook(io.BytesIO(reply.data))


def test_the_spreadsheet_has_its_sheets_in_the_language_of_the_reader(reads, address):
    reply, book = exported(reads(), address, "en")

    assert book.sheetnames == [
        *("Overview", "Answers", "Gaps", "Contradictions", "Whom to ask", "Evidence", "Figures"),
    ]
    assert reply.headers["Content-Disposition"] == (
        "attachment; filename=frame-of-reference-valdoria-2026.xlsx"
    )


def test_the_spreadsheet_says_who_exported_it(reads, address):
    _, book = exported(reads(), address, "en")

    assert "Beatriz Nogueira" in book["Answers"].oddFooter.left.text
    assert book["Answers"].oddHeader.left.text == "Only for the panel"


def test_what_was_written_in_another_language_is_named(reads, address):
    _, book = exported(reads(), address, "en")

    remarks = [row[6].value for row in book["Answers"].iter_rows(min_row=4)]
    assert any(str(remark).startswith("[Spanish] El Plan de Desarrollo") for remark in remarks)


def test_figures_are_numbers(reads, address):
    _, book = exported(reads(), address, "en")

    rows = {row[1].value: row[3] for row in book["Figures"].iter_rows(min_row=4)}
    share = rows["Share of datasets that are fully open"]
    assert (share.value, share.number_format) == (0.38, "0%")


def test_every_question_asked_has_a_row(reads, address, shown, session):
    reading = reading_of(session, submission_of(session, shown.submitted_response))
    _, book = exported(reads(), address, "es")

    marks = {row[0].value for row in book["Respuestas"].iter_rows(min_row=4)}
    assert len(marks) == len(reading.frame.entries)
    assert marks > {"P7", "A1", "X7"}


def test_the_act_of_exporting_is_that_of_the_policy(app):
    assert app.view_functions["panel.export"].access is Act.EXPORT_FRAME
