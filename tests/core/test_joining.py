import msgspec
import pytest

from survey.banks.files import BankFolder
from survey.config import ROOT
from survey.core.checking import problems_of
from survey.core.composition import SECTIONS, Heading, Part, assemble
from survey.core.instrument import Index
from survey.core.items import Common, Item
from survey.core.joining import join
from tests.core.build import en

COMMON: Common = BankFolder(ROOT / "question_banks/common", ROOT / "translations").read_common()


def item(code, kind="yes_no", **more):
    raw = {
        "code": code,
        "type": kind,
        "title": en(code),
        "stem": en(f"{code}?"),
        "help": en("Any."),
    }
    return msgspec.convert(raw | more, Item)


def part(*items, module=False, **more):
    code = items[0].code[: items[0].code.index("-") + 2]
    return Part(
        code=code,
        title=en(f"Title of {code}"),
        items=tuple((each, {}) for each in items),
        module=module,
        **more,
    )


def composed(*parts):
    heading = Heading(code="trial", version=1, languages=("en",), title=en("Trial"))
    return assemble(heading, parts, COMMON)


def asked(instrument):
    return [question.code for section in instrument.sections for question in section.questions]


def one(instrument, code):
    return Index(instrument).questions[code]


def choices(*codes):
    return [{"code": code, "label": en(code)} for code in codes]


def shared(code, **more):
    law = {"key": "law", "choices": choices("law", "decree")}
    return item(code, "select_one", **law | more)


# a shared item


def test_an_item_of_the_same_key_and_shape_is_asked_once_where_it_comes_first():
    made = composed(part(shared("BUD-A1"), item("BUD-A2")), part(shared("TRA-A1"), item("TRA-A2")))

    assert asked(made) == ["BUD-A1", "BUD-A2", "TRA-A2"]
    assert problems_of(made) == ()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(shared("TRA-A1", key="another"), id="another key"),
        pytest.param(item("TRA-A1", key="law"), id="another type"),
        pytest.param(shared("TRA-A1", choices=choices("law")), id="other choices"),
        pytest.param(shared("TRA-A1", other=True), id="a choice of one's own words"),
        pytest.param(
            shared("TRA-A1", fields=[{"code": "since", "type": "year", "label": en("Since")}]),
            id="another field",
        ),
    ],
)
def test_what_differs_in_key_or_shape_is_asked_twice(other):
    assert asked(composed(part(shared("BUD-A1")), part(other))) == ["BUD-A1", "TRA-A1"]


def test_items_without_a_key_are_never_the_same():
    assert asked(composed(part(item("BUD-A1")), part(item("TRA-A1")))) == ["BUD-A1", "TRA-A1"]


def test_the_choices_of_a_shared_list_tell_two_items_apart():
    first = item("BUD-A1", "select_one", key="law", list="kinds")
    second = item("TRA-A1", "select_one", key="law", list="forms")

    assert set(join([first, second]).items) == {"BUD-A1", "TRA-A1"}


def test_the_item_asked_goes_back_to_the_instruments_and_elements_of_both():
    first = shared("BUD-A1", trace=["OECD-1", "IMF-2"], elements=["E1", "E2"])
    second = shared("TRA-A1", trace=["OAS-3", "OECD-1"], elements=["E2", "E7"])
    question = one(composed(part(first), part(second)), "BUD-A1")

    assert question.trace == ("OECD-1", "IMF-2", "OAS-3")
    assert question.elements == ("E1", "E2", "E7")


TABLE = {
    "key": "bodies",
    "columns": [{"code": "name", "type": "short_text", "label": en("Name"), "counts": True}],
    "open": {},
}


