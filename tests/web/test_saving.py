"""The script of the answer forms: what it sends, puts in place, keeps and gives back.

The page is made of our components; the other side is a stand-in for a server that can be away,
slow or of another mind, because only the script is looked at here.
"""

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask, Response, abort, jsonify, render_template_string, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFError, CSRFProtect
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

pytestmark = pytest.mark.browser

CHROMIUM = ["--no-sandbox", "--disable-background-networking"]
PAGE = """{% extends "base.html" %}
{% from "components/question.html" import question %}
{% from "components/choices.html" import choices %}
{% from "components/fields.html" import text_input %}
{% from "components/ladder.html" import ladder %}
{% from "components/roster.html" import roster %}
{% from "components/buttons.html" import button, csrf, enter_button %}
{% block title %}Section{% endblock %}
{% block content %}<h1>Section</h1>
<form method="post" action="/section">{{ csrf() }}{{ enter_button('go', 'next') }}
{% call question('Q-A', 'Who leads?', save='/save/Q-A', seq=seq, tools={'clear': true}) %}
{{ choices('Q-A', [('one', 'One'), ('two', 'Two')], unset=true) }}{% endcall %}
{% call question('Q-B', 'How many?', save='/save/Q-B', seq=seq,
  tools={'evidence': {'items': [], 'chosen': [], 'new': {}}}) %}
{{ text_input('Q-B-first', 'First', first) }}{{ text_input('Q-B-last', 'Last') }}{% endcall %}
{% call question('Q-C', 'Which level?', save='/save/Q-C', seq=seq, tools={}) %}
{{ ladder('Q-C', levels) }}{% endcall %}
{% call question('Q-D', 'Who?', save='/save/Q-D', seq=seq, tools={}) %}
{{ roster('Q-D', 'People', [{'code': 'Q-D-name', 'label': 'Name', 'kind': 'text'},
  {'code': 'Q-D-kind', 'label': 'Kind', 'kind': 'select',
   'items': [('gov', 'Gobierno'), ('soc', 'Asociación')]}],
  [{'id': 'a' * 32, 'cells': {'Q-D-name': 'Ana', 'Q-D-kind': 'gov'}}]) }}{% endcall %}
<div id="Q-E" hidden></div>
{{ button('Go on', name='go', value='next') }}</form>{% endblock %}"""


class Server(SimpleNamespace):
    """`saves`: what arrived; `answer`: how the next ones are answered."""

    def saved(self, name: str) -> list[list[str]]:
        return [form[name] for form, _ in self.saves if name in form]


def program(server: Server) -> Flask:
    app = Flask("survey.web")
    app.config.update(SECRET_KEY="a key for tests that is long enough", TESTING=True)
    Babel(app)
    CSRFProtect(app)
    app.register_error_handler(CSRFError, lambda _error: (jsonify(messages=[]), 403))
    app.before_request(lambda: gate(server))
    app.add_url_rule("/section", "section", lambda: page(server), methods=["GET"])
    app.add_url_rule("/section", "sent", lambda: "sent", methods=["POST"])
    app.add_url_rule("/out", "out", lambda: "out", methods=["POST"])
    app.add_url_rule("/save/<code>", "save", lambda code: save(server, code), methods=["POST"])
    return app


def gate(server: Server) -> Response | None:
    if server.answer == 401 and request.headers.get("X-Requested-With"):
        abort(401)
    return None


def page(server: Server) -> str:
    levels = [{"value": str(n), "label": f"L{n}", "text": "t"} for n in range(5)]
    return render_template_string(
        PAGE, seq=server.seq, first=server.first, levels=levels, person="Ana",
        person_key=server.person, sign_out_url="/out", sign_in_url="/in",
    )  # fmt: skip


def save(server: Server, code: str):
    if server.answer == 500:
        abort(500)
    if server.answer == 409:
        return jsonify(messages=["It was sent."]), 409
    server.saves.append((dict(request.form.lists()), request.headers["Idempotency-Key"]))
    server.seq += 1
    parts = (
        f'<input type="hidden" id="{code}.seq" name="{code}.seq" value="{server.seq}">'
        f'<span class="st st-saved" id="{code}-state" role="status">Saved {server.seq}</span>'
        '<div id="Q-E"><label for="e">Follows</label><input id="e" name="Q-E"></div>'
    )
    return parts, 422 if server.answer == 422 else 200


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(saves=[], answer=200, seq=1, first="", person="p1")
    http = make_server("127.0.0.1", 0, program(made), threaded=True)
    made.address = f"http://127.0.0.1:{http.server_port}/section"
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield made
    http.shutdown()


@pytest.fixture
def tab(chromium, server) -> Iterator[Page]:
    context = chromium.new_context()
    context.set_default_timeout(5000)
    opened = context.new_page()
    opened.goto(server.address)
    yield opened
    context.close()


