"""Questionnaires of any length with the mix of a real bank, and answers to them.

Ten questions a section, two languages, conditions inside the section, checks, evidence, tables.
Everything follows from the number of questions, so that two runs measure the same.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from survey.banks.files import BankFolder
from survey.config import ROOT
from survey.core.answers import Answer, NonAnswer, Row
from survey.core.composition import Heading, Part, assemble
from survey.core.instrument import EVIDENCE, Index, Instrument, Question
from survey.core.items import Common, Item

A_SECTION: Final = 10
DOCUMENTS: Final = 12
Raw = dict[str, Any]

_HELP: Final = (
    "Count what is in force on the date of the answer and was approved by the competent authority."
    " A draft, an expired plan and the plan of a single entity do not count; nor does a statement"
    " made in a speech, on a portal or in training material.",
    "Cuente lo que está en vigor en la fecha de la respuesta y fue aprobado por la autoridad"
    " competente. No cuentan un borrador, un plan vencido ni el plan de una sola entidad; tampoco"
    " lo dicho en un discurso, en un portal o en un material de capacitación.",
)


def _text(english: str, spanish: str) -> dict[str, str]:
    return {"en": english, "es": spanish}


def _choices(*codes: str, exclusive: str = "") -> list[Raw]:
    return [
        {
            "code": code,
            "label": _text(f"The {code} institutions", f"Las instituciones {code}"),
            "exclusive": code == exclusive,
        }
        for code in codes
    ]


def _field(code: str, kind: str, **more: Any) -> Raw:
    name = code.capitalize()
    return {"code": code, "type": kind, "label": _text(name, f"{name} (es)"), **more}


def _check(code: str, severity: str, when: str, *fields: str) -> Raw:
    message = _text("These two numbers do not fit.", "Estos dos números no concuerdan.")
    return {
        "code": code,
        "severity": severity,
        "when": when,
        "message": message,
        "fields": fields,
    }


# The ten questions of a section; `own(n)` is the code of the n-th of them.

Own = Callable[[int], str]


def _adopted(own: Own) -> Raw:
    return {
        "type": "progress",
        "required": True,
        "fields": [
            _field("act", "short_text", relevant=f"${{{own(1)}}} = 'yes'", counts=True),
            _field("since", "date", relevant=f"${{{own(1)}}} = 'yes'"),
        ],
        "evidence": {"kinds": ["L", "D"], "ask": _text("The act.", "El acto.")},
    }


def _leads(own: Own) -> Raw:
    return {
        "type": "select_one",
        "required": True,
        "choices": _choices("centre", "ministry", "agency", "parliament", "none"),
        "other": True,
    }


def _instruments(own: Own) -> Raw:
    code = own(3)
    return {
        "type": "table",
        "relevant": f"${{{own(1)}}} = 'yes' or ${{{own(1)}}} = 'progress'",
        "columns": [
            _field("title", "short_text", counts=True),
            _field("start", "date"),
            _field("end", "date"),
            _field("scope", "select_one", choices=_choices("state", "central", "sector")),
            _field("cost", "decimal", minimum="0"),
        ],
        "open": {"least": 1, "example": {"title": _text("Open State Plan", "Plan de Estado")}},
        "checks": [
            _check("c1", "error", f"${{{code}-end}} < ${{{code}-start}}", f"{code}-end"),
            _check("c2", "warning", f"${{{code}-end}} < today()", f"{code}-end"),
        ],
    }


def _level(own: Own) -> Raw:
    levels = [
        _text(f"What is true at level {n}.", f"Lo que se cumple en el nivel {n}.") for n in range(5)
    ]
    return {
        "type": "maturity",
        "required": True,
        "levels": levels,
        "evidence": {"kinds": ["D", "R"], "ask": _text("A report.", "Un informe.")},
        "checks": [
            _check("c1", "warning", f"${{{own(4)}}} >= 3 and ${{{own(1)}}} = 'no'", own(4)),
        ],
    }


def _laws(own: Own) -> Raw:
    code = own(5)
    return {
        "type": "table",
        "rows": _choices("information", "protection", "lobbying", "archives"),
        "columns": [
            _field("force", "yes_no", counts=True),
            _field("year", "year", relevant=f"${{{code}-force}} = 'yes'", counts=True),
            _field("share", "percent", maximum="100"),
        ],
        "checks": [
            _check(
                "c1",
                "warning",
                f"${{{code}-force}} = 'yes' and"
                f" ${{{code}-year}} > number(format-date(today(), '%Y'))",
                f"{code}-year",
            ),
            _check("c2", "info", f"sum(${{{code}-share}}) > 300", f"{code}-share"),
        ],
    }


def _reach(own: Own) -> Raw:
    choices = _choices("central", "local", "judiciary", "legislature", "none", exclusive="none")
    return {"type": "select_multiple", "choices": choices, "other": True}


def _meetings(own: Own) -> Raw:
    code = own(7)
    return {
        "type": "numbers",
        "fields": [
            _field("meetings", "integer", counts=True),
            _field("minutes", "integer", counts=True),
        ],
        "checks": [
            _check("c1", "error", f"${{{code}-minutes}} > ${{{code}-meetings}}", f"{code}-minutes"),
            _check("c2", "warning", f"${{{code}-meetings}} = 0", f"{code}-meetings"),
        ],
    }


def _money(own: Own) -> Raw:
    return {
        "type": "currency",
        "relevant": f"${{{own(2)}}} != '' and ${{{own(2)}}} != 'none'",
        "checks": [_check("c1", "warning", f"${{{own(8)}}} = 0 and ${{{own(4)}}} >= 3", own(8))],
    }


def _share(own: Own) -> Raw:
    return {
        "type": "percent",
        "relevant": f"selected(${{{own(6)}}}, 'local') or selected(${{{own(6)}}}, 'central')",
        "maximum": "100",
    }


def _why(own: Own) -> Raw:
    return {
        "type": "long_text",
        "checks": [
            _check("c1", "info", f"${{{own(1)}}} = 'yes' and string-length(${{{own(10)}}}) < 20"),
        ],
    }


_KINDS: Final = (
    _adopted,
    _leads,
    _instruments,
    _level,
    _laws,
    _reach,
    _meetings,
    _money,
    _share,
    _why,
)


def _item(number: int) -> Item:
    first = (number - 1) // A_SECTION * A_SECTION
    raw = _KINDS[(number - 1) % A_SECTION](lambda place: code_of(first + place))
    given = {
        "code": code_of(number),
        "title": _text(f"Subject {number}", f"Asunto {number}"),
        "stem": _text(
            f"What does the country have in force on subject {number}, and for whom?",
            f"¿Qué tiene el país en vigor sobre el asunto {number}, y para quién?",
        ),
        "help": _text(*_HELP),
        "who": _text("Presidency; ministry of planning", "Presidencia; planificación"),
        "elements": ["E4"],
    }
    return msgspec.convert(given | raw, Item)


def code_of(number: int) -> str:
    """The code of a question by its place in the questionnaire, from 1."""
    return f"SYN-{number}"


@lru_cache(maxsize=1)
def common() -> Common:
    """What all banks of the project share."""
    return BankFolder(ROOT / "question_banks" / "common", ROOT / "translations").read_common()


def items(count: int) -> tuple[Item, ...]:
    """So many bank items."""
    return tuple(_item(number) for number in range(1, count + 1))


def composed(found: tuple[Item, ...]) -> Instrument:
    """The items as a questionnaire, ten a section."""
    parts = [
        Part(
            code=f"SYN-S{place // A_SECTION + 1}",
            title=_text(f"Part {place // A_SECTION + 1}", f"Parte {place // A_SECTION + 1}"),
            introduction=_text(_HELP[0][:90], _HELP[1][:90]),
            items=tuple((item, {}) for item in found[place : place + A_SECTION]),
        )
        for place in range(0, len(found), A_SECTION)
    ]
    heading = Heading(
        code=f"synthetic-{len(found)}",
        version=1,
        languages=("en", "es"),
        title=_text("Synthetic questionnaire", "Cuestionario sintético"),
        due="2027-01-29",
    )
    return assemble(heading, parts, common())


@lru_cache(maxsize=8)
def instrument(count: int) -> Instrument:
    """A questionnaire of so many questions."""
    return composed(items(count))


# answers


def answers(index: Index, turn: int = 0) -> dict[str, Answer]:
    """Answers to about nine in ten questions; another `turn` says something else in one of five."""
    found = {
        question.code: _answer(question, number, turn if number % 5 == 0 else 0)
        for number, question in enumerate(index.questions.values(), 1)
        if number % 11
    }
    return {**found, EVIDENCE: Answer(rows=tuple(_documents()))}


def _documents() -> Iterator[Row]:
    for place in range(1, DOCUMENTS + 1):
        fields = {
            f"{EVIDENCE}-number": str(place),
            f"{EVIDENCE}-title": said(f"Ley número {place} de Montalva"),
            f"{EVIDENCE}-date": "2025-03",
            f"{EVIDENCE}-language": "es",
        }
        yield Row(id=f"{place:032x}", position=place, fields=fields)


def said(words: str) -> dict[str, str]:
    """A text as it is stored."""
    return {"text": words, "lang": "es"}


def _answer(question: Question, number: int, turn: int) -> Answer:
    if number % 23 == 0:
        return Answer(non_answer=NonAnswer.WITHHELD, reason=said("Reserva por ley"))
    fields, rows = _VALUES[(number - 1) % A_SECTION](question.code, number, turn)
    cited = (f"{number % DOCUMENTS + 1:032x}",) if question.evidence else ()
    return Answer(fields=fields, rows=rows, evidence=cited)


_Values = tuple[Mapping[str, Any], tuple[Row, ...]]


def _progress_values(code: str, number: int, turn: int) -> _Values:
    return {
        code: "yes",
        f"{code}-act": said(f"Decreto {number + turn} de 2024"),
        f"{code}-since": "2024-05-17",
    }, ()


def _table_values(code: str, number: int, turn: int) -> _Values:
    rows = tuple(
        Row(
            id=f"{number:016x}{place:016x}",
            position=place,
            fields={
                f"{code}-title": said(f"Plan {place + turn} de gobierno abierto"),
                f"{code}-start": "2024-08",
                f"{code}-end": "2027-12",
                f"{code}-scope": "central",
                f"{code}-cost": "1250000.5",
            },
        )
        for place in range(1, 4)
    )
    return {}, rows


def _law_values(code: str, number: int, turn: int) -> _Values:
    rows = tuple(
        Row(
            id=name,
            position=place,
            fields={
                f"{code}-force": "yes",
                f"{code}-year": str(2006 + turn),
                f"{code}-share": "45",
            },
        )
        for place, name in enumerate(("information", "protection", "lobbying"), 1)
    )
    return {}, rows


def _number_values(code: str, number: int, turn: int) -> _Values:
    return {
        f"{code}-meetings": str(8 + turn),
        f"{code}-minutes": "6",
        f"{code}-year": "2025",
        f"{code}-source": said("Registro del foro"),
    }, ()


def _share_values(code: str, number: int, turn: int) -> _Values:
    return {code: "45.5", f"{code}-year": "2025", f"{code}-source": said("Instituto")}, ()


_VALUES: Final[tuple[Callable[[str, int, int], _Values], ...]] = (
    _progress_values,
    lambda code, number, turn: ({code: "agency" if turn else "ministry"}, ()),
    _table_values,
    lambda code, number, turn: ({code: "3" if turn else "2"}, ()),
    _law_values,
    lambda code, number, turn: ({code: ["central", "local"]}, ()),
    _number_values,
    lambda code, number, turn: ({code: str(125000 + turn), f"{code}-currency": "HNL"}, ()),
    _share_values,
    lambda code, number, turn: ({code: said(f"Porque la ley lo pide desde {2010 + turn}.")}, ()),
)
