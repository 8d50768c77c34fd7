import msgspec
import pytest

from survey.core.instrument import UnknownFormat, decode, encode, say, sha256
from tests.core.build import instrument, question


def test_the_same_instrument_gives_the_same_bytes():
    document = encode(instrument(question("A")))

    assert encode(decode(document)) == document
    assert sha256(document) == sha256(encode(instrument(question("A"))))


def test_texts_are_stored_in_nfc_with_lf():
    composed = msgspec.structs.replace(
        instrument(question("A")), title={"es": "Evaluacio\u0301n\r\nuno"}
    )

    assert "Evaluación\\nuno".encode() in encode(composed)


def test_keys_are_sorted_as_rfc_8785_says():
    document = msgspec.json.decode(encode(instrument(question("A"))))

    assert list(document) == sorted(document)


@pytest.mark.parametrize("document", [b'{"format": 999}', b"[]", b'{"code": "x"}'])
def test_a_format_of_the_future_is_refused(document):
    with pytest.raises(UnknownFormat):
        decode(document)


def test_a_float_is_never_stored():
    broken = msgspec.structs.replace(instrument(question("A")), version=1.5)

    with pytest.raises(TypeError):
        encode(broken)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("pt-BR", "pt"), ("pt", "pt"), ("fr", "en"), ("en", "en")],
)
def test_a_text_falls_back_from_region_to_language_to_the_first(language, expected):
    assert say({"en": "en", "pt": "pt"}, language) == expected
