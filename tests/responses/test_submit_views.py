"""The page before the signature, the signature and the receipt: done, refused, not yours."""

import pytest

from survey.core.answers import EXPLAINS, Answer, Part, Row
from survey.core.instrument import decode, encode
from survey.core.policy import Role
from survey.responses.models import Conflict, Submission
from survey.responses.submission import submission_of
from tests.factories import COUNTRY, a_response
from tests.responses.conftest import text
from tests.responses.sheets import HTML, Desk, Page
from tests.responses.workbooks import with_grant
from tests.workbooks.instruments import EVERY_TYPE

ROW = (Part("EX-A16", "law", "@row"), Part("EX-A16", "law", "EX-A16-name"))
WARNED = {"EX-A1": "yes", ROW[0]: 1, ROW[1]: text("Uno")}
NAMED = {"signatory": "Lucía Herrera", "office": "Secretaría", "confirm": "yes", "do": "sign"}


@pytest.fixture
def answered(world):
    world.save({"EX-A1": "yes", "EX-A3": "12"})
    with_grant(world, world.liaison)
    return world


@pytest.fixture
def desk(browser, answered):
    return Desk(browser(answered.liaison), answered.response.id)


def signed(desk, form=None, status=303, **changes):
    given = (form or desk.page("/submit").form) | NAMED | changes
    given = {name: value for name, value in given.items() if value is not None}
    reply = desk.client.post(f"{desk.base}/submit", data=given)
    assert reply.status_code == status
    return reply


def links(page):
    return [link.get("href") for link in page.tree.iter(f"{HTML}a")]


# before


def test_who_may_sign_sees_that_nothing_stands_in_the_way(desk):
    page = desk.page("/submit")

    assert "Nothing stands in the way" in page.words("content")
    assert page.form["signatory"] == ["Lucía"]
    assert "confirm" not in page.form


def test_what_blocks_leads_to_its_field(desk, answered):
    answered.save({"EX-A10": {"state": "withheld"}})

    page = desk.page("/submit")
    assert "Say why this question is not answered." in page.words("content")
    assert any(link.startswith(f"{desk.base}/sections/EX-A#EX-A10") for link in links(page))
    assert "signatory" not in page.names


def test_two_versions_lead_to_where_they_are_settled(desk, answered):
    answered.save({"EX-A3": "13"}, base=1)
    answered.save({"EX-A3": "14"}, base=1)

    page = desk.page("/submit")
    assert f"{desk.base}/sections/EX-A#EX-A3.conflicts" in links(page)
    assert "signatory" not in page.names


def test_what_is_not_sent_is_named(desk, answered):
    answered.save(WARNED)
    answered.save({"EX-A1": "no", "EX-A10": {"state": "withheld"}})
    answered.save({Part("EX-A10", "", "reason"): text("En investigación.")})
    answered.save({Part("EX-A3", "", "visibility"): "panel"})

    words = desk.page("/submit").words("content")
    assert "Kept here, not sent (1)" in words
    assert "It is not asked because of an earlier answer." in words
    assert "Withheld (1)" in words
    assert "For the panel alone (1)" in words


def test_a_warning_is_explained_and_stays(desk, answered):
    answered.save(WARNED)
    page = desk.page("/submit")
    assert "Only one name is given." in page.words("content")

    form = page.form | {"EX-A16-c1.explanation": "Solo hay uno.", "do": "explain"}
    reply = desk.client.post(f"{desk.base}/submit", data=form)
    assert (reply.status_code, reply.location) == (303, f"{desk.base}/submit")
    kept = answered.board.answers["EX-A16"].explanations["EX-A16-c1"]
    assert kept == {"text": "Solo hay uno.", "lang": "en"}
    assert desk.page("/submit").form["EX-A16-c1.explanation"] == ["Solo hay uno."]


def test_an_explanation_that_is_too_long_is_not_saved_and_stays_typed(desk, answered):
    answered.save(WARNED)
    long = "x" * 4001
    form = desk.page("/submit").form | {"EX-A16-c1.explanation": long, "do": "explain"}

    reply = desk.client.post(f"{desk.base}/submit", data=form)
    assert reply.status_code == 422
    assert Page(reply).form["EX-A16-c1.explanation"] == [long]
    assert answered.board.answers["EX-A16"].explanations == {}


def test_two_explanations_at_once_are_both_kept(desk, answered):
    answered.save(WARNED)
    form = desk.page("/submit").form | {"EX-A16-c1.explanation": "Mía", "do": "explain"}
    answered.save({Part("EX-A16", "", f"{EXPLAINS}EX-A16-c1"): text("Suya")})

    assert desk.client.post(f"{desk.base}/submit", data=form).status_code == 303
    (conflict,) = answered.session.query(Conflict)
    assert conflict.there["text"] == "Mía"


# signed


def test_a_signature_leads_to_a_receipt(desk, answered):
    assert signed(desk).location == f"{desk.base}/receipt"

    submission = submission_of(answered.session, answered.response)
    page = desk.page("/receipt")
    words = page.words("content")
    assert "Lucía Herrera, Secretaría" in words
    assert submission.sha256 in words.replace(" ", "")
    assert submission.seq == 1
    assert not answered.response.is_open


