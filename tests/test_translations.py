"""The screens speak four languages completely; catalogues are as fresh as the code."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
LANGUAGES = ("es", "fr", "pt")
KEYWORDS = {
    "_": None,
    "_l": None,
    "_n": (1, 2),
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACE = re.compile(r"%\((\w+)\)[sd]")
BRACED = re.compile(r"(?<!\$)\{(\w+)\}")
INTERNAL = re.compile(
    r"\b(instrument|roster|hash|base|import|payload|snapshot|viewer|non-answer|invalid|user)\b",
    re.I,
)
WRITTEN = {  # what no text of a language may have
    "es": [re.compile(r"[“”]| %(?!\()"), re.compile(r"^[^¿]*\?|^[^¡]*!(?!=)")],
    "pt": [re.compile(r"[«»]")],
    "fr": [re.compile(r"[“”]| [:;?!»]|« | %(?!\()"), re.compile(r"\w[;?!](?![\w=])|«(?!\u00a0)")],
}


def extracted():
    """Every text of the screens, as the code has it now."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    rows = extract_from_dir(ROOT, methods, options, KEYWORDS, directory_filter=is_ours)
    catalog = Catalog()
    for _name, _line, message, _comments, context in rows:
        catalog.add(message, context=context)
    return catalog


def is_ours(path):
    return Path(path).name not in {".venv", "node_modules", "tests", "instance", "frontend", ".git"}


def keys(catalog):
    return {(entry.id, entry.context) for entry in catalog if entry.id}


@pytest.fixture(scope="module")
def now():
    return extracted()


@pytest.fixture(params=LANGUAGES)
def catalog(request):
    path = ROOT / "translations" / request.param / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=request.param)


def test_the_template_holds_what_the_code_says(now):
    with (ROOT / "translations" / "messages.pot").open("rb") as file:
        assert keys(read_po(file)) == keys(now), "make catalogues"


def test_words_of_the_code_never_reach_a_screen(now):
    wrong = [
        text
        for entry in now
        for text in texts(entry.id)
        if entry.id and INTERNAL.search(PLACE.sub("", text))
    ]
    assert wrong == [], "docs/words.md has the words of screens"


def test_every_text_is_translated_and_nothing_else(catalog, now):
    assert keys(catalog) == keys(now), "make catalogues"
    empty = [entry.id for entry in catalog if entry.id and not all(strings(entry))]
    fuzzy = [entry.id for entry in catalog if entry.id and entry.fuzzy]
    assert (empty, fuzzy) == ([], [])


def strings(entry):
    return entry.string if isinstance(entry.string, tuple | list) else (entry.string,)


def test_a_translation_has_the_same_places_to_fill(catalog):
    wrong = []
    for entry in catalog:
        if not entry.id:
            continue
        given = [places(text) for text in texts(entry.id)]
        least, most = set.intersection(*given), set.union(*given)
        if not all(least <= places(text) <= most for text in strings(entry)):
            wrong.append(entry.id)
    assert wrong == []


def texts(message):
    return message if isinstance(message, tuple | list) else (message,)


def places(text):
    """Names to fill, as screens write them or as workbooks do."""
    return set(PLACE.findall(text)) or set(BRACED.findall(text))


def test_a_translation_is_written_as_its_language_is(catalog):
    rules = WRITTEN[str(catalog.locale)]
    wrong = [
        (entry.id, rule.pattern)
        for entry in catalog
        for text in strings(entry)
        for rule in rules
        if entry.id and rule.search(text)
    ]
    assert wrong == []
