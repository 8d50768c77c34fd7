"""People, entities and grants."""

import pytest

from survey.accounts import service
from survey.core.policy import Role


def add(session, email="ana@example.org", **more):
    return service.add_person(session, email=email, name="Ana", **more)


def test_an_address_belongs_to_one_person_whatever_its_case(session):
    add(session)

    with pytest.raises(service.EmailTaken):
        add(session, " ANA@EXAMPLE.ORG ")


@pytest.mark.parametrize("email", ["", "ana", "ana@", "@example.org", "a b@c.org", "a@b", "a@@b.c"])
def test_what_is_no_address_is_refused(session, email):
    with pytest.raises(service.EmailUnreadable):
        add(session, email)


def test_a_short_password_is_refused(session):
    with pytest.raises(service.PasswordTooShort):
        add(session, password="elevenchars")


def test_a_country_is_the_owner_of_its_official_answer_once(session):
    first = service.country_entity(session, "HND")

    assert service.country_entity(session, "HND") is first
    assert (first.is_country, first.name["pt"]) == (True, "Honduras")


def test_a_country_of_a_demonstration_is_named_by_who_makes_it(session):
    assert service.country_entity(session, "XMV", {"es": "Montalva"}).name == {"es": "Montalva"}


@pytest.mark.parametrize("code", ["", "XXX", "hnd", "HN", "../"])
def test_a_country_nobody_knows_is_refused(session, code):
    with pytest.raises(service.CountryUnknown):
        service.country_entity(session, code)


def test_entities_of_a_country_begin_with_itself(session):
    service.add_entity(session, "HND", "finance", {"es": "Finanzas"})
    service.add_entity(session, "PER", "abc", {"es": "Otra"})

    assert [entity.code for entity in service.entities_of(session, "HND")] == ["HND", "finance"]


def test_the_same_grant_again_is_the_one_they_have(session, person):
    somebody = person()
    first = service.grant(session, somebody, Role.LIAISON, country="HND")

    assert service.grant(session, somebody, Role.LIAISON, country="HND") is first
    assert len(somebody.grants) == 1


@pytest.mark.parametrize("role", [Role.LIAISON, Role.CONTRIBUTOR, Role.AUTHORITY])
def test_the_people_of_a_country_are_of_one(session, person, role):
    with pytest.raises(service.CountryMissing):
        service.grant(session, person(), role)


def test_a_contributor_answers_for_an_entity_of_their_country(session, person):
    finance = service.add_entity(session, "HND", "finance", {"es": "Finanzas"})

    assert service.grant(session, person(), Role.CONTRIBUTOR, entity=finance).country == "HND"
    with pytest.raises(service.EntityUnknown):
        service.grant(session, person(), Role.CONTRIBUTOR, country="HND")
    with pytest.raises(service.EntityUnknown):
        service.grant(session, person(), Role.CONTRIBUTOR, country="PER", entity=finance)
