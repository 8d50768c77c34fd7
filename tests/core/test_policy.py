"""The table of `domain.md` 5.5, written out: every role, act and situation."""

from itertools import product

import pytest

from survey.core.policy import TABLE, Act, Grant, Role, Situation, Viewer, may, roles

HERE = {"country": "CRI", "round": "cri-opg"}
GRANTS = {
    Role.LIAISON: Grant(role=Role.LIAISON, country="CRI"),
    Role.CONTRIBUTOR: Grant(role=Role.CONTRIBUTOR, country="CRI", entity="cri-health"),
    Role.AUTHORITY: Grant(role=Role.AUTHORITY, country="CRI"),
    Role.DESIGNER: Grant(role=Role.DESIGNER),
    Role.COORDINATOR: Grant(role=Role.COORDINATOR, round="cri-opg"),
    Role.EXPERT: Grant(role=Role.EXPERT, round="cri-opg"),
    Role.DONOR: Grant(role=Role.DONOR),
    Role.PUBLIC: Grant(role=Role.PUBLIC),
    Role.ADMINISTRATOR: Grant(role=Role.ADMINISTRATOR),
}
SITUATIONS = {
    "nothing": Situation(),
    "issued": Situation(**HERE),
    "draft, own entity": Situation(**HERE, owner="cri-health", state="draft"),
    "draft, the country's": Situation(**HERE, owner="cri", state="draft"),
    "submitted, own entity": Situation(**HERE, owner="cri-health", state="submitted"),
    "submitted, the country's": Situation(**HERE, owner="cri", state="submitted"),
    "foreign draft": Situation(country="PER", round="per-opg", owner="per", state="draft"),
    "foreign submitted": Situation(country="PER", round="per-opg", owner="per", state="submitted"),
}
DRAFTS = {"draft, own entity", "draft, the country's"}
SUBMITTED = {"submitted, own entity", "submitted, the country's"}
ANYWHERE = set(SITUATIONS)
AT_HOME = {"issued"} | DRAFTS | SUBMITTED
OWN_DRAFT = {"draft, own entity"}
OWN_SUBMITTED = {"submitted, own entity"}

MAY: dict[tuple[Role, Act], set[str]] = {
    (Role.LIAISON, Act.READ_QUESTIONNAIRE): AT_HOME,
    (Role.LIAISON, Act.SEE_PROGRESS): DRAFTS | SUBMITTED,
    (Role.LIAISON, Act.READ_OWN): DRAFTS | SUBMITTED,
    (Role.LIAISON, Act.WRITE_ANSWER): DRAFTS,
    (Role.LIAISON, Act.EXCHANGE_WORKBOOK): DRAFTS,
    (Role.LIAISON, Act.SUBMIT): DRAFTS,
    (Role.LIAISON, Act.READ_SUBMISSION): SUBMITTED,
    (Role.CONTRIBUTOR, Act.READ_QUESTIONNAIRE): AT_HOME,
    (Role.CONTRIBUTOR, Act.SEE_PROGRESS): OWN_DRAFT | OWN_SUBMITTED,
    (Role.CONTRIBUTOR, Act.READ_OWN): OWN_DRAFT | OWN_SUBMITTED,
    (Role.CONTRIBUTOR, Act.WRITE_ANSWER): OWN_DRAFT,
    (Role.CONTRIBUTOR, Act.EXCHANGE_WORKBOOK): OWN_DRAFT,
    (Role.CONTRIBUTOR, Act.READ_SUBMISSION): OWN_SUBMITTED,
    (Role.AUTHORITY, Act.READ_QUESTIONNAIRE): AT_HOME,
    (Role.AUTHORITY, Act.SEE_PROGRESS): DRAFTS | SUBMITTED,
    (Role.AUTHORITY, Act.READ_OWN): DRAFTS | SUBMITTED,
    (Role.AUTHORITY, Act.SUBMIT): DRAFTS,
    (Role.AUTHORITY, Act.READ_SUBMISSION): SUBMITTED,
    (Role.DESIGNER, Act.READ_BANK): ANYWHERE,
    (Role.DESIGNER, Act.EDIT_BANK): ANYWHERE,
    (Role.DESIGNER, Act.NAME_INSTITUTIONS): ANYWHERE,
    (Role.DESIGNER, Act.COMPOSE): ANYWHERE,
    (Role.DESIGNER, Act.PUBLISH): ANYWHERE,
    (Role.DESIGNER, Act.READ_QUESTIONNAIRE): ANYWHERE,
    (Role.COORDINATOR, Act.NAME_INSTITUTIONS): AT_HOME,
    (Role.COORDINATOR, Act.READ_QUESTIONNAIRE): AT_HOME,
    (Role.COORDINATOR, Act.SEE_PROGRESS): DRAFTS | SUBMITTED,
    (Role.COORDINATOR, Act.READ_SUBMISSION): SUBMITTED,
    (Role.COORDINATOR, Act.READ_FRAME): SUBMITTED,
    (Role.COORDINATOR, Act.EXPORT_FRAME): SUBMITTED,
    (Role.EXPERT, Act.READ_QUESTIONNAIRE): AT_HOME,
    (Role.EXPERT, Act.READ_SUBMISSION): SUBMITTED,
    (Role.EXPERT, Act.READ_FRAME): SUBMITTED,
    (Role.EXPERT, Act.EXPORT_FRAME): SUBMITTED,
    (Role.ADMINISTRATOR, Act.MANAGE_PEOPLE): ANYWHERE,
    **{(role, Act.SIGN_IN): ANYWHERE for role in Role if role is not Role.PUBLIC},
}


