"""Places and homes that capabilities register."""

import pytest

from survey.core.policy import Grant, Role, Viewer
from survey.web.places import Home, Place, Register, add_home, add_place, home_of, navigation

DESIGNER = Viewer(person="1", grants=(Grant(role=Role.DESIGNER),))
EXPERT = Viewer(person="2", grants=(Grant(role=Role.EXPERT, round="r"),))


@pytest.fixture
def bare(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "ronda.places", Register())
    with app.test_request_context("/sign-in"):
        yield app


def test_people_begin_at_the_home_of_their_role(bare):
    add_home(bare, Home(frozenset({Role.DESIGNER}), lambda _viewer: "/banks"))

    assert home_of(DESIGNER) == "/banks"
    assert home_of(EXPERT) is None


def test_the_home_of_lowest_rank_that_has_something_wins(bare):
    add_home(bare, Home(frozenset({Role.DESIGNER}), lambda _viewer: "/later", rank=2))
    add_home(bare, Home(frozenset({Role.DESIGNER}), lambda _viewer: None, rank=0))
    add_home(bare, Home(frozenset({Role.DESIGNER}), lambda _viewer: "/first", rank=1))

    assert home_of(DESIGNER) == "/first"


def test_places_are_shown_to_whom_they_are_for(bare):
    add_place(bare, Place("Sign in", "accounts.sign_in", lambda viewer: viewer is DESIGNER))

    assert navigation(DESIGNER) == [("Sign in", "/sign-in", True)]
    assert navigation(EXPERT) == []