def test_explanations_typed_beside_the_signature_go_with_it(desk, answered):
    answered.save(WARNED)
    signed(desk, **{"EX-A16-c1.explanation": "Solo hay uno."})

    assert answered.board.answers["EX-A16"].explanations["EX-A16-c1"]["text"] == "Solo hay uno."
    assert submission_of(answered.session, answered.response).seq == 3


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"signatory": " "}, "signatory"),
        ({"signatory": "x" * 201}, "signatory"),
        ({"office": "x" * 201}, "office"),
        ({"confirm": None}, "confirm"),
    ],
)
def test_a_signature_that_lacks_something_is_no_signature(desk, answered, changes, where):
    page = Page(signed(desk, status=422, **changes))

    assert page.words(f"{where}-error").startswith("Error:")
    assert answered.response.is_open


def test_nothing_is_submitted_that_changed_while_it_was_read(desk, answered):
    form = desk.page("/submit").form
    answered.save({"EX-A3": "13"}, by=answered.contributor)

    page = Page(signed(desk, form, status=409))
    words = page.words("content")
    assert "Changed while you were reading (1)" in words
    assert answered.contributor.name in words
    assert answered.response.is_open
    assert page.form["signatory"] == ["Lucía Herrera"]
    signed(desk, page.form)
    assert not answered.response.is_open


@pytest.mark.parametrize("seq", ["", "x", "-1", "99", "9" * 30])
def test_a_signature_of_a_state_that_was_not_shown_is_none(desk, answered, seq):
    signed(desk, status=409, shown_seq=seq)

    assert answered.response.is_open


def test_nothing_is_signed_while_something_stands_in_the_way(desk, answered):
    form = desk.page("/submit").form
    answered.save({"EX-A10": {"state": "withheld"}})

    page = Page(signed(desk, form | {"shown_seq": "2"}, status=409))
    assert "Say why this question is not answered." in page.words("content")
    assert answered.response.is_open


def test_the_same_signature_again_leads_to_the_same_receipt(desk, answered):
    form = desk.page("/submit").form
    signed(desk, form)

    assert signed(desk, form).location == f"{desk.base}/receipt"
    assert answered.session.query(Submission).count() == 1


def test_another_signature_comes_too_late(desk, answered, browser, person):
    signed(desk)
    second = person(Role.AUTHORITY, country=answered.response.round.country)

    other = Desk(browser(second), answered.response.id)
    assert other.client.get(f"{other.base}/submit").location == f"{other.base}/receipt"
    reply = other.client.post(f"{other.base}/submit", data=NAMED | {"shown_seq": "1"})
    assert reply.status_code == 409
    assert answered.session.query(Submission).count() == 1


def test_a_submitted_response_takes_no_answer(desk, answered):
    page = desk.section("EX-A")
    signed(desk)

    assert desk.send("EX-A", page, **{"EX-A3": "99"}).status_code == 409
    assert answered.value("EX-A3") == "12"


# who


@pytest.mark.parametrize("role", [Role.LIAISON, Role.AUTHORITY])
def test_liaison_and_authority_sign(browser, person, answered, role):
    somebody = person(role, country=answered.response.round.country)

    signed(Desk(browser(somebody), answered.response.id))
    assert submission_of(answered.session, answered.response).signed_by == somebody.id


def test_who_contributes_does_not_sign(browser, answered):
    place = {"entity": answered.country}
    somebody = with_grant(answered, answered.contributor, Role.CONTRIBUTOR, **place)

    own = browser(somebody)
    assert own.get(f"/responses/{answered.response.id}/submit").status_code == 404
    reply = own.post(f"/responses/{answered.response.id}/submit", data=NAMED)
    assert reply.status_code == 404
    assert answered.response.is_open


@pytest.mark.parametrize("path", ["/submit", "/receipt"])
@pytest.mark.parametrize("role", [Role.LIAISON, Role.AUTHORITY])
def test_another_country_finds_neither_page(browser, person, answered, desk, role, path):
    signed(desk)
    foreign = browser(person(role, country="PER"))

    assert foreign.get(f"{desk.base}{path}").status_code == 404


@pytest.mark.parametrize("role", [Role.EXPERT, Role.COORDINATOR])
def test_the_panel_finds_nothing_of_a_draft(browser, person, answered, desk, role):
    panel = browser(person(role, round_id=answered.response.round_id))

    for path in ("", "/sections/EX-A", "/evidence", "/workbook", "/submit", "/receipt"):
        assert panel.get(desk.base + path).status_code == 404, path
    assert panel.post(f"{desk.base}/submit", data=NAMED).status_code == 404


def test_an_open_response_has_no_receipt(desk):
    desk.page("/receipt", 404)


@pytest.mark.usefixtures("forgery_checked")
def test_a_signature_that_no_page_gave_is_refused(desk, answered):
    assert desk.client.post(f"{desk.base}/submit", data=NAMED).status_code == 403
    assert answered.response.is_open


def test_one_warning_about_several_rows_is_explained_once(browser, person, session):
    lenient = decode(encode(EVERY_TYPE).replace(b'"severity":"error"', b'"severity":"warning"'))
    spans = ({"OPG-A3-start": "2024", "OPG-A3-end": "2023"},) * 2
    rows = tuple(Row(id=f"{n}" * 32, position=n, fields=f) for n, f in enumerate(spans, 1))
    asked = {"OPG-A2": Answer(fields={"OPG-A2": "yes"})}
    response = a_response(session, lenient, asked | {"OPG-A3": Answer(rows=rows)})
    desk = Desk(browser(person(Role.LIAISON, country=COUNTRY)), response.id)

    page = desk.page("/submit")
    fields = [e for e in page.all("textarea") if e.get("name") == "OPG-A3-c1.explanation"]
    assert len(fields) == 1
    ids = [e.get("id") for e in page.tree.iter() if e.get("id")]
    assert sorted(set(ids)) == sorted(ids)
