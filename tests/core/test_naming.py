from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.instrument import Choice, Name, Roster
from survey.core.naming import (
    FORMS,
    form_of,
    in_words_of,
    named,
    unknown_forms,
    variables_of,
)
from survey.core.wording import texts_of
from tests.core.build import bare, check, en, field, instrument, question

LANGUAGES = ("en", "es", "pt", "fr")
PREPOSITIONS = ("the", "of", "to", "in", "by")


@dataclass(frozen=True)
class Of:
    """A name (`~`) and its forms with article, of, to, in, by, separated by `|`."""

    language: str
    name: Name
    forms: str


def masculine(name, **more):
    return Name(name=name, **more)


def feminine(name, **more):
    return Name(name=name, gender="f", **more)


NAMES = [
    Of("en", masculine("Congress"), "the ~|of the ~|to the ~|in the ~|by the ~"),
    Of("en", masculine("Parliament", article=False), "~|of ~|to ~|in ~|by ~"),
    Of("es", masculine("Congreso"), "el ~|del ~|al ~|en el ~|por el ~"),
    Of("es", feminine("Asamblea"), "la ~|de la ~|a la ~|en la ~|por la ~"),
    Of("es", masculine("gobiernos", plural=True), "los ~|de los ~|a los ~|en los ~|por los ~"),
    Of("es", feminine("provincias", plural=True), "las ~|de las ~|a las ~|en las ~|por las ~"),
    Of("es", feminine("MEF", article=False), "~|de ~|a ~|en ~|por ~"),
    Of("pt", masculine("Tribunal"), "o ~|do ~|ao ~|no ~|pelo ~"),
    Of("pt", feminine("Assembleia"), "a ~|da ~|à ~|na ~|pela ~"),
    Of("pt", masculine("estados", plural=True), "os ~|dos ~|aos ~|nos ~|pelos ~"),
    Of("pt", feminine("regiões", plural=True), "as ~|das ~|às ~|nas ~|pelas ~"),
    Of("pt", masculine("Portugal", article=False), "~|de ~|a ~|em ~|por ~"),
    Of("fr", masculine("Parlement"), "le ~|du ~|au ~|dans le ~|par le ~"),
    Of("fr", feminine("Cour"), "la ~|de la ~|à la ~|dans la ~|par la ~"),
    Of("fr", feminine("Assemblée"), "l'~|de l'~|à l'~|dans l'~|par l'~"),
    Of("fr", masculine("État"), "l'~|de l'~|à l'~|dans l'~|par l'~"),
    Of("fr", masculine("Hôtel", elides=True), "l'~|de l'~|à l'~|dans l'~|par l'~"),
    Of("fr", feminine("Haute Cour"), "la ~|de la ~|à la ~|dans la ~|par la ~"),
    Of("fr", masculine("départements", plural=True), "les ~|des ~|aux ~|dans les ~|par les ~"),
    Of("fr", feminine("administrations", plural=True), "les ~|des ~|aux ~|dans les ~|par les ~"),
    Of("fr", masculine("Ottawa", article=False), "~|d'~|à ~|dans ~|par ~"),
    Of("fr", masculine("Paris", article=False), "~|de ~|à ~|dans ~|par ~"),
]


@pytest.mark.parametrize("of", NAMES, ids=lambda of: f"{of.language} {of.name.name}")
def test_a_name_stands_behind_its_article_and_contracts_as_its_language_wants(of):
    wanted = of.forms.replace("~", of.name.name).split("|")
    assert [form_of(of.name, of.language, form) for form in PREPOSITIONS] == wanted
    assert form_of(of.name, of.language, "") == of.name.name


def test_an_unknown_form_or_language_gives_the_name_bare():
    assert form_of(feminine("Cour"), "fr", "from") == "Cour"
    assert form_of(feminine("Cour"), "nl", "of") == "Cour"


