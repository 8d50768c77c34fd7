"""Publishing on screen, published versions, and the preview."""

import json
from hashlib import sha256

import msgspec
import pytest

from survey.core.instrument import Choice, decode
from survey.core.policy import Role
from survey.questionnaires import service
from survey.questionnaires.models import PublishedVersionChanged
from tests.questionnaires.conftest import files, links, page, words


def item(code):
    return next(each for each in files()[0].items if each.code == code)


def published(desk, number=1):
    return desk.session.merge(desk.questionnaire).versions[number - 1]


# publishing


def test_publishing_says_first_what_freezes(desk):
    told = words(desk.get("/publish"))

    assert "Publishing freezes the questionnaire as it is now" in told
    assert "Languages English and Spanish Sections 2 Questions 5" in told
    assert desk.questionnaire.versions == []


def test_a_questionnaire_without_errors_is_published(desk):
    reply = desk.post("/publish")

    assert (reply.status_code, reply.location) == (303, f"{desk.url}/versions/1")
    version = published(desk)
    assert version.sha256 == sha256(version.document).hexdigest()
    assert version.published_by is not None
    assert [q.code for s in decode(version.document).sections for q in s.questions] == desk.order


def test_a_later_version_leaves_the_first_as_it_was(desk):
    desk.post("/publish")
    before = published(desk).document
    desk.post(remove="OPG-B4")
    assert "Draft of version 2" in words(desk.get())

    desk.post("/publish")

    assert published(desk, 2).number == 2
    assert published(desk).document == before
    assert b"OPG-B4" not in published(desk, 2).document


@pytest.mark.parametrize("name", ["document", "sha256", "number"])
def test_a_published_version_cannot_be_changed(desk, name):
    version = service.publish(desk.session, desk.questionnaire, by=None)
    setattr(version, name, {"document": b"{}", "sha256": "0" * 64, "number": 7}[name])

    with pytest.raises(PublishedVersionChanged):
        desk.session.flush()


def test_a_published_version_cannot_be_deleted(desk):
    version = service.publish(desk.session, desk.questionnaire, by=None)
    desk.session.delete(version)

    with pytest.raises(PublishedVersionChanged):
        desk.session.flush()


def test_what_changed_since_the_page_was_shown_is_not_published(desk):
    old = desk.questionnaire.seq
    desk.post(remove="OPG-B4")

    reply = desk.post("/publish", seq=old)

    assert reply.status_code == 409
    assert "Somebody else changed the questionnaire meanwhile." in words(reply)
    assert desk.questionnaire.versions == []


def test_an_unchanged_draft_says_which_version_it_is(desk):
    desk.post("/publish")

    assert "As published in version 1" in words(desk.get())
    assert "Nothing differs from version 1." in words(desk.get("/publish"))


def leave_out(desk):
    desk.post(remove="OPG-A2")


def put_last(desk):
    desk.post(move_ticked="yes", ticked="OPG-A2", target="OPG-B")


def lose_a_text(desk):
    desk.change_item("OPG-A3", stem={"en": "Which?"})


def lose_a_language(desk):
    desk.questionnaire.languages = ["en", "es", "pt"]
    known = {name: getattr(item("OPG-A1"), name) for name in ("title", "stem")}
    lost = {
        name: {language: words for language, words in text.items() if language != "pt"}
        for name, text in known.items()
    }
    desk.change_item("OPG-A1", **lost)


def say_two_choices_alike(desk):
    same = {"en": "Local ", "es": "Una"}
    desk.change_item(
        "OPG-B3",
        type="select_one",
        choices=(
            Choice(code="one", label={"en": "LOCAL", "es": "Otra"}),
            Choice(code="two", label=same),
        ),
    )


def break_a_condition(desk):
    desk.change_item("OPG-B4", relevant="${OPG-B3} = = 'yes'")


def ask_for_an_unknown_choice(desk):
    desk.change_item("OPG-B4", relevant="${OPG-B3} = 'perhaps'")


def go_round_in_circles(desk):
    desk.change_item("OPG-B3", relevant="${OPG-A2} = 'yes'")
    desk.change_item("OPG-A2", relevant="${OPG-B3} = 'yes'")


def empty_a_section(desk):
    desk.post(remove_ticked="yes", ticked=["OPG-B3", "OPG-B4"])


