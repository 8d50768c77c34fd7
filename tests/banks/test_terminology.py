"""One term, one translation: what the glossary check finds, and what excuses a text."""

from datetime import UTC, datetime

import pytest
from babel.messages.pofile import read_po, write_po

from survey.banks.files import BankFolder
from survey.banks.terminology import Term, term_problems

TERMS = (
    Term(
        key="open_gov",
        en=("open government", "openness"),
        es=("gobierno abierto",),
        pt=("governo aberto",),
        fr=("gouvernement ouvert",),
    ),
    Term(
        key="accounts",
        en=("open government accounts", "government accounts"),
        es=("cuentas del gobierno",),
        pt=("contas do governo",),
        fr=("comptes publics",),
    ),
    Term(
        key="authority",
        en=("government authorit*",),
        es=("autoridad* gubernamental*",),
        pt=("autoridade* governamenta*",),
        fr=("autorité* gouvernementale*",),
    ),
)


def found(english, spanish, comments=""):
    excuses = {"es": {"X-A1:stem": comments}} if comments else {}
    return [
        problem.params["term"]
        for problem in term_problems({"X-A1:stem": {"en": english, "es": spanish}}, excuses, TERMS)
    ]


@pytest.mark.parametrize(
    ("english", "spanish", "expected"),
    [
        pytest.param("Open government?", "¿Gobierno abierto?", [], id="as agreed"),
        pytest.param("Open government?", "¿Administración?", ["open government"], id="otherwise"),
        pytest.param("Open government?", "¿Gobierno\nabierto?", [], id="over the end of a line"),
        pytest.param(
            "Open government?", "Gobierno abiertos", ["open government"], id="not a form of it"
        ),
        pytest.param(
            "Open government. Open government.", "No", ["open government"], id="told once"
        ),
        pytest.param(
            "Open government accounts", "Cuentas", ["open government accounts"], id="the longer"
        ),
        pytest.param("Reopen governments", "Otra cosa", [], id="part of a word is no term"),
        pytest.param(
            "The government authorities", "Las autoridades gubernamentales", [], id="any ending"
        ),
        pytest.param(
            "An open government authority", "El gobierno abierto", [], id="the first of two"
        ),
        pytest.param("At https://x.example/openness/law", "En x", [], id="an address"),
    ],
)
def test_a_term_is_rendered_as_agreed(english, spanish, expected):
    assert found(english, spanish) == expected


def test_a_translator_may_say_why_a_term_is_rendered_otherwise():
    assert found("Open government", "Otra", "glossary open_gov: the name of a law") == []
    assert found("Open government", "Otra", "glossary open_gov:") == ["open government"]
    assert found("Open government", "Otra", "glossary authority: why") == ["open government"]


def test_the_reason_survives_an_update_of_the_catalogue(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "bank.yaml").write_text("code: X\ntitle: Open government\n", "utf-8")
    folder = BankFolder(tmp_path / "x", tmp_path / "translations")
    path = folder.update_catalogue("es", datetime(2026, 11, 24, tzinfo=UTC))
    with path.open("rb") as file:
        catalogue = read_po(file, locale="es")
    entry = catalogue.get("Open government", context="X:title")
    entry.string, entry.user_comments = "Otra", ["glossary open_gov: the name of a law"]
    with path.open("wb") as file:
        write_po(file, catalogue)

    folder.update_catalogue("es", datetime(2026, 11, 24, tzinfo=UTC))

    assert list(term_problems(folder.texts(), folder.comments(), TERMS)) == []