def state(tab: Page, code: str):
    return tab.locator(f'[id="{code}-state"]')


def typed(tab: Page, name: str, text: str) -> None:
    tab.locator(f'[name="{name}"]').fill(text)
    tab.keyboard.press("Tab")


def drafts(tab: Page) -> int:
    return tab.evaluate("Object.keys(localStorage).length")


def test_a_choice_is_saved_alone_and_says_so_after_the_server_did(tab, server):
    tab.get_by_label("Two").check()

    expect(state(tab, "Q-A")).to_have_text("Saved 2")
    form, key = server.saves[0]
    assert form == {"Q-A.seq": ["1"], "Q-A": ["", "two"]}
    assert key
    assert tab.locator('[id="Q-A.seq"]').input_value() == "2"
    assert tab.get_by_label("Follows").is_visible()
    assert drafts(tab) == 0


def test_a_later_save_stands_on_the_state_that_the_earlier_one_made(tab, server):
    typed(tab, "Q-B-first", "1")
    typed(tab, "Q-B-last", "2")

    expect(state(tab, "Q-B")).to_have_text("Saved 3")
    assert [form["Q-B.seq"] for form, _ in server.saves] == [["1"], ["2"]]
    assert server.saved("Q-B-last")[-1] == ["2"]


def test_what_the_server_did_not_acknowledge_is_sent_again_under_the_same_key(tab, server):
    server.answer = 500
    typed(tab, "Q-B-first", "1")
    expect(state(tab, "Q-B")).to_contain_text("Not saved yet")
    kept = tab.evaluate("JSON.parse(Object.values(localStorage)[0]).queue[0].idem")

    server.answer = 200
    expect(state(tab, "Q-B")).to_have_text("Saved 2")

    assert server.saves[-1][1] == kept
    assert drafts(tab) == 0


def test_without_a_connection_typing_goes_on_and_is_sent_later(tab, server):
    tab.context.set_offline(True)
    typed(tab, "Q-B-first", "1")
    expect(state(tab, "Q-B")).to_contain_text("Kept on this device")
    typed(tab, "Q-B-last", "2")

    tab.context.set_offline(False)
    expect(state(tab, "Q-B")).to_have_text("Saved 3")

    assert server.saved("Q-B-first")[-1] == ["1"]
    assert server.saved("Q-B-last")[-1] == ["2"]


def test_what_was_not_sent_when_the_page_closed_is_in_its_field_again(tab, server):
    server.answer = 500
    typed(tab, "Q-B-first", "mine")
    expect(state(tab, "Q-B")).to_contain_text("Not saved yet")

    tab.goto(server.address)

    assert tab.locator('[name="Q-B-first"]').input_value() == "mine"
    server.answer = 200
    expect(state(tab, "Q-B")).to_have_text("Saved 2")


def test_a_draft_of_an_older_state_does_not_overwrite_what_the_page_shows(tab, server):
    server.answer = 500
    typed(tab, "Q-B-first", "mine")
    expect(state(tab, "Q-B")).to_contain_text("Not saved yet")
    server.seq, server.first = 7, "theirs"

    tab.goto(server.address)

    assert tab.locator('[name="Q-B-first"]').input_value() == "theirs"
    server.answer = 200
    expect(state(tab, "Q-B")).to_have_text("Saved 8")
    assert server.saves[-1][0]["Q-B.seq"] == ["1"]


def test_drafts_of_another_person_are_gone(tab, server):
    server.answer = 500
    typed(tab, "Q-B-first", "mine")
    expect(state(tab, "Q-B")).to_contain_text("Not saved yet")
    server.person = "p2"

    tab.goto(server.address)
    server.answer = 200

    assert drafts(tab) == 0
    assert tab.locator('[name="Q-B-first"]').input_value() == ""
    assert server.saves == []


def test_an_ended_session_keeps_the_text_and_shows_where_to_sign_in(tab, server):
    server.answer = 401
    typed(tab, "Q-B-first", "1")

    link = tab.locator('[data-notice="signin"] a')
    expect(link).to_have_attribute("href", "/in")
    expect(link).to_have_attribute("target", "_blank")
    assert tab.locator('[name="Q-B-first"]').input_value() == "1"

    server.answer = 200
    tab.evaluate("dispatchEvent(new Event('focus'))")
    expect(state(tab, "Q-B")).to_have_text("Saved 2")
    expect(link).to_have_count(0)


def test_a_new_session_of_the_same_person_is_taken_over(tab, server):
    tab.context.clear_cookies()

    typed(tab, "Q-B-first", "1")

    expect(state(tab, "Q-B")).to_have_text("Saved 2")


