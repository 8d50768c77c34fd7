"""Every page there is, in a real browser: as axe-core, a narrow screen and a keyboard meet it.

Pages are found by asking every address of the program, so that a new page cannot escape.
"""

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.serving import Served, chromium, serve, window
from tests.journeys.world import Actor, World, build, client_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
ACTORS: Final = (
    "nobody",
    "liaison XMO",
    "authority XMO",
    "contributor of another entity",
    "liaison XVA",
    "expert XMO",
    "coordinator XMO",
    "designer XMO",
    "administrator XMO",
)
WIDE, NARROW = 1280, 360
ELEMENT: Final = re.compile(r'<(\w+)[^>]*?\bclass="([^"]*)"')
# What a window says of itself, whatever is in it.
LOOK: Final = """() => ({
    h1: [...document.querySelectorAll("h1")].map((each) => each.textContent.trim()),
    title: document.title,
    lang: document.documentElement.lang,
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
})"""
RUN_AXE: Final = """async () => {
    const found = await axe.run(document, {resultTypes: ["violations"]});
    // axe-core takes everything inside a disabled fieldset for unreachable; a region is not.
    const region = '[role=region][tabindex="0"]';
    const reached = (node) => document.querySelector(node.target[0])?.matches(region);
    const wrong = (each) => each.id === "scrollable-region-focusable"
        ? each.nodes.filter((node) => !reached(node)) : each.nodes;
    return found.violations.filter((each) => wrong(each).length).map((each) => [
        each.id, wrong(each).map((node) => node.target.join(" ") + " " + node.html.slice(0, 120)),
    ]);
}"""
# The element with the focus, where it is, and how it or what stands for it shows the focus.
FOCUSED: Final = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();  // the browser scrolls to what has the focus
    const own = document.activeElement;
    const label = own.labels && own.labels[0];
    const marks = [[own, null], [own.parentElement, null]];
    if (label) marks.push([label, "::before"], [label, null]);
    const shows = marks.some(([each, part]) => {
        const style = getComputedStyle(each, part);
        const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        return outlined || style.boxShadow !== "none";
    });
    const box = own.getBoundingClientRect();
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0;
    return {html: own.outerHTML.slice(0, 160), href: own.getAttribute("href"), shows, inside,
            body: own === document.body};
}"""


class Place(NamedTuple):
    """A page, and who looks at it."""

    actor: Actor
    address: str
    name: str


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, World]]:
    with serve(tmp_path_factory.mktemp("home"), build) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def places(live: tuple[Served, World]) -> dict[str, list[Place]]:
    """Name of somebody -> their pages, leaving out those that look like one already there."""
    served, world = live
    actors = {actor.name: actor for actor in world.actors}
    seen: dict[str, set[tuple[str, str]]] = {}
    return {name: list(_places_of(served, world, actors[name], seen)) for name in ACTORS}


def _places_of(
    served: Served, world: World, actor: Actor, seen: dict[str, set[tuple[str, str]]]
) -> Iterator[Place]:
    client = client_of(served.app, actor)
    for name, address in [*_addresses(served, world), ("not found", "/nowhere")]:
        reply = client.get(address, buffered=True)
        if reply.mimetype != "text/html" or (reply.status_code != 200 and name != "not found"):
            continue
        kinds = set(ELEMENT.findall(reply.text))
        if not kinds <= seen.setdefault(name, set()):
            seen[name] |= kinds
            yield Place(actor, address, name)


def _addresses(served: Served, world: World) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of all that can be looked at, a section for each of its fields."""
    sections = [f"OPG-{letter}" for letter in "ABCDEF"]
    for rule in served.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        for _subject, address in world.addresses(rule):
            if address.endswith("/OPG-A"):
                yield from ((rule.endpoint, address[:-5] + code) for code in sections)
            else:
                yield rule.endpoint, address


def problems_of(page: Page, language: str) -> list[str]:
    """What axe-core and the plain rules of every page find wrong in this window."""
    look: dict[str, Any] = page.evaluate(LOOK)
    wrong = [f"axe {name}: {nodes}" for name, nodes in axe(page)]
    if len(look["h1"]) != 1 or not look["h1"][0]:
        wrong.append(f"h1: {look['h1']}")
    if not look["title"].strip():
        wrong.append("no title")
    if look["lang"] != language:
        wrong.append(f"lang is {look['lang']!r}")
    if look["over"] > 0:
        wrong.append(f"{look['over']} px wider than the screen")
    return wrong


