import msgspec
import pytest

from survey.core.instrument import (
    Check,
    Choice,
    Element,
    Field,
    Instrument,
    Question,
    Section,
    Text,
)
from survey.core.wording import changed, texts_of
from tests.core.build import bare, check, en, field, instrument

STRUCTS = (Choice, Field, Check, Question, Section, Element, Instrument)
MEMBERS = [
    (struct, member.name)
    for struct in STRUCTS
    for member in msgspec.structs.fields(struct)
    if member.type == Text
]


def with_all_texts(struct):
    made = {
        Choice: Choice(code="c", label={}),
        Field: field("Q1-f"),
        Check: check("Q1-c1", "true()"),
        Question: bare("Q1"),
        Section: Section(code="S", title={}, questions=()),
        Element: Element(code="E1", label={}),
        Instrument: instrument(),
    }[struct]
    members = {name: en("before") for owner, name in MEMBERS if owner is struct}
    return msgspec.structs.replace(made, **members)


@pytest.mark.parametrize(
    ("struct", "member"), MEMBERS, ids=lambda each: getattr(each, "__name__", each)
)
def test_every_text_of_an_instrument_is_changed(struct, member):
    assert getattr(changed(with_all_texts(struct), lambda _: en("after")), member) == en("after")


def holding(part):
    """An instrument with `part` in its place."""
    made = instrument(bare("Q9"))
    (section,) = made.sections
    (question,) = section.questions
    match part:
        case Instrument():
            return part
        case Element():
            return msgspec.structs.replace(made, elements=(part,))
        case Choice():
            return msgspec.structs.replace(made, lists={"own": (part,)})
        case Section():
            return msgspec.structs.replace(made, sections=(part,))
        case Question():
            question = part
        case Field():
            question = msgspec.structs.replace(question, fields=(part,))
        case Check():
            question = msgspec.structs.replace(question, checks=(part,))
    section = msgspec.structs.replace(section, questions=(question,))
    return msgspec.structs.replace(made, sections=(section,))


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda each: each.__name__)
def test_every_text_of_an_instrument_is_told(struct):
    told = [
        part for _, part, text in texts_of(holding(with_all_texts(struct))) if text == en("before")
    ]

    assert sorted(told) == sorted(name for owner, name in MEMBERS if owner is struct)
