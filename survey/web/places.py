"""Where people can go: capabilities put their places and homes here, pages show them.

Accounts stand left of what people work on, so they ask this register and import nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from flask import current_app, request, url_for
from flask.sansio.app import App

from survey.core.policy import Role, Viewer

KEY: Final = "ronda.places"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation; `shown` says to whom, `label` is a lazy text."""

    label: Any
    endpoint: str
    shown: Callable[[Viewer], bool]


@dataclass(frozen=True, slots=True)
class Home:
    """Where people with one of `roles` begin; the lowest `rank` that applies wins."""

    roles: frozenset[Role]
    address: Callable[[Viewer], str | None]
    rank: int = 0


@dataclass(slots=True)
class Register:
    places: list[Place] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)


def register_of(app: App) -> Register:
    """The register of `app`."""
    register: Register = app.extensions.setdefault(KEY, Register())
    return register


def add_place(app: App, place: Place) -> None:
    """Show `place` in the navigation of `app`; in a blueprint: `bp.record_once`."""
    register_of(app).places.append(place)


def add_home(app: App, home: Home) -> None:
    """Let people with the roles of `home` begin there."""
    homes = register_of(app).homes
    homes.append(home)
    homes.sort(key=lambda known: known.rank)


def home_of(viewer: Viewer) -> str | None:
    """The address where `viewer` begins; None when nothing waits for them."""
    roles = {grant.role for grant in viewer.grants}
    for home in register_of(current_app).homes:
        address = home.address(viewer) if roles & home.roles else None
        if address:
            return address
    return None


def navigation(viewer: Viewer) -> list[tuple[Any, str, bool]]:
    """The entries for `viewer`: label, address, and whether it is the room one is in."""
    here = (request.endpoint or "").partition(".")[0]
    return [
        (place.label, url_for(place.endpoint), place.endpoint.partition(".")[0] == here)
        for place in register_of(current_app).places
        if place.shown(viewer)
    ]
