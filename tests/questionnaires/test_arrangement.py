import pytest

from survey.questionnaires import arrangement


def sections(**items):
    return [
        {"code": code, "title": {"en": code}, "items": each.split()} for code, each in items.items()
    ]


def shape(made):
    return {each["code"]: " ".join(each["items"]) for each in made}


START = sections(A="a1 a2 a3", B="b1 b2", C="")
BANK = ["a1", "a2", "a3", "a4", "b1", "b2", "d1"]


@pytest.mark.parametrize(
    ("home", "codes", "expected"),
    [
        pytest.param("A", ["a4"], {"A": "a1 a2 a3 a4", "B": "b1 b2", "C": ""}, id="at the end"),
        pytest.param(
            "D", ["d1"], {"A": "a1 a2 a3", "B": "b1 b2", "C": "", "D": "d1"}, id="new section"
        ),
        pytest.param("A", ["a1"], shape(START), id="already there"),
        pytest.param("E", ["a1"], shape(START), id="already in another section"),
    ],
)
def test_an_added_item_stands_in_its_section_once(home, codes, expected):
    made = arrangement.added(START, {"code": home, "title": {}}, codes, BANK)

    assert shape(made) == expected


def test_an_added_item_comes_behind_those_before_it_in_the_bank():
    without = arrangement.without(START, ["a2"])

    assert shape(arrangement.added(without, {"code": "A"}, ["a2"], BANK))["A"] == "a1 a2 a3"


@pytest.mark.parametrize(
    ("code", "step", "expected"),
    [
        pytest.param("a2", -1, {"A": "a2 a1 a3", "B": "b1 b2", "C": ""}, id="up"),
        pytest.param("a2", 1, {"A": "a1 a3 a2", "B": "b1 b2", "C": ""}, id="down"),
        pytest.param("b1", -1, {"A": "a1 a2 a3 b1", "B": "b2", "C": ""}, id="up over the edge"),
        pytest.param("b2", 1, {"A": "a1 a2 a3", "B": "b1", "C": "b2"}, id="down over the edge"),
        pytest.param("a1", -1, shape(START), id="the first stays"),
        pytest.param("x9", 1, shape(START), id="not there"),
    ],
)
def test_an_item_moves_one_place(code, step, expected):
    assert shape(arrangement.shifted(START, code, step)) == expected


def test_moved_items_stand_at_the_end_of_the_section_in_their_order():
    made = arrangement.moved(START, ["b1", "a2"], "C")

    assert shape(made) == {"A": "a1 a3", "B": "b2", "C": "a2 b1"}


def test_a_section_moves_with_its_items_and_stops_at_the_ends():
    assert list(shape(arrangement.section_shifted(START, "B", -1))) == ["B", "A", "C"]
    assert list(shape(arrangement.section_shifted(START, "C", 1))) == ["A", "B", "C"]


def test_a_removed_section_takes_its_items_along():
    assert shape(arrangement.section_removed(START, "A")) == {"B": "b1 b2", "C": ""}


def test_other_texts_leave_the_items_of_a_section():
    made = arrangement.section_said(START, "A", {"title": {"en": "New"}})

    assert (made[0]["title"], made[0]["items"]) == ({"en": "New"}, ["a1", "a2", "a3"])


def test_what_was_given_stays_as_it_was():
    before = shape(START)

    for made in (
        arrangement.added(START, {"code": "A"}, ["a4"], BANK),
        arrangement.shifted(START, "a1", 1),
        arrangement.moved(START, ["a1"], "C"),
        arrangement.section_added(START, "D", {"title": {}}),
    ):
        made[0]["items"].append("z")

    assert shape(START) == before