def compare_a_text_in_a_check(desk):
    checks = tuple(
        msgspec.structs.replace(each, when="${OPG-A3-title} > ${OPG-A3-nothing}")
        for each in item("OPG-A3").checks[:1]
    )
    desk.change_item("OPG-A3", checks=checks)


KINDS = [
    (leave_out, "OPG-A3", "There is no question OPG-A2 in this questionnaire."),
    (put_last, "OPG-A3", "The condition of OPG-A3 depends on OPG-A2, which is asked later."),
    (lose_a_text, "OPG-A3", "Question (OPG-A3) is missing in Spanish."),
    (lose_a_language, "OPG-A1", "texts are missing in Portuguese."),
    (say_two_choices_alike, "OPG-B3", "reads like another choice of the same list"),
    (break_a_condition, "OPG-B4", "at character 13 was not expected."),
    (ask_for_an_unknown_choice, "OPG-B4", "“perhaps” is no choice of OPG-B3."),
    (go_round_in_circles, "OPG-A2", "These questions depend on each other in a circle"),
    (compare_a_text_in_a_check, "OPG-A3", "There is no question OPG-A3-nothing"),
]


@pytest.mark.parametrize(
    ("spoil", "code", "told"), KINDS, ids=lambda each: getattr(each, "__name__", "")
)
def test_every_kind_of_problem_is_told_with_a_link_to_its_item(desk, spoil, code, told):
    spoil(desk)

    reply = desk.post("/publish")

    assert reply.status_code == 422
    assert told in words(reply)
    found = [each for each in links(reply) if each.partition("#")[0] == f"/banks/OPG/items/{code}"]
    assert found
    assert desk.client.get(found[0]).status_code == 200
    assert desk.questionnaire.versions == []


@pytest.mark.parametrize(
    ("spoil", "code", "told"), KINDS, ids=lambda each: getattr(each, "__name__", "")
)
def test_the_composer_shows_the_same_problems_at_the_item(desk, spoil, code, told):
    spoil(desk)

    reply = desk.get()

    assert f"#q-{code}" in links(reply)
    assert told in words(reply)


def test_an_empty_section_links_to_the_section(desk):
    empty_a_section(desk)

    assert f"{desk.url}/sections/OPG-B" in links(desk.post("/publish"))


def test_an_empty_questionnaire_links_to_the_questionnaire(desk):
    for code in ("OPG-A", "OPG-B"):
        desk.post(f"/sections/{code}", remove=code)

    reply = desk.post("/publish")

    assert reply.status_code == 422
    assert f"{desk.url}/properties" in links(reply)
    assert "The questionnaire is empty." in words(desk.get())


def test_an_item_that_left_its_bank_is_told(desk):
    desk.questionnaire.sections = [
        {**desk.questionnaire.sections[0], "items": ["OPG-A1", "OPG-X1"]}
    ]

    assert "OPG-X1: This question is no longer in its bank." in words(desk.post("/publish"))
    assert page(desk.get()).find(".//li[@id='q-OPG-X1']") is not None


def test_a_problem_of_an_expression_shows_where_it_is(desk):
    break_a_condition(desk)

    reply = desk.post("/publish")

    assert "The condition under which OPG-B4 is asked, character 13" in words(reply)
    assert "".join(page(reply).find(".//code[@class='source']").itertext()) == "${OPG-B3} = = 'yes'"
    assert page(reply).find(".//code[@class='source']/mark").text == "="


def test_an_item_that_is_missing_is_added_by_the_button_at_the_problem(desk):
    leave_out(desk)
    buttons = [each.get("value") for each in page(desk.get()).iter("button")]
    assert buttons.count("OPG-A2") == 2  # at the first of its problems and in the bank

    desk.post(add="OPG-A2")

    assert "Problems (0)" in words(desk.get())


def test_the_missing_texts_of_an_item_are_told_one_by_one(desk):
    lose_a_language(desk)

    assert "Question (OPG-A1)" in words(desk.get("/publish"))


# a published version


def test_the_page_of_a_version_shows_its_fingerprint_and_who_published_it(desk):
    desk.post("/publish")
    told = words(desk.get("/versions/1"))
    digest = published(desk).sha256

    assert " ".join(digest[n : n + 8] for n in range(0, 64, 8)) in told
    assert "By Person 1" in told
    assert "A published version never changes." in told