def test_a_refusal_is_said_in_the_words_of_the_server(tab, server):
    server.answer = 409
    typed(tab, "Q-B-first", "1")

    expect(state(tab, "Q-B")).to_have_text("It was sent.")


def test_what_could_not_be_read_stays_in_its_field(tab, server):
    server.answer = 422
    typed(tab, "Q-B-first", "many")

    expect(state(tab, "Q-B")).to_have_text("Saved 2")
    assert tab.locator('[name="Q-B-first"]').input_value() == "many"
    assert drafts(tab) == 1


@pytest.mark.parametrize("answer", [422, 409])
def test_what_was_not_taken_is_kept_when_the_page_goes(tab, server, answer):
    server.answer = answer
    typed(tab, "Q-B-first", "many")
    expect(state(tab, "Q-B")).to_have_text("Saved 2" if answer == 422 else "It was sent.")

    tab.evaluate("dispatchEvent(new Event('pagehide'))")

    assert drafts(tab) == 1


def test_a_digit_chooses_its_level(tab, server):
    tab.locator('[id="Q-C"] input[value="0"]').focus()
    tab.keyboard.press("3")

    expect(state(tab, "Q-C")).to_have_text("Saved 2")
    assert server.saves[0][0]["Q-C"] == ["", "3"]


def test_a_choice_can_be_taken_back(tab, server):
    tab.get_by_label("Two").check()
    tab.get_by_role("button", name="Take the choice back").click()

    expect(state(tab, "Q-A")).to_have_text("Saved 3")
    assert server.saves[-1][0] == {"Q-A.seq": ["2"], "Q-A": [""], "clear": ["Q-A"]}


def test_a_document_is_sent_only_by_its_button(tab, server):
    tab.locator('[id="Q-B.evidence-tool"] > summary').click()
    tab.locator('[id="Q-B.new-tool"] > summary').click()
    typed(tab, "Q-B.new.title", "Law")
    typed(tab, "Q-B-first", "1")
    expect(state(tab, "Q-B")).to_have_text("Saved 2")
    assert server.saved("Q-B.new.title") == []

    tab.get_by_role("button", name="List and cite it").click()
    expect(state(tab, "Q-B")).to_have_text("Saved 3")
    assert server.saved("Q-B.new.title") == [["Law"]]


def test_rows_of_a_spreadsheet_are_poured_into_the_table(tab, server):
    tab.get_by_role("button", name="Add a row").click()
    copied = 'Red "A"\tasociacion\n"Dos\nlíneas"\tGOBIERNO\nTres\tnadie\n'
    tab.evaluate(
        """(copied) => { const data = new DataTransfer();
        data.setData("text/plain", copied);
        document.activeElement.dispatchEvent(
          new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})) }""",
        copied,
    )

    expect(state(tab, "Q-D")).to_have_text("Saved 2")
    form = server.saves[0][0]
    names = [value for name, value in form.items() if name.endswith("/Q-D-name")]
    kinds = [value for name, value in form.items() if name.endswith("/Q-D-kind")]
    assert names == [["Ana"], ['Red "A"'], ["Dos líneas"], ["Tres"]]
    assert kinds == [["gov"], ["soc"], ["gov"], [""]]
    expect(tab.locator('[data-notice="unmatched"]')).to_be_visible()


def test_a_removed_row_is_named_and_sends_nothing_else(tab, server):
    tab.get_by_role("button", name="Remove row 1").click()

    expect(state(tab, "Q-D")).to_have_text("Saved 2")
    row = "a" * 32
    assert server.saves[0][0] == {"Q-D.seq": ["1"], "remove_row": [f"Q-D/{row}"]}


def test_signing_out_sends_what_is_left_and_leaves_nothing_on_the_device(tab, server):
    server.answer = 500
    typed(tab, "Q-B-first", "1")
    expect(state(tab, "Q-B")).to_contain_text("Not saved yet")

    tab.get_by_role("button", name="Sign out").click()
    expect(tab.locator('[data-notice="unsent"]')).to_be_visible()
    tab.get_by_role("button", name="Sign out").click()
    tab.wait_for_url("**/out")

    server.answer = 200
    tab.goto(server.address)
    assert drafts(tab) == 0


def test_what_is_typed_when_the_page_is_left_arrives(tab, server):
    tab.locator('[name="Q-B-first"]').fill("1")
    tab.goto("about:blank")
    tab.goto(server.address)

    expect(state(tab, "Q-B")).not_to_be_empty()
    assert server.saved("Q-B-first")[0] == ["1"]


def test_the_page_sends_everything_without_the_script(chromium, server):
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(server.address)
    assert not plain.get_by_text("Paste from a spreadsheet").is_visible()
    plain.get_by_role("button", name="Go on").click()

    assert plain.url == server.address
    assert plain.content().count("sent") == 1
    context.close()
