from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from survey.accounts import service, sign_in
from survey.accounts.models import Person, SignIn
from survey.accounts.passwords import is_right
from survey.core.policy import Role
from survey.database import now

PASSWORD = "correct horse battery"


@pytest.fixture
def ana(person):
    return person(Role.LIAISON, country="HND", email="ana@example.org", password=PASSWORD)


def enter(client, email="ana@example.org", password=PASSWORD, **more):
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def is_in(client):
    """Home leads on to what the person works on; who is not signed in is asked to."""
    return not (client.get("/").location or "").startswith("/sign-in")


def test_the_right_password_signs_in(client, ana):
    reply = enter(client)

    assert (reply.status_code, reply.location) == (303, "/")
    assert is_in(client)


def test_an_address_is_read_whatever_its_case(client, ana):
    assert enter(client, " ANA@Example.org").status_code == 303


def test_a_wrong_password_and_an_unknown_address_look_alike(client, ana):
    wrong = enter(client, password="something else")
    unknown = enter(client, email="nobody@example.org")

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace("ana@", "") == unknown.text.replace("nobody@", "")


def test_a_closed_account_does_not_sign_in(client, session, ana):
    service.disable_person(session, ana.email)

    assert enter(client).status_code == 422


def test_signing_in_begins_with_an_empty_cookie(client, ana):
    with client.session_transaction() as cookie:
        cookie["planted"] = "before"
    enter(client)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_each_sign_in_has_a_new_id(client, session, ana):
    enter(client)
    enter(client)

    assert session.scalar(select(func.count()).select_from(SignIn)) == 2


@pytest.mark.parametrize("target", ["/people", "/a/b?c=d"])
def test_signing_in_goes_on_to_the_page_that_was_asked_for(client, ana, target):
    assert enter(client, next=target).location == target


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "evil",
     "/\t/evil.example", "/%0d%0aLocation:x\r\n", " //evil.example", "javascript:alert(1)"],
)  # fmt: skip
def test_signing_in_never_leads_to_another_site(client, ana, target):
    assert enter(client, next=target).location == "/"


def test_a_new_password_ends_every_session(session, browser, ana):
    mine = browser(ana)
    assert is_in(mine)
    service.reset_password(session, ana.email)

    assert not is_in(mine)


def test_closing_an_account_ends_its_sessions(session, browser, ana):
    mine = browser(ana)
    service.disable_person(session, ana.email)

    assert not is_in(mine)


def test_an_account_opened_again_does_not_bring_old_sessions_back(session, browser, ana):
    mine = browser(ana)
    service.disable_person(session, ana.email)
    service.disable_person(session, ana.email, disabled=False)

    assert not is_in(mine)


def test_signing_out_ends_the_session_wherever_its_cookie_is(app, browser, ana):
    mine = browser(ana)
    stolen = app.test_client()
    stolen.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie_of(app, mine))
    reply = mine.post("/sign-out")

    assert "storage" in reply.headers["Clear-Site-Data"]
    assert not is_in(mine)
    assert not is_in(stolen)


def cookie_of(app, client):
    return client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value


def test_a_session_left_alone_for_half_an_hour_has_ended(browser, ana):
    mine = browser(ana)
    with mine.session_transaction() as cookie:
        cookie["seen"] -= 31 * 60

    assert not is_in(mine)


def test_a_session_of_twelve_hours_has_ended(session, browser, ana):
    mine = browser(ana)
    session.execute(update(SignIn).values(started_at=now() - timedelta(hours=12, seconds=1)))

    assert not is_in(mine)


@pytest.mark.parametrize(
    "broken", [{"sign_in": 5}, {"sign_in": "x"}, {"seen": "y"}, {"seen": None}]
)
def test_a_malformed_cookie_is_nobody(browser, ana, broken):
    mine = browser(ana)
    with mine.session_transaction() as cookie:
        cookie.update(broken)

    assert mine.get("/").location == "/sign-in"


