"""The main job in a real browser: composed, answered in Spanish, signed, read in English."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import select

from survey.accounts.models import Person
from survey.accounts.views import demonstration_link
from survey.database import db
from survey.demonstration.load import Demonstration, load
from survey.responses.models import AnswerRow, Response, Submission, WorkbookExport
from tests.journeys.serving import Served, chromium, serve, window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DESIGNER: Final = "privadeneira@mecigep.example"
COORDINATOR: Final = "mesquivel@mecigep.example"
LIAISON: Final = "lherrera@planificacion.example"
CONTRIBUTOR: Final = "aquispe@planificacion.example"
EXPERT: Final = "bnogueira@gestao.example"
REMARK: Final = "El portal cambió de dirección en marzo."
ITEMS: Final = {
    "OPG-A": ("OPG-A6",),
    "OPG-C": ("OPG-C4", "OPG-C5", "OPG-C6", "OPG-C7"),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("home"), _load) as (running, _):
        yield running


def _load(session: Any) -> None:
    load(session)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def blank(served: Served) -> str:
    """The address of the response of the demonstration to which nobody has answered."""
    return f"/responses/{_loaded(served, lambda loaded: loaded.blank_response.id)}"


def _loaded(served: Served, ask: Callable[[Demonstration], Any]) -> Any:
    with served.app.app_context():
        return ask(load(db.session()))


def enter(page: Page, served: Served, email: str, language: str = "es") -> None:
    """Sign in by the printed link of this person, and read in a language."""
    with served.app.app_context():
        person = db.session.scalars(select(Person).where(Person.email == email)).one()
        page.goto(f"{demonstration_link(person)}?lang={language}")
    page.locator("main form button").click()
    expect(page.locator("main form button", has_text="demonstration")).to_have_count(0)


def stored(served: Served, response: str, question: str) -> dict[str, Any]:
    """What the database holds of an answer at this moment."""
    with served.app.app_context():
        key = (AnswerRow.response_id == UUID(response), AnswerRow.question == question)
        row = db.session.scalars(select(AnswerRow).where(*key, AnswerRow.row == "")).one_or_none()
        return dict(row.fields) if row else {}


def run(served: Served, *words: str) -> str:
    """The output of a command of the program."""
    done = served.app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 0, done.output
    return done.stdout


def question(page: Page, code: str) -> Locator:
    return page.locator(f"[id='{code}']")


def is_saved(page: Page, code: str) -> None:
    expect(question(page, code).get_by_role("status")).to_contain_text("Guardad")


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # of openpyxl
def test_from_composing_to_the_frame_of_reference_in_two_languages(
    served: Served, browser: Browser, tmp_path: Path
) -> None:
    with window(browser, served) as context:
        questionnaire = compose(context.new_page(), served)
    opened = issue(served, questionnaire)
    with window(browser, served, language="es") as context:
        page = context.new_page()
        enter(page, served, LIAISON)
        answer_online(page, served, opened["response"])
        answer_in_excel(page, served, opened["response"], tmp_path)
        seal = sign(page, served, opened["response"])
    with window(browser, served) as context:
        read(context.new_page(), served, opened["round"], seal)
    run(served, "responses", "verify", opened["response"])  # exits with 1 when one byte differs


def compose(page: Page, served: Served) -> str:
    """A questionnaire of a few items, published on screen; its id."""
    enter(page, served, DESIGNER, "en")
    page.goto("/questionnaires/new")
    for label in ("Open government", "Empty: I add each question", "English", "Spanish"):
        page.get_by_label(label, exact=True).check()
    page.get_by_label("Title in English").fill("Open data in brief")
    page.get_by_label("Title in Spanish").fill("Datos abiertos en breve")
    page.get_by_role("button", name="Begin the questionnaire").click()
    for dimension, codes in ITEMS.items():
        page.get_by_label("Dimension").select_option(dimension)
        page.get_by_role("button", name="Show", exact=True).click()
        for code in codes:
            page.get_by_role("button", name=f"Add {code}", exact=True).click()
            expect(page.get_by_label(f"Tick {code}")).to_be_visible()
    identifier = page.url.partition("/questionnaires/")[2].partition("?")[0]
    page.get_by_role("link", name="See it as a respondent").first.click()
    expect(page.locator("main")).to_contain_text("Which parts of the State does")
    page.goto(f"/questionnaires/{identifier}/publish")
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.locator("h1")).to_contain_text("Version 1")
    return identifier


def issue(served: Served, questionnaire: str) -> dict[str, str]:
    """A round for the country of the demonstration, and its expert."""
    words = ("--country", "XMO", "--questionnaire", questionnaire, "--coordinator", COORDINATOR)
    opened = msgspec.json.decode(run(served, "responses", "open", *words, "--json"))
    round_id = opened["round"]
    named = ("--name", "Beatriz Nogueira", "--role", "expert", "--round", round_id)
    run(served, "people", "add", EXPERT, *named)
    return dict(opened)


def answer_online(page: Page, served: Served, response: str) -> None:
    page.goto("/")
    page.locator(f"main a[href='/responses/{response}']").first.click()
    expect(page.locator("h1")).to_have_text("Datos abiertos en breve")
    page.goto(f"/responses/{response}/sections/OPG-C")
    page.locator("[id='OPG-C4']").get_by_label("Sí", exact=True).check()
    is_saved(page, "OPG-C4")
    page.locator("summary", has_text="Comentario, C4").click()
    page.locator("[name='OPG-C4.remark']").fill(REMARK)
    page.get_by_label("Conjuntos de datos").fill("1200")
    page.get_by_label("Entidades que publican").fill("85")
    page.keyboard.press("Tab")
    is_saved(page, "OPG-C5")
    assert stored(served, response, "OPG-C4") == {"OPG-C4": "yes"}


def answer_in_excel(page: Page, served: Served, response: str, folder: Path) -> None:
    page.goto(f"/responses/{response}/workbook")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Descargar el libro").click()
    path = folder / "filled.xlsx"
    downloading.value.save_as(path)
    fill(path, cells(served, response), {"OPG-C6": "37,5", "OPG-C5-datasets": "1.350"})
    page.get_by_label("El libro que llenó").set_input_files(path)
    page.get_by_role("button", name="Subir y revisar").click()
    expect(page.locator("main")).to_contain_text("37,5")
    assert stored(served, response, "OPG-C6") == {}
    page.get_by_role("button", name="Incorporar al cuestionario").click()
    expect(page.locator("h1")).to_be_visible()
    assert stored(served, response, "OPG-C6") == {"OPG-C6": "37.5"}
    assert stored(served, response, "OPG-C5")["OPG-C5-datasets"] == "1350"


def cells(served: Served, response: str) -> dict[str, tuple[str, str]]:
    """Row code -> sheet and cell of its answer in the workbook handed out last."""
    with served.app.app_context():
        own = select(WorkbookExport).where(WorkbookExport.response_id == UUID(response))
        export = db.session.scalars(own.order_by(WorkbookExport.made_at.desc())).first()
        assert export
        kept = msgspec.to_builtins(export.cells)
    return {
        code: (sheet["name"], f"E{row}")
        for sheet in kept["sheets"]
        if sheet["kind"] == "section"
        for row, code in enumerate(sheet["rows"], 1)
    }


def fill(path: Path, places: dict[str, tuple[str, str]], typed: dict[str, str]) -> None:
    """Type into cells as somebody does who has the file open."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    for code, text in typed.items():
        sheet, cell = places[code]
        book[sheet][cell] = text
    book.save(path)
    book.close()


