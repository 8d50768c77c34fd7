"""Printed sign-in links: they exist only where the demonstration runs."""

import pytest

from survey.accounts.views import demonstration_link
from survey.core.policy import Role


@pytest.fixture
def demonstration(app):
    app.config["DEMONSTRATION"] = True
    yield
    app.config["DEMONSTRATION"] = False


@pytest.fixture
def link(app, person):
    return demonstration_link(person(Role.EXPERT, name="Eva")).removeprefix(app.config["BASE_URL"])


@pytest.mark.usefixtures("demonstration")
def test_a_link_shows_a_button_and_signs_in_when_it_is_pressed(client, link):
    page = client.get(link)

    assert "Eva" in page.text
    assert "object at" not in page.text
    assert client.get("/").location == "/sign-in"
    assert client.post(link).status_code == 303
    assert "Eva" in client.get(client.get("/").location).text


def test_outside_a_demonstration_no_link_works(client, link):
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404


@pytest.mark.usefixtures("demonstration")
def test_a_link_that_was_not_made_here_does_not_work(client, link):
    assert client.get(link[:-2] + "xx").status_code == 404
    assert client.get("/demonstration/x").status_code == 404


@pytest.mark.usefixtures("demonstration")
def test_the_link_of_a_closed_account_does_not_work(client, person, session, app):
    somebody = person(Role.EXPERT)
    somebody.disabled = True

    assert (
        client.get(demonstration_link(somebody).removeprefix(app.config["BASE_URL"])).status_code
        == 404
    )