OWN = {"SAI": {"es": feminine("Contraloría"), "pt": masculine("Tribunal de Contas")}}
GENERAL = {
    "SAI": {
        "en": masculine("supreme audit institution"),
        "es": feminine("entidad fiscalizadora superior"),
        "pt": feminine("entidade fiscalizadora superior"),
        "fr": feminine("institution supérieure de contrôle"),
    }
}


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        pytest.param("es", "informe {SAI.of}", "informe de la Contraloría", id="own name"),
        pytest.param("es", "{SAI.The} informa", "La Contraloría informa", id="begins a sentence"),
        pytest.param(
            "pt", "{SAI.By} e {SAI.to}", "Pelo Tribunal de Contas e ao Tribunal de Contas", id="two"
        ),
        pytest.param(
            "en",
            "{SAI.The} reports",
            "The supreme audit institution reports",
            id="general where it has none",
        ),
        pytest.param(
            "fr",
            "{SAI.The} publie",
            "L'institution supérieure de contrôle publie",
            id="capital elision",
        ),
        pytest.param("es", "{SAI} y {OTRA.of}", "Contraloría y {OTRA.of}", id="no such variable"),
        pytest.param("es", "{sai} {0} {Sai.of}", "{sai} {0} {Sai.of}", id="no variables"),
    ],
)
def test_a_variable_reads_as_the_countrys_own_name_else_the_general_one(language, text, said):
    assert named(text, language, OWN, GENERAL) == said


def test_variables_and_forms_that_no_name_has_are_found():
    text = "{SAI.of} and {LEGISLATURE} and {SAI.at} and {SAI.The}"

    assert variables_of(text) == {"SAI", "LEGISLATURE"}
    assert unknown_forms(text) == {"at"}


def everywhere(text):
    """An instrument whose every text is `text`."""
    said = {"es": text}
    column = msgspec.structs.replace(field("Q2-name"), label=said, hint=said, unit=said)
    asked = msgspec.structs.replace(
        bare("Q2", roster=Roster(columns=(column,), example={"name": said})),
        **dict.fromkeys(("title", "stem", "help", "who", "evidence_ask", "example"), said),
        checks=(msgspec.structs.replace(check("Q2-c1", "${Q2-name} = ''"), message=said),),
    )
    made = instrument(asked)
    section = dict.fromkeys(("title", "introduction", "who", "documents"), said)
    choice = Choice(code="0", label=said, text=said)
    return msgspec.structs.replace(
        made,
        title=said,
        introduction=said,
        sections=(msgspec.structs.replace(made.sections[0], **section),),
        evidence=asked,
        lists={"levels": (choice,)},
        levels=(choice,),
        elements=(msgspec.structs.replace(made.elements[0], label=said, text=said),),
        names=GENERAL,
    )


def test_every_text_of_an_instrument_speaks_the_countrys_words():
    made = in_words_of(everywhere("{SAI.of}"), OWN)

    told = list(texts_of(made))
    assert {text["es"] for _, _, text in told} == {"de la Contraloría"}
    assert {part for _, part, _ in told} == {
        *("title", "introduction", "stem", "help", "who", "documents", "label", "hint", "unit"),
        *("message", "evidence_ask", "text", "example"),
    }


def test_an_instrument_without_variables_stays_as_it_is():
    made = instrument(question("Q1", help=en("{0} and {x}")))

    assert in_words_of(made, OWN) == made


variables = st.sampled_from(["SAI", "LOCAL_LEVEL", "UNKNOWN"])
forms = st.sampled_from([*sorted(FORMS), "The", "Of", "at"])
texts = st.lists(
    st.builds(lambda v, f: f"{{{v}.{f}}}" if f else f"{{{v}}}", variables, forms)
    | st.text(alphabet="ab {}.É", max_size=6)
).map("".join)
names = st.builds(
    Name,
    name=st.text(alphabet="aéhPX ", min_size=1, max_size=5),
    gender=st.sampled_from("mf"),
    plural=st.booleans(),
    article=st.booleans(),
    elides=st.booleans(),
)


@given(texts, st.sampled_from(LANGUAGES), names)
def test_substituting_leaves_no_variable_that_has_a_name(text, language, name):
    known = {each: {language: name} for each in ("SAI", "LOCAL_LEVEL")}
    said = named(text, language, known)

    assert variables_of(said) <= {"UNKNOWN"}
    assert named(said, language, known) == said
