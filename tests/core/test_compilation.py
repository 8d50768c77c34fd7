import msgspec
import pytest

from survey.banks.files import BankFolder
from survey.config import ROOT
from survey.core.checking import problems_of
from survey.core.compilation import compile_item
from survey.core.composition import Heading, Part, assemble
from survey.core.items import Common, Item
from survey.core.program import Program
from survey.core.state import state_of
from tests.core.build import NOW, en, said

COMMON: Common = BankFolder(ROOT / "question_banks/common", ROOT / "translations").read_common()


def item(kind, **more):
    raw = {
        "code": "X-A1",
        "type": kind,
        "title": en("Title"),
        "stem": en("Stem?"),
        "help": en("Help."),
        **more,
    }
    return msgspec.convert(raw, Item)


def compiled(kind, **more):
    return compile_item(item(kind, **more), {}, COMMON).question


def suffixes(question):
    return [field.code.removeprefix("X-A1").lstrip("-") for field in question.fields]


CHOICES = [
    {"code": "law", "label": en("Law")},
    {"code": "none", "label": en("None"), "exclusive": True},
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param(
            compiled("progress"),
            ["", "stage", "body", "expected", "planned", "plannedyear", "reason"],
            id="G2 and G3 follow yes, in progress, no",
        ),
        pytest.param(
            compiled("yes_no"), ["", "planned", "plannedyear", "reason"], id="G3 follows no"
        ),
        pytest.param(compiled("integer"), ["", "year", "source", "coverage"], id="G6"),
        pytest.param(
            compiled("currency"),
            ["", "currency", "year", "source", "coverage"],
            id="G6 with currency",
        ),
        pytest.param(
            compiled("select_one", choices=CHOICES, other=True), ["", "other"], id="other, specify"
        ),
        pytest.param(
            compiled(
                "numbers",
                fields=[
                    {"code": "a", "type": "integer", "label": en("a")},
                    {"code": "b", "type": "integer", "label": en("b")},
                ],
            ),
            ["a", "b", "year", "source", "coverage"],
            id="several numbers share year and source",
        ),
        pytest.param(compiled("long_text"), [""], id="a text has nothing generated"),
    ],
)
def test_the_global_rules_add_their_fields(question, expected):
    assert suffixes(question) == expected


def test_other_stands_before_the_choices_that_empty_all_others():
    made = compile_item(item("select_one", choices=CHOICES, other=True), {}, COMMON)

    assert [choice.code for choice in made.lists["X-A1"]] == ["law", "other", "none"]


def test_a_percentage_is_bounded_and_a_number_not_negative():
    percent, integer = compiled("percent").fields[0], compiled("integer").fields[0]

    assert (percent.minimum, percent.maximum) == ("0", "100")
    assert (integer.minimum, integer.maximum) == ("0", "")
    assert compiled("decimal", negative=True).fields[0].minimum == ""


def test_a_maturity_item_takes_its_own_words_for_the_levels():
    levels = [en(f"Level {n} here.") for n in range(5)]
    made = compile_item(item("maturity", levels=levels), {}, COMMON)

    assert [(c.code, c.text["en"]) for c in made.lists["X-A1"]] == [
        (str(n), f"Level {n} here.") for n in range(5)
    ]
    assert made.lists["X-A1"][3].label["es"] == "Consolidado"


EVIDENCE = {"kinds": ["L"], "ask": en("The law.")}


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        pytest.param("progress", {"evidence": EVIDENCE}, "${X-A1} = 'yes'", id="yes"),
        pytest.param(
            "maturity",
            {"evidence": EVIDENCE, "levels": [en("x")] * 5},
            "${X-A1} >= 3",
            id="level 3",
        ),
        pytest.param("progress", {}, "", id="nothing asked for"),
        pytest.param("integer", {"evidence": EVIDENCE}, "", id="a number is no claim"),
    ],
)
def test_a_claim_asks_for_evidence(kind, more, expected):
    assert compiled(kind, **more).evidence_when == expected


def test_no_year_lies_ahead_but_a_horizon():
    years = [
        {"code": "since", "type": "year", "label": en("Since")},
        {"code": "until", "type": "year", "label": en("Until"), "horizon": True},
    ]
    run = run_of(item("progress", fields=years))
    given = said(X__A1="yes", X__A1__since="2027", X__A1__until="2050")

    assert "X-A1-since-ahead" in found(run, given)
    assert "X-A1-until-ahead" not in found(run, given)
    assert "X-A1-since-ahead" not in found(run, said(X__A1="yes", X__A1__since="2026"))


def run_of(*items):
    parts = [Part(code="X-A", title=en("A"), items=tuple((each, {}) for each in items))]
    heading = Heading(code="x", version=1, languages=("en",), title=en("X"))
    return Program(assemble(heading, parts, COMMON))


def found(run, answer):
    return {p.params.get("check") for p in state_of(run, {"X-A1": answer}, NOW).problems}


@pytest.mark.parametrize(
    ("kind", "answer", "check"),
    [
        pytest.param(
            "progress", said(X__A1="progress", X__A1__expected="2026-10"), "X-A1-expected", id="G2"
        ),
        pytest.param(
            "yes_no",
            said(X__A1="no", X__A1__planned="yes", X__A1__plannedyear="2025"),
            "X-A1-planned",
            id="G3",
        ),
        pytest.param("integer", said(X__A1="3", X__A1__year="2027"), "X-A1-year", id="G7"),
        pytest.param("integer", said(X__A1="3"), "X-A1-source", id="G6"),
    ],
)
def test_the_global_rules_check_what_they_ask(kind, answer, check):
    assert check in found(run_of(item(kind)), answer)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        pytest.param("progress", said(X__A1="progress", X__A1__expected="2026-12"), id="G2"),
        pytest.param(
            "integer",
            said(X__A1="3", X__A1__year="2026", X__A1__source={"text": "s", "lang": "en"}),
            id="G6",
        ),
        pytest.param("integer", said(), id="a blank number"),
    ],
)
def test_the_global_rules_are_silent_when_all_is_well(kind, answer):
    assert found(run_of(item(kind)), answer) == set()


def test_every_kind_of_item_compiles_to_an_instrument_without_problems():
    table = item(
        "table",
        columns=[{"code": "name", "type": "short_text", "label": en("Name")}],
        open={"least": 1, "example": {"name": en("Plan")}},
    )
    kinds = ("yes_no", "progress", "integer", "decimal", "percent", "currency", "year", "date")
    others = [item(kind) for kind in (*kinds, "short_text", "long_text", "url")]

    for each in (table, item("select_multiple", choices=CHOICES, other=True), *others):
        assert problems_of(run_of(each).index.instrument) == (), each.type


def test_rows_of_a_table_have_their_example():
    table = compiled(
        "table",
        columns=[{"code": "name", "type": "short_text", "label": en("Name")}],
        open={"least": 1, "example": {"name": en("Plan")}},
    )

    assert table.roster.example == {"X-A1-name": en("Plan")}
