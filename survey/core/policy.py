"""Who may do what to what, and when: the table of `domain.md` 5.5, with 5.2 where they differ.

What stands in no row is refused. Roles are held by grants, a grant reaches as far as its row says.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal, NamedTuple, TypeAlias

import msgspec


class Role(StrEnum):
    """`domain.md` 5.1; everybody is PUBLIC, without any grant."""

    LIAISON = "liaison"
    CONTRIBUTOR = "contributor"
    AUTHORITY = "authority"
    DESIGNER = "designer"
    COORDINATOR = "coordinator"
    EXPERT = "expert"
    DONOR = "donor"
    PUBLIC = "public"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What a page, a command or a call lets somebody do."""

    SIGN_IN = "sign_in"
    READ_BANK = "read_bank"
    EDIT_BANK = "edit_bank"
    NAME_INSTITUTIONS = "name_institutions"  # how texts call those of each country
    COMPOSE = "compose"  # a draft questionnaire: read, edit, preview, check
    PUBLISH = "publish"
    READ_QUESTIONNAIRE = "read_questionnaire"  # a published version
    SEE_PROGRESS = "see_progress"  # counts by section, never contents
    READ_OWN = "read_own"  # the country's own answers, open or sealed, and their history
    WRITE_ANSWER = "write_answer"  # answers, remarks, evidence, explanations, settling, undo
    EXCHANGE_WORKBOOK = "exchange_workbook"
    SUBMIT = "submit"
    READ_SUBMISSION = "read_submission"
    READ_FRAME = "read_frame"
    EXPORT_FRAME = "export_frame"
    MANAGE_PEOPLE = "manage_people"


class Reach(StrEnum):
    """How a grant must match the situation; an empty country, entity or round matches nothing."""

    ANYWHERE = "anywhere"
    COUNTRY = "country"  # the grant's country; its round too, when it names one
    ENTITY = "entity"  # besides: the answers are those of the grant's entity
    ROUND = "round"  # the grant's round


State: TypeAlias = Literal["", "draft", "submitted"]  # of a response; "": there is none to speak of


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A role, and where it holds: an ISO 3166-1 alpha-3 country, an entity, a round."""

    role: Role
    country: str = ""
    entity: str = ""
    round: str = ""


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who asks; nobody signed in is a viewer without person and grants."""

    person: str = ""
    grants: tuple[Grant, ...] = ()


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: the response of a country in a round, and the entity that owns answers."""

    country: str = ""
    round: str = ""
    owner: str = ""
    state: State = ""


class Rule(NamedTuple):
    """A cell of the table. `states` are those of the response in which it holds."""

    role: Role
    reach: Reach
    states: frozenset[State]


ALWAYS: Final[frozenset[State]] = frozenset({"", "draft", "submitted"})
OPEN: Final[frozenset[State]] = frozenset({"draft"})
SEALED: Final[frozenset[State]] = frozenset({"submitted"})
ISSUED: Final[frozenset[State]] = OPEN | SEALED


def _country(states: frozenset[State]) -> tuple[Rule, ...]:
    """The country's own people: all of it for the liaison, their entity for contributors."""
    return (
        Rule(Role.LIAISON, Reach.COUNTRY, states),
        Rule(Role.CONTRIBUTOR, Reach.ENTITY, states),
    )


_AUTHORITY_DRAFT: Final = Rule(Role.AUTHORITY, Reach.COUNTRY, OPEN)  # nobody signs unread
_DESIGNER: Final = (Rule(Role.DESIGNER, Reach.ANYWHERE, ALWAYS),)
_PANEL: Final = (
    Rule(Role.COORDINATOR, Reach.ROUND, SEALED),
    Rule(Role.EXPERT, Reach.ROUND, SEALED),
)

TABLE: Final[Mapping[Act, tuple[Rule, ...]]] = {
    Act.SIGN_IN: tuple(
        Rule(role, Reach.ANYWHERE, ALWAYS) for role in Role if role is not Role.PUBLIC
    ),
    Act.READ_BANK: _DESIGNER,
    Act.EDIT_BANK: _DESIGNER,
    Act.NAME_INSTITUTIONS: (*_DESIGNER, Rule(Role.COORDINATOR, Reach.ROUND, ALWAYS)),
    Act.COMPOSE: _DESIGNER,
    Act.PUBLISH: _DESIGNER,
    Act.READ_QUESTIONNAIRE: (
        *_DESIGNER,
        Rule(Role.LIAISON, Reach.COUNTRY, ALWAYS),
        Rule(Role.AUTHORITY, Reach.COUNTRY, ALWAYS),
        Rule(Role.CONTRIBUTOR, Reach.COUNTRY, ALWAYS),
        Rule(Role.COORDINATOR, Reach.ROUND, ALWAYS),
        Rule(Role.EXPERT, Reach.ROUND, ALWAYS),
    ),
    Act.SEE_PROGRESS: (
        *_country(ISSUED),
        Rule(Role.AUTHORITY, Reach.COUNTRY, ISSUED),
        Rule(Role.COORDINATOR, Reach.ROUND, ISSUED),
    ),
    Act.READ_OWN: (*_country(ISSUED), Rule(Role.AUTHORITY, Reach.COUNTRY, ISSUED)),
    Act.WRITE_ANSWER: _country(OPEN),
    Act.EXCHANGE_WORKBOOK: _country(OPEN),
    Act.SUBMIT: (Rule(Role.LIAISON, Reach.COUNTRY, OPEN), _AUTHORITY_DRAFT),
    Act.READ_SUBMISSION: (
        *_country(SEALED),
        Rule(Role.AUTHORITY, Reach.COUNTRY, SEALED),
        *_PANEL,
    ),
    Act.READ_FRAME: _PANEL,
    Act.EXPORT_FRAME: _PANEL,
    Act.MANAGE_PEOPLE: (Rule(Role.ADMINISTRATOR, Reach.ANYWHERE, ALWAYS),),
}


def may(viewer: Viewer, act: Act, situation: Situation) -> bool:
    """Whether one of the viewer's grants allows the act there and then."""
    return any(
        grant.role is rule.role
        and situation.state in rule.states
        and _reaches(rule.reach, grant, situation)
        for rule in TABLE[act]
        for grant in viewer.grants
    )


def roles(act: Act) -> frozenset[Role]:
    """The roles that may do it somewhere, some time; for menus, and for asking to sign in."""
    return frozenset(rule.role for rule in TABLE[act])


def _reaches(reach: Reach, grant: Grant, situation: Situation) -> bool:
    if reach is Reach.ANYWHERE:
        return True
    if reach is Reach.ROUND:
        return grant.round != "" and grant.round == situation.round
    if grant.country == "" or grant.country != situation.country:
        return False
    if grant.round not in ("", situation.round):
        return False
    return reach is Reach.COUNTRY or (grant.entity != "" and grant.entity == situation.owner)