@pytest.mark.parametrize(("role", "act"), list(product(Role, Act)), ids="-".join)
def test_a_role_may_do_an_act_in_the_situations_of_the_table_and_no_other(role, act):
    viewer = Viewer(person="somebody", grants=(GRANTS[role],))
    found = {name for name, situation in SITUATIONS.items() if may(viewer, act, situation)}
    assert found == MAY.get((role, act), set())


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS)
def test_nobody_signed_in_may_do_nothing(act, situation):
    assert not may(Viewer(), act, situation)


@pytest.mark.parametrize("role", [Role.LIAISON, Role.CONTRIBUTOR, Role.AUTHORITY])
@pytest.mark.parametrize("act", Act)
def test_people_of_a_round_reach_no_other_round_of_their_country(role, act):
    grant = Grant(role=role, country="CRI", entity="cri", round="cri-pln")
    situation = Situation(**HERE, owner="cri", state="draft")
    assert may(Viewer(grants=(grant,)), act, situation) is (act is Act.SIGN_IN)


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.DESIGNER, Role.ADMINISTRATOR)])
@pytest.mark.parametrize("act", [act for act in Act if act is not Act.SIGN_IN])
@pytest.mark.parametrize("state", ["", "draft", "submitted"])
def test_a_grant_without_place_reaches_nothing_not_even_what_has_no_place(role, act, state):
    viewer = Viewer(grants=(Grant(role=role),))
    assert not may(viewer, act, Situation(state=state))
    assert not may(viewer, act, Situation(**HERE, owner="cri", state=state))


def test_a_contributor_without_entity_is_not_taken_for_the_owner_of_what_has_none():
    viewer = Viewer(grants=(Grant(role=Role.CONTRIBUTOR, country="CRI"),))
    assert not may(viewer, Act.WRITE_ANSWER, Situation(**HERE, state="draft"))


def test_grants_add_up_and_do_not_mix():
    viewer = Viewer(
        grants=(
            Grant(role=Role.EXPERT, round="per-opg"),
            Grant(role=Role.CONTRIBUTOR, country="CRI", entity="cri"),
        )
    )
    assert may(viewer, Act.READ_FRAME, SITUATIONS["foreign submitted"])
    assert may(viewer, Act.WRITE_ANSWER, SITUATIONS["draft, the country's"])
    assert not may(viewer, Act.READ_FRAME, SITUATIONS["submitted, the country's"])
    assert not may(viewer, Act.WRITE_ANSWER, SITUATIONS["foreign draft"])


def test_every_act_has_a_row_and_somebody_who_may():
    assert set(TABLE) == set(Act)
    assert all(roles(act) for act in Act)


def test_only_the_panel_reads_the_frame_and_only_the_country_writes():
    assert roles(Act.READ_FRAME) == roles(Act.EXPORT_FRAME) == {Role.EXPERT, Role.COORDINATOR}
    assert roles(Act.WRITE_ANSWER) == {Role.LIAISON, Role.CONTRIBUTOR}
    assert roles(Act.MANAGE_PEOPLE) == {Role.ADMINISTRATOR}