def sign(page: Page, served: Served, response: str) -> str:
    """Answer what is left, sign, and return the hash of the receipt."""
    page.goto(f"/responses/{response}/sections/OPG-C")
    page.locator("[id='OPG-C7']").get_by_role("radio").nth(2).check()
    is_saved(page, "OPG-C7")
    page.goto(f"/responses/{response}/submit")
    page.locator("[name=confirm]").check()
    page.locator("button[name=do][value=sign]").last.click()
    expect(page).to_have_url(f"{served.url}/responses/{response}/receipt")
    with served.app.app_context():
        own = select(Submission).where(Submission.response_id == UUID(response))
        submission = db.session.scalars(own).one()
        assert submission.signatory == "Lucía Herrera"
        assert db.session.get_one(Response, UUID(response)).submitted_at
        seal = submission.sha256
    expect(page.locator("main")).to_contain_text(seal[:8])
    return seal


def read(page: Page, served: Served, round_id: str, seal: str) -> None:
    enter(page, served, EXPERT, "en")
    page.locator(f"a[href='/panel/rounds/{round_id}']").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("main")).to_contain_text("Questions for the panel to settle")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download Excel").click()
    page.get_by_role("link", name="Read the answers in order").click()
    page.get_by_role("link", name="Information and open data").first.click()
    expect(page.locator("[lang=es]", has_text=REMARK).last).to_be_visible()
    expect(page.locator("main")).to_contain_text("Is a central open data portal in operation?")
    content = Path(downloading.value.path()).read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    said = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    book.close()
    assert "Share of datasets that are fully open" in said
    assert "0.375" in said


