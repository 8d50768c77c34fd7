"""What every answer says to the browser, whatever became of the request."""

import re

import pytest
from flask.testing import FlaskClient

from survey.web.headers import HEADERS, POLICY

ANSWERS = {
    "page": ("get", "/sign-in", {}, 200),
    "redirect": ("get", "/", {}, 302),
    "missing": ("get", "/nowhere", {}, 404),
    "method": ("delete", "/sign-in", {}, 405),
    "too large": ("post", "/sign-in", {"data": b"x" * (20 * 1024 * 1024 + 1)}, 413),
    "too many parts": (
        "post",
        "/sign-in",
        {"data": {f"f{n}": "x" for n in range(2001)}, "content_type": "multipart/form-data"},
        413,
    ),
    "nul in a form": ("post", "/sign-in", {"data": {"email": "a\0b"}}, 400),
    "nul in an address": ("get", "/nowhere%00", {}, 400),
    "nul in a query": ("get", "/sign-in?next=%00", {}, 400),
    "surrogate": ("post", "/sign-in", {"json": {"a": ["\ud800"]}}, 400),
    "broken json": (
        "post",
        "/sign-in",
        {"data": "{", "content_type": "application/json"},
        400,
    ),
    "another host": ("get", "/sign-in", {"headers": {"Host": "evil.example"}}, 400),
    "file": ("get", "/static/ronda.svg", {}, 200),
    "missing file": ("get", "/static/nothing.css", {}, 404),
    "health": ("get", "/livez", {}, 200),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_carries_every_header(client, name):
    method, path, more, status = ANSWERS[name]
    reply = getattr(client, method)(path, **more)

    assert reply.status_code == status
    assert {header: reply.headers.get(header) for header in HEADERS} == HEADERS


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    assert "unsafe" not in POLICY
    assert not re.search(r"https?:|\*", POLICY)
    assert POLICY.startswith("default-src 'none'")


@pytest.mark.parametrize("name", sorted(set(ANSWERS) - {"file"}))
def test_no_page_stays_in_a_cache(client, name):
    method, path, more, _ = ANSWERS[name]
    reply = getattr(client, method)(path, **more)

    assert reply.headers["Cache-Control"] == "no-store"
    assert "Cookie" in reply.headers["Vary"]


def test_a_page_says_nothing_inline_and_names_no_other_site(client):
    text = client.get("/sign-in").text

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(src|href|action)=[\"']?(https?:)?//", text)


def test_https_is_for_a_year_and_its_cookie_for_this_host_only(new_app, new_database):
    app = new_app(new_database("sqlite"), environment={"BASE_URL": "https://ronda.example"})
    plain = FlaskClient(app).get("/livez", base_url="https://ronda.example")
    page = FlaskClient(app).get("/sign-in?lang=es", base_url="https://ronda.example")

    assert plain.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert page.headers["Set-Cookie"].startswith("__Host-ronda=")
    assert "Secure" in page.headers["Set-Cookie"]


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_from_elsewhere(client):
    cookie = client.get("/sign-in?lang=es").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_not_ready_before_the_database_is_migrated(client):
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 503