def test_rights_are_those_of_this_moment(session, browser, ana):
    mine = browser(ana)
    mine.get("/")
    ana.grants.clear()
    session.commit()

    begun = session.scalars(select(SignIn)).one()
    assert sign_in.present(session, begun.id, now()).viewer.grants == ()


def test_recognizing_somebody_is_one_statement(browser, ana, statements):
    mine = browser(ana)
    mine.get("/")
    statements.clear()
    mine.get("/")

    assert len(statements) == 1


def tries(session, count, email="ana@example.org", network="192.0.2.1", at=None):
    moment = at or now()
    for _ in range(count):
        sign_in.sign_in_by_password(session, email, "wrong", network, moment)


def test_guessing_one_account_is_slowed_down(session, ana):
    moment = now()
    tries(session, 3, at=moment)

    with pytest.raises(sign_in.TooManyTries) as refused:
        sign_in.sign_in_by_password(session, ana.email, PASSWORD, "192.0.2.1", moment)
    assert refused.value.params == {"seconds": 1}


def test_the_delay_grows_and_ends(session, ana):
    moment, waits = now(), []
    tries(session, 3, at=moment)
    for _ in range(8):
        with pytest.raises(sign_in.TooManyTries) as refused:
            tries(session, 1, at=moment)
        waits.append(refused.value.params["seconds"])
        moment += timedelta(seconds=waits[-1])
        tries(session, 1, at=moment)

    assert waits == [1, 2, 4, 8, 16, 32, 40, 40]


def test_guessing_from_elsewhere_does_not_lock_the_owner_out(session, ana):
    moment = now()
    tries(session, 3, at=moment, network="198.51.100.7")

    assert sign_in.sign_in_by_password(session, ana.email, PASSWORD, "192.0.2.1", moment) == ana


def test_trying_many_accounts_from_one_network_is_slowed_down(session, ana):
    moment = now()
    for number in range(20):
        tries(session, 1, email=f"p{number}@example.org", at=moment)

    with pytest.raises(sign_in.TooManyTries):
        tries(session, 1, email="another@example.org", at=moment)


def test_unknown_accounts_are_slowed_down_like_known_ones(session, ana):
    moment = now()
    tries(session, 3, email="nobody@example.org", at=moment)

    with pytest.raises(sign_in.TooManyTries):
        tries(session, 1, email="nobody@example.org", at=moment)


def test_failures_are_forgotten_after_a_while(session, ana):
    moment = now()
    tries(session, 3, at=moment)
    later = moment + timedelta(minutes=16)

    assert sign_in.sign_in_by_password(session, ana.email, PASSWORD, "192.0.2.1", later) == ana


def test_too_many_tries_say_when_to_try_again(client, ana):
    for _ in range(3):
        enter(client, password="wrong")
    reply = enter(client)

    assert reply.status_code == 429
    assert reply.headers["Retry-After"] == "1"


def test_a_failure_counts_although_nobody_signed_in(client, session, ana):
    for _ in range(3):
        enter(client, password="wrong")

    assert session.scalar(select(func.max(sign_in.SignInFailure.count))) == 3


def test_what_was_written_when_the_session_ended_is_sent_after_signing_in(client, ana):
    page = client.post(
        "/sign-in",
        data={"kept:remark": "a, b & c", "next": "/page", "email": ana.email, "password": PASSWORD},
    )

    assert 'name="remark" value="a, b &amp; c"' in page.text
    assert 'action="/page"' in page.text


def test_passwords_are_kept_as_argon2id(session, ana):
    assert session.scalar(select(Person.password)).startswith("$argon2id$")


def test_an_account_without_a_password_takes_none(session, person):
    somebody = person(Role.EXPERT)
    for guess in ("", "a password that nobody has"):
        assert not is_right(guess, somebody.password)
        assert not is_right(guess, None)