def test_saved_is_said_when_the_database_has_it_and_not_before(
    served: Served, browser: Browser, blank: str
) -> None:
    response = blank.rpartition("/")[2]
    seen = []

    with window(browser, served, language="es") as context:
        page = context.new_page()
        enter(page, served, LIAISON)
        page.goto(f"{blank}/sections/OPG-A")
        status = question(page, "OPG-A2").get_by_role("status")

        def hold(route: Route) -> None:
            seen.append((stored(served, response, "OPG-A2"), status.inner_text()))
            reply = route.fetch()
            seen.append((stored(served, response, "OPG-A2"), status.inner_text()))
            route.fulfill(response=reply)

        page.route("**/questions/OPG-A2", hold)
        question(page, "OPG-A2").get_by_label("No", exact=True).check()
        is_saved(page, "OPG-A2")

    (before, saying), (after, still_saying) = seen
    assert (before, after) == ({}, {"OPG-A2": "no"})
    assert "Guardad" not in saying + still_saying


def test_questions_appear_and_disappear_with_the_answer_they_depend_on(
    served: Served, browser: Browser, blank: str
) -> None:
    with window(browser, served, language="es") as context:
        page = context.new_page()
        enter(page, served, LIAISON)
        page.goto(f"{blank}/sections/OPG-C")
        figures = page.get_by_label("Conjuntos de datos")
        expect(figures).to_have_count(0)
        question(page, "OPG-C4").get_by_label("Sí", exact=True).check()
        expect(figures).to_be_visible()
        question(page, "OPG-C4").get_by_label("No", exact=True).check()
        expect(figures).to_have_count(0)
        is_saved(page, "OPG-C4")


def test_two_browsers_that_answer_at_once_see_both_answers(
    served: Served, browser: Browser, blank: str
) -> None:
    address, response = f"{blank}/sections/OPG-F", blank.rpartition("/")[2]
    with (
        window(browser, served, language="es") as mine,
        window(browser, served, language="es") as theirs,
    ):
        first, second = mine.new_page(), theirs.new_page()
        for page, email in ((first, LIAISON), (second, CONTRIBUTOR)):
            enter(page, served, email)
            page.goto(address)
        question(first, "OPG-F2").get_by_role("textbox").first.fill("12")
        first.keyboard.press("Tab")
        is_saved(first, "OPG-F2")
        question(second, "OPG-F2").get_by_role("textbox").first.fill("15")
        second.keyboard.press("Tab")
        versions = question(second, "OPG-F2").get_by_role("region")
        expect(versions).to_contain_text("12")
        expect(versions).to_contain_text("15")
        expect(versions).to_contain_text("Lucía Herrera")
        assert stored(served, response, "OPG-F2")["OPG-F2"] == "12"
        versions.get_by_role("button", name="15").click()
        expect(versions).to_have_count(0)
        is_saved(second, "OPG-F2")
    assert stored(served, response, "OPG-F2")["OPG-F2"] == "15"


def test_without_javascript_a_page_is_saved_by_its_button(
    served: Served, browser: Browser, blank: str
) -> None:
    response = blank.rpartition("/")[2]
    with window(browser, served, language="es", scripts=False) as context:
        page = context.new_page()
        enter(page, served, LIAISON)
        page.goto(f"{blank}/sections/OPG-D")
        question(page, "OPG-D1").get_by_role("radio").first.check()
        page.locator("main .govuk-button[name=go]").first.click()
        expect(page.locator("main")).to_be_visible()
    assert stored(served, response, "OPG-D1")
