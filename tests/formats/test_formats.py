import json
from typing import get_args

import jsonschema
import pytest

from survey.core.checking import problems_of
from survey.core.instrument import FieldKind, decode, encode
from survey.core.submission import unseal
from tests.formats import example

FILES = {path.name: json.loads(path.read_bytes()) for path in example.FOLDER.glob("*.json")}


@pytest.mark.parametrize("name", sorted(example.schemas()))
def test_the_schemas_are_those_of_the_program(name):
    assert FILES[name] == json.loads(json.dumps(example.schemas()[name])), (
        "python -m tests.formats.example"
    )


def test_the_example_has_every_field_type():
    made = example.instrument()

    fields = [f for s in made.sections for q in s.questions for f in (*q.fields, *q.columns)]
    assert {field.type for field in fields} == set(get_args(FieldKind))


def test_the_example_may_be_published():
    assert problems_of(example.instrument()) == ()


@pytest.mark.parametrize("kind", ["instrument", "submission", "plan"])
def test_an_example_fits_its_schema(kind):
    jsonschema.validate(FILES[f"{kind}.example.json"], FILES[f"{kind}.schema.json"])


@pytest.mark.parametrize("kind", ["instrument", "submission", "plan"])
def test_a_document_with_a_missing_member_does_not_fit(kind):
    broken = dict(FILES[f"{kind}.example.json"])
    broken.pop({"instrument": "sections", "submission": "answers", "plan": "items"}[kind])

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, FILES[f"{kind}.schema.json"])


def test_the_printed_examples_are_what_the_program_writes():
    made = encode(example.instrument())

    assert FILES["instrument.example.json"] == json.loads(made)
    assert encode(decode(made)) == made
    assert FILES["submission.example.json"] == json.loads(example.submission())


def test_the_example_of_a_submission_holds_the_stored_form_of_every_type():
    stored = unseal(example.submission()).answers

    assert stored["EX-A6"].fields["EX-A6"] == "1250000.75"
    assert stored["EX-A13"].fields["EX-A13"] == ["law", "decree"]
    assert stored["EX-A10"].fields == {}