def axe(page: Page) -> list[tuple[str, list[str]]]:
    """(rule, places) of every violation."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {AXE} }}")
    found: list[tuple[str, list[str]]] = page.evaluate(RUN_AXE)
    return found


def test_every_page_of_the_program_is_looked_at(live, places):
    served, world = live
    names = {place.name for own in places.values() for place in own}
    missed = set()
    for rule in served.app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint not in names:
            missed |= {rule.endpoint for reply in _replies(served, world, rule) if is_page(reply)}
    assert missed == set()
    assert len(names) >= 10


def _replies(served: Served, world: World, rule: Any) -> Iterator[Any]:
    for actor in world.actors:
        client = client_of(served.app, actor)
        for _subject, address in world.addresses(rule):
            yield client.get(address, buffered=True)


def is_page(reply: Any) -> bool:
    return reply.status_code == 200 and reply.mimetype == "text/html"


@pytest.mark.parametrize("name", ACTORS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_are_for_everybody_on_any_screen(live, browser, places, name, language):
    served, world = live
    actor = next(each for each in world.actors if each.name == name)
    wrong = []
    with window(browser, served, actor, language=language) as context:
        page = context.new_page()
        for place in places[name]:
            page.set_viewport_size({"width": WIDE, "height": 900})
            page.goto(place.address, wait_until="load")
            found = {str(WIDE): problems_of(page, language)} if language == "en" else {}
            page.set_viewport_size({"width": NARROW, "height": 800})
            found[f"{NARROW}, unfolded"] = problems_of(unfolded(page), language)
            wrong += [
                f"{place.name} {place.address} at {state}: {each}"
                for state, all_ in found.items()
                for each in all_
            ]
    assert wrong == [], "\n".join(wrong)


def unfolded(page: Page) -> Page:
    """The page with everything open that can be opened."""
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => each.open = true)")
    return page


def refused_sign_in(page: Page, world: World) -> None:
    page.goto("/sign-in")
    page.locator("#email").fill("nobody@example.org")
    page.locator("#password").fill("wrong")
    page.locator("main form [type=submit]").first.click()


def unread_number(page: Page, world: World) -> None:
    page.goto(f"/responses/{world.subjects[1].ids['response_id']}/sections/OPG-F")
    page.locator("[id='OPG-F2']").get_by_role("textbox").first.fill("a few")
    page.locator("main .govuk-button[name=go]").first.click()


def no_file(page: Page, world: World) -> None:
    page.goto(f"/responses/{world.subjects[1].ids['response_id']}/workbook")
    page.locator("form[enctype] .govuk-button").click()


def no_title(page: Page, world: World) -> None:
    page.goto("/questionnaires/new")
    page.locator("main form .govuk-button").first.click()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("name", "deed"),
    [
        ("nobody", refused_sign_in),
        ("liaison XMO", unread_number),
        ("liaison XMO", no_file),
        ("designer XMO", no_title),
    ],
)
def test_pages_that_say_what_is_wrong_are_for_everybody_too(live, browser, name, deed, language):
    served, world = live
    actor = next(each for each in world.actors if each.name == name)
    with window(browser, served, actor, language=language) as context:
        page = context.new_page()
        deed(page, world)
        expect(page.locator(".govuk-error-summary, [role=alert]").first).to_be_visible()
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            assert problems_of(page, language) == []


@pytest.mark.parametrize("name", ACTORS)
def test_a_keyboard_first_meets_the_way_to_the_content(live, browser, places, name):
    served, world = live
    actor = next(each for each in world.actors if each.name == name)
    with window(browser, served, actor) as context:
        page = context.new_page()
        for place in places[name][:4]:
            page.goto(place.address)
            page.keyboard.press("Tab")
            first = page.evaluate(FOCUSED)
            assert first["href"] == "#content", (place.address, first)
            assert first["inside"], place.address
            page.keyboard.press("Enter")
            assert page.evaluate("() => location.hash") == "#content"


@pytest.mark.parametrize("name", ACTORS)
def test_a_keyboard_reaches_everything_and_sees_where_it_is(live, browser, places, name):
    served, world = live
    actor = next(each for each in world.actors if each.name == name)
    unseen = []
    with window(browser, served, actor) as context:
        page = context.new_page()
        for place in places[name][:6]:
            page.goto(place.address)
            unseen += [f"{place.address}: {each}" for each in _unseen(page)]
    assert unseen == [], "\n".join(unseen)


def _unseen(page: Page) -> Iterator[str]:
    """What has the focus without showing it, among the first things that Tab reaches."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["body"]:
            return
        if not focused["shows"] or not focused["inside"]:
            yield str(focused)
