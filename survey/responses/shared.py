"""What the views of a response share: looking it up, its frame, one act of the person."""

from typing import Any, Final
from uuid import UUID

import msgspec
from flask import g, request, url_for
from flask_babel import gettext as _

from survey.core.policy import Act as Deed
from survey.core.policy import Role, may
from survey.database import db, new_id, now
from survey.responses import earlier, service
from survey.responses.forms import key_of
from survey.responses.latest import People
from survey.responses.ledger import Act
from survey.responses.models import Response
from survey.responses.pages.overview import contact_of
from survey.responses.typed import Form
from survey.web.reading import Reader

OWN: Final = frozenset({Role.LIAISON, Role.CONTRIBUTOR, Role.AUTHORITY})


def readable(response_id: UUID, deed: Deed) -> Response | None:
    """The response, if the person at this page may do this with it."""
    return service.response_for(db.session(), g.viewer, response_id, deed)


def writable(response_id: UUID, deed: Deed = Deed.WRITE_ANSWER) -> Response | None:
    """The response, if the person may write answers to it, or might until it was submitted.

    Writing to a submitted one is refused by the service, in words.
    """
    response = readable(response_id, deed)
    if response is not None:
        return response
    sealed = readable(response_id, Deed.READ_SUBMISSION)
    if sealed is None:
        return None
    before = msgspec.structs.replace(service.situation_of(sealed), state="draft")
    return sealed if may(g.viewer, deed, before) else None


def is_of_own_country(country: str) -> bool:
    """Whether the person at this page answers for the country."""
    return any(grant.country == country and grant.role in OWN for grant in g.viewer.grants)


def act_of_this_page() -> Act:
    """The act of the person at this page: the key comes with it, or it is a new one."""
    given = request.headers.get("Idempotency-Key") or request.form.get("idem") or new_id().hex
    return Act(actor=g.me.id, via="screen", at=now(), idem=key_of(given))


def take_earlier(response: Response, form: Form, act: Act) -> service.Saved | None:
    """Take the earlier answer whose button was pressed; None: none was, or nothing was taken."""
    if "earlier" not in form:
        return None
    own = msgspec.structs.replace(act, via="earlier", idem=f"{act.idem}:earlier")
    return earlier.take(db.session(), g.viewer, response, form["earlier"][-1], own)


def page_of(response: Response, reader: Reader, people: People) -> dict[str, Any]:
    """What every page of a response shows around its subject."""
    round_ = response.round
    country, title = reader.say(round_.country_name), reader.say(round_.title)
    where = title if country in title else f"{country} · {title}"
    return {
        "response": response,
        "reader": reader,
        "where": where,
        "places": _places(response),
        "contact": contact_of(people),
        "liaison": next(iter(people.liaisons), None),
    }


def _places(response: Response) -> list[tuple[str, str, bool]]:
    """The rooms of a response that the person may enter."""
    if not is_of_own_country(response.round.country):
        return []
    situation = service.situation_of(response)
    rooms = [
        (_("Sections"), "responses.overview", Deed.SEE_PROGRESS),
        (_("Evidence"), "responses.evidence", Deed.READ_OWN),
        (_("Excel"), "responses.workbook", Deed.EXCHANGE_WORKBOOK),
        (_("Submit"), "responses.submit", Deed.SUBMIT),
    ]
    here = request.endpoint or ""
    if here in ("responses.section", "responses.save_section", "responses.history"):
        here = "responses.overview"
    if here == "responses.save_evidence":
        here = "responses.evidence"
    if here in ("responses.upload", "responses.plan", "responses.apply_plan"):
        here = "responses.workbook"
    if here == "responses.sign":
        here = "responses.submit"
    return [
        (label, url_for(endpoint, response_id=response.id), endpoint == here)
        for label, endpoint, deed in rooms
        if may(g.viewer, deed, situation)
    ]
