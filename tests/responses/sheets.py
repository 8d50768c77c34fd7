"""Pages as a browser without JavaScript has them: their forms filled and sent again."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HTML = "{http://www.w3.org/1999/xhtml}"


class Page:
    """A page that was answered: its text, its elements by id, the form in its middle."""

    def __init__(self, reply: TestResponse) -> None:
        self.reply = reply
        self.tree = html5lib.parse(reply.text)

    def all(self, tag: str) -> Iterator[Element]:
        return self.tree.iter(HTML + tag)

    def by_id(self, name: str) -> Element | None:
        return next((e for e in self.tree.iter() if e.get("id") == name), None)

    def words(self, name: str) -> str:
        """The words of the element with this id."""
        found = self.by_id(name)
        assert found is not None, f"no element {name}"
        return " ".join("".join(found.itertext()).split())

    @property
    def names(self) -> set[str]:
        """The names of all controls."""
        return {e.attrib["name"] for e in self.tree.iter() if "name" in e.attrib}

    @property
    def form(self) -> dict[str, list[str]]:
        """What the main form would send without any button: name -> values."""
        main = next(self.all("main"))
        form = next(f for f in main.iter(HTML + "form"))
        mute = [e for e in form.iter(HTML + "fieldset") if "disabled" in e.attrib]
        mute += form.iter(HTML + "template")
        hidden = {id(e) for each in mute for e in each.iter()}
        found: dict[str, list[str]] = {}
        for element in form.iter():
            value = None if id(element) in hidden else _value(element)
            if value is not None:
                found.setdefault(element.attrib["name"], []).append(value)
        return found


def _value(element: Element) -> str | None:
    """What one control sends; None when it sends nothing."""
    tag = element.tag.removeprefix(HTML)
    if tag not in ("input", "select", "textarea") or not element.get("name"):
        return None
    if tag == "textarea":
        return (element.text or "").removeprefix("\n")
    if tag == "select":
        options = list(element.iter(HTML + "option"))
        chosen = [o for o in options if "selected" in o.attrib] or options[:1]
        return chosen[0].get("value", "") if chosen else ""
    if element.get("type") in ("checkbox", "radio"):
        return element.get("value", "on") if "checked" in element.attrib else None
    return element.get("value", "")


class Desk:
    """One person at the pages of one response."""

    def __init__(self, client: FlaskClient, response_id: Any) -> None:
        self.client = client
        self.base = f"/responses/{response_id}"

    def page(self, path: str = "", status: int = 200) -> Page:
        reply = self.client.get(self.base + path)
        assert reply.status_code == status, (path, reply.status_code)
        return Page(reply)

    def section(self, code: str, query: str = "") -> Page:
        return self.page(f"/sections/{code}{query}")

    def send(self, code: str, page: Page | None = None, **changes: Any) -> TestResponse:
        """Send the form of a section page with some values changed; None takes a name away."""
        form = dict((page or self.section(code)).form)
        for name, value in changes.items():
            if value is None:
                form.pop(name, None)
            else:
                form[name] = list(value) if isinstance(value, list) else [value]
        return self.client.post(f"{self.base}/sections/{code}", data=form)

    def answer(self, question: str, **changes: Any) -> TestResponse:
        """Send one question alone, as the script of the page does."""
        idem = changes.pop("idem", None)
        seq = changes.pop("seq", None)
        headers = {"X-Requested-With": "ronda", "Accept": "text/html"}
        if idem:
            headers["Idempotency-Key"] = idem
        data = {f"{question}.seq": seq, **changes} if seq is not None else changes
        return self.client.post(f"{self.base}/questions/{question}", data=data, headers=headers)
