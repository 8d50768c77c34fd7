"""What the program sends with its pages is what was built, and needs nobody else."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "survey" / "web"
STATIC = WEB / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = sorted((ROOT / "survey").glob("**/templates/**/*.html"))
COMPONENTS = sorted((WEB / "templates" / "components").glob("*.html"))
SCRIPTS = [STATIC / "ronda.js", *sorted((STATIC / "js").glob("*.js"))]
GZIP_BAR = 24_000  # bytes of style sheet and script that a first visit loads


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def built() -> list[dict[str, str]]:
    files: list[dict[str, str]] = json.loads((VENDOR / "vendor.json").read_text())["files"]
    return files


@pytest.mark.parametrize("entry", built(), ids=lambda entry: entry["file"])
def test_a_built_file_is_the_one_that_was_built(entry):
    content = (VENDOR / entry["file"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    sha384 = base64.b64encode(hashlib.sha384(content).digest()).decode()
    assert f"sha384-{sha384}" == entry["integrity"]


def test_every_file_of_the_folder_is_listed():
    found = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}

    assert found == {"vendor.json", *(entry["file"] for entry in built())}


def test_every_package_stands_pinned_in_the_lock_and_brings_its_licence():
    packages = json.loads((VENDOR / "vendor.json").read_text())["packages"]
    locked = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]

    for package in packages:
        assert locked[f"node_modules/{package['name']}"]["version"] == package["version"]
        licence = (VENDOR / "licences" / f"{package['name']}.txt").read_text()
        assert f"{package['version']} " in licence
        assert "Permission is hereby granted" in licence


def test_the_style_sheet_has_neither_the_font_nor_the_crown_of_gov_uk():
    sheet = (VENDOR / "ronda.css").read_text()

    assert not re.search(r"gds transport|@font-face|crown|url\(", sheet, re.IGNORECASE)


@pytest.mark.parametrize("path", [VENDOR / "ronda.css", *SCRIPTS], ids=name)
def test_no_file_asks_another_site(path):
    assert not re.search(r"""["'(]\s*(https?:)?//""", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_no_style_and_no_script_of_its_own(path):
    text = path.read_text()

    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r"""(src|href|action)\s*=\s*["'](https?:)?//""", text)


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_a_component_file_stays_short(path):
    assert len(path.read_text().splitlines()) < 100


def test_the_components_are_all_in_their_readme():
    readme = (WEB / "templates" / "components" / "README.md").read_text()

    assert [path.stem for path in COMPONENTS if f"| {path.stem} |" not in readme] == ["layout"]


def test_the_first_visit_loads_little():
    loaded = b"".join(path.read_bytes() for path in [VENDOR / "ronda.css", *SCRIPTS])

    assert len(gzip.compress(loaded)) < GZIP_BAR
