"""The components write HTML that parses, with the names and ids that forms and scripts count on."""

from pathlib import Path

import html5lib
import pytest
from flask import render_template_string

EXAMPLES = Path(__file__).parent / "examples"  # every component once, a file each
COMPONENTS = sorted(path.stem for path in EXAMPLES.glob("*.html"))


@pytest.fixture(scope="module")
def render(new_app, new_database):
    """`render(component, language)`: its example on a page, and the same as a tree."""
    app = new_app(new_database("sqlite"))

    def rendered(component, language="en"):
        example = (EXAMPLES / f"{component}.html").read_text()
        page = (
            '{% extends "base.html" %}{% block title %}T{% endblock %}'
            "{% block content %}<h1>T</h1>" + example + "{% endblock %}"
        )
        with app.test_request_context(f"/?lang={language}&page=2"):
            html = render_template_string(page)
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = parser.parse(html)
        assert not parser.errors, parser.errors[:3]
        return html, tree

    return rendered


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_parses_and_gives_no_id_twice(render, component):
    _, tree = render(component)

    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert sorted(set(ids)) == sorted(ids)
    described = {
        part
        for element in tree.iter()
        for key in ("aria-describedby", "aria-labelledby", "for")
        for part in (element.get(key) or "").split()
    }
    assert described <= set(ids)


def test_every_component_has_an_example(root):
    folder = root / "survey" / "web" / "templates" / "components"
    used = {"layout", "tools"}  # by base.html and by `question`

    assert {path.stem for path in folder.glob("*.html")} - used == set(COMPONENTS)


def test_every_language_link_keeps_the_address(render):
    html, _ = render("states", "es")

    assert '<html lang="es" dir="ltr">' in html
    for code in ("en", "es", "pt", "fr"):
        assert f'<a href="?lang={code}&amp;page=2" lang="{code}" hreflang="{code}"' in html


def test_what_people_wrote_is_text(render):
    html, _ = render("roster")

    assert 'value="&lt;b&gt;"' in html
    assert "&lt;/textarea&gt;" in render("fields")[0]


def test_the_names_of_an_answer_are_those_the_reader_knows(render):
    _, tree = render("question")

    names = {element.get("name") for element in tree.iter() if element.get("name")}
    assert {
        "OPG-A1.seq", "OPG-A1.remark", "OPG-A1.evidence", "OPG-A1.state", "OPG-A1.reason",
        "OPG-A1.visibility", "OPG-A1.new.title", "OPG-A1-gap.explanation",
    } <= names  # fmt: skip
    assert {"OPG-A1-state", "OPG-A1.seq", "OPG-A1"} <= {e.get("id") for e in tree.iter()}


def test_boxes_that_are_all_empty_still_say_so(render):
    _, tree = render("choices")

    values = [e.get("value") for e in tree.iter("input") if e.get("name") == "Q"]
    assert values == ["", "yes", "no"]


def test_a_row_to_add_and_a_row_that_is_there_are_named_alike(render):
    html, _ = render("roster")

    assert 'name="r1/Q-kind"' in html
    assert 'name="__row__/Q-kind"' in html
    assert 'name="remove_row" value="Q/r1"' in html
    assert 'id="r1/Q-kind-error"' in html


def test_many_equal_levels_are_one_dot_and_their_number(render):
    html, _ = render("profile")

    assert "×3" in html
    assert html.count('class="dot d3"') == 1
