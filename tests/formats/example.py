"""The worked example of every field type, and the schemas: `python -m tests.formats.example`
writes them to docs/formats."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from survey.banks.files import BankFolder
from survey.config import ROOT
from survey.core.answers import Answer, NonAnswer, Part, Row, parts_of
from survey.core.composition import Heading, assemble
from survey.core.composition import Part as Section
from survey.core.instrument import Instrument, encode, sha256
from survey.core.items import Item
from survey.core.program import Program
from survey.core.state import state_of
from survey.core.submission import Header, SubmissionDocument, seal

FOLDER: Final = ROOT / "docs" / "formats"
NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
DOCUMENT: Final = "5f0c1c52a7c24b3f9d0a4c1f7a3b9e10"
ROW: Final = "0b6f2f0e4f5d4c1c8f0e5f6a7b8c9d0e"
_NUMERIC = ("integer", "decimal", "percent", "currency")


def _text(english: str, spanish: str) -> dict[str, str]:
    return {"en": english, "es": spanish}


def _choices() -> list[dict[str, Any]]:
    return [
        {"code": "law", "label": _text("Law", "Ley")},
        {"code": "decree", "label": _text("Decree", "Decreto")},
        {"code": "none", "label": _text("None", "Ninguna"), "exclusive": True},
    ]


def _item(number: int, kind: str, **more: Any) -> Item:
    raw = {
        "code": f"EX-A{number}",
        "type": kind,
        "title": _text(f"Example of {kind}", f"Ejemplo de {kind}"),
        "stem": _text(f"What is a question of the type {kind}?", f"¿Cómo es el tipo {kind}?"),
        "help": _text("What counts and what does not.", "Qué cuenta y qué no cuenta."),
        "elements": ["E4"],
        **more,
    }
    return msgspec.convert(raw, Item)


def _items() -> list[Item]:
    plain = ("yes_no", "progress", *_NUMERIC, "year", "date", "short_text", "long_text", "url")
    items = [_item(number, kind) for number, kind in enumerate(plain, 1)]
    count = len(items)
    levels = [_text(f"Level {n} holds.", f"Se cumple el nivel {n}.") for n in range(5)]
    columns = [
        {
            "code": "name",
            "type": "short_text",
            "label": _text("Name", "Nombre"),
            "counts": True,
        },
        {"code": "year", "type": "year", "label": _text("Year", "Año")},
        {
            "code": "late",
            "type": "calculation",
            "label": _text("Late", "Atrasado"),
            "calculation": f"if(${{EX-A{count + 4}-year}} < 2020, 1, 0)",
        },
    ]
    return [
        *items,
        _item(count + 1, "select_one", choices=_choices(), other=True),
        _item(count + 2, "select_multiple", choices=_choices()),
        _item(count + 3, "maturity", levels=levels, evidence={"kinds": ["D"]}),
        _item(
            count + 4,
            "table",
            columns=columns,
            open={"least": 1, "example": {"name": _text("A plan", "Un plan")}},
        ),
        _item(
            count + 5,
            "table",
            relevant="${EX-A1} = 'yes'",
            columns=columns[:1],
            rows=_choices()[:2],
            checks=[
                {
                    "code": "c1",
                    "severity": "warning",
                    "when": f"count-non-empty(${{EX-A{count + 5}-name}}) = 1",
                    "message": _text("Only one name is given.", "Solo se da un nombre."),
                }
            ],
        ),
    ]


def instrument() -> Instrument:
    """A questionnaire with one question of every type, in two languages."""
    common = BankFolder(ROOT / "question_banks" / "common", ROOT / "translations").read_common()
    heading = Heading(
        code="example",
        version=1,
        languages=("en", "es"),
        title=_text("Every field type", "Todos los tipos de campo"),
        due="2027-01-29",
    )
    title = _text("Examples", "Ejemplos")
    part = Section(code="EX-A", title=title, items=tuple((item, {}) for item in _items()))
    return assemble(heading, [part], common)


def answers() -> dict[str, Answer]:
    """Answers to it: a stored form of every type, a non-answer, citations, rows."""
    said = {"text": "Según la norma vigente.", "lang": "es"}
    stored = {
        "EX-A1": "yes",
        "EX-A2": "progress",
        "EX-A3": "12",
        "EX-A4": "45.5",
        "EX-A5": "60",
        "EX-A6": "1250000.75",
        "EX-A7": "2019",
        "EX-A8": "2024-05",
        "EX-A9": said,
        "EX-A11": "https://gaceta.example/114-2019",
        "EX-A12": "law",
        "EX-A13": ["law", "decree"],
    }
    found = {code: Answer(fields={code: value}) for code, value in stored.items()}
    found["EX-A10"] = Answer(non_answer=NonAnswer.WITHHELD, reason=said)
    found["EX-A14"] = Answer(
        fields={"EX-A14": "3"}, remark=said, visibility="panel", evidence=(DOCUMENT,)
    )
    found["EX-A15"] = Answer(
        rows=(Row(id=ROW, position=1, fields={"EX-A15-name": said, "EX-A15-year": "2018"}),)
    )
    found["EX-A16"] = Answer(
        rows=(Row(id="law", position=1, fields={"EX-A16-name": said}),),
        explanations={"EX-A16-c1": said},
    )
    document = {"evidence-number": "1", "evidence-title": said, "evidence-date": "2024-05-17"}
    found["evidence"] = Answer(rows=(Row(id=DOCUMENT, position=1, fields=document),))
    return found


def submission() -> bytes:
    """The sealed document of these answers."""
    document = encode(instrument())
    header = Header(
        response="0192f000-0000-7000-8000-000000000001",
        round="0192f000-0000-7000-8000-000000000002",
        country="XMO",
        questionnaire="0192f000-0000-7000-8000-000000000003",
        version=1,
        instrument_sha256=sha256(document),
        seq=17,
        head="00" * 32,
        at=NOW,
        signatory="Lucía Herrera",
        office="Ministerio de Planificación",
    )
    return seal(header, state_of(Program(instrument()), answers(), NOW))


class PlanLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a plan as `flask workbook read --json` prints it."""

    code: str
    row: str
    part: str
    kind: str
    sheet: str
    cell: str
    base: Any
    here: Any
    there: Any
    problem: str | None
    text: str
    options: list[Any]


class PlanDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `flask workbook read --json` prints (`design.md` 9)."""

    response: str
    owner: str
    base: int
    counts: dict[str, int]
    items: list[PlanLine]
    extras: list[dict[str, Any]]
    applied: bool


def schemas() -> dict[str, dict[str, Any]]:
    """File name -> JSON Schema."""
    kinds = {
        "instrument": Instrument,
        "submission": SubmissionDocument,
        "plan": PlanDocument,
    }
    return {f"{name}.schema.json": msgspec.json.schema(kind) for name, kind in kinds.items()}


def parts() -> dict[Part, Any]:
    """The answers as parts."""
    return parts_of(answers())


def write(folder: Path = FOLDER) -> None:
    """Write schemas and examples."""
    for name, schema in schemas().items():
        (folder / name).write_bytes(_pretty(msgspec.json.encode(schema)))
    (folder / "instrument.example.json").write_bytes(_pretty(encode(instrument())))
    (folder / "submission.example.json").write_bytes(_pretty(submission()))


def _pretty(document: bytes) -> bytes:
    return msgspec.json.format(document, indent=1) + b"\n"


if __name__ == "__main__":
    write()