def test_a_version_published_by_a_command_says_so(desk):
    service.publish(desk.session, desk.questionnaire, by=None)

    assert "By A command of the administrator" in words(desk.get("/versions/1"))


def test_the_document_of_a_version_is_handed_out_to_the_byte(desk):
    desk.post("/publish")

    reply = desk.get("/versions/1/document")

    assert reply.mimetype == "application/json"
    assert sha256(reply.data).hexdigest() == published(desk).sha256
    assert f"{desk.questionnaire.code}-v1.json" in reply.headers["Content-Disposition"]
    assert json.loads(reply.data)["version"] == 1


@pytest.mark.parametrize("path", ["/versions/1", "/versions/1/document"])
@pytest.mark.parametrize("role", [Role.LIAISON, Role.EXPERT, Role.ADMINISTRATOR])
def test_others_do_not_find_the_version(desk, browser, person, a_place, role, path):
    desk.post("/publish")

    assert browser(person(role, **a_place(role))).get(desk.url + path).status_code == 404


@pytest.mark.parametrize("path", ["/versions/2", "/versions/2/document", "/preview?version=2"])
def test_a_version_that_is_not_there_is_not_found(desk, path):
    desk.post("/publish")

    assert desk.client.get(desk.url + path).status_code == 404


def test_the_pages_of_publishing_ask_the_database_a_fixed_number_of_times(desk, statements):
    desk.post("/publish")
    for path, most in [("/publish", 13), ("/versions/1", 8), ("/preview", 10)]:
        statements.clear()
        assert desk.get(path).status_code == 200
        assert len(statements) <= most, path


# the preview


def asked(reply):
    return [each.get("id") for each in page(reply).iter("fieldset") if each.get("data-question")]


def test_the_preview_speaks_the_language_asked_for(desk):
    reply = desk.get("/preview", language="es")

    assert "¿El país ha adoptado" in reply.text or item("OPG-A1").stem["es"] in words(reply)
    assert "nothing is saved" in words(reply)
    assert page(reply).find(".//form//div[@lang='es']") is not None


def test_the_preview_asks_what_the_answers_call_for(desk):
    assert asked(desk.get("/preview")) == ["OPG-A1", "OPG-A2"]

    tried = desk.post("/preview?section=OPG-A", **{"OPG-A2": "yes", "OPG-A1": "progress"})

    assert asked(tried) == ["OPG-A1", "OPG-A2", "OPG-A3"]
    assert page(tried).find(".//*[@name='OPG-A1-stage']") is not None
    assert page(tried).find(".//input[@id='OPG-A2']").get("checked") is not None


def test_what_decides_goes_along_to_other_sections(desk):
    tried = desk.post("/preview?section=OPG-A", **{"OPG-A2": "yes", "OPG-A1": "no"})

    onward = next(each for each in links(tried) if "section=OPG-B" in each)
    assert "OPG-A2=yes" in onward
    assert asked(desk.client.get(onward)) == ["OPG-B3"]


def test_every_question_can_be_shown_with_its_condition(desk):
    reply = desk.get("/preview", every="yes")

    assert asked(reply) == ["OPG-A1", "OPG-A2", "OPG-A3"]
    assert "OPG-A3: OPG-A2 is “Yes” or OPG-A2 is “In progress”" in words(reply)


def test_a_condition_that_cannot_be_read_leaves_every_question_shown(desk):
    break_a_condition(desk)
    reply = desk.get("/preview", section="OPG-B")

    assert asked(reply) == ["OPG-B3", "OPG-B4"]
    assert "A condition cannot be read" in words(reply)


def test_trying_a_preview_saves_nothing(desk):
    before = desk.questionnaire.seq
    desk.post("/preview", **{"OPG-A2": "yes"})

    assert desk.questionnaire.seq == before


def test_a_preview_of_an_empty_questionnaire_says_so(desk):
    desk.questionnaire.sections = []

    assert "The questionnaire has no section yet." in words(desk.get("/preview"))


def test_a_published_version_is_previewed_as_it_was(desk):
    desk.post("/publish")
    desk.post(remove="OPG-A1")

    assert asked(desk.get("/preview", version="1"))[0] == "OPG-A1"
    assert asked(desk.get("/preview"))[0] == "OPG-A2"