def test_expressions_and_checks_that_meant_the_twin_read_the_item_asked():
    since = {"fields": [{"code": "since", "type": "year", "label": en("Since")}]}
    reader = item(
        "TRA-A3",
        relevant="${TRA-A1} = 'law' and ${ TRA-A10 } = 'yes'",
        fields=[
            {
                "code": "named",
                "type": "short_text",
                "label": en("Named"),
                "relevant": "count-non-empty(${TRA-A2-name}) > 0",
            }
        ],
        checks=[
            {
                "code": "c1",
                "severity": "error",
                "when": "${TRA-A1-since} > 2000 and ${TRA-A3} = 'no'",
                "message": en("Not so."),
                "fields": ["TRA-A3", "TRA-A1-since"],
            }
        ],
    )
    made = composed(
        part(shared("BUD-A1", **since), item("BUD-A2", "table", **TABLE)),
        part(
            shared("TRA-A1", **since),
            item("TRA-A2", "table", **TABLE),
            item("TRA-A10"),
            reader,
        ),
    )
    question = one(made, "TRA-A3")

    assert problems_of(made) == ()
    assert question.relevant == "${BUD-A1} = 'law' and ${TRA-A10} = 'yes'"
    (named,) = [each for each in question.fields if each.code == "TRA-A3-named"]
    assert named.relevant == "count-non-empty(${BUD-A2-name}) > 0"
    assert question.checks[0].when == "${BUD-A1-since} > 2000 and ${TRA-A3} = 'no'"
    assert question.checks[0].fields == ("TRA-A3", "BUD-A1-since")


# numbers


def numbers(instrument):
    return [question.number for section in instrument.sections for question in section.questions]


def test_the_questions_of_one_topic_have_the_numbers_of_their_bank():
    made = composed(
        part(item("RND-P1"), module=True),
        part(item("BUD-A1"), item("BUD-A2")),
        part(item("BUD-B1")),
    )

    assert numbers(made) == ["P1", "A1", "A2", "B1"]


def test_where_topics_meet_numbers_name_the_topic_and_modules_keep_theirs():
    made = composed(
        part(item("RND-P1"), module=True),
        part(item("BUD-A1")),
        part(item("TRA-A1")),
        part(item("RND-X1"), module=True),
    )

    assert numbers(made) == ["P1", "BUD-A1", "TRA-A1", "X1"]


MENTION = en("As in A1 and A2, not A9, not A10-x; see A1.")


def test_texts_mention_questions_by_the_numbers_that_are_printed():
    made = composed(
        part(shared("BUD-A1"), item("BUD-A2", help=MENTION), introduction=MENTION),
        part(shared("TRA-A1"), item("TRA-A2", help=MENTION), introduction=MENTION),
    )

    of_budget = "As in BUD-A1 and BUD-A2, not A9, not A10-x; see BUD-A1."
    of_transparency = "As in BUD-A1 and TRA-A2, not A9, not A10-x; see BUD-A1."
    assert one(made, "BUD-A2").help == en(of_budget)
    assert one(made, "TRA-A2").help == en(of_transparency)
    assert [section.introduction["en"] for section in made.sections] == [of_budget, of_transparency]


def test_texts_of_one_topic_mention_questions_as_their_authors_did():
    made = composed(part(item("BUD-A1", help=MENTION), item("BUD-A2")))

    assert one(made, "BUD-A1").help == MENTION


def test_texts_of_modules_keep_the_numbers_of_modules():
    said = en("See P2 and A1.")
    opening = part(item("RND-P1", help=said), item("RND-P2"), module=True, introduction=said)
    made = composed(opening, part(item("BUD-A1")), part(item("TRA-A1")))

    assert one(made, "RND-P1").help == said
    assert made.sections[0].introduction == said


# the list of the sections


def listed(*parts):
    closing = item("RND-X1", "select_one", list=SECTIONS)
    made = composed(*parts, part(closing, module=True))
    (name,) = [each.list for each in one(made, "RND-X1").fields if each.code == "RND-X1"]
    return [(choice.code, choice.label["en"]) for choice in made.lists[name]]


def test_the_sections_of_a_topic_are_choices_by_their_letters():
    opening = part(item("RND-P1"), module=True)

    assert listed(opening, part(item("BUD-A1")), part(item("BUD-B1"))) == [
        ("BUD-A", "A. Title of BUD-A"),
        ("BUD-B", "B. Title of BUD-B"),
    ]


def test_the_sections_of_several_topics_are_choices_by_their_codes():
    assert listed(part(item("BUD-A1")), part(item("TRA-A1"))) == [
        ("BUD-A", "BUD-A. Title of BUD-A"),
        ("TRA-A", "TRA-A. Title of TRA-A"),
    ]


def test_the_sections_of_modules_are_general():
    made = composed(part(item("RND-P1"), module=True), part(item("BUD-A1")))

    assert [section.general for section in made.sections] == [True, False]


def test_a_module_alone_speaks_of_its_own_sections():
    assert listed() == [("RND-X", "X. Title of RND-X")]
